"""Phrases of a clause as open triples quote them: noun phrases, verb phrases, prepositions.

Each is a run of tokens in textual order, without white space, punctuation and conjunctions at its ends.
"""

from spacy.tokens import Doc, Token

from kg import syntax

Words = tuple[Token, ...]
_LEADING = {"det", "amod", "compound", "nummod", "nmod:poss", "flat", "nmod:desc", "det:predet"}
_WITHIN_ADJECTIVE = {"advmod", "amod", "compound", "nummod", "obl:npmod", "obl:unmarked"}
_LEFT_OUT = {"cc", "punct", "conj"}
_JOINING = {"ADP", "SCONJ", "PUNCT", "SYM", "SPACE"}


def noun_phrase(noun: Token) -> Words:
    """The phrase with its of-modifiers, without clauses; a quantity with what it is counted by ("$ 3 a share")."""
    start, end = syntax.phrase_range(noun)
    return _trimmed(noun.doc, start, _rate_end(noun, end))


def base_phrase(noun: Token) -> Words:
    """The phrase up to its head."""
    start = min([noun.i, *(c.left_edge.i for c in noun.children if c.i < noun.i and c.dep_ in _LEADING)])
    return _trimmed(noun.doc, start, syntax.name_range(noun)[1])


def subject_phrase(noun: Token) -> Words:
    """The phrase with all its prepositional modifiers: "the main reason for the delay"."""
    words = noun_phrase(noun)
    end = words[-1].i + 1
    for modifier in syntax.children(noun, "nmod"):
        if modifier.left_edge.i == end and not noun.doc[end].is_punct and not gives_examples(modifier):
            end = noun_phrase(modifier)[-1].i + 1
    return tuple(noun.doc[words[0].i : end])


def adjective_phrase(word: Token) -> Words:
    """An adjective or adverb with the words right before it that belong to it: "quite tariff-free"."""
    start = word.i
    for part in reversed([c for c in word.children if c.i < word.i]):
        is_within = part.dep_ in _WITHIN_ADJECTIVE or part.text == "-"
        start = part.left_edge.i if is_within and part.right_edge.i + 1 == start else start
    return _trimmed(word.doc, start, word.i + 1)


def clause_phrase(clause: Token) -> Words:
    """All of a clause but what is coordinated with it."""
    parts = [c for c in clause.children if c.dep_ not in _LEFT_OUT]
    start = min([clause.i, *(c.left_edge.i for c in parts)])
    end = max([clause.i, *(c.right_edge.i for c in parts)])
    return _trimmed(clause.doc, start, end + 1)


def verb_words(verb: Token) -> Words:
    """The verb with auxiliaries, negation and particle, those of a coordination too; of other predicates the copula."""
    parts = [t for t in verb.children if t.dep_ in {"aux", "aux:pass", "compound:prt"} or _is_negation(t)]
    infinitive = to(verb)
    if verb.dep_ == "xcomp" and infinitive is None:
        parts += marks(verb)  # "committed to working"
    elif verb.dep_ in {"xcomp", "ccomp", "csubj"} and infinitive is not None:
        parts.append(infinitive)
    parts += _shared_auxiliaries(verb)
    if verb.dep_ == "advcl" and verb.tag_ == verb.head.tag_ == "VBG" and not parts:
        parts += syntax.children(verb.head, "aux")  # "are buying bonds, reversing a trend"
    copula = [] if has_outer_subject(verb) else syntax.children(verb, "cop")
    return _sorted([*parts, *(copula or [verb])])


def _shared_auxiliaries(verb: Token) -> list[Token]:
    """Those of the first of coordinated verbs that hold for this one too: "will not buy or sell"."""
    if verb.dep_ != "conj" or any(t.dep_.startswith(("aux", "nsubj")) for t in verb.children):
        return []
    first = syntax.clause_top(verb)
    negations = [t for t in first.children if _is_negation(t)]
    if negations and any(t.lower_ == "but" for t in syntax.children(verb, "cc")):
        return []
    found = [t for t in syntax.children(first, "aux", "aux:pass") if _is_auxiliary_of(t, verb)]
    return [*found, *negations] if found else []


def _is_auxiliary_of(auxiliary: Token, verb: Token) -> bool:
    """Whether the auxiliary goes with the form of the verb."""
    if verb.tag_ == "VB":
        return auxiliary.tag_ == "MD" or auxiliary.lemma_ == "do"
    if verb.tag_ == "VBG":
        return auxiliary.dep_ == "aux"
    return verb.tag_ == "VBN"


def has_outer_subject(verb: Token) -> bool:
    """Whether the clause is what another subject is said to be: "the problem is that prices rise"."""
    return syntax.child(verb, "nsubj:outer") is not None


