"""From mention to entity: one that the knowledge base knows, or one minted from the words.

The knowledge base is `ontology/knowledge/`, JSON Lines of entities with their names, made by `training/knowledge.py`;
`reading.yaml` beside them says how names are read. What a name means depends on the words of its document alone, so
that the same document always links alike.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg import ids, resources
from kg.errors import OntologyError
from kg.model import Document, Entity, Mention, MentionKind
from kg.ontology import Ontology

CONCEPTS = ids.BASE + "concept/"
_ELSEWHERE = {"wd": "http://www.wikidata.org/entity/{}", "gn": "https://sws.geonames.org/{}/"}

_PERSON, _PLACE, _CONCEPT, _NAMED_THING, _MATERIAL = (
    ids.ONTOLOGY + name for name in ("Person", "Place", "Concept", "NamedThing", "Material")
)
_UNDECIDED = {None, _CONCEPT, _NAMED_THING}

_EXACT, _DEMONYM, _FOLDED, _SEAT, _CHOSEN, _SURNAME, _MINTED = 0.95, 0.9, 0.85, 0.75, 0.7, 0.6, 0.5

_QUOTES = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "“": '"', "”": '"'})
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")
_INITIALS = re.compile(r"\b([A-Z])\.\s*(?=[A-Z]\b)")
_INITIAL = re.compile(r"\b([A-Z])\.")
_EDGES = " \t\n\"'()[],;:"


class Way(StrEnum):
    """How a name names its entity."""

    NAME = "name"
    DEMONYM = "demonym"  # an adjective, or a plural of people
    SEAT = "seat"  # of a government
    SURNAME = "surname"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One reading of a name."""

    entity: Entity
    way: Way
    is_local: bool = False  # holds only where the document names the country
    is_common: bool = False  # mostly an ordinary word, or the name of something unknown
    terms: tuple[tuple[str, str], ...] = ()  # of office, first and last day

    @property
    def is_person(self) -> bool:
        return self.entity.type == _PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a homonym: the entity, and the words that speak for it."""

    iri: str
    clues: re.Pattern[str] | None


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What `reading.yaml` says of how names are read."""

    determiners: frozenset[str]
    titles: frozenset[str]
    homonyms: Mapping[str, tuple[Reading, ...]]
    after_locative: re.Pattern[str]
    government: re.Pattern[str]
    longest_title: int

    @staticmethod
    def read(file: Path) -> "Habits":
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
        government = _alternatives(data["government_words"])
        return Habits(
            determiners=frozenset(data["determiners"]),
            titles=frozenset(data["titles"]),
            homonyms={name: tuple(map(_reading, entries)) for name, entries in data["homonyms"].items()},
            after_locative=re.compile(rf"\b(?:{_alternatives(data['locative_words'])})\s+(?:the\s+)?$", re.IGNORECASE),
            government=re.compile(rf"(?:(?P<before>.+) (?:{government})|(?:{government}) of (?:the )?(?P<after>.+))$", re.IGNORECASE),
            longest_title=max(len(title.split()) for title in data["titles"]),
        )  # fmt: skip


def _reading(entry: Mapping[str, Any]) -> Reading:
    clues = re.compile(rf"\b(?:{_alternatives(entry['clues'])})\b") if entry["clues"] else None
    return Reading(iri=f"{ids.BASE}entity/{entry['iri']}", clues=clues)


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))


