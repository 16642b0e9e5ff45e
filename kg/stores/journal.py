"""The journal of a graph folder: what each document said, and which documents failed.

It is the truth that every store and export is made from. One SQLite row a document, written in transactions of at
most a second's work; a committed row outlives a kill and a power cut. `record` and `fail` acknowledge by `flush`
or, without one, within a second of the next call.
"""

import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from kg import consolidation
from kg.errors import GraphError, UsageError
from kg.model import Document, Entity, Failure, Statement
from kg.stores.codec import (
    decode_document,
    decode_entity,
    decode_failure,
    decode_statement,
    encode_document,
    encode_entity,
    encode_failure,
    encode_statement,
)

FORMAT = 1
"""Raised when a graph folder of an older version can no longer be read."""

_COMMIT_AFTER_S = 1.0

_TABLES = """
BEGIN;
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, content_hash TEXT NOT NULL,
    config_hash TEXT NOT NULL, n_statements INTEGER NOT NULL, document BLOB NOT NULL, statements BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS document_revision ON document (revision);
CREATE TABLE IF NOT EXISTS withdrawn (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failure (id TEXT PRIMARY KEY, failure TEXT NOT NULL) WITHOUT ROWID;
-- How an entity is described, and by which documents: what its label is chosen from.
CREATE TABLE IF NOT EXISTS version (
    number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, iri TEXT NOT NULL, entity TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS version_iri ON version (iri);
CREATE TABLE IF NOT EXISTS naming (version INTEGER, document INTEGER, PRIMARY KEY (version, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS naming_document ON naming (document);
CREATE TABLE IF NOT EXISTS revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL);
INSERT OR IGNORE INTO revision VALUES (1, 0);
COMMIT;
"""


_REVISION = "SELECT number FROM revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the journal holds; a statement counts once for each document and place that makes it."""

    n_documents: int
    n_evidence: int
    n_failures: int


