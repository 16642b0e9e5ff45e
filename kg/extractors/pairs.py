"""Typed statements where no pattern reaches: a linear model looks at each pair of mentions of a sentence.

The model is a multinomial logistic regression over hashed features (`kg.extractors.candidates`), trained on annotated
sentences by `training/pairs.py`. It adds to what the patterns found, which are among its features, and says in the
evidence which features weighed most.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Span as TokenSpan

from kg import ids, resources
from kg.errors import ModelError
from kg.extractors import Reading
from kg.extractors.candidates import Candidate, candidates
from kg.model import Mention, Statement
from kg.ontology import Ontology, Property

EXTRACTOR = "pairs"
VERSION = 1
NONE = "-"
"""The class of pairs between which nothing is said."""

N_BUCKETS = 1 << 17
_THRESHOLD = 0.5
_LEAST_IN_WORDS = 2.0
"""Log odds: what is said because of classes and trees alone is wrong too often ("Germany depends on China": sanctions)."""
_N_REASONS = 2
_WORDLESS = {"1", "o<", "o>", "t", "ta", "tb", "p", "po", "pt", "ca", "cb", "cab", "cbt", "n", "ka", "kb", "vr", "vrt", "nopat"}
"""Features of classes and of the tree alone."""
_LEAST_LIKELY = 0.02

Rows = npt.NDArray[np.int64]


class Calibration(NamedTuple):
    """How probabilities become confidences (Platt, 1999): what each log odds is multiplied by, and what is added.

    As it stands it leaves all as it is; `training/calibrate.py` fits it.
    """

    offset: float = 0.0
    slope: float = 1.0
    """Of the probability of what the model adds."""
    told_offset: float = 0.0
    told_slope: float = 1.0
    """Of the confidence of a statement that a pattern makes."""
    likely_slope: float = 0.0
    """Of the probability that the model gives such a statement."""

    def added(self, likely: float) -> float:
        """How often a statement is right that the model adds with that probability."""
        return _sigmoid(self.offset + self.slope * odds(likely))

    def told(self, confidence: float, likely: float) -> float:
        """How often a statement of a pattern is right to which the model gives that probability."""
        return _sigmoid(self.told_offset + self.told_slope * odds(confidence) + self.likely_slope * odds(likely))


AS_IT_STANDS = Calibration()


def odds(probability: float) -> float:
    """Its logarithm, with what is next to impossible or certain held a little further off."""
    kept = min(max(probability, _LEAST_LIKELY), 1 - _LEAST_LIKELY)
    return log(kept / (1 - kept))


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


@dataclass(frozen=True)
class PairModel:
    """Weights of the features for each relation."""

    relations: tuple[str, ...]
    """Names of the relations, after `NONE`."""
    weights: npt.NDArray[np.float32]
    """Of shape (rows, relations); row 0 is that of features that training did not show."""
    row_of_bucket: npt.NDArray[np.int32]
    bias: npt.NDArray[np.float32]
    types: frozenset[tuple[str, str]]
    """Pairs of classes between which training showed relations."""
    calibration: Calibration = AS_IT_STANDS

    def rows(self, features: Sequence[str]) -> Rows:
        return self.row_of_bucket[[bucket(f) for f in features]].astype(np.int64)

    def probabilities(self, features: Sequence[Sequence[str]]) -> npt.NDArray[np.float32]:
        """Of each relation, a row for each list of features."""
        logits = np.stack([self.weights[self.rows(given)].sum(axis=0) for given in features]) + self.bias
        logits -= logits.max(axis=1, keepdims=True)
        raised = np.exp(logits)
        found: npt.NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
        return found

    def evidence_in_words(self, features: Sequence[str], relation: int) -> float:
        """How much the features with words in them speak for the relation, against none, in log odds."""
        worded = [f for f in features if f.partition("=")[0] not in _WORDLESS]
        weights = self.weights[self.rows(worded)].sum(axis=0)
        return float(weights[relation] - weights[0])

    def reasons(self, features: Sequence[str], relation: int) -> list[str]:
        """The features that weigh most for the relation, against none."""
        weights = self.weights[self.rows(features)]
        order = np.argsort(weights[:, 0] - weights[:, relation], kind="stable")
        return [features[i] for i in order[:_N_REASONS]]


def bucket(feature: str) -> int:
    """Where the weights of a feature are."""
    return int(hash_string(feature)) & (N_BUCKETS - 1)


@cache
def load(file: Path | None = None) -> PairModel:
    """The trained model.

    Raises:
        ModelError: when the file is not there, or not one of ours.
    """
    file = file or resources.models() / "pairs" / "weights.npz"
    try:
        with np.load(file, allow_pickle=False) as found:
            scaled = found["weights"].astype(np.float32) * found["scale"]
            rows = np.zeros(N_BUCKETS, dtype=np.int32)
            rows[found["buckets"]] = np.arange(1, len(found["buckets"]) + 1)
            return PairModel(
                calibration=_calibration(file),
                relations=tuple(map(str, found["relations"])),
                weights=np.vstack([np.zeros((1, scaled.shape[1]), dtype=np.float32), scaled]),
                row_of_bucket=rows,
                bias=found["bias"],
                types=frozenset((str(a), str(b)) for a, b in found["types"]),
            )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{file}: the model of pairs cannot be read: {error}; make it anew by `make pairs`") from error


def _calibration(weights: Path) -> Calibration:
    """That of `training/calibrate.py`, where there is one."""
    file = weights.with_name("calibration.json")
    if not file.exists():
        return AS_IT_STANDS
    return Calibration(**{name: float(value) for name, value in json.loads(file.read_text(encoding="utf-8")).items()})


def extract(reading: Reading, found: Sequence[Statement], ontology: Ontology, model: PairModel) -> Iterator[Statement]:
    """Statements beyond those found, each once a sentence.

    Args:
        found: What the patterns say of the same document.
    """
    by_sentence = _by_sentence(found)
    for sentence in reading.doc.sents:
        known = by_sentence.get(sentence.start_char, [])
        given = list(candidates(reading, sentence, reading.mentions_in(sentence), types=model.types))
        if given:
            yield from _beyond(reading, known, given, ontology, model)


def nearest(reading: Reading, sentence: TokenSpan, ontology: Ontology, model: PairModel) -> tuple[Candidate, str, float] | None:
    """What the model holds for likeliest of a sentence of which nothing is told, with its probability: it was not enough."""
    given = list(candidates(reading, sentence, reading.mentions_in(sentence), types=model.types))
    if not given:
        return None
    likely = model.probabilities([features_with(candidate, ()) for candidate in given])
    likely[:, 0] = 0
    for n in np.argsort(-likely.max(axis=1), kind="stable"):
        relation = model.relations[int(likely[n].argmax())]
        prop = ontology.property_named(relation)
        if prop is not None and _fits(given[n], prop, ontology):
            return given[n], relation, float(likely[n].max())
    return None


def weighed(reading: Reading, found: Sequence[Statement], model: PairModel) -> list[Statement]:
    """The statements of patterns, each as sure as its pattern and the model together are."""
    by_sentence = _by_sentence(found)
    likely: dict[tuple[int, str, str, str], float] = {}
    for sentence in reading.doc.sents:
        if known := by_sentence.get(sentence.start_char, []):
            ends = {iri for statement in known for iri in _ends(statement)}
            mentions = [m for m in reading.mentions_in(sentence) if _iri(m) in ends]
            for key, value in _likely(reading, sentence, mentions, known, model):
                likely[sentence.start_char, *key] = max(value, likely.get((sentence.start_char, *key), 0.0))
    return [_weighed(statement, likely, model) for statement in found]


def _likely(reading: Reading, sentence: TokenSpan, mentions: Sequence[Mention], known: Sequence[Statement],
            model: PairModel) -> Iterator[tuple[tuple[str, str, str], float]]:  # fmt: skip
    """How likely the model holds each relation of each pair of which something is known."""
    told = {_ends(statement) for statement in known}
    given = [c for c in candidates(reading, sentence, mentions, types=model.types) if (_iri(c.subject), _iri(c.object)) in told]
    if given:
        rows = model.probabilities([features_with(candidate, known) for candidate in given])
        for candidate, row in zip(given, rows, strict=True):
            for relation, value in zip(model.relations, row, strict=True):
                yield (_iri(candidate.subject), _iri(candidate.object), relation), float(value)


def _weighed(statement: Statement, likely: Mapping[tuple[int, str, str, str], float], model: PairModel) -> Statement:
    (evidence,) = statement.evidence
    value = likely.get((evidence.sentence.start, *_ends(statement), _name(statement)))
    if value is None:
        return statement
    sure = round(model.calibration.told(evidence.confidence, value), 3)
    return replace(statement, evidence=(replace(evidence, confidence=sure),))


def features_with(candidate: Candidate, known: Sequence[Statement]) -> list[str]:
    """The features of a pair, and what the patterns say of it."""
    subject, object_ = _iri(candidate.subject), _iri(candidate.object)
    told = [f"pat={_name(s)}" for s in known if _ends(s) == (subject, object_)]
    told += [f"rpat={_name(s)}" for s in known if _ends(s) == (object_, subject)]
    return [*candidate.features, *(told or ["nopat"])]


def told_of(candidate: Candidate, known: Sequence[Statement]) -> dict[str, float]:
    """The relations that statements give a pair, with their confidence."""
    ends = _iri(candidate.subject), _iri(candidate.object)
    return {_name(s): s.evidence[0].confidence for s in known if _ends(s) == ends}


def _beyond(reading: Reading, known: Sequence[Statement], given: Sequence[Candidate], ontology: Ontology,
            model: PairModel) -> Iterator[Statement]:  # fmt: skip
    features = [features_with(candidate, known) for candidate in given]
    likely = model.probabilities(features)
    likely[:, 0] = 0
    related = {ends for s in known for ends in (_ends(s), _ends(s)[::-1])}  # few pairs stand in two relations at once
    for n in np.argsort(-likely.max(axis=1), kind="stable"):
        best = int(likely[n].argmax())
        if likely[n, best] < _THRESHOLD:
            return
        candidate, relation = given[n], model.relations[best]
        ends = _iri(candidate.subject), _iri(candidate.object)
        prop = ontology.property_named(relation)
        if prop is None or not _fits(candidate, prop, ontology):
            continue
        if model.evidence_in_words(features[n], best) < _LEAST_IN_WORDS:
            continue
        if ends in related:
            continue
        related |= {ends, ends[::-1]}
        reasons = " ".join(model.reasons(features[n], best))
        yield _statement(reading, candidate, prop.iri, f"{relation}[{reasons}]", model.calibration.added(float(likely[n, best])))


def _fits(candidate: Candidate, prop: Property, ontology: Ontology) -> bool:
    """Whether the relation may hold between things of these classes."""
    sides = (candidate.subject, prop.domain), (candidate.object, prop.range)
    return all(m.entity is not None and ontology.fits(m.entity.type, classes) for m, classes in sides)


def _statement(reading: Reading, candidate: Candidate, predicate: str, rule: str, confidence: float) -> Statement:
    subject, object_ = candidate.subject, candidate.object
    assert subject.entity is not None and object_.entity is not None
    first, second = (reading.doc.char_span(m.span.start, m.span.end) for m in (subject, object_))
    assert first is not None and second is not None  # else they were no candidates
    at = candidate.predicate.i
    return Statement(
        subject=subject.entity, predicate=predicate, object=object_.entity,
        evidence=(reading.evidence(
            subject=first, predicate=reading.doc[at : at + 1], object=second,
            extractor=f"{EXTRACTOR}/{rule}@{VERSION}", confidence=round(confidence, 3),
        ),),
    )  # fmt: skip


def _by_sentence(found: Sequence[Statement]) -> dict[int, list[Statement]]:
    by_sentence: dict[int, list[Statement]] = {}
    for statement in found:
        by_sentence.setdefault(statement.evidence[0].sentence.start, []).append(statement)
    return by_sentence


def _ends(statement: Statement) -> tuple[str, str]:
    return statement.subject.iri, getattr(statement.object, "iri", "")


def _iri(mention: Mention) -> str:
    return mention.entity.iri if mention.entity is not None else ""


def _name(statement: Statement) -> str:
    return ids.predicate_name(statement.predicate)