@dataclass(frozen=True)
class Linker:
    """The knowledge base, by name."""

    senses: Mapping[str, tuple[Sense, ...]]  # by name as `key_of` gives it
    ontology: Ontology
    habits: Habits
    sought: tuple[tuple[str, str], ...]  # names to look for in text, each with its class

    @staticmethod
    def load(folder: Path | None = None, *, ontology: Ontology) -> "Linker":
        """The knowledge base of a folder, ours where none is named.

        Raises:
            OntologyError: for a file that is missing or broken.
        """
        folder = folder or resources.folder("ontology") / "knowledge"
        try:
            habits = Habits.read(folder / "reading.yaml")
            records = [r for file in sorted(folder.glob("*.jsonl"), key=_precedence) for r in _records(file)]
        except (OSError, KeyError, TypeError) as error:
            raise OntologyError(
                f"{folder}: no knowledge base; {error!r}; make it with training/knowledge.py"
            ) from error
        senses: dict[str, list[Sense]] = defaultdict(list)
        for record in records:
            for name, sense in _senses(record):
                senses[key_of(name)].append(sense)
        sought = {name: class_iri for record in reversed(records) for name, class_iri in _sought(record)}
        return Linker(
            {key: tuple(found) for key, found in senses.items()}, ontology, habits, tuple(sorted(sought.items()))
        )

    def names(self) -> tuple[tuple[str, str], ...]:
        """The names to look for in text, as they are written there, each with the IRI of its class.

        Names that are ordinary words too, or that people bear, are left to the recogniser of names.
        """
        return self.sought

    def link(self, mention: Mention, *, document: Document) -> Mention:
        """The mention with its entity and score; a pronoun as it is."""
        if mention.kind is MentionKind.PRONOUN:
            return mention
        find = self._name if mention.kind is MentionKind.NAME else self._nominal
        entity, score = find(mention, document)
        return replace(mention, entity=entity, link_score=score)

    def named(self, label: str, class_iri: str | None) -> Entity:
        """The entity minted for a name that the knowledge base does not know."""
        class_iri = class_iri if class_iri not in _UNDECIDED and class_iri is not None else _NAMED_THING
        clean = self._clean(label)
        clean = self._without_titles(clean) if class_iri == _PERSON else clean
        return Entity(iri=ids.entity_iri(class_iri, clean), type=class_iri, label=clean)

    def concept(self, label: str, head: str | None, class_iri: str | None) -> Entity:
        """The entity for what a noun phrase means; one in the plural is the same as one in the singular.

        Args:
            label: The words of the noun phrase.
            head: The lemma of its head noun; its concept is the broader one.
        """
        clean = self._clean(label)
        single = _in_singular(clean, head) if head else clean
        iri = CONCEPTS + ids.slug(single)
        broader = self._broader(head) if head else None
        return Entity(iri=iri, type=class_iri or _CONCEPT, label=clean, broader=broader if broader != iri else None)

    # -- Names -------------------------------------------------------------------------------------------------------

    def _name(self, mention: Mention, document: Document) -> tuple[Entity, float]:
        for text, score in self._spellings(mention):
            sense = self._choose(text, mention, document)
            if sense is not None:
                return sense.entity, self._score(text, sense, score)
        return self._government(mention, document) or (self.named(mention.text, mention.type), _MINTED)

    def _spellings(self, mention: Mention) -> Iterator[tuple[str, float]]:
        """Keys to look a name up by, the surest first, each with the score that it is worth."""
        key = key_of(mention.text, self.habits.determiners)
        yield key, _EXACT
        bare = self._without_titles(key)
        if bare != key and mention.type in {_PERSON, *_UNDECIDED}:
            yield bare, _EXACT
        if key[:1].isupper() and (len(key) > 4 or " " in key):
            yield from ((other, _FOLDED) for other in self._folded.get(_fold(bare), ()) if other != key)

    def _choose(self, key: str, mention: Mention, document: Document) -> Sense | None:
        """The reading of a name that fits mention and document best."""
        senses = [s for s in self.senses.get(key, ()) if self._holds(s, mention, document)]
        senses = self._of_fitting_kind(senses, mention, document)
        if len(senses) < 2:
            return senses[0] if senses else None
        return (
            self._by_clues(key, senses, document)
            or self._by_place(senses, mention, document)
            or _in_office(senses, document)
        )

    def _holds(self, sense: Sense, mention: Mention, document: Document) -> bool:
        if sense.is_common and not self._is_typed_as(mention.type, sense.entity.type):
            return False
        return not sense.is_local or self._names_country(document, sense.entity.country)

    def _is_typed_as(self, found: str | None, wanted: str) -> bool:
        if found is None or found in _UNDECIDED:
            return False
        return self.ontology.is_a(found, wanted) or self.ontology.is_a(wanted, found)

    def _of_fitting_kind(self, senses: Sequence[Sense], mention: Mention, document: Document) -> list[Sense]:
        """A person is no place; whether a name is a place, a government or another body is not held against it."""
        if mention.type == _PERSON:
            people = [s for s in senses if s.is_person]
            # The recogniser takes a country for a person more often than a country's name is a person's.
            return people or [s for s in senses if s.entity.country and _is_in_place(self.habits, mention, document)]
        others = [s for s in senses if not s.is_person]
        return others or [s for s in senses if s.way is Way.NAME or mention.type in _UNDECIDED]

    def _by_clues(self, key: str, senses: Sequence[Sense], document: Document) -> Sense | None:
        readings = self.habits.homonyms.get(key, ())
        by_iri = {s.entity.iri: s for s in senses}
        known = [r for r in readings if r.iri in by_iri]
        if not known:
            return None
        votes = [_n_clues(reading.clues, document) for reading in known]
        best = known[votes.index(max(votes))]
        # Without a clue a seat of government is read by its place in the sentence.
        return None if by_iri[best.iri].way is Way.SEAT else by_iri[best.iri]

    def _by_place(self, senses: Sequence[Sense], mention: Mention, document: Document) -> Sense | None:
        """A capital: the city after "in" and before its country, elsewhere the government."""
        seats = [s for s in senses if s.way is Way.SEAT]
        cities = [s for s in senses if s.way is not Way.SEAT and self.ontology.is_a(s.entity.type, _PLACE)]
        if not seats or not cities:
            return None
        return (cities if self._is_place(mention, document) else seats)[0]

    def _is_place(self, mention: Mention, document: Document) -> bool:
        if _is_in_place(self.habits, mention, document):
            return True
        following = re.match(
            r"(?:, |-based\b)(?:([A-Z][\w.]*))?", document.text[mention.span.end : mention.span.end + 40]
        )
        if following is None:
            return False
        senses = self.senses.get(key_of(following[1]), ()) if following[1] else ()
        return following[1] is None or any(s.way is Way.NAME and not s.is_person for s in senses)

    def _score(self, key: str, sense: Sense, score: float) -> float:
        by_way = {Way.NAME: 1.0, Way.DEMONYM: _DEMONYM, Way.SEAT: _SEAT, Way.SURNAME: _SURNAME}[sense.way]
        return min(score, by_way, _CHOSEN if len(self.senses[key]) > 1 else 1.0)

    def _government(self, mention: Mention, document: Document) -> tuple[Entity, float] | None:
        """The government, where the name is that of a country with a word for its government."""
        found = self.habits.government.fullmatch(key_of(mention.text, self.habits.determiners))
        if found is None:
            return None
        place = replace(mention, text=found["before"] or found["after"], type=None)
        sense = self._choose(key_of(place.text, self.habits.determiners), place, document)
        government = self._governments.get(sense.entity.country or "") if sense is not None else None
        return (government, _DEMONYM) if government is not None else None

    # -- Nominals ----------------------------------------------------------------------------------------------------

    def _nominal(self, mention: Mention, document: Document) -> tuple[Entity, float]:
        label = self._in_lower_case(mention, document)
        known = self._material(label) or self._known_nominal(mention, document)
        return known or (self.concept(label, mention.head, mention.type), _MINTED)

    def _material(self, label: str) -> tuple[Entity, float] | None:
        found = self._materials.get(_fold(key_of(label, self.habits.determiners)))
        return (found, _EXACT) if found is not None else None

    def _known_nominal(self, mention: Mention, document: Document) -> tuple[Entity, float] | None:
        """A people ("Russians"), a government ("the Chinese government") or another name taken for a nominal."""
        label = mention.label or mention.text
        named = replace(mention, text=label, kind=MentionKind.NAME)
        if not re.search("[A-Z]", label):
            government = re.fullmatch("federal government", label)
            sense = self._choose(label, named, document) if government else None
            return (sense.entity, _CHOSEN) if sense is not None else None
        for text, score in self._spellings(named):
            sense = self._choose(text, named, document)
            if sense is not None:
                return sense.entity, self._score(text, sense, score)
        return self._government(named, document)

    def _in_lower_case(self, mention: Mention, document: Document) -> str:
        """The label of a nominal; a sentence's first word loses its capital where it is no name."""
        label = self._clean(mention.label or mention.text)
        first, _, rest = label.partition(" ")
        if not first.istitle() or self._is_name(first) or not _starts_sentence(mention, document):
            return label
        return first.lower() + (" " + rest if rest else "")

    def _is_name(self, word: str) -> bool:
        return any(not s.is_common for s in self.senses.get(key_of(word), ()))

    def _broader(self, head: str) -> str:
        found = self._materials.get(_fold(head))
        return found.iri if found is not None else CONCEPTS + ids.slug(head)

    # -- Words -------------------------------------------------------------------------------------------------------

    def _clean(self, text: str) -> str:
        """The words as a label: without determiner, possessive and quotation marks around them."""
        words = _POSSESSIVE.sub("", " ".join(text.split()).replace("’", "'").strip(_EDGES)).split(" ")
        while len(words) > 1 and words[0].lower() in self.habits.determiners:
            words = words[1:]
        return " ".join(words) or text

    def _without_titles(self, name: str) -> str:
        """The name of a person alone; what is nothing but a title stays."""
        words = name.split(" ")
        while len(words) > 1:
            n_words = self._n_title_words(words) or self._n_words_of_nationality(words)
            if not n_words:
                break
            words = words[n_words:]
        return " ".join(words)

    def _n_title_words(self, words: Sequence[str]) -> int:
        for n in range(min(self.habits.longest_title, len(words) - 1), 0, -1):
            if " ".join(words[:n]).lower().replace(".", "") in self.habits.titles:
                return n
        return 0

    def _n_words_of_nationality(self, words: Sequence[str]) -> int:
        """How many words name a country, where a title follows them."""
        for n in (1, 2):
            if self._n_title_words(words[n:]) and any(
                s.entity.country for s in self.senses.get(key_of(" ".join(words[:n])), ())
            ):
                return n
        return 0

    @cached_property
    def _folded(self) -> Mapping[str, tuple[str, ...]]:
        """Keys without regard to case, hyphens and diacritics; short ones and plain words keep theirs."""
        folded: dict[str, list[str]] = defaultdict(list)
        for key in self.senses:
            if " " in key or len(key) > 4:
                folded[_fold(key)].append(key)
        return {key: tuple(found) for key, found in folded.items()}

    @cached_property
    def _materials(self) -> Mapping[str, Entity]:
        return {
            _fold(key): sense.entity
            for key, senses in self.senses.items()
            for sense in senses
            if not sense.is_common and self.ontology.is_a(sense.entity.type, _MATERIAL)
        }

    @cached_property
    def _governments(self) -> Mapping[str, Entity]:
        """The government of each country."""
        start = ids.BASE + "entity/government/"
        found = {s.entity.iri: s.entity for senses in self.senses.values() for s in senses}
        return {iri.removeprefix(start): entity for iri, entity in found.items() if iri.startswith(start)}

    @cached_property
    def _country_names(self) -> Mapping[str, re.Pattern[str]]:
        names: dict[str, set[str]] = defaultdict(set)
        for key, senses in self.senses.items():
            for sense in senses:
                if sense.entity.iri == f"{ids.BASE}entity/country/{sense.entity.country}":
                    names[sense.entity.country or ""] |= {key, _dotted(key)}
        return {country: re.compile(rf"(?<!\w)(?:{_alternatives(found)})(?!\w)") for country, found in names.items()}

    def _names_country(self, document: Document, country: str | None) -> bool:
        pattern = self._country_names.get(country or "")
        return pattern is not None and _is_found(pattern, document.text)


