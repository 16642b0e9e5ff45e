"""Names that a teacher reads in texts without gold ones: `python -m training.teacher --data FOLDER --documents FILE`.

The teacher is the recogniser of Stanford CoreNLP (Finkel, Grenager and Manning, 2005), whose training saw far more news
than ours. What it read is data like any other from then on, "silver" beside the gold; nothing of the teacher itself goes
into the pipeline. Its model of three classes is believed. Its model of four has the names that the first passes over, of
which some are names to us and some are not: laws are taken for MISC, and the rest is left unknown, so that training
learns nothing from it either way.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.convert import SILVER, NamedText, write_named
from training.texts import document_texts
from training.treebank import read_units

WORK = Path(__file__).parent / "work"
CLASSIFIER = "edu.stanford.nlp.ie.crf.CRFClassifier"
BELIEVED = "edu/stanford/nlp/models/ner/english.all.3class.distsim.crf.ser.gz"
DOUBTED = "edu/stanford/nlp/models/ner/english.conll.4class.distsim.crf.ser.gz"
LABELS = {"PERSON": "PER", "ORGANIZATION": "ORG", "LOCATION": "LOC", "MISC": "MISC"}

WORDS_PER_DOCUMENT = 230
"""Of each document: rather many documents than long ones."""

_TITLE = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Miss|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Amb|Hon|Rev|St)\b\.?\s+)+(?=\w)", re.IGNORECASE
)
_GENERATION = re.compile(r",?\s+(?:Jr\.?|Sr\.?|I{2,3}|IV)(?!\w)")
_HALF = re.compile(r"(?<![^\s(“\"])[A-Z][a-z]+-$")
_OFFICE_OF = re.compile(r"\b(?:Secretar(?:y|ies)|Ministers?)(?: General)? (?:of|for)(?: the)? $", re.IGNORECASE)
_OFFICE = re.compile(r" (?:Secretary|Minister)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+(?: (?:(?:of|for|and|on|in|to|the|against) )*[A-Z][\w’'-]+)+")
_LAW = re.compile(r"\w.*\s(?:Act|Law|Code|Treaty|Agreement|Convention|Constitution|Protocol|Charter|Accords?)")

Name = tuple[int, int, str]
Reader = Callable[[str], list[Name]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Write the names that Stanford CoreNLP reads in texts without gold ones."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the treebanks")
    parser.add_argument(
        "--documents", required=True, help="news or policy documents, in any form that `kg build` takes"
    )
    parser.add_argument("--jars", type=Path, default=WORK / "jars", help="folder of the jars of CoreNLP")
    parser.add_argument("--silver", type=Path, default=WORK / SILVER, help="the file to write")
    options = parser.parse_args()
    drawn = document_texts(options.documents, n_words=WORDS_PER_DOCUMENT)
    documents = (NamedText(text=text, names=(), genre="documents") for text in drawn)
    texts = [*treebank_texts(options.data / "ewt-train.conllu.gz"), *documents]
    believed, doubted = (reader(options.jars, model) for model in (BELIEVED, DOUBTED))
    read = [taught(text, believed(text.text), doubted(text.text)) for text in texts]
    options.silver.parent.mkdir(parents=True, exist_ok=True)
    write_named(options.silver, read)
    print(f"{options.silver}: {sum(len(text.names) for text in read):,} names in {len(read):,} texts")


def treebank_texts(path: Path) -> Iterator[NamedText]:
    """The units of a treebank, their names not known yet."""
    return (NamedText(text=unit.text, names=(), genre="treebank") for unit in read_units(path))


def reader(jars: Path, model: str) -> Reader:
    """A function from a text to the names that a model of CoreNLP finds in it, in code points."""
    import jpype  # here, since it and Java are needed for nothing else

    if not jpype.isJVMStarted():
        jpype.startJVM("-Xmx3g", classpath=[str(jar) for jar in sorted(jars.glob("*.jar"))])
    classifier = jpype.JClass(CLASSIFIER).getClassifierNoExceptions(model)
    return lambda text: _names(classifier.classifyToCharacterOffsets(text), text)


def _names(found: Iterable[Any], text: str) -> list[Name]:
    place = utf16_places(text)
    triples = ((str(name.first()), int(name.second()), int(name.third())) for name in found)
    return [(place(start), place(end), LABELS[label]) for label, start, end in triples if label in LABELS]


def utf16_places(text: str) -> Callable[[int], int]:
    """From places in a text as Java counts them, in UTF-16, to places in code points."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda place: place
    places = [number for number, letter in enumerate(text) for _ in range(1 + (letter > "\uffff"))]
    return [*places, len(text)].__getitem__


def taught(text: NamedText, believed: Sequence[Name], doubted: Sequence[Name]) -> NamedText:
    """The text with the names believed, and the places left unknown where there may be others."""
    words = text.text
    found = [_without_title(name, words) for name in _rejoined(believed, words)]
    offices = [name for name in found if _is_of_office(name, words)]
    names = [name for name in found if name not in offices and not _is_of_pair(name, found, words)]
    others = [name for name in doubted if not any(_overlap(name, known) for known in found)]
    laws = [(start, end, "MISC") for start, end, _ in others if _LAW.fullmatch(words[start:end])]
    names = sorted([*names, *laws])
    capitals = [run.span() for run in _CAPITALS.finditer(words)]
    doubts = [name[:2] for name in [*found, *others]] + capitals
    unknown = [extent for extent in doubts if not any(_overlap(extent, name) for name in [*names, *offices])]
    return replace(text, names=tuple(names), unknown=tuple(unknown))


def _rejoined(names: Sequence[Name], text: str) -> Iterator[Name]:
    """The names, "Jr." and the like taken to the person before, "Indo-" to the place behind; none overlap."""
    reached = 0
    for start, end, label in names:
        if text[start:end].endswith("-") or start < reached:
            continue  # the first half of a word, or what the name before has taken
        if (half := _HALF.search(text, max(reached, start - 20), start)) is not None:
            start = half.start()
        if label == "PER" and (generation := _GENERATION.match(text, end)):
            end = generation.end()
        yield start, end, label
        reached = end


def _without_title(name: Name, text: str) -> Name:
    """The name as the gold data would mark it: people without their titles."""
    start, end, label = name
    title = _TITLE.match(text, start, end) if label == "PER" else None
    return (title.end() if title else start), end, label


def _is_of_office(name: Name, text: str) -> bool:
    """Whether the name belongs to an office, which is none: "Secretary of State", "Treasury Secretary"."""
    start, end, label = name
    return label == "ORG" and bool(_OFFICE_OF.search(text, max(0, start - 40), start) or _OFFICE.match(text, end))


def _is_of_pair(name: Name, names: Sequence[Name], text: str) -> bool:
    """Whether the name is the rest of a longer one that starts with another: "U.S.-Japan Alliance"."""
    start, end, _ = name
    return text[start - 1 : start] == "-" and " " in text[start:end] and any(other[1] == start - 1 for other in names)


def _overlap(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


if __name__ == "__main__":
    main()
