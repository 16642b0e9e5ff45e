"""Entities by their names."""

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from kg import ids
from kg.stores.index.filters import Where, among, of_kinds
from kg.stores.index.names import fold, last_after, trigrams
from kg.stores.index.records import Record, page_of

_HOW = ("exact", "exact", "prefix", "word")
_FEW = 5
"""Fewer hits than this are eked out with names that are spelt like the words."""

_MOST_NAMES = 50_000
"""Names that are ranked, of each way to match."""

_MOST_WORDS = 16
"""Of a search; what comes after them is passed over."""

_N_FUZZY = 20
_MOST_GRAM_ROWS = 20_000
_MOST_CANDIDATES = 500
_LIKE_ENOUGH = 0.65
_N_NEAR = 5


def find(db: sqlite3.Connection, name: str) -> int | None:
    """The number of the entity of that IRI, label or alias.

    A label goes before an alias, the very letters before other ones; among equals the entity with most statements.
    """
    row = db.execute("SELECT number FROM node WHERE key = ? AND kind > 0", (name,)).fetchone()
    if row is None:
        row = db.execute("""
            SELECT node.number FROM name JOIN node ON node.number = name.node WHERE folded = ?1
            ORDER BY text = ?2 AND is_label DESC, text = ?2 DESC, is_label DESC, n_statements DESC, key LIMIT 1
            """, (fold(name), name)).fetchone()  # fmt: skip
    return row and int(row[0])


def near(db: sqlite3.Connection, name: str) -> list[str]:
    """Labels of entities whose names are like this one."""
    found = entities(db, name, classes=(), limit=_N_NEAR, offset=0)
    return [str(item["label"]) for item in found["items"]]


def entities(db: sqlite3.Connection, words: str, *, classes: Sequence[str], limit: int, offset: int) -> Record:
    """The entities that go by the words, with the name that matched and how; all by rank where there are no words."""
    wanted = of_kinds("kind", classes)
    if not words.strip():
        return _all(db, wanted, limit, offset)
    total, items = _matching(db, words, wanted, limit, offset)
    if total < _FEW:
        known = _matching(db, words, wanted, _FEW, 0)[1]
        others = _fuzzy(db, fold(words), wanted, {item["iri"] for item in known})
        start = max(0, offset - total)
        items += others[start : start + limit - len(items)]
        total += len(others)
    return page_of(total, items)


def _all(db: sqlite3.Connection, wanted: Where, limit: int, offset: int) -> Record:
    (total,) = db.execute(f"SELECT count(*) FROM node WHERE kind > 0 AND {wanted.sql}", wanted.values).fetchone()
    rows = db.execute(
        f"""SELECT key, kind.iri, label, label, 'all', n_statements FROM (
              SELECT * FROM node WHERE kind > 0 AND {wanted.sql} ORDER BY n_statements DESC, label, key LIMIT ? OFFSET ?
            ) node JOIN kind ON kind.number = kind ORDER BY n_statements DESC, label, key""",
        (*wanted.values, limit, offset),
    )
    return page_of(total, [_item(*row) for row in rows])


def _item(iri: str, class_iri: str, label: str, matched: str, how: str, n_statements: int) -> Record:
    return {"iri": iri, "label": label, "class": ids.predicate_name(class_iri), "matched": matched, "how": how,
            "n_statements": n_statements}  # fmt: skip


_HITS = f"""
    SELECT node, 0 rank, label text FROM (SELECT number node, label FROM node WHERE key = :words AND kind > 0)
    UNION ALL
    SELECT node, CASE WHEN is_label THEN 0 ELSE 1 END, text FROM name WHERE folded = :folded
    UNION ALL
    SELECT * FROM (SELECT node, 2, text FROM name WHERE folded > :folded AND folded < :last LIMIT {_MOST_NAMES})
    UNION ALL
    SELECT * FROM (
      SELECT node, 3, text FROM word CROSS JOIN name ON name.number = word.rowid WHERE word MATCH :match
      LIMIT {_MOST_NAMES}
    )
"""


