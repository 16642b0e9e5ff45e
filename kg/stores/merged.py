"""The whole journal consolidated, in bounded memory: what every store and export is made from.

The journal is sorted by document, statements meet by id: SQLite sorts what each document said in a scratch file, and
one group after another is merged from there. Held in memory are one group and a cache of entities.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from kg import consolidation
from kg.model import Document, Entity, Polarity, Statement
from kg.stores.codec import decode_entity, decode_statement, encode_entity, encode_statement
from kg.stores.journal import Journal

_CACHED_ENTITIES = 50_000

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TABLE reading (id TEXT, publisher TEXT, statement TEXT);
CREATE TABLE naming (iri TEXT, entity TEXT);
CREATE TABLE opposite (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE entity (iri TEXT PRIMARY KEY, entity TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Merged:
    """The consolidated graph: documents, entities and statements, each sorted by its id."""

    journal: Journal
    contradicted: frozenset[str]
    """The ids of the statements whose contrary is there too."""
    n_evidence: int
    """Places in documents that make a statement, before repeats are joined."""
    _db: sqlite3.Connection

    def documents(self) -> Iterator[Document]:
        return self.journal.documents()

    def entities(self) -> Iterator[Entity]:
        """Subjects, objects and those who are reported as saying something."""
        for (data,) in self._db.execute("SELECT entity FROM entity ORDER BY iri"):
            yield decode_entity(json.loads(data))

    def statements(self) -> Iterator[Statement]:
        entity_of = self._entity_of()
        rows = self._db.execute("SELECT id, publisher, statement FROM reading ORDER BY id, statement")
        for _, group in groupby(rows, key=itemgetter(0)):
            publishers: dict[str, str] = {}
            read = [_read(publisher, data, publishers) for _, publisher, data in group]
            yield consolidation.merge(read, entity_of, publishers.__getitem__)

    def _entity_of(self) -> consolidation.EntityOf:
        @lru_cache(maxsize=_CACHED_ENTITIES)
        def stored(iri: str) -> Entity:
            (data,) = self._db.execute("SELECT entity FROM entity WHERE iri = ?", (iri,)).fetchone()
            return decode_entity(json.loads(data))

        return lambda entity: stored(entity.iri)


@contextmanager
def merged(journal: Journal) -> Iterator[Merged]:
    """The journal's statements, consolidated; they stay readable inside the `with`."""
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        db = sqlite3.connect(Path(folder) / "scratch.sqlite", isolation_level=None)
        try:
            db.executescript(_TABLES)
            n_evidence = _spool(db, journal)
            _merge_entities(db)
            yield Merged(journal, _contradicted(db), n_evidence, db)
        finally:
            db.close()


def _spool(db: sqlite3.Connection, journal: Journal) -> int:
    """The number of evidences, once all that the documents said is in the scratch tables."""
    n_evidence = 0
    for document, statements in journal.said():
        n_evidence += len(statements)
        publisher = consolidation.publisher(document)
        db.executemany("INSERT INTO reading VALUES (?, ?, ?)", ((s.id, publisher, _statement(s)) for s in statements))
        denied = ((s.opposite_id,) for s in statements if s.polarity is Polarity.NEGATIVE)
        db.executemany("INSERT OR IGNORE INTO opposite VALUES (?)", denied)
        db.executemany("INSERT INTO naming VALUES (?, ?)", _namings(statements))
    return n_evidence


def _namings(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Each entity of a document once for each way in which the document describes it."""
    described = {entity for s in statements for entity, _ in consolidation.versions(s)}
    return ((entity.iri, _json(encode_entity(entity))) for entity in described)


def _merge_entities(db: sqlite3.Connection) -> None:
    counted = db.execute("SELECT iri, entity, count(*) FROM naming GROUP BY iri, entity ORDER BY iri")
    for iri, rows in groupby(counted, key=itemgetter(0)):
        counts = {decode_entity(json.loads(data)): n for _, data, n in rows}
        entity = consolidation.merge_versions(counts)
        db.execute("INSERT INTO entity VALUES (?, ?)", (iri, _json(encode_entity(entity))))


def _contradicted(db: sqlite3.Connection) -> frozenset[str]:
    """The ids of the affirmed statements that are denied somewhere, and of those that deny them."""
    affirmed = db.execute("SELECT statement FROM reading WHERE id IN (SELECT id FROM opposite) GROUP BY id")
    statements = (decode_statement(json.loads(data)) for (data,) in affirmed)
    return frozenset(id for statement in statements for id in (statement.id, statement.opposite_id))


def _read(publisher: str, data: str, publishers: dict[str, str]) -> Statement:
    statement = decode_statement(json.loads(data))
    publishers.update((e.document_id, publisher) for e in statement.evidence)
    return statement


def _statement(statement: Statement) -> str:
    return _json(encode_statement(statement))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
