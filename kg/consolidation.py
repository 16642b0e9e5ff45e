"""Many documents into one set: entities merged, evidence joined, contradictions marked.

Everything here is idempotent and blind to the order in which documents arrive.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from math import prod
from urllib.parse import urlsplit

from kg import ids
from kg.model import FIRMNESS, Attribution, Document, Entity, Evidence, Statement

SYSTEMATIC_ERROR = 0.05
"""The share of a publisher's statements that stay wrong however often it prints them."""

VoiceOf = Callable[[str], str]
"""From the id of a document to who says what it says: see `voice`."""

EntityOf = Callable[[Entity], Entity]
"""From one version of an entity to the merged one."""


def canonical(statement: Statement, is_symmetric: Callable[[str], bool]) -> Statement:
    """The statement, with the sides of a symmetric predicate in the order of their IRIs.

    So "A partners with B" and "B partners with A" share one id; the spans of the evidence change sides too.
    """
    subject, other = statement.subject, statement.object
    if not isinstance(other, Entity) or subject.iri <= other.iri or not is_symmetric(statement.predicate):
        return statement
    return replace(statement, subject=other, object=subject, evidence=tuple(map(_turned, statement.evidence)))


def _turned(evidence: Evidence) -> Evidence:
    return replace(
        evidence,
        subject=evidence.object,
        subject_text=evidence.object_text,
        object=evidence.subject,
        object_text=evidence.subject_text,
        subject_link_score=evidence.object_link_score,
        object_link_score=evidence.subject_link_score,
    )


def consolidate(statements: Iterable[Statement], voice_of: VoiceOf) -> list[Statement]:
    """The merged statements, sorted by id; given in any order, with repeats.

    For a set that fits in memory; `kg.stores.merged` does the same with a journal of any size.
    """
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.id].append(statement)
    merged = merge_entities(version for group in groups.values() for s in group for version in versions(s))
    return [merge(groups[i], lambda entity: merged[entity.iri], voice_of) for i in sorted(groups)]


def merge(statements: Iterable[Statement], entity_of: EntityOf, voice_of: VoiceOf) -> Statement:
    """The one statement that statements of one id make, with all their evidence and a belief."""
    group = list(statements)
    evidence = join(e for statement in group for e in _with_sources(statement.evidence, entity_of))
    first = group[0]
    return replace(
        first,
        subject=entity_of(first.subject),
        object=entity_of(first.object) if isinstance(first.object, Entity) else first.object,
        evidence=evidence,
        belief=belief(evidence, voice_of),
        n_independent=n_independent(evidence, voice_of),
    )


def _with_sources(evidence: Iterable[Evidence], entity_of: EntityOf) -> Iterator[Evidence]:
    for item in evidence:
        if item.attribution is None or item.attribution.source is None:
            yield item
        else:
            source = entity_of(item.attribution.source)
            yield replace(item, attribution=Attribution(source=source, cue=item.attribution.cue))


# ---- evidence


def place(evidence: Evidence) -> tuple[str | int, ...]:
    """What tells two evidences of one statement apart: the document, the stretches of text and the extractor."""
    spans = (evidence.sentence, evidence.subject, evidence.predicate, evidence.object)
    return evidence.document_id, *(n for span in spans for n in (span.start, span.end)), evidence.extractor


def evidence_id(statement_id: str, evidence: Evidence) -> str:
    """The id of an evidence of that statement, the same in every store."""
    return ids.evidence_id(statement_id, *map(str, place(evidence)))


