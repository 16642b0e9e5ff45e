"""Documents, their texts and what they say."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from kg.server.api.parameters import DocumentList, OneDocument
from kg.server.api.routes import Router, answer
from kg.server.api.schemas import DocumentSummary, DocumentView, Page
from kg.server.api.texts import text_at
from kg.server.problems import Problem
from kg.server.sparql import serving_of

_routes = Router("documents")
router = _routes.router


@_routes.get("/documents", Page[DocumentSummary])
def documents(request: Request, asked: Annotated[DocumentList, Query()]) -> Response:
    """Documents by the words of their titles, their publishers and days."""
    since, until = asked.days
    found = serving_of(request).now.index.documents(
        asked.q, sources=asked.source, since=since, until=until, sort=asked.sort, limit=asked.limit, offset=asked.offset
    )
    return answer(found)


@_routes.get("/document", DocumentView, 404, is_revised=False)
def document(request: Request, asked: Annotated[OneDocument, Query()]) -> Response:
    """One document: its text, and the statements that it makes in the order of the text."""
    served = serving_of(request).now
    found = served.index.document(asked.id, limit=asked.limit, offset=asked.offset)
    if found is None:
        raise Problem(404, f"{asked.id}: no document of this graph has this id; GET /api/v1/documents lists them")
    statements = found.pop("statements")
    text = text_at(served.folder, asked.id, served.revision)
    return answer({**found, "text": text, "statements": statements}, {"Cache-Control": "no-cache"})
