"""The files of a graph folder: graph.json, the lock of whoever writes, the journal's database.

`graph.json` says of which format the folder is, what made the graph, and which revision of it is published.
"""

import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg import copies
from kg.errors import GraphError
from kg.model import Document
from kg.stores.codec import decode_document, decode_statement

FORMAT = 1
"""Raised when a graph folder of an older version can no longer be read."""

_VERSION = 2
"""Of the tables; those of an older version are brought up to it when the journal is opened for writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, content_hash TEXT NOT NULL,
    config_hash TEXT NOT NULL, n_statements INTEGER NOT NULL, document BLOB NOT NULL, statements BLOB NOT NULL,
    recorded TEXT NOT NULL DEFAULT '', address TEXT, published TEXT, retrieved TEXT, signature BLOB,
    replaced_by TEXT, replaced TEXT, copy_of TEXT, voice TEXT
);
CREATE INDEX IF NOT EXISTS document_revision ON document (revision);
CREATE INDEX IF NOT EXISTS document_address ON document (address) WHERE address IS NOT NULL;
-- Under what documents are looked up that repeat each other's words: see `kg.copies`.
CREATE TABLE IF NOT EXISTS band (key BLOB, document INTEGER, PRIMARY KEY (key, document)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS withdrawn (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failure (id TEXT PRIMARY KEY, failure TEXT NOT NULL) WITHOUT ROWID;
-- How an entity is described, and by which documents: what its label is chosen from. `own` is the IRI that they give it,
-- `iri` the one that it goes by.
CREATE TABLE IF NOT EXISTS version (
    number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, iri TEXT NOT NULL, entity TEXT NOT NULL, own TEXT, broader TEXT
);
CREATE INDEX IF NOT EXISTS version_iri ON version (iri);
CREATE INDEX IF NOT EXISTS version_own ON version (own);
CREATE INDEX IF NOT EXISTS version_broader ON version (broader) WHERE broader IS NOT NULL;
CREATE TABLE IF NOT EXISTS naming (version INTEGER, document INTEGER, PRIMARY KEY (version, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS naming_document ON naming (document);
-- Entities that are one thing in the world, and those that may be.
CREATE TABLE IF NOT EXISTS merged (iri TEXT PRIMARY KEY, target TEXT NOT NULL, act TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS proposal (id TEXT PRIMARY KEY, act TEXT NOT NULL) WITHOUT ROWID;
-- The relations that hold both ways, of the ontology that the graph is made with.
CREATE TABLE IF NOT EXISTS symmetric (predicate TEXT PRIMARY KEY) WITHOUT ROWID;
-- Up to which revision documents have met.
CREATE TABLE IF NOT EXISTS settled (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL);
-- Which documents make a statement.
CREATE TABLE IF NOT EXISTS saying (statement BLOB, document INTEGER, PRIMARY KEY (statement, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS saying_document ON saying (document);
-- What was said by documents that have changed or gone since, without their words.
CREATE TABLE IF NOT EXISTS past (
    id TEXT NOT NULL, recorded TEXT NOT NULL, ended TEXT NOT NULL, document BLOB NOT NULL, statements BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS past_ended ON past (ended);
CREATE TABLE IF NOT EXISTS revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL);
INSERT OR IGNORE INTO revision VALUES (1, 0);
"""


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


def make(folder: Path, made_with: Mapping[str, str]) -> None:
    """Make the folder if it is not there; refuse one that holds something else or another version."""
    if (folder / "graph.json").exists():
        check_format(folder)
        changes: dict[str, Any] = {"made_with": dict(made_with)} if made_with else {}
        if "id" not in described(folder):
            changes |= {"id": str(uuid.uuid4())}
        if changes:
            describe(folder, **changes)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = all(file.name == "graph.tmp" for file in folder.iterdir())
    except OSError as error:
        raise GraphError(f"{folder}: cannot be used as a graph folder: {error}") from error
    if not is_empty:
        raise GraphError(f"{folder}: holds files that are no graph; name a new or an empty folder")
    describe(folder, format=FORMAT, id=str(uuid.uuid4()), made_with=dict(made_with))


def check_format(folder: Path) -> None:
    found = described(folder).get("format")
    if found != FORMAT:
        raise GraphError(f"{folder}: a graph of format {found}, this version reads {FORMAT}; build it anew")


