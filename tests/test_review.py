"""What people decide about entities, from the command line."""

import json

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import UsageError
from kg.stores import rdf
from kg.stores.journal import Journal
from tests.builders import document, entity, statement

SMITH, SURNAME = entity("Anna Smith", "Person"), entity("Smith", "Person")
ACME, ACME_INC = entity("Acme", "Organization"), entity("Acme Inc", "Organization")


@pytest.fixture
def graph(tmp_path):
    said = {"a": [statement(SMITH, "leads", ACME, document="a")], "b": [statement(SURNAME, "leads", ACME_INC, document="b")]}
    with Journal.open(tmp_path / "graph") as journal:
        for id, statements in said.items():
            journal.record(document(id), statements, content_hash=id, config_hash="k")
        rdf.publish(journal)
    return tmp_path / "graph"


def review(graph, *arguments, answers=None):
    done = CliRunner().invoke(app, ["review", str(graph), *map(str, arguments)], input=answers, catch_exceptions=True)
    if isinstance(done.exception, UsageError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def listed(graph, *options):
    return json.loads(review(graph, "--list", "--format", "json", *options))


def test_what_waits_and_what_is_merged_is_listed_with_its_reason(graph):
    (waiting,) = listed(graph)
    (merged,) = json.loads(review(graph, "--merged", "--format", "json"))

    assert (waiting["left"], waiting["right"], waiting["kind"]) == (SMITH.iri, SURNAME.iri, "surname")
    assert (merged["into"], merged["kind"]) == (ACME.iri, "exact")
    assert "nobody else" in review(graph, "--list")


def test_without_a_terminal_nothing_is_asked(graph):
    assert "surname" in review(graph)


def test_accepted_proposal_is_merged_at_once_and_undone_at_once(graph):
    (waiting,) = listed(graph)

    assert "accepted" in review(graph, "accept", waiting["id"])
    assert listed(graph) == []
    assert len(json.loads(review(graph, "--merged", "--format", "json"))) == 2
    assert "taken back: accept" in review(graph, "undo")
    assert listed(graph) == [waiting]


def test_proposals_are_rejected_by_kind(graph):
    assert "0 proposals" in review(graph, "reject", "--kind", "acronym")
    assert "1 proposals" in review(graph, "reject", "--kind", "surname")
    assert listed(graph) == []


def test_entities_are_split_and_merged_by_name(graph):
    assert "2 entities" in review(graph, "split", "Acme")
    assert json.loads(review(graph, "--merged", "--format", "json")) == []
    assert "are one" in review(graph, "merge", "Acme", "Anna Smith")
    with rdf.open_graph(graph) as store:
        assert len({s.object.iri for s in store.statements()}) == 2


@pytest.mark.parametrize("arguments", [["accept"], ["accept", "deadbeef"], ["merge", "Acme"], ["split", "Anna Smith"], ["undo"]])
def test_what_cannot_be_decided_is_refused_with_what_to_do(graph, arguments):
    with pytest.raises(UsageError):
        review(graph, *arguments)


def test_answers_at_the_terminal_are_kept(graph, monkeypatch):
    monkeypatch.setattr("kg.cli.review._is_terminal", lambda: True)

    assert "“Smith leads Acme Inc.”" in review(graph, answers="x\na\n")
    assert listed(graph) == []


# ---- names that are not in the knowledge base


KAZAKHSTAN = "https://w3id.org/policy-kg/entity/country/KAZ"
MISSPELT = entity("Republic of Kazakstan", "Country")


@pytest.fixture
def misspelt(tmp_path):
    with Journal.open(tmp_path / "misspelt") as journal:
        for id in ("a", "b"):
            journal.record(document(id), [statement(MISSPELT, "leads", ACME, document=id)], content_hash=id, config_hash="k")
        journal.record(document("c"), [statement(SMITH, "leads", ACME, document="c")], content_hash="c", config_hash="k")
        rdf.publish(journal)
    return tmp_path / "misspelt"


def entities(graph):
    with Journal.open(graph, read_only=True) as journal:
        return {found.iri: found for found in journal.entities()}


def test_unlinked_names_are_listed_by_the_documents_that_name_them(misspelt):
    listed = json.loads(review(misspelt, "--unlinked", "--format", "json"))

    assert [(item["label"], item["n_documents"]) for item in listed] == [
        ("Acme", 3), ("Republic of Kazakstan", 2), ("Anna Smith", 1),
    ]  # fmt: skip
    assert listed[1]["sentence"] == "Republic of Kazakstan leads Acme."
    assert listed[1]["candidates"][0]["iri"] == KAZAKHSTAN
    assert "entity/country/KAZ" in review(misspelt, "--unlinked")
    assert "there are more" in review(misspelt, "--unlinked", "--limit", 1)


def test_known_entity_is_of_no_unlinked_name(misspelt):
    with Journal.open(misspelt) as journal:
        said = statement(entity("Kazakhstan", iri=KAZAKHSTAN), "leads", ACME, document="d")
        journal.record(document("d"), [said], content_hash="d", config_hash="k")

    assert KAZAKHSTAN not in {item["iri"] for item in json.loads(review(misspelt, "--unlinked", "--format", "json"))}


def test_name_is_merged_into_what_is_known_and_described_as_that(misspelt):
    before = entities(misspelt)
    review(misspelt, "merge", "Republic of Kazakstan", "entity/country/KAZ")
    found = entities(misspelt)

    assert MISSPELT.iri not in found
    assert {"http://www.wikidata.org/entity/Q232", MISSPELT.iri} <= set(found[KAZAKHSTAN].same_as)
    assert found[KAZAKHSTAN].country == "KAZ"
    assert MISSPELT.iri not in {item["iri"] for item in json.loads(review(misspelt, "--unlinked", "--format", "json"))}
    review(misspelt, "undo")
    assert entities(misspelt) == before


def test_decision_for_what_is_known_counts_in_a_graph_made_anew(misspelt, tmp_path):
    review(misspelt, "merge", "Republic of Kazakstan", KAZAKHSTAN)
    with Journal.open(tmp_path / "anew") as journal:
        (tmp_path / "anew" / "decisions.jsonl").write_bytes((misspelt / "decisions.jsonl").read_bytes())
        for id in ("c", "b", "a"):
            (who, whom) = (SMITH, ACME) if id == "c" else (MISSPELT, ACME)
            journal.record(document(id), [statement(who, "leads", whom, document=id)], content_hash=id, config_hash="k")
        rdf.publish(journal)

    assert entities(tmp_path / "anew") == entities(misspelt)


def test_decision_stays_with_documents_that_come_later(misspelt):
    review(misspelt, "merge", "Republic of Kazakstan", KAZAKHSTAN)
    with Journal.open(misspelt) as journal:
        journal.record(document("d"), [statement(MISSPELT, "leads", SMITH, document="d")], content_hash="d", config_hash="k")
        journal.withdraw("a", "b")
        rdf.publish(journal)

    assert MISSPELT.iri not in entities(misspelt)
    assert "http://www.wikidata.org/entity/Q232" in entities(misspelt)[KAZAKHSTAN].same_as
