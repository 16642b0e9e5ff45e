"""The reading index of a graph, written: all of it in one walk, or what has changed since."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from kg.model import Document, Entity, Evidence, Interval, Literal, Modality, Span, Statement, object_key
from kg.stores.folder import to_json
from kg.stores.index.names import fold
from kg.stores.index.tables import (
    BOTH,
    INDEXES,
    LITERAL,
    MODALITIES,
    OBJECT,
    POLARITIES,
    SEARCH,
    SUBJECT,
    TABLES,
    VERSION,
)

_ROWS_AT_A_TIME = 5_000
_CACHED_NUMBERS = 20_000
_CACHE_KB = 64_000


EVIDENCE = "evidence (statement, document, start, published, source, speaker, record)"

Ends = tuple[int, int, int, int]
"""Number and kind of the subject, number and kind of the object."""

Summary = tuple[int, float | None, int, int, int | None, str | None, str | None]
"""What the evidence comes to: modality, belief, how much of it, from how many documents, how many of them by
themselves, first and last day."""


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes the file in one transaction, without a journal: the file is a draft until it is done."""
    db = sqlite3.connect(file, isolation_level=None)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}", "temp_store = MEMORY"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        yield db
        db.execute("COMMIT")
    finally:
        db.close()


@contextmanager
def making(file: Path, contradicted: frozenset[str]) -> Iterator["Writer"]:
    """A writer of a new index, which is in the file when the `with` ends well.

    Args:
        contradicted: The ids of the statements whose contrary is there too.
    """
    with draft(file) as place, opened(place) as db:
        _run(db, TABLES)
        writer = Writer(db, contradicted)
        yield writer
        writer.finish()


@contextmanager
def draft(file: Path) -> Iterator[Path]:
    """A place to write to, which takes the place of the file when the `with` ends well."""
    place = file.with_suffix(".draft")
    place.unlink(missing_ok=True)
    yield place
    with place.open("rb+") as written:
        os.fsync(written.fileno())
    place.replace(file)


def _run(db: sqlite3.Connection, script: str) -> None:
    """Each command of the script, within the transaction."""
    for command in script.split(";"):
        db.execute(command)


