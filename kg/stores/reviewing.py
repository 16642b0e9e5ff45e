"""What waits for somebody's decision, what was merged, and decisions as they are made."""

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kg import consolidation, ids
from kg.errors import UsageError
from kg.merging import Act
from kg.model import Entity
from kg.stores import decisions
from kg.stores.codec import encode_entity
from kg.stores.journal import Journal

_NAMES, _PHRASE = ids.BASE + "entity/", ids.ONTOLOGY + "Phrase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Two entities that may be one, or that are."""

    act: Act
    n_documents: tuple[int, int]
    """How many documents name the one and the other."""

    def as_dict(self) -> dict[str, Any]:
        return self.act.as_dict() | {"n_documents": list(self.n_documents)}


def waiting(journal: Journal, *, kinds: Sequence[str] = (), floor: float = 0.0) -> list[Item]:
    """What waits for a decision, the likeliest and most named first.

    Args:
        kinds: Only these; all where none is named.
        floor: The lowest score.
    """
    acts = (Act.of(json.loads(data)) for (data,) in journal.rows("SELECT act FROM proposal"))
    found = [_item(journal, act) for act in acts if (not kinds or act.kind in kinds) and act.score >= floor]
    return sorted(found, key=lambda item: (-item.act.score, -min(item.n_documents), -sum(item.n_documents), item.act))


def merged(journal: Journal) -> list[tuple[str, Act]]:
    """What is merged: the IRI that the two go by, and the act, sorted."""
    rows = journal.rows("SELECT target, act FROM merged ORDER BY target, iri")
    return list(dict.fromkeys((target, Act.of(json.loads(act))) for target, act in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """An entity that was made from a name of the text."""

    entity: Entity
    n_documents: int
    sentence: str | None
    """One that speaks of it."""


def unlinked(journal: Journal, known: Container[str]) -> Iterator[Unlinked]:
    """The entities that names were made into, those that most documents name first.

    Args:
        known: The IRIs of the knowledge base.
    """
    sql = (
        "SELECT iri, count(DISTINCT document) FROM version JOIN naming ON naming.version = version.number "
        "GROUP BY iri ORDER BY 2 DESC, iri"
    )
    for iri, n_documents in journal.rows(sql):
        entity = journal.entity(iri) if iri not in known and iri.startswith(_NAMES) else None
        if entity is not None and entity.type != _PHRASE:
            sentence = next(iter(sentences(journal, iri, limit=1)), None)
            yield Unlinked(entity=entity, n_documents=n_documents, sentence=sentence)


def members(journal: Journal, iri: str) -> list[str]:
    """The IRIs that documents give the entity that goes by this one; one where nothing is merged."""
    target = journal.target_of(iri) or iri
    others = [other for (other,) in journal.rows("SELECT iri FROM merged WHERE target = ? ORDER BY iri", (target,))]
    return [target, *others]


def sentences(journal: Journal, iri: str, *, limit: int = 2) -> list[str]:
    """Some of the sentences that speak of what documents give this IRI."""
    return list(islice(dict.fromkeys(_sentences(journal, iri)), limit))


def _sentences(journal: Journal, iri: str) -> Iterator[str]:
    target = journal.target_of(iri) or iri
    rows = journal.rows(
        "SELECT DISTINCT id FROM document JOIN naming ON naming.document = document.number "
        "JOIN version ON version.number = naming.version WHERE own = ? ORDER BY id LIMIT 5", (iri,))  # fmt: skip
    for (id,) in rows.fetchall():
        for statement in (journal.said_by(id) or (None, []))[1]:
            if any(entity.iri == target for entity, _ in consolidation.versions(statement)):
                yield from (" ".join(evidence.quote.split()) for evidence in statement.evidence)


def _item(journal: Journal, act: Act) -> Item:
    sql = "SELECT count(DISTINCT document) FROM naming JOIN version ON number = naming.version WHERE own = ?"
    one, other = (journal.rows(sql, (iri,)).fetchone()[0] for iri in (act.left, act.right))
    return Item(act=act, n_documents=(one, other))


# ---- deciding


def decide(journal: Journal, act: str, items: Iterable[Act]) -> int:
    """How many proposals were accepted or rejected; it shows when the graph is published."""
    found = list(items)
    for item in found:
        labels = [item.left_label, item.right_label]
        decisions.add(journal.folder, act, [item.left, item.right], labels=labels, kind=item.kind, score=item.score)
    return len(found)


def proposed(journal: Journal, ids: Iterable[str]) -> list[Act]:
    """The proposals of these ids.

    Raises:
        UsageError: when none has an id.
    """
    found = {}
    for id in ids:
        row = journal.rows("SELECT act FROM proposal WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise UsageError(f"{id}: nothing of this id waits for a decision; `kg review {journal.folder} --list` shows what does")
        found[id] = Act.of(json.loads(row[0]))
    return list(found.values())


def merge(journal: Journal, iris: Sequence[str], *, known: Iterable[Entity] = ()) -> None:
    """Decide that these are one thing.

    Args:
        known: Those of them that the knowledge base has: they are kept with the decision, as no document may name them.

    Raises:
        UsageError: when fewer than two are named.
    """
    if len(set(iris)) < 2:
        raise UsageError("name at least two entities that are one")
    described = [encode_entity(entity) for entity in sorted(known, key=lambda e: e.iri)]
    decisions.add(journal.folder, "merge", sorted(set(iris)), **({"known": described} if described else {}))


def split(journal: Journal, iris: Sequence[str]) -> int:
    """Decide that what goes by an IRI is several things; how many.

    Args:
        iris: The entity, and which of its members leave it together; without any, each is a thing of its own.

    Raises:
        UsageError: when it is one thing as it is, or one that leaves is no member.
    """
    whole, leaving = members(journal, iris[0]), sorted(set(iris[1:]))
    if len(whole) < 2:
        raise UsageError(f"{iris[0]}: nothing is merged in it; `kg review {journal.folder} --merged` lists what is")
    if unknown := [iri for iri in leaving if iri not in whole]:
        raise UsageError(f"{', '.join(unknown)}: not in it; in it are {', '.join(whole)}")
    if leaving:
        decisions.add(journal.folder, "split", leaving, others=[iri for iri in whole if iri not in leaving])
        return 2
    decisions.add(journal.folder, "split", sorted(whole))
    return len(whole)


def undo(journal: Journal) -> dict[str, Any]:
    """Take back the last decision, which is returned.

    Raises:
        UsageError: when there is none.
    """
    last = decisions.last(journal.folder)
    if last is None:
        raise UsageError(f"{journal.folder}: there is no decision to take back")
    decisions.add(journal.folder, "undo", of=last["number"])
    return last
