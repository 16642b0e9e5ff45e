"""How `kg serve` bears a crowd: light questions of many clients while others ask what never ends.

    python -m benchmarks.serve INPUT... [--graph FOLDER] [--seconds 60] [--clients 50] [--hostile 4]

Builds a graph of INPUT in FOLDER (or takes what is there), serves it by `kg serve`, and asks it over the loopback
interface, clients and server sharing the machine. Every light client has one question after the other answered, drawn
from a fixed mix; the hostile ones send cartesian products, each ended by the server at its time limit, again and again.
Prints the milliseconds of each kind of question, and MiB of memory of the server and its workers over time. Exit code 1
where an answer was an error, or where the 99th percentile of entity look-ups is 500 ms or more.
"""

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httptools

import kg

WORK = Path(__file__).parent / "work"
MOST_MS = 500
PRODUCT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
LABELS = "SELECT ?label ?class WHERE {{ <{iri}> rdfs:label ?label ; a ?class }}"
SAID = "SELECT ?s ?o WHERE {{ ?s rdf:subject <{iri}> ; rdf:object ?o }} LIMIT 20"


def main() -> None:
    """Print the figures as two tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("inputs", nargs="*")
    arguments.add_argument("--graph", type=Path, default=WORK / "serve")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--clients", type=int, default=50)
    arguments.add_argument("--hostile", type=int, default=4)
    options = arguments.parse_args()
    if options.inputs:
        kg.build(options.inputs, into=options.graph)
    with serving(options.graph) as (pid, port):
        sys.exit(asyncio.run(crowd(pid, port, options)))


@contextmanager
def serving(graph: Path) -> Iterator[tuple[int, int]]:
    """Process id and port of a running server."""
    command = [sys.executable, "-m", "kg.cli", "serve", str(graph), "--port", "0", "--no-extract"]
    log = WORK / "serve.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as out:
        server = subprocess.Popen(command, stderr=out)
        try:
            while not (found := re.search(r"http://[\d.]+:(\d+)/", log.read_text())):
                if server.poll() is not None:
                    sys.exit(log.read_text())
                time.sleep(0.1)
            yield server.pid, int(found[1])
        finally:
            server.terminate()
            server.wait()


async def crowd(pid: int, port: int, options: argparse.Namespace) -> int:
    """The exit code, after the crowd has asked."""
    entities = [e["iri"] for e in (await Client(port).json("/api/v1/entities", limit=200))["items"]]
    took: defaultdict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    until = time.monotonic() + options.seconds
    light = [ask(port, entities, random.Random(n), until, took, errors) for n in range(options.clients)]
    hostile = [ask_too_much(port, until) for _ in range(options.hostile)]
    memory = asyncio.create_task(watch(pid, until))
    *_, n_ended = await asyncio.gather(*light, asyncio.gather(*hostile))
    report(took, errors, await memory, options, sum(n_ended))
    look_ups = sorted(took["entity"])
    return int(bool(errors) or not look_ups or percentile(look_ups, 0.99) >= MOST_MS)


async def ask(port: int, entities: list[str], choice: random.Random, until: float,
              took: dict[str, list[float]], errors: list[str]) -> None:  # fmt: skip
    """One light client."""
    client = Client(port)
    while time.monotonic() < until:
        kind, path, query = question(entities, choice)
        began = time.perf_counter()
        try:
            status, body = await client.get(path, **query)
        except (OSError, httptools.HttpParserError) as error:
            errors.append(f"{kind}: {error}")
            client = Client(port)
            continue
        took[kind].append(1000 * (time.perf_counter() - began))
        if status != 200:
            errors.append(f"{kind}: {status} {body[:200]!r}")


def question(entities: list[str], choice: random.Random) -> tuple[str, str, dict[str, Any]]:
    """Its kind, path and parameters."""
    iri = choice.choice(entities)
    kind = choice.choices(("entity", "search", "neighbourhood", "statements", "sparql", "linked data"), (40, 20, 10, 10, 15, 5))[0]
    if kind == "entity":
        return kind, "/api/v1/entity", {"iri": iri}
    if kind == "search":
        return kind, "/api/v1/entities", {"q": iri.rsplit("/", 1)[1][: choice.randint(2, 6)], "limit": 10}
    if kind == "neighbourhood":
        return kind, "/api/v1/neighbourhood", {"iri": iri, "limit": 20}
    if kind == "statements":
        return kind, "/api/v1/statements", {"entity": iri, "limit": 20}
    if kind == "sparql":
        return kind, "/sparql", {"query": choice.choice((LABELS, SAID)).format(iri=iri)}
    return kind, "/" + iri.removeprefix("https://w3id.org/policy-kg/"), {}


async def ask_too_much(port: int, until: float) -> int:
    """How many queries of one hostile client were ended by the server."""
    n_ended = 0
    while (left := until - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                status, _ = await Client(port).get("/sparql", query=PRODUCT)
                n_ended += status == 503
        except TimeoutError:
            pass
    return n_ended


class Client:
    """One connection that is kept open: little more than what the protocol needs, so that clients take little time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._opened: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, **query: Any) -> tuple[int, bytes]:
        """Status and body of the answer."""
        reader, writer = self._opened = self._opened or await asyncio.open_connection("127.0.0.1", self._port)
        target = f"{path}?{urlencode(query)}" if query else path
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n".encode())
        answer = _Answer()
        parser = httptools.HttpResponseParser(answer)
        while not answer.is_whole:
            data = await reader.read(65536)
            if not data:
                raise ConnectionError("the server closed the connection")
            parser.feed_data(data)
        return parser.get_status_code(), b"".join(answer.body)

    async def json(self, path: str, **query: Any) -> Any:
        _, body = await self.get(path, **query)
        return json.loads(body)


