"""Gold data in, spaCy's training files out, varied in what a newspaper varies and a treebank does not."""

import gzip
import json
import random
import re
import shutil
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
GOLD_COPIES = 3
"""Gold names stand so often beside the silver ones."""

SILVER = "ner-silver.jsonl.gz"
"""The file that `training.teacher` writes."""

SILVER_PARSES = "parser-silver.spacy"
"""The file that `training.parses` writes."""

GOLD_PARSE_COPIES = 2
"""Gold trees stand so often beside the silver ones."""

_OPENS_QUOTE = re.compile(r"(?:^|(?<=[\s(\[{—–-]))(['\"])(?=\S)")
_CURLY_OPEN = {"'": "‘", '"': "“"}
_CURLY_CLOSE = {"'": "’", '"': "”"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedText:
    """A text with its names as (start, end, label), in code points; `genre` is the part of the data it is from.

    What covers the extents of `unknown` may be a name or not.
    """

    text: str
    names: tuple[tuple[int, int, str], ...]
    genre: str
    unknown: tuple[tuple[int, int], ...] = ()


def convert(data: Path, corpus: Path, *, silver: Path | None = None) -> None:
    """Write parser-train, parser-dev, ner-train and ner-dev .spacy files for the gold files of a folder.

    Args:
        silver: Names that a teacher read, to train on beside the gold ones.
    """
    nlp = set_tokenizer_rules(spacy.blank("en"))
    units_by_part = {
        "parser-train": varied(training_units(data), random.Random(SEED)),
        "parser-dev": read_units(data / "ewt-dev.conllu.gz"),
    }
    named = read_named(data / "ner-train.jsonl.gz")
    if silver is not None:
        named = [*named * GOLD_COPIES, *read_named(silver)]
    texts_by_part = {
        "ner-train": varied_names(named, random.Random(SEED)),
        "ner-dev": read_named(data / "ner-dev.jsonl.gz"),
    }
    corpus.mkdir(parents=True, exist_ok=True)
    for part, part_units in units_by_part.items():
        _write(corpus / f"{part}.spacy", (doc_of(unit, nlp.vocab) for unit in part_units))
    for part, texts in texts_by_part.items():
        _write(corpus / f"{part}.spacy", (named_doc(named, nlp) for named in texts))


def training_units(data: Path) -> list[Unit]:
    """The units of the treebanks that are trained on, those of news several times."""
    units = [*read_units(data / "ewt-train.conllu.gz"), *read_units(data / "gum-train.conllu.gz")]
    return [*units, *[unit for unit in units if unit.genre == "news"] * (NEWS_COPIES - 1)]


def join_parses(corpus: Path, silver: Path) -> None:
    """Write distil-train and distil-dev .spacy files: the trees of the treebanks beside those that a teacher read."""
    vocab = spacy.blank("en").vocab
    gold = DocBin().from_disk(corpus / "parser-train.spacy")
    read = [(gold, GOLD_PARSE_COPIES), (DocBin().from_disk(silver), 1)]
    _write(corpus / "distil-train.spacy", (d for docs, n in read for _ in range(n) for d in docs.get_docs(vocab)))
    shutil.copy(corpus / "parser-dev.spacy", corpus / "distil-dev.spacy")


def read_named(path: Path) -> list[NamedText]:
    """The texts of a gzipped JSON Lines file with the fields text, ents, src and perhaps unknown."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        NamedText(
            text=record["text"],
            names=tuple(map(tuple, record["ents"])),
            genre=record["src"],
            unknown=tuple(map(tuple, record.get("unknown", ()))),
        )
        for record in records
    ]


def write_named(path: Path, texts: Iterable[NamedText]) -> None:
    """Write the texts as `read_named` reads them."""
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for named in texts:
            record = {"text": named.text, "ents": named.names, "src": named.genre, "unknown": named.unknown}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def named_doc(named: NamedText, nlp: Language) -> Doc:
    """The text as the pipeline tokenizes it, with its names; a name that cuts a token in two is left unknown."""
    doc = nlp.make_doc(named.text)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W030\]")  # such a name is what `unknown` is for
        tags = offsets_to_biluo_tags(doc, list(named.names), missing="O")
    doubted = {place for extent in named.unknown for place in _covering(doc, *extent)}
    tags = ["-" if tag == "O" and place in doubted else tag for place, tag in enumerate(tags)]
    unknown = [doc[place : place + 1] for place, tag in enumerate(tags) if tag == "-"]
    doc.set_ents(biluo_tags_to_spans(doc, tags), missing=unknown, default="outside")
    return doc


def _covering(doc: Doc, start: int, end: int) -> range:
    span = doc.char_span(start, end, alignment_mode="expand")
    return range(span.start, span.end) if span is not None else range(0)


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
