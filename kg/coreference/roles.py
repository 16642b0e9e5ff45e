"""Roles and the persons who hold them: "JD Vance, the vice president", "President Joe Biden ... the president"."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg import syntax
from kg.coreference.text import MAX_LOOKED_AT, PERSON, Item, Text, content
from kg.model import MentionKind

_NO_APPOSITION = {"(", "[", ":", ";", "-", "–", "—", "/"}


def join_roles(text: Text) -> None:
    """Join a role with the person who holds it: in apposition, as complement of "be", and later by the role alone."""
    holders: dict[str, list[tuple[Item, frozenset[str]]]] = defaultdict(list)
    for item in text.items:
        if item.kind is MentionKind.PRONOUN:
            continue
        holder = _named_beside(text, item)
        if holder is not None and not _only_describes(text, item):
            text.join(item, holder)
        if holder is None and text.is_role(item):
            _join_holder(text, item, holders[_title(item)])
        for title, words in _titles_of(text, item, holder):
            holders[title].append((holder or item, words))


def _only_describes(text: Text, item: Item) -> bool:
    """Whether it says what kind of thing the name is, and does not name it: "Acme, a mining company"."""
    return item.determiner in {"a", "an"} or (item.determiner not in {"the", "'s"} and not text.is_role(item))


def _title(item: Item) -> str:
    return item.head.lemma_.lower()


def _named_beside(text: Text, item: Item) -> Item | None:
    """The name that a nominal is in apposition to, or that it is said to be the role of."""
    if item.kind is MentionKind.NAME and not text.is_role(item):
        return None
    for other in _beside(item):
        named = text.by_head.get(other.i)
        if named is None or named is item or named.kind is not MentionKind.NAME or text.is_role(named):
            continue
        if item.is_plural == named.is_plural and text.may_be_one(item, named):
            return named
    return None


def _beside(item: Item) -> Iterator[Token]:
    head = item.head
    if head.dep_ in {"appos", "nmod:desc"} and _is_plain_apposition(head):
        yield head.head
    yield from filter(_is_plain_apposition, syntax.children(head, "appos"))
    if _is_title_complement(item):
        yield from syntax.children(head, "nsubj")


def _is_plain_apposition(token: Token) -> bool:
    """Set off by commas at most, and not in a list: brackets hold sources as often as names."""
    first, second = sorted((token.i, token.head.i))
    between = (token.doc[i].text for i in range(first + 1, second))
    return syntax.child(token.head, "conj") is None and not any(text in _NO_APPOSITION for text in between)


def _is_title_complement(item: Item) -> bool:
    copula = syntax.child(item.head, "cop")
    return copula is not None and copula.lemma_ == "be" and item.determiner in {"the", "'s"} and not any(
        part.dep_ == "advmod" and part.lower_ in {"not", "n't", "n’t"} for part in item.head.children)  # fmt: skip


def _titles_of(text: Text, item: Item, holder: Item | None) -> Iterator[tuple[str, frozenset[str]]]:
    """The title that a mention gives to its person, with the words that narrow it down."""
    if holder is not None and text.is_role(item):
        yield _title(item), content(item)
    if item.kind is MentionKind.NAME and text.is_a(item.mention.type, PERSON):
        yield from _titles_before(text, item)


def _titles_before(text: Text, item: Item) -> Iterator[tuple[str, frozenset[str]]]:
    """"Angolan President" of "Angolan President João Lourenço", "Secretary of Commerce" of "... Gina Raimondo"."""
    first = item.start
    while first > 0 and item.start - first < 6 and _may_be_title_word(text.doc[first - 1]):
        first -= 1
    before = text.doc[first : item.start]
    for token in reversed(before):
        if token.lemma_.lower() in text.words.titles:
            yield token.lemma_.lower(), frozenset(t.lemma_.lower() for t in before if t.pos_ != "ADP")
            return


def _may_be_title_word(token: Token) -> bool:
    return token.pos_ in {"NOUN", "PROPN", "ADJ"} or token.lower_ in {"of", "for", "'s", "’s"}


def _join_holder(text: Text, item: Item, holders: Sequence[tuple[Item, frozenset[str]]]) -> None:
    if not item.is_definite or item.is_plural:
        return
    said = content(item)
    for holder, words in reversed(holders[-MAX_LOOKED_AT:]):
        if said <= words and (said ^ words).isdisjoint(text.words.distinguishing):
            text.join(item, holder)
            return
