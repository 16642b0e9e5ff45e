"""Definite nominals that take up an earlier mention: "a major initiative ... the initiative ... this move"."""

from collections import defaultdict
from collections.abc import Mapping

from kg import syntax
from kg.coreference.text import MAX_LOOKED_AT, NEAR_SENTENCES, POINTING, Item, Text, contains, content
from kg.model import MentionKind

Names = dict[int, list[Item]]  # names of one class, by number of their chain
_FAR_SENTENCES = 10
_NAMED_SENTENCES = 30


def join_nominals(text: Text) -> None:
    """Join "the plan", "this push", "the nation" with the earlier mention that they take up."""
    by_lemma: dict[str, list[Item]] = defaultdict(list)
    named: dict[str, Names] = {class_iri: defaultdict(list) for class_iri in text.words.most_named.values()}
    for item in text.items:
        if item.kind is MentionKind.PRONOUN:
            continue
        lemma = item.head.lemma_.lower()
        if item.kind is MentionKind.NOMINAL and not text.is_chained(item) and lemma not in text.words.never:
            earlier = _earlier_nominal(text, item, by_lemma) or _most_named(text, item, named)
            if earlier is not None:
                text.join(item, earlier)
        by_lemma[lemma].append(item)
        if item.kind is MentionKind.NAME:
            for class_iri, names in named.items():
                if text.is_a(item.mention.type, class_iri):
                    names[text.chain(item).number].append(item)


def _earlier_nominal(text: Text, item: Item, by_lemma: Mapping[str, list[Item]]) -> Item | None:
    if not item.is_definite or _is_narrowed(item):
        return None
    said = content(item) - text.ontology.empty_modifiers
    lemma = item.head.lemma_.lower()
    for earlier in reversed(by_lemma.get(lemma, [])[-MAX_LOOKED_AT:]):
        if item.sentence - earlier.sentence > _reach(item, earlier) or not _may_repeat(text, item, earlier):
            continue
        if item.determiner in POINTING or said <= _described(earlier):
            return earlier
    if item.determiner in POINTING:
        return _nearest_synonym(text, item, by_lemma)
    return None


def _reach(item: Item, earlier: Item) -> int:
    """How many sentences back a nominal may refer; "this" points near, and a bare noun is soon forgotten."""
    if item.determiner in POINTING:
        return NEAR_SENTENCES
    if any(item.head.doc[i].pos_ == "PROPN" for i in range(earlier.start, earlier.end)):
        return _NAMED_SENTENCES  # "the Trump administration"
    return _FAR_SENTENCES if earlier.determiner else NEAR_SENTENCES


def _may_repeat(text: Text, item: Item, earlier: Item) -> bool:
    if item.is_plural != earlier.is_plural or earlier.determiner in {"no", "any", "another", "each", "every"}:
        return False
    return text.may_be_one(item, earlier) and not contains(earlier, item) and not contains(item, earlier)


def _is_narrowed(item: Item) -> bool:
    """Whether a clause or phrase after the noun says which one is meant ("the plan that ...", "the deal with ...")."""
    return any(p.i >= item.end for p in syntax.children(item.head, "acl", "acl:relcl", "nmod", "nmod:unmarked", "obl"))


def _described(item: Item) -> frozenset[str]:
    """Lemmas of all words of a mention's phrase, clauses apart."""
    start, end = syntax.phrase_range(item.head)
    doc = item.head.doc
    return frozenset(doc[i].lemma_.lower() for i in range(min(start, item.start), max(end, item.end)))


def _nearest_synonym(text: Text, item: Item, by_lemma: Mapping[str, list[Item]]) -> Item | None:
    lemmas = text.words.synonyms.get(item.head.lemma_.lower(), frozenset())
    near = [
        earlier
        for lemma in lemmas
        for earlier in by_lemma.get(lemma, [])[-3:]
        if 0 <= item.sentence - earlier.sentence <= NEAR_SENTENCES and _may_repeat(text, item, earlier)
    ]
    return max(near, key=lambda earlier: earlier.index, default=None)


def _most_named(text: Text, item: Item, named: Mapping[str, Names]) -> Item | None:
    """For "the nation": the subject before it in its sentence, else the country named most so far."""
    lemma = item.head.lemma_.lower()
    class_iri = text.words.most_named.get(lemma)
    if class_iri is None or item.determiner != "the" or item.is_plural:
        return None
    if content(item) != {lemma} or _is_narrowed(item):
        return None
    return _subject_before(item, named[class_iri]) or _named_more_than_others(text, item, named[class_iri])


def _subject_before(item: Item, names: Names) -> Item | None:
    last = (found[-1] for found in names.values())
    return next((n for n in last if n.sentence == item.sentence and n.head.dep_.startswith("nsubj")), None)


def _named_more_than_others(text: Text, item: Item, names: Names) -> Item | None:
    """The last mention of the name used most; None at a tie. What else its sentence names is set against it."""
    beside = {text.chain(other).number for other in text.by_sentence[item.sentence]}
    ranked = sorted((found for number, found in names.items() if number not in beside), key=len, reverse=True)
    is_tie = len(ranked) > 1 and len(ranked[0]) == len(ranked[1])
    return ranked[0][-1] if ranked and not is_tie else None
