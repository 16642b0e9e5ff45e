"""Every format says the same, the same way each time, and never more than the statements do."""

import csv
import io
import json
from datetime import date

import networkx
import pytest
import rdflib
from hypothesis import given
from pyoxigraph import RdfFormat, parse

from kg import export, ontology
from kg.errors import UsageError
from kg.model import Interval, Literal
from kg.stores import quads
from kg.stores.journal import Journal
from tests.builders import (
    DEMANDED,
    NEGATIVE,
    PLANNED,
    POSSIBLE,
    document_saying,
    entity,
    evidence,
    pol,
    said_by,
    statement,
)
from tests.stores.test_rdf import journal_of
from tests.strategies import PROPERTY, corpora

TONNES = Literal(value="05", datatype="http://www.w3.org/2001/XMLSchema#integer", unit="t")
SAID = [
    statement(entity("China", country="CHN", aliases=("PRC", "Beijing"))),
    statement("Chile", modality=PLANNED, at=100, attribution=said_by(entity("IEA", "Organization"))),
    statement("Peru", modality=POSSIBLE, at=200, attribution=said_by(None)),
    statement("Cuba", modality=DEMANDED, at=300),
    statement(polarity=NEGATIVE, at=400),
    statement("Mali", "produces", TONNES, at=500),
    statement("Cuba", "https://w3id.org/policy-kg/open/is%20host%20of", entity("talks", "Event"), at=600),
]
BARE = {"Chile": PLANNED, "Peru": POSSIBLE, "Cuba": DEMANDED}


@pytest.fixture(scope="module")
def terms():
    return ontology.load()


@pytest.fixture
def journal(tmp_path):
    with journal_of([(document_saying(*SAID, title="Refining"), SAID)], tmp_path / "graph") as journal:
        yield journal


def written(journal, format, folder) -> bytes:
    export.write(journal, format, folder / "out")
    return (folder / "out").read_bytes()


def parsed(data, format):
    return {str(quad) for quad in parse(data, format=format)}


def has_triple(found, subject, graph=None):
    return any(
        q.predicate.value == pol("dominates")
        and q.subject.value == subject
        and (graph is None or q.graph_name == graph)
        for q in found
    )


@pytest.mark.parametrize("format", [f for f in export.FORMATS if f != "csv"])
def test_same_graph_gives_the_same_bytes(journal, format, tmp_path):
    assert written(journal, format, tmp_path) == written(journal, format, tmp_path) != b""


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_trig_and_jsonld_hold_the_quads_of_nquads(journal, tmp_path):
    expected = parsed(written(journal, "nquads", tmp_path), RdfFormat.N_QUADS)

    assert parsed(written(journal, "trig", tmp_path), RdfFormat.TRIG) == expected
    assert rdflib_quads(written(journal, "jsonld", tmp_path), "json-ld") == rdflib_quads("\n".join(
        f"{q} ." for q in expected), "nquads")  # fmt: skip


@PROPERTY
@given(corpus=corpora())
def test_jsonld_of_any_graph_is_read_back_as_its_quads(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("jsonld")
    with journal_of(corpus, folder / "graph") as journal:
        expected = parsed(written(journal, "nquads", folder), RdfFormat.N_QUADS)

        assert parsed(written(journal, "jsonld", folder), RdfFormat.JSON_LD) == expected


def rdflib_quads(data, format):
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=format)
    default = rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    return {(s.n3(), p.n3(), o.n3(), None if g in (None, default) else g.n3()) for s, p, o, g in dataset.quads()}


def test_nquads_have_no_line_twice(journal, tmp_path):
    lines = written(journal, "nquads", tmp_path).splitlines()

    assert len(lines) == len(set(lines))


def test_turtle_has_no_bare_triple_but_the_asserted_ones(journal, tmp_path):
    found = list(parse(written(journal, "turtle", tmp_path), format=RdfFormat.TURTLE))

    assert has_triple(found, entity("China").iri)
    assert not any(has_triple(found, entity(label).iri) for label in BARE)


def test_denied_statement_is_a_bare_triple_in_no_rdf_format(tmp_path):
    denied = [statement(polarity=NEGATIVE)]
    with journal_of([(document_saying(*denied), denied)], tmp_path / "graph") as journal:
        for format, syntax in (("nquads", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG), ("turtle", RdfFormat.TURTLE),
                               ("jsonld", RdfFormat.JSON_LD)):  # fmt: skip
            found = parsed(written(journal, format, tmp_path), syntax)

            assert any('"negative"' in quad for quad in found)
            assert not any(f"> <{pol('dominates')}> <" in quad for quad in found)


def test_bare_triple_that_is_not_asserted_keeps_its_graph(journal, tmp_path):
    found = list(parse(written(journal, "trig", tmp_path), format=RdfFormat.TRIG))

    for label, modality in BARE.items():
        assert has_triple(found, entity(label).iri, quads.graph_of(modality))


