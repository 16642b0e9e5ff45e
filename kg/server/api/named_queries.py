"""The named queries: which there are, their text with parameters in their places, and their rows."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kg import queries
from kg.server.api.parameters import None_
from kg.server.api.routes import Router, answer, in_thread
from kg.server.api.schemas import NamedQuery, Page, QueryText, Rows
from kg.server.observation import client_of
from kg.server.problems import Problem
from kg.server.sparql import serving_of

Schema = dict[str, Any]

_MOST_CHARACTERS = 2000
_MOST = 1_000_000
_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": _MOST_CHARACTERS, "pattern": r"^[^\u0000]*$"}
_SCHEMAS: Mapping[str, Schema] = {
    "date": {"type": "string", "format": "date"},
    "int": {"type": "integer", "minimum": 0, "maximum": _MOST},
    "number": {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,12})?$"},
}
"""What may be given, by kind of the parameter; text for the other kinds."""


def make_router() -> APIRouter:
    """The addresses of the named queries, which are read from their files."""
    routes = Router("queries")
    routes.get("/queries", Page[NamedQuery], is_quick=True)(named)
    for query in queries.named():
        _add(routes, query)
    routes.router.add_api_route("/queries/{name}/{what}", unknown, methods=["GET", "HEAD"], include_in_schema=False)
    return routes.router


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


def _add(routes: Router, query: queries.Query) -> None:
    """Add the addresses of one query."""

    async def text(request: Request) -> Response:
        return answer(await _asked(request, "text", query))

    async def rows(request: Request) -> Response:
        return await in_thread(request, answer, await _asked(request, "named", query))

    text.__doc__ = f"{query.question} In SPARQL, with every parameter in its place: what `rows` evaluates."
    rows.__doc__ = query.question
    described = {"parameters": [_described(parameter) for parameter in query.parameters]}
    routes.get(f"/queries/{query.name}/sparql", QueryText, 404, 429, openapi_extra=described, name=f"text of {query.name}")(text)
    routes.get(f"/queries/{query.name}/rows", Rows, 404, 429, openapi_extra=described, name=f"rows of {query.name}")(rows)


def _described(parameter: queries.Parameter) -> Schema:
    schema = _SCHEMAS.get(parameter.kind, _TEXT)
    if parameter.default == queries.ANY:
        schema = {"anyOf": [schema, {"const": queries.ANY}]}
    if parameter.default is not None:
        schema = {**schema, "default": parameter.default}
    return {"name": parameter.name, "in": "query", "required": parameter.default is None, "schema": schema,
            "description": f"Kind: {parameter.kind}."}  # fmt: skip


def unknown(name: str, what: str) -> Response:
    """Whatever else is asked for."""
    raise Problem(404, f"{name[:100]}/{what[:100]}: no named query; GET /api/v1/queries lists them")


async def _asked(request: Request, operation: str, query: queries.Query) -> Any:
    asked = {"op": operation, "name": query.name, "params": _given(request, query)}
    return await serving_of(request).now.pool.ask_json(asked, client=client_of(request.scope))


def _given(request: Request, query: queries.Query) -> dict[str, str]:
    """The parameters of the query.

    Raises:
        Problem: for one that is not as it must be.
    """
    kinds = {parameter.name: parameter.kind for parameter in query.parameters}
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if fault := _fault(kinds.get(name), value) or (name in given and "given more than once"):
            raise Problem(422, f"{name[:100]!r}: {fault}", title="The request is not as it must be")
        given[name] = value
    return given


def _fault(kind: str | None, value: str) -> str | None:
    """What is wrong with a value; None where it may be sent on."""
    if kind is None:
        return "no parameter of this query"
    if not value or len(value) > _MOST_CHARACTERS:
        return f"must have 1 to {_MOST_CHARACTERS} characters"
    if "\0" in value:
        return "has a NUL character in it"
    if kind == "int" and value != queries.ANY and not (value.isascii() and value.isdigit() and int(value) <= _MOST):
        return f"{value[:100]} is no whole number from 0 to {_MOST}"
    if kind == "number" and value != queries.ANY and not re.fullmatch(_SCHEMAS["number"]["pattern"], value):
        return f"{value[:100]} is no number; write it as 0.6"
    return None
