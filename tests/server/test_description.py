"""The API keeps to its OpenAPI description, whatever it is asked: requests are made up from the description."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from kg.server.app import create_app
from kg.server.settings import Settings

schema = schemathesis.openapi.from_dict(create_app(Settings(graph=Path("graph"))).openapi())


@schema.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Case, server):
    response = case.call_and_validate(base_url=server.address.rstrip("/"))

    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"]
        assert {"type", "title", "status", "detail"} <= set(response.json())


def test_description_names_every_address(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert len(paths) >= 13
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["summary"] and operation.get("description"), path
            assert "200" in operation["responses"]
            assert "application/problem+json" in operation["responses"]["422"]["content"]
