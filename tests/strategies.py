"""Hypothesis strategies: any statements that documents may make, few names and places so that they often meet."""

from collections import defaultdict
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st

from kg.model import Attribution, Document, Entity, Evidence, Interval, Literal, Modality, Polarity, Span, Statement
from tests.builders import pol

PROPERTY = settings(max_examples=40, deadline=None)
"""How a property of whole sets of statements is tried."""

DOCUMENT_IDS = ("a", "b/ü 1", "https://news.example/c?d=e#f")
_XSD = "http://www.w3.org/2001/XMLSchema#"

_AWKWARD = [
    "China",
    "the U.S.",
    'so-called "ally"',
    "two\nlines\r\n\tand a tab",
    "back\\slash",
    "中国 🇨🇳",
    "e\u0301",
    "  ",
    "\x01",
]

words = st.sampled_from(_AWKWARD) | st.text(min_size=1, max_size=3)
"""Any text: quotes, line ends, other scripts, signs beyond the basic plane."""

_IRIS = [f"https://w3id.org/policy-kg/entity/country/{name}" for name in ("x", "y", "z%C3%BC")]

entities = st.sampled_from([
    Entity(iri=iri, type=type, label=label, **others)
    for iri in _IRIS
    for type in (pol("Country"), pol("Organization"))
    for label in _AWKWARD[:4]
    for others in (
        {},
        {"aliases": ("A", "B"), "same_as": ("http://www.wikidata.org/entity/Q148",), "country": "CHN"},
        {"aliases": ("B",), "broader": "https://w3id.org/policy-kg/entity/concept/w"},
    )
])  # fmt: skip
"""Few entities, described in many ways."""

literals = st.sampled_from([
    Literal(value=_AWKWARD[2]),
    Literal(value="5", datatype=_XSD + "integer"),
    Literal(value="05", datatype=_XSD + "integer", unit="t"),
    Literal(value="2026-02-04", datatype=_XSD + "date"),
])  # fmt: skip

predicates = st.sampled_from([
    pol("dominates"), pol("partnersWith"), "https://w3id.org/policy-kg/open/is%20the%20%22largest%22%20in",
])  # fmt: skip


def spans(document_id: str) -> st.SearchStrategy[Span]:
    return st.sampled_from([Span(document_id=document_id, start=n, end=n + 2) for n in range(3)])


def attributions(document_id: str) -> st.SearchStrategy[Attribution]:
    return st.builds(Attribution, source=st.none() | entities, cue=spans(document_id))


intervals = st.sampled_from([
    Interval(start=date(2026, 1, 1)), Interval(end=date(1999, 12, 31)), Interval(start=date(2026, 1, 1), end=date(2026, 2, 4)),
])  # fmt: skip


def evidence_in(document_id: str) -> st.SearchStrategy[Evidence]:
    return st.builds(
        Evidence,
        sentence=spans(document_id), quote=words,
        subject=spans(document_id), subject_text=words,
        predicate=spans(document_id), predicate_text=words,
        object=spans(document_id), object_text=words,
        extractor=st.sampled_from(["patterns/dominates.verb@1", "clauses/1"]),
        modality=st.sampled_from(Modality),
        attribution=st.none() | attributions(document_id),
        time=st.none() | spans(document_id),
        valid=st.none() | intervals,
        confidence=st.sampled_from([0.0, 0.123456, 0.7, 1.0]),
        subject_link_score=st.none() | st.sampled_from([0.0, 0.5]),
        object_link_score=st.none() | st.sampled_from([0.123456, 1.0]),
    )  # fmt: skip


def statements_in(document_id: str) -> st.SearchStrategy[Statement]:
    """Statements of one document, one evidence each."""
    return st.builds(
        Statement,
        subject=entities,
        predicate=predicates,
        object=st.one_of(entities, literals),
        polarity=st.sampled_from(Polarity),
        evidence=evidence_in(document_id).map(lambda e: (e,)),
    )


statements = st.sampled_from(DOCUMENT_IDS).flatmap(statements_in)


def statement_lists(min_size: int = 0) -> st.SearchStrategy[list[Statement]]:
    return st.lists(statements, min_size=min_size, max_size=6)


documents = st.builds(
    Document,
    id=st.sampled_from(DOCUMENT_IDS),
    text=words,
    url=st.none() | st.just("https://news.example/a b"),
    title=st.none() | words,
    publisher=st.none() | st.sampled_from(["AP", "The Example"]),
    author=st.none() | words,
    published=st.none() | st.dates(),
    retrieved=st.none() | st.dates(),
)


def corpora() -> st.SearchStrategy[list[tuple[Document, list[Statement]]]]:
    """Some documents, each with what it says."""
    return st.builds(
        _corpus, statement_lists(), st.lists(documents, max_size=3, unique_by=lambda document: document.id)
    )


def _corpus(said: list[Statement], described: list[Document]) -> list[tuple[Document, list[Statement]]]:
    known = {document.id: document for document in described}
    by_document: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in said:
        by_document[statement.evidence[0].document_id].append(statement)
    names = sorted({*known, *by_document})
    return [(known.get(name) or Document(id=name, text="?"), by_document[name]) for name in names]
