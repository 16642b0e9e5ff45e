"""Parameters are terms of their kinds, and what is wrong with a call is said in one line."""

import pytest

from kg import ids, queries
from kg.errors import QueryError
from kg.queries import Language
from tests.builders import pol
from tests.queries.graphs import JAPAN, SMALL


def answer(store, name, **params):
    return list(queries.run(store, name, params).rows)


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
        ({"entity": "China", "year": "2026"}, "has no parameter 'year'; it has entity, depth, neighbours, limit"),
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


def test_statement_iri_names_the_statement_too(store):
    by_id = answer(store, "evidence", statement=SMALL["a"][0].id)

    assert answer(store, "evidence", statement=ids.statement_iri(SMALL["a"][0].id)) == by_id


# ---- languages


@pytest.mark.parametrize(
    "text",
    ["MATCH (n) RETURN n", "match (n)", "// How many?\n\nOPTIONAL MATCH (n)", "UNWIND [1] AS x", "RETURN 1", "CALL {}"],
)
def test_text_that_begins_like_cypher_is_cypher(text):
    assert queries.find(text).language is Language.CYPHER


@pytest.mark.parametrize("text", ["SELECT * {}", "# MATCH\nASK {}", "prefix a: <b:> SELECT * { ?s ?p ?o }", "{ }"])
def test_other_text_is_sparql(text):
    assert queries.find(text).language is Language.SPARQL


@pytest.mark.parametrize(("suffix", "language"), [
    ("rq", Language.SPARQL), ("sparql", Language.SPARQL), ("cypher", Language.CYPHER), ("cql", Language.CYPHER),
])  # fmt: skip
def test_file_is_in_the_language_of_its_suffix(tmp_path, suffix, language):
    (tmp_path / f"mine.{suffix}").write_text("")

    assert queries.find(str(tmp_path / f"mine.{suffix}")).language is language


def test_name_is_found_in_the_language_asked_for():
    assert queries.find("partners").language is Language.SPARQL
    assert queries.find("partners", Language.CYPHER).text.count("MATCH") == 2


def test_query_in_another_language_is_refused(store):
    with pytest.raises(QueryError, match=r"^the query 'partners' is in Cypher; this store is asked in SPARQL$"):
        queries.run(store, queries.find("partners", Language.CYPHER))


def test_number_must_be_one(store):
    with pytest.raises(QueryError, match="low: not a number"):
        queries.run(store, "review", {"below": "low"})
