"""How fast a graph is loaded: statements a second into Neo4j, the embedded engine and the RDF store, and peak memory.

    python -m benchmarks.load INPUT... [--graph FOLDER] [--statements N]

Builds a graph of INPUT in FOLDER (or goes on with what is there), copies parts of it with half of the statements
and with all of them, and loads each into empty stores. Every load runs in a process of its own: seconds from a closed
journal to a complete store, and the highest resident size of that process in MiB, without the server's. It should not
grow with the graph. Neo4j is the server of the tests, from Maven Central, with a heap of 2 GiB; both parts are loaded
once before, since a Java server that has just started is several times slower than one that has run for a minute.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import kg
from kg.stores import embedded, loading, rdf
from kg.stores.journal import Journal
from kg.stores.merged import merged
from kg.stores.neo4j import Address, PropertyGraph
from tests.servers import Neo4jServer

WORK = Path(__file__).parent / "work"
STORES = ("rdf", "embedded", "neo4j")
JVM = ("-Xms1g", "-Xmx2g", "-XX:+UseParallelGC")


def main() -> None:
    """Print the figures as a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("inputs", nargs="*")
    arguments.add_argument("--graph", type=Path, default=WORK / "load")
    arguments.add_argument("--statements", type=int, default=100_000, help="at most so many, before they are joined")
    arguments.add_argument("--store", choices=STORES, action="append", help="only this one; repeatable")
    arguments.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], options.graph, options.measure[1])))
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    if options.inputs:
        kg.build(options.inputs, into=options.graph)
    print(f"{'store':<10}{'statements':>12}{'evidences':>11}{'seconds':>9}{'a second':>10}{'peak MiB':>10}")
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        server = Neo4jServer(Path(place) / "neo4j", jvm=JVM).start() if "neo4j" in (options.store or STORES) else None
        if server is not None:
            opened.callback(server.stop)
        for n in (options.statements // 2, options.statements):
            part = Path(place) / f"graph-{n}"
            n_statements, n_evidence = copy(options.graph, part, n)
            for store in options.store or STORES:
                for _ in range(2 if store == "neo4j" else 1):  # the first time warms the server up
                    if server is not None:
                        empty(server)
                    found = in_own_process(store, part, server.address.uri if server else "-")
                speed = n_statements / found["seconds"]
                print(f"{store:<10}{n_statements:>12,}{n_evidence:>11,}{found['seconds']:>9.1f}{speed:>10,.0f}"
                      f"{found['peak_mib']:>10.0f}", flush=True)  # fmt: skip


def copy(graph: Path, part: Path, n: int) -> tuple[int, int]:
    """Statements and evidences in a graph of the first documents that make so many."""
    with Journal.open(graph, read_only=True) as journal, Journal.open(part) as target:
        n_left = n
        for document, said in journal.said():
            if (n_left := n_left - len(said)) < 0:
                break
            target.record(document, said, content_hash="", config_hash="")
    with Journal.open(part, read_only=True) as journal, merged(journal) as found:
        return sum(1 for _ in found.statements()), found.n_evidence


def empty(server: Neo4jServer) -> None:
    with server.open() as graph:
        text = "MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*)"
        while graph.change(lambda write: write(text))[0][0]:
            pass


def in_own_process(store: str, graph: Path, uri: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.load", "--graph", str(graph), "--measure", store, uri]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(store: str, graph: Path, uri: str) -> dict[str, float]:
    """Seconds that the load of a graph folder takes, and peak memory of this process."""
    for place in ("store", "cypher"):
        shutil.rmtree(graph / place, ignore_errors=True)
    start = time.perf_counter()
    if store == "rdf":
        with Journal.open(graph) as journal:
            rdf.publish(journal)
    else:
        from tests.servers import PASSWORD

        with ExitStack() as opened:
            address = (
                Address(uri=uri, password=PASSWORD)
                if store == "neo4j"
                else opened.enter_context(embedded.running(graph))
            )
            target = opened.enter_context(PropertyGraph.open(address))
            journal = opened.enter_context(Journal.open(graph, read_only=True))
            loading.load(journal, target, take_over=True)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    main()
