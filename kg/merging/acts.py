"""What is merged, why, and what people have decided about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from kg import ids
from kg.model import Entity

SURE = 0.9
"""The score from which entities are merged without being asked about."""

CONCEPTS = ids.BASE + "concept/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity as documents describe it, as far as it is compared."""

    iri: str
    type: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    is_known: bool = False  # it has an id elsewhere, or the knowledge base has other names of it
    country: str | None = None

    @property
    def label(self) -> str:
        """The shortest of its labels, then the first."""
        return min(self.labels, key=lambda label: (len(label), label))

    @property
    def is_concept(self) -> bool:
        return self.iri.startswith(CONCEPTS)


def named(versions: Iterable[Entity]) -> Named:
    """The versions of one IRI as one."""
    found = list(versions)
    first = min(found, key=lambda e: (e.label, e.type, repr(e)))
    aliases = {alias for e in found for alias in e.aliases}
    return Named(
        iri=first.iri,
        type=first.type,
        labels=tuple(sorted({e.label for e in found})),
        aliases=tuple(sorted(aliases)),
        is_known=any(_is_known(e) for e in found),
        country=min((e.country for e in found if e.country), default=None),
    )


def _is_known(entity: Entity) -> bool:
    """Whether it is more than a name: acronyms that a text introduces are all that a name has besides."""
    if entity.iri.startswith(CONCEPTS):
        return bool(entity.same_as)
    return bool(
        entity.same_as
        or entity.country
        or any(not alias.isupper() for alias in entity.aliases)
        or (entity.iri != ids.entity_iri(entity.type, entity.label)
        and ids.slug(entity.label) != entity.iri.rsplit("/", 1)[-1])
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Act:
    """Two entities that are, or may be, one; `left` is the first of their IRIs."""

    left: str
    right: str
    left_label: str
    right_label: str
    kind: str  # exact, alias, acronym, ...: what `pairing` says
    reason: str
    score: float

    @property
    def id(self) -> str:
        """Eight hexadecimal digits that the two IRIs alone decide."""
        return ids.digest(self.left, self.right)[:8]

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id} | {name: getattr(self, name) for name in _FIELDS}

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Act":
        return Act(**{name: data[name] for name in _FIELDS})


_FIELDS = ("left", "right", "left_label", "right_label", "kind", "reason", "score")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people have decided: pairs of IRIs that are one, and pairs that are not. The last word on a pair counts."""

    together: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()

    @staticmethod
    def replayed(records: Iterable[Mapping[str, Any]]) -> "Decisions":
        """
        Args:
            records: In the order in which they were made; `act` is accept, merge, reject, split or undo, which takes
                back the record of the number `of`.
        """
        kept: list[Mapping[str, Any]] = []
        for record in records:
            if record["act"] == "undo":
                kept = [other for other in kept if other["number"] != record["of"]]
            else:
                kept.append(record)
        found = {pair: record["act"] in ("accept", "merge") for record in kept for pair in pairs_of(record)}
        return Decisions(frozenset(p for p, is_one in found.items() if is_one),
                         frozenset(p for p, is_one in found.items() if not is_one))  # fmt: skip


def pairs_of(record: Mapping[str, Any]) -> list[Pair]:
    """The pairs that a decision is about: each of `iris` with each of `others`, else with each other of `iris`."""
    iris, others = record["iris"], record.get("others")
    return sorted({(min(a, b), max(a, b)) for a, b in product(iris, others or iris) if a != b})
