"""Roles: where the arguments of a pattern are found around its trigger word.

A role is a function from a token to the tokens that fill it; patterns name roles in `ontology/patterns/`, their
meaning is told at the head of `kg/lexicon.py`. A name that is not in the table of roles is a preposition.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg import syntax

_Reader = Callable[[Token], list[Token]]


AFFECTED = "affected"
_FARTHEST = 3  # steps from an act to whom it affects
_LONGEST_OFFICE = 10  # tokens from a title to the name that it introduces


@dataclass(frozen=True, slots=True)
class Filler:
    """A token that fills a role.

    It may do so as an example of the phrase that does, as the description that it gives, or as whom the phrase affects.
    """

    token: Token
    is_example: bool = False
    is_description: bool = False
    is_inferred: bool = False


def is_said(trigger: Token) -> bool:
    """Whether a copula says it of something; what is "in" or "with" something else is not meant."""
    return syntax.child(trigger, "cop") is not None and syntax.child(trigger, "case") is None


def is_complement(trigger: Token) -> bool:
    """Whether it says what something remains, becomes or serves as."""
    if trigger.dep_ == "obl" and syntax.case_of(trigger) != "as":
        return False
    return trigger.dep_ in {"xcomp", "obl"} and trigger.head.lemma_ in syntax.words("linking_verbs")


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles around the words of one document; what fills a role is found once for all patterns that name it."""

    _known: dict[tuple[int, str], list[Filler]] = field(default_factory=dict)

    def fill(self, trigger: Token, roles: Sequence[str], fits: Callable[[Filler], bool]) -> list[Filler]:
        """What fills the first of the roles that anything fitting fills, with the examples it is given."""
        for role in roles:
            for fillers in self._groups(trigger, role):
                found = [filler for filler in fillers if fits(filler)]
                if found:
                    return found
        return []

    def all(self, trigger: Token, roles: Sequence[str]) -> list[Filler]:
        """What fills any of the roles, fitting or not."""
        return [filler for role in roles for fillers in self._groups(trigger, role) for filler in fillers]

    def _groups(self, trigger: Token, role: str) -> Iterator[list[Filler]]:
        """What fills the role; of whom an act affects, first those that it affects most directly."""
        *path, last = role.split(".")
        if last != AFFECTED:
            yield self._fillers(trigger, role)
            return
        for token in _resolve(trigger, path):
            for group in _affected(token):
                yield [Filler(part) for part in group]

    def _fillers(self, trigger: Token, role: str) -> list[Filler]:
        known = self._known.get((trigger.i, role))
        if known is None:
            known = self._known[trigger.i, role] = list(_all_fillers(trigger, role))
        return known


def _all_fillers(trigger: Token, role: str) -> Iterator[Filler]:
    for named in _resolve(trigger, role.split(".")):
        if not syntax.is_relative(named):
            for token in syntax.quantified(named):
                yield from _fillers(token, role)


def _fillers(token: Token, role: str) -> list[Filler]:
    if role == "description":
        return [Filler(token, is_description=True)]
    examples = [] if role == "group" else syntax.examples(token)
    return [Filler(token), *(Filler(example, is_example=True) for example in examples)]


def _resolve(trigger: Token, path: Sequence[str]) -> list[Token]:
    found = [trigger]
    for step in path:
        found = [t for token in found for t in _step(token, step)]
    return found


def _step(token: Token, role: str) -> list[Token]:
    reader = _ROLES.get(role)
    return reader(token) if reader is not None else _prepositional(token, role)


def _subjects(token: Token) -> list[Token]:
    """The subject of a verb or of the copula; of a noun, that of the light verb which governs it."""
    if syntax.is_predicate(token):
        return syntax.subjects(token)
    governor = token.head
    is_said = token.dep_ == "advmod" and token.tag_ == "JJ"  # "grown dependent", to a parser that errs
    if (token.dep_ in {"obj", "xcomp", "obl", "nmod", "advcl"} or is_said) and syntax.is_predicate(governor):
        says_of_object = token.dep_ == "xcomp" or syntax.case_of(token) == "as"  # "leaves the nation vulnerable"
        is_engaged = syntax.is_passive(governor) and syntax.case_of(token) == "in"  # "were engaged in attacks"
        acting = syntax.surface_subjects(governor) if is_engaged else syntax.subjects(governor)
        return (syntax.objects(governor) if says_of_object else []) or acting
    if token.dep_ == "conj":
        return _subjects(governor)
    if token.dep_ in {"amod", "acl"} and syntax.is_nominal(governor):
        return [governor]
    return []


