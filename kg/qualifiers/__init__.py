"""How a statement is put: polarity, modality, attribution and time.

The words come from `ontology/qualifiers.yaml` and `ontology/times.yaml`; `scope` says how they take scope.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from spacy.tokens import Doc, Token

from kg import ids
from kg.model import Entity, Modality, Polarity, Span, Statement
from kg.qualifiers.attribution import Quotes, attribution_of, quotations
from kg.qualifiers.cues import Cues, load
from kg.qualifiers.scope import IsAgent, Putting, how_put, is_excluded, is_presupposed, time_bearers
from kg.qualifiers.times import time_of

__all__ = ["Cues", "EntityOf", "Putting", "attribution_of", "how_put", "is_presupposed", "load", "qualify",
           "quotations"]

EntityOf = Callable[[Token], Entity | None]


def qualify(doc: Doc, statement: Statement, cues: Cues, entity_of: EntityOf, is_agent: IsAgent = lambda token: True, *,
            published: date | None = None, quotes: Quotes | None = None) -> Statement:  # fmt: skip
    """The statement with the polarity of its sentence and its evidence marked with modality, attribution and time.

    Args:
        entity_of: The entity that a noun stands for.
        is_agent: Whether a noun stands for someone who can intend something.
        published: The day from which "last week" is counted.
        quotes: The quotations of the document (`quotations`).
    """
    evidence = statement.evidence[0]
    trigger = _root(doc, evidence.predicate)
    put = _put(doc, statement, trigger, cues, is_agent)
    denied = put.is_denied != (statement.polarity is Polarity.NEGATIVE)
    marked = replace(
        evidence,
        modality=put.modality or Modality.ASSERTED,
        attribution=attribution_of(trigger, cues, entity_of, evidence.document_id, quotes),
    )
    relation = ids.predicate_name(statement.predicate)
    bearers = [trigger] if is_presupposed(trigger, evidence) else time_bearers(trigger, cues, relation)
    is_ahead = marked.modality is not Modality.ASSERTED
    if (found := time_of(trigger, bearers, published, is_ahead=is_ahead)) is not None:
        words, days = found
        span = Span(document_id=evidence.document_id, start=words.start_char, end=words.end_char)
        marked = replace(marked, time=span, valid=days)
    return replace(statement, polarity=Polarity.NEGATIVE if denied else Polarity.POSITIVE, evidence=(marked,))


def _put(doc: Doc, statement: Statement, trigger: Token, cues: Cues, is_agent: IsAgent) -> Putting:
    evidence, relation = statement.evidence[0], ids.predicate_name(statement.predicate)
    if is_presupposed(trigger, evidence):
        return Putting()
    put = how_put(trigger, cues, is_agent, relation=relation)
    if not evidence.extractor.startswith("pairs/"):
        return put
    # Nobody said which word states it: a denial may be part of the relation ("will not tolerate", "not without"), and what
    # the verb says may have nothing to do with it ("Trump, the president, will sign").
    is_without = any(is_excluded(_root(doc, span), cues) for span in (evidence.subject, evidence.object))
    is_denied = relation not in cues.privative and put.is_denied != is_without
    return Putting(None if relation in cues.standing else put.modality, is_denied)


def _root(doc: Doc, span: Span) -> Token:
    found = doc.char_span(span.start, span.end, alignment_mode="expand")
    assert found is not None
    return found.root
