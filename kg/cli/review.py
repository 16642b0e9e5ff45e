"""What people decide about entities: `kg review`."""

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import app
from kg.cli.options import Graph, Shape
from kg.cli.printing import print_rows
from kg.cli.unlinked import known_among, known_iri, print_unlinked
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.stores.journal import Journal
    from kg.stores.reviewing import Item


class Action(StrEnum):
    """What is decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


@app.command(
    epilog="Examples: `kg review graph`, `kg review graph --list --kind surname`, `kg review graph accept 3f2a9c01`, "
    "`kg review graph accept --kind surname --floor 0.65`, `kg review graph merge 'Acme' 'Acme Holding'`, "
    "`kg review graph split 'Acme'`, `kg review graph undo`; `kg review graph --unlinked`, then "
    "`kg review graph merge 'Acme Bank' entity/organization/Q123`."
)
def review(
    graph: Graph,
    action: Annotated[
        Action | None, typer.Argument(help="accept, reject, merge, split or undo; without it you are asked.", show_default=False)
    ] = None,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids of proposals to accept or reject; names or IRIs of entities to merge; an entity to split, and the "
            "IRIs that leave it.",
            show_default=False,
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list what waits for a decision.")] = False,
    merged: Annotated[bool, typer.Option("--merged", help="List what is merged, and why.")] = False,
    unlinked: Annotated[
        bool,
        typer.Option("--unlinked", help="List names that are not in the knowledge base, those that most documents name first, "
                     "with what is known by a similar name."),
    ] = False,
    kind: Annotated[list[str] | None, typer.Option(help="Only proposals of this kind; repeatable.", show_default=False)] = None,
    floor: Annotated[float, typer.Option(min=0, max=1, help="Only proposals of this score or more.")] = 0.0,
    limit: Annotated[int, typer.Option(min=1, help="List at most this many.")] = 100,
    format: Annotated[Shape, typer.Option(help="How to print the list.")] = Shape.TABLE,
) -> None:
    """Decide which entities are one thing: accept, reject, merge, split; undo takes the last decision back.

    Decisions are kept in decisions.jsonl in the graph folder and count at every build; the graph follows at once, a
    database into which it was loaded with the next `kg load`.
    """
    from kg.stores import reviewing
    from kg.stores.folder import described
    from kg.stores.journal import Journal

    described(graph)  # opening for writing would make a folder
    if unlinked:
        print_unlinked(graph, limit, format)
        return
    if merged or list_ or (action is None and not _is_terminal()):
        with Journal.open(graph, read_only=True) as journal:
            if merged:
                _print_merged(journal, limit, format)
            else:
                _print_waiting(reviewing.waiting(journal, kinds=kind or (), floor=floor), limit, format)
        return
    with Journal.open(graph) as journal:
        if action is None:
            _ask(journal, reviewing.waiting(journal, kinds=kind or (), floor=floor))
        else:
            typer.echo(_decide(journal, action, what or [], kind or [], floor))
        _publish(journal)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _publish(journal: "Journal") -> None:
    from kg.cli.printing import Progress
    from kg.stores import rdf

    with Progress(quiet=False, reading=False) as progress:
        rdf.publish(journal, progress=progress.publishing)


# ---- one decision


def _decide(journal: "Journal", action: Action, what: list[str], kinds: list[str], floor: float) -> str:
    """What was decided, in words."""
    from kg.stores import reviewing

    if action in (Action.ACCEPT, Action.REJECT):
        if not what and not kinds and not floor:
            raise UsageError(f"name the ids to {action}, or a --kind or --floor of those meant")
        acts = reviewing.proposed(journal, what) if what else [
            item.act for item in reviewing.waiting(journal, kinds=kinds, floor=floor)]  # fmt: skip
        return f"{reviewing.decide(journal, action, acts)} proposals: {action}ed"
    if action is Action.UNDO:
        last = reviewing.undo(journal)
        return f"taken back: {last['act']} {', '.join(last.get('labels') or last['iris'])}"
    if not what:
        raise UsageError(f"name the entities to {action}")
    iris = _iris(journal, what)
    if action is Action.MERGE:
        reviewing.merge(journal, iris, known=known_among(iris))
        return f"{len(iris)} entities are one"
    return f"{reviewing.split(journal, iris)} entities in the place of one"


def _iris(journal: "Journal", names: Sequence[str]) -> list[str]:
    """The IRIs of these entities; one that was merged keeps its own."""
    from kg.queries import names as naming
    from kg.stores import rdf

    with rdf.open_graph(journal.folder) as store:
        return [known_iri(name) or (name if journal.target_of(name) else naming.resolve(store, name)) for name in names]


# ---- asking


def _ask(journal: "Journal", items: "Sequence[Item]") -> None:
    """Show one after the other with what is said of both, and keep each answer."""
    from kg.stores import reviewing

    answers = {"a": "accept", "r": "reject"}
    for n, item in enumerate(items, 1):
        _show(journal, item, f"{n} of {len(items)}")
        answer = ""
        while answer not in {"a", "r", "s", "q"}:
            answer = typer.prompt("one thing? [a]ccept, [r]eject, [s]kip, [q]uit", default="s").strip().lower()[:1]
        if answer == "q":
            break
        if answer in answers:
            reviewing.decide(journal, answers[answer], [item.act])
    typer.echo("nothing more waits for a decision" if not items else "decisions are kept; the graph follows")


def _show(journal: "Journal", item: "Item", place: str) -> None:
    from kg.stores import reviewing

    act = item.act
    typer.echo(f"\n{place}  {act.id}  {act.kind}, score {act.score:.2f}: {act.reason}")
    for label, iri, n in zip((act.left_label, act.right_label), (act.left, act.right), item.n_documents, strict=True):
        typer.secho(f"  {label}", bold=True, nl=False)
        typer.echo(f"  {iri}  ({n} document{'s' if n != 1 else ''})")
        for sentence in reviewing.sentences(journal, iri):
            typer.echo(f"    “{sentence}”")


# ---- lists


def _print_waiting(items: "Sequence[Item]", limit: int, format: Shape) -> None:
    if format is Shape.JSON:
        typer.echo(json.dumps([item.as_dict() for item in items[:limit]], ensure_ascii=False, indent=2))
        return
    rows = [(i.act.id, i.act.kind, i.act.left_label, i.act.right_label, i.act.reason, f"{i.act.score:.2f}",
             "+".join(map(str, i.n_documents))) for i in items[:limit]]  # fmt: skip
    print_rows(("id", "kind", "left", "right", "why", "score", "documents"), rows, format)
    if format is Shape.TABLE and len(items) > limit:
        typer.echo(f"{len(items) - limit} more; --limit shows them")


def _print_merged(journal: "Journal", limit: int, format: Shape) -> None:
    from kg.stores import reviewing

    found = reviewing.merged(journal)
    if format is Shape.JSON:
        typer.echo(json.dumps([{"into": into, **act.as_dict()} for into, act in found[:limit]], ensure_ascii=False, indent=2))
        return
    rows = [(a.kind, a.left_label, a.right_label, a.reason, f"{a.score:.2f}", into) for into, a in found[:limit]]
    print_rows(("kind", "left", "right", "why", "score", "into"), rows, format)
    if format is Shape.TABLE and len(found) > limit:
        typer.echo(f"{len(found) - limit} more; --limit shows them")
