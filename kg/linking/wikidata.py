"""A Wikidata dump as a knowledge base of the user's: `ontology/wikidata.yaml` says what is kept of it.

The dump is one JSON array with an entity a line (https://www.wikidata.org/wiki/Wikidata:Database_download), plain or
packed with gzip or bzip2. It is read line by line, so that memory does not grow with it.
"""

import bz2
import gzip
import json
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from kg import ids, resources
from kg.errors import KnowledgeError, UsageError
from kg.linking import knowledge
from kg.ontology import Ontology

LONGEST = 64_000_000
"""A line of more bytes is passed over as a bad one; the longest of Wikidata have about 5 million."""

N_SHOWN = 5
"""So many bad lines are described; all are counted."""

_INSTANCE_OF, _SUBCLASS_OF, _END = "P31", "P279", "P582"
_COUNTRY = "Country"
_STEP = 1000  # lines between two reports of progress

Item = Mapping[str, Any]
Reading = Callable[[int, int | None], None]
"""Told the bytes read and those in all, of the file as it lies on disk; None where that is not known."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What `wikidata.yaml` says, and the countries that we know."""

    languages: Sequence[str]
    instances: Mapping[str, str]  # name of a class of the ontology by Wikidata id; the narrower first
    classes: Mapping[str, str]  # the same for what is itself a kind of thing
    country: Sequence[str]
    country_code: str
    codes: Mapping[str, str]  # ISO alpha-3 codes of countries by Wikidata id

    @staticmethod
    def load(file: Path | None = None) -> "Rules":
        import yaml

        folder = resources.folder("ontology")
        data = yaml.safe_load((file or folder / "wikidata.yaml").read_text(encoding="utf-8"))
        return Rules(
            languages=data["languages"],
            instances=_by_id(data["instances"]),
            classes=_by_id(data["classes"]),
            country=data["country"],
            country_code=data["country_code"],
            codes=_codes(knowledge.records(folder / "knowledge")),
        )

    def types(self) -> set[str]:
        """The names of all classes that something may be kept as."""
        return {_COUNTRY, *self.instances.values(), *self.classes.values()}


