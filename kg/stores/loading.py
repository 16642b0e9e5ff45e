"""The journal into a property graph: what is new is created, what differs is replaced, what is gone is removed.

The database and the journal are walked side by side in the order of their ids, a batch at a time, so that a load can
be stopped anywhere and run again: what is there already costs a look, and a batch is there whole or not at all. When
the database was complete at an earlier revision of the journal and few documents have changed since, only what those
touch is looked at.

Nodes that carry no `version` are not ours, and are left alone.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from kg import consolidation
from kg.errors import StoreError
from kg.stores import properties, writing
from kg.stores.journal import Journal
from kg.stores.merged import Merged, Version, entities_of, merged, version_of
from kg.stores.neo4j import PropertyGraph, Write
from kg.stores.writing import KEYS, Command

Progress = Callable[[int, int], None]
"""Called with how many evidences are done and how many there are in all."""

T = TypeVar("T")
U = TypeVar("U")
Row = properties.Row

BATCH = 4_000
"""Statements, nodes or evidences in one transaction: what is held in memory."""

_DOCUMENTS = 100
"""Changed documents looked at together."""

FEW_CHANGED = 0.05
"""Up to this share of changed documents, only what they touch is looked at."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many of a kind were created, replaced since they differed, found as they should be, or removed."""

    created: int = 0
    replaced: int = 0
    matched: int = 0
    removed: int = 0


@dataclass(slots=True, kw_only=True)
class Report:
    """What a load did, or would do."""

    documents: Tally = field(default_factory=Tally)
    entities: Tally = field(default_factory=Tally)
    statements: Tally = field(default_factory=Tally)
    n_evidence: int = 0  # written
    is_whole: bool = True  # whether all was looked at, not only what has changed


def load(journal: Journal, graph: PropertyGraph, *, dry_run: bool = False, take_over: bool = False,
         progress: Progress = lambda done, total: None) -> Report:  # fmt: skip
    """Bring the database to what the journal says.

    Args:
        dry_run: Only count; nothing is written.
        take_over: Also where the database holds another graph, which is replaced.

    Raises:
        StoreError: when the server fails, or the database holds another graph. What was written stays, and the next
            load goes on from there.
    """
    with journal.snapshot():
        revision = _revision_of(journal, graph, take_over)
        if not dry_run:
            _prepare(graph)
            _mark(graph, journal, None)  # a load that is broken off here is followed by a walk
        loader = _Loader(journal, graph, dry_run, Report(), progress, was_empty=_is_empty(graph))
        changed = _few_changed(journal, revision)
        if changed is not None:
            loader.bring_up_to_date(changed)
        else:
            loader.walk()
        if not dry_run:
            _mark(graph, journal, journal.revision)
        return loader.report


# ---- the database as a whole


def _revision_of(journal: Journal, graph: PropertyGraph, take_over: bool) -> int | None:
    """Up to which revision of this journal the database is complete; None where it is not."""
    held: dict[str, int | None] = dict(graph.ask("MATCH (k:KnowledgeGraph) RETURN k.id, k.revision"))
    others = sorted(held.keys() - {journal.id})
    if others and not take_over:
        where = f"{graph.address.uri}, database {graph.address.database or 'by default'}"
        raise StoreError(
            f"{where}: holds another graph ({others[0]}), which this load would remove; name another database with "
            "--database, or say --take-over to put this graph in its place"
        )
    return None if others else held.get(journal.id)


def _few_changed(journal: Journal, revision: int | None) -> list[str] | None:
    """The documents changed since the database was complete; None where they are many or cannot be told."""
    if revision is None or revision > journal.revision:
        return None
    changed = journal.changed_since(revision)
    return changed if len(changed) <= max(1.0, FEW_CHANGED * journal.counts().n_documents) else None


def _is_empty(graph: PropertyGraph) -> bool:
    """Whether there is no node of ours but for the one that says which graph it is."""
    return not any(graph.ask(f"MATCH (n:{label}) WHERE n.version IS NOT NULL RETURN 1 LIMIT 1").rows
                   for label in KEYS if label != "KnowledgeGraph")  # fmt: skip