def test_json_lines_are_one_statement_each_sorted_by_id(journal, tmp_path):
    records = [json.loads(line) for line in written(journal, "jsonl", tmp_path).splitlines()]

    assert [r["id"] for r in records] == sorted(s.id for s in SAID)
    assert all(0 < r["belief"] < 1 for r in records)


def test_record_holds_what_is_said_and_where(terms):
    record = export.statement_record(SAID[0], terms)

    assert record == {
        "id": SAID[0].id,
        "polarity": "positive",
        "modality": "asserted",
        "subject": {
            "iri": entity("China").iri, "label": "China", "type": "Country", "country": "CHN", "aliases": ["PRC", "Beijing"],
        },
        "predicate": {"iri": pol("dominates"), "name": "dominates", "plover": None},
        "object": {"iri": entity("refining", "Activity").iri, "label": "refining", "type": "Activity"},
        "evidence": [{
            "document": "doc-1",
            "sentence": {"start": 0, "end": 25, "text": "China dominates refining."},
            "subject": {"start": 0, "end": 5, "text": "China"},
            "predicate": {"start": 6, "end": 15, "text": "dominates"},
            "object": {"start": 16, "end": 24, "text": "refining"},
            "modality": "asserted", "attribution": None, "confidence": 0.8, "extractor": "patterns/dominates.verb@1",
        }],
    }  # fmt: skip


def test_record_of_an_open_triple_names_the_phrase(terms):
    assert export.statement_record(SAID[6], terms)["predicate"]["name"] == "is host of"


def test_record_of_a_literal_holds_its_value(terms):
    record = export.statement_record(SAID[5], terms)

    assert record["object"] == {"value": "05", "datatype": TONNES.datatype, "unit": "t"}


def test_record_names_the_event_type_of_a_relation_between_agents(terms):
    supports = statement("China", "supports", entity("Chile"))

    assert export.statement_record(supports, terms)["predicate"]["plover"] == "SUPPORT"


def test_what_is_denied_or_not_done_to_an_actor_is_no_event(terms):
    denied = statement("China", "supports", entity("Chile"), polarity=NEGATIVE)
    of_a_plan = statement("China", "supports", entity("plan", "Programme"))

    assert export.statement_record(denied, terms)["predicate"]["plover"] is None
    assert export.statement_record(of_a_plan, terms)["predicate"]["plover"] is None


def test_record_tells_an_unnamed_source_from_none(terms):
    named, unnamed, none = (export.statement_record(SAID[n], terms)["evidence"][0]["attribution"] for n in (1, 2, 0))

    assert named["source"]["label"] == "IEA"
    assert unnamed == {"source": None, "cue": {"start": 0, "end": 5}}
    assert none is None


def test_csv_has_every_node_and_every_statement(journal, tmp_path):
    export.write(journal, "csv", tmp_path / "tables")
    nodes = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "nodes.csv").read_text())))
    edges = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "edges.csv").read_text())))
    known = {node["iri"] for node in nodes}

    assert len(known) == len(nodes)
    assert {edge["id"] for edge in edges} == {s.id for s in SAID}
    assert {edge[side] for edge in edges for side in ("subject", "object")} <= known
    assert [e["modality"] for e in edges if e["polarity"] == "negative"] == ["asserted"]


def test_csv_needs_a_folder(journal):
    with pytest.raises(UsageError, match="name a folder"):
        export.write(journal, "csv")


def test_unknown_format_names_the_known_ones(journal):
    with pytest.raises(UsageError, match="trig"):
        export.write(journal, "docx")


def test_networkx_graph_has_an_edge_for_each_statement():
    graph = export.to_networkx(SAID)
    subject, target = entity("China").iri, entity("refining", "Activity").iri

    assert graph.number_of_edges() == len(SAID)
    assert {edge["polarity"] for edge in graph[subject][target].values()} == {"positive", "negative"}
    assert graph.nodes[subject]["label"] == "China"


def test_graphml_is_read_back_as_the_networkx_graph(journal, tmp_path):
    found = networkx.parse_graphml(written(journal, "graphml", tmp_path), force_multigraph=True)

    assert set(found.nodes) == set(export.to_networkx(SAID).nodes)
    assert {key for _, _, key in found.edges(keys=True)} == {s.id for s in SAID}


def test_empty_graph_can_be_written_in_every_format(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        for format in export.FORMATS:
            export.write(journal, format, tmp_path / format)

    assert json.loads((tmp_path / "jsonld").read_text())["@graph"] == []


def test_standard_output_is_the_default(journal, capfdbinary):
    export.write(journal, "nquads")

    assert b"China dominates refining." in capfdbinary.readouterr().out


def test_evidence_keeps_its_time():
    timed = evidence(valid=Interval(start=date(2026, 1, 1)))
    assert export.evidence_record(timed)["valid"] == {"start": "2026-01-01"}
