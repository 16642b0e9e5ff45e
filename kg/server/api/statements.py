"""Statements, and the evidence for each."""

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from kg.server.api.entities import unknown_entity
from kg.server.api.parameters import Paged, StatementList
from kg.server.api.routes import Router, answer
from kg.server.api.schemas import Page, Statement, StatementView
from kg.server.api.texts import texts_of, with_context
from kg.server.problems import Problem
from kg.server.sparql import serving_of

_routes = Router("statements")
router = _routes.router


@_routes.get("/statements", Page[Statement], 404)
def statements(request: Request, asked: Annotated[StatementList, Query()]) -> Response:
    """Statements about an entity, or of the whole graph."""
    index = serving_of(request).now.index
    found = index.statements(
        asked.entity, side=asked.side, sort=asked.sort, filters=asked.filters(index), limit=asked.limit,
        offset=asked.offset,
    )  # fmt: skip
    if found is None:
        raise unknown_entity(index, asked.entity or "")
    return answer(found)


@_routes.get("/statements/{id}", StatementView, 404, is_revised=False)
def statement(
    request: Request, id: Annotated[str, Path(description="Id of the statement.", max_length=100)], asked: Annotated[Paged, Query()]
) -> Response:
    """One statement with the sentences that make it, each with what stands before and after it."""
    served = serving_of(request).now
    found = served.index.statement(id, limit=asked.limit, offset=asked.offset)
    if found is None:
        raise Problem(404, f"{id}: no statement of this graph has this id")
    evidence = found["evidence"]["items"]
    with texts_of(served.folder) as text_of:
        items = [with_context(item, text_of(item["document"]["id"])) for item in evidence]
    return answer({**found, "evidence": {**found["evidence"], "items": items}}, {"Cache-Control": "no-cache"})
