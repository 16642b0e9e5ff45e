"""Known entities with names like one that is not known: what somebody may choose from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from kg import ids
from kg.linking.knowledge import Knowledge, Way
from kg.linking.names import folded, key_of
from kg.model import Entity
from kg.ontology import Ontology

FLOOR = 0.86
"""Names less alike than this are not shown."""

_UNDECIDED = {ids.ONTOLOGY + "NamedThing", ids.ONTOLOGY + "Concept"}
_WAYS = {Way.NAME, Way.SURNAME}


@dataclass(frozen=True)
class Nearby:
    """The names of a knowledge base, to be compared within classes."""

    knowledge: Knowledge
    ontology: Ontology

    def candidates(self, entity: Entity, *, limit: int = 3) -> list[tuple[Entity, float]]:
        """Known entities of its class, or of one above or below it, with how alike the names are, in [0, 1]; the likest first."""
        best: dict[str, tuple[float, Entity]] = {}
        for type_, names in self._names.items():
            if not self._may_be(entity.type, type_):
                continue
            for name in {folded(key_of(name)) for name in (entity.label, *entity.aliases)}:
                # Several names are one entity's, so more are asked for than are wanted.
                near = process.extract(name, names.keys(), scorer=fuzz.token_ratio, score_cutoff=100 * FLOOR, limit=8 * limit)
                for other, score, _ in near:
                    whole = (score + fuzz.token_sort_ratio(name, other)) / 200  # part of a name is less than all of it
                    for known in names[other]:
                        best[known.iri] = max(best.get(known.iri, (0.0, known)), (whole, known), key=lambda pair: pair[0])
        ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].label, pair[1].iri))
        return [(known, round(score, 3)) for score, known in ordered[:limit]]

    def _may_be(self, one: str, other: str) -> bool:
        return one in _UNDECIDED or self.ontology.is_a(one, other) or self.ontology.is_a(other, one)

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, Sequence[Entity]]]:
        """By class the names in one spelling, each with whom it names."""
        found: dict[str, dict[str, list[Entity]]] = defaultdict(lambda: defaultdict(list))
        for key, senses in self.knowledge.senses.items():
            for entity in {s.entity.iri: s.entity for s in senses if s.way in _WAYS}.values():
                found[entity.type][folded(key)].append(entity)
        return found
