"""The network of a graph folder as rows: entities, statements, communities, and all of it in short."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import ids
from kg.analysis import networks
from kg.analysis.networks import Community, Measure, Standing
from kg.errors import UsageError
from kg.model import Entity, Statement, label_of
from kg.ontology import Ontology
from kg.stores.journal import Journal
from kg.stores.merged import Merged, merged

if TYPE_CHECKING:
    from networkx import DiGraph
    from pandas import DataFrame

_N_NAMED = 5
"""How many members stand for a community."""

_NODE_COLUMNS = (
    "iri", "label", "class", "degree", "in_degree", "out_degree", "betweenness", "pagerank", "community",
)  # fmt: skip
_EDGE_COLUMNS = (
    "id", "subject", "relation", "object", "subject_iri", "predicate_iri", "object_iri", "polarity", "modality",
    "belief", "n_evidence", "n_documents",
)  # fmt: skip
_COMMUNITY_COLUMNS = ("number", "size", "members", "density")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How much a graph holds, and how its entities hang together."""

    n_entities: int  # subjects and objects
    n_statements: int
    n_documents: int
    n_evidence: int
    n_components: int  # parts that no affirmed statement ties to each other
    density: float  # [0, 1], the share of the pairs of entities that are tied
    standings: tuple[Standing, ...]  # all entities, by PageRank
    communities: tuple[Community, ...]  # largest first

    @property
    def classes(self) -> tuple[str, ...]:
        """The IRIs of the classes that have entities, those with the most first."""
        counts = Counter(standing.type for standing in self.standings)
        return tuple(sorted(counts, key=lambda iri: (-counts[iri], iri)))

    def top(
        self, n: int = 10, *, by: Measure = Measure.PAGERANK, types: Collection[str] | None = None
    ) -> tuple[Standing, ...]:
        """The most central entities, of all classes or of those with these IRIs."""
        found = (s for s in self.standings if types is None or s.type in types)
        return tuple(sorted(found, key=lambda s: networks.order(s, by))[:n])


def types_named(name: str, summary: Summary, ontology: Ontology) -> frozenset[str]:
    """The IRIs of the class of this name or label and of all below it, as far as the graph has entities of them.

    Raises:
        UsageError: when neither the graph nor the ontology has such a class.
    """
    known = {*summary.classes, *ontology.classes}
    named = [
        iri
        for iri in known
        if name.casefold() in {w.casefold() for w in (ids.predicate_name(iri), ontology.label_of(iri))}
    ]
    if not named:
        has = ", ".join(sorted(map(ids.predicate_name, summary.classes))) or "none"
        raise UsageError(f"{name}: no class of the ontology; the classes of this graph are {has}")
    return frozenset(iri for iri in summary.classes if any(ontology.is_a(iri, above) for above in named))


def summarise(graph_folder: str | Path) -> Summary:
    """The counts, the entities with their measures, and the communities of a graph."""
    import networkx

    with opened(graph_folder) as graph:
        tally = _Tally()
        found = networks.network(tally.count(graph.statements()))
        n_documents = graph.journal.counts().n_documents
    placed = networks.standings(found)
    return Summary(
        n_entities=len(found),
        n_statements=tally.n_statements,
        n_documents=n_documents,
        n_evidence=tally.n_evidence,
        n_components=networkx.number_weakly_connected_components(found),
        density=networks.density(len(found), sum(standing.degree for standing in placed) // 2),
        standings=placed,
        communities=networks.communities_of(found, placed),
    )


@dataclass(slots=True)
class _Tally:
    """Counts what passes through."""

    n_statements: int = 0
    n_evidence: int = 0

    def count(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        for statement in statements:
            self.n_statements += 1
            self.n_evidence += len(statement.evidence)
            yield statement


def nodes(graph_folder: str | Path) -> "DataFrame":
    """One row an entity: iri, label, class, measures and number of its community, by PageRank, highest first.

    Degrees count other entities, not statements: `in_degree` those that have it as object, `out_degree` those that it
    has as object, `degree` all of them once.
    Betweenness is exact up to 3,000 entities and above that estimated from 500 pivots drawn with a fixed seed (Brandes
    and Pich, 2007). Communities are those of the Louvain method with a fixed seed (Blondel et al., 2008).
    """
    return _frame(_NODE_COLUMNS, _node_rows(graph_folder))


def edges(graph_folder: str | Path) -> "DataFrame":
    """One row a statement, denied ones too, by id: labels and IRIs of its parts, how it is put, how well it is held.

    A literal object has its value as label and no IRI.
    """
    return _frame(_EDGE_COLUMNS, _edge_rows(graph_folder))


def communities(graph_folder: str | Path) -> "DataFrame":
    """One row a community: number, size, labels of its five most central members, density; largest first."""
    return _frame(_COMMUNITY_COLUMNS, _community_rows(graph_folder))


def members_of(community: Community) -> str:
    """The labels of its most central members."""
    return "; ".join(standing.label for standing in community.members[:_N_NAMED])


def required(library: str, purpose: str) -> Any:
    """The library, imported.

    Raises:
        UsageError: when it is not installed, with the command that installs it.
    """
    try:
        return import_module(library)
    except ModuleNotFoundError as error:
        name = library.partition(".")[0]
        raise UsageError(
            f"{purpose} needs {name}, which is not installed; run pip install 'policy-kg[analysis]'"
        ) from error


@contextmanager
def opened(graph_folder: str | Path) -> Iterator[Merged]:
    """The consolidated graph of a folder, for reading."""
    with Journal.open(Path(graph_folder), read_only=True) as journal, merged(journal) as graph:
        yield graph


def _network(graph_folder: str | Path) -> "DiGraph[str]":
    with opened(graph_folder) as graph:
        return networks.network(graph.statements())


def _frame(columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> "DataFrame":
    """The rows, which are not read before pandas is there."""
    pandas = required("pandas", "a data frame")
    frame: DataFrame = pandas.DataFrame.from_records(list(rows), columns=list(columns))
    return frame


def _node_rows(graph_folder: str | Path) -> Iterator[tuple[Any, ...]]:
    for s in networks.standings(_network(graph_folder)):
        measured = s.degree, s.in_degree, s.out_degree, s.betweenness, s.pagerank, s.community
        yield s.iri, s.label, s.class_name, *measured


def _edge_rows(graph_folder: str | Path) -> Iterator[tuple[Any, ...]]:
    with opened(graph_folder) as graph:
        for s in graph.statements():
            labels = s.subject.label, ids.predicate_name(s.predicate), label_of(s.object)
            iris = s.subject.iri, s.predicate, s.object.iri if isinstance(s.object, Entity) else None
            n_documents = len({evidence.document_id for evidence in s.evidence})
            yield s.id, *labels, *iris, str(s.polarity), str(s.modality), s.belief, len(s.evidence), n_documents


def _community_rows(graph_folder: str | Path) -> Iterator[tuple[Any, ...]]:
    found = _network(graph_folder)
    for community in networks.communities_of(found, networks.standings(found)):
        yield community.number, community.size, members_of(community), community.density
