"""The ontology folder as values: classes, relations and the common nouns that name members of a class.

`policy.ttl` holds classes and relations, `nouns.yaml` the nouns. A file of the user's own extends them, or takes the
place of `policy.ttl`; what both say of one term is joined. The lexical patterns beside them are read by `kg.lexicon`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import ids, resources
from kg.errors import OntologyError

if TYPE_CHECKING:
    from pyoxigraph import Literal, RdfFormat

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_FORMATS = {
    ".ttl": "TURTLE", ".nt": "N_TRIPLES", ".n3": "N3", ".rdf": "RDF_XML", ".owl": "RDF_XML", ".xml": "RDF_XML",
    ".jsonld": "JSON_LD",
}  # fmt: skip

ANYTHING = _OWL + "Thing"
"""The class that everything belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A kind of entity."""

    iri: str
    name: str
    label: str
    definition: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A relation: what may stand as the predicate of a statement."""

    iri: str
    name: str
    label: str
    definition: str = ""
    domain: tuple[str, ...] = ()  # any of these classes; none is anything
    range: tuple[str, ...] = ()
    symmetric: bool = False
    inverse: str | None = None
    plover: str | None = None  # event type of the PLOVER coding scheme
    plover_intent: str | None = None  # and where it is planned only


@dataclass(frozen=True, kw_only=True)
class Ontology:
    """All classes and relations by their IRI, and the nouns."""

    classes: Mapping[str, Class]
    properties: Mapping[str, Property]
    nouns: Mapping[str, str] = field(default_factory=dict)  # lemma to class IRI
    empty_modifiers: frozenset[str] = frozenset()  # words before a noun that tell nothing of what it names
    version: str | None = None

    def property_named(self, name: str) -> Property | None:
        return self._by_name.get(name)

    def relations(self) -> tuple[Property, ...]:
        """All properties, by name."""
        return tuple(sorted(self.properties.values(), key=lambda p: (p.name, p.iri)))

    def is_a(self, class_iri: str, ancestor_iri: str) -> bool:
        """Whether the class is the ancestor or lies below it, through any number of steps."""
        return ancestor_iri in (class_iri, ANYTHING) or ancestor_iri in self._ancestors.get(class_iri, ())

    def fits(self, class_iri: str, allowed: Sequence[str]) -> bool:
        """Whether the class lies below one of those allowed; where none is named, everything is."""
        return not allowed or any(self.is_a(class_iri, ancestor) for ancestor in allowed)

    def is_symmetric(self, property_iri: str) -> bool:
        found = self.properties.get(property_iri)
        return found is not None and found.symmetric

    def plover_of(self, property_iri: str, *, is_planned: bool = False) -> str | None:
        found = self.properties.get(property_iri)
        if found is None:
            return None
        return (found.plover_intent or found.plover) if is_planned else found.plover

    def label_of(self, iri: str) -> str:
        """The label of a class or relation; of another IRI its last part."""
        found = self.classes.get(iri) or self.properties.get(iri)
        return found.label if found is not None else ids.predicate_name(iri)

    def noun_class(self, lemma: str) -> str | None:
        """The class whose members a common noun names, or None where it is not known.

        A noun with a hyphen counts as its last part: "co-chair" as "chair".
        """
        return self.nouns.get(lemma) or (self.nouns.get(lemma.rsplit("-", 1)[1]) if "-" in lemma else None)

    def check(self) -> list[str]:
        """What is missing or contradicts itself, one line each."""
        return [*self._class_problems(), *self._property_problems(), *self._name_problems()]

    def _class_problems(self) -> Iterator[str]:
        for found in self.classes.values():
            yield from _gaps(found, "label", "definition")
            own = [parent for parent in found.parents if parent.startswith(ids.ONTOLOGY)]
            yield from self._unknown(found.iri, "rdfs:subClassOf", own)
            if any(found.iri in self._ancestors.get(parent, ()) for parent in found.parents):
                yield f"{found.iri}: is a subclass of itself"
        for lemma, class_iri in self.nouns.items():
            yield from self._unknown(f"noun {lemma!r}", "its class", (class_iri,))

    def _property_problems(self) -> Iterator[str]:
        for found in self.properties.values():
            yield from _gaps(found, "label", "definition", "domain", "range")
            yield from self._unknown(found.iri, "rdfs:domain", found.domain)
            yield from self._unknown(found.iri, "rdfs:range", found.range)
            if found.symmetric and set(found.domain) != set(found.range):
                yield f"{found.iri}: is symmetric, so its domain and range must be the same"
            if found.inverse is not None and found.inverse not in self.properties:
                yield f"{found.iri}: owl:inverseOf names {found.inverse}, which is no relation"

    def _name_problems(self) -> Iterator[str]:
        for found in self.properties.values():
            if self._by_name[found.name] is not found:
                yield f"{found.iri}: {self._by_name[found.name].iri} has the same name '{found.name}'"

    def _unknown(self, where: str, what: str, iris: Iterable[str]) -> Iterator[str]:
        for iri in iris:
            if iri not in self.classes and iri != ANYTHING:
                yield f"{where}: {what} names {iri}, which is no class"

    @cached_property
    def _by_name(self) -> Mapping[str, Property]:
        return {found.name: found for found in reversed(self.relations())}

    @cached_property
    def _ancestors(self) -> Mapping[str, frozenset[str]]:
        """For each class all those above it, through any number of steps."""
        return {iri: frozenset(self._above(iri)) for iri in self.classes}

    def _above(self, class_iri: str) -> set[str]:
        seen: set[str] = set()
        ahead = [*self.classes[class_iri].parents]
        while ahead:
            iri = ahead.pop()
            if iri not in seen:
                seen.add(iri)
                ahead.extend(self.classes[iri].parents if iri in self.classes else ())
        return seen


