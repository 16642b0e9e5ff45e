"""The embedded engine keeps to its folder, keeps what it acknowledged, and ends with its parent."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import GraphError, UsageError
from kg.stores import embedded
from kg.stores.neo4j import PropertyGraph
from tests.servers import dump


@pytest.fixture
def copy(graph, tmp_path, embedded_engine):
    """A copy of the graph of the examples, whose engine is this test's own."""
    return shutil.copytree(graph, tmp_path / "graph", ignore=shutil.ignore_patterns("cypher"))


def children(pid):
    """The processes that this one has started."""
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_everything_of_the_engine_lies_in_the_graph_folder(copy, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with embedded.open_graph(copy) as store:
        assert store.address.uri.startswith("bolt://127.0.0.1:")

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (copy / "cypher" / "log").is_dir()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_engine_ends_when_its_parent_is_killed(copy):
    code = f"import time; from pathlib import Path; from kg.stores import embedded\nwith embedded.running(Path({str(copy)!r})): print('up', flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"up\n"
    (child,) = children(parent.pid)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 30
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_alive(child)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_what_was_loaded_outlives_a_kill_of_the_engine(copy):
    with embedded.open_graph(copy) as store:
        before = dump(store)
        (engine,) = [p for p in children(os.getpid()) if "kg.stores.embedded" in Path(f"/proc/{p}/cmdline").read_text()]
        os.kill(engine, signal.SIGKILL)
    with embedded.running(copy) as address, PropertyGraph.open(address) as store:
        assert dump(store) == before


def test_graph_that_is_not_there_starts_no_engine(tmp_path, embedded_engine):
    with pytest.raises(GraphError, match="no graph here"), embedded.open_graph(tmp_path / "nothing"):
        pass
    assert not (tmp_path / "nothing").exists()


def test_engine_that_is_not_installed_is_named_with_the_remedy(graph, monkeypatch):
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)

    with pytest.raises(UsageError, match="pip install"), embedded.running(graph):
        pass