def _prepare(graph: PropertyGraph) -> None:
    """Constraints and indexes, before the first node."""
    for label, key in KEYS.items():
        name = f"kg_{label.lower()}_{key}"
        graph.define(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE")
    for label, key in (("Evidence", "statement"), ("Entity", "label")):
        graph.define(f"CREATE INDEX kg_{label.lower()}_{key} IF NOT EXISTS FOR (n:{label}) ON (n.{key})")


def _mark(graph: PropertyGraph, journal: Journal, revision: int | None) -> None:
    """Note in the database which graph it holds; a revision of None says that it is not complete."""
    text = (
        "OPTIONAL MATCH (other:KnowledgeGraph) WHERE other.id <> $id DELETE other WITH count(*) AS n "
        "MERGE (k:KnowledgeGraph {id: $id}) SET k.revision = $revision"
    )
    graph.change(lambda write: write(text, id=journal.id, revision=revision))


# ---- loading


@dataclass(frozen=True, slots=True)
class _There:
    """A statement as the database has it."""

    digest: str  # empty where its evidence is of several versions
    n_evidence: int
    predicate: str

    def is_as(self, wanted: Version) -> bool:
        return (self.digest, self.n_evidence) == (wanted.digest, len(wanted.statement.evidence))


@dataclass
class _Loader:
    """One load. Statements are merged in this thread, compared with the database in another, and written in a third."""

    journal: Journal
    graph: PropertyGraph
    dry_run: bool
    report: Report
    progress: Progress
    was_empty: bool  # nothing of ours was there
    _types: set[str] = field(default_factory=set)

    # ---- all of it

    def walk(self) -> None:
        """Look at everything there is and should be."""
        with ThreadPoolExecutor(1) as pool:
            nodes = pool.submit(self._all_nodes)
            with merged(self.journal) as found:  # what takes a while, so the nodes are written meanwhile
                nodes.result()
                self._statements(found)
        if not self.was_empty:
            self._remove_stale_documents()
            self._remove_orphans()

    def _all_nodes(self) -> None:
        self._nodes("Document", map(properties.of_document, self.journal.documents()), self.report.documents)
        self._nodes("Entity", map(properties.of_entity, self.journal.entities()), self.report.entities)

    def _nodes(self, label: str, rows: Iterable[Row], tally: Tally) -> None:
        """Create and replace nodes; those that are gone are removed later, when nothing leads to them."""
        for batch in _batches(rows):
            self._node_batch(label, batch, tally)

    def _node_batch(self, label: str, batch: Sequence[Row], tally: Tally) -> None:
        key = KEYS[label]
        text = f"MATCH (n:{label}) WHERE n.{key} IN $keys RETURN n.{key}, n.version, n.type"
        there = {k: (version, type) for k, version, type in self.graph.ask(text, {"keys": [row[key] for row in batch]})}
        new = [row for row in batch if row[key] not in there]
        other = [row for row in batch if row[key] in there and there[row[key]] != (row["version"], row.get("type"))]
        tally.created += len(new)
        tally.replaced += len(other)
        tally.matched += len(batch) - len(new) - len(other)
        if (new or other) and not self.dry_run:
            former = {row[key]: there[row[key]][1] for row in other if there[row[key]][1] != row.get("type")}
            for command in writing.relabellings(label, other, former):
                self._send([command])
            self._send(list(writing.nodes(label, new, other)))

    def _statements(self, found: Merged) -> None:
        state = _Walk(n_total=found.n_evidence)
        _in_stages(_batches(found.versions()), lambda batch: self._planned(batch, state), self._carry_out)
        while gone := self._after(state.after):
            state.after = max(gone)
            self._carry_out(self._plan([], gone))
        self.progress(found.n_evidence, found.n_evidence)

    def _planned(self, batch: Sequence[Version], state: "_Walk") -> "_Plan":
        """What brings the next batch of the walk to what is wanted."""
        last = batch[-1].statement.id
        plan = self._plan(batch, self._between(state.after, last))
        state.after = last
        state.n_done += sum(len(w.statement.evidence) for w in batch)
        self.progress(min(state.n_done, state.n_total), state.n_total)
        return plan

    def _between(self, after: str, last: str) -> dict[str, _There]:
        """The statements in the database with ids over the one and up to the other."""
        if self.was_empty:
            return {}
        text = f"MATCH (e:Evidence) WHERE e.statement > $after AND e.statement <= $last {_BY_STATEMENT}"
        return _there(self.graph.ask(text, {"after": after, "last": last}))

    def _after(self, last: str) -> dict[str, _There]:
        """Some of the statements in the database with ids over this one, the first ones."""
        text = f"MATCH (e:Evidence) WHERE e.statement > $last {_BY_STATEMENT} ORDER BY id LIMIT $n"
        return _there(self.graph.ask(text, {"last": last, "n": BATCH}))

    # ---- some of it

    def bring_up_to_date(self, changed: Sequence[str]) -> None:
        """Look at what the changed documents say and said."""
        self.report.is_whole = False
        documents = (d for d in map(self.journal.document, changed) if d is not None)
        # First all documents: a statement that one of them makes may stand in others of them too.
        self._nodes("Document", map(properties.of_document, documents), self.report.documents)
        for n_done, some in enumerate(_batches(changed, size=_DOCUMENTS)):
            self.progress(n_done * _DOCUMENTS, len(changed))
            self._bring_up_to_date(some)
        self._remove_documents([id for id in changed if not self.journal.holds(id)])
        self.progress(len(changed), len(changed))

    def _bring_up_to_date(self, changed: Sequence[str]) -> None:
        entity_of = entities_of(self.journal)
        touched = self._touched(changed)
        found = {id: version_of(self.journal, id, entity_of) for id in touched}
        wanted = [version for version in found.values() if version is not None]
        iris = self._iris_of(touched) | {e.iri for w in wanted for e, _ in consolidation.versions(w.statement)}
        entities = (e for e in map(self.journal.entity, sorted(iris)) if e is not None)
        self._nodes("Entity", map(properties.of_entity, entities), self.report.entities)
        for batch in _batches(wanted):
            self._carry_out(self._plan(batch, self._found([w.statement.id for w in batch])))
        for ids in _batches(id for id, version in found.items() if version is None):
            self._carry_out(self._plan([], self._found(ids)))
        self._remove_orphans(sorted(iris))

    def _touched(self, changed: Sequence[str]) -> list[str]:
        """The statements that the documents make now or made when they were loaded, and what contradicts them."""
        ids: set[str] = set()
        for document_id in changed:
            said = self.journal.said_by(document_id)
            ids |= {id for s in (said[1] if said else ()) for id in (s.id, s.opposite_id)}
        text = (
            "MATCH (d:Document)<-[:IN]-(e:Evidence) WHERE d.id IN $ids MATCH (e)-[:SUBJECT]->(s)-[r]->(o) "
            "WHERE r.id = e.statement RETURN DISTINCT r.id, r.contradicts"
        )
        for batch in _batches(changed):
            ids |= {id for row in self.graph.ask(text, {"ids": batch}) for id in row if id}
        return sorted(ids)

    def _iris_of(self, statement_ids: Sequence[str]) -> set[str]:
        """Whom evidence in the database of these statements leads to."""
        text = "UNWIND $ids AS id MATCH (e:Evidence {statement: id})-[:SUBJECT|OBJECT|SAID_BY]->(n:Entity) RETURN DISTINCT n.iri"
        return {iri for batch in _batches(statement_ids) for (iri,) in self.graph.ask(text, {"ids": batch})}

    def _found(self, statement_ids: Sequence[str]) -> dict[str, _There]:
        text = f"UNWIND $ids AS wanted MATCH (e:Evidence {{statement: wanted}}) {_BY_STATEMENT}"
        return _there(self.graph.ask(text, {"ids": list(statement_ids)}))

    # ---- writing

    def _plan(self, batch: Sequence[Version], there: dict[str, _There]) -> "_Plan":
        """What brings these statements to what is wanted; those that are there and not wanted go."""
        wanted = {w.statement.id: w for w in batch}
        gone = {id: found.predicate for id, found in there.items() if id not in wanted}
        new = [w for id, w in wanted.items() if id not in there]
        other = [w for id, w in wanted.items() if id in there and not there[id].is_as(w)]
        tally = self.report.statements
        tally.created += len(new)
        tally.replaced += len(other)
        tally.matched += len(batch) - len(new) - len(other)
        tally.removed += len(gone)
        self.report.n_evidence += sum(len(w.statement.evidence) for w in (*new, *other))
        types = {properties.type_of(w.statement.predicate) for w in new}
        stale = [*gone, *(w.statement.id for w in other)]
        return _Plan(types, [] if self.dry_run else list(writing.statements(gone, stale, [*new, *other])))

    def _carry_out(self, plan: "_Plan") -> None:
        if plan.commands:
            self._define_types(plan.types)
            self._send(plan.commands)

    def _define_types(self, types: set[str]) -> None:
        for type in sorted(types - self._types):
            name = f"kg_{type.lower()}_id"
            self.graph.define(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR ()-[r:{type}]-() REQUIRE r.id IS UNIQUE")
        self._types |= types

    def _send(self, commands: Sequence[Command]) -> list[tuple[Any, ...]]:
        """The rows of the last of the commands, which are one transaction."""

        def work(write: Write) -> list[tuple[Any, ...]]:
            rows: list[tuple[Any, ...]] = []
            for text, params in commands:
                rows = write(text, **params)
            return rows

        return self.graph.change(work)

    # ---- removing

    def _remove_stale_documents(self) -> None:
        there = self.graph.stream("MATCH (d:Document) WHERE d.version IS NOT NULL RETURN d.id")
        for ids in _batches(id for (id,) in there if not self.journal.holds(id)):
            self._remove_documents(ids)

    def _remove_documents(self, document_ids: Sequence[str]) -> None:
        text = "MATCH (d:Document) WHERE d.id IN $ids AND NOT EXISTS { (d)<-[:IN]-(:Evidence) } "
        for batch in _batches(document_ids):
            ids = {"ids": batch}
            self.report.documents.removed += next(iter(self.graph.ask(text + "RETURN count(d)", ids)))[0]
            if not self.dry_run:
                self._send([(text + "DETACH DELETE d", ids)])

    def _remove_orphans(self, iris: Sequence[str] | None = None) -> None:
        """Take out entities, values and the unnamed source that nothing leads to any more; all, or of these."""
        if self.dry_run:
            return
        for label in ("Entity", "Literal", "Source"):
            chosen = "n.iri IN $iris AND " if label == "Entity" and iris is not None else ""
            text = (
                f"MATCH (n:{label}) WHERE {chosen}n.version IS NOT NULL AND NOT EXISTS {{ (n)--() }} "
                "WITH n LIMIT $n DELETE n RETURN count(*)"
            )
            n_removed = BATCH
            while n_removed == BATCH:
                n_removed = self._send([(text, {"iris": list(iris or ()), "n": BATCH})])[0][0]
                if label == "Entity":
                    self.report.entities.removed += n_removed


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one transaction will do, and which types of relationships it needs."""

    types: set[str]
    commands: list[Command]


@dataclass(slots=True, kw_only=True)
class _Walk:
    """How far a walk over the statements has come."""

    n_total: int
    n_done: int = 0
    after: str = ""


_BY_STATEMENT = (
    "RETURN e.statement AS id, collect(DISTINCT e.version) AS digests, count(e) AS n, min(e.predicate) AS predicate"
)


def _there(rows: Iterable[tuple[Any, ...]]) -> dict[str, _There]:
    return {id: _There(digests[0] if len(digests) == 1 else "", n, predicate) for id, digests, n, predicate in rows}


# ---- batches


def _batches(items: Iterable[T], *, size: int | None = None) -> Iterator[list[T]]:
    stream = iter(items)
    while batch := list(islice(stream, size or BATCH)):
        yield batch


def _in_stages(items: Iterable[T], first: Callable[[T], U], second: Callable[[U], None]) -> None:
    """Each item through two stages, each a thread of its own, while this one makes the next."""
    with ThreadPoolExecutor(1) as planners, ThreadPoolExecutor(1) as writers:
        waiting: deque[Future[None]] = deque()
        try:
            for item in items:
                planned = planners.submit(first, item)
                waiting.append(writers.submit(lambda planned=planned: second(planned.result())))  # type: ignore[misc]
                if len(waiting) > 2:
                    waiting.popleft().result()
            while waiting:
                waiting.popleft().result()
        except BaseException:
            planners.shutdown(cancel_futures=True)
            writers.shutdown(cancel_futures=True)
            raise
