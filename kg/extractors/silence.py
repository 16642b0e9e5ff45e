"""Why a sentence with a word that states relations gave no statement: what its patterns asked for and did not find.

The reasons are those of the decisions that `kg.extractors.patterns` makes: each pattern is asked anew what became of
what stands at the places of its subject and object, and that which came nearest to a statement is told of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Span as TokenSpan
from spacy.tokens import Token

from kg import ids
from kg.extractors import Reading
from kg.extractors.patterns import Misfit, PatternExtractor, entity_of, mention_of
from kg.extractors.roles import Filler, Roles
from kg.lexicon import ANY, Pattern


class Cause(StrEnum):
    """Why a pattern has no argument at a place, what is farthest from a statement first."""

    NO_ARGUMENT = "no argument"
    NO_MENTION = "no mention"
    KIND = "kind"
    CLASS = "class"
    UNRESOLVED = "unresolved"
    SAME = "same"  # subject and object are one thing


_ORDER = list(Cause)
_CAUSES = {Misfit.NO_MENTION: Cause.NO_MENTION, Misfit.UNRESOLVED: Cause.UNRESOLVED, Misfit.OTHER_KIND: Cause.KIND,
           Misfit.OTHER_CLASS: Cause.CLASS}  # fmt: skip


_AUXILIARY = {"aux", "cop"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What a pattern misses at the place of its subject or object."""

    side: str  # subject, object
    cause: Cause
    text: str | None = None  # what stands there
    type: str | None = None  # name of its class
    wanted: tuple[str, ...] = ()  # names of the classes that may stand there

    def __str__(self) -> str:
        said = {
            Cause.NO_ARGUMENT: f"no {self.side} where a pattern looks for it",
            Cause.NO_MENTION: f"{self.side} “{self.text}” is no mention",
            Cause.KIND: f"{self.side} “{self.text}” is not named as a pattern asks",
            Cause.CLASS: f"{self.side} “{self.text}” is a {self.type}, not {' or '.join(self.wanted)}",
            Cause.UNRESOLVED: f"{self.side} “{self.text}” stands for nothing known",
            Cause.SAME: f"subject and object are both “{self.text}”",
        }
        return said[self.cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A word that states relations, of which its sentence states none."""

    trigger: Token
    relation: str
    pattern: str
    lacks: tuple[Lack, ...]


def silences(reading: Reading, sentence: TokenSpan, extractor: PatternExtractor) -> Iterator[Silence]:
    """Each word of the sentence that states relations, with what the pattern lacks that came nearest to a statement."""
    nearest: dict[int, tuple[int, Silence]] = {}
    roles = Roles()
    for trigger, pattern in extractor.applying(sentence):
        if not _states(pattern, trigger, roles):
            continue
        lacks = tuple(_lacks(reading, pattern, trigger, roles, extractor))
        found = Silence(trigger=trigger, relation=pattern.relation, pattern=pattern.id, lacks=lacks)
        distance = sum(len(_ORDER) - _ORDER.index(lack.cause) for lack in lacks)
        if trigger.i not in nearest or distance < nearest[trigger.i][0]:
            nearest[trigger.i] = distance, found
    yield from (found for _, found in nearest.values())


def _states(pattern: Pattern, trigger: Token, roles: Roles) -> bool:
    """Whether a word may state something here: no auxiliary, and no noun or adjective with nothing beside it to relate."""
    if ANY in pattern.lemmas or trigger.dep_.partition(":")[0] in _AUXILIARY:
        return False
    beside = (filler.token.i != trigger.i for filler in roles.all(trigger, (*pattern.subject, *pattern.object)))
    return trigger.pos_ == "VERB" or any(beside)


def _lacks(reading: Reading, pattern: Pattern, trigger: Token, roles: Roles, extractor: PatternExtractor) -> Iterator[Lack]:
    domain, range_ = extractor.classes_of(pattern)
    subjects = roles.all(trigger, pattern.subject)
    if pattern.subject == pattern.object:
        fitting = [f for f in subjects if extractor.misfit(reading, f, domain, pattern.subject_kind) is None]
        left = [f for f in subjects if f not in fitting]
        if not fitting:
            yield from _lack(reading, "subject", subjects, domain, pattern.subject_kind, extractor)
        if len(fitting) < 2:
            yield from _lack(reading, "object", left if fitting else left[1:], range_, pattern.object_kind, extractor)
        return
    objects = roles.all(trigger, pattern.object)
    lacks = [*_lack(reading, "subject", subjects, domain, pattern.subject_kind, extractor),
             *_lack(reading, "object", objects, range_, pattern.object_kind, extractor)]  # fmt: skip
    yield from lacks
    if not lacks:
        yield Lack(side="object", cause=Cause.SAME, text=_words(reading, objects[0]))


def _lack(reading: Reading, side: str, fillers: Sequence[Filler], classes: Sequence[str], kind: str | None,
          extractor: PatternExtractor) -> Iterator[Lack]:  # fmt: skip
    """What is wrong with what stands at a place, of several with the one that is nearest; nothing where one fits."""
    if not fillers:
        yield Lack(side=side, cause=Cause.NO_ARGUMENT)
        return
    misfits = [extractor.misfit(reading, filler, classes, kind) for filler in fillers]
    if None in misfits:
        return
    causes = [_CAUSES[misfit] for misfit in misfits if misfit is not None]
    best = max(range(len(causes)), key=lambda n: _ORDER.index(causes[n]))
    entity = entity_of(reading, fillers[best])
    yield Lack(
        side=side, cause=causes[best], text=_words(reading, fillers[best]),
        type=ids.predicate_name(entity.type) if entity is not None else None,
        wanted=tuple(ids.predicate_name(iri) for iri in classes) if causes[best] is Cause.CLASS else (),
    )  # fmt: skip


def _words(reading: Reading, filler: Filler) -> str:
    mention = mention_of(reading, filler)
    return mention.text if mention is not None else filler.token.text
