from collections import Counter

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, DocBin

from kg.models.embedding import VECTOR_STEP
from training.vectors import N_FREQUENT, Encoder, predicted_uses, principal, quantized, uses_of, vocabulary

N_WORDS = 400


@pytest.fixture
def treebank(tmp_path):
    doc = Doc(
        spacy.blank("en").vocab,
        words=["Rivals", "met", "in", "2024"],
        tags=["NNS", "VBD", "IN", "CD"],
        pos=["NOUN", "VERB", "ADP", "NUM"],
        heads=[1, 1, 3, 1],
        deps=["nsubj", "ROOT", "case", "obl"],
    )
    DocBin(docs=[doc]).to_disk(tmp_path / "treebank.spacy")
    return tmp_path / "treebank.spacy"


def test_the_uses_of_a_word_are_its_tags_relations_and_what_it_hangs_on(treebank):
    assert uses_of(treebank)["rivals"] == Counter(["", "NNS", "nsubj", "nsubj of VERB"])


def test_the_vocabulary_starts_with_the_words_of_the_treebank_that_have_no_digits(treebank):
    pytest.importorskip("spacy_lookups_data")
    words = vocabulary(uses_of(treebank), [treebank])

    assert words[:3] == ["rivals", "met", "in"]
    assert "2024" not in words
    assert len(set(words)) == len(words) >= N_FREQUENT


def test_what_the_vectors_say_of_the_use_of_a_word_is_found_for_words_whose_use_is_unknown():
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(N_WORDS, 5)).astype("float32")
    is_noun = vectors[:, 3] > 0
    words = [str(place) for place in range(N_WORDS)]
    uses = {word: Counter({"": 9, "NN" if noun else "VB": 9}) for word, noun in zip(words[:200], is_noun, strict=False)}
    predicted = predicted_uses(vectors, words, uses)

    (component,) = principal(predicted - predicted.mean(axis=0), 1).T
    assert abs(np.corrcoef(component[200:], vectors[200:, 3])[0, 1]) > 0.95


def test_quantized_vectors_keep_their_values_to_half_a_step():
    vectors = np.array([[0.5, -1.234, 9.0]])

    np.testing.assert_allclose(
        quantized(vectors) * VECTOR_STEP, [[0.5, -1.234, 127 * VECTOR_STEP]], atol=VECTOR_STEP / 2
    )


def test_the_encoder_reads_each_row_for_itself():
    rng = np.random.default_rng(1)
    weights = random_weights(rng, width=24, inner=48, n_pieces=9)
    encoder = Encoder(weights)
    rows = np.array([[1, 5, 2], [1, 7, 2]])

    both = encoder(rows)
    assert both.shape == (2, 3, encoder.width)
    np.testing.assert_allclose(both[1], encoder(rows[1:])[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(both[..., :24].std(axis=-1), 1, atol=1e-3)


def random_weights(rng, *, width, inner, n_pieces):
    shapes = {f"embeddings.{part}_embeddings.weight": (n_pieces, width) for part in ("word", "position", "token_type")}
    norms = ["embeddings.LayerNorm"]
    for name in ("encoder.layer.0", "encoder.layer.1"):
        sizes = {f"attention.self.{part}": (width, width) for part in ("query", "key", "value")}
        sizes |= {"attention.output.dense": (width, width)}
        sizes |= {"intermediate.dense": (inner, width), "output.dense": (width, inner)}
        for part, shape in sizes.items():
            shapes |= {f"{name}.{part}.weight": shape, f"{name}.{part}.bias": shape[:1]}
        norms += [f"{name}.attention.output.LayerNorm", f"{name}.output.LayerNorm"]
    weights = {name: rng.normal(scale=0.3, size=shape) for name, shape in shapes.items()}
    for norm in norms:
        weights |= {f"{norm}.weight": np.ones(width), f"{norm}.bias": np.zeros(width)}
    return weights
