"""What the journal says is in the property graph after a load; what goes wrong is said in one line, and can go on."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from kg.errors import QueryError, StoreError
from kg.stores import loading
from kg.stores.journal import Journal
from kg.stores.loading import load
from kg.stores.merged import merged
from kg.stores.neo4j import PropertyGraph
from tests.builders import NEGATIVE, document, entity, evidence, pol, statement
from tests.servers import Neo4jServer, dump, need_java, wipe


@pytest.fixture(scope="module", params=["neo4j", "embedded"])
def store(request, tmp_path_factory):
    """An open database of each engine."""
    if request.param == "neo4j":
        with request.getfixturevalue("neo4j_server").open() as graph:
            yield graph
    else:
        from kg.stores import embedded

        folder = tmp_path_factory.mktemp("engine")
        with embedded.running(folder) as address, PropertyGraph.open(address) as graph:
            yield graph


@pytest.fixture
def empty(store):
    wipe(store)
    return store


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        yield journal


def record(journal, *said, id="doc-1", content="c", **others):
    journal.record(document(id, **others), said, content_hash=content, config_hash="k")
    journal.flush()


def counts(tally):
    return tally.created, tally.replaced, tally.matched, tally.removed


# ---- what is there


def test_graph_of_the_examples_reads_back_as_it_was_loaded(empty, graph):
    with Journal.open(graph, read_only=True) as journal, merged(journal) as found:
        load(journal, empty)
        assert list(empty.statements()) == list(found.statements())
        assert list(empty.entities()) == list(found.entities())
        assert list(empty.documents()) == [
            replace(d, text="", retrieved=None, media_type="text/plain") for d in found.documents()
        ]


def test_statement_is_a_relationship_that_leads_to_its_evidence(empty, journal):
    record(journal, statement(polarity=NEGATIVE))
    load(journal, empty)

    text = (
        "MATCH (s:Country)-[r:DOMINATES {negated: true}]->(o:Activity) MATCH (e:Evidence {statement: r.id})-[:IN]->(d:Document) "
        "MATCH (e)-[:SUBJECT]->(s) MATCH (e)-[:OBJECT]->(o) RETURN s.label, r.relation, o.label, e.quote, d.published"
    )
    ((subject, relation, object_, quote, published),) = empty.ask(text)
    assert (subject, relation, object_, quote) == ("China", "dominates", "refining", "China dominates refining.")
    assert published == document().published


def test_second_load_changes_nothing(empty, graph):
    with Journal.open(graph, read_only=True) as journal:
        load(journal, empty)
        before = dump(empty)
        report = load(journal, empty)

    assert dump(empty) == before
    assert counts(report.statements) == (0, 0, 0, 0)
    assert not report.is_whole


def test_walk_over_what_is_there_writes_nothing(empty, graph, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 7)
    with Journal.open(graph, read_only=True) as journal, merged(journal) as found:
        load(journal, empty)
        empty.change(lambda write: write("MATCH (k:KnowledgeGraph) SET k.revision = null"))
        n = sum(1 for _ in found.statements())
        report = load(journal, empty)

    assert counts(report.statements) == (0, 0, n, 0)
    assert report.n_evidence == 0


def test_dry_run_counts_and_writes_nothing(empty, journal):
    record(journal, statement(), statement("Japan", at=50))
    report = load(journal, empty, dry_run=True)

    assert counts(report.statements) == (2, 0, 0, 0)
    assert counts(report.entities) == (3, 0, 0, 0)
    assert dump(empty) == []


def test_report_tells_created_replaced_matched_and_removed(empty, journal):
    for number in range(30):
        record(journal, statement(f"Country {number}", document=f"doc-{number}"), id=f"doc-{number}")
    load(journal, empty)
    record(journal, statement("Peru", document="doc-0"), id="doc-0", content="c2")

    report = load(journal, empty)

    assert counts(report.statements) == (1, 0, 0, 1)
    assert counts(report.documents) == (0, 0, 1, 0)
    assert (report.entities.created, report.entities.removed) == (1, 1)
    assert not report.is_whole


def test_statement_whose_evidence_was_lost_is_repaired(empty, journal):
    record(journal, statement(evidence=(evidence(), evidence(at=50))))
    load(journal, empty)
    before = dump(empty)
    empty.change(lambda write: write("MATCH (e:Evidence {start: 50}) DETACH DELETE e"))
    empty.change(lambda write: write("MATCH (k:KnowledgeGraph) SET k.revision = null"))

    assert counts(load(journal, empty).statements) == (0, 1, 0, 0)
    assert dump(empty) == before


def test_class_of_an_entity_can_change(empty, journal):
    record(journal, statement(entity("Kosovo", "Region", iri="https://example.org/k")))
    load(journal, empty)
    record(journal, statement(entity("Kosovo", "Country", iri="https://example.org/k")), content="c2")
    load(journal, empty)

    ((labels,),) = empty.ask("MATCH (n:Entity {iri: 'https://example.org/k'}) RETURN labels(n)")
    assert sorted(labels) == ["Country", "Entity"]


def test_class_named_like_a_label_of_ours_is_told_apart(empty, journal):
    record(journal, statement(object=entity("white paper", "Document")))
    load(journal, empty)

    assert [id for (id,) in empty.ask("MATCH (d:Document) RETURN d.id")] == ["doc-1"]
    assert [label for (label,) in empty.ask("MATCH (d:DocumentEntity) RETURN d.label")] == ["white paper"]


def test_predicate_that_is_no_name_never_becomes_part_of_a_query(empty, journal):
    wild = "https://example.org/x]->() MATCH (n) DETACH DELETE n //"
    places = evidence(), evidence(at=50)
    record(journal, *(statement(predicate=p, evidence=e) for p, e in zip((wild, pol("in")), places, strict=True)))
    load(journal, empty)

    found = dict(empty.ask("MATCH (:Entity)-[r]->() WHERE r.id IS NOT NULL RETURN r.predicate, type(r)"))
    assert found == {wild: "OPEN_RELATION", pol("in"): "IN_"}


def test_nodes_of_others_are_left_alone(empty, journal):
    empty.change(lambda write: write("CREATE (:Entity {name: 'mine'})-[:KNOWS]->(:Document {fileName: 'a.pdf'})"))
    record(journal, statement())
    load(journal, empty)
    journal.withdraw("doc-1")
    load(journal, empty)

    assert [n for (n,) in empty.ask("MATCH (n) WHERE NOT n:KnowledgeGraph RETURN count(n)")] == [2]


def test_another_graph_is_not_overwritten_unasked(empty, journal, tmp_path):
    record(journal, statement())
    load(journal, empty)
    with Journal.open(tmp_path / "other") as other:
        record(other, statement("Japan"))
        with pytest.raises(StoreError, match="holds another graph"):
            load(other, empty)
        load(other, empty, take_over=True)

        assert [s.subject.label for s in empty.statements()] == ["Japan"]


# ---- what can go wrong


@pytest.mark.parametrize("text, said", [
    ("MATCH (n RETURN n", "not valid Cypher"),
    ("MATCH (n {iri: $missing}) RETURN n", "needs a value: .*missing"),
])  # fmt: skip
def test_bad_query_is_one_clear_line(store, text, said):
    with pytest.raises(QueryError, match=said) as caught:
        store.ask(text)
    assert "\n" not in str(caught.value)


def test_query_cannot_write(empty):
    with suppress(QueryError, StoreError):
        empty.ask("CREATE (n:Entity {iri: 'x'}) RETURN n")
    assert dump(empty) == []


def kg(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120,
        env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_wrong_password_user_database_and_server_are_told_apart(neo4j_server, graph):
    uri, right = neo4j_server.address.uri, neo4j_server.address.password
    for options, password, said in (
        ((), "wrong", "refuses user 'neo4j'"),
        (("--user", "nobody"), right, "refuses user 'nobody'"),
        (("--database", "nowhere"), right, "no database 'nowhere'"),
        (("--neo4j", "bolt://127.0.0.1:1"), right, "no server answers"),
        (("--neo4j", "http://127.0.0.1:1"), right, "no address of a Bolt server"),
        ((), None, "needs a password"),
    ):
        known = {"KG_NEO4J_PASSWORD": password} if password is not None else {}
        done = kg("load", graph, "--neo4j", uri, *options, **known)

        assert done.returncode == 2, options
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr


def many(journal, n=4000):
    """A graph that takes a while to load."""
    for number in range(n // 100):
        id = f"doc-{number:04}"
        said = [statement(f"Country {number * 100 + i}", document=id, at=40 * i) for i in range(100)]
        record(journal, *said, id=id)


@pytest.mark.slow
def test_server_that_is_killed_in_mid_load_costs_nothing_but_a_second_run(tmp_path, journal, monkeypatch):
    need_java()
    monkeypatch.setattr("kg.stores.neo4j.RETRY_S", 1.0)
    monkeypatch.setattr(loading, "BATCH", 200)
    many(journal)
    server = Neo4jServer(tmp_path / "server").start()
    n_seen = 0

    def kill_at_half(done, total):
        nonlocal n_seen
        n_seen += 1
        if n_seen == 5:
            server.kill()

    with pytest.raises(StoreError, match="no server answers"), server.open() as graph:
        load(journal, graph, progress=kill_at_half)
    server.start()
    with server.open() as graph:
        report = load(journal, graph)
        with merged(journal) as found:
            assert list(graph.statements()) == list(found.statements())
    server.stop()
    assert report.statements.matched > 0
    assert report.statements.created > 0


@pytest.mark.slow
def test_server_that_is_full_says_so(tmp_path, journal, monkeypatch):
    need_java()
    monkeypatch.setattr("kg.stores.neo4j.RETRY_S", 1.0)
    many(journal)
    server = Neo4jServer(tmp_path / "server", settings={"db.memory.transaction.max": "4m"}).start()
    with pytest.raises(StoreError, match="gives up") as caught, server.open() as graph:
        load(journal, graph)
    server.stop()
    assert "\n" not in str(caught.value)

    monkeypatch.setattr(loading, "BATCH", 50)
    server.settings = {}
    server.start()
    with server.open() as graph, merged(journal) as found:
        load(journal, graph)
        assert list(graph.statements()) == list(found.statements())
    server.stop()


@pytest.mark.parametrize("engine", ["neo4j", "embedded"])
def test_load_that_is_killed_goes_on_where_it_was(request, tmp_path, journal, engine):
    many(journal)
    command = [sys.executable, "-m", "kg.cli", "load", str(journal.folder), "--quiet"]
    environment = dict(os.environ)
    if engine == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        server.wipe()
        command += ["--neo4j", server.address.uri]
        environment["KG_NEO4J_PASSWORD"] = server.address.password
    for delay in (1.5, 3.0):
        process = subprocess.Popen(command, env=environment)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, env=environment, timeout=120).returncode == 0

    opened = server.open() if engine == "neo4j" else _embedded(journal.folder)
    with opened as graph, merged(journal) as found:
        assert list(graph.statements()) == list(found.statements())
        ((n_evidence,),) = graph.ask("MATCH (e:Evidence) RETURN count(e)")
        assert n_evidence == found.n_evidence


def _embedded(folder):
    from kg.stores import embedded

    return embedded.open_graph(folder)
