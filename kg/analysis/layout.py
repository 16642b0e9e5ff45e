"""Where things stand in a picture of a network, so that they can be read. All lengths are in points."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from networkx import Graph

_SEED = 20260204
_GAP = 3.0
_BENDS = (0.0, 0.1, -0.1, 0.2, -0.2, 0.32, -0.32)
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)


class Point(NamedTuple):
    """A place in the picture; `y` grows upwards."""

    x: float
    y: float


@dataclass(slots=True)
class Box:
    """A circle with its label below: what nothing else should cover."""

    x: float
    y: float
    radius: float
    label_width: float
    label_height: float
    font_size: float

    @property
    def half_width(self) -> float:
        return max(self.radius, self.label_width / 2)

    @property
    def bottom(self) -> float:
        return self.radius + 2 + self.label_height

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether the point lies on the circle or the label, or as near to them as the margin."""
        if hypot(point.x - self.x, point.y - self.y) < self.radius + margin:
            return True
        below = -self.bottom - margin < point.y - self.y < 0
        return below and abs(point.x - self.x) < self.label_width / 2 + margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A quadratic Bezier curve from one circle to another; `bend` is how far its control point lies to the right, over its length."""

    start: Point
    end: Point
    bend: float

    def at(self, t: float) -> Point:
        """The point at a share of the way, in [0, 1]."""
        middle_x = (self.start.x + self.end.x) / 2 + self.bend * (self.end.y - self.start.y)
        middle_y = (self.start.y + self.end.y) / 2 - self.bend * (self.end.x - self.start.x)
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        return Point(a * self.start.x + b * middle_x + c * self.end.x, a * self.start.y + b * middle_y + c * self.end.y)


def positions(ties: "Graph[str]", order: Sequence[str]) -> dict[str, Point]:
    """A place in [0, 1] x [0, 1] for each entity: those that are tied lie close (Fruchterman and Reingold, 1991).

    Args:
        order: The entities in the order in which they start around a circle.

    Parts that nothing ties together are held near each other by a weak tie between the first of each.
    """
    import networkx

    pulls: Graph[str] = networkx.Graph()
    pulls.add_nodes_from(order)
    pulls.add_edges_from((*sorted(pair), {"weight": 1.0}) for pair in sorted(map(sorted, ties.edges)))
    rank = {name: number for number, name in enumerate(order)}
    first = sorted(
        (min(part, key=rank.__getitem__) for part in networkx.connected_components(ties)), key=rank.__getitem__
    )
    pulls.add_edges_from((first[0], other, {"weight": 0.4}) for other in first[1:])
    angle = 2 * pi / len(order)
    start = {name: (cos(angle * i), sin(angle * i)) for i, name in enumerate(order)}
    placed = networkx.spring_layout(pulls, pos=start, k=1.6 / len(order) ** 0.5, iterations=400, seed=_SEED)
    return _stretched({name: Point(float(x), float(y)) for name, (x, y) in placed.items()})


def _stretched(placed: Mapping[str, Point]) -> dict[str, Point]:
    """The places, stretched to fill the unit square, half way to where they would be at even distances.

    Otherwise a few outliers would leave a small place for all the others.
    """
    xs, ys = _evened([p.x for p in placed.values()]), _evened([p.y for p in placed.values()])
    return {name: Point(x, y) for name, x, y in zip(placed, xs, ys, strict=True)}


def _evened(values: Sequence[float]) -> list[float]:
    low, width = min(values), (max(values) - min(values)) or 1.0
    ranked = sorted(range(len(values)), key=values.__getitem__)
    even = {i: rank / max(len(values) - 1, 1) for rank, i in enumerate(ranked)}
    return [((value - low) / width + even[i]) / 2 for i, value in enumerate(values)]


def separate(boxes: Sequence[Box], width: float, height: float, *, max_rounds: int = 600) -> None:
    """Move the boxes apart, in place, until none covers another or the rounds are over; all stay in the frame."""
    for _ in range(max_rounds):
        moved = [_push_apart(a, b) for a, b in combinations(boxes, 2)]
        for box in boxes:
            box.x = min(max(box.x, box.half_width), width - box.half_width)
            box.y = min(max(box.y, box.bottom), height - box.radius)
        if not any(moved):
            return


def _push_apart(a: Box, b: Box) -> bool:
    """Whether the two covered each other, and so were moved along the axis where less is needed."""
    across = a.half_width + b.half_width + 2 * _GAP - abs(a.x - b.x)
    upper, lower = (a, b) if a.y >= b.y else (b, a)
    upwards = upper.bottom + lower.radius + 2 * _GAP - (upper.y - lower.y)
    if across <= 0 or upwards <= 0:
        return False
    if across < upwards:
        step = (across / 2 + 0.5) * (1 if a.x >= b.x else -1)
        a.x, b.x = a.x + step, b.x - step
    else:
        upper.y, lower.y = upper.y + upwards / 2 + 0.5, lower.y - upwards / 2 - 0.5
    return True


def bend(start: Box, end: Box, others: Iterable[Box], *, is_two_way: bool) -> Curve:
    """The curve between two circles that crosses fewest others, straight where it can be.

    Args:
        is_two_way: Another curve goes back, so that both must leave the straight line, each to its right.
    """
    bends = [b for b in _BENDS if b > 0] if is_two_way else _BENDS
    around = list(others)
    curves = [Curve(start=Point(start.x, start.y), end=Point(end.x, end.y), bend=b) for b in bends]
    return min(curves, key=lambda curve: _n_crossed(curve, around) + abs(curve.bend))


def _n_crossed(curve: Curve, boxes: Iterable[Box]) -> int:
    points = [curve.at(t / 24) for t in range(1, 24)]
    return sum(any(box.holds(point, 1.5) for point in points) for box in boxes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Where the words of a line stand: their middle and their angle in degrees, never upside down."""

    middle: Point
    angle: float
    width: float
    height: float

    def points(self) -> Iterator[Point]:
        """Points that cover the words."""
        n_steps = max(int(self.width / 5), 2)
        turn = radians(self.angle)
        for step in range(n_steps + 1):
            along = self.width * (step / n_steps - 0.5)
            for off in (-self.height / 2, 0.0, self.height / 2):
                yield Point(
                    self.middle.x + along * cos(turn) - off * sin(turn),
                    self.middle.y + along * sin(turn) + off * cos(turn),
                )


def label_on(curve: Curve, width: float, height: float, boxes: Sequence[Box], taken: Sequence[Point]) -> Label | None:
    """A place for words on the curve that covers no box and no other words, or None where there is no room.

    Args:
        taken: Points of the words already placed.
    """
    for t in _PLACES:
        before, after = curve.at(t - 0.05), curve.at(t + 0.05)
        angle = degrees(atan2(after.y - before.y, after.x - before.x))
        angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
        label = Label(middle=curve.at(t), angle=angle, width=width, height=height)
        if _is_free(label, boxes, taken):
            return label
    return None


def _is_free(label: Label, boxes: Sequence[Box], taken: Sequence[Point]) -> bool:
    points = list(label.points())
    if any(box.holds(point, 7.0) for box in boxes for point in points):
        return False
    return all(hypot(p.x - q.x, p.y - q.y) > label.height for p in points for q in taken)
