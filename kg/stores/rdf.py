"""The embedded RDF store of a graph folder: named graphs, evidence, SPARQL.

`publish` makes it from the journal, in a new folder that takes the place of the old one only when it is complete: a
kill in between costs nothing but the work. The reading index (`kg.stores.index`) is made with it and is always of the
same revision. Small changes to a store at hand go through `add` and `withdraw`.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
)
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import Store as Oxigraph

from kg import consolidation, ids
from kg.errors import GraphError, QueryError, UsageError
from kg.model import Document, Entity, Modality, Statement
from kg.stores import index, quads, sparql
from kg.stores.folder import describe, described
from kg.stores.holds import Hold, remove_unless_held
from kg.stores.journal import Journal
from kg.stores.merged import Merged, merged
from kg.stores.settling import settle

Term = NamedNode | RdfLiteral
Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is in all."""

Also = Callable[[Document | Entity | Statement], None]
"""Called with what is read, for whoever wants it too."""

SEEN_WITHOUT_GRAPH = (DefaultGraph(), quads.graph_of(Modality.ASSERTED), quads.graph_of(Modality.PLANNED))
"""What a query sees outside of GRAPH: everything about statements, and what is asserted or planned as triples."""

_BATCH = 100_000
"""Quads loaded at a time: what the store sorts in memory."""

_FEW_CHANGED = 0.05
"""Up to this share of changed documents, changing a copy of the store is quicker than making a new one."""