def _gaps(found: Class | Property, *names: str) -> Iterator[str]:
    for name in names:
        if not getattr(found, name):
            yield f"{found.iri}: has no {name}"


def load(folder: Path | None = None, *, extend: Sequence[Path] = (), replace: Path | None = None) -> Ontology:
    """The ontology of a folder, ours where none is named.

    Args:
        extend: RDF files (.ttl, .nt, .rdf, .owl, .jsonld) that add classes, relations and nouns.
        replace: An RDF file to be read in place of `policy.ttl`.

    Raises:
        OntologyError: for a file that is missing or cannot be read; what it says is judged by `check`.
    """
    folder = folder or resources.folder("ontology")
    graph = _Graph.read([replace or folder / "policy.ttl", *extend])
    listed = _read_nouns(folder / "nouns.yaml")
    classes = {iri: _class(graph, iri) for iri in graph.of_type(_OWL + "Class", _RDFS + "Class")}
    relations = [iri for iri in graph.of_type(_OWL + "ObjectProperty") if not _is_record(graph, iri)]
    nouns = {noun: ids.ONTOLOGY + name for name, words in listed["classes"].items() for noun in words}
    if replace is not None:  # another ontology need not have the classes of our nouns
        nouns = {noun: iri for noun, iri in nouns.items() if iri in classes}
    return Ontology(
        classes=classes,
        properties={iri: _property(graph, iri) for iri in relations},
        nouns={**nouns, **_nouns_of(graph, classes)},
        empty_modifiers=frozenset(listed["empty_modifiers"]),
        version=graph.text(ids.ONTOLOGY.rstrip("#"), _OWL + "versionInfo"),
    )


def _class(graph: "_Graph", iri: str) -> Class:
    return Class(
        iri=iri,
        name=ids.predicate_name(iri),
        label=graph.label(iri),
        definition=graph.definition(iri),
        parents=tuple(sorted(set(graph.classes(iri, _RDFS + "subClassOf")) - {ANYTHING})),
    )


def _property(graph: "_Graph", iri: str) -> Property:
    return Property(
        iri=iri,
        name=ids.predicate_name(iri),
        label=graph.label(iri),
        definition=graph.definition(iri),
        domain=graph.classes(iri, _RDFS + "domain"),
        range=graph.classes(iri, _RDFS + "range"),
        symmetric=_OWL + "SymmetricProperty" in graph.values(iri, _RDF + "type"),
        inverse=next(iter(graph.values(iri, _OWL + "inverseOf")), None),
        plover=graph.text(iri, ids.ONTOLOGY + "ploverEvent"),
        plover_intent=graph.text(iri, ids.ONTOLOGY + "ploverIntent"),
    )


def _is_record(graph: "_Graph", iri: str) -> bool:
    """Whether it tells how a statement is recorded, and so is never the predicate of one."""
    return ids.ONTOLOGY + "record" in graph.values(iri, _RDFS + "subPropertyOf")


def _nouns_of(graph: "_Graph", classes: Iterable[str]) -> dict[str, str]:
    return {noun: iri for iri in classes for noun in graph.texts(iri, ids.ONTOLOGY + "noun")}


