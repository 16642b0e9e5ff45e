"""An open index, and what can be asked of it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from typing import Any, Self

from kg import ids, ontology
from kg.errors import GraphError, UnknownName
from kg.ontology import ANYTHING, Ontology
from kg.stores.index import documents, neighbourhoods, paths, search, statements
from kg.stores.index.filters import LITERALS, Filters
from kg.stores.index.records import Record, Terms, entity_details
from kg.stores.index.tables import MODALITIES, is_current

N_CONNECTIONS = 4
"""How many threads read at the same time; others wait for one to be done."""

ANY = Filters()

_CACHE_KB = 16_000
_MAPPED_BYTES = 1 << 30


@dataclass
class Index:
    """The index of one revision of a graph. Any number of threads may ask; what is asked reads only.

    Answers are plain dictionaries and lists, ready to be written as JSON.
    """

    file: Path
    revision: int
    ontology: Ontology
    stamp: str
    """Tells this file from another of the same revision."""
    _free: LifoQueue[sqlite3.Connection] = field(default_factory=LifoQueue)
    _n_open: int = 0
    _is_closed: bool = False
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, file: Path, *, terms: Ontology | None = None, n_connections: int = N_CONNECTIONS) -> Self:
        """The index in a file, as `place` names it.

        All connections are made at once, so it goes on answering when a newer revision takes its place on disk.

        Args:
            terms: Where labels and the order of classes are taken from; ours by default.

        Raises:
            GraphError: when there is no index of this version.
        """
        if not is_current(file):
            raise GraphError(f"{file}: there is no index to read from; run `kg build` again to make it")
        opened = cls(file, int(file.stem), terms or ontology.load(), f"{file.stat().st_mtime_ns:x}")
        try:
            for _ in range(n_connections):
                opened._free.put(_connected(file))
                opened._n_open += 1
        except sqlite3.DatabaseError as error:
            opened.close()
            raise GraphError(f"{file}: cannot be read: {error}; run `kg build` again") from error
        return opened

    def close(self) -> None:
        """Close the connections: those in use once they are done."""
        with self._lock:
            self._is_closed = True
        while not self._free.empty():
            self._free.get_nowait().close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection, which no other thread uses meanwhile.

        Raises:
            GraphError: when the index is closed, or the file is damaged.
        """
        if self._is_closed:
            raise GraphError(f"{self.file}: the index is closed; a newer one has taken its place")
        db = self._free.get()
        try:
            yield db
        except sqlite3.DatabaseError as error:
            raise GraphError(f"{self.file}: cannot be read: {error}; run `kg build` again") from error
        finally:
            with self._lock:
                is_closed = self._is_closed
                if not is_closed:
                    self._free.put(db)
            if is_closed:
                db.close()

    # ---- the terms

    @cached_property
    def terms(self) -> Terms:
        """The names of classes and relations: those of the ontology, and those that the graph has beside them."""
        return Terms(self.ontology)

    @cached_property
    def _summary(self) -> Mapping[str, Any]:
        with self.reading() as db:
            (text,) = db.execute("SELECT value FROM fact WHERE name = 'summary'").fetchone()
        found: Mapping[str, Any] = json.loads(text)
        return found

    @cached_property
    def _relations(self) -> Mapping[str, str]:
        """IRIs by name; where two have one name, that of our ontology."""
        used = [iri for iri, _ in self._summary["relations"] if not ids.is_open(iri)]
        return {ids.predicate_name(iri): iri for iri in [*used, *reversed(list(self.ontology.properties))]}

    @cached_property
    def _classes(self) -> Mapping[str, str]:
        used = [iri for iri, _ in self._summary["classes"]]
        return {ids.predicate_name(iri): iri for iri in [*used, *reversed(list(self.ontology.classes))]}

    def relation(self, name: str) -> str:
        """The IRI of the relation of that name or IRI; an open one goes by its phrase.

        Raises:
            UnknownName: when neither the ontology nor the graph has it.
        """
        if name in self._relations:
            return self._relations[name]
        known = set(self._relations.values())
        with self.reading() as db:
            for iri in (name, ids.open_predicate(name)):
                if iri in known or db.execute("SELECT 1 FROM relation WHERE iri = ?", (iri,)).fetchone():
                    return iri
        raise UnknownName(f"{name}: no relation of this graph; there are {', '.join(sorted(self._relations))}")

    def classes_below(self, name: str) -> tuple[str, ...]:
        """The IRI of the class of that name or IRI with those of all classes below it; `LITERALS` stands for itself.

        Raises:
            UnknownName: when neither the ontology nor the graph has it.
        """
        if name == LITERALS:
            return (LITERALS,)
        iri = self._classes.get(name, name)
        known = set(self._classes.values())
        if iri == ANYTHING:
            return tuple(sorted(known))
        if iri not in known:
            raise UnknownName(f"{name}: no class of this graph; there are {', '.join(sorted(self._classes))}, {LITERALS}")
        return tuple(sorted(c for c in known if self.ontology.is_a(c, iri)))

    # ---- the graph and its entities

    def summary(self) -> Record:
        """How much there is of everything."""
        found = self._summary
        counts = {name: value for name, value in found.items() if not isinstance(value, list)}
        return {
            "revision": self.revision,
            **counts,
            "classes": [{**self.terms.of_class(iri), "n": n} for iri, n in found["classes"]],
            "relations": [{**self.terms.of_relation(iri), "n": n} for iri, n in found["relations"]],
            "modalities": [{"name": str(MODALITIES[number]), "n": n} for number, n in found["modalities"]],
            "sources": [{"name": name, "n": n} for name, n in found["sources"]],
        }

    def entities(self, words: str = "", *, classes: Sequence[str] = (), limit: int = 50, offset: int = 0) -> Record:
        """The entities that go by these words, the best first, or all by how much is said of them.

        Args:
            classes: IRIs; none leaves it open.
        """
        with self.reading() as db:
            return search.entities(db, words, classes=classes, limit=limit, offset=offset)

    def entity(self, name: str) -> Record | None:
        """The entity of that IRI, label or alias; among several that of which most is said."""
        with self.reading() as db:
            number = search.find(db, name)
            return entity_details(db, number, self.terms) if number is not None else None

    def near(self, name: str) -> list[str]:
        """Names of entities that are like this one, at most five."""
        with self.reading() as db:
            return search.near(db, name)

    # ---- statements

    def statements(self, entity: str | None = None, *, side: str = "any", sort: str = "belief",
                   filters: Filters = ANY, limit: int = 50, offset: int = 0) -> Record | None:  # fmt: skip
        """Statements about an entity, or of the whole graph; None where there is no such entity.

        Args:
            entity: Its IRI, label or alias.
            side: Where the entity stands: any, subject or object.
            sort: belief, newest, oldest or evidence.
        """
        with self.reading() as db:
            number = search.find(db, entity) if entity is not None else None
            if entity is not None and number is None:
                return None
            chosen = statements.Chosen(number, side, sort, filters)
            return statements.listed(db, chosen, self.terms, limit=limit, offset=offset)

    def statement(self, id: str, *, limit: int = 50, offset: int = 0) -> Record | None:
        """The statement of that id with some of its evidence; None where there is none."""
        with self.reading() as db:
            return statements.one(db, id, self.terms, limit=limit, offset=offset)

    def neighbourhood(self, centre: str, *, depth: int = 1, filters: Filters = ANY, limit: int = 50,
                      offset: int = 0) -> Record | None:  # fmt: skip
        """What stands around an entity, the best documented first; None where there is no such entity."""
        with self.reading() as db:
            number = search.find(db, centre)
            if number is None:
                return None
            return neighbourhoods.around(
                db, number, self.terms, depth=depth, filters=filters, limit=limit, offset=offset
            )

    def paths(self, start: str, end: str, *, max_length: int = 4, filters: Filters = ANY,
              limit: int = 3) -> Record | None:  # fmt: skip
        """The shortest ways from one entity to another, the best documented first; None where one is not there."""
        with self.reading() as db:
            ends = search.find(db, start), search.find(db, end)
            if ends[0] is None or ends[1] is None:
                return None
            return paths.between(
                db, ends[0], ends[1], self.terms, max_length=max_length, filters=filters, limit=limit
            )

    # ---- documents

    def documents(self, words: str = "", *, sources: Sequence[str] = (), since: date | None = None,
                  until: date | None = None, sort: str = "newest", limit: int = 50, offset: int = 0) -> Record:  # fmt: skip
        """Documents by the words of their titles.

        Args:
            sort: newest, oldest or title.
        """
        wanted = documents.Wanted(words, tuple(sources), since, until, sort)
        with self.reading() as db:
            return documents.listed(db, wanted, limit=limit, offset=offset)

    def document(self, id: str, *, limit: int = 50, offset: int = 0) -> Record | None:
        """The document with the statements that it makes, in the order of its text; None where there is none."""
        with self.reading() as db:
            return documents.one(db, id, self.terms, limit=limit, offset=offset)


def _connected(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    db = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in (f"cache_size = -{_CACHE_KB}", f"mmap_size = {_MAPPED_BYTES}", "temp_store = MEMORY", "query_only = 1"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("SELECT count(*) FROM fact").fetchone()
    return db
