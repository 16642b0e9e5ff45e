"""A graph that we make conforms; one that is damaged is told what is wrong and where."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad

from kg import validation
from kg.errors import OntologyError
from kg.model import Interval, Literal
from kg.stores import quads, rdf
from kg.stores.rdf import RdfStore
from tests.builders import NEGATIVE, PLANNED, document, document_saying, entity, pol, said_by, statement
from tests.stores.test_rdf import filled, journal_of
from tests.strategies import corpora

SAID = [
    statement(entity("China", country="CHN", aliases=("PRC",), same_as=("http://www.wikidata.org/entity/Q148",))),
    statement("Chile", at=100, attribution=said_by(None)),
    statement(polarity=NEGATIVE, at=200, attribution=said_by(entity("IEA", "Organization"))),
]


@pytest.fixture(scope="module")
def shapes():
    return validation.load_shapes()


@pytest.fixture(scope="module")
def sound():
    """The quads of a small graph with everything in it."""
    return list(filled([(document_saying(*SAID), SAID)]).oxigraph)


def messages(found, shapes):
    return [problem.message for problem in validation.shape_problems(found, shapes)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=corpora())
def test_every_graph_that_we_make_conforms(corpus, shapes):
    store = filled(corpus)

    assert messages(list(store.oxigraph), shapes) == []
    assert validation.bare_triple_problems(store) == []


REQUIRED = [
    "rdf:subject", "rdf:predicate", "rdf:object", "pol:polarity", "pol:modality", "pol:belief", "oa:hasBody",
    "oa:hasTarget", "oa:hasSource", "oa:hasSelector", "oa:start", "oa:end", "oa:exact", "prov:wasDerivedFrom",
    "pol:extractor", "pol:confidence", "pol:subjectSpan", "pol:predicateSpan", "pol:objectSpan", "pol:subjectText",
    "pol:predicateText", "pol:objectText", "rdfs:label", "schema:identifier", "schema:inLanguage",
]  # fmt: skip


@pytest.mark.parametrize("predicate", REQUIRED)
def test_what_is_required_is_missed_where_it_is_not_there(sound, shapes, predicate):
    cut = [quad for quad in sound if quad.predicate != quads.name(predicate)]

    assert len(cut) < len(sound)
    assert messages(cut, shapes)


WRONG = [
    ("pol:confidence", RdfLiteral("1.5", datatype=quads.name("xsd:decimal")), "confidence is one decimal in"),
    ("pol:confidence", RdfLiteral("0.5"), "confidence is one decimal in"),
    ("pol:belief", RdfLiteral("-0.1", datatype=quads.name("xsd:decimal")), "belief is one decimal in"),
    ("pol:modality", RdfLiteral("certain"), "one modality: asserted, planned"),
    ("pol:polarity", RdfLiteral("neutral"), "either positive or negative"),
    ("oa:end", RdfLiteral("0", datatype=quads.name("xsd:integer")), "starts before it ends"),
    ("oa:start", RdfLiteral("-1", datatype=quads.name("xsd:integer")), "0 or more"),
    ("pol:country", RdfLiteral("China"), "three letters"),
    ("pol:extractor", RdfLiteral(""), "names the extractor"),
    ("oa:exact", RdfLiteral(""), "not empty"),
    ("oa:hasBody", NamedNode("https://example.org/other"), "supports one statement"),
    ("prov:wasDerivedFrom", NamedNode("https://example.org/other"), "comes from one document"),
    ("rdf:object", NamedNode("https://example.org/other"), "an entity with one type and one label"),
    ("schema:datePublished", RdfLiteral("in May"), "published on one day"),
]


@pytest.mark.parametrize(("predicate", "value", "message"), WRONG)
def test_wrong_value_is_named_in_words(sound, shapes, predicate, value, message):
    wrong = [with_object(quad, value) if quad.predicate == quads.name(predicate) else quad for quad in sound]

    assert any(message in found for found in messages(wrong, shapes))


def with_object(quad, value):
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def test_period_must_not_end_before_it_starts(shapes):
    turned = statement(valid=Interval(start=date(2026, 2, 4), end=date(2025, 2, 4)))
    found = messages(list(filled([(document(), [turned])]).oxigraph), shapes)

    assert any("not after the last" in message for message in found)


def test_statement_without_evidence_is_found(sound, shapes):
    bare = [q for q in sound if "/evidence/" not in str(q.subject)]
    (first, *_) = validation.shape_problems(bare, shapes)

    assert "a statement has evidence" in first.message
    assert first.focus.startswith("https://w3id.org/policy-kg/statement/")
    assert str(first) == f"{first.focus}: {first.message}"


# ---- quotes


def test_quote_that_is_not_the_text_under_its_span_is_found():
    said = statement()
    text = document_saying(said)
    moved = replace(said, evidence=(replace(said.evidence[0], quote="China dominates mining."),))

    assert list(validation.quote_problems(text, [said])) == []
    (problem,) = validation.quote_problems(text, [moved])
    assert "the sentence at 0-25 is quoted as 'China dominates mining.'" in problem.message


# ---- bare triples


def bare(graph):
    return Quad(
        NamedNode(entity("China").iri),
        NamedNode(pol("dominates")),
        NamedNode(entity("refining", "Activity").iri),
        graph,
    )


@pytest.mark.parametrize("said", [statement(polarity=NEGATIVE), statement(modality=PLANNED)])
def test_bare_triple_that_no_assertion_backs_is_found(said):
    store = filled([(document(), [said])])
    store.oxigraph.add(bare(NamedNode("https://w3id.org/policy-kg/graph/asserted")))
    (problem,) = validation.bare_triple_problems(store)

    assert "no affirmed statement" in problem.message
    assert "graph/asserted" in problem.focus


def test_bare_triple_with_a_number_is_backed_by_its_statement_alone():
    number = Literal(value="05", datatype="http://www.w3.org/2001/XMLSchema#integer")
    store = filled([(document(), [statement("Chile", "produces", number), statement("Peru", at=60)])])
    before = validation.bare_triple_problems(store)
    (found,) = [q for q in store.oxigraph if q.predicate.value == pol("produces") and q.graph_name.value]
    store.oxigraph.add(Quad(NamedNode(entity("Peru").iri), found.predicate, found.object, found.graph_name))

    assert before == []
    assert [entity("Peru").iri in str(problem) for problem in validation.bare_triple_problems(store)] == [True]


# ---- a whole graph folder


def test_whole_graph_conforms_from_journal_to_store(tmp_path):
    with journal_of([(document_saying(*SAID), SAID)], tmp_path / "graph") as journal:
        rdf.publish(journal)
        report = validation.validate(journal)

    assert report.conforms
    assert report.n_checked == len(SAID)


def test_wrong_quote_and_stale_store_are_reported(tmp_path):
    with journal_of([(document(text="China dominates refining."), [SAID[0]])], tmp_path / "graph") as journal:
        rdf.publish(journal)
        journal.record(document(text="Nothing of the kind."), [SAID[0]], content_hash="c2", config_hash="k")
        journal.flush()
        found = [str(problem) for problem in validation.validate(journal).problems]

    assert any("the text has" in problem for problem in found)
    assert any("run `kg build` again" in problem for problem in found)


def test_damage_in_the_published_store_is_reported(tmp_path):
    with journal_of([(document_saying(*SAID), SAID)], tmp_path / "graph") as journal:
        place = rdf.publish(journal)
        damaged = RdfStore.open(place)
        damaged.oxigraph.add(Quad(NamedNode("https://example.org/a"), quads.name("pol:funds"),
                                  NamedNode("https://example.org/b"), quads.name("graph:asserted")))  # fmt: skip
        damaged.oxigraph.flush()
        del damaged
        report = validation.validate(journal)

    assert ["https://example.org/a" in str(problem) for problem in report.problems] == [True]


def test_shapes_that_cannot_be_read_are_an_ontology_error(tmp_path):
    (tmp_path / "shapes.ttl").write_text("this is no turtle")

    with pytest.raises(OntologyError, match="cannot be read as SHACL shapes"):
        validation.load_shapes(tmp_path / "shapes.ttl")
