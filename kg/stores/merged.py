"""The whole journal consolidated, in bounded memory: what every store and export is made from.

The journal goes by document, statements meet by id: SQLite sorts what each document said in a scratch file, and
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
from kg.stores.codec import decode_statement, encode_statement
from kg.stores.journal import Journal

_CACHED_ENTITIES = 50_000

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TABLE reading (id TEXT, publisher TEXT, statement TEXT);
CREATE TABLE opposite (id TEXT PRIMARY KEY) WITHOUT ROWID;
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
        return self.journal.entities()

    def statements(self) -> Iterator[Statement]:
        entity_of = entities_of(self.journal)
        rows = self._db.execute("SELECT id, publisher, statement FROM reading ORDER BY id, statement")
        for _, group in groupby(rows, key=itemgetter(0)):
            publishers: dict[str, str] = {}
            read = [_read(publisher, data, publishers) for _, publisher, data in group]
            yield consolidation.merge(read, entity_of, publishers.__getitem__)


def entities_of(journal: Journal) -> consolidation.EntityOf:
    """From one version of an entity to the one merged from all documents of the journal."""
    merged_entity = lru_cache(maxsize=_CACHED_ENTITIES)(journal.entity)
    return lambda entity: merged_entity(entity.iri) or entity


def statement_of(journal: Journal, statement_id: str, entity_of: consolidation.EntityOf) -> Statement | None:
    """The one statement of that id as the whole journal has it; None where no document makes it."""
    publishers: dict[str, str] = {}
    said = []
    for document, statement in journal.said_of(statement_id):
        publishers[document.id] = consolidation.publisher(document)
        said.append(statement)
    return consolidation.merge(said, entity_of, publishers.__getitem__) if said else None


@contextmanager
def merged(journal: Journal, *, at: str | None = None) -> Iterator[Merged]:
    """The journal's statements, consolidated; they stay readable inside the `with`.

    Args:
        at: The moment whose graph is wanted, as for `Journal.said_at`; None is now. Documents and entities are those
            of now.
    """
    with tempfile.TemporaryDirectory(prefix="kg-") as folder, journal.snapshot():
        db = sqlite3.connect(Path(folder) / "scratch.sqlite", isolation_level=None)
        try:
            db.executescript(_TABLES)
            n_evidence = _spool(db, journal.said() if at is None else journal.said_at(at))
            yield Merged(journal, _contradicted(db), n_evidence, db)
        finally:
            db.close()


def _spool(db: sqlite3.Connection, said: Iterable[tuple[Document, list[Statement]]]) -> int:
    """The number of evidences, once all that the documents said is in the scratch tables."""
    n_evidence = 0
    for document, statements in said:
        n_evidence += len(statements)
        publisher = consolidation.publisher(document)
        db.executemany("INSERT INTO reading VALUES (?, ?, ?)", ((s.id, publisher, _statement(s)) for s in statements))
        denied = ((s.opposite_id,) for s in statements if s.polarity is Polarity.NEGATIVE)
        db.executemany("INSERT OR IGNORE INTO opposite VALUES (?)", denied)
    return n_evidence


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
