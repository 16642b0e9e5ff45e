"""An entity goes by its label, its other names and its IRI."""

import pytest

from kg import queries
from kg.consolidation import consolidate
from kg.errors import QueryError
from kg.stores.rdf import RdfStore
from tests.builders import entity, statement
from tests.queries.graphs import US


@pytest.mark.parametrize("name", ["United States", "united states", "U.S.", "AMERICA", US.iri])
def test_entity_goes_by_label_alias_or_iri(store, name):
    assert queries.resolve(store, name) == US.iri


def test_unknown_entity_names_those_near_it(store):
    with pytest.raises(QueryError, match="near it are Japan"):
        queries.resolve(store, "Jappan")
    with pytest.raises(QueryError, match=r"near it are .*United States"):
        queries.resolve(store, "States of America")


def test_label_goes_before_alias_and_the_most_stated_first():
    store = RdfStore.in_memory()
    place, team, body = (
        entity("Georgia"),
        entity("Georgia", "Organization"),
        entity("GA", "Group", aliases=("Georgia",)),
    )
    said = [statement(place), statement(team), statement(team, "controls", at=50)]
    store.add(consolidate([*said, *(statement(body, "controls", f"thing {n}", at=n) for n in range(9))], str))

    assert queries.resolve(store, "Georgia") == team.iri
