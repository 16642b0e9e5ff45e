"""What documents are to each other is told by their set: the same in any order, taken back when one of them goes."""

import shutil
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import copies, ontology
from kg.consolidation import canonical
from kg.errors import GraphError, UsageError
from kg.stores import rdf, reviewing
from kg.stores.journal import Journal
from kg.stores.merged import merged
from tests.builders import NEGATIVE, document, entity, statement
from tests.test_copies import text


def record(journal, id, *said, **others):
    found = document(id, **{"text": text(1), **others})
    statements = [canonical(_in(s, id), ontology.load().is_symmetric) for s in said] or [statement(document=id)]
    journal.record(found, statements, content_hash=id, config_hash="k",
                   signature=copies.signature(found.text))  # fmt: skip


def _in(found, id):
    def moved(span):
        return replace(span, document_id=id)

    evidence = tuple(
        replace(e, sentence=moved(e.sentence), subject=moved(e.subject), predicate=moved(e.predicate), object=moved(e.object))
        for e in found.evidence
    )
    return replace(found, evidence=evidence)


@contextmanager
def published(folder, *acts):
    """A journal with these things done to it, published, and its store."""
    with Journal.open(folder) as journal:
        for act in acts:
            act(journal)
        rdf.publish(journal)
        with rdf.open_graph(folder) as store:
            yield journal, store


def taking(id, **others):
    return lambda journal: record(journal, id, **others)


WIRE = taking("wire", publisher="AP", published=date(2026, 2, 1))
REPOST = taking("repost", publisher="The Example", published=date(2026, 2, 2), text=text(1, keep=0.8))
OTHER = taking("other", publisher="The Witness", text=text(2))
THREE = (WIRE, REPOST, OTHER)


def test_copy_and_its_origin_are_one_voice(tmp_path):
    with published(tmp_path / "graph", *THREE) as (journal, store):
        (found,) = store.statements()

        assert (len(found.evidence), found.n_independent) == (3, 2)
        assert journal.document("repost").copy_of == "wire"
        assert journal.document("repost").voice == "AP"
        assert journal.document("wire").copy_of is None
    with published(tmp_path / "two", WIRE, OTHER) as (_, store):
        assert next(store.statements()).belief == found.belief


def test_order_of_documents_leaves_no_trace(tmp_path):
    stores = []
    for n, order in enumerate(permutations(THREE)):
        with published(tmp_path / str(n), *order) as (_, store):
            stores.append(set(store.oxigraph))

    assert all(store == stores[0] for store in stores)


def test_copy_is_a_voice_of_its_own_when_its_origin_is_withdrawn(tmp_path):
    with published(tmp_path / "graph", *THREE) as (journal, _):
        journal.withdraw("wire")
    with published(tmp_path / "graph") as (journal, store):
        assert journal.document("repost").copy_of is None
        assert next(store.statements()).n_independent == 2


def test_settling_again_changes_nothing(tmp_path):
    with published(tmp_path / "graph", *THREE) as (journal, _):
        revision = journal.revision
    with published(tmp_path / "graph") as (journal, _):
        assert journal.revision == revision


def test_newer_document_of_the_same_address_replaces_the_older(tmp_path):
    address = {"url": "https://news.example/story", "publisher": None}
    older = taking("older", published=date(2026, 2, 1), **address)
    newer = taking("newer", published=date(2026, 2, 3), **address)
    for n, order in enumerate(permutations((older, newer, OTHER))):
        with published(tmp_path / str(n), *order) as (journal, store):
            (found,) = store.statements()

            assert {e.document_id for e in found.evidence} == {"newer", "other"}
            assert [d.id for d in journal.documents()] == ["newer", "other"]
            assert journal.counts().n_documents == 2
            assert journal.is_done("older", "older", "k")


