"""`kg serve`: the graph over HTTP."""

import os
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import app
from kg.cli.options import Graph, Model
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.server.settings import Settings

TOKEN, CREDENTIALS = "KG_SERVE_TOKEN", "KG_SERVE_CREDENTIALS"


@app.command(
    epilog="Examples: `kg serve graph`, `KG_SERVE_TOKEN=... kg serve graph --host 0.0.0.0 --port 8080`, "
    "`kg serve graph --query-timeout 10 --no-extract --log-queries`."
)
def serve(
    graph: Graph,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 is every one of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")] = 8000,
    query_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which a query is ended.")] = 30.0,
    read_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds a client may take to send a request.")] = 10.0,
    max_rows: Annotated[int, typer.Option(min=1, help="Most rows or triples of one answer.")] = 1_000_000,
    max_query: Annotated[int, typer.Option(min=1, help="Most characters of a SPARQL query.")] = 8192,
    max_memory: Annotated[int, typer.Option(min=64, help="Most MiB of memory for one query.")] = 512,
    heavy: Annotated[int, typer.Option(min=1, help="Queries over half a second old that run at once.")] = 4,
    extract: Annotated[bool, typer.Option(help="Answer POST /api/v1/extract.")] = True,
    model: Model = "en_kg_core",
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Origin whose pages may read answers; repeatable. [default: any]", show_default=False),
    ] = None,
    log_queries: Annotated[bool, typer.Option("--log-queries", help="Log what is asked, too.")] = False,
) -> None:
    """Serve the graph: the page at /, SPARQL at /sparql, the JSON API at /api/.

    Anyone who reaches it may read all of it, unless the environment has a token (KG_SERVE_TOKEN) or a user and password
    (KG_SERVE_CREDENTIALS=user:password). A rebuilt graph is taken up without a restart. Ctrl-C or SIGTERM end it.
    """
    from kg.server.running import run
    from kg.server.settings import Limits, Settings

    settings = Settings(
        graph=graph,
        limits=replace(
            Limits(),
            query_timeout_s=query_timeout,
            read_timeout_s=read_timeout,
            rows=max_rows,
            query_chars=max_query,
            memory_mb=max_memory,
            heavy=heavy,
        ),
        token=os.environ.get(TOKEN) or None,
        credentials=_credentials(),
        origins=tuple(allow_origin or ("*",)),
        logs_queries=log_queries,
        model=model,
    )
    _prepare(graph)
    _warn(settings, host)
    run(settings, host=host, port=port, extractor="kg.api:extract_record" if extract else None,
        announce=lambda address: typer.echo(f"Serving {graph} at {address} (Ctrl-C ends it)", err=True))  # fmt: skip


def _credentials() -> tuple[str, str] | None:
    given = os.environ.get(CREDENTIALS)
    if not given:
        return None
    user, separator, password = given.partition(":")
    if not (user and separator and password):
        raise UsageError(f"{CREDENTIALS}: write it as user:password")
    return user, password


def _prepare(graph: Path) -> None:
    """Make what an earlier version did not publish yet."""
    from kg.stores import rdf
    from kg.stores.journal import Journal

    if not rdf.published(graph).index.exists():
        typer.echo(f"{graph}: built by an earlier version; making the index that the server reads", err=True)
        with Journal.open(graph) as journal:
            rdf.publish(journal)


def _warn(settings: "Settings", host: str) -> None:
    if settings.is_open and not _is_local(host):
        typer.echo(f"kg: warning: whoever reaches {host} can read the whole graph; set {TOKEN} or {CREDENTIALS} to "
                   "ask for a password", err=True)  # fmt: skip


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