@dataclass
class Writer:
    """Puts documents, then entities, then statements into the tables."""

    db: sqlite3.Connection
    contradicted: frozenset[str] = frozenset()
    """The ids of the statements whose contrary is there too."""
    _last: int = 0
    _statements: list[tuple[Any, ...]] = field(default_factory=list)
    _sides: list[tuple[Any, ...]] = field(default_factory=list)
    _evidence: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def on(cls, db: sqlite3.Connection) -> Self:
        (last,) = db.execute("SELECT coalesce(max(statement), 0) FROM statement").fetchone()
        return cls(db, _last=last)

    def __post_init__(self) -> None:
        self.number_of = lru_cache(_CACHED_NUMBERS)(self._number_of)
        self._node = lru_cache(_CACHED_NUMBERS)(self._find_node)
        self._document = lru_cache(_CACHED_NUMBERS)(self._find_document)

    def add(self, value: Document | Entity | Statement) -> None:
        """Take in one of them; what a statement speaks of must be there already."""
        if isinstance(value, Statement):
            self.add_statement(value, is_contradicted=value.id in self.contradicted)
        elif isinstance(value, Entity):
            self.add_entity(value)
        else:
            self.add_document(value)

    # ---- documents and entities

    def add_document(self, document: Document) -> None:
        source = source_of(document)
        row = (
            document.id, document.title, fold(document.title or document.id), document.url, document.publisher,
            document.author, document.published.isoformat() if document.published else None, document.language,
            self.number_of("source", source) if source else None, document.copy_of, document.voice,
        )  # fmt: skip
        self.db.execute(
            "INSERT INTO document (id, title, folded, url, publisher, author, published, language, source, "
            "copy_of, voice) "
            f"VALUES ({_marks(row)})", row)  # fmt: skip

    def add_entity(self, entity: Entity) -> None:
        row = (entity.iri, self.number_of("kind", entity.type), entity.label, entity_record(entity))
        number = self.db.execute("INSERT INTO node (key, kind, label, record) VALUES (?, ?, ?, ?)", row).lastrowid
        assert number is not None
        self.add_names(number, entity)

    def add_names(self, node: int, entity: Entity) -> None:
        rows = [(node, name == entity.label, name, fold(name)) for name in (entity.label, *entity.aliases)]
        self.db.executemany("INSERT INTO name (node, is_label, text, folded) VALUES (?, ?, ?, ?)", rows)

    def _number_of(self, table: str, iri: str) -> int:
        """The number of a class, relation or source, which is put in where it is new."""
        self.db.execute(f"INSERT OR IGNORE INTO {table} (iri) VALUES (?)", (iri,))
        number: int = self.db.execute(f"SELECT number FROM {table} WHERE iri = ?", (iri,)).fetchone()[0]
        return number

    # ---- statements

    def add_statement(self, statement: Statement, *, is_contradicted: bool) -> None:
        self._last += 1
        ends = self.ends_of(statement)
        relation = self.number_of("relation", statement.predicate)
        rows = [self.evidence_row(self._last, evidence) for evidence in statement.evidence]
        support = statement.belief, statement.n_independent
        summary = summary_of(statement.modality, support, [(row[1], row[3]) for row in rows])
        values = (relation, POLARITIES.index(statement.polarity), is_contradicted)
        self._statements.append(statement_row(self._last, statement.id, ends, values, summary))
        self._sides += side_rows(self._last, ends, values, summary)
        self._evidence += rows
        if len(self._evidence) >= _ROWS_AT_A_TIME:
            self.flush()

    def ends_of(self, statement: Statement) -> "Ends":
        """The numbers and kinds of its subject and object."""
        value = statement.object
        object_ = self._literal(value) if isinstance(value, Literal) else self._node(value.iri)
        return *self._node(statement.subject.iri), *object_

    def evidence_row(self, statement: int, evidence: Evidence) -> tuple[Any, ...]:
        """Statement, document, start, day of publication, source, speaker, record."""
        document, published, source = self._document(evidence.document_id)
        speaker = evidence.attribution.source if evidence.attribution else None
        return (statement, document, evidence.sentence.start, published, source,
                self._node(speaker.iri)[0] if speaker else None, evidence_record(evidence))  # fmt: skip

    def _find_node(self, key: str) -> tuple[int, int]:
        """Number and kind."""
        row: tuple[int, int] = self.db.execute("SELECT number, kind FROM node WHERE key = ?", (key,)).fetchone()
        return row

    def _literal(self, value: Literal) -> tuple[int, int]:
        key, label = object_key(value), f"{value.value} {value.unit}" if value.unit else value.value
        record = to_json({"value": value.value, "datatype": value.datatype, "unit": value.unit})
        row = (key, LITERAL, label, record)
        self.db.execute("INSERT OR IGNORE INTO node (key, kind, label, record) VALUES (?, ?, ?, ?)", row)
        return self._node(key)

    def _find_document(self, id: str) -> tuple[int, str | None, int | None]:
        """Number, day of publication, and number of the source."""
        row: tuple[int, str | None, int | None] = self.db.execute(
            "SELECT number, published, source FROM document WHERE id = ?", (id,)
        ).fetchone()
        return row

    def flush(self) -> None:
        """Write what has been gathered."""
        for table, rows in (("statement", self._statements), ("side", self._sides), (EVIDENCE, self._evidence)):
            if rows:
                self.db.executemany(f"INSERT INTO {table} VALUES ({_marks(rows[0])})", rows)
                rows.clear()

    # ---- what is counted at the end

    def finish(self) -> None:
        """Put what is counted and looked up by into a new index."""
        self.flush()
        _run(self.db, INDEXES)
        self.count_nodes()
        self.count_documents()
        _run(self.db, SEARCH)
        for table in ("word", "gram", "title_word"):
            self.db.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
        self.summarise()
        self.db.execute(f"PRAGMA user_version = {VERSION}")

    def count_nodes(self, keys: Sequence[str] | None = None) -> None:
        """Count what is said of these nodes, or of all."""
        self.db.execute(f"""
            UPDATE node SET
              n_statements = (SELECT count(*) FROM side WHERE side.node = node.number),
              (n_documents, first, last) = (
                SELECT count(DISTINCT document), min(published), max(published)
                FROM side CROSS JOIN evidence ON evidence.statement = side.statement WHERE side.node = node.number
              ) {_among("key", keys)}""", _listed(keys))  # fmt: skip

    def count_documents(self, ids: Sequence[str] | None = None) -> None:
        """Count what these documents say, or all."""
        self.db.execute(f"""
            UPDATE document SET n_statements = (
              SELECT count(DISTINCT statement) FROM evidence WHERE evidence.document = document.number
            ) {_among("id", ids)}""", _listed(ids))  # fmt: skip

    def summarise(self) -> None:
        """Keep the counts of the whole graph."""
        self.db.execute("INSERT OR REPLACE INTO fact VALUES ('summary', ?)", (to_json(_summary(self.db)),))


def _marks(row: Sequence[Any]) -> str:
    return ", ".join("?" * len(row))


def _among(column: str, values: Sequence[str] | None) -> str:
    return f"WHERE {column} IN (SELECT value FROM json_each(?))" if values is not None else ""


def _listed(values: Sequence[str] | None) -> tuple[str, ...]:
    return (json.dumps(values),) if values is not None else ()


_N_SOURCES = 50


