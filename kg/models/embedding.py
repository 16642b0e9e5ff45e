"""The embedding layer of our English pipeline: hashed word features and Brown clusters, summed up per token.

A Brown cluster is a path in a binary tree over the vocabulary, grown from which words follow which (Brown et al.,
1992). Words that share the first steps of their path behave alike, so a name that training never showed is still
read by its cluster. The table of clusters travels with the pipeline, in the lookups of its vocabulary.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import spacy
from spacy.attrs import NORM, ORTH
from spacy.lookups import Table
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

from kg.errors import ModelError

CLUSTER_TABLE = "brown"
"""The name of the lookup table, from the hash of a word to its cluster."""

PATH_MASKS = (0b1111, 0b11_1111, 0b11_1111_1111)
"""The first 4, 6 and 10 steps of a path: the lowest bits of a cluster are its first steps."""

_FIRST_SEED = 8

Features = npt.NDArray[np.uint64]


@spacy.registry.architectures("kg.BrownHashEmbed.v1")
def brown_hash_embed(
    width: int, attrs: list[str | int], rows: list[int], brown_rows: list[int]
) -> Model[list[Doc], list[Any]]:
    """A layer from documents to one vector of `width` per token.

    Args:
        attrs: Token attributes with a table of their own, such as "NORM" and "SHAPE".
        rows: Rows of the table of each attribute.
        brown_rows: Rows of the tables for the whole path and for its first 4, 6 and 10 steps.
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
    mix: Any = Maxout(width, width * len(tables), nP=3, dropout=0.0, normalize=True)
    embed: Any = with_array(cast(Any, concatenate(*tables)))
    return chain(token_features(attrs), cast(Any, list2ragged()), embed, with_array(mix), cast(Any, ragged2list()))


def token_features(attrs: Sequence[str | int]) -> Model[list[Doc], list[Any]]:
    """A layer from documents to one row of whole numbers per token: its attributes, then its cluster and path."""
    return Model("token_features", _forward, attrs={"columns": list(attrs)})


def _forward(
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
