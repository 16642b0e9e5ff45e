"""What the graph says of one IRI, at the path of the IRI: as RDF for programs, by the page for people."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg import ids
from kg.server.negotiation import accepts
from kg.server.sparql import answered

_SHOWN_BY_PAGE = {"entity": "entity", "concept": "entity", "statement": "statement", "document": "document"}
"""By first part of the path: what the page calls it."""

KINDS = ("concept", "document", "entity", "evidence", "open", "source", "statement")
"""The first parts of the paths that are described."""


async def described(request: Request) -> Response:
    """All that is said of the IRI with this path."""
    path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0].lstrip("/")
    kind = path.partition("/")[0]
    if kind in _SHOWN_BY_PAGE and accepts(request.headers.get("accept"), over="text/turtle", wanted="text/html"):
        name = _SHOWN_BY_PAGE[kind]
        shown = ids.BASE + path if name == "entity" else request.path_params["rest"]
        return RedirectResponse(f"/?{name}={quote(shown, safe='')}", status_code=303, headers={"Vary": "Accept"})
    return await answered(request, {"op": "describe", "iris": [ids.BASE + path]})


async def graph(request: Request) -> Response:
    """The triples of the named graph with this IRI."""
    return await answered(request, {"op": "graph", "graph": ids.GRAPH + request.path_params["rest"]})


async def ontology(request: Request) -> Response:
    """Classes and relations, as RDF."""
    return await answered(request, {"op": "ontology"})
