"""What documents leave unsaid, as it is shown and written: the report of `kg extract` and `kg build`."""

import json
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

import typer

from kg.cli.printing import print_table
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.abstention import Abstention, Counts

_LONGEST = 160  # characters of a sentence in a table


class Report:
    """Tables on standard error, JSON Lines in a file, or both, a document at a time; the counts at the end.

    Args:
        file: Where the lines go; None for nowhere.
        is_shown: Whether tables are printed.

    Raises:
        UsageError: when the file cannot be written.
    """

    def __init__(self, file: Path | None, *, is_shown: bool) -> None:
        self.is_shown = is_shown
        self._counts: Counts | None = None
        self._out: TextIO | None = None
        try:
            self._out = file.open("w", encoding="utf-8") if file is not None else None
        except OSError as error:
            raise UsageError(f"{file}: the report cannot be written there: {error.strerror}") from error

    @property
    def is_wanted(self) -> bool:
        return self.is_shown or self._out is not None

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and self.is_wanted:
            self._end()
        if self._out is not None:
            self._out.close()

    def document(self, found: "Abstention") -> None:
        """Take in what one more document leaves unsaid."""
        from kg import abstention

        self._counts = found.counts + (self._counts or abstention.Counts())
        if self._out is not None:
            self._out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in abstention.records(found))
        if self.is_shown:
            _print(found)

    def _end(self) -> None:
        if self._counts is None:
            return
        n = self._counts
        typer.echo(
            f"kg: {n.n_sentences} sentences: {n.n_with_statements} with statements, {n.n_unsaid} with a word that states "
            f"relations and none; {n.n_unresolved} mentions unresolved", err=True,
        )  # fmt: skip


def _print(found: "Abstention") -> None:
    typer.echo(f"{found.document_id}: left unsaid", err=True)
    mentions = [(m.text, str(m.kind), m.type, _why(m), f"{m.span.start}-{m.span.end}", _short(m.sentence)) for m in found.mentions]
    if mentions:
        print_table(("mention", "kind", "class", "why unresolved", "characters", "sentence"), mentions, is_error=True)
        typer.echo(err=True)
    words = [(s.trigger_text, s.relation, _why_not(s), f"{s.span.start}-{s.span.end}", _short(s.sentence)) for s in found.sentences]
    if words:
        print_table(("word", "relation", "why no statement", "characters", "sentence"), words, is_error=True)
        typer.echo(err=True)


def _why(mention: Any) -> str:
    names = ", ".join(entity.label for entity in mention.candidates)
    return f"{mention.doubt}: {names}" if names else str(mention.doubt)


def _why_not(unsaid: Any) -> str:
    lacks = "; ".join(map(str, unsaid.lacks))
    near = unsaid.near
    return f"{lacks}; below floor: {near.subject} {near.relation} {near.object} ({near.probability:.2f})" if near else lacks


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1] + "…"
