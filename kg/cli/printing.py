"""How rows, statements and progress are shown."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import typer

from kg.cli.options import Shape
from kg.model import label_of


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], shape: Shape) -> None:
    if shape is Shape.JSON:
        typer.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif shape is Shape.CSV:
        import csv

        csv.writer(sys.stdout).writerows([columns, *rows])
    else:
        print_table(columns, rows)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, is_error: bool = False) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    stream = sys.stderr if is_error else sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else 200)
    console.print(table)
    if not rows:
        console.print("(nothing)")


def print_entity(view: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    from kg import ids

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    entity = view.entity
    console.print(
        Text(f"{entity.label}", style="bold"), Text(f"({ids.predicate_name(entity.type)})  {entity.iri}", style="dim")
    )
    for names, title in ((entity.aliases, "also"), (entity.same_as, "same as")):
        if names:
            console.print(Text(f"{title}: {', '.join(names)}", style="dim"))
    for statement in view.statements:
        console.print()
        console.print(_headline(statement))
        for evidence in statement.evidence:
            console.print(Text(f"    “{' '.join(evidence.quote.split())}”"))
            console.print(Text(f"      {_where(evidence, view.documents[evidence.document_id])}", style="dim"))
    if view.n_statements > len(view.statements):
        console.print(f"\n{view.n_statements - len(view.statements)} more; --limit shows them")


def _headline(statement: Any) -> Any:
    from rich.text import Text

    from kg import ids

    denied = "not " if statement.polarity == "negative" else ""
    target = label_of(statement.object)
    said = Text(f"{statement.subject.label} ") + Text(
        f"{denied}{ids.predicate_name(statement.predicate)}", style="bold"
    )
    n_documents, n_independent = len({e.document_id for e in statement.evidence}), statement.n_independent
    counted = f"{n_documents} document{'s' if n_documents > 1 else ''}"
    if n_documents > 1 and n_independent is not None:
        counted += f", {n_independent} independent"
    return said + Text(f" {target}") + Text(f"   [{statement.modality}, belief {statement.belief or 0:.2f}, "
                                            f"{counted}]", style="dim")  # fmt: skip


def _where(evidence: Any, document: Any) -> str:
    named = [str(part) for part in (document.title or document.id, document.publisher, document.published) if part]
    place = f"characters {evidence.sentence.start}-{evidence.sentence.end}"
    parts = [*named, place, str(evidence.modality)]
    if evidence.attribution is not None:
        source = evidence.attribution.source
        parts.append(f"said by {source.label if source is not None else 'an unnamed source'}")
    return ", ".join([*parts, evidence.extractor])


def print_failures(failures: Sequence[Any]) -> None:
    for failure in failures:
        typer.echo(f"kg: not taken in: {failure.error}", err=True)
    if failures:
        typer.echo(f"kg: {len(failures)} documents failed", err=True)


class Progress:
    """A progress bar on standard error, and the counts that the summary shows."""

    def __init__(self, *, quiet: bool, reading: bool = True) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.bar = Bar(*columns, console=console, disable=quiet or not console.is_terminal)
        self._documents = self.bar.add_task("reading", total=None) if reading else None
        self._store: Any = None
        self._bytes: Any = None

    def __enter__(self) -> "Progress":
        self.bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.bar.stop()

    def document(self, outcome: Any) -> None:
        """Count one more document."""
        if self._documents is not None:
            self.bar.advance(self._documents)

    def bytes_read(self, done: int, total: int | None) -> None:
        """Show how far a file is read, in mebibytes."""
        if self._bytes is None:
            self._bytes = self.bar.add_task("reading (MiB)", total=None)
        self.bar.update(self._bytes, completed=done >> 20, total=None if total is None else max(1, total >> 20))

    def publishing(self, done: int, total: int) -> None:
        """Show how far the store is written."""
        if self._store is None:
            if self._documents is not None:
                self.bar.update(self._documents, total=self.bar.tasks[0].completed)
            self._store = self.bar.add_task("writing", total=total)
        self.bar.update(self._store, completed=done, total=total)
