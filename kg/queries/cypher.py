"""Queries in Cypher: every parameter is sent beside the text, never in it; one that is left open is null."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from kg import ids
from kg.errors import UnknownName
from kg.queries import values
from kg.queries.files import Query
from kg.queries.names import Names, resolve
from kg.queries.values import Result, Value

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.I)
_ORDER = re.compile(r"\b(ORDER\s+BY|SKIP|LIMIT)\b.*", re.I | re.S)
_INNERMOST = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")


class Rows(Protocol):
    """Rows that answer a query."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows, as plain values."""


class Graph(Names, Protocol):
    """A property graph, with the schema of `docs/property-graph.md`."""

    def ask(self, text: str, params: Mapping[str, Any] | None = None, /) -> Rows:
        """The rows that answer a query."""


def run(graph: Graph, query: Query, params: Mapping[str, str]) -> Result:
    """The rows that answer the query."""
    rows = graph.ask(query.text, parameters(graph, query, params))
    # The embedded engine names no columns where there are no rows.
    return Result(columns=rows.columns or returned(query.text), rows=tuple(tuple(map(plain, row)) for row in rows))


def returned(text: str) -> tuple[str, ...]:
    """The names that the last RETURN of a query gives its columns; none for what it does not name.

    >>> returned("MATCH (n) RETURN n.label AS who, coalesce(n.a, n.b) AS what, n ORDER BY who")
    ('who', 'what', 'n')
    """
    *_, clause = _RETURN.split(_QUOTED.sub("''", text))
    clause = _ORDER.sub("", clause) if _RETURN.search(text) else ""
    while (flat := _INNERMOST.sub("", clause)) != clause:
        clause = flat
    items = [item.split() for item in clause.split(",")]
    return tuple(item[-1] for item in items if item)


def text_of(graph: Graph, query: Query, params: Mapping[str, str]) -> str:
    """The text, followed by the parameters that are sent with it."""
    sent = parameters(graph, query, params)
    return "\n".join([query.text.rstrip(), "", *(f"// ${name} = {_written(value)}" for name, value in sent.items())])


def parameters(graph: Graph, query: Query, params: Mapping[str, str]) -> dict[str, Any]:
    """The values that are sent beside the text, by name; None where any will do."""
    return {
        parameter.name: None if value is None else _SENT[parameter.kind](graph, value)
        for parameter, value in values.given(query, params)
    }


def _relation(graph: Graph, value: str) -> str:
    candidates = [value, ids.ONTOLOGY + value, ids.open_predicate(value)]
    text = "MATCH (e:Evidence) WHERE e.predicate IN $iris RETURN e.predicate LIMIT 1"
    for (iri,) in graph.ask(text, {"iris": candidates}):
        return str(iri)
    raise UnknownName(f"{value}: no statement of this graph has this relation")


def _statement(graph: Graph, value: str) -> str:
    id = value.removeprefix(ids.statement_iri(""))
    for _ in graph.ask("MATCH (e:Evidence {statement: $id}) RETURN e.id LIMIT 1", {"id": id}):
        return id
    raise UnknownName(f"{value}: no such statement in this graph; give its id or its IRI")


_SENT: Mapping[str, Callable[[Graph, str], Any]] = {
    "entity": resolve,
    "relation": _relation,
    "statement": _statement,
    "text": lambda graph, value: value,
    "date": lambda graph, value: values.to_date(value),
    "int": lambda graph, value: values.to_int(value),
    "number": lambda graph, value: float(values.to_number(value)),
}


def plain(value: Any) -> Value:
    """The value as the other language gives it: dates are text, also within lists and maps."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _written(value: Any) -> str:
    """The value as Cypher writes it."""
    if value is None:
        return "null"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    return repr(value)
