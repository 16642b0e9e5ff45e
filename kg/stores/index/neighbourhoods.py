"""What stands around an entity: the nodes that matter most, the statements between them, and counts to choose by."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from kg import ids
from kg.ontology import Ontology
from kg.stores.index.filters import LITERALS, Filters, Where, among, of_evidence, of_statements
from kg.stores.index.records import Record, Terms, refs, statement_records
from kg.stores.index.tables import BOTH, LITERAL, MODALITIES, POLARITIES, SUBJECT

MOST_EDGES = 2_000
_MOST_EXPANDED = 60
"""Nodes whose own neighbours are looked at, beyond the centre."""

_N_SOURCES = 30
_FEW_NODES = 60
"""Up to so many, pairs are looked up one by one; else the statements of each node are gone through."""


@dataclass(frozen=True, slots=True, order=True)
class _Neighbour:
    """A node beside another, in the order in which nodes are shown."""

    minus_documents: int
    minus_belief: float
    label: str
    key: str
    depth: int
    number: int


def around(db: sqlite3.Connection, centre: int, terms: Terms, *, depth: int, filters: Filters, limit: int,
           offset: int) -> Record:  # fmt: skip
    """The centre and a page of the nodes around it, with the statements among those shown.

    Nodes of greater depth come in the order of what joins them to a node before them, so each has a way to the centre
    through nodes of this page or an earlier one.
    """
    if depth == 1:
        chosen = _neighbours(db, centre, 1, filters, limit, offset)
        total, is_exact = _n_neighbours(db, centre, filters), True
    else:
        chosen, total, is_exact = _spreading(db, centre, depth, filters, limit, offset)
    numbers = [centre, *(node.number for node in chosen)]
    edges, n_edges = _edges(db, numbers, filters)
    depths = {centre: 0} | {node.number: node.depth for node in chosen}
    return {
        "centre": _short(refs(db, [centre])[centre]),
        "nodes": _nodes(db, depths, offset),
        "edges": statement_records(db, edges, terms),
        "total_nodes": total,
        "is_total_exact": is_exact,
        "total_edges": n_edges,
        "facets": _facets(db, centre, filters, terms),
    }


def _short(ref: Record) -> Record:
    return {name: ref[name] for name in ("iri", "label", "class")}


def _nodes(db: sqlite3.Connection, depths: Mapping[int, int], offset: int) -> list[Record]:
    """The nodes in their order; the centre has rank 0."""
    known = refs(db, depths)
    sql, values = among("number", list(depths))
    counts = dict(db.execute(f"SELECT number, n_statements FROM node WHERE {sql}", values))
    return [
        {**_short(known[number]), "depth": depth, "n_statements": counts[number], "rank": n + offset if n else 0}
        for n, (number, depth) in enumerate(depths.items())
    ]


# ---- which nodes


def _neighbours(
    db: sqlite3.Connection, node: int, depth: int, filters: Filters, limit: int, offset: int = 0
) -> list[_Neighbour]:
    """Those of the node, best first."""
    where = of_statements(filters)
    rows = db.execute(f"""
        SELECT -n, -belief, label, key, number FROM (
          SELECT s.other, count(DISTINCT e.document) n, max(coalesce(s.belief, 0)) belief
          FROM side s CROSS JOIN evidence e ON e.statement = s.statement
          WHERE s.node = ? AND s.other != s.node AND {where.sql} GROUP BY s.other
        ) found CROSS JOIN node ON node.number = found.other
        ORDER BY n DESC, belief DESC, label, key LIMIT ? OFFSET ?
        """, (node, *where.values, limit, offset))  # fmt: skip
    return [_Neighbour(n, belief, label, key, depth, number) for n, belief, label, key, number in rows]


def _n_neighbours(db: sqlite3.Connection, node: int, filters: Filters) -> int:
    where = of_statements(filters)
    sql = f"SELECT count(DISTINCT s.other) FROM side s WHERE s.node = ? AND s.other != s.node AND {where.sql}"
    (total,) = db.execute(sql, (node, *where.values)).fetchone()
    return int(total)


def _spreading(
    db: sqlite3.Connection, centre: int, depth: int, filters: Filters, limit: int, offset: int
) -> tuple[list[_Neighbour], int, bool]:
    """A page of the nodes up to that depth, how many there are at least, and whether there are no more.

    From the centre outwards: the best node that is met and not yet taken comes next, and its neighbours are met.
    """
    n_wanted = limit + offset
    ahead = _neighbours(db, centre, 1, filters, n_wanted + 1)
    met, taken = {centre, *(node.number for node in ahead)}, list[_Neighbour]()
    n_expanded, is_cut = 0, len(ahead) > n_wanted
    while ahead and len(taken) < n_wanted:
        node = heappop(ahead)
        taken.append(node)
        if node.depth == depth or (node.key.find("^^") >= 0 and _is_literal(db, node.number)):
            continue
        if n_expanded == _MOST_EXPANDED:
            is_cut = True
            continue
        n_expanded += 1
        found = _neighbours(db, node.number, node.depth + 1, filters, n_wanted + 1)
        is_cut = is_cut or len(found) > n_wanted
        for other in found:
            if other.number not in met:
                met.add(other.number)
                heappush(ahead, other)
    is_exact = not ahead and not is_cut
    return taken[offset:], len(met) - 1, is_exact


def _is_literal(db: sqlite3.Connection, number: int) -> bool:
    (kind,) = db.execute("SELECT kind FROM node WHERE number = ?", (number,)).fetchone()
    return bool(kind == LITERAL)


# ---- the statements among them


def _edges(db: sqlite3.Connection, nodes: list[int], filters: Filters) -> tuple[list[int], int]:
    """The statements with both ends among the nodes, best first, and how many there are."""
    # Whatever is shown beside the centre is of the classes wanted, so each of these has such an end.
    where = of_statements(filters.without("classes"))
    listed = json.dumps(sorted(nodes))
    other = "s.other" if len(nodes) <= _FEW_NODES else "+s.other"
    found = f"""FROM json_each(?1) n CROSS JOIN side s ON s.node = n.value
        WHERE {other} IN (SELECT value FROM json_each(?1)) AND s.role IN ({SUBJECT}, {BOTH}) AND {_numbered(where)}"""
    rows = db.execute(
        f"SELECT s.statement FROM ({_RANKED} {found}) s CROSS JOIN statement ON statement.statement = s.statement "
        f"ORDER BY s.belief DESC, s.n_documents DESC, id LIMIT {MOST_EDGES}", (listed, *where.values)).fetchall()  # fmt: skip
    total = len(rows)
    if total == MOST_EDGES:
        (total,) = db.execute(f"SELECT count(*) {found}", (listed, *where.values)).fetchone()
    return [number for (number,) in rows], total


_RANKED = "SELECT s.statement, s.belief, s.n_documents"


def _numbered(where: Where) -> str:
    """The condition with its values counted from the second."""
    parts = where.sql.split("?")
    return parts[0] + "".join(f"?{n}{part}" for n, part in enumerate(parts[1:], start=2))


# ---- facets


def _facets(db: sqlite3.Connection, centre: int, filters: Filters, terms: Terms) -> Record:
    """Statements of the centre by each quality: those that pass all filters but the one for this quality."""

    def by(column: str, *own: str) -> Iterator[tuple[Any, int]]:
        return _counted(db, centre, column, filters.without(*own))

    beliefs = dict(by("min(9, CAST(s.belief * 10 AS INTEGER))", "min_belief"))
    return {
        "relations": [{**terms.of_relation(iri), "n": n} for iri, n in _spelt(db, "relation", by("s.relation", "relations"))],
        "classes": [_class_facet(iri, n, terms.ontology) for iri, n in _spelt(db, "kind", by("s.kind", "classes"))],
        "modalities": [{"name": str(MODALITIES[m]), "n": n} for m, n in by("s.modality", "modalities")],
        "polarities": [{"name": str(POLARITIES[p]), "n": n} for p, n in by("s.polarity", "polarities")],
        "sources": [{"name": name, "n": n} for name, n in _source_facet(db, centre, filters)],
        "beliefs": [beliefs.get(tenth, 0) for tenth in range(10)],
        "months": [{"month": month, "n": n} for month, n in _month_facet(db, centre, filters)],
    }


def _counted(db: sqlite3.Connection, centre: int, column: str, filters: Filters) -> Iterator[tuple[Any, int]]:
    """How many statements have each value, the most frequent first."""
    where = of_statements(filters)
    return db.execute(
        f"SELECT {column}, count(*) FROM side s WHERE s.node = ? AND {where.sql} GROUP BY 1 ORDER BY 2 DESC, 1",
        (centre, *where.values),
    )


def _spelt(db: sqlite3.Connection, table: str, counts: Iterator[tuple[int, int]]) -> list[tuple[str, int]]:
    """The counts by IRI, the most frequent first; literals have no class and go by `LITERALS`."""
    found = dict(counts)
    sql, values = among("number", list(found))
    iris = dict(db.execute(f"SELECT number, iri FROM {table} WHERE {sql}", values))
    named = [(iris.get(number, LITERALS), n) for number, n in found.items()]
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))


def _class_facet(iri: str, n: int, ontology: Ontology) -> Record:
    return {"name": ids.predicate_name(iri), "label": ontology.label_of(iri), "n": n}


def _source_facet(db: sqlite3.Connection, centre: int, filters: Filters) -> Iterator[tuple[str, int]]:
    found, values = _by_evidence("e.source", centre, filters, of_evidence(filters.without("sources")))
    return db.execute(
        f"SELECT iri, n FROM ({found}) JOIN source ON source.number = value ORDER BY 2 DESC, 1 LIMIT {_N_SOURCES}",
        values,
    )


def _month_facet(db: sqlite3.Connection, centre: int, filters: Filters) -> Iterator[tuple[str, int]]:
    places = of_evidence(filters.without("since", "until")) & Where("e.published IS NOT NULL")
    return db.execute(*_by_evidence("substr(e.published, 1, 7)", centre, filters, places))


def _by_evidence(column: str, centre: int, filters: Filters, places: Where) -> tuple[str, tuple[Any, ...]]:
    """The query for how many statements have evidence of each value, and what goes into it."""
    where = of_statements(filters.without("sources", "since", "until")) & places
    sql = (
        f"SELECT {column} value, count(DISTINCT e.statement) n "
        "FROM side s CROSS JOIN evidence e ON e.statement = s.statement "
        f"WHERE s.node = ? AND {where.sql} GROUP BY 1"
    )
    return sql, (centre, *where.values)
