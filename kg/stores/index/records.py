"""Rows of the tables as the records that are given out."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from kg import ids
from kg.ontology import Ontology
from kg.stores.index.filters import LITERALS, among
from kg.stores.index.tables import LITERAL, MODALITIES, POLARITIES

Record = dict[str, Any]

N_SOURCES = 5
"""Publishers named with a statement."""


@dataclass(frozen=True)
class Terms:
    """Classes and relations as records."""

    ontology: Ontology

    def of_class(self, iri: str) -> Record:
        return {"iri": iri, "name": ids.predicate_name(iri), "label": self.ontology.label_of(iri)}

    def of_relation(self, iri: str) -> Record:
        name = ids.predicate_name(iri)
        return {"iri": iri, "name": name, "label": self.ontology.label_of(iri) or name}


def page_of(total: int, items: Sequence[Record]) -> Record:
    return {"total": total, "items": list(items)}


# ---- nodes


def refs(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Record]:
    """Nodes in short, by their numbers: entities as references, literals with their values."""
    sql, values = among("node.number", sorted(set(numbers)))
    rows = db.execute(
        "SELECT node.number, key, kind, kind.iri, label, CASE kind WHEN 0 THEN record END "
        f"FROM node LEFT JOIN kind ON kind.number = kind WHERE {sql}", values)  # fmt: skip
    return {row[0]: _ref(*row[1:]) for row in rows}


def _ref(key: str, kind: int, class_iri: str | None, label: str, record: str | None) -> Record:
    if kind == LITERAL or class_iri is None:
        return {"iri": key, "label": label, "class": LITERALS, **json.loads(record or "{}")}
    return {"iri": key, "label": label, "class": ids.predicate_name(class_iri)}


def entity_details(db: sqlite3.Connection, number: int, terms: Terms) -> Record:
    """All about an entity but for what is said of it."""
    row = db.execute(
        "SELECT key, label, kind.iri, record, n_statements, n_documents, first, last "
        "FROM node JOIN kind ON kind.number = node.kind WHERE node.number = ?", (number,)).fetchone()  # fmt: skip
    iri, label, class_iri, record, n_statements, n_documents, first, last = row
    data = json.loads(record)
    return {
        "iri": iri,
        "label": label,
        "class": ids.predicate_name(class_iri),
        "class_iri": class_iri,
        "class_label": terms.of_class(class_iri)["label"],
        "aliases": data["aliases"],
        "same_as": data["same_as"],
        "broader": _broader(db, data["broader"]) if data["broader"] else None,
        "country": data["country"],
        "n_statements": n_statements,
        "n_documents": n_documents,
        "first": first,
        "last": last,
        "page_iri": "/?entity=" + quote(iri, safe=""),
    }


def _broader(db: sqlite3.Connection, iri: str) -> Record:
    """The broader concept; one that nothing is said of goes by the last part of its IRI."""
    row = db.execute("SELECT number FROM node WHERE key = ? AND kind > 0", (iri,)).fetchone()
    if row is not None:
        return refs(db, row)[row[0]]
    return {"iri": iri, "label": unquote(iri.rstrip("/").rsplit("/", 1)[-1]).replace("-", " "), "class": "Thing"}


# ---- statements


def statement_records(db: sqlite3.Connection, numbers: Sequence[int], terms: Terms) -> list[Record]:
    """Statements in short, in the order of the numbers."""
    sql, values = among("s.statement", numbers)
    rows = {row[0]: row[1:] for row in db.execute(
        "SELECT s.statement, id, subject, relation.iri, object, polarity, modality, belief, contradicted, n_evidence, "
        f"n_documents, n_independent, first, last FROM statement s JOIN relation ON relation.number = s.relation WHERE {sql}", values
    )}  # fmt: skip
    nodes = refs(db, (number for row in rows.values() for number in (row[1], row[3])))
    sources = _sources(db, numbers)
    return [_statement(rows[number], nodes, sources.get(number, []), terms) for number in numbers if number in rows]


def _statement(row: Sequence[Any], nodes: Mapping[int, Record], sources: list[str], terms: Terms) -> Record:
    id, subject, relation, object_, polarity, modality, belief, contradicted, *counts, first, last = row
    ends = nodes[subject]["iri"], relation, nodes[object_]["iri"]
    return {
        "id": id,
        "subject": nodes[subject],
        "predicate": terms.of_relation(relation),
        "object": nodes[object_],
        "polarity": str(POLARITIES[polarity]),
        "modality": str(MODALITIES[modality]),
        "belief": belief,
        "contradicts": ids.statement_id(*ends, POLARITIES[1 - polarity]) if contradicted else None,
        **dict(zip(("n_evidence", "n_documents", "n_independent"), counts, strict=True)),
        "sources": sources,
        "first": first,
        "last": last,
    }


def _sources(db: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The publishers behind each statement, those with most of its evidence first."""
    sql, values = among("e.statement", numbers)
    found: dict[int, list[str]] = {}
    for statement, name in db.execute(
        f"SELECT e.statement, iri FROM evidence e JOIN source ON source.number = e.source WHERE {sql} "
        "GROUP BY e.statement, e.source ORDER BY e.statement, count(*) DESC, iri", values):  # fmt: skip
        names = found.setdefault(statement, [])
        if len(names) < N_SOURCES:
            names.append(name)
    return found


# ---- evidence


def evidence_records(db: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Record]:
    """Evidence with its document, in the order of its rows.

    Args:
        where: Of the rows `e` of `evidence`, with the order and the limit.
    """
    rows = db.execute(
        "SELECT e.record, e.speaker, d.id, d.title, d.url, d.publisher, d.author, d.published "
        f"FROM evidence e CROSS JOIN document d ON d.number = e.document WHERE {where}", values).fetchall()  # fmt: skip
    speakers = refs(db, (row[1] for row in rows if row[1] is not None))
    return [_evidence(json.loads(row[0]), speakers.get(row[1]), row[2:]) for row in rows]


def _evidence(data: Mapping[str, Any], speaker: Record | None, document: Sequence[Any]) -> Record:
    sentence = _stretch(*data["sentence"])
    id, title, url, publisher, author, published = document
    return {
        "document": {
            "id": id, "iri": ids.document_iri(id), "title": title, "url": url, "publisher": publisher,
            "author": author, "published": published,
        },
        "sentence": sentence,
        **{name: _stretch(*data[name]) for name in ("subject", "predicate", "object")},
        **{name: _within(sentence, *data[name]) if data[name] else None for name in ("time", "cue")},
        "before": None,
        "after": None,
        "modality": data["modality"],
        "attribution": {"source": speaker} if data["cue"] else None,
        "valid": dict(zip(("start", "end"), data["valid"], strict=True)) if data["valid"] else None,
        "confidence": data["confidence"],
        "extractor": data["extractor"],
        "subject_link_score": data["links"][0],
        "object_link_score": data["links"][1],
    }  # fmt: skip


def _stretch(start: int, end: int, text: str) -> Record:
    return {"start": start, "end": end, "text": text}


def _within(sentence: Record, start: int, end: int) -> Record:
    """The stretch with its words; None for the words where it lies outside of the sentence."""
    is_inside = sentence["start"] <= start and end <= sentence["end"]
    words = sentence["text"][start - sentence["start"] : end - sentence["start"]] if is_inside else None
    return {"start": start, "end": end, "text": words}
