"""Normalised text with the clutter of its page taken out: the text that every later span counts in.

Cleaned text is paragraphs with one blank line between them. A paragraph is a single line without space at its ends.
What counts as clutter is data: `ontology/clutter.yaml`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from kg import resources
from kg.errors import OntologyError

_LONGEST_CLUTTER = 600  # characters; longer paragraphs are never looked at, which keeps hostile input cheap
_RESUMES = 50  # words of prose in a row that show that the article goes on
_IN_A_ROW = 3  # words of a menu

_SPACES = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Control, format (soft hyphen, zero width, direction), surrogate and private-use characters, and non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\ufffc\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LIST_MARK = re.compile(r"(?:[•‣▪▫◦●○■□⁃∙·*+\-]\s+)+(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s", re.IGNORECASE)
_ENDS = " \t•‣▪◦·*#_–—-:|>«»<.,…\"“”'‘’[]→←↑↓+"
_PROSE_END = re.compile(r"(?<!\.\.)[.!?:;][\"”’')\]*]*$")
_HYPHEN_BREAK = re.compile(r"(?<=[a-z])-\n(?=[a-z])(?!(?:and|or|to) )")
_WORD = re.compile(r"\w+")


class Scope(StrEnum):
    """How much goes with a paragraph that is clutter."""

    LINE = "line"
    MENU = "menu"
    BLOCK = "block"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of clutter."""

    name: str
    scope: Scope
    words: frozenset[str]
    pattern: re.Pattern[str] | None
    catch: str
    leave: str

    def catches(self, key: str) -> bool:
        """Whether a paragraph is of this kind; `key` is the paragraph as `key_of` gives it."""
        return key in self.words or (self.pattern is not None and self.pattern.fullmatch(key) is not None)


@dataclass(frozen=True, kw_only=True)
class Clutter:
    """All that `ontology/clutter.yaml` says of text."""

    rules: tuple[Rule, ...]
    cut_off_endings: frozenset[str]

    @cached_property
    def _scopes(self) -> dict[str, Scope]:
        # Menu words come first: where another rule names the same word it has the last say.
        ordered = sorted(self.rules, key=lambda rule: rule.scope is not Scope.MENU)
        return {word: rule.scope for rule in ordered for word in rule.words}

    def scope_of(self, paragraph: str) -> Scope | None:
        """How much goes with the paragraph, or None where it belongs to the article."""
        if len(paragraph) > _LONGEST_CLUTTER:
            return None
        key = key_of(paragraph)
        if key in self._scopes:
            return self._scopes[key]
        return next((rule.scope for rule in self.rules if rule.catches(key)), None)

    def is_menu_word(self, paragraph: str) -> bool:
        if len(paragraph) > _LONGEST_CLUTTER:
            return False
        key = key_of(paragraph)
        return any(key in rule.words for rule in self.rules if rule.scope is Scope.MENU)


def key_of(paragraph: str) -> str:
    """The paragraph as rules see it: without case, and without list marks and punctuation around it."""
    return paragraph.strip(_ENDS).casefold().replace("’", "'")


@cache
def load(path: Path | None = None) -> Clutter:
    """The rules of our own ontology, or of the file that is named.

    Raises:
        OntologyError: when a rule lacks a key, or names an unknown scope or a faulty pattern.
    """
    path = path or resources.folder("ontology") / "clutter.yaml"
    # Words are words: YAML would read "on" and "no" as booleans.
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return Clutter(
        rules=tuple(_rule(path, entry) for entry in data["rules"]),
        cut_off_endings=frozenset(data["cut_off_endings"]),
    )


def _rule(path: Path, entry: dict[str, Any]) -> Rule:
    try:
        patterns = entry.get("patterns", ())
        return Rule(
            name=entry["name"],
            scope=Scope(entry["scope"]),
            words=frozenset(key_of(word) for word in entry.get("words", ())),
            pattern=re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None,
            catch=entry["catch"],
            leave=entry["leave"],
        )
    except (KeyError, ValueError, re.error) as error:
        raise OntologyError(f"{path}: rule {entry.get('name', entry)!r}: {error}; see the head of the file") from error


def clean(text: str, *, title: str | None = None, clutter: Clutter | None = None) -> str:
    """The article alone, normalised, paragraphs separated by one blank line; "" where nothing is left.

    Args:
        title: The headline, where it is known from elsewhere; a first paragraph that is a cut-off part of it goes.

    Cleaning what is clean changes nothing.
    """
    clutter = clutter or load()
    found = list(_paragraphs(normalise(text)))
    while (left := _without_clutter(found, title, clutter)) != found:
        found = left
    return "\n\n".join(found)


def normalise(text: str) -> str:
    """The text in Unicode normal form C with plain spaces and newlines and without invisible characters.

    A line has no space at its ends and no two in a row.
    """
    text = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", text))
    text = unicodedata.normalize("NFC", text)
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))


def _paragraphs(text: str) -> Iterator[str]:
    """Text between blank lines; lines within are joined where the text is wrapped, else paragraphs of their own."""
    blocks = [block.split("\n") for block in re.split(r"\n\n+", text.strip("\n"))]
    width = _wrap_width(blocks)
    for block in blocks:
        for paragraph in _unwrapped(block, width):
            paragraph = _LIST_MARK.sub("", paragraph, count=1) if _LIST_MARK.match(paragraph) else paragraph
            if any(map(str.isalnum, paragraph)):
                yield paragraph


