"""Knowledge bases of the user's own: `kg kb`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import app
from kg.cli.options import Shape
from kg.cli.printing import Progress, print_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.linking.wikidata import Counts

kb_app = typer.Typer(
    no_args_is_help=True,
    help="Entities of your own, for `--kb` of `kg build` and `kg extract`.",
    epilog="Example: `kg kb convert latest-all.json.gz --to firms.jsonl --type Company`.",
)
app.add_typer(kb_app, name="kb")


@kb_app.command(
    epilog="Examples: `kg kb convert latest-all.json.bz2 --to firms.jsonl --type Company`, "
    "`kg kb convert latest-all.json.gz --dry-run --limit 1000`, `lbzcat latest-all.json.bz2 | kg kb convert - --to all.jsonl`. "
    "Then `kg build articles/ --into graph --kb firms.jsonl`."
)
def convert(
    dump: Annotated[str, typer.Argument(help="A Wikidata dump (JSON; plain, .gz or .bz2), or - for standard input.", show_default=False)],
    to: Annotated[Path | None, typer.Option(help="The file to write, a .jsonl.", show_default=False)] = None,
    type: Annotated[
        list[str] | None,
        typer.Option(help="Keep only this class of the ontology and those below it; repeatable.", show_default=False),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop when so many are kept.", show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be kept.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no table.")] = False,
) -> None:
    """Make a file for `--kb` of a Wikidata dump: people, organizations, countries, places, laws, products and more.

    What is kept, and as which class, is in `ontology/wikidata.yaml`. A dump is read from front to back, line by line.
    """
    from kg import ontology
    from kg.linking import wikidata

    if not dry_run and (to is None or to.suffix != ".jsonl"):
        raise UsageError("name the file to write: --to FILE.jsonl; or only count with --dry-run")
    with Progress(quiet=quiet, reading=False) as progress:
        counts = wikidata.convert(dump, None if dry_run else to, ontology=ontology.load(), types=type or (), limit=limit,
                                  progress=progress.bytes_read)  # fmt: skip
    if not quiet:
        print_rows(("class", "entities"), sorted(counts.kept.items()), Shape.TABLE)
        typer.echo(f"{counts.n_kept} of {counts.n_items} entities {'would be kept' if dry_run else f'written to {to}'}")
    _print_bad(counts)


def _print_bad(counts: "Counts") -> None:
    for line in counts.bad:
        typer.echo(f"kg: passed over {line}", err=True)
    if counts.n_bad:
        typer.echo(f"kg: {counts.n_bad} bad lines passed over", err=True)
        raise typer.Exit(1)
