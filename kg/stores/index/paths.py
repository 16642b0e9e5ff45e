"""Ways from one entity to another, searched from both ends at once."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kg.stores.index.filters import Filters, among, of_kinds, of_statements
from kg.stores.index.records import Record, Terms, refs, statement_records
from kg.stores.index.tables import LITERAL

_MOST_ROWS = 150_000
"""Statements that one search may look at."""

_MOST_STEPS = 100_000
"""Steps back from where the two ends meet that one search may take."""

_MOST_RANKED = 2_000
"""Ways of one length that are ranked."""

_MOST_PER_STEP = 5
"""Statements given for each step of a way."""


class _Capped(Exception):
    """The search would take too long."""


@dataclass
class _Search:
    """What has been reached from one end."""

    start: int
    target: int
    distance: dict[int, int] = field(default_factory=dict)
    before: dict[int, dict[int, int]] = field(default_factory=dict)
    """For each node the ones through which it was reached, with the most documents behind one statement between them."""
    frontier: list[int] = field(default_factory=list)
    n_levels: int = 0

    def __post_init__(self) -> None:
        self.distance[self.start] = 0
        self.frontier = [self.start]


def between(db: sqlite3.Connection, start: int, end: int, terms: Terms, *, max_length: int, filters: Filters,
            limit: int) -> Record:  # fmt: skip
    """The shortest ways without a node twice, the best documented first, of no more steps than `max_length`.

    Literals are passed by: two things of 5 percent have nothing to do with each other. Where classes are asked for,
    the nodes between the two ends are of these.
    """
    finder = _Finder(db, _Search(start, end), _Search(end, start), filters)
    found: list[tuple[int, ...]] = []
    is_complete = True
    try:
        for length in range(1, max_length + 1) if start != end else ():
            found += finder.of_length(length, limit - len(found))
            if len(found) >= limit:
                break
    except _Capped:
        is_complete = False
    return {"paths": [_record(db, path, terms, filters) for path in found], "is_complete": is_complete and finder.is_complete}


@dataclass
class _Finder:
    db: sqlite3.Connection
    forward: _Search
    backward: _Search
    filters: Filters
    n_rows: int = 0
    n_steps: int = 0
    is_complete: bool = True

    def of_length(self, length: int, n_wanted: int) -> list[tuple[int, ...]]:
        """The best ways of exactly so many steps."""
        while self.forward.n_levels + self.backward.n_levels < length:
            self._go_on()
        n_back = min(self.backward.n_levels, length)
        n_forth = length - n_back
        found: list[tuple[tuple[int, int], tuple[int, ...]]] = []
        for path in self._paths(n_forth, n_back):
            found.append((self._rank(path), path))
            if len(found) == _MOST_RANKED:
                self.is_complete = False
                break
        return [path for _, path in sorted(found)[:n_wanted]]

    def _go_on(self) -> None:
        """One more level, from the end that has fewer statements ahead."""
        sides = [(self._n_ahead(side), n, side) for n, side in enumerate((self.forward, self.backward))]
        n_ahead, _, side = min(sides, key=lambda found: found[:2])
        if self.n_rows + n_ahead > _MOST_ROWS:
            raise _Capped
        self.n_rows += n_ahead
        self._expand(side)

    def _n_ahead(self, side: _Search) -> int:
        sql, values = among("number", side.frontier)
        (n,) = self.db.execute(f"SELECT coalesce(sum(n_statements), 0) FROM node WHERE {sql}", values).fetchone()
        return int(n)

    def _expand(self, side: _Search) -> None:
        where = of_statements(self.filters.without("classes"))
        kinds = of_kinds("s.kind", self.filters.classes)
        nodes, values = among("s.node", side.frontier)
        rows = self.db.execute(
            f"SELECT s.node, s.other, max(s.n_documents) FROM side s WHERE {nodes} AND {where.sql} "
            f"AND s.kind != {LITERAL} AND ({kinds.sql} OR s.other = ?) GROUP BY s.node, s.other",
            (*values, *where.values, *kinds.values, side.target),
        )
        side.n_levels += 1
        reached = []
        for node, other, n_documents in rows:
            side.before.setdefault(other, {})[node] = n_documents
            if other not in side.distance:
                side.distance[other] = side.n_levels
                reached.append(other)
        side.frontier = reached

    def _paths(self, n_forth: int, n_back: int) -> Iterator[tuple[int, ...]]:
        """Each way that is so many steps from the start at a node, and so many from there to the end."""
        there, back = self.forward.distance, self.backward.distance
        fewer, more = (there, back) if len(there) <= len(back) else (back, there)
        meeting = [n for n in fewer if n in more and there[n] <= n_forth and back[n] <= n_back]
        for node in meeting:
            for first in self._halves(self.forward, node, n_forth, ()):
                for second in self._halves(self.backward, node, n_back, first[:-1]):
                    yield (*first, *reversed(second[:-1]))

    def _halves(self, side: _Search, node: int, n_left: int, avoided: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Ways of so many steps from where the side starts to the node, without the nodes to be avoided."""
        self.n_steps += 1
        if self.n_steps > _MOST_STEPS:
            raise _Capped
        if n_left == 0:
            if node == side.start:
                yield (node,)
            return
        for before in side.before.get(node, ()):
            if side.distance[before] <= n_left - 1 and before not in avoided:
                for way in self._halves(side, before, n_left - 1, (*avoided, node)):
                    if node not in way:
                        yield (*way, node)

    def _rank(self, path: tuple[int, ...]) -> tuple[int, int]:
        """Less is better: by the weakest step, then by all together."""
        strengths = [self._strength(a, b) for a, b in pairwise(path)]
        return -min(strengths), -sum(strengths)

    def _strength(self, a: int, b: int) -> int:
        known = (self.forward.before.get(b, {}).get(a), self.forward.before.get(a, {}).get(b),
                 self.backward.before.get(a, {}).get(b), self.backward.before.get(b, {}).get(a))  # fmt: skip
        return next(n for n in known if n is not None)


def _record(db: sqlite3.Connection, path: tuple[int, ...], terms: Terms, filters: Filters) -> Record:
    known = refs(db, path)
    where = of_statements(filters.without("classes"))
    edges: list[int] = []
    for node, other in pairwise(path):
        rows = db.execute(
            "SELECT s.statement FROM side s JOIN statement ON statement.statement = s.statement "
            f"WHERE s.node = ? AND s.other = ? AND {where.sql} "
            f"ORDER BY s.n_documents DESC, s.belief DESC, id LIMIT {_MOST_PER_STEP}",
            (node, other, *where.values),
        )
        edges += (number for (number,) in rows)
    return {"nodes": [known[number] for number in path], "edges": statement_records(db, edges, terms)}
