"""Values of the model as RDF, and back: the one place that knows how a statement is drawn in quads.

Everything lies in the default graph but the bare triples, which lie in the graph of their modality. There are no
blank nodes, so the same statements give the same quads. Spans hang under their evidence, so evidence can be taken
out whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from urllib.parse import unquote

from pyoxigraph import DefaultGraph, NamedNode, Quad
from pyoxigraph import Literal as RdfLiteral

from kg import ids, ontology
from kg.consolidation import evidence_id, join
from kg.model import (
    Attribution,
    Document,
    Entity,
    Evidence,
    Interval,
    Literal,
    Modality,
    Polarity,
    Span,
    Statement,
)

PREFIXES: Mapping[str, str] = {
    "document": ids.BASE + "document/",
    "entity": ids.BASE + "entity/",
    "evidence": ids.BASE + "evidence/",
    "graph": ids.GRAPH,
    "oa": "http://www.w3.org/ns/oa#",
    "open": ids.BASE + "open/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pol": ids.ONTOLOGY,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "statement": ids.BASE + "statement/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

UNNAMED_SOURCE = ids.BASE + "source/unnamed"
"""Who is reported as saying it where the text gives no name."""

_Object = NamedNode | RdfLiteral
Node = Mapping[str, list[_Object]]
"""What is said of one subject: by IRI of the predicate."""

NodeOf = Callable[[str], Node]
"""From an IRI to what is said of it in the default graph."""


@lru_cache(maxsize=200)
def name(prefixed: str) -> NamedNode:
    """The IRI behind a prefixed name."""
    prefix, _, local = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def graph_of(modality: Modality) -> NamedNode:
    """The named graph of bare triples of that modality."""
    return NamedNode(ids.GRAPH + modality)


# ---- into quads


def of_document(document: Document) -> list[Quad]:
    said: list[tuple[str, _Object | None]] = [
        ("rdf:type", name("schema:NewsArticle")),
        ("schema:identifier", RdfLiteral(document.id)),
        ("schema:headline", _text(document.title)),
        ("schema:publisher", _text(document.publisher)),
        ("schema:author", _text(document.author)),
        ("schema:datePublished", _date(document.published)),
        ("schema:inLanguage", RdfLiteral(document.language)),
        ("schema:url", RdfLiteral(document.url, datatype=name("xsd:anyURI")) if document.url else None),
        ("pol:copyOf", NamedNode(ids.document_iri(document.copy_of)) if document.copy_of else None),
        ("pol:voice", _text(document.voice)),
    ]
    return _quads(NamedNode(ids.document_iri(document.id)), said)


def of_entity(entity: Entity) -> list[Quad]:
    said: list[tuple[str, _Object | None]] = [
        ("rdf:type", NamedNode(entity.type)),
        ("rdfs:label", RdfLiteral(entity.label)),
        *(("skos:altLabel", RdfLiteral(alias)) for alias in entity.aliases),
        *(("owl:sameAs", NamedNode(iri)) for iri in entity.same_as),
        ("skos:broader", NamedNode(entity.broader) if entity.broader else None),
        ("pol:country", _text(entity.country)),
    ]
    return _quads(NamedNode(entity.iri), said)


def of_predicate(iri: str) -> list[Quad]:
    """Its name: of a property of the ontology its local name, of an open predicate the phrase."""
    label = RdfLiteral(ids.predicate_name(iri))
    return _quads(NamedNode(iri), [("rdf:type", name("rdf:Property")), ("rdfs:label", label)])


def of_unnamed_source() -> list[Quad]:
    label = RdfLiteral("unnamed source")
    return _quads(NamedNode(UNNAMED_SOURCE), [("rdf:type", name("prov:Agent")), ("rdfs:label", label)])


def of_statement(statement: Statement, *, is_contradicted: bool) -> list[Quad]:
    """The statement, its evidence and its bare triple; not its entities."""
    node = NamedNode(ids.statement_iri(statement.id))
    said: list[tuple[str, _Object | None]] = [
        ("rdf:type", name("pol:Statement")),
        ("rdf:subject", NamedNode(statement.subject.iri)),
        ("rdf:predicate", NamedNode(statement.predicate)),
        ("rdf:object", _object(statement.object)),
        ("pol:polarity", RdfLiteral(statement.polarity)),
        ("pol:modality", RdfLiteral(statement.modality)),
        ("pol:belief", _maybe(statement.belief)),
        ("pol:documents", _integer(len({e.document_id for e in statement.evidence}))),
        ("pol:independent", _integer(statement.n_independent) if statement.n_independent is not None else None),
        ("pol:contradicts", NamedNode(ids.statement_iri(statement.opposite_id)) if is_contradicted else None),
        *(_as_written(statement.object) if isinstance(statement.object, Literal) else ()),
    ]
    quads = _quads(node, said) + bare_triples(statement)
    for evidence in statement.evidence:
        quads += of_evidence(statement.id, evidence)
    return quads


def bare_triples(statement: Statement) -> list[Quad]:
    """The plain triple, in the graph of the statement's modality, both ways for a symmetric relation of ours.

    None where it is denied, nor for a number with a unit: without the unit the triple would say something else.
    """
    if statement.polarity is Polarity.NEGATIVE or (isinstance(statement.object, Literal) and statement.object.unit):
        return []
    subject, predicate = NamedNode(statement.subject.iri), NamedNode(statement.predicate)
    object_, graph = _object(statement.object), graph_of(statement.modality)
    triples = [Quad(subject, predicate, object_, graph)]
    if statement.predicate in symmetric_predicates() and isinstance(object_, NamedNode):
        triples.append(Quad(object_, predicate, subject, graph))
    return triples


@cache
def symmetric_predicates() -> frozenset[str]:
    """The relations of our ontology that hold both ways."""
    return frozenset(iri for iri, found in ontology.load().properties.items() if found.symmetric)


def of_evidence(statement_id: str, evidence: Evidence) -> list[Quad]:
    iri = ids.evidence_iri(evidence_id(statement_id, evidence))
    document = NamedNode(ids.document_iri(evidence.document_id))
    valid, attribution = evidence.valid or Interval(), evidence.attribution
    said: list[tuple[str, _Object | None]] = [
        ("rdf:type", name("oa:Annotation")),
        ("rdf:type", name("pol:Evidence")),
        ("oa:hasBody", NamedNode(ids.statement_iri(statement_id))),
        ("oa:hasTarget", NamedNode(iri + "/sentence")),
        ("prov:wasDerivedFrom", document),
        ("pol:extractor", RdfLiteral(evidence.extractor)),
        ("pol:modality", RdfLiteral(evidence.modality)),
        ("pol:confidence", _decimal(evidence.confidence)),
        ("pol:subjectLinkScore", _maybe(evidence.subject_link_score)),
        ("pol:objectLinkScore", _maybe(evidence.object_link_score)),
        ("pol:saidBy", _source(attribution) if attribution else None),
        ("pol:validFrom", _date(valid.start)),
        ("pol:validTo", _date(valid.end)),
        ("pol:subjectText", RdfLiteral(evidence.subject_text)),
        ("pol:predicateText", RdfLiteral(evidence.predicate_text)),
        ("pol:objectText", RdfLiteral(evidence.object_text)),
    ]
    quads = _quads(NamedNode(iri), said) + _of_sentence(iri, evidence, document)
    for role, span in _spans(evidence).items():
        quads += _quads(NamedNode(iri), [(f"pol:{role}Span", NamedNode(f"{iri}/{role}"))])
        quads += _of_span(f"{iri}/{role}", span)
    return quads


def _spans(evidence: Evidence) -> dict[str, Span]:
    spans = {"subject": evidence.subject, "predicate": evidence.predicate, "object": evidence.object}
    if evidence.time is not None:
        spans["time"] = evidence.time
    if evidence.attribution is not None:
        spans["cue"] = evidence.attribution.cue
    return spans


def _of_sentence(iri: str, evidence: Evidence, document: NamedNode) -> list[Quad]:
    target, position, quote = f"{iri}/sentence", f"{iri}/position", f"{iri}/quote"
    return [
        *_quads(NamedNode(target), [
            ("rdf:type", name("oa:SpecificResource")),
            ("oa:hasSource", document),
            ("oa:hasSelector", NamedNode(position)),
            ("oa:hasSelector", NamedNode(quote)),
        ]),
        *_of_span(position, evidence.sentence),
        *_quads(NamedNode(quote), [
            ("rdf:type", name("oa:TextQuoteSelector")),
            ("oa:exact", RdfLiteral(evidence.quote)),
        ]),
    ]  # fmt: skip


def _of_span(iri: str, span: Span) -> list[Quad]:
    said: list[tuple[str, _Object | None]] = [
        ("rdf:type", name("oa:TextPositionSelector")),
        ("oa:start", _integer(span.start)),
        ("oa:end", _integer(span.end)),
    ]
    return _quads(NamedNode(iri), said)


def _quads(subject: NamedNode, said: Iterable[tuple[str, _Object | None]]) -> list[Quad]:
    return [Quad(subject, name(predicate), value, DefaultGraph()) for predicate, value in said if value is not None]


def _object(value: Entity | Literal) -> _Object:
    if isinstance(value, Entity):
        return NamedNode(value.iri)
    return RdfLiteral(value.value, datatype=NamedNode(value.datatype))


def _as_written(value: Literal) -> Iterator[tuple[str, _Object | None]]:
    """The literal as it was given: a store may write 05 as 5, and RDF has no place for a unit."""
    yield "pol:value", RdfLiteral(value.value)
    yield "pol:datatype", NamedNode(value.datatype)
    yield "pol:unit", _text(value.unit)


def has_unnamed_source(statement: Statement) -> bool:
    return any(e.attribution is not None and e.attribution.source is None for e in statement.evidence)


def _source(attribution: Attribution) -> NamedNode:
    return NamedNode(attribution.source.iri if attribution.source else UNNAMED_SOURCE)


def _text(value: str | None) -> RdfLiteral | None:
    return RdfLiteral(value) if value else None


def _date(day: date | None) -> RdfLiteral | None:
    return RdfLiteral(day.isoformat(), datatype=name("xsd:date")) if day else None


def _integer(number: int) -> RdfLiteral:
    return RdfLiteral(str(number), datatype=name("xsd:integer"))


def _maybe(number: float | None) -> RdfLiteral | None:
    return _decimal(number) if number is not None else None


def _decimal(number: float) -> RdfLiteral:
    """The number to six places, in its canonical form."""
    return RdfLiteral(f"{Decimal(str(round(number, 6))).normalize():f}", datatype=name("xsd:decimal"))


# ---- and back


def node(quads: Iterable[Quad]) -> Node:
    """What quads of one subject say, by predicate."""
    said: defaultdict[str, list[_Object]] = defaultdict(list)
    for quad in quads:
        assert isinstance(quad.object, NamedNode | RdfLiteral)  # we write no other
        said[quad.predicate.value].append(quad.object)
    return said


def to_document(document_id: str, node_of: NodeOf) -> Document:
    """What the store says of a document, whose text stays in the journal: `text` is empty."""
    said = node_of(ids.document_iri(document_id))
    published = _first(said, "schema:datePublished")
    return Document(
        id=document_id,
        text="",
        url=_first(said, "schema:url"),
        title=_first(said, "schema:headline"),
        publisher=_first(said, "schema:publisher"),
        author=_first(said, "schema:author"),
        published=date.fromisoformat(published) if published else None,
        copy_of=document_id_of(copied) if (copied := _first(said, "pol:copyOf")) else None,
        voice=_first(said, "pol:voice"),
    )


def to_entity(iri: str, node_of: NodeOf) -> Entity:
    said = node_of(iri)
    return Entity(
        iri=iri,
        type=_first(said, "rdf:type") or "",
        label=_first(said, "rdfs:label") or "",
        aliases=_all(said, "skos:altLabel"),
        same_as=_all(said, "owl:sameAs"),
        broader=_first(said, "skos:broader"),
        country=_first(said, "pol:country"),
    )


def to_statement(iri: str, evidence_iris: Iterable[str], node_of: NodeOf) -> Statement:
    """The statement with the evidence of those IRIs, in the order of their places."""
    said = node_of(iri)
    return Statement(
        subject=to_entity(_one(said, "rdf:subject"), node_of),
        predicate=_one(said, "rdf:predicate"),
        object=_to_object(said, node_of),
        polarity=Polarity(_one(said, "pol:polarity")),
        evidence=join(to_evidence(e, node_of) for e in evidence_iris),
        belief=_number(said, "pol:belief"),
        n_independent=int(voices) if (voices := _first(said, "pol:independent")) else None,
    )


def to_evidence(iri: str, node_of: NodeOf) -> Evidence:
    said = node_of(iri)
    document = document_id_of(_one(said, "prov:wasDerivedFrom"))
    spans = {role: _to_span(f"{iri}/{role}", document, node_of) for role in ("subject", "predicate", "object")}
    time = _first(said, "pol:timeSpan")
    return Evidence(
        sentence=_to_span(f"{iri}/position", document, node_of),
        quote=_one(node_of(f"{iri}/quote"), "oa:exact"),
        **spans,
        subject_text=_one(said, "pol:subjectText"),
        predicate_text=_one(said, "pol:predicateText"),
        object_text=_one(said, "pol:objectText"),
        extractor=_one(said, "pol:extractor"),
        modality=Modality(_one(said, "pol:modality")),
        attribution=_to_attribution(iri, said, document, node_of),
        time=_to_span(time, document, node_of) if time else None,
        valid=_to_interval(said),
        confidence=float(_one(said, "pol:confidence")),
        subject_link_score=_number(said, "pol:subjectLinkScore"),
        object_link_score=_number(said, "pol:objectLinkScore"),
    )


def document_id_of(document_iri: str) -> str:
    return unquote(document_iri.removeprefix(ids.document_iri("")))


def _to_object(said: Node, node_of: NodeOf) -> Entity | Literal:
    value = _first(said, "pol:value")
    if value is None:
        return to_entity(_one(said, "rdf:object"), node_of)
    return Literal(value=value, datatype=_one(said, "pol:datatype"), unit=_first(said, "pol:unit"))


def _to_attribution(iri: str, said: Node, document: str, node_of: NodeOf) -> Attribution | None:
    source = _first(said, "pol:saidBy")
    if source is None:
        return None
    entity = to_entity(source, node_of) if source != UNNAMED_SOURCE else None
    return Attribution(source=entity, cue=_to_span(f"{iri}/cue", document, node_of))


def _to_interval(said: Node) -> Interval | None:
    start, end = _first(said, "pol:validFrom"), _first(said, "pol:validTo")
    if start is None and end is None:
        return None
    return Interval(start=date.fromisoformat(start) if start else None, end=date.fromisoformat(end) if end else None)


def _to_span(iri: str, document: str, node_of: NodeOf) -> Span:
    said = node_of(iri)
    return Span(document_id=document, start=int(_one(said, "oa:start")), end=int(_one(said, "oa:end")))


def _all(said: Node, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(value.value for value in said.get(name(predicate).value, ())))


def _first(said: Node, predicate: str) -> str | None:
    return next(iter(_all(said, predicate)), None)


def _number(said: Node, predicate: str) -> float | None:
    found = _first(said, predicate)
    return float(found) if found is not None else None


def _one(said: Node, predicate: str) -> str:
    return _all(said, predicate)[0]
