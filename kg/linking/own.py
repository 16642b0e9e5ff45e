"""Knowledge bases of the user's own: entities from JSON Lines, CSV or Turtle, beside those of `ontology/knowledge`.

An entry is joined with a known entity of the same id, or of an id that its `same_as` names; else it is a new entity.
What comes back has the form of the built-in records, where `own` lists the names that the user brought.
"""

import csv
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg import ids
from kg.errors import KnowledgeError
from kg.linking.knowledge import iri_elsewhere
from kg.linking.names import key_of
from kg.ontology import Ontology

COLUMNS = ("id", "type", "label", "aliases", "same_as", "country")
"""What an entry may say; `OFFICES` besides, in JSON Lines."""

OFFICES = "offices"

_ENTITIES = ids.BASE + "entity/"
_COUNTRY = "Country"
_LAST_DAY = "9999-12-31"
_WIKIDATA = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9]\d*)")
_BAD_IN_IRI = re.compile(r'[\s<>"{}|\\^`]')

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a file says of one entity, as it stands there."""

    where: str  # file and line; of Turtle the subject
    said: Mapping[str, Any]

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a key of several; one text counts as one value."""
        value = self.said.get(name) or ()
        values = (value,) if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
            raise self.error(f"{name} must be texts, not {json.dumps(value, default=str)}; write a list of texts")
        return tuple(dict.fromkeys(" ".join(v.split()) for v in values if v.strip()))

    def text(self, name: str) -> str | None:
        """The one value of a key; None where there is none."""
        value = self.said.get(name)
        if value is not None and not isinstance(value, str):
            raise self.error(f"{name} must be a text, not {json.dumps(value, default=str)}; put it in quotes")
        return " ".join(value.split()) or None if value else None

    def error(self, message: str) -> KnowledgeError:
        return KnowledgeError(f"{self.where}: {message}")


def joined(files: Iterable[Path], known: Sequence[Mapping[str, Any]], ontology: Ontology) -> list[Mapping[str, Any]]:
    """The known records with those of the files: these first, in the order of files and lines.

    Raises:
        KnowledgeError: for a file or an entry that cannot be read; says where, and what to do.
    """
    reader = _Reader(known, ontology)
    new: dict[str, Record] = {}
    extended: dict[str, Record] = {}
    places: dict[str, Entry] = {}
    for entry in (found for file in files for found in entries(file, ontology)):
        record = reader.record(entry)
        iri = record["iri"]
        before = extended.get(iri) or new.get(iri) or reader.by_iri.get(iri)
        if before is None:
            new[iri], places[iri] = _new(record, entry), entry
        elif iri in new:
            _refuse_other(before, record, entry, places[iri])
            new[iri] = _joined(before, record)
        else:
            extended[iri] = _joined(before, record)
    return [*new.values(), *(extended.get(record["iri"], record) for record in known)]


def _new(record: Record, entry: Entry) -> Record:
    for name in ("type", "label"):
        if not record.get(name):
            raise entry.error(f"no {name}, and the knowledge base has no entity {record['iri']!r} yet; give it a {name}")
    names = [record["label"], *record["aliases"]]
    return {**record, "own": names}


def _refuse_other(before: Mapping[str, Any], record: Record, entry: Entry, place: Entry) -> None:
    """Raise where two entries of one id say that it is of two classes or countries."""
    for name in ("type", "country"):
        one, other = before.get(name), record.get(name)
        if one and other and one != other:
            raise entry.error(f"{name} {other}, but {one} at {place.where}; correct one, or give it an id of its own")


def _joined(before: Mapping[str, Any], record: Record) -> Record:
    """What was known, with the names, ids and offices that an entry adds."""
    said = [before["label"], *before.get("aliases", ()), *before.get("demonyms", ()), *before.get("metonyms", ())]
    names = [name for name in (record.get("label"), *record["aliases"]) if name]
    known = set(map(key_of, said))
    added = [name for name in names if key_of(name) not in known]
    return {
        **before,
        "aliases": list(dict.fromkeys([*before.get("aliases", ()), *added])),
        "same_as": list(dict.fromkeys([*before.get("same_as", ()), *record["same_as"]])),
        "offices": [*before.get(OFFICES, ()), *record[OFFICES]],
        "country": before.get("country") or record.get("country"),
        "own": list(dict.fromkeys([*before.get("own", ()), *added])),
    }


