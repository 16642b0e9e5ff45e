"""From grounds to groups: the surest first, and never against what is known or decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kg import ids
from kg.merging.acts import SURE, Act, Decisions, Named, Pair

_UNDECIDED = ids.ONTOLOGY + "NamedThing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merges:
    """What is merged, and what is proposed."""

    targets: dict[str, str]
    """From an IRI to the one that stands for its group; none for those that stand for themselves."""
    acts: dict[str, Act]
    """Why: for each IRI of `targets` the act by which it came in."""
    proposals: list[Act]
    """What waits for a decision, the likeliest first."""


def group(acts: Iterable[Act], decisions: Decisions, named_of: Callable[[str], Named | None]) -> Merges:
    """The groups that the acts make.

    Args:
        named_of: An entity by its IRI; None where no document names it.
    """
    groups = _Groups(named_of, decisions)
    found = set(acts)  # before an entity is asked for: they may be what makes it known
    ordered = sorted(found.union(_decided(decisions, named_of)), key=lambda a: (-a.score, a.left, a.right, a.kind))
    open_acts: list[Act] = []
    for act in ordered:
        if act.score < SURE:
            open_acts.append(act)
        elif not groups.join(act):
            pass  # what is known or decided speaks against it
    proposals: dict[Pair, Act] = {}
    for act in open_acts:
        pair = groups.roots(act)
        if pair[0] != pair[1] and groups.may_join(act):
            proposals.setdefault(pair, act)
    return Merges(targets=groups.targets(), acts=groups.acts(), proposals=list(proposals.values()))


def _decided(decisions: Decisions, named_of: Callable[[str], Named | None]) -> Iterable[Act]:
    for left, right in sorted(decisions.together):
        one, other = named_of(left), named_of(right)
        if one is not None and other is not None:
            yield Act(left=left, right=right, left_label=one.label, right_label=other.label, kind="decided",
                      reason="somebody decided so", score=2.0)  # fmt: skip


@dataclass
class _Group:
    members: list[str]
    known: set[str]
    countries: set[str]
    apart: set[str]  # IRIs that may not come in


@dataclass
class _Groups:
    named_of: Callable[[str], Named | None]
    decisions: Decisions
    _of: dict[str, _Group] = field(default_factory=dict)
    _acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._apart: dict[str, set[str]] = {}
        for one, other in self.decisions.apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def _group(self, iri: str) -> _Group:
        if iri not in self._of:
            named = self.named_of(iri)
            known = {iri} if named is not None and named.is_known else set()
            countries = {named.country} if named is not None and named.country else set()
            self._of[iri] = _Group([iri], known, countries, set(self._apart.get(iri, ())))
        return self._of[iri]

    def may_join(self, act: Act) -> bool:
        one, other = self._group(act.left), self._group(act.right)
        if one.apart.intersection(other.members) or other.apart.intersection(one.members):
            return False
        if act.kind == "decided":
            return True
        return len(one.known | other.known) < 2 and len(one.countries | other.countries) < 2

    def join(self, act: Act) -> bool:
        """Whether the two are one group now, or were before."""
        one, other = self._group(act.left), self._group(act.right)
        if one is other:
            return True
        if not self.may_join(act):
            return False
        if len(one.members) < len(other.members):
            one, other = other, one
        one.members += other.members
        one.known |= other.known
        one.countries |= other.countries
        one.apart |= other.apart
        self._of.update(dict.fromkeys(other.members, one))
        self._acts.append(act)
        return True

    def roots(self, act: Act) -> Pair:
        one, other = (min(self._group(iri).members) for iri in (act.left, act.right))
        return min(one, other), max(one, other)

    def targets(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for each in {id(g): g for g in self._of.values() if len(g.members) > 1}.values():
            target = min(each.members, key=self._rank)
            found |= {iri: target for iri in each.members if iri != target}
        return dict(sorted(found.items()))

    def _rank(self, iri: str) -> tuple[bool, bool, bool, int, str]:
        """The known before others, those of a class before things, words before acronyms, then the shortest, the first."""
        named = self.named_of(iri)
        if named is None:
            return True, True, True, len(iri), iri
        return not named.is_known, named.type == _UNDECIDED, named.label.isupper(), len(named.label), iri

    def acts(self) -> dict[str, Act]:
        """For each IRI that is merged the surest act that names it."""
        targets, found = self.targets(), dict[str, Act]()
        for act in self._acts:
            for iri in (act.left, act.right):
                if iri in targets:
                    found.setdefault(iri, act)
        return dict(sorted(found.items()))
