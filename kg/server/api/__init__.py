"""The JSON API, version 1: the reading index, the texts of the journal and the named queries as JSON.

Lists are {"total", "items"}; whatever is wrong is a problem document (RFC 9457). A parameter that an address does not
know is refused, so that a misspelt filter is not taken for none.
"""

from fastapi import APIRouter

from kg.server.api import documents, entities, extraction, graph, named_queries, statements


def make_router() -> APIRouter:
    """All addresses of the API."""
    router = APIRouter(prefix="/api/v1")
    for part in (graph, entities, statements, documents):
        router.include_router(part.router)
    router.include_router(named_queries.make_router())
    router.include_router(extraction.router)
    return router
