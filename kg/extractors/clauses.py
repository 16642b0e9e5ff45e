"""Open triples from dependency clauses: subject, predicate phrase, argument.

Clauses are read as ClausIE does (Del Corro and Gemulla, 2013): each verb with its subject, and each of its
complements as an argument of its own; a preposition joins the predicate. Coordination is split at every level,
subjects are shared through coordination, control and relative clauses (`kg.syntax`). Modifiers of an argument
give further triples ("became a justice of | the High Court"), appositions and possessives are read as "is" and "has".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg import ids, syntax
from kg.extractors import Reading
from kg.model import Entity, Statement

EXTRACTOR = "clauses"
VERSION = 1
_CHAINED = {"nmod"}


@dataclass(frozen=True, slots=True)
class Triple:
    """Tokens of one open triple; the predicate may be interrupted ("served ... as")."""

    rule: str
    subject: tuple[Token, ...]
    predicate: tuple[Token, ...]
    object: tuple[Token, ...]


def extract(reading: Reading) -> Iterator[Statement]:
    """The open statements of a document, each once a sentence."""
    for sentence in reading.doc.sents:
        seen: set[tuple[str, str, str]] = set()
        for triple in triples(list(sentence)):
            statement = _statement(reading, triple)
            key = (statement.subject.iri, statement.predicate, getattr(statement.object, "iri", ""))
            if key not in seen:
                seen.add(key)
                yield statement


def triples(sentence: Sequence[Token]) -> Iterator[Triple]:
    """The open triples of a sentence."""
    for token in sentence:
        if syntax.is_predicate(token) and not _is_absorbed(token) and not _follows(token):
            yield from _clause_triples(token)


def _is_absorbed(token: Token) -> bool:
    """Whether the verb is read as part of the phrase of another ("helped to raise", "was able to raise")."""
    head = token.head
    if token.pos_ not in {"VERB", "AUX"} or not syntax.is_predicate(head) or syntax.child(head, "obj") is not None:
        return False
    return token.dep_ == "xcomp" or (token.dep_ == "ccomp" and _is_infinitive(token) and syntax.is_passive(head))


def _follows(verb: Token) -> bool:
    """Whether the verb is read as going on from the clause that it says more of."""
    return verb.dep_ == "advcl" and verb.head.pos_ == "VERB" and any(f.i == verb.i for f in _followers(verb.head, None))


def _is_infinitive(verb: Token) -> bool:
    """Whether it is one with "to" and without a subject of its own ("were said to have made")."""
    is_marked = any(t.lower_ == "to" for t in syntax.children(verb, "mark"))
    return is_marked and not any(t.dep_.startswith("nsubj") for t in verb.children)


def _clause_triples(verb: Token) -> Iterator[Triple]:
    subjects = [s for s in syntax.surface_subjects(verb) if s.dep_ != "expl"]
    for chain in _chains(verb, ()):
        for predicate, argument in _arguments(chain):
            for subject in subjects:
                if subject.i != argument[0].i and subject not in argument:
                    yield Triple("clause", _noun_phrase(subject), predicate, argument)


def _chains(verb: Token, before: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], Token]]:
    """Each (words of the verb phrase, last verb): the verb itself, or run on through its infinitives."""
    words = before + _verb_words(verb)
    followers = [x for x in syntax.children(verb, "xcomp", "ccomp") if _is_absorbed(x)]
    if not followers:
        yield words, verb
    run = words if verb in words else (*words, verb)
    for follower in followers:
        yield from _chains(follower, run)
        for other in syntax.children(follower, "conj"):
            yield from _chains(other, (*run, *syntax.children(follower, "mark")))
    if followers and any(True for _ in _complements(verb)):
        yield words, verb


def _verb_words(verb: Token) -> tuple[Token, ...]:
    """Auxiliaries, negation, particle and copula around a verb; shared auxiliaries of a coordination too."""
    parts = [t for t in verb.children if t.dep_ in {"aux", "aux:pass", "compound:prt"} or _is_negation(t)
             or (t.dep_ == "mark" and t.lower_ == "to" and verb.dep_ in {"xcomp", "ccomp"})]  # fmt: skip
    if verb.dep_ == "conj" and not any(t.dep_.startswith("aux") for t in parts) and verb.tag_ in {"VBN", "VB", "VBG"}:
        first = syntax.clause_top(verb)
        parts += [t for t in first.children if t.dep_ == "aux" or (t.dep_ == "aux:pass" and verb.tag_ == "VBN")]
    if syntax.child(verb, "cop") is not None:
        parts += syntax.children(verb, "cop")
        return tuple(sorted(parts, key=lambda t: t.i))
    return tuple(sorted([*parts, verb], key=lambda t: t.i))


def _is_negation(token: Token) -> bool:
    return token.lower_ in {"not", "n't", "never"}


def _arguments(chain: tuple[tuple[Token, ...], Token]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """(predicate, argument) of each complement of the clause, and of the modifiers within the argument."""
    words, verb = chain
    base = words
    if syntax.child(verb, "cop") is not None:
        yield from _copular(words, verb)
        return
    direct = syntax.children(verb, "obj") + [x for x in syntax.children(verb, "xcomp") if not _is_absorbed(x)]
    for complement in direct:
        for part in syntax.conjuncts(complement):
            if not syntax.is_relative(part):
                yield from _with_modifiers(base, part)
    for indirect in syntax.children(verb, "iobj"):
        yield base, _noun_phrase(indirect)
    first = next((d for d in direct if not syntax.is_relative(d)), None)
    bridge = base + _base_phrase(first) if first is not None else base
    for follower in _followers(verb, first):
        yield from _arguments(((*bridge, *_marks(follower), *_verb_words(follower)), follower))
    for oblique in _complements(verb):
        for part in syntax.conjuncts(oblique):
            lead = bridge
            yield from _with_modifiers(lead + _prepositions(oblique), part)


def _followers(verb: Token, noun: Token | None) -> Iterator[Token]:
    """The clauses without a finite verb that say more of the clause or its object ("to select", "involving")."""
    clauses = syntax.children(verb, "advcl") + (syntax.children(noun, "acl") if noun is not None else [])
    for clause in clauses:
        has_subject = any(t.dep_.startswith("nsubj") for t in clause.children)
        if clause.pos_ == "VERB" and clause.tag_ in {"VB", "VBG"} and clause.i > verb.i and not has_subject:
            yield clause


def _marks(verb: Token) -> tuple[Token, ...]:
    return tuple(t for t in syntax.children(verb, "mark", "case") if t.i < verb.i)


def _copular(words: tuple[Token, ...], noun: Token) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    case = _prepositions(noun)
    for part in syntax.conjuncts(noun):
        if syntax.is_nominal(part):
            yield from _with_modifiers(words + case, part)
    if not syntax.is_nominal(noun):
        lead = (*words, noun)
        if not any(_is_absorbed(x) for x in syntax.children(noun, "xcomp")):
            yield words, (noun,)
        for oblique in _complements(noun):
            for part in syntax.conjuncts(oblique):
                yield from _with_modifiers(lead + _prepositions(oblique), part)


def _complements(verb: Token) -> Iterator[Token]:
    """The oblique complements of a clause: nominal ones, and temporal noun phrases without preposition."""
    for part in syntax.children(verb, "obl", "obl:agent", "obl:tmod", "obl:unmarked", "obl:npmod"):
        if not syntax.is_relative(part) and part.pos_ not in {"ADV", "ADJ"}:
            yield part


def _prepositions(noun: Token) -> tuple[Token, ...]:
    marks: list[Token] = []
    for case in syntax.children(noun, "case"):
        marks += [case, *syntax.children(case, "fixed")]
    return tuple(sorted((m for m in marks if m.i < noun.i), key=lambda t: t.i))


def _with_modifiers(
    predicate: tuple[Token, ...], noun: Token, depth: int = 2
) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """The argument, then what its prepositional modifiers lead to: "became a justice of | the High Court"."""
    yield predicate, _noun_phrase(noun)
    if depth == 0:
        return
    for modifier in syntax.children(noun, *_CHAINED):
        case = _prepositions(modifier)
        if case and modifier.i > noun.i and not syntax.is_relative(modifier):
            lead = predicate + _base_phrase(noun) + case
            for part in syntax.conjuncts(modifier):
                yield from _with_modifiers(lead, part, depth - 1)


def _noun_phrase(noun: Token) -> tuple[Token, ...]:
    """The phrase with its of-modifiers and other prepositional modifiers, without clauses."""
    start, end = syntax.phrase_range(noun)
    return _unwrapped(noun.doc, start, end)


def _base_phrase(noun: Token) -> tuple[Token, ...]:
    """The phrase up to its head."""
    start = min([noun.i, *(c.left_edge.i for c in noun.children if c.i < noun.i and c.dep_ in
                ("det", "amod", "compound", "nummod", "nmod:poss", "flat", "nmod:desc", "det:predet"))])  # fmt: skip
    _, end = syntax.name_range(noun)
    return _unwrapped(noun.doc, start, end)


def _unwrapped(doc: Doc, start: int, end: int) -> tuple[Token, ...]:
    while end - 1 > start and doc[end - 1].is_punct and doc[end - 1].text not in {")", "”", "''", '"'}:
        end -= 1
    while start < end - 1 and doc[start].is_punct and doc[start].text in {",", ";", ":", "-"}:
        start += 1
    return tuple(doc[start:end])


def _statement(reading: Reading, triple: Triple) -> Statement:
    doc = reading.doc
    subject, predicate, object_ = (
        doc[part[0].i : part[-1].i + 1] for part in (triple.subject, _ordered(triple.predicate), triple.object)
    )
    return Statement(
        subject=_entity(reading, triple.subject),
        predicate=ids.open_predicate(_text(triple.predicate)),
        object=_entity(reading, triple.object),
        evidence=(reading.evidence(subject=subject, predicate=predicate, object=object_,
                                   extractor=f"{EXTRACTOR}/{triple.rule}@{VERSION}", confidence=0.5),),
    )  # fmt: skip


def _ordered(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(sorted(tokens, key=lambda t: t.i))


def _entity(reading: Reading, tokens: tuple[Token, ...]) -> Entity:
    """The entity that the phrase names as a whole, else a phrase of its own."""
    text = _text(tokens)
    for token in tokens:
        mention = reading.mention_of(token)
        if mention is not None and mention.entity is not None and mention.text == text:
            return mention.entity
    return Entity(iri=ids.entity_iri(ids.ONTOLOGY + "Phrase", text), type=ids.ONTOLOGY + "Phrase", label=text)


def _text(tokens: Sequence[Token]) -> str:
    """The words, with a space wherever the text has one or another word was left out between."""
    parts = []
    for here, after in zip(tokens, [*tokens[1:], None], strict=True):
        adjacent = after is not None and after.i == here.i + 1
        parts.append(here.text if adjacent and not here.whitespace_ else here.text + " ")
    return "".join(parts).strip()
