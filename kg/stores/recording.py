"""What is made of a document's statements before the journal keeps them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg import consolidation
from kg.errors import UsageError
from kg.model import Document, Entity, Statement


def without_words(said: dict[str, Any]) -> dict[str, Any]:
    """An encoded document or statement without the sentences of the text: what is left of it when it goes."""
    evidence = [{**e, "quote": ""} for e in said.get("evidence", ())]
    return {**said, "text": ""} if "text" in said else {**said, "evidence": evidence}


def check_evidence(document: Document, statements: Sequence[Statement]) -> None:
    for statement in statements:
        if not statement.evidence:
            raise UsageError(f"{document.id}: a statement without evidence cannot be kept: {statement.id}")
        if any(e.document_id != document.id for e in statement.evidence):
            raise UsageError(f"{document.id}: the evidence of statement {statement.id} is in another document")


def together(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements with the evidence that is left where several are made at one place."""
    by_id: dict[str, list[Statement]] = {}
    for statement in statements:
        by_id.setdefault(statement.id, []).append(statement)
    for alike in by_id.values():
        left = set(consolidation.join(e for s in alike for e in s.evidence))
        for statement in alike:
            evidence = tuple(e for e in statement.evidence if e in left)
            if evidence:
                yield replace(statement, evidence=evidence)


def described_in(statements: Iterable[Statement], known: Mapping[str, Entity],
                 target_of: Callable[[str], str | None]) -> set[Entity]:  # fmt: skip
    """The entities of the statements as these describe them, and those known that one of them is merged into."""
    found = {entity for s in together(statements) for entity, _ in consolidation.versions(s)}
    targets = {target_of(entity.iri) for entity in found} if known else set()
    return found | {entity for iri, entity in known.items() if iri in targets}
