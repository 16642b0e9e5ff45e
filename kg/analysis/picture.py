"""A picture of the most central entities of a graph and of what is said between them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from kg.analysis import layout
from kg.analysis.layout import Box, Label, Point
from kg.analysis.networks import Measure, Standing
from kg.analysis.scene import Line, Scene, scene_of
from kg.analysis.tables import Summary, required, summarise
from kg.errors import UsageError
from kg.model import FIRMNESS, Modality
from kg.ontology import load

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg")
"""How the name of a picture may end."""

MOST = 200
"""The most entities that a picture may show."""

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442")  # Okabe and Ito (2008), less the reds
_OTHER_COLOUR = "#A6A6A6"
_LINE_COLOUR, _DISPUTED_COLOUR = "#7A7A7A", "#C8102E"
_INK, _FAINT_INK = "#1A1A1A", "#5F5F5F"
_STYLES: Mapping[Modality, Any] = {
    Modality.ASSERTED: "solid",
    Modality.PLANNED: (0, (5, 2.5)),
    Modality.POSSIBLE: (0, (1, 1.8)),
    Modality.DEMANDED: (0, (6, 2, 1, 2)),
}
_TITLE_BAND, _LEGEND_BAND, _MARGIN = 62.0, 74.0, 14.0
_LINE_FONT = 6.8
_SETTINGS = {
    "svg.hashsalt": "policy-kg",
    "font.family": ["DejaVu Sans"],
    "text.usetex": False,
    "text.parse_math": False,
    "path.sketch": None,
}


def draw(graph_folder: str | Path, output: str | Path, *, n: int = 40, by: Measure = Measure.PAGERANK,
         types: Collection[str] | None = None, title: str | None = None, summary: Summary | None = None,
         dpi: int = 200) -> None:  # fmt: skip
    """Write a picture of the n most central entities that are tied to each other, PNG or SVG as its name ends.

    Circles are coloured by class and sized by PageRank. Lines are solid where something is asserted, dashed where
    planned, dotted where possible, dash-dotted where demanded, and red where it is denied or contradicted. Where there
    are many, only the weightiest are drawn, and the picture says so. The same graph gives the same file.

    Args:
        by: The measure that chooses the entities.
        types: Only entities of the classes with these IRIs.
        title: In place of the one that says what is shown.
        summary: Of the same graph, where it is at hand; made anew by default.
        dpi: Dots an inch, of a PNG.

    Raises:
        UsageError: for another kind of file, for less than 2 or more than 200 entities, without matplotlib, or where
            there is nothing to draw.
    """
    output = Path(output)
    check(output)
    if not 2 <= n <= MOST:
        raise UsageError(f"{n} entities make no picture; ask for 2 to {MOST}")
    scene = scene_of(graph_folder, summary or summarise(graph_folder), n=n, by=by, types=types, title=title)
    with _settings():
        figure = _figure(scene)
        output.parent.mkdir(parents=True, exist_ok=True)
        dated = {"Date": None} if output.suffix.lower() == ".svg" else {"Software": None}
        figure.savefig(output, dpi=dpi, facecolor="white", metadata=dated)


def check(output: Path) -> None:
    """Raise a UsageError where no picture can be written to such a file, before any work is done."""
    if output.suffix.lower() not in FORMATS:
        raise UsageError(f"{output}: no picture; its name must end in {' or '.join(FORMATS)}")
    required("matplotlib.figure", "a picture")


@contextmanager
def _settings() -> Iterator[None]:
    """The settings of matplotlib as they come, whatever the user's own; only as long as we draw."""
    import matplotlib

    kept = {"backend", "backend_fallback", "interactive", "toolbar", "webagg.open_in_browser"}
    ours: dict[Any, Any] = {name: value for name, value in matplotlib.rcParamsDefault.items() if name not in kept}
    ours.update(_SETTINGS)
    with matplotlib.rc_context(ours):
        yield