@dataclass(frozen=True)
class RdfStore:
    """An open store."""

    oxigraph: Oxigraph
    hold: Hold | None = None
    """Keeps the files of a store that is read from being removed."""

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Self:
        try:
            if read_only:
                hold = Hold(folder)
                return cls(Oxigraph.read_only(str(folder)), hold)
            return cls(Oxigraph(str(folder)))
        except OSError as error:
            raise GraphError(f"{folder}: the RDF store cannot be opened: {error}") from error

    @classmethod
    def in_memory(cls) -> Self:
        return cls(Oxigraph())

    # ---- asking

    def query(self, text: str, *, default: Sequence[str] | None = None,
              named: Sequence[str] | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:  # fmt: skip
        """The answer to a SPARQL query; the usual prefixes need not be declared.

        Args:
            default: IRIs of the graphs that are seen outside of GRAPH; those of FROM by default, else the asserted and
                planned triples and all that is said about statements.
            named: IRIs of the graphs that GRAPH may name; all by default.

        Raises:
            QueryError: when the text is no SPARQL query, or asks other servers by SERVICE.
        """
        if sparql.calls_out(text):
            raise QueryError("SERVICE is refused: this store asks no other servers")
        try:
            return self.oxigraph.query(text, prefixes=dict(quads.PREFIXES), **_dataset(text, default, named))
        except SyntaxError as error:
            raise QueryError(f"the query is not valid SPARQL: {error}") from error
        except (OSError, ValueError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error

    def ask(self, query: str) -> Iterator[Sequence[Term | None]]:
        """The rows of a SELECT, the triples of a CONSTRUCT, or one row with the truth of an ASK."""
        answer = self.query(query)
        if isinstance(answer, QueryBoolean):
            yield (RdfLiteral(bool(answer)),)
            return
        for row in answer:
            yield tuple(row)

    def node(self, iri: str) -> quads.Node:
        """What is said of an IRI in the default graph, by predicate."""
        return quads.node(self._said(iri))

    def holds(self, iri: str) -> bool:
        """Whether anything is said of it; of what is no IRI there is nothing."""
        try:
            return next(iter(self._said(iri)), None) is not None
        except ValueError:
            return False

    def is_entity(self, iri: str) -> bool:
        """Whether a statement has it as subject or object, or evidence as the one who says it."""
        roles = ("rdf:subject", "rdf:object", "pol:saidBy")
        return any(next(self._subjects(role, iri), None) is not None for role in roles)

    def n_statements(self, iri: str) -> int:
        """How many statements have it as subject or object."""
        return sum(1 for role in ("rdf:subject", "rdf:object") for _ in self._subjects(role, iri))

    def labels(self, label: str | None = None) -> Iterator[tuple[str, str]]:
        """(IRI, label) of whatever has this label, or any."""
        return self._texts("rdfs:label", label)

    def aliases(self, alias: str | None = None) -> Iterator[tuple[str, str]]:
        """(IRI, alias) of whatever has this other name, or any."""
        return self._texts("skos:altLabel", alias)

    def same_as(self, iri: str) -> Iterator[str]:
        """The IRIs of what has this IRI as another of its own."""
        return self._subjects("owl:sameAs", iri) if self._is_name(iri) else iter(())

    @staticmethod
    def _is_name(iri: str) -> bool:
        try:
            NamedNode(iri)
        except ValueError:
            return False
        return True

    def _texts(self, predicate: str, text: str | None) -> Iterator[tuple[str, str]]:
        wanted = RdfLiteral(text) if text is not None else None
        for quad in self.oxigraph.quads_for_pattern(None, quads.name(predicate), wanted, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, RdfLiteral):
                yield quad.subject.value, quad.object.value

    def statement(self, statement_id: str) -> Statement | None:
        iri = ids.statement_iri(statement_id)
        return quads.to_statement(iri, self.evidence_of(iri), self.node) if self.holds(iri) else None

    def statements(self) -> Iterator[Statement]:
        """All statements with their evidence, sorted by id."""
        for iri in self._statement_iris():
            yield quads.to_statement(iri, self.evidence_of(iri), self.node)

    def _statement_iris(self) -> list[str]:
        return sorted(self._subjects("rdf:type", quads.name("pol:Statement").value))

    def evidence_of(self, statement_iri: str) -> list[str]:
        """The IRIs of the evidence for a statement."""
        return list(self._subjects("oa:hasBody", statement_iri))

    def _subjects(self, predicate: str, iri: str) -> Iterator[str]:
        found = self.oxigraph.quads_for_pattern(None, quads.name(predicate), NamedNode(iri), DefaultGraph())
        return (quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))

    def _said(self, iri: str) -> Iterator[Quad]:
        return self.oxigraph.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())

    # ---- changing

    def add(self, statements: Iterable[Statement], documents: Iterable[Document] = ()) -> None:
        """Take in statements and the documents of their evidence, each statement whole or not at all.

        A statement that is there already keeps its evidence and gains the new.
        """
        for document in documents:
            self._change(self._said(ids.document_iri(document.id)), quads.of_document(document))
        for statement in statements:
            self._add(statement)

    def _add(self, statement: Statement) -> None:
        old = self.statement(statement.id)
        entities = self._joined_entities(statement)
        new = consolidation.merge([*([old] if old else []), statement], self._known(entities), self._voice_of)
        come = [*self._drawn(new), *quads.of_predicate(new.predicate)]
        if quads.has_unnamed_source(new):
            come += quads.of_unnamed_source()
        for entity in entities.values():
            come += quads.of_entity(entity)
        self._change([*self._quads_of(old), *(q for iri in entities for q in self._said(iri))], come)

    def _known(self, entities: Mapping[str, Entity]) -> consolidation.EntityOf:
        return lambda entity: entities.get(entity.iri, entity)

    def _joined_entities(self, statement: Statement) -> dict[str, Entity]:
        """The entities of the statement, each joined with its description in the store."""
        described = dict.fromkeys(entity for entity, _ in consolidation.versions(statement))
        stored = [quads.to_entity(e.iri, self.node) for e in described if self.holds(e.iri)]
        return consolidation.merge_entities((e, str(n)) for n, e in enumerate([*stored, *described]))

    def _drawn(self, statement: Statement) -> list[Quad]:
        """The statement's quads; when its contrary is there, each of the two points to the other."""
        opposite = ids.statement_iri(statement.opposite_id)
        if not self.holds(opposite):
            return quads.of_statement(statement, is_contradicted=False)
        back = Quad(NamedNode(opposite), quads.name("pol:contradicts"), NamedNode(ids.statement_iri(statement.id)))
        return [back, *quads.of_statement(statement, is_contradicted=True)]

    def _quads_of(self, statement: Statement | None) -> list[Quad]:
        """All quads in the store that the statement and its evidence take up."""
        if statement is None:
            return []
        back = self.oxigraph.quads_for_pattern(
            None, quads.name("pol:contradicts"), NamedNode(ids.statement_iri(statement.id)), DefaultGraph()
        )
        return [*quads.of_statement(statement, is_contradicted=True), *back]

    def _voice_of(self, document_id: str) -> str:
        return consolidation.voice(quads.to_document(document_id, self.node))

    def describe(self, entities: Iterable[Entity]) -> None:
        """Put these descriptions in the place of those that the store has of the same entities."""
        for entity in entities:
            self._change(self._said(entity.iri), quads.of_entity(entity))

    def withdraw(self, document_id: str) -> set[str]:
        """The IRIs of entities that the document spoke of; it is taken out with its evidence.

        A statement goes with its last evidence, never before; what nothing speaks of any more goes too.
        """
        document = ids.document_iri(document_id)
        evidence = list(self._subjects("prov:wasDerivedFrom", document))
        touched: set[str] = set()
        for iri in sorted({body.value for e in evidence for body in self.node(e)[quads.name("oa:hasBody").value]}):
            touched |= self._withdraw_from(iri, document_id)
        self._change(self._said(document), [])
        return touched

    def _withdraw_from(self, statement_iri: str, document_id: str) -> set[str]:
        old = quads.to_statement(statement_iri, self.evidence_of(statement_iri), self.node)
        left = [e for e in old.evidence if e.document_id != document_id]
        if left:
            new = consolidation.merge([replace(old, evidence=tuple(left))], lambda entity: entity, self._voice_of)
            self._change(self._quads_of(old), self._drawn(new))
        else:
            self._change(self._quads_of(old), [])
        touched = {entity.iri for entity, _ in consolidation.versions(old)}
        self._drop_orphans(touched | {old.predicate, quads.UNNAMED_SOURCE})
        return touched

    def _drop_orphans(self, iris: Iterable[str]) -> None:
        """Take out the descriptions of what no statement or evidence names any more."""
        for iri in iris:
            if not self._is_named(iri):
                self._change(self._said(iri), [])

    def _is_named(self, iri: str) -> bool:
        return self.is_entity(iri) or next(self._subjects("rdf:predicate", iri), None) is not None

    def _change(self, old: Iterable[Quad], new: Iterable[Quad]) -> None:
        """Take out and put in, both or neither."""
        gone, come = dict.fromkeys(old), dict.fromkeys(new)
        removed = [q for q in gone if q not in come]
        update = f"DELETE DATA {{ {_pattern(removed)} }} ; INSERT DATA {{ {_pattern(come)} }}"
        try:
            self.oxigraph.update(update)
        except RuntimeError as error:
            raise UsageError(f"the RDF store is open for reading only: {error}") from error


