"""What a picture of a graph shows: the most central entities, and what is said between them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.analysis.networks import Measure, Standing
from kg.analysis.tables import Summary, opened
from kg.errors import UsageError
from kg.model import FIRMNESS, Entity, Modality, Polarity, Statement
from kg.ontology import Ontology, load
from kg.stores.merged import Merged

_LINES_PER_ENTITY = 1.8
_N_CANDIDATES = 4
"""How many times more entities are looked at than drawn, as some are tied to none of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """All that is said of one entity towards another."""

    source: str
    target: str
    names: tuple[str, ...]  # of its relations
    modality: Modality  # the firmest
    is_disputed: bool  # something of it is denied or contradicted
    is_directed: bool
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a picture shows, before anything has a place."""

    title: str
    subtitle: str
    standings: tuple[Standing, ...]
    lines: tuple[Line, ...]  # those to be labelled first come first
    n_left_out: int


def scene_of(graph_folder: str | Path, whole: Summary, *, n: int, by: Measure = Measure.PAGERANK,
             types: Collection[str] | None = None, title: str | None = None) -> Scene:  # fmt: skip
    """The n most central entities that are tied to each other, and the lines between them.

    Args:
        types: Only entities of the classes with these IRIs.

    Raises:
        UsageError: where nothing ties two of them.
    """
    terms = load()
    candidates = whole.top(_N_CANDIDATES * n, by=by, types=types)
    with opened(graph_folder) as graph:
        every_line = _lines(graph, {standing.iri for standing in candidates}, terms)
        published = [document.published for document in graph.documents() if document.published]
    drawn = _tied([standing.iri for standing in candidates], every_line, n)
    inside = [line for line in every_line if {line.source, line.target} <= drawn]
    if not inside:
        raise UsageError(f"{graph_folder}: nothing to draw; no statement ties two of the entities asked for")
    lines = _weightiest(inside, int(_LINES_PER_ENTITY * len(drawn)))
    return Scene(
        title=title or f"Who and what is at the centre: {len(drawn)} entities and what is said between them",
        subtitle=f"The most central by {_MEASURE_NAMES[by]}{_restriction(types, terms)} among {_size(whole)}{_period(published)}",
        standings=tuple(standing for standing in candidates if standing.iri in drawn),
        lines=tuple(lines),
        n_left_out=len(inside) - len(lines),
    )


_MEASURE_NAMES = {Measure.PAGERANK: "PageRank", Measure.BETWEENNESS: "betweenness", Measure.DEGREE: "degree"}


def _size(whole: Summary) -> str:
    parts = (whole.n_entities, "entities", "in"), (whole.n_statements, "statements", "of")
    counted = " ".join(f"{number:,} {name} {link}" for number, name, link in parts)
    return f"{counted} {whole.n_documents:,} document{'' if whole.n_documents == 1 else 's'}"


def _restriction(types: Collection[str] | None, terms: Ontology) -> str:
    """The classes asked for, as far as they can be named in a few words."""
    if types is None:
        return ""
    return (
        f" (only {', '.join(sorted(map(terms.label_of, types)))})"
        if len(types) <= 3
        else f" (only {len(types)} classes)"
    )


def _period(published: Sequence[date]) -> str:
    if not published:
        return ""
    first, last = min(published), max(published)
    return f", {first}" if first == last else f", {first} to {last}"


def _tied(candidates: Sequence[str], lines: Iterable[Line], n: int) -> set[str]:
    """At most n of the candidates, taken in order, each with a line to another of them."""
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        ends[line.source].add(line.target)
        ends[line.target].add(line.source)
    seen: set[str] = set()
    tied: set[str] = set()
    for iri in candidates:
        fresh = ({iri} if ends[iri] & seen else set()) | {other for other in ends[iri] & seen if other not in tied}
        if len(tied | fresh) > n:
            break
        seen.add(iri)
        tied |= fresh
    return tied


def _lines(graph: Merged, central: Set[str], terms: Ontology) -> list[Line]:
    """What the graph says between two of the central entities, by their IRIs."""
    said: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in graph.statements():
        value = statement.object
        if isinstance(value, Entity) and value.iri != statement.subject.iri:
            pair = statement.subject.iri, value.iri
            if central >= {*pair}:
                said[pair].append(statement)
    return [_line(pair, said[pair], graph.contradicted, terms) for pair in sorted(said)]


def _line(pair: tuple[str, str], said: Iterable[Statement], contradicted: frozenset[str], terms: Ontology) -> Line:
    by_belief = sorted(said, key=lambda s: (-(s.belief or 0), s.id))
    disputed = {s.predicate for s in by_belief if s.polarity is Polarity.NEGATIVE or s.id in contradicted}
    # What is in dispute is named first, as the line is red because of it.
    predicates = sorted(dict.fromkeys(s.predicate for s in by_belief), key=lambda predicate: predicate not in disputed)
    return Line(
        source=pair[0],
        target=pair[1],
        names=tuple(_name(p, {s.polarity for s in by_belief if s.predicate == p}, terms) for p in predicates),
        modality=min((s.modality for s in by_belief), key=FIRMNESS.index),
        is_disputed=bool(disputed),
        is_directed=not all(map(terms.is_symmetric, predicates)),
        weight=sum(s.belief or 0 for s in by_belief),
    )


def _name(predicate: str, polarities: Set[Polarity], terms: Ontology) -> str:
    name = terms.label_of(predicate)
    if Polarity.NEGATIVE not in polarities:
        return name
    return f"{name}: disputed" if Polarity.POSITIVE in polarities else f"not: {name}"


def _weightiest(lines: Sequence[Line], n: int) -> list[Line]:
    """The lines to draw, n or a few more: those in dispute, those that hold the picture together, the weightiest."""
    import networkx

    ranked = sorted(lines, key=lambda line: (not line.is_disputed, -line.weight, line.source, line.target))
    parts: Any = networkx.utils.UnionFind()
    kept: list[Line] = []
    spare: list[Line] = []
    for line in ranked:
        joins = parts[line.source] != parts[line.target]
        parts.union(line.source, line.target)
        (kept if joins or line.is_disputed else spare).append(line)
    chosen = {*kept, *spare[: max(n - len(kept), 0)]}
    return [line for line in ranked if line in chosen]
