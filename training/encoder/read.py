"""What the trained network reads in texts: tags and trees, sentences found by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch
from spacy.tokens import Doc, Token

from training.encoder.batches import (
    PIECES_PER_ITEM,
    TAGS,
    Batch,
    Item,
    Labels,
    batch_of,
    in_batches,
    item_of,
    pieces_of,
)
from training.encoder.network import NEVER, Network
from training.encoder.trees import Floats, best_tree

PIECES_PER_BATCH = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is read of one word; `head` is the place of its head in the text, its own at a root."""

    head: int
    deprel: str
    upos: str
    xpos: str
    feats: str


@dataclass(frozen=True)
class Reader:
    """Reads tokenized texts with a trained network."""

    network: Network
    labels: Labels

    def read(self, docs: Sequence[Doc]) -> list[Doc]:
        """The texts with tags, features and trees; those too long for the network are left out."""
        words = [[token for token in doc if not token.is_space] for doc in docs]
        read = {place: item for place, found in enumerate(words) if found and (item := _item(found)) is not None}
        by_length = sorted(read, key=lambda place: len(read[place].pieces))
        found: dict[int, list[Word]] = {}
        for batch in in_batches((read[place] for place in by_length), PIECES_PER_BATCH):
            places = by_length[len(found) : len(found) + len(batch)]
            found |= zip(places, self._read(batch), strict=True)
        return [_annotated(docs[place], words[place], found[place]) for place in sorted(found)]

    @torch.inference_mode()
    def _read(self, items: Sequence[Item]) -> list[list[Word]]:
        batch = batch_of(items)
        with torch.autocast("cpu", torch.bfloat16):
            layers = self.network.encode(batch)
            words = self.network.words_of(self.network.tree_mix, layers, batch)
            tagging = self.network.tagging(self.network.words_of(self.network.tag_mix, layers, batch))
            sentences = _sentences(self.network.starts(tagging)[..., 0].float(), batch)
            scores = self.network.arc_scores(words, sentences).log_softmax(-1).numpy()
            heads = _heads(scores, sentences.numpy(), [len(item.first) for item in items])
            deprels = self._deprels(words, heads)
            tags = {kind: self.network.tags[kind](tagging).argmax(-1).numpy() for kind in TAGS}
        return [
            [
                Word(
                    head=int(heads[row, place]),
                    deprel=self._name("deprel", deprels[row, place]),
                    **{kind: self._name(kind, tags[kind][row, place]) for kind in TAGS},
                )
                for place in range(len(item.first))
            ]
            for row, item in enumerate(items)
        ]

    def _deprels(self, words: torch.Tensor, heads: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The best labels; a root, and nothing else, is one."""
        scores = self.network.label_scores(words, torch.from_numpy(heads))
        is_root = torch.from_numpy(heads == np.arange(heads.shape[1])[None])
        root = self.labels["deprel"]["root"]
        scores[..., root] = torch.where(is_root, -NEVER, NEVER)
        return scores.argmax(-1).numpy()

    def _name(self, kind: str, number: int) -> str:
        return self._names[kind][number]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The labels of each kind, by their numbers."""
        return {kind: list(numbers) for kind, numbers in self.labels.items()}


def _item(words: Sequence[Token]) -> Item | None:
    if sum(len(pieces_of(word.text)) for word in words) > PIECES_PER_ITEM - 2:
        return None
    spaces = [bool(word.whitespace_) or _is_before_space(word) for word in words]
    return item_of([word.text for word in words], spaces)


def _is_before_space(word: Token) -> bool:
    return word.i + 1 < len(word.doc) and word.nbor().is_space


def _sentences(starts: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The number of each word's sentence, -1 where no word is."""
    is_start = starts > 0
    is_start[:, 0] = True
    return is_start.long().cumsum(1).masked_fill(~batch.is_word, -1)


def _heads(scores: Floats, sentences: npt.NDArray[np.int64], lengths: Sequence[int]) -> npt.NDArray[np.int64]:
    heads = np.zeros(sentences.shape, dtype=np.int64)
    for row, length in enumerate(lengths):
        starts = [0, *(np.flatnonzero(np.diff(sentences[row, :length])) + 1), length]
        for start, end in pairwise(starts):
            heads[row, start:end] = start + best_tree(scores[row, start:end, start:end])
    return heads


def _annotated(doc: Doc, words: Sequence[Token], read: Sequence[Word]) -> Doc:
    """A copy of the text with what was read; spaces hang on the word before and have no tags."""
    by_place = {token.i: word for token, word in zip(words, read, strict=True)}
    at = [by_place.get(place) for place in range(len(doc))]
    heads = [words[word.head].i if word else _neighbour(place, len(doc)) for place, word in enumerate(at)]
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[word.xpos if word else "" for word in at],
        pos=[word.upos if word else "" for word in at],
        morphs=[word.feats if word else "" for word in at],
        heads=heads,
        deps=[word.deprel.replace("root", "ROOT") if word else "dep" for word in at],
    )


def _neighbour(place: int, length: int) -> int:
    return place - 1 if place else min(1, length - 1)
