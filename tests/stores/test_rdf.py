"""The RDF store says what the journal says, in quads that depend on content alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, parse

from kg import consolidation, ids, resources
from kg.consolidation import consolidate
from kg.errors import GraphError, QueryError, UsageError
from kg.model import Entity, Literal, Modality, object_key
from kg.stores import Store, quads, rdf
from kg.stores.journal import Journal
from kg.stores.merged import merged
from kg.stores.rdf import RdfStore
from tests.builders import (
    DEMANDED,
    NEGATIVE,
    PLANNED,
    POSSIBLE,
    document,
    document_saying,
    entity,
    pol,
    said_by,
    statement,
)
from tests.strategies import PROPERTY, corpora


def journal_of(corpus, folder):
    journal = Journal.open(folder)
    for text, said in corpus:
        journal.record(text, said, content_hash="c", config_hash="k")
    return journal


def published(corpus, folder) -> list[str]:
    """The sorted quads of a graph that is built from the documents in this order."""
    with journal_of(corpus, folder) as journal:
        rdf.publish(journal)
    with rdf.open_graph(folder) as store:
        return lines(store)


def derived(corpus, folder) -> list[str]:
    """The sorted quads that `publish` would write, without writing them."""
    with journal_of(corpus, folder) as journal:
        return lines(derived_store(journal))


def derived_store(journal) -> RdfStore:
    store = RdfStore.in_memory()
    with merged(journal) as graph:
        store.oxigraph.extend(rdf.all_quads(graph))
    return store


def lines(store: RdfStore) -> list[str]:
    return sorted(str(quad) for quad in store.oxigraph)


def together(corpus):
    publishers = {text.id: consolidation.publisher(text) for text, _ in corpus}
    return consolidate((s for _, said in corpus for s in said), publishers.__getitem__)


def filled(corpus) -> RdfStore:
    """A store in memory that is given the consolidated statements."""
    store = RdfStore.in_memory()
    store.add(together(corpus), [text for text, _ in corpus])
    return store


def rows(store, query):
    return [tuple(term and term.value for term in row) for row in store.ask(query)]


def plain_triples(store, where=""):
    return rows(store, f"SELECT ?s ?p ?o {{ {where} {{ ?s pol:dominates ?o }} BIND (pol:dominates AS ?p) }}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A new folder at each call: one for each example of a property, where `tmp_path` would be one for all."""
    return lambda: tmp_path_factory.mktemp("made") / "graph"


# ---- what always holds


@PROPERTY
@given(corpora(), st.randoms(use_true_random=False))
def test_order_of_documents_leaves_no_trace(folder, corpus, random):
    shuffled = list(corpus)
    random.shuffle(shuffled)

    assert derived(corpus, folder()) == derived(shuffled, folder())


@PROPERTY
@given(corpora())
def test_journal_in_bounded_memory_merges_like_memory(folder, corpus):
    with journal_of(corpus, folder()) as journal, merged(journal) as graph:
        statements = list(graph.statements())

        assert statements == together(corpus)
        assert graph.contradicted == consolidation.contradicted(statements)


@PROPERTY
@given(corpora())
def test_store_filled_by_hand_equals_the_published_one(folder, corpus):
    assert lines(filled(corpus)) == derived(corpus, folder())


@PROPERTY
@given(corpora())
def test_what_a_store_is_given_it_gives_back(corpus):
    assert list(filled(corpus).statements()) == together(corpus)


@PROPERTY
@given(corpora())
def test_giving_the_same_twice_changes_nothing(corpus):
    store = filled(corpus)
    before = lines(store)
    store.add(together(corpus), [text for text, _ in corpus])

    assert lines(store) == before


@PROPERTY
@given(corpora(), st.data())
def test_withdrawing_a_document_leaves_exactly_what_the_others_say(corpus, data):
    if not corpus:
        return
    gone = data.draw(st.sampled_from([text.id for text, _ in corpus]))
    described = {e.iri: e for s in together(corpus) for e, _ in consolidation.versions(s)}
    same = [(text, [with_entities(s, described) for s in said]) for text, said in corpus]
    store = filled(same)
    store.withdraw(gone)

    assert lines(store) == lines(filled([(text, said) for text, said in same if text.id != gone]))


