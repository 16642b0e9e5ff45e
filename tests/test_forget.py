"""Documents are withdrawn by id, address and publisher; what others say too stays."""

import pytest

import kg
from kg.errors import GraphError, UsageError
from kg.stores.journal import Journal
from tests.builders import document, statement
from tests.test_differences import made


@pytest.fixture
def graph(tmp_path):
    return made(
        tmp_path / "graph",
        (document("a", publisher="AP"), [statement(document="a"), statement("Japan", document="a", at=50)]),
        (document("b", publisher="Reuters"), [statement(document="b")]),
    )


def subjects(graph):
    with kg.open_graph(graph) as store:
        return {s.subject.label: s.belief for s in store.statements()}


def test_statement_of_others_stays_with_the_belief_that_is_left(graph):
    before = subjects(graph)
    found = kg.forget(graph, ["a"])

    after = subjects(graph)
    assert (found.n_gone, found.n_kept) == (1, 1)
    assert set(after) == {"China"}
    assert after["China"] < before["China"]


@pytest.mark.parametrize("names, publisher", [(["https://news.example/a"], None), ([], "ap")])
def test_document_is_known_by_address_and_publisher(graph, names, publisher):
    found = kg.forget(graph, names, publisher=publisher)

    assert [d.id for d in found.documents] == ["a"]
    assert set(subjects(graph)) == {"China"}


def test_dry_run_only_tells(graph):
    before = subjects(graph)

    assert kg.forget(graph, ["a", "b"], dry_run=True).n_gone == 2
    assert subjects(graph) == before


@pytest.mark.parametrize("names, publisher", [(["a", "nowhere"], None), (["a"], "Nobody")])
def test_one_unknown_name_withdraws_nothing(graph, names, publisher):
    with pytest.raises(UsageError, match=r"nowhere|Nobody"):
        kg.forget(graph, names, publisher=publisher)
    assert set(subjects(graph)) == {"China", "Japan"}


def test_forgetting_makes_no_graph_where_there_is_none(tmp_path):
    with pytest.raises(GraphError, match="no graph here"):
        kg.forget(tmp_path / "nothing", ["a"])
    assert not (tmp_path / "nothing").exists()


def test_forgotten_document_can_be_taken_in_again(graph):
    before = subjects(graph)
    with Journal.open(graph, read_only=True) as journal:
        described, said = journal.said_by("a")
    kg.forget(graph, ["a"])
    made(graph, (described, said))

    assert subjects(graph) == before
