"""Measure a pipeline on the parts of the data that training never saw: `python -m training.evaluate --data FOLDER`."""

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg import language
from kg.resources import models
from training.convert import read_named
from training.scores import COLUMNS, Score, WordScores, name_scores, names_in, word_scores
from training.treebank import Unit, read_units

PACKAGE = models() / "en_kg_core"
TREEBANKS = {"EWT test": "ewt-test.conllu.gz", "GUM dev": "gum-dev.conllu.gz"}
NAMES_FILE = "ner-uner-test.jsonl.gz"
NAME_LABELS = ("PER", "ORG", "LOC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of a pipeline.

    Attributes:
        words: Scores by treebank, then by genre; the genre "all" comes first.
        names: Scores by label, for "all" labels, and for the "extent" alone.
        words_per_second: Words read by the whole pipeline in a second of one core's time.
        n_bytes: Size of the package on disk.
    """

    words: dict[str, dict[str, WordScores]]
    names: dict[str, Score]
    words_per_second: float
    n_bytes: int


def measure(package: Path, data: Path) -> Measures:
    """The measures of a packaged pipeline on the untouched files of the data folder."""
    nlp = language.load(str(package))
    treebanks = {name: read_units(data / file) for name, file in TREEBANKS.items()}
    started = time.process_time()
    analyses = {name: list(nlp.pipe(unit.text for unit in units)) for name, units in treebanks.items()}
    seconds = time.process_time() - started
    n_tokens = sum(len(doc) for docs in analyses.values() for doc in docs)
    return Measures(
        words={name: scores_by_genre(units, analyses[name]) for name, units in treebanks.items()},
        names=measure_names(nlp, data / NAMES_FILE),
        words_per_second=n_tokens / seconds,
        n_bytes=sum(file.stat().st_size for file in package.rglob("*") if file.is_file()),
    )


def scores_by_genre(units: list[Unit], docs: list[Doc]) -> dict[str, WordScores]:
    """The scores of all units, under "all", then of the units of each genre, in alphabetical order."""
    pairs = list(zip(units, docs, strict=True))
    genres = sorted({unit.genre for unit in units})
    by_genre = {genre: word_scores(pair for pair in pairs if pair[0].genre == genre) for genre in genres}
    return {"all": word_scores(pairs), **by_genre}


def measure_names(nlp: Language, path: Path) -> dict[str, Score]:
    """The scores of the names in a JSON Lines file, by label."""
    texts = read_named(path)
    docs = nlp.pipe(named.text for named in texts)
    return name_scores(((named.names, names_in(doc)) for named, doc in zip(texts, docs, strict=True)), NAME_LABELS)


def tables(measures: Measures) -> str:
    """The measures as Markdown tables."""
    rows = [
        [part if genre == "all" else f"{part}, {genre}", f"{scores.n_words:,}", *(f"{scores[c]:.3f}" for c in COLUMNS)]
        for part, by_genre in measures.words.items()
        for genre, scores in by_genre.items()
    ]
    names = [
        [label, f"{score.gold:,}", f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f:.3f}"]
        for label, score in measures.names.items()
    ]
    return "\n".join(
        [
            *_table(["part", "words", *COLUMNS], rows),
            "",
            *_table(["names, UNER-EWT test", "names", "precision", "recall", "F"], names),
            "",
            f"Speed: {measures.words_per_second:,.0f} words a second on one core, the whole pipeline.  ",
            f"Size: {measures.n_bytes / 1e6:.1f} MB on disk.",
        ]
    )


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|---:" * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a pipeline on the untouched parts of the data.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the treebanks and names")
    parser.add_argument("--model", type=Path, default=PACKAGE, help="folder of the packaged pipeline")
    options = parser.parse_args()
    print(tables(measure(options.model, options.data)))


if __name__ == "__main__":
    main()