class _Answer:
    def __init__(self) -> None:
        self.body: list[bytes] = []
        self.is_whole = False

    def on_body(self, data: bytes) -> None:
        self.body.append(data)

    def on_message_complete(self) -> None:
        self.is_whole = True


async def watch(pid: int, until: float) -> list[tuple[float, float, float]]:
    """(second, MiB of the server, MiB of its workers together), six times."""
    began = time.monotonic()
    seen = []
    for n in range(6):
        await asyncio.sleep(max(0.0, began + 1 + n * (until - 1 - began) / 5.2 - time.monotonic()))
        workers = sum(memory_mib(child) for child in children(pid))
        seen.append((time.monotonic() - began, memory_mib(pid), workers))
    return seen


def memory_mib(pid: int) -> float:
    """Resident size."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


def children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def percentile(sorted_values: list[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def report(took: dict[str, list[float]], errors: list[str], memory: list[tuple[float, float, float]],
           options: argparse.Namespace, n_ended: int) -> None:  # fmt: skip
    n = sum(map(len, took.values()))
    print(f"{options.clients} light clients, {options.hostile} hostile ({n_ended} queries ended), {options.seconds:.0f} s: "
          f"{n:,} answers, {n / options.seconds:,.0f} a second, {len(errors)} errors\n")  # fmt: skip
    print(f"{'question':<15}{'answers':>9}{'median ms':>11}{'p95':>8}{'p99':>8}{'most':>8}")
    for kind, values in sorted(took.items()):
        values = sorted(values)
        shares = "".join(f"{percentile(values, share):>8.0f}" for share in (0.95, 0.99, 1))
        print(f"{kind:<15}{len(values):>9,}{percentile(values, 0.5):>11.0f}{shares}")
    print(f"\n{'second':>8}{'server MiB':>12}{'workers MiB':>13}")
    for second, server, workers in memory:
        print(f"{second:>8.0f}{server:>12.0f}{workers:>13.0f}")
    for error in errors[:10]:
        print(error, file=sys.stderr)


if __name__ == "__main__":
    main()
