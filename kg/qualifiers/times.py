"""When what a sentence says is so: expressions of time, as intervals.

Days that a text counts from its own ("on Tuesday", "last year", "two weeks ago") are counted from the day of publication,
as TIMEX3 has it (Pustejovsky et al., TimeML, 2003); a weekday or month without a year is the last one, or the next one of
what is still to come.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from spacy.tokens import Span as TokenSpan
from spacy.tokens import Token

from kg import resources, syntax
from kg.errors import OntologyError
from kg.model import Interval

_NAMING = {"nmod", "compound", "amod", "nummod", "flat", "appos", "nmod:poss", "nmod:tmod", "nmod:unmarked"}
_OF = {"", "of", "'s", "’s"}
"""How a time names a thing ("the 2015 agreement", "the agreement of 2015"), rather than say when something is so."""
_OPENINGS = ("within", "from", "after", "until", "before")


class Expression(NamedTuple):
    """A stretch of a text that names a time: first and one past the last character, and the days."""

    start: int
    end: int
    interval: Interval


class _Day(NamedTuple):
    """What expressions are read against."""

    published: date | None
    is_ahead: bool


class _Kind(NamedTuple):
    """A way to name a time, and how a match of it is read."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], _Day], Interval | None]
    is_bare: bool = False
    """Whether it is a time only after a preposition: "in May", "by 2030"."""


