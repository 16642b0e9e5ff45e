"""Pronouns of the third person: the most salient mention of the last sentences that agrees with them.

Salience is a sum of weighted traits, after Lappin and Leass (1994); `training/coreference.py` fits the weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Token

from kg import ids, syntax
from kg.coreference.text import (
    GOVERNMENT,
    GROUP,
    MAX_LOOKED_AT,
    NEAR_SENTENCES,
    ORGANIZATION,
    PERSON,
    PLACE,
    PRONOUNS,
    Item,
    Text,
    contains,
)
from kg.coreference.words import Words
from kg.model import MentionKind

_ARTICLES = {"the", "a", "an", "'s", "this", "these", "that", "those"}
_TELLING_CLASSES = (PERSON, ORGANIZATION, PLACE, GROUP)
NO_CANDIDATE = "none"  # in `Words.salience`: what a candidate must exceed


def pronoun_class(text: str) -> str | None:
    """Which weights a pronoun of the third person takes: "thing", "many" or "person"; None for other words."""
    return {"male": "person", "female": "person"}.get(found := PRONOUNS.get(text.lower(), ""), found) or None


def join_pronouns(text: Text) -> None:
    """Join pronouns of the third person with the most salient chain of the last sentences that agrees with them."""
    for item in pronouns_of(text):
        antecedent = _antecedent(text, item)
        if antecedent is not None:
            text.join(item, antecedent)


def pronouns_of(text: Text) -> Iterator[Item]:
    for item in text.items:
        if item.kind is MentionKind.PRONOUN and item.head.lower_ in PRONOUNS and not _is_pleonastic(item, text.words):
            yield item


def _is_pleonastic(item: Item, words: Words) -> bool:
    """Whether "it" stands for nothing ("it is likely that", "it takes years")."""
    token = item.head
    if token.dep_ == "expl":
        return True
    if token.lower_ != "it" or not token.dep_.startswith("nsubj"):
        return False
    governor = token.head
    if governor.lemma_.lower() in words.pleonastic_verbs:
        return True
    if syntax.child(governor, "csubj", "csubj:pass"):
        return True
    clauses = [part for part in syntax.children(governor, "ccomp", "xcomp", "advcl") if part.i > governor.i]
    is_impersonal = governor.pos_ == "ADJ" or syntax.is_passive(governor)
    return is_impersonal and any(_opens_with(part, words.pleonastic_complements) for part in clauses)


def _opens_with(clause: Token, markers: frozenset[str]) -> bool:
    return any(part.dep_ in {"mark", "advmod"} and part.lower_ in markers for part in clause.children)


def _antecedent(text: Text, item: Item) -> Item | None:
    """The candidate that stands out most, where it stands out enough."""
    if item.head.lower_.endswith(("self", "selves")):
        return _reflexive_antecedent(text, item)
    weights = text.words.salience.get(pronoun_class(item.mention.text) or "", {})
    best, best_salience = None, weights.get(NO_CANDIDATE, 0.0)
    for candidate, traits in candidates_for(text, item):
        salience = sum(weights.get(trait, 0.0) for trait in traits)
        if salience > best_salience:
            best, best_salience = candidate, salience
    return None if best is None or _is_coordinated(best, item) else best


def candidates_for(text: Text, item: Item) -> list[tuple[Item, list[str]]]:
    """The mentions of the last sentences that agree with a pronoun, each with its traits, the nearest first."""
    barred = _barred(text, item)
    found = [
        candidate
        for sentence in range(item.sentence, max(-1, item.sentence - NEAR_SENTENCES - 1), -1)
        for candidate in text.by_sentence.get(sentence, ())
        if candidate.head.i < item.head.i and text.chain(candidate).number not in barred
        if _agrees(text, item, candidate) and not contains(candidate, item)
    ]
    place = _place(item)
    choice = f"one of {min(len({text.chain(candidate).number for candidate in found}), 6)}"
    return [(candidate, [choice, *_traits(text, item, candidate, place)]) for candidate in found]


def _reflexive_antecedent(text: Text, item: Item) -> Item | None:
    for subject in syntax.surface_subjects(item.head.head):
        found = text.by_head.get(subject.i)
        if found is not None and _agrees(text, item, found):
            return found
    return None


def _barred(text: Text, item: Item) -> set[int]:
    """Chains that cannot be meant: for an object those of its clause's subject, for a subject those of its objects."""
    token = item.head
    if token.dep_ == "nmod:poss":
        return set()
    verb = token.head
    if token.dep_ in {"nmod", "conj"}:
        verb = next((g for g in syntax.governors(token) if syntax.is_predicate(g)), verb)
    others = [*syntax.surface_subjects(verb), *syntax.children(verb, "obj", "iobj", "obl", "obl:agent")]
    found = (text.by_head.get(t.i) for t in others if t.i != token.i)
    return {text.chain(other).number for other in found if other is not None}


