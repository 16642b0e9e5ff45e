"""The graph into a property graph: `kg load`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.options import Graph, Shape
from kg.cli.printing import Progress, print_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.stores.neo4j import Address, PropertyGraph

Neo4j = Annotated[
    str | None,
    typer.Option(
        "--neo4j",
        help="Address of a server, bolt://... or neo4j+s://...; KG_NEO4J_URI without it. [default: the embedded engine]",
        show_default=False,
    ),
]
User = Annotated[str, typer.Option(help="Who asks; the password is KG_NEO4J_PASSWORD, else you are asked for it.")]
Database = Annotated[
    str | None, typer.Option(help="Database of that server. [default: the user's own]", show_default=False)
]


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


@contextmanager
def property_graph(graph: Path, neo4j: str | None, user: str, database: str | None) -> Iterator["PropertyGraph"]:
    """The property graph that the options name, as it is."""
    from kg.stores import embedded
    from kg.stores.neo4j import PropertyGraph

    if is_embedded(neo4j):
        with embedded.running(graph) as address, PropertyGraph.open(address) as store:
            yield store
    else:
        with PropertyGraph.open(_address(neo4j, user, database)) as store:
            yield store


def is_embedded(neo4j: str | None) -> bool:
    """Whether neither option nor environment names a server."""
    from kg.stores.neo4j import address_in_environment

    return not (neo4j or address_in_environment())


def _address(neo4j: str | None, user: str, database: str | None) -> "Address":
    from kg.stores.neo4j import Address, address_in_environment

    uri = neo4j or address_in_environment() or ""
    return Address(uri=uri, user=user, password=_password(uri, user), database=database)


def _password(uri: str, user: str) -> str:
    from kg.stores.neo4j import PASSWORD, password_in_environment

    found = password_in_environment()
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise UsageError(f"{uri}: needs a password; put it into the environment as {PASSWORD}")
    return str(typer.prompt(f"Password of {user} at {uri}", hide_input=True, err=True))


def _print_report(report: Any, *, dry_run: bool) -> None:
    kinds = {"documents": report.documents, "entities": report.entities, "statements": report.statements}
    columns = ("", *(("to create", "to replace", "as it should be", "to remove") if dry_run else
                     ("created", "replaced", "as it should be", "removed")))  # fmt: skip
    rows = [(kind, t.created, t.replaced, t.matched, t.removed) for kind, t in kinds.items()]
    print_rows(columns, rows, Shape.TABLE)
    scope = "all of the graph" if report.is_whole else "what has changed since the last load"
    typer.echo(f"looked at {scope}; {report.n_evidence} evidences {'to write' if dry_run else 'written'}")
