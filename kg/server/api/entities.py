"""Entities, what stands around them, and the ways between them."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from kg import ids
from kg.server.api.parameters import Around, Between, EntityList, OneEntity, classes_of
from kg.server.api.routes import Router, answer, in_thread
from kg.server.api.schemas import EntityView, Found, Neighbourhood, Page, Paths
from kg.server.evaluation import GRAPH_FORMATS
from kg.server.negotiation import best
from kg.server.problems import Problem
from kg.server.sparql import answered, serving_of
from kg.stores.index import Index

_routes = Router("entities")
router = _routes.router

_JSON = "application/json"
_RDF = tuple(name for name in GRAPH_FORMATS if name not in (_JSON, "application/xml", "text/plain"))


@_routes.get("/entities", Page[Found], 404, is_quick=True)
def entities(request: Request, asked: Annotated[EntityList, Query()]) -> Response:
    """Entities by name, the best first: names that are the words, begin with them, hold words that begin so; where
    there are few of these, names that are spelt alike. Among equals those that most is said of."""
    index = serving_of(request).now.index
    classes = classes_of(index, asked.class_)
    return answer(index.entities(asked.q, classes=classes, limit=asked.limit, offset=asked.offset))


@_routes.get("/entity", EntityView, 404, is_quick=True)
def entity(request: Request, asked: Annotated[OneEntity, Query()]) -> Response:
    """One entity, by its IRI or a name. Of several that go by a name it is the one that most is said of."""
    index = serving_of(request).now.index
    found = index.entity(asked.iri)
    if found is None:
        raise unknown_entity(index, asked.iri)
    return answer(found)


def unknown_entity(index: Index, *names: str) -> Problem:
    """That there is no entity of one of these names, with names like it."""
    name = next((name for name in names if index.entity(name) is None), names[0])
    near = index.near(name) if len(name) <= 200 else []
    detail = f"{name}: no entity of this graph has this IRI or name"
    if near:
        detail += f"; near it are {', '.join(near)}"
    return Problem(404, detail, errors=[{"where": "near", "what": label} for label in near])


_AS_RDF = {200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in _RDF}}}


@_routes.get("/neighbourhood", Neighbourhood, 404, 429, responses=_AS_RDF)
async def neighbourhood(request: Request, asked: Annotated[Around, Query()]) -> Response:
    """What stands around an entity: the best documented nodes, the statements among them, and facets.

    As Turtle or another form of RDF: these statements with their evidence and the bare triples.
    """
    index = serving_of(request).now.index
    media_type = best(request.headers.get("accept"), (_JSON, *_RDF)) or _JSON
    if media_type == _JSON:
        return await in_thread(request, lambda: answer(_around(index, asked)))
    found = await in_thread(request, _around, index, asked)
    statements = [ids.statement_iri(edge["id"]) for edge in found["edges"]]
    asked_for = {"op": "describe", "iris": [found["centre"]["iri"], *statements], "accept": media_type}
    return await answered(request, asked_for)


def _around(index: Index, asked: Around) -> dict[str, object]:
    found = index.neighbourhood(
        asked.iri, depth=asked.depth, filters=asked.filters(index), limit=asked.limit, offset=asked.offset
    )
    if found is None:
        raise unknown_entity(index, asked.iri)
    return found


@_routes.get("/path", Paths, 404)
def path(request: Request, asked: Annotated[Between, Query()]) -> Response:
    """The shortest ways from one entity to another, among equals the best documented.

    No way passes through a literal; where classes are asked for, the entities in between are of these.
    """
    index = serving_of(request).now.index
    found = index.paths(
        asked.from_, asked.to, max_length=asked.max_length, filters=asked.filters(index), limit=asked.limit
    )
    if found is None:
        raise unknown_entity(index, asked.from_, asked.to)
    return answer(found)
