"""People who hold or held an office, from our own list in `offices.yaml`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from kg import ids

Record = dict[str, Any]
_HOLDER = re.compile(r"(?P<name>.+?) (?P<start>\d{4}[-\d]*)(?: (?P<end>\d{4}[-\d]*))?")
_FOREVER = "9999-12-31"


def load() -> Mapping[str, Any]:
    text = Path(__file__).with_name("offices.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def people(own: Mapping[str, Any], bodies: Mapping[str, str]) -> Iterator[Record]:
    """A record for each person, with what they are called and which offices they held.

    Args:
        bodies: IRIs of organisations by their labels.
    """
    held: dict[str, list[list[str]]] = {}
    for owner, offices in own["holders"].items():
        of = f"country/{owner}" if re.fullmatch(r"[A-Z]{3}", owner) else bodies[owner]
        for office, holders in offices.items():
            for name, start, end in terms(holders):
                held.setdefault(name, []).append([of, office, start, end])
    for name, offices in held.items():
        yield person(name, offices, own)


def terms(holders: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(name, first day, last day) of each holder: one who has no end stays until the next begins."""
    found = [match for match in map(_HOLDER.fullmatch, holders) if match is not None]
    if len(found) != len(holders):
        raise ValueError(f"offices.yaml: each holder is a name and a date, in {', '.join(holders)}")
    following = [match["start"] for match in found[1:]]
    for match, after in zip(found, [*following, ""], strict=True):
        yield match["name"], day(match["start"], "01"), day(match["end"] or after, "28") or _FOREVER


def day(written: str, of_month: str) -> str:
    """A year, month or day as a day: the first of it for "01", else one of the last; "" for nothing."""
    if not written:
        return ""
    parts = written.split("-")
    return "-".join([*parts, *("01" if of_month == "01" else "12", of_month)[len(parts) - 1 :]])


def person(name: str, offices: Sequence[Sequence[str]], own: Mapping[str, Any]) -> Record:
    others = own["names"].get(name, [])
    last = own["surnames"].get(name, name.rsplit(" ", 1)[-1])
    surnames = spellings([n for n in (last, *others) if n and (n == last or " " not in n)])
    country = next((of.removeprefix("country/") for of, *_ in offices if of.startswith("country/")), "")
    iri = own["iris"].get(name) or ids.entity_iri(ids.ONTOLOGY + "Person", plain(name)).removeprefix(ids.BASE + "entity/")
    full = [n for n in spellings([name, *others]) if n != name and n not in surnames]
    return {
        "iri": iri, "type": "Person", "label": name, "aliases": [*full, *surnames],
        "surnames": surnames, "shared": [n for n in surnames if n in own["common_surnames"]],
        "country": country, "offices": [list(office) for office in offices],
    }  # fmt: skip


def spellings(names: Sequence[str]) -> list[str]:
    """The names, each also without diacritics."""
    return list(dict.fromkeys(form for name in names for form in (name, plain(name))))


def plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).replace("ø", "o")
