"""Named queries answer their questions, take parameters as terms, and say what is wrong with a call."""

import pytest

from kg import ids, queries
from kg.consolidation import consolidate
from kg.errors import QueryError
from kg.stores.rdf import RdfStore
from tests.builders import (
    NEGATIVE,
    PLANNED,
    POSSIBLE,
    document,
    entity,
    pol,
    said_by,
    statement,
)

US = entity("United States", aliases=("U.S.", "America"), country="USA")
JAPAN = entity("Japan", country="JPN")
IEA = entity("IEA", "Organization", aliases=("International Energy Agency",))
SAID = {
    "a": [
        statement("China", document="a"),
        statement(US, "partnersWith", JAPAN, document="a", at=100),
        statement(US, "establishes", entity("reserve", "Programme"), document="a", at=200),
        statement("China", "restricts", entity("graphite", "Material"), document="a", at=300, attribution=said_by(IEA, document="a")),
    ],
    "b": [
        statement("China", document="b"),
        statement("China", document="b", polarity=NEGATIVE, at=100),
        statement(US, "funds", entity("mine", "Facility"), document="b", at=200, modality=PLANNED),
        statement(US, "dependsOn", entity("graphite", "Material"), document="b", at=300),
        statement(entity("battery", "Product"), "dependsOn", US, document="b", at=400),
        statement(JAPAN, "supplies", entity("magnets", "Product"), document="b", at=500, modality=POSSIBLE),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store():
    documents = [document("a", title="Minerals", publisher="AP"), document("b", title="Batteries", publisher="Reuters")]
    made = RdfStore.in_memory()
    made.add(
        consolidate([s for said in SAID.values() for s in said], {"a": "AP", "b": "Reuters"}.__getitem__), documents
    )
    return made


def answer(store, name, **params):
    """The rows as dictionaries."""
    result = queries.run(store, name, params)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


# ---- the ones we ship

NAMES = [query.name for query in queries.named()]


def test_there_are_at_least_ten():
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_named_query_opens_with_a_question_and_answers_it(store, name):
    query = queries.find(name)
    needed = {"entity": "China", "statement": SAID["a"][0].id}
    params = {p.name: needed[p.kind] for p in query.parameters if p.default is None}

    assert query.question.endswith("?")
    assert queries.run(store, query, params).rows


@pytest.mark.parametrize("name", [n for n in NAMES if any(p.default == "any" for p in queries.find(n).parameters)])
def test_query_about_any_entity_can_be_narrowed_to_one(store, name):
    parameter = next(p.name for p in queries.find(name).parameters if p.default == "any")
    everything = queries.run(store, name).rows
    narrowed = [row for label in ("China", "U.S.", "IEA") for row in queries.run(store, name, {parameter: label}).rows]

    assert narrowed
    assert set(narrowed) <= set(everything)


def test_partners_are_found_from_either_side(store):
    assert [row["partner"] for row in answer(store, "partners", entity="America")] == ["Japan"]
    assert [row["partner"] for row in answer(store, "partners", entity="Japan")] == ["United States"]


def test_dominates_gives_who_what_and_a_sentence(store):
    (row,) = answer(store, "dominates")

    assert (row["who"], row["what"], row["documents"]) == ("China", "refining", 2)
    assert row["sentence"] == "China dominates refining."


def test_dependencies_go_through_others(store):
    found = {(row["dependent"], row["on"]): row["straight"] for row in answer(store, "dependencies")}

    assert found == {
        ("United States", "graphite"): True,
        ("battery", "United States"): True,
        ("battery", "graphite"): False,
    }


def test_acts_are_those_of_the_actor(store):
    found = {(row["act"], row["object"]) for row in answer(store, "acts", entity="U.S.")}

    assert found == {("funds", "mine"), ("establishes", "reserve")}


def test_acts_since_a_day_leave_out_the_older(store):
    assert answer(store, "acts", entity="U.S.", since="2026-02-04")
    assert answer(store, "acts", entity="U.S.", since="2026-02-05") == []


def test_planned_is_what_is_nowhere_asserted(store):
    assert [(row["who"], row["relation"], row["what"]) for row in answer(store, "planned")] == [
        ("United States", "funds", "mine")
    ]


def test_contradictions_show_both_sides(store):
    (row,) = answer(store, "contradictions")

    assert (row["who"], row["relation"], row["what"]) == ("China", "dominates", "refining")
    assert row["affirmed"] and row["denied"]


def test_claims_name_the_speaker(store):
    (row,) = answer(store, "claims-by-speaker", speaker="International Energy Agency")

    assert (row["says"], row["who"], row["relation"], row["what"]) == ("IEA", "China", "restricts", "graphite")


def test_strongest_begins_with_what_two_publishers_print(store):
    first = answer(store, "strongest", limit="1")

    assert [(row["who"], row["what"], row["publishers"]) for row in first] == [("China", "refining", 2)]


def test_single_source_leaves_out_what_two_publishers_print(store):
    assert ("China", "refining") not in {(row["who"], row["what"]) for row in answer(store, "single-source")}


def test_neighbourhood_goes_two_steps(store):
    found = {(row["who"], row["what"]): row["steps"] for row in answer(store, "neighbourhood", entity="battery")}

    assert found[("battery", "United States")] == 1
    assert found[("United States", "Japan")] == 2
    assert ("Japan", "magnets") not in found


def test_evidence_leads_to_sentences_and_documents(store):
    found = answer(store, "evidence", statement=SAID["a"][0].id)

    assert [(row["title"], row["start"], row["end"]) for row in found] == [("Minerals", 0, 25), ("Batteries", 0, 25)]


def test_documents_can_be_searched_by_title(store):
    (row,) = answer(store, "documents", contains="MINER")

    assert (row["id"], row["publisher"], row["published"], row["statements"]) == ("a", "AP", "2026-02-04", 4)


# ---- parameters


def test_value_is_put_in_as_a_term_and_can_do_no_harm(store):
    evil = '")) } ; DROP ALL ; SELECT * { ?s ?p ?o . FILTER(CONTAINS("'

    assert answer(store, "documents", contains=evil) == []


def test_sent_text_shows_terms_in_their_places(store):
    text = queries.text_of(store, queries.find("partners"), {"entity": "japan", "limit": "7"})

    assert f"<{JAPAN.iri}> rdfs:label ?with" in text
    assert text.endswith("LIMIT 7")
    assert "# param entity: entity = any" in text


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"entity": "China", "year": "2026"}, "has no parameter 'year'; it has entity, neighbours, limit"),
        ({"entity": "China", "limit": "all"}, "not a whole number"),
        ({}, "needs --param entity"),
    ],
)
def test_wrong_parameters_are_named(store, params, message):
    with pytest.raises(QueryError, match=message):
        queries.run(store, "neighbourhood", params)


