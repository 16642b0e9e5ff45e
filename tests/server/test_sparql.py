"""The SPARQL 1.1 Protocol, as its recommendation has it for a server that only reads."""

import gzip
import json
import subprocess
from urllib.parse import quote, urlencode

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

COUNTRIES = "SELECT ?country ?label WHERE { ?country a pol:Country ; rdfs:label ?label } ORDER BY ?label LIMIT 3"
ASSERTED, PLANNED = (f"https://w3id.org/policy-kg/graph/{m}" for m in ("asserted", "planned"))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
N_TRIPLES = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def number(response):
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def count(client, query=N_TRIPLES, **parameters):
    return number(client.get("/sparql", params={"query": query, **parameters}))


def assert_problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]
    return problem


# ---- the three ways to ask


def test_query_by_get(client):
    answer = client.get("/sparql", params={"query": COUNTRIES}).json()

    assert answer["head"]["vars"] == ["country", "label"]
    assert len(answer["results"]["bindings"]) == 3


def test_query_by_form(client):
    by_form = client.post("/sparql", content=urlencode({"query": COUNTRIES}), headers=FORM)

    assert by_form.json() == client.get("/sparql", params={"query": COUNTRIES}).json()


def test_query_by_post_directly(client):
    direct = client.post("/sparql", content=COUNTRIES, headers=DIRECT)

    assert direct.json() == client.get("/sparql", params={"query": COUNTRIES}).json()


def test_query_by_post_with_charset(client):
    direct = client.post("/sparql", content=COUNTRIES, headers={"Content-Type": 'application/sparql-query; charset="UTF-8"'})

    assert direct.status_code == 200


def test_head_has_the_headers_and_no_body(client):
    head = client.head("/sparql", params={"query": COUNTRIES})

    assert head.status_code == 200
    assert head.headers["content-type"] == "application/sparql-results+json"
    assert head.content == b""


def test_letters_of_any_script_pass(client):
    answer = client.get("/sparql", params={"query": 'SELECT ("Zażółć 北京 🌍" AS ?a) {}'})

    assert answer.json()["results"]["bindings"][0]["a"]["value"] == "Zażółć 北京 🌍"


# ---- what the query is about


def test_default_graph_of_the_protocol_is_the_one_seen(client):
    asserted = count(client, **{"default-graph-uri": ASSERTED})

    assert 0 < asserted < count(client)
    assert asserted == count(client, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{ASSERTED}> {{ ?s ?p ?o }} }}")


def test_several_default_graphs_are_seen_as_one(client):
    single = [count(client, **{"default-graph-uri": graph}) for graph in (ASSERTED, PLANNED)]

    assert max(single) < count(client, **{"default-graph-uri": [ASSERTED, PLANNED]}) <= sum(single)


def test_named_graphs_of_the_protocol_are_the_ones_that_there_are(client):
    names = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    found = client.get("/sparql", params={"query": names, "named-graph-uri": [PLANNED, "urn:no:graph"]}).json()

    assert [row["g"]["value"] for row in found["results"]["bindings"]] == [PLANNED]
    assert count(client, **{"named-graph-uri": PLANNED}) == 0  # then nothing lies outside of GRAPH


def test_dataset_may_come_with_a_direct_post(client):
    response = client.post("/sparql", params={"default-graph-uri": ASSERTED}, content=N_TRIPLES, headers=DIRECT)

    assert number(response) == count(client, **{"default-graph-uri": ASSERTED})


def test_dataset_of_the_query_is_the_one_seen(client):
    from_query = f"SELECT (COUNT(*) AS ?n) FROM <{PLANNED}> WHERE {{ ?s ?p ?o }}"

    assert count(client, from_query) == count(client, **{"default-graph-uri": PLANNED})


def test_dataset_of_the_protocol_goes_before_that_of_the_query(client):
    from_query = f"SELECT (COUNT(*) AS ?n) FROM <{PLANNED}> WHERE {{ ?s ?p ?o }}"

    both = count(client, from_query, **{"default-graph-uri": ASSERTED})

    assert both == count(client, **{"default-graph-uri": ASSERTED}) != count(client, from_query)


def test_graph_that_is_no_iri_is_refused(client):
    assert_problem(client.get("/sparql", params={"query": N_TRIPLES, "default-graph-uri": "not an iri"}), 400)


# ---- in which format


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml;q=0.9, text/csv;q=0.1", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values, */*;q=0.1", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+json;q=0.2, application/sparql-results+xml;q=0.3", "application/sparql-results+xml"),
    ],
)
@pytest.mark.parametrize("query", [COUNTRIES, "ASK { ?s ?p ?o }"])
def test_rows_come_as_they_are_wanted(client, query, accept, media_type):
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    assert response.headers["content-type"] == media_type
    assert "accept" in response.headers["vary"].lower()


@pytest.mark.parametrize(
    ("accept", "media_type", "format"),
    [
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/rdf+xml;q=0.5, application/sparql-results+json", "application/rdf+xml", "xml"),
    ],
)
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a pol:Country ; rdfs:label ?l }",
                                   "DESCRIBE <https://w3id.org/policy-kg/entity/country/KAZ>"])  # fmt: skip
