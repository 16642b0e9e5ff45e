"""The values that parameters are given, read by their kinds, and the rows that come back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kg.errors import QueryError
from kg.queries.files import ANY, Parameter, Query

Value = Any
"""What stands in a cell: text, a number, a truth value, None; IRIs and dates are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The rows that answer a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def given(query: Query, params: Mapping[str, str]) -> list[tuple[Parameter, str | None]]:
    """Each parameter of the query with its value as text; None where any will do.

    Raises:
        QueryError: when one is missing, or the query has none of that name.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in params:
        if name not in known:
            raise QueryError(f"{query.described} has no parameter '{name}'; it has {', '.join(known) or 'none'}")
    return [(parameter, _value(query, parameter, params.get(name))) for name, parameter in known.items()]


def _value(query: Query, parameter: Parameter, given: str | None) -> str | None:
    value = parameter.default if given is None else given
    if value is None:
        raise QueryError(f"{query.described} needs --param {parameter.name}=... (kind: {parameter.kind})")
    return None if value == ANY and parameter.default == ANY else value


def to_int(value: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise QueryError(f"{value}: not a whole number")
    return int(value)


def to_number(value: str) -> Decimal:
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", value):
        raise QueryError(f"{value}: not a number; write it as 0.6")
    return Decimal(value)


def to_date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f"{value}: not a date; write it as 2026-02-04") from error
