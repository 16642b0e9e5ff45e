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

from kg import consolidation, ids
from kg.model import Document, Entity, Polarity, Statement
from kg.stores.codec import decode_statement, encode_statement, id_of_encoded, opposite_id_of_encoded
from kg.stores.folder import to_json
from kg.stores.journal import Journal

_CACHED_ENTITIES = 10_000

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TABLE reading (id TEXT, voice TEXT, statement TEXT);
CREATE TABLE opposite (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A statement as the whole journal has it."""

    statement: Statement
    is_contradicted: bool
    digest: str
    """Of all that is said of it: it changes when anything of it does. How other documents describe its entities is not
    counted, nor who these documents are."""


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
        return (version.statement for version in self.versions())

    def versions(self) -> Iterator[Version]:
        entity_of = entities_of(self.journal)
        rows = self._db.execute("SELECT id, voice, statement FROM reading ORDER BY id, statement")
        for id, group in groupby(rows, key=itemgetter(0)):
            voices: dict[str, str] = {}
            texts = [(voice, text) for _, voice, text in group]
            read = [_read(voice, text, voices) for voice, text in texts]
            statement = consolidation.merge(read, entity_of, voices.__getitem__)
            yield _version(statement, (text for _, text in texts), is_contradicted=id in self.contradicted)


def entities_of(journal: Journal) -> consolidation.EntityOf:
    """From one version of an entity to the one merged from all documents of the journal."""
    merged_entity = lru_cache(maxsize=_CACHED_ENTITIES)(journal.entity)
    return lambda entity: merged_entity(entity.iri) or entity


def version_of(journal: Journal, statement_id: str, entity_of: consolidation.EntityOf) -> Version | None:
    """The one statement of that id as the whole journal has it; None where no document makes it."""
    voices: dict[str, str] = {}
    said = []
    for document, statement in journal.said_of(statement_id):
        voices[document.id] = consolidation.voice(document)
        said.append(statement)
    if not said:
        return None
    found = consolidation.merge(said, entity_of, voices.__getitem__)
    texts = (to_json(encode_statement(statement)) for statement in said)
    return _version(found, texts, is_contradicted=journal.is_said(found.opposite_id))


def _version(statement: Statement, texts: Iterable[str], *, is_contradicted: bool) -> Version:
    said = (str(statement.belief), str(statement.n_independent), str(is_contradicted))
    digest = ids.digest(*sorted(texts), *said)
    return Version(statement, is_contradicted, digest)


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
            n_evidence = _spool(db, journal.said_encoded(at=at))
            yield Merged(journal, _contradicted(db), n_evidence, db)
        finally:
            db.close()


def _spool(db: sqlite3.Connection, said: Iterable[tuple[Document, list[dict[str, Any]]]]) -> int:
    """The number of evidences, once all that the documents said is in the scratch tables."""
    n_evidence = 0
    db.execute("BEGIN")
    for document, statements in said:
        n_evidence += len(statements)
        voice = consolidation.voice(document)
        rows = ((id_of_encoded(s), voice, to_json(s)) for s in statements)
        db.executemany("INSERT INTO reading VALUES (?, ?, ?)", rows)
        denied = ((opposite_id_of_encoded(s),) for s in statements if s["polarity"] == Polarity.NEGATIVE)
        db.executemany("INSERT OR IGNORE INTO opposite VALUES (?)", denied)
    db.execute("COMMIT")
    return n_evidence


def _contradicted(db: sqlite3.Connection) -> frozenset[str]:
    """The ids of the affirmed statements that are denied somewhere, and of those that deny them."""
    affirmed = db.execute("SELECT statement FROM reading WHERE id IN (SELECT id FROM opposite) GROUP BY id")
    statements = (decode_statement(json.loads(data)) for (data,) in affirmed)
    return frozenset(id for statement in statements for id in (statement.id, statement.opposite_id))


def _read(voice: str, data: str, voices: dict[str, str]) -> Statement:
    statement = decode_statement(json.loads(data))
    voices.update((e.document_id, voice) for e in statement.evidence)
    return statement
