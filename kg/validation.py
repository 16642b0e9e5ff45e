"""Whether a graph is as it must be: its SHACL shapes, its quotes, its bare triples.

The shapes lie in `ontology/shapes.ttl`. What they cannot see is checked here: that each quote is the text under its
span, and that the store holds no bare triple that no affirmed statement of that modality backs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode
from pyoxigraph import Literal as RdfLiteral

from kg import consolidation, ids, resources
from kg.errors import OntologyError
from kg.model import Document, Polarity, Span, Statement
from kg.stores import quads
from kg.stores.folder import described
from kg.stores.journal import Journal
from kg.stores.merged import Merged, merged
from kg.stores.rdf import RdfStore, open_graph

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph

_BATCH = 300
"""Statements whose quads are held and checked at a time."""

_CACHED_DOCUMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one node of the graph."""

    focus: str
    message: str

    def __str__(self) -> str:
        return f"{self.focus}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked and found."""

    n_checked: int  # statements
    problems: tuple[Problem, ...]

    @property
    def conforms(self) -> bool:
        return not self.problems


def validate(journal: Journal, *, shapes: Path | None = None) -> Report:
    """All problems of a graph: of its shapes, of its quotes, of its published store."""
    shapes_graph = load_shapes(shapes)
    problems: list[Problem] = []
    n_checked = 0
    with merged(journal) as graph:
        for n_statements, found in _batches(graph):
            n_checked += n_statements
            problems += shape_problems(found, shapes_graph)
    problems += (p for document, statements in journal.said() for p in quote_problems(document, statements))
    return Report(n_checked=n_checked, problems=(*problems, *_store_problems(journal)))


# ---- shapes


def load_shapes(file: Path | None = None) -> "Graph":
    """The shapes of a file, ours where none is named."""
    from rdflib import Graph

    file = file or resources.folder("ontology") / "shapes.ttl"
    try:
        return Graph().parse(file, format="turtle")
    except Exception as error:  # rdflib raises what its parsers raise
        raise OntologyError(f"{file}: cannot be read as SHACL shapes: {error}") from error


def shape_problems(found: Iterable["Quad"], shapes: "Graph") -> list[Problem]:
    """What the shapes find wrong with the quads, sorted; graph names are left aside."""
    import pyoxigraph
    import pyshacl
    from rdflib import SH, Graph

    triples = pyoxigraph.serialize((quad.triple for quad in found), format=pyoxigraph.RdfFormat.N_TRIPLES)
    data = Graph().parse(data=triples, format="ntriples")
    conforms, results, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if conforms:
        return []
    if not isinstance(results, Graph):
        raise OntologyError(f"the shapes cannot be applied: {text}")
    return sorted(
        (
            Problem(focus=str(results.value(node, SH.focusNode)), message=_message(results, node))
            for node in results.objects(None, SH.result)
        ),
        key=str,
    )


def _message(results: "Graph", node: Any) -> str:
    """The message of the shape, with the property and the value it is about."""
    from rdflib import SH

    path, value = results.value(node, SH.resultPath), results.value(node, SH.value)
    found = f" (found {value})" if value is not None and value != results.value(node, SH.focusNode) else ""
    about = f"{_short(str(path))}: " if path is not None and path.startswith("http") else ""
    return f"{about}{results.value(node, SH.resultMessage)}{found}"


def _short(iri: str) -> str:
    for prefix, start in quads.PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def _batches(graph: Merged) -> Iterator[tuple[int, list["Quad"]]]:
    """Some statements at a time: how many, and all quads that say what they and their surroundings are."""

    @lru_cache(maxsize=_CACHED_DOCUMENTS)
    def of_document(document_id: str) -> tuple["Quad", ...]:
        document = graph.journal.document(document_id)
        return tuple(quads.of_document(document)) if document else ()

    statements = graph.statements()
    while batch := list(islice(statements, _BATCH)):
        found: dict[Quad, None] = {}
        for statement in batch:
            found |= dict.fromkeys(_surroundings(statement))
            found |= dict.fromkeys(quads.of_statement(statement, is_contradicted=statement.id in graph.contradicted))
            found |= dict.fromkeys(q for e in statement.evidence for q in of_document(e.document_id))
        yield len(batch), [quad for quad in found if _is_record(quad)]