def _pattern(found: Iterable[Quad]) -> str:
    """The quads as SPARQL has them between braces."""
    return "\n".join(
        f"{quad.triple} ." if quad.graph_name == DefaultGraph() else f"GRAPH {quad.graph_name} {{ {quad.triple} }}"
        for quad in found
    )


def _dataset(text: str, default: Sequence[str] | None, named: Sequence[str] | None) -> dict[str, Any]:
    """The graphs that a query is about, as pyoxigraph wants them."""
    if default is None and named is None:
        return {} if sparql.names_dataset(text) else {"default_graph": list(SEEN_WITHOUT_GRAPH)}
    try:
        return {
            "default_graph": [NamedNode(iri) for iri in default or ()],
            "named_graphs": [NamedNode(iri) for iri in named or ()],
        }
    except ValueError as error:
        raise QueryError(f"the name of a graph must be an IRI: {error}") from error


# ---- the store of a graph folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What is published of a graph folder."""

    revision: int
    store: Path
    """Folder of the RDF store."""
    index: Path
    """File of the index: see `kg.stores.index`."""


def published(folder: Path) -> Published:
    """Where the published store of a graph folder is.

    Raises:
        GraphError: when there is no graph, or nothing is published yet.
    """
    revision: int | None = described(folder).get("published")
    if revision is None or not (place := _place(folder, revision)).is_dir():
        raise GraphError(f"{folder}: the graph holds no published store; run `kg build` again to finish it")
    return Published(revision=revision, store=place, index=index.place(folder, revision))


@contextmanager
def open_graph(folder: Path) -> Iterator[RdfStore]:
    """The published store of a graph folder, for reading.

    Raises:
        GraphError: when there is no graph, or nothing is published yet.
    """
    yield RdfStore.open(published(folder).store, read_only=True)