@dataclass
class Journal:
    """An open journal. One process writes; any number read."""

    folder: Path
    _db: sqlite3.Connection
    _lock: sqlite3.Connection | None
    _pending_since: float | None = None

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, made_with: Mapping[str, str] | None = None) -> Self:
        """The journal of a graph folder, which is made if it is not there.

        Args:
            made_with: Which model and ontology fill the graph; kept in graph.json.

        Raises:
            GraphError: when there is no graph (for reading), another process writes to it, it is of another
                version, or it is damaged.
        """
        if read_only:
            _check_format(folder)
            return cls(folder, _connect_to_read(folder), None)
        _make(folder, made_with or {})
        lock = _locked(folder)
        try:
            return cls(folder, _connect_to_write(folder), lock)
        except BaseException:
            lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def is_read_only(self) -> bool:
        return self._lock is None

    def close(self) -> None:
        """Commit, close, and let others write."""
        if self._lock is not None:
            self.flush()
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    # ---- writing

    def record(self, document: Document, statements: Sequence[Statement], *,
               content_hash: str, config_hash: str) -> None:  # fmt: skip
        """Keep what the document says, in place of what it, or a failure to read it, said before."""
        _check_evidence(document, statements)
        row = (
            document.id, content_hash, config_hash, len(statements), _pack(encode_document(document)),
            _pack([encode_statement(s) for s in statements]),
        )  # fmt: skip
        self._forget(document.id)
        sql = f"INSERT INTO document SELECT NULL, ?, ({_REVISION}), ?, ?, ?, ?, ?"
        self._keep_namings(self._write(sql, row).lastrowid or 0, statements)
        self._commit_if_due()

    def fail(self, failure: Failure) -> None:
        """Keep the failure; what an earlier version of the document said stays."""
        row = (failure.document_id, _json(encode_failure(failure)))
        self._write("INSERT OR REPLACE INTO failure VALUES (?, ?)", row)
        self._commit_if_due()

    def withdraw(self, document_id: str) -> bool:
        """Whether the document was there; now it is not, nor what it said."""
        was_there = self._forget(document_id)
        if was_there:
            self._write(f"INSERT INTO withdrawn SELECT ?, ({_REVISION})", (document_id,))
        self._commit_if_due()
        return was_there

    def _forget(self, document_id: str) -> bool:
        """Whether the document was there; it is taken out, with its failure and every trace."""
        for table in ("failure", "withdrawn"):
            self._write(f"DELETE FROM {table} WHERE id = ?", (document_id,))
        self._write("DELETE FROM naming WHERE document = (SELECT number FROM document WHERE id = ?)", (document_id,))
        return self._write("DELETE FROM document WHERE id = ?", (document_id,)).rowcount > 0

    def _keep_namings(self, document_number: int, statements: Iterable[Statement]) -> None:
        """Keep how the document describes each entity."""
        for entity in {entity for s in statements for entity, _ in consolidation.versions(s)}:
            text = _json(encode_entity(entity))
            key = hashlib.sha256(text.encode()).digest()[:16]
            self._write("INSERT OR IGNORE INTO version VALUES (NULL, ?, ?, ?)", (key, entity.iri, text))
            sql = "INSERT INTO naming SELECT number, ? FROM version WHERE key = ?"
            self._write(sql, (document_number, key))

    def flush(self) -> None:
        """Commit: everything recorded so far is acknowledged."""
        if self._pending_since is not None:
            self._db.execute("COMMIT")
            self._pending_since = None

    def _write(self, sql: str, values: tuple[Any, ...]) -> sqlite3.Cursor:
        if self._lock is None:
            raise UsageError(f"{self.folder}: the journal is open for reading only")
        if self._pending_since is None:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE revision SET number = number + 1")
            self._pending_since = time.monotonic()
        return self._db.execute(sql, values)

    def _commit_if_due(self) -> None:
        if self._pending_since is not None and time.monotonic() - self._pending_since >= _COMMIT_AFTER_S:
            self.flush()

    # ---- reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Inside the `with` a reader sees the journal as it was at the start, whatever is written meanwhile."""
        if not self.is_read_only:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def is_done(self, document_id: str, content_hash: str, config_hash: str) -> bool:
        """Whether this content of the document was recorded under this configuration."""
        self._commit_if_due()
        sql = "SELECT 1 FROM document WHERE id = ? AND content_hash = ? AND config_hash = ?"
        return self._db.execute(sql, (document_id, content_hash, config_hash)).fetchone() is not None

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        number: int = self._db.execute(_REVISION).fetchone()[0]
        return number

    def counts(self) -> Counts:
        sql = "SELECT count(*), coalesce(sum(n_statements), 0) FROM document"
        documents, evidence = self._db.execute(sql).fetchone()
        (failures,) = self._db.execute("SELECT count(*) FROM failure").fetchone()
        return Counts(n_documents=documents, n_evidence=evidence, n_failures=failures)

    def document(self, document_id: str) -> Document | None:
        row = self._db.execute("SELECT document FROM document WHERE id = ?", (document_id,)).fetchone()
        return decode_document(_unpack(row[0])) if row else None

    def documents(self) -> Iterator[Document]:
        """All documents, sorted by id."""
        for (data,) in self._db.execute("SELECT document FROM document ORDER BY id"):
            yield decode_document(_unpack(data))

    def said(self) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements as they were recorded, in no order to rely on."""
        for row in self._db.execute("SELECT document, statements FROM document ORDER BY number"):
            yield _decode_said(*row)

    def said_by(self, document_id: str) -> tuple[Document, list[Statement]] | None:
        sql = "SELECT document, statements FROM document WHERE id = ?"
        row = self._db.execute(sql, (document_id,)).fetchone()
        return _decode_said(*row) if row else None

    def changed_since(self, revision: int) -> list[str]:
        """The ids of the documents recorded or withdrawn after that revision, sorted."""
        sql = "SELECT id FROM document WHERE revision > ? UNION SELECT id FROM withdrawn WHERE revision > ? ORDER BY id"
        return [id for (id,) in self._db.execute(sql, (revision, revision))]

    def entities(self) -> Iterator[Entity]:
        """All entities of statements, and those who are reported as saying them, merged, sorted by IRI."""
        rows = self._db.execute(f"SELECT iri, entity, ({_N_NAMINGS}) FROM version ORDER BY iri")
        for _, group in groupby(rows, key=itemgetter(0)):
            if (entity := _merged((data, n) for _, data, n in group)) is not None:
                yield entity

    def entity(self, iri: str) -> Entity | None:
        """The entity, merged from what all documents say of it."""
        return _merged(self._db.execute(f"SELECT entity, ({_N_NAMINGS}) FROM version WHERE iri = ?", (iri,)))

    def failures(self) -> Iterator[Failure]:
        """The documents that could not be taken in, sorted by id."""
        for (data,) in self._db.execute("SELECT failure FROM failure ORDER BY id"):
            yield decode_failure(json.loads(data))


_N_NAMINGS = "SELECT count(*) FROM naming WHERE naming.version = version.number"


def _merged(versions: Iterable[tuple[str, int]]) -> Entity | None:
    """One entity from its versions and the number of documents of each; None where no document names it."""
    counts = {decode_entity(json.loads(data)): n for data, n in versions if n}
    return consolidation.merge_versions(counts) if counts else None


def _decode_said(document: bytes, statements: bytes) -> tuple[Document, list[Statement]]:
    return decode_document(_unpack(document)), [decode_statement(s) for s in _unpack(statements)]


def described(folder: Path) -> dict[str, Any]:
    """What graph.json says: format, revision of the published store, model and ontology.

    Raises:
        GraphError: when the folder holds no graph.
    """
    file = folder / "graph.json"
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return data
    except FileNotFoundError as error:
        raise GraphError(f"{folder}: no graph here; make one with `kg build ... --into {folder}`") from error
    except (OSError, ValueError) as error:
        raise GraphError(f"{file}: cannot be read: {error}; restore it from a copy, or build anew") from error


def describe(folder: Path, **changes: Any) -> None:
    """Write these entries into graph.json: it changes as a whole or not at all."""
    file = folder / "graph.json"
    data = {**(described(folder) if file.exists() else {}), **changes}
    draft = file.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as out:
        out.write(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _make(folder: Path, made_with: Mapping[str, str]) -> None:
    """Make the folder if it is not there; refuse one that holds something else or another version."""
    if (folder / "graph.json").exists():
        _check_format(folder)
        if made_with:
            describe(folder, made_with=dict(made_with))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = all(file.name == "graph.tmp" for file in folder.iterdir())
    except OSError as error:
        raise GraphError(f"{folder}: cannot be used as a graph folder: {error}") from error
    if not is_empty:
        raise GraphError(f"{folder}: holds files that are no graph; name a new or an empty folder")
    describe(folder, format=FORMAT, made_with=dict(made_with))


def _check_format(folder: Path) -> None:
    found = described(folder).get("format")
    if found != FORMAT:
        raise GraphError(f"{folder}: a graph of format {found}, this version reads {FORMAT}; build it anew")


def _locked(folder: Path) -> sqlite3.Connection:
    """A lock on the folder, which the operating system takes back when this process ends, however it ends."""
    lock = sqlite3.connect(folder / "writer.lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise GraphError(f"{folder}: another process is writing to this graph; wait until it is done") from error
    return lock


def _connect_to_write(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / "journal.sqlite", isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_TABLES)
    except sqlite3.DatabaseError as error:
        db.close()
        raise _damaged(folder, error) from error
    return db


def _connect_to_read(folder: Path) -> sqlite3.Connection:
    # Where we may not write, SQLite can make no shared memory file, and nobody else changes the journal.
    mode = "mode=ro" if os.access(folder, os.W_OK) else "mode=ro&immutable=1"
    address = f"{(folder / 'journal.sqlite').absolute().as_uri()}?{mode}"
    try:
        db = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        db.execute("SELECT number FROM revision").fetchone()
    except sqlite3.DatabaseError as error:
        raise _damaged(folder, error) from error
    return db


def _damaged(folder: Path, error: Exception) -> GraphError:
    return GraphError(f"{folder / 'journal.sqlite'}: cannot be read: {error}; restore it from a copy, or build anew")


def _check_evidence(document: Document, statements: Sequence[Statement]) -> None:
    for statement in statements:
        if not statement.evidence:
            raise UsageError(f"{document.id}: a statement without evidence cannot be kept: {statement.id}")
        if any(e.document_id != document.id for e in statement.evidence):
            raise UsageError(f"{document.id}: the evidence of statement {statement.id} is in another document")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pack(value: Any) -> bytes:
    return zlib.compress(_json(value).encode(), 6)


def _unpack(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))