def join(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence sorted by place, one for each place: the most confident, then the firmest."""
    best: dict[tuple[str | int, ...], Evidence] = {}
    for item in evidence:
        key = place(item)
        best[key] = max(best[key], item, key=_weight) if key in best else item
    return tuple(best[key] for key in sorted(best))


def _weight(evidence: Evidence) -> tuple[float, int, str]:
    return evidence.confidence, -FIRMNESS.index(evidence.modality), repr(evidence)


def belief(evidence: Iterable[Evidence], voice_of: VoiceOf) -> float:
    """How likely it is, in [0, 1], that the statement is what the documents say.

    The arithmetic of INDRA (Gyori et al., 2017, Molecular Systems Biology 13:954) with publishers in the place of
    its reading systems. A sentence misleads by chance with probability 1 - confidence, and independently of the
    publisher's other sentences; the publisher errs for good, in all of its sentences alike, with
    `SYSTEMATIC_ERROR`. A publisher is wrong when either happens, the statement when all its publishers are:

        belief = 1 - product over publishers of min(1, systematic + product over sentences of (1 - confidence))

    So more sentences of one publisher raise belief towards 1 - systematic and no further; another publisher
    multiplies what doubt is left. Two rules that read one sentence are one sentence, with the better confidence; so is
    a sentence that is printed again word for word. Copies count as said by whom they are copied from (`voice`).
    """
    doubts: defaultdict[str, dict[str | tuple[str, int, int], float]] = defaultdict(dict)
    for item in evidence:
        sentences = doubts[voice_of(item.document_id)]
        key = item.quote or (item.document_id, item.sentence.start, item.sentence.end)  # of the past, words are not kept
        sentences[key] = min(sentences.get(key, 1.0), 1.0 - item.confidence)
    wrong = [min(1.0, SYSTEMATIC_ERROR + prod(sorted(doubts[p].values()))) for p in sorted(doubts)]
    return round(1.0 - prod(wrong), 6) if wrong else 0.0


def n_independent(evidence: Iterable[Evidence], voice_of: VoiceOf) -> int:
    """How many say it by themselves: publishers, without those who only repeat another's words."""
    return len({voice_of(item.document_id) for item in evidence})


def voice(document: Document) -> str:
    """Who says what the document says: its publisher, or of a copy the publisher of what it is copied from."""
    return document.voice or publisher(document)


def publisher(document: Document) -> str:
    """Who printed it: its publisher, else the host of its address, else the document counts by itself."""
    return document.publisher or (urlsplit(document.url).hostname if document.url else None) or document.id


# ---- entities


def versions(statement: Statement) -> Iterator[tuple[Entity, str]]:
    """Each entity of the statement as each document describes it: subject, object and those who say it."""
    for evidence in statement.evidence:
        for entity in (statement.subject, statement.object, evidence.attribution and evidence.attribution.source):
            if isinstance(entity, Entity):
                yield entity, evidence.document_id


def merge_entities(described: Iterable[tuple[Entity, str]]) -> dict[str, Entity]:
    """The merged entity of each IRI, from (version, id of the document that describes it so)."""
    by_iri: defaultdict[str, Counter[Entity]] = defaultdict(Counter)
    for entity, _ in set(described):
        by_iri[entity.iri][entity] += 1
    return {iri: merge_versions(counts) for iri, counts in by_iri.items()}


def merge_versions(counts: Mapping[Entity, int]) -> Entity:
    """One entity from the versions of one IRI, each with the number of documents that describe it so.

    The label is the most frequent, then the shortest, then the first in the alphabet; other labels become aliases.
    """
    label = _most_frequent({e: e.label for e in counts}, counts)
    assert label is not None
    names = {name for e in counts for name in (e.label, *e.aliases)} - {label}
    return Entity(
        iri=next(iter(counts)).iri,
        type=_most_frequent({e: e.type for e in counts}, counts) or "",
        label=label,
        aliases=tuple(sorted(names)),
        same_as=tuple(sorted({iri for e in counts for iri in e.same_as})),
        broader=_most_frequent({e: e.broader for e in counts}, counts),
        country=_most_frequent({e: e.country for e in counts}, counts),
    )


def merge_as(iri: str, counts: Mapping[Entity, int], target_of: Callable[[str], str | None]) -> Entity:
    """One entity from the versions of all that is merged into this IRI, which it has besides the IRIs of its own.

    It is of the class that the versions of this very IRI say.
    """
    found = merge_versions(counts)
    own = {entity: n for entity, n in counts.items() if entity.iri == iri} or counts
    others = {entity.iri for entity in counts} - {iri}
    broader = found.broader and (target_of(found.broader) or found.broader)
    return replace(
        found,
        iri=iri,
        type=merge_versions(own).type,
        same_as=tuple(sorted({*found.same_as, *others})),
        broader=broader if broader != iri else None,
    )


def _most_frequent(values: Mapping[Entity, str | None], counts: Mapping[Entity, int]) -> str | None:
    """The value with the highest count, then the shortest, then the first; None only where no version has one."""
    tally: Counter[str] = Counter()
    for entity, value in values.items():
        if value is not None:
            tally[value] += counts[entity]
    return min(tally, key=lambda value: (-tally[value], len(value), value), default=None)


# ---- contradictions


def contradicted(statements: Iterable[Statement]) -> frozenset[str]:
    """The ids of the statements whose contrary is among them too."""
    opposites = {statement.id: statement.opposite_id for statement in statements}
    return frozenset(i for i, opposite in opposites.items() if opposite in opposites)
