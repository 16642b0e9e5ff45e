"""The lexical patterns of the ontology folder: which words, in which construction, state which relation.

One YAML file a relation in `ontology/patterns/`, a list of patterns each:

    - name: verb                        # unique within the relation
      verb: [dominate, monopolize]      # trigger lemmas; or noun:, adjective:; "*" is every word of the kind
      subject: subj                     # where the arguments are found: a role, or several in order of preference
      object: obj
      confidence: 0.8                   # [0, 1]
      catch: {text: "China dominates refining.", subject: China, object: refining}
      leave: "Clouds dominated the sky."

Further keys: `with_object: [role, control]` asks that the trigger verb has an object with one of these head
lemmas (light verbs: "play a role in"); `with_modifier: [leading]` asks for one of these words before a noun;
`with_head: [effort]` and `without_head: [effort]` ask that the trigger does or does not modify one of these nouns, or that its
clause belongs to one of these verbs;
`copular: true` takes a noun or adjective only as the complement of "be", "remain" and the like; `subject_type`,
`object_type` narrow the domain and range of the relation, `subject_kind`, `object_kind` how it is mentioned (name,
nominal); `negated: true` turns the polarity around ("lack").

Roles: subj, obj, iobj, agent, comp (complement of a copula), head (the noun that the trigger modifies), self,
poss, compound, amod, modifier (either of these two), appos, xcomp, ccomp, acl (a clause that modifies a noun), clause (any complement or purpose clause), governor (the verb that the trigger's
clause belongs to), a preposition ("on", "such as"),
and paths of these joined by a full stop ("xcomp.obj", "to.obj"). Of a noun that describes or lists: named (the name
that it introduces: "Chancellor Scholz"), apposed (what it stands in apposition to), bearer (either, or the subject of
its copula), description (the common noun itself, not the name that it introduces), coordinated (what comes before it
in a list), office and holder (in "Secretary of State Blinken"), region (the place after a comma),
predicate (what the clause says of it: "the goal is peace"), acted (the verb that it is the subject of), members
(whom its coordinated adjectives name: "French and Egyptian warships"), beside (the object that it tells
more of: "took the students into custody"). Of a preposition: introduced (its phrases), group (the noun
that these add to: "fuels, including oil"). Of an act: affected (whom it concerns, however far: "the
release of Chad's prisoners", "a plan to lift the ban on sales to Chad").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import exp, log
from pathlib import Path
from typing import Any

from kg import resources
from kg.errors import OntologyError

TRIGGERS = ("verb", "noun", "adjective")
ANY = "*"
_KEYS = {
    "name", *TRIGGERS, "subject", "object", "with_object", "with_modifier", "with_head", "without_head", "subject_type",
    "object_type", "copular", "negated", "subject_kind", "object_kind", "confidence", "catch", "leave",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that a pattern must catch, with the arguments that it must find."""

    text: str
    subject: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One way of saying a relation."""

    relation: str
    name: str
    kind: str  # verb, noun, adjective
    lemmas: tuple[str, ...]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    catch: tuple[Example, ...]
    leave: tuple[str, ...]
    with_object: frozenset[str] = frozenset()
    with_modifier: frozenset[str] = frozenset()
    with_head: frozenset[str] = frozenset()
    without_head: frozenset[str] = frozenset()
    subject_type: tuple[str, ...] = ()
    object_type: tuple[str, ...] = ()
    subject_kind: str | None = None  # name, nominal
    object_kind: str | None = None
    copular: bool = False
    negated: bool = False
    confidence: float = 0.7  # as written, or corrected by `Calibration`

    @property
    def id(self) -> str:
        return f"{self.relation}.{self.name}"


@dataclass(frozen=True)
class Lexicon:
    """All patterns, to be looked up by the kind and lemma of their trigger."""

    patterns: tuple[Pattern, ...]

    @cached_property
    def by_trigger(self) -> Mapping[tuple[str, str], tuple[Pattern, ...]]:
        index: dict[tuple[str, str], list[Pattern]] = {}
        for pattern in self.patterns:
            for lemma in pattern.lemmas:
                index.setdefault((pattern.kind, lemma), []).append(pattern)
        return {key: tuple(found) for key, found in index.items()}

    def triggered(self, kind: str, lemma: str) -> tuple[Pattern, ...]:
        return self.by_trigger.get((kind, lemma), ()) + self.by_trigger.get((kind, ANY), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often each pattern fired on annotated sentences and was right, and what that weighs (`training/calibrate.py`).

    The confidence written beside a pattern counts as `strength` times that it fired. Annotators leave out some of what a
    sentence says, and more so where they were told to be strict: `leniency` is how much likelier, in log odds, it is that a
    statement is right than that these annotators wrote it down.
    """

    strength: float = 0.0
    leniency: float = 0.0
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def confidence(self, name: str, prior: float) -> float:
        """Of the pattern with that id, from the confidence that is written beside it."""
        fired, right = self.counts.get(name, (0, 0))
        if not fired:
            return prior
        expected = shifted(prior, -self.leniency)
        return shifted((right + self.strength * expected) / (fired + self.strength), self.leniency)


