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
