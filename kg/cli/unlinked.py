"""Names that are not in the knowledge base, and what they may be: `kg review --unlinked`."""

import json
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg import ids
from kg.cli.options import Shape
from kg.cli.printing import print_rows

if TYPE_CHECKING:
    from kg.linking.knowledge import Knowledge
    from kg.model import Entity
    from kg.stores.reviewing import Unlinked

_SHORT = "entity/"


@cache
def _knowledge() -> "Knowledge":
    from kg import resources
    from kg.linking import knowledge

    return knowledge.build(knowledge.records(resources.folder("ontology") / "knowledge"))


def known_iri(name: str) -> str | None:
    """The IRI of the knowledge base that is written so, whole or from `entity/` on; None of any other name."""
    iri = ids.BASE + name if name.startswith(_SHORT) else name
    return iri if iri.startswith(ids.BASE + _SHORT) and iri in _knowledge().iris else None


def known_among(iris: Iterable[str]) -> "list[Entity]":
    """Those of the IRIs that the knowledge base has."""
    wanted = set(iris)
    senses = (sense for found in _knowledge().senses.values() for sense in found)
    return list({s.entity.iri: s.entity for s in senses if s.entity.iri in wanted}.values())


def print_unlinked(graph: Path, limit: int, format: Shape) -> None:
    from kg import ontology
    from kg.linking.nearby import Nearby
    from kg.stores import reviewing
    from kg.stores.journal import Journal

    nearby = Nearby(_knowledge(), ontology.load())
    with Journal.open(graph, read_only=True) as journal:
        listed = list(islice(reviewing.unlinked(journal, _knowledge().iris), limit + 1))
    rows = [_record(item, nearby.candidates(item.entity)) for item in listed[:limit]]
    if format is Shape.JSON:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    print_rows(("name", "class", "documents", "may be", "sentence"), [_row(record) for record in rows], format)
    if format is Shape.TABLE and len(listed) > limit:
        typer.echo("there are more; --limit shows them")


def _record(item: "Unlinked", candidates: "list[tuple[Entity, float]]") -> dict[str, Any]:
    return {
        "iri": item.entity.iri, "label": item.entity.label, "type": ids.predicate_name(item.entity.type),
        "n_documents": item.n_documents, "sentence": item.sentence,
        "candidates": [{"iri": e.iri, "label": e.label, "score": score} for e, score in candidates],
    }  # fmt: skip


def _row(record: dict[str, Any]) -> tuple[Any, ...]:
    known = "; ".join(f"{c['label']} ({c['iri'].removeprefix(ids.BASE)}, {c['score']:.2f})" for c in record["candidates"])
    return record["label"], record["type"], record["n_documents"], known, record["sentence"]
