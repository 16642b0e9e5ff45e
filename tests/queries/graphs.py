"""Graphs made by hand: a small one to read, and one in which every named query finds something."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kg.model import Document, Evidence, Literal, Statement
from kg.stores import rdf
from kg.stores.journal import Journal
from tests.builders import (
    DEMANDED,
    NEGATIVE,
    PLANNED,
    POSSIBLE,
    document_saying,
    entity,
    evidence,
    said_by,
    span,
    statement,
)

US = entity("United States", aliases=("U.S.", "America"), country="USA")
JAPAN = entity("Japan", country="JPN")
IEA = entity("IEA", "Organization", aliases=("International Energy Agency",))
GRAPHITE = entity("graphite", "Material")
FLAKE = entity("flake graphite", "Material", broader=GRAPHITE.iri)
BATTERY = entity("battery", "Product")
SMALL: Mapping[str, Sequence[Statement]] = {
    "a": [
        statement("China", document="a"),
        statement(US, "partnersWith", JAPAN, document="a", at=100),
        statement(US, "establishes", entity("reserve", "Programme"), document="a", at=200),
        statement("China", "restricts", GRAPHITE, document="a", at=300, attribution=said_by(IEA, document="a")),
    ],
    "b": [
        statement("China", document="b"),
        statement("China", document="b", polarity=NEGATIVE, at=100),
        statement(US, "funds", entity("mine", "Facility"), document="b", at=200, modality=PLANNED),
        statement(US, "dependsOn", GRAPHITE, document="b", at=300),
        statement(BATTERY, "dependsOn", US, document="b", at=400),
        statement(JAPAN, "supplies", entity("magnets", "Product"), document="b", at=500, modality=POSSIBLE),
    ],
}  # fmt: skip
ABOUT: Mapping[str, Mapping[str, Any]] = {
    "a": {"title": "Minerals", "publisher": "AP"},
    "b": {"title": "Batteries", "publisher": "Reuters"},
    "c": {"title": None, "publisher": None, "url": "https://wire.example/c", "published": date(2026, 2, 9)},
    "d": {"title": None, "publisher": None, "url": None, "published": None},
    "e": {"title": "Älter, «quoted» \"twice\" 中", "publisher": "AP", "published": date(2024, 12, 31)},
}  # fmt: skip


def within(quote: str, subject: str, predicate: str, object: str, *, at: int, links: tuple[float, float]) -> Evidence:
    """Evidence in a sentence that says more than one thing."""
    spans = {}
    for role, words in (("subject", subject), ("predicate", predicate), ("object", object)):
        start = at + quote.index(words)
        spans |= {role: span(start, start + len(words), "c"), f"{role}_text": words}
    whole = span(at, at + len(quote), "c")
    made = replace(evidence("c", at=at), sentence=whole, quote=quote, **spans)
    return replace(made, subject_link_score=links[0], object_link_score=links[1])


LONG = "Japan mines graphite, which Chile sells to Peru."
RICH: Mapping[str, Sequence[Statement]] = {
    **SMALL,
    "c": [
        statement(US, "funds", entity("mine", "Facility"), document="c"),  # was planned
        statement(JAPAN, "supplies", entity("magnets", "Product"), document="c", at=100, modality=DEMANDED),
        statement("China", document="c", polarity=NEGATIVE, at=200, attribution=said_by(None, document="c")),
        statement(GRAPHITE, "dependsOn", BATTERY, document="c", at=300),  # closes a ring
        statement(GRAPHITE, "dependsOn", entity("refining", "Activity"), document="c", at=400),
        statement(JAPAN, "produces", GRAPHITE, evidence=within(
            LONG, "Japan", "mines", "graphite", at=500, links=(0.9, 0.4))),
        statement(entity("Chile"), "supplies", entity("Peru"), evidence=within(
            LONG, "Chile", "sells", "Peru", at=500, links=(0.5, 0.3))),
        statement(FLAKE, "usedIn", BATTERY, document="c", at=600, subject_link_score=0.8),
        statement("Chile", "hasResource", FLAKE, document="c", at=700, object_link_score=0.2),
        statement("China", "controls", GRAPHITE, document="c", at=800),
        statement(BATTERY, "dependsOn", GRAPHITE, document="c", at=900, polarity=NEGATIVE),
        statement(US, "acquires", Literal(value="05", datatype="http://www.w3.org/2001/XMLSchema#integer", unit="t"),
                  document="c", at=1000),
    ],
    "d": [
        statement(US, "alliedWith", JAPAN, document="d", confidence=0.3),
        statement(US, "imposes", entity("tariff", "Measure"), document="d", at=100),
        statement(US, "https://w3id.org/policy-kg/open/is%20the%20%22largest%22%20in", entity("world", "Region"),
                  document="d", at=200),
        statement(JAPAN, "dependsOn", JAPAN, document="d", at=300),  # on itself
        statement(entity("Peru"), "partnersWith", entity("Peru"), document="d", at=400),
        statement(entity("Georgia"), "partnersWith", entity("Georgia", "Region"), document="d", at=500),
        statement(entity("Georgia", "Region"), "partnersWith", JAPAN, document="d", at=600),
    ],
    "e": [
        statement("China", document="e"),
        statement(US, "bans", entity("export", "Activity"), document="e", at=100, modality=PLANNED),
        statement(US, "restricts", entity("export", "Activity"), document="e", at=200, modality=PLANNED),
        statement(JAPAN, "supplies", entity("magnets", "Product"), document="e", at=300, modality=POSSIBLE),
        statement(entity("Peru"), "dependsOn", entity("Chile"), document="e", at=400),
        statement(entity("Chile"), "dependsOn", BATTERY, document="e", at=500),
    ],
}  # fmt: skip

BARE: Mapping[str, Sequence[Statement]] = {"d": [statement("China", document="d", polarity=NEGATIVE)]}
"""One denial, undated: what most queries find nothing in."""


def documents(said: Mapping[str, Sequence[Statement]]) -> list[Document]:
    return [document_saying(*statements, id=id, **ABOUT[id]) for id, statements in said.items()]


def write(folder: Path, said: Mapping[str, Sequence[Statement]]) -> Path:
    """The graph folder, with its RDF store."""
    with Journal.open(folder) as journal:
        for document in documents(said):
            journal.record(document, said[document.id], content_hash="c", config_hash="k")
        rdf.publish(journal)
    return folder
