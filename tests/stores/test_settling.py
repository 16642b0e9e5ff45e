"""What documents are to each other is told by their set: the same in any order, taken back when one of them goes."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import permutations

from kg import copies
from kg.stores import rdf
from kg.stores.journal import Journal
from kg.stores.merged import merged
from tests.builders import NEGATIVE, document, statement
from tests.test_copies import text


def record(journal, id, *said, **others):
    found = document(id, **{"text": text(1), **others})
    journal.record(found, [_in(s, id) for s in said] or [statement(document=id)], content_hash=id, config_hash="k",
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
