"""What a clause says of its subject: (words of the predicate, argument), one for each complement.

Complements are read as ClausIE reads them (Del Corro and Gemulla, 2013). Where a complement leads on to another, the
words up to there join the predicate: "sold copper to | Japan", "became a justice of | the High Court", "plans to
buy | lithium", "showed how it helps | them". So each argument makes a triple that can be read alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg import syntax
from kg.extractors import phrases, predicates
from kg.extractors.phrases import Words
from kg.extractors.predicates import Clause

Pair = tuple[Words, Words]
_DEPTH = 3
_TIMES = ("obl:unmarked", "obl:tmod")
_COMPLEMENTS = {"obj", "obl", "obl:agent", "xcomp", "ccomp", "advcl", "mark", "aux", "cop", "nsubj"}
_DESCRIBING = {"JJ", "JJR", "JJS", "VBN", "VBD"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One complement, with the words that lead to it; `rule` names the reader that found it."""

    rule: str
    predicate: Words
    words: Words


def of_clause(verb: Token) -> Iterator[Argument]:
    """The arguments of a clause; the verb may also be a predicate noun or adjective."""
    yield from _read(Clause(phrases.verb_words(verb), verb, _DEPTH))


def of_outer_clause(verb: Token) -> Iterator[Argument]:
    """The arguments for the outer subject of a clause: "the problem | is that they make | losses"."""
    subject = syntax.child(verb, "nsubj", "nsubj:pass")
    if subject is not None:
        lead = (*syntax.children(verb, "cop"), *phrases.marks(verb), *phrases.noun_phrase(subject))
        yield from _read(Clause(lead + phrases.verb_words(verb), verb, _DEPTH))


def of_examples(noun: Token) -> Iterator[Argument]:
    """The examples that a phrase gives: "restrictions | including | quotas"."""
    for part in syntax.conjuncts(noun):
        for predicate, words in _reach(phrases.prepositions(noun), part, _DEPTH):
            yield Argument("examples", predicate, words)


def exemplified(noun: Token) -> list[Token]:
    """What a phrase gives examples of: the noun it hangs on, else the last one before it in the clause."""
    if noun.dep_ == "nmod":
        return [noun.head]
    before = [c for c in noun.head.children if c.dep_ in {"obj", *predicates.OBLIQUE} and c.i < noun.i]
    return before[-1:] or syntax.surface_subjects(noun.head)


def only_follows(verb: Token) -> bool:
    """Whether the clause is read as going on from the one that it says more of, and not also by itself."""
    marker, head = syntax.case_of(verb), verb.head
    if marker in syntax.words("object_gerunds") and syntax.child(head, "obj") is not None:
        return False  # "accused them of using": they used
    if marker in syntax.words("subject_gerunds") and not syntax.is_passive(head):
        return False  # "died after giving": who died gave
    return verb.dep_ == "advcl" and head.pos_ == "VERB" and _goes_on(verb, head)


def _read(clause: Clause) -> Iterator[Argument]:
    for rule, reader in _READERS.items():
        for predicate, words in reader(clause):
            yield Argument(rule, predicate, words)


def _pairs(clause: Clause) -> Iterator[Pair]:
    if clause.depth > 0:
        yield from ((a.predicate, a.words) for a in _read(clause))


def _predicate_noun(clause: Clause) -> Iterator[Pair]:
    verb = clause.verb
    if _has_copula(verb) and syntax.is_nominal(verb):
        for part in syntax.conjuncts(verb):
            yield from _reach(clause.words + phrases.prepositions(verb), part, clause.depth)


def _predicate_adjective(clause: Clause) -> Iterator[Pair]:
    verb = clause.verb
    is_completed = bool(predicates.obliques(verb) or syntax.children(verb, "xcomp", "csubj"))
    if _has_copula(verb) and not syntax.is_nominal(verb) and not is_completed:
        yield clause.words, phrases.adjective_phrase(verb)


