"""What people have decided about entities: `decisions.jsonl` in the graph folder, a line each, replayed at every build.

Lines are only ever added; `undo` is a line too. The file outlives the graph: laid beside a graph that is built anew, it
counts there as well.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import GraphError
from kg.model import Entity
from kg.stores.codec import decode_entity
from kg.stores.folder import to_json

FILE = "decisions.jsonl"
_ACTS = {"accept", "reject", "merge", "split", "undo"}


def read(folder: Path) -> list[dict[str, Any]]:
    """The decisions in the order in which they were made; `number` counts them.

    Raises:
        GraphError: for a line that is none.
    """
    file = folder / FILE
    if not file.exists():
        return []
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [{**_decision(line, f"{file}:{n}"), "number": n} for n, line in enumerate(lines, 1)]


def _decision(line: str, where: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(line)
        known = found["act"] in _ACTS and ("of" in found if found["act"] == "undo" else bool(found["iris"]))
    except (ValueError, KeyError, TypeError, IndexError):
        known = False
    if not known:
        raise GraphError(f"{where}: is no decision; correct the line or take it out")
    return found


def add(folder: Path, act: str, iris: Sequence[str] = (), **more: Any) -> None:
    """Keep a decision; it counts from the next build on, or from `rdf.publish`."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    record = {"act": act, **({"iris": list(iris)} if iris else {}), **more, "made": made}
    with (folder / FILE).open("a", encoding="utf-8") as out:
        out.write(to_json(record) + "\n")
        out.flush()
        os.fsync(out.fileno())


def last(folder: Path) -> dict[str, Any] | None:
    """The last decision that was not taken back; None where there is none."""
    left = _kept(folder)
    return left[-1] if left else None


def known(folder: Path) -> dict[str, Entity]:
    """By their IRIs the entities of the knowledge base that decisions name, as they were known then."""
    try:
        at = (folder / FILE).stat()
    except FileNotFoundError:
        return {}
    return dict(_known(folder, at.st_mtime_ns, at.st_size))


@lru_cache(maxsize=8)
def _known(folder: Path, changed: int, size: int) -> Mapping[str, Entity]:
    """The same of the file as it was then: each document that is recorded asks anew."""
    found = (decode_entity(data) for record in _kept(folder) for data in record.get("known", ()))
    return {entity.iri: entity for entity in found}


def _kept(folder: Path) -> list[dict[str, Any]]:
    """The decisions that were not taken back."""
    left: list[dict[str, Any]] = []
    for record in read(folder):
        left = [r for r in left if r["number"] != record["of"]] if record["act"] == "undo" else [*left, record]
    return left