def to(verb: Token) -> Token | None:
    """The "to" of an infinitive, which may hang on its auxiliary."""
    marked = [verb, *syntax.children(verb, "aux", "aux:pass", "cop")]
    return next((t for part in marked for t in syntax.children(part, "mark") if t.tag_ == "TO"), None)


def prepositions(noun: Token) -> Words:
    """The words of the preposition before a noun phrase."""
    return _before(noun, "case")


def marks(verb: Token) -> Words:
    """The words that introduce a clause: "in order to", "after"."""
    return _before(verb, "mark", "case")


def is_complex_preposition(noun: Token) -> bool:
    """Whether the noun only makes a preposition with the words around it: "in front of"."""
    labels = {c.dep_ for c in noun.children}
    return noun.lower_ in syntax.words("preposition_nouns") and {"case", "nmod"} <= labels <= {"case", "nmod", "punct"}


def is_connective(noun: Token) -> bool:
    """Whether a phrase only ties the sentence to the one before: "for example"."""
    return noun.doc[noun.left_edge.i : noun.i + 1].text.lower() in syntax.words("connectives")


def gives_examples(noun: Token) -> bool:
    """Whether the preposition of a phrase says as much as a verb: "including quotas"."""
    return noun.dep_ in {"obl", "nmod"} and syntax.case_of(noun) in syntax.words("listing_markers")


def is_quantity(noun: Token) -> bool:
    return noun.is_currency or noun.pos_ == "NUM" or noun.text in syntax.words("units")


def is_rate(noun: Token) -> bool:
    """Whether the noun is what the quantity right before it is counted by."""
    start = noun.left_edge.i
    if start == 0 or noun.doc[start].lower_ not in syntax.words("rates"):
        return False
    before = noun.doc[start - 1]
    quantity = before.head if before.dep_ in {"nummod", "compound"} else before
    return _rate_end(quantity, start) > noun.i


def is_counted(noun: Token, modifier: Token) -> bool:
    """Whether a noun only counts, measures or dates the other: "a large range of | power supplies"."""
    if syntax.case_of(modifier) != "of":
        return False
    kinds = ("quantifiers", "measures")
    return (syntax.is_time(noun) and noun.pos_ != "NUM") or any(noun.lemma_ in syntax.words(kind) for kind in kinds)


def question_word(clause: Token) -> Token | None:
    """ "how", "why", "how much" at the beginning of a clause, unless it asks for subject or object."""
    first = next((t for t in clause.subtree if t.dep_ not in {"cc", "punct"}), clause)
    is_question = syntax.is_asking(first) and first.i != clause.i
    return first if is_question and not first.dep_.startswith(("nsubj", "obj")) else None


def is_named(words: Words) -> bool:
    """Whether there is more than signs and words that only join."""
    return any(t.pos_ not in _JOINING and any(c.isalnum() for c in t.text) for t in words)


def _is_negation(token: Token) -> bool:
    return token.lower_ in syntax.words("negations")


def _rate_end(noun: Token, end: int) -> int:
    """The end of a quantity with what it is counted by: "$ 30 million a year"."""
    doc = noun.doc
    is_rated = end + 1 < len(doc) and doc[end].lower_ in syntax.words("rates") and doc[end + 1].pos_ == "NOUN"
    return end + 2 if is_rated and is_quantity(noun) else end


def _before(head: Token, *labels: str) -> Words:
    found = [m for mark in syntax.children(head, *labels) for m in (mark, *syntax.children(mark, "fixed"))]
    return _sorted([m for m in found if m.i < head.i])


def _sorted(tokens: list[Token]) -> Words:
    return tuple(sorted(tokens, key=lambda t: t.i))


def _trimmed(doc: Doc, start: int, end: int) -> Words:
    """The words without what cannot end a phrase; the full stop of an abbreviation stays."""
    while start < end - 1 and _cannot_begin(doc[start]):
        start += 1
    while end - 1 > start and _cannot_end(doc, start, end):
        end -= 1
    if end + 1 < len(doc) and doc[end].text == "." and not doc[end - 1].whitespace_ and not doc[end + 1].is_sent_start:
        end += 1  # "CVN Cos. for"
    return tuple(doc[start:end])


def _cannot_begin(token: Token) -> bool:
    is_closing = token.dep_ == "punct" and not _is_opening(token)
    return token.is_space or is_closing or token.text == "-" or token.pos_ == "CCONJ" or token.tag_ == "WRB" or token.lower_ == "of"


def _cannot_end(doc: Doc, start: int, end: int) -> bool:
    """Whether the last word joins, or is a sign; what closes a bracket or quotation of the phrase stays."""
    last = doc[end - 1]
    if last.is_right_punct or last.is_quote:
        return not any(_is_opening(token) for token in doc[start : end - 1])
    return last.is_space or last.dep_ == "punct" or last.pos_ == "CCONJ"


def _is_opening(token: Token) -> bool:
    return token.is_left_punct or token.is_quote
