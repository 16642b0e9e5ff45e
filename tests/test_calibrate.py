"""Calibration counts what was right, and trusts counts as far as they foretell."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from training import calibrate
from training.calibrate import Outcome


def outcomes(**shares: float) -> list[Outcome]:
    """A hundred firings of each pattern, over five folds, of which that share is right."""
    return [Outcome(n % 5, name, (n * 37 % 100) / 100 < share) for name, share in shares.items() for n in range(100)]


def test_platt_finds_offset_and_slope_of_log_odds() -> None:
    rng = np.random.default_rng(1)
    likely = rng.uniform(0.02, 0.98, 40_000)
    odds = np.log(likely / (1 - likely))[:, None]
    right = rng.uniform(size=len(likely)) < 1 / (1 + np.exp(-0.5 - 2.0 * odds[:, 0]))

    assert calibrate.platt(odds, right) == [pytest.approx(0.5, abs=0.1), pytest.approx(2.0, abs=0.1)]


def test_shift_is_how_much_less_often_it_is_right() -> None:
    rng = np.random.default_rng(1)
    likely = np.full(40_000, 0.6)

    assert calibrate.shift_of(likely, rng.uniform(size=len(likely)) < 0.5) == pytest.approx(-0.405, abs=0.05)


def test_counts_are_those_of_each_pattern() -> None:
    found = calibrate.calibration_of(outcomes(a=0.9, b=0.2), {"a": 0.5, "b": 0.5}, 4)

    assert found.counts == {"a": (100, 90), "b": (100, 20)}


def test_counts_weigh_more_where_what_is_written_is_wrong() -> None:
    fired = outcomes(a=0.9, b=0.1)
    losses = {s: calibrate.loss_of(fired, {"a": 0.3, "b": 0.7}, s) for s in (4, 256)}

    assert losses[4] < losses[256]
