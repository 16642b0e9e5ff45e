"""Arguments and options that several commands share."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.errors import UsageError

Inputs = Annotated[
    list[str],
    typer.Argument(help="Files, folders, globs, - for standard input, http(s) addresses.", show_default=False),
]
Graph = Annotated[Path, typer.Argument(help="The graph folder.", show_default=False)]
Model = Annotated[str, typer.Option(help="A pipeline of ours, an installed spaCy package, or a folder.")]
Ontology = Annotated[
    list[Path] | None,
    typer.Option("--ontology", help="A file (.ttl) or patterns (.yaml, folder) that extend ours; repeatable."),
]
BaseOntology = Annotated[
    Path | None,
    typer.Option(
        "--replace-ontology", help="An RDF file of classes and relations in place of ours.", show_default=False
    ),
]
Knowledge = Annotated[
    list[Path] | None,
    typer.Option(
        "--kb", help="A file of entities of yours (.jsonl, .csv, .ttl) to link beside the ones we know; repeatable.",
        show_default=False,
    ),
]  # fmt: skip
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes that analyse. [default: one a core]", show_default=False)
]
MaxSize = Annotated[int, typer.Option(min=1, help="Refuse documents over this many bytes.")]

ReportFile = Annotated[
    Path | None,
    typer.Option(
        help="Write there, as JSON Lines, what documents leave unsaid and why: mentions that stand for nothing known, "
        "sentences that state relations and gave no statement.",
        show_default=False,
    ),
]


class Shape(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Language(StrEnum):
    """What a query is written in."""

    SPARQL = "sparql"
    CYPHER = "cypher"


class StatementShape(StrEnum):
    """How statements are printed."""

    JSONL = "jsonl"
    TABLE = "table"


def settings_of(
    model: str, ontology: Sequence[Path] | None, base: Path | None, extractors: tuple[str, ...] = ("patterns",),
    *, knowledge: Sequence[Path] | None = None,
) -> Any:  # fmt: skip
    from kg.pipeline import Settings

    for path in [*(ontology or ()), *([base] if base else [])]:
        if not path.exists():
            raise UsageError(f"{path}: no such ontology file")
    for path in knowledge or ():
        if not path.is_file():
            raise UsageError(f"{path}: no such file; --kb takes a .jsonl, .csv or .ttl file of entities")
    return Settings(model=model, ontology=tuple(ontology or ()), base_ontology=base, extractors=extractors,
                    knowledge=tuple(knowledge or ()))  # fmt: skip


def pairs(params: Sequence[str]) -> Iterator[tuple[str, str]]:
    for param in params:
        name, separator, value = param.partition("=")
        if not separator:
            raise UsageError(f"--param {param}: write it as name=value")
        yield name, value
