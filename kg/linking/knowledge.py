"""The knowledge base: `ontology/knowledge/*.jsonl`, entities with their names, made by `training/knowledge.py`."""

import json
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg import ids
from kg.errors import OntologyError
from kg.linking.names import alternatives, dotted, folded, key_of
from kg.model import Document, Entity

_ENTITIES = ids.BASE + "entity/"
_PERSON, _NAMED_THING = ids.ONTOLOGY + "Person", ids.ONTOLOGY + "NamedThing"
_ELSEWHERE = {"wd": "http://www.wikidata.org/entity/{}", "gn": "https://sws.geonames.org/{}/"}
_ORDER = ("countries", "governments", "organizations", "places", "materials", "people")


class Way(StrEnum):
    """How a name names its entity."""

    NAME = "name"
    DEMONYM = "demonym"  # an adjective, or a plural of people
    SEAT = "seat"  # of a government
    SURNAME = "surname"


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """An office that somebody holds, from its first to its last day as ISO dates."""

    start: str
    end: str
    of: str  # the country or body, from `entity/` on
    office: str  # as `reading.yaml` names it

    def holds_on(self, day: str) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One thing that a name may mean."""

    entity: Entity
    way: Way
    is_local: bool = False  # holds only where the document names the country
    is_common: bool = False  # mostly an ordinary word, or the name of something unknown
    is_shared: bool = False  # a surname of many: holds only after a title, or where the document has the whole name
    is_own: bool = False  # the user's own knowledge base says so
    terms: tuple[Term, ...] = ()

    @property
    def is_person(self) -> bool:
        return self.entity.type == _PERSON


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Entities by their names."""

    senses: Mapping[str, tuple[Sense, ...]]  # by key; the likelier come first
    sought: Mapping[str, str]  # names to look for in text, with the IRI of their class

    def of(self, key: str) -> tuple[Sense, ...]:
        return self.senses.get(key, ())

    def similar(self, key: str) -> tuple[str, ...]:
        """Other keys that differ in case, hyphens and diacritics only; short words have none."""
        return tuple(k for k in self._by_folded_key.get(folded(key), ()) if k != key) if _is_long(key) else ()

    def government_of(self, country: str | None) -> Entity | None:
        return self._governments.get(country or "")

    def names_country(self, document: Document, country: str | None) -> bool:
        """Whether the document says a name of the country, or an adjective of it."""
        pattern = self._country_names.get(country or "")
        return pattern is not None and _is_found(pattern, document.text)

    def holder(self, of: str, office: str, day: str) -> Entity | None:
        """Who held an office of a country or body on a day; the later of two."""
        held = [(term, entity) for term, entity in self._holders.get((of, office), ()) if term.holds_on(day)]
        return max(held, key=lambda pair: pair[0])[1] if held else None

    def only_owner(self, office: str) -> str | None:
        """The country or body that alone has an office; None where several have."""
        owners = {of for of, name in self._holders if name == office}
        return next(iter(owners)) if len(owners) == 1 else None

    @cached_property
    def _holders(self) -> Mapping[tuple[str, str], Sequence[tuple[Term, Entity]]]:
        """The terms of each office of each country or body, with their holders."""
        people = {s.entity.iri: s for senses in self.senses.values() for s in senses if s.terms}
        found: dict[tuple[str, str], list[tuple[Term, Entity]]] = defaultdict(list)
        for sense in people.values():
            for term in sense.terms:
                found[term.of, term.office].append((term, sense.entity))
        return found

    @cached_property
    def iris(self) -> frozenset[str]:
        """The IRIs of all entities."""
        return frozenset(sense.entity.iri for senses in self.senses.values() for sense in senses)

    @cached_property
    def _by_folded_key(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in filter(_is_long, self.senses):
            found[folded(key)].append(key)
        return {key: tuple(keys) for key, keys in found.items()}

    @cached_property
    def _governments(self) -> Mapping[str, Entity]:
        entities = (sense.entity for senses in self.senses.values() for sense in senses)
        return {e.country: e for e in entities if e.country and e.iri == f"{_ENTITIES}government/{e.country}"}

    @cached_property
    def _country_names(self) -> Mapping[str, re.Pattern[str]]:
        names: dict[str, set[str]] = defaultdict(set)
        for key, senses in self.senses.items():
            for entity in (sense.entity for sense in senses):
                if entity.country and entity.iri == f"{_ENTITIES}country/{entity.country}":
                    names[entity.country] |= {key, dotted(key)}
        return {c: re.compile(rf"(?<!\w)(?:{alternatives(found)})(?!\w)") for c, found in names.items()}


def _is_long(key: str) -> bool:
    return len(key) > 4 or " " in key


@lru_cache(maxsize=1024)
def _is_found(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def records(folder: Path) -> list[Mapping[str, Any]]:
    """The entities of the knowledge base in a folder, the likelier first.

    Raises:
        OntologyError: for a folder without one, and for a line that cannot be read.
    """
    files = sorted(folder.glob("*.jsonl"), key=_precedence)
    if not files:
        raise OntologyError(f"{folder}: no knowledge base; make it with `python -m training.knowledge`")
    return [record for file in files for record in _records(file)]


def build(records: Sequence[Mapping[str, Any]]) -> Knowledge:
    """The knowledge base of these entities; names that the user brought come before others."""
    senses: dict[str, list[Sense]] = defaultdict(list)
    for name, sense in (found for record in records for found in _senses(record)):
        senses[key_of(name)].append(sense)
    ordered = {key: tuple(sorted(found, key=lambda s: not s.is_own)) for key, found in senses.items()}
    return Knowledge(senses=ordered, sought=_sought(records))


def _precedence(file: Path) -> tuple[int, str]:
    """Of two senses that nothing tells apart, the one from the earlier file is taken."""
    return (_ORDER.index(file.stem) if file.stem in _ORDER else len(_ORDER)), file.stem


def _records(file: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            if not {"iri", "type", "label"} <= set(record):
                raise ValueError("expected an object with iri, type and label")
        except (ValueError, TypeError) as error:
            raise OntologyError(f"{file}, line {number}: not an entity; {error}") from error
        yield record


def _senses(record: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """(name, what it means) for each name of an entity, once for each key."""
    entity = _entity(record)
    local, common = set(record.get("local", ())), set(record.get("common", ()))
    shared, own = set(record.get("shared", ())), set(record.get("own", ()))
    terms = tuple(sorted(Term(start, end, of, office) for of, office, start, end in record.get("offices", ())))
    ways = {key_of(name): (name, way) for name, way in reversed(list(_ways(record)))}
    for name, way in ways.values():
        yield name, Sense(
            entity=entity, way=way, terms=terms,
            is_local=name in local, is_common=name in common, is_shared=name in shared, is_own=name in own,
        )  # fmt: skip


def _ways(record: Mapping[str, Any]) -> Iterator[tuple[str, Way]]:
    yield from ((name, Way.SURNAME) for name in record.get("surnames", ()))
    yield from ((name, Way.NAME) for name in (record["label"], *record.get("aliases", ())))
    yield from ((name, Way.DEMONYM) for name in record.get("demonyms", ()))
    yield from ((name, Way.SEAT) for name in record.get("metonyms", ()))


def _entity(record: Mapping[str, Any]) -> Entity:
    broader = record.get("broader")
    return Entity(
        iri=_in(_ENTITIES, record["iri"]),
        type=_in(ids.ONTOLOGY, record["type"]),
        label=record["label"],
        aliases=tuple(record.get("aliases", ())),
        same_as=tuple(map(iri_elsewhere, record.get("same_as", ()))),
        broader=_ENTITIES + broader if broader else None,
        country=record.get("country"),
    )


def _in(namespace: str, name: str) -> str:
    """The name in its namespace; an IRI as it is."""
    return name if "://" in name else namespace + name


def iri_elsewhere(name: str) -> str:
    """The IRI of `wd:Q42` or `gn:42`; another IRI as it is."""
    prefix, _, rest = name.partition(":")
    return _ELSEWHERE[prefix].format(rest) if prefix in _ELSEWHERE else name


def _sought(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The names to look for in text, with their class: those with a capital; of people the label and names of the user's.

    A name of the user's that is one of another kind of thing too is sought as a thing of any kind.
    """
    found: dict[str, str] = {}
    own = {name for record in records for name in record.get("own", ())}
    for record in records:
        _seek(found, record, _names_to_seek(record), own)
    for record in records:  # a capital is sought as the city
        _seek(found, record, record.get("metonyms", ()), own)
    return found


def _names_to_seek(record: Mapping[str, Any]) -> list[str]:
    names = [record["label"], *record.get("aliases", ()), *record.get("demonyms", ())]
    if _in(ids.ONTOLOGY, record["type"]) != _PERSON:
        return names
    own = set(record.get("own", ()))
    return [names[0], *(name for name in names[1:] if name in own and " " in name)]


def _seek(found: dict[str, str], record: Mapping[str, Any], names: Iterable[str], own: Container[str]) -> None:
    unsought, class_iri = set(record.get("unsought", ())), _in(ids.ONTOLOGY, record["type"])
    for name in names:
        if name != name.lower() and name not in unsought and len(name) > 1:
            for spelling in (name, name.replace("'", "’"), name.replace("’", "'")):
                if found.setdefault(spelling, class_iri) != class_iri and name in own:
                    found[spelling] = _NAMED_THING