def link_all(mentions: Sequence[Mention], document: Document, linker: Linker) -> tuple[Mention, ...]:
    """The mentions with their entities: those of one chain share the entity of the one that names it best."""
    chains: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.chain is not None and mention.kind is not MentionKind.PRONOUN:
            chains[mention.chain].append(linker.link(mention, document=document))
    best = {chain: min(found, key=_rank) for chain, found in chains.items()}
    return tuple(
        linker.link(m, document=document) if m.chain not in best
        else replace(m, entity=best[m.chain].entity, link_score=best[m.chain].link_score)
        for m in mentions
    )  # fmt: skip


def _rank(mention: Mention) -> tuple[bool, bool, int, int]:
    """Names before nominals, the known before the minted, the longer before the shorter, the first before the rest."""
    is_minted = mention.link_score <= _MINTED
    return mention.kind is not MentionKind.NAME, is_minted, -len(mention.label or mention.text), mention.span.start


@lru_cache(maxsize=65536)
def key_of(name: str, determiners: frozenset[str] = frozenset({"the"})) -> str:
    """The name as it is looked up: case kept, without determiner, possessive, and dots in initials.

    >>> key_of("the U.S.'s"), key_of("George H.W. Bush"), key_of("J. D. Vance")
    ('US', 'George HW Bush', 'JD Vance')
    """
    key = _POSSESSIVE.sub("", " ".join(name.translate(_QUOTES).split()).strip(_EDGES))
    key = _INITIAL.sub(r"\1", _INITIALS.sub(r"\1", key))
    first, _, rest = key.partition(" ")
    return rest if rest and first.lower() in determiners else key


