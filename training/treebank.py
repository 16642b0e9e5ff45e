"""Treebanks in CoNLL-U, read as units of text: what the pipeline is fed in one go, at training as at work."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

SENTENCES_PER_UNIT = 10
UNKNOWN_GENRE = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One syntactic word; `head` counts from 0 within the sentence and is the word's own place at the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool


Sentence = tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Sentences of one paragraph, at most `SENTENCES_PER_UNIT` of them."""

    sentences: tuple[Sentence, ...]
    genre: str = UNKNOWN_GENRE

    @property
    def words(self) -> list[Word]:
        return [word for sentence in self.sentences for word in sentence]

    @property
    def text(self) -> str:
        return "".join(word.form + " " * word.space_after for word in self.words).strip()


def read_units(path: Path) -> list[Unit]:
    """The units of a CoNLL-U file, which may be gzipped, in the order of the file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return list(units_of(lines))


def units_of(lines: Iterable[str]) -> Iterator[Unit]:
    """The units of CoNLL-U lines; a new document or paragraph always starts a new unit."""
    genre = UNKNOWN_GENRE
    sentences: list[Sentence] = []
    for block in _blocks(lines):
        comments = [line for line in block if line.startswith("#")]
        if len(sentences) == SENTENCES_PER_UNIT or (sentences and _starts_paragraph(comments)):
            yield Unit(sentences=tuple(sentences), genre=genre)
            sentences = []
        genre = _genre_of(comments, before=genre)
        sentences.append(_sentence(block[len(comments) :]))
    if sentences:
        yield Unit(sentences=tuple(sentences), genre=genre)


def doc_of(unit: Unit, vocab: Vocab) -> Doc:
    """The unit as a spaCy document on gold words, with every annotation set."""
    words = unit.words
    heads, offset = [], 0
    for sentence in unit.sentences:
        heads += [offset + word.head for word in sentence]
        offset += len(sentence)
    spaces = [word.space_after for word in words]
    spaces[-1] = False
    return Doc(
        vocab,
        words=[word.form for word in words],
        spaces=spaces,
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=[word.feats for word in words],
        lemmas=[word.lemma for word in words],
        heads=heads,
        deps=["ROOT" if word.deprel == "root" else word.deprel for word in words],
    )


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line.rstrip("\n"))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _starts_paragraph(comments: list[str]) -> bool:
    return any(comment.startswith(("# newpar", "# newdoc")) for comment in comments)


def _genre_of(comments: list[str], *, before: str) -> str:
    for comment in comments:
        if comment.startswith("# meta::genre = "):
            return comment.removeprefix("# meta::genre = ").strip()
        if comment.startswith("# newdoc id = ") and "-" in comment and not comment.startswith("# newdoc id = GUM_"):
            # EWT names the genre before the first hyphen of the document: "weblog-blogspot.com_...".
            before = comment.removeprefix("# newdoc id = ").split("-")[0]
    return before


def _sentence(rows: list[str]) -> Sentence:
    columns = [row.split("\t") for row in rows]
    surface = dict(_words_in_tokens(columns))
    plain = [fields for fields in columns if fields[0].isdecimal()]
    return tuple(_word(fields, *surface.get(int(fields[0]), (fields[1], _space_after(fields)))) for fields in plain)


def _words_in_tokens(columns: list[list[str]]) -> Iterator[tuple[int, tuple[str, bool]]]:
    """The place, form and following space of each word inside a multiword token such as "don't".

    Forms are cut from the surface, so that they add up to the text: where "do" and "n't" do not, the surface is
    shared out by length.
    """
    by_place = {fields[0]: fields for fields in columns}
    for fields in columns:
        if "-" not in fields[0]:
            continue
        first, last = map(int, fields[0].split("-"))
        forms = [by_place[str(place)][1] for place in range(first, last + 1)]
        if "".join(forms) != fields[1]:
            forms = _shared_out(fields[1], [len(form) for form in forms])
        for place, form in enumerate(forms, start=first):
            yield place, (form, place == last and _space_after(fields))


def _shared_out(surface: str, lengths: list[int]) -> list[str]:
    """The surface in as many pieces as lengths, none of them empty while letters last."""
    pieces, start = [], 0
    for left, length in zip(range(len(lengths) - 1, -1, -1), lengths, strict=True):
        end = len(surface) if left == 0 else max(start + 1, min(start + length, len(surface) - left))
        pieces.append(surface[start:end])
        start = end
    return pieces


def _space_after(fields: list[str]) -> bool:
    return "SpaceAfter=No" not in fields[9].split("|")


def _word(fields: list[str], form: str, space_after: bool) -> Word:
    place, head = int(fields[0]) - 1, int(fields[6]) - 1
    return Word(
        form=form,
        lemma=fields[2],
        upos=fields[3],
        xpos=fields[4],
        feats="" if fields[5] == "_" else fields[5],
        head=place if head < 0 else head,
        deprel=fields[7],
        space_after=space_after,
    )