def _objects(clause: Clause) -> Iterator[Pair]:
    """Direct and indirect objects, with the word that says how they are: "keep | them safe"."""
    verb = clause.verb
    described = _describing(verb)
    for noun in syntax.children(verb, "obj"):
        if described is not None:
            yield clause.words, phrases.noun_phrase(noun) + phrases.adjective_phrase(described)
            continue
        for part in syntax.conjuncts(noun):
            is_object = part.i == noun.i or syntax.child(part, "case") is None
            if not is_object or syntax.is_asking(part) or syntax.is_relative(part) or phrases.is_rate(part):
                continue
            yield from _reach(clause.words, part, clause.depth)
            for receiver in syntax.children(verb, "iobj"):
                yield clause.words + phrases.noun_phrase(receiver), phrases.noun_phrase(part)
    if syntax.child(verb, "obj") is None:
        yield from ((clause.words, phrases.noun_phrase(noun)) for noun in syntax.children(verb, "iobj"))


def _existential(clause: Clause) -> Iterator[Pair]:
    """What there is: "there were | attempts"."""
    if predicates.is_existential(clause.verb):
        for noun in syntax.children(clause.verb, "nsubj"):
            yield from _reach(clause.words, noun, clause.depth)


def _antecedent(clause: Clause) -> Iterator[Pair]:
    """What a relative clause leaves its object out for: "the tools that she used"."""
    for noun in predicates.left_out(clause.verb):
        yield clause.words, phrases.noun_phrase(noun)


def _secondary(clause: Clause) -> Iterator[Pair]:
    """Nouns and adjectives said of subject or object: "remained calm", "named her chair"."""
    noun = clause.object
    lead = clause.words + (phrases.base_phrase(noun) if noun is not None else ())
    for part in syntax.children(clause.verb, "xcomp"):
        if syntax.is_predicate(part):
            continue
        if syntax.is_nominal(part):
            for each in syntax.conjuncts(part):
                yield from _reach(lead, each, clause.depth)
        elif _describing(clause.verb) is None:
            yield from _adjective(clause, lead, part)


def _adjective(clause: Clause, lead: Words, word: Token) -> Iterator[Pair]:
    """What an adjective leads to, and the adjective: "became unable to pay | them", "became | ill"."""
    infinitives = syntax.children(word, "xcomp")
    further = [pair for i in infinitives for pair in _pairs(clause.running_on((*lead, word), i, through=0))]
    further += _oblique_pairs((*lead, word), (*lead, word), word, clause.depth)
    if further or not infinitives:
        yield lead, phrases.adjective_phrase(word)
    else:
        yield lead, phrases.clause_phrase(word)
    yield from further


def _infinitives(clause: Clause) -> Iterator[Pair]:
    """Runs on into the infinitives and participles that complete the verb: "plans to buy | lithium"."""
    noun = clause.object
    lead = clause.stem + (phrases.base_phrase(noun) if noun is not None else ())
    for first in syntax.children(clause.verb, "xcomp", "ccomp"):
        if predicates.is_absorbed(first) or (first.dep_ == "xcomp" and syntax.is_predicate(first)):
            yield from _pairs(clause.running_on(lead, first, through=0))
            for other in _others(first):
                yield from _pairs(clause.running_on((*lead, *syntax.children(first, "mark")), other, through=0))


def _followers(clause: Clause) -> Iterator[Pair]:
    """Runs on into clauses without subject: "uses grants to fund | mines", "it is too early to say"."""
    verb = clause.verb
    started = [c for c in syntax.children(verb, "advcl") if _goes_on(c, verb)]
    found = [(phrases.marks(c), part) for c in started for part in (c, *_others(c))]
    if syntax.child(verb, "expl") is not None:
        found += [((), c) for c in syntax.children(verb, "csubj") if c.i > verb.i]
    for marks, follower in found:
        for lead in clause.events:
            yield from _pairs(clause.running_on(lead + marks, follower))


