"""What the user named, as sources: bytes with a name, opened when they are read."""

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatch
from functools import partial
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any

import httpx

from kg.errors import UnreadableDocument, UsageError

STANDARD_INPUT = "-"
_USER_AGENT = "policy-kg (reads news articles named by its user)"


@dataclass(frozen=True, kw_only=True)
class Content:
    """An open stream, and what came with it."""

    stream: IO[bytes]
    media_type: str | None = None
    charset: str | None = None
    url: str | None = None  # where redirects led
    retrieved: date | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a document before it is read, as from the fields of a JSON line; it has the last word."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Bytes with a name.

    `id` is given only where a collection gives one. `place` is where a local file lies in the folder that was named:
    "2026/release.md" for "news/2026/release.md" where the user named "news".
    """

    name: str  # as the user would look for it: a path, an address, "-", "file.jsonl:17"
    open: Callable[[], Content]
    id: str | None = None
    place: str | None = None
    url: str | None = None
    format: str | None = None  # a name of the table of readers, where it is given
    is_alone: bool = True  # no other source was named beside it
    known: Known = field(default_factory=Known)


def sources(inputs: Sequence[str], *, include: Sequence[str] = (), timeout_s: float = 30.0) -> Iterator[Source]:
    """The sources behind files, folders, globs, http(s) addresses and "-" for standard input, in a fixed order.

    Folders are read with all folders in them, sorted by path, without hidden files and READMEs. A file that is named
    twice is read once. Addresses are fetched when they are read.

    Args:
        include: Patterns for the names of files in folders: "*.html".
        timeout_s: For each step of a fetch, not for the whole.

    Raises:
        UsageError: before anything is read, when an input matches nothing.
    """
    found = list(_unique(_named(given, include) for given in inputs))
    fetch = partial(_fetch, timeout_s=timeout_s)
    return (_source(name, place, is_alone=len(found) == 1, fetch=fetch) for name, place in found)


def _named(given: str, include: Sequence[str]) -> list[tuple[str, str]]:
    """Each path, address or "-" that the input stands for, with its place in the folder that was named."""
    if given == STANDARD_INPUT or is_address(given):
        return [(given, given)]
    path = Path(given)
    if path.is_dir():
        found = [(str(path / place), place) for place in _files_in(path, include)]
        return found or _nothing(given, "this folder holds no file to read; check the folder and the patterns")
    if path.exists():
        return [(given, path.name)]
    if glob.has_magic(given):
        base = _fixed_part(path)
        # Path.glob cannot start from a pattern that is absolute.
        matches = sorted(match for match in glob.glob(given, recursive=True) if Path(match).is_file())  # noqa: PTH207
        return [(match, Path(match).relative_to(base).as_posix()) for match in matches] or _nothing(
            given, "no file matches this pattern"
        )
    return _nothing(given, "no such file or folder; check the spelling, or quote a pattern")


def _nothing(given: str, what: str) -> list[tuple[str, str]]:
    raise UsageError(f"{given}: {what}")


def _files_in(folder: Path, include: Sequence[str]) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(parent)
        for name in sorted(names):
            is_wanted = any(fnmatch(name, pattern) for pattern in include) if include else True
            if is_wanted and not _is_beside(name) and (here / name).is_file():
                yield (here / name).relative_to(folder).as_posix()


def _is_beside(name: str) -> bool:
    """Whether a file of a folder is hidden, or tells about the folder."""
    return name.startswith(".") or name.upper().split(".")[0] == "README"


def _fixed_part(pattern: Path) -> Path:
    """The folders of a pattern before its first wildcard."""
    fixed = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _unique(named: Iterable[list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, place in (pair for pairs in named for pair in pairs):
        key = name if name == STANDARD_INPUT or is_address(name) else str(Path(name).resolve())
        if key not in seen:
            seen.add(key)
            yield name, place


def is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def _source(name: str, place: str, *, is_alone: bool, fetch: Callable[[str], Content]) -> Source:
    if name == STANDARD_INPUT:
        return Source(name=name, is_alone=is_alone, open=lambda: Content(stream=sys.stdin.buffer))
    if is_address(name):
        return Source(name=name, url=name, is_alone=is_alone, open=partial(fetch, name))
    return Source(name=name, place=place, is_alone=is_alone, open=lambda: Content(stream=Path(name).open("rb")))


class _Body(RawIOBase):
    """The body of a response as a stream; closing it closes the connection."""

    def __init__(self, client: httpx.Client, response: httpx.Response) -> None:
        self._client = client
        self._response = response
        self._chunks = response.iter_bytes(65536)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            try:
                self._left = next(self._chunks)
            except StopIteration:
                return 0
            except httpx.HTTPError as error:
                raise OSError(f"the connection broke off ({error})") from error
        n = min(len(buffer), len(self._left))
        buffer[:n], self._left = self._left[:n], self._left[n:]
        return n

    def close(self) -> None:
        self._response.close()
        self._client.close()
        super().close()


def _fetch(address: str, *, timeout_s: float) -> Content:
    """The page at the address.

    Raises:
        UnreadableDocument: when it cannot be fetched.
    """
    client = httpx.Client(timeout=timeout_s, follow_redirects=True, headers={"User-Agent": _USER_AGENT})
    try:
        response = client.send(client.build_request("GET", address), stream=True)
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        client.close()
        reason = f"it cannot be fetched ({_reason(error)}); try again later"
        raise UnreadableDocument(f"{address}: {reason}", url=address) from error
    return Content(
        stream=BufferedReader(_Body(client, response)),
        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower() or None,
        charset=response.charset_encoding,
        url=str(response.url),
        retrieved=datetime.now(UTC).date(),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}"
    return str(error) or type(error).__name__