def test_older_document_is_back_when_the_newer_is_withdrawn(tmp_path):
    address = {"url": "https://news.example/story"}
    older, newer = (taking(f"day-{n}", published=date(2026, 2, n), **address) for n in (1, 2))
    with published(tmp_path / "graph", older, newer) as (journal, _):
        journal.withdraw("day-2")
    with published(tmp_path / "graph") as (_, store), published(tmp_path / "alone", older) as (_, alone):
        assert set(store.oxigraph) == set(alone.oxigraph)


def test_contrary_statements_of_two_documents_name_each_other(tmp_path):
    denied = statement(polarity=NEGATIVE)
    with published(tmp_path / "graph", WIRE, lambda j: record(j, "b", denied, text=text(3))) as (journal, store):
        with merged(journal) as graph:
            assert graph.contradicted == {denied.id, denied.opposite_id}
        rows = set(store.ask("SELECT ?a ?b { ?a pol:contradicts ?b }"))
    assert len(rows) == 2
    assert {(b, a) for a, b in rows} == rows


# ---- names

ACME, ACME_INC, AGENCY = (entity(label, "Organization") for label in ("Acme", "Acme Inc", "Energy Agency"))
SMITH, A_SMITH = entity("Anna Smith", "Person"), entity("A. Smith", "Person")


def saying(id, *said):
    return lambda journal: record(journal, id, *said, text=text(int(id)))


ONE, TWO, MORE = (
    saying("1", statement(ACME, "dominates", "steel")),
    saying("2", statement(ACME_INC, "dominates", "steel"), statement(SMITH, "leads", ACME_INC)),
    saying("3", statement(A_SMITH, "leads", AGENCY), statement(AGENCY, "partnersWith", ACME_INC)),
)


def quads_of(folder, *acts):
    with published(folder, *acts) as (_, store):
        return set(store.oxigraph)


def test_statements_of_merged_entities_are_one(tmp_path):
    with published(tmp_path / "graph", ONE, TWO) as (journal, store):
        (found,) = (s for s in store.statements() if s.object.label == "steel")

        assert {e.document_id for e in found.evidence} == {"1", "2"}
        assert found.subject.iri == ACME.iri
        assert found.subject.aliases == ("Acme Inc",)
        assert found.subject.same_as == (ACME_INC.iri,)
        assert journal.sayers(found.id) == {"1", "2"}
        assert not store.is_entity(ACME_INC.iri)


def test_merged_sides_of_a_symmetric_relation_stand_in_one_order(tmp_path):
    apart = saying("2", statement(ACME_INC, "partnersWith", entity("Acme H", "Organization")))
    there = saying("1", statement(ACME, "partnersWith", entity("Acme H", "Organization")))
    with published(tmp_path / "graph", there, apart) as (_, store):
        assert len(list(store.statements())) == 1


def test_merges_leave_no_trace_of_the_order(tmp_path):
    stores = [quads_of(tmp_path / str(n), *order) for n, order in enumerate(permutations((ONE, TWO, MORE)))]

    assert all(store == stores[0] for store in stores)


def test_documents_one_by_one_give_the_graph_that_all_at_once_give(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf, "_FEW_CHANGED", 1.0)
    for act in (ONE, TWO, MORE):
        grown = quads_of(tmp_path / "grown", act)

    assert grown == quads_of(tmp_path / "whole", ONE, TWO, MORE)


def test_withdrawing_a_document_takes_its_merges_back(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf, "_FEW_CHANGED", 1.0)
    with published(tmp_path / "graph", ONE, TWO, MORE) as (journal, _):
        journal.withdraw("1")
    assert quads_of(tmp_path / "graph") == quads_of(tmp_path / "never", TWO, MORE)
    with published(tmp_path / "graph") as (journal, _):
        journal.withdraw("2", "3")
    assert quads_of(tmp_path / "graph") == set()


