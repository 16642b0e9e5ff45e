"""Where documents meet in the journal: versions of one address, copies of one text, names of one thing.

What comes out depends on the set of documents alone, not on the order in which they came. What changed by it counts as
changed, so stores follow as they follow a document that was read anew; all of it happens or nothing.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from kg import consolidation, copies, merging, ontology
from kg.ids import digest
from kg.merging.blocks import Blocks
from kg.stores import decisions
from kg.stores.codec import decode_entity
from kg.stores.folder import to_json
from kg.stores.journal import Journal

VERSION = "1"
"""Raised with every change of what comes out: a graph of an earlier one is settled anew."""


def settle(journal: Journal) -> None:
    """Bring what documents are to each other to what the journal holds now."""
    state = _state(journal)
    if journal.rows("SELECT 1 FROM settled WHERE state = ?", (state,)).fetchone() is not None:
        return
    journal.flush()
    _replace_versions(journal)
    _find_copies(journal)
    proposals = _merge(journal)
    journal.flush()
    with journal.noting() as db:
        db.execute("DELETE FROM proposal")
        db.executemany("INSERT INTO proposal VALUES (?, ?)", ((a.id, to_json(a.as_dict())) for a in proposals))
        db.execute("INSERT OR REPLACE INTO settled VALUES (1, ?)", (_state(journal),))


def _state(journal: Journal) -> str:
    decided = digest(*map(to_json, decisions.read(journal.folder)))
    return f"{VERSION} {journal.revision} {decided}"


# ---- versions of one document


def _replace_versions(journal: Journal) -> None:
    wanted: dict[str, str] = {}
    for versions in _of_one_address(journal):
        wanted |= copies.replaced(versions)
    found = dict(journal.rows("SELECT id, replaced_by FROM document WHERE replaced_by IS NOT NULL"))
    for id in sorted(wanted.keys() | found.keys()):
        if wanted.get(id) != found.get(id):
            _mark_replaced(journal, id, wanted.get(id))


def _of_one_address(journal: Journal) -> Iterator[list[copies.Dated]]:
    rows = journal.rows(
        "SELECT address, id, published, retrieved FROM document WHERE address IN "
        "(SELECT address FROM document WHERE address IS NOT NULL GROUP BY address HAVING count(*) > 1) ORDER BY address, id"
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        yield [copies.Dated(id=id, published=_day(p), retrieved=_day(r)) for _, id, p, r in group]


def _mark_replaced(journal: Journal, id: str, newer: str | None) -> None:
    moment = datetime.now(UTC).isoformat(timespec="microseconds") if newer else None
    sql = (
        "UPDATE document SET replaced_by = ?, replaced = ?, copy_of = NULL, voice = NULL WHERE id = ? RETURNING number"
    )
    (number,) = journal.change(sql, (newer, moment, id)).fetchone()
    journal.index_anew(number, is_current=newer is None)


# ---- copies


def _find_copies(journal: Journal) -> None:
    wanted: dict[str, tuple[str, str]] = {}
    found_alike = copies.pairs(_banded(journal), partial(_signature, journal), partial(_published, journal))
    for group in copies.groups(found_alike):
        documents = [d for d in map(journal.document, group) if d is not None]
        first = copies.origin(documents)
        voice = consolidation.publisher(first)
        wanted |= {d.id: (first.id, voice) for d in documents if consolidation.publisher(d) != voice}
    found = {id: (copy_of, voice) for id, copy_of, voice in
             journal.rows("SELECT id, copy_of, voice FROM document WHERE copy_of IS NOT NULL")}  # fmt: skip
    for id in sorted(wanted.keys() | found.keys()):
        if wanted.get(id) != found.get(id):
            values = (*wanted.get(id, (None, None)), id)
            journal.change(
                "UPDATE document SET copy_of = ?, voice = ?, revision = (SELECT number FROM revision) WHERE id = ?",
                values,
            )


def _banded(journal: Journal) -> Iterator[tuple[bytes, str]]:
    """The bands that several documents share, each with these in the order of their ids."""
    rows = journal.rows(
        "SELECT key, id FROM band JOIN document ON number = band.document WHERE replaced_by IS NULL AND key IN "
        "(SELECT key FROM band GROUP BY key HAVING count(*) > 1) ORDER BY key, id"
    )
    yield from rows


def _signature(journal: Journal, id: str) -> bytes:
    signed: bytes = journal.rows("SELECT signature FROM document WHERE id = ?", (id,)).fetchone()[0]
    return signed


# ---- names


def _merge(journal: Journal) -> list[merging.Act]:
    """What is proposed, once the entities of the journal go by the IRIs that they are merged into."""
    blocks = Blocks()
    try:
        found = merging.acts(_named(journal), merging.Words.load(), ontology.load(), blocks)
        decided = merging.Decisions.replayed(decisions.read(journal.folder))
        merges = merging.group(found, decided, blocks.named)
    finally:
        blocks.close()
    _keep_targets(journal, merges)
    return merges.proposals


def _named(journal: Journal) -> Iterator[merging.Named]:
    """The entities that documents name, and those known that somebody said one of them is."""
    known = decisions.known(journal.folder)
    is_named = "EXISTS (SELECT 1 FROM naming WHERE naming.version = version.number)"
    rows = journal.rows(f"SELECT own, entity FROM version WHERE {is_named} ORDER BY own")
    for iri, group in groupby(rows, key=itemgetter(0)):
        versions = [decode_entity(json.loads(data)) for _, data in group]
        yield merging.named([*versions, known.pop(iri)] if iri in known else versions)
    yield from (merging.named([entity]) for _, entity in sorted(known.items()))


def _keep_targets(journal: Journal, merges: merging.Merges) -> None:
    wanted = {iri: (target, to_json(merges.acts[iri].as_dict())) for iri, target in merges.targets.items()}
    found = {iri: (target, act) for iri, target, act in journal.rows("SELECT iri, target, act FROM merged")}
    touched: set[int] = set()
    for iri in sorted(iri for iri in wanted.keys() | found.keys() if wanted.get(iri) != found.get(iri)):
        journal.change("DELETE FROM merged WHERE iri = ?", (iri,))
        if iri in wanted:
            journal.change("INSERT INTO merged VALUES (?, ?, ?)", (iri, *wanted[iri]))
        if wanted.get(iri, (None,))[0] != found.get(iri, (None,))[0]:
            journal.change("UPDATE version SET iri = ? WHERE own = ?", (merges.targets.get(iri, iri), iri))
            touched |= _naming(journal, iri)
    journal.target_of.cache_clear()
    for number in sorted(touched):
        journal.index_anew(number)


def _naming(journal: Journal, iri: str) -> set[int]:
    """The documents that name the entity, or one whose broader concept it is."""
    sql = "SELECT DISTINCT document FROM naming JOIN version ON number = naming.version WHERE own = ? OR broader = ?"
    return {number for (number,) in journal.rows(sql, (iri, iri))}


def _published(journal: Journal, id: str) -> date | None:
    return _day(journal.rows("SELECT published FROM document WHERE id = ?", (id,)).fetchone()[0])


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
