"""Stores: statements in, answers out.

The journal (`journal.py`) is the truth: what each document said. A store is derived from it and can be made again.
A store is a class that satisfies `Store`; it is given consolidated statements and gives the same ones back.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from kg.model import Document, Statement


class Store(Protocol):
    """What every store can do."""

    def add(self, statements: Iterable[Statement], documents: Iterable[Document] = ()) -> None:
        """Take in statements and the documents of their evidence; evidence that is there already stays as it is."""

    def withdraw(self, document_id: str) -> object:
        """Take out a document and its evidence; a statement goes with its last evidence, never before."""

    def ask(self, query: str) -> Iterator[Sequence[Any]]:
        """The rows that answer a query in the language of the store."""

    def statements(self) -> Iterator[Statement]:
        """All statements with their evidence, sorted by id."""
