"""Entities in blocks of those that may be one, in a scratch file: none is compared with all the others."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from kg.merging.acts import Named

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TABLE named (iri TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE block (key TEXT, sort TEXT, iri TEXT);
CREATE TABLE word (word TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
"""

Member = tuple[str, str]
"""What it is sorted by within its block, and its IRI."""


class Blocks:
    """Entities, and under which keys they are compared; kept on disk until `close`."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file, which goes with the connection
        self._db.executescript(_TABLES)
        self.named = lru_cache(maxsize=20_000)(self._named)
        self._db.execute("BEGIN")

    def add(self, entity: Named, keys: Iterable[tuple[str, str]], words: Iterable[str]) -> None:
        """
        Args:
            keys: (key of the block, what to sort by within it).
            words: Of its names, to count in how many names each stands.
        """
        data = [entity.type, entity.labels, entity.aliases, entity.is_known, entity.country]
        self._db.execute("INSERT INTO named VALUES (?, ?)", (entity.iri, json.dumps(data)))
        self._db.executemany("INSERT INTO block VALUES (?, ?, ?)", ((k, s, entity.iri) for k, s in set(keys)))
        counted = "INSERT INTO word VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1"
        self._db.executemany(counted, ((word,) for word in set(words)))

    def __iter__(self) -> Iterator[tuple[str, Iterator[Member]]]:
        """Each block of several, with its members in their order."""
        self._db.execute("CREATE INDEX IF NOT EXISTS block_key ON block (key, sort, iri)")
        shared = "SELECT key FROM block GROUP BY key HAVING count(*) > 1"
        rows = self._db.execute(f"SELECT key, sort, iri FROM block WHERE key IN ({shared}) ORDER BY key, sort, iri")
        for key, group in groupby(rows, key=itemgetter(0)):
            yield key, ((sort, iri) for _, sort, iri in group)

    def n_names_with(self, word: str) -> int:
        row = self._db.execute("SELECT n FROM word WHERE word = ?", (word,)).fetchone()
        return row[0] if row else 0

    def _named(self, iri: str) -> Named | None:
        row = self._db.execute("SELECT data FROM named WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            return None
        type, labels, aliases, is_known, country = json.loads(row[0])
        return Named(iri=iri, type=type, labels=tuple(labels), aliases=tuple(aliases), is_known=is_known, country=country)

    def close(self) -> None:
        self._db.close()
