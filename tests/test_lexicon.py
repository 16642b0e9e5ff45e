from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import lexicon
from kg.errors import OntologyError
from kg.lexicon import Calibration

PATTERN = """
- name: verb
  verb: [dominate]
  subject: subj
  object: obj
  confidence: 0.6
  catch: {text: "China dominates refining.", subject: China, object: refining}
  leave: "Clouds dominated the sky."
"""


def folder(path: Path, calibration: str = "") -> Path:
    """An ontology folder with one pattern."""
    (path / "patterns").mkdir()
    (path / "patterns" / "dominates.yaml").write_text(PATTERN)
    if calibration:
        (path / "calibration.yaml").write_text(calibration)
    return path


def confidence_in(path: Path, **options: bool) -> float:
    (pattern,) = lexicon.load(path, **options).patterns
    return pattern.confidence


def test_pattern_keeps_its_confidence_until_it_has_been_counted(tmp_path: Path) -> None:
    assert confidence_in(folder(tmp_path)) == 0.6


def test_pattern_that_is_often_wrong_is_trusted_less_than_is_written(tmp_path: Path) -> None:
    path = folder(tmp_path, "strength: 10\nleniency: 0.0\npatterns:\n  dominates.verb: [10, 0]\n")

    assert confidence_in(path) == 0.3
    assert confidence_in(path, is_calibrated=False) == 0.6


def test_pattern_that_is_as_right_as_written_keeps_its_confidence_whatever_annotators_leave_out() -> None:
    for leniency in (-0.5, 0.0, 0.5):
        expected = lexicon.shifted(0.6, -leniency)
        known = Calibration(strength=8, leniency=leniency, counts={"a": (1000, round(1000 * expected))})
        assert known.confidence("a", 0.6) == pytest.approx(0.6, abs=0.005)


@given(st.integers(1, 500), st.integers(0, 500), st.floats(0.01, 0.99), st.floats(1, 300), st.floats(-1, 1))
def test_confidence_lies_between_what_is_written_and_what_is_counted(n: int, good: int, written: float, strength: float,
                                                                     leniency: float) -> None:  # fmt: skip
    right = min(good, n)
    known = Calibration(strength=strength, leniency=leniency, counts={"a": (n, right)})
    counted = lexicon.shifted(right / n, leniency)

    low, high = sorted((written, counted))
    assert low - 0.01 <= known.confidence("a", written) <= high + 0.01


def test_damaged_calibration_says_how_to_make_it_anew(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="make calibrate"):
        lexicon.load(folder(tmp_path, "patterns: 3\n"))
