"""How a statement is put: polarity, modality, attribution.

The words come from `ontology/qualifiers.yaml`; here is how they take scope. From the predicate upwards through
the clauses that govern it, the first cue decides; a denial turns the polarity wherever it stands in that chain.
Modality follows the scale of Saurí and Pustejovsky (FactBank, 2009), cut to four values.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from kg import ids, resources, syntax
from kg.errors import OntologyError
from kg.model import Attribution, Entity, Evidence, Modality, Polarity, Span, Statement

EntityOf = Callable[[Token], Entity | None]
_GOVERNED = {
    "xcomp",
    "ccomp",
    "advcl",
    "acl",
    "obj",
    "nsubj:pass",
    "obl",
    "nmod",
    "conj",
    "nsubj",
    "appos",
    "parataxis",
    "compound",
}
_MAX_STEPS = 6


@dataclass(frozen=True)
class Cues:
    """The words that qualify: lemma to modality, for auxiliaries, verbs, nouns and adjectives; and the rest as sets."""

    auxiliaries: Mapping[str, Modality]
    verbs: Mapping[str, Modality]
    nouns: Mapping[str, Modality]
    adjectives: Mapping[str, Modality]
    adverbs: Mapping[str, Modality]
    steady: frozenset[str]
    conditions: frozenset[str]
    negations: frozenset[str]
    negative_verbs: frozenset[str]
    reporting_verbs: frozenset[str]
    reporting_prepositions: frozenset[str]


def load(folder: Path | None = None) -> Cues:
    """The cues of the ontology folder."""
    import yaml

    file = (folder or resources.folder("ontology")) / "qualifiers.yaml"
    try:
        data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Cues(**{field.name: _read(data[field.name]) for field in fields(Cues)})
    except (OSError, yaml.YAMLError, KeyError, ValueError, TypeError) as error:
        raise OntologyError(f"{file}: cannot be read as cues: {error!r}") from error


def _read(entry: Mapping[str, list[str]] | list[str]) -> Any:
    """A scale (modality to lemmas) turned around to lemma to modality; a list as a set."""
    if isinstance(entry, list):
        return frozenset(entry)
    return {lemma: Modality(modality) for modality, lemmas in entry.items() for lemma in lemmas}


def qualify(doc: Doc, statement: Statement, cues: Cues, entity_of: EntityOf) -> Statement:
    """The statement with the polarity of its sentence and its evidence marked with modality and attribution."""
    evidence = statement.evidence[0]
    trigger = _trigger(doc, evidence.predicate)
    is_steady = ids.predicate_name(statement.predicate) in cues.steady
    is_certain = is_presupposed(trigger, evidence)
    denied = (not is_certain and is_denied(trigger, cues)) != (statement.polarity is Polarity.NEGATIVE)
    marked = replace(
        evidence,
        modality=Modality.ASSERTED if is_certain else modality_of(trigger, cues, is_steady=is_steady),
        attribution=attribution_of(trigger, cues, entity_of, evidence.sentence.document_id),
    )
    return replace(statement, polarity=Polarity.NEGATIVE if denied else Polarity.POSITIVE, evidence=(marked,))


def _trigger(doc: Doc, span: Span) -> Token:
    found = doc.char_span(span.start, span.end, alignment_mode="expand")
    assert found is not None
    return found.root


def is_presupposed(trigger: Token, evidence: Evidence) -> bool:
    """Whether a noun phrase takes the statement for granted: "may end China's dominance of mining".

    So it is when a noun has a possessor, or when both arguments stand within the phrase of a noun or adjective that no
    clause is built on and that is not introduced as something new ("a partnership between").
    """
    if trigger.pos_ in {"VERB", "AUX"} or syntax.child(trigger, "cop", "aux") is not None or trigger.dep_ == "xcomp":
        return False
    if any(part.lower_ in {"a", "an", "any", "no"} for part in syntax.children(trigger, "det")):
        return False
    if trigger.pos_ in {"NOUN", "PROPN"} and syntax.child(trigger, "nmod:poss") is not None:
        return True
    top = trigger.head if trigger.dep_ in {"amod", "acl"} else trigger
    start, end = top.left_edge.idx, top.right_edge.idx + len(top.right_edge)
    return all(start <= span.start and span.end <= end for span in (evidence.subject, evidence.object))


def modality_of(trigger: Token, cues: Cues, *, is_steady: bool = False) -> Modality:
    """How firmly the trigger's clause is put.

    Args:
        is_steady: Whether the relation holds however the clauses above are put: where a mine lies, what a plan is for.
    """
    own = _own_modality(trigger, cues)
    if own is not None or is_steady:
        return own or Modality.ASSERTED
    token = trigger
    for head in islice(syntax.governors(trigger), _MAX_STEPS):
        found = _from_governor(token, head, cues)
        if found is not None:
            return found
        if not _passes_on(token, head):
            break
        token = head
    return Modality.ASSERTED


def _own_modality(token: Token, cues: Cues) -> Modality | None:
    """From the auxiliaries, adverbs and condition of the word's own clause."""
    for part in token.children:
        if part.dep_ in {"aux", "aux:pass"} and part.lemma_.lower() in cues.auxiliaries:
            return cues.auxiliaries[part.lemma_.lower()]
        if part.dep_ == "aux" and part.lower_ in cues.auxiliaries:
            return cues.auxiliaries[part.lower_]
        if part.dep_ in {"advmod", "discourse"} and part.lower_ in cues.adverbs:
            return cues.adverbs[part.lower_]
        if part.dep_ == "amod" and part.lemma_.lower() in cues.adjectives:
            return cues.adjectives[part.lemma_.lower()]
        if part.dep_ == "mark" and part.lower_ in cues.conditions:
            return Modality.POSSIBLE
    if _is_headline_infinitive(token):
        return Modality.PLANNED
    return None


