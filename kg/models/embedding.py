"""The embedding layer of our English pipeline: hashed features, Brown clusters and word vectors, mixed per token.

A Brown cluster is a path in a binary tree over the vocabulary, grown from which words follow which (Brown et al.,
1992). Words that share the first steps of their path behave alike, so a name that training never showed is still
read by its cluster. The table of clusters travels with the pipeline, in the lookups of its vocabulary.

Word vectors, where asked for, are those of the vocabulary too, kept as 8-bit whole numbers. They do not change in
training: what the layer learns is how to mix them in.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import spacy
from spacy.attrs import NORM, ORTH
from spacy.lookups import Table
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import HashEmbed, Maxout, Model, Ragged, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.layers.chain import forward as forward_chain
from thinc.layers.chain import init as init_chain

from kg.errors import ModelError

CLUSTER_TABLE = "brown"
"""The name of the lookup table, from the hash of a word to its cluster."""

PATH_MASKS = (0b1111, 0b11_1111, 0b11_1111_1111)
"""The first 4, 6 and 10 steps of a path: the lowest bits of a cluster are its first steps."""

VECTOR_STEP = 1 / 32
"""What one step of the whole numbers is worth in which word vectors are kept; they end at four."""

_FIRST_SEED = 8

Features = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@spacy.registry.architectures("kg.BrownHashEmbed.v1")
def brown_hash_embed(
    width: int, attrs: list[str | int], rows: list[int], brown_rows: list[int], vector_width: int = 0
) -> Model[list[Doc], list[Any]]:
    """A layer from documents to one vector of `width` per token.

    Args:
        attrs: Token attributes with a table of their own, such as "NORM" and "SHAPE".
        rows: Rows of the table of each attribute.
        brown_rows: Rows of the tables for the whole path and for its first 4, 6 and 10 steps.
        vector_width: Width of the word vectors of the vocabulary; 0 leaves them out.
    """
    if len(rows) != len(attrs) or len(brown_rows) != 1 + len(PATH_MASKS):
        raise ModelError(
            f"kg.BrownHashEmbed.v1: {len(attrs)} attributes with {len(rows)} rows and {len(brown_rows)} brown_rows; "
            f"give one number of rows per attribute and {1 + len(PATH_MASKS)} brown_rows"
        )
    tables: list[Any] = [
        HashEmbed(width, n_rows, column=column, seed=_FIRST_SEED + column, dropout=0.0)
        for column, n_rows in enumerate([*rows, *brown_rows])
    ]
    hashed: Any = concatenate(*tables)
    mix: Any = Maxout(width, width * len(tables) + vector_width, nP=3, dropout=0.0, normalize=True)
    layers: list[Any] = [token_features(attrs), list2ragged(), with_array(hashed)]
    if vector_width:
        layers = [concatenate(cast(Any, chain(*layers)), word_vectors(vector_width))]
    layers += [with_array(mix), ragged2list()]
    return Model(
        "brown_hash_embed",
        _forward,
        init=init_chain,
        dims={"nO": None},
        layers=layers,
        refs={"hashed": hashed, "mix": mix},
        attrs={"columns": list(attrs), "vector_width": vector_width},
    )


def token_features(attrs: Sequence[str | int]) -> Model[list[Doc], list[Any]]:
    """A layer from documents to one row of whole numbers per token: its attributes, then its cluster and path."""
    return Model("token_features", _forward_features, attrs={"columns": list(attrs)})


def word_vectors(width: int) -> Model[list[Doc], Ragged]:
    """A layer from documents to the vocabulary's vector of each token; zeros for a word without."""
    return Model("word_vectors", _forward_vectors, dims={"nO": width})


def _forward(
    model: Model[list[Doc], list[Any]], docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[[list[Any]], list[Doc]]]:
    if is_train:
        return forward_chain(model, docs, is_train)
    return _predicted(model, docs), lambda gradients: []


