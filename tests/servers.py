"""The servers that tests talk to: a real Neo4j 5 Community from Maven Central, and the embedded engine."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import neo4j
import pytest

from kg.errors import StoreError
from kg.stores import embedded
from kg.stores.journal import Journal
from kg.stores.loading import load
from kg.stores.neo4j import Address, PropertyGraph

PASSWORD = "correct-horse"
_POM = Path(__file__).parent / "neo4j" / "pom.xml"
_OPENED = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch", "java.lang")]
_START_S = 90


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def need_java() -> None:
    """Skip the test where Neo4j cannot run, and say why; in continuous integration that is a failure."""
    missing = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if missing:
        missed(f"Neo4j needs Java 17 and Maven: {' and '.join(missing)} not found")


def missed(reason: str) -> None:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def class_path() -> str:
    """The jars of the server, which Maven fetches the first time."""
    with tempfile.NamedTemporaryFile(mode="r", suffix=".txt") as found:
        command = ["mvn", "-q", "-B", "-f", str(_POM), "dependency:build-classpath", f"-Dmdep.outputFile={found.name}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        path = found.read().strip()
    if done.returncode or not path:
        missed(f"Maven cannot fetch Neo4j: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return path


def wipe(graph: PropertyGraph) -> None:
    graph.change(lambda write: write("MATCH (n) DETACH DELETE n"))


def dump(graph: PropertyGraph) -> list[str]:
    """All nodes and relationships, one a line, but for the one that says which graph it is."""
    nodes = graph.ask("MATCH (n) WHERE NOT n:KnowledgeGraph RETURN labels(n), properties(n)")
    edges = graph.ask(
        "MATCH (a)-[r]->(b) RETURN type(r), properties(r), coalesce(a.iri, a.id), coalesce(b.iri, b.key, b.id)"
    )
    said = [(sorted(labels), sorted(found.items(), key=repr)) for labels, found in nodes]
    led = [(type, sorted(found.items(), key=repr), start, end) for type, found, start, end in edges]
    return sorted(map(repr, [*said, *led]))


class Neo4jServer:
    """One server over one folder; it can be killed and started again."""

    def __init__(self, home: Path, *, settings: dict[str, str] | None = None, jvm: tuple[str, ...] = ("-Xmx768m",)) -> None:
        self.home = home
        self.port = free_port()
        self.settings = settings or {}
        self.jvm = jvm
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> Address:
        return Address(uri=f"bolt://127.0.0.1:{self.port}", password=PASSWORD)

    def start(self) -> "Neo4jServer":
        (self.home / "conf").mkdir(parents=True, exist_ok=True)
        settings = {
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": "128m",
            "dbms.usage_report.enabled": "false",
            **self.settings,
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text(lines)
        command = ["java", *self.jvm, *_OPENED, "-cp", class_path(), "org.neo4j.server.CommunityEntryPoint",
                   f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]  # fmt: skip
        with (self.home / "out.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self._await()
        return self

    def _await(self) -> None:
        """Wait until the server lets us in with our password, which is set the first time."""
        deadline = time.monotonic() + _START_S
        while True:
            try:
                with self.open():
                    return
            except StoreError as error:
                if "refuses user" in str(error):
                    self._set_password()
                    continue
                assert self.process is not None
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.home / "out.log").read_text()[-3000:]
                    raise AssertionError(f"Neo4j does not start: {error}\n{log}") from error
                time.sleep(0.25)

    def _set_password(self) -> None:
        with neo4j.GraphDatabase.driver(self.address.uri, auth=("neo4j", "neo4j")) as driver:
            text = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new"
            driver.execute_query(text, new=PASSWORD, database_="system")

    def kill(self) -> None:
        """End the server without a chance to tidy up."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    @contextmanager
    def open(self) -> Iterator[PropertyGraph]:
        with PropertyGraph.open(self.address) as graph:
            yield graph

    def wipe(self) -> None:
        with self.open() as graph:
            wipe(graph)

    @contextmanager
    def graph_of(self, folder: Path) -> Iterator[PropertyGraph]:
        """The database, wiped and loaded with this graph folder."""
        self.wipe()
        with self.open() as graph, Journal.open(folder, read_only=True) as journal:
            load(journal, graph)
            yield graph


class EmbeddedEngine:
    """The engine that comes with the package."""

    @contextmanager
    def graph_of(self, folder: Path) -> Iterator[PropertyGraph]:
        """The engine over the files of this graph folder, brought up to date."""
        with embedded.open_graph(folder) as graph:
            yield graph
