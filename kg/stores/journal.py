"""The journal of a graph folder: what each document said, and which documents failed.

It is the truth that every store and export is made from. One SQLite row a document, written in transactions of at
most a second's work; a committed row outlives a kill and a power cut. `record` and `fail` acknowledge by `flush`
or, without one, within a second of the next call.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby, starmap
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from kg import consolidation, copies, ontology
from kg.errors import UsageError
from kg.model import Document, Entity, Failure, Statement
from kg.stores import decisions
from kg.stores.codec import (
    decode_document,
    decode_entity,
    decode_failure,
    decode_statement,
    encode_document,
    encode_entity,
    encode_failure,
    encode_statement,
    id_of_encoded,
)
from kg.stores.folder import (
    check_format,
    connect_to_read,
    connect_to_write,
    described,
    known_by,
    locked,
    make,
    pack,
    statement_key,
    to_json,
    unpack,
)
from kg.stores.recording import check_evidence, described_in, without_words
from kg.stores.resolving import Resolver

_COMMIT_AFTER_S = 1.0

_CACHED_TARGETS = 50_000

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
    _symmetric: set[str] | None = None  # as `symmetric` has them, once they were asked for

    def __post_init__(self) -> None:
        self.target_of = lru_cache(_CACHED_TARGETS)(self._find_target)
        self.resolver = Resolver(self.target_of, self._is_symmetric)

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
            check_format(folder)
            return cls(folder, connect_to_read(folder), None)
        make(folder, made_with or {})
        lock = locked(folder)
        try:
            return cls(folder, connect_to_write(folder), lock)
        except BaseException:
            lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def id(self) -> str:
        """Which graph this is, also in the databases that it is loaded into."""
        return str(described(self.folder).get("id") or self.folder.resolve())

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
               content_hash: str, config_hash: str, signature: bytes = b"") -> None:  # fmt: skip
        """Keep what the document says, in place of what it, or a failure to read it, said before.

        Args:
            statements: With the sides of symmetric ones in order, see `consolidation.canonical`: two orders would be two
                statements that share their plain triples.
            signature: See `kg.copies`; without it the document is nobody's copy.
        """
        check_evidence(document, statements)
        moment = _now()
        row = (
            document.id, content_hash, config_hash, len(statements), pack(encode_document(document)),
            pack([encode_statement(s) for s in statements]), moment, *known_by(document), signature,
        )  # fmt: skip
        self._forget(document.id, moment)
        sql = f"INSERT INTO document ({_COLUMNS}) SELECT ?, ({_REVISION}), {', '.join('?' * (len(row) - 1))}"
        number = self.change(sql, row).lastrowid or 0
        for band in copies.bands(signature):
            self.change("INSERT INTO band VALUES (?, ?)", (band, number))
        self._keep_namings(number, statements)
        self._keep_sayings(number, [encode_statement(s) for s in statements])
        self._commit_if_due()

    def fail(self, failure: Failure) -> None:
        """Keep the failure; what an earlier version of the document said stays."""
        row = (failure.document_id, to_json(encode_failure(failure)))
        self.change("INSERT OR REPLACE INTO failure VALUES (?, ?)", row)
        self._commit_if_due()

    def withdraw(self, *document_ids: str, leave_trace: bool = True) -> int:
        """How many of the documents were there; now none is, nor what they said. All go at once or none.

        Args:
            leave_trace: Keep which statements they made, without their words, for `said_at`; else also what is kept
                of their earlier versions goes.
        """
        n_withdrawn = 0
        for document_id in document_ids:
            was_there = self._forget(document_id, _now())
            if not leave_trace:
                self.change("DELETE FROM past WHERE id = ?", (document_id,))
            if was_there:
                self.change(f"INSERT INTO withdrawn SELECT ?, ({_REVISION})", (document_id,))
            n_withdrawn += was_there
        self._commit_if_due()
        return n_withdrawn

    def _forget(self, document_id: str, moment: str) -> bool:
        """Whether the document was there; it is taken out, with its failure and all but its past."""
        for table in ("failure", "withdrawn"):
            self.change(f"DELETE FROM {table} WHERE id = ?", (document_id,))
        sql = "SELECT number, recorded, document, statements, signature, replaced FROM document WHERE id = ?"
        row = self.change(sql, (document_id,)).fetchone()
        if row is None:
            return False
        number, recorded, document, statements, signature, replaced = row
        past = pack(without_words(unpack(document))), pack([without_words(s) for s in unpack(statements)])
        self.change("INSERT INTO past VALUES (?, ?, ?, ?, ?)", (document_id, recorded, replaced or moment, *past))
        self.drop_indexed(number)
        for band in copies.bands(signature or b""):
            self.change("DELETE FROM band WHERE key = ? AND document = ?", (band, number))
        self.change("DELETE FROM document WHERE number = ?", (number,))
        return True

    def _keep_namings(self, document_number: int, statements: Iterable[Statement]) -> None:
        """Keep how the document describes each entity, and what is known of those that it names by somebody's decision."""
        for entity in described_in(statements, decisions.known(self.folder), self.target_of):
            text = to_json(encode_entity(entity))
            key = hashlib.sha256(text.encode()).digest()[:16]
            goes_by = self.target_of(entity.iri) or entity.iri
            row = (key, goes_by, text, entity.iri, entity.broader)
            self.change("INSERT OR IGNORE INTO version VALUES (NULL, ?, ?, ?, ?, ?)", row)
            sql = "INSERT INTO naming SELECT number, ? FROM version WHERE key = ?"
            self.change(sql, (document_number, key))

    def _keep_sayings(self, document_number: int, said: Iterable[dict[str, Any]]) -> None:
        """Keep which statements the document makes, as the merges have it."""
        for key in {statement_key(id_of_encoded(self.resolver.statement(s))) for s in said}:
            self.change("INSERT INTO saying VALUES (?, ?)", (key, document_number))

    def index_anew(self, document_number: int, *, is_current: bool = True) -> None:
        """Keep anew what a document is found by, as it is after a change of merges; nothing of one that was replaced.

        The document counts as changed.
        """
        self.drop_indexed(document_number)
        sql = f"UPDATE document SET revision = ({_REVISION}) WHERE number = ? RETURNING statements"
        (data,) = self.change(sql, (document_number,)).fetchone()
        if is_current:
            said = unpack(data)
            self._keep_namings(document_number, [decode_statement(s) for s in said])
            self._keep_sayings(document_number, said)

    def drop_indexed(self, document_number: int) -> None:
        for table in ("naming", "saying"):
            self.change(f"DELETE FROM {table} WHERE document = ?", (document_number,))

    def keep_symmetric(self, predicates: Iterable[str]) -> None:
        """Keep which relations hold both ways, so that merged statements stand in one order."""
        wanted, known = set(predicates), {iri for (iri,) in self.rows("SELECT predicate FROM symmetric")}
        if wanted != known:
            self._symmetric = None
            self.change("DELETE FROM symmetric")
            for iri in sorted(wanted):
                self.change("INSERT INTO symmetric VALUES (?)", (iri,))

    def _is_symmetric(self, predicate: str) -> bool:
        if self._symmetric is None:
            known = {iri for (iri,) in self.rows("SELECT predicate FROM symmetric")}
            ours = ontology.load().properties.items() if not known else ()
            self._symmetric = known or {iri for iri, found in ours if found.symmetric}
        return predicate in self._symmetric

    def _find_target(self, iri: str) -> str | None:
        row = self._db.execute("SELECT target FROM merged WHERE iri = ?", (iri,)).fetchone()
        return row[0] if row else None

    def flush(self) -> None:
        """Commit: everything recorded so far is acknowledged."""
        if self._pending_since is not None:
            self._db.execute("COMMIT")
            self._pending_since = None

    def change(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """The result of a command that writes, in the transaction that is open or a new one."""
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

    @contextmanager
    def noting(self) -> Iterator[sqlite3.Connection]:
        """Inside the `with` what is no change of the graph is kept, all of it or nothing: the revision stays."""
        self.flush()
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    # ---- reading

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Inside the `with` a reader sees the journal as it was at the start, whatever is written meanwhile."""
        if not self.is_read_only or self._db.in_transaction:
            yield
            return
        self.target_of.cache_clear()
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
        sql = "SELECT count(*), coalesce(sum(n_statements), 0) FROM document WHERE replaced_by IS NULL"
        documents, evidence = self._db.execute(sql).fetchone()
        (failures,) = self._db.execute("SELECT count(*) FROM failure").fetchone()
        return Counts(n_documents=documents, n_evidence=evidence, n_failures=failures)

    def holds(self, document_id: str) -> bool:
        return self._db.execute(f"SELECT 1 FROM {_CURRENT} AND id = ?", (document_id,)).fetchone() is not None

    def document(self, document_id: str) -> Document | None:
        row = self._db.execute(f"SELECT {_DOCUMENT} FROM {_CURRENT} AND id = ?", (document_id,)).fetchone()
        return _document(*row) if row else None

    def documents(self) -> Iterator[Document]:
        """All documents but those that a newer version has replaced, sorted by id."""
        return starmap(_document, self._db.execute(f"SELECT {_DOCUMENT} FROM {_CURRENT} ORDER BY id"))

    def version_of(self, document_id: str) -> Document | None:
        """The document, also where a newer one has replaced it."""
        row = self._db.execute(f"SELECT {_DOCUMENT} FROM document WHERE id = ?", (document_id,)).fetchone()
        return _document(*row) if row else None

    def find(self, names: Iterable[str], *, publisher: str | None = None) -> list[Document]:
        """The documents of these ids or addresses, and those of a publisher, replaced ones too, sorted by id.

        Raises:
            UsageError: when there is none for a name, or for the publisher.
        """
        found = {name: self.version_of(name) for name in names}
        missing = {name for name, document in found.items() if document is None}
        others: list[Document] = []
        if missing or publisher is not None:
            wanted = publisher.casefold() if publisher is not None else None
            kept = starmap(_document, self._db.execute(f"SELECT {_DOCUMENT} FROM document"))
            others = [d for d in kept if d.url in missing or (d.publisher or "").casefold() == wanted]
        missing -= {d.url for d in others if d.url}
        if missing:
            raise UsageError(f"{self.folder}: no document with the id or address {', '.join(sorted(missing))}; "
                             "`kg query GRAPH documents` lists them")  # fmt: skip
        if publisher is not None and not any((d.publisher or "").casefold() == wanted for d in others):
            raise UsageError(f"{self.folder}: no document of the publisher '{publisher}'")
        chosen = {d.id: d for d in [*found.values(), *others] if d is not None}
        return [chosen[id] for id in sorted(chosen)]

    def said(self) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements, entities under the IRIs that they are merged into, in no order to rely on."""
        return ((document, [decode_statement(s) for s in said]) for document, said in self.said_encoded())

    def said_encoded(self, *, at: str | None = None) -> Iterator[tuple[Document, list[dict[str, Any]]]]:
        """The same, or what was said at a moment (see `said_at`), with statements as `codec` encodes them."""
        now = f"SELECT {_DOCUMENT}, statements FROM document WHERE"
        past = "SELECT document, NULL, NULL, statements FROM past WHERE recorded <= ?1 AND ended > ?1"
        rows = self._db.execute(f"{now} replaced_by IS NULL") if at is None else self._db.execute(
            f"{now} recorded <= ?1 AND (replaced IS NULL OR replaced > ?1) UNION ALL {past}", (at,))  # fmt: skip
        for data, copy_of, voice, statements in rows:
            yield _document(data, copy_of, voice), [self.resolver.statement(s) for s in unpack(statements)]

    def said_by(self, document_id: str) -> tuple[Document, list[Statement]] | None:
        sql = f"SELECT {_DOCUMENT}, statements FROM {_CURRENT} AND id = ?"
        row = self._db.execute(sql, (document_id,)).fetchone()
        return self._decode_said(*row) if row else None

    def is_said(self, statement_id: str) -> bool:
        """Whether a document makes this statement."""
        sql = "SELECT 1 FROM saying WHERE statement = ?"
        return self._db.execute(sql, (statement_key(statement_id),)).fetchone() is not None

    def sayers(self, statement_id: str) -> set[str]:
        """The ids of the documents that make this statement."""
        sql = "SELECT d.id FROM document d JOIN saying ON d.number = saying.document WHERE saying.statement = ?"
        return {id for (id,) in self._db.execute(sql, (statement_key(statement_id),))}

    def said_of(self, statement_id: str) -> list[tuple[Document, Statement]]:
        """Each document that makes this statement, with the statement as it makes it, once for each place."""
        sql = (
            "SELECT d.document, d.copy_of, d.voice, d.statements FROM document d "
            "JOIN saying ON d.number = saying.document WHERE saying.statement = ? ORDER BY d.id"
        )
        rows = self._db.execute(sql, (statement_key(statement_id),))
        return [
            (document, s)
            for document, said in (self._decode_said(*row) for row in rows)
            for s in said
            if s.id == statement_id
        ]

    def said_at(self, moment: str) -> Iterator[tuple[Document, list[Statement]]]:
        """What the journal held at that moment, as `said`; documents that have changed or gone since lack their words.

        Args:
            moment: UTC, as `datetime.isoformat` writes it; the start of a day where there is no time.
        """
        return ((document, [decode_statement(s) for s in said]) for document, said in self.said_encoded(at=moment))

    def changed_since(self, revision: int) -> list[str]:
        """The ids of the documents recorded or withdrawn after that revision, sorted."""
        sql = "SELECT id FROM document WHERE revision > ? UNION SELECT id FROM withdrawn WHERE revision > ? ORDER BY id"
        return [id for (id,) in self._db.execute(sql, (revision, revision))]

    def entities(self) -> Iterator[Entity]:
        """All entities of statements, and those who are reported as saying them, merged, sorted by IRI."""
        rows = self._db.execute(f"SELECT iri, entity, ({_N_NAMINGS}) FROM version ORDER BY iri")
        for iri, group in groupby(rows, key=itemgetter(0)):
            if (entity := self._merged(iri, ((data, n) for _, data, n in group))) is not None:
                yield entity

    def entity(self, iri: str) -> Entity | None:
        """The entity, merged from what all documents say of it."""
        return self._merged(iri, self._db.execute(f"SELECT entity, ({_N_NAMINGS}) FROM version WHERE iri = ?", (iri,)))

    def _merged(self, iri: str, versions: Iterable[tuple[str, int]]) -> Entity | None:
        """One entity from its versions and the number of documents of each; None where no document names it."""
        counts = {decode_entity(json.loads(data)): n for data, n in versions if n}
        return consolidation.merge_as(iri, counts, self.target_of) if counts else None

    def _decode_said(self, *row: Any) -> tuple[Document, list[Statement]]:
        data, copy_of, voice, statements = row
        return _document(data, copy_of, voice), [decode_statement(self.resolver.statement(s)) for s in unpack(statements)]

    def failures(self) -> Iterator[Failure]:
        """The documents that could not be taken in, sorted by id."""
        for (data,) in self._db.execute("SELECT failure FROM failure ORDER BY id"):
            yield decode_failure(json.loads(data))


_CURRENT = "document WHERE replaced_by IS NULL"
_DOCUMENT = "document, copy_of, voice"
_COLUMNS = (
    "id, revision, content_hash, config_hash, n_statements, document, statements, recorded, address, published, retrieved, "
    "signature"
)
_N_NAMINGS = "SELECT count(*) FROM naming WHERE naming.version = version.number"


def _document(data: bytes, copy_of: str | None, voice: str | None) -> Document:
    return replace(decode_document(unpack(data)), copy_of=copy_of, voice=voice)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
