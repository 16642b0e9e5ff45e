"""Answers out: `kg show`, `kg query`, `kg export` and `kg validate`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.connecting import Database, Neo4j, User, is_embedded, property_graph
from kg.cli.options import Graph, Language, Shape, pairs
from kg.cli.printing import Progress, print_entity, print_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import queries
    from kg.queries import Query, Store


@app.command(epilog='Example: `kg show graph "United States"`.')
def show(
    graph: Graph,
    entity: Annotated[str, typer.Argument(help="A label, another name, or an IRI.", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, help="At most this many statements.")] = 50,
    format: Annotated[Shape, typer.Option(help="How to print it.")] = Shape.TABLE,
) -> None:
    """Print what is said of an entity, with the sentences that say it."""
    from kg import queries
    from kg.stores import rdf

    with rdf.open_graph(graph) as store:
        view = queries.about(store, entity, limit=limit)
    if format is Shape.JSON:
        typer.echo(json.dumps(view.as_dict(), ensure_ascii=False, indent=2))
    else:
        print_entity(view)


@app.command(
    epilog='Examples: `kg query graph` lists the named queries, `kg query graph partners --param entity="China"`, '
    "`kg query graph partners --language cypher`, `kg query graph my.cypher --neo4j bolt://localhost:7687`."
)
def query(
    graph: Graph,
    what: Annotated[
        str | None,
        typer.Argument(help="A named query, a file with SPARQL or Cypher, a query, or - for standard input."),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="name=value, for a named query; repeatable.")
    ] = None,
    language: Annotated[
        Language | None,
        typer.Option(help="What a named query is asked in. [default: sparql, with --neo4j cypher]", show_default=False),
    ] = None,
    neo4j: Neo4j = None,
    user: User = "neo4j",
    database: Database = None,
    format: Annotated[Shape, typer.Option(help="How to print the rows.")] = Shape.TABLE,
    explain: Annotated[bool, typer.Option("--explain", help="Print the text that would be sent, and stop.")] = False,
) -> None:
    """Ask the graph in SPARQL, or in Cypher: in Neo4j, or in the embedded engine, which is loaded first."""
    from kg import queries

    wanted = queries.Language(language) if language else queries.Language.CYPHER if neo4j else None
    if what is None:
        _list_queries(wanted)
        return
    asked = queries.find(what if what != "-" else sys.stdin.read(), wanted)
    if neo4j and asked.language is not queries.Language.CYPHER:
        raise UsageError("--neo4j is asked in Cypher; this query is in SPARQL")
    values = dict(pairs(param or []))
    with _store_for(asked, graph, neo4j, user, database) as store:
        if explain:
            typer.echo(queries.text_of(store, asked, values))
            return
        result = queries.run(store, asked, values)
    print_rows(result.columns, result.rows, format)


@contextmanager
def _store_for(asked: "Query", graph: Path, neo4j: str | None, user: str, database: str | None) -> Iterator["Store"]:
    """The store that knows the language of the query."""
    from kg.queries import Language
    from kg.stores import embedded, rdf

    if asked.language is Language.SPARQL:
        with rdf.open_graph(graph) as store:
            yield store
    elif is_embedded(neo4j):
        with (
            Progress(quiet=False, reading=False) as progress,
            embedded.open_graph(graph, progress=progress.publishing) as engine,
        ):
            progress.bar.stop()
            yield engine
    else:
        with property_graph(graph, neo4j, user, database) as server:
            yield server


@app.command(epilog="Example: `kg export graph --format trig --output graph.trig`.")
def export(
    graph: Graph,
    format: Annotated[str, typer.Option(help="turtle, trig, nquads, jsonld, jsonl, csv or graphml.")] = "trig",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file, for csv a folder. [default: standard output]", show_default=False),
    ] = None,
) -> None:
    """Write the whole graph in another format."""
    from kg import export as exporting
    from kg.stores.journal import Journal

    with Journal.open(graph, read_only=True) as journal:
        exporting.write(journal, format, output)


@app.command(epilog="Example: `kg validate graph`.")
def validate(graph: Graph) -> None:
    """Check the graph against its SHACL shapes, and every quote against its text."""
    from kg import validation
    from kg.stores.journal import Journal

    with Journal.open(graph, read_only=True) as journal:
        report = validation.validate(journal)
    for problem in report.problems:
        typer.echo(str(problem))
    typer.echo(f"{report.n_checked} statements checked, {len(report.problems)} problems")
    if report.problems:
        raise typer.Exit(1)


def _list_queries(language: "queries.Language | None") -> None:
    from kg import queries

    known = queries.named(language=language or queries.Language.SPARQL)
    rows = [(q.name or "", q.question, ", ".join(_parameter(p) for p in q.parameters)) for q in known]
    print_rows(("query", "question", "parameters"), rows, Shape.TABLE)


def _parameter(parameter: Any) -> str:
    return parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}"
