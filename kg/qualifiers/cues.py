"""The words that qualify, read from `ontology/qualifiers.yaml`."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Token

from kg import resources, syntax
from kg.errors import OntologyError
from kg.model import Modality


class Signature(NamedTuple):
    """What a word says of its complement: "+" that it is so, "-" that it is not, "o" neither.

    After Karttunen (Implicative verbs, 1971; Simple and phrasal implicatives, 2012).
    """

    affirmed: str
    denied: str
    past: str
    """Where it is affirmed of the past: who was able to come came."""


Scale = Mapping[str, Modality]


@dataclass(frozen=True)
class Cues:
    """The words that qualify: lemma to modality for auxiliaries, verbs, nouns and adjectives; and the rest as sets."""

    auxiliaries: Scale
    verbs: Scale
    nouns: Scale
    adjectives: Scale
    adverbs: Scale
    signatures: Mapping[str, Signature]
    withdrawals: frozenset[str]
    ongoing: frozenset[str]
    privative: frozenset[str]
    steady: frozenset[str]
    standing: frozenset[str]
    acts: frozenset[str]
    intentions: frozenset[str]
    purposeful: frozenset[str]
    conditions: frozenset[str]
    backgrounds: frozenset[str]
    definite: frozenset[str]
    negations: frozenset[str]
    limits: frozenset[str]
    negative_quantifiers: frozenset[str]
    negative_prepositions: frozenset[str]
    focus: frozenset[str]
    neg_raising: frozenset[str]
    reporting_verbs: frozenset[str]
    reporting_nouns: frozenset[str]
    reporting_prepositions: frozenset[str]
    reporting_adverbs: frozenset[str]
    first_person: frozenset[str]


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
    """A scale (modality or signature to lemmas) turned around, from lemma to what it says; a list as a set."""
    if isinstance(entry, list):
        return frozenset(entry)
    return {lemma: _value(name) for name, lemmas in entry.items() for lemma in lemmas}


def _value(name: str) -> Modality | Signature:
    if name[0] not in "+-o":
        return Modality(name)
    affirmed, denied, past = (*name.split(), name[0])[:3]
    if not {affirmed, denied, past} <= set("+-o"):
        raise ValueError(f"'{name}' is no signature")
    return Signature(affirmed, denied, past)


def known_lemma(word: Token, known: Container[str]) -> str:
    """The lemma, or what else the form may come from where only that is known."""
    lemmas = syntax.possible_lemmas(word)
    return next((lemma for lemma in lemmas if lemma in known), lemmas[0])
