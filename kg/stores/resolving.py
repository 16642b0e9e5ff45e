"""Statements of documents, with the entities that are one thing in the world under one IRI."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kg.consolidation import canonical
from kg.stores.codec import decode_statement, encode_statement

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resolver:
    """Reads encoded statements as the merges have it."""

    target_of: Callable[[str], str | None]
    """From the IRI that a document gives an entity to the one that it is merged into; None where it is in none."""
    is_symmetric: Callable[[str], bool]

    def statement(self, said: Json) -> Json:
        """The statement, as it was recorded where nothing in it is merged; sides of a symmetric one in order."""
        subject, value = self._entity(said["subject"]), said["object"]
        object_ = self._entity(value) if "iri" in value else value
        evidence = [self._evidence(item) for item in said["evidence"]]
        if subject is said["subject"] and object_ is value and all(map(_same, evidence, said["evidence"])):
            return said
        found = {**said, "subject": subject, "object": object_, "evidence": evidence}
        if "iri" not in object_ or subject["iri"] <= object_["iri"] or not self.is_symmetric(said["predicate"]):
            return found
        return encode_statement(canonical(decode_statement(found), self.is_symmetric))

    def _entity(self, entity: Json) -> Json:
        target = self.target_of(entity["iri"])
        return {**entity, "iri": target} if target is not None else entity

    def _evidence(self, evidence: Json) -> Json:
        attribution = evidence.get("attribution", {})
        source = attribution.get("source")
        found = self._entity(source) if source else source
        return evidence if found is source else {**evidence, "attribution": {**attribution, "source": found}}


def _same(one: Json, other: Json) -> bool:
    return one is other