def _wrap_width(blocks: Sequence[Sequence[str]]) -> int | None:
    """The length at which lines are wrapped, or None where each line is a paragraph.

    Lines are wrapped where most of those that another line follows break in mid-sentence.
    """
    inner = [line for block in blocks for line in block[:-1]]
    longest = max(map(len, inner), default=0)
    if not 40 <= longest <= 130:
        return None
    n_broken = sum(1 for line in inner if not _PROSE_END.search(line))
    return longest if n_broken * 2 > len(inner) else None


def _unwrapped(lines: Sequence[str], width: int | None) -> Iterator[str]:
    joined = [lines[0]]
    for before, line in pairwise(lines):
        if _runs_on(before, line, width):
            joined.append(line)
        else:
            yield _join(joined)
            joined = [line]
    yield _join(joined)


def _runs_on(before: str, line: str, width: int | None) -> bool:
    """Whether the line goes on with the sentence before: no room was left there for its first word."""
    if _LIST_MARK.match(line) or _NUMBERED.match(line):
        return False
    if line[:1].islower() and not _PROSE_END.search(before):
        return True
    if width is None:
        return False
    return len(before) + 1 + len(line.split(" ", 1)[0]) > width - 12


def _join(lines: Sequence[str]) -> str:
    """The lines as one; a word with a hyphen at the end of its line keeps it, without a space."""
    return _HYPHEN_BREAK.sub("-", "\n".join(lines)).replace("\n", " ")


def _without_clutter(paragraphs: Sequence[str], title: str | None, clutter: Clutter) -> list[str]:
    return _without_repeats(list(_without_marked(paragraphs, clutter)), title, clutter)


def _without_marked(paragraphs: Sequence[str], clutter: Clutter) -> Iterator[str]:
    """The paragraphs that no rule takes out."""
    scopes = [clutter.scope_of(paragraph) for paragraph in paragraphs]
    prose = [0 if scope else _prose_words(paragraph) for paragraph, scope in zip(paragraphs, scopes, strict=True)]
    menu = _menu(paragraphs, clutter)
    total, before, position = sum(prose), 0, 0
    while position < len(paragraphs):
        scope = scopes[position]
        if scope is Scope.BLOCK or scope is Scope.END:
            if scope is Scope.END and total - before <= before:
                return
            resumed = _resumption(prose, position + 1)
            before += sum(prose[position:resumed])
            position = resumed
            continue
        if position not in menu and scope is not Scope.LINE:
            yield paragraphs[position]
        before += prose[position]
        position += 1


def _menu(paragraphs: Sequence[str], clutter: Clutter) -> set[int]:
    """The places of menu words that stand in a row."""
    found: set[int] = set()
    row: list[int] = []
    for place, paragraph in enumerate(paragraphs):
        if clutter.is_menu_word(paragraph):
            row.append(place)
            continue
        found.update(row if len(row) >= _IN_A_ROW else ())
        row = []
    return found.union(row if len(row) >= _IN_A_ROW else ())


def _prose_words(paragraph: str) -> int:
    """How many words of prose the paragraph holds: none in a heading, a teaser or a short line."""
    is_sentence = _PROSE_END.search(paragraph[-8:]) is not None
    n_words = paragraph.count(" ") + 1
    return n_words if is_sentence and n_words >= 12 else 0


def _resumption(prose: Sequence[int], start: int) -> int:
    """Where enough prose in a row begins, or the end."""
    first = start
    n_words = 0
    for place in range(start, len(prose)):
        if not prose[place]:
            first, n_words = place + 1, 0
            continue
        n_words += prose[place]
        if n_words >= _RESUMES:
            return first
    return len(prose)


def _without_repeats(paragraphs: list[str], title: str | None, clutter: Clutter) -> list[str]:
    """The paragraphs with the headline at their head once at most, and whole: what it says is said too."""
    start = 0
    while start < len(paragraphs) and _is_repeat(paragraphs, start, title, clutter):
        start += 1
    return paragraphs[start:]


def _is_repeat(paragraphs: Sequence[str], start: int, title: str | None, clutter: Clutter) -> bool:
    first = paragraphs[start]
    if len(first) > _LONGEST_CLUTTER:
        return False
    words = _words(first)
    following = paragraphs[start + 1] if start + 1 < len(paragraphs) else ""
    if len(words) < 3 or not _is_heading(first):
        return False
    headline = _words(title or "")
    if words != headline and _starts_with(headline, words):
        return True
    if not _is_heading(following):
        return False
    return _starts_with(_words(following), words) or _is_cut_off(first, words, clutter)


def _is_heading(paragraph: str) -> bool:
    return 0 < len(paragraph) <= 200 and not _PROSE_END.search(paragraph)


def _is_cut_off(paragraph: str, words: Sequence[str], clutter: Clutter) -> bool:
    return words[-1] in clutter.cut_off_endings or paragraph.endswith(("…", "..."))


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST_CLUTTER].casefold())


def _starts_with(words: Sequence[str], start: Sequence[str]) -> bool:
    return list(words[: len(start)]) == list(start)
