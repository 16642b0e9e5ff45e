"""A property graph behind Bolt: Neo4j, or the embedded engine; the one module that knows the driver.

`kg.stores.loading` writes what is in it, `docs/property-graph.md` says what that looks like.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Self, TypeVar

import neo4j
from neo4j import exceptions as trouble

from kg.consolidation import join
from kg.errors import KgError, QueryError, StoreError, UsageError
from kg.model import Document, Entity, Statement
from kg.stores import properties

RETRY_S = 30.0
"""A transaction that fails for a passing reason (deadlock, server restarting) is tried again for this long."""

CONNECT_S = 10.0

_SCHEMES = {f"{name}{security}" for name in ("bolt", "neo4j") for security in ("", "+s", "+ssc")}

PASSWORD = "KG_NEO4J_PASSWORD"
_URI = "KG_NEO4J_URI"

T = TypeVar("T")
Params = Mapping[str, Any]
Write = Callable[..., list[tuple[Any, ...]]]
"""Inside a transaction: `write(text, **params)` runs one query and gives its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is, and who asks."""

    uri: str  # bolt://, neo4j://, or with +s for TLS
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None  # None: the user's home database


def address_in_environment() -> str | None:
    """The address of a server that KG_NEO4J_URI names."""
    return os.environ.get(_URI)


def password_in_environment() -> str | None:
    return os.environ.get(PASSWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that answer a query, as plain values; dates are `datetime.date`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)


@dataclass(frozen=True)
class PropertyGraph:
    """An open database."""

    address: Address
    _driver: neo4j.Driver

    @classmethod
    @contextmanager
    def open(cls, address: Address) -> Iterator[Self]:
        """The database, checked to be there and to let us in.

        Raises:
            UsageError: when the address is none.
            StoreError: when no server answers, or it refuses.
        """
        if address.uri.partition("://")[0] not in _SCHEMES:
            raise UsageError(f"{address.uri}: no address of a Bolt server; write it as bolt://HOST:7687")
        with _understood(address):
            driver = neo4j.GraphDatabase.driver(
                address.uri, auth=(address.user, address.password), connection_timeout=CONNECT_S,
                max_transaction_retry_time=RETRY_S, notifications_min_severity="OFF",
            )  # fmt: skip
        with driver:
            graph = cls(address, driver)
            graph.ask("RETURN 1")
            yield graph

    # ---- asking

    def ask(self, text: str, params: Params | None = None) -> Rows:
        """The rows that answer a Cypher query; it may not write: a server refuses that, or it is undone.

        Raises:
            QueryError: when the text is not Cypher, writes, or lacks a parameter.
            StoreError: when the server is gone or gives up.
        """
        with self._session(neo4j.READ_ACCESS) as session, session.begin_transaction() as transaction:
            result = transaction.run(text, dict(params or {}))
            columns, rows = tuple(result.keys()), tuple(tuple(map(_plain, row.values())) for row in result)
            transaction.rollback()  # the embedded engine does not know read access
            return Rows(columns=columns, rows=rows)

    def labels(self, label: str | None = None) -> Iterator[tuple[str, str]]:
        """(IRI, label) of the entities of this label, or of all."""
        where = "{label: $name}" if label is not None else ""
        yield from self._pairs(f"MATCH (n:Entity {where}) RETURN n.iri, n.label", label)
        yield from self._pairs(f"MATCH (n:Source {where}) RETURN n.iri, n.label", label)

    def aliases(self, alias: str | None = None) -> Iterator[tuple[str, str]]:
        """(IRI, alias) of the entities that have this other name, or any."""
        text = "MATCH (n:Entity) WHERE n.aliases IS NOT NULL UNWIND n.aliases AS alias WITH n, alias "
        where = "WHERE alias = $name " if alias is not None else ""
        yield from self._pairs(f"{text}{where}RETURN n.iri, alias", alias)

    def same_as(self, iri: str) -> Iterator[str]:
        """The IRIs of what has this IRI as another of its own."""
        text = "MATCH (n:Entity) WHERE n.same_as IS NOT NULL AND $iri IN n.same_as RETURN n.iri"
        return (found for (found,) in self.ask(text, {"iri": iri}))

    def _pairs(self, text: str, name: str | None) -> Iterator[tuple[str, str]]:
        return ((iri, found) for iri, found in self.ask(text, {"name": name}))

    def is_entity(self, iri: str) -> bool:
        """Whether a statement has it as subject or object, or evidence as the one who says it."""
        return self.holds(iri)  # what nothing speaks of is not kept

    def holds(self, iri: str) -> bool:
        """Whether an entity, or the unnamed source, has this IRI."""
        text = (
            "OPTIONAL MATCH (n:Entity {iri: $iri}) OPTIONAL MATCH (m:Source {iri: $iri}) RETURN coalesce(n.iri, m.iri)"
        )
        return any(iri for (iri,) in self.ask(text, {"iri": iri}))

    def n_statements(self, iri: str) -> int:
        """How many statements have the entity on either side."""
        text = "MATCH (n:Entity {iri: $iri})-[r]-() WHERE r.id IS NOT NULL RETURN count(r)"
        return int(next(iter(self.ask(text, {"iri": iri})))[0])

    def documents(self) -> Iterator[Document]:
        """All documents without their texts, sorted by id."""
        text = "MATCH (d:Document) WHERE d.version IS NOT NULL RETURN d ORDER BY d.id"
        return (properties.to_document(node) for (node,) in self.stream(text))

    def entities(self) -> Iterator[Entity]:
        """All entities, sorted by IRI."""
        text = "MATCH (n:Entity) WHERE n.version IS NOT NULL RETURN n ORDER BY n.iri"
        return (properties.to_entity(node) for (node,) in self.stream(text))

    def statements(self) -> Iterator[Statement]:
        """All statements with their evidence, sorted by id."""
        edges = self.stream(
            "MATCH (s:Entity)-[r]->(o) WHERE r.id IS NOT NULL RETURN r.id AS id, s, properties(r), o ORDER BY id"
        )
        places = self.stream(
            "MATCH (e:Evidence)-[:IN]->(d:Document) OPTIONAL MATCH (e)-[:SAID_BY]->(q) "
            "RETURN e.statement AS id, e, d.id, q ORDER BY id"
        )
        evidence = groupby(places, key=itemgetter(0))
        for id, subject, relationship, object_ in edges:
            found, group = next(evidence, (None, iter(())))
            if found != id:
                raise StoreError(
                    f"{self.address.uri}: damaged: statement {min(id, found or id)} lacks evidence or edge"
                )
            made = join(properties.to_evidence(e, document, source) for _, e, document, source in group)
            yield properties.to_statement(subject, relationship, object_, made)

    def stream(self, text: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query without parameters, as they come."""
        with self._session(neo4j.READ_ACCESS) as session:
            for row in session.run(text):
                yield tuple(map(_plain, row.values()))

    # ---- changing

    def change(self, work: Callable[[Write], T]) -> T:
        """What `work` returns, all of whose queries are one transaction; tried again when it fails in passing."""

        def transaction(tx: neo4j.ManagedTransaction) -> T:
            return work(lambda text, **params: [tuple(row.values()) for row in tx.run(text, params)])

        with self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(transaction)

    def define(self, text: str) -> None:
        """Carry out a schema command, which has a transaction of its own."""
        self.change(lambda write: write(text))

    @contextmanager
    def _session(self, access: str) -> Iterator[neo4j.Session]:
        session = self._driver.session(database=self.address.database, default_access_mode=access)
        with _understood(self.address), session:
            yield session