def _matching(
    db: sqlite3.Connection, words: str, wanted: Where, limit: int, offset: int
) -> tuple[int, list[Record]]:
    """How many entities have a name that is, begins with or has words that begin with the words; and some of them."""
    folded = fold(words)
    values: dict[str, object] = {
        "words": words, "folded": folded, "last": last_after(folded), "match": word_match(folded), "limit": limit,
        "offset": offset,
    }  # fmt: skip
    # The bare column `text` is taken from the row with the least rank: SQLite promises that of min().
    hits = f"SELECT node hit, min(rank) rank, text FROM ({_HITS}) GROUP BY node"
    found = f"({hits}) CROSS JOIN node ON node.number = hit WHERE {_named(wanted, values)}"
    (total,) = db.execute(f"SELECT count(*) FROM {found}", values).fetchone()
    best = f"SELECT key, kind, label, text, rank, n_statements FROM {found} ORDER BY rank, n_statements DESC, label, key"
    rows = db.execute(
        f"SELECT key, iri, label, text, rank, n_statements FROM ({best} LIMIT :limit OFFSET :offset) "
        "JOIN kind ON kind.number = kind ORDER BY rank, n_statements DESC, label, key", values)  # fmt: skip
    return total, [_item(iri, kind, label, text, _HOW[rank], n) for iri, kind, label, text, rank, n in rows]


def _named(where: Where, values: dict[str, object]) -> str:
    """The condition with names for its values, which are put among the others."""
    sql = where.sql
    for number, value in enumerate(where.values):
        values[f"value{number}"] = value
        sql = sql.replace("?", f":value{number}", 1)
    return sql


def word_match(folded: str) -> str:
    """What FTS5 is asked for names with words that begin so; a text without words matches nothing."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", folded)))[:_MOST_WORDS]
    return " ".join(f'"{word}"*' for word in words) or '""'


def _fuzzy(db: sqlite3.Connection, folded: str, wanted: Where, known: set[str]) -> list[Record]:
    """Entities with a name that is spelt like the folded words, the likest first; without those known."""
    sql, values = among("name.number", _sharing_grams(db, folded))
    rows = db.execute(
        "SELECT key, kind.iri, label, text, folded, n_statements FROM name JOIN node ON node.number = name.node "
        f"JOIN kind ON kind.number = node.kind WHERE {sql} AND {wanted.sql}", (*values, *wanted.values))  # fmt: skip
    best: dict[str, tuple[float, Record]] = {}
    for iri, class_iri, label, text, name, n_statements in rows:
        likeness = _likeness(folded, name)
        if iri not in known and likeness >= _LIKE_ENOUGH and likeness > best.get(iri, (0.0,))[0]:
            best[iri] = likeness, _item(iri, class_iri, label, text, "fuzzy", n_statements)
    ranked = sorted(best.values(), key=lambda found: (-found[0], -found[1]["n_statements"], found[1]["iri"]))
    return [item for _, item in ranked[:_N_FUZZY]]


def _sharing_grams(db: sqlite3.Connection, folded: str) -> list[int]:
    """The numbers of names that share most runs of three letters with the words.

    The rarest runs are looked for, as many as can be gone through quickly.
    """
    sql, values = among("term", trigrams(folded))
    grams = db.execute(f"SELECT doc, term FROM n_grams WHERE {sql}", values).fetchall()
    shared: Counter[int] = Counter()
    for n_rows, gram in sorted(grams):
        if shared.total() + n_rows > _MOST_GRAM_ROWS:
            break
        match = '"' + gram.replace('"', '""') + '"'
        shared.update(number for (number,) in db.execute("SELECT rowid FROM gram WHERE gram MATCH ?", (match,)))
    return sorted(shared, key=lambda number: (-shared[number], number))[:_MOST_CANDIDATES]


def _likeness(folded: str, name: str) -> float:
    """In [0, 1]: of the whole name, or a little less for one word of it."""
    whole: float = DamerauLevenshtein.normalized_similarity(folded, name)
    words = name.split()
    if len(words) < 2:
        return whole
    return max(whole, *(0.9 * DamerauLevenshtein.normalized_similarity(folded, word) for word in words))