def _by_id(listed: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, numbers in listed.items():
        for number in numbers:
            found.setdefault(number, name)
    return found


def _codes(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    countries = [r for r in records if r["type"] == _COUNTRY and r.get("country")]
    return {same.removeprefix("wd:"): r["country"] for r in countries for same in r.get("same_as", ()) if same.startswith("wd:")}


@dataclass(slots=True)
class Counts:
    """What a conversion did."""

    kept: Counter[str] = field(default_factory=Counter)  # by name of the class
    n_items: int = 0
    n_bad: int = 0
    bad: list[str] = field(default_factory=list)  # the first few, with line and reason

    @property
    def n_kept(self) -> int:
        return self.kept.total()


def convert(dump: str, to: Path | None, *, ontology: Ontology, types: Sequence[str] = (), limit: int | None = None,
            progress: Reading = lambda done, total: None) -> Counts:  # fmt: skip
    """Write what is known of the entities of a dump as a file for `--kb`; what was kept, and what was bad.

    Args:
        dump: A file, or "-" for standard input.
        to: The file, which is there once all is written; None only counts.
        types: Names of classes; only what is of one of these, or of one below, is kept.
        limit: Stop when so many are kept.

    Raises:
        UsageError: for a class that nothing is kept as.
        KnowledgeError: for a dump that cannot be read, or ends too soon.
    """
    rules, counts = Rules.load(), Counts()
    wanted = _wanted(types, rules, ontology)
    with ExitStack() as stack:
        write = stack.enter_context(_writer(to)) if to is not None else lambda line: None
        for record in _records(dump, rules, wanted, counts, progress):
            write(json.dumps(record, ensure_ascii=False) + "\n")
            counts.kept[record["type"]] += 1
            if counts.n_kept == limit:
                break
    return counts


def _wanted(types: Sequence[str], rules: Rules, ontology: Ontology) -> set[str]:
    """The names of the classes to keep."""
    known = rules.types()
    if not types:
        return known
    named = {c.name.casefold(): c.iri for c in ontology.classes.values()}
    roots = [named.get(name.split(":")[-1].casefold(), "") for name in types]
    found = [{name for name in known if ontology.is_a(ids.ONTOLOGY + name, root)} for root in roots]
    for name, below in zip(types, found, strict=True):
        if not below:
            raise UsageError(f"--type {name}: nothing is kept as that; take one of {', '.join(sorted(known))}")
    return set().union(*found)


@contextmanager
def _writer(to: Path) -> Iterator[Callable[[str], Any]]:
    """Writes lines into a file beside the one wanted, and gives it that name when all went well."""
    part = to.with_name(to.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as lines:
            yield lines.write
        part.replace(to)
    except OSError as error:
        raise KnowledgeError(f"{to}: cannot be written; {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _records(dump: str, rules: Rules, wanted: set[str], counts: Counts, progress: Reading) -> Iterator[dict[str, Any]]:
    """What is kept of each item; items and bad lines are counted on the way."""
    for number, line in _lines(dump, progress):
        text = line.strip().removesuffix(b",")
        if text in (b"", b"[", b"]"):
            continue
        try:
            item = _item(text)
            record = record_of(item, rules)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            counts.n_bad += 1
            if counts.n_bad <= N_SHOWN:
                counts.bad.append(f"line {number}: {_reason(error)}")
            continue
        counts.n_items += 1
        if record is not None and record["type"] in wanted:
            yield record


def _item(text: bytes) -> Item:
    found = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise ValueError("no object with an id")
    return found


def _reason(error: Exception) -> str:
    is_ours = isinstance(error, ValueError)
    return str(error) if is_ours else f"not in the form of Wikidata ({type(error).__name__}: {error})"


# ---- one item


def record_of(item: Item, rules: Rules) -> dict[str, Any] | None:
    """The item as an entry of a knowledge base; None where it is of no class that is kept, or has no name.

    A country is given where an item has just one that we know.
    """
    if not item["id"].startswith("Q"):
        return None
    claims = item.get("claims") or {}  # an empty one is written as a list
    name, label = _class_of(claims, rules), _label(item, rules)
    if name is None or label is None:
        return None
    country = _country(item["id"], name, claims, rules)
    aliases = list(_aliases(item, label, rules))
    said = {"id": item["id"], "type": name, "label": label, "aliases": aliases, "country": country}
    return {key: value for key, value in said.items() if value}


def _class_of(claims: Item, rules: Rules) -> str | None:
    if _values(claims, rules.country_code):
        return _COUNTRY
    return _first(_values(claims, _INSTANCE_OF), rules.instances) or _first(_values(claims, _SUBCLASS_OF), rules.classes)


def _first(numbers: Sequence[str], classes: Mapping[str, str]) -> str | None:
    """The class of the numbers that stands first in the rules."""
    found = {classes[number] for number in numbers if number in classes}
    return next((name for name in classes.values() if name in found), None) if found else None


def _values(claims: Item, property: str) -> list[str]:
    """The ids or texts that are stated and hold still: the preferred ones, where there are some."""
    stated = [s for s in claims.get(property, ()) if s["rank"] != "deprecated" and _END not in s.get("qualifiers", ())]
    best = [s for s in stated if s["rank"] == "preferred"] or stated
    values = (s["mainsnak"]["datavalue"]["value"] for s in best if s["mainsnak"]["snaktype"] == "value")
    return [value["id"] if isinstance(value, dict) else value for value in values]


def _label(item: Item, rules: Rules) -> str | None:
    labels = item.get("labels") or {}
    return next((labels[language]["value"] for language in rules.languages if language in labels), None)


def _aliases(item: Item, label: str, rules: Rules) -> Iterator[str]:
    """The other names, each once; of what has a capital in its name, those that have one too."""
    aliases = item.get("aliases") or {}
    found = dict.fromkeys(a["value"] for language in rules.languages for a in aliases.get(language, ()))
    for name in found:
        is_name = any(c.isalpha() for c in name) and len(name) > 1
        if name != label and is_name and (name != name.lower() or label == label.lower()):
            yield name


def _country(number: str, name: str, claims: Item, rules: Rules) -> str | None:
    if name == _COUNTRY:
        known = set(rules.codes.values())
        return next((code for code in _values(claims, rules.country_code) if code in known), rules.codes.get(number))
    stated = {rules.codes[n] for p in rules.country for n in _values(claims, p) if n in rules.codes}
    return stated.pop() if len(stated) == 1 else None


# ---- the dump


def _lines(dump: str, progress: Reading) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; one that is too long is empty JSON, and so a bad one."""
    number = 0
    try:
        with ExitStack() as stack:
            raw: Any = sys.stdin.buffer if dump == "-" else stack.enter_context(Path(dump).open("rb"))
            total = Path(dump).stat().st_size if dump != "-" else None
            stream, n_bytes = _unpacked(raw), 0
            while line := stream.readline(LONGEST):
                number, n_bytes = number + 1, n_bytes + len(line)
                is_whole = line.endswith(b"\n") or len(line) < LONGEST
                yield number, line if is_whole else _skipped(stream)
                if number % _STEP == 0:
                    progress(raw.tell() if total is not None else n_bytes, total)
            progress(total or n_bytes, total)
    except (EOFError, OSError, zlib.error) as error:
        where = f"{dump}, after line {number}" if number else dump
        raise KnowledgeError(f"{where}: cannot be read ({error}); is it whole? nothing was written") from error


def _unpacked(raw: Any) -> IO[bytes]:
    """The stream without its packing, which its first bytes tell."""
    start = raw.peek(3)[:3]
    packed: Any = gzip.GzipFile(fileobj=raw) if start[:2] == b"\x1f\x8b" else bz2.BZ2File(raw) if start == b"BZh" else raw
    return cast(IO[bytes], packed)


def _skipped(stream: IO[bytes]) -> bytes:
    """What stands for a line that is too long, when the rest of it is read over."""
    while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass
    return b'"longer than any of Wikidata"'
