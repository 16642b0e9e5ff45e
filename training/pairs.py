"""Trains the model of pairs of mentions: `python -m training.pairs --data FOLDER`.

FOLDER/gold/train.jsonl holds annotated sentences, one object a line: {"doc", "title", "text", "fold", "triples": [{"s",
"s_alt", "s_span", "r", "o", "o_alt", "o_span", "optional"}]}; spans count characters of the text. Prints how well the
model does on each fold that it was not trained on, then trains on all and writes `kg/models/pairs/weights.npz`.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc

from kg import ids, language, ontology
from kg.extractors import Reading, pairs
from kg.extractors.candidates import Candidate, candidates
from kg.model import Document, Mention, Statement
from kg.pipeline import Pipeline, Settings

TARGET = Path(__file__).parent.parent / "kg" / "models" / "pairs" / "weights.npz"
Row = Mapping[str, Any]

C = 0.3
_OPTIONAL_WEIGHT = 0.5
_LEAST_SHARE = 0.01
"""Pairs of classes of which fewer are related are not looked at."""
_LEAST_COUNT = 2
_LEAST_WEIGHT = 0.02
_STEPS = 127


@dataclass(frozen=True)
class Example:
    """A pair with its features, and what the annotators say of it."""

    fold: int
    features: tuple[str, ...]
    types: tuple[str, str]
    relation: str
    weight: float
    annotated: frozenset[str]
    """All relations that the annotators state between the two."""
    told: Mapping[str, float]
    """The relations that patterns state, with their confidence."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--folds", type=int, default=1, help="folds to measure on; each takes a minute")
    options = arguments.parse_args()
    with (options.data / "gold" / "train.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    examples = list(examples_of(rows))
    types = related_types(examples)
    chosen = [e for e in examples if e.types in types]
    print(f"{len(rows)} sentences, {len(examples)} pairs, {len(chosen)} of them looked at")
    for fold in range(options.folds):
        measure(chosen, fold)
    save(*fit(chosen), chosen, types)


def examples_of(rows: Sequence[Row]) -> Iterator[Example]:
    """The pairs of mentions of all sentences."""
    pipeline = Pipeline.load(Settings(extractors=("patterns",)))
    for reading, listed in readings(pipeline, rows):
        yield from _of_document(pipeline, reading, listed)


def readings(pipeline: Pipeline, rows: Sequence[Row]) -> Iterator[tuple[Reading, list[Row]]]:
    """Each document of annotated sentences, a paragraph each, as it is read, with its sentences."""
    by_document: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_document[row["doc"]].append(row)
    texts = {id: "\n\n".join(row["text"] for row in listed) for id, listed in by_document.items()}
    documents = [Document(id=id, text=text, title=by_document[id][0].get("title")) for id, text in texts.items()]
    for document, doc in language.analyse(pipeline.nlp, documents, known=pipeline.gazetteer.words):
        yield pipeline.reading(document, doc), by_document[document.id]


def _of_document(pipeline: Pipeline, reading: Reading, rows: Sequence[Row]) -> Iterator[Example]:
    found = list(pipeline.patterns.extract(reading))
    start = 0
    for row in rows:
        end = start + len(row["text"])
        known = [s for s in found if start <= s.evidence[0].sentence.start < end]
        golds = [Gold(triple, reading.doc, start) for triple in row["triples"]]
        for sentence in reading.doc.sents:
            if start <= sentence.start_char < end:
                for candidate in candidates(reading, sentence, reading.mentions_in(sentence)):
                    yield _example(row["fold"], candidate, known, golds, reading.doc)
        start = end + 2


class Gold:
    """An annotated triple, in the text of the document."""

    def __init__(self, triple: Row, doc: Doc, start: int) -> None:
        self.relation: str = triple["r"]
        self.is_optional: bool = triple["optional"]
        self._sides = [(_names(triple, side), _head(doc, triple.get(f"{side}_span"), start)) for side in ("s", "o")]

    def holds(self, subject: Mention, object: Mention, doc: Doc) -> bool:
        return all(_is_meant(m, names, head, doc) for m, (names, head) in zip((subject, object), self._sides, strict=True))


@cache
def symmetric() -> frozenset[str]:
    return frozenset(p.name for p in ontology.load().properties.values() if p.symmetric)


def _names(triple: Row, side: str) -> set[str]:
    return {_folded(name) for name in [triple[side], *triple[f"{side}_alt"]] if name}


def _folded(name: str) -> str:
    words = name.casefold().replace(".", "").split()
    return " ".join(words[1:] if words[:1] and words[0] in {"the", "a", "an"} else words)


def _head(doc: Doc, span: Sequence[int] | None, start: int) -> int | None:
    """The token that a span is about."""
    found = doc.char_span(start + span[0], start + span[1], alignment_mode="expand") if span else None
    return found.root.i if found is not None else None


def _is_meant(mention: Mention, names: set[str], head: int | None, doc: Doc) -> bool:
    span = doc.char_span(mention.span.start, mention.span.end)
    if span is not None and head is not None and span.root.i == head:
        return True
    assert mention.entity is not None
    return any(_folded(name) in names for name in (mention.text, mention.entity.label, *mention.entity.aliases))


def _example(fold: int, candidate: Candidate, known: Sequence[Statement], golds: Sequence[Gold], doc: Doc) -> Example:
    meant = [gold for gold in sorted(golds, key=lambda g: g.is_optional) if _is_of(gold, candidate, doc)]
    relation = meant[0].relation if meant else pairs.NONE
    types = tuple(ids.predicate_name(m.entity.type) if m.entity else "" for m in (candidate.subject, candidate.object))
    return Example(
        fold, tuple(pairs.features_with(candidate, known)), (types[0], types[1]), relation,
        _OPTIONAL_WEIGHT if meant and meant[0].is_optional else 1.0,
        frozenset(gold.relation for gold in meant), pairs.told_of(candidate, known),
    )  # fmt: skip


def _is_of(gold: Gold, candidate: Candidate, doc: Doc) -> bool:
    ways = [(candidate.subject, candidate.object)]
    if gold.relation in symmetric():
        ways.append((candidate.object, candidate.subject))
    return any(gold.holds(one, other, doc) for one, other in ways)


def related_types(examples: Sequence[Example]) -> frozenset[tuple[str, str]]:
    """The pairs of classes of which a share worth looking at is related."""
    seen, related = Counter(e.types for e in examples), Counter(e.types for e in examples if e.relation != pairs.NONE)
    return frozenset(types for types, n in seen.items() if related[types] >= _LEAST_SHARE * n and related[types])


def matrix(examples: Sequence[Example]) -> csr_matrix:
    rows = [sorted({pairs.bucket(f) for f in e.features}) for e in examples]
    indices = np.fromiter((i for row in rows for i in row), dtype=np.int32)
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(rows), pairs.N_BUCKETS))


