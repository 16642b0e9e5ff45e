"""Which statements are right and which annotated triples they find, sentence by sentence, as the scorer matches them."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """One evidence of a statement: the row that the scorer matches, and the record as it was printed."""

    row: Row
    statement: Row
    evidence: Row

    @property
    def confidence(self) -> float:
        return float(self.evidence["confidence"])


@dataclass(frozen=True)
class Sentence:
    """An annotated sentence with what was said of it."""

    gold: Row
    said: Sequence[Said]
    found: Mapping[int, int]
    """From the number of an annotated triple to that of the statement that finds it."""
    repeats: frozenset[int]
    """Statements that say again what another has found: neither right nor wrong."""

    def judged(self) -> Iterator[tuple[Said, bool]]:
        """The statements that count, each with whether it is right."""
        taken = set(self.found.values())
        for number, said in enumerate(self.said):
            if number not in self.repeats:
                yield said, number in taken


def scorer(data: Path) -> ModuleType:
    """The scorer of relations that lies in the folder of annotations."""
    folder = str(data / "eval")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module("score_relations")


def sentences(data: Path, gold: Path, said: Path) -> list[Sentence]:
    """The annotated sentences, and as many as needed without annotation for statements of other sentences."""
    score = scorer(data)
    rows = {(row["doc"], row["sent"]): row for row in read(gold)}
    by_document = defaultdict(list)
    for (doc, sent), row in rows.items():
        by_document[doc].append((sent, score.sentence_key(row["text"])))
    by_sentence = defaultdict(list)
    for one in _said(score, said):
        sent = score.nearest(score.sentence_key(one.row["sentence"]), by_document.get(one.row["doc"], []))
        by_sentence[one.row["doc"], sent].append(one)
    return [_sentence(score, rows.get(key, {"triples": []}), by_sentence.get(key, [])) for key in [*rows, *(by_sentence.keys() - rows.keys())]]


def _said(score: ModuleType, path: Path) -> Iterator[Said]:
    for statement in read(path):
        for evidence in statement["evidence"]:
            (row,) = score.flat([{**statement, "evidence": [evidence]}])
            yield Said(row, statement, evidence)


def _sentence(score: ModuleType, gold: Row, said: Sequence[Said]) -> Sentence:
    triples = gold["triples"]
    rows = [one.row for one in said]
    found = score.best_assignment(triples, rows, lambda g, s: is_match(score, g, s))
    taken = set(found.values())
    repeats = {j for j, row in enumerate(rows) if j not in taken and any(is_match(score, triples[i], row) for i in found)}
    return Sentence(gold, said, found, frozenset(repeats))


def is_match(score: ModuleType, gold: Row, said: Row) -> bool:
    """Whether a statement has the relation and the arguments of an annotated triple."""
    return bool(gold["r"] == said["relation"] and score.pair_matches(gold, said))


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