@dataclass(frozen=True)
class _Words:
    """The words of `ontology/times.yaml`."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    shifts: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    openings: Mapping[str, str]
    units: Sequence[str]
    pair_openings: Sequence[str]
    pair_links: Sequence[str]
    fillers: Sequence[str]


@cache
def _words() -> _Words:
    import yaml

    file = resources.folder("ontology") / "times.yaml"
    try:
        data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        prepositions = data.pop("prepositions")
        months = {name: n for n, name in enumerate(data["months"], 1)}
        data["months"] = months | {name[:3]: n for name, n in months.items()} | {"sept": 9}
        data["weekdays"] = {name: n for n, name in enumerate(data["weekdays"])}
        return _Words(openings={word: name for name in _OPENINGS for word in prepositions[name]}, **data)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise OntologyError(f"{file}: cannot be read as words of time: {error!r}") from error


def time_of(trigger: Token, bearers: Sequence[Token], published: date | None, *,
            is_ahead: bool) -> tuple[TokenSpan, Interval] | None:  # fmt: skip
    """The words that say when it is so, and the days; None where the sentence does not say.

    Args:
        bearers: The word that states it, then those above it whose time is its own.
    """
    sentence = trigger.sent
    at: dict[int, tuple[TokenSpan, Interval]] = {}
    for found in expressions(sentence.text, published, is_ahead=is_ahead):
        words = sentence.char_span(found.start, found.end, alignment_mode="expand")
        told = _told_of(words.root, bearers) if words is not None else None
        if words is not None and told is not None:
            at.setdefault(told, (words, found.interval))
    return at[min(at)] if at else None


def _told_of(time: Token, bearers: Sequence[Token]) -> int | None:
    """The number of the bearer that an expression of time is said of, None when it is said of something else."""
    numbers = {bearer.i: n for n, bearer in enumerate(bearers)}
    token = time
    while token.i not in numbers:
        is_name = token.dep_ in _NAMING and token.head.i not in numbers and syntax.case_of(token) in _OF
        if token.head.i == token.i or syntax.is_predicate(token) or is_name:
            return None
        token = token.head
    return numbers[token.i]


@lru_cache(maxsize=64)  # the statements of a sentence come one after the other
def expressions(text: str, published: date | None, *, is_ahead: bool = False) -> tuple[Expression, ...]:
    """The expressions of time of a sentence, in their order; those that count from an unknown day are left out.

    Args:
        is_ahead: Whether the sentence tells what is still to come: then "on Friday" is the next one.
    """
    points = _points(text, _Day(published, is_ahead))
    found: list[Expression] = []
    while points:
        (start, end, interval, is_bare), *points = points
        opening = _before(text[:start])
        if opening and points and opening.group(1).lower() in _words().pair_openings and _is_link(text[end : points[0][0]]):
            (_, end, last, _), *points = points
            if interval.start and last.end and interval.start <= last.end:
                found.append(Expression(opening.start(), end, Interval(start=interval.start, end=last.end)))
        elif opening:
            found.append(Expression(opening.start(), end, _opened(interval, opening.group(1).lower())))
        elif not is_bare:
            found.append(Expression(start, end, interval))
    return tuple(found)


def _points(text: str, day: _Day) -> list[tuple[int, int, Interval, bool]]:
    """(start, end, days, whether it needs a preposition) of what names a time; longer kinds first, none over another."""
    found: list[tuple[int, int, Interval, bool]] = []
    for kind in _kinds():
        for match in kind.pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end, *_ in found):
                interval = _read(kind, match, day)
                if interval is not None:
                    found.append((*match.span(), interval, kind.is_bare))
    return sorted(found, key=lambda point: point[0])


def _read(kind: _Kind, match: re.Match[str], day: _Day) -> Interval | None:
    try:
        return kind.read(match, day)
    except (ValueError, OverflowError):  # "February 30", "5,000 years ago"
        return None


def _before(text: str) -> re.Match[str] | None:
    """The preposition at the end of a text, with what may stand between it and a time."""
    return _opening().search(text)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"\b({_any(_words().openings)})\s+(?:(?:{_any(_words().fillers)})[\s-]+)*$", re.IGNORECASE)


def _is_link(text: str) -> bool:
    return text.lower().removesuffix("the ").strip() in _words().pair_links


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _kinds() -> tuple[_Kind, ...]:
    w = _words()
    year = r"(?P<year>(?:19|20)\d\d)\b"
    month = rf"(?P<month>{_any(w.months)})\b\.?"
    day = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:\s*[-–]\s*(?P<last>[0-3]?\d)\b)?"
    count = rf"(?P<count>\d+|{_any(w.numbers)})"
    unit = rf"(?P<unit>{_any(w.units)})s?\b"
    shift = rf"(?P<shift>{_any(w.shifts)})"
    quarter = rf"(?P<quarter>{_any(w.ordinals)})\s+quarter\b(?:\s+of\s+(?:{year}|{shift}\s+year))?"
    return (
        _kind(r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b", _iso),
        _kind(quarter, _quarter),
        _kind(rf"(?P<half>first|second)\s+half\s+of\s+{year}", _half),
        _kind(rf"{month}\s+{day}(?:,?\s+{year})?", _calendar),
        _kind(rf"{day}\s+{month}(?:,?\s+{year})?", _calendar),
        _kind(rf"{month},?\s+(?:of\s+)?{year}", _calendar),
        _kind(r"(?P<decade>(?:19|20)\d0)s\b", _decade),
        _kind(rf"(?P<deictic>{_any(w.days)})\b", _deictic),
        _kind(rf"(?:{shift}\s+)?(?P<weekday>{_any(w.weekdays)})\b(?!,?\s+(?:\d|{_any(w.months)}))", _weekday),
        _kind(rf"(?:(?P<back>past|last|previous)|next|coming)\s+{count}\s+{unit}", _lasting),
        _kind(rf"{shift}\s+{unit}", _shifted),
        _kind(rf"{count}\s+{unit}\s+(?:ago|earlier)\b", _ago),
        _kind(month.removesuffix(r"\.?"), _month, is_bare=True),
        _kind(year, lambda match, day: _of_year(int(match["year"])), is_bare=True),
    )


def _kind(pattern: str, read: Callable[[re.Match[str], _Day], Interval | None], *, is_bare: bool = False) -> _Kind:
    return _Kind(re.compile(rf"\b{pattern}", re.IGNORECASE), read, is_bare)


def _opened(interval: Interval, preposition: str) -> Interval:
    """The days that the preposition leaves of an interval, or adds to it: "since", "by", "before"."""
    start, end = interval.start, interval.end
    match _words().openings.get(preposition, "within"):
        case "from":
            return Interval(start=start)
        case "until":
            return Interval(end=end)
        case "after":
            return Interval(start=end + timedelta(days=1)) if end else interval
        case "before":
            return Interval(end=start - timedelta(days=1)) if start else interval
    return interval


def _of_year(year: int) -> Interval:
    return Interval(start=date(year, 1, 1), end=date(year, 12, 31))


def _of_months(year: int, month: int, n: int = 1) -> Interval:
    """So many months from that one, which may lie outside the year: month 13 is January of the next."""
    first, last = year * 12 + month - 1, year * 12 + month + n - 2
    end_year, end_month = last // 12, last % 12 + 1
    return Interval(start=date(first // 12, first % 12 + 1, 1), end=date(end_year, end_month, monthrange(end_year, end_month)[1]))


def _of_day(day: date) -> Interval:
    return Interval(start=day, end=day)


def _iso(said: re.Match[str], day: _Day) -> Interval:
    return _of_day(date.fromisoformat(said["iso"]))


def _quarter(said: re.Match[str], day: _Day) -> Interval | None:
    """That quarter of the year that is named, else the last one or, of what is to come, the one that is not over."""
    month = 3 * _words().ordinals[said["quarter"].lower()] - 2
    if said["year"]:
        return _of_months(int(said["year"]), month, 3)
    if day.published is None:
        return None
    if said["shift"]:
        return _of_months(day.published.year + _words().shifts[said["shift"].lower()], month, 3)
    has_begun, is_over = month <= day.published.month, month + 2 < day.published.month
    years = 1 if day.is_ahead and is_over else -1 if not day.is_ahead and not has_begun else 0
    return _of_months(day.published.year + years, month, 3)


def _half(said: re.Match[str], day: _Day) -> Interval | None:
    return _of_months(int(said["year"]), 1 if said["half"].lower() == "first" else 7, 6)


def _calendar(said: re.Match[str], day: _Day) -> Interval | None:
    """A month with a day, a year or both; "May 15-24" too."""
    groups = said.groupdict()
    month, year, number = _words().months[said["month"].lower()], groups["year"], groups.get("day")
    if number is None:
        return _of_months(int(year), month)
    if year is None and day.published is None:
        return None
    first = int(year) if year else day.published.year  # type: ignore[union-attr]
    named = [date(first, month, int(n)) for n in (number, groups["last"]) if n]
    days = named if year else [_nearest(one, day) for one in named]
    return Interval(start=days[0], end=days[-1]) if days[0] <= days[-1] else None


def _nearest(named: date, day: _Day) -> date:
    """The day in the year before or after, where it lies on the wrong side of publication by more than a month or so."""
    assert day.published is not None
    off = (named - day.published).days
    years = 1 if day.is_ahead and off < -31 else -1 if not day.is_ahead and off > 31 else 0
    try:
        return named.replace(year=named.year + years)
    except ValueError:
        return named


def _month(said: re.Match[str], day: _Day) -> Interval | None:
    if day.published is None:
        return None
    month = _words().months[said["month"].lower()]
    years = 1 if day.is_ahead and month < day.published.month else -1 if not day.is_ahead and month > day.published.month else 0
    return _of_months(day.published.year + years, month)


def _decade(said: re.Match[str], day: _Day) -> Interval:
    first = int(said["decade"])
    return Interval(start=date(first, 1, 1), end=date(first + 9, 12, 31))


def _deictic(said: re.Match[str], day: _Day) -> Interval | None:
    return _of_day(day.published + timedelta(days=_words().days[said["deictic"].lower()])) if day.published else None


def _weekday(said: re.Match[str], day: _Day) -> Interval | None:
    if day.published is None:
        return None
    shift = _words().shifts[said["shift"].lower()] if said["shift"] else 1 if day.is_ahead else -1
    off = (_words().weekdays[said["weekday"].lower()] - day.published.weekday()) % 7
    if shift < 0:
        off = off - 7 if off or said["shift"] else 0
    elif shift > 0 and not off and said["shift"]:
        off = 7
    return _of_day(day.published + timedelta(days=off))


def _shifted(said: re.Match[str], day: _Day) -> Interval | None:
    return _unit(day.published, said["unit"].lower(), _words().shifts[said["shift"].lower()]) if day.published else None


def _ago(said: re.Match[str], day: _Day) -> Interval | None:
    return _unit(day.published, said["unit"].lower(), -_number(said["count"])) if day.published else None


def _lasting(said: re.Match[str], day: _Day) -> Interval | None:
    """So many units up to the day of publication, or from it on."""
    if day.published is None:
        return None
    is_back = bool(said["back"])
    other = _moved(day.published, said["unit"].lower(), _number(said["count"]) * (-1 if is_back else 1))
    return Interval(start=other, end=day.published) if is_back else Interval(start=day.published, end=other)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _words().numbers[word.lower()]


def _unit(day: date, unit: str, n: int) -> Interval:
    """The day, week, month and so on that lies so many of them from the one that holds the day."""
    match unit:
        case "day":
            return _of_day(day + timedelta(days=n))
        case "week":
            monday = day + timedelta(days=7 * n - day.weekday())
            return Interval(start=monday, end=monday + timedelta(days=6))
        case "month":
            return _of_months(day.year, day.month + n)
        case "quarter":
            return _of_months(day.year, 3 * ((day.month - 1) // 3 + n) + 1, 3)
        case "decade":
            first = day.year // 10 * 10 + 10 * n
            return Interval(start=date(first, 1, 1), end=date(first + 9, 12, 31))
    return _of_year(day.year + n)


def _moved(day: date, unit: str, n: int) -> date:
    if unit in {"day", "week"}:
        return day + timedelta(days=n * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + n * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
