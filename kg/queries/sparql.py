"""Queries in SPARQL: every parameter is put in its place as an RDF term, never as raw text."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from kg import ids
from kg.errors import UnknownName
from kg.queries import values
from kg.queries.files import Query
from kg.queries.names import is_iri, resolve
from kg.queries.values import Result, Value
from kg.stores import quads
from kg.stores.rdf import RdfStore

_ONE_OF = re.compile(r"\{ \$(\w+) \}")
_PLACE = re.compile(r"\$(\w+)")
_XSD = quads.PREFIXES["xsd"]


def run(store: RdfStore, query: Query, params: Mapping[str, str]) -> Result:
    """The rows of a SELECT, the triples of a CONSTRUCT, or the one truth value of an ASK."""
    answer = store.query(text_of(store, query, params))
    if isinstance(answer, QueryBoolean):
        return Result(columns=("answer",), rows=((bool(answer),),))
    if isinstance(answer, QuerySolutions):
        columns = tuple(variable.value for variable in answer.variables)
    else:
        columns = ("subject", "predicate", "object")
    return Result(columns=columns, rows=tuple(tuple(map(plain, row)) for row in answer))


def text_of(store: RdfStore, query: Query, params: Mapping[str, str]) -> str:
    """The text with every parameter in its place as a term.

    One that is left open stays a variable; alone between braces, as VALUES has it, it becomes UNDEF.
    """
    terms = {
        parameter.name: None if value is None else _TERMS[parameter.kind](store, value)
        for parameter, value in values.given(query, params)
    }
    lines = query.text.splitlines()
    return "\n".join(line if line.startswith("#") else _filled(line, terms) for line in lines)


def _filled(line: str, terms: Mapping[str, str | None]) -> str:
    """The line with each `$name` that has a term replaced by it."""
    line = _ONE_OF.sub(lambda match: "{ UNDEF }" if terms.get(match[1], "") is None else match[0], line)
    return _PLACE.sub(lambda match: terms.get(match[1]) or match[0], line)


def _entity_term(store: RdfStore, value: str) -> str:
    return str(NamedNode(resolve(store, value)))


def _relation_term(store: RdfStore, value: str) -> str:
    for iri in (value, ids.ONTOLOGY + value, ids.open_predicate(value)):
        if is_iri(iri) and store.holds(iri):
            return str(NamedNode(iri))
    raise UnknownName(f"{value}: no statement of this graph has this relation")


def _statement_term(store: RdfStore, value: str) -> str:
    iri = value if value.startswith(ids.statement_iri("")) else ids.statement_iri(value)
    if not is_iri(iri) or not store.holds(iri):
        raise UnknownName(f"{value}: no such statement in this graph; give its id or its IRI")
    return str(NamedNode(iri))


_TERMS: Mapping[str, Callable[[RdfStore, str], str]] = {
    "entity": _entity_term,
    "relation": _relation_term,
    "statement": _statement_term,
    "text": lambda store, value: str(RdfLiteral(value)),
    "date": lambda store, value: str(RdfLiteral(values.to_date(value).isoformat(), datatype=quads.name("xsd:date"))),
    "int": lambda store, value: str(values.to_int(value)),
    "number": lambda store, value: str(RdfLiteral(f"{values.to_number(value):f}", datatype=quads.name("xsd:decimal"))),
}


def plain(term: Any) -> Value:
    """The term as a plain value."""
    if not isinstance(term, RdfLiteral):
        return None if term is None else str(getattr(term, "value", term))
    datatype = term.datatype.value.removeprefix(_XSD)
    if datatype == "integer":
        return int(term.value)
    if datatype in {"decimal", "double", "float"}:
        return float(term.value)
    return term.value == "true" if datatype == "boolean" else term.value