def _is_headline_infinitive(token: Token) -> bool:
    """ "Vance to Address Officials": a subject before a bare infinitive as the main verb."""
    return token.dep_ == "ROOT" and any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in token.children)


def _from_governor(token: Token, head: Token, cues: Cues) -> Modality | None:
    if token.dep_ == "conj":
        return None if syntax.child(token, "nsubj", "nsubj:pass") else _own_modality(head, cues)
    if token.dep_ in {"xcomp", "ccomp", "acl", "advcl", "obj", "nsubj:pass", "obl", "nmod"}:
        scale = cues.verbs if head.pos_ in {"VERB", "AUX"} else cues.adjectives if head.pos_ == "ADJ" else cues.nouns
        lemma = _known_lemma(head, scale)
        clausal = token.dep_ in {"xcomp", "ccomp", "acl", "advcl"}
        if _is_infinitive(token) and f"{lemma} to" in scale:  # "have to"
            return scale[f"{lemma} to"]
        if lemma in scale and (clausal or head.pos_ == "VERB") and _passes_on(token, head):
            return scale[lemma]
    if token.dep_ in {"advcl", "acl"} and _is_infinitive(token) and head.pos_ != "ADJ":
        return Modality.PLANNED
    return _own_modality(head, cues) if _passes_on(token, head) else None


def _known_lemma(word: Token, known: Container[str]) -> str:
    """The lemma, or what else the form may come from where only that is known."""
    lemmas = syntax.possible_lemmas(word)
    return next((lemma for lemma in lemmas if lemma in known), lemmas[0])


def _is_infinitive(token: Token) -> bool:
    return token.tag_ == "VB" and any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in token.children)


def _passes_on(token: Token, head: Token) -> bool:
    """Whether what is said of the governor holds for what it governs."""
    if token.dep_ in {"acl:relcl", "parataxis"} or token.dep_ not in _GOVERNED:
        return False
    if token.dep_ == "acl" and not _is_infinitive(token):  # "the duty imposed in April"
        return False
    if token.dep_ == "advcl" and syntax.child(token, "nsubj", "nsubj:pass"):  # "when Chile signed the pact, ..."
        return False
    return not (token.dep_ == "conj" and syntax.child(token, "nsubj", "nsubj:pass"))


def is_denied(trigger: Token, cues: Cues) -> bool:
    """Whether the clause, or one that governs it by complement, is negated; two denials cancel."""
    denied = _negated(trigger, cues)
    token = trigger
    for head in islice(syntax.governors(trigger), _MAX_STEPS):
        if token.dep_ == "conj" and head.pos_ == token.pos_:
            if not syntax.child(token, "nsubj", "nsubj:pass") and not syntax.child(token, "cc", "aux"):
                denied ^= _negated(head, cues)
        elif token.dep_ in {"xcomp", "ccomp", "obj"}:
            denied ^= _known_lemma(head, cues.negative_verbs) in cues.negative_verbs
            if token.dep_ != "ccomp":
                denied ^= _negated(head, cues)
        else:
            break
        token = head
    return denied


def _negated(token: Token, cues: Cues) -> bool:
    if any(part.lower_ in cues.negations and part.dep_ in {"advmod", "det", "neg"} for part in token.children):
        return True
    subject = syntax.child(token, "nsubj", "nsubj:pass")
    return subject is not None and any(p.lower_ in {"no", "neither"} and p.dep_ == "det" for p in subject.children)


def attribution_of(trigger: Token, cues: Cues, entity_of: EntityOf, document_id: str) -> Attribution | None:
    """Who is reported as saying it: the subject of a reporting verb above the clause, or "according to"."""
    for token in (trigger, *syntax.governors(trigger)):
        cue, source = _reported(token, cues) or (None, None)
        if cue is not None:
            span = Span(document_id=document_id, start=cue.idx, end=cue.idx + len(cue))
            return Attribution(source=entity_of(source) if source is not None else None, cue=span)
    return None


def _reported(token: Token, cues: Cues) -> tuple[Token, Token | None] | None:
    head = token.head
    if token.dep_ in {"ccomp", "parataxis"} and _known_lemma(head, cues.reporting_verbs) in cues.reporting_verbs:
        return head, next(iter(syntax.surface_subjects(head)), None)
    for part in token.children:
        if part.dep_ in {"parataxis", "advcl", "ccomp"} and part.lemma_.lower() in cues.reporting_verbs:
            subject = syntax.child(part, "nsubj")
            if subject is not None and (part.dep_ == "parataxis" or part.i > token.i) and not syntax.child(part, "obj"):
                return part, subject
        if part.dep_ in {"obl", "nmod"} and syntax.case_of(part) in cues.reporting_prepositions:
            return syntax.child(part, "case") or part, part
    return None