@lru_cache(maxsize=65536)
def _fold(key: str) -> str:
    decomposed = unicodedata.normalize("NFKD", key.replace("-", " ")).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _dotted(key: str) -> str:
    """An acronym as it is written with dots."""
    return "".join(letter + "." for letter in key) if key.isupper() and len(key) < 4 else key


@lru_cache(maxsize=4096)
def _is_found(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _n_clues(clues: re.Pattern[str] | None, document: Document) -> int:
    """How many of the clues the document has, each counted once."""
    return _n_different(clues, f"{document.title or ''}\n{document.text}") if clues is not None else 0


@lru_cache(maxsize=4096)
def _n_different(clues: re.Pattern[str], text: str) -> int:
    return len(set(clues.findall(text)))


def _in_office(senses: Sequence[Sense], document: Document) -> Sense:
    """The first reading; of several people the one in office when the document was published, else the last in office."""
    people = [s for s in senses if s.terms]
    if len(people) < 2:
        return senses[0]
    day = document.published.isoformat() if document.published is not None else "9999"
    begun = [s for s in people if s.terms[0][0] <= day] or people
    return max(begun, key=lambda s: max(start for start, _ in s.terms if start <= day or s not in begun))


def _is_in_place(habits: Habits, mention: Mention, document: Document) -> bool:
    before = document.text[max(0, mention.span.start - 40) : mention.span.start]
    return habits.after_locative.search(before) is not None


def _starts_sentence(mention: Mention, document: Document) -> bool:
    before = document.text[max(0, mention.span.start - 24) : mention.span.start]
    determiner = r"(?:(?:The|A|An|This|That|These|Those|Its|Their|His|Her|Our|All|Some|Many|Most|Such)\s+)?"
    return re.search(rf"(?:^|[.!?:;\n\"”“•])\s*{determiner}$", before) is not None


def _in_singular(label: str, head: str) -> str:
    """The label with its head noun as a lemma: "new tariffs" as "new tariff"."""
    words = label.split(" ")
    for place in range(len(words) - 1, -1, -1):
        if words[place].lower() in _plurals(head):
            return " ".join([*words[:place], head, *words[place + 1 :]])
    return label


def _plurals(noun: str) -> set[str]:
    regular = (
        noun[:-1] + "ies"
        if noun.endswith("y")
        else noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")
    )
    return {regular, noun + "s", noun[:-2] + "es" if noun.endswith("is") else regular}


# -- Reading the knowledge base --------------------------------------------------------------------------------------

_ORDER = ("countries", "governments", "organizations", "places", "materials", "people")


def _precedence(file: Path) -> tuple[int, str]:
    """Of two readings that nothing tells apart, the one from the earlier file is taken."""
    return (_ORDER.index(file.stem) if file.stem in _ORDER else len(_ORDER)), file.stem


def _records(file: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise OntologyError(f"{file}, line {number}: not readable as JSON; {error}") from error


def _senses(record: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """(name, what it means) for every name of an entity."""
    entity = _entity(record)
    local, common, surnames = (set(record.get(key, ())) for key in ("local", "common", "surnames"))
    terms = tuple((start, end) for start, end in record.get("terms", ()))
    ways = {
        **dict.fromkeys(record.get("metonyms", ()), Way.SEAT),
        **dict.fromkeys(record.get("demonyms", ()), Way.DEMONYM),
    }
    ways |= dict.fromkeys([record["label"], *record.get("aliases", ())], Way.NAME) | dict.fromkeys(
        surnames, Way.SURNAME
    )
    known: set[str] = set()
    for name, way in ways.items():
        if key_of(name) not in known:
            known.add(key_of(name))
            yield name, Sense(entity=entity, way=way, is_local=name in local, is_common=name in common, terms=terms)


def _entity(record: Mapping[str, Any]) -> Entity:
    entity = ids.BASE + "entity/"
    broader = record.get("broader")
    return Entity(
        iri=entity + record["iri"],
        type=ids.ONTOLOGY + record["type"],
        label=record["label"],
        aliases=tuple(record.get("aliases", ())),
        same_as=tuple(
            _ELSEWHERE[prefix].format(name) for prefix, name in (s.split(":", 1) for s in record.get("same_as", ()))
        ),
        broader=entity + broader if broader else None,
        country=record.get("country"),
    )


def _sought(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of an entity that are looked for in text, with its class: those that begin with a capital."""
    is_person = record["type"] == "Person"
    aliases: Callable[[str], Sequence[str]] = lambda key: () if is_person else record.get(key, ())  # noqa: E731
    left_out = set(record.get("unsought", ()))
    for name in (record["label"], *aliases("aliases"), *aliases("demonyms"), *aliases("metonyms")):
        if any(c.isupper() for c in name) and name not in left_out:
            yield name, ids.ONTOLOGY + record["type"]
            if "'" in name:
                yield name.replace("'", "’"), ids.ONTOLOGY + record["type"]
