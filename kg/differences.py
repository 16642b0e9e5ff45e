"""What came, went or changed between two graphs, or in one since a day."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from kg.model import Statement
from kg.stores.journal import Journal
from kg.stores.merged import merged


class Change(StrEnum):
    """What happened to a statement."""

    CAME = "came"
    WENT = "went"
    MODALITY = "modality"  # it is put more or less firmly
    BELIEF = "belief"  # it has more or less support


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One statement that is not in both graphs alike; of what is gone since a day the sentences are gone too."""

    change: Change
    before: Statement | None
    after: Statement | None

    @property
    def statement(self) -> Statement:
        """As it is now, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found


def between(before: Path, after: Path) -> Iterator[Difference]:
    """How the second graph differs from the first, sorted by the ids of the statements.

    Raises:
        GraphError: when one of them is no graph.
    """
    with ExitStack() as opened:
        journals = [opened.enter_context(Journal.open(folder, read_only=True)) for folder in (before, after)]
        old, new = (opened.enter_context(merged(journal)) for journal in journals)
        yield from _differences(old.statements(), new.statements())


def since(graph: Path, moment: date | datetime) -> Iterator[Difference]:
    """How the graph differs from what it was at that moment; of a day without a time, at its start (UTC).

    What counts is when documents were taken in, changed and withdrawn, not when they were published.
    """
    with Journal.open(graph, read_only=True) as journal, journal.snapshot(), ExitStack() as opened:
        old = opened.enter_context(merged(journal, at=moment.isoformat()))
        new = opened.enter_context(merged(journal))
        yield from _differences(old.statements(), new.statements())


def _differences(before: Iterable[Statement], after: Iterable[Statement]) -> Iterator[Difference]:
    """Two streams sorted by id, walked side by side."""
    old, new = iter(before), iter(after)
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.id < other.id):
            yield Difference(change=Change.WENT, before=one, after=None)
            one = next(old, None)
        elif one is None or other.id < one.id:
            yield Difference(change=Change.CAME, before=None, after=other)
            other = next(new, None)
        else:
            if one.modality is not other.modality:
                yield Difference(change=Change.MODALITY, before=one, after=other)
            elif one.belief != other.belief:
                yield Difference(change=Change.BELIEF, before=one, after=other)
            one, other = next(old, None), next(new, None)
