"""Which statements are wanted, and how that is asked of the tables."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kg.model import Modality, Polarity
from kg.stores.index.tables import LITERAL, MODALITIES, POLARITIES

LITERALS = "Literal"
"""Stands for the class of what is no entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which statements are wanted: those that pass all; of several values any will do, none leaves it open."""

    relations: tuple[str, ...] = ()  # IRIs
    classes: tuple[str, ...] = ()  # IRIs of the class at the other end with all below it, or `LITERALS`
    modalities: tuple[Modality, ...] = ()
    polarities: tuple[Polarity, ...] = ()
    sources: tuple[str, ...] = ()  # publishers
    min_belief: float | None = None
    since: date | None = None  # of publication: one place passes this, `until` and `sources` together
    until: date | None = None
    is_contradicted: bool = False  # only these

    def without(self, *names: str) -> "Filters":
        """The same but for these, which are left open."""
        blank = Filters()
        return replace(self, **{name: getattr(blank, name) for name in names})


@dataclass(frozen=True, slots=True)
class Where:
    """A condition in SQL and the values in it."""

    sql: str
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Where") -> "Where":
        return Where(f"{self.sql} AND {other.sql}", self.values + other.values)


ALL = Where("1")


def of_statements(filters: Filters, *, anywhere: bool = False) -> Where:
    """What holds of the rows `s` of `side`, or of `statement`, that pass.

    Args:
        anywhere: The rows are of `statement`: the class may be at either end.
    """
    parts = [ALL]
    if filters.relations:
        parts.append(_numbered("s.relation", "relation", filters.relations))
    if filters.classes:
        parts.append(_of_classes(filters.classes, anywhere=anywhere))
    if filters.modalities:
        parts.append(Where(*among("s.modality", [MODALITIES.index(m) for m in filters.modalities])))
    if filters.polarities:
        parts.append(Where(*among("s.polarity", [POLARITIES.index(p) for p in filters.polarities])))
    if filters.min_belief is not None:
        parts.append(Where("s.belief >= ?", (filters.min_belief,)))
    if filters.is_contradicted:
        parts.append(Where("s.contradicted"))
    places = of_evidence(filters)
    if places != ALL:
        found = f"EXISTS (SELECT 1 FROM evidence e WHERE e.statement = s.statement AND {places.sql})"
        parts.append(Where(found, places.values))
    return together(parts)


def of_evidence(filters: Filters) -> Where:
    """What holds of the rows `e` of `evidence` that pass."""
    return together([ALL, *_days("e.published", filters.since, filters.until), *_sources("e.source", filters.sources)])


def of_documents(*, sources: Sequence[str], since: date | None, until: date | None) -> Where:
    """What holds of the rows `d` of `document` that pass."""
    return together([ALL, *_days("d.published", since, until), *_sources("d.source", sources)])


def of_kinds(column: str, classes: Sequence[str]) -> Where:
    """What holds of a column with the number of a class where the class is one of these; of any if there are none."""
    if not classes:
        return ALL
    listed = _numbered(column, "kind", classes)
    if LITERALS in classes:
        return Where(f"({column} = {LITERAL} OR {listed.sql})", listed.values)
    return listed


def together(parts: Iterable[Where]) -> Where:
    first, *rest = (part for part in parts)
    for part in rest:
        first = part if first == ALL else first & part
    return first


def among(column: str, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The condition that a column has one of the values, and what goes into it."""
    return f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(values),)


def _of_classes(classes: Sequence[str], *, anywhere: bool) -> Where:
    if not anywhere:
        return of_kinds("s.kind", classes)
    ends = [of_kinds(f"(SELECT kind FROM node WHERE number = s.{end})", classes) for end in ("subject", "object")]
    return Where(f"({ends[0].sql} OR {ends[1].sql})", ends[0].values + ends[1].values)


def _numbered(column: str, table: str, iris: Sequence[str]) -> Where:
    sql, values = among("iri", iris)
    return Where(f"{column} IN (SELECT number FROM {table} WHERE {sql})", values)


def _days(column: str, since: date | None, until: date | None) -> list[Where]:
    bounds = ((">=", since), ("<=", until))
    return [Where(f"{column} {sign} ?", (day.isoformat(),)) for sign, day in bounds if day is not None]


def _sources(column: str, sources: Sequence[str]) -> list[Where]:
    return [_numbered(column, "source", sources)] if sources else []