def locked(folder: Path, *, name: str = "writer", patience_s: float = 0) -> sqlite3.Connection:
    """A lock on the folder, which the operating system takes back when this process ends, however it ends."""
    file = folder / f"{name}.lock"
    lock = sqlite3.connect(file, timeout=patience_s, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise GraphError(f"{folder}: another process is writing to this graph; wait until it is done") from error
    return lock


def connect_to_write(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / "journal.sqlite", isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        if _version(db) < _VERSION:
            _bring_up_to_date(db)
    except sqlite3.DatabaseError as error:
        db.close()
        raise _damaged(folder, error) from error
    return db


def _version(db: sqlite3.Connection) -> int:
    number: int = db.execute("PRAGMA user_version").fetchone()[0]
    return number


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    """Make the tables, or add to those of an older version what they lack, in one transaction."""
    is_old = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'document'").fetchone() is not None
    knows_sayings = not is_old or _version(db) >= 1
    db.execute("BEGIN IMMEDIATE")
    for table, columns in _NEW_COLUMNS.items() if is_old else ():
        there = {name for _, name, *_ in db.execute(f"PRAGMA table_info ({table})")}
        for column in columns:
            if column.split()[0] not in there:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in _TABLES.split(";"):
        db.execute(statement)
    if is_old:
        _fill_new_columns(db)
    if not knows_sayings:
        for number, said in db.execute("SELECT number, statements FROM document").fetchall():
            keys = {statement_key(decode_statement(s).id) for s in unpack(said)}
            db.executemany("INSERT INTO saying VALUES (?, ?)", ((key, number) for key in keys))
    db.execute(f"PRAGMA user_version = {_VERSION}")
    db.execute("COMMIT")


_NEW_COLUMNS = {
    "document": ("recorded TEXT NOT NULL DEFAULT ''", "address TEXT", "published TEXT", "retrieved TEXT", "signature BLOB", "replaced_by TEXT", "replaced TEXT",
                 "copy_of TEXT", "voice TEXT"),
    "version": ("own TEXT", "broader TEXT"),
}  # fmt: skip


def _fill_new_columns(db: sqlite3.Connection) -> None:
    """Put in what documents of an older version are known by as they meet."""
    db.execute("UPDATE version SET own = iri, broader = json_extract(entity, '$.broader')")
    for (number,) in db.execute("SELECT number FROM document").fetchall():
        (data,) = db.execute("SELECT document FROM document WHERE number = ?", (number,)).fetchone()
        document = decode_document(unpack(data))
        signed = copies.signature(document.text)
        values = (*known_by(document), signed, number)
        db.execute("UPDATE document SET address = ?, published = ?, retrieved = ?, signature = ? WHERE number = ?", values)
        db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", ((band, number) for band in copies.bands(signed)))


def known_by(document: Document) -> tuple[str | None, str | None, str | None]:
    """Address, day of publication and day of retrieval, as the journal's table has them."""
    days = (day.isoformat() if day else None for day in (document.published, document.retrieved))
    return (copies.address(document.url), *days)  # type: ignore[return-value]


def connect_to_read(folder: Path) -> sqlite3.Connection:
    # Where we may not write, SQLite can make no shared memory file, and nobody else changes the journal.
    mode = "mode=ro" if os.access(folder, os.W_OK) else "mode=ro&immutable=1"
    address = f"{(folder / 'journal.sqlite').absolute().as_uri()}?{mode}"
    try:
        db = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        version = _version(db)
        db.execute("SELECT number FROM revision").fetchone()
    except sqlite3.DatabaseError as error:
        raise _damaged(folder, error) from error
    if version < _VERSION:
        raise GraphError(f"{folder}: made by an earlier version; `kg build` into it once more brings it up to date")
    return db


def statement_key(statement_id: str) -> bytes:
    """The id of a statement as the journal's tables have it."""
    return bytes.fromhex(statement_id)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: Any) -> str:
    return _ENCODER.encode(value)


def pack(value: Any) -> bytes:
    return zlib.compress(to_json(value).encode(), 6)


def unpack(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


def _damaged(folder: Path, error: Exception) -> GraphError:
    return GraphError(f"{folder / 'journal.sqlite'}: cannot be read: {error}; restore it from a copy, or build anew")