def fit(examples: Sequence[Example]) -> tuple[list[str], Any, Any]:
    """Relations, weights (relations x buckets) and bias."""
    model = LogisticRegression(C=C, max_iter=60, tol=1e-3)
    model.fit(matrix(examples), [e.relation for e in examples], sample_weight=[e.weight for e in examples])
    order = sorted(range(len(model.classes_)), key=lambda n: (model.classes_[n] != pairs.NONE, model.classes_[n]))
    return [str(model.classes_[n]) for n in order], model.coef_[order], model.intercept_[order]


def measure(examples: Sequence[Example], fold: int) -> None:
    """Print precision and recall of the pairs of a fold, those that patterns find apart."""
    relations, weights, bias = fit([e for e in examples if e.fold != fold])
    held = [e for e in examples if e.fold == fold]
    logits = matrix(held) @ weights.T + bias
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    likely = raised / raised.sum(axis=1, keepdims=True)
    likely[:, 0] = 0
    best = likely.argmax(axis=1)
    for threshold in (0.2, 0.3, 0.4, 0.5):
        new = [(relations[b], e.relation) for e, b, row in zip(held, best, likely, strict=True)
               if row[b] >= threshold and "nopat" in e.features]  # fmt: skip
        right = sum(said == wanted for said, wanted in new)
        print(f"fold {fold}, from {threshold}: {len(new)} pairs beyond the patterns, {right / max(1, len(new)):.3f} right")


def save(relations: list[str], weights: Any, bias: Any, examples: Sequence[Example],
         types: frozenset[tuple[str, str]]) -> None:  # fmt: skip
    """Write the weights, each as a whole number of 1/127 of the largest of its relation; rows of small ones are left out."""
    counts = Counter(b for e in examples for b in {pairs.bucket(f) for f in e.features})
    kept = [b for b in sorted(counts) if counts[b] >= _LEAST_COUNT and np.abs(weights[:, b]).max() >= _LEAST_WEIGHT]
    scale = np.abs(weights).max(axis=1) / _STEPS
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        TARGET, relations=np.array(relations), buckets=np.array(kept, dtype=np.int32), bias=bias.astype(np.float32),
        weights=np.rint(weights[:, kept].T / scale).astype(np.int8), scale=scale.astype(np.float32),
        types=np.array(sorted(types)),
    )  # fmt: skip
    print(f"{TARGET}: {len(kept)} features, {TARGET.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
