"""People by the office they hold: "the Chinese president", "Secretary Blinken"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from kg.linking.knowledge import Sense
from kg.linking.names import alternatives, key_of
from kg.model import Document, Mention

_LONGEST_TITLE = 45  # characters
_NEXT_NAME = re.compile(r" [A-Z]\w")
_DATED = re.compile(r"\b([A-Z][a-z]+) (\d{1,2}), (\d{4}),? (?:[Tt]he )?$")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """An office, and the words for whose it is; none where the text leaves that open."""

    office: str
    owner: str | None


@dataclass(frozen=True)
class Offices:
    """The words for offices, from `reading.yaml`."""

    office_of: Mapping[str, str]  # by a word for it, in lower case
    sure: frozenset[str]  # offices that one country alone calls so: known without an article too
    others: re.Pattern[str]  # before it: who held it once, or will ("former")
    homes: Mapping[str, str]  # country by the end of an address

    def described(self, text: str) -> Description | None:
        """The office that a noun phrase names; None where it is about something else."""
        match = _pattern(tuple(self.office_of)).fullmatch(key_of(text).replace("’", "'"))
        if match is None:
            return None
        return Description(self.office_of[match["office"].lower()], match["before"] or match["after"])

    def is_of_holder(self, mention: Mention, description: Description, document: Document) -> bool:
        """Whether the words around mean the one who holds it: not "a president", "former", or a title before a name."""
        before = document.text[max(0, mention.span.start - 12) : mention.span.start]
        if self.others.search(before + mention.text) or _NEXT_NAME.match(document.text, mention.span.end):
            return False
        if description.owner is not None or description.office in self.sure:
            return True
        is_definite = mention.text.startswith(("the ", "The ")) or before.endswith(("the ", "The "))
        return is_definite and mention.text.removeprefix("the ")[:1].isupper()

    def fits_title(self, sense: Sense, mention: Mention, document: Document, day: str) -> bool:
        """Whether the title before a name is that of an office which this person held on the day."""
        title = self.title_before(mention.span.start, document)
        if title is None:
            return False
        offices = {term.office for term in sense.terms if term.holds_on(day)}
        named = self.office_of.get(title, title)
        return any(o == named or o.startswith(title + " ") or o.endswith(" " + title) for o in offices)

    def title_before(self, start: int, document: Document) -> str | None:
        """The words for an office that end right before a place, in lower case."""
        before = document.text[max(0, start - _LONGEST_TITLE) : start]
        match = _title_pattern(tuple(self.office_of)).search(before)
        return match[1].lower() if match is not None else None

    def home(self, document: Document) -> str | None:
        """The country whose government published it, by its address."""
        host = urlsplit(document.url or "").hostname or ""
        ends = (end for end in sorted(self.homes, key=len, reverse=True) if host.endswith("." + end))
        return next((self.homes[end] for end in ends), None)


def day_of(mention: Mention, document: Document) -> str | None:
    """The day on which it is said of somebody: one right before ("On May 2, 2018, the Secretary"), else of publication."""
    said = _DATED.search(document.text, max(0, mention.span.start - 30), mention.span.start)
    if said is not None and said[1] in _MONTHS:
        return f"{said[3]}-{_MONTHS.index(said[1]) + 1:02}-{int(said[2]):02}"
    return document.published.isoformat() if document.published is not None else None


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    of_it = rf"(?:(?P<before>.+?)(?:'s?)? )??(?P<office>{alternatives(words)})(?: (?:of|for) (?:the )?(?P<after>.+))?"
    return re.compile(of_it, re.IGNORECASE)


@lru_cache(maxsize=4)
def _title_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b({alternatives(words)})\s+(?:[A-Z][\w.-]+ )?$", re.IGNORECASE)


def load(data: Mapping[str, Any]) -> Offices:
    """The words under `offices` of `reading.yaml`."""
    return Offices(
        office_of={name: office for office, names in data["names"].items() for name in (office, *names)},
        sure=frozenset(data["sure"]),
        others=re.compile(rf"\b(?:{alternatives(data['others'])})\b[\s-]", re.IGNORECASE),
        homes=data["homes"],
    )
