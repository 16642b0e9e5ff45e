"""Stores: statements in, answers out.

The journal (`journal.py`) is the truth: what each document said. A store is derived from it and can be made again:
`rdf.publish` makes the RDF store of a graph folder, `loading.load` brings a property graph to what the journal says.
However it is filled, a store is a class that satisfies `Store`: given the same journal, two stores hold equal statements.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from kg.model import Statement


class Store(Protocol):
    """What every store can do."""

    def ask(self, query: str, /) -> Iterable[Sequence[Any]]:
        """The rows that answer a query in the language of the store."""

    def statements(self) -> Iterator[Statement]:
        """All statements with their evidence, sorted by id."""

    def labels(self, label: str | None = None, /) -> Iterator[tuple[str, str]]:
        """(IRI, label) of the entities of this label, or of all."""
