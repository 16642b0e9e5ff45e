"""The graph in other formats: Turtle, TriG, N-Quads, JSON-LD, JSON Lines, CSV, GraphML, and as a networkx graph.

The same graph gives the same bytes. All but GraphML and networkx are written as they are read, one statement after
another.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, serialize
from pyoxigraph import Literal as RdfLiteral

from kg import ids
from kg.consolidation import canonical
from kg.errors import UsageError
from kg.model import Entity, Evidence, Interval, Literal, Modality, Polarity, Span, Statement, object_key
from kg.ontology import Ontology, load
from kg.stores import quads
from kg.stores.journal import Journal
from kg.stores.merged import Merged, merged
from kg.stores.rdf import all_quads

if TYPE_CHECKING:
    from networkx import MultiDiGraph

Record = dict[str, Any]


def write(journal: Journal, format: str, output: Path | None = None, *, ontology: Ontology | None = None) -> None:
    """Write the whole graph.

    Args:
        format: One of `FORMATS`.
        output: A file, for csv a folder; None is standard output.
        ontology: Where JSON Lines take the event types of predicates from; ours by default.

    Raises:
        UsageError: for an unknown format, or csv without a folder.
    """
    if format not in FORMATS:
        raise UsageError(f"{format}: no export format; choose one of {', '.join(FORMATS)}")
    with merged(journal) as graph:
        if format == "csv":
            write_csv(graph, output)
            return
        with _opened(output) as out:
            if format == "jsonl":
                write_jsonl(graph.statements(), ontology or load(), out)
            else:
                _WRITERS[format](graph, out)


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as out:
        yield out


# ---- RDF


def write_nquads(graph: Merged, out: BinaryIO) -> None:
    serialize(all_quads(graph), out, RdfFormat.N_QUADS)


def write_trig(graph: Merged, out: BinaryIO) -> None:
    serialize(all_quads(graph), out, RdfFormat.TRIG, prefixes=dict(quads.PREFIXES))


def write_turtle(graph: Merged, out: BinaryIO) -> None:
    """Turtle has no named graphs: of the bare triples it holds the asserted ones only."""
    plain = (DefaultGraph(), quads.graph_of(Modality.ASSERTED))
    triples = (Triple(q.subject, q.predicate, q.object) for q in all_quads(graph) if q.graph_name in plain)
    serialize(triples, out, RdfFormat.TURTLE, prefixes=dict(quads.PREFIXES))


_ACTORS = tuple(ids.ONTOLOGY + name for name in ("Agent", "Place", "NamedThing"))
"""Classes of those that a PLOVER event may be aimed at."""

_TYPED = {
    "oa:end": "xsd:integer", "oa:hasBody": "@id", "oa:hasSelector": "@id", "oa:hasSource": "@id", "oa:hasTarget": "@id",
    "oa:start": "xsd:integer", "owl:sameAs": "@id", "pol:belief": "xsd:decimal", "pol:confidence": "xsd:decimal",
    "pol:contradicts": "@id", "pol:copyOf": "@id", "pol:cueSpan": "@id", "pol:datatype": "@id",
    "pol:documents": "xsd:integer", "pol:independent": "xsd:integer", "pol:objectSpan": "@id", "pol:objectLinkScore": "xsd:decimal",
    "pol:predicateSpan": "@id", "pol:saidBy": "@id", "pol:subjectLinkScore": "xsd:decimal", "pol:subjectSpan": "@id", "pol:timeSpan": "@id",
    "pol:validFrom": "xsd:date", "pol:validTo": "xsd:date", "prov:wasDerivedFrom": "@id", "rdf:object": "@id",
    "rdf:predicate": "@id", "rdf:subject": "@id", "schema:datePublished": "xsd:date", "schema:url": "xsd:anyURI",
    "skos:broader": "@id",
}  # fmt: skip
"""The type of values that the JSON-LD context names, so that the values need not."""


def write_jsonld(graph: Merged, out: BinaryIO) -> None:
    """One document with a context, one node a line."""
    context = {**quads.PREFIXES, **{name: {"@id": name, "@type": kind} for name, kind in _TYPED.items()}}
    out.write(f'{{"@context": {_json(context)},\n"@graph": ['.encode())
    separator = "\n"
    for (graph_name, subject), group in groupby(all_quads(graph), key=lambda q: (q.graph_name, q.subject)):
        node = _jsonld_node(subject, group)
        if not isinstance(graph_name, DefaultGraph):
            node = {"@id": _compact(graph_name), "@graph": [node]}
        out.write((separator + _json(node)).encode())
        separator = ",\n"
    out.write(b"\n]}\n")


def _jsonld_node(subject: Any, said: Iterable[Quad]) -> Record:
    node: Record = {"@id": _compact(subject)}
    for quad in said:
        name = _compact(quad.predicate)
        if name == "rdf:type":
            name, value = "@type", _compact(quad.object)
        else:
            value = _jsonld_value(quad.object, _TYPED.get(name))
        node.setdefault(name, []).append(value)
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in node.items()}


def _jsonld_value(value: Any, kind: str | None) -> Any:
    if not isinstance(value, RdfLiteral):
        return _compact(value) if kind == "@id" else {"@id": _compact(value)}
    datatype = _compact(value.datatype)
    if datatype == (kind or "xsd:string"):
        return value.value
    return {"@value": value.value} if datatype == "xsd:string" else {"@value": value.value, "@type": datatype}


def _compact(node: Any) -> str:
    """The IRI with its prefix, where it has one of ours."""
    iri: str = node.value
    for prefix, start in quads.PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


# ---- JSON Lines


def write_jsonl(statements: Iterable[Statement], ontology: Ontology, out: BinaryIO) -> None:
    """One statement a line."""
    for statement in statements:
        out.write((_json(statement_record(statement, ontology)) + "\n").encode())


def statement_record(statement: Statement, ontology: Ontology) -> Record:
    """The statement as one JSON object: what it says, and each place that says it with the words under its spans."""
    record: Record = {
        "id": canonical(statement, ontology.is_symmetric).id,
        "polarity": str(statement.polarity),
        "modality": str(statement.modality),
        "subject": entity_record(statement.subject),
        "predicate": {
            "iri": statement.predicate,
            "name": ids.predicate_name(statement.predicate),
            "plover": _event_type(statement, ontology),
        },
        "object": _object_record(statement.object),
        "evidence": [evidence_record(e) for e in statement.evidence],
    }
    if statement.belief is not None:
        record["belief"] = statement.belief
    if statement.n_independent is not None:
        record["n_documents"] = len({e.document_id for e in statement.evidence})
        record["n_independent"] = statement.n_independent
    return record


def _event_type(statement: Statement, ontology: Ontology) -> str | None:
    """The PLOVER type of the event; None of what is denied, and of what is done to other things than actors."""
    is_denied = statement.polarity is Polarity.NEGATIVE
    if is_denied or not isinstance(statement.object, Entity) or not ontology.fits(statement.object.type, _ACTORS):
        return None
    return ontology.plover_of(statement.predicate, is_planned=statement.modality is Modality.PLANNED)


def entity_record(entity: Entity) -> Record:
    """The entity as a JSON object."""
    record: Record = {"iri": entity.iri, "label": entity.label, "type": ids.predicate_name(entity.type)}
    extra = {
        "aliases": list(entity.aliases),
        "same_as": list(entity.same_as),
        "broader": entity.broader,
        "country": entity.country,
    }
    return record | {name: value for name, value in extra.items() if value}


def _object_record(value: Entity | Literal) -> Record:
    if isinstance(value, Entity):
        return entity_record(value)
    record: Record = {"value": value.value, "datatype": value.datatype}
    return record | ({"unit": value.unit} if value.unit else {})


def evidence_record(evidence: Evidence) -> Record:
    """The evidence as a JSON object; offsets count code points of the document's text."""
    record: Record = {
        "document": evidence.document_id,
        "sentence": _stretch(evidence.sentence, evidence.quote),
        "subject": _stretch(evidence.subject, evidence.subject_text),
        "predicate": _stretch(evidence.predicate, evidence.predicate_text),
        "object": _stretch(evidence.object, evidence.object_text),
        "modality": str(evidence.modality),
        "attribution": _attribution(evidence),
        "confidence": evidence.confidence,
        "extractor": evidence.extractor,
    }
    extra = {
        "subject_link_score": evidence.subject_link_score,
        "object_link_score": evidence.object_link_score,
        "time": _range(evidence.time) if evidence.time else None,
        "valid": _interval(evidence.valid),
    }
    return record | {name: value for name, value in extra.items() if value is not None}