@dataclass(frozen=True)
class _Reader:
    """What the words of entries mean: ids, classes and countries."""

    known: Sequence[Mapping[str, Any]]
    ontology: Ontology

    @cached_property
    def by_iri(self) -> Mapping[str, Mapping[str, Any]]:
        return {record["iri"]: record for record in self.known}

    def record(self, entry: Entry) -> Record:
        """The entry in the form of the knowledge base; without type and label where it has none."""
        same_as = [self._same_as(name, entry) for name in entry.texts("same_as")]
        iri, elsewhere = self._iri(entry, same_as)
        label, aliases = entry.text("label"), entry.texts("aliases")
        return {
            "iri": iri,
            "type": self._type(entry),
            "label": label,
            "aliases": [alias for alias in aliases if alias != label],
            "same_as": list(dict.fromkeys([*elsewhere, *same_as])),
            "country": self._country(entry.text("country"), entry),
            OFFICES: self._offices(entry),
        }

    def _iri(self, entry: Entry, same_as: Sequence[str]) -> tuple[str, list[str]]:
        """The IRI, from `entity/` on where it lies there, and the id elsewhere that the id is."""
        name = entry.text("id")
        if name is None:
            raise entry.error("no id; give it an IRI, a Wikidata id (Q42) or a name of your own")
        iri, elsewhere = self._named(name, entry)
        found = {self._elsewhere[other] for other in same_as if other in self._elsewhere}
        if iri in self.by_iri:
            found.add(iri)
        if len(found) > 1:
            raise entry.error(f"is {' and '.join(sorted(found))} at once, by id and same_as; take out what is wrong")
        return (next(iter(found)) if found else iri), elsewhere

    def _named(self, name: str, entry: Entry) -> tuple[str, list[str]]:
        found = _WIKIDATA.fullmatch(name)
        if found is not None:
            iri = iri_elsewhere(f"wd:{found[1]}")
            return self._elsewhere.get(iri, found[1]), [iri]
        if name.startswith(_ENTITIES) or name in self.by_iri:
            return name.removeprefix(_ENTITIES), []
        if "://" not in name:
            return quote(name, safe="/"), []
        if _BAD_IN_IRI.search(name):
            raise entry.error(f"{name!r} is no IRI; it must have no spaces, quotes or brackets")
        return (self._elsewhere[name], [name]) if name in self._elsewhere else (name, [])

    def _same_as(self, name: str, entry: Entry) -> str:
        found = _WIKIDATA.fullmatch(name)
        if found is not None:
            return iri_elsewhere(f"wd:{found[1]}")
        if name.startswith("gn:") and name[3:].isdigit():
            return iri_elsewhere(name)
        if "://" not in name or _BAD_IN_IRI.search(name):
            raise entry.error(f"same_as {name!r} is no IRI; write an IRI, a Wikidata id (Q42) or a GeoNames id (gn:42)")
        return name

    @cached_property
    def _elsewhere(self) -> Mapping[str, str]:
        """Known entities by their IRIs elsewhere."""
        return {iri_elsewhere(same): record["iri"] for record in self.known for same in record.get("same_as", ())}

    def _type(self, entry: Entry) -> str | None:
        name = entry.text("type")
        if name is None:
            return None
        found = name if name in self.ontology.classes else self._classes.get(re.split(r"[:#/]", name)[-1].casefold())
        if found is None:
            close = difflib.get_close_matches(name, [c.name for c in self.ontology.classes.values()], n=3, cutoff=0.4)
            raise entry.error(f"type {name!r} is no class of the ontology; take {_either(close) or 'one of its classes'}")
        return found

    @cached_property
    def _classes(self) -> Mapping[str, str]:
        return {c.name.casefold(): c.iri for c in sorted(self.ontology.classes.values(), key=lambda c: c.iri, reverse=True)}

    def _country(self, name: str | None, entry: Entry) -> str | None:
        if name is None:
            return None
        found = self._countries.get(name.casefold()) or self._code(self._named(name, entry)[0])
        if found is None:
            raise entry.error(f"country {name!r} is not known; write its code of three letters (ISO 3166-1: USA) or its name")
        return found

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        """Codes of countries by code and by name, without regard to case."""
        found: dict[str, str] = {}
        for record in self.known:
            if record["type"] == _COUNTRY and record.get("country"):
                for name in (record["country"], record["label"], *record.get("aliases", ())):
                    found.setdefault(name.casefold(), record["country"])
        return found

    def _code(self, iri: str) -> str | None:
        record = self.by_iri.get(iri)
        return record.get("country") if record is not None and record["type"] == _COUNTRY else None

    def _offices(self, entry: Entry) -> list[list[str]]:
        """The offices as the knowledge base has them: of whom, what, first and last day."""
        listed = entry.said.get(OFFICES) or []
        try:
            if not isinstance(listed, list):
                raise TypeError("no list")
            return [self._office(said, entry) for said in listed]
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            form = '[{"office": "president", "of": "USA", "from": "2020-01-31", "to": "2024-01-31"}]'
            raise entry.error(f"offices {json.dumps(listed, default=str)} cannot be read; write {form}") from error

    def _office(self, said: Mapping[str, Any], entry: Entry) -> list[str]:
        of, office = said["of"].strip(), said["office"].strip()
        days = [date.fromisoformat(said["from"]), date.fromisoformat(said.get("to") or _LAST_DAY)]
        country = self._countries.get(of.casefold())
        return [f"country/{country}" if country else self._named(of, entry)[0], office, *(d.isoformat() for d in days)]


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)


# ---- files


