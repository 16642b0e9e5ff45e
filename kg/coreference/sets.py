"""Sets: "the two countries", "both leaders" are each of those that were named before."""

from collections.abc import Iterator, Mapping

from kg import syntax
from kg.coreference.text import NEAR_SENTENCES, Item, Text
from kg.model import MentionKind, Span


def members_of(text: Text) -> Mapping[int, tuple[Span, ...]]:
    """By number of their chain, the names of whom mentions of a set mean, where the document tells."""
    found: dict[int, tuple[Span, ...]] = {}
    named: list[Item] = []
    for item in text.items:
        if item.kind is MentionKind.NAME:
            named.append(item)
            continue
        n, class_iri = _size(text, item), text.words.sets.get(item.head.lemma_.lower())
        number = text.chain(item).number
        if n > 1 and class_iri is not None and not text.chain(item).is_named and number not in found:
            members = _coordinated(text, item, named, n, class_iri) or _only(text, named, n, class_iri)
            if members:
                found[number] = tuple(m.mention.span for m in members)
    return found


def _size(text: Text, item: Item) -> int:
    """How many a noun is said to mean: "both countries", "the two leaders"; 0 where it is not a set known before."""
    if item.kind is not MentionKind.NOMINAL or not item.is_plural:
        return 0
    before = [part for part in item.head.children if part.i < item.head.i]
    sizes = [text.words.set_sizes[t.lower_] for t in before if t.lower_ in text.words.set_sizes]
    is_known = item.is_definite or item.determiner in {"both", "'s"} or any(t.lower_ == "both" for t in before)
    return sizes[0] if len(set(sizes)) == 1 and is_known else 0


def _coordinated(text: Text, item: Item, named: list[Item], n: int, class_iri: str) -> list[Item]:
    """The last names of the class that so many were coordinated of, a few sentences back at most."""
    by_head = {name.head.i: name for name in named}
    for name in reversed(named):
        if item.sentence - name.sentence > NEAR_SENTENCES:
            return []
        parts = [by_head[part.i] for part in syntax.conjuncts(name.head) if part.i in by_head]
        fitting = list(_distinct(text, parts, class_iri))
        if name.head.dep_ != "conj" and len(fitting) == len(parts) == n:
            return fitting
    return []


def _only(text: Text, named: list[Item], n: int, class_iri: str) -> list[Item]:
    """All names of the class so far, where they are just so many."""
    fitting = list(_distinct(text, named, class_iri))
    return fitting if len(fitting) == n else []


def _distinct(text: Text, items: list[Item], class_iri: str) -> Iterator[Item]:
    """The first of each chain that is of the class."""
    seen: set[int] = set()
    for item in items:
        number = text.chain(item).number
        if number not in seen and text.is_a(item.mention.type, class_iri) and item.head.dep_ != "compound":
            seen.add(number)
            yield item