def _attribution(evidence: Evidence) -> Record | None:
    """Who says it; the source is null where the text leaves it unnamed."""
    if evidence.attribution is None:
        return None
    source = evidence.attribution.source
    return {"source": entity_record(source) if source else None, "cue": _range(evidence.attribution.cue)}


def _interval(valid: Interval | None) -> Record | None:
    days = {"start": valid.start, "end": valid.end} if valid else {}
    return {name: day.isoformat() for name, day in days.items() if day} or None


def _range(span: Span) -> Record:
    return {"start": span.start, "end": span.end}


def _stretch(span: Span, text: str) -> Record:
    return {**_range(span), "text": text}


# ---- property graphs


_NODE_COLUMNS = ("iri", "label", "type", "aliases", "same_as", "broader", "country")
_EDGE_COLUMNS = (
    "id", "subject", "predicate", "relation", "object", "polarity", "modality", "belief", "n_evidence", "n_independent",
    "documents",
)  # fmt: skip


def write_csv(graph: Merged, folder: Path | None) -> None:
    """nodes.csv and edges.csv; several values of one cell are joined by "|".

    Literals are nodes of the type "Literal". A denied statement is an edge whose polarity is "negative".
    """
    if folder is None:
        raise UsageError("csv makes two files; name a folder for them with --output")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "nodes.csv").open("w", encoding="utf-8", newline="") as nodes,
        (folder / "edges.csv").open("w", encoding="utf-8", newline="") as edges,
    ):
        node_rows = csv.DictWriter(nodes, _NODE_COLUMNS, lineterminator="\n")
        edge_rows = csv.DictWriter(edges, _EDGE_COLUMNS, lineterminator="\n")
        node_rows.writeheader()
        edge_rows.writeheader()
        node_rows.writerows(_node(entity) for entity in graph.entities())
        seen: set[str] = set()
        for statement in graph.statements():
            edge_rows.writerow(_edge(statement))
            key = object_key(statement.object)
            if isinstance(statement.object, Literal) and key not in seen:
                seen.add(key)
                node_rows.writerow(_node(statement.object))


