"""Between values of the model and plain JSON values: the one place that knows how they are written down.

What is encoded is decoded to an equal value. Spans are written as [start, end]: all spans of an evidence lie in
one document, which is named once.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kg import ids
from kg.model import (
    Attribution,
    Document,
    Entity,
    Evidence,
    Failure,
    Interval,
    Literal,
    Modality,
    Polarity,
    Span,
    Statement,
    object_key,
)

Json = dict[str, Any]


def encode_document(document: Document) -> Json:
    return _without_none(
        id=document.id,
        text=document.text,
        url=document.url,
        title=document.title,
        language=document.language,
        publisher=document.publisher,
        author=document.author,
        published=_iso(document.published),
        retrieved=_iso(document.retrieved),
        media_type=document.media_type,
        copy_of=document.copy_of,
        voice=document.voice,
    )


def decode_document(data: Mapping[str, Any]) -> Document:
    days = {name: _day(data.get(name)) for name in ("published", "retrieved")}
    return Document(**{**data, **days})


def encode_failure(failure: Failure) -> Json:
    return {"document_id": failure.document_id, "url": failure.url, "stage": failure.stage, "error": failure.error}


def decode_failure(data: Mapping[str, Any]) -> Failure:
    return Failure(**data)


def encode_entity(entity: Entity) -> Json:
    return _without_none(
        iri=entity.iri,
        type=entity.type,
        label=entity.label,
        aliases=list(entity.aliases) or None,
        same_as=list(entity.same_as) or None,
        broader=entity.broader,
        country=entity.country,
    )


def decode_entity(data: Mapping[str, Any]) -> Entity:
    several = {name: tuple(data.get(name, ())) for name in ("aliases", "same_as")}
    return Entity(**{**data, **several})


def encode_statement(statement: Statement) -> Json:
    value = statement.object
    return _without_none(
        subject=encode_entity(statement.subject),
        predicate=statement.predicate,
        object=encode_entity(value) if isinstance(value, Entity) else _encode_literal(value),
        polarity=str(statement.polarity),
        evidence=[encode_evidence(e) for e in statement.evidence],
        belief=statement.belief,
        n_independent=statement.n_independent,
    )


def decode_statement(data: Mapping[str, Any]) -> Statement:
    value = data["object"]
    return Statement(
        subject=decode_entity(data["subject"]),
        predicate=data["predicate"],
        object=decode_entity(value) if "iri" in value else _literal(value),
        polarity=Polarity(data["polarity"]),
        evidence=tuple(decode_evidence(e) for e in data["evidence"]),
        belief=data.get("belief"),
        n_independent=data.get("n_independent"),
    )


def id_of_encoded(data: Mapping[str, Any]) -> str:
    """The id of an encoded statement, without decoding it."""
    value = data["object"]
    key = value["iri"] if "iri" in value else object_key(_literal(value))
    return ids.statement_id(data["subject"]["iri"], data["predicate"], key, data["polarity"])


def opposite_id_of_encoded(data: Mapping[str, Any]) -> str:
    """The id of the statement that says the contrary of an encoded one."""
    other = Polarity.NEGATIVE if data["polarity"] == Polarity.POSITIVE else Polarity.POSITIVE
    return id_of_encoded({**data, "polarity": other})


def _literal(data: Mapping[str, Any]) -> Literal:
    return Literal(**data)


def _encode_literal(literal: Literal) -> Json:
    return _without_none(value=literal.value, datatype=literal.datatype, unit=literal.unit)


def encode_evidence(evidence: Evidence) -> Json:
    return _without_none(
        document=evidence.document_id,
        sentence=_range(evidence.sentence),
        quote=evidence.quote,
        subject=[*_range(evidence.subject), evidence.subject_text],
        predicate=[*_range(evidence.predicate), evidence.predicate_text],
        object=[*_range(evidence.object), evidence.object_text],
        extractor=evidence.extractor,
        modality=str(evidence.modality),
        attribution=_encode_attribution(evidence.attribution) if evidence.attribution else None,
        time=_range(evidence.time) if evidence.time else None,
        valid=[_iso(evidence.valid.start), _iso(evidence.valid.end)] if evidence.valid else None,
        confidence=evidence.confidence,
        links=_links(evidence),
    )


def decode_evidence(data: Mapping[str, Any]) -> Evidence:
    document = data["document"]
    subject, predicate, value = data["subject"], data["predicate"], data["object"]
    return Evidence(
        sentence=_span(document, data["sentence"]),
        quote=data["quote"],
        subject=_span(document, subject),
        predicate=_span(document, predicate),
        object=_span(document, value),
        subject_text=subject[2],
        predicate_text=predicate[2],
        object_text=value[2],
        extractor=data["extractor"],
        modality=Modality(data["modality"]),
        attribution=_decode_attribution(document, data["attribution"]) if "attribution" in data else None,
        time=_span(document, data["time"]) if "time" in data else None,
        valid=Interval(start=_day(data["valid"][0]), end=_day(data["valid"][1])) if "valid" in data else None,
        confidence=data["confidence"],
        subject_link_score=data.get("links", _NO_LINKS)[0],
        object_link_score=data.get("links", _NO_LINKS)[1],
    )


_NO_LINKS = (None, None)


def _links(evidence: Evidence) -> list[float | None] | None:
    scores = (evidence.subject_link_score, evidence.object_link_score)
    return None if scores == _NO_LINKS else list(scores)


def _encode_attribution(attribution: Attribution) -> Json:
    source = attribution.source
    return _without_none(source=encode_entity(source) if source else None, cue=_range(attribution.cue))


def _decode_attribution(document: str, data: Mapping[str, Any]) -> Attribution:
    source = decode_entity(data["source"]) if "source" in data else None
    return Attribution(source=source, cue=_span(document, data["cue"]))


def _range(span: Span) -> list[int]:
    return [span.start, span.end]


def _span(document: str, data: list[Any]) -> Span:
    return Span(document_id=document, start=data[0], end=data[1])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _without_none(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}
