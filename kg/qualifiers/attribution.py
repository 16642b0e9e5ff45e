"""Who is reported as saying it.

The innermost source counts: of "the paper said that the minister had denied it", the minister.
"""

from collections.abc import Callable, Mapping

from spacy.tokens import Doc, Token
from spacy.tokens import Span as TokenSpan

from kg import syntax
from kg.model import Attribution, Entity, Span
from kg.qualifiers.cues import Cues, known_lemma

EntityOf = Callable[[Token], Entity | None]
Quotes = Mapping[int, TokenSpan]
"""From the place of each quoted word to the quotation."""

_OPEN, _CLOSE = "“", "”"
_LONGEST_QUOTE = 400


def attribution_of(trigger: Token, cues: Cues, entity_of: EntityOf, document_id: str,
                   quotes: Quotes | None = None) -> Attribution | None:  # fmt: skip
    """Who is reported as saying it: by a reporting verb or noun above the clause, "according to", around a quotation.

    Without any of these, who says "I".

    Args:
        quotes: The quotations of the document, where they have been looked for.
    """
    found = _within_sentence(trigger, cues) or _around(trigger, (quotes or {}).get(trigger.i), cues)
    found = found or _first_person(trigger, cues, entity_of)
    if found is None:
        return None
    cue, source = found
    span = Span(document_id=document_id, start=cue.idx, end=cue.idx + len(cue))
    return Attribution(source=entity_of(source) if source is not None else None, cue=span)


Report = tuple[Token, Token | None]
"""The word that says that something is reported, and who says it."""


def _within_sentence(trigger: Token, cues: Cues) -> Report | None:
    """The innermost report with a named source, else the innermost ("in a statement that", "reportedly")."""
    reports = [found for token in (trigger, *syntax.governors(trigger)) if (found := _reported(token, cues))]
    return next((report for report in reports if report[1] is not None), reports[0] if reports else None)


def _reported(token: Token, cues: Cues) -> Report | None:
    head = token.head
    if known_lemma(head, cues.reporting_verbs) in cues.reporting_verbs:
        if token.dep_ in {"ccomp", "parataxis"}:
            return head, next(iter(syntax.surface_subjects(head)), None)
        if token.dep_ == "xcomp" and syntax.is_passive(head):  # "is said to have signed"
            return head, next(iter(syntax.agents(head)), None)
    if token.dep_ in {"acl", "ccomp"} and head.lemma_.lower() in cues.reporting_nouns:
        return head, _author(head)
    return next((found for part in token.children if (found := _reporting(part, token, cues))), None)


def _author(noun: Token) -> Token | None:
    """Whose claim it is: its possessor, or who makes it ("Chile said in a statement that")."""
    owner = syntax.child(noun, "nmod:poss")
    if owner is None and noun.dep_ in {"obj", "obl"} and noun.head.pos_ == "VERB":
        owner = next(iter(syntax.subjects(noun.head)), None)
    return owner


def _reporting(part: Token, token: Token, cues: Cues) -> Report | None:
    """A clause or phrase within a clause that says who says it: "as he said", "according to", "reportedly"."""
    if part.dep_ in {"parataxis", "advcl", "ccomp"} and known_lemma(part, cues.reporting_verbs) in cues.reporting_verbs:
        subject = syntax.child(part, "nsubj")
        if subject is not None and (part.dep_ == "parataxis" or part.i > token.i) and not syntax.child(part, "obj"):
            return part, subject
    if part.dep_ in {"obl", "nmod"} and syntax.case_of(part) in cues.reporting_prepositions:
        return syntax.child(part, "case") or part, part
    if part.dep_ == "advmod" and part.lower_ in cues.reporting_adverbs:
        return part, None
    return None


def quotations(doc: Doc) -> Quotes:
    """The quotations of a document: from an opening mark to the closing one, or to the end of the paragraph."""
    found: dict[int, TokenSpan] = {}
    opened: int | None = None
    for token in doc:
        is_break = token.is_space and "\n\n" in token.text
        if opened is not None and (is_break or _closes(token) or token.i - opened > _LONGEST_QUOTE):
            found.update((i, doc[opened : token.i]) for i in range(opened, token.i))
            opened = None
        elif opened is None and _opens(token):
            opened = token.i
    return found


def _opens(token: Token) -> bool:
    return token.text == _OPEN or token.text == '"'


def _closes(token: Token) -> bool:
    return token.text == _CLOSE or token.text == '"'


def _around(trigger: Token, quote: TokenSpan | None, cues: Cues) -> Report | None:
    """Who is said to say the quotation that the word stands in: where it begins, where it ends, or right before it."""
    if quote is None:
        return None
    doc = trigger.doc
    first, last = quote[0].sent, quote[-1].sent
    sentences = [first, last]
    if quote.end < len(doc):
        sentences.append(doc[quote.end].sent)  # the parser may begin a sentence after the mark: "...", he said.
    if first.start > 0:
        sentences.append(doc[first.start - 1].sent)
    for sentence in sentences:
        for token in sentence:
            if not quote.start <= token.i < quote.end and known_lemma(token, cues.reporting_verbs) in cues.reporting_verbs:
                speaker = next(iter(syntax.surface_subjects(token)), None) if token.pos_ == "VERB" else None
                if speaker is not None and not quote.start <= speaker.i < quote.end:
                    return token, speaker
    return None


def _first_person(trigger: Token, cues: Cues, entity_of: EntityOf) -> Report | None:
    """Who says "I" in the sentence, where the document tells who that is."""
    speakers = (token for token in trigger.sent if token.lower_ in cues.first_person and entity_of(token) is not None)
    speaker = next(speakers, None)
    return (speaker, speaker) if speaker is not None else None
