"""From mention to entity: one that the knowledge base knows, or one minted from the words.

What a name means depends on the words of its document alone, so the same document always links alike.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kg import ids, resources
from kg.errors import OntologyError
from kg.linking import acronyms, offices
from kg.linking import habits as reading
from kg.linking import knowledge as base
from kg.linking import own as users
from kg.linking.habits import Habits
from kg.linking.knowledge import Knowledge, Sense, Way
from kg.linking.names import folded, in_singular, key_of, label_of
from kg.linking.offices import Description
from kg.linking.speakers import speaker, spoken
from kg.model import Document, Doubt, Entity, Mention, MentionKind
from kg.ontology import Ontology

_ENTITIES = ids.BASE + "entity/"
CONCEPTS = ids.BASE + "concept/"

_PERSON, _PLACE, _CITY, _MATERIAL, _CONCEPT, _NAMED_THING = (
    ids.ONTOLOGY + name for name in ("Person", "Place", "City", "Material", "Concept", "NamedThing")
)
_UNDECIDED = {None, _CONCEPT, _NAMED_THING}

_SHARES = {MentionKind.NAME: 1.0, MentionKind.NOMINAL: 0.9, MentionKind.PRONOUN: 0.8}  # of the score in a chain
_EXACT, _FOLDED, _CHOSEN, _MINTED = 0.95, 0.85, 0.7, 0.5
_BY_WAY = {Way.NAME: 0.95, Way.DEMONYM: 0.9, Way.SEAT: 0.75, Way.SURNAME: 0.6}


@dataclass(frozen=True)
class Linker:
    """The knowledge base, and how names are read."""

    knowledge: Knowledge
    habits: Habits
    ontology: Ontology

    @staticmethod
    def load(folder: Path | None = None, *, ontology: Ontology, own: Sequence[Path] = ()) -> "Linker":
        """The knowledge base of a folder, ours where none is named.

        Args:
            own: Files with entities of the user's (`kg.linking.own`), which come beside it.

        Raises:
            OntologyError: for a file that is missing or broken.
            KnowledgeError: for one of the user's.
        """
        folder = folder or resources.folder("ontology") / "knowledge"
        records = base.records(folder)
        known = base.build(users.joined(own, records, ontology) if own else records)
        try:
            return Linker(known, reading.load(folder / "reading.yaml"), ontology)
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise OntologyError(f"{folder / 'reading.yaml'}: missing or without a key; {error!r}") from error

    def names(self) -> tuple[tuple[str, str], ...]:
        """The names to look for in text, as they are written there, each with the IRI of its class.

        Names that are ordinary words too, or that people bear, are left to the recogniser of names.
        """
        return tuple(sorted(self.knowledge.sought.items()))

    def link(self, mention: Mention, *, document: Document) -> Mention:
        """The mention with its entity and score; a pronoun as it is."""
        if mention.kind is MentionKind.PRONOUN:
            return mention
        find = self._name if mention.kind is MentionKind.NAME else self._nominal
        entity, score = find(mention, document)
        return replace(mention, entity=entity, link_score=score)

    def named(self, label: str, class_iri: str | None) -> Entity:
        """The entity minted for a name that the knowledge base does not know."""
        clean = label_of(label, self.habits.determiners)
        chosen = _NAMED_THING if class_iri is None or class_iri in _UNDECIDED else class_iri
        if chosen == _PERSON or (chosen == _NAMED_THING and self._has_title(clean)):
            chosen, clean = _PERSON, self._without_titles(clean)
        return Entity(iri=ids.entity_iri(chosen, clean), type=chosen, label=clean)

    def _has_title(self, name: str) -> bool:
        """Whether it is a title with the name of a person, and not "General Atomics" or "President Street"."""
        words = name.split(" ")
        is_of_person = words[0].lower() not in self.habits.ambiguous_titles and len(words) <= 4
        return is_of_person and self._without_titles(name) != name and not self.ontology.noun_class(words[-1].lower())

    def concept(self, label: str, head: str | None, class_iri: str | None) -> Entity:
        """The entity for what a noun phrase means; in the plural it is the same one as in the singular.

        Args:
            label: The words of the noun phrase.
            head: The lemma of its head noun; what that means is the broader entity.
        """
        clean = label_of(label, self.habits.determiners)
        iri = CONCEPTS + ids.slug(in_singular(clean, head) if head else clean)
        broader = self._broader(head) if head else None
        return Entity(iri=iri, type=class_iri or _CONCEPT, label=clean, broader=broader if broader != iri else None)

    def _broader(self, head: str) -> str:
        found = self._materials.get(folded(head))
        return found.iri if found is not None else CONCEPTS + ids.slug(head)

    # -- Names -------------------------------------------------------------------------------------------------------

    def _name(self, mention: Mention, document: Document) -> tuple[Entity, float]:
        return self._holder(mention, document) or self._known(mention, document) or (self.named(mention.text, mention.type), _MINTED)

    def _known(self, mention: Mention, document: Document) -> tuple[Entity, float] | None:
        for key, score in self._keys(mention):
            sense = self._choose(key, mention, document)
            if sense is not None:
                is_homonym = len(self.knowledge.of(key)) > 1
                return sense.entity, min(score, _BY_WAY[sense.way], _CHOSEN if is_homonym else 1.0)
        return self._government(mention, document)

    def doubt(self, mention: Mention) -> tuple[Doubt, tuple[Entity, ...]]:
        """Why a name means nothing known, and what is known by it but was not taken: at another place it may be meant."""
        senses = (sense for key, _ in self._keys(mention) for sense in self.knowledge.of(key))
        known = {sense.entity.iri: sense.entity for sense in senses}
        return (Doubt.AMBIGUOUS if known else Doubt.NO_CANDIDATE), tuple(known.values())

    def _holder(self, mention: Mention, document: Document) -> tuple[Entity, float] | None:
        """The person whose office on the day is all that a mention names."""
        described = self.habits.offices.described(mention.text)
        day = offices.day_of(mention, document) if described is not None else None
        if described is None or day is None or not self.habits.offices.is_of_holder(mention, described, document):
            return None
        owner = self._owner(described, mention, document)
        holder = self.knowledge.holder(owner, described.office, day) if owner is not None else None
        return (holder, _CHOSEN) if holder is not None else None

    def _owner(self, described: Description, mention: Mention, document: Document) -> str | None:
        """Whose office it is, from `entity/` on: what the words say, else the country whose government speaks."""
        if described.owner is None and described.office in self.habits.offices.sure:
            return self.knowledge.only_owner(described.office)
        if described.owner is None:
            home = self.habits.offices.home(document)
            return f"country/{home}" if home is not None else None
        named = replace(mention, text=described.owner, kind=MentionKind.NAME, type=None)
        sense = self._choose(key_of(described.owner), named, document)
        if sense is None or sense.is_person:
            return None
        return f"country/{sense.entity.country}" if sense.entity.country else sense.entity.iri.removeprefix(_ENTITIES)

    def _keys(self, mention: Mention) -> Iterator[tuple[str, float]]:
        """What a name is looked up by, the surest first, each with the score that it is worth."""
        key = key_of(mention.text)
        bare = self._without_titles(key) if mention.type in {_PERSON, *_UNDECIDED} else key
        yield key, _EXACT
        if bare != key:
            yield bare, _EXACT
        if bare[:1].isupper():
            yield from ((other, _FOLDED) for other in self.knowledge.similar(bare))

    def _choose(self, key: str, mention: Mention, document: Document) -> Sense | None:
        """The sense of a name that fits mention and document best; None where none does."""
        senses = [s for s in self.knowledge.of(key) if self._holds(s, mention, document)]
        senses = self._of_fitting_kind(senses, mention, document)
        senses = self._own_or_ours(key, senses, mention, document)
        if len(senses) < 2:
            return senses[0] if senses else None
        return (
            self._by_clues(key, senses, document)
            or self._by_place(senses, mention, document)
            or self._in_office(senses, mention, document)
        )

    def _in_office(self, senses: Sequence[Sense], mention: Mention, document: Document) -> Sense:
        """The likeliest sense; of several people the one whose title is there, then whose office began last on the day."""
        people = [s for s in senses if s.terms]
        if len(people) < 2:
            return senses[0]
        day = offices.day_of(mention, document) or "9999"
        titled = [s for s in people if self.habits.offices.fits_title(s, mention, document, day)]
        return max(titled or people, key=lambda s: max((t.start for t in s.terms if t.start <= day), default=""))

    def _holds(self, sense: Sense, mention: Mention, document: Document) -> bool:
        if sense.is_shared and sense.way is Way.SURNAME and not self._is_meant(sense, mention, document):
            return False
        if sense.is_common and not self._is_typed_as(mention.type, sense.entity.type):
            return False
        return not sense.is_local or self.knowledge.names_country(document, sense.entity.country)

    def _is_meant(self, sense: Sense, mention: Mention, document: Document) -> bool:
        """Whether a surname of many is that of an office-holder: after the title, or where the whole name stands too."""
        day = offices.day_of(mention, document)
        is_titled = day is not None and self.habits.offices.fits_title(sense, mention, document, day)
        return is_titled or sense.entity.label in document.text

    def _is_typed_as(self, found: str | None, wanted: str) -> bool:
        if found is None or found in _UNDECIDED:
            return False
        return self.ontology.is_a(found, wanted) or self.ontology.is_a(wanted, found)

    def _of_fitting_kind(self, senses: Sequence[Sense], mention: Mention, document: Document) -> list[Sense]:
        """People for a person, others for another; between places, governments and bodies the type decides nothing."""
        people = [s for s in senses if s.is_person]
        others = [s for s in senses if not s.is_person]
        if mention.type == _PERSON:
            # "In Jordan" is a country, whatever the recogniser of names makes of it.
            return people or (others if self.habits.is_in_place(mention, document) else [])
        if others and mention.type in _UNDECIDED:
            return [*(s for s in people if s.is_own), *others]
        return others or [s for s in people if s.way is Way.NAME or mention.type in _UNDECIDED]

    def _own_or_ours(self, key: str, senses: list[Sense], mention: Mention, document: Document) -> list[Sense]:
        """Where some are of the user's knowledge base and some of ours, those that the type, else the words, speak for.

        The user's where nothing tells.
        """
        own, ours = [s for s in senses if s.is_own], [s for s in senses if not s.is_own]
        if not own or not ours:
            return senses
        fits = [any(self._is_typed_as(mention.type, s.entity.type) for s in side) for side in (own, ours)]
        if fits[0] is not fits[1]:
            return own if fits[0] else ours
        counts = [max(self._n_signs(key, s, mention, document) for s in side) for side in (own, ours)]
        return ours if counts[1] > counts[0] else own

    def _n_signs(self, key: str, sense: Sense, mention: Mention, document: Document) -> int:
        """How much of a document speaks for a sense: clues, its other names, its country, that something is there."""
        entity = sense.entity
        choices = (c for c in self.habits.homonyms.get(key, ()) if c.iri == entity.iri)
        n = sum(choice.n_clues(document) for choice in choices) + reading.n_other_names(key, entity, document)
        is_place = self.ontology.is_a(entity.type, _PLACE)
        n += is_place and self.habits.is_in_place(mention, document)
        return n + (not is_place and self.knowledge.names_country(document, entity.country))

    def _by_clues(self, key: str, senses: Sequence[Sense], document: Document) -> Sense | None:
        by_iri = {s.entity.iri: s for s in senses}
        choices = [c for c in self.habits.homonyms.get(key, ()) if c.iri in by_iri]
        if not choices:
            return None
        best = by_iri[max(choices, key=lambda choice: choice.n_clues(document)).iri]  # the first of several
        return None if best.way is Way.SEAT else best  # a seat may be the city still

    def _by_place(self, senses: Sequence[Sense], mention: Mention, document: Document) -> Sense | None:
        """A capital: the city after "in" and before its country, elsewhere the government."""
        seats = [s for s in senses if s.way is Way.SEAT]
        cities = [s for s in senses if s.way is not Way.SEAT and self.ontology.is_a(s.entity.type, _PLACE)]
        if not seats or not cities:
            return None
        return (cities if self._is_city(mention, document, cities[0].entity) else seats)[0]

    def _is_city(self, mention: Mention, document: Document, place: Entity) -> bool:
        """Whether something is said to be or go there, or the name is part of another ("the Paris talks")."""
        if self.habits.is_in_place(mention, document):
            return True
        after = reading.following(mention, document)
        if place.type == _CITY and (re.match(r"-based| [A-Z]", after) or reading.follows_article(mention, document)):
            return True
        region = re.match(r", ([A-Z][\w.]*)", after)
        senses = self.knowledge.of(key_of(region[1])) if region is not None else ()
        return any(s.way is Way.NAME and not s.is_person for s in senses)

    def _government(self, mention: Mention, document: Document) -> tuple[Entity, float] | None:
        """The government, where a word for one goes with the name of a country."""
        found = self.habits.government.fullmatch(key_of(mention.text))
        if found is None:
            return None
        country = replace(mention, text=found["before"] or found["after"], type=None)
        sense = self._choose(key_of(country.text), country, document)
        government = self.knowledge.government_of(sense.entity.country) if sense is not None else None
        return (government, _BY_WAY[Way.DEMONYM]) if government is not None else None

    def _without_titles(self, name: str) -> str:
        """The name of a person alone; what is nothing but a title stays."""
        words = name.split(" ")
        while n_words := self.habits.n_title_words(words) or self._n_words_of_nationality(words):
            words = words[n_words:]
        return name if " ".join(words).lower() in self.habits.titles else " ".join(words)

    def _n_words_of_nationality(self, words: list[str]) -> int:
        """How many words name a country, where a title follows them."""
        for n in (1, 2):
            senses = self.knowledge.of(key_of(" ".join(words[:n])))
            if self.habits.n_title_words(words[n:]) and any(s.entity.country and not s.is_person for s in senses):
                return n
        return 0

    # -- Nominals ----------------------------------------------------------------------------------------------------

    def _nominal(self, mention: Mention, document: Document) -> tuple[Entity, float]:
        holder = self._holder(mention, document)
        if holder is not None:
            return holder
        label = self._in_lower_case(mention, document)
        material = self._materials.get(folded(key_of(label)))
        if material is not None:
            return material, _EXACT
        known = self._known_nominal(mention, label, document)
        return known or (self.concept(label, mention.head, mention.type), _MINTED)

    def _known_nominal(self, mention: Mention, label: str, document: Document) -> tuple[Entity, float] | None:
        """A people ("Russians"), a government ("the Chinese government") or a name that was taken for a nominal."""
        named = replace(mention, text=label, kind=MentionKind.NAME)
        if label != label.lower():
            return self._known(named, document)
        sense = self._choose(label, named, document)
        if sense is not None and sense.is_local:  # "the federal government"
            return sense.entity, _CHOSEN
        found = [self._choose(key, named, document) for key in (label, in_singular(label, mention.head or label))]
        return next(((s.entity, _CHOSEN) for s in found if s is not None and s.is_own), None)

    def _in_lower_case(self, mention: Mention, document: Document) -> str:
        """The label of a nominal; the first word of a sentence loses its capital where it is no name."""
        label = label_of(mention.label or mention.text, self.habits.determiners)
        first, _, rest = label.partition(" ")
        if not first.istitle() or self._is_proper(first, document) or not reading.starts_sentence(mention, document):
            return label
        return f"{first.lower()} {rest}".strip()

    def _is_proper(self, word: str, document: Document) -> bool:
        if word in self.habits.proper_words or any(not s.is_common for s in self.knowledge.of(key_of(word))):
            return True
        return reading.is_capitalized_within(word, document)

    @cached_property
    def _materials(self) -> dict[str, Entity]:
        """Materials by their names without regard to case, in the singular and the plural as they are named."""
        return {
            folded(key): sense.entity
            for key, senses in self.knowledge.senses.items()
            for sense in senses
            if not sense.is_common and self.ontology.is_a(sense.entity.type, _MATERIAL)
        }


def link_all(mentions: Sequence[Mention], document: Document, linker: Linker) -> tuple[Mention, ...]:
    """The mentions with their entities: those of one chain share the entity of the one that names it best.

    Nominals and pronouns take it at a lower score. A pronoun without a chain keeps no entity, but for "I" and "we" where
    the title says who speaks.
    """
    linked = [linker.link(m, document=document) for m in mentions]
    chains: dict[int, list[Mention]] = defaultdict(list)
    for mention in linked:
        if mention.chain is not None and mention.entity is not None:
            chains[mention.chain].append(mention)
    best = {chain: min(found, key=_rank) for chain, found in chains.items()}
    shared = tuple(_sharing(m, best.get(m.chain)) if m.chain is not None else m for m in linked)
    who = speaker(document, linker.habits)
    entity = linker.link(who, document=document).entity if who is not None else None
    told = spoken(shared, document, entity, linker.habits) if entity is not None else shared
    return acronyms.introduced(told, document)


def _sharing(mention: Mention, best: Mention | None) -> Mention:
    if best is None:
        return mention
    score = best.link_score if mention.span == best.span else best.link_score * _SHARES[mention.kind]
    meaning = mention.entity if mention.kind is MentionKind.NOMINAL else None
    return replace(mention, entity=best.entity, meaning=meaning, link_score=score)


def _rank(mention: Mention) -> tuple[bool, bool, int, int]:
    """Names before nominals, the known before the minted; longer names before shorter, then the first."""
    is_name = mention.kind is MentionKind.NAME
    is_minted = mention.link_score <= _MINTED
    return not is_name, is_minted, -len(mention.text) if is_name else 0, mention.span.start
