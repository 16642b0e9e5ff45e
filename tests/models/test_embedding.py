from importlib.metadata import entry_points

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.vectors import Vectors

from kg.errors import ModelError
from kg.models.embedding import (
    CLUSTER_TABLE,
    PATH_MASKS,
    VECTOR_STEP,
    brown_hash_embed,
    token_features,
    word_vectors,
)
from kg.resources import models

WIDTH = 16
VECTOR_WIDTH = 3
N_ATTRIBUTES = 1


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.vocab.lookups.add_table(CLUSTER_TABLE, {"Paris": 0b1101_0110_1011, "Oslo": 0b0001_0110_1011, "senate": 7})
    table = np.array([[32, -64, 0], [127, 1, -127]], dtype="int8")
    keys = [get_string_id("paris"), get_string_id("oslo")]
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=table, keys=keys, attr="NORM")
    return nlp


def layer(vector_width=0):
    return brown_hash_embed(WIDTH, ["NORM", "SHAPE"], [50, 20], [40, 10, 20, 30], vector_width)


@given(
    lengths=st.lists(st.integers(min_value=0, max_value=9), min_size=1, max_size=4),
    vector_width=st.sampled_from([0, VECTOR_WIDTH]),
)
def test_each_token_gets_one_vector_of_the_width(nlp, lengths, vector_width):
    docs = [nlp.make_doc(" ".join(["Paris"] * length)) for length in lengths]
    embed = layer(vector_width).initialize(X=[nlp.make_doc("Paris")])

    assert [vectors.shape for vectors in embed.predict(docs)] == [(length, WIDTH) for length in lengths]


def test_the_same_text_always_gets_the_same_vectors(nlp):
    docs = [nlp.make_doc("The Senate met in Paris.")]
    embed = layer().initialize(X=docs)

    np.testing.assert_array_equal(embed.predict(docs)[0], embed.predict(docs)[0])


@pytest.mark.parametrize("vector_width", [0, VECTOR_WIDTH])
def test_tokens_that_are_alike_get_at_work_what_each_gets_in_training(nlp, vector_width):
    docs = [nlp.make_doc("Paris, Paris and OSLO"), nlp.make_doc(""), nlp.make_doc("Oslo paris.")]
    embed = layer(vector_width).initialize(X=docs)
    one_by_one, _ = embed.begin_update(docs)

    for vectors, expected in zip(embed.predict(docs), one_by_one, strict=True):
        np.testing.assert_allclose(vectors, expected, rtol=1e-5)


def test_a_layer_read_back_from_bytes_gives_the_same_vectors(nlp):
    docs = [nlp.make_doc("The Senate met in Paris.")]
    embed = layer(VECTOR_WIDTH).initialize(X=docs)
    read_back = layer(VECTOR_WIDTH).from_bytes(embed.to_bytes())

    np.testing.assert_array_equal(embed.predict(docs)[0], read_back.predict(docs)[0])


def test_words_of_one_cluster_path_share_its_features_to_where_they_part(nlp):
    features = token_features(["NORM"]).predict([nlp.make_doc("Paris Oslo")])[0]
    paris, oslo = features[:, N_ATTRIBUTES:].tolist()

    assert paris[0] != oslo[0]
    assert [step == other for step, other in zip(paris[1:], oslo[1:], strict=True)] == [True, True, True]


def test_the_paths_are_the_lowest_bits_of_the_cluster(nlp):
    (features,) = token_features(["NORM"]).predict([nlp.make_doc("Paris")])[0].tolist()

    assert features[N_ATTRIBUTES:] == [0b1101_0110_1011, *(0b1101_0110_1011 & mask for mask in PATH_MASKS)]


def test_a_word_without_a_cluster_of_its_own_takes_that_of_its_normal_form(nlp):
    features = token_features(["NORM"]).predict([nlp.make_doc("SENATE senate table")])[0]

    assert features[:, N_ATTRIBUTES].tolist() == [7, 7, 0]


def test_a_word_has_the_vector_of_its_normal_form_and_one_without_has_zeros(nlp):
    vectors = word_vectors(VECTOR_WIDTH).predict([nlp.make_doc("PARIS"), nlp.make_doc("Paris Bergen")])

    assert vectors.lengths.tolist() == [1, 2]
    assert (vectors.dataXd / VECTOR_STEP).tolist() == [[32, -64, 0], [32, -64, 0], [0, 0, 0]]


def test_vectors_of_another_width_are_refused():
    with pytest.raises(ModelError, match="word vectors of width 0, not 3"):
        word_vectors(VECTOR_WIDTH).predict([spacy.blank("en").make_doc("Paris")])


def test_a_vocabulary_without_clusters_is_refused():
    with pytest.raises(ModelError, match="lookup table 'brown'"):
        token_features(["NORM"]).predict([spacy.blank("en").make_doc("Paris")])


@pytest.mark.parametrize(("rows", "brown_rows"), [([50], [40, 10, 20, 30]), ([50, 20], [40])])
def test_a_wrong_number_of_tables_is_refused(rows, brown_rows):
    with pytest.raises(ModelError, match="one number of rows per attribute"):
        brown_hash_embed(WIDTH, ["NORM", "SHAPE"], rows, brown_rows)


def test_the_entry_point_leads_to_the_layer():
    (entry,) = entry_points(group="spacy_architectures", name="kg.BrownHashEmbed.v1")

    assert entry.load() is brown_hash_embed


@pytest.mark.model
def test_the_packaged_pipeline_loads_and_parses():
    nlp = spacy.load(models() / "en_kg_core")
    doc = nlp("Parliament passed the law on Tuesday, after Jens Stoltenberg had left Norway.")

    assert [(token.lemma_, token.pos_, token.dep_) for token in doc if token.text == "passed"] == [
        ("pass", "VERB", "ROOT")
    ]
    assert {("Jens Stoltenberg", "PER"), ("Norway", "LOC")} <= {(name.text, name.label_) for name in doc.ents}