def test_graphs_come_as_they_are_wanted(client, query, accept, media_type, format):
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    assert response.headers["content-type"] == media_type
    assert len(rdflib.Graph().parse(data=response.content, format=format)) > 1


@pytest.mark.parametrize("query", [COUNTRIES, "CONSTRUCT WHERE { ?s ?p ?o }"])
@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0, text/turtle;q=0"])
def test_format_that_there_is_not_is_not_acceptable(client, query, accept):
    problem = assert_problem(client.get("/sparql", params={"query": query}, headers={"Accept": accept}), 406)

    assert "text/" in problem["detail"]


# ---- what is refused


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p", "SELEC ?x {}", " ", "SELECT ?x WHERE { ?x a nope:Thing }",
                                   "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "\x00"])  # fmt: skip
def test_what_is_no_query_is_a_bad_request(client, query):
    problem = assert_problem(client.get("/sparql", params={"query": query}), 400)

    assert "not valid SPARQL" in problem["detail"]


def test_message_of_the_parser_says_where(client):
    problem = assert_problem(client.post("/sparql", content="SELECT * WHERE {\n  ?s ?p }", headers=DIRECT), 400)

    assert "2:" in problem["detail"]


def test_two_queries_are_a_bad_request(client):
    assert_problem(client.get(f"/sparql?query={quote(COUNTRIES)}&query={quote(COUNTRIES)}"), 400)
    assert_problem(client.post("/sparql", content=f"query={quote(N_TRIPLES)}&query={quote(N_TRIPLES)}", headers=FORM), 400)
    assert_problem(client.post("/sparql", params={"query": N_TRIPLES}, content=N_TRIPLES, headers=DIRECT), 400)


def test_form_without_a_query_is_a_bad_request(client):
    assert_problem(client.post("/sparql", content="quer=1", headers=FORM), 400)


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Type": ""}, {},
                                     {"Content-Type": "application/sparql-query; charset=utf-16"}])  # fmt: skip
@pytest.mark.parametrize("content", [COUNTRIES, urlencode({"query": COUNTRIES})])
def test_body_of_another_media_type_is_unsupported(client, headers, content):
    response = client.post("/sparql", content=content.encode(), headers=headers)

    assert_problem(response, 415)
    assert "application/sparql-query" in response.headers["accept-post"]


def test_body_that_is_no_utf8_is_a_bad_request(client):
    assert_problem(client.post("/sparql", content="SELECT ('é' AS ?a) {}".encode("latin-1"), headers=DIRECT), 400)
    assert_problem(client.post("/sparql", content=b"query=%ff%fe", headers=FORM), 400)
    assert_problem(client.get("/sparql?query=%ff"), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client, method):
    response = client.request(method, "/sparql", params={"query": COUNTRIES})

    assert_problem(response, 405)
    assert "GET" in response.headers["allow"]


def test_update_is_forbidden(client):
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    before = count(client)

    assert_problem(client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}), 403)
    assert_problem(client.post("/sparql", content=urlencode({"update": update}), headers=FORM), 403)
    assert_problem(client.get("/sparql", params={"update": update}), 403)
    assert_problem(client.post("/sparql", content=update, headers=DIRECT), 400)
    assert count(client) == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/sparql> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE ?s { ?s ?p ?o } } } }",
        "PREFIX SERVICE: <http://127.0.0.1:9/> SELECT * { SERVICE SERVICE:x { ?s ?p ?o } }",
        'SELECT * { ?s ?p "\'" . SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }',
    ],
)
def test_other_servers_are_not_asked(client, query):
    assert "SERVICE is refused" in assert_problem(client.get("/sparql", params={"query": query}), 400)["detail"]


def test_word_service_in_a_text_is_no_call(client):
    query = 'SELECT ?s { ?s ?p ?o . FILTER(CONTAINS(STR(?o), "health SERVICE")) } # SERVICE <urn:x> {}'

    assert client.get("/sparql", params={"query": query}).status_code == 200


def test_hidden_call_finds_no_way_out(client):
    """What a scan by words may miss, the process itself cannot do: it may open no socket."""
    hidden = "SELECT * { FILTER(1<'b>' ) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } FILTER('c' = 'd') }"

    assert client.get("/sparql", params={"query": hidden}).status_code in (400, 500)


# ---- limits


def test_heavy_query_is_ended_at_the_time_limit_and_light_ones_go_on(client):
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"

    problem = assert_problem(client.get("/sparql", params={"query": heavy}), 503)

    assert "3 s" in problem["detail"]
    assert count(client) > 0


@pytest.mark.parametrize("query", ["ASK { FILTER(" + "(" * 4000 + "1" + ")" * 4000 + ") }", "ASK " + "{" * 4000 + "}" * 4000,
                                   "ASK { FILTER(" + "!" * 8000 + "1) }"])  # fmt: skip
def test_deep_query_is_answered_or_refused_and_the_server_lives(client, query):
    assert client.post("/sparql", content=query, headers=DIRECT).status_code in (200, 400)
    assert count(client) > 0


