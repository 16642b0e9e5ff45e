"""Gold data in, spaCy's training files out, with copies that look like the news we read."""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import biluo_tags_to_spans, offsets_to_biluo_tags

from training.treebank import Unit, Word, doc_of, read_units
from training.vocabulary import set_tokenizer_rules

SEED = 7
CURLY_SHARE = 0.25
LOWER_SHARE = 0.03
HEADLINE_SHARE = 0.05
HEADLINE_WORDS = range(4, 16)
NEWS_COPIES = 2

_OPENS_QUOTE = re.compile(r"(?:^|(?<=[\s(\[{—–-]))(['\"])(?=\S)")
_CURLY_OPEN = {"'": "‘", '"': "“"}
_CURLY_CLOSE = {"'": "’", '"': "”"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedText:
    """A text with its names as (start, end, label), in code points; `genre` is the part of the data it is from."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    genre: str


def convert(data: Path, corpus: Path) -> None:
    """Write parser-train, parser-dev, ner-train and ner-dev .spacy files for the gold files of a folder."""
    corpus.mkdir(parents=True, exist_ok=True)
    nlp = set_tokenizer_rules(spacy.blank("en"))
    rng = random.Random(SEED)
    ewt, gum = read_units(data / "ewt-train.conllu.gz"), read_units(data / "gum-train.conllu.gz")
    news = [unit for unit in gum if unit.genre == "news"] * (NEWS_COPIES - 1)
    _write(corpus / "parser-train.spacy", (doc_of(unit, nlp.vocab) for unit in varied([*ewt, *gum, *news], nlp, rng)))
    _write(corpus / "parser-dev.spacy", (doc_of(unit, nlp.vocab) for unit in read_units(data / "ewt-dev.conllu.gz")))
    named = read_named(data / "ner-train.jsonl.gz")
    _write(corpus / "ner-train.spacy", (named_doc(text, nlp) for text in varied_names(named, nlp, rng)))
    _write(corpus / "ner-dev.spacy", (named_doc(text, nlp) for text in read_named(data / "ner-dev.jsonl.gz")))


def read_named(path: Path) -> list[NamedText]:
    """The texts of a gzipped JSON Lines file with the fields text, ents and src."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        NamedText(text=record["text"], names=tuple(map(tuple, record["ents"])), genre=record["src"])
        for record in records
    ]


def named_doc(named: NamedText, nlp: Language) -> Doc:
    """The text as the pipeline tokenizes it, with its names; a name that cuts a token in two is left unknown."""
    doc = nlp.make_doc(named.text)
    tags = offsets_to_biluo_tags(doc, list(named.names), missing="O")
    unknown = [doc[place : place + 1] for place, tag in enumerate(tags) if tag == "-"]
    doc.set_ents(biluo_tags_to_spans(doc, tags), missing=unknown, default="outside")
    return doc


def varied(units: Iterable[Unit], nlp: Language, rng: random.Random) -> Iterator[Unit]:
    """The units, some with curly quotes, followed here and there by a lower-cased copy or a headline made of them."""
    for unit in units:
        typeset = _is_quoting(unit.text) and rng.random() < CURLY_SHARE
        yield _mapped(unit, curly(unit.text)) if typeset else unit
        if rng.random() < LOWER_SHARE:
            yield _mapped(unit, lowered(unit.text))
        for sentence in unit.sentences:
            if len(sentence) in HEADLINE_WORDS and sentence[-1].form == "." and rng.random() < HEADLINE_SHARE:
                alone = Unit(sentences=(sentence,), genre=unit.genre)
                titled = _mapped(alone, title_cased(alone.text, nlp))
                yield replace(titled, sentences=(titled.sentences[0][:-1],))


def varied_names(texts: Iterable[NamedText], nlp: Language, rng: random.Random) -> Iterator[NamedText]:
    """The texts with the same variations as the units of the parser."""
    for named in texts:
        typeset = _is_quoting(named.text) and rng.random() < CURLY_SHARE
        yield replace(named, text=curly(named.text)) if typeset else named
        if rng.random() < LOWER_SHARE:
            yield replace(named, text=lowered(named.text))
        if len(named.text.split()) in HEADLINE_WORDS and named.text.endswith(".") and rng.random() < HEADLINE_SHARE:
            yield _without_full_stop(replace(named, text=title_cased(named.text, nlp)))


def curly(text: str) -> str:
    """The text with typographic quotes, of the same length."""
    opened = _OPENS_QUOTE.sub(lambda match: _CURLY_OPEN[match[1]], text)
    return "".join(_CURLY_CLOSE.get(letter, letter) for letter in opened)


def lowered(text: str) -> str:
    """The text in lower case, of the same length."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def title_cased(text: str, nlp: Language) -> str:
    """The text with the capitals of a headline, of the same length: short words that say little stay small."""

    def capitalised(match: re.Match[str]) -> str:
        word = match[0]
        stays_small = match.start() > 0 and len(word) <= 3 and nlp.vocab[word].is_stop
        return word if stays_small or len(word[0].upper()) != 1 else word[0].upper() + word[1:]

    return _WORD.sub(capitalised, text)


def _is_quoting(text: str) -> bool:
    return "'" in text or '"' in text


def _without_full_stop(named: NamedText) -> NamedText:
    names = tuple((start, min(end, len(named.text) - 1), label) for start, end, label in named.names)
    return replace(named, text=named.text[:-1], names=names)


def _mapped(unit: Unit, text: str) -> Unit:
    """The unit with its words cut from another text of the same length."""
    place = 0
    sentences = []
    for sentence in unit.sentences:
        words: list[Word] = []
        for word in sentence:
            words.append(replace(word, form=text[place : place + len(word.form)]))
            place += len(word.form) + word.space_after
        sentences.append(tuple(words))
    return replace(unit, sentences=tuple(sentences))


def _write(path: Path, docs: Iterable[Doc]) -> None:
    DocBin(docs=docs, store_user_data=False).to_disk(path)