def _summary(db: sqlite3.Connection) -> dict[str, Any]:
    def counted(sql: str) -> list[list[Any]]:
        return [list(row) for row in db.execute(f"{sql} ORDER BY 2 DESC, 1")]

    (n_documents,) = db.execute("SELECT count(*) FROM document").fetchone()
    (n_entities,) = db.execute(f"SELECT count(*) FROM node WHERE kind != {LITERAL}").fetchone()
    (n_statements,) = db.execute("SELECT count(*) FROM statement").fetchone()
    (n_evidence,) = db.execute("SELECT count(*) FROM evidence").fetchone()
    first, last = db.execute("SELECT min(published), max(published) FROM document").fetchone()
    return {
        "n_documents": n_documents,
        "n_entities": n_entities,
        "n_statements": n_statements,
        "n_evidence": n_evidence,
        "first": first,
        "last": last,
        "classes": counted("SELECT iri, count(*) FROM node JOIN kind ON kind.number = node.kind GROUP BY kind"),
        "relations": counted(
            "SELECT iri, n FROM (SELECT relation, count(*) n FROM statement GROUP BY relation) "
            "JOIN relation ON relation.number = relation"
        ),
        "modalities": counted("SELECT modality, count(*) FROM statement GROUP BY modality"),
        "sources": counted(
            "SELECT iri, n FROM (SELECT source, count(DISTINCT statement) n FROM evidence WHERE source IS NOT NULL "
            "GROUP BY source) found JOIN source ON source.number = found.source"
        )[:_N_SOURCES],
    }


# ---- rows


def summary_of(modality: Modality, support: tuple[float | None, int | None],
               places: Sequence[tuple[int, str | None]]) -> Summary:  # fmt: skip
    """
    Args:
        support: Belief, and how many say it by themselves.
        places: Document and day of publication of each evidence.
    """
    days = [day for _, day in places if day]
    n_documents = len({document for document, _ in places})
    belief, n_independent = support
    span = min(days, default=None), max(days, default=None)
    return MODALITIES.index(modality), belief, len(places), n_documents, n_independent, *span


def statement_row(
    number: int, id: str, ends: Ends, values: tuple[int, int, bool], summary: Summary
) -> tuple[Any, ...]:
    """
    Args:
        values: Number of the relation, polarity, whether it is contradicted.
    """
    relation, polarity, contradicted = values
    modality, belief, *counts = summary
    return number, id, ends[0], relation, ends[2], polarity, modality, belief, contradicted, *counts


def side_rows(number: int, ends: Ends, values: tuple[int, int, bool], summary: Summary) -> list[tuple[Any, ...]]:
    """The statement as it is met from each of its ends; values as for `statement_row`."""
    subject, subject_kind, object_, object_kind = ends
    relation, polarity, contradicted = values
    modality, belief, _, n_documents, *_ = summary
    met = [(subject, object_, SUBJECT, object_kind), (object_, subject, OBJECT, subject_kind)]
    if subject == object_:
        met = [(subject, subject, BOTH, subject_kind)]
    return [
        (node, other, number, role, relation, kind, polarity, modality, belief, contradicted, n_documents)
        for node, other, role, kind in met
    ]


# ---- records


def source_of(document: Document) -> str | None:
    """Who printed it: its publisher, else the host of its address; None where neither is known."""
    return document.publisher or (_host(document.url) if document.url else None)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def entity_record(entity: Entity) -> str:
    """What the tables have no column for."""
    return to_json({
        "aliases": entity.aliases,
        "same_as": entity.same_as,
        "broader": entity.broader,
        "country": entity.country,
    })  # fmt: skip


def evidence_record(evidence: Evidence) -> str:
    """The evidence but for its document and speaker; cue and time without their words."""
    record = {
        "sentence": [evidence.sentence.start, evidence.sentence.end, evidence.quote],
        "subject": [evidence.subject.start, evidence.subject.end, evidence.subject_text],
        "predicate": [evidence.predicate.start, evidence.predicate.end, evidence.predicate_text],
        "object": [evidence.object.start, evidence.object.end, evidence.object_text],
        "time": [evidence.time.start, evidence.time.end] if evidence.time else None,
        "cue": [evidence.attribution.cue.start, evidence.attribution.cue.end] if evidence.attribution else None,
        "modality": evidence.modality,
        "valid": _days(evidence.valid),
        "confidence": evidence.confidence,
        "extractor": evidence.extractor,
        "links": [evidence.subject_link_score, evidence.object_link_score],
    }
    return to_json(record)


def to_evidence(record: str, document_id: str) -> Evidence:
    """An evidence from its record, as far as belief and modality go by it."""
    data = json.loads(record)

    def span(name: str) -> Span:
        return Span(document_id=document_id, start=data[name][0], end=data[name][1])

    return Evidence(
        sentence=span("sentence"), quote=data["sentence"][2],
        subject=span("subject"), subject_text=data["subject"][2],
        predicate=span("predicate"), predicate_text=data["predicate"][2],
        object=span("object"), object_text=data["object"][2],
        extractor=data["extractor"], modality=Modality(data["modality"]), confidence=data["confidence"],
    )  # fmt: skip


def _days(valid: Interval | None) -> list[str | None] | None:
    return [day.isoformat() if day else None for day in (valid.start, valid.end)] if valid else None


def entities_in(statements: Iterable[Statement]) -> Iterator[Entity]:
    """Subjects, objects and those who are reported as saying it."""
    for statement in statements:
        yield statement.subject
        if isinstance(statement.object, Entity):
            yield statement.object
        for evidence in statement.evidence:
            if evidence.attribution and evidence.attribution.source:
                yield evidence.attribution.source
