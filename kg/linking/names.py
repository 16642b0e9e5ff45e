"""Names and noun phrases as strings: what they are looked up by, and what they are labelled with."""

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache

_QUOTES = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "“": '"', "”": '"'})
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_INITIALS = re.compile(r"\b([A-Z])\.\s*(?=[A-Z]\b)")
_INITIAL = re.compile(r"\b([A-Z])\.")
_EDGES = " \t\n\"“”'‘’()[],;:"


@lru_cache(maxsize=65536)
def key_of(name: str) -> str:
    """The name as it is looked up: its case kept, without article, possessive, and dots in initials.

    >>> key_of("the U.S.'s"), key_of("George H.W. Bush"), key_of("J. D. Vance")
    ('US', 'George HW Bush', 'JD Vance')
    """
    key = _POSSESSIVE.sub("", " ".join(name.split()).strip(_EDGES)).translate(_QUOTES)
    key = _INITIAL.sub(r"\1", _INITIALS.sub(r"\1", key))
    first, _, rest = key.partition(" ")
    return rest if rest and first in {"the", "The", "THE"} else key


@lru_cache(maxsize=65536)
def folded(key: str) -> str:
    """The key without regard to case, hyphens and diacritics."""
    decomposed = unicodedata.normalize("NFKD", key.replace("-", " ")).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def dotted(key: str) -> str:
    """An acronym as it is written with dots; another key as it is."""
    return "".join(letter + "." for letter in key) if key.isupper() and len(key) < 4 else key


def label_of(text: str, determiners: Container[str]) -> str:
    """The text as a label: without determiner, possessive and quotation marks around it, in single spaces.

    The text itself where nothing of it would be left.
    """
    words = " ".join(text.split()).strip(_EDGES).split(" ")
    while len(words) > 1 and words[0].lower() in determiners:
        words = words[1:]
    label = _POSSESSIVE.sub("", " ".join(words)).strip(_EDGES).replace("’", "'")
    return label or text


def in_singular(label: str, head: str) -> str:
    """The label with its head noun as a lemma: "new tariffs" as "new tariff", "children" as "child"."""
    words = label.split(" ")
    if len(words) == 1:
        return head
    plurals = _plurals(head)
    for place in range(len(words) - 1, -1, -1):
        if words[place].lower() in plurals:
            return " ".join([*words[:place], head, *words[place + 1 :]])
    return label


def _plurals(noun: str) -> set[str]:
    if noun.endswith("y"):
        return {noun[:-1] + "ies", noun + "s"}
    if noun.endswith("is"):
        return {noun[:-2] + "es"}
    return {noun + "s", noun + "es"}


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longer tried before the shorter."""
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))
