"""What a worker is asked for, and its answer: queries, named queries, graphs and descriptions, over one RDF store."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from kg import ids, queries, resources
from kg.errors import KgError, QueryError, UnknownName
from kg.server import results, service_description
from kg.server.negotiation import best
from kg.server.problems import Problem
from kg.stores import quads
from kg.stores.rdf import SEEN_WITHOUT_GRAPH, RdfStore

Request = Mapping[str, Any]

GRAPH_FORMATS: Mapping[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.STREAMING_JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/json": RdfFormat.STREAMING_JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
    "text/plain": RdfFormat.N_TRIPLES,
}
"""What triples can be written as, the preferred first."""

_RESULT_FORMATS = (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)

_BLOCK = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one answer may hold."""

    rows: int
    answer_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that is still to be written."""

    media_type: str
    write: Callable[["Out"], None]


def answer(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """The answer to a request, by its "op".

    Raises:
        Problem: when it cannot be answered; also while it is written.
    """
    try:
        return _OPERATIONS[request["op"]](store, request, bounds)
    except UnknownName as error:
        raise Problem(404, str(error)) from error
    except KgError as error:
        raise Problem(400, str(error)) from error


# ---- what can be asked for


def _query(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    try:
        found = store.query(request["text"], default=request.get("default"), named=request.get("named"))
    except QueryError as error:
        raise Problem(400, str(error), title="The query cannot be run") from error
    accept = request.get("accept")
    if isinstance(found, QueryTriples):
        return _triples(found, accept, bounds)
    media_type = _chosen(accept, results.MEDIA_TYPES)
    if isinstance(found, QueryBoolean):
        return _pieces(media_type, (results.write_truth(media_type, bool(found)),))
    names = [variable.value for variable in found.variables]
    rows = (tuple(row) for row in _counted(found, bounds))
    return _pieces(media_type, results.write_rows(media_type, names, rows))


def _named(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """A named query's rows as one JSON object."""
    query = _found(request)
    result = queries.run(store, query, request["params"])
    if len(result.rows) > bounds.rows:
        raise _too_large(f"{bounds.rows} rows")
    return _json({"columns": result.columns, "rows": result.rows})