def test_wrong_date_and_unknown_statement_are_named(store):
    with pytest.raises(QueryError, match="write it as 2026-02-04"):
        queries.run(store, "acts", {"since": "yesterday"})
    with pytest.raises(QueryError, match="no such statement"):
        queries.run(store, "evidence", {"statement": "0000"})


def test_default_in_quotes_is_text_and_a_kind_must_be_known():
    query = queries.read('# What?\n# param name: text = "United States"\n\nSELECT * { ?s ?p $name }')

    assert [(p.name, p.kind, p.default) for p in query.parameters] == [("name", "text", "United States")]
    assert query.question == "What?"
    with pytest.raises(QueryError, match="not well quoted"):
        queries.read('# What?\n# param name: text = "United\n\nSELECT * {}')
    with pytest.raises(QueryError, match="unknown kind 'colour'"):
        queries.read("# What?\n# param name: colour\n\nSELECT * {}")


def test_relation_is_given_by_name_or_phrase(store):
    query = queries.read("# Who?\n# param relation: relation\n\nSELECT ?s { ?s rdf:predicate $relation }")

    assert len(queries.run(store, query, {"relation": "partnersWith"}).rows) == 1
    with pytest.raises(QueryError, match="no statement of this graph has this relation"):
        queries.run(store, query, {"relation": "adores"})


def test_text_and_file_can_be_asked_too(store, tmp_path):
    (tmp_path / "mine.rq").write_text("# How many?\n\nSELECT (COUNT(*) AS ?n) { ?s a pol:Statement }")

    assert queries.run(store, str(tmp_path / "mine.rq")).rows == ((9,),)
    assert queries.run(store, "ASK { ?s pol:dominates ?o }").rows == ((True,),)
    assert queries.run(store, "CONSTRUCT { ?s a pol:X } WHERE { ?s pol:dominates ?o }").columns == (
        "subject",
        "predicate",
        "object",
    )


def test_unknown_name_lists_the_known_ones(store):
    with pytest.raises(QueryError, match="contradictions"):
        queries.run(store, "nonsense")


def test_cells_are_plain_values(store):
    (row,) = queries.run(store, "SELECT (1 AS ?a) (0.5 AS ?b) (true AS ?c) ('x' AS ?d) ?e (pol:f AS ?f) {}").rows

    assert row == (1, 0.5, True, "x", None, pol("f"))


# ---- entities by name


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


# ---- about an entity


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


def test_statement_iri_names_the_statement_too(store):
    by_id = answer(store, "evidence", statement=SAID["a"][0].id)

    assert answer(store, "evidence", statement=ids.statement_iri(SAID["a"][0].id)) == by_id
