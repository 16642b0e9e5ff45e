"""The trained model adds statements where no pattern reaches, and says why."""

from dataclasses import replace

import numpy as np
import pytest

import kg
from kg import ids, ontology
from kg.errors import ModelError
from kg.extractors import Reading, candidates, pairs
from kg.model import Document, Mention, MentionKind, Span
from tests.builders import entity, pol, statement
from tests.trees import tree

LINES = """
    Japan NNP nsubj leans
    leans VBZ root 0 lean
    on IN case Australia
    Australia NNP obl leans
"""


def reading_of(lines, *names):
    doc = tree(lines)
    mentions = []
    for name in names:
        start = doc.text.index(name)
        span = Span(document_id="d", start=start, end=start + len(name))
        mentions.append(Mention(span=span, text=name, kind=MentionKind.NAME, type=pol("Country"), entity=entity(name)))
    return Reading(Document(id="d", text=doc.text), doc, mentions)


def model_that_knows(*features, relation="dependsOn", weight=9.0):
    """A model in which each of the features speaks for the relation."""
    rows = np.zeros(pairs.N_BUCKETS, dtype=np.int32)
    for n, feature in enumerate(features, 1):
        rows[pairs.bucket(feature)] = n
    weights = np.zeros((len(features) + 1, 2), dtype=np.float32)
    weights[1:, 1] = weight
    return pairs.PairModel(
        relations=(pairs.NONE, relation), weights=weights, row_of_bucket=rows, bias=np.array([4.0, 0.0], dtype=np.float32),
        types=frozenset({("Country", "Country")}),
    )  # fmt: skip


def extracted(reading, model, found=()):
    return list(pairs.extract(reading, found, ontology.load(), model))


def test_each_order_of_two_mentions_is_a_candidate():
    reading = reading_of(LINES, "Japan", "Australia")
    found = list(candidates.candidates(reading, reading.doc[:], reading.mentions))

    assert [(c.subject.text, c.object.text) for c in found] == [("Japan", "Australia"), ("Australia", "Japan")]
    assert found[0].predicate.text == "leans"
    assert "v=lean:subj:obl:on" in found[0].features


def test_mentions_of_one_entity_are_no_candidate():
    reading = reading_of(LINES, "Japan", "Japan")

    assert not list(candidates.candidates(reading, reading.doc[:], reading.mentions))


def test_classes_that_are_not_looked_at_give_no_candidate():
    reading = reading_of(LINES, "Japan", "Australia")

    assert not list(candidates.candidates(reading, reading.doc[:], reading.mentions, types={("Person", "Country")}))


def test_statement_names_the_features_that_weighed_most():
    reading = reading_of(LINES, "Japan", "Australia")
    (statement,) = extracted(reading, model_that_knows("v=lean:subj:obl:on"))

    assert (statement.subject.label, ids.predicate_name(statement.predicate), statement.object.label) == (
        "Japan", "dependsOn", "Australia",
    )  # fmt: skip
    evidence = statement.evidence[0]
    assert evidence.extractor.startswith("pairs/dependsOn[v=lean:subj:obl:on")
    assert (evidence.subject_text, evidence.predicate_text, evidence.object_text) == ("Japan", "leans", "Australia")
    assert 0.9 < evidence.confidence <= 1


def test_unlikely_pair_gives_no_statement():
    reading = reading_of(LINES, "Japan", "Australia")

    assert not extracted(reading, model_that_knows("v=lean:subj:obl:on", weight=2.0))


def test_what_patterns_found_is_not_said_twice():
    reading = reading_of(LINES, "Japan", "Australia")
    found = extracted(reading, model_that_knows("v=lean:subj:obl:on"))

    assert not extracted(reading, model_that_knows("v=lean:subj:obl:on"), found)


def test_symmetric_relation_is_said_once():
    reading = reading_of(LINES, "Japan", "Australia")

    assert len(extracted(reading, model_that_knows("v=lean:subj:obl:on", "v=lean:obl:on:subj", relation="partnersWith"))) == 1


def test_relation_that_the_ontology_lacks_is_left_out():
    reading = reading_of(LINES, "Japan", "Australia")

    assert not extracted(reading, model_that_knows("v=lean:subj:obl:on", relation="orbits"))


def test_packaged_model_knows_relations_of_the_ontology():
    model = pairs.load()

    assert model.relations[0] == pairs.NONE
    assert all(ontology.load().property_named(name) for name in model.relations[1:])
    assert len(model.types) > 100


def test_file_that_is_no_model_is_a_clear_error(tmp_path):
    (tmp_path / "weights.npz").write_bytes(b"nothing")

    with pytest.raises(ModelError, match="make pairs"):
        pairs.load(tmp_path / "weights.npz")


@pytest.mark.model
def test_text_is_read_alike_every_time():
    text = "Kazakhstan hosted officials of Japan, a buyer of tungsten, for talks on mining in Astana."
    said = [[(s.id, s.evidence[0].extractor, s.evidence[0].confidence) for s in kg.extract(text)] for _ in range(2)]

    assert said[0] == said[1]


def test_confidence_is_the_probability_unless_calibrated():
    cautious = pairs.Calibration(offset=-1.0)

    assert pairs.AS_IT_STANDS.added(0.7) == pytest.approx(0.7)
    assert pairs.AS_IT_STANDS.told(0.7, 0.1) == pytest.approx(0.7)
    assert cautious.added(0.4) < cautious.added(0.7) < 0.7


def test_statement_of_a_pattern_is_surer_where_the_model_agrees():
    reading = reading_of(LINES, "Japan", "Australia")
    known = [statement("Japan", "dependsOn", entity("Australia"), confidence=0.6)]
    trusting = pairs.Calibration(likely_slope=0.5)
    agrees = replace(model_that_knows("v=lean:subj:obl:on"), calibration=trusting)
    disagrees = replace(model_that_knows("v=lean:subj:obl:on", relation="attacks"), calibration=trusting)

    (surer,) = pairs.weighed(reading, known, agrees)
    (same,) = pairs.weighed(reading, known, disagrees)

    assert surer.evidence[0].confidence > 0.6
    assert same == known[0]


def test_what_classes_alone_speak_for_is_not_said():
    reading = reading_of(LINES, "Japan", "Australia")

    assert not extracted(reading, model_that_knows("t=Country|Country"))
