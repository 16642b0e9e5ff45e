"""The graph as a whole, and the terms that it is made of."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from kg import __version__, ids
from kg.ontology import Ontology
from kg.server.api.parameters import None_
from kg.server.api.routes import Router, answer
from kg.server.api.schemas import GraphView, OntologyView
from kg.server.sparql import serving_of
from kg.stores import quads

_routes = Router("graph")
router = _routes.router


@_routes.get("/graph", GraphView, is_quick=True)
def graph(request: Request, asked: Annotated[None_, Query()]) -> Response:
    """How much there is of everything."""
    serving = serving_of(request)
    return answer({**serving.now.index.summary(), "has_extract": serving.has_extract, "version": __version__})


@_routes.get("/ontology", OntologyView, is_quick=True)
def ontology(request: Request, asked: Annotated[None_, Query()]) -> Response:
    """The classes and relations, with their definitions."""
    found = serving_of(request).now.index.ontology
    classes = [
        {
            "iri": c.iri, "name": c.name, "label": c.label, "definition": c.definition,
            "broader": [ids.predicate_name(iri) for iri in c.parents], "top": ids.predicate_name(_top(found, c.iri)),
        }
        for c in sorted(found.classes.values(), key=lambda c: c.name)
    ]  # fmt: skip
    relations = [
        {
            "iri": p.iri, "name": p.name, "label": p.label, "definition": p.definition,
            "domain": [ids.predicate_name(iri) for iri in p.domain],
            "range": [ids.predicate_name(iri) for iri in p.range], "is_symmetric": p.symmetric,
        }
        for p in found.relations()
    ]  # fmt: skip
    return answer({"classes": classes, "relations": relations, "prefixes": dict(quads.PREFIXES)})


def _top(found: Ontology, iri: str) -> str:
    """The class above all those above it, always by the first of several."""
    seen: set[str] = set()
    while iri not in seen and (parents := [p for p in found.classes[iri].parents if p in found.classes]):
        seen.add(iri)
        iri = parents[0]
    return iri
