"""Names as they are compared: what of them tells things apart."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import yaml

from kg import resources
from kg.errors import OntologyError

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?\b")


@dataclass(frozen=True, eq=False)
class Words:
    """What is known of the words of names: `ontology/merging.yaml` says what each is."""

    legal_forms: frozenset[str]
    empty_words: frozenset[str]
    small_words: frozenset[str]
    spellings: Mapping[str, str]
    keep_s: frozenset[str]
    generations: frozenset[str]
    short_forms: Mapping[str, str]
    families: tuple[str, ...]
    country_words: Mapping[str, str]

    @staticmethod
    def load(file: Path | None = None) -> "Words":
        """
        Raises:
            OntologyError: for a file that is missing or broken.
        """
        file = file or resources.folder("ontology") / "merging.yaml"
        try:
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
            sets = ("legal_forms", "empty_words", "small_words", "keep_s", "generations")
            return Words(
                **{name: frozenset(data[name]) for name in sets},
                spellings=dict(sorted(data["spellings"].items(), key=lambda pair: -pair[0].count(" "))),
                short_forms=data["short_forms"],
                families=tuple(data["families"]),
                country_words=data["country_words"],
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise OntologyError(f"{file}: missing, broken or without a key: {error!r}") from error

    # ---- any name

    def plain(self, name: str) -> list[str]:
        """Its words in lower case without diacritics, initials written together, in one spelling.

        >>> Words.load().plain("the U.S. Dept. of Défence")
        ['us', 'department', 'of', 'defense']
        """
        folded = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
        found = _WORD.findall(_POSSESSIVE.sub("", "".join(c for c in folded if not unicodedata.combining(c))))
        return [word for word in self._spelled(_initials_together(found)) if word not in self.empty_words] or found

    def _spelled(self, words: list[str]) -> list[str]:
        n, found = 0, []
        while n < len(words):
            for length in (4, 3, 2, 1):
                one = self.spellings.get(" ".join(words[n : n + length])) if n + length <= len(words) else None
                if one is not None:
                    break
            found.append(one if one is not None else words[n])
            n += length if one is not None else 1
        return found

    def singular(self, word: str) -> str:
        """The word without the ending of a plural."""
        if len(word) < 4 or word in self.keep_s or not word.endswith("s") or word.endswith(("ss", "us", "is")):
            return word
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]

    def thing(self, name: str) -> list[str]:
        """The words of the name of a thing that is no person: in the singular, without its legal form."""
        bare = self.without_form(self.plain(name))
        # A head that is told apart by its number stays: the Center for Medicare is one of the Centers for Medicare.
        return [w if after in self.small_words else self.singular(w) for w, after in zip(bare, [*bare[1:], ""], strict=True)]

    def without_form(self, words: list[str]) -> list[str]:
        while len(words) > 1 and words[-1] in self.legal_forms:
            words = words[:-1]
        return words

    # ---- acronyms

    def initials(self, name: str) -> str:
        """The first letters of its words that count: of "International Energy Agency" iea; empty of fewer than two."""
        words = [w for w in _WORD.findall(name) if w.lower() not in self.small_words and w[0].isupper()]
        return "".join(w[0] for w in words).lower() if len(words) > 1 else ""


def acronym(name: str) -> str | None:
    """The letters of an acronym in lower case; None of another name."""
    letters = name.replace(".", "")
    return letters.lower() if 2 <= len(letters) <= 7 and letters.isalpha() and letters.isupper() else None


def _initials_together(words: list[str]) -> list[str]:
    """Runs of single letters as one word: u, s as us."""
    found: list[str] = []
    for is_letter, run in groupby(words, key=lambda w: len(w) == 1 and w.isalpha()):
        letters_or_words = list(run)
        found += ["".join(letters_or_words)] if is_letter else letters_or_words
    return found


# ---- people


@dataclass(frozen=True, slots=True)
class Person:
    """The parts of a person's name, in lower case without diacritics."""

    first: str  # empty where only the surname is there
    middle: tuple[str, ...]
    last: str
    generation: str


@lru_cache(maxsize=10_000)
def person(name: str, words: Words) -> Person:
    """
    >>> person("Joseph R. Biden, Jr.", Words.load())
    Person(first='joseph', middle=('r',), last='biden', generation='jr')
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    found = _WORD.findall(_POSSESSIVE.sub("", "".join(c for c in folded if not unicodedata.combining(c)).replace("-", "")))
    generation = found[-1] if len(found) > 1 and found[-1] in words.generations else ""
    parts = found[:-1] if generation else found
    if len(parts) < 2:
        return Person("", (), parts[0] if parts else "", generation)
    return Person(parts[0], tuple(parts[1:-1]), parts[-1], generation)


def undoubled(word: str) -> str:
    """The word with letters that stand twice written once: zelenskyy as zelensky."""
    return re.sub(r"(.)\1", r"\1", word)