@pytest.mark.parametrize(("send", "status"), [("get", 414), ("post", 413)])
def test_long_query_is_refused(client, send, status):
    query = "SELECT * { ?s ?p '" + 10_000 * "a" + "' }"
    ask = {"params": {"query": query}} if send == "get" else {"content": query, "headers": DIRECT}

    assert "8192" in assert_problem(client.request(send.upper(), "/sparql", **ask), status)["detail"]


def test_compressed_body_is_not_unpacked(client):
    bomb = gzip.compress(b"a" * 10_000_000)

    assert_problem(client.post("/sparql", content=bomb, headers={**DIRECT, "Content-Encoding": "gzip"}), 415)


def test_large_answer_is_not_passed_off_as_whole(graph, server):
    from tests.server.conftest import Server

    small = Server.start(graph, "--max-rows", "100")
    try:
        with small.client() as client:
            assert_problem(client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}), 422)
            assert_problem(client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}), 422)
            assert client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 100"}).status_code == 200
    finally:
        small.stop()


# ---- the service about itself, and graphs


@pytest.mark.parametrize(("accept", "format"), [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("*/*", "turtle")])
def test_service_describes_itself(client, server, accept, format):
    response = client.get("/sparql", headers={"Accept": accept})
    described = rdflib.Graph().parse(data=response.content, format=format)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")

    (service,) = described.subjects(rdflib.RDF.type, sd.Service)
    assert described.value(service, sd.endpoint) == rdflib.URIRef(server.address + "sparql")
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in described
    assert {rdflib.URIRef(ASSERTED), rdflib.URIRef(PLANNED)} <= set(described.objects(None, sd.name))


def test_person_who_opens_the_endpoint_gets_the_editor(client):
    response = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (response.status_code, response.headers["location"]) == (303, "/?view=sparql")


def test_graph_store_gives_the_graph_that_is_named(client):
    response = client.get("/rdf-graph-store", params={"graph": PLANNED}, headers={"Accept": "application/n-triples"})

    assert len(response.text.splitlines()) == count(client, **{"default-graph-uri": PLANNED})


def test_graph_store_gives_the_default_graph(client):
    response = client.get("/rdf-graph-store?default", headers={"Accept": "application/n-triples"})

    assert len(set(response.text.splitlines())) == count(client)


def test_graph_store_knows_no_other_graphs(client):
    assert_problem(client.get("/rdf-graph-store", params={"graph": "urn:no:graph"}), 404)
    assert_problem(client.get("/rdf-graph-store"), 400)
    assert_problem(client.get("/rdf-graph-store", params={"graph": "a b"}), 400)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graph_store_only_reads(client, method):
    assert_problem(client.request(method, "/rdf-graph-store?default", content="<urn:a> <urn:b> <urn:c> ."), 403)


# ---- browsers of other origins


def test_pages_of_other_origins_may_read(client):
    answer = client.get("/sparql", params={"query": COUNTRIES}, headers={"Origin": "https://example.org"})
    preflight = client.options("/sparql", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST",
                                                   "Access-Control-Request-Headers": "content-type"})  # fmt: skip

    assert answer.headers["access-control-allow-origin"] == "*"
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]


# ---- clients that are used


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("format", [JSON, XML, CSV])
def test_sparqlwrapper_reads_rows(server, format, method):
    wrapper = SPARQLWrapper(server.address + "sparql", returnFormat=format)
    wrapper.setMethod(method)
    wrapper.setQuery(COUNTRIES)

    answer = wrapper.queryAndConvert()

    text = json.dumps(answer) if format is JSON else answer.toxml() if format is XML else answer.decode()
    assert "entity/country/" in text


def test_sparqlwrapper_reads_graphs(server):
    wrapper = SPARQLWrapper(server.address + "sparql", returnFormat=TURTLE)
    wrapper.setQuery("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a pol:Country ; rdfs:label ?l }")

    found = rdflib.Graph().parse(data=wrapper.queryAndConvert(), format="turtle")

    assert (rdflib.URIRef("https://w3id.org/policy-kg/entity/country/KAZ"), rdflib.RDFS.label, None) in found


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_through_its_store(server, method):
    graph = rdflib.Graph(SPARQLStore(server.address + "sparql", method=method))

    rows = list(graph.query("PREFIX pol: <https://w3id.org/policy-kg/ontology#> SELECT ?c { ?c a pol:Country } LIMIT 2"))

    assert len(rows) == 2
    assert next(iter(graph.triples((None, rdflib.RDFS.label, None)))) is not None


def test_curl_reads_csv(server):
    command = ["curl", "-sS", "--fail", "-H", "Accept: text/csv", "--data-urlencode", f"query={COUNTRIES}",
               server.address + "sparql"]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert answer.startswith("country,label")
    assert len(answer.splitlines()) == 4


def test_answer_comes_in_pieces(server):
    """The first bytes of a large answer are there before the last row is found."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with httpx.stream("GET", server.address + "sparql", params={"query": query}, timeout=30) as response:
        assert response.status_code == 200
        assert next(response.iter_bytes()).startswith(b'{"head"')