def shifted(probability: float, by: float) -> float:
    """The probability with something added to its log odds."""
    kept = min(max(probability, 0.005), 0.995)
    return 1 / (1 + exp(-log(kept / (1 - kept)) - by))


def load(folder: Path | None = None, *, extend: Sequence[Path] = (), is_calibrated: bool = True) -> Lexicon:
    """The patterns of the ontology folder, and those of further files or folders.

    Args:
        is_calibrated: Whether confidences are corrected by what `calibration.yaml` counts, where it is there.

    Raises:
        OntologyError: for a file that is no list of patterns, an unknown key, a name given twice.
    """
    base = folder or resources.folder("ontology")
    files = [*sorted((base / "patterns").glob("*.yaml")), *(f for path in extend for f in files_of(path))]
    patterns = tuple(pattern for file in files for pattern in _read(file))
    _refuse_repeats(patterns)
    known = calibration(base / "calibration.yaml") if is_calibrated else Calibration()
    return Lexicon(tuple(replace(p, confidence=round(known.confidence(p.id, p.confidence), 3)) for p in patterns))


def calibration(file: Path) -> Calibration:
    """What the file counts; nothing where it is not there."""
    import yaml

    if not file.exists():
        return Calibration()
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_loader())
        counts = {name: (int(fired), int(right)) for name, (fired, right) in data["patterns"].items()}
        return Calibration(strength=float(data["strength"]), leniency=float(data["leniency"]), counts=counts)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise OntologyError(f"{file}: cannot be read as a calibration: {error!r}; make it anew by `make calibrate`") from error


def files_of(path: Path) -> list[Path]:
    """The file itself, or the pattern files of a folder."""
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _read(file: Path) -> Iterator[Pattern]:
    import yaml

    try:
        entries = yaml.load(file.read_text(encoding="utf-8"), Loader=_loader())
    except yaml.YAMLError as error:
        raise OntologyError(f"{file}: not readable as YAML; {error}") from error
    if not isinstance(entries, list):
        raise OntologyError(f"{file}: expected a list of patterns, one '- name: ...' each")
    for number, entry in enumerate(entries, 1):
        try:
            yield _pattern(file.stem, entry)
        except (KeyError, TypeError, ValueError) as error:
            raise OntologyError(f"{file}: pattern {number}: {error}") from error


def _loader() -> Any:
    """A safe YAML loader to which only "true" and "false" are truth values: "on" is a preposition here."""
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    boolean = "tag:yaml.org,2002:bool"
    resolvers = {
        first: [(tag, form) for tag, form in known if tag != boolean or first in "tTfF"]
        for first, known in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})


def _pattern(relation: str, entry: Mapping[str, Any]) -> Pattern:
    unknown = set(entry) - _KEYS
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}")
    kinds = [kind for kind in TRIGGERS if kind in entry]
    if len(kinds) != 1:
        raise ValueError("name the trigger words under exactly one of verb, noun, adjective")
    for needed in ("name", "subject", "object", "catch", "leave"):
        if needed not in entry:
            raise ValueError(f"'{needed}' is missing")
    return Pattern(
        relation=relation,
        name=entry["name"],
        kind=kinds[0],
        lemmas=_words(entry[kinds[0]]),
        subject=_words(entry["subject"]),
        object=_words(entry["object"]),
        with_object=frozenset(_words(entry.get("with_object", ()))),
        with_modifier=frozenset(_words(entry.get("with_modifier", ()))),
        with_head=frozenset(_words(entry.get("with_head", ()))),
        without_head=frozenset(_words(entry.get("without_head", ()))),
        subject_type=_words(entry.get("subject_type", ())),
        object_type=_words(entry.get("object_type", ())),
        subject_kind=_kind(entry.get("subject_kind")),
        object_kind=_kind(entry.get("object_kind")),
        copular=bool(entry.get("copular", False)),
        negated=bool(entry.get("negated", False)),
        confidence=float(entry.get("confidence", 0.7)),
        catch=tuple(Example(**example) for example in _listed(entry["catch"])),
        leave=tuple(_listed(entry["leave"])),
    )


def _kind(value: Any) -> str | None:
    if value not in {None, "name", "nominal"}:
        raise ValueError(f"'{value}' is no kind of mention; say name or nominal")
    return value


def _words(value: Any) -> tuple[str, ...]:
    return tuple(_listed(value))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _refuse_repeats(patterns: Sequence[Pattern]) -> None:
    seen: set[str] = set()
    for pattern in patterns:
        if pattern.id in seen:
            raise OntologyError(
                f"{pattern.id}: this pattern name is given twice; give each pattern of a relation its own"
            )
        seen.add(pattern.id)