def _surroundings(statement: Statement) -> Iterator["Quad"]:
    for entity in dict.fromkeys(entity for entity, _ in consolidation.versions(statement)):
        yield from quads.of_entity(entity)
    yield from quads.of_predicate(statement.predicate)
    if quads.has_unnamed_source(statement):
        yield from quads.of_unnamed_source()


def _is_record(quad: "Quad") -> bool:
    """Whether it lies in the default graph, and is no bare triple."""
    return quad.graph_name == DefaultGraph()


# ---- quotes


def quote_problems(document: Document, statements: Iterable[Statement]) -> Iterator[Problem]:
    """Evidence of the document whose quotes are not the text under their spans."""
    for statement in statements:
        for evidence in statement.evidence:
            for role, span, quote in (
                ("sentence", evidence.sentence, evidence.quote),
                ("subject", evidence.subject, evidence.subject_text),
                ("predicate", evidence.predicate, evidence.predicate_text),
                ("object", evidence.object, evidence.object_text),
            ):
                if (text := _under(span, document)) != quote:
                    message = f"the {role} at {span.start}-{span.end} is quoted as {quote!r}, the text has {text!r}"
                    yield Problem(focus=f"{document.id}, statement {statement.id}", message=message)


def _under(span: Span, document: Document) -> str:
    return document.text[span.start : span.end]


# ---- the published store


def _store_problems(journal: Journal) -> list[Problem]:
    """What is wrong with the published store; nothing where none is published yet."""
    published = described(journal.folder).get("published")
    if published is None:
        return []
    if published != journal.revision:
        message = f"shows revision {published} of the journal, which is at {journal.revision}; run `kg build` again"
        return [Problem(focus=str(journal.folder), message=message)]
    with open_graph(journal.folder) as store:
        return bare_triple_problems(store)


def bare_triple_problems(store: RdfStore) -> list[Problem]:
    """Bare triples that no affirmed statement of the modality of their graph backs, sorted."""
    message = "is a bare triple that no affirmed statement of this modality backs"
    strays = (quad for quad in _bare_triples(store) if not _is_backed(store, quad))
    return sorted((Problem(focus=f"{q.triple} in {q.graph_name}", message=message) for q in strays), key=str)


def _bare_triples(store: RdfStore) -> Iterator["Quad"]:
    for graph in store.oxigraph.named_graphs():
        yield from store.oxigraph.quads_for_pattern(None, None, None, graph)


def _is_backed(store: RdfStore, bare: "Quad") -> bool:
    said = {
        "rdf:predicate": bare.predicate,
        "pol:polarity": RdfLiteral(Polarity.POSITIVE),
        "pol:modality": RdfLiteral(str(bare.graph_name)[1:-1].removeprefix(ids.GRAPH)),
    }
    ways = [said | {"rdf:subject": bare.subject, "rdf:object": bare.object}]
    if bare.predicate.value in quads.symmetric_predicates():
        ways.append(said | {"rdf:subject": bare.object, "rdf:object": bare.subject})
    nodes = [store.node(iri) for iri in _candidates(store, bare)]
    return any(all(v in node.get(quads.name(p).value, ()) for p, v in way.items()) for way in ways for node in nodes)


def _candidates(store: RdfStore, bare: "Quad") -> Iterator[str]:
    """The IRIs of statements that may say it: of an entity the one that its id gives, of a literal all with it."""
    if isinstance(bare.object, NamedNode) and isinstance(bare.subject, NamedNode):
        ends = [(bare.subject.value, bare.object.value)]
        if bare.predicate.value in quads.symmetric_predicates():
            ends.append((bare.object.value, bare.subject.value))
        for subject, object_ in ends:
            yield ids.statement_iri(ids.statement_id(subject, bare.predicate.value, object_, Polarity.POSITIVE))
    else:
        found = store.oxigraph.quads_for_pattern(None, quads.name("rdf:object"), bare.object, DefaultGraph())
        yield from (str(quad.subject)[1:-1] for quad in found)
