"""All about one entity: what is said of it, with the sentences that say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from kg import ids
from kg.export import entity_record, statement_record
from kg.model import Document, Entity, Statement
from kg.ontology import Ontology, load
from kg.queries.names import resolve
from kg.stores import quads
from kg.stores.rdf import RdfStore


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

    The most believed come first. Raises UnknownName where no entity has the name.
    """
    iri = resolve(store, name)
    statements = tuple(_statements_about(store, iri, limit))
    return EntityView(
        entity=quads.to_entity(iri, store.node),
        n_statements=store.n_statements(iri),
        statements=statements,
        documents={e.document_id: quads.to_document(e.document_id, store.node) for s in statements for e in s.evidence},
    )


def _statements_about(store: RdfStore, iri: str, limit: int) -> Iterator[Statement]:
    query = f"""SELECT DISTINCT ?statement WHERE {{
      {{ ?statement rdf:subject {NamedNode(iri)} }} UNION {{ ?statement rdf:object {NamedNode(iri)} }}
      OPTIONAL {{ ?statement pol:belief ?belief }}
    }} ORDER BY DESC(?belief) ?statement LIMIT {limit}"""
    for (found,) in store.ask(query):
        statement = store.statement(found.value.removeprefix(ids.statement_iri(""))) if found is not None else None
        if statement is not None:
            yield statement
