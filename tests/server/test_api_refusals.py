"""The JSON API refuses what is not as it must be, and says why; nothing that is sent makes it fail."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.stores import rdf
from tests.server.test_api_answers import V1, asked, corpus
from tests.stores.test_rdf import journal_of

STATEMENT = "0" * 32

ADDRESSES = {
    "/graph": (), "/ontology": (), "/queries": (),
    "/entities": ("q", "class", "limit", "offset"),
    "/entity": ("iri",),
    "/statements": ("entity", "side", "sort", "relation", "class", "modality", "polarity", "source", "min_belief", "from",
                    "to", "contradicted", "limit", "offset"),
    f"/statements/{STATEMENT}": ("limit", "offset"),
    "/neighbourhood": ("iri", "depth", "limit", "offset", "relation", "class", "modality", "polarity", "source",
                       "min_belief", "from", "to", "contradicted"),
    "/path": ("from", "to", "max_length", "limit", "relation", "class", "modality", "since", "until"),
    "/documents": ("q", "source", "from", "to", "sort", "limit", "offset"),
    "/document": ("id", "limit", "offset"),
    "/queries/partners/rows": ("entity", "limit"),
    "/queries/partners/sparql": ("entity", "limit"),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refusing") / "graph"
    with journal_of(corpus(), folder) as journal:
        rdf.publish(journal)
    with asked(folder) as client:
        yield client


def refused(response, status, *words):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert said["title"] and said["type"]
    for word in words:
        assert word in said["detail"]


@pytest.mark.parametrize(
    ("path", "params", "status", "words"),
    [
        ("/statements", {"relation": "dominate"}, 404, ["dominates", "partnersWith"]),
        ("/statements", {"class": "Contry"}, 404, ["Country", "Literal"]),
        ("/statements", {"modality": "certain"}, 422, ["asserted", "planned", "possible", "demanded"]),
        ("/statements", {"polarity": "maybe"}, 422, ["positive", "negative"]),
        ("/statements", {"side": "left"}, 422, ["subject", "object"]),
        ("/statements", {"sort": "size"}, 422, ["belief", "newest"]),
        ("/statements", {"entity": "nobody at all"}, 404, ["nobody at all"]),
        ("/statements", {"from": "2026-02-30"}, 422, ["from"]),
        ("/statements", {"from": "1770163200"}, 422, ["2026-02-04"]),
        ("/statements", {"min_belief": "1.1"}, 422, ["min_belief"]),
        ("/statements", {"min_belief": "nan"}, 422, ["min_belief"]),
        ("/statements", {"limit": "0"}, 422, ["limit"]),
        ("/statements", {"limit": "501"}, 422, ["limit"]),
        ("/statements", {"offset": "-1"}, 422, ["offset"]),
        ("/statements", {"offset": "100001"}, 422, ["offset"]),
        ("/statements", {"contradicted": "perhaps"}, 422, ["contradicted"]),
        ("/statements", {"relations": "dominates"}, 422, ["relations"]),
        ("/statements", {"relation": ["dominates"] * 51}, 422, ["relation"]),
        ("/statements/xyz", {}, 404, ["xyz"]),
        (f"/statements/{STATEMENT}", {}, 404, [STATEMENT]),
        ("/entities", {"q": "a" * 201}, 422, ["200"]),
        ("/entities", {"q": "a\0b"}, 422, ["NUL"]),
        ("/entity", {}, 422, ["iri"]),
        ("/entity", {"iri": ""}, 422, ["iri"]),
        ("/entity", {"iri": "nobody"}, 404, ["nobody"]),
        ("/entity", {"iri": "70^^http://www.w3.org/2001/XMLSchema#decimal|percent"}, 404, []),
        ("/neighbourhood", {"iri": "China", "depth": "4"}, 422, ["depth"]),
        ("/neighbourhood", {"iri": "nobody"}, 404, ["nobody"]),
        ("/path", {"from": "China", "to": "nobody"}, 404, ["nobody"]),
        ("/path", {"from": "China", "to": "Chile", "max_length": "7"}, 422, ["max_length"]),
        ("/documents", {"sort": "author"}, 422, ["newest"]),
        ("/document", {"id": "doc-99"}, 404, ["doc-99"]),
        ("/queries/nope/rows", {}, 404, ["nope"]),
        ("/queries/partners/rows", {"entity": "nobody"}, 404, ["nobody"]),
        ("/queries/partners/rows", {"nonsense": "1"}, 422, ["nonsense"]),
        ("/queries/partners/rows", {"limit": "many"}, 422, ["many"]),
        ("/queries/partners/rows", {"entity": ["China", "Chile"]}, 422, ["more than once"]),
        ("/queries/partners/rows", {"entity": "x" * 2001}, 422, ["2000"]),
        ("/nothing", {}, 404, []),
    ],
)
def test_what_is_wrong_is_named(client, path, params, status, words):
    refused(client.get(V1 + path, params=params), status, *words)


@pytest.mark.parametrize("path", [p for p in ADDRESSES if not p.startswith("/queries/")])
def test_parameters_that_are_not_known_are_refused(client, path):
    refused(client.get(V1 + path, params={"iri": "China", "id": "doc-1", "from": "China", "to": "Chile", "colour": "red"}), 422)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client, method):
    refused(client.request(method, V1 + "/statements"), 405)


def test_extraction_that_is_switched_off_is_refused(client):
    refused(client.post(V1 + "/extract", json={"text": "China dominates refining."}), 403, "switched off")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": ""}', b'{"text": 1}', b'{"text": "\\ud800"}', b"\xff\xfe",
                                  b'{"text": "a", "published": "soon"}', b'{"text": "a", "colour": 1}', b'{"text": "a\\u0000b"}',
                                  b'{"text": "a", "open": 0}', b'{"text": "a", "published": 0}', b'{"text": "a", "\\ud800": 1}'])  # fmt: skip
def test_texts_that_cannot_be_read_are_refused(client, body):
    refused(client.post(V1 + "/extract", content=body, headers={"Content-Type": "application/json"}), 422)


def test_every_answer_that_may_come_is_described(client):
    described = client.get(V1 + "/openapi.json").json()

    for path, operations in described["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status != "200":
                    assert list(response["content"]) == ["application/problem+json"], path
            assert {"400", "422", "503"} <= set(operation["responses"])
    assert "HTTPValidationError" not in described["components"]["schemas"]


values = st.text(max_size=20) | st.integers().map(str) | st.floats().map(str) | st.sampled_from(
    ["China", "2026-02-04", "dominates", "Country", "true", "asserted", "1", "3", "50", "belief", "\0", "'", '"', "%", "*"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_asked_is_answered_or_refused(client, data):
    path = data.draw(st.sampled_from(sorted(ADDRESSES)))
    names = st.sampled_from(ADDRESSES[path]) if ADDRESSES[path] else st.text(max_size=5)
    params = data.draw(st.lists(st.tuples(names, values.map(lambda v: re.sub("[\ud800-\udfff]", "", v))), max_size=5))
    response = client.get(V1 + path, params=params)

    assert response.status_code in (200, 400, 404, 422), response.text
    kind = "json" if response.status_code == 200 else "problem+json"
    assert response.headers["content-type"] == f"application/{kind}"
