"""Who is reported as saying it."""

from collections.abc import Callable

from spacy.tokens import Token

from kg import syntax
from kg.model import Attribution, Entity, Span
from kg.qualifiers.cues import Cues, known_lemma


def attribution_of(trigger: Token, cues: Cues, entity_of: Callable[[Token], Entity | None],
                   document_id: str) -> Attribution | None:  # fmt: skip
    """Who is reported as saying it: the subject of a reporting verb above the clause, or "according to"."""
    for token in (trigger, *syntax.governors(trigger)):
        cue, source = _reported(token, cues) or (None, None)
        if cue is not None:
            span = Span(document_id=document_id, start=cue.idx, end=cue.idx + len(cue))
            return Attribution(source=entity_of(source) if source is not None else None, cue=span)
    return None


def _reported(token: Token, cues: Cues) -> tuple[Token, Token | None] | None:
    head = token.head
    if token.dep_ in {"ccomp", "parataxis"} and known_lemma(head, cues.reporting_verbs) in cues.reporting_verbs:
        return head, next(iter(syntax.surface_subjects(head)), None)
    for part in token.children:
        if part.dep_ in {"parataxis", "advcl", "ccomp"} and part.lemma_.lower() in cues.reporting_verbs:
            subject = syntax.child(part, "nsubj")
            if subject is not None and (part.dep_ == "parataxis" or part.i > token.i) and not syntax.child(part, "obj"):
                return part, subject
        if part.dep_ in {"obl", "nmod"} and syntax.case_of(part) in cues.reporting_prepositions:
            return syntax.child(part, "case") or part, part
    return None