def _clauses_of_time(clause: Clause) -> Iterator[Pair]:
    """Runs on into a clause of time, or takes it whole: "waited until it sold | the mine", "left after | prices fell"."""
    verb = clause.verb
    for when in syntax.children(verb, "advcl"):
        subject = syntax.child(when, "nsubj", "nsubj:pass")
        if subject is None or when.i < verb.i or syntax.case_of(when) not in syntax.words("time_markers"):
            continue
        marks = phrases.marks(when)
        for lead in clause.leads if syntax.is_passive(verb) else clause.events:
            found = list(_pairs(clause.running_on(lead + marks + phrases.noun_phrase(subject), when)))
            yield from found or [(lead + marks, tuple(t for t in phrases.clause_phrase(when) if t not in marks))]


def _prepositional(clause: Clause) -> Iterator[Pair]:
    if not predicates.obliques(clause.verb):
        return
    for lead, event in zip(clause.leads, clause.events, strict=True):
        yield from _oblique_pairs(lead, event, clause.verb, clause.depth)


def _times(clause: Clause) -> Iterator[Pair]:
    """Times without preposition: "met | last week", "met | five years later"."""
    adverbs = [a for a in syntax.children(clause.verb, "advmod") if syntax.child(a, *_TIMES) is not None]
    nouns = syntax.children(clause.verb, *_TIMES)
    for lead in clause.events if adverbs or nouns else ():
        for noun in nouns:
            if not phrases.is_rate(noun):
                yield lead, phrases.noun_phrase(noun)
            else:  # what seems to be about the unit of a rate: "$ 3 a share on | sales"
                for modifier in syntax.children(noun, "nmod"):
                    yield from _reach(lead + phrases.prepositions(modifier), modifier, clause.depth)
        for adverb in adverbs:
            yield lead, tuple(t for t in adverb.subtree if t.dep_ != "punct")


def _manner(clause: Clause) -> Iterator[Pair]:
    """An adverb that is all that completes the verb: "recovers quickly"."""
    verb = clause.verb
    completing = {"obj", "xcomp", "ccomp", "advcl", *_TIMES}
    if verb.pos_ != "VERB" or predicates.is_existential(verb) or predicates.obliques(verb) or any(c.dep_ in completing for c in verb.children):
        return
    for adverb in syntax.children(verb, "advmod"):
        if adverb.i > verb.i and adverb not in clause.words:
            yield clause.words, phrases.adjective_phrase(adverb)


def _reports(clause: Clause) -> Iterator[Pair]:
    """A whole clause: "said | prices rose"."""
    for first in syntax.children(clause.verb, "ccomp"):
        if not predicates.is_absorbed(first) and phrases.question_word(first) is None:
            others = [c for c in syntax.children(first, "conj") if syntax.child(c, "nsubj", "nsubj:pass") is not None]
            yield from ((clause.stem, phrases.clause_phrase(part)) for part in [first, *others])


def _questions(clause: Clause) -> Iterator[Pair]:
    """Runs on into a clause with a question word: "showed how it helps | them"."""
    for word, asked in _asked(clause.verb):
        subject = syntax.child(asked, "nsubj", "nsubj:pass")
        if subject is not None and subject.i > word.i:
            lead = clause.leads[0] + tuple(word.doc[word.i : subject.left_edge.i]) + phrases.noun_phrase(subject)
            yield from _pairs(clause.running_on(lead, asked))


_READERS: dict[str, Callable[[Clause], Iterator[Pair]]] = {
    "noun": _predicate_noun,
    "adjective": _predicate_adjective,
    "object": _objects,
    "existential": _existential,
    "antecedent": _antecedent,
    "secondary": _secondary,
    "infinitive": _infinitives,
    "follower": _followers,
    "preposition": _prepositional,
    "clause-of-time": _clauses_of_time,
    "time": _times,
    "manner": _manner,
    "report": _reports,
    "question": _questions,
}


def _oblique_pairs(lead: Words, event: Words, verb: Token, depth: int) -> Iterator[Pair]:
    """Prepositional complements; those that are about the whole event run on from it ("headed for Texas in | May")."""
    for noun in predicates.obliques(verb):
        start = event if noun.i < verb.i or syntax.is_time(noun) or phrases.is_complex_preposition(noun) else lead
        for part in syntax.conjuncts(noun):
            yield from _reach(start + (phrases.prepositions(part) or phrases.prepositions(noun)), part, depth)