def modified(token: Token) -> list[Token]:
    """The noun that a word or clause modifies, also a clause coordinated with another ("efforts to cut and to cap")."""
    top = syntax.clause_top(token) if token.pos_ in {"VERB", "AUX"} else token
    if top.dep_ in {"amod", "acl", "acl:relcl", "compound", "nmod", "appos"} and syntax.is_nominal(top.head):
        return [top.head]
    return []


def _objects(token: Token) -> list[Token]:
    return syntax.objects(token) if token.pos_ in {"VERB", "AUX", "ADJ"} else []


def _dependents(*labels: str) -> _Reader:
    def read(token: Token) -> list[Token]:
        return [part for found in syntax.children(token, *labels) for part in syntax.conjuncts(found)]

    return read


def _possessors(token: Token) -> list[Token]:
    """The possessor, also one that a noun coordinated before shares ("China's mining and refining")."""
    own = [part for found in syntax.children(token, "nmod:poss") for part in syntax.conjuncts(found)]
    return own or (_possessors(token.head) if token.dep_ == "conj" and syntax.is_nominal(token.head) else [])


def _clauses(token: Token) -> list[Token]:
    """Complement and purpose clauses in the infinitive or gerund, coordinated ones too."""
    heads = [
        c
        for c in syntax.children(token, "xcomp", "advcl", "acl", "ccomp")
        if c.pos_ in {"VERB", "AUX"} and c.tag_ in {"VB", "VBG"}
    ]
    return [verb for head in heads for verb in (head, *(c for c in syntax.children(head, "conj") if c.pos_ == "VERB"))]


def _prepositional(token: Token, preposition: str) -> list[Token]:
    """The complement of the preposition: on the trigger, on its object, or on the coordination it shares."""
    found = syntax.obliques(token, preposition)
    if token.pos_ in {"VERB", "AUX"}:
        found = [t for t in found if t.i > token.i] or found  # not "in my view" before "resulted in"
        found = found or [t for o in syntax.children(token, "obj") for t in syntax.obliques(o, preposition)]
    if not found and syntax.is_nominal(token):
        found = [t for part in syntax.children(token, "flat") for t in syntax.obliques(part, preposition)]
        found = found or _shared(token, preposition)
    return found


def _affected(act: Token, steps: int = _FARTHEST) -> Iterator[list[Token]]:
    """Whom an act concerns that a noun or verb names, in groups, the most direct first.

    Of a verb whom it is done to or for, then its object. Of a noun whose it is, who did it, what it is of or for, and
    whom an adjective names. Then the same of these ("a ban on sales to Chad").
    """
    is_clause = act.pos_ in {"VERB", "AUX"}
    found: list[Token] = []
    for group in _verb_groups(act) if is_clause else _noun_groups(act):
        yield [part for part in group if not syntax.is_relative(part)]
        found += group
    if steps > 1:
        direct = syntax.objects(act) if is_clause else []
        for part in dict.fromkeys([*direct, *found]):
            yield from _affected(part, steps - 1)


def _verb_groups(verb: Token) -> Iterator[list[Token]]:
    yield _dependents("iobj")(verb)
    for preposition in ("to", "for", "on", "with", "against", "from"):
        yield [t for t in syntax.obliques(verb, preposition) if t.i > verb.i]
    yield syntax.objects(verb)
    yield [t for preposition in ("in", "at", "into") for t in syntax.obliques(verb, preposition) if t.i > verb.i]
    yield _clauses(verb)


def _noun_groups(noun: Token) -> Iterator[list[Token]]:
    yield _possessors(noun)
    yield _prepositional(noun, "by")
    yield [doer for clause in syntax.children(noun, "acl") for doer in syntax.subjects(clause) if doer.i != noun.i]
    for preposition in ("of", "from", "for", "to", "with", "against", "on", "between", "among"):
        yield _prepositional(noun, preposition)
    yield _dependents("amod", "compound")(noun)
    yield [place for preposition in ("in", "at", "into") for place in syntax.obliques(noun, preposition)]
    yield [clause for clause in _clauses(noun) if clause.dep_ == "acl"]


