"""How names are read: `ontology/knowledge/reading.yaml`, and the words around a mention."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg import ids
from kg.linking import offices
from kg.linking.names import alternatives
from kg.linking.offices import Offices
from kg.model import Document, Entity, Mention

_NEARBY = 40  # characters of text that are looked at on either side


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that a homonym may name, and the words that speak for it."""

    iri: str
    clues: re.Pattern[str] | None

    def n_clues(self, document: Document) -> int:
        """How many different clues the document has."""
        if self.clues is None:
            return 0
        return _n_different(self.clues, f"{document.title or ''}\n{document.text}")


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What `reading.yaml` says."""

    determiners: frozenset[str]
    titles: frozenset[str]
    ambiguous_titles: frozenset[str]  # that begin other names too
    proper_words: frozenset[str]
    homonyms: Mapping[str, tuple[Choice, ...]]  # by key
    government: re.Pattern[str]  # of a country, whose name is in the group "before" or "after"
    locative: re.Pattern[str]
    signed: re.Pattern[str]  # a title, with the name of who speaks in the group "who"
    offices: Offices
    first_person: Mapping[str, str]  # "my" to "i", "our" to "we"

    def n_title_words(self, words: list[str]) -> int:
        """How many words at the beginning are a title, when something follows it."""
        longest = min(4, len(words) - 1)
        ends = range(longest, 0, -1)
        return next((n for n in ends if " ".join(words[:n]).lower().replace(".", "") in self.titles), 0)

    def is_in_place(self, mention: Mention, document: Document) -> bool:
        """Whether the words before say that something is or goes there."""
        before = document.text[max(0, mention.span.start - _NEARBY) : mention.span.start]
        return self.locative.search(before) is not None


def load(file: Path) -> Habits:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    government, locative = alternatives(data["government_words"]), alternatives(data["locative_words"])
    of_country = rf"(?P<before>.+) (?:{government})|(?:{government}) of (?:the )?(?P<after>.+)"
    return Habits(
        determiners=frozenset(data["determiners"]),
        titles=frozenset(data["titles"]),
        ambiguous_titles=frozenset(data["ambiguous_titles"]),
        proper_words=frozenset(data["proper_words"]),
        homonyms={name: tuple(map(_choice, entries)) for name, entries in data["homonyms"].items()},
        government=re.compile(of_country, re.IGNORECASE),
        signed=_signed(data),
        offices=offices.load(data["offices"]),
        first_person={word: person for person, words in data["first_person"].items() for word in words},
        locative=re.compile(rf"\b(?i:{locative})\s+(?:the\s+)?(?:[A-Z][\w.]*(?: [A-Z][\w.]*)? and )?$"),
    )


def _signed(data: Mapping[str, Any]) -> re.Pattern[str]:
    what, before, after = (alternatives(data[f"signed_{part}"]) for part in ("words", "before", "after"))
    name = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,6}?"
    return re.compile(rf"(?i:{what}) (?i:{before}) (?P<who>{name})(?= (?i:{after})\b|[,:]|\s*$)")


def _choice(entry: Mapping[str, Any]) -> Choice:
    clues = re.compile(rf"\b(?:{alternatives(entry['clues'])})\b") if entry["clues"] else None
    return Choice(iri=f"{ids.BASE}entity/{entry['iri']}", clues=clues)


def n_other_names(key: str, entity: Entity, document: Document) -> int:
    """How many names of an entity, besides those in the key, the document has."""
    names = {name for name in (entity.label, *entity.aliases) if name not in key}
    text = f"{document.title or ''}\n{document.text}"
    return sum(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None for name in names)


def follows_article(mention: Mention, document: Document) -> bool:
    return document.text[: mention.span.start].endswith(("the ", "The "))


def following(mention: Mention, document: Document) -> str:
    """A little of the text after the mention."""
    return document.text[mention.span.end : mention.span.end + _NEARBY]


def starts_sentence(mention: Mention, document: Document) -> bool:
    """Whether nothing but a determiner stands between it and the end of another sentence or a heading."""
    before = document.text[max(0, mention.span.start - _NEARBY) : mention.span.start]
    return re.search(r"(?:^|[.!?:;\n\"”“•])\s*(?:[A-Z]\w*\s+)?$", before) is not None


def is_capitalized_within(word: str, document: Document) -> bool:
    """Whether the document has the word with its capital after a word in lower case."""
    return _is_within(word, document.text)


@lru_cache(maxsize=4096)
def _is_within(word: str, text: str) -> bool:
    return re.search(rf"[a-z,] {re.escape(word)}\b", text) is not None


@lru_cache(maxsize=1024)
def _n_different(clues: re.Pattern[str], text: str) -> int:
    return len(set(clues.findall(text)))
