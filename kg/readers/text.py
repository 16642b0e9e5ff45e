"""Plain text, with or without front matter; and lines that are a document each."""

import html
import re
from collections.abc import Iterator

from kg.errors import UnreadableDocument
from kg.model import Document, Failure
from kg.readers import metadata
from kg.readers.content import Opened, decoded

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def read(opened: Opened) -> Iterator[Document]:
    """One document, its entities ("&amp;") as characters; the title of front matter, or None."""
    fields, body = metadata.front_matter(opened.text())
    yield opened.document(unescaped(body), media_type="text/plain", **metadata.of_front_matter(fields))


def unescaped(text: str) -> str:
    """The text with whole entities as the characters that they stand for; "R&D" and "AT&T" stay."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def read_lines(opened: Opened) -> Iterator[Document | Failure]:
    """Each line that is not blank as a document "line-N", counted from 1 with the blank ones.

    Where other sources were named too, the name of the source stands before it: "news.txt:line-3".
    """
    source = opened.source
    prefix = "" if source.is_alone else f"{source.place or source.name}:"
    for number, line in opened.lines():
        id = f"{prefix}line-{number}"
        try:
            if line is None:
                raise opened.unreadable(f"line {number} is over the limit of {opened.max_bytes:,} bytes")
            text = decoded(line, source)
        except UnreadableDocument as error:
            yield Failure(document_id=id, url=source.url, stage="read", error=str(error))
            continue
        if text.strip():
            yield Document(id=id, url=source.url, text=text)
