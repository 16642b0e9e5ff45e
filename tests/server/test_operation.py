"""Running it: health, metrics, logs, a rebuilt graph, and the end."""

import json
import shutil
import signal
import time

import pytest
from typer.testing import CliRunner

import kg
from kg.cli import app
from tests.server.conftest import Server


@pytest.fixture
def copy(graph, tmp_path):
    return shutil.copytree(graph, tmp_path / "graph")


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_rebuilt_graph_is_served_without_a_restart(copy, tmp_path):
    server = Server.start(copy, "--no-extract")
    try:
        with server.client() as client:
            ask = {"query": 'ASK { ?e rdfs:label "Peru" . ?s rdf:subject ?e }'}
            before = client.get("/api/v1/graph").json()["revision"]
            assert client.get("/sparql", params=ask).json()["boolean"] is False

            (tmp_path / "new.txt").write_text("Peru has supplied Japan with copper. Peru cooperates with Japan.", encoding="utf-8")
            kg.build([tmp_path / "new.txt"], into=copy)

            assert wait_for(lambda: client.get("/api/v1/graph").json()["revision"] > before)
            assert client.get("/sparql", params=ask).json()["boolean"] is True
            assert client.get("/api/v1/entities", params={"q": "Peru"}).json()["items"][0]["label"] == "Peru"
    finally:
        assert server.stop() == 0


def test_no_request_fails_while_the_graph_is_rebuilt(copy, tmp_path):
    server = Server.start(copy, "--no-extract")
    try:
        with server.client() as client:
            for n in range(3):
                (tmp_path / "new.txt").write_text(f"Peru supplies Japan with copper {n}.", encoding="utf-8")
                kg.build([tmp_path / "new.txt"], into=copy)
                until = time.monotonic() + 1.5
                while time.monotonic() < until:
                    assert client.get("/sparql", params={"query": "ASK { ?s a pol:Statement }"}).status_code == 200
                    assert client.get("/api/v1/entities", params={"q": "Japan"}).status_code == 200
    finally:
        server.stop()


def test_metrics_count_requests(client):
    client.get("/sparql", params={"query": "ASK {}"})
    client.get("/api/v1/entity", params={"iri": "Japan"})
    text = client.get("/metrics").text

    assert 'kg_http_requests_total{method="GET",route="/sparql",status="200"}' in text
    assert 'route="/api/v1/entity"' in text
    assert "kg_http_request_seconds_bucket" in text
    assert "kg_queries_running 0.0" in text
    assert "kg_graph_revision" in text


def test_log_says_what_happened_and_not_what_was_asked(copy):
    server = Server.start(copy, "--no-extract")
    with server.client() as client:
        client.get("/sparql", params={"query": "SELECT ('wordofmine' AS ?a) {}"})
        client.get("/entity/person/wordofmine")
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log if line.startswith("{")]
    requests = [line for line in lines if line["what"] == "request"]

    assert {"client", "method", "route", "status", "ms", "bytes", "time", "level"} <= set(requests[-1])
    assert "/sparql" in {line["route"] for line in requests}
    assert "wordofmine" not in "".join(server.log)


def test_log_says_what_was_asked_where_it_is_told_to(copy):
    server = Server.start(copy, "--no-extract", "--log-queries")
    with server.client() as client:
        client.get("/sparql", params={"query": "SELECT ('wordofmine' AS ?a) {}"})
    server.stop()

    assert "wordofmine" in "".join(server.log)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_request_that_is_being_answered_comes_to_its_end(copy, number):
    import threading

    server = Server.start(copy, "--no-extract", "--query-timeout", "2")
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
    statuses = []

    def ask():
        with server.client() as client:
            statuses.append(client.get("/sparql", params={"query": heavy}).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.7)
    server.process.send_signal(number)
    asking.join(20)

    assert statuses == [503]  # answered by the time limit, not cut off
    assert server.process.wait(15) == 0


def test_workers_end_with_the_server_also_when_it_is_killed(copy):
    server = Server.start(copy, "--no-extract")
    workers = _children(server.process.pid)
    assert workers
    server.process.kill()
    server.process.wait(10)

    assert wait_for(lambda: not any(_is_alive(pid) for pid in workers))


def _children(pid):
    from pathlib import Path

    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if lines.get("PPid") == str(pid):
            found.append(int(status.parent.name))
    return found


def _is_alive(pid):
    from pathlib import Path

    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_graph_on_a_folder_that_cannot_be_written_is_served(copy):
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    server = Server.start(copy, "--no-extract")
    try:
        with server.client() as client:
            assert client.get("/api/v1/graph").status_code == 200
    finally:
        server.stop()
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755)


def test_wide_address_without_a_password_is_warned_of(copy):
    wide = Server.start(copy, "--no-extract", "--host", "0.0.0.0")
    wide.stop()
    guarded = Server.start(copy, "--no-extract", "--host", "0.0.0.0", KG_SERVE_TOKEN="s3cret")
    guarded.stop()

    assert any("can read the whole graph" in line for line in wide.log)
    assert not any("can read the whole graph" in line for line in guarded.log)


def test_folder_without_a_graph_is_a_clear_error(tmp_path):
    result = CliRunner().invoke(app, ["serve", str(tmp_path)])

    assert result.exit_code != 0 and "no graph here" in str(result.exception)


def test_port_that_is_taken_is_a_clear_error(server, graph):
    port = server.address.rstrip("/").rsplit(":", 1)[1]
    result = CliRunner().invoke(app, ["serve", str(graph), "--port", port])

    assert result.exit_code != 0 and "cannot be listened at" in str(result.exception)