def _shared(token: Token, preposition: str) -> list[Token]:
    """From a coordinated noun ("mining and refining of lithium"), or the light verb that governs it."""
    for other in syntax.children(token, "conj"):
        found = syntax.obliques(other, preposition)
        if found:
            return found
    if token.dep_ in {"obj", "nsubj:pass", "obl"} and token.head.pos_ == "VERB" and preposition != "of":
        return [t for t in syntax.obliques(token.head, preposition) if t.i != token.i and t.i > token.i]
    return []


def _complements(token: Token) -> list[Token]:
    """The noun that a copula says something is, seen from the copula's complement itself."""
    return [t for t in syntax.conjuncts(token) if syntax.is_nominal(t)] if syntax.child(token, "cop") else []


def _named(token: Token) -> list[Token]:
    """The name that a title or description introduces: "Chancellor Scholz", "the mayor, Ann Lee"."""
    before_name = token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.i < token.head.i
    if token.dep_ == "nmod:desc" or before_name:
        name = token.head
        while name.dep_ in {"compound", "flat"} and name.head.pos_ == "PROPN":
            name = name.head  # the parser hung the title on the first name
        return [name]
    appositions = [part for part in syntax.children(token, "appos") if part.pos_ == "PROPN"]
    return appositions or _person_after(token) or _twin_after(token)


def _person_after(token: Token) -> list[Token]:
    after = token.doc[token.i + 1 : token.i + 2]
    return [t for t in after if _opens_person(t)]


def _twin_after(token: Token) -> list[Token]:
    """The name right after a noun, where the parser gave both the same place ("the organization Hamas refused")."""
    twin = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    same_place = twin.head.i == token.head.i and twin.dep_ == token.dep_
    return [twin] if twin.pos_ == "PROPN" and token.pos_ == "NOUN" and same_place and twin.i != token.i else []


def _opens_person(token: Token) -> bool:
    return token.ent_type_ in {"PER", "PERSON"} and token.ent_iob_ == "B"


def _office_and_holder(token: Token) -> list[Token]:
    """Of "Secretary of State Antony Blinken" State and Antony, by their order alone: parsers go astray here."""
    doc, at, last = token.doc, token.i + 1, min(token.i + _LONGEST_OFFICE, len(token.doc))
    if at >= last or doc[at].lower_ not in {"of", "for"}:
        return []
    while at < last and not _opens_person(doc[at]) and doc[at].pos_ not in {"PUNCT", "VERB"}:
        at += 1
    return [doc[at - 1], doc[at]] if at < last and _opens_person(doc[at]) else []


def _apposed(token: Token) -> list[Token]:
    """What a noun stands in apposition to, also one coordinated with another ("Lee, mayor and founder of")."""
    name = syntax.name_described_by(token)
    if name is not None:
        return [name]
    if token.dep_ == "conj" and syntax.is_nominal(token.head):
        return _apposed(token.head)
    return [token.head] if token.dep_ == "appos" and syntax.is_nominal(token.head) else []


def _bearers(token: Token) -> list[Token]:
    """Who or what a noun is said of, by a copula, as a title or in apposition."""
    if is_said(token) or is_complement(token):
        return _subjects(token)
    return _named(token) or _apposed(token)


def _coordinated(token: Token) -> list[Token]:
    """What comes before a noun in the same list."""
    first = token
    while first.dep_ == "conj" and syntax.is_nominal(first.head):
        first = first.head
    return [part for part in syntax.conjuncts(first) if part.i < token.i]


def _region(token: Token) -> list[Token]:
    """The place that follows the name of a place after a comma ("Berlin, Germany")."""
    comma = syntax.name_range(token)[1]
    if token.pos_ != "PROPN" or comma + 1 >= len(token.doc) or token.doc[comma].text != ",":
        return []
    follows = token.doc[comma + 1]
    while follows.dep_ in {"compound", "amod"} and follows.head.i > follows.i:
        follows = follows.head
    is_apart = follows.pos_ == "PROPN" and follows.head in (token, token.head) and not _in_list(token, follows)
    return [follows] if is_apart else []


