"""Why pronouns and descriptions take up nothing that came before: what the rules and the ranker made of them."""

from kg.coreference import traits
from kg.coreference.agreement import is_empty, may_take_up
from kg.coreference.ranking import Ranker
from kg.coreference.text import POINTING, Item, Text
from kg.coreference.words import Words
from kg.model import Doubt, MentionKind

_NARROWING = {"nmod", "acl", "acl:relcl", "nmod:poss", "compound", "flat", "appos", "nummod"}


def doubts_of(text: Text, words: Words, ranker: Ranker) -> dict[tuple[int, int], Doubt]:
    """By its place, why each pronoun and bare description stands alone, or for nothing but other such; none of the rest.

    "You" and the "it" of "it is likely" mean nothing that could be missing.

    Args:
        text: With all chains as they are in the end.
    """
    found = {}
    choices = list(ranker.choices(traits.of(text)))
    for item in text.items:
        first = text.chain(item).members[0]
        if item.mention.text.lower() in words.second_person or is_empty(item, words):
            continue
        if item.kind is MentionKind.PRONOUN or (first is item and is_bare(item)):
            is_near = any(may_take_up(text, first, text.items[i]) for i in choices[first.index] if i != first.index)
            place = item.mention.span.start, item.mention.span.end
            found[place] = Doubt.BELOW_FLOOR if is_near else Doubt.NO_CANDIDATE
    return found


def is_bare(item: Item) -> bool:
    """Whether a description points back and says no more than what kind of thing is meant ("the company", "this new plan")."""
    if item.kind is not MentionKind.NOMINAL or not item.is_definite:
        return False
    if item.determiner in POINTING:
        return True
    is_narrowed = any(part.dep_ in _NARROWING for part in item.head.children)
    return not is_narrowed and " " not in (item.mention.label or item.mention.text)