def publish(journal: Journal, *, progress: Progress = lambda done, total: None) -> Path:
    """The folder of a store that says what the journal says, with the index beside it.

    Nothing is done when both say so already.
    """
    if journal.is_read_only:
        raise UsageError(f"{journal.folder}: to publish, open the journal for writing")
    journal.flush()
    settle(journal)
    before: int | None = described(journal.folder).get("published")
    place, listed = (where(journal.folder, journal.revision) for where in (_place, index.place))
    if before != journal.revision or not place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        _make(place, journal, before, progress)
        describe(journal.folder, published=journal.revision)
    elif not index.is_current(listed):
        index.make(listed, journal)
    _remove_others(place)
    return place


def _remove_others(place: Path) -> None:
    """Remove the stores of other revisions and their indexes, but for those that somebody reads."""
    for other in place.parent.iterdir():
        store = other.parent / other.name.partition(".")[0]
        if store != place and remove_unless_held(store) and not other.is_dir():
            other.unlink(missing_ok=True)


def _make(place: Path, journal: Journal, before: int | None, progress: Progress) -> None:
    """Make store and index: from the published ones where little has changed since, else from the whole journal."""
    changed = _few_changed(journal, before)
    if before is None or changed is None:
        _load(place, journal, progress)
        return
    RdfStore.open(_place(journal.folder, before), read_only=True).oxigraph.backup(str(place))
    store = RdfStore.open(place)
    bring_up_to_date(store, journal, changed, progress)
    store.oxigraph.flush()
    old, new = (index.place(journal.folder, revision) for revision in (before, journal.revision))
    if index.is_current(old):
        index.update(old, new, journal, changed)
    else:
        index.make(new, journal)


def _few_changed(journal: Journal, published: int | None) -> list[str] | None:
    """The documents changed since the published store was made; None where they are many or cannot be told."""
    # A journal that was put back from a copy may be older than the store.
    if published is None or published >= journal.revision or not _place(journal.folder, published).is_dir():
        return None
    changed = journal.changed_since(published)
    return changed if len(changed) <= _FEW_CHANGED * journal.counts().n_documents else None


def _place(folder: Path, revision: int) -> Path:
    return folder / "store" / str(revision)


def _load(place: Path, journal: Journal, progress: Progress) -> None:
    store = Oxigraph(str(place))
    listed = index.place(journal.folder, journal.revision)
    with merged(journal) as graph, index.making(listed, graph.contradicted) as writer:
        stream = all_quads(graph, progress, also=writer.add)
        while batch := list(islice(stream, _BATCH)):
            store.bulk_extend(batch)
    store.flush()


def bring_up_to_date(
    store: RdfStore, journal: Journal, changed: Sequence[str], progress: Progress = lambda done, total: None
) -> None:
    """Put what the changed documents say now in the place of what the store has of them.

    Then the store is as one made of the whole journal: the entities that they touch are described from all documents.
    """
    touched: set[str] = set()
    for n_done, document_id in enumerate(changed):
        progress(n_done, len(changed))
        touched |= store.withdraw(document_id)
        if (said := journal.said_by(document_id)) is not None:
            document, statements = said
            store.add(statements, [document])
            touched |= {entity.iri for s in statements for entity, _ in consolidation.versions(s)}
    store.describe(entity for iri in sorted(touched) if (entity := journal.entity(iri)) is not None)
    progress(len(changed), len(changed))


def all_quads(
    graph: Merged, progress: Progress = lambda done, total: None, *, also: Also = lambda value: None
) -> Iterator[Quad]:
    """The whole graph: documents, entities, statements with evidence and bare triples, names of predicates.

    Args:
        also: Called with each document, entity and statement that is drawn.
    """
    for document in graph.documents():
        also(document)
        yield from quads.of_document(document)
    for entity in graph.entities():
        also(entity)
        yield from quads.of_entity(entity)
    predicates: set[str] = set()
    n_done, has_unnamed = 0, False
    for statement in graph.statements():
        also(statement)
        yield from quads.of_statement(statement, is_contradicted=statement.id in graph.contradicted)
        predicates.add(statement.predicate)
        has_unnamed = has_unnamed or quads.has_unnamed_source(statement)
        n_done += len(statement.evidence)
        if n_done % 1000 < len(statement.evidence):
            progress(n_done, graph.n_evidence)
    for predicate in sorted(predicates):
        yield from quads.of_predicate(predicate)
    if has_unnamed:
        yield from quads.of_unnamed_source()
    progress(graph.n_evidence, graph.n_evidence)
