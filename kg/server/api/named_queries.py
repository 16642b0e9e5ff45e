"""The named queries: which there are, their text with parameters in their places, and their rows."""

from typing import Annotated, Any

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from kg import queries
from kg.server.api.parameters import None_
from kg.server.api.routes import Router, answer, in_thread
from kg.server.api.schemas import NamedQuery, Page, QueryText, Rows
from kg.server.observation import client_of
from kg.server.problems import Problem
from kg.server.sparql import serving_of

_routes = Router("queries")
router = _routes.router

_MOST_CHARACTERS = 2000

QueryName = Annotated[str, Path(description="Name of the query.", max_length=100, examples=["partners"])]

_ITS_PARAMETERS = {
    "parameters": [{
        "name": "parameters", "in": "query", "style": "form", "explode": True, "required": False,
        "description": "Those of the query, by name.",
        "schema": {"type": "object", "additionalProperties": {"type": "string", "maxLength": _MOST_CHARACTERS}},
    }]
}  # fmt: skip


@_routes.get("/queries", Page[NamedQuery])
def named(request: Request, asked: Annotated[None_, Query()]) -> Response:
    """The named queries in SPARQL, with the questions that they answer."""
    items = [_record(query) for query in queries.named()]
    return answer({"total": len(items), "items": items})


def _record(query: queries.Query) -> dict[str, Any]:
    parameters = [
        {"name": p.name, "kind": p.kind, "default": p.default, "is_required": p.default is None}
        for p in query.parameters
    ]
    return {"name": query.name, "question": query.question, "parameters": parameters, "text": query.text}


@_routes.get("/queries/{name}/sparql", QueryText, 404, 429, openapi_extra=_ITS_PARAMETERS)
async def text(request: Request, name: QueryName) -> Response:
    """The query in SPARQL, with every parameter in its place: what `rows` evaluates."""
    return answer(await _asked(request, "text", name))


@_routes.get("/queries/{name}/rows", Rows, 404, 429, openapi_extra=_ITS_PARAMETERS)
async def rows(request: Request, name: QueryName) -> Response:
    """The rows that answer the query."""
    return await in_thread(answer, await _asked(request, "named", name))


async def _asked(request: Request, operation: str, name: str) -> Any:
    asked = {"op": operation, "name": name, "params": _given(request)}
    return await serving_of(request).now.pool.ask_json(asked, client=client_of(request.scope))


def _given(request: Request) -> dict[str, str]:
    """The parameters of the query."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise Problem(400, f"{name[:100]}: given more than once")
        if len(value) > _MOST_CHARACTERS:
            raise Problem(400, f"{name[:100]}: has over {_MOST_CHARACTERS} characters")
        if "\0" in value or "\0" in name:
            raise Problem(400, f"{name[:100]!r}: has a NUL character in it")
        given[name] = value
    return given