@dataclass(frozen=True)
class _Graph:
    """What RDF files say, by subject and predicate; a blank node goes by its name with "_:" before it."""

    said: Mapping[tuple[str, str], Sequence["str | Literal"]]

    @staticmethod
    def read(files: Iterable[Path]) -> "_Graph":
        said: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for number, file in enumerate(files):
            for subject, predicate, value in _triples(file, blank=f"f{number}"):
                said[subject, predicate].append(value)
        return _Graph(said)

    def of_type(self, *types: str) -> list[str]:
        """The named subjects of one of the types, sorted."""
        return sorted({
            subject for (subject, predicate), values in self.said.items()
            if predicate == _RDF + "type" and not subject.startswith("_:") and any(v in types for v in values)
        })  # fmt: skip

    def values(self, subject: str, predicate: str) -> list[str]:
        return [v for v in self.said.get((subject, predicate), ()) if isinstance(v, str)]

    def texts(self, subject: str, predicate: str) -> list[str]:
        """The literals, those in English or in no language before others."""
        found = [v for v in self.said.get((subject, predicate), ()) if not isinstance(v, str)]
        return [v.value for v in sorted(found, key=lambda v: (v.language or "en").split("-")[0] != "en")]

    def text(self, subject: str, predicate: str) -> str | None:
        return next(iter(self.texts(subject, predicate)), None)

    def label(self, subject: str) -> str:
        return self.text(subject, _RDFS + "label") or self.text(subject, _SKOS + "prefLabel") or ""

    def definition(self, subject: str) -> str:
        return self.text(subject, _SKOS + "definition") or self.text(subject, _RDFS + "comment") or ""

    def classes(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The classes that are named, unions taken apart, in order and each once."""
        return tuple(dict.fromkeys(c for value in self.values(subject, predicate) for c in self._members(value)))

    def _members(self, value: str) -> Iterator[str]:
        if not value.startswith("_:"):
            yield value
        for rest in self.values(value, _OWL + "unionOf"):
            yield from self._listed(rest)

    def _listed(self, rest: str) -> Iterator[str]:
        while rest != _RDF + "nil" and (first := self.values(rest, _RDF + "first")):
            yield from self._members(first[0])
            rest = next(iter(self.values(rest, _RDF + "rest")), _RDF + "nil")


def _triples(file: Path, *, blank: str) -> Iterator[tuple[str, str, "str | Literal"]]:
    """The triples of a file: IRIs and blank nodes as strings, literals as they are."""
    import pyoxigraph

    try:
        for triple in pyoxigraph.parse(path=str(file), format=_format_of(file), base_iri=ids.ONTOLOGY):
            yield str(_node(triple.subject, blank)), triple.predicate.value, _node(triple.object, blank)
    except SyntaxError as error:
        raise OntologyError(f"{file}, line {error.lineno}: {error.msg}") from error
    except (OSError, ValueError) as error:
        raise OntologyError(f"{file}: cannot be read; {error}") from error


def _node(term: Any, blank: str) -> "str | Literal":
    import pyoxigraph

    if isinstance(term, pyoxigraph.BlankNode):
        return f"_:{blank}{term.value}"
    return term.value if isinstance(term, pyoxigraph.NamedNode) else term


def _format_of(file: Path) -> "RdfFormat":
    import pyoxigraph

    try:
        return getattr(pyoxigraph.RdfFormat, _FORMATS[file.suffix.lower()])
    except KeyError:
        raise OntologyError(f"{file}: no ontology file; its name must end in {', '.join(_FORMATS)}") from None


def _read_nouns(file: Path) -> Mapping[str, Any]:
    """The nouns of each class and the empty modifiers."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # words are words: "no" and "on" are no booleans
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise OntologyError(f"{file}: cannot be read; {error}") from error
    except yaml.YAMLError as error:
        raise OntologyError(f"{file}: not readable as YAML; {error}") from error
    _refuse_bad_nouns(file, data)
    return data


def _refuse_bad_nouns(file: Path, data: Any) -> None:
    if not isinstance(data, dict) or not isinstance(data.get("classes"), dict) or "empty_modifiers" not in data:
        raise OntologyError(f"{file}: expected the keys 'classes' (nouns of each class) and 'empty_modifiers'")
    seen: dict[str, str] = {}
    for name, words in data["classes"].items():
        for word in words:
            if seen.setdefault(word, name) != name:
                raise OntologyError(f"{file}: the noun {word!r} stands under {seen[word]} and {name}; keep one")