def _plain(value: Any) -> Any:
    """The value without the driver's types: nodes and relationships are what is said of them, paths their nodes."""
    if isinstance(value, neo4j.graph.Node | neo4j.graph.Relationship | Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, neo4j.graph.Path):
        return [_plain(node) for node in value.nodes]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.to_native() if hasattr(value, "to_native") else value


# ---- what can go wrong


@contextmanager
def _understood(address: Address) -> Iterator[None]:
    """Errors of the driver come out as ours, one line each."""
    try:
        yield
    except (trouble.Neo4jError, trouble.DriverError, OSError, ValueError) as error:
        raise _error_of(error, address) from error


def _error_of(error: Exception, address: Address) -> KgError:
    where = address.uri
    code = getattr(error, "code", None) or ""
    message = _first_line(error)
    if isinstance(error, trouble.AuthError | trouble.TokenExpired) or "Security.AuthenticationRateLimit" in code:
        return StoreError(f"{where}: the server refuses user '{address.user}'; check --user and {PASSWORD} ({message})")
    if "DatabaseNotFound" in code or "Database.DatabaseNotFound" in message:
        return StoreError(f"{where}: no database '{address.database}' there; name another with --database ({message})")
    if "ParameterMissing" in code:
        return QueryError(f"the query needs a value: {message}; name it at its top as in `// param NAME: text`")
    if isinstance(error, trouble.CypherSyntaxError | trouble.CypherTypeError):
        return QueryError(f"the query is not valid Cypher: {message}")
    if isinstance(error, trouble.ForbiddenOnReadOnlyDatabase | trouble.Forbidden) or "AccessMode" in code:
        return QueryError(f"{where}: refused: {message}")
    if isinstance(error, trouble.ServiceUnavailable | trouble.SessionExpired | OSError):
        return StoreError(f"{where}: no server answers, or it is gone; start it and run this again ({message})")
    if isinstance(error, trouble.TransientError | trouble.DatabaseError):
        return StoreError(f"{where}: the server gives up: {message}; give it more room and run this again [{code}]")
    return StoreError(f"{where}: {message}" + (f" [{code}]" if code else ""))


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "message", None) or error).strip()
    return next(iter(text.splitlines()), type(error).__name__).partition(" (resolved to ")[0]
