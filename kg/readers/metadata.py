"""What documents say of themselves: titles, dates, publishers, front matter."""

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import yaml

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}?)\s*:\s*(.*)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def plain_title(title: str | None) -> str | None:
    """The title on one line, with entities and escapes (`\\xF3`) as the characters that they stand for."""
    if not title:
        return None
    text = html.unescape(_ESCAPE.sub(_character, title))
    visible = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf"})
    return " ".join(unicodedata.normalize("NFC", visible).split()) or None


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    is_letter = code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_letter else ""


def day(value: str | None) -> date | None:
    """The day of a date in ISO 8601, in RFC 2822 or in English words; None where it cannot be told."""
    text = (value or "").strip()
    if match := _ISO.match(text):
        return _valid(match)
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None


def _valid(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def publisher_of(url: str | None) -> str | None:
    """The host of the address, for documents that do not name their publisher."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def front_matter(text: str) -> tuple[Mapping[str, str], str]:
    """The fields between two lines of hyphens at the head of the text, by lower-case name, and the text after them."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    fields = _yaml_fields(match[1]) or {name: value.strip("\"' ") for name, value in _FIELD.findall(match[1])}
    if not fields:
        return {}, text
    return {name.strip().lower(): value for name, value in fields.items() if value}, text[match.end() :]


def of_front_matter(fields: Mapping[str, str]) -> dict[str, Any]:
    """Title, id, url, author, publisher and date of publication among the fields, each None where it is missing."""

    def first(*names: str) -> str | None:
        return next((fields[name] for name in names if name in fields), None)

    return {
        "id": first("id"),
        "title": first("title", "headline"),
        "url": first("url", "canonical_url", "link"),
        "author": first("author", "by"),
        "publisher": first("publisher", "source", "site"),
        "published": day(first("published", "date", "pubdate")),
    }


def _yaml_fields(block: str) -> dict[str, str]:
    """The text fields of a YAML mapping; none where it is no YAML, as in `title: Oil: what next`."""
    try:
        data = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    fields = data.items() if isinstance(data, dict) else ()
    return {name: value for name, value in fields if isinstance(name, str) and isinstance(value, str)}
