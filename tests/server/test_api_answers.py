"""The JSON API gives what the graph holds, as its description says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from kg import ids
from kg.model import Interval, Literal
from kg.server.api import schemas
from kg.server.api.texts import N_CONTEXT, after, before
from kg.server.app import create_app
from kg.server.settings import Limits, Settings
from kg.stores import rdf
from kg.stores.journal import Journal
from tests.builders import NEGATIVE, PLANNED, POSSIBLE, document_saying, entity, evidence, pol, said_by, span, statement
from tests.stores.test_rdf import journal_of

V1 = "/api/v1"

CHINA = entity("China", aliases=("PRC",), same_as=("http://www.wikidata.org/entity/Q148",), country="CHN")
IEA = entity("International Energy Agency", "Organization", aliases=("IEA",))
SHARE = Literal(value="70", datatype="http://www.w3.org/2001/XMLSchema#decimal", unit="percent")
MINING = entity("copper mining", "Activity", broader="https://w3id.org/policy-kg/concept/mining")


def corpus():
    """Two documents: on refining, with a denial, a number and a source; and on copper."""
    first = [
        statement(CHINA, at=0, attribution=said_by(IEA, cue=span(0, 5))),
        statement(CHINA, at=400, polarity=NEGATIVE),
        statement(CHINA, "produces", SHARE, at=500, valid=Interval(start=date(2026, 1, 1))),
        statement(CHINA, "partnersWith", entity("Chile"), at=700, modality=PLANNED, time=span(700, 705)),
    ]
    second = [
        statement(CHINA, document="doc-2", at=50, confidence=0.6),
        statement(entity("Chile"), "produces", MINING, document="doc-2", at=200),
        statement(entity("Chile"), "supplies", entity("Japan"), document="doc-2", at=300, modality=POSSIBLE),
        statement(entity("Chile"), ids.open_predicate("sits on"), entity("Peru"), document="doc-2", at=400),
    ]
    return [
        (document_saying(*first, author="A. Writer"), first),
        (document_saying(*second, id="doc-2", publisher="Other Paper", published=date(2026, 3, 9), title="Copper & <b>tin</b>"), second),
    ]


@contextmanager
def asked(folder: Path, *, extractor: str | None = None) -> Iterator[TestClient]:
    """A client of a server over the graph folder."""
    app = create_app(Settings(graph=folder, limits=Limits(quick=1)), extractor=extractor)
    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api") / "graph"
    with journal_of(corpus(), folder) as journal:
        rdf.publish(journal)
    return folder


@pytest.fixture(scope="module")
def client(folder):
    with asked(folder) as client:
        yield client


def got(client, path, model, **params):
    """The answer, which is as the model of the description has it."""
    response = client.get(V1 + path, params=params)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    model.model_validate(response.json())
    return response.json()


def labels(statements):
    return [(s["subject"]["label"], s["predicate"]["name"], s["object"]["label"]) for s in statements]


# ---- the graph


def test_graph_is_counted(client):
    found = got(client, "/graph", schemas.GraphView)

    assert (found["n_documents"], found["n_statements"], found["n_evidence"]) == (2, 7, 8)
    assert (found["first"], found["last"]) == ("2026-02-04", "2026-03-09")
    assert {"name": "produces", "n": 2} in [{"name": r["name"], "n": r["n"]} for r in found["relations"]]
    assert found["sources"] == [{"name": "Other Paper", "n": 4}, {"name": "The Example", "n": 4}]
    assert found["has_extract"] is False


def test_ontology_tells_classes_with_the_topmost_above_them_and_relations(client):
    found = got(client, "/ontology", schemas.OntologyView)
    classes = {c["name"]: c for c in found["classes"]}

    assert classes["Country"]["top"] == classes["Agent"]["top"] == "Agent"
    assert classes["Country"]["broader"] == ["Agent", "Place"]
    assert {r["name"]: r["is_symmetric"] for r in found["relations"]}["partnersWith"]
    assert found["prefixes"]["pol"] == ids.ONTOLOGY


# ---- entities


def test_entities_are_found_by_name_and_class(client):
    found = got(client, "/entities", schemas.Page[schemas.Found], q="prc")
    countries = got(client, "/entities", schemas.Page[schemas.Found], **{"class": "Place"})

    assert [(i["label"], i["matched"], i["how"]) for i in found["items"]] == [("China", "PRC", "exact")]
    assert {i["label"] for i in countries["items"]} == {"China", "Chile", "Japan", "Peru"}


def test_entity_is_told_by_iri_or_name(client):
    found = got(client, "/entity", schemas.EntityView, iri="PRC")

    assert found == got(client, "/entity", schemas.EntityView, iri=CHINA.iri)
    assert (found["class"], found["aliases"], found["country"]) == ("Country", ["PRC"], "CHN")
    assert (found["n_statements"], found["n_documents"], found["first"], found["last"]) == (4, 2, "2026-02-04", "2026-03-09")
    assert client.get(found["page_iri"]).status_code == 200


def test_broader_concept_that_nothing_is_said_of_has_a_name_all_the_same(client):
    found = got(client, "/entity", schemas.EntityView, iri="copper mining")

    assert found["broader"] == {"iri": MINING.broader, "label": "mining", "class": "Thing"}


def test_unknown_entity_is_answered_with_names_like_it(client):
    response = client.get(V1 + "/entity", params={"iri": "Chnia"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "China" in response.json()["detail"]


# ---- statements


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, {"dominates", "produces", "partnersWith", "supplies", "sits on"}),
        ({"entity": "Japan"}, {"supplies"}),
        ({"entity": "Chile", "side": "object"}, {"partnersWith"}),
        ({"relation": "sits on"}, {"sits on"}),
        ({"relation": [pol("supplies"), "partnersWith"]}, {"supplies", "partnersWith"}),
        ({"class": "Literal"}, {"produces"}),
        ({"entity": "Chile", "class": "Activity"}, {"produces"}),
        ({"entity": "Chile", "class": "Agent"}, {"partnersWith", "supplies", "sits on"}),
        ({"modality": ["planned", "possible"]}, {"partnersWith", "supplies"}),
        ({"polarity": "negative"}, {"dominates"}),
        ({"contradicted": "true"}, {"dominates"}),
        ({"source": "Other Paper", "entity": "China"}, {"dominates"}),
        ({"source": "The Example", "from": "2026-03-01"}, set()),
        ({"from": "2026-03-01", "to": "2026-03-09"}, {"dominates", "produces", "supplies", "sits on"}),
        ({"min_belief": 0.85}, {"dominates"}),
    ],
)
def test_filters_leave_what_passes_them(client, params, expected):
    found = got(client, "/statements", schemas.Page[schemas.Statement], **params)

    assert {s["predicate"]["name"] for s in found["items"]} == expected
    assert found["total"] == len(found["items"])


def test_pages_of_statements_are_stable(client):
    whole = got(client, "/statements", schemas.Page[schemas.Statement])["items"]
    pages = [client.get(V1 + "/statements", params={"limit": 2, "offset": n}).json()["items"] for n in range(0, 8, 2)]

    assert [item for page in pages for item in page] == whole


def test_statement_comes_with_its_sentences_and_what_stands_around_them(client, folder):
    id = statement(CHINA).id
    found = got(client, f"/statements/{id}", schemas.StatementView)
    first, second = found["evidence"]["items"]

    assert (found["n_evidence"], found["sources"]) == (2, ["Other Paper", "The Example"])
    assert found["contradicts"] == statement(CHINA, polarity=NEGATIVE).id
    assert first["document"]["author"] == "A. Writer"
    assert first["attribution"] == {"source": {"iri": IEA.iri, "label": IEA.label, "class": "Organization"}}
    assert first["cue"] == {"start": 0, "end": 5, "text": "China"}
    assert first["before"] == ""
    with Journal.open(folder, read_only=True) as journal:
        for item in (first, second):
            text = journal.document(item["document"]["id"]).text
            sentence = item["sentence"]
            assert text[sentence["start"] : sentence["end"]] == sentence["text"]
            assert text[: sentence["start"]].endswith(item["before"])
            assert text[sentence["end"] :].startswith(item["after"])


def test_evidence_comes_in_pages(client):
    id = statement(CHINA).id
    pages = [client.get(f"{V1}/statements/{id}", params={"limit": 1, "offset": n}).json()["evidence"] for n in range(3)]

    assert [[e["document"]["id"] for e in page["items"]] for page in pages] == [["doc-1"], ["doc-2"], []]
    assert {page["total"] for page in pages} == {2}


def test_context_is_of_whole_words():
    text = " ".join(f"word{n}" for n in range(200))
    middle = text.index("word100")

    assert text[:middle].endswith(before(text, middle))
    assert before(text, middle).split() == text[:middle].split()[-len(before(text, middle).split()):]
    assert after(text, middle).split() == text[middle:].split()[: len(after(text, middle).split())]
    assert N_CONTEXT - 10 < len(before(text, middle)) <= N_CONTEXT
    assert (before(text, 0), after(text, len(text)), before("word " + "x" * 400, 405)) == ("", "", "")


# ---- around and between


def test_neighbourhood_has_nodes_edges_and_facets(client):
    found = got(client, "/neighbourhood", schemas.Neighbourhood, iri="China")

    assert found["nodes"][0]["label"] == found["centre"]["label"] == "China"
    assert [n["label"] for n in found["nodes"][1:]] == ["refining", "70 percent", "Chile"]
    assert (found["total_nodes"], found["is_total_exact"], found["total_edges"]) == (3, True, 4)
    assert {r["name"]: r["n"] for r in found["facets"]["relations"]} == {"dominates": 2, "produces": 1, "partnersWith": 1}
    assert found["facets"]["months"] == [{"month": "2026-02", "n": 4}, {"month": "2026-03", "n": 1}]
    assert sum(found["facets"]["beliefs"]) == 4


def test_facet_is_counted_without_its_own_filter(client):
    found = got(client, "/neighbourhood", schemas.Neighbourhood, iri="China", relation="dominates", polarity="positive")

    assert [n["label"] for n in found["nodes"]] == ["China", "refining"]
    assert {r["name"]: r["n"] for r in found["facets"]["relations"]} == {"dominates": 1, "produces": 1, "partnersWith": 1}
    assert {p["name"]: p["n"] for p in found["facets"]["polarities"]} == {"positive": 1, "negative": 1}


def test_deeper_neighbourhood_reaches_further(client):
    found = got(client, "/neighbourhood", schemas.Neighbourhood, iri="China", depth=2)

    assert {n["label"]: n["depth"] for n in found["nodes"]} == {
        "China": 0, "refining": 1, "70 percent": 1, "Chile": 1, "copper mining": 2, "Japan": 2, "Peru": 2,
    }  # fmt: skip


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_neighbourhood_can_be_had_as_rdf(client, accept):
    response = client.get(V1 + "/neighbourhood", params={"iri": "China", "relation": "dominates"}, headers={"Accept": accept})
    triples = list(parse(response.content, format=RdfFormat.from_media_type(accept)))
    said = {(t.subject.value, t.predicate.value) for t in triples}

    assert response.headers["content-type"].startswith(accept)
    assert (CHINA.iri, pol("dominates")) in said
    for item in (statement(CHINA), statement(CHINA, polarity=NEGATIVE)):
        assert (ids.statement_iri(item.id), pol("belief")) in said
    assert any(predicate == "http://www.w3.org/ns/oa#exact" for _, predicate in said)
    assert (CHINA.iri, pol("produces")) not in said


def test_paths_lead_from_one_to_the_other(client):
    found = got(client, "/path", schemas.Paths, **{"from": "PRC", "to": "Japan"})

    assert found["is_complete"]
    assert [[n["label"] for n in p["nodes"]] for p in found["paths"]] == [["China", "Chile", "Japan"]]
    assert labels(found["paths"][0]["edges"]) == [("China", "partnersWith", "Chile"), ("Chile", "supplies", "Japan")]
    assert got(client, "/path", schemas.Paths, **{"from": "PRC", "to": "Japan", "since": "2026-03-01"})["paths"] == []


# ---- documents


def test_documents_are_listed_and_told(client, folder):
    listed = got(client, "/documents", schemas.Page[schemas.DocumentSummary], q="tin copper")
    (item,) = listed["items"]
    found = got(client, "/document", schemas.DocumentView, id=item["id"])

    assert (item["id"], item["title"], item["n_statements"]) == ("doc-2", "Copper & <b>tin</b>", 4)
    assert labels(found["statements"]["items"])[0] == ("China", "dominates", "refining")
    for said in found["statements"]["items"]:
        for place in said["evidence"]:
            sentence = found["text"][place["sentence"]["start"] : place["sentence"]["end"]]
            assert found["text"][place["subject"]["start"] : place["subject"]["end"]] == said["subject"]["label"]
            assert sentence.startswith(said["subject"]["label"])
    with Journal.open(folder, read_only=True) as journal:
        assert found["text"] == journal.document("doc-2").text


def test_text_that_has_changed_since_it_was_published_is_not_given(tmp_path):
    with journal_of(corpus(), tmp_path / "graph") as journal:
        rdf.publish(journal)
    with asked(tmp_path / "graph") as client:
        with Journal.open(tmp_path / "graph") as journal:
            journal.record(document_saying(statement(at=30)), [statement(at=30)], content_hash="new", config_hash="k")
        found = got(client, "/document", schemas.DocumentView, id="doc-1")
        items = got(client, f"/statements/{statement(CHINA).id}", schemas.StatementView)["evidence"]["items"]

        assert found["text"] is None
        assert [(i["document"]["id"], i["before"] is None) for i in items] == [("doc-1", True), ("doc-2", False)]
        assert items[0]["cue"]["text"] == "China"
        (tmp_path / "graph" / "journal.sqlite").unlink()
        assert got(client, "/document", schemas.DocumentView, id="doc-2")["text"] is None


# ---- named queries


def test_named_queries_are_listed_written_and_run(client):
    listed = got(client, "/queries", schemas.Page[schemas.NamedQuery])
    text = got(client, "/queries/partners/sparql", schemas.QueryText, entity="China")["text"]
    found = got(client, "/queries/partners/rows", schemas.Rows, entity="China", limit="5")

    assert "partners" in {query["name"] for query in listed["items"]}
    assert f"<{CHINA.iri}>" in text
    assert any("Chile" in row for row in found["rows"])
    assert len(found["columns"]) == len(found["rows"][0])


# ---- all alike


@pytest.mark.parametrize("path", ["/graph", "/ontology", "/entities", "/statements", "/documents", "/queries",
                                  "/entity?iri=China", "/neighbourhood?iri=China", "/document?id=doc-1",
                                  f"/statements/{statement(CHINA).id}", "/queries/partners/sparql?entity=China"])  # fmt: skip
def test_head_answers_as_get_does(client, path):
    head, get = client.head(V1 + path), client.get(V1 + path)

    assert head.status_code == get.status_code == 200
    assert head.headers == get.headers


def test_answer_that_is_known_already_is_not_sent_again(client):
    first = client.get(V1 + "/statements")
    again = client.get(V1 + "/statements", headers={"If-None-Match": first.headers["etag"]})
    other = client.get(V1 + "/statements", headers={"If-None-Match": 'W/"another"'})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_places_outside_of_the_sentence_have_their_words_from_the_text(tmp_path):
    far = evidence(at=100, attribution=said_by(None, cue=span(0, 4)))
    said = [statement(at=0), statement("Chile", evidence=far)]
    with journal_of([(document_saying(*said), said)], tmp_path / "graph") as journal:
        rdf.publish(journal)
    with asked(tmp_path / "graph") as client:
        (item,) = got(client, f"/statements/{said[1].id}", schemas.StatementView)["evidence"]["items"]

        assert item["attribution"] == {"source": None}
        assert item["cue"] == {"start": 0, "end": 4, "text": "Chin"}


@pytest.mark.model
def test_text_that_is_sent_is_read(folder):
    text = "Officials met. “China dominates the processing of rare earths,” the IEA said. It was late."
    with asked(folder, extractor="kg.api:extract_record") as client:
        response = client.post(V1 + "/extract", json={"text": text, "published": "2026-02-04"})
        found = response.json()
        long = client.post(V1 + "/extract", json={"text": "word " * 20_001})

    assert response.status_code == 200, response.text
    schemas.ReadText.model_validate(found)
    said = next(s for s in found["statements"] if s["predicate"]["name"] == "dominates")
    (item,) = said["evidence"]
    assert (said["subject"]["label"], said["subject"]["class"], said["first"]) == ("China", "Country", "2026-02-04")
    assert found["text"][item["sentence"]["start"] : item["sentence"]["end"]] == item["sentence"]["text"]
    assert item["before"].strip() == "Officials met."
    assert item["attribution"]["source"]["label"]
    assert found["text"][item["cue"]["start"] : item["cue"]["end"]] == item["cue"]["text"]
    assert long.status_code == 413
