"""The IRIs of the graph answer, to programs in RDF and to people with the page."""

import pytest
import rdflib

from kg import ids
from tests.server.test_sparql import assert_problem

KAZ = rdflib.URIRef(ids.BASE + "entity/country/KAZ")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def path_of(iri):
    return "/" + str(iri).removeprefix(ids.BASE)


def fetched(client, iri, accept="text/turtle", format="turtle"):
    response = client.get(path_of(iri), headers={"Accept": accept})
    assert response.status_code == 200, response.text
    return rdflib.Graph().parse(data=response.content, format=format)


@pytest.mark.parametrize(("accept", "format"), [("text/turtle", "turtle"), ("application/ld+json", "json-ld"),
                                                ("application/rdf+xml", "xml"), ("application/n-triples", "nt")])  # fmt: skip
def test_entity_is_described_in_the_format_that_is_wanted(client, accept, format):
    assert (KAZ, rdflib.RDFS.label, rdflib.Literal("Kazakhstan")) in fetched(client, KAZ, accept, format)


def test_statement_comes_with_its_evidence(client):
    pol = rdflib.Namespace(ids.ONTOLOGY)
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    found = client.get("/sparql", params={"query": "SELECT ?s { ?s a pol:Statement ; pol:modality 'asserted' } LIMIT 1"}).json()
    statement = rdflib.URIRef(found["results"]["bindings"][0]["s"]["value"])

    graph = fetched(client, statement)

    (subject,) = graph.objects(statement, rdflib.RDF.subject)
    assert (statement, rdflib.RDF.type, pol.Statement) in graph
    assert (subject, rdflib.RDFS.label, None) in graph
    assert list(graph.subjects(oa.hasBody, statement))
    assert list(graph.objects(None, oa.exact)), "the sentence"


@pytest.mark.parametrize("kind", ["document", "evidence", "concept"])
def test_documents_evidence_and_concepts_are_described(client, kind):
    types = {"document": "schema:NewsArticle", "evidence": "pol:Evidence", "concept": "pol:Concept"}
    found = client.get("/sparql", params={"query": f"SELECT ?s {{ ?s a {types[kind]} }} LIMIT 1"}).json()
    iri = rdflib.URIRef(found["results"]["bindings"][0]["s"]["value"])

    assert len(fetched(client, iri)) >= 2


def test_person_is_sent_to_the_page(client):
    response = client.get(path_of(KAZ), headers=BROWSER)

    assert response.status_code == 303
    assert response.headers["location"] == "/?entity=https%3A%2F%2Fw3id.org%2Fpolicy-kg%2Fentity%2Fcountry%2FKAZ"
    assert "accept" in response.headers["vary"].lower()


def test_graph_and_ontology_are_there(client):
    planned = client.get("/graph/planned", headers={"Accept": "application/n-triples"})
    ontology = client.get("/ontology", headers={"Accept": "text/turtle"})

    assert planned.status_code == 200 and planned.text.count("\n") > 0
    assert (rdflib.URIRef(ids.ONTOLOGY + "partnersWith"), None, None) in rdflib.Graph().parse(data=ontology.text)


@pytest.mark.parametrize("path", ["/entity/country/XXX", "/statement/0", "/graph/none", "/document/none"])
def test_what_there_is_not_is_not_found(client, path):
    assert_problem(client.get(path, headers={"Accept": "text/turtle"}), 404)


def test_format_that_there_is_not_is_not_acceptable(client):
    assert_problem(client.get(path_of(KAZ), headers={"Accept": "image/png"}), 406)


def test_head_answers_like_get(client):
    assert client.head(path_of(KAZ), headers={"Accept": "text/turtle"}).status_code == 200
    assert client.head("/entity/country/XXX").status_code == 404
