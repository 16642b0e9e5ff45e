"""The texts of documents, from the journal, which may be ahead of what is published."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import GraphError
from kg.stores.journal import Journal

N_CONTEXT = 300
"""Code points before and after a sentence."""

TextOf = Callable[[str], str | None]


@contextmanager
def texts_of(folder: Path) -> Iterator[TextOf]:
    """From the id of a document to its text; None where the journal does not have it, or cannot be read."""
    try:
        journal = Journal.open(folder, read_only=True)
    except GraphError:
        yield lambda id: None
        return

    @lru_cache(maxsize=8)  # evidence of one document comes together
    def text_of(id: str) -> str | None:
        document = journal.document(id)
        return document.text if document is not None else None

    try:
        yield text_of
    finally:
        journal.close()


def text_at(folder: Path, id: str, revision: int) -> str | None:
    """The text of the document at that revision; None where it has changed or gone since."""
    try:
        with Journal.open(folder, read_only=True) as journal, journal.snapshot():
            document = journal.document(id) if id not in journal.changed_since(revision) else None
    except GraphError:
        return None
    return document.text if document is not None else None


def with_context(evidence: dict[str, Any], text: str | None) -> dict[str, Any]:
    """The evidence with what the text has around its sentence; as it is where the text is another by now."""
    sentence = evidence["sentence"]
    start, end = sentence["start"], sentence["end"]
    if text is None or text[start:end] != sentence["text"]:
        return evidence
    words = {
        name: {**stretch, "text": text[stretch["start"] : stretch["end"]]}
        for name in ("time", "cue")
        if (stretch := evidence[name]) is not None
    }
    return {**evidence, **words, "before": before(text, start), "after": after(text, end)}


def before(text: str, end: int) -> str:
    """Whole words that stand before that place."""
    start = max(0, end - N_CONTEXT)
    while 0 < start < end and not text[start - 1].isspace():
        start += 1
    return text[start:end]


def after(text: str, start: int) -> str:
    """Whole words that stand after that place."""
    end = min(len(text), start + N_CONTEXT)
    while start < end < len(text) and not text[end].isspace():
        end -= 1
    return text[start:end]
