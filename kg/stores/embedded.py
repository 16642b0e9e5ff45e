"""A Cypher engine of our own for whoever has no server: ArcadeDB in a child process that speaks Bolt on 127.0.0.1.

Its files lie in the folder `cypher` of the graph folder, and can be thrown away: they are made from the journal. The
child ends when its parent does, however that ends: it watches its standard input and who its parent is.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kg.errors import GraphError, StoreError, UsageError
from kg.stores import folder as folders
from kg.stores.journal import Journal
from kg.stores.loading import Progress, load
from kg.stores.neo4j import Address, PropertyGraph

HEAP = "1g"
"""What the engine may take of memory unless KG_CYPHER_HEAP says otherwise."""

_DATABASE, _USER = "graph", "root"
_START_S = 90.0
_STOP_S = 20.0
_PATIENCE_S = 45.0
"""How long we wait for another process of ours that has the engine."""


@contextmanager
def open_graph(graph: Path, *, progress: Progress = lambda done, total: None) -> Iterator[PropertyGraph]:
    """The property graph of a graph folder on the embedded engine, brought up to what the journal says.

    Raises:
        UsageError: when the engine is not installed.
        GraphError: when there is no graph.
        StoreError: when the engine does not start.
    """
    with (
        Journal.open(graph, read_only=True) as journal,
        running(graph) as address,
        PropertyGraph.open(address) as store,
    ):
        load(journal, store, take_over=True, progress=progress)
        yield store


@contextmanager
def running(graph: Path, *, heap: str | None = None) -> Iterator[Address]:
    """The address of the engine over the files of a graph folder; it runs inside the `with`."""
    if find_spec("arcadedb_embedded") is None:
        raise UsageError("Cypher needs an engine: pip install 'policy-kg[cypher]', or name a server with --neo4j")
    place = graph / "cypher"
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise GraphError(f"{place}: cannot be written: {error}") from error
    with _child(place.resolve(), heap or os.environ.get("KG_CYPHER_HEAP", HEAP)) as address:
        yield address


@contextmanager
def _child(place: Path, heap: str) -> Iterator[Address]:
    password = secrets.token_urlsafe(24)
    with (place / "engine.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "kg.stores.embedded"], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        port = _started(child, place, {"password": password, "heap": heap})
        yield Address(uri=f"bolt://127.0.0.1:{port}", user=_USER, password=password, database=_DATABASE)
    finally:
        _stop(child)


def _started(child: "subprocess.Popen[bytes]", place: Path, orders: dict[str, str]) -> int:
    """The port on which the child speaks Bolt."""
    assert child.stdin is not None and child.stdout is not None
    watch = threading.Timer(_START_S, child.kill)
    watch.start()
    try:
        child.stdin.write(json.dumps(orders).encode() + b"\n")
        child.stdin.flush()
        for line in child.stdout:  # the engine prints here too
            if line.startswith(b"kg: port "):
                return int(line.split()[-1])
            if line.startswith(b"kg: busy"):
                raise StoreError(f"{place}: another process is using the Cypher engine of this graph; try again later")
    except OSError:
        pass  # it is gone, which is said below
    finally:
        watch.cancel()
    child.kill()
    raise StoreError(
        f"{place}: the Cypher engine does not start; {place / 'engine.log'} says why. Its files are made from the "
        "journal: if they are damaged, delete this folder and run the command again"
    )


def _stop(child: "subprocess.Popen[bytes]") -> None:
    assert child.stdin is not None and child.stdout is not None
    child.stdout.close()
    try:
        child.stdin.close()
        child.wait(_STOP_S)
    except (OSError, subprocess.TimeoutExpired):
        child.kill()
        child.wait()


# ---- in the child


def _serve() -> None:
    """Run the engine in the working directory until the parent is gone."""
    orders = json.loads(sys.stdin.buffer.readline())
    try:
        # Held by this process and not by its parent: where that was killed, the next one waits until we are gone.
        lock = folders.locked(Path(), name="engine", patience_s=_PATIENCE_S)
    except GraphError:
        print("kg: busy", flush=True)
        return
    parent_is_gone = threading.Event()
    for wait in (_await_end_of_input, _await_other_parent):
        threading.Thread(target=wait, args=(parent_is_gone,), daemon=True).start()
    try:
        server, port = _engine(orders["password"], orders["heap"])
        print(f"kg: port {port}", flush=True)
        parent_is_gone.wait()
        threading.Timer(_STOP_S / 2, os._exit, (1,)).start()
        server.stop()
    except BaseException:
        traceback.print_exc()
    finally:
        lock.close()
        os._exit(0)  # threads of the engine would keep the process


def _await_end_of_input(ended: threading.Event) -> None:
    sys.stdin.buffer.read()
    ended.set()


def _await_other_parent(ended: threading.Event) -> None:
    """A process that the parent has started may hold our input open after it."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    ended.set()


def _engine(password: str, heap: str) -> tuple[Any, int]:
    """The started server and its port."""
    from arcadedb_embedded.server import ArcadeDBServer

    Path("config/server-users.jsonl").unlink(missing_ok=True)  # holds the password of the last run
    (bolt, http) = _free_ports()
    config = {
        "host": "127.0.0.1",
        "http_port": http,
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt_port": bolt,
        # "production" would hide what is wrong with a query; what else it sets is set here.
        "mode": "development",
        "txWalFlush": 1,
        "opencypher_loadCsv_allowFileUrls": False,
    }
    server = ArcadeDBServer(str(Path.cwd()), password, config=config, jvm_kwargs={"heap_size": heap})
    server.start()
    server.create_database(_DATABASE)
    return server, bolt


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for found in (one, other):
            found.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


if __name__ == "__main__":
    _serve()
