"""Open triples from dependency clauses: subject, predicate phrase, argument.

Each verb makes triples of its subjects and of each of its complements (`kg.extractors.arguments`). Coordination is
split at every level; subjects are shared through coordination, control and relative clauses (`kg.syntax`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg import ids, syntax
from kg.extractors import Reading, arguments, phrases, predicates
from kg.extractors.arguments import Argument
from kg.extractors.phrases import Words
from kg.model import Entity, Statement

EXTRACTOR = "clauses"
VERSION = 2


@dataclass(frozen=True, slots=True)
class Triple:
    """Tokens of one open triple; the predicate may be interrupted ("served ... as")."""

    rule: str
    subject: Words
    predicate: Words
    object: Words


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
        if phrases.gives_examples(token):
            yield from _joined(arguments.exemplified(token), arguments.of_examples(token))
        elif syntax.is_predicate(token) and not _is_read_elsewhere(token):
            yield from _joined(_subjects(token), arguments.of_clause(token))
            yield from _joined(syntax.children(token, "nsubj:outer"), arguments.of_outer_clause(token))


def _is_read_elsewhere(verb: Token) -> bool:
    """Whether the clause, or the first of those it is coordinated with, is read as part of another."""
    has_subject = any(t.dep_.startswith("nsubj") for t in verb.children)
    first = verb if has_subject else syntax.clause_top(verb)
    return predicates.is_absorbed(first) or arguments.only_follows(first)


def _subjects(verb: Token) -> list[Token]:
    """Who or what the clause is about; the "there" of what there is."""
    expletive = syntax.child(verb, "expl")
    if expletive is not None:
        return [expletive]
    found = syntax.surface_subjects(verb)
    if len(found) == 1 and found[0].i < verb.i and syntax.clause_top(verb).dep_ in {"acl", "acl:relcl"}:
        return _all_said_of(found[0], verb)
    return found


def _all_said_of(noun: Token, clause: Token) -> list[Token]:
    """The noun, with those coordinated with it where a clause says more of them all: "mines and farms that closed"."""
    first = noun
    while first.dep_ == "conj":
        first = first.head
    parts = [p for p in syntax.conjuncts(first) if p.i < clause.i]
    return parts if all(p.tag_ in {"NNS", "NNPS"} for p in parts) else [noun]


def _joined(subjects: Iterable[Token], found: Iterable[Argument]) -> Iterator[Triple]:
    """A triple of each subject with each argument."""
    named = [(s, words) for s in subjects if phrases.is_named(words := phrases.subject_phrase(s))]
    for argument in found if named else ():
        for subject, words in named:
            if subject not in argument.words and phrases.is_named(argument.words):
                yield Triple(argument.rule, words, argument.predicate, argument.words)


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


def _ordered(tokens: Words) -> Words:
    return tuple(sorted(tokens, key=lambda t: t.i))


def _entity(reading: Reading, tokens: Words) -> Entity:
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

