"""Typed statements: clauses and noun phrases read through the patterns of the ontology folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from spacy.tokens import Span as TokenSpan
from spacy.tokens import Token

from kg import ids, syntax
from kg.errors import OntologyError
from kg.extractors import Reading, implied
from kg.extractors.roles import AFFECTED, Filler, Roles, governors, is_complement, is_said, modified
from kg.lexicon import Lexicon, Pattern
from kg.model import Entity, Mention, Polarity, Statement
from kg.ontology import Ontology

VERSION = 1
_SUBJECT_ROLES = {"subj", "poss", "by"}
_IMPLIED = 0.6  # of the confidence is left where the sentence does not say who acts
_STEP = 0.9  # the same for an example of what the sentence speaks of
_INFERRED_STEPS = 3
_AGENT, _PROGRAMME = (ids.ONTOLOGY + name for name in ("Agent", "Programme"))
_ACTORS, _BUILDINGS = (_AGENT, ids.ONTOLOGY + "Place"), (ids.ONTOLOGY + "Facility",)
_KIND_OF_TAG = {
    "VERB": ("verb",),
    "AUX": ("verb",),
    "NOUN": ("noun",),
    "PROPN": ("noun",),
    "ADJ": ("adjective", "verb"),
}


class Misfit(StrEnum):
    """Why something is no argument of a pattern."""

    NO_MENTION = "no mention"
    UNRESOLVED = "unresolved"  # a mention that stands for nothing
    OTHER_KIND = "kind"  # the pattern wants a name there, or a description
    OTHER_CLASS = "class"  # not in the domain or range


def _in_the_name_of(principal: Entity, statement: Statement) -> Statement:
    """The statement with who stands behind its subject in place of it, less certain."""
    evidence = tuple(replace(e, confidence=round(0.7 * e.confidence, 3)) for e in statement.evidence)
    return replace(statement, subject=principal, evidence=evidence)


@dataclass(frozen=True)
class PatternExtractor:
    """All patterns of a lexicon, with the properties that they state."""

    lexicon: Lexicon
    ontology: Ontology

    @staticmethod
    def build(lexicon: Lexicon, ontology: Ontology) -> "PatternExtractor":
        """Raises OntologyError for a pattern of a relation that the ontology does not have."""
        for pattern in lexicon.patterns:
            if ontology.property_named(pattern.relation) is None:
                raise OntologyError(f"pattern {pattern.id}: the ontology has no relation '{pattern.relation}'")
        return PatternExtractor(lexicon, ontology)

    def extract(self, reading: Reading) -> Iterator[Statement]:
        """The typed statements of a document; each pair of arguments once a sentence and relation.

        A plan that does what only an agent can do ("the plan involves partnerships with") stands for the country or
        agent that last was said to launch or propose one.
        """
        principal: Entity | None = None
        actor = implied.Actor(reading, self.ontology)
        roles = Roles()
        for sentence in reading.doc.sents:
            best: dict[tuple[str, str, str], Statement] = {}
            acting = actor.of(sentence)
            for statement in self._sentence(reading, sentence, roles, principal, acting):
                principal = self._principal(reading, statement) or principal
                actor.heard(sentence, statement)
                key = (statement.subject.iri, statement.predicate, statement.object.iri)  # type: ignore[union-attr]
                known = best.get(key)
                if known is None or statement.evidence[0].confidence > known.evidence[0].confidence:
                    best[key] = statement
            actor.ends(sentence)
            yield from best.values()

    def _principal(self, reading: Reading, statement: Statement) -> Entity | None:
        """Who stands behind a programme by this statement: the country of a government, else the agent."""
        agent, programme = statement.subject, statement.object
        if ids.predicate_name(statement.predicate) not in syntax.words("launching_relations") or not isinstance(
            programme, Entity
        ):
            return None
        if not self.ontology.is_a(agent.type, _AGENT) or not self.ontology.is_a(programme.type, _PROGRAMME):
            return None
        return reading.behind(agent)

    def _sentence(self, reading: Reading, sentence: TokenSpan, roles: Roles,
                  principal: Entity | None, acting: Entity | None) -> Iterator[Statement]:  # fmt: skip
        for token, pattern in self.applying(sentence):
            yield from self._matches(reading, pattern, token, roles, principal)
            if acting is not None and implied.acts(token):
                yield from self._acts(reading, pattern, token, roles, acting)

    def applying(self, sentence: TokenSpan) -> Iterator[tuple[Token, Pattern]]:
        """Each word of the sentence that triggers a pattern, with each pattern that finds what it asks for beside it."""
        for token in sentence:
            for kind in _KIND_OF_TAG.get("ADJ" if token.tag_ == "JJ" else token.pos_, ()):
                yield from ((token, pattern) for pattern in self._triggered(kind, token) if _applies(pattern, token))

    def _triggered(self, kind: str, token: Token) -> Sequence[Pattern]:
        lemmas = syntax.possible_lemmas(token) if kind == "verb" else [token.lemma_.lower()]
        known = (lemma for lemma in lemmas if (kind, lemma) in self.lexicon.by_trigger)
        return self.lexicon.triggered(kind, next(known, lemmas[0]))

    def _matches(self, reading: Reading, pattern: Pattern, trigger: Token, roles: Roles,
                 principal: Entity | None) -> Iterator[Statement]:  # fmt: skip
        is_stood_for = False
        pairs = list(self._pairs(reading, pattern, trigger, roles, ()))
        if not pairs and principal is not None and self.ontology.fits(principal.type, self.classes_of(pattern)[0]):
            pairs, is_stood_for = list(self._pairs(reading, pattern, trigger, roles, (_PROGRAMME,))), True
        if pattern.relation in syntax.words("reaching_relations"):
            pairs += self._affected(reading, pairs, roles)
        for subject, object_ in pairs:
            found = self._statement(reading, pattern, trigger, subject, object_)
            statement = _in_the_name_of(principal, found) if is_stood_for and principal and found else found
            if statement is not None and statement.subject != statement.object:
                yield statement

    def _acts(self, reading: Reading, pattern: Pattern, trigger: Token, roles: Roles,
              acting: Entity) -> Iterator[Statement]:  # fmt: skip
        """What is done in a sentence that leaves out who does it; the trigger stands for the subject in the evidence."""
        domain, range_ = self.classes_of(pattern)
        if pattern.relation not in syntax.words("acting_relations") or not self.ontology.fits(acting.type, domain):
            return
        if not _SUBJECT_ROLES.intersection(pattern.subject) or pattern.subject == pattern.object:
            return
        if roles.fill(trigger, pattern.subject, lambda f: self._fits(reading, f, domain, pattern.subject_kind)):
            return
        for filler in roles.fill(trigger, pattern.object, lambda f: self._fits(reading, f, range_, pattern.object_kind)):
            target = entity_of(reading, filler)
            if target is not None and target.iri != acting.iri:
                stretches = _predicate(trigger), _stretch(reading, filler)
                confidence = _IMPLIED * _certainty(pattern, filler)
                yield self._said(reading, pattern, trigger, (acting, target), stretches, confidence, note=implied.NOTE)

    def _affected(self, reading: Reading, pairs: Sequence[tuple[Filler, Filler]],
                  roles: Roles) -> list[tuple[Filler, Filler]]:  # fmt: skip
        """Who is affected by what an actor does to an act or thing: to condemn Chad's raids is to condemn Chad."""
        found = []
        for subject, object_ in pairs:
            if not self._is_actor(reading, subject) or self._is_actor(reading, object_):
                continue
            affected = roles.fill(object_.token, (f"self.{AFFECTED}",), lambda f: self._is_actor(reading, f))
            found += [(subject, replace(filler, is_inferred=True)) for filler in affected]
        return found

    def _is_actor(self, reading: Reading, filler: Filler) -> bool:
        """Whether it is an agent or a place where people live."""
        return self._fits(reading, filler, _ACTORS, None) and not self._fits(reading, filler, _BUILDINGS, None)

    def classes_of(self, pattern: Pattern) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Domain and range, as the pattern narrows those of its relation."""
        return self._narrowed[pattern.id]

    @cached_property
    def _narrowed(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        found = {}
        for pattern in self.lexicon.patterns:
            prop = self.ontology.property_named(pattern.relation)
            assert prop is not None
            found[pattern.id] = _iris(pattern.subject_type) or prop.domain, _iris(pattern.object_type) or prop.range
        return found

    def _statement(self, reading: Reading, pattern: Pattern, trigger: Token,
                   subject: Filler, object_: Filler) -> Statement | None:  # fmt: skip
        source, target = entity_of(reading, subject), entity_of(reading, object_)
        if source is None or target is None or source.iri == target.iri:
            return None
        stretches = _stretch(reading, subject), _stretch(reading, object_)
        return self._said(reading, pattern, trigger, (source, target), stretches, _certainty(pattern, subject, object_))

    def _said(self, reading: Reading, pattern: Pattern, trigger: Token, ends: tuple[Entity, Entity],
              stretches: tuple[TokenSpan, TokenSpan], confidence: float, *, note: str = "") -> Statement:  # fmt: skip
        prop = self.ontology.property_named(pattern.relation)
        assert prop is not None
        return Statement(
            subject=ends[0], predicate=prop.iri, object=ends[1],
            polarity=Polarity.NEGATIVE if pattern.negated else Polarity.POSITIVE,
            evidence=(reading.evidence(
                subject=stretches[0], predicate=_predicate(trigger), object=stretches[1],
                extractor=f"patterns/{pattern.id}{note}@{VERSION}", confidence=round(confidence, 3),
            ),),
        )  # fmt: skip

    def _pairs(self, reading: Reading, pattern: Pattern, trigger: Token, roles: Roles,
               standing_in: tuple[str, ...]) -> Iterator[tuple[Filler, Filler]]:  # fmt: skip
        """Every subject with every object; the members of one role with each other, for symmetric relations.

        Args:
            standing_in: Classes of subjects in place of those that the relation takes.
        """
        domain, range_ = self.classes_of(pattern)
        domain = standing_in or domain
        subjects = roles.fill(trigger, pattern.subject, lambda f: self._fits(reading, f, domain, pattern.subject_kind))
        if not subjects:
            return
        if pattern.subject == pattern.object:
            if len(subjects) == 1:
                subjects = roles.fill(subjects[0].token, ("members",), lambda f: self._fits(reading, f, domain, None))
            yield from combinations(subjects, 2)
            return
        actors = {entity_of(reading, subject) for subject in subjects}
        objects = roles.fill(
            trigger, pattern.object,
            lambda f: self._fits(reading, f, range_, pattern.object_kind) and {entity_of(reading, f)} != actors,
        )  # fmt: skip
        for subject in subjects:
            for object_ in objects:
                both_examples = subject.is_example and object_.is_example
                is_same = subject.token.i == object_.token.i and subject.is_description == object_.is_description
                if not (is_same or both_examples):
                    yield subject, object_

    def _fits(self, reading: Reading, filler: Filler, classes: Sequence[str], kind: str | None) -> bool:
        return self.misfit(reading, filler, classes, kind) is None

    def misfit(self, reading: Reading, filler: Filler, classes: Sequence[str], kind: str | None) -> Misfit | None:
        """Why it can be no argument; None where it can."""
        mention, entity = mention_of(reading, filler), entity_of(reading, filler)
        if mention is None:
            return Misfit.NO_MENTION
        if entity is None:
            return Misfit.UNRESOLVED
        if kind is not None and mention.kind != kind:
            return Misfit.OTHER_KIND
        return None if self.ontology.fits(entity.type, classes) else Misfit.OTHER_CLASS


def _iris(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(ids.ONTOLOGY + name for name in names)


def _applies(pattern: Pattern, trigger: Token) -> bool:
    if pattern.copular and not (is_said(trigger) or is_complement(trigger)):
        return False
    if pattern.with_modifier and not any(c.lower_ in pattern.with_modifier for c in trigger.children):
        return False
    if pattern.with_head or pattern.without_head:
        heads = {word.lemma_.lower() for word in (*modified(trigger), *governors(trigger))}
        if (pattern.with_head and not heads & pattern.with_head) or heads & pattern.without_head:
            return False
    if pattern.with_object:
        return any(o.lemma_.lower() in pattern.with_object for o in syntax.objects(trigger))
    return True


def _certainty(pattern: Pattern, *fillers: Filler) -> float:
    steps = sum(filler.is_example + _INFERRED_STEPS * filler.is_inferred for filler in fillers)
    return pattern.confidence * _STEP**steps


def _predicate(trigger: Token) -> TokenSpan:
    return trigger.doc[trigger.i : trigger.i + 1]


def mention_of(reading: Reading, filler: Filler) -> Mention | None:
    return reading.own_mention(filler.token) if filler.is_description else reading.mention_of(filler.token)


def entity_of(reading: Reading, filler: Filler) -> Entity | None:
    """Who or what is meant; of a description, what its words mean."""
    mention = mention_of(reading, filler)
    if mention is None:
        return None
    return mention.meaning or mention.entity if filler.is_description else mention.entity


def _stretch(reading: Reading, filler: Filler) -> TokenSpan:
    """The stretch of the mention that the token stands for, the token itself without one."""
    mention = mention_of(reading, filler)
    found = reading.doc.char_span(mention.span.start, mention.span.end) if mention is not None else None
    return found if found is not None else reading.doc[filler.token.i : filler.token.i + 1]
