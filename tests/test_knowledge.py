"""The compiled knowledge base, and the parts of the script that compiles it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids, ontology, resources
from kg.linking import Linker
from training import actors, knowledge

FOLDER = resources.folder("ontology") / "knowledge"
FILES = sorted(FOLDER.glob("*.jsonl"))
RECORDS = [json.loads(line) for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
BY_IRI = {record["iri"]: record for record in RECORDS}
KEYS = {
    "iri", "type", "label", "aliases", "demonyms", "metonyms", "surnames", "local", "common", "shared", "unsought", "same_as",
    "country", "offices", "broader",
}  # fmt: skip


def names(record):
    return [record["label"], *(n for key in ("aliases", "demonyms", "metonyms") for n in record.get(key, ()))]


def test_every_entity_is_there_once():
    assert len(BY_IRI) == len(RECORDS) > 3000


def test_files_are_small_and_sorted():
    assert sum(file.stat().st_size for file in FILES) < 3_000_000
    for file in FILES:
        iris = [json.loads(line)["iri"] for line in file.read_text(encoding="utf-8").splitlines()]
        assert iris == sorted(iris)


def test_every_entity_is_of_a_class_of_the_ontology_and_has_known_keys_only():
    classes = {found.name for found in ontology.load().classes.values()}

    assert {record["type"] for record in RECORDS} <= classes
    assert {key for record in RECORDS for key in record} <= KEYS


def test_every_name_is_written_as_in_text():
    for record in RECORDS:
        for name in names(record):
            assert name == " ".join(name.split()) and name and not name.endswith("*"), record


def test_marked_names_are_names_of_the_entity():
    for record in RECORDS:
        assert {n for key in ("local", "common", "unsought", "surnames") for n in record.get(key, ())} <= set(
            names(record)
        ), record


def test_references_are_well_formed_and_lead_somewhere():
    for record in RECORDS:
        assert all(re.fullmatch(r"wd:Q\d+|gn:\d+", same) for same in record.get("same_as", ())), record
        assert re.fullmatch("[A-Z]{3}|", record.get("country", "")), record
        assert record.get("broader", record["iri"]) in BY_IRI, record
        assert all(start < end for start, end in record.get("terms", ())), record


def test_no_two_entities_claim_the_same_thing_elsewhere():
    same = [same for record in RECORDS for same in record.get("same_as", ())]

    assert len(same) == len(set(same))


def test_every_choice_of_a_homonym_is_a_known_sense_of_it():
    linker = Linker.load(ontology=ontology.load())
    for name, choices in linker.habits.homonyms.items():
        senses = {sense.entity.iri for sense in linker.knowledge.of(name)}
        assert {choice.iri for choice in choices} <= senses, name
        assert len(choices) > 1, name


@pytest.mark.parametrize(
    "iri", ["country/USA", "country/CHN", "government/CHN", "city/beijing", "mineral/lithium", "person/joe-biden"]
)
def test_cornerstones_are_there(iri):
    assert iri in BY_IRI


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Afghan", ["Afghan", "Afghans"]),
        ("Chinese", ["Chinese"]),
        ("Danish / Danes", ["Danish", "Danes"]),
        ("Azerbaijani, Azeri", ["Azerbaijani", "Azeri", "Azerbaijanis", "Azeris"]),
        ("", []),
    ],
)
def test_demonyms_are_adjectives_and_plurals(written, expected):
    assert knowledge.demonyms(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("VLADIMIR_PUTIN_", "Vladimir Putin"),
        ("MAROUF_AL_BAKHIT_", "Marouf al Bakhit"),
        ("ANNE-MARIE_O'NEIL", "Anne-Marie O'Neil"),
        ("IAN_MCKAY", "Ian McKay"),
        ("DE_GAULLE", "De Gaulle"),
    ],
)
def test_name_in_capitals_is_written_as_people_do(written, expected):
    assert actors.written(written) == expected


def test_forms_of_a_name_have_every_first_name_and_the_suffix_with_and_without_comma():
    forms = set(
        knowledge.name_forms({"first": "Anna", "middle": "Lee", "last": "Berg", "nickname": "Ann", "suffix": "Jr."})
    )

    assert {"Anna Berg", "Ann Berg", "Anna L. Berg", "Anna Lee Berg", "Anna L. Berg, Jr.", "Ann Berg Jr."} <= forms


def test_actors_are_read_with_their_names_and_codes(tmp_path):
    file = tmp_path / "actors.txt"
    file.write_text(
        "# head\nANNA_BERG_ [SWEGOV 900101-951231] # note\n+A._BERG_\n\t[SWEELI]\nBO_LUND_\n\t[NORGOV >100101]\n"
    )

    assert list(actors.actors(file)) == [
        actors.Actor(names=("ANNA_BERG_", "A._BERG_"), codes=("SWEGOV 900101-951231", "SWEELI")),
        actors.Actor(names=("BO_LUND_",), codes=("NORGOV >100101",)),
    ]


@pytest.mark.parametrize(
    ("codes", "since", "is_leader"),
    [
        (("SWEGOV 900101-951231", "SWEELI"), 1995, True),
        (("SWEGOV 900101-951231", "SWEELI"), 1996, False),
        (("SWEGOV >100101", "SWEELI"), 2014, True),
        (("SWEGOV 030101-140101", "SWEELI"), 2014, True),
        (("SWEGOV 900101-951231",), 1990, False),
        (("SWEELI",), 1990, False),
        (("NORGOV >100101", "NORELI"), 1990, False),
    ],
)
def test_leaders_are_rulers_who_held_office_since_a_year(tmp_path, codes, since, is_leader):
    file = tmp_path / "actors.txt"
    file.write_text("ANNA_BERG_\n" + "".join(f"\t[{code}]\n" for code in codes))

    assert bool(list(actors.leaders(file, since=since, without=("NOR",)))) is is_leader


@given(st.lists(st.text(min_size=1).filter(str.strip)), st.text(min_size=1).filter(str.strip))
def test_records_of_one_iri_become_one_with_all_names(aliases, label):
    one = knowledge.record("City", label, aliases=aliases[:1])
    two = knowledge.record("City", label, aliases=aliases)

    assert knowledge.merged([one, two]) == knowledge.merged(knowledge.merged([one, two]))
    assert set(knowledge.merged([one, two])[0]["aliases"]) == set(one["aliases"]) | set(two["aliases"])


def test_lines_leave_out_what_is_empty_and_are_sorted():
    records = [knowledge.record("City", "B"), knowledge.record("City", "A", country="")]

    assert list(knowledge.lines(records)) == [
        '{"iri":"city/a","type":"City","label":"A"}\n',
        '{"iri":"city/b","type":"City","label":"B"}\n',
    ]


def test_iri_is_the_one_that_a_minted_entity_of_that_name_would_have():
    place = knowledge.record("Region", "Horn of Africa")

    assert ids.BASE + "entity/" + place["iri"] == ids.entity_iri(ids.ONTOLOGY + "Region", "Horn of Africa")
