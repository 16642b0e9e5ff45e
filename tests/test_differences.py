"""What came, went and changed is told apart, between two graphs and in time."""

from datetime import UTC, date, datetime

import pytest

import kg
from kg.errors import UsageError
from kg.stores import rdf
from kg.stores.journal import Journal
from tests.builders import PLANNED, POSSIBLE, document, statement


def made(folder, *corpora):
    """A graph folder of these documents."""
    with Journal.open(folder) as journal:
        for described, said in corpora:
            journal.record(described, said, content_hash="c", config_hash="k")
        rdf.publish(journal)
    return folder


def told(differences):
    return {(str(d.change), d.statement.subject.label) for d in differences}


def test_statements_come_go_and_change(tmp_path):
    before = made(
        tmp_path / "before",
        (document(), [statement("China"), statement("Japan", modality=PLANNED), statement("Peru"), statement("Chad")]),
    )
    after = made(
        tmp_path / "after",
        (document(), [statement("Japan"), statement("Peru", confidence=0.3), statement("Chad"), statement("Iran")]),
    )

    assert told(kg.diff(before, after)) == {
        ("went", "China"), ("modality", "Japan"), ("belief", "Peru"), ("came", "Iran"),
    }  # fmt: skip
    assert told(kg.diff(after, after)) == set()


def test_difference_has_both_sides(tmp_path):
    before = made(tmp_path / "before", (document(), [statement(modality=POSSIBLE)]))
    after = made(tmp_path / "after", (document(), [statement()]))

    (found,) = kg.diff(before, after)

    assert (str(found.before.modality), str(found.after.modality)) == ("possible", "asserted")


def test_graph_is_compared_with_itself_at_an_earlier_time(tmp_path, monkeypatch):
    monkeypatch.setattr("kg.stores.journal._now", lambda: "2026-03-01T12:00:00.000000+00:00")
    graph = made(
        tmp_path / "graph",
        (document("a"), [statement(document="a")]),
        (document("b"), [statement("Japan", document="b")]),
    )
    monkeypatch.setattr("kg.stores.journal._now", lambda: "2026-03-05T12:00:00.000000+00:00")
    made(graph, (document("c"), [statement("Peru", document="c")]))
    kg.forget(graph, ["a"])

    assert told(kg.diff(graph, since=date(2026, 3, 1))) == {("came", "Japan"), ("came", "Peru")}
    assert told(kg.diff(graph, since=date(2026, 3, 2))) == {("went", "China"), ("came", "Peru")}
    assert told(kg.diff(graph, since=datetime(2026, 3, 5, 12, 0, 1, tzinfo=UTC))) == set()


def test_difference_needs_something_to_compare_with(tmp_path):
    with pytest.raises(UsageError, match="second graph"):
        kg.diff(tmp_path)