def with_entities(statement, described):
    """The statement with every entity as the whole corpus describes it, so that withdrawal changes no label."""
    return consolidation.merge([statement], lambda e: described[e.iri], str)


@PROPERTY
@given(corpora())
def test_bare_triples_are_those_of_affirmed_statements_in_the_graph_of_their_modality(corpus):
    expected = {
        (subject, s.predicate, object_key(object_), quads.graph_of(s.modality))
        for s in together(corpus)
        if s.polarity == "positive" and not (isinstance(s.object, Literal) and s.object.unit)
        for subject, object_ in both_ways(s)
    }
    found = [q for q in filled(corpus).oxigraph if q.graph_name != DefaultGraph()]

    assert {(q.subject.value, q.predicate.value, q.graph_name) for q in found} == {(e[0], e[1], e[3]) for e in expected}
    assert len(found) == len(expected)


def both_ways(found):
    ways = [(found.subject.iri, found.object)]
    if found.predicate in quads.symmetric_predicates() and isinstance(found.object, Entity):
        ways.append((found.object.iri, found.subject))
    return ways


def test_symmetric_relation_is_a_bare_triple_both_ways():
    found = quads.bare_triples(statement("Chile", "partnersWith", "Japan"))

    assert {(q.subject.value.rsplit("/", 1)[1], q.object.value.rsplit("/", 1)[1]) for q in found} == {
        ("chile", "japan"),
        ("japan", "chile"),
    }


@PROPERTY
@given(corpora())
def test_there_are_no_blank_nodes(corpus):
    assert "_:" not in "".join(str(q.subject) + (str(q.object) if "Literal" not in repr(q.object) else "")
                               for q in filled(corpus).oxigraph)  # fmt: skip


def test_store_satisfies_the_contract():
    store: Store = RdfStore.in_memory()

    assert list(store.statements()) == []


@PROPERTY
@given(corpora(), corpora())
def test_store_brought_up_to_date_is_as_one_made_anew(folder, before, after):
    with journal_of(before, folder()) as journal:
        journal.flush()
        revision = journal.revision
        store = derived_store(journal)
        for text, _ in before:
            journal.withdraw(text.id)
        for text, said in after:
            journal.record(text, said, content_hash="c2", config_hash="k")
        rdf.bring_up_to_date(store, journal, journal.changed_since(revision))

    assert lines(store) == derived(after, folder())


# ---- bare triples


def test_denied_statement_is_never_a_bare_triple():
    assert quads.bare_triples(statement(polarity=NEGATIVE)) == []


@pytest.mark.parametrize("modality", Modality)
def test_bare_triple_lies_in_the_graph_of_its_modality(modality):
    (triple,) = quads.bare_triples(statement(modality=modality))

    assert triple.graph_name.value == f"https://w3id.org/policy-kg/graph/{modality}"


def test_bare_triple_follows_the_firmest_evidence():
    (both,) = consolidate([statement(document="a", modality=POSSIBLE), statement(document="b", modality=PLANNED)], str)

    assert [q.graph_name for q in quads.bare_triples(both)] == [quads.graph_of(PLANNED)]


def test_number_with_a_unit_is_no_bare_triple():
    tonnes = Literal(value="5", datatype="http://www.w3.org/2001/XMLSchema#integer", unit="t")

    assert quads.bare_triples(statement("Chile", "produces", tonnes)) == []


def test_query_without_graph_sees_what_is_asserted_or_planned():
    said = [
        statement("Chile"), statement("Japan", modality=PLANNED), statement("Peru", modality=POSSIBLE),
        statement("Cuba", modality=DEMANDED), statement("Mali", polarity=NEGATIVE),
    ]  # fmt: skip
    store = filled([(document(), said)])

    assert {s for s, _, _ in plain_triples(store)} == {entity("Chile").iri, entity("Japan").iri}
    assert {s for s, _, _ in plain_triples(store, where="GRAPH graph:demanded")} == {entity("Cuba").iri}


# ---- how it is drawn


