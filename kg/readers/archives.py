"""Many documents in one input: JSON Lines, plain or gzip."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from kg.errors import UnreadableDocument
from kg.model import Failure
from kg.readers import metadata
from kg.readers.content import Opened, decoded
from kg.readers.sources import Content, Known, Source


def read_json_lines(opened: Opened) -> Iterator[Source | Failure]:
    """Each line as a source of its own: id, url, title, published, publisher, author, text and format of its fields.

    `format` is a name of the table of readers, "text" where it is missing. A line that is no JSON object with a text
    costs that line only.
    """
    for number, line in opened.lines():
        name = f"{opened.source.place or opened.source.name}:{number}"
        try:
            if line is None:
                raise UnreadableDocument(f"{name}: over the limit of {opened.max_bytes:,} bytes; raise the limit")
            if line.strip():
                yield _part(_fields(line, name, opened), name)
        except UnreadableDocument as error:
            yield Failure(document_id=name, url=opened.source.url, stage="read", error=str(error))


def _fields(line: bytes, name: str, opened: Opened) -> Mapping[str, Any]:
    text = decoded(line, opened.source)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"{name}: no JSON ({error}); write one object a line") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise UnreadableDocument(f'{name}: no object with a field "text" that is a string')
    return fields


def _part(fields: Mapping[str, Any], name: str) -> Source:
    data = fields["text"].encode("utf-8", "replace")
    id = _string(fields, "id")
    return Source(
        name=id or name,
        id=id,
        place=name,
        url=_string(fields, "url"),
        format=_string(fields, "format") or "text",
        known=Known(
            title=_string(fields, "title"),
            publisher=_string(fields, "publisher"),
            author=_string(fields, "author"),
            published=metadata.day(_string(fields, "published") or _string(fields, "date")),
        ),
        open=lambda: Content(stream=BytesIO(data), charset="utf-8"),
    )


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    """The field as text; None where it is missing, empty or no text or number."""
    value = fields.get(name)
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() or None if is_plain else None