def _predicted(model: Model[list[Doc], list[Any]], docs: list[Doc]) -> list[Any]:
    """What the layers make of the documents, reckoned once for all tokens that are alike: most words come again."""
    if not any(len(doc) for doc in docs):
        return [model.ops.alloc2f(0, model.get_dim("nO")) for _ in docs]
    vector_width = model.attrs["vector_width"]
    features = np.concatenate([_features_of(doc, model.attrs["columns"]) for doc in docs])
    rows = np.concatenate([_vector_rows(doc, vector_width) for doc in docs])
    _, first, kinds = np.unique(
        _digests(np.column_stack([features, rows.astype("uint64")])), return_index=True, return_inverse=True
    )
    inputs = model.get_ref("hashed").predict(features[first])
    if vector_width:
        inputs = np.hstack([inputs, _vectors_at(rows[first], docs[0].vocab)])
    outputs = model.get_ref("mix").predict(inputs)[kinds]
    return np.split(outputs, np.cumsum([len(doc) for doc in docs])[:-1])


def _digests(rows: Features) -> Features:
    """One number per row, equal for equal rows."""
    factors = np.random.default_rng(_FIRST_SEED).integers(1 << 63, size=rows.shape[1], dtype="uint64") | np.uint64(1)
    digests: Features = (rows * factors).sum(axis=1, dtype="uint64")
    return digests


def _forward_features(
    model: Model[list[Doc], list[Any]], docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[[list[Any]], list[Doc]]]:
    columns = model.attrs["columns"]
    features = [model.ops.asarray(cast(Any, _features_of(doc, columns))) for doc in docs]
    return features, lambda gradients: []


def _features_of(doc: Doc, columns: list[str | int]) -> Features:
    attributes = doc.to_array(columns).astype("uint64").reshape(len(doc), len(columns))
    clusters = _clusters_of(doc)
    paths = [clusters & np.uint64(mask) for mask in PATH_MASKS]
    return np.column_stack([attributes, clusters, *paths])


def _clusters_of(doc: Doc) -> Features:
    """One cluster per token, 0 for words without; the word as written goes before its normal form."""
    lookups = doc.vocab.lookups
    if not lookups.has_table(CLUSTER_TABLE):
        raise ModelError(
            f"the vocabulary of the pipeline lacks the lookup table {CLUSTER_TABLE!r}; "
            "load the packaged model, or add the table before training"
        )
    table = lookups.get_table(CLUSTER_TABLE)
    forms = doc.to_array([ORTH, NORM]).tolist()
    return np.fromiter((_cluster(table, orth, norm) for orth, norm in forms), dtype="uint64", count=len(doc))


def _cluster(table: Table, orth: int, norm: int) -> int:
    # `Table.get` would hash its keys once more to allow for strings; these are hashes already.
    return dict.get(table, orth, 0) or dict.get(table, norm, 0)


def _forward_vectors(
    model: Model[list[Doc], Ragged], docs: list[Doc], is_train: bool
) -> tuple[Ragged, Callable[[Ragged], list[Doc]]]:
    width = model.get_dim("nO")
    none = np.zeros((0, width), dtype="float32")  # for no documents at all
    vectors = np.concatenate([none, *(_vectors_of(doc, width) for doc in docs)])
    lengths = model.ops.asarray1i([len(doc) for doc in docs])
    return Ragged(model.ops.asarray2f(cast(Any, vectors)), lengths), lambda gradients: []


def _vectors_of(doc: Doc, width: int) -> Floats:
    return _vectors_at(_vector_rows(doc, width), doc.vocab)


def _vector_rows(doc: Doc, width: int) -> Rows:
    """The row of each token in the table of vectors, -1 for words without, and for all where no vectors are asked for."""
    if not width:
        return np.full(len(doc), -1)
    table = _vector_table(doc.vocab, width)
    keys = doc.to_array(table.attr).tolist()
    return np.fromiter((table.key2row.get(key, -1) for key in keys), dtype="int64", count=len(doc))


def _vectors_at(rows: Rows, vocab: Vocab) -> Floats:
    vectors: Floats = cast(Any, vocab.vectors).data[rows] * np.float32(VECTOR_STEP)
    vectors[rows < 0] = 0
    return vectors


def _vector_table(vocab: Vocab, width: int) -> Any:
    table = cast(Any, vocab.vectors)
    if table.shape[1] != width:
        raise ModelError(
            f"the vocabulary of the pipeline has word vectors of width {table.shape[1]}, not {width}; "
            "load the packaged model, or make the vectors before training"
        )
    return table
