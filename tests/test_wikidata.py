"""A Wikidata dump as a knowledge base: what is kept of it, and what is done about what is wrong with it."""

import bz2
import gzip
import json
import re
import subprocess
import sys

import pytest

from kg import ids, ontology
from kg.errors import KnowledgeError, UsageError
from kg.linking import Linker
from kg.linking.wikidata import Rules, convert, record_of

ONTOLOGY = ontology.load()
RULES = Rules.load()


def statement(value, *, rank="normal", qualifiers=()):
    value = {"entity-type": "item", "id": value} if re.fullmatch(r"Q\d+", value) else value
    said = {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "type": "statement", "rank": rank}
    return {**said, "qualifiers": {q: [{}] for q in qualifiers}} if qualifiers else said


def item(number, label, *, aliases=(), language="en", **claims):
    """An item in the form of a dump; claims are ids or texts, one or several."""
    stated = {p: [s if isinstance(s, dict) else statement(s) for s in ([v] if isinstance(v, str | dict) else v)] for p, v in claims.items()}
    return {
        "type": "item",
        "id": number,
        "labels": {language: {"language": language, "value": label}} if label else {},
        "aliases": {language: [{"language": language, "value": a} for a in aliases]} if aliases else [],
        "claims": stated or [],
    }


ITEMS = [
    item("Q900000001", "Zorvex Holdings", aliases=["Zorvex", "ZVX", "zorvex", "7"], P31="Q891723", P17="Q39"),
    item("Q900000002", "Jana Dorvik", language="mul", P31="Q5", P27=["Q39", "Q183"]),
    item("Q900000003", "Dorvik Ministry", P31=["Q43229", "Q192350"], P17="Q183"),
    item("Q30", "United States", aliases=["Uncle Zorv"], P31="Q6256", P298="USA"),
    item("Q900000004", "Gas Act", P31="Q820655"),
    item("Q900000005", "zorvium vaccine", aliases=["zorvium shot"], P279="Q134808"),
    item("Q900000006", "some painting", P31="Q3305213"),
    item("Q900000007", None, P31="Q5"),
    {"type": "property", "id": "P31", "labels": {}, "aliases": [], "claims": []},
]


def dump(items):
    """The bytes of a dump: an array, with an item a line."""
    return ("[\n" + ",\n".join(json.dumps(i) for i in items) + "\n]\n").encode()


@pytest.fixture
def converted(tmp_path):
    """From the bytes of a dump: the entries that are written of it, by id, and the counts."""

    def run(data, **more):
        (tmp_path / "dump").write_bytes(data)
        counts = convert(str(tmp_path / "dump"), tmp_path / "own.jsonl", ontology=ONTOLOGY, **more)
        lines = (tmp_path / "own.jsonl").read_text(encoding="utf-8").splitlines()
        return {entry["id"]: entry for entry in map(json.loads, lines)}, counts

    return run


def test_what_is_of_a_known_class_is_kept_with_names_and_country(converted):
    kept, counts = converted(dump(ITEMS))

    assert list(kept.values()) == [
        {"id": "Q900000001", "type": "Company", "label": "Zorvex Holdings", "aliases": ["Zorvex", "ZVX"], "country": "CHE"},
        {"id": "Q900000002", "type": "Person", "label": "Jana Dorvik"},
        {"id": "Q900000003", "type": "GovernmentAgency", "label": "Dorvik Ministry", "country": "DEU"},
        {"id": "Q30", "type": "Country", "label": "United States", "aliases": ["Uncle Zorv"], "country": "USA"},
        {"id": "Q900000004", "type": "Law", "label": "Gas Act"},
        {"id": "Q900000005", "type": "Product", "label": "zorvium vaccine", "aliases": ["zorvium shot"]},
    ]
    assert (counts.n_items, counts.n_bad) == (len(ITEMS), 0)
    assert counts.kept["Company"] == 1


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lambda data: bz2.compress(data[:200]) + bz2.compress(data[200:])])
def test_packed_dump_says_the_same(converted, pack):
    assert len(converted(pack(dump(ITEMS)))[0]) == 6


def test_what_is_written_is_a_knowledge_base(converted, tmp_path):
    converted(dump(ITEMS))
    names = dict(Linker.load(ontology=ONTOLOGY, own=[tmp_path / "own.jsonl"]).names())

    assert names["ZVX"] == ids.ONTOLOGY + "Company"
    assert names["Uncle Zorv"] == ids.ONTOLOGY + "Country"


