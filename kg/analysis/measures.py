"""PageRank, betweenness and communities of a network whose entities are numbered.

In plain Python: a number is one thing in every process, where the order of a set of strings is not, so that the same
network gives the same bits; and the loops over lists are several times faster than those of networkx over dicts.
"""

import random
from collections.abc import Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networkx import DiGraph, Graph

EXACT_UP_TO = 3000
"""The number of entities up to which betweenness is exact."""

N_PIVOTS = 500
"""How many entities stand for all as beginnings of paths, in a larger network."""

_SEED = 20260204
_DAMPING = 0.85
_MAX_ROUNDS = 200
_TOLERANCE = 1e-12


def pagerank(graph: "DiGraph[int]") -> list[float]:
    """The rank of each node (Brin and Page, 1998; damping .85), along edges in proportion to their weights.

    The one of networkx needs scipy.
    """
    n_nodes = len(graph)
    if not n_nodes:
        return []
    ranks = [1 / n_nodes] * n_nodes
    shares = [_shares({b: said["weight"] for b, said in graph[a].items()}) for a in range(n_nodes)]
    for _ in range(_MAX_ROUNDS):
        fresh = _next_ranks(ranks, shares)
        change = fsum(abs(new - old) for new, old in zip(fresh, ranks, strict=True))
        ranks = fresh
        if change < _TOLERANCE:
            break
    return ranks


def _next_ranks(ranks: Sequence[float], shares: Sequence[Mapping[int, float]]) -> list[float]:
    """The ranks one step on; that of a node without an edge out goes to all alike."""
    idle = fsum(rank for rank, targets in zip(ranks, shares, strict=True) if not targets)
    fresh = [(1 - _DAMPING + _DAMPING * idle) / len(ranks)] * len(ranks)
    for rank, targets in zip(ranks, shares, strict=True):
        for target, share in targets.items():
            fresh[target] += _DAMPING * rank * share
    return fresh


def _shares(weights: Mapping[int, float]) -> dict[int, float]:
    """What part of a node's rank goes to which neighbour."""
    total = fsum(weights.values())
    return {target: weight / total for target, weight in weights.items()} if total else {}


def betweenness(ties: "Graph[int]") -> list[float]:
    """For each node the share of the shortest paths between two others that lead through it, in [0, 1].

    Exact (Brandes, 2001) up to `EXACT_UP_TO` nodes. Above that an estimate without bias, from the paths that begin at
    `N_PIVOTS` nodes drawn with a fixed seed (Brandes and Pich, 2007).
    """
    n_nodes = len(ties)
    if n_nodes <= 2:
        return [0.0] * n_nodes
    neighbours = [sorted(ties[node]) for node in range(n_nodes)]
    sources: Sequence[int] = range(n_nodes)
    if n_nodes > EXACT_UP_TO:
        sources = sorted(random.Random(_SEED).sample(range(n_nodes), N_PIVOTS))
    totals = [0.0] * n_nodes
    for source in sources:
        _add_dependencies(totals, source, neighbours)
    # No path leads through its own beginning, so each node was tested by the other sources alone.
    n_others = [len(sources)] * n_nodes
    for source in sources:
        n_others[source] -= 1
    return [min(total / (n * (n_nodes - 2)), 1.0) for total, n in zip(totals, n_others, strict=True)]


def _add_dependencies(totals: list[float], source: int, neighbours: Sequence[Sequence[int]]) -> None:
    """Add to each node its part in the shortest paths from the source, summed over their ends."""
    depth, n_paths = [-1] * len(totals), [0] * len(totals)
    depth[source], n_paths[source] = 0, 1
    reached = [source]
    for node in reached:  # grows as it is read: breadth first
        for other in neighbours[node]:
            if depth[other] < 0:
                depth[other] = depth[node] + 1
                reached.append(other)
            if depth[other] == depth[node] + 1:
                n_paths[other] += n_paths[node]
    parts = [0.0] * len(totals)
    for node in reversed(reached[1:]):
        part = (1 + parts[node]) / n_paths[node]
        for other in neighbours[node]:
            if depth[other] == depth[node] - 1:
                parts[other] += n_paths[other] * part
        totals[node] += parts[node]


def community_numbers(ties: "Graph[int]") -> dict[int, int]:
    """The community of each node by the Louvain method (Blondel et al., 2008), with a fixed seed; 1 is the largest."""
    import networkx

    weight = "weight" if ties.size(weight="weight") else None
    found = networkx.community.louvain_communities(ties, weight=weight, seed=_SEED)
    largest_first = sorted(map(sorted, found), key=lambda members: (-len(members), members))
    return {node: number for number, members in enumerate(largest_first, start=1) for node in members}
