"""Answers out: `kg show`, `kg query`, `kg export` and `kg validate`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.options import Graph, Shape, pairs
from kg.cli.printing import print_entity, print_rows


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
    epilog='Examples: `kg query graph partners --param entity="China"`, `kg query graph my.rq`, `kg query graph` lists the named ones.'
)
def query(
    graph: Graph,
    what: Annotated[
        str | None, typer.Argument(help="A named query, a file with SPARQL, or - for standard input.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="name=value, for a named query; repeatable.")
    ] = None,
    format: Annotated[Shape, typer.Option(help="How to print the rows.")] = Shape.TABLE,
    explain: Annotated[bool, typer.Option(help="Print the text that would be sent, and stop.")] = False,
) -> None:
    """Ask the graph in SPARQL."""
    from kg import queries
    from kg.stores import rdf

    if what is None:
        _list_queries()
        return
    asked = queries.find(what if what != "-" else sys.stdin.read())
    values = dict(pairs(param or []))
    with rdf.open_graph(graph) as store:
        if explain:
            typer.echo(queries.text_of(store, asked, values))
            return
        result = queries.run(store, asked, values)
    print_rows(result.columns, result.rows, format)


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


def _list_queries() -> None:
    from kg import queries

    rows = [(q.name or "", q.question, ", ".join(_parameter(p) for p in q.parameters)) for q in queries.named()]
    print_rows(("query", "question", "parameters"), rows, Shape.TABLE)


def _parameter(parameter: Any) -> str:
    return parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}"
