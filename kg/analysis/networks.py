"""Entities as a network, and how central each of them is: degree, betweenness, PageRank, communities.

The same statements give the same numbers, in whatever order they come: sums are exact, and entities are visited in the
order of their IRIs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum
from typing import TYPE_CHECKING

from kg import ids
from kg.analysis import measures
from kg.model import Entity, Polarity, Statement
from kg.ontology import Ontology, load

if TYPE_CHECKING:
    from networkx import DiGraph, Graph


class Measure(StrEnum):
    """How central an entity is."""

    PAGERANK = "pagerank"
    BETWEENNESS = "betweenness"
    DEGREE = "degree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An entity and its place in the network."""

    iri: str
    label: str
    type: str  # IRI of its class
    degree: int  # how many other entities it is tied to
    in_degree: int
    out_degree: int
    betweenness: float  # [0, 1]
    pagerank: float  # [0, 1]; all together make 1
    community: int  # its number; 1 is the largest

    @property
    def class_name(self) -> str:
        return ids.predicate_name(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Entities that are tied to each other more closely than to the rest."""

    number: int
    members: tuple[Standing, ...]  # by PageRank, highest first
    density: float  # [0, 1], the share of its pairs that are tied; 0 where there is no pair

    @property
    def size(self) -> int:
        return len(self.members)


# ---- the network


@dataclass(slots=True)
class _Tie:
    """What is affirmed of one entity towards another."""

    beliefs: dict[str, float] = field(default_factory=dict)  # by the id of the statement
    relations: set[str] = field(default_factory=set)
    mutual: set[str] = field(default_factory=set)  # ids of the statements that hold both ways

    def add(self, statement: Statement, *, is_mutual: bool) -> None:
        belief = 1.0 if statement.belief is None else statement.belief
        self.beliefs[statement.id] = max(belief, self.beliefs.get(statement.id, 0.0))
        self.relations.add(ids.predicate_name(statement.predicate))
        if is_mutual:
            self.mutual.add(statement.id)

    def attributes(self) -> dict[str, object]:
        return {
            "weight": fsum(self.beliefs.values()),
            "count": len(self.beliefs),
            "relations": tuple(sorted(self.relations)),
            "mutual": fsum(self.beliefs[id] for id in self.mutual),
        }


def network(statements: Iterable[Statement], ontology: Ontology | None = None) -> "DiGraph[str]":
    """All entities, and one edge from each to each other of which something affirmed is said.

    Nodes are IRIs with `label` and `type`. Edges have `weight` (the summed belief of their statements, 1 for one that
    was never consolidated), `count`, `relations` (names, sorted) and `mutual`, the part of the weight that comes from
    symmetric relations of the ontology and so stands on the edge the other way too.

    Denied statements, literals and what an entity says of itself make no edge; modality makes no difference.
    """
    import networkx

    terms = ontology or load()
    entities: dict[str, Entity] = {}
    ties: defaultdict[tuple[str, str], _Tie] = defaultdict(_Tie)
    for statement in statements:
        for value in _entities(statement):
            entities[value.iri] = min(entities.get(value.iri, value), value, key=lambda e: (e.label, e.type))
        for pair, is_mutual in _pairs(statement, terms):
            ties[pair].add(statement, is_mutual=is_mutual)
    graph: DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from((iri, {"label": entities[iri].label, "type": entities[iri].type}) for iri in sorted(entities))
    graph.add_edges_from((*pair, ties[pair].attributes()) for pair in sorted(ties))
    return graph


def _entities(statement: Statement) -> Iterator[Entity]:
    yield statement.subject
    if isinstance(statement.object, Entity):
        yield statement.object


def _pairs(statement: Statement, ontology: Ontology) -> Iterator[tuple[tuple[str, str], bool]]:
    """The edges that a statement stands on, and whether it holds both ways."""
    subject, value = statement.subject, statement.object
    if statement.polarity is Polarity.NEGATIVE or not isinstance(value, Entity) or subject.iri == value.iri:
        return
    is_mutual = ontology.is_symmetric(statement.predicate)
    yield (subject.iri, value.iri), is_mutual
    if is_mutual:
        yield (value.iri, subject.iri), is_mutual


# ---- the measures


def standings(network: "DiGraph[str]") -> tuple[Standing, ...]:
    """Every entity with its measures, by PageRank, highest first; equal ones by IRI."""
    names = sorted(network)
    numbered = _numbered(network, names)
    ties = _undirected(numbered)
    ranks, between, numbers = (
        measures.pagerank(numbered),
        measures.betweenness(ties),
        measures.community_numbers(ties),
    )
    made = [
        Standing(
            iri=iri,
            label=network.nodes[iri]["label"],
            type=network.nodes[iri]["type"],
            degree=ties.degree(i),
            in_degree=numbered.in_degree(i),
            out_degree=numbered.out_degree(i),
            betweenness=between[i],
            pagerank=ranks[i],
            community=numbers[i],
        )
        for i, iri in enumerate(names)
    ]
    return tuple(sorted(made, key=lambda s: order(s, Measure.PAGERANK)))


def order(standing: Standing, by: Measure) -> tuple[float, float, str]:
    """What sorts the most central first; rounded, so that the last bits of a sum do not decide."""
    return -round(getattr(standing, by), 12), -round(standing.pagerank, 12), standing.iri


def communities_of(network: "DiGraph[str]", placed: Sequence[Standing]) -> tuple[Community, ...]:
    """The communities of the standings, largest first."""
    members: defaultdict[int, list[Standing]] = defaultdict(list)
    for standing in placed:
        members[standing.community].append(standing)
    number_of = {standing.iri: standing.community for standing in placed}
    pairs = {frozenset(pair) for pair in network.edges if number_of[pair[0]] == number_of[pair[1]]}
    n_ties: defaultdict[int, int] = defaultdict(int)
    for one, _ in map(tuple, pairs):
        n_ties[number_of[one]] += 1
    return tuple(
        Community(number=n, members=tuple(members[n]), density=density(len(members[n]), n_ties[n]))
        for n in sorted(members)
    )


def density(n_entities: int, n_ties: int) -> float:
    """The share of the pairs of entities that are tied; 0 where there is no pair."""
    n_pairs = n_entities * (n_entities - 1) / 2
    return n_ties / n_pairs if n_pairs else 0.0


def _numbered(network: "DiGraph[str]", names: Sequence[str]) -> "DiGraph[int]":
    """The network with numbers for names: sets of numbers, unlike sets of strings, have one order in every process."""
    import networkx

    number_of = {name: number for number, name in enumerate(names)}
    edges = sorted((number_of[a], number_of[b], said["weight"], said["mutual"]) for a, b, said in network.edges.data())
    graph: DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from((a, b, {"weight": weight, "mutual": mutual}) for a, b, weight, mutual in edges)
    return graph


def _undirected(graph: "DiGraph[int]") -> "Graph[int]":
    """The same ties without direction, weighted by all that is said of the pair, symmetric relations once."""
    import networkx

    ties: Graph[int] = networkx.Graph()
    ties.add_nodes_from(graph)
    for a, b, said in graph.edges.data():
        back = graph.get_edge_data(b, a)
        if back is None or a < b:
            weight = said["weight"] + (back["weight"] - said["mutual"] if back else 0.0)
            ties.add_edge(a, b, weight=weight)
    return ties