def _agrees(text: Text, item: Item, candidate: Item) -> bool:
    pronoun = PRONOUNS[item.head.lower_]
    if candidate.kind is MentionKind.PRONOUN:
        return PRONOUNS.get(candidate.head.lower_) == pronoun
    if candidate.kind is MentionKind.NOMINAL and candidate.head.lemma_.lower() in text.words.never:
        return False
    genders = text.chain(candidate).genders
    if pronoun == "many":
        return candidate.is_plural or (not genders & {"male", "female", "either"} and _is_collective(text, candidate))
    if candidate.is_plural:
        return False
    if pronoun == "thing":
        return genders <= {"thing"}
    other = "female" if pronoun == "male" else "male"
    if other in genders or "thing" in genders:
        return False
    return bool(genders) or candidate.kind is MentionKind.NAME


def _is_collective(text: Text, item: Item) -> bool:
    """Whether "they" may be said of it though it is singular."""
    if item.head.lemma_.lower() in text.words.groups:
        return True
    return any(text.is_a(item.mention.type, class_iri) for class_iri in (ORGANIZATION, GOVERNMENT))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a pronoun stands: its role, and the subjects of its clause and of the clause above."""

    role: str
    subjects: frozenset[int]
    upper_subjects: frozenset[int]


def _place(item: Item) -> _Place:
    clauses = [g for g in islice(syntax.governors(item.head), MAX_LOOKED_AT) if syntax.is_predicate(g)][:2]
    subjects = [frozenset(s.i for s in syntax.surface_subjects(clause)) for clause in clauses]
    return _Place(_role(item.head), *[*subjects, frozenset(), frozenset()][:2])


def _role(token: Token) -> str:
    """The relation of a word to its governor; of a coordinated one that of the first."""
    for _ in range(MAX_LOOKED_AT):
        if token.dep_ != "conj":
            break
        token = token.head
    return token.dep_.removesuffix(":pass").removesuffix(":outer")


def _traits(text: Text, item: Item, candidate: Item, place: _Place) -> Iterator[str]:
    """What speaks for or against a candidate; each is weighed by `Words.salience`."""
    role = _role(candidate.head)
    distance = item.sentence - candidate.sentence
    yield f"role {role}"
    yield f"{distance} sentences back"
    yield candidate.kind.value
    if role == place.role:
        yield "same role"
    if candidate.head.i in place.subjects:
        yield "subject of the clause"
    if candidate.head.i in place.upper_subjects:
        yield "subject of the clause above"
    if distance == 0:
        yield f"{min((item.head.i - candidate.head.i).bit_length(), 6)} away"
    if candidate.kind is MentionKind.NOMINAL:
        yield f"with {candidate.determiner}" if candidate.determiner in _ARTICLES else "bare"
        if candidate.mention.type is None:
            yield "untyped"
    yield from _traits_of_chain(text, item, candidate)


def _traits_of_chain(text: Text, item: Item, candidate: Item) -> Iterator[str]:
    chain = text.chain(candidate)
    yield f"chain {min(len(chain.members).bit_length(), 5)}"
    recent = (member for member in chain.members[-3:] if item.sentence - member.sentence <= 1)
    if any(member.kind is MentionKind.PRONOUN for member in recent):
        yield "said before"
    if chain.is_named:
        yield "named"
    for class_iri in _TELLING_CLASSES:
        if text.is_a(candidate.mention.type, class_iri):
            yield ids.predicate_name(class_iri)
    if not candidate.is_plural:
        yield "singular"
    if any(part.dep_ == "conj" for part in candidate.head.children) or candidate.head.dep_ == "conj":
        yield "coordinated"
    if candidate.gender is None:
        yield "of no known gender"


def _is_coordinated(candidate: Item, item: Item) -> bool:
    """Whether "they" would mean the candidate together with what is coordinated with it, which is no mention."""
    if item.head.lower_ not in {"they", "their", "them"} or candidate.is_plural:
        return False
    return any(p.dep_ == "conj" and p.i < item.head.i and syntax.is_nominal(p) for p in candidate.head.children)
