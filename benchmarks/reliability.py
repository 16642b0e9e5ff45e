"""Whether confidences mean what they say: how often statements with a confidence are right."""

from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from benchmarks.matching import Sentence
from kg.analysis.tables import required

Judged = Sequence[tuple[float, bool]]
"""(confidence, whether it is right) of each statement."""

LEAST = (0.9, 0.7, 0.5)
_LEAST_IN_POINT = 12
_Z = 1.96


class Point(NamedTuple):
    """Statements of about the same confidence."""

    confidence: float
    precision: float
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        """Where the precision of all such statements lies with 95 % probability (Wilson, 1927)."""
        centre = (self.precision + _Z**2 / (2 * self.n)) / (1 + _Z**2 / self.n)
        half = _Z / (1 + _Z**2 / self.n) * sqrt(self.precision * (1 - self.precision) / self.n + (_Z / (2 * self.n)) ** 2)
        return centre - half, centre + half


def judged(sentences: Sequence[Sentence]) -> list[tuple[float, bool]]:
    return [(said.confidence, is_right) for sentence in sentences for said, is_right in sentence.judged()]


def lines(statements: Judged) -> list[str]:
    """Precision from a confidence on, and how far confidence and outcome lie apart."""
    if not statements:
        return ["no statements"]
    parts = []
    for least in LEAST:
        sure = [is_right for confidence, is_right in statements if confidence >= least]
        precision = f"{sum(sure) / len(sure):.3f}" if sure else "-"
        parts.append(f">= {least} {precision} of {len(sure)}")
    error = sum((confidence - is_right) ** 2 for confidence, is_right in statements) / len(statements)
    mean = sum(confidence for confidence, _ in statements) / len(statements)
    precision = sum(is_right for _, is_right in statements) / len(statements)
    return [f"precision at confidence {', '.join(parts)} | Brier {error:.3f}, mean confidence {mean:.3f}, right {precision:.3f}"]


def points(statements: Judged, *, most: int = 6) -> list[Point]:
    """Statements in order of confidence, in groups of about equal size; equal confidences stay together."""
    ordered = sorted(statements)
    size = max(_LEAST_IN_POINT, -(-len(ordered) // most))
    groups: list[list[tuple[float, bool]]] = []
    for one in ordered:
        if not groups or (len(groups[-1]) >= size and one[0] > groups[-1][-1][0]):
            groups.append([])
        groups[-1].append(one)
    if len(groups) > 1 and len(groups[-1]) < _LEAST_IN_POINT:
        groups[-2:] = [groups[-2] + groups[-1]]
    return [Point(sum(c for c, _ in g) / len(g), sum(right for _, right in g) / len(g), len(g)) for g in groups]


def draw(statements: Judged, output: Path) -> None:
    """Write a picture of the points against the line on which confidence is precision.

    Raises:
        UsageError: without matplotlib.
    """
    required("matplotlib.figure", "the reliability curve")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.plot([0, 1], [0, 1], color="#A6A6A6", linestyle=(0, (4, 3)), linewidth=1)
    found = points(statements)
    for point in found:
        low, high = point.interval
        axes.plot([point.confidence] * 2, [low, high], color="#0072B2", linewidth=1, alpha=0.6)
        axes.annotate(f"{point.n}", (point.confidence, point.precision), xytext=(6, -3), textcoords="offset points", fontsize=8)
    axes.plot([p.confidence for p in found], [p.precision for p in found], "o-", color="#0072B2", markersize=5)
    axes.set(xlabel="confidence", ylabel="share of statements that are right",
             title=f"{len(statements)} typed statements; numbers: how many stand\nbehind each point, with 95 % intervals")  # fmt: skip
    axes.title.set_fontsize(9)
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=110, metadata={"Software": None})
