"""Bytes to text: unpacked, within the size limit, decoded."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import IO, Any, cast

from kg.errors import TooLarge, UnreadableDocument
from kg.ids import document_id_of
from kg.model import Document
from kg.readers import metadata
from kg.readers.sources import Content, Source

BROKEN = (OSError, EOFError, zlib.error)
_GZIP = b"\x1f\x8b"
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "a rich text document",
    b"\x7fELF": "a program",
}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
# A byte beyond ASCII of windows-1252 as English text has them: a quote, a dash, or an accented letter beside a letter.
_WESTERN = re.compile(
    rb"[\x80\x85\x91-\x97\xa0\xa3\xa7\xb0]|(?<=[A-Za-z])[\xc0-\xff](?![\x80-\xff])|(?<![\x80-\xff])[\xc0-\xff](?=[a-z])"
)
_DRAIN = 64  # a line may be this many times longer than the limit before the rest of its file is given up


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A source that is open, as a reader gets it."""

    source: Source
    content: Content
    stream: IO[bytes]  # unpacked
    max_bytes: int

    def head(self) -> bytes:
        """The first few kilobytes, which stay to be read."""
        peeked: bytes = self.stream.peek(4096)  # type: ignore[attr-defined]
        return peeked[:4096]

    def data(self) -> bytes:
        """The whole stream.

        Raises:
            TooLarge: when it holds more than `max_bytes`, after decompression; no more than that is read.
            UnreadableDocument: when it cannot be read.
        """
        try:
            data = self.stream.read(self.max_bytes + 1)
        except BROKEN as error:
            raise self.unreadable(f"it cannot be read ({error})") from error
        if len(data) > self.max_bytes:
            raise TooLarge(
                f"{self.source.name}: over the limit of {self.max_bytes:,} bytes; raise the limit or split it",
                url=self.source.url,
            )
        return data

    def text(self) -> str:
        """The whole stream, decoded; see `decoded`."""
        return decoded(self.data(), self.source, charset=self.content.charset)

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Each line with its number from 1, without its end; None for one over the limit, which is skipped.

        Raises:
            UnreadableDocument: when the stream breaks off or a line does not end.
        """
        number = 0
        try:
            while line := self.stream.readline(self.max_bytes + 1):
                number += 1
                if len(line) <= self.max_bytes or line.endswith(b"\n"):
                    yield number, line.rstrip(b"\r\n")
                else:
                    yield number, None
                    self._skip_line()
        except BROKEN as error:
            raise self.unreadable(f"it breaks off after line {number} ({error})") from error

    def _skip_line(self) -> None:
        for _ in range(_DRAIN):
            if not (rest := self.stream.readline(self.max_bytes)) or rest.endswith(b"\n"):
                return
        raise self.unreadable("a line does not end; the rest is left unread")

    def unreadable(self, reason: str) -> UnreadableDocument:
        return UnreadableDocument(f"{self.source.name}: {reason}", url=self.source.url)

    def document(self, text: str, *, media_type: str, **found: Any) -> Document:
        """A document of the text with what the reader found out; what was known before has the last word.

        Its id is the one that a collection or its front matter gives, else one made of its address, else the place of
        the file in the folder that was named, else, for standard input, one made of its text.
        """
        known, source = self.source.known, self.source
        url = self._address(found.get("url"))
        given = source.id or found.get("id") or (None if url else source.place)
        return Document(
            id=given or document_id_of(url=url, text=text),
            text=text,
            url=url,
            title=metadata.plain_title(known.title or found.get("title")),
            publisher=known.publisher or found.get("publisher") or metadata.publisher_of(url),
            author=known.author or found.get("author"),
            published=known.published or found.get("published"),
            retrieved=self.content.retrieved,
            media_type=media_type,
        )

    def _address(self, canonical: str | None) -> str | None:
        """The address that was given with the text; that of a fetched page as the page itself gives it, on its host."""
        fetched = self.content.url
        if fetched is None:
            return self.source.url or canonical
        is_own = metadata.publisher_of(canonical) == metadata.publisher_of(fetched)
        return canonical if canonical and is_own else fetched


def unpacked(stream: IO[bytes]) -> IO[bytes]:
    """The stream, decompressed where its first bytes say that it is gzip."""
    peekable: Any = stream if hasattr(stream, "peek") else BufferedReader(stream)
    return cast(IO[bytes], gzip.GzipFile(fileobj=peekable)) if peekable.peek(2)[:2] == _GZIP else peekable


def decoded(data: bytes, source: Source, *, charset: str | None = None) -> str:
    """The text of the bytes: by their mark, by the charset that came with them, as UTF-8, or as windows-1252.

    The last only where every byte beyond ASCII is a quote, a dash or an accented letter in a word.

    Raises:
        UnreadableDocument: when the bytes are no text, or none that can be told.
    """
    encoding = _encoding_mark(data)
    refuse_binary(data, source)
    declared = _META_CHARSET.search(data[:4096])
    for name in (encoding, charset, "utf-8", declared and declared[1].decode("ascii")):
        try:
            if name:
                return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    if _is_western(data):
        return data.decode("windows-1252")
    raise UnreadableDocument(f"{source.name}: its encoding cannot be told; convert it to UTF-8", url=source.url)


def refuse_binary(data: bytes, source: Source) -> None:
    """Nothing, where the bytes may be text.

    Raises:
        UnreadableDocument: when they are not; the message says what they look like.
    """
    if _encoding_mark(data):
        return
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    head = data[:4096]
    if kind or b"\0" in data or len(_CONTROL.findall(head)) * 50 > len(head):
        what = kind or "binary data"
        raise UnreadableDocument(f"{source.name}: {what}, no text; convert it to text first", url=source.url)


def _encoding_mark(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def _is_western(data: bytes) -> bool:
    n_beyond = len(re.findall(rb"[\x80-\xff]", data))
    return n_beyond * 20 <= len(data) and n_beyond == len(_WESTERN.findall(data))
