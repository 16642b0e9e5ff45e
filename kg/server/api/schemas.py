"""The values that the API gives, for its description."""

from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from kg.model import Modality, Polarity


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


Belief = Annotated[float | None, Field(ge=0, le=1, description="How likely it is that this is what the documents say.")]
Day = date | None


class ProblemDetails(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(description="What kind of problem it is.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What is wrong with this request, and what to do.")
    errors: list[dict[str, Any]] = Field([], description="The single faults, where there are several.")


ItemT = TypeVar("ItemT")


class Page(Model, Generic[ItemT]):
    """Some of the items, and how many there are in all."""

    total: int = Field(ge=0)
    items: list[ItemT]


# ---- terms


class Term(Model):
    """A class or relation."""

    iri: str = Field(examples=["https://w3id.org/policy-kg/ontology#dependsOn"])
    name: str = Field(description="The last part of the IRI; of an open relation its phrase.", examples=["dependsOn"])
    label: str = Field(examples=["depends on"])


class CountedTerm(Term):
    n: int


class Counted(Model):
    name: str
    n: int


class ClassCount(Model):
    name: str = Field(examples=["Country"])
    label: str = Field(examples=["country"])
    n: int


class MonthCount(Model):
    month: str = Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-03"])
    n: int


class OntologyClass(Term):
    definition: str
    broader: list[str] = Field(description="Names of the classes right above it.")
    top: str = Field(description="Name of the topmost class that it falls under.", examples=["Agent"])


class OntologyRelation(Term):
    definition: str
    domain: list[str] = Field(description="Names of the classes of subjects; any of them, none is anything.")
    range: list[str] = Field(description="Names of the classes of objects; any of them, none is anything.")
    is_symmetric: bool


class OntologyView(Model):
    """Classes and relations that statements are made of."""

    classes: list[OntologyClass]
    relations: list[OntologyRelation]
    prefixes: dict[str, str] = Field(description="IRIs by the prefix that stands for them in SPARQL and Turtle.")


class GraphView(Model):
    """How much there is."""

    revision: int
    n_documents: int
    n_entities: int
    n_statements: int
    n_evidence: int
    first: Day = Field(description="Day of the earliest document.")
    last: Day
    classes: list[CountedTerm] = Field(description="With the number of their entities, the most frequent first.")
    relations: list[CountedTerm] = Field(description="With the number of their statements.")
    modalities: list[Counted]
    sources: list[Counted] = Field(description="The 50 publishers of most statements.")
    has_extract: bool = Field(description="Whether POST /api/v1/extract is there.")
    version: str


# ---- entities


class Ref(Model):
    """An entity in short."""

    iri: str = Field(examples=["https://w3id.org/policy-kg/entity/country/KAZ"])
    label: str = Field(examples=["Kazakhstan"])
    class_: str = Field(alias="class", description="Name of its class.", examples=["Country"])


class LiteralRef(Model):
    """A value that names no thing."""

    iri: str = Field(description="What identifies it as a node; no IRI.")
    label: str = Field(examples=["5 percent"])
    class_: Literal["Literal"] = Field(alias="class")
    value: str
    datatype: str
    unit: str | None


class Found(Ref):
    matched: str = Field(description="The name that matched.")
    how: Literal["exact", "prefix", "word", "fuzzy", "all"]
    n_statements: int


class EntityView(Ref):
    """All about an entity but for what is said of it."""

    class_iri: str
    class_label: str
    aliases: list[str]
    same_as: list[str] = Field(description="IRIs elsewhere.")
    broader: Ref | None
    country: str | None = Field(description="ISO 3166 alpha-3.", examples=["KAZ"])
    n_statements: int
    n_documents: int
    first: Day
    last: Day
    page_iri: str = Field(description="Where the page shows it, on this server.")


# ---- statements


class Statement(Model):
    """A statement in short."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    subject: Ref
    predicate: Term
    object: LiteralRef | Ref
    polarity: Polarity
    modality: Modality = Field(description="The firmest of its evidence.")
    belief: Belief
    contradicts: str | None = Field(description="Id of the statement that says the contrary.")
    n_evidence: int
    n_documents: int
    n_independent: int | None = Field(description="How many of them say it by themselves: copies count once.")
    sources: list[str] = Field(description="At most five publishers.", max_length=5)
    first: Day
    last: Day


class Range(Model):
    """A stretch of the text of a document, in code points."""

    start: int = Field(ge=0)
    end: int = Field(description="Not included.", gt=0)


class Stretch(Range):
    text: str


class LooseStretch(Range):
    text: str | None = Field(description="None where it lies outside of the sentence and the text is not there.")


class DocumentRef(Model):
    id: str
    iri: str
    title: str | None
    url: str | None
    publisher: str | None
    author: str | None
    published: Day


class Speaker(Model):
    source: Ref | None = Field(description="None where the text leaves the source unnamed.")


class Valid(Model):
    """From a day to a day, both included; None is open."""

    start: Day
    end: Day


class BareEvidence(Model):
    """One place that makes the statement."""

    sentence: Stretch
    subject: Stretch
    predicate: Stretch
    object: Stretch
    time: LooseStretch | None
    cue: LooseStretch | None = Field(description="The words that report who says it.")
    before: str | None = Field(description="Up to 300 code points before the sentence; None where they are not known.")
    after: str | None
    modality: Modality
    attribution: Speaker | None
    valid: Valid | None
    confidence: float = Field(ge=0, le=1)
    extractor: str = Field(examples=["patterns/dominates.verb@1"])
    subject_link_score: float | None = Field(ge=0, le=1)
    object_link_score: float | None = Field(ge=0, le=1)


class Evidence(BareEvidence):
    document: DocumentRef


class StatementView(Statement):
    """A statement with its evidence."""

    evidence: Page[Evidence]


# ---- around and between


class Node(Ref):
    depth: int = Field(description="Steps from the centre.")
    n_statements: int
    rank: int = Field(description="Place among all nodes around the centre, which itself has 0.")


class Facets(Model):
    """Statements of the centre by each quality: those that pass all filters but the one for this quality."""

    relations: list[CountedTerm]
    classes: list[ClassCount]
    modalities: list[Counted]
    polarities: list[Counted]
    sources: list[Counted]
    beliefs: list[int] = Field(description="By tenths.", min_length=10, max_length=10)
    months: list[MonthCount]


class Neighbourhood(Model):
    """What stands around an entity."""

    centre: Ref
    nodes: list[Node] = Field(description="The centre, then the page of nodes around it, the best documented first.")
    edges: list[Statement] = Field(description="The statements among these nodes, at most 2000, the most believed first.")
    total_nodes: int = Field(description="Nodes around the centre; at least so many where it is not exact.")
    is_total_exact: bool
    total_edges: int
    facets: Facets


class Way(Model):
    nodes: list[Ref]
    edges: list[Statement] = Field(description="Of each step at most five statements.")


class Paths(Model):
    """The shortest ways from one entity to another."""

    paths: list[Way]
    is_complete: bool = Field(description="Whether the search was not cut short.")


# ---- documents


class DocumentSummary(DocumentRef):
    language: str
    n_statements: int


class Place(Model):
    sentence: Range
    subject: Range
    predicate: Range
    object: Range


class PlacedStatement(Statement):
    """A statement, and where the document makes it."""

    evidence: list[Place]


class DocumentView(DocumentSummary):
    """A document with what it says."""

    text: str | None = Field(description="None where there is another version of the document by now.")
    statements: Page[PlacedStatement]


# ---- queries and extraction


class QueryParameter(Model):
    name: str
    kind: str = Field(examples=["entity"])
    default: str | None
    is_required: bool


class NamedQuery(Model):
    name: str
    question: str
    parameters: list[QueryParameter]
    text: str


class QueryText(Model):
    text: str = Field(description="SPARQL with every parameter in its place.")


class Rows(Model):
    columns: list[str]
    rows: list[list[Any]]


class ReadStatement(Statement):
    evidence: list[BareEvidence]


class ReadText(Model):
    text: str = Field(description="The cleaned text, which spans count in.")
    statements: list[ReadStatement]
    seconds: float
