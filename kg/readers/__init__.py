"""Reader: bytes in, documents out.

A reader is a function of an `Opened` source. It yields documents with the text as the format shows it, not yet
cleaned; sources, where its input holds many, to be read in turn; and failures of single parts. It raises
`UnreadableDocument` where its input cannot be read at all. To add one, write a file with such a function and name it
in `READERS`, and in `FORMATS` what it is for.

Ids: a document has the id that its collection or front matter gives; else one made of its address; else the place of
its file in the folder, pattern or path that was named ("2026/release.md", wherever the folder lies); else, from
standard input, one made of its text. Two documents may so bring the same id: whoever collects them must look.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from kg.errors import KgError, NotEnglish, UnreadableDocument
from kg.model import Document, Failure
from kg.readers import english
from kg.readers.content import BROKEN, Opened, refuse_binary, unpacked
from kg.readers.sources import STANDARD_INPUT, Content, Known, Source, sources

__all__ = ["FORMATS", "READERS", "Cleaner", "Content", "Known", "Opened", "Reader", "Source", "read", "sources"]

MAX_BYTES = 10_000_000
_LONGEST_HEADLINE = 200  # characters

Reader = Callable[[Opened], Iterator[Document | Source | Failure]]

READERS = {
    "html": "kg.readers.html:read",
    "markdown": "kg.readers.markdown:read",
    "text": "kg.readers.text:read",
    "jsonl": "kg.readers.archives:read_json_lines",
}
"""Format to reader. Modules are imported when they are first needed."""

FORMATS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/jsonlines": "jsonl",
}
"""Ending of a name, or media type, to format; where neither is here, the first bytes tell."""


class Cleaner(Protocol):
    """What `kg.cleaning` offers; handed in, since no stage imports another."""

    def clean(self, text: str, *, title: str | None = None) -> str: ...

    def normalise(self, text: str) -> str: ...


def read(
    source: Source, *, cleaner: Cleaner, max_bytes: int = MAX_BYTES, by_line: bool = False
) -> Iterator[Document | Failure]:
    """The documents of the source, cleaned and in English, and a failure for each that could not be read.

    Args:
        cleaner: `kg.cleaning`.
        max_bytes: The most that one document may hold, decompressed.
        by_line: Each line is a document "line-N", taken as it stands: neither cleaned of clutter nor checked for
            its language.
    """
    try:
        content = source.open()
        # Standard input is not ours to close.
        with nullcontext() if source.name == STANDARD_INPUT else content.stream:
            opened = Opened(source=source, content=content, stream=unpacked(content.stream), max_bytes=max_bytes)
            refuse_binary(opened.head(), source)
            for found in _reader(opened, by_line)(opened):
                if isinstance(found, Source):
                    yield from read(found, cleaner=cleaner, max_bytes=max_bytes)
                elif isinstance(found, Failure):
                    yield found
                elif by_line:
                    yield replace(found, text=cleaner.normalise(found.text))
                else:
                    yield _finished(found, source, cleaner)
    except (UnreadableDocument, *BROKEN) as error:
        yield _failure(source, error)


def _reader(opened: Opened, by_line: bool) -> Reader:
    target = "kg.readers.text:read_lines" if by_line else READERS[_format(opened)]
    module, _, name = target.partition(":")
    reader: Reader = getattr(import_module(module), name)
    return reader


def _format(opened: Opened) -> str:
    """The format that is given, else the one of the ending or media type, else what the first bytes look like.

    Raises:
        UnreadableDocument: when the format that is given is unknown.
    """
    given = opened.source.format
    if given is None:
        ending = _ending(urlsplit(opened.source.url).path if opened.source.url else opened.source.name)
        return FORMATS.get(ending) or FORMATS.get(opened.content.media_type or "") or _looks_like(opened)
    if given.lower() not in READERS:
        raise opened.unreadable(f"no reader for the format {given!r}; there are {', '.join(sorted(READERS))}")
    return given.lower()


def _ending(name: str) -> str:
    return PurePosixPath(name.lower().removesuffix(".gz")).suffix


def _looks_like(opened: Opened) -> str:
    head = opened.head().removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") and (b"<html" in head.lower() or b"<!doctype html" in head.lower()):
        return "html"
    if head.startswith(b"---\n") or head.startswith(b"---\r\n"):
        return "markdown"
    return "jsonl" if head.startswith(b"{") else "text"


def _finished(document: Document, source: Source, cleaner: Cleaner) -> Document | Failure:
    """The document, cleaned, or why it cannot be taken in."""
    if not document.text.strip():
        return _refused(document, "read", f"{source.name}: it holds no text")
    text = cleaner.clean(document.text, title=document.title)
    if not text:
        return _refused(document, "clean", f"{source.name}: nothing is left of it once it is cleaned")
    try:
        english.require(text, name=source.name, url=document.url)
    except NotEnglish as error:
        return _refused(document, "read", str(error))
    return replace(document, text=text, title=document.title or _headline(text))


def _headline(text: str) -> str | None:
    """The first paragraph, where it is short, ends without a full stop and has text below it."""
    first, _, rest = text.partition("\n\n")
    is_headline = rest and len(first) <= _LONGEST_HEADLINE and not first.endswith((".", ":", ";", ",", "!", "”", '"'))
    return first if is_headline else None


def _refused(document: Document, stage: str, error: str) -> Failure:
    return Failure(document_id=document.id, url=document.url, stage=stage, error=error)


def _failure(source: Source, error: Exception) -> Failure:
    known = source.id or source.place or source.name
    text = str(error) if isinstance(error, KgError) else f"{source.name}: it cannot be read ({error})"
    return Failure(document_id=known, url=source.url, stage="read", error=text)
