"""Texts without annotation, for teachers to read: some paragraphs of each of many documents."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from kg import cleaning, readers
from kg.language import paragraphs
from kg.model import Document
from kg.readers.sources import sources
from training.convert import SEED

WORDS_PER_PARAGRAPH = range(8, 201)
"""Paragraphs of other lengths are passed over."""

ANNOTATED = ("dev", "train")
TELLING = 40
"""A sentence of more letters is known again by its words."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """Documents that are left out, since somebody annotated sentences of them for measuring what is made here."""

    ids: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Those of the folder's files; of an id what stands behind the last colon or slash counts."""
        lines = chain.from_iterable((folder / f"{part}.jsonl").open(encoding="utf-8") for part in ANNOTATED)
        records = [json.loads(line) for line in lines]
        return cls.of(records)

    @classmethod
    def of(cls, records: Iterable[dict[str, str]]) -> Self:
        """Those of records with the fields doc and text."""
        found = list(records)
        sentences = {_spaced(record["text"]) for record in found if len(record["text"]) > TELLING}
        return cls(frozenset(_slug(record["doc"]) for record in found), tuple(sorted(sentences)))

    def holds(self, document_id: str) -> bool:
        return _slug(document_id) in self.ids

    def is_quoted(self, text: str) -> bool:
        """Whether the text has one of the sentences."""
        spaced = _spaced(text)
        return any(sentence in spaced for sentence in self.sentences)


def _slug(document_id: str) -> str:
    return document_id.rpartition(":")[2].rpartition("/")[2]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def document_texts(path: str, *, n_words: int, without: Annotated = Annotated()) -> Iterator[str]:
    """Paragraphs of each document, drawn by chance until so many words are reached."""
    rng = random.Random(SEED)
    for source in sources([path]):
        for document in readers.read(source, cleaner=cleaning):
            if isinstance(document, Document) and not without.holds(document.id):
                yield from (text for text in drawn(document.text, rng, n_words) if not without.is_quoted(text))


def drawn(text: str, rng: random.Random, n_words: int) -> Iterator[str]:
    """Paragraphs of a text, drawn by chance until so many words are reached."""
    units = [text[start:end] for start, end in paragraphs(text)]
    units = [unit for unit in units if len(unit.split()) in WORDS_PER_PARAGRAPH]
    rng.shuffle(units)
    for unit in units:
        if n_words <= 0:
            return
        n_words -= len(unit.split())
        yield unit
