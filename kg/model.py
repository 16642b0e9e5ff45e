"""The nouns: frozen value types that every other module passes around.

What is said makes a statement; how, when and where it is said makes its evidence.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg import ids


class Polarity(StrEnum):
    """Affirmed or denied."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Modality(StrEnum):
    """How firmly it is put."""

    ASSERTED = "asserted"  # passed, is passing, dominates
    PLANNED = "planned"  # will, plans to, aims to, agreed to
    POSSIBLE = "possible"  # may, could, is expected to, if
    DEMANDED = "demanded"  # should, must, is urged to


FIRMNESS = (Modality.ASSERTED, Modality.PLANNED, Modality.DEMANDED, Modality.POSSIBLE)
"""Firmest first: the order in which the modality of a statement is chosen from its evidence."""


class MentionKind(StrEnum):
    """How a stretch of text names its thing."""

    NAME = "name"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


class Doubt(StrEnum):
    """Why a mention was left without a thing that it stands for."""

    NO_CANDIDATE = "no candidate"
    BELOW_FLOOR = "below floor"  # there are candidates, none is sure enough
    AMBIGUOUS = "ambiguous"  # something known has the name, and nothing says that it is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A cleaned text and where it came from; `text` never changes once it is made."""

    id: str
    text: str
    url: str | None = None
    title: str | None = None
    language: str = "en"  # BCP 47
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    retrieved: date | None = None
    media_type: str = "text/plain"
    copy_of: str | None = None  # id of the document of another publisher whose words it repeats, found as they meet
    voice: str | None = None  # of a copy: who printed it first


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range of code points of a document's text."""

    document_id: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.document_id}: a span needs 0 <= start < end, not {self.start}, {self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing in the world."""

    iri: str
    type: str  # IRI of a class of the ontology
    label: str
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()  # IRIs elsewhere: Wikidata, GeoNames
    broader: str | None = None  # IRI of the broader concept, for concepts
    country: str | None = None  # ISO 3166 alpha-3: the country that it is, governs, belongs to or lies in


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value that names no thing: a number, an amount, a date."""

    value: str
    datatype: str = "http://www.w3.org/2001/XMLSchema#string"
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text that names something; filled in step by step."""

    span: Span
    text: str
    kind: MentionKind
    type: str | None = None  # IRI of a class, where known
    label: str | None = None  # of a nominal: its words without determiner and empty modifiers
    head: str | None = None  # of a nominal: the lemma of its head noun
    chain: int | None = None  # number of its coreference chain within the document
    entity: Entity | None = None
    meaning: Entity | None = None  # of a nominal in a chain: the concept that its words mean, apart from who is meant
    link_score: float = 0.0  # [0, 1]
    members: tuple[Span, ...] = ()  # of a set ("the two countries"): the names of those that it means


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From a day to a day, both included; None is open."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who is reported as saying it; `source` None is an unnamed source."""

    source: Entity | None
    cue: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place in one document that supports a statement."""

    sentence: Span
    quote: str  # the sentence, as it stands under its span
    subject: Span
    predicate: Span
    object: Span
    subject_text: str
    predicate_text: str
    object_text: str
    extractor: str  # who made it, by which rule: "patterns/dominates.verb@1"
    modality: Modality = Modality.ASSERTED
    attribution: Attribution | None = None
    time: Span | None = None
    valid: Interval | None = None
    confidence: float = 0.5  # [0, 1]
    subject_link_score: float | None = None  # [0, 1], how sure it is that this entity is meant; None is not known
    object_link_score: float | None = None  # the same of the object

    @property
    def document_id(self) -> str:
        return self.sentence.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Subject, predicate, object and polarity, with all evidence for it."""

    subject: Entity
    predicate: str  # IRI: a property of the ontology, or an open one (`ids.open_predicate`)
    object: Entity | Literal
    polarity: Polarity = Polarity.POSITIVE
    evidence: tuple[Evidence, ...]
    belief: float | None = None  # [0, 1], set by consolidation
    n_independent: int | None = None  # how many say it by themselves, set by consolidation

    @property
    def id(self) -> str:
        """A short identifier that depends on subject, predicate, object and polarity alone."""
        return ids.statement_id(self.subject.iri, self.predicate, object_key(self.object), self.polarity)

    @property
    def opposite_id(self) -> str:
        """The id of the statement that says the contrary."""
        other = Polarity.NEGATIVE if self.polarity is Polarity.POSITIVE else Polarity.POSITIVE
        return ids.statement_id(self.subject.iri, self.predicate, object_key(self.object), other)

    @property
    def modality(self) -> Modality:
        """The firmest of its evidence."""
        return min((e.modality for e in self.evidence), key=FIRMNESS.index)


def object_key(value: Entity | Literal) -> str:
    """What identifies the object of a statement."""
    return value.iri if isinstance(value, Entity) else f"{value.value}^^{value.datatype}|{value.unit or ''}"


def label_of(value: Entity | Literal) -> str:
    """What a person reads of the object of a statement."""
    return value.label if isinstance(value, Entity) else value.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A document that could not be taken in, and why."""

    document_id: str
    url: str | None
    stage: str  # read, clean, analyse, extract, store
    error: str
