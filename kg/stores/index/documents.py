"""Documents, and what each of them says."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kg import ids
from kg.stores.index.filters import Where, among, of_documents
from kg.stores.index.names import fold
from kg.stores.index.records import Record, Terms, page_of, statement_records
from kg.stores.index.search import word_match

_ORDERS: Mapping[str, str] = {
    "newest": "published DESC, id",
    "oldest": "published IS NULL, published, id",
    "title": "folded, id",
}
SORTS = tuple(_ORDERS)

_COLUMNS = ("id", "title", "url", "publisher", "author", "published", "language", "n_statements")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents are listed, and how."""

    words: str
    sources: tuple[str, ...]
    since: date | None
    until: date | None
    sort: str


def listed(db: sqlite3.Connection, wanted: Wanted, *, limit: int, offset: int) -> Record:
    """A page of the documents."""
    where = of_documents(sources=wanted.sources, since=wanted.since, until=wanted.until)
    if wanted.words.strip():
        titled = "d.number IN (SELECT rowid FROM title_word WHERE title_word MATCH ?)"
        where = where & Where(titled, (word_match(fold(wanted.words)),))
    (total,) = db.execute(f"SELECT count(*) FROM document d WHERE {where.sql}", where.values).fetchone()
    order = ", ".join(f"d.{part}" for part in _ORDERS[wanted.sort].split(", "))
    rows = db.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM document d WHERE {where.sql} ORDER BY {order} LIMIT ? OFFSET ?",
        (*where.values, limit, offset),
    )
    return page_of(total, [_record(dict(zip(_COLUMNS, row, strict=True))) for row in rows])


def _record(row: Record) -> Record:
    return {"id": row["id"], "iri": ids.document_iri(row["id"]), **row}


def one(db: sqlite3.Connection, id: str, terms: Terms, *, limit: int, offset: int) -> Record | None:
    """The document with a page of its statements, each with the places that make it, in the order of the text."""
    sql = f"SELECT number, {', '.join(_COLUMNS)} FROM document WHERE id = ?"
    row = db.execute(sql, (id,)).fetchone()
    if row is None:
        return None
    number, *values = row
    record = _record(dict(zip(_COLUMNS, values, strict=True)))
    numbers = [statement for (statement,) in db.execute(
        "SELECT e.statement FROM evidence e JOIN statement s ON s.statement = e.statement WHERE e.document = ? "
        "GROUP BY e.statement ORDER BY min(e.start), s.id LIMIT ? OFFSET ?", (number, limit, offset)
    )]  # fmt: skip
    places = _places(db, number, numbers)
    said = zip(statement_records(db, numbers, terms), numbers, strict=True)
    items = [{**statement, "evidence": places[number]} for statement, number in said]
    return {**record, "statements": page_of(record["n_statements"], items)}


def _places(db: sqlite3.Connection, document: int, statements: list[int]) -> dict[int, list[Record]]:
    """Where the document makes each statement."""
    sql, values = among("e.statement", statements)
    found: dict[int, list[Record]] = {number: [] for number in statements}
    for statement, text in db.execute(
        f"SELECT e.statement, e.record FROM evidence e WHERE e.document = ? AND {sql} ORDER BY e.start, e.number",
        (document, *values),
    ):
        data = json.loads(text)
        names = ("sentence", "subject", "predicate", "object")
        found[statement].append({name: {"start": data[name][0], "end": data[name][1]} for name in names})
    return found
