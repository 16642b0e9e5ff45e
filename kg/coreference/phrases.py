"""Noun phrases beyond the mentions: what else a chain may hold, though nothing is stated of it.

Demonstratives, first and second person, numbers, dates and nouns within other phrases are no mentions that a statement
needs, yet "this" or "the mining sector" may stand between a name and what takes it up.
"""

from collections.abc import Container, Iterator, Sequence

from spacy.tokens import Doc, Token

from kg.model import Mention, MentionKind, Span
from kg.ontology import Ontology

_NO_PHRASE = {"flat", "goeswith", "fixed", "punct", "expl", "cop", "aux"}
_RELATIVE = {"WDT", "WP", "WP$", "WRB", "EX"}


def others(doc: Doc, mentions: Sequence[Mention], ontology: Ontology) -> Iterator[Mention]:
    """The noun phrases whose heads no mention has, in textual order."""
    known = {head for mention in mentions for head in _heads(doc, mention)}
    for token in doc:
        if token.i not in known and _heads_phrase(token):
            yield _phrase(token, mentions, ontology)


def _heads(doc: Doc, mention: Mention) -> Iterator[int]:
    stretch = doc.char_span(mention.span.start, mention.span.end)
    if stretch is not None:
        yield stretch.root.i


def _heads_phrase(token: Token) -> bool:
    if token.dep_ in _NO_PHRASE or not token.text[:1].isalnum() or token.tag_ in _RELATIVE:
        return False
    if token.pos_ == "NUM":
        return token.dep_ != "nummod"
    return token.pos_ in {"NOUN", "PROPN", "PRON"}


def _phrase(token: Token, mentions: Container[Mention], ontology: Ontology) -> Mention:
    kinds = {"PRON": MentionKind.PRONOUN, "PROPN": MentionKind.NAME}
    kind = kinds.get(token.pos_, MentionKind.NOMINAL)
    lemma = token.lemma_.lower()
    return Mention(
        span=Span(document_id="", start=token.idx, end=token.idx + len(token)), text=token.text, kind=kind,
        type=ontology.noun_class(lemma) if kind is MentionKind.NOMINAL else None, label=token.text, head=lemma,
    )  # fmt: skip
