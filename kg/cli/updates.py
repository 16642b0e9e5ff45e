"""What changes: `kg forget` and `kg diff`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg import api
from kg.cli.app import app
from kg.cli.options import Graph, Shape
from kg.cli.printing import print_rows
from kg.errors import UsageError
from kg.model import label_of

if TYPE_CHECKING:
    from kg.differences import Difference


@app.command(
    epilog="Examples: `kg forget graph https://news.example/a`, `kg forget graph --publisher 'The Example' --dry-run`."
)
def forget(
    graph: Graph,
    documents: Annotated[
        list[str] | None, typer.Argument(help="Ids or addresses of documents.", show_default=False)
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="All documents of this publisher.", show_default=False)] = None,
    no_trace: Annotated[
        bool, typer.Option("--no-trace", help="Keep nothing of them for `kg diff --since` either.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Withdraw documents: their evidence goes, and with its last evidence a statement; what others say too stays."""
    found = api.forget(graph, documents or (), publisher=publisher, leave_trace=not no_trace, dry_run=dry_run)
    rows = [(d.id, d.title, d.publisher, d.published) for d in found.documents]
    print_rows(("document", "title", "publisher", "published"), rows, Shape.TABLE)
    would = "would go" if dry_run else "gone"
    typer.echo(
        f"{len(found.documents)} documents {would}, and with them {found.n_gone} statements; "
        f"{found.n_kept} statements are kept on the word of others"
    )
    if not dry_run:
        typer.echo("a database into which the graph was loaded follows with the next `kg load`", err=True)


@app.command(epilog="Examples: `kg diff last-week today`, `kg diff graph --since 2026-11-01 --format csv`.")
def diff(
    graph: Graph,
    other: Annotated[
        Path | None, typer.Argument(help="The graph to compare it with: what is in it came.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Compare the graph with itself at this day or time (UTC), 2026-11-01.", show_default=False),
    ] = None,
    format: Annotated[Shape, typer.Option(help="How to print it.")] = Shape.TABLE,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where anything differs.")] = False,
) -> None:
    """Print the statements that came, went, or changed modality or belief."""
    counts: Counter[str] = Counter()
    rows = list(_rows(_differences(graph, other, since), counts))
    print_rows(_COLUMNS, rows, format)
    if format is Shape.TABLE:
        typer.echo(", ".join(f"{counts[kind]} {kind}" for kind in ("came", "went", "modality", "belief")))
    if exit_code and rows:
        raise typer.Exit(1)


_COLUMNS = ("change", "subject", "relation", "object", "polarity", "modality", "was", "belief", "belief_was", "id")


def _differences(graph: Path, other: Path | None, since: str | None) -> "Iterator[Difference]":
    if (other is None) == (since is None):
        raise UsageError("name a second graph to compare with, or a day with --since")
    return api.diff(graph, other) if other is not None else api.diff(graph, since=_moment(str(since)))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--since {text}: neither a day nor a time; write it as 2026-11-01 or 2026-11-01T09:30"
        ) from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _rows(differences: "Iterable[Difference]", counts: Counter[str]) -> Iterator[tuple[Any, ...]]:
    from kg import ids

    for found in differences:
        counts[found.change] += 1
        statement, was = found.statement, found.before if found.after is not None else None
        yield (
            str(found.change), statement.subject.label, ids.predicate_name(statement.predicate),
            label_of(statement.object), str(statement.polarity), str(statement.modality),
            str(was.modality) if was is not None else None, statement.belief,
            was.belief if was is not None else None, statement.id,
        )  # fmt: skip
