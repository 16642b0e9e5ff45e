"""Values of the model as nodes and relationships of a property graph, and back; `docs/property-graph.md` is the schema.

Rows are plain dictionaries of what the driver takes as parameters. Names of types and labels are the only parts of a
query that cannot be parameters: `type_of` and `label_of_class` make them, and let through letters, digits and _ only.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kg import ids
from kg.consolidation import evidence_id
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
    object_key,
)
from kg.stores.codec import encode_document, encode_entity
from kg.stores.folder import to_json
from kg.stores.quads import UNNAMED_SOURCE

Row = dict[str, Any]

LABELS = frozenset({"Entity", "Literal", "Document", "Evidence", "Source", "KnowledgeGraph"})
"""Ours, which no class may take."""

OPEN_RELATION = "OPEN_RELATION"
_EVIDENCE_TYPES = frozenset({"IN", "SUBJECT", "OBJECT", "SAID_BY"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ROLES = ("subject", "predicate", "object")


# ---- names


@lru_cache(maxsize=10_000)
def type_of(predicate: str) -> str:
    """The relationship type of a predicate: PARTNERS_WITH for `partnersWith`, one for all that are no name.

    >>> type_of("https://w3id.org/policy-kg/ontology#partnersWith")
    'PARTNERS_WITH'
    """
    name = ids.predicate_name(predicate)
    if ids.is_open(predicate) or not _NAME.fullmatch(name):
        return OPEN_RELATION
    found = _HUMP.sub("_", name).upper()
    return found + "_" if found in _EVIDENCE_TYPES else found


@lru_cache(maxsize=1_000)
def label_of_class(class_iri: str) -> str | None:
    """The node label of a class; None where its name cannot be one."""
    name = ids.predicate_name(class_iri)
    if not _NAME.fullmatch(name):
        return None
    return name + "Entity" if name in LABELS else name


# ---- into rows


def of_document(document: Document) -> Row:
    return {
        "id": document.id,
        "iri": ids.document_iri(document.id),
        "title": document.title,
        "publisher": document.publisher,
        "author": document.author,
        "published": document.published,
        "url": document.url,
        "language": document.language,
        "copy_of": document.copy_of,
        "voice": document.voice,
        "version": ids.digest(to_json({**encode_document(document), "text": ""})),
    }


def of_entity(entity: Entity) -> Row:
    return {
        "iri": entity.iri,
        "label": entity.label,
        "type": entity.type,
        "class": ids.predicate_name(entity.type),
        "aliases": list(entity.aliases) or None,
        "same_as": list(entity.same_as) or None,
        "broader": entity.broader,
        "country": entity.country,
        "version": ids.digest(to_json(encode_entity(entity))),
    }


def of_literal(literal: Literal) -> Row:
    return {
        "key": object_key(literal),
        "label": literal.value,
        "value": literal.value,
        "datatype": literal.datatype,
        "unit": literal.unit,
        "version": "1",
    }


def of_source() -> Row:
    return {"iri": UNNAMED_SOURCE, "label": "unnamed source", "version": "1"}


def of_statement(statement: Statement, *, is_contradicted: bool) -> Row:
    """The relationship, without its ends."""
    return {
        "id": statement.id,
        "predicate": statement.predicate,
        "relation": ids.predicate_name(statement.predicate),
        "polarity": str(statement.polarity),
        "negated": statement.polarity is Polarity.NEGATIVE,
        "modality": str(statement.modality),
        "belief": statement.belief,
        "n_evidence": len(statement.evidence),
        "n_documents": len({e.document_id for e in statement.evidence}),
        "n_independent": statement.n_independent,
        "contradicts": statement.opposite_id if is_contradicted else None,
    }


def of_evidence(statement: Statement, evidence: Evidence, version: str) -> Row:
    valid = evidence.valid or Interval()
    return {
        "id": evidence_id(statement.id, evidence),
        "statement": statement.id,
        "predicate": statement.predicate,
        "quote": evidence.quote,
        "start": evidence.sentence.start,
        "end": evidence.sentence.end,
        **_places(evidence),
        "subject_text": evidence.subject_text,
        "predicate_text": evidence.predicate_text,
        "object_text": evidence.object_text,
        "modality": str(evidence.modality),
        "valid_from": valid.start,
        "valid_to": valid.end,
        "extractor": evidence.extractor,
        "confidence": evidence.confidence,
        "subject_link_score": evidence.subject_link_score,
        "object_link_score": evidence.object_link_score,
        "version": version,
    }


def _places(evidence: Evidence) -> Row:
    cue = evidence.attribution.cue if evidence.attribution else None
    spans = {
        "subject": evidence.subject,
        "predicate": evidence.predicate,
        "object": evidence.object,
        "time": evidence.time,
        "cue": cue,
    }
    return {f"{role}_{side}": getattr(span, side) for role, span in spans.items() if span for side in ("start", "end")}


def source_iri(evidence: Evidence) -> str | None:
    """The node to which SAID_BY leads; None where nobody is reported as saying it."""
    if evidence.attribution is None:
        return None
    return evidence.attribution.source.iri if evidence.attribution.source else UNNAMED_SOURCE


# ---- and back


def to_entity(node: Mapping[str, Any]) -> Entity:
    return Entity(
        iri=node["iri"],
        type=node["type"],
        label=node["label"],
        aliases=tuple(node.get("aliases") or ()),
        same_as=tuple(node.get("same_as") or ()),
        broader=node.get("broader"),
        country=node.get("country"),
    )


def to_document(node: Mapping[str, Any]) -> Document:
    """The document without its text, which stays in the journal."""
    known: Row = {name: node.get(name) for name in ("url", "title", "publisher", "author", "published", "copy_of", "voice")}
    return Document(id=node["id"], text="", language=node["language"], **known)


def to_statement(subject: Mapping[str, Any], relationship: Mapping[str, Any], object_: Mapping[str, Any],
                 evidence: tuple[Evidence, ...]) -> Statement:  # fmt: skip
    return Statement(
        subject=to_entity(subject),
        predicate=relationship["predicate"],
        object=to_entity(object_) if "iri" in object_ else _to_literal(object_),
        polarity=Polarity(relationship["polarity"]),
        evidence=evidence,
        belief=relationship.get("belief"),
        n_independent=relationship.get("n_independent"),
    )


def _to_literal(node: Mapping[str, Any]) -> Literal:
    return Literal(value=node["value"], datatype=node["datatype"], unit=node.get("unit"))


def to_evidence(node: Mapping[str, Any], document_id: str, source: Mapping[str, Any] | None) -> Evidence:
    spans = {role: _to_span(node, role, document_id) for role in (*_ROLES, "time", "cue")}
    cue, time = spans.pop("cue"), spans.pop("time")
    valid = (node.get("valid_from"), node.get("valid_to"))
    return Evidence(
        sentence=Span(document_id=document_id, start=node["start"], end=node["end"]),
        quote=node["quote"],
        **spans,  # type: ignore[arg-type]  # these three are always there
        **{f"{role}_text": node[f"{role}_text"] for role in _ROLES},
        extractor=node["extractor"],
        modality=Modality(node["modality"]),
        attribution=_to_attribution(source, cue),
        time=time,
        valid=Interval(start=valid[0], end=valid[1]) if any(valid) else None,
        confidence=node["confidence"],
        subject_link_score=node.get("subject_link_score"),
        object_link_score=node.get("object_link_score"),
    )


def _to_span(node: Mapping[str, Any], role: str, document_id: str) -> Span | None:
    start = node.get(f"{role}_start")
    return None if start is None else Span(document_id=document_id, start=start, end=node[f"{role}_end"])


def _to_attribution(source: Mapping[str, Any] | None, cue: Span | None) -> Attribution | None:
    if source is None or cue is None:
        return None
    return Attribution(source=None if source["iri"] == UNNAMED_SOURCE else to_entity(source), cue=cue)
