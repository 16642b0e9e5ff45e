"""Named queries: SPARQL and Cypher files that open with the question they answer and the parameters they take.

    # Who works with whom?                                  // Who works with whom?
    # param entity: entity = any                            // param entity: entity = any
    # param limit: int = 50                                 // param limit: int = 50

    SELECT ... WHERE { $entity ... } LIMIT $limit           MATCH ... WHERE $entity IS NULL OR ... LIMIT $limit

The two files of a name give the same rows in the same order. A parameter stands in the text as `$name`; without a
default it must be given, and the default `any` leaves it open. Kinds: entity (a label, an alias or an IRI), relation
(a name or an IRI), statement (an id or an IRI), text, date, int, number. How a value gets to the store is a matter of
the language: `kg.queries.sparql`, `kg.queries.cypher`.
"""

from collections.abc import Mapping
from pathlib import Path

from kg import resources
from kg.errors import QueryError, UnknownName
from kg.queries import cypher, names, sparql
from kg.queries.about import EntityView, about
from kg.queries.files import ANY, Language, Parameter, Query, language_of, read
from kg.queries.values import Result, Value
from kg.stores.rdf import RdfStore

__all__ = [
    "ANY",
    "EntityView",
    "Language",
    "Parameter",
    "Query",
    "Result",
    "Store",
    "Value",
    "about",
    "find",
    "named",
    "read",
    "resolve",
    "run",
    "text_of",
]

Store = RdfStore | cypher.Graph
"""What can be asked: the RDF store in SPARQL, a property graph in Cypher."""


# ---- finding


def named(folder: Path | None = None, *, language: Language = Language.SPARQL) -> tuple[Query, ...]:
    """The named queries in that language, by name."""
    files = sorted((folder or resources.folder("queries")).glob(f"*.{language.suffix}"))
    return tuple(_from_file(file) for file in files)


def find(what: str, language: Language | None = None, *, folder: Path | None = None) -> Query:
    """The query of that name, or in the file of that name, or the text itself as a query.

    Args:
        language: Of a name and of a text; None takes the name in SPARQL and goes by how the text begins. A file goes
            by its suffix.

    Raises:
        UnknownName: when it is none of these.
    """
    known = {query.name: query for query in named(folder, language=language or Language.SPARQL)}
    if what in known:
        return known[what]
    if any(sign in what for sign in "{\n") or language_of(what):
        return read(what, language=language)
    file = Path(what)
    if file.is_file():
        return _from_file(file, language)
    names = ", ".join(str(name) for name in known)
    raise UnknownName(f"{what}: neither a named query, nor a file, nor a query; the named ones are {names}")


def _from_file(file: Path, language: Language | None = None) -> Query:
    text = file.read_text(encoding="utf-8")
    return read(text, name=file.stem, language=Language.of_suffix(file.suffix) or language)


# ---- running


def resolve(store: Store, name: str) -> str:
    """The IRI of the entity of that label, alias or IRI.

    Raises:
        UnknownName: when there is none; the message names those that come near.
    """
    return names.resolve(store, name)


def run(store: Store, query: Query | str, params: Mapping[str, str] | None = None) -> Result:
    """The rows that answer a query; of a CONSTRUCT triples, of an ASK one truth value.

    A name is taken in the language of the store.

    Raises:
        QueryError: for a query that is unknown, not valid or in a language that the store does not know, a parameter
            that is missing, unknown or of another kind, an entity that is not in the graph.
    """
    asked = _asked(store, query)
    if isinstance(store, RdfStore):
        return sparql.run(store, asked, params or {})
    return cypher.run(store, asked, params or {})


def text_of(store: Store, query: Query | str, params: Mapping[str, str] | None = None) -> str:
    """What would be sent: in SPARQL with every parameter in its place as a term, in Cypher followed by its parameters.

    Raises:
        QueryError: as `run`.
    """
    asked = _asked(store, query)
    if isinstance(store, RdfStore):
        return sparql.text_of(store, asked, params or {})
    return cypher.text_of(store, asked, params or {})


def _asked(store: Store, query: Query | str) -> Query:
    spoken = Language.SPARQL if isinstance(store, RdfStore) else Language.CYPHER
    if isinstance(query, str):
        query = find(query, None if language_of(query) else spoken)
    if query.language is not spoken:
        raise QueryError(f"{query.described} is in {query.language.label}; this store is asked in {spoken.label}")
    return query
