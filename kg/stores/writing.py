"""What the transactions of a load send: commands, each a query with its parameters.

Names of types and labels come from `kg.stores.properties`; everything else is a parameter.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from kg import consolidation
from kg.model import Entity, Literal, object_key
from kg.stores import properties
from kg.stores.merged import Version

Row = properties.Row
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

Command = tuple[str, dict[str, Any]]
"""A query and its parameters."""

KEYS = {"Entity": "iri", "Document": "id", "Evidence": "id", "Literal": "key", "Source": "iri", "KnowledgeGraph": "id"}
"""The property by which each kind of node is known."""


def nodes(label: str, new: Sequence[Row], other: Sequence[Row]) -> Iterator[Command]:
    """Put nodes there, new ones with the label of their class beside their own.

    Args:
        new: Those that are not there yet.
        other: Those that are there and differ.
    """
    key = KEYS[label]
    # The label of the class stands in the MERGE: ArcadeDB cannot give a node another one in the same transaction.
    for name, rows in _grouped(new, _class_of):
        labels = f"{label}:{name}" if name else label
        yield f"UNWIND $rows AS row MERGE (n:{labels} {{{key}: row.{key}}}) SET n = row", {"rows": rows}
    if other:
        yield f"UNWIND $rows AS row MATCH (n:{label} {{{key}: row.{key}}}) SET n = row", {"rows": list(other)}


def relabellings(label: str, rows: Iterable[Row], former: Mapping[str, str]) -> Iterator[Command]:
    """Give nodes the label of their class in place of that of their former one.

    Each is a transaction of its own, before what the nodes say is changed: ArcadeDB cannot do it in one. After each of
    them `type` names the class whose label is there, if any is, so that the next load can go on from a kill in between.

    Args:
        former: The former class of those whose class has changed, by key.
    """
    key = KEYS[label]
    changed = [row for row in rows if row[key] in former]
    node = f"UNWIND $keys AS key MATCH (n:{label} {{{key}: key}})"
    for old, group in _grouped(changed, lambda row: properties.label_of_class(former[row[key]])):
        if old is not None:
            yield f"{node} SET n.type = '' REMOVE n:{old}", {"keys": [row[key] for row in group]}
    for type, group in _grouped(changed, lambda row: row["type"]):
        new = properties.label_of_class(type)
        if new is not None:
            yield f"{node} SET n.type = $type SET n:{new}", {"keys": [row[key] for row in group], "type": type}


def _class_of(row: Row) -> str | None:
    return properties.label_of_class(row["type"]) if "type" in row else None


def statements(gone: Mapping[str, str], stale: Sequence[str], wanted: Sequence[Version]) -> Iterator[Command]:
    """Take statements out and put others there, with their evidence.

    Args:
        gone: Predicates of the statements that go, by id.
        stale: Ids of the statements whose evidence goes.
    """
    for type, ids in _grouped(gone, lambda id: properties.type_of(gone[id])):
        yield f"UNWIND $ids AS id MATCH ()-[r:{type} {{id: id}}]->() DELETE r", {"ids": ids}
    if stale:
        yield "UNWIND $ids AS id MATCH (e:Evidence {statement: id}) DETACH DELETE e", {"ids": list(stale)}
    values = {object_key(w.statement.object): properties.of_literal(w.statement.object)
              for w in wanted if isinstance(w.statement.object, Literal)}  # fmt: skip
    if values:
        yield "UNWIND $rows AS row MERGE (n:Literal {key: row.key}) SET n = row", {"rows": list(values.values())}
    for (type, label), group in _grouped(wanted, _kind):
        yield _EDGE.format(type=type, label=label, key=KEYS[label]), {"rows": [_edge(w) for w in group]}
    for label, group in _grouped(wanted, lambda w: _kind(w)[1]):
        yield _PLACE.format(label=label, key=KEYS[label]), {"rows": [row for w in group for row in _places(w)]}
    yield from _sources(wanted)


def _kind(wanted: Version) -> tuple[str, str]:
    """Type of the relationship and label of its end."""
    label = "Entity" if isinstance(wanted.statement.object, Entity) else "Literal"
    return properties.type_of(wanted.statement.predicate), label


_EDGE = (
    "UNWIND $rows AS row MATCH (s:Entity {{iri: row.subject}}) MATCH (o:{label} {{{key}: row.object}}) "
    "MERGE (s)-[r:{type} {{id: row.edge.id}}]->(o) SET r = row.edge"
)
_PLACE = (
    "UNWIND $rows AS row MATCH (s:Entity {{iri: row.subject}}) MATCH (o:{label} {{{key}: row.object}}) "
    "MATCH (d:Document {{id: row.document}}) MERGE (e:Evidence {{id: row.evidence.id}}) SET e = row.evidence "
    "MERGE (e)-[:IN]->(d) MERGE (e)-[:SUBJECT]->(s) MERGE (e)-[:OBJECT]->(o)"
)
_SAID = "UNWIND $rows AS row MATCH (e:Evidence {{id: row.evidence}}) MATCH (q:{label} {{iri: row.source}}) MERGE (e)-[:SAID_BY]->(q)"


def _edge(wanted: Version) -> Row:
    statement = wanted.statement
    edge = properties.of_statement(statement, is_contradicted=wanted.is_contradicted)
    return {"subject": statement.subject.iri, "object": object_key(statement.object), "edge": edge}


def _places(wanted: Version) -> Iterator[Row]:
    statement = wanted.statement
    ends = {"subject": statement.subject.iri, "object": object_key(statement.object)}
    for evidence in statement.evidence:
        made = properties.of_evidence(statement, evidence, wanted.digest)
        yield {**ends, "document": evidence.document_id, "evidence": made}


def _sources(wanted: Sequence[Version]) -> Iterator[Command]:
    named: list[Row] = []
    unnamed: list[Row] = []
    for statement, evidence in ((w.statement, e) for w in wanted for e in w.statement.evidence):
        if evidence.attribution is not None:
            row = {
                "evidence": consolidation.evidence_id(statement.id, evidence),
                "source": properties.source_iri(evidence),
            }
            (named if evidence.attribution.source else unnamed).append(row)
    if named:
        yield _SAID.format(label="Entity"), {"rows": named}
    if unnamed:
        yield "MERGE (q:Source {iri: $row.iri}) SET q = $row", {"row": properties.of_source()}
        yield _SAID.format(label="Source"), {"rows": unnamed}


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> list[tuple[K, list[T]]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return list(groups.items())
