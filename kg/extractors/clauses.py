"""Open triples from dependency clauses: subject, predicate phrase, argument.

Clauses are read as ClausIE does (Del Corro and Gemulla, 2013): each verb with its subject, and each of its
complements as an argument of its own; a preposition joins the predicate. Coordination is split at every level,
subjects are shared through coordination, control and relative clauses (`kg.syntax`). Modifiers of an argument
give further triples ("became a justice of | the High Court"), appositions and possessives are read as "is" and "has".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg import ids, syntax
from kg.extractors import Reading, arguments
from kg.extractors.arguments import Argument
from kg.model import Entity, Statement

EXTRACTOR = "clauses"
VERSION = 1


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
        if syntax.is_predicate(token) and not arguments.is_absorbed(syntax.clause_top(token)) and not arguments.follows(token):
            yield from _clause_triples(token)
        elif arguments.gives_examples(token):
            yield from _joined(arguments.exemplified(token), arguments.of_examples(token))


def _clause_triples(verb: Token) -> Iterator[Triple]:
    yield from _joined(_subjects(verb), arguments.of_clause(verb))
    yield from _joined(syntax.children(verb, "nsubj:outer"), arguments.of_outer_clause(verb))


def _subjects(verb: Token) -> list[Token]:
    """Who or what the clause is about; the "there" of what there is."""
    expletive = syntax.child(verb, "expl")
    if expletive is not None:
        return [expletive]
    found = syntax.surface_subjects(verb)
    if len(found) == 1 and syntax.clause_top(verb).dep_ in {"acl", "acl:relcl"} and found[0].i < verb.i:
        return _coordinated(found[0], verb)
    return found


def _coordinated(noun: Token, clause: Token) -> list[Token]:
    """The noun with those that it is coordinated with, where a clause after the last says more of them all."""
    first = noun
    while first.dep_ == "conj":
        first = first.head
    parts = [p for p in syntax.conjuncts(first) if p.i < clause.i]
    return parts if all(p.tag_ in {"NNS", "NNPS"} for p in parts) else [noun]


def _joined(subjects: Iterable[Token], found: Iterable[Argument]) -> Iterator[Triple]:
    named = [(s, phrase) for s in subjects if _is_named(phrase := _subject_phrase(s))]
    for argument in found if named else ():
        for subject, phrase in named:
            if subject not in argument.words and _is_named(argument.words):
                yield Triple(argument.rule, phrase, argument.predicate, argument.words)


def _subject_phrase(noun: Token) -> tuple[Token, ...]:
    """The phrase with all its prepositional modifiers: "the main reason for the delay"."""
    words = arguments.noun_phrase(noun)
    end = words[-1].i + 1
    for modifier in syntax.children(noun, "nmod"):
        if modifier.left_edge.i == end and not modifier.left_edge.is_punct:
            end = arguments.noun_phrase(modifier)[-1].i + 1
    return tuple(noun.doc[words[0].i : end])


def _is_named(words: Sequence[Token]) -> bool:
    """Whether there is more than signs and words that only join."""
    return any(t.pos_ not in {"ADP", "SCONJ", "PUNCT", "SYM", "SPACE"} and any(c.isalnum() for c in t.text) for t in words)


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