def test_evidence_can_be_followed_from_statement_to_words():
    store = filled([(document(title="Refining"), [statement(attribution=said_by(entity("IEA", "Organization")))])])
    query = """SELECT ?label ?words ?quote ?start ?end ?title ?speaker {
        ?evidence oa:hasBody [ rdf:subject/rdfs:label ?label ] ; pol:subjectText ?words ;
                  oa:hasTarget [ oa:hasSelector [ oa:exact ?quote ] , [ oa:start ?start ; oa:end ?end ] ] ;
                  prov:wasDerivedFrom/schema:headline ?title ; pol:saidBy/rdfs:label ?speaker }"""

    assert rows(store, query) == [("China", "China", "China dominates refining.", "0", "25", "Refining", "IEA")]


def test_entity_is_drawn_with_its_names_and_links():
    china = entity("China", aliases=("PRC",), same_as=("http://www.wikidata.org/entity/Q148",), country="CHN")
    store = filled([(document(), [statement(china)])])
    query = f"SELECT ?type ?alias ?same ?code {{ <{china.iri}> a ?type ; skos:altLabel ?alias ; owl:sameAs ?same ; pol:country ?code }}"

    assert rows(store, query) == [(pol("Country"), "PRC", "http://www.wikidata.org/entity/Q148", "CHN")]


def test_open_predicate_is_labelled_with_its_phrase():
    store = filled([(document(), [statement(predicate=ids.open_predicate("is the largest refiner of"))])])

    assert rows(store, "SELECT ?phrase { [] rdf:predicate/rdfs:label ?phrase }") == [("is the largest refiner of",)]


def test_unnamed_source_is_told_from_no_source():
    named = statement(attribution=said_by(None))
    store = filled([(document(), [named, statement("Chile", at=40)])])

    assert rows(store, "SELECT ?label { ?e pol:saidBy/rdfs:label ?label }") == [("unnamed source",)]


def test_statement_and_its_denial_point_to_each_other():
    yes, no = statement(), statement(polarity=NEGATIVE, at=40)
    store = filled([(document(), [yes, no])])

    pairs = {
        (ids.statement_iri(yes.id), ids.statement_iri(no.id)),
        (ids.statement_iri(no.id), ids.statement_iri(yes.id)),
    }
    assert set(rows(store, "SELECT ?a ?b { ?a pol:contradicts ?b }")) == pairs


def test_statement_goes_with_its_last_evidence_and_not_before():
    store = filled([(document("a"), [statement(document="a")]), (document("b"), [statement(document="b")])])
    (both,) = store.statements()
    store.withdraw("a")
    (one,) = store.statements()
    store.withdraw("b")

    assert [e.document_id for e in both.evidence] == ["a", "b"]
    assert [e.document_id for e in one.evidence] == ["b"]
    assert one.belief == consolidation.belief(one.evidence, str)
    assert lines(store) == []


def test_withdrawing_the_firm_evidence_moves_the_bare_triple():
    firm, loose = statement(document="a"), statement(document="b", modality=POSSIBLE)
    store = filled([(document("a"), [firm]), (document("b"), [loose])])
    before = plain_triples(store)
    store.withdraw("a")

    assert len(before) == 1
    assert plain_triples(store) == []
    assert len(plain_triples(store, where="GRAPH graph:possible")) == 1


@PROPERTY
@given(corpora())
def test_every_property_of_a_record_is_in_the_ontology(corpus):
    declared = {t.subject.value for t in parse(path=str(resources.folder("ontology") / "policy.ttl"))
                if isinstance(t.subject, NamedNode)}  # fmt: skip
    written = {q.predicate.value for q in filled(corpus).oxigraph if q.graph_name == DefaultGraph()}

    assert {iri for iri in written if iri.startswith(pol(""))} <= declared


# ---- the published store


def test_publishing_again_changes_nothing_and_does_nothing(tmp_path):
    with journal_of([(document(), [statement()])], tmp_path / "graph") as journal:
        place = rdf.publish(journal)
        made = {file.name: file.stat().st_mtime_ns for file in place.iterdir()}
        again = rdf.publish(journal)

        assert again == place
        assert {file.name: file.stat().st_mtime_ns for file in again.iterdir()} == made


def test_publishing_after_a_change_shows_the_change_and_drops_the_old_store(tmp_path):
    with journal_of([(document(), [statement()])], tmp_path / "graph") as journal:
        rdf.publish(journal)
        journal.record(document(), [statement("Chile")], content_hash="c2", config_hash="k")
        place = rdf.publish(journal)
    with rdf.open_graph(tmp_path / "graph") as store:
        assert [s.subject.label for s in store.statements()] == ["Chile"]
    assert sorted(place.parent.iterdir()) == [place, place.with_suffix(".sqlite")]