def _figure(scene: Scene) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scale = min(max((len(scene.standings) / 40) ** 0.5, 0.7), 2.2)
    width, height = 936 * scale, 560 * scale
    figure = Figure(figsize=(width / 72, (height + _TITLE_BAND + _LEGEND_BAND) / 72))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(-_LEGEND_BAND, height + _TITLE_BAND)
    axes.axis("off")
    boxes = _boxes(scene, width - 2 * _MARGIN, height - 2 * _MARGIN)
    colours = _colours_of(scene.standings)
    _draw_lines(axes, scene.lines, boxes)
    for standing in scene.standings:
        _draw_entity(axes, standing, boxes[standing.iri], colours.get(standing.type, _OTHER_COLOUR))
    _draw_title(axes, scene, width, height)
    _draw_legend(axes, scene, colours)
    return figure


def _colours_of(standings: Sequence[Standing]) -> dict[str, str]:
    """A colour for each of the classes with the most entities; the others share one."""
    counts = Counter(standing.type for standing in standings)
    common = sorted(counts, key=lambda iri: (-counts[iri], iri))
    return dict(zip(common, _COLOURS, strict=False))


def _boxes(scene: Scene, width: float, height: float) -> dict[str, Box]:
    import networkx

    ties = networkx.Graph((line.source, line.target) for line in scene.lines)
    by_community = sorted(scene.standings, key=lambda s: (s.community, -s.pagerank, s.iri))
    placed = layout.positions(ties, [s.iri for s in by_community])
    highest = max(s.pagerank for s in scene.standings)
    boxes = {}
    for standing in scene.standings:
        x, y = placed[standing.iri]
        share = (standing.pagerank / highest) ** 0.5  # so that areas go with PageRank
        font_size = 7.5 + 3.5 * share
        words = _extent(_wrapped(standing.label), font_size)
        boxes[standing.iri] = Box(x * width, y * height, 3.5 + 14.5 * share, *words, font_size)
    layout.separate(list(boxes.values()), width, height)
    for box in boxes.values():
        box.x, box.y = box.x + _MARGIN, box.y + _MARGIN
    return boxes


def _draw_lines(axes: "Axes", lines: Sequence[Line], boxes: Mapping[str, Box]) -> None:
    from matplotlib.patches import FancyArrowPatch

    pairs = {(line.source, line.target) for line in lines}
    taken: list[Point] = []
    for line in lines:
        start, end = boxes[line.source], boxes[line.target]
        others = [box for iri, box in boxes.items() if iri not in (line.source, line.target)]
        curve = layout.bend(start, end, others, is_two_way=(line.target, line.source) in pairs)
        colour = _DISPUTED_COLOUR if line.is_disputed else _LINE_COLOUR
        axes.add_patch(
            FancyArrowPatch(
                curve.start,
                curve.end,
                arrowstyle="-|>" if line.is_directed else "-",
                connectionstyle=f"arc3,rad={curve.bend}",
                mutation_scale=8,
                shrinkA=start.radius + 1,
                shrinkB=end.radius + 1.5,
                linestyle=_STYLES[line.modality],
                linewidth=1.6 if line.is_disputed else 0.9,
                color=colour,
                zorder=2 if line.is_disputed else 1,
            )
        )
        for words in _labels(line.names):
            place = layout.label_on(curve, *_extent(words, _LINE_FONT), list(boxes.values()), taken)
            if place is not None:
                taken.extend(place.points())
                _draw_words(axes, words, place, _DISPUTED_COLOUR if line.is_disputed else _FAINT_INK)
                break


def _labels(names: Sequence[str]) -> Iterator[str]:
    """What a line may be labelled with, the fullest first: two relations, or one, and how many more there are."""
    for n_named in range(min(len(names), 2), 0, -1):
        more = len(names) - n_named
        yield ", ".join(names[:n_named]) + (f" +{more}" if more else "")


def _draw_words(axes: "Axes", words: str, place: Label, colour: str) -> None:
    axes.text(
        *place.middle, words, rotation=place.angle, fontsize=_LINE_FONT, color=colour, ha="center", va="center",
        zorder=3, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
    )  # fmt: skip


