"""The benchmarks of confidence and of causes count as they say."""

from pathlib import Path

import pytest

from benchmarks import errors, reliability
from benchmarks.matching import Said, Sentence
from tests.trees import tree, word

SURE = [(0.95, True)] * 30 + [(0.75, True)] * 15 + [(0.75, False)] * 15 + [(0.3, False)] * 40


def test_precision_is_that_of_statements_from_a_confidence_on() -> None:
    (line,) = reliability.lines(SURE)

    assert ">= 0.9 1.000 of 30, >= 0.7 0.750 of 60, >= 0.5 0.750 of 60" in line


def test_points_hold_every_statement_and_keep_equal_confidences_together() -> None:
    found = reliability.points(SURE)

    assert sum(point.n for point in found) == len(SURE)
    assert [round(point.confidence, 2) for point in found] == [0.3, 0.75, 0.95]
    assert all(low <= point.precision <= high + 1e-9 for point in found for low, high in [point.interval])


def test_reliability_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")

    reliability.draw(SURE, tmp_path / "reliability.png")

    assert (tmp_path / "reliability.png").read_bytes().startswith(b"\x89PNG")


def test_repeats_are_neither_right_nor_wrong() -> None:
    said = [Said({}, {}, {"confidence": c}) for c in (0.9, 0.8, 0.7)]
    sentence = Sentence({"triples": [{}]}, said, {0: 1}, frozenset({2}))

    assert reliability.judged([sentence]) == [(0.9, False), (0.8, True)]


def test_path_length_counts_steps_in_the_tree() -> None:
    doc = tree("""
        Japan NNP nsubj leans
        leans VBZ root 0 lean
        on IN case Australia
        Australia NNP obl leans
    """)

    assert errors.path_length(word(doc, "Japan"), word(doc, "Australia")) == 2
    assert errors.path_length(word(doc, "Japan"), word(doc, "Japan")) == 0
