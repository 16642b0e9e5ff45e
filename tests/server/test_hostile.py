"""Requests that are malformed or mean harm get a clear refusal, and the server goes on."""

import json
import socket
import time

import pytest

from tests.server.conftest import Server
from tests.server.test_sparql import assert_problem


def exchange(server, data, *, wait_s=10.0):
    """What the server says to these bytes, until it closes the connection or falls silent."""
    host, port = server.address.removeprefix("http://").rstrip("/").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=wait_s) as connection:
        answer = b""
        try:
            connection.sendall(data)
            while piece := connection.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionError):
            pass
    return answer


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


@pytest.fixture(autouse=True)
def _server_lives(client):
    yield
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/assets/../../settings.py", "/assets/%2e%2e/%2e%2e/settings.py", "/assets/..%2f..%2fsettings.py", "/../../etc/passwd",
     "/assets//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..\\..\\settings.py", "/api/v1/../../../etc/passwd"],
)  # fmt: skip
def test_path_leads_nowhere_else(server, path):
    answer = exchange(server, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    assert status_of(answer) in (400, 404)
    assert b"application/problem+json" in answer
    assert b"root:" not in answer and b"class Settings" not in answer


@pytest.mark.parametrize("path", ["/%00", "/entity/%00", "/sparql%00", "/assets/a%00b"])
def test_nul_in_the_address_is_refused(client, path):
    assert_problem(client.get(path), 400)


@pytest.mark.parametrize("path", ["/entity/a%0d%0aSet-Cookie:%20x=1", "/statement/a%0d%0aX-Evil:1", "/document/%0aX-Evil:1"])
def test_line_breaks_do_not_get_into_headers(client, path):
    response = client.get(path, headers={"Accept": "text/html"})

    assert response.status_code in (303, 404)
    assert "set-cookie" not in response.headers and "x-evil" not in response.headers
    assert "\n" not in response.headers.get("location", "")


@pytest.mark.parametrize(
    "data",
    [b"NONSENSE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
     b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
     b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_http_is_refused(server, data):
    answer = exchange(server, data)

    assert status_of(answer) == 400
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 400


def test_head_that_is_too_large_is_refused(server):
    answer = exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1_000_000)

    assert answer == b"" or status_of(answer) == 431


def test_address_that_is_too_long_is_refused(client):
    assert_problem(client.get("/api/v1/entities", params={"q": "a" * 40_000}), 414)


def test_body_that_is_too_large_is_refused(client, server):
    headers = {"Content-Type": "application/sparql-query"}

    def pieces():
        for _ in range(200):
            yield b" " * 10_000

    assert_problem(client.post("/sparql", content=b" " * 2_000_000, headers=headers), 413)
    assert_problem(client.post("/sparql", content=pieces(), headers=headers), 413)
    announced = exchange(server, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                                 b"Content-Length: 99999999999\r\nConnection: close\r\n\r\n")  # fmt: skip
    assert status_of(announced) == 413


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"text":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001])
def test_deep_json_is_refused(client, body):
    response = client.post("/api/v1/extract", content=body, headers={"Content-Type": "application/json"})

    assert_problem(response, 400)


def test_many_fields_are_refused(client):
    response = client.post("/sparql", content="&".join(f"a{n}=1" for n in range(5000)),
                           headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip

    assert_problem(response, 400)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_compressed_bodies_are_not_unpacked(client, encoding):
    response = client.post("/api/v1/extract", content=b"\x1f\x8b" + b"0" * 1000, headers={"Content-Encoding": encoding})

    assert_problem(response, 415)


def test_client_that_dawdles_is_shown_the_door(graph):
    hasty = Server.start(graph, "--read-timeout", "1", "--no-extract")
    try:
        began = time.monotonic()
        slow_head = exchange(hasty, b"GET / HTTP/1.1\r\nHost: x\r\n")
        slow_body = exchange(hasty, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                                    b"Content-Length: 100\r\n\r\nSELECT")  # fmt: skip
        silent = exchange(hasty, b"")

        assert status_of(slow_head) == status_of(slow_body) == 408
        assert silent == b""
        assert time.monotonic() - began < 8
    finally:
        hasty.stop()


def test_every_answer_tells_browsers_to_be_careful(client):
    for path in ("/", "/sparql", "/nothing/here", "/health/live", "/api/v1/graph"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "server" not in headers
