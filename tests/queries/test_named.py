"""Each named query answers its question; `test_pairs` says that the other language gives the same rows."""

import re
from itertools import pairwise

import pytest

from kg import queries
from tests.queries.graphs import LONG, SMALL


def answer(store, name, **params):
    """The rows as dictionaries."""
    result = queries.run(store, name, params)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


NAMES = [query.name for query in queries.named()]
NEEDED = {"entity": "China", "material": "graphite", "from": "Japan", "to": "China", "statement": SMALL["a"][0].id}


def needed(query):
    found = {p.name: NEEDED[p.name] for p in query.parameters if p.default is None}
    return found | ({"from": "2026-01-01"} if query.name == "changes" else {})


@pytest.mark.parametrize("name", NAMES)
def test_named_query_answers_its_question(rich, name):
    query = queries.find(name)

    assert query.question.endswith("?")
    assert queries.run(rich, query, needed(query)).rows


@pytest.mark.parametrize("name", [n for n in NAMES if any(p.default == "any" for p in queries.find(n).parameters)])
def test_query_about_any_entity_can_be_narrowed_to_one(rich, name):
    query = queries.find(name)
    parameter = next(p.name for p in query.parameters if p.default == "any")
    params = needed(query) | {"limit": "1000"}
    everything = queries.run(rich, query, params).rows
    narrowed = [
        row for label in ("China", "U.S.", "IEA") for row in queries.run(rich, query, params | {parameter: label}).rows
    ]

    assert narrowed or name == "co-mentioned"
    assert set(narrowed) <= set(everything)


def test_partners_are_found_from_either_side(store):
    assert [row["partner"] for row in answer(store, "partners", entity="America")] == ["Japan"]
    assert [row["partner"] for row in answer(store, "partners", entity="Japan")] == ["United States"]


def test_dominates_gives_who_what_and_a_sentence(store):
    (row,) = answer(store, "dominates")

    assert (row["who"], row["what"], row["documents"]) == ("China", "refining", 2)
    assert row["sentence"] == "China dominates refining."


def test_dependencies_go_through_others(store):
    found = [(row["steps"], row["path"]) for row in answer(store, "dependencies")]

    assert found == [
        (1, "United States -> graphite"),
        (1, "battery -> United States"),
        (2, "battery -> United States -> graphite"),
    ]


def test_dependencies_go_no_deeper_than_asked_and_never_in_a_ring(rich):
    straight = answer(rich, "dependencies", entity="battery", depth="1")
    deep = answer(rich, "dependencies", entity="battery", depth="4")

    assert [row["on"] for row in straight] == ["United States"]
    assert [row["path"] for row in deep][-1] == "battery -> United States -> graphite -> refining"
    assert all(row["on"] != "battery" for row in deep)


def test_path_is_as_believed_as_its_weakest_statement(rich):
    rows = answer(rich, "dependencies", depth="4", limit="100")
    single = {(row["dependent"], row["on"]): row["weakest_belief"] for row in rows if row["steps"] == 1}

    for row in rows:
        places = row["path"].split(" -> ")
        assert row["weakest_belief"] == min(single[link] for link in pairwise(places))


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


def test_contradictions_show_both_sides_and_who_prints_them(rich):
    (row,) = answer(rich, "contradictions")

    assert (row["who"], row["relation"], row["what"]) == ("China", "dominates", "refining")
    assert (row["affirmed_by"], row["denied_by"]) == ("AP, Reuters", "Reuters, wire.example")
    assert row["affirmed"] and row["denied"]


def test_claims_name_the_speaker(store):
    (row,) = answer(store, "claims-by-speaker", speaker="International Energy Agency")

    assert (row["says"], row["who"], row["relation"], row["what"]) == ("IEA", "China", "restricts", "graphite")


def test_claims_of_sources_that_the_text_leaves_unnamed_are_there_too(rich):
    (row,) = answer(rich, "claims-by-speaker", speaker="unnamed source")

    assert (row["says"], row["who"], row["polarity"]) == ("unnamed source", "China", "negative")


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