@pytest.mark.parametrize(
    ("claims", "type", "country"),
    [
        ({"P31": "Q783794", "P17": [statement("Q183", rank="preferred"), statement("Q39")]}, "Company", "DEU"),
        ({"P31": "Q783794", "P17": [statement("Q183", qualifiers=["P582"]), statement("Q39")]}, "Company", "CHE"),
        ({"P31": "Q783794", "P17": "Q900000009"}, "Company", None),
        ({"P31": [statement("Q5", rank="deprecated"), statement("Q783794")]}, "Company", None),
        ({"P31": {"mainsnak": {"snaktype": "somevalue"}, "rank": "normal"}}, None, None),
        ({"P31": "Q15634554", "P298": "ZZZ"}, "Country", None),
    ],
)
def test_only_what_holds_counts(claims, type, country):
    record = record_of(item("Q900000001", "Zorvex", **claims), RULES) or {}

    assert (record.get("type"), record.get("country")) == (type, country)


def test_types_are_kept_with_those_below_them(converted):
    assert set(converted(dump(ITEMS), types=["organization"])[0]) == {"Q900000001", "Q900000003"}
    assert set(converted(dump(ITEMS), types=["pol:Law", "Person"])[0]) == {"Q900000002", "Q900000004"}


def test_type_that_nothing_is_kept_as_is_refused(converted):
    with pytest.raises(UsageError, match=r"--type Firm: nothing is kept as that; take one of .*Company"):
        converted(dump(ITEMS), types=["Firm"])


def test_limit_stops_the_reading(converted):
    kept, counts = converted(dump(ITEMS) + b"not read", limit=2)

    assert (len(kept), counts.n_items, counts.n_bad) == (2, 2, 0)


def test_bad_lines_are_counted_and_the_first_described(converted):
    bad = b'{"id": "Q1",\n[1, 2],\n"text",\n{"id": "Q2", "claims": {"P31": [7]}},\n{},\n{"id": 7},\n'
    kept, counts = converted(b"[\n" + bad + dump(ITEMS))

    assert len(kept) == 6
    assert counts.n_bad == 6
    assert [line.split(":")[0] for line in counts.bad] == ["line 2", "line 3", "line 4", "line 5", "line 6"]
    assert "not in the form of Wikidata" in counts.bad[3]


def test_line_without_end_is_one_bad_line(converted, monkeypatch):
    monkeypatch.setattr("kg.linking.wikidata.LONGEST", 1000)

    kept, counts = converted(b'{"id": "' + b"Q" * 5000 + b'"}\n' + dump(ITEMS))

    assert (len(kept), counts.n_bad) == (6, 1)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_dump_that_ends_too_soon_writes_nothing(converted, tmp_path, pack):
    with pytest.raises(KnowledgeError, match=r"cannot be read .*is it whole"):
        converted(pack(dump(ITEMS))[:-20])

    assert [f.name for f in tmp_path.iterdir()] == ["dump"]


def test_every_class_of_the_rules_is_one_of_the_ontology():
    assert RULES.types() <= {c.name for c in ONTOLOGY.classes.values()}
    assert all(re.fullmatch(r"Q\d+", number) for number in [*RULES.instances, *RULES.classes])


def test_no_number_of_the_rules_stands_twice():
    import yaml

    from kg import resources

    data = yaml.safe_load((resources.folder("ontology") / "wikidata.yaml").read_text(encoding="utf-8"))
    for part in ("instances", "classes"):
        numbers = [number for listed in data[part].values() for number in listed]
        assert len(numbers) == len(set(numbers))


def kg(*arguments, stdin=None):
    return subprocess.run([sys.executable, "-m", "kg.cli", "kb", "convert", *map(str, arguments)], input=stdin, capture_output=True, timeout=60)


def test_command_writes_counts_and_tells_of_bad_lines(tmp_path):
    (tmp_path / "dump.json.gz").write_bytes(gzip.compress(b"{broken\n" + dump(ITEMS)))

    done = kg(tmp_path / "dump.json.gz", "--to", tmp_path / "own.jsonl", "--type", "Company")

    assert done.returncode == 1
    assert b"1 of 9 entities written to" in done.stdout
    assert b"passed over line 1:" in done.stderr
    assert b"1 bad lines" in done.stderr
    assert len((tmp_path / "own.jsonl").read_text().splitlines()) == 1


def test_dry_run_of_standard_input_only_counts():
    done = kg("-", "--dry-run", stdin=bz2.compress(dump(ITEMS)))

    assert done.returncode == 0, done.stderr
    assert b"6 of 9 entities would be kept" in done.stdout


def test_command_asks_for_a_file_to_write(tmp_path):
    done = kg(tmp_path / "dump.json")

    assert done.returncode == 2
    assert b"--to FILE.jsonl" in done.stderr
