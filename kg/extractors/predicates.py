"""Predicates of open triples: the words of a clause that lead to one of its complements."""

from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Token

from kg import syntax
from kg.extractors import phrases
from kg.extractors.phrases import Words

OBLIQUE = ("obl", "obl:agent", "obl:npmod")


@dataclass(frozen=True)
class Clause:
    """A clause with the words of the predicate so far, and how many more clauses and modifiers may be run through."""

    words: Words
    verb: Token
    depth: int

    @cached_property
    def stem(self) -> Words:
        """The words with the predicate noun or adjective."""
        verb = self.verb
        if verb in self.words:
            return self.words
        if not syntax.is_nominal(verb):
            return (*self.words, verb)
        return self.words + phrases.prepositions(verb) + phrases.noun_phrase(verb)

    @cached_property
    def object(self) -> Token | None:
        """The object; what a relative clause leaves it out for ("the tools that she used"); what there is."""
        labels = ("obj", "nsubj") if is_existential(self.verb) else ("obj",)
        own = (o for o in syntax.children(self.verb, *labels) if not syntax.is_relative(o) and not syntax.is_asking(o))
        return next(own, None) or syntax.child(self.verb, "iobj") or next(iter(left_out(self.verb)), None)

    @cached_property
    def leads(self) -> list[Words]:
        """The words up to the end of what completes the verb: "sold copper", "named her chair", "agreed to sell copper".

        One for each of coordinated objects.
        """
        objects = syntax.conjuncts(self.object) if self.object is not None else []
        leads = [self.stem + phrases.noun_phrase(part) for part in objects] or [self.stem]
        for part in syntax.children(self.verb, "xcomp", "ccomp")[:1]:
            if is_absorbed(part):
                return self.running_on(self.stem, part, through=0).leads
            if part.dep_ == "xcomp" and not syntax.is_predicate(part):
                leads = [lead + (phrases.noun_phrase(part) if syntax.is_nominal(part) else (part,)) for lead in leads]
        return leads

    @cached_property
    def events(self) -> list[Words]:
        """The leads, with the phrase that completes a verb without object: "headed for Wall Street"."""
        place = self._completing_phrase()
        return [lead + place for lead in self.leads] if place else self.leads

    def _completing_phrase(self) -> Words:
        verb = self.verb
        if verb.pos_ != "VERB" or any(c.dep_ in {"obj", "xcomp", "cop", "ccomp"} for c in verb.children):
            return ()
        noun = next((o for o in obliques(verb) if o.i > verb.i), None)
        if noun is None or syntax.is_time(noun) or phrases.is_complex_preposition(noun):
            return ()
        between = verb.doc[verb.i + 1 : noun.left_edge.i]
        is_next = all(t.dep_ in {"compound:prt", "advmod"} for t in between)
        return phrases.prepositions(noun) + phrases.noun_phrase(noun) if is_next else ()

    def running_on(self, lead: Words, verb: Token, *, through: int = 1) -> "Clause":
        """The clause of another verb, read as going on from here."""
        return Clause(lead + phrases.verb_words(verb), verb, self.depth - through)


def is_absorbed(verb: Token) -> bool:
    """Whether the clause is read as part of the phrase of another ("helped to raise", "was able to raise")."""
    head = verb.head
    if not syntax.is_predicate(verb) or not syntax.is_predicate(head) or syntax.child(head, "obj", "iobj") is not None:
        return False
    return verb.dep_ == "xcomp" or (verb.dep_ == "ccomp" and _is_infinitive(verb) and syntax.is_passive(head))


def left_out(verb: Token) -> list[Token]:
    """What a relative clause leaves its object out for."""
    if syntax.relative_role(verb) != "obj" or syntax.is_passive(verb):
        return []
    if any(c.dep_ in {"cop", "xcomp", "ccomp"} for c in verb.children):
        return []
    return [noun for noun in syntax.objects(verb) if not syntax.is_asking(noun)]


def obliques(verb: Token) -> list[Token]:
    """The complements with a preposition, the agent, and bare times and quantities."""
    return [
        part
        for part in syntax.children(verb, *OBLIQUE)
        if part.pos_ not in {"ADV", "ADJ"}
        and (part.dep_ == "obl:agent" or syntax.child(part, "case") or syntax.is_time(part) or phrases.is_quantity(part))
        and not (syntax.is_relative(part) or phrases.gives_examples(part) or phrases.is_connective(part))
    ]


def is_existential(verb: Token) -> bool:
    return verb.lemma_ == "be" and syntax.child(verb, "expl") is not None


def _is_infinitive(verb: Token) -> bool:
    """Whether it is one with "to" and without a subject of its own ("were said to have made")."""
    return phrases.to(verb) is not None and not any(t.dep_.startswith("nsubj") for t in verb.children)