def _text(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """The text of a named query with its parameters in their places."""
    return _json({"text": queries.text_of(store, _found(request), request["params"])})


def _graph(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """The triples of a named graph; without one of those that queries see outside of GRAPH."""
    name = request.get("graph")
    if name is None:
        graphs: Sequence[NamedNode | DefaultGraph] = SEEN_WITHOUT_GRAPH
    elif store.oxigraph.contains_named_graph(NamedNode(name)):
        graphs = (NamedNode(name),)
    else:
        raise Problem(404, f"{name}: no such graph; GET /sparql describes those that there are")
    found = (q.triple for g in graphs for q in store.oxigraph.quads_for_pattern(None, None, None, g))
    return _triples(found, request.get("accept"), bounds)


def _describe(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """All that is said of these IRIs; of statements with their bare triples, evidence and whom they are about."""
    triples = list(dict.fromkeys(t for iri in request["iris"] for t in _about(store, iri)))
    if not triples:
        raise Problem(404, "this graph says nothing of " + ", ".join(request["iris"][:3]))
    return _triples(triples, request.get("accept"), bounds)


def _service(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """The description of the SPARQL service."""
    formats = [f.iri for f in _RESULT_FORMATS] + [f.iri for f in dict.fromkeys(GRAPH_FORMATS.values())]
    return _triples(service_description.triples(store, request["endpoint"], formats), request.get("accept"), bounds)


def _ontology(store: RdfStore, request: Request, bounds: Bounds) -> Answer:
    """The classes and relations of our ontology."""
    file = resources.folder("ontology") / "policy.ttl"
    triples = [quad.triple for quad in parse(path=file, format=RdfFormat.TURTLE)]
    return _triples(triples, request.get("accept"), bounds)


_OPERATIONS: Mapping[str, Callable[[RdfStore, Request, Bounds], Answer]] = {
    "query": _query,
    "named": _named,
    "text": _text,
    "graph": _graph,
    "describe": _describe,
    "service": _service,
    "ontology": _ontology,
}


def _about(store: RdfStore, iri: str) -> Iterator[Triple]:
    said = store.node(iri)
    yield from _said(store, iri)
    if iri.startswith(ids.statement_iri("")):
        yield from _statement(store, said, iri)
    elif iri.startswith(ids.evidence_iri("")):
        yield from _parts(store, iri)


def _statement(store: RdfStore, said: quads.Node, iri: str) -> Iterator[Triple]:
    subject, predicate, object_ = (said.get(quads.name(n).value, [None])[0] for n in _ROLES)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ is not None:
        if next(store.oxigraph.quads_for_pattern(subject, predicate, object_, None), None) is not None:
            yield Triple(subject, predicate, object_)
        for other in (subject, predicate, object_):
            if isinstance(other, NamedNode):
                yield from _said(store, other.value)
    for evidence in store.evidence_of(iri):
        yield from _said(store, evidence)
        yield from _parts(store, evidence)
        for document in store.node(evidence).get(quads.name("prov:wasDerivedFrom").value, []):
            yield from _said(store, document.value)


_ROLES = ("rdf:subject", "rdf:predicate", "rdf:object")
_PARTS = ("sentence", "position", "quote", "subject", "predicate", "object", "time", "cue")


def _parts(store: RdfStore, evidence: str) -> Iterator[Triple]:
    """The spans of an evidence."""
    for part in _PARTS:
        yield from _said(store, f"{evidence}/{part}")


def _said(store: RdfStore, iri: str) -> Iterator[Triple]:
    return (q.triple for q in store.oxigraph.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()))


def _found(request: Request) -> queries.Query:
    for query in queries.named():
        if query.name == request["name"]:
            return query
    raise Problem(404, f"{request['name']}: no named query; GET /api/v1/queries lists them")


# ---- writing


class Out:
    """Where an answer is written: a file that hands on blocks of some size, and takes so many bytes and no more."""

    def __init__(self, hand_on: Callable[[bytes], None], most: int) -> None:
        self._hand_on = hand_on
        self._gathered: list[bytes] = []
        self._size = 0
        self._most = self._left = most

    def write(self, data: Any) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise _too_large(f"{self._most} bytes")
        self._gathered.append(bytes(data))
        self._size += len(data)
        if self._size >= _BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._gathered:
            self._hand_on(b"".join(self._gathered))
            self._gathered, self._size = [], 0


def _triples(found: Iterable[Triple], accept: str | None, bounds: Bounds) -> Answer:
    media_type = _chosen(accept, tuple(GRAPH_FORMATS))
    format = GRAPH_FORMATS[media_type]
    prefixes = dict(quads.PREFIXES) if format is not RdfFormat.N_TRIPLES else None

    def write(out: Out) -> None:
        serialize(_counted(found, bounds), cast(IO[bytes], out), format, prefixes=prefixes)

    return Answer(media_type=media_type, write=write)


def _pieces(media_type: str, pieces: Iterable[str]) -> Answer:
    def write(out: Out) -> None:
        for piece in pieces:
            out.write(piece.encode("utf-8", "replace"))

    return Answer(media_type=media_type, write=write)


def _json(value: Any) -> Answer:
    return _pieces("application/json", (json.dumps(value, ensure_ascii=False, separators=(",", ":")),))


def _counted(found: Iterable[Any], bounds: Bounds) -> Iterator[Any]:
    """What was found, one by one.

    Raises:
        Problem: where it is more than may be.
    """
    try:
        for n, one in enumerate(found, 1):
            if n > bounds.rows:
                raise _too_large(f"{bounds.rows} rows")
            yield one
    except (OSError, ValueError) as error:
        raise Problem(500, f"the query failed while it ran: {error}") from error


def _chosen(accept: str | None, offers: Sequence[str]) -> str:
    found = best(accept, offers)
    if found is None:
        raise Problem(406, f"the answer to this query can be had as {', '.join(offers)}")
    return found


def _too_large(most: str) -> Problem:
    return Problem(422, f"the answer has over {most}, the most that this server gives; ask for less with LIMIT",
                   title="The answer is too large")  # fmt: skip
