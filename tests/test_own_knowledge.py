"""Knowledge bases of the user's own: what is read of them, and what their names mean in text."""

import json
import subprocess
import sys
from datetime import date

import pytest

from kg import ids, ontology
from kg.errors import KnowledgeError
from kg.linking import Linker
from kg.model import Document, Mention, MentionKind, Span
from kg.pipeline import Pipeline, Settings

ONTOLOGY = ontology.load()
ENTITIES = ids.BASE + "entity/"
WIKIDATA = "http://www.wikidata.org/entity/"

ACME = {
    "id": "acme",
    "type": "pol:Company",
    "label": "Zorvex Holdings",
    "aliases": ["Zorvex", "ZVX"],
    "same_as": ["Q123456789"],
    "country": "CHE",
}
CSV = """id,type,label,aliases,same_as,country
acme,pol:Company,Zorvex Holdings,Zorvex|ZVX,Q123456789,CHE
"""
TURTLE = f"""
@prefix pol: <{ids.ONTOLOGY}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{ENTITIES}acme> a pol:Company, pol:Organization, skos:Concept ;
    skos:prefLabel "Zorvex Holdings"@en, "Zorvex-Besitz"@de ;
    skos:altLabel "Zorvex", "ZVX"@en ;
    owl:sameAs <{WIKIDATA}Q123456789> ;
    pol:country "CHE" .
"""


@pytest.fixture
def linker(tmp_path):
    """From entries, a linker that knows them too."""

    def load(*entries, name="own.jsonl"):
        file = tmp_path / name
        file.write_text(entries[0] if isinstance(entries[0], str) else "".join(json.dumps(e) + "\n" for e in entries), encoding="utf-8")
        return Linker.load(ontology=ONTOLOGY, own=[file])

    return load


def linked(linker, text, name, type=None, *, kind=MentionKind.NAME, head=None, published=None):
    start = text.index(name)
    span = Span(document_id="d", start=start, end=start + len(name))
    mention = Mention(span=span, text=name, kind=kind, type=ids.ONTOLOGY + type if type else None, head=head)
    return linker.link(mention, document=Document(id="d", text=text, published=published)).entity


@pytest.mark.parametrize(("name", "text"), [("a.jsonl", json.dumps(ACME)), ("a.csv", CSV), ("a.ttl", TURTLE), ("a.csv", "\ufeff" + CSV)])
def test_each_format_says_the_same(linker, name, text):
    entity = linked(linker(text, name=name), "ZVX sells gas.", "ZVX")

    assert entity.iri == ENTITIES + "acme"
    assert entity.type == ids.ONTOLOGY + "Company"
    assert entity.label == "Zorvex Holdings"
    assert set(entity.aliases) == {"Zorvex", "ZVX"}
    assert entity.same_as == (WIKIDATA + "Q123456789",)
    assert entity.country == "CHE"


@pytest.mark.parametrize(
    ("id", "iri"),
    [
        ("Q987654321", ENTITIES + "Q987654321"),
        (WIKIDATA + "Q987654321", ENTITIES + "Q987654321"),
        ("https://example.org/firms/7", "https://example.org/firms/7"),
        ("firms/seven of 9", ENTITIES + "firms/seven%20of%209"),
    ],
)
def test_id_is_an_iri_a_wikidata_id_or_a_name_of_ones_own(linker, id, iri):
    entity = linked(linker({**ACME, "id": id, "same_as": []}), "Zorvex sells gas.", "Zorvex")

    assert entity.iri == iri
    assert entity.same_as == ((WIKIDATA + "Q987654321",) if "Q9" in id else ())


@pytest.mark.parametrize("given", [{"id": "Q30"}, {"id": "country/USA"}, {"id": ENTITIES + "country/USA"}, {"id": "us", "same_as": "wd:Q30"}])
def test_known_entity_is_extended_with_names(linker, given):
    extended = linker({**given, "aliases": ["Uncle Zorv"]})
    entity = linked(extended, "Uncle Zorv sells gas.", "Uncle Zorv")

    assert entity.iri == ENTITIES + "country/USA"
    assert entity.label == "United States"
    assert linked(extended, "America sells gas.", "America") == entity


def test_names_are_sought_and_names_of_several_kinds_of_things_are_left_open(linker):
    names = dict(linker({**ACME, "aliases": ["Zorvex", "Georgia", "gas seller"]}).names())

    assert names["Zorvex"] == ids.ONTOLOGY + "Company"
    assert names["Georgia"] == ids.ONTOLOGY + "NamedThing"
    assert "gas seller" not in names