def _reach(lead: Words, noun: Token, depth: int) -> Iterator[Pair]:
    """The argument, then what its modifiers lead to: "became a justice of | the High Court"."""
    if not phrases.is_complex_preposition(noun):
        yield lead, phrases.noun_phrase(noun)
    yield from _further(lead, noun, depth)


def _further(lead: Words, noun: Token, depth: int) -> Iterator[Pair]:
    """What places, prepositional modifiers and clauses within a noun phrase lead to."""
    if depth <= 1:
        return
    yield from ((lead, phrases.noun_phrase(place)) for place in _places(lead, noun))
    for modifier in syntax.children(noun, "nmod"):
        case = phrases.prepositions(modifier)
        if phrases.is_counted(noun, modifier):
            inner, *others = syntax.conjuncts(modifier)
            yield from _further(lead + phrases.base_phrase(noun) + case, inner, depth)
            for part in others:
                yield from _reach(lead, part, depth)
        elif case and modifier.i > noun.i and not syntax.is_relative(modifier) and not phrases.gives_examples(modifier):
            through = lead + (phrases.base_phrase(noun) if case[0].lower_ == "of" else phrases.noun_phrase(noun))
            for part in syntax.conjuncts(modifier):
                yield from _reach(through + (phrases.prepositions(part) or case), part, depth - 1)
    for clause in syntax.children(noun, "acl"):
        if clause.tag_ in {"VB", "VBG"} and clause.i > noun.i and syntax.child(clause, "nsubj") is None:
            through = lead + phrases.noun_phrase(noun) + phrases.marks(clause)
            for part in (clause, *_others(clause)):
                yield from _pairs(Clause(through + phrases.verb_words(part), part, depth - 1))


def _places(lead: Words, noun: Token) -> Iterator[Token]:
    """The larger places that a place lies in: "in Austin, Texas"."""
    if lead[-1].tag_ == "IN" and noun.pos_ == "PROPN" and not syntax.is_time(noun):
        for place in syntax.children(noun, "appos", "nmod:unmarked"):
            if place.pos_ == "PROPN" and place.i > noun.i and place.left_edge.text == ",":
                yield place


def _others(clause: Token) -> list[Token]:
    """The clauses without subject that are coordinated with it."""
    parts = syntax.children(clause, "conj")
    return [c for c in parts if syntax.is_predicate(c) and not any(t.dep_.startswith("nsubj") for t in c.children)]


def _goes_on(clause: Token, verb: Token) -> bool:
    """Whether a clause without subject says what the other is for, or how: "to select", "by selecting"."""
    if clause.i < verb.i or clause.pos_ != "VERB" or any(t.dep_.startswith("nsubj") for t in clause.children):
        return False
    return clause.tag_ == "VB" or (clause.tag_ == "VBG" and bool(phrases.marks(clause)))


def _asked(verb: Token) -> Iterator[tuple[Token, Token]]:
    """(question word, clause), also where the clause hangs on the word as on a noun."""
    for first in syntax.children(verb, "ccomp"):
        for clause in [first, *syntax.children(first, "conj")]:
            word = phrases.question_word(clause)
            if word is not None:
                yield word, clause
    for word in syntax.children(verb, "obj"):
        if syntax.is_asking(word):
            yield from ((word, clause) for clause in syntax.children(word, "acl:relcl", "advcl:relcl"))


def _describing(verb: Token) -> Token | None:
    """An adjective or participle right after the object that says how it is, and nothing more."""
    noun = syntax.child(verb, "obj")
    if noun is None:
        return None
    for word in syntax.children(verb, "xcomp"):
        is_bare = word.tag_ in _DESCRIBING and not any(c.dep_ in _COMPLEMENTS for c in word.children)
        if is_bare and phrases.noun_phrase(noun)[-1].i + 1 == phrases.adjective_phrase(word)[0].i:
            return word
    return None


def _has_copula(verb: Token) -> bool:
    return syntax.child(verb, "cop") is not None and not phrases.has_outer_subject(verb)
