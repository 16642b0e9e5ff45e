"""Where a property graph is: the options that say so, and how it is opened."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
