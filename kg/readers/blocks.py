"""A tree of HTML elements, or of those that trafilatura makes of it, to paragraphs of plain text."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

_BREAKING = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
        *("header", "hr", "html", "item", "lb", "li", "list", "main", "nav", "ol", "p", "quote", "section", "summary"),
        *("table", "tbody", "tfoot", "thead", "ul"),
    }
)
_CELLS = frozenset({"td", "th", "cell"})
_ROWS = frozenset({"tr", "row"})
# Struck words were never meant; code is no prose.
_DROPPED = frozenset(
    {
        *("button", "del", "graphic", "iframe", "img", "math", "noscript", "object", "pre", "s", "script", "select"),
        *("strike", "style", "svg", "template", "textarea"),
    }
)
_FOOTNOTE = re.compile(r"\s*\[?\(?(?:\d{1,3}|[*†‡]{1,3})\)?\]?\s*")
_SPACE = re.compile(r"\s+")
_LONGEST_CELL = 8  # words; a row of longer ones is layout, each cell a paragraph
_ROW, _CELL = "\x1e", "\x1f"  # around a row, behind a cell; space in text never keeps them


def paragraphs(root: Any) -> Iterator[str]:
    """The text of each block element, heading, list item and table row, in order, with single spaces."""
    for segment in "".join(_pieces(root)).split(_ROW):
        found = _cells(segment) if _CELL in segment else segment.split("\n")
        for block in found:
            text = _SPACE.sub(" ", block).strip()
            if text:
                yield text


def _pieces(root: Any) -> Iterator[str]:
    """The text with breaks in it, and marks at the ends of cells and rows. Pages may be nested deeply: no recursion."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and _is_dropped(element):
            walk.skip_subtree()
        elif event == "start":
            yield _before(element.tag)
            yield _SPACE.sub(" ", element.text or "")
        else:
            yield _after(element.tag)
            yield _SPACE.sub(" ", element.tail or "") if element is not root else ""


def _before(tag: str) -> str:
    return _ROW if tag in _ROWS else "\n" if tag in _BREAKING else ""


def _after(tag: Any) -> str:
    return _CELL if tag in _CELLS else _ROW if tag in _ROWS else "\n" if tag in _BREAKING else ""


def _cells(row: str) -> list[str]:
    """The row as one paragraph, or a paragraph for each cell where the cells hold sentences."""
    cells = [cell.strip() for cell in row.replace("\n", " ").split(_CELL)]
    filled = [cell for cell in cells if cell]
    is_layout = any(cell.count(" ") >= _LONGEST_CELL for cell in filled)
    return filled if is_layout else ["; ".join(filled)]


def _is_dropped(element: Any) -> bool:
    if element.tag in _DROPPED:
        return True
    is_mark = element.tag == "sup" or (element.tag in {"a", "ref"} and (element.get("href") or "").startswith("#"))
    return is_mark and _FOOTNOTE.fullmatch("".join(element.itertext())) is not None
