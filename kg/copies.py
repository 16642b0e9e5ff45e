"""Which documents repeat each other's words: wire copies, reposts, and versions of one text.

MinHash (Broder, 1997) over runs of words: two signatures agree in as large a share of their numbers as their texts
share runs. Documents are looked up by bands of these numbers, so that none is compared with all the others.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from urllib.parse import urlsplit, urlunsplit

from kg.model import Document

RUN = 5
"""Words in a run: of three, formal texts about different things share too many."""

LIKE = 0.6
"""Documents are copies from this share of common runs on. A copy that lost a third of its paragraphs has .67, one with
3% of its words changed .77, one with 8% .52; `benchmarks/README.md` has the measurement."""

NEAR_DAYS = 31
"""Copies are printed within this many days: what is alike over the years is a form that is filled in anew."""

_N_NUMBERS, _N_BANDS = 128, 32
_FEWEST_RUNS = 20
"""A text with fewer runs is too short to tell a copy from a phrase that many use."""

_COMPARED = 8
"""Each document of a band is compared with this many before it: a text that thousands repeat costs no square."""

_WORD = re.compile(r"\w+")


def signature(text: str) -> bytes:
    """What tells how alike two texts are; empty of a text too short to tell."""
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[n : n + RUN]).encode() for n in range(len(words) - RUN + 1)}
    if len(runs) < _FEWEST_RUNS:
        return b""
    made = MinHash(num_perm=_N_NUMBERS, seed=1)
    made.update_batch(sorted(runs))
    return bytes(made.hashvalues.astype("<u4").tobytes())


def likeness(one: bytes, other: bytes) -> float:
    """The share of runs that the texts of two signatures have in common, in [0, 1], give or take .04."""
    same = sum(a == b for a, b in zip(memoryview(one).cast("I"), memoryview(other).cast("I"), strict=True))
    return same / _N_NUMBERS


def bands(signed: bytes) -> Iterator[bytes]:
    """Under what a signature is looked up: texts that are alike share at least one of these."""
    width = len(signed) // _N_BANDS
    parts = (bytes([n]) + signed[n * width : (n + 1) * width] for n in range(_N_BANDS) if width)
    return (blake2b(part, digest_size=8).digest() for part in parts)


def pairs(banded: Iterable[tuple[bytes, str]], signature_of: Callable[[str], bytes],
          day_of: Callable[[str], date | None]) -> Iterator[tuple[str, str]]:  # fmt: skip
    """The documents that are alike and were published about the same time, two by two.

    Args:
        banded: (band, id of document), sorted.
        day_of: When a document was published; None, which is near any day, where that is not known.
    """
    for _, group in groupby(banded, key=itemgetter(0)):
        before: list[tuple[str, bytes]] = []
        for _, id in group:
            signed = signature_of(id)
            alike = (other for other, its in before if likeness(its, signed) >= LIKE)
            yield from ((other, id) for other in alike if _are_near(day_of(other), day_of(id)))
            before = [*before[1 - _COMPARED :], (id, signed)] if len(before) >= _COMPARED else [*before, (id, signed)]


def _are_near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs((one - other).days) <= NEAR_DAYS


def groups(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """What hangs together, each sorted, in the order of their first."""
    parent: dict[str, str] = {}

    def root(one: str) -> str:
        while (above := parent.setdefault(one, one)) != one:
            parent[one] = one = parent[above]
        return one

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    found: dict[str, list[str]] = {}
    for one in sorted(parent):
        found.setdefault(root(one), []).append(one)
    return list(found.values())


def origin(documents: Iterable[Document]) -> Document:
    """Of documents that repeat each other the one that was published first; of those the first by id."""
    return min(documents, key=lambda d: (d.published or date.max, d.id))


# ---- versions of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A document as far as it matters which version of it is the newest."""

    id: str
    published: date | None
    retrieved: date | None


def replaced(versions: Iterable[Dated]) -> Mapping[str, str]:
    """The documents of one address that a newer one takes the place of: by id, with the id of the newer.

    A document without a day of publication replaces none and is not replaced; nor are several of one day.
    """
    dated = [v for v in versions if v.published is not None]
    last = max(map(_moment, dated), default=None)
    newest = min((v.id for v in dated if _moment(v) == last), default="")
    return {v.id: newest for v in dated if _moment(v) != last}


def _moment(version: Dated) -> tuple[date, date]:
    return version.published or date.min, version.retrieved or date.min


def address(url: str | None) -> str | None:
    """The address without what does not tell documents apart: fragment, last slash, case of the host."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), parts.query, ""))
