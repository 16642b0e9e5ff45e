"""The graph into a property graph: `kg load`."""

from typing import Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.connecting import Database, Neo4j, User, is_embedded, property_graph
from kg.cli.options import Graph, Shape
from kg.cli.printing import Progress, print_rows


@app.command(
    epilog="Example: `kg load graph --neo4j bolt://localhost:7687`, or `kg load graph` for the embedded engine."
)
def load(
    graph: Graph,
    neo4j: Neo4j = None,
    user: User = "neo4j",
    database: Database = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be done.")] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Also where the database holds another graph, which is replaced.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no table.")] = False,
) -> None:
    """Write the graph into Neo4j, or into the embedded Cypher engine. Run again, it does only what has changed."""
    from kg.stores.journal import Journal
    from kg.stores.loading import load as load_into

    with (
        Journal.open(graph, read_only=True) as journal,
        property_graph(graph, neo4j, user, database) as store,
        Progress(quiet=quiet, reading=False) as progress,
    ):
        report = load_into(journal, store, dry_run=dry_run, take_over=take_over or is_embedded(neo4j),
                           progress=progress.publishing)  # fmt: skip
    if not quiet:
        _print_report(report, dry_run=dry_run)


def _print_report(report: Any, *, dry_run: bool) -> None:
    kinds = {"documents": report.documents, "entities": report.entities, "statements": report.statements}
    columns = ("", *(("to create", "to replace", "as it should be", "to remove") if dry_run else
                     ("created", "replaced", "as it should be", "removed")))  # fmt: skip
    rows = [(kind, t.created, t.replaced, t.matched, t.removed) for kind, t in kinds.items()]
    print_rows(columns, rows, Shape.TABLE)
    scope = "all of the graph" if report.is_whole else "what has changed since the last load"
    typer.echo(f"looked at {scope}; {report.n_evidence} evidences {'to write' if dry_run else 'written'}")