def test_one_more_document_gives_the_store_that_all_at_once_would(tmp_path):
    corpus = [(document(f"doc-{n}"), [statement(f"State {n % 3}", document=f"doc-{n}")]) for n in range(30)]
    published(corpus[:29], tmp_path / "grown")

    assert published(corpus[29:], tmp_path / "grown") == published(corpus, tmp_path / "whole")


def test_interrupted_publishing_leaves_the_old_store_and_is_made_good(tmp_path, monkeypatch):
    graph = tmp_path / "graph"
    with journal_of([(document(), [statement()])], graph) as journal:
        rdf.publish(journal)
        journal.record(document(), [statement("Chile")], content_hash="c2", config_hash="k")

        def interrupted(done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rdf.publish(journal, progress=interrupted)
        with rdf.open_graph(graph) as store:
            assert [s.subject.label for s in store.statements()] == ["China"]
        rdf.publish(journal)
    with rdf.open_graph(graph) as store:
        assert [s.subject.label for s in store.statements()] == ["Chile"]


def test_journal_put_back_from_a_copy_is_published_anew(tmp_path):
    graph = tmp_path / "graph"
    published([(document(), [statement()])], graph)
    copy = (graph / "journal.sqlite").read_bytes()
    published([(document(), [statement("Chile")])], graph)
    (graph / "journal.sqlite").write_bytes(copy)
    with Journal.open(graph) as journal:
        rdf.publish(journal)
    with rdf.open_graph(graph) as store:
        assert [s.subject.label for s in store.statements()] == ["China"]


def test_progress_ends_at_the_whole(tmp_path):
    steps = []
    with journal_of([(document(), [statement(), statement("Chile", at=40)])], tmp_path / "graph") as journal:
        rdf.publish(journal, progress=lambda done, total: steps.append((done, total)))

    assert steps[-1] == (2, 2)


def test_graph_without_a_published_store_says_what_to_do(tmp_path):
    Journal.open(tmp_path / "graph").close()

    with pytest.raises(GraphError, match="no published store"), rdf.open_graph(tmp_path / "graph"):
        pass


def test_published_store_is_open_for_reading_only(tmp_path):
    published([(document(), [statement()])], tmp_path / "graph")

    with rdf.open_graph(tmp_path / "graph") as store, pytest.raises(UsageError, match="reading only"):
        store.add([statement("Chile")])


def test_journal_open_for_reading_cannot_be_published(tmp_path):
    Journal.open(tmp_path / "graph").close()

    with Journal.open(tmp_path / "graph", read_only=True) as journal, pytest.raises(UsageError, match="for writing"):
        rdf.publish(journal)


def test_wrong_sparql_is_a_query_error():
    with pytest.raises(QueryError, match="not valid SPARQL"):
        RdfStore.in_memory().query("SELEKT *")


def test_ask_and_construct_give_rows_too():
    store = filled([(document(), [statement()])])

    assert rows(store, "ASK { ?s pol:dominates ?o }") == [("true",)]
    assert rows(store, "CONSTRUCT { ?s pol:dominates ?o } WHERE { ?s pol:dominates ?o }") == [
        (entity("China").iri, pol("dominates"), entity("refining", "Activity").iri)
    ]


def test_graph_file_names_the_published_revision(tmp_path):
    published([(document(), [statement()])], tmp_path / "graph")

    described = json.loads((tmp_path / "graph" / "graph.json").read_text())
    assert (tmp_path / "graph" / "store" / str(described["published"])).is_dir()


def test_quote_of_every_evidence_is_the_text_under_its_span():
    said = [statement(), statement("Chile", at=60)]
    text = document_saying(*said)

    assert [text.text[e.sentence.start : e.sentence.end] for s in said for e in s.evidence] == [
        e.quote for s in said for e in s.evidence
    ]


@pytest.mark.parametrize("text", ["no iri", "._\x9f\x90", "", "a:\x00", "a:<>", "a:\ue000"])
def test_what_is_no_iri_is_not_held(text):
    assert not RdfStore.in_memory().holds(text)