def to_networkx(statements: Iterable[Statement]) -> "MultiDiGraph[str]":
    """Entities and literals as nodes, statements as edges under their ids.

    A denied statement is an edge too, with `polarity="negative"`: look at it before counting paths.
    """
    import networkx

    graph: MultiDiGraph[str] = networkx.MultiDiGraph()
    for statement in statements:
        for value in (statement.subject, statement.object):
            graph.add_node(object_key(value), **_present(_node(value), without="iri"))
        edge = _present(_edge(statement), without="id")
        graph.add_edge(edge.pop("subject"), edge.pop("object"), key=statement.id, **edge)
    return graph


def write_graphml(graph: Merged, out: BinaryIO) -> None:
    import networkx

    networkx.write_graphml(to_networkx(graph.statements()), out)


def _node(value: Entity | Literal) -> Record:
    if isinstance(value, Literal):
        label = f"{value.value} {value.unit}" if value.unit else value.value
        return {"iri": object_key(value), "label": label, "type": "Literal"}
    return {
        "iri": value.iri,
        "label": value.label,
        "type": ids.predicate_name(value.type),
        "aliases": "|".join(value.aliases),
        "same_as": "|".join(value.same_as),
        "broader": value.broader,
        "country": value.country,
    }


def _edge(statement: Statement) -> Record:
    return {
        "id": statement.id,
        "subject": statement.subject.iri,
        "predicate": statement.predicate,
        "relation": ids.predicate_name(statement.predicate),
        "object": object_key(statement.object),
        "polarity": str(statement.polarity),
        "modality": str(statement.modality),
        "belief": statement.belief,
        "n_evidence": len(statement.evidence),
        "n_independent": statement.n_independent,
        "documents": "|".join(sorted({e.document_id for e in statement.evidence})),
    }


def _present(record: Record, *, without: str) -> Record:
    return {name: value for name, value in record.items() if name != without and value not in (None, "")}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_WRITERS: Mapping[str, Callable[[Merged, BinaryIO], None]] = {
    "turtle": write_turtle,
    "trig": write_trig,
    "nquads": write_nquads,
    "jsonld": write_jsonld,
    "graphml": write_graphml,
}

FORMATS = (*_WRITERS, "jsonl", "csv")
"""What `write` can write."""
