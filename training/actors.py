"""The leaders that a TABARI dictionary of political actors lists, with their names as people write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MADE = 2014  # the year of the dictionary
_OFFICE = re.compile(r"(?P<country>[A-Z]{3})GOV\s+(?P<since>>?)\d{0,8}(?:-(?P<year>\d\d)\d{4})?")
_TITLES = (
    "PRESIDENT_", "PRIME_MINISTER_", "KING_", "QUEEN_", "CHANCELLOR_", "PREMIER_", "GENERAL_", "COLONEL_", "MR", "DR",
    "SHEIK", "PRINCE_", "RUSSIAN_", "SECRETARY_", "FOREIGN_", "KANZLER_", "BUNDESKANZLER_",
)  # fmt: skip
_PARTICLES = {
    "al", "bin", "ibn", "bint", "de", "da", "do", "dos", "del", "der", "den", "van", "von", "la", "el", "di", "du", "e", "y",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An entry of the dictionary, as it stands there."""

    names: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def offices(self) -> list[re.Match[str]]:
        return [office for office in map(_OFFICE.fullmatch, self.codes) if office is not None]

    @property
    def is_ruler(self) -> bool:
        """Whether it is or was a head of state or government."""
        is_elite = any(code.endswith("ELI") for code in self.codes)
        return is_elite or any(name.startswith(("PRESIDENT_", "PRIME_MINISTER_")) for name in self.names)

    @property
    def last_year(self) -> int:
        """The last year in office."""
        return max(map(_last_year, self.offices))

    def written_names(self) -> list[str]:
        """The names without titles, as people write them."""
        return [written(name) for name in self.names if not name.startswith(_TITLES)]


def _last_year(office: re.Match[str]) -> int:
    if office["since"] or not office["year"]:
        return _MADE
    year = int(office["year"])
    return year + (1900 if year > _MADE % 100 else 2000)


def leaders(file: Path, *, since: int, without: Sequence[str] = ()) -> Iterator[Actor]:
    """Heads of state and government who were in office in that year or later, but for some countries."""
    for actor in actors(file):
        if actor.is_ruler and actor.offices and actor.last_year >= since and actor.offices[0]["country"] not in without:
            yield actor


def actors(file: Path) -> Iterator[Actor]:
    """Each entry of a dictionary: a line with a name, then further names after "+" and codes in brackets."""
    names: list[str] = []
    codes: list[str] = []
    for line in file.read_text(encoding="latin-1").splitlines():
        text = line.split("#")[0].rstrip()
        if text and text[0] not in "+\t " and names:
            yield Actor(names=tuple(names), codes=tuple(codes))
            names, codes = [], []
        codes += re.findall(r"\[([^\]]*)\]", text)
        name = text.split("[")[0].strip().lstrip("+").strip()
        names += [name] if name else []
    if names:
        yield Actor(names=tuple(names), codes=tuple(codes))


def written(name: str) -> str:
    """A name in upper case with underscores as people write it."""
    words = name.strip("_ ").replace("_", " ").lower().split()
    return " ".join(word if word in _PARTICLES and place else _capitalized(word) for place, word in enumerate(words))


def _capitalized(word: str) -> str:
    """The word with capitals where a name has them, an article before a hyphen without: "al-Bakhit"."""
    first, *rest = word.split("-")
    parts = [first if rest and first in _PARTICLES else first.capitalize(), *(part.capitalize() for part in rest)]
    return re.sub(r"^(Mc|O')(\w)", lambda m: m[1] + m[2].upper(), "-".join(parts))