def _draw_entity(axes: "Axes", standing: Standing, box: Box, colour: str) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((box.x, box.y), box.radius, facecolor=colour, edgecolor="white", linewidth=1.2, zorder=4))
    axes.text(
        box.x, box.y - box.radius - 2, _wrapped(standing.label), fontsize=box.font_size, color=_INK, ha="center", va="top",
        linespacing=1.05, zorder=5, path_effects=_halo(2.6),
    )  # fmt: skip


def _draw_title(axes: "Axes", scene: Scene, width: float, top: float) -> None:
    title_size = _fitting(scene.title, 13.5, width) * 1.1  # bold letters are about a tenth wider
    axes.text(_MARGIN, top + 40, scene.title, fontsize=title_size, fontweight="bold", color=_INK)
    axes.text(_MARGIN, top + 22, scene.subtitle, fontsize=_fitting(scene.subtitle, 9.5, width), color=_FAINT_INK)


def _fitting(words: str, font_size: float, width: float) -> float:
    """The font size, or a smaller one where the words would be wider than the picture."""
    return font_size * min(1.0, (width - 2 * _MARGIN) / (1.12 * _extent(words, font_size)[0]))


def _draw_legend(axes: "Axes", scene: Scene, colours: Mapping[str, str]) -> None:
    """Two rows: the classes, then the lines; only what the picture has."""
    from matplotlib.lines import Line2D

    terms = load()
    present = {standing.type for standing in scene.standings}
    classes = [(_dot(colour), terms.label_of(iri)) for iri, colour in colours.items()]
    if len(present) > len(colours):
        classes.append((_dot(_OTHER_COLOUR), "other"))
    modalities = [m for m in FIRMNESS if any(line.modality is m for line in scene.lines)]
    lines = [(Line2D([], [], color=_LINE_COLOUR, linewidth=1.1, linestyle=_STYLES[m]), str(m)) for m in modalities]
    if any(line.is_disputed for line in scene.lines):
        lines.append((Line2D([], [], color=_DISPUTED_COLOUR, linewidth=1.8), "denied or contradicted"))
    for row, entries in enumerate((classes, lines)):
        _draw_entries(axes, entries, -20.0 - 17 * row, handle_length=2.6 if row else 1.0)
    note = "Larger circles rank higher by PageRank. Arrows lead from the one that acts to what it acts on."
    if any(len(line.names) > 1 for line in scene.lines):
        note += " “+1” stands for one more relation."
    if scene.n_left_out:
        note += f" {scene.n_left_out:,} weaker ties are left out."
    axes.text(_MARGIN, -62, note, fontsize=7.5, color=_FAINT_INK)


def _draw_entries(axes: "Axes", entries: Sequence[tuple[Any, str]], y: float, *, handle_length: float) -> None:
    from matplotlib.legend import Legend

    handles, words = [handle for handle, _ in entries], [word for _, word in entries]
    legend = Legend(
        axes, handles, words, loc="center left", bbox_to_anchor=(_MARGIN, y), bbox_transform=axes.transData,
        ncols=len(words), frameon=False, fontsize=8.5, labelcolor=_INK, borderpad=0, borderaxespad=0,
        handlelength=handle_length, handletextpad=0.5, columnspacing=1.6,
    )  # fmt: skip
    axes.add_artist(legend)


def _dot(colour: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker="o", markersize=8, color=colour, markeredgecolor="white")


def _wrapped(label: str) -> str:
    """The label on at most two lines."""
    return "\n".join(wrap(label, 20, max_lines=2, placeholder=" …"))


def _extent(words: str, font_size: float) -> tuple[float, float]:
    """Width and height of words."""
    from matplotlib.textpath import TextPath

    rows = words.split("\n")
    width = max(TextPath((0, 0), row, size=font_size).get_extents().width for row in rows)
    return width, 1.25 * font_size * len(rows)


def _halo(width: float) -> list[Any]:
    """White around words, so that lines do not strike them through."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground="white")]