def entries(file: Path, ontology: Ontology) -> Iterator[Entry]:
    """What a file says, entity by entity, in its order; of Turtle sorted by IRI."""
    readers = {".jsonl": _json_lines, ".csv": _csv}
    try:
        if file.suffix.lower() == ".ttl":
            yield from _turtle(file, ontology)
        elif file.suffix.lower() in readers:
            yield from readers[file.suffix.lower()](file)
        else:
            raise KnowledgeError(f"{file}: no knowledge base; its name must end in .jsonl, .csv or .ttl")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{file}: is not in UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise KnowledgeError(f"{file}: cannot be read; {error.strerror or error}") from error


def _json_lines(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{file}, line {number}"
                yield Entry(where=where, said=_object(line, where))


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise KnowledgeError(f"{where}: is no JSON ({error}); write one object a line") from error
    if not isinstance(said, dict):
        raise KnowledgeError(f"{where}: is no JSON object; write one object a line, such as " + '{"id": "Q42", ...}')
    _refuse_unknown(said, (*COLUMNS, OFFICES), where, "key")
    return said


def _refuse_unknown(names: Iterable[str], known: Sequence[str], where: str, kind: str) -> None:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"leave it out, or take one of {', '.join(known)}"
            raise KnowledgeError(f"{where}: no {kind} goes by the name {name!r}; {meant}")


def _csv(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, strict=True)
        try:
            header = [name.strip() for name in rows.fieldnames or ()]
            _refuse_unknown(header, COLUMNS, f"{file}, line 1", "column")
            if "id" not in header:
                raise KnowledgeError(f"{file}, line 1: no column id; the first line must name the columns: {','.join(COLUMNS)}")
            rows.fieldnames = header
            for row in rows:
                yield _entry_of(row, f"{file}, line {rows.line_num}")
        except csv.Error as error:
            raise KnowledgeError(f"{file}, line {rows.line_num}: is no CSV ({error}); put texts with quotes in quotes") from error


def _entry_of(row: Mapping[str | None, Any], where: str) -> Entry:
    if None in row:
        raise KnowledgeError(f"{where}: has more values than columns; put a value with a comma in quotes")
    said = {str(name): (value or "").strip() for name, value in row.items()}
    several: dict[str, Any] = {name: said[name].split("|") for name in ("aliases", "same_as") if name in said}
    return Entry(where=where, said={**said, **several})


def _turtle(file: Path, ontology: Ontology) -> Iterator[Entry]:
    from rdflib import Graph, URIRef
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph, text = Graph(), file.read_text(encoding="utf-8-sig")
    try:
        graph.parse(data=text, format="turtle", publicID=ids.ONTOLOGY)
    except BadSyntax as error:
        raise KnowledgeError(f"{file}, line {error.lines + 1}: is no Turtle; {error._why}") from error
    except IndexError as error:  # what rdflib makes of a file that ends too soon
        raise KnowledgeError(f"{file}, line {text.count(chr(10)) + 1}: is no Turtle; it ends within a triple") from error
    for subject in sorted(s for s in set(graph.subjects()) if isinstance(s, URIRef)):
        entry = _described(graph, subject, file, ontology)
        if entry is not None:
            yield entry


def _described(graph: Any, subject: Any, file: Path, ontology: Ontology) -> Entry | None:
    """What a graph says of a subject; None where it gives it no name, or describes terms and not a thing."""
    from rdflib import OWL, RDF, RDFS, SKOS, URIRef

    labels = [*_texts(graph, subject, RDFS.label), *_texts(graph, subject, SKOS.prefLabel)]
    names = [*labels, *_texts(graph, subject, SKOS.altLabel)]
    types = sorted(map(str, graph.objects(subject, RDF.type)))
    if not names or any(t.startswith((str(OWL), str(RDFS))) and not t.endswith("#NamedIndividual") for t in types):
        return None
    classes = [t for t in types if t in ontology.classes] or [t for t in types if not t.startswith((str(OWL), str(SKOS)))]
    return Entry(
        where=f"{file}, <{subject}>",
        said={
            "id": str(subject),
            "type": _narrowest(classes, ontology),
            "label": labels[0] if labels else None,
            "aliases": names[1:] if labels else names,
            "same_as": sorted(map(str, graph.objects(subject, OWL.sameAs))),
            "country": next(iter(sorted(map(str, graph.objects(subject, URIRef(ids.ONTOLOGY + "country"))))), None),
        },
    )


def _texts(graph: Any, subject: Any, predicate: Any) -> list[str]:
    """The values in English or in no language, these first, sorted; others where there are none of these."""
    found = sorted((str(v.language or ""), str(v)) for v in graph.objects(subject, predicate) if hasattr(v, "language"))
    return [text for language, text in found if language.split("-")[0] in ("", "en")] or [text for _, text in found]


def _narrowest(classes: Sequence[str], ontology: Ontology) -> str | None:
    """Of several classes one with none of the others below it."""
    ends = [c for c in classes if not any(other != c and ontology.is_a(other, c) for other in classes)]
    return next(iter(ends), None)