def test_neighbourhood_goes_as_deep_as_asked_and_through_the_best_neighbours_only(rich):
    depths = [answer(rich, "neighbourhood", entity="Peru", depth=str(depth)) for depth in (1, 2, 3)]
    narrow = answer(rich, "neighbourhood", entity="Peru", depth="3", neighbours="1")

    assert [max(row["steps"] for row in rows) for rows in depths] == [1, 2, 3]
    assert len(depths[0]) < len(depths[1]) < len(depths[2])
    assert {row["statement"] for row in narrow} < {row["statement"] for row in depths[2]}


def test_shortest_path_reads_in_the_direction_of_its_statements(store):
    found = [row["path"] for row in answer(store, "shortest-path", **{"from": "battery", "to": "China"})]

    assert found == ["battery -dependsOn-> United States -dependsOn-> graphite <-restricts- China"]


def test_shortest_paths_come_shortest_and_best_believed_first_and_pass_nothing_twice(rich):
    rows = answer(rich, "shortest-path", **{"from": "Japan", "to": "graphite"})
    steps = [re.split(r" <?-|->? ", row["path"])[::2] for row in rows]

    assert [(row["length"], -row["weakest_belief"]) for row in rows] == sorted(
        (row["length"], -row["weakest_belief"]) for row in rows
    )
    assert rows[0]["path"] == "Japan -produces-> graphite"
    assert all(len(places) == len(set(places)) == row["length"] + 1 for row, places in zip(rows, steps, strict=True))


def test_supply_paths_follow_the_chain_and_take_in_kinds_of_the_material(rich):
    found = [(row["stage"], row["who"], row["what"]) for row in answer(rich, "supply-paths", material="graphite")]

    assert found == [
        ("deposit", "Chile", "flake graphite"),
        ("production", "Japan", "graphite"),
        ("dominance", "China", "graphite"),
        ("dependence", "United States", "graphite"),
        ("use", "flake graphite", "battery"),
        ("restriction", "China", "graphite"),
    ]


def test_changes_are_new_statements_and_firmer_ones(rich):
    found = {
        (row["who"], row["relation"], row["what"]): (row["change"], row["before"], row["after"])
        for row in answer(rich, "changes", **{"from": "2026-02-05"})
    }

    assert found[("United States", "funds", "mine")] == ("firmer", "planned", "asserted")
    assert found[("Japan", "supplies", "magnets")] == ("firmer", "possible", "demanded")
    assert found[("Chile", "supplies", "Peru")] == ("new", None, "asserted")
    assert ("China", "dominates", "refining") not in found


def test_changes_end_with_the_interval(rich):
    assert answer(rich, "changes", **{"from": "2024-01-01", "to": "2024-12-30"}) == []
    assert {row["published"] for row in answer(rich, "changes", **{"from": "2024-01-01", "to": "2025-01-01"})} == {
        "2024-12-31"
    }


def test_co_mentioned_are_those_that_no_statement_links(rich):
    found = {(row["one"], row["other"]): row["sentence"] for row in answer(rich, "co-mentioned")}

    assert found == dict.fromkeys(
        [("Chile", "Japan"), ("Japan", "Peru"), ("Chile", "graphite"), ("Peru", "graphite")], LONG
    )


def test_review_names_entities_of_low_link_scores(rich):
    found = {row["entity"]: (row["score"], row["evidences"]) for row in answer(rich, "review")}

    assert found == {"flake graphite": (0.5, 2), "Peru": (0.3, 1), "graphite": (0.4, 1), "Chile": (0.5, 1)}
    assert "graphite" not in {row["entity"] for row in answer(rich, "review", below="0.4")}


def test_evidence_leads_to_sentences_and_documents(store):
    found = answer(store, "evidence", statement=SMALL["a"][0].id)

    assert [(row["title"], row["start"], row["end"]) for row in found] == [("Minerals", 0, 25), ("Batteries", 0, 25)]


def test_documents_can_be_searched_by_title(store):
    (row,) = answer(store, "documents", contains="MINER")

    assert (row["id"], row["publisher"], row["published"], row["statements"]) == ("a", "AP", "2026-02-04", 4)
