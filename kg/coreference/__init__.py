"""Chains: which mentions of a document are about one thing.

A sieve, the surest rules first, each building on the chains of those before it (Raghunathan et al., 2010; Lee et al.,
2013): names, roles, nominals, pronouns, a file each. A wrong antecedent puts a wrong statement into the graph, so a
mention that no rule is sure of stays in no chain. The words come from `ontology/coreference.yaml`.
"""

from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Doc

from kg.coreference.names import join_names
from kg.coreference.nominals import join_nominals
from kg.coreference.pronouns import NO_CANDIDATE, candidates_for, join_pronouns, pronoun_class, pronouns_of
from kg.coreference.roles import join_roles
from kg.coreference.text import Text
from kg.coreference.words import Words, load
from kg.model import Mention, MentionKind
from kg.ontology import Ontology

__all__ = ["NO_CANDIDATE", "Words", "choices", "load", "pronoun_class", "representative", "resolve", "spread"]

_SURE_SIEVES = (join_names, join_roles, join_nominals)


def resolve(doc: Doc, mentions: Sequence[Mention], ontology: Ontology, words: Words) -> tuple[Mention, ...]:
    """The mentions with `chain` set; None for those that stand alone."""
    text = Text(doc, mentions, ontology, words)
    for sieve in (*_SURE_SIEVES, join_pronouns):
        sieve(text)
    return text.chained()


def representative(chain: Sequence[Mention]) -> Mention:
    """The mention that names the thing best: a name before nominals before pronouns, the longest, the first."""
    order = (MentionKind.NAME, MentionKind.NOMINAL, MentionKind.PRONOUN)
    return min(chain, key=lambda m: (order.index(m.kind), -len(m.label or m.text), m.span.start))


def choices(
    doc: Doc,
    mentions: Sequence[Mention],
    ontology: Ontology,
    words: Words,
    is_right: Callable[[Mention, Mention], bool],
) -> Iterator[tuple[Mention, list[tuple[list[str], bool]]]]:
    """Each pronoun with the traits of its candidates and whether they are right: what `Words.salience` is fitted to.

    Args:
        is_right: Whether a pronoun and a candidate are truly of one chain.
    """
    text = Text(doc, mentions, ontology, words)
    for sieve in _SURE_SIEVES:
        sieve(text)
    for item in pronouns_of(text):
        candidates = candidates_for(text, item)
        found = [(candidate, traits, is_right(item.mention, candidate.mention)) for candidate, traits in candidates]
        yield item.mention, [(traits, right) for _, traits, right in found]
        antecedent = next((candidate for candidate, _, right in found if right), None)
        if antecedent is not None:
            text.join(item, antecedent)