def _in_list(token: Token, follows: Token) -> bool:
    """Whether an "and" or "or" joins a noun and what follows it with others."""
    end = syntax.name_range(follows)[1]
    if any(t.pos_ == "CCONJ" for t in token.doc[end : end + 2]):
        return True
    first = token
    while first.dep_ == "conj":
        first = first.head
    return any(syntax.child(part, "cc") for part in syntax.conjuncts(first))


def governors(token: Token) -> list[Token]:
    """The verb that a complement or purpose clause belongs to, the clause named by its verb."""
    top = syntax.clause_top(token)
    return [top.head] if top.dep_ in {"xcomp", "advcl", "ccomp"} and top.head.pos_ in {"VERB", "AUX"} else []


def _introduced(token: Token) -> list[Token]:
    """The phrases that a word brings in as their only preposition ("including lithium and nickel")."""
    alone = token.dep_ == "case" and len(syntax.children(token.head, "case")) == 1
    return syntax.conjuncts(token.head) if alone else []


def _group(token: Token) -> list[Token]:
    """The noun that a preposition adds to: the one its phrase hangs on, else the noun right before it."""
    if token.dep_ != "case":
        return []
    if syntax.is_nominal(token.head.head):
        return [token.head.head]
    before = token.doc[token.sent.start : token.i]
    return [t for t in before if syntax.is_nominal(t) and t.dep_ not in {"compound", "flat"}][-1:]


def _predicated(token: Token) -> list[Token]:
    """What the clause whose subject the noun is says ("the goal is peace", "the aims include to diversify")."""
    verb = token.head
    if token.dep_ not in {"nsubj", "nsubj:outer"}:
        return []
    if verb.lemma_ in syntax.words("including_verbs"):
        return [*syntax.objects(verb), *_clauses(verb)]
    return [verb] if syntax.child(verb, "cop") else []


def _members(token: Token) -> list[Token]:
    """Those whom coordinated adjectives name before a noun ("French and Egyptian warships")."""
    firsts = [part for part in syntax.children(token, "amod", "compound") if syntax.child(part, "conj")]
    return [part for first in firsts for part in (first, *syntax.children(first, "conj"))]


def _acted(token: Token) -> list[Token]:
    """The verb whose subject the noun is ("the raid killed")."""
    return [token.head] if token.dep_ == "nsubj" and token.head.pos_ == "VERB" else []


def _beside(token: Token) -> list[Token]:
    """The object of the verb that a prepositional phrase belongs to ("took the students into custody")."""
    verb = token.head
    if token.dep_ == "nmod" and verb.dep_ in {"obj", "nsubj:pass"}:
        return [verb]
    return syntax.objects(verb) if token.dep_ == "obl" and verb.pos_ == "VERB" else []


_ROLES: dict[str, _Reader] = {
    "subj": _subjects,
    "obj": _objects,
    "iobj": _dependents("iobj"),
    "agent": lambda token: [p for a in syntax.agents(token) for p in syntax.conjuncts(a)],
    "comp": _complements,
    "head": modified,
    "self": lambda token: [token],
    "description": lambda token: [token] if token.pos_ == "NOUN" else [],
    "poss": _possessors,
    "compound": _dependents("compound"),
    "amod": _dependents("amod"),
    "modifier": _dependents("amod", "compound"),
    "appos": _dependents("appos"),
    "xcomp": _dependents("xcomp"),
    "ccomp": _dependents("ccomp"),
    "acl": _dependents("acl", "acl:relcl"),
    "clause": _clauses,
    "named": _named,
    "office": lambda token: _office_and_holder(token)[:1],
    "holder": lambda token: _office_and_holder(token)[1:],
    "apposed": _apposed,
    "bearer": _bearers,
    "coordinated": _coordinated,
    "region": _region,
    "governor": governors,
    "introduced": _introduced,
    "group": _group,
    "predicate": _predicated,
    "members": _members,
    "acted": _acted,
    "beside": _beside,
}
