"""The SPARQL 1.1 Protocol for queries, and reading of graphs by the SPARQL 1.1 Graph Store HTTP Protocol.

Both answer from the worker processes; neither changes anything.
"""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from kg.server.negotiation import accepts
from kg.server.observation import client_of
from kg.server.problems import Problem
from kg.server.serving import Serving
from kg.server.workers import Pool, Reply

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_MOST_FIELDS = 200
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_UTF8 = ("utf-8", "utf8", "us-ascii")


def serving_of(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


# ---- queries


async def sparql(request: Request) -> Response:
    """The answer to a query; without one, the description of the service."""
    if request.method == "POST":
        query, dataset = await _posted(request)
    else:
        query, dataset = _read(_fields(request.scope["query_string"]))
        if query is None:
            return await _service(request)
    if query is None:
        raise Problem(400, "the parameter `query` is missing")
    limits = serving_of(request).settings.limits
    if len(query) > limits.query_chars:
        status = 413 if request.method == "POST" else 414
        raise Problem(status, f"the query has {len(query)} characters; this server reads at most {limits.query_chars}")
    return await answered(request, {"op": "query", "text": query, **dataset})


async def _posted(request: Request) -> tuple[str | None, Mapping[str, Any]]:
    media_type, charset = _content_type(request)
    if media_type == UPDATE:
        raise _read_only()
    if media_type not in (FORM, QUERY):
        raise Problem(415, f"send a query as {QUERY}, or as {FORM}", headers={"Accept-Post": f"{QUERY}, {FORM}"})
    if charset not in _UTF8:
        raise Problem(415, f"send the query in UTF-8, not {charset[:40]}", headers={"Accept-Post": f"{QUERY}, {FORM}"})
    body = await request.body()
    if media_type == FORM:
        return _read(_fields(body))
    fields = _fields(request.scope["query_string"])
    if any(name in ("query", "update") for name, _ in fields):
        raise Problem(400, f"a body of {QUERY} is the query; leave out the parameter `query`")
    _, dataset = _read(fields)
    return _text(body), dataset


def _content_type(request: Request) -> tuple[str, str]:
    """Media type and character set of the body."""
    media_type, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = (p.removeprefix("charset=").strip("\"'") for p in parameters if p.startswith("charset="))
    return media_type, next(charsets, "utf-8")


def _fields(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            _text(data), keep_blank_values=True, max_num_fields=_MOST_FIELDS, encoding="utf-8", errors="strict"
        )
    except UnicodeDecodeError as error:
        raise Problem(400, f"a parameter is no UTF-8: {error}") from error
    except ValueError as error:
        raise Problem(400, f"the parameters cannot be read: {error}") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"the request is no UTF-8: {error}") from error


def _read(fields: list[tuple[str, str]]) -> tuple[str | None, Mapping[str, Any]]:
    """The query, None where there is none, and the dataset that the parameters name."""
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in fields):
        raise _read_only()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1:
        raise Problem(400, "the parameter `query` is there more than once")
    default = [_iri(value) for name, value in fields if name == "default-graph-uri"]
    named = [_iri(value) for name, value in fields if name == "named-graph-uri"]
    dataset = {"default": default, "named": named} if default or named else {}
    return (queries[0] if queries else None), dataset


def _iri(value: str) -> str:
    if not _IRI.fullmatch(value):
        raise Problem(400, f"the name of a graph must be an absolute IRI, not {value[:100]!r}")
    return value


def _read_only() -> Problem:
    return Problem(403, "this server only reads; change the graph by `kg build` and `kg forget`")


async def _service(request: Request) -> Response:
    if accepts(request.headers.get("accept"), over="text/turtle", wanted="text/html"):
        return RedirectResponse("/?view=sparql", status_code=303, headers={"Vary": "Accept"})
    endpoint = str(request.url.replace(query=None, fragment=None))
    return await answered(request, {"op": "service", "endpoint": endpoint})


# ---- graphs


async def graph_store(request: Request) -> Response:
    """The triples of one graph: `?default`, what queries see outside of GRAPH, or `?graph=IRI`."""
    if request.method not in ("GET", "HEAD"):
        raise _read_only()
    fields = _fields(request.scope["query_string"])
    given = [(name, value) for name, value in fields if name in ("default", "graph")]
    if len(given) != 1:
        raise Problem(400, "name one graph: by `?default`, or by `?graph=` and its IRI")
    name, value = given[0]
    return await answered(request, {"op": "graph", "graph": _iri(value) if name == "graph" else None})


# ---- answers


async def answered(request: Request, asked: Mapping[str, Any], *, pool: Pool | None = None) -> Response:
    """The answer of the workers, sent as it comes, in the media type that the client prefers."""
    serving = serving_of(request)
    asked = {"accept": request.headers.get("accept"), **asked}
    client = client_of(request.scope)
    reply = await (pool or serving.now.pool).ask(asked, client=client)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Content-Type": _with_charset(reply.media_type)}
    if request.method == "HEAD":
        await reply.blocks.aclose()
        return Response(headers=headers)
    return StreamingResponse(_sent(reply), headers=headers)


async def _sent(reply: Reply) -> AsyncIterator[bytes]:
    try:
        async for block in reply.blocks:
            yield block
    finally:
        await reply.blocks.aclose()


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
