"""Acronyms that a text introduces: "the International Energy Agency (IEA)"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kg import ids
from kg.model import Document, Entity, Mention, MentionKind

_INTRODUCED = re.compile(r"\s{0,2}\(([A-Z][A-Z&.-]{1,8})\)")


def introduced(mentions: Sequence[Mention], document: Document) -> tuple[Mention, ...]:
    """The mentions; a name that is all that is known of an entity has the acronyms that its text introduces for it."""
    found: dict[str, set[str]] = {}
    for mention in mentions:
        after = _INTRODUCED.match(document.text, mention.span.end)
        entity = mention.entity
        if after is None or mention.kind is not MentionKind.NAME or entity is None or not _is_minted(entity):
            continue
        if _stands_for(after[1], mention.text):
            found.setdefault(entity.iri, set()).add(after[1])
    return tuple(_with(mention, found) for mention in mentions)


def _is_minted(entity: Entity) -> bool:
    return not entity.same_as and entity.iri == ids.entity_iri(entity.type, entity.label)


def _stands_for(acronym: str, name: str) -> bool:
    """Whether the letters of the acronym begin words of the name, in their order; the first begins one."""
    letters = [c for c in acronym.lower() if c.isalpha()]
    starts = [word[0].lower() for word in re.findall(r"[^\W\d_]+", name)]
    if len(starts) < 2:
        return False
    rest = iter(starts)
    return all(letter in rest for letter in letters)


def _with(mention: Mention, acronyms: dict[str, set[str]]) -> Mention:
    entity = mention.entity
    if entity is None or entity.iri not in acronyms:
        return mention
    return replace(mention, entity=replace(entity, aliases=tuple(sorted({*entity.aliases, *acronyms[entity.iri]}))))
