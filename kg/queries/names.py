"""Entities by name: the IRI behind a label, an alias or an IRI, in whatever store knows names."""

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from kg.errors import UnknownName

_N_NEAR = 5
_MOST_LETTERS_OFF = 3
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")


class Names(Protocol):
    """A store that knows its entities by name."""

    def labels(self, label: str | None = None, /) -> Iterator[tuple[str, str]]:
        """(IRI, label) of whatever has this label, or any."""

    def aliases(self, alias: str | None = None, /) -> Iterator[tuple[str, str]]:
        """(IRI, alias) of whatever has this other name, or any."""

    def same_as(self, iri: str, /) -> Iterator[str]:
        """The IRIs of what has this IRI as another of its own."""

    def is_entity(self, iri: str, /) -> bool:
        """Whether a statement or an evidence names it."""

    def holds(self, iri: str, /) -> bool:
        """Whether it is there at all."""

    def n_statements(self, iri: str, /) -> int:
        """How many statements have it on either side."""


def resolve(store: Names, name: str) -> str:
    """The IRI of the entity of that label, alias or IRI.

    A label goes before an alias, the very letters before other capitals; among equals the entity with most
    statements.

    Raises:
        UnknownName: when there is none; the message names those that come near.
    """
    if is_iri(name):
        # One that was merged into another is the other's too.
        for iri in (name, *sorted(store.same_as(name))):
            if store.holds(iri):
                return iri
    for candidates in _candidates(store, name):
        entities = sorted({iri for iri in candidates if store.is_entity(iri)})
        if len(entities) > 1:
            return min(entities, key=lambda iri: (-store.n_statements(iri), iri))
        if entities:
            return entities[0]
    raise UnknownName(f"{name}: no entity of this graph has this name{_suggestion(store, name)}")


def is_iri(text: str) -> bool:
    return _IRI.fullmatch(text) is not None


def _candidates(store: Names, name: str) -> Iterator[list[str]]:
    """The IRIs that go by the name, the better ways of doing so first."""
    yield [iri for iri, _ in store.labels(name)]
    yield [iri for iri, _ in store.aliases(name)]
    folded = name.casefold()
    yield [iri for iri, label in store.labels() if label.casefold() == folded]
    yield [iri for iri, alias in store.aliases() if alias.casefold() == folded]


def _suggestion(store: Names, name: str) -> str:
    """How the message goes on: with names that are spelt like this one or hold a word of it."""
    names = {label.casefold(): (label, iri) for iri, label in sorted([*store.labels(), *store.aliases()], reverse=True)}
    near = [names[folded] for folded in _near(name.casefold(), names)]
    labels = list(islice((label for label, iri in near if store.is_entity(iri)), _N_NEAR))
    return f"; near it are {', '.join(labels)}" if labels else "; `kg query GRAPH strongest` shows what it holds"


def _near(name: str, names: Iterable[str]) -> list[str]:
    """The names spelt like it, the nearest first, then those that share a word, the shortest first."""
    known = list(names)
    comparable = [n for n in known if n[:1] == name[:1] and abs(len(n) - len(name)) <= _MOST_LETTERS_OFF]
    words = {word for word in re.findall(r"\w+", name) if len(word) > 3}
    sharing = sorted((n for n in known if words & set(re.findall(r"\w+", n))), key=lambda n: (len(n), n))
    return list(dict.fromkeys([*difflib.get_close_matches(name, comparable, _N_NEAR), *sharing[: 4 * _N_NEAR]]))
