"""Nouns for the thing of a kind that a document names most: "the nation", "the administration"."""

from collections import defaultdict
from collections.abc import Mapping

from kg import syntax
from kg.coreference.text import Item, Text, content
from kg.model import MentionKind

Names = dict[int, list[Item]]  # names of one class, by number of their chain


def join_most_named(text: Text) -> None:
    """Join "the nation" with the subject before it in its sentence, else with the country named most so far."""
    named: dict[str, Names] = {class_iri: defaultdict(list) for class_iri in text.words.most_named.values()}
    for item in text.items:
        if item.kind is MentionKind.NOMINAL and not text.is_chained(item):
            earlier = _most_named(text, item, named)
            if earlier is not None:
                text.join(item, earlier)
        if item.kind is MentionKind.NAME:
            for class_iri, names in named.items():
                if text.is_a(item.mention.type, class_iri):
                    names[text.chain(item).number].append(item)


def _most_named(text: Text, item: Item, named: Mapping[str, Names]) -> Item | None:
    lemma = item.head.lemma_.lower()
    class_iri = text.words.most_named.get(lemma)
    if class_iri is None or item.determiner != "the" or item.is_plural:
        return None
    if content(item) != {lemma} or _is_narrowed(item):
        return None
    return _subject_before(item, named[class_iri]) or _named_more_than_others(text, item, named[class_iri])


def _is_narrowed(item: Item) -> bool:
    """Whether a clause or phrase after the noun says which one is meant ("the nation that ...")."""
    return any(p.i >= item.end for p in syntax.children(item.head, "acl", "acl:relcl", "nmod", "nmod:unmarked", "obl"))


def _subject_before(item: Item, names: Names) -> Item | None:
    last = (found[-1] for found in names.values())
    return next((n for n in last if n.sentence == item.sentence and n.head.dep_.startswith("nsubj")), None)


def _named_more_than_others(text: Text, item: Item, names: Names) -> Item | None:
    """The last mention of the name used most; None at a tie. What else its sentence names is set against it."""
    beside = {text.chain(other).number for other in text.by_sentence[item.sentence]}
    ranked = sorted((found for number, found in names.items() if number not in beside), key=len, reverse=True)
    is_tie = len(ranked) > 1 and len(ranked[0]) == len(ranked[1])
    return ranked[0][-1] if ranked and not is_tie else None
