"""Counts how often what is extracted is right: `python -m training.calibrate --data FOLDER`.

FOLDER/gold/train.jsonl holds annotated sentences, as for `training/pairs.py`. Writes `ontology/calibration.yaml`, from pattern
to how often it fired and how often it was as annotated, and `kg/models/pairs/calibration.json`, from the probabilities of
the model of pairs to how often what it adds, and what patterns state, is right (Platt, 1999; on folds that the model was
not trained on).

How much the confidence written beside a pattern weighs against its counts is what predicts left-out folds best. The
annotators of these sentences wrote down less than a sentence says: how much less is the offset between the written
confidences and what they annotated, and is put back in the end. Both are fitted on these sentences alone.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from spacy.tokens import Doc

from kg import ids, lexicon
from kg.extractors import Reading, implied
from kg.extractors.pairs import NONE, Calibration, odds
from kg.extractors.patterns import PatternExtractor
from kg.lexicon import shifted
from kg.model import Entity, Mention, MentionKind, Span, Statement
from kg.pipeline import Pipeline, Settings
from training.pairs import Example, Gold, Row, examples_of, fit, matrix, readings, related_types, symmetric

ROOT = Path(__file__).parent.parent
PATTERNS = ROOT / "ontology" / "calibration.yaml"
PAIRS = ROOT / "kg" / "models" / "pairs" / "calibration.json"
STRENGTHS = (4, 8, 16, 32, 64, 128, 256)
_FLOOR = 0.2
"""Pairs that the model holds for less likely are not looked at; statements are made from a higher threshold on."""
_HEAD = """# How often each pattern fired on annotated sentences, and how often it was as annotated: made by `make calibrate`.
# kg/lexicon.py (Calibration) says what `strength` and `leniency` do.
"""


@dataclass(frozen=True)
class Outcome:
    """A pattern that fired, and whether it was right."""

    fold: int
    pattern: str
    is_right: bool


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--only", choices=["patterns", "pairs"], help="one of the two; pairs take some minutes")
    arguments.add_argument("--folds", type=int, default=2, help="folds to measure the pairs on; each takes a minute")
    options = arguments.parse_args()
    with (options.data / "gold" / "train.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if options.only != "pairs":
        write_patterns(list(outcomes_of(rows)))
    if options.only != "patterns":
        write_pairs(held_out(list(examples_of(rows)), options.folds), lexicon.calibration(PATTERNS).leniency)


def outcomes_of(rows: Sequence[Row]) -> Iterator[Outcome]:
    """Each statement of a pattern on the sentences, with the confidences that are written beside the patterns."""
    pipeline = Pipeline.load(Settings(extractors=("patterns",)))
    written = PatternExtractor.build(lexicon.load(is_calibrated=False), pipeline.ontology)
    pipeline = replace(pipeline, patterns=written)
    for reading, listed in readings(pipeline, rows):
        yield from _of_document(reading, list(pipeline.patterns.extract(reading)), listed)


def _of_document(reading: Reading, found: Sequence[Statement], rows: Sequence[Row]) -> Iterator[Outcome]:
    start = 0
    for row in rows:
        end = start + len(row["text"])
        golds = [Gold(triple, reading.doc, start) for triple in row["triples"]]
        for statement in found:
            evidence = statement.evidence[0]
            if start <= evidence.sentence.start < end:
                pattern = evidence.extractor.split("/")[1].split("@")[0]
                if not pattern.endswith(implied.NOTE):  # its agent is mostly told in sentences that are not here
                    yield Outcome(row["fold"], pattern, _is_right(statement, golds, reading.doc))
        start = end + 2


def _is_right(statement: Statement, golds: Iterable[Gold], doc: Doc) -> bool:
    evidence, relation = statement.evidence[0], ids.predicate_name(statement.predicate)
    if not isinstance(statement.object, Entity):
        return False
    subject = _mention(evidence.subject, evidence.subject_text, statement.subject)
    object_ = _mention(evidence.object, evidence.object_text, statement.object)
    ways = [(subject, object_), *([(object_, subject)] if relation in symmetric() else [])]
    return any(gold.relation == relation and gold.holds(a, b, doc) for gold in golds for a, b in ways)


def _mention(span: Span, text: str, entity: Entity) -> Mention:
    return Mention(span=span, text=text, kind=MentionKind.NAME, entity=entity)


def write_patterns(outcomes: Sequence[Outcome]) -> None:
    """Choose the strength, and write the counts."""
    written = {pattern.id: pattern.confidence for pattern in lexicon.load(is_calibrated=False).patterns}
    losses = {strength: loss_of(outcomes, written, strength) for strength in STRENGTHS}
    strength = min(losses, key=lambda s: losses[s])
    for tried, loss in losses.items():
        print(f"strength {tried:3}: log loss {loss:.4f} on left-out folds")
    chosen = calibration_of(outcomes, written, strength)
    right = sum(o.is_right for o in outcomes) / len(outcomes)
    print(f"{len(outcomes)} statements of {len(chosen.counts)} patterns, {right:.3f} as annotated; strength {strength}")
    lines = [f"  {name}: [{fired}, {good}]" for name, (fired, good) in sorted(chosen.counts.items())]
    text = f"{_HEAD}strength: {strength}\nleniency: {chosen.leniency:.3f}\npatterns:  # fired, right\n" + "\n".join(lines) + "\n"
    PATTERNS.write_text(text, encoding="utf-8")


def calibration_of(outcomes: Sequence[Outcome], written: dict[str, float], strength: float) -> lexicon.Calibration:
    """The counts, and how much less often than written the patterns are as annotated, in log odds."""
    fired, right = Counter(o.pattern for o in outcomes), Counter(o.pattern for o in outcomes if o.is_right)
    priors = np.array([written[o.pattern] for o in outcomes])
    leniency = -shift_of(priors, np.array([o.is_right for o in outcomes]))
    return lexicon.Calibration(strength=strength, leniency=leniency, counts={name: (n, right[name]) for name, n in fired.items()})


def loss_of(outcomes: Sequence[Outcome], written: dict[str, float], strength: float) -> float:
    """How badly the annotations of each fold are foretold from the others: mean negative log likelihood."""
    losses = []
    for fold in sorted({o.fold for o in outcomes}):
        known = calibration_of([o for o in outcomes if o.fold != fold], written, strength)
        for outcome in (o for o in outcomes if o.fold == fold):
            sure = known.confidence(outcome.pattern, written[outcome.pattern])
            likely = shifted(sure, -known.leniency)
            losses.append(-np.log(likely if outcome.is_right else 1 - likely))
    return float(np.mean(losses))


@dataclass(frozen=True)
class Held:
    """What the model says of pairs that it was not trained on, and whether the annotators agree."""

    added: list[tuple[float, bool]]
    """(probability, is it right) of what the model adds to the patterns."""
    told: list[tuple[float, float, bool]]
    """(confidence, probability, is it right) of what patterns state."""


def held_out(examples: Sequence[Example], n_folds: int) -> Held:
    """What the model says of each fold, trained on the others."""
    types = related_types(examples)
    chosen = [e for e in examples if e.types in types]
    held = Held([], [])
    for fold in sorted({e.fold for e in chosen})[:n_folds]:
        relations, weights, bias = fit([e for e in chosen if e.fold != fold])
        left = [e for e in chosen if e.fold == fold]
        logits = matrix(left) @ weights.T + bias
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        for example, row in zip(left, raised / raised.sum(axis=1, keepdims=True), strict=True):
            _hold(held, example, dict(zip(relations, map(float, row), strict=True)))
    return held


def _hold(held: Held, example: Example, likely: dict[str, float]) -> None:
    best = max((relation for relation in likely if relation != NONE), key=lambda relation: likely[relation])
    if likely[best] >= _FLOOR and best not in example.told:
        held.added.append((likely[best], best in example.annotated))
    held.told.extend(
        (confidence, likely.get(relation, 0.0), relation in example.annotated)
        for relation, confidence in example.told.items()
    )


def write_pairs(held: Held, leniency: float) -> None:
    """Fit the maps from probabilities to how often they are right, and write them."""
    added, right = np.array([odds(p) for p, _ in held.added]), np.array([is_right for _, is_right in held.added])
    told = np.array([[odds(confidence), odds(p)] for confidence, p, _ in held.told])
    is_told = np.array([is_right for *_, is_right in held.told])
    for title, likely, outcome in (("added", [p for p, _ in held.added], right), ("told", [p for _, p, _ in held.told], is_told)):
        print_shares(title, np.array(likely), outcome)
    (offset, slope), (told_offset, told_slope, likely_slope) = platt(added[:, None], right), platt(told, is_told)
    fitted = Calibration(offset + leniency, slope, told_offset + leniency, told_slope, likely_slope)
    PAIRS.write_text(json.dumps({name: round(value, 3) for name, value in fitted._asdict().items()}) + "\n", encoding="utf-8")
    print(f"{PAIRS}: {fitted}")


def print_shares(title: str, likely: np.ndarray, right: np.ndarray) -> None:
    """How often what has about the same probability is right."""
    for low, high in pairwise((0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.01)):
        inside = (likely >= low) & (likely < high)
        if inside.any():
            print(f"pairs {title}, {low} to {high}: {inside.sum()} statements, {right[inside].mean():.3f} as annotated")


def platt(features: np.ndarray, right: np.ndarray) -> list[float]:
    """The offset and the slope of each column of log odds that foretell best what is right (Platt, 1999)."""
    columns = np.column_stack([np.ones(len(features)), features])

    def loss(weights: np.ndarray) -> float:
        logits = columns @ weights
        return float(np.mean(np.logaddexp(0, logits) - right * logits))

    return [float(weight) for weight in minimize(loss, np.zeros(columns.shape[1])).x]


def shift_of(likely: np.ndarray, right: np.ndarray) -> float:
    """What to add to the log odds so that they foretell best what is right."""
    logits = np.log(likely / (1 - likely))
    return float(minimize(lambda by: float(np.mean(np.logaddexp(0, logits + by[0]) - right * (logits + by[0]))), [0.0]).x[0])


if __name__ == "__main__":
    main()