@pytest.mark.parametrize(
    ("text", "type", "iri"),
    [
        ("Georgia sells gas.", None, "acme"),
        ("Georgia sells gas.", "Organization", "acme"),
        ("Georgia sells gas.", "Place", "country/GEO"),
        ("Troops were seen in Georgia.", None, "country/GEO"),
        ("Georgia sells gas, said officials in Tbilisi.", None, "country/GEO"),
        ("Georgia, the Swiss firm once called Zorvex, sells gas in Tbilisi.", None, "acme"),
    ],
)
def test_name_of_a_known_thing_means_what_type_or_text_speak_for_else_the_users(linker, text, type, iri):
    assert linked(linker({**ACME, "aliases": ["Zorvex", "Georgia"]}), text, "Georgia", type).iri == ENTITIES + iri


def test_person_and_thing_of_one_name_are_told_apart_by_type(linker):
    own = linker({"id": "p", "type": "Person", "label": "Boeing"})

    assert linked(own, "Boeing said no.", "Boeing", "Person").iri == ENTITIES + "p"
    assert linked(own, "Boeing said no.", "Boeing", "Organization").iri == ENTITIES + "company/boeing"
    assert linked(own, "Boeing said no.", "Boeing").iri == ENTITIES + "p"


def test_names_in_lower_case_are_known_in_either_number(linker):
    own = linker({"id": "levy", "type": "Measure", "label": "border carbon levy"})

    for name, head in (("border carbon levy", "levy"), ("border carbon levies", "levy")):
        entity = linked(own, f"They want {name}.", name, kind=MentionKind.NOMINAL, head=head)
        assert entity.iri == ENTITIES + "levy"


def test_plural_of_a_name_of_ours_stays_what_it_was():
    entity = linked(Linker.load(ontology=ONTOLOGY), "Federal governments fail in the United States.", "Federal governments",
                    kind=MentionKind.NOMINAL, head="government")  # fmt: skip

    assert entity.iri == ids.BASE + "concept/federal-government"


def test_office_of_the_users_is_its_holders_on_the_day(linker):
    own = linker({"id": "jd", "type": "Person", "label": "Jana Dorvik", "country": "CHE",
                  "offices": [{"office": "president", "of": "Switzerland", "from": "2031-01-01", "to": "2031-12-31"}]})  # fmt: skip

    text, name = "The Swiss president said no.", "The Swiss president"
    nominal = {"kind": MentionKind.NOMINAL, "head": "president"}
    assert linked(own, text, name, published=date(2031, 5, 1), **nominal).iri == ENTITIES + "jd"
    assert linked(own, text, name, published=date(2032, 5, 1), **nominal).iri != ENTITIES + "jd"


