"""What a mention cannot take up, whatever speaks for it: what disagrees in gender or number with all of its chain."""

from spacy.tokens import Token

from kg import syntax
from kg.coreference.text import (
    GOVERNMENT,
    GROUP,
    MAX_LOOKED_AT,
    ORGANIZATION,
    POINTING,
    PRONOUNS,
    Chain,
    Item,
    Text,
    content,
    described,
)
from kg.coreference.words import Words

_NEW = {"a", "an", "another", "no", "any", "each", "every", "some"}
_PERSONS = {"male", "female", "either"}


def may_take_up(text: Text, item: Item, earlier: Item) -> bool:
    """Whether neither gender nor number speaks against one chain for both."""
    one, other = text.chain(item), text.chain(earlier)
    if one is other:
        return True
    if one.is_named and other.is_named:
        return False  # whether two names are one, rules tell better
    if _is_another(text, item, earlier) or _is_barred(item, other):
        return False
    genders = one.genders | other.genders
    if {"male", "female"} <= genders or ("thing" in genders and genders & _PERSONS):
        return False
    return _may_be_they(text, one, other) and _may_be_they(text, other, one)


def _is_whole_name(item: Item) -> bool:
    return item.kind == "name" and item.head.dep_ != "compound"


def is_description(item: Item) -> bool:
    """Whether a noun says what kind of thing something is, and does not name it: "Acme is a company"."""
    return item.kind == "nominal" and item.determiner in _NEW


def _is_another(text: Text, item: Item, earlier: Item) -> bool:
    """Whether its determiner or the words before it tell a noun apart from another: "another plan", "the Danish plan"."""
    if item.kind != "nominal" or earlier.kind != "nominal" or item.head.head.i == earlier.head.i or earlier.head.head.i == item.head.i:
        return False
    if item.determiner in _NEW:
        return True
    if item.head.lemma_.lower() != earlier.head.lemma_.lower() or item.determiner in POINTING:
        return False
    said = content(item) - text.ontology.empty_modifiers
    return not any(said <= described(other) for other in text.chain(earlier).members)


def _is_barred(item: Item, other: Chain) -> bool:
    """Whether it would be both subject and object of one verb and says not "himself"."""
    token = item.head
    if token.lower_.endswith(("self", "selves")) or not _is_argument(token):
        return False
    return any(m.head.head.i == token.head.i and m.head.i != token.i and _is_argument(m.head) for m in other.members[-MAX_LOOKED_AT:])


def _is_argument(token: Token) -> bool:
    return token.dep_.partition(":")[0] in {"nsubj", "obj", "iobj", "obl"}


def _may_be_they(text: Text, one: Chain, other: Chain) -> bool:
    """Whether the one chain is not called "they" while the other is of a single person or thing."""
    if not any(PRONOUNS.get(m.head.lower_) == "many" for m in one.members if m.kind == "pronoun"):
        return True
    return not other.genders & {"male", "female"} and not any(_is_single(text, m) for m in other.members)


def _is_single(text: Text, item: Item) -> bool:
    """Whether it is of one thing that is no body of people."""
    if item.is_plural or item.kind == "pronoun" or item.gender in {None, "either"}:
        return False
    if item.head.lemma_.lower() in text.words.groups:
        return False
    return not any(text.is_a(item.mention.type, class_iri) for class_iri in (ORGANIZATION, GOVERNMENT, GROUP))


def is_empty(item: Item, words: Words) -> bool:
    """Whether "it" stands for nothing ("it is likely that", "it takes years")."""
    token = item.head
    if token.lower_ != "it" or not token.dep_.startswith("nsubj"):
        return token.dep_ == "expl"
    governor = token.head
    if governor.lemma_.lower() in words.pleonastic_verbs or syntax.child(governor, "csubj", "csubj:pass"):
        return True
    clauses = [part for part in syntax.children(governor, "ccomp", "xcomp", "advcl") if part.i > governor.i]
    is_impersonal = governor.pos_ == "ADJ" or syntax.is_passive(governor)
    return is_impersonal and any(_opens_with(part, words.pleonastic_complements) for part in clauses)


def _opens_with(clause: Token, markers: frozenset[str]) -> bool:
    return any(part.dep_ in {"mark", "advmod"} and part.lower_ in markers for part in clause.children)
