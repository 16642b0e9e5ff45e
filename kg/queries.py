"""Named queries: SPARQL files that open with the question they answer and the parameters they take.

    # Who works with whom?
    # param entity: entity = any
    # param limit: int = 50

    SELECT ... WHERE { ?statement rdf:subject $entity ... } LIMIT $limit

A parameter stands in the text as `$name`. Its value is put there as an RDF term, never as raw text. Without a default
it must be given; with the default `any` it is left a variable. Kinds: entity (a label, an alias or an IRI), relation
(a name or an IRI), statement (an id or an IRI), text, date, int.
"""

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from kg import ids, resources
from kg.errors import QueryError
from kg.export import entity_record, statement_record
from kg.model import Document, Entity, Statement
from kg.ontology import Ontology, load
from kg.stores import quads
from kg.stores.rdf import RdfStore

ANY = "any"
"""The value that leaves a parameter open."""

_PARAMETER = re.compile(r"#\s*param\s+(\w+)\s*:\s*(\w+)\s*(?:=\s*(.+?)\s*)?$")
_PLACE = re.compile(r"\$(\w+)")
_N_NEAR = 5
_MOST_LETTERS_OFF = 3
_XSD = quads.PREFIXES["xsd"]

Value = str | int | float | bool | None
"""What stands in a cell: IRIs and dates are strings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a named query; `default` None must be given."""

    name: str
    kind: str
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query to be run."""

    name: str | None
    question: str
    parameters: tuple[Parameter, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The rows that answer a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


# ---- finding


def named(folder: Path | None = None) -> tuple[Query, ...]:
    """The named queries, by name."""
    files = sorted((folder or resources.folder("queries")).glob("*.rq"))
    return tuple(read(file.read_text(encoding="utf-8"), name=file.stem) for file in files)


def find(what: str, *, folder: Path | None = None) -> Query:
    """The query of that name, or in the file of that name, or the text itself as a query.

    Raises:
        QueryError: when it is none of these.
    """
    known = {query.name: query for query in named(folder)}
    if what in known:
        return known[what]
    if "{" in what:
        return read(what)
    file = Path(what)
    if file.is_file():
        return read(file.read_text(encoding="utf-8"), name=file.stem)
    names = ", ".join(str(name) for name in known)
    raise QueryError(f"{what}: neither a named query, nor a file, nor SPARQL; the named ones are {names}")


def read(text: str, *, name: str | None = None) -> Query:
    """A query from its text; the comments at its top are its question and its parameters."""
    opening = [line for line in text.partition("\n\n")[0].splitlines() if line.startswith("#")]
    matches = [match for line in opening if (match := _PARAMETER.match(line))]
    return Query(
        name=name,
        question=" ".join(line.lstrip("# ") for line in opening if not _PARAMETER.match(line)),
        parameters=tuple(_parameter(match, name) for match in matches),
        text=text,
    )


def _parameter(match: re.Match[str], query: str | None) -> Parameter:
    name, kind, default = match.groups()
    if kind not in _KINDS:
        raise QueryError(f"{query}: parameter {name} is of the unknown kind '{kind}'; use one of {', '.join(_KINDS)}")
    try:
        return Parameter(name=name, kind=kind, default=_unquoted(default) if default else None)
    except ValueError as error:
        raise QueryError(f"{query}: the default of parameter {name} is not well quoted: {default}") from error


def _unquoted(default: str) -> str:
    return str(json.loads(default)) if default.startswith('"') else default


# ---- running


def run(store: RdfStore, query: Query | str, params: Mapping[str, str] | None = None) -> Result:
    """The rows that answer a query: of a SELECT its columns, of a CONSTRUCT triples, of an ASK one truth value.

    Raises:
        QueryError: for a query that is unknown or not valid, a parameter that is missing, unknown or of another kind,
            an entity that is not in the graph.
    """
    asked = find(query) if isinstance(query, str) else query
    answer = store.query(text_of(store, asked, params or {}))
    if isinstance(answer, QueryBoolean):
        return Result(columns=("answer",), rows=((bool(answer),),))
    if isinstance(answer, QuerySolutions):
        columns = tuple(variable.value for variable in answer.variables)
    else:
        columns = ("subject", "predicate", "object")
    return Result(columns=columns, rows=tuple(tuple(map(_value, row)) for row in answer))


def text_of(store: RdfStore, query: Query, params: Mapping[str, str]) -> str:
    """The SPARQL text that would be sent, with every parameter in its place as a term."""
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in params:
        if name not in known:
            raise QueryError(f"{_named(query)} has no parameter '{name}'; it has {', '.join(known) or 'none'}")
    terms = {name: _term(store, query, parameter, params.get(name)) for name, parameter in known.items()}
    lines = query.text.splitlines()
    return "\n".join(line if line.startswith("#") else _filled(line, terms) for line in lines)


def _filled(line: str, terms: Mapping[str, str | None]) -> str:
    """The line with each `$name` that has a term replaced by it."""
    return _PLACE.sub(lambda match: terms.get(match[1]) or match[0], line)


def _term(store: RdfStore, query: Query, parameter: Parameter, given: str | None) -> str | None:
    """The value as SPARQL has it, None where any will do."""
    value = parameter.default if given is None else given
    if value is None:
        raise QueryError(f"{_named(query)} needs --param {parameter.name}=... (kind: {parameter.kind})")
    if value == ANY and parameter.default == ANY:
        return None
    return _KINDS[parameter.kind](store, value)


def _named(query: Query) -> str:
    return f"the query '{query.name}'" if query.name else "the query"


def _entity_term(store: RdfStore, value: str) -> str:
    return str(NamedNode(resolve(store, value)))


def _relation_term(store: RdfStore, value: str) -> str:
    for iri in (value, ids.ONTOLOGY + value, ids.open_predicate(value)):
        if _is_iri(iri) and store.holds(iri):
            return str(NamedNode(iri))
    raise QueryError(f"{value}: no statement of this graph has this relation")


def _statement_term(store: RdfStore, value: str) -> str:
    iri = value if value.startswith(ids.statement_iri("")) else ids.statement_iri(value)
    if not _is_iri(iri) or not store.holds(iri):
        raise QueryError(f"{value}: no such statement in this graph; give its id or its IRI")
    return str(NamedNode(iri))


def _text_term(store: RdfStore, value: str) -> str:
    return str(RdfLiteral(value))


def _int_term(store: RdfStore, value: str) -> str:
    if not re.fullmatch(r"[+-]?\d{1,18}", value):
        raise QueryError(f"{value}: not a whole number")
    return str(int(value))


def _date_term(store: RdfStore, value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f"{value}: not a date; write it as 2026-02-04") from error
    return str(RdfLiteral(day.isoformat(), datatype=quads.name("xsd:date")))


_KINDS: Mapping[str, Callable[[RdfStore, str], str]] = {
    "entity": _entity_term,
    "relation": _relation_term,
    "statement": _statement_term,
    "text": _text_term,
    "int": _int_term,
    "date": _date_term,
}


def _value(term: Any) -> Value:
    """The term as a plain value."""
    if not isinstance(term, RdfLiteral):
        return None if term is None else str(getattr(term, "value", term))
    datatype = term.datatype.value.removeprefix(_XSD)
    if datatype == "integer":
        return int(term.value)
    if datatype in {"decimal", "double", "float"}:
        return float(term.value)
    return term.value == "true" if datatype == "boolean" else term.value


# ---- entities by name


def resolve(store: RdfStore, name: str) -> str:
    """The IRI of the entity of that label, alias or IRI.

    A label goes before an alias, the very letters before other capitals; among equals the entity with most
    statements.

    Raises:
        QueryError: when there is none; the message names those that come near.
    """
    if _is_iri(name) and store.holds(name):
        return name
    for candidates in _candidates(store, name):
        entities = {iri for iri in candidates if store.is_entity(iri)}
        if entities:
            return (
                min(entities, key=lambda iri: (-_n_statements(store, iri), iri))
                if len(entities) > 1
                else entities.pop()
            )
    raise QueryError(f"{name}: no entity of this graph has this name{_suggestion(store, name)}")


def _candidates(store: RdfStore, name: str) -> Iterator[list[str]]:
    """The IRIs that go by the name, the better ways of doing so first."""
    yield [iri for iri, _ in store.labels(name)]
    yield [iri for iri, _ in store.aliases(name)]
    folded = name.casefold()
    yield [iri for iri, label in store.labels() if label.casefold() == folded]
    yield [iri for iri, alias in store.aliases() if alias.casefold() == folded]


def _rows(store: RdfStore, query: str) -> list[tuple[Any, ...]]:
    return [tuple(map(_value, row)) for row in store.ask(query)]


def _n_statements(store: RdfStore, iri: str) -> int:
    node = NamedNode(iri)
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ ?s rdf:subject {node} }} UNION {{ ?s rdf:object {node} }} }}"
    return int(_rows(store, query)[0][0])


def _suggestion(store: RdfStore, name: str) -> str:
    """How the message goes on: with names that are spelt like this one or hold a word of it."""
    names = {label.casefold(): (label, iri) for iri, label in sorted([*store.labels(), *store.aliases()], reverse=True)}
    near = [names[folded] for folded in _near(name.casefold(), names)]
    labels = list(islice((label for label, iri in near if store.is_entity(iri)), _N_NEAR))
    return f"; near it are {', '.join(labels)}" if labels else "; `kg query GRAPH strongest` shows what it holds"


def _near(name: str, names: Iterable[str]) -> list[str]:
    """The names spelt like it, the nearest first, then those that share a word, the shortest first."""
    known = list(names)
    comparable = [n for n in known if n[:1] == name[:1] and abs(len(n) - len(name)) <= _MOST_LETTERS_OFF]
    words = {word for word in re.findall(r"\w+", name) if len(word) > 3}
    sharing = sorted((n for n in known if words & set(re.findall(r"\w+", n))), key=lambda n: (len(n), n))
    return list(dict.fromkeys([*difflib.get_close_matches(name, comparable, _N_NEAR), *sharing[: 4 * _N_NEAR]]))


def _is_iri(text: str) -> bool:
    try:
        return bool(NamedNode(text).value)
    except ValueError:
        return False


# ---- all about one entity


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityView:
    """What is said of an entity."""

    entity: Entity
    n_statements: int  # in all, those left out included
    statements: tuple[Statement, ...]
    documents: Mapping[str, Document]  # those of the evidence, by id, without their texts

    def as_dict(self, ontology: Ontology | None = None) -> dict[str, Any]:
        """As one JSON object; statements as in JSON Lines."""
        terms = ontology or load()
        return {
            "entity": entity_record(self.entity),
            "n_statements": self.n_statements,
            "statements": [statement_record(statement, terms) for statement in self.statements],
        }


def about(store: RdfStore, name: str, *, limit: int = 50) -> EntityView:
    """What is said of the entity of that label, alias or IRI: the statements with it on either side.

    The most believed come first. Raises QueryError where no entity has the name.
    """
    iri = resolve(store, name)
    statements = tuple(_statements_about(store, iri, limit))
    return EntityView(
        entity=quads.to_entity(iri, store.node),
        n_statements=_n_statements(store, iri),
        statements=statements,
        documents={e.document_id: quads.to_document(e.document_id, store.node) for s in statements for e in s.evidence},
    )


def _statements_about(store: RdfStore, iri: str, limit: int) -> Iterator[Statement]:
    query = f"""SELECT DISTINCT ?statement WHERE {{
      {{ ?statement rdf:subject {NamedNode(iri)} }} UNION {{ ?statement rdf:object {NamedNode(iri)} }}
      OPTIONAL {{ ?statement pol:belief ?belief }}
    }} ORDER BY DESC(?belief) ?statement LIMIT {limit}"""
    for (found,) in _rows(store, query):
        statement = store.statement(found.removeprefix(ids.statement_iri("")))
        if statement is not None:
            yield statement
