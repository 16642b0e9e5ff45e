"""What a clause says of its subject: (words of the predicate, argument), one for each complement.

Complements are read as ClausIE reads them (Del Corro and Gemulla, 2013). Where a complement leads on to another, the
words up to there join the predicate: "sold copper to | Japan", "became a justice of | the High Court", "plans to
buy | lithium", "says how the fund would help | them".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg import syntax

Words = tuple[Token, ...]
_DEPTH = 3
_LEADING = {"det", "amod", "compound", "nummod", "nmod:poss", "flat", "nmod:desc", "det:predet"}
_WITHIN_ADJECTIVE = {"advmod", "amod", "compound", "nummod", "obl:npmod", "obl:unmarked"}
_CLOSING = {")", "”", "''", '"'}
_SEPARATING = {",", ";", ":", "-", "–", "—"}
_COMPLEMENTS = {"obj", "obl", "obl:agent", "xcomp", "ccomp", "advcl", "mark", "aux", "cop", "nsubj"}
_ASKING = {"WP", "WRB"}
_NON_FINITE = {"VB", "VBG", "VBN"}
_OBLIQUE = ("obl", "obl:agent", "obl:npmod")
_TIMES = ("obl:unmarked", "obl:tmod")


@dataclass(frozen=True, slots=True)
class Argument:
    """One complement, with the words that lead to it; `rule` names the reader that found it."""

    rule: str
    predicate: Words
    words: Words


def of_clause(verb: Token) -> Iterator[Argument]:
    """The arguments of a clause; the verb may also be a predicate noun or adjective."""
    yield from _read(verb_words(verb), verb, _DEPTH)


def of_outer_clause(verb: Token) -> Iterator[Argument]:
    """The arguments for the outer subject of a clause: "the problem | is that they make | losses"."""
    subject = syntax.child(verb, "nsubj", "nsubj:pass")
    if subject is not None:
        lead = (*syntax.children(verb, "cop"), *_marks(verb), *noun_phrase(subject))
        yield from _read(lead + verb_words(verb), verb, _DEPTH)


def of_examples(noun: Token) -> Iterator[Argument]:
    """The examples that a phrase gives: "restrictions | including | quotas"."""
    for part in syntax.conjuncts(noun):
        yield from _reach("examples", _prepositions(noun), part, _DEPTH)


def gives_examples(noun: Token) -> bool:
    return noun.dep_ in {"obl", "nmod"} and syntax.case_of(noun) == "including"


def exemplified(noun: Token) -> list[Token]:
    """What a phrase gives examples of: the noun it hangs on, else the last one before it in the clause."""
    if noun.dep_ == "nmod":
        return [noun.head]
    before = [c for c in noun.head.children if c.dep_ in {"obj", *_OBLIQUE} and c.i < noun.i]
    return before[-1:] or syntax.surface_subjects(noun.head)


def verb_words(verb: Token) -> Words:
    """Auxiliaries, negation, particle and copula around a verb; shared auxiliaries of a coordination too."""
    parts = [t for t in verb.children if t.dep_ in {"aux", "aux:pass", "compound:prt"} or _is_negation(t)]
    to = _to(verb)
    if to is not None and verb.dep_ in {"xcomp", "ccomp", "csubj"}:
        parts.append(to)
    if verb.dep_ == "conj" and not any(t.dep_.startswith("aux") for t in parts) and verb.tag_ in _NON_FINITE:
        first = syntax.clause_top(verb)
        parts += [t for t in first.children if t.dep_ == "aux" or (t.dep_ == "aux:pass" and verb.tag_ == "VBN")]
    if verb.dep_ == "advcl" and verb.tag_ == verb.head.tag_ == "VBG" and not parts:
        parts += syntax.children(verb.head, "aux")  # "are buying bonds, reversing a trend"
    if is_outer(verb):
        return _sorted([*parts, verb])
    copula = syntax.children(verb, "cop")
    return _sorted([*parts, *(copula or [verb])])


def is_outer(verb: Token) -> bool:
    """Whether its copula belongs to an outer subject ("the problem is that prices rise")."""
    return syntax.child(verb, "nsubj:outer") is not None


def is_absorbed(token: Token) -> bool:
    """Whether the clause is read as part of the phrase of another ("helped to raise", "was able to raise")."""
    head = token.head
    if not syntax.is_predicate(token) or not syntax.is_predicate(head) or syntax.child(head, "obj") is not None:
        return False
    return token.dep_ == "xcomp" or (token.dep_ == "ccomp" and _is_infinitive(token) and syntax.is_passive(head))


def follows(verb: Token) -> bool:
    """Whether the clause is read as going on from the one that it says more of."""
    if syntax.case_of(verb) in {"of", "from", "into"} and syntax.child(verb.head, "obj") is not None:
        return False
    if syntax.case_of(verb) in {"after", "before", "by", "while", "when"} and not syntax.is_passive(verb.head):
        return False
    return verb.dep_ == "advcl" and verb.head.pos_ == "VERB" and _goes_on(verb, verb.head)


def noun_phrase(noun: Token) -> Words:
    """The phrase with its of-modifiers, without clauses."""
    start, end = syntax.phrase_range(noun)
    return _unwrapped(noun.doc, start, _rate_end(noun, end))


def _rate_end(noun: Token, end: int) -> int:
    """The end of a quantity with what it is counted by: "$ 30 million a year"."""
    if _is_quantity(noun) and end + 1 < len(noun.doc) and noun.doc[end].lower_ in {"a", "an", "per"} and noun.doc[end + 1].pos_ == "NOUN":
        return end + 2
    return end


def _is_quantity(noun: Token) -> bool:
    return noun.is_currency or noun.text in {"%", "percent"} or noun.pos_ == "NUM"


def _is_complex_preposition(noun: Token) -> bool:
    """Whether the noun only makes a preposition with the ones around it: "in front of"."""
    return noun.lower_ in syntax.words("preposition_nouns") and all(c.dep_ in {"case", "nmod", "punct"} for c in noun.children) and (
        syntax.child(noun, "case") is not None and syntax.child(noun, "nmod") is not None)


def _is_rate(noun: Token) -> bool:
    """Whether the noun is what the quantity before it is counted by."""
    start = noun.left_edge.i
    before = noun.doc[start - 1]
    quantity = before.head if before.dep_ in {"nummod", "compound"} else before
    return start > noun.sent.start and _rate_end(quantity, start) > noun.i


def _read(words: Words, verb: Token, depth: int) -> Iterator[Argument]:
    """The arguments that the readers find, each where the words of the predicate end with `words`."""
    if depth == 0:
        return
    for rule, reader in _READERS.items():
        for argument in reader(words, verb, depth):
            yield argument if isinstance(argument, Argument) else Argument(rule, *argument)


def _predicate_nominal(words, verb, depth):
    if syntax.child(verb, "cop") is None or is_outer(verb) or not syntax.is_nominal(verb):
        return
    case = _prepositions(verb)
    for part in syntax.conjuncts(verb):
        yield from _reach("copula", words + case, part, depth)


def _predicate_adjective(words, verb, depth):
    if syntax.child(verb, "cop") is None or is_outer(verb) or syntax.is_nominal(verb):
        return
    if not any(True for _ in _obliques(verb)) and not syntax.children(verb, "xcomp", "csubj"):
        yield words, _adjective_phrase(verb)


def _objects(words, verb, depth):
    """Direct and indirect objects; with what is said of them in a word: "keep | them safe"."""
    said = _said_of_object(verb)
    for noun in syntax.children(verb, "obj"):
        if said is not None:
            yield words, noun_phrase(noun) + _adjective_phrase(said)
            continue
        for part in syntax.conjuncts(noun):
            is_object = part.i == noun.i or syntax.child(part, "case") is None
            if is_object and part.tag_ not in _ASKING and not syntax.is_relative(part) and not _is_rate(part):
                yield from _reach("object", words, part, depth)
    for noun in syntax.children(verb, "iobj"):
        yield words, noun_phrase(noun)


def _said_of_object(verb: Token) -> Token | None:
    """An adjective or participle without complements that says how the object is."""
    noun = syntax.child(verb, "obj")
    for word in syntax.children(verb, "xcomp"):
        is_bare = word.tag_ in {"JJ", "JJR", "JJS", "VBN", "VBD"} and not any(c.dep_ in _COMPLEMENTS for c in word.children)
        if noun is not None and is_bare and noun_phrase(noun)[-1].i + 1 == _adjective_phrase(word)[0].i:
            return word
    return None


def _existential(words, verb, depth):
    """What there is: "there were attempts"."""
    if syntax.child(verb, "expl") is not None and verb.lemma_ == "be":
        for noun in syntax.children(verb, "nsubj"):
            yield from _reach("existential", words, noun, depth)


def _antecedent(words, verb, depth):
    """What a relative clause leaves its object out for: "the tools that she used"."""
    for noun in _left_out(verb):
        yield words, noun_phrase(noun)


def _secondary(words, verb, depth):
    """Nouns and adjectives said of subject or object: "remained calm", "named her chair"."""
    first = _first_object(verb)
    lead = words + (base_phrase(first) if first is not None else ())
    for part in syntax.children(verb, "xcomp"):
        if syntax.is_predicate(part):
            continue
        if syntax.is_nominal(part):
            for each in syntax.conjuncts(part):
                yield from _reach("secondary", lead, each, depth)
        else:
            further = [a for clause in syntax.children(part, "xcomp") for a in _read(lead + (part,) + verb_words(clause), clause, depth)]
            further += _read_obliques(lead + (part,), part, depth)
            if _said_of_object(verb) is None:
                yield lead, _clause_phrase(part) if syntax.child(part, "xcomp") and not further else _adjective_phrase(part)
            yield from further


def _infinitives(words, verb, depth):
    """Runs on into the infinitives and participles that complete the verb."""
    lead = _stem(words, verb)
    first = _first_object(verb)
    if first is not None:
        lead += base_phrase(first)
    for clause in syntax.children(verb, "xcomp", "ccomp"):
        if is_absorbed(clause) or (clause.dep_ == "xcomp" and syntax.is_predicate(clause)):
            for part in [clause, *(c for c in syntax.children(clause, "conj") if syntax.is_predicate(c))]:
                marks = () if part is clause else tuple(syntax.children(clause, "mark"))
                yield from _read(lead + marks + verb_words(part), part, depth)


def _followers(words, verb, depth):
    """Runs on into clauses without subject: "uses grants to fund | mines", "it is too early to say"."""
    clauses = [(_marks(c) + verb_words(c), c) for c in syntax.children(verb, "advcl") if _goes_on(c, verb)]
    if syntax.child(verb, "expl") is not None:
        clauses += [(verb_words(c), c) for c in syntax.children(verb, "csubj") if c.i > verb.i]
    for lead in _bridges(words, verb) if clauses else ():
        for further, clause in clauses:
            yield from _read(lead + further, clause, depth - 1)


def _when(words, verb, depth):
    """Runs on into a clause of time, or takes it whole: "waited until it sold | the mine", "left after | prices fell"."""
    for clause in syntax.children(verb, "advcl"):
        subject = syntax.child(clause, "nsubj", "nsubj:pass")
        if subject is None or clause.i < verb.i or syntax.case_of(clause) not in syntax.words("time_markers"):
            continue
        for lead in _bridges(words, verb):
            marked = (lead if syntax.is_passive(verb) else _event(lead, verb)) + _marks(clause)
            found = list(_read(marked + noun_phrase(subject) + verb_words(clause), clause, depth - 1))
            yield from found or [(marked, tuple(t for t in _clause_phrase(clause) if t not in marked))]


def _oblique(words, verb, depth):
    for lead in _bridges(words, verb):
        yield from _read_obliques(lead, verb, depth)


def _read_obliques(lead, verb, depth):
    further = _event(lead, verb)
    for noun in _obliques(verb):
        for part in syntax.conjuncts(noun):
            before = further if syntax.is_time(noun) or _is_complex_preposition(noun) else lead
            yield from _reach("oblique", before + (_prepositions(part) or _prepositions(noun)), part, depth)


def _times(words, verb, depth):
    for lead in _bridges(words, verb):
        yield from _read_times(_event(lead, verb), verb, depth)


def _read_times(lead, verb, depth):
    for part in syntax.children(verb, *_TIMES):
        if not _is_rate(part):
            yield lead, noun_phrase(part)
        else:
            for noun in syntax.children(part, "nmod"):
                yield from _reach("oblique", lead + _prepositions(noun), noun, depth)
    for adverb in syntax.children(verb, "advmod"):
        if syntax.child(adverb, *_TIMES) is not None:
            yield lead, tuple(t for t in adverb.subtree if t.dep_ != "punct")


def _manner(words, verb, depth):
    """An adverb that is all that completes the verb: "recovers quickly"."""
    if verb.pos_ != "VERB" or any(c.dep_ in {"obj", "xcomp", "ccomp", "advcl", *_TIMES} for c in verb.children):
        return
    if any(True for _ in _obliques(verb)):
        return
    for adverb in syntax.children(verb, "advmod"):
        if adverb.i > verb.i and not _is_negation(adverb):
            yield words, _adjective_phrase(adverb)


def _reports(words, verb, depth):
    """A whole clause: "said prices rose"."""
    for clause in syntax.children(verb, "ccomp"):
        if is_absorbed(clause) or _question_word(clause):
            continue
        for part in [clause, *syntax.children(clause, "conj")]:
            if part is clause or syntax.child(part, "nsubj", "nsubj:pass") is not None:
                yield words, _clause_phrase(part)


def _questions(words, verb, depth):
    """Runs on into a clause with a question word: "showed how it helps | them"."""
    for word, clause in _asked(verb):
        subject = syntax.child(clause, "nsubj", "nsubj:pass")
        if subject is not None and subject.i > word.i:
            lead = _bridges(words, verb)[0] + tuple(clause.doc[word.i : subject.left_edge.i])
            yield from _read(lead + noun_phrase(subject) + verb_words(clause), clause, depth - 1)


def _asked(verb: Token) -> Iterator[tuple[Token, Token]]:
    """(question word, clause), also where the clause hangs on the word as on a noun."""
    for first in syntax.children(verb, "ccomp"):
        for clause in [first, *syntax.children(first, "conj")]:
            word = _question_word(clause)
            if word is not None:
                yield word, clause
    for word in syntax.children(verb, "obj"):
        if word.tag_ == "WRB":
            yield from ((word, clause) for clause in syntax.children(word, "acl:relcl", "advcl:relcl"))


_READERS: dict[str, Callable[[Words, Token, int], Iterator]] = {
    "copula": _predicate_nominal,
    "adjective": _predicate_adjective,
    "object": _objects,
    "existential": _existential,
    "antecedent": _antecedent,
    "secondary": _secondary,
    "infinitive": _infinitives,
    "follower": _followers,
    "oblique": _oblique,
    "when": _when,
    "time": _times,
    "manner": _manner,
    "report": _reports,
    "question": _questions,
}


def _reach(rule: str, lead: Words, noun: Token, depth: int) -> Iterator[Argument]:
    """The argument, then what its modifiers lead to: "became a justice of | the High Court"."""
    if not _is_complex_preposition(noun):
        yield Argument(rule, lead, noun_phrase(noun))
    yield from _further(rule, lead, noun, depth)


def _further(rule: str, lead: Words, noun: Token, depth: int) -> Iterator[Argument]:
    """What the modifiers of a noun lead to."""
    if depth <= 1:
        return
    if lead[-1].tag_ == "IN":
        for place in syntax.children(noun, "appos", "nmod:unmarked"):
            if place.pos_ == noun.pos_ == "PROPN" and place.i > noun.i and not syntax.is_time(noun) and place.doc[place.left_edge.i].text == ",":
                yield Argument("place", lead, noun_phrase(place))
    for modifier in syntax.children(noun, "nmod"):
        case = _prepositions(modifier)
        if _is_counted(noun, modifier):
            inner, *others = syntax.conjuncts(modifier)
            yield from _further(rule, lead + base_phrase(noun) + case, inner, depth)
            for part in others:
                yield from _reach(rule, lead, part, depth)
        elif case and modifier.i > noun.i and not syntax.is_relative(modifier) and not gives_examples(modifier):
            through = lead + (base_phrase(noun) if case[0].lower_ == "of" else noun_phrase(noun))
            for part in syntax.conjuncts(modifier):
                yield from _reach(rule + "-of" if case[0].lower_ == "of" else rule + "-nmod", through + (_prepositions(part) or case), part, depth - 1)
    through = lead + noun_phrase(noun)
    for clause in syntax.children(noun, "acl"):
        if clause.tag_ in {"VB", "VBG"} and clause.i > noun.i and syntax.child(clause, "nsubj") is None:
            for a in _read(through + _marks(clause) + verb_words(clause), clause, depth - 1):
                yield Argument(f"acl-{clause.tag_}{'m' if _marks(clause) else ''}", a.predicate, a.words)


def _goes_on(clause: Token, verb: Token) -> bool:
    """Whether a clause without subject says what the other is for, or how: "to select", "by selecting"."""
    if clause.i < verb.i or any(t.dep_.startswith("nsubj") for t in clause.children):
        return False
    return clause.pos_ == "VERB" and (clause.tag_ == "VB" or (clause.tag_ == "VBG" and bool(_marks(clause))))


def _bridges(words: Words, verb: Token) -> list[Words]:
    """The words up to the end of what completes the verb: "sold copper", "named her chair", "agreed to sell copper".

    One for each of coordinated objects.
    """
    lead = _stem(words, verb)
    first = _first_object(verb)
    leads = [lead] if first is None else [lead + noun_phrase(part) for part in syntax.conjuncts(first)]
    for part in syntax.children(verb, "xcomp", "ccomp")[:1]:
        if is_absorbed(part):
            return _bridges(lead + verb_words(part), part)
        if part.dep_ == "xcomp" and not syntax.is_predicate(part):
            leads = [lead + (noun_phrase(part) if syntax.is_nominal(part) else (part,)) for lead in leads]
    return leads


def _is_counted(noun: Token, modifier: Token) -> bool:
    """Whether a noun only counts or measures the other: "a large range of | power supplies"."""
    if syntax.case_of(modifier) != "of":
        return False
    return syntax.is_time(noun) or noun.lemma_ in syntax.words("quantifiers") or noun.lemma_ in syntax.words("measures")


def _stem(words: Words, verb: Token) -> Words:
    """The words with the predicate noun or adjective."""
    if verb in words:
        return words
    return words + (_prepositions(verb) + noun_phrase(verb) if syntax.is_nominal(verb) else (verb,))


def _first_object(verb: Token) -> Token | None:
    """The object, also where a relative clause leaves it out ("the tools that she used")."""
    labels = ("obj", "nsubj") if verb.lemma_ == "be" and syntax.child(verb, "expl") else ("obj",)
    own = next((o for o in syntax.children(verb, *labels) if o.tag_ != "WRB" and not syntax.is_relative(o)), None)
    return own or syntax.child(verb, "iobj") or next(iter(_left_out(verb)), None)


def _event(lead: Words, verb: Token) -> Words:
    """The words up to there, and the phrase that completes a verb without object."""
    place = _completing(verb)
    return lead if place is None else lead + _prepositions(place) + noun_phrase(place)


def _completing(verb: Token) -> Token | None:
    """The phrase right after a verb without object that completes it: "headed for Wall Street | in 1980"."""
    if any(c.dep_ in {"obj", "xcomp", "cop", "ccomp"} for c in verb.children) or verb.pos_ != "VERB":
        return None
    for noun in _obliques(verb):
        if noun.i > verb.i:
            is_next = all(t.dep_ in {"compound:prt", "advmod"} for t in verb.doc[verb.i + 1 : noun.left_edge.i])
            return noun if is_next and not syntax.is_time(noun) else None
    return None


def _left_out(verb: Token) -> list[Token]:
    if syntax.relative_role(verb) != "obj" or syntax.is_passive(verb) or any(c.dep_ in {"cop", "xcomp", "ccomp"} for c in verb.children):
        return []
    return [noun for noun in syntax.objects(verb) if noun.tag_ not in _ASKING]


def _obliques(verb: Token) -> Iterator[Token]:
    for part in syntax.children(verb, *_OBLIQUE):
        if syntax.is_relative(part) or part.pos_ in {"ADV", "ADJ"} or gives_examples(part) or _is_connective(part):
            continue
        if part.dep_ == "obl:agent" or syntax.child(part, "case") is not None or syntax.is_time(part) or _is_quantity(part):
            yield part


def _is_connective(noun: Token) -> bool:
    """Whether a phrase only ties the sentence to the one before: "for example"."""
    start, end = noun.left_edge.i, noun.i + 1
    return noun.doc[start:end].text.lower() in syntax.words("connectives")


def _question_word(clause: Token) -> Token | None:
    """ "how", "why", "how much" at the beginning of a clause."""
    first = next((t for t in clause.subtree if t.dep_ not in {"cc", "punct"}), clause)
    return first if first.tag_ in {"WRB", "WP"} and first.i != clause.i and not first.dep_.startswith(("nsubj", "obj")) else None


def _is_infinitive(verb: Token) -> bool:
    """Whether it is one with "to" and without a subject of its own ("were said to have made")."""
    return _to(verb) is not None and not any(t.dep_.startswith("nsubj") for t in verb.children)


def _to(verb: Token) -> Token | None:
    """The "to" of an infinitive, which may hang on its auxiliary."""
    marked = [verb, *syntax.children(verb, "aux", "aux:pass", "cop")]
    return next((t for part in marked for t in syntax.children(part, "mark") if t.lower_ == "to"), None)


def _is_negation(token: Token) -> bool:
    return token.lower_ in {"not", "n't", "never"}


def _marks(verb: Token) -> Words:
    marks = [m for mark in syntax.children(verb, "mark", "case") for m in (mark, *syntax.children(mark, "fixed"))]
    return _sorted([t for t in marks if t.i < verb.i])


def _prepositions(noun: Token) -> Words:
    marks = [m for case in syntax.children(noun, "case") for m in (case, *syntax.children(case, "fixed"))]
    return _sorted([m for m in marks if m.i < noun.i])


def _sorted(tokens: list[Token]) -> Words:
    return tuple(sorted(tokens, key=lambda t: t.i))


def _clause_phrase(clause: Token) -> Words:
    """A clause without what is coordinated with it."""
    start = min(t.left_edge.i for t in [clause, *clause.children] if t.dep_ not in {"cc", "punct"} or t is clause)
    start = min([clause.i, *(t.left_edge.i for t in clause.children if t.dep_ not in {"cc", "punct", "conj"})])
    end = max([clause.i, *(t.right_edge.i for t in clause.children if t.dep_ not in {"cc", "punct", "conj"})])
    return tuple(clause.doc[start : end + 1])


def _adjective_phrase(word: Token) -> Words:
    """An adjective or adverb with the adverbs before it."""
    start = word.i
    for part in reversed([c for c in word.children if c.i < word.i]):
        is_within = part.dep_ in _WITHIN_ADJECTIVE or part.text == "-"
        start = part.left_edge.i if is_within and part.right_edge.i + 1 == start else start
    return _unwrapped(word.doc, start, word.i + 1)


def base_phrase(noun: Token) -> Words:
    """The phrase up to its head."""
    start = min([noun.i, *(c.left_edge.i for c in noun.children if c.i < noun.i and c.dep_ in _LEADING)])
    _, end = syntax.name_range(noun)
    return _unwrapped(noun.doc, start, end)


def _unwrapped(doc: Doc, start: int, end: int) -> Words:
    """The words without white space, punctuation and conjunctions at the ends; closing signs stay."""
    while end - 1 > start and (doc[end - 1].is_space or (doc[end - 1].dep_ == "punct" and doc[end - 1].text not in _CLOSING)):
        end -= 1
    while start < end - 1 and (doc[start].is_space or doc[start].pos_ == "CCONJ" or doc[start].text in _SEPARATING or doc[start].lower_ == "of"):
        start += 1
    if end + 1 < len(doc) and doc[end].text == "." and not doc[end - 1].whitespace_ and not doc[end + 1].is_sent_start:
        end += 1  # "CVN Cos. for"
    return tuple(doc[start:end])
