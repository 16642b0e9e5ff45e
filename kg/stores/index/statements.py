"""Statements with their evidence: lists of them, and one with all that supports it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from kg.stores.index.filters import Filters, Where, of_statements
from kg.stores.index.records import Record, Terms, evidence_records, page_of, statement_records
from kg.stores.index.tables import BOTH, OBJECT, SUBJECT

_ROLES: Mapping[str, tuple[int, ...]] = {
    "any": (SUBJECT, OBJECT, BOTH), "subject": (SUBJECT, BOTH), "object": (OBJECT, BOTH),
}  # fmt: skip

_ORDERS: Mapping[str, str] = {
    "belief": "belief DESC, id",
    "newest": "last DESC, id",
    "oldest": "first IS NULL, first, id",
    "evidence": "n_evidence DESC, id",
}

SIDES, SORTS = tuple(_ROLES), tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which statements are listed, and how."""

    node: int | None  # None: of the whole graph
    side: str
    sort: str
    filters: Filters


def listed(db: sqlite3.Connection, chosen: Chosen, terms: Terms, *, limit: int, offset: int) -> Record:
    """A page of the statements."""
    where = of_statements(chosen.filters, anywhere=chosen.node is None)
    if chosen.node is None:
        rows, found = "statement s", where
    else:
        roles = ", ".join(map(str, _ROLES[chosen.side]))
        rows, found = "side s", Where(f"s.node = ? AND s.role IN ({roles})", (chosen.node,)) & where
    (total,) = db.execute(f"SELECT count(*) FROM {rows} WHERE {found.sql}", found.values).fetchone()
    joined = "" if chosen.node is None else "CROSS JOIN statement ON statement.statement = s.statement"
    numbers = db.execute(
        f"SELECT s.statement FROM {rows} {joined} WHERE {found.sql} ORDER BY {_order(chosen)} LIMIT ? OFFSET ?",
        (*found.values, limit, offset),
    )
    return page_of(total, statement_records(db, [number for (number,) in numbers], terms))


def _order(chosen: Chosen) -> str:
    """The order, by the columns of the table that is there for it."""
    table = "s" if chosen.node is None else "statement"
    return ", ".join(f"{table}.{part}" for part in _ORDERS[chosen.sort].split(", "))


def one(db: sqlite3.Connection, id: str, terms: Terms, *, limit: int, offset: int) -> Record | None:
    """The statement with a page of its evidence, in the order of the documents and of their texts."""
    row = db.execute("SELECT statement, n_evidence FROM statement WHERE id = ?", (id,)).fetchone()
    if row is None:
        return None
    number, n_evidence = row
    (record,) = statement_records(db, [number], terms)
    evidence = evidence_records(db, "e.statement = ? ORDER BY d.id, e.number LIMIT ? OFFSET ?", (number, limit, offset))
    return {**record, "evidence": page_of(n_evidence, evidence)}
