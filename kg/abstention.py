"""What the reading of a document left unsaid, so that silence is not taken for absence.

Mentions that stand for nothing known, and sentences with a word that states relations which gave no statement, each
with the reason. Nothing here is computed unless it is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kg import coreference, ids
from kg.extractors import Reading, pairs
from kg.extractors.silence import Lack, silences
from kg.model import Document, Doubt, Entity, Mention, MentionKind, Span, Statement
from kg.pipeline import Pipeline

_LEAST_NEAR = 0.2  # what the model of pairs holds for less likely than this is not told
_NOT_CLASSED = {None, ids.ONTOLOGY + "Concept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """A mention that stands for nothing known."""

    span: Span
    text: str
    kind: MentionKind
    type: str | None  # name of its class, where known
    sentence: str
    doubt: Doubt
    candidates: tuple[Entity, ...] = ()  # what is known by the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What the model of pairs held for likeliest, and did not say."""

    subject: str
    relation: str
    object: str
    probability: float  # [0, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """A word that states relations, in a sentence that gave no statement."""

    span: Span  # of the sentence
    sentence: str
    trigger: Span
    trigger_text: str
    relation: str
    pattern: str  # the one that came nearest to a statement
    lacks: tuple[Lack, ...]  # what it did not find
    near: Near | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of the sentences was said, and how much was left."""

    n_sentences: int = 0
    n_with_statements: int = 0
    n_unsaid: int = 0  # with a word that states relations, and no statement
    n_unresolved: int = 0  # mentions

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """What one document leaves unsaid."""

    document_id: str
    mentions: tuple[Unresolved, ...]
    sentences: tuple[Unsaid, ...]  # one for each word that states relations
    counts: Counts


def reported(pipeline: Pipeline, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Statement], Abstention]]:
    """Each document with its statements, as `Pipeline.statements` gives them, and with what it leaves unsaid."""
    for reading in pipeline.readings(documents):
        said = pipeline.said(reading)
        yield reading.document, said, abstention(pipeline, reading, said)


def abstention(pipeline: Pipeline, reading: Reading, said: Sequence[Statement]) -> Abstention:
    """What a document leaves unsaid.

    Args:
        said: Its statements.
    """
    telling = {evidence.sentence.start for statement in said for evidence in statement.evidence}
    starts = [s.start_char for s in reading.doc.sents if not s.text.isspace()]
    mentions, sentences = tuple(_unresolved(pipeline, reading)), tuple(_unsaid(pipeline, reading, telling))
    return Abstention(
        document_id=reading.document.id, mentions=mentions, sentences=sentences,
        counts=Counts(
            n_sentences=len(starts), n_with_statements=len(telling.intersection(starts)),
            n_unsaid=len({unsaid.span for unsaid in sentences}), n_unresolved=len(mentions),
        ),
    )  # fmt: skip


# ---- mentions


def _unresolved(pipeline: Pipeline, reading: Reading) -> Iterator[Unresolved]:
    doubts = coreference.doubts(reading.doc, reading.mentions, pipeline.ontology, pipeline.words)
    for sentence in reading.doc.sents:
        for mention in reading.mentions_in(sentence):
            doubt, candidates = _doubt(pipeline, mention, doubts)
            if doubt is not None:
                type_ = mention.entity.type if mention.entity is not None else mention.type
                yield Unresolved(
                    span=mention.span, text=mention.text, kind=mention.kind, doubt=doubt, candidates=candidates,
                    type=ids.predicate_name(type_) if type_ is not None else None, sentence=_plain(sentence.text),
                )  # fmt: skip


def _doubt(pipeline: Pipeline, mention: Mention,
           doubts: Mapping[tuple[int, int], Doubt]) -> tuple[Doubt | None, tuple[Entity, ...]]:  # fmt: skip
    """Why a mention stands for nothing known; None where it does, or where nothing is to be missed."""
    entity = mention.entity
    if mention.members or (entity is not None and entity.iri in pipeline.linker.knowledge.iris):
        return None, ()
    if mention.kind is MentionKind.NAME:
        return pipeline.linker.doubt(mention)
    is_missed = entity is None or (mention.chain is None and mention.type not in _NOT_CLASSED)
    return (doubts.get((mention.span.start, mention.span.end)) if is_missed else None), ()


# ---- sentences


def _unsaid(pipeline: Pipeline, reading: Reading, telling: set[int]) -> Iterator[Unsaid]:
    for sentence in reading.doc.sents:
        if sentence.start_char in telling:
            continue
        found = list(silences(reading, sentence, pipeline.patterns))
        best = pairs.nearest(reading, sentence, pipeline.ontology, pairs.load()) if found else None
        near = best and best[2] >= _LEAST_NEAR and Near(subject=best[0].subject.text, relation=best[1], object=best[0].object.text,
                             probability=round(best[2], 3))  # fmt: skip
        for silence in found:
            at = silence.trigger.i
            yield Unsaid(
                span=reading.span(sentence), sentence=_plain(sentence.text), trigger=reading.span(reading.doc[at : at + 1]),
                trigger_text=silence.trigger.text, relation=silence.relation, pattern=silence.pattern, lacks=silence.lacks,
                near=near or None,
            )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())


# ---- as records


def records(found: Abstention) -> Iterator[dict[str, Any]]:
    """A record for each mention and each word, then one of the counts: what a line of the report holds."""
    for mention in found.mentions:
        yield {
            "what": "mention", "document": found.document_id, "start": mention.span.start, "end": mention.span.end,
            "text": mention.text, "kind": str(mention.kind), "type": mention.type, "why": str(mention.doubt),
            "candidates": [{"iri": e.iri, "label": e.label} for e in mention.candidates], "sentence": mention.sentence,
        }  # fmt: skip
    for unsaid in found.sentences:
        yield {
            "what": "sentence", "document": found.document_id, "start": unsaid.span.start, "end": unsaid.span.end,
            "trigger": unsaid.trigger_text, "trigger_start": unsaid.trigger.start, "relation": unsaid.relation,
            "pattern": unsaid.pattern, "why": [{**asdict(lack), "cause": str(lack.cause)} for lack in unsaid.lacks],
            "near": asdict(unsaid.near) if unsaid.near is not None else None, "sentence": unsaid.sentence,
        }  # fmt: skip
    yield {"what": "counts", "document": found.document_id, **asdict(found.counts)}
