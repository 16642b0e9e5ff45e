"""Extractors: an analysed document and its mentions in, statements out.

An extractor is a function `extract(reading, ...) -> Iterator[Statement]`; each statement carries one evidence.
Polarity, modality, attribution and time are left at their defaults: `kg.qualifiers` fills them in.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TypeVar

from spacy.tokens import Doc, Token
from spacy.tokens import Span as TokenSpan

from kg import ids, syntax
from kg.model import Document, Entity, Evidence, Literal, Mention, MentionKind, Span, Statement

_PERSON, _COUNTRY = (ids.ONTOLOGY + name for name in ("Person", "Country"))
T = TypeVar("T", Entity, Entity | Literal)
_LONGEST_TITLE = 10  # tokens from a title to the name that it introduces
_IN_TITLES = {"PROPN", "NOUN", "ADJ", "ADP", "DET", "CCONJ"}


@dataclass(frozen=True)
class Reading:
    """A document as the stages before extraction have read it."""

    document: Document
    doc: Doc
    mentions: Sequence[Mention]

    @cached_property
    def _by_token(self) -> dict[int, Mention]:
        """The mention that each token stands for: a name for all of its tokens, a nominal for its head."""
        index: dict[int, Mention] = {}
        for mention in self.mentions:
            span = self.doc.char_span(mention.span.start, mention.span.end)
            if span is None:
                continue
            if mention.kind is MentionKind.NAME:
                index.update((token.i, mention) for token in span)
            else:
                index.setdefault(span.root.i, mention)
        return index

    def own_mention(self, token: Token) -> Mention | None:
        """The mention that the token is part of: of "Chancellor" in "Chancellor Scholz", the title."""
        return self._by_token.get(token.i)

    def mention_of(self, token: Token) -> Mention | None:
        """The mention that a noun phrase with this head stands for: the person rather than the title."""
        own = self.own_mention(token)
        for part in token.children:
            if part.dep_ in {"flat", "nmod:desc", "appos"}:
                other = self._by_token.get(part.i)
                if other is not None and _names(other, own, is_next=part.i == token.i + 1):
                    return other
        name = syntax.name_described_by(token)
        if name is not None and name.i in self._by_token:
            return self._by_token[name.i]
        return self._holder(token, own) or own

    def _holder(self, title: Token, own: Mention | None) -> Mention | None:
        """The person after a title and what it is of ("Secretary of State Antony Blinken"), where parsers go astray."""
        if own is None or own.kind is not MentionKind.NOMINAL or own.type != _PERSON:
            return None
        for token in title.doc[title.i + 1 : title.i + _LONGEST_TITLE]:
            mention = self._by_token.get(token.i)
            if mention is not None and mention.kind is MentionKind.NAME and mention.type == _PERSON:
                return mention
            if token.pos_ not in _IN_TITLES or (token.pos_ == "ADP" and token.lower_ not in {"of", "for"}):
                return None
        return None

    def entity_of(self, token: Token) -> Entity | None:
        mention = self.mention_of(token)
        return mention.entity if mention is not None else None

    def behind(self, agent: Entity) -> Entity:
        """The country that a government or official acts for, where the document names it; else the agent."""
        return self._countries.get(agent.country or "", agent)

    @cached_property
    def _countries(self) -> dict[str, Entity]:
        """The countries that the document names, by their codes; of several entities of a code the first."""
        index: dict[str, Entity] = {}
        for mention in self.mentions:
            entity = mention.entity
            if entity is not None and entity.type == _COUNTRY and entity.country is not None:
                index.setdefault(entity.country, entity)
        return index

    def mentions_in(self, sentence: TokenSpan) -> list[Mention]:
        """The mentions that lie within a sentence of the document."""
        return self._by_sentence.get(sentence.start_char, [])

    @cached_property
    def _by_sentence(self) -> dict[int, list[Mention]]:
        sentences = list(self.doc.sents)
        starts = [sentence.start_char for sentence in sentences]
        index: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            at = bisect_right(starts, mention.span.start) - 1
            if at >= 0 and mention.span.end <= sentences[at].end_char:
                index.setdefault(starts[at], []).append(mention)
        return index

    @cached_property
    def _by_entity(self) -> dict[str, list[Mention]]:
        index: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if mention.entity is not None:
                index.setdefault(mention.entity.iri, []).append(mention)
        return index

    def with_link_scores(self, statement: Statement) -> Statement:
        """The statement, its evidence marked with how surely the words for subject and object mean these entities.

        An entity that no mention there stands for (one that was put in the place of another) has the score of its
        best mention in the document, or none.
        """
        (evidence,) = statement.evidence
        scored = replace(
            evidence,
            subject_link_score=self._link_score(statement.subject, evidence.subject),
            object_link_score=self._link_score(statement.object, evidence.object),
        )
        return replace(statement, evidence=(scored,))

    def _link_score(self, value: Entity | Literal, span: Span) -> float | None:
        own = self._by_entity.get(value.iri, []) if isinstance(value, Entity) else []
        there = [m for m in own if m.span.start < span.end and span.start < m.span.end]
        return max((round(m.link_score, 3) for m in there or own), default=None)

    def for_each_member(self, statement: Statement) -> Iterator[Statement]:
        """The statement, of each member where its subject or object is a set: "both countries signed" is of either."""
        (evidence,) = statement.evidence
        subjects = self._members(statement.subject, evidence.subject)
        objects = self._members(statement.object, evidence.object)
        for subject, object_ in product(subjects, objects):
            if subject != object_:
                yield replace(statement, subject=subject, object=object_)

    def _members(self, value: T, span: Span) -> list[T | Entity]:
        """Whom a set means; else what there is."""
        mention = self._sets.get((span.start, span.end))
        if mention is None or mention.entity != value:
            return [value]
        return [e for name in mention.members if (e := self._named.get((name.start, name.end))) is not None] or [value]

    @cached_property
    def _sets(self) -> dict[tuple[int, int], Mention]:
        return {(m.span.start, m.span.end): m for m in self.mentions if m.members}

    @cached_property
    def _named(self) -> dict[tuple[int, int], Entity]:
        return {(m.span.start, m.span.end): m.entity for m in self.mentions if m.entity is not None}

    def span(self, tokens: TokenSpan) -> Span:
        return Span(document_id=self.document.id, start=tokens.start_char, end=tokens.end_char)

    def evidence(self, *, subject: TokenSpan, predicate: TokenSpan, object: TokenSpan, extractor: str,
                 confidence: float) -> Evidence:  # fmt: skip
        """The evidence of a statement that these stretches of one sentence make."""
        sentence = predicate[0].sent
        while len(sentence) > 1 and sentence[-1].is_space:
            sentence = sentence[:-1]
        return Evidence(
            sentence=self.span(sentence), quote=sentence.text,
            subject=self.span(subject), subject_text=subject.text,
            predicate=self.span(predicate), predicate_text=predicate.text,
            object=self.span(object), object_text=object.text,
            extractor=extractor, confidence=confidence,
        )  # fmt: skip


def _names(other: Mention, own: Mention | None, *, is_next: bool) -> bool:
    """Whether a name says who or what a noun before it is: at once, of a person after a comma too ("the mayor, Lee")."""
    if other.kind is not MentionKind.NAME or (own is not None and own.kind is not MentionKind.NOMINAL):
        return False
    return is_next or (own is not None and own.type == other.type == _PERSON)
