"""The mentions of a document in their tree, and the chains that they form so far."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from spacy.attrs import IDX, IS_SPACE, LENGTH, SENT_START
from spacy.tokens import Doc, Token

from kg import ids, syntax
from kg.coreference.words import Words
from kg.model import Mention, MentionKind, Span
from kg.ontology import Ontology

PERSON, ORGANIZATION, GOVERNMENT, PLACE, GROUP, CONCEPT, ANYTHING = (
    ids.ONTOLOGY + name
    for name in ("Person", "Organization", "Government", "Place", "Group", "Concept", "NamedThing")
)
PRONOUNS = {
    **dict.fromkeys(("it", "its", "itself"), "thing"), **dict.fromkeys(("they", "their", "them", "themselves"), "many"),
    **dict.fromkeys(("he", "his", "him", "himself"), "male"), **dict.fromkeys(("she", "her", "herself"), "female"),
}  # fmt: skip
POINTING = {"this", "that", "these", "those", "such"}
NEAR_SENTENCES = 3
MAX_LOOKED_AT = 12


@dataclass(eq=False, slots=True)
class Item:
    """A mention in its tree."""

    index: int
    mention: Mention
    start: int  # tokens, half-open
    end: int
    head: Token
    sentence: int
    kind: MentionKind
    gender: str | None = None  # male, female, either (a person), thing; None where unknown
    is_plural: bool = False
    determiner: str = ""  # in lower case; "'s" for a possessor

    @property
    def is_definite(self) -> bool:
        return self.determiner == "the" or self.determiner in POINTING


@dataclass(eq=False, slots=True)
class Chain:
    """Mentions of one thing, in textual order, with what is known of it."""

    number: int
    members: list[Item]
    genders: set[str]
    is_named: bool

    @staticmethod
    def of(item: Item) -> "Chain":
        """The chain of one mention alone."""
        genders = set() if item.gender is None else {item.gender}
        return Chain(item.index, [item], genders, item.kind is MentionKind.NAME)

    def take_in(self, other: "Chain") -> None:
        for item in other.members:
            insort(self.members, item, key=attrgetter("index"))
        self.genders |= other.genders
        self.is_named |= other.is_named


@dataclass(eq=False)
class Text:
    """The mentions of a document with the chains so far; the one value here that changes."""

    doc: Doc
    mentions: Sequence[Mention]
    ontology: Ontology
    words: Words

    @cached_property
    def chains(self) -> list[Chain]:
        """The chain of each mention."""
        return [Chain.of(item) for item in self.items]

    @cached_property
    def items(self) -> list[Item]:
        offsets, lengths, openings, spaces = self.doc.to_array([IDX, LENGTH, SENT_START, IS_SPACE]).T.tolist()
        starts = {offset: i for i, offset in enumerate(offsets)}
        ends = {offset + length: i + 1 for i, (offset, length) in enumerate(zip(offsets, lengths, strict=True))}
        sentence_of = _sentence_numbers(openings, spaces)
        places = [(m, starts[m.span.start], ends[m.span.end]) for m in self.mentions]
        return [self._item(i, m, start, end, sentence_of[start]) for i, (m, start, end) in enumerate(places)]

    @cached_property
    def by_head(self) -> dict[int, Item]:
        """Token number to the longest mention that it heads."""
        return {item.head.i: item for item in sorted(self.items, key=lambda item: item.end - item.start)}

    @cached_property
    def by_sentence(self) -> dict[int, list[Item]]:
        found: dict[int, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.sentence].append(item)
        return found

    def _item(self, index: int, mention: Mention, start: int, end: int, sentence: int) -> Item:
        head = self.doc[start] if end - start == 1 else self.doc[start:end].root
        item = Item(index, mention, start, end, head, sentence, mention.kind)
        item.gender = self._gender(item)
        item.is_plural = self._is_plural(item)
        item.determiner = "" if item.kind is MentionKind.PRONOUN else _determiner(item)
        return item

    def _gender(self, item: Item) -> str | None:
        if item.kind is MentionKind.PRONOUN:
            pronoun = PRONOUNS.get(item.head.lower_)
            return None if pronoun == "many" else pronoun
        if item.kind is MentionKind.NAME:
            return self._gender_of_name(item)
        if (gender := self.words.genders.get(item.head.lemma_.lower())) is not None:
            return gender
        return self._gender_of_class(item.mention.type)

    def _gender_of_name(self, item: Item) -> str | None:
        type_ = item.mention.type
        before = self.doc[item.start - 1].lower_.rstrip(".") if item.start else ""
        gender = self.words.genders.get(before) or self.words.first_names.get(self.doc[item.start].lower_)
        if self.is_a(type_, PERSON) or type_ in {None, ANYTHING}:
            return gender or self._gender_of_class(type_)
        return self._gender_of_class(type_)

    def _gender_of_class(self, class_iri: str | None) -> str | None:
        if class_iri is None or class_iri in {ANYTHING, CONCEPT} or self.is_a(class_iri, GROUP):
            return None
        return "either" if self.is_a(class_iri, PERSON) else "thing"

    def _is_plural(self, item: Item) -> bool:
        if item.kind is MentionKind.PRONOUN:
            return PRONOUNS.get(item.head.lower_) == "many"
        if item.kind is MentionKind.NAME:
            may_be_many = item.mention.type in {None, ANYTHING, GROUP}
            return item.head.tag_ == "NNS" or (item.head.tag_ == "NNPS" and may_be_many)
        return item.head.tag_ in {"NNS", "NNPS"}

    def is_a(self, class_iri: str | None, ancestor: str) -> bool:
        return class_iri is not None and (class_iri == ancestor or self.ontology.is_a(class_iri, ancestor))

    def is_compatible(self, one: Item, other: Item) -> bool:
        """Whether a thing of the one's class may be of the other's."""
        a, b = one.mention.type, other.mention.type
        if a is None or b is None or not {a, b}.isdisjoint({ANYTHING, CONCEPT}):
            return True
        return self.is_a(a, b) or self.is_a(b, a)

    def is_role(self, item: Item) -> bool:
        """Whether all that a mention says is a title ("the Vice President", "Secretary of State")."""
        if item.kind is MentionKind.NAME and self.is_a(item.mention.type, PERSON):
            return item.head.lower_ in self.words.titles and item.end - item.start == 1
        return item.head.lemma_.lower() in self.words.titles

    def may_be_one(self, one: Item, other: Item) -> bool:
        """Whether neither gender nor class speaks against two mentions' being of one thing."""
        a, b = one.gender, other.gender
        if a is not None and b is not None and (a == "thing") != (b == "thing"):
            return False
        return {a, b} != {"male", "female"} and self.is_compatible(one, other)

    def chain(self, item: Item) -> Chain:
        return self.chains[item.index]

    def is_chained(self, item: Item) -> bool:
        return len(self.chain(item).members) > 1

    def join(self, item: Item, earlier: Item) -> None:
        """Make the two chains one."""
        gone, kept = sorted((self.chain(item), self.chain(earlier)), key=lambda chain: len(chain.members))
        if gone is not kept:
            kept.take_in(gone)
            for moved in gone.members:
                self.chains[moved.index] = kept

    def chained(self, wanted: Sequence[Mention], members: Mapping[int, tuple[Span, ...]] | None = None) -> tuple[Mention, ...]:
        """The wanted ones of the mentions with the numbers of their chains, in order of first mention.

        Args:
            members: Of chains that mean a set, by the numbers that they have here.
        """
        places = {(m.span.start, m.span.end, m.kind) for m in wanted}
        items = [item for item in self.items if (item.mention.span.start, item.mention.span.end, item.kind) in places]
        counts = Counter(self.chain(item).number for item in items)
        numbers: dict[int, int] = {}
        for item in items:
            if counts[self.chain(item).number] > 1:
                numbers.setdefault(self.chain(item).number, len(numbers))
        sets = members or {}
        return tuple(
            replace(self._chained(item, numbers.get(self.chain(item).number)), members=sets.get(self.chain(item).number, ()))
            for item in items
        )

    def _chained(self, item: Item, number: int | None) -> Mention:
        """A capitalised title in a chain ("the President") names nobody, so it turns into a nominal."""
        mention = replace(item.mention, chain=number)
        if number is None or mention.kind is not MentionKind.NAME or not self.is_role(item):
            return mention
        return replace(mention, kind=MentionKind.NOMINAL, label=mention.text, head=item.head.lemma_.lower())


def _sentence_numbers(openings: Sequence[int], spaces: Sequence[int]) -> list[int]:
    """The number of the sentence of each token; white space between paragraphs does not count."""
    opened = accumulate(opens == 1 and not space for opens, space in zip(openings, spaces, strict=True))
    return [max(number - 1, 0) for number in opened]


def _determiner(item: Item) -> str:
    for part in item.head.children:
        if part.i > item.head.i:
            break
        if part.dep_ == "nmod:poss":
            return "'s"
        if part.dep_ == "det":
            return part.lower_
    return ""


def content(item: Item) -> frozenset[str]:
    """Lemmas of the nouns, adjectives and numbers of a mention."""
    return frozenset(t.lemma_.lower() for t in _tokens(item) if t.pos_ in {"NOUN", "PROPN", "ADJ", "NUM", "VERB"})


def described(item: Item) -> frozenset[str]:
    """Lemmas of all words of a mention's phrase, clauses apart."""
    start, end = syntax.phrase_range(item.head)
    doc = item.head.doc
    return frozenset(doc[i].lemma_.lower() for i in range(min(start, item.start), max(end, item.end)))


def _tokens(item: Item) -> Iterator[Token]:
    return (item.head.doc[i] for i in range(item.start, item.end))
