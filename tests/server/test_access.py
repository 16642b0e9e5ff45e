"""Who may ask."""

import base64

import pytest

from tests.server.conftest import Server
from tests.server.test_sparql import assert_problem

PATHS = ("/", "/sparql", "/api/v1/graph", "/metrics", "/entity/country/KAZ", "/assets/x.js", "/api/v1/openapi.json", "/nothing")


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def guarded(graph):
    server = Server.start(graph, "--no-extract", KG_SERVE_TOKEN="s3cret", KG_SERVE_CREDENTIALS="ann:pässword")
    yield server
    server.stop()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}, {"Authorization": "Basic !"},
                                     basic("ann", "s3cre"), basic("bob", "pässword"), {"Authorization": "s3cret"}])  # fmt: skip
def test_stranger_gets_nothing(guarded, path, headers):
    with guarded.client() as client:
        response = client.get(path, headers=headers)

    assert_problem(response, 401)
    assert "Basic" in response.headers["www-authenticate"] and "Bearer" in response.headers["www-authenticate"]


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer s3cret"}, {"Authorization": "bearer s3cret"}, basic("ann", "pässword"),
                                     basic("whoever", "s3cret")])  # fmt: skip
def test_friend_gets_all(guarded, headers):
    with guarded.client(headers=headers) as client:
        assert client.get("/api/v1/graph").status_code == 200
        assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_health_is_for_everybody(guarded):
    with guarded.client() as client:
        assert client.get("/health/live").status_code == client.get("/health/ready").status_code == 200


def test_preflight_needs_no_password_and_tells_nothing(guarded):
    with guarded.client() as client:
        headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
        assert client.options("/sparql", headers=headers).status_code == 200
        assert client.options("/api/v1/graph").status_code in (401, 405)


def test_credentials_must_have_both_parts(graph):
    from typer.testing import CliRunner

    from kg.cli import app

    result = CliRunner().invoke(app, ["serve", str(graph)], env={"KG_SERVE_CREDENTIALS": "ann"})

    assert result.exit_code != 0
    assert "user:password" in str(result.exception)
