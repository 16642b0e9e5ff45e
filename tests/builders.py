"""Values of the model made by hand: short to write, complete enough for every store and export."""

from datetime import date
from typing import Any

from kg import ids
from kg.model import (
    Attribution,
    Document,
    Entity,
    Evidence,
    Literal,
    Modality,
    Polarity,
    Span,
    Statement,
)

PUBLISHED = date(2026, 2, 4)


def pol(name: str) -> str:
    """The IRI of a class or relation of the ontology."""
    return ids.ONTOLOGY + name


def entity(label: str, type: str = "Country", **others: Any) -> Entity:
    """An entity with the IRI that its class and name give it."""
    return Entity(**{"iri": ids.entity_iri(pol(type), label), "type": pol(type), "label": label, **others})


def document(id: str = "doc-1", text: str = "China dominates refining.", **others: Any) -> Document:
    defaults: dict[str, Any] = {
        "url": f"https://news.example/{id}",
        "title": f"Title of {id}",
        "publisher": "The Example",
        "published": PUBLISHED,
    }
    return Document(**{"id": id, "text": text, **defaults, **others})


def span(start: int = 0, end: int = 5, document: str = "doc-1") -> Span:
    return Span(document_id=document, start=start, end=end)


def evidence(document: str = "doc-1", *, at: int = 0, subject: str = "China", predicate: str = "dominates",
             object: str = "refining", **others: Any) -> Evidence:  # fmt: skip
    """The evidence of the sentence "SUBJECT PREDICATE OBJECT." that begins at a place of the document."""
    quote = f"{subject} {predicate} {object}."
    start_of_predicate = at + len(subject) + 1
    start_of_object = start_of_predicate + len(predicate) + 1
    made: dict[str, Any] = {
        "sentence": span(at, at + len(quote), document),
        "quote": quote,
        "subject": span(at, at + len(subject), document),
        "subject_text": subject,
        "predicate": span(start_of_predicate, start_of_predicate + len(predicate), document),
        "predicate_text": predicate,
        "object": span(start_of_object, start_of_object + len(object), document),
        "object_text": object,
        "extractor": "patterns/dominates.verb@1",
        "confidence": 0.8,
    }
    return Evidence(**{**made, **others})


def statement(subject: Entity | str = "China", predicate: str = "dominates",
              object: Entity | Literal | str = "refining", *,
              evidence: Evidence | tuple[Evidence, ...] | None = None, polarity: Polarity = Polarity.POSITIVE,
              document: str = "doc-1", **others: Any) -> Statement:  # fmt: skip
    """A statement; a name as subject stands for a country, as object for an activity, as predicate for a relation.

    Args:
        others: Passed on to the evidence, where none is given: `modality`, `at`, `confidence`.
    """
    if isinstance(subject, str):
        subject = entity(subject)
    if isinstance(object, str):
        object = entity(object, "Activity")
    words = object.label if isinstance(object, Entity) else object.value
    phrases = {"subject": subject.label, "predicate": ids.predicate_name(predicate), "object": words}
    made = evidence or _evidence(document, **phrases, **others)
    return Statement(
        subject=subject,
        predicate=predicate if ":" in predicate else pol(predicate),
        object=object,
        polarity=polarity,
        evidence=made if isinstance(made, tuple) else (made,),
    )


def document_saying(*statements: Statement, id: str = "doc-1", **others: Any) -> Document:
    """A document whose text holds the sentences of the statements at the places that their evidence names."""
    text = ""
    for item in sorted((e for s in statements for e in s.evidence), key=lambda e: e.sentence.start):
        text = text.ljust(item.sentence.start)[: item.sentence.start] + item.quote
    return document(id, text=text, **others)


def said_by(source: Entity | None, *, cue: Span | None = None, document: str = "doc-1") -> Attribution:
    return Attribution(source=source, cue=cue or span(0, 5, document))


_evidence = evidence  # also under a name that no parameter hides

PLANNED, POSSIBLE, DEMANDED = Modality.PLANNED, Modality.POSSIBLE, Modality.DEMANDED
NEGATIVE = Polarity.NEGATIVE
