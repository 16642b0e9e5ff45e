"""All about one entity."""

from kg import queries
from tests.builders import entity
from tests.queries.graphs import JAPAN


def test_view_of_an_entity_holds_its_statements_with_their_sentences(store):
    view = queries.about(store, "China")

    assert view.entity == entity("China")
    assert view.n_statements == len(view.statements) == 3
    assert [s.belief for s in view.statements] == sorted((s.belief for s in view.statements), reverse=True)
    assert view.statements[0].evidence[0].quote == "China dominates refining."


def test_view_counts_what_it_leaves_out(store):
    view = queries.about(store, "China", limit=1)

    assert (view.n_statements, len(view.statements)) == (3, 1)


def test_view_can_be_written_as_json(store):
    found = queries.about(store, "Japan").as_dict()

    assert found["entity"] == {"iri": JAPAN.iri, "label": "Japan", "type": "Country", "country": "JPN"}
    assert {s["predicate"]["name"] for s in found["statements"]} == {"partnersWith", "supplies"}
