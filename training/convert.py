"""Gold data in, spaCy's training files out, varied in what a newspaper varies and a treebank does not."""

import gzip
import json
import random
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import biluo_tags_to_spans, offsets_to_biluo_tags

from training.treebank import Sentence, Unit, Word, doc_of, read_units
from training.vocabulary import set_tokenizer_rules

SEED = 7
CURLY_SHARE = 0.25
LOWER_SHARE = 0.03
TERSE_SHARE = 0.05
NEWS_COPIES = 2

_OPENS_QUOTE = re.compile(r"(?:^|(?<=[\s(\[{—–-]))(['\"])(?=\S)")
_CURLY_OPEN = {"'": "‘", '"': "“"}
_CURLY_CLOSE = {"'": "’", '"': "”"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedText:
    """A text with its names as (start, end, label), in code points; `genre` is the part of the data it is from."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    genre: str


def convert(data: Path, corpus: Path) -> None:
    """Write parser-train, parser-dev, ner-train and ner-dev .spacy files for the gold files of a folder."""
    nlp = set_tokenizer_rules(spacy.blank("en"))
    units = [*read_units(data / "ewt-train.conllu.gz"), *read_units(data / "gum-train.conllu.gz")]
    news = [unit for unit in units if unit.genre == "news"] * (NEWS_COPIES - 1)
    units_by_part = {
        "parser-train": varied([*units, *news], random.Random(SEED)),
        "parser-dev": read_units(data / "ewt-dev.conllu.gz"),
    }
    texts_by_part = {
        "ner-train": varied_names(read_named(data / "ner-train.jsonl.gz"), random.Random(SEED)),
        "ner-dev": read_named(data / "ner-dev.jsonl.gz"),
    }
    corpus.mkdir(parents=True, exist_ok=True)
    for part, part_units in units_by_part.items():
        _write(corpus / f"{part}.spacy", (doc_of(unit, nlp.vocab) for unit in part_units))
    for part, texts in texts_by_part.items():
        _write(corpus / f"{part}.spacy", (named_doc(named, nlp) for named in texts))


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
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W030\]")  # such a name is what `unknown` is for
        tags = offsets_to_biluo_tags(doc, list(named.names), missing="O")
    unknown = [doc[place : place + 1] for place, tag in enumerate(tags) if tag == "-"]
    doc.set_ents(biluo_tags_to_spans(doc, tags), missing=unknown, default="outside")
    return doc


def varied(units: Iterable[Unit], rng: random.Random) -> Iterator[Unit]:
    """The units in the `variations` of their texts, and now and then a `terse` copy."""
    for unit in units:
        yield from (reworded(unit, text) for text in variations(unit.text, rng))
        if rng.random() < TERSE_SHARE:
            yield terse(unit)


def varied_names(texts: Iterable[NamedText], rng: random.Random) -> Iterator[NamedText]:
    """The texts with names, in their `variations`."""
    return (replace(named, text=text) for named in texts for text in variations(named.text, rng))


def variations(text: str, rng: random.Random) -> Iterator[str]:
    """The text, now and then with curly quotes, and now and then a lower-cased copy; all of one length.

    There are no headlines in title case: those taught the parser to read past the start of a sentence.
    """
    is_typeset = ("'" in text or '"' in text) and rng.random() < CURLY_SHARE
    yield curly(text) if is_typeset else text
    if rng.random() < LOWER_SHARE:
        yield lowered(text)


def reworded(unit: Unit, text: str) -> Unit:
    """The unit with the forms of its words cut from another text of the same length."""
    place = 0
    sentences = []
    for sentence in unit.sentences:
        words: list[Word] = []
        for word in sentence:
            words.append(replace(word, form=text[place : place + len(word.form)]))
            place += len(word.form) + word.space_after
        sentences.append(tuple(words))
    return replace(unit, sentences=tuple(sentences))


def terse(unit: Unit) -> Unit:
    """The unit without its articles, as headlines and minutes are written: "Government supplies army with fuel"."""
    return replace(unit, sentences=tuple(map(_without_articles, unit.sentences)))


def _without_articles(sentence: Sentence) -> Sentence:
    heads = {word.head for word in sentence}
    kept = [place for place, word in enumerate(sentence) if not _is_article(word) or place in heads]
    new_place = {place: number for number, place in enumerate(kept)}
    words = [replace(sentence[place], head=new_place[sentence[place].head]) for place in kept]
    if kept and kept[0] > 0 and sentence[0].form[:1].isupper():
        words[0] = replace(words[0], form=words[0].form[:1].upper() + words[0].form[1:])
    return tuple(words)


def _is_article(word: Word) -> bool:
    return word.deprel == "det" and word.space_after and word.lemma in ("the", "a")


def curly(text: str) -> str:
    """The text with typographic quotes, of the same length."""
    opened = _OPENS_QUOTE.sub(lambda match: _CURLY_OPEN[match[1]], text)
    return "".join(_CURLY_CLOSE.get(letter, letter) for letter in opened)


def lowered(text: str) -> str:
    """The text in lower case, of the same length."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _write(path: Path, docs: Iterable[Doc]) -> None:
    DocBin(docs=docs, store_user_data=False).to_disk(path)