def test_killed_before_it_is_published_the_graph_is_the_same_after_the_next_try(tmp_path):
    def die(done, total):
        raise KeyboardInterrupt

    with Journal.open(tmp_path / "graph") as journal:
        for act in (ONE, TWO, MORE):
            act(journal)
        with suppress(KeyboardInterrupt):
            rdf.publish(journal, progress=die)

    assert quads_of(tmp_path / "graph") == quads_of(tmp_path / "whole", ONE, TWO, MORE)


def test_decisions_are_replayed_and_taken_back(tmp_path):
    folder = tmp_path / "graph"
    before = quads_of(folder, ONE, TWO, MORE)
    with published(folder) as (journal, _):
        (item,) = reviewing.waiting(journal)
        assert {item.act.left, item.act.right} == {SMITH.iri, A_SMITH.iri}
        assert item.n_documents == (1, 1)
        assert reviewing.sentences(journal, A_SMITH.iri) == ["A. Smith leads Energy Agency."]
        reviewing.decide(journal, "accept", [item.act])
    with published(folder) as (journal, store):
        assert not reviewing.waiting(journal)
        assert {s.subject.label for s in store.statements() if s.predicate.endswith("leads")} <= {"Anna Smith", "A. Smith"}
        assert len({s.subject.iri for s in store.statements() if s.predicate.endswith("leads")}) == 1
        assert reviewing.split(journal, [ACME.iri]) == 2
    with published(folder) as (journal, store):
        assert store.is_entity(ACME_INC.iri)
        assert [reviewing.undo(journal)["act"] for _ in range(2)] == ["split", "accept"]
    assert quads_of(folder) == before


def test_decisions_laid_beside_a_graph_that_is_built_anew_count_there(tmp_path):
    with published(tmp_path / "graph", ONE, MORE) as (journal, _):
        reviewing.merge(journal, [ACME.iri, AGENCY.iri])
    shutil.copy(tmp_path / "graph" / "decisions.jsonl", tmp_path)
    wanted = quads_of(tmp_path / "graph")
    quads_of(tmp_path / "anew", ONE, MORE)
    shutil.copy(tmp_path / "decisions.jsonl", tmp_path / "anew")

    assert quads_of(tmp_path / "anew") == wanted


def test_line_that_is_no_decision_is_named(tmp_path):
    quads_of(tmp_path / "graph", ONE)
    (tmp_path / "graph" / "decisions.jsonl").write_text('{"act": "merge", "iris": ["a", "b"]}\n{"act": "sing"}\n')

    with pytest.raises(GraphError, match=r"decisions\.jsonl:2"):
        quads_of(tmp_path / "graph")


def test_what_cannot_be_decided_is_refused(tmp_path):
    with published(tmp_path / "graph", ONE) as (journal, _):
        for act in (lambda: reviewing.merge(journal, [ACME.iri]), lambda: reviewing.split(journal, [ACME.iri]),
                    lambda: reviewing.undo(journal), lambda: reviewing.proposed(journal, ["deadbeef"])):  # fmt: skip
            with pytest.raises(UsageError):
                act()


corpus_of_names = st.lists(
    st.tuples(
        st.sampled_from([ACME, ACME_INC, AGENCY, SMITH, A_SMITH]),
        st.sampled_from(["leads", "partnersWith"]),
        st.sampled_from([ACME, ACME_INC, AGENCY]),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from("123"), st.none() | corpus_of_names), min_size=1, max_size=6))
def test_whatever_comes_and_goes_the_graph_is_as_one_made_of_what_is_left(steps):
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        patched.setattr(rdf, "_FEW_CHANGED", 1.0)
        left = {}
        for id, said in steps:
            if said is None:
                left.pop(id, None)
                lived = quads_of(Path(place) / "lived", lambda j, id=id: j.withdraw(id))
            else:
                left[id] = saying(id, *(statement(*triple) for triple in said))
                lived = quads_of(Path(place) / "lived", left[id])
        assert lived == quads_of(Path(place) / "anew", *left.values())