def test_entries_of_one_id_are_one_entity_with_all_names(linker):
    entity = linked(linker(ACME, {"id": "acme", "aliases": ["Zorvex SA"]}), "Zorvex SA sells gas.", "Zorvex SA")

    assert entity.label == "Zorvex Holdings"
    assert {"Zorvex", "Zorvex SA"} <= set(entity.aliases)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"id": "a"', r"a\.jsonl, line 1: is no JSON .*; write one object a line"),
        ("a.jsonl", "\n[1]", r"a\.jsonl, line 2: is no JSON object"),
        ("a.jsonl", '{"id": "a", "alias": "b"}', r"line 1: no key goes by the name 'alias'; did you mean 'aliases'"),
        ("a.jsonl", '{"id": 7}', r"line 1: id must be a text, not 7"),
        ("a.jsonl", '{"id": "a", "aliases": [7]}', r"line 1: aliases must be texts, not \[7\]"),
        ("a.jsonl", '{"label": "A"}', r"line 1: no id; give it an IRI"),
        ("a.jsonl", '{"id": "a", "label": "A"}', r"line 1: no type, and the knowledge base has no entity 'a'"),
        ("a.jsonl", '{"id": "a", "type": "Law"}', r"line 1: no label"),
        ("a.jsonl", '{"id": "a", "type": "Compny", "label": "A"}', r"line 1: type 'Compny' is no class of the ontology; take Company"),
        ("a.jsonl", '{"id": "http://a b", "type": "Law", "label": "A"}', r"line 1: 'http://a b' is no IRI"),
        ("a.jsonl", '{"id": "Q30", "same_as": "wd:Q145"}', r"line 1: is country/GBR and country/USA at once"),
        ("a.jsonl", '{"id": "a", "same_as": "some firm"}', r"line 1: same_as 'some firm' is no IRI"),
        *(("a.jsonl", f'{{"id": "a", "offices": {offices}}}', r"line 1: offices .* cannot be read; write") for offices in (
            "7", '[7]', '[{"office": "king"}]', '[{"office": 7, "of": "USA", "from": "2020-01-01"}]',
            '[{"office": "king", "of": "USA", "from": "2020"}]')),
        ("a.jsonl", '{"id": "a", "type": "Law", "label": "A"}\n{"id": "a", "type": "City"}',
         r"line 2: type .*City, but .*Law at .*a\.jsonl, line 1"),
        ("a.csv", "id,type,name\na,Law,A\n", r"a\.csv, line 1: no column goes by the name 'name'; .* one of id, type"),
        ("a.csv", "type,label\nLaw,A\n", r"a\.csv, line 1: no column id"),
        ("a.csv", "id,type,label\na,Law,A,B\n", r"line 2: has more values than columns; put a value with a comma in quotes"),
        ("a.csv", "id,type,label,country\na,Law,A,\nb,Law,B,UKK\n", r"line 3: country 'UKK' is not known; write its code"),
        ("a.ttl", "\n<http://a.b/c> a", r"a\.ttl, line 2: is no Turtle; it ends within a triple"),
        ("a.ttl", "\n<http://a.b/c> a a:b .\n", r"a\.ttl, line 2: is no Turtle; Prefix \"a:\" not bound"),
        ("a.ttl", '<http://a.b/c> <http://www.w3.org/2000/01/rdf-schema#label> "C" .', r"a\.ttl, <http://a\.b/c>: no type"),
        ("a.txt", "x", r"a\.txt: no knowledge base; its name must end in"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_place_and_what_to_do(linker, name, text, message):
    with pytest.raises(KnowledgeError, match=message):
        linker(text, name=name)


def test_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,type,label\na,Law,Gesetz über\n".encode("latin-1"))

    with pytest.raises(KnowledgeError, match="is not in UTF-8"):
        Linker.load(ontology=ONTOLOGY, own=[tmp_path / "a.csv"])


def test_key_of_the_settings_is_that_of_the_content(tmp_path):
    file, same = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    file.write_text(json.dumps(ACME))
    same.write_text(json.dumps(ACME))
    before = Settings(knowledge=(file,)).key

    assert before != Settings().key
    assert before == Settings(knowledge=(same,)).key
    file.write_text(json.dumps({**ACME, "aliases": []}))
    assert Settings(knowledge=(file,)).key != before


@pytest.mark.model
def test_contested_name_has_its_kind_from_the_recogniser(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "p", "type": "Person", "label": "Jordan Hale", "aliases": ["Jordan"]}))
    pipeline = Pipeline.load(Settings(knowledge=(tmp_path / "a.jsonl",)))

    texts = {"p": "Jordan Hale criticised Canada.", "country/JOR": "Jordan cooperates with Iraq."}
    for iri, text in texts.items():
        found = [s for _, said in pipeline.statements([Document(id="d", text=text)]) for s in said]
        assert [s.subject.iri for s in found] == [ENTITIES + iri]


def kg(*arguments):
    return subprocess.run([sys.executable, "-m", "kg.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120)


@pytest.mark.model
@pytest.mark.slow
def test_entity_of_the_users_file_is_in_the_graph_and_a_changed_file_reads_documents_anew(tmp_path):
    (tmp_path / "a.txt").write_text("Japan relies on Zorvex for coal, said officials who asked for silence.\n")
    (tmp_path / "b.txt").write_text("Canada cooperates with Zorvex Holdings, said officials who asked for silence.\n")
    (tmp_path / "own.csv").write_text(CSV)
    documents = [tmp_path / "a.txt", tmp_path / "b.txt"]
    command = ("build", *documents, "--into", tmp_path / "graph", "--kb", tmp_path / "own.csv", "--workers", 2)

    first, again = kg(*command), kg(*command)
    shown = kg("show", tmp_path / "graph", "ZVX").stdout
    (tmp_path / "own.csv").write_text(CSV.replace("|ZVX", ""))
    changed = kg(*command)

    assert first.returncode == 0, first.stderr
    assert "Zorvex Holdings (Company)  " + ENTITIES + "acme" in shown
    assert "Japan dependsOn Zorvex Holdings" in shown
    assert "Canada" in shown
    assert "0 documents taken in, 2 unchanged" in again.stdout
    assert "2 documents taken in, 0 unchanged" in changed.stdout


def test_mistake_in_the_users_file_is_one_line_and_makes_no_graph(tmp_path):
    (tmp_path / "a.txt").write_text("Japan relies on Zorvex for coal.\n")
    (tmp_path / "own.csv").write_text(CSV.replace("pol:Company", "Compny"))

    done = kg("build", tmp_path / "a.txt", "--into", tmp_path / "graph", "--kb", tmp_path / "own.csv", "--workers", 2)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "own.csv, line 2: type 'Compny' is no class of the ontology; take Company" in done.stderr
    assert not (tmp_path / "graph").exists()
