"""The two files of a query answer alike: the same rows in the same order, in SPARQL and in Cypher, on every engine."""

from datetime import date
from pathlib import Path

import pytest

from kg import queries, resources
from kg.errors import QueryError
from kg.queries import Language
from kg.stores import rdf
from tests.queries import graphs

SPARQL = {query.name: query for query in queries.named()}
CYPHER = {query.name: query for query in queries.named(language=Language.CYPHER)}

NEEDED = {
    "made": {"entity": "United States", "material": "graphite", "from": "battery", "to": "reserve"},
    "examples": {"entity": "Kazakhstan", "material": "gas", "from": "Kazakhstan", "to": "European Union"},
    "bare": {"entity": "China", "material": "refining", "from": "China", "to": "refining"},
}
"""The entities that a query must be given, by graph and parameter."""

NARROW = {
    "limit": "3", "depth": "1", "neighbours": "1", "steps": "2", "below": "0.45", "since": "2026-02-04",
    "until": "2026-02-08", "contains": "ÄLT",
}  # fmt: skip
"""Other values than the defaults."""

WIDE = {"limit": "1000", "depth": "4", "neighbours": "2", "steps": "3", "below": "1"}


# ---- the files


def test_each_query_is_there_in_both_languages():
    assert SPARQL.keys() == CYPHER.keys()
    assert len(SPARQL) >= 20


@pytest.mark.parametrize("name", sorted(SPARQL))
def test_both_files_ask_the_same_question_with_the_same_parameters(name):
    assert SPARQL[name].question == CYPHER[name].question
    assert SPARQL[name].parameters == CYPHER[name].parameters


@pytest.mark.parametrize("file", sorted(resources.folder("queries").iterdir()), ids=lambda file: file.name)
def test_file_begins_with_a_question_and_stays_within_the_line(file: Path):
    text = file.read_text(encoding="utf-8")

    assert queries.find(str(file)).question.endswith("?")
    assert max(map(len, text.splitlines())) <= 120
    assert text.endswith("\n") and not text.endswith("\n\n")


# ---- the answers


@pytest.fixture(scope="session")
def folders(graph, tmp_path_factory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("pairs")
    made = graphs.write(place / "made", graphs.RICH)
    return {"made": made, "examples": graph, "bare": graphs.write(place / "bare", graphs.BARE)}


@pytest.fixture(
    scope="module",
    params=[f"{graph}-{engine}" for engine in ("embedded_engine", "neo4j_server") for graph in NEEDED],
)
def both(request, folders):
    """Its name and one graph in two stores."""
    name, engine = request.param.split("-")
    with rdf.open_graph(folders[name]) as store, request.getfixturevalue(engine).graph_of(folders[name]) as graph:
        yield name, store, graph


def value_of(parameter, graph_name, store):
    """What the parameter, which has no default, is given."""
    if parameter.kind == "statement":
        return queries.run(store, "strongest", {"limit": "1"}).rows[0][-1]
    return "2026-02-05" if parameter.kind == "date" else NEEDED[graph_name][parameter.name]


def rounded(result):
    return [tuple(round(cell, 6) if isinstance(cell, float) else cell for cell in row) for row in result.rows]


@pytest.mark.parametrize("given", [{}, NARROW, WIDE, {"entity": ""}], ids=["defaults", "narrow", "wide", "entity"])
@pytest.mark.parametrize("name", sorted(SPARQL))
def test_both_languages_give_the_same_rows(both, name, given):
    graph_name, store, graph = both
    parameters = SPARQL[name].parameters
    params = {p.name: value_of(p, graph_name, store) for p in parameters if p.default is None}
    params |= {p.name: given[p.name] for p in parameters if p.name in given and p.default not in (None, queries.ANY)}
    params |= {
        p.name: NEEDED[graph_name]["entity"] for p in parameters if p.default == queries.ANY and "entity" in given
    }

    expected, found = queries.run(store, name, params), queries.run(graph, name, params)

    assert found.columns == expected.columns
    assert rounded(found) == rounded(expected)
    if graph_name == "made" and not given:
        assert expected.rows


def test_cells_are_of_the_same_types(both):
    _, store, graph = both
    types = [[type(cell) for row in queries.run(s, name).rows for cell in row]
             for name in ("strongest", "documents", "review") for s in (store, graph)]  # fmt: skip

    assert types[::2] == types[1::2]


def test_answer_in_one_language_leads_on_in_the_other(both):
    _, store, graph = both
    for row in queries.run(graph, "strongest", {"limit": "5"}).rows:
        (statement,) = row[-1:]
        assert queries.run(store, "evidence", {"statement": statement}).rows


def test_names_mean_the_same_entities(both):
    _, store, graph = both
    names = {label for _, label in store.labels()} | {alias for _, alias in store.aliases()}
    entities = {name for name in names if any(store.is_entity(iri) for iri, label in store.labels(name))}

    for name in sorted(entities)[:20]:
        assert queries.resolve(store, name) == queries.resolve(graph, name)


def test_a_value_is_sent_beside_the_text_and_can_do_no_harm(both):
    _, store, graph = both
    evil = "') DETACH DELETE n //\" } INSERT DATA { <a:b> <a:b> <a:b> }"

    for asked in (store, graph):
        before = queries.run(asked, "count-modalities").rows
        assert queries.run(asked, "documents", {"contains": evil}).rows == ()
        assert queries.run(asked, "count-modalities").rows == before


def test_a_text_can_be_asked_of_the_store_that_knows_its_language(both):
    _, store, graph = both

    assert (
        queries.run(graph, "MATCH (e:Evidence) RETURN count(e) AS n").rows
        == queries.run(store, "SELECT (COUNT(*) AS ?n) { ?e a pol:Evidence }").rows
    )
    with pytest.raises(QueryError, match="is in SPARQL; this store is asked in Cypher"):
        queries.run(graph, "ASK { ?s ?p ?o }")
    with pytest.raises(QueryError, match="no such statement"):
        queries.run(graph, "evidence", {"statement": "0000"})


def test_dates_and_relations_are_sent_as_what_they_are(both):
    graph_name, _, graph = both
    text = "// param r: relation = dominates\n// param day: date = 2026-02-04\n\nRETURN $r AS r, $day AS day"

    (row,) = queries.run(graph, queries.read(text + "", language=Language.CYPHER), relation_of(graph_name)).rows
    assert row[0].startswith("https://w3id.org/policy-kg/ontology#")
    assert date.fromisoformat(row[1]) == date(2026, 2, 4)


def relation_of(graph_name):
    return {"r": "agreesWith"} if graph_name == "examples" else {}
