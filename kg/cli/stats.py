"""The graph as a network: `kg stats`."""

import json
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import app
from kg.cli.options import Graph, Shape
from kg.cli.printing import print_rows

if TYPE_CHECKING:
    from kg.analysis import Community, Standing, Summary

Groups = Sequence[tuple[str, Sequence["Standing"]]]
"""The name of a class, and its most central entities."""


class By(StrEnum):
    """`kg.analysis.Measure` again, as importing that one takes half as long as the whole command."""

    PAGERANK = "pagerank"
    BETWEENNESS = "betweenness"
    DEGREE = "degree"


@app.command(
    epilog="Examples: `kg stats graph`, `kg stats graph --class Country --by betweenness`, `kg stats graph --picture network.svg`."
)
def stats(
    graph: Graph,
    top: Annotated[int, typer.Option(min=1, help="This many entities of each class, and communities.")] = 10,
    class_: Annotated[
        str | None,
        typer.Option("--class", help="Only entities of this class and those below it.", show_default=False),
    ] = None,
    by: Annotated[By, typer.Option(help="What makes an entity central.")] = By.PAGERANK,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the most central entities: a .png or .svg file.", show_default=False)
    ] = None,
    size: Annotated[int, typer.Option(min=2, max=200, help="How many entities the picture shows.")] = 40,
    format: Annotated[Shape, typer.Option(help="How to print it.")] = Shape.TABLE,
) -> None:
    """Print how much the graph holds, who is central in it and what belongs together; draw it."""
    from kg import analysis
    from kg.analysis.picture import check
    from kg.analysis.tables import types_named
    from kg.ontology import load

    if picture is not None:
        check(picture)
    summary = analysis.summarise(graph)
    measure = analysis.Measure(by)
    types = types_named(class_, summary, load()) if class_ else None
    groups = [(name, summary.top(top, by=measure, types=members)) for name, members in _groups(summary, class_, types)]
    if picture is not None:
        analysis.draw(graph, picture, n=size, by=measure, types=types, summary=summary)
        typer.echo(f"picture: {picture}", err=True)
    _PRINTERS[format](summary, groups, summary.communities[:top])


def _groups(
    summary: "Summary", class_: str | None, types: Collection[str] | None
) -> Iterator[tuple[str, Collection[str]]]:
    """Names of classes, each with the IRIs of the classes that count to it: the one asked for, or all that there are."""
    from kg import ids

    if class_ is not None and types is not None:
        yield class_, types
    else:
        yield from ((ids.predicate_name(iri), {iri}) for iri in summary.classes)


def _print_tables(summary: "Summary", groups: Groups, communities: Sequence["Community"]) -> None:
    print_rows(("count", "value"), list(zip(_counts(summary), _cells(_counts(summary)), strict=True)), Shape.TABLE)
    entities = [(group, *_cells(_entity(s))) for group, standings in groups for s in standings]
    typer.echo()
    print_rows(("class", "entity", *_MEASURES), entities, Shape.TABLE)
    typer.echo()
    rows = [(f"community {c.number}", *_cells(_community(c))) for c in communities]
    print_rows(("", "members", "size", "density"), rows, Shape.TABLE)


def _print_csv(summary: "Summary", groups: Groups, communities: Sequence["Community"]) -> None:
    """One value a row, so that counts, entities and communities fit the same columns."""
    rows: list[tuple[Any, ...]] = [("graph", "", "", measure, value) for measure, value in _counts(summary).items()]
    for group, standings in groups:
        rows += [(*("entity", group, s.label), *pair) for s in standings for pair in _values(_entity(s))]
    rows += [
        ("community", c.number, _community(c)["members"], *pair) for c in communities for pair in _values(_community(c))
    ]
    print_rows(("part", "group", "name", "measure", "value"), rows, Shape.CSV)


def _print_json(summary: "Summary", groups: Groups, communities: Sequence["Community"]) -> None:
    said = {
        "counts": _counts(summary),
        "entities": {group: [{"iri": s.iri, **_entity(s)} for s in standings] for group, standings in groups},
        "communities": [{"number": c.number, **_community(c)} for c in communities],
    }
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2))


_PRINTERS = {Shape.TABLE: _print_tables, Shape.CSV: _print_csv, Shape.JSON: _print_json}
_MEASURES = ("degree", "betweenness", "pagerank", "community")


def _counts(summary: "Summary") -> dict[str, Any]:
    return {
        "entities": summary.n_entities,
        "statements": summary.n_statements,
        "documents": summary.n_documents,
        "evidences": summary.n_evidence,
        "communities": len(summary.communities),
        "components": summary.n_components,
        "density": summary.density,
    }


def _entity(standing: "Standing") -> dict[str, Any]:
    return {"entity": standing.label, **{name: getattr(standing, name) for name in _MEASURES}}


def _community(community: "Community") -> dict[str, Any]:
    from kg.analysis.tables import members_of

    return {"members": members_of(community), "size": community.size, "density": community.density}


def _values(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if not isinstance(value, str))


def _cells(row: dict[str, Any]) -> list[str]:
    return [f"{value:.4f}" if isinstance(value, float) else str(value) for value in row.values()]
