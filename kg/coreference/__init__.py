"""Chains: which mentions of a document are about one thing.

Surest rules first (Raghunathan et al., 2010): names, roles with who holds them, what is named most. A ranker then chooses for each
mention the earlier one that it takes up, if any (`kg.coreference.ranking`). It reads all noun phrases, so that "this"
may stand between a name and what takes it up; only mentions leave with a chain. The words come from
`ontology/coreference.yaml`, the weights from `kg/models/coreference`.
"""

from collections.abc import Sequence

from spacy.tokens import Doc

from kg.coreference import phrases, ranking, traits
from kg.coreference.agreement import is_description, is_empty, may_take_up
from kg.coreference.doubts import doubts_of
from kg.coreference.named import join_most_named
from kg.coreference.names import join_names
from kg.coreference.ranking import Ranker
from kg.coreference.roles import join_roles
from kg.coreference.sets import members_of
from kg.coreference.text import Text
from kg.coreference.words import Words, load
from kg.model import Doubt, Mention, MentionKind
from kg.ontology import Ontology

__all__ = ["Ranker", "Words", "doubts", "load", "representative", "resolve", "resolve_all", "surely_joined"]

_CAUTION = 0.5  # in log odds: a wrong link makes wrong statements, a missing one none


def resolve(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words, *,
            ranker: Ranker | None = None) -> tuple[Mention, ...]:  # fmt: skip
    """The mentions with `chain` set; None for those that stand alone, and for "you", whom no statement is about."""
    text = _joined(doc, mentions, ontology, words, ranker, _CAUTION)
    found = text.chained([m for m in mentions if m.text.lower() not in words.second_person], members_of(text))
    return tuple(sorted([*found, *(m for m in mentions if m.text.lower() in words.second_person)], key=lambda m: (m.span.start, m.span.end)))


def resolve_all(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words, *,
                ranker: Ranker | None = None) -> tuple[Mention, ...]:  # fmt: skip
    """All noun phrases of the document with their chains, doubtful ones too: what chains are measured by."""
    text = _joined(doc, mentions, ontology, words, ranker, 0.0)
    return text.chained(text.mentions)


def doubts(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words, *,
           ranker: Ranker | None = None) -> dict[tuple[int, int], Doubt]:  # fmt: skip
    """By its place, why each pronoun and bare description that takes up nothing does not; see `doubts_of`."""
    return doubts_of(_joined(doc, mentions, ontology, words, ranker, _CAUTION), words, ranker or ranking.load())


def _joined(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words, ranker: Ranker | None, caution: float) -> Text:
    text = surely_joined(doc, mentions, ontology, words)
    all_choices = (ranker or ranking.load()).choices(traits.of(text), caution=caution)
    for item, choices in zip(text.items, all_choices, strict=True):
        if choices and not is_empty(item, words) and not (caution and is_description(item)):
            antecedent = next((text.items[i] for i in choices if may_take_up(text, item, text.items[i])), None)
            if antecedent is not None:
                text.join(item, antecedent)
    return text


def surely_joined(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words) -> Text:
    """All noun phrases of a document, joined by the rules that come before the ranker."""
    others = phrases.others(doc, mentions, ontology)
    text = Text(doc, sorted([*mentions, *others], key=lambda m: (m.span.start, m.span.end)), ontology, words)
    join_names(text)
    join_roles(text)
    join_most_named(text)
    return text


def representative(chain: Sequence[Mention]) -> Mention:
    """The mention that names the thing best: a name before nominals before pronouns, the longest, the first."""
    order = (MentionKind.NAME, MentionKind.NOMINAL, MentionKind.PRONOUN)
    return min(chain, key=lambda m: (order.index(m.kind), -len(m.label or m.text), m.span.start))
