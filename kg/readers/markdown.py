"""Markdown, with or without front matter, to plain text."""

import re
from collections.abc import Iterator
from functools import cache

from lxml import html
from markdown_it import MarkdownIt

from kg.model import Document
from kg.readers import blocks, metadata
from kg.readers.content import Opened

# Marks that CommonMark leaves as they stand, since a space or a full stop touches them: "**Section 1. ** Every".
# A star between numbers is a sign of its own.
_MARKS_LEFT = re.compile(r"(?<!\d)(?<!\d )\*+|\*+(?! ?\d)|(?<![\w_])__(?=[^\W_])|(?<=[^\W_])__(?![\w_])")
_LINK_LEFT = re.compile(r"\[([^\[\]]{1,300})\]\((?:https?:|/|#)[^()\s]{0,500}\)?")
_FIRST_HEADING = re.compile(r"^ {0,3}#\s+(.{1,300}?)\s*#*\s*$|^(\S.{0,300})\n=+\s*$", re.MULTILINE)
_LONG_RUN = re.compile(r"([^\w\s])\1{79,}")  # no writing, and slow to parse


@cache
def _parser() -> MarkdownIt:
    # Indented text is text here: wire copy is often indented, and code is none of our business.
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable(["code"])


def read(opened: Opened) -> Iterator[Document]:
    """One document: emphasis, links and escapes as the text that they show; code, images and struck words left out.

    Front matter gives id, url, title, author, publisher and date.
    """
    fields, body = metadata.front_matter(opened.text())
    found = metadata.of_front_matter(fields)
    found["title"] = found["title"] or _heading(body)
    yield opened.document(plain(body), media_type="text/markdown", **found)


def plain(markdown: str) -> str:
    """The text that the Markdown shows, a blank line between blocks."""
    markdown = _LONG_RUN.sub(" ", markdown)
    if not markdown.strip():
        return ""
    root = html.fragment_fromstring(_parser().render(markdown), create_parent="div")
    return "\n\n".join(_without_marks(paragraph) for paragraph in blocks.paragraphs(root))


def _without_marks(paragraph: str) -> str:
    return " ".join(_MARKS_LEFT.sub("", _LINK_LEFT.sub(r"\1", paragraph)).split())


def _heading(markdown: str) -> str | None:
    match = _FIRST_HEADING.search(markdown)
    return plain(match[1] or match[2]) if match else None
