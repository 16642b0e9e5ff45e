"""The command as a user runs it: what it prints, its exit codes, what it says of mistakes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES

TEXT = "Japan relies on Australia for coal. Canada cooperates with Japan on batteries.\n"


def run(*arguments, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120
    )


def nquads(graph):
    done = run("export", graph, "--format", "nquads")
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_statements_of_standard_input_come_one_a_line():
    done = run("extract", "-", stdin=TEXT)

    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert ("Japan", "dependsOn", "Australia") in {
        (s["subject"]["label"], s["predicate"]["name"], s["object"]["label"]) for s in said
    }
    for statement in said:
        for evidence in statement["evidence"]:
            for role in ("sentence", "subject", "predicate", "object"):
                stretch = evidence[role]
                assert TEXT[stretch["start"] : stretch["end"]] == stretch["text"]


def test_each_line_is_a_document_of_its_own(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("Nothing here.\nJapan relies on Australia for coal.\n", encoding="utf-8")

    done = run("extract", path, "--lines", "--open")

    documents = {e["document"] for line in done.stdout.splitlines() for e in json.loads(line)["evidence"]}
    assert documents == {"line-2"}


def test_table_of_statements_is_readable():
    done = run("extract", "-", "--format", "table", stdin=TEXT)

    assert "dependsOn" in done.stdout
    assert "{" not in done.stdout


def test_bad_document_costs_itself_alone(tmp_path):
    (tmp_path / "good.txt").write_text(TEXT * 3, encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty.txt").write_text("")

    done = run("build", tmp_path, "--into", tmp_path / "graph")

    assert done.returncode == 1
    assert "bad.txt" in done.stderr
    assert "empty.txt" in done.stderr
    assert "2 documents failed" in done.stderr
    assert run("show", tmp_path / "graph", "Japan").returncode == 0


def test_second_build_does_nothing_and_changes_nothing(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT * 3, encoding="utf-8")
    first = run("build", tmp_path / "a.txt", "--into", tmp_path / "graph")
    before = nquads(tmp_path / "graph")
    second = run("build", tmp_path / "a.txt", "--into", tmp_path / "graph")

    assert "1 documents taken in, 0 unchanged" in first.stdout
    assert "0 documents taken in, 1 unchanged" in second.stdout
    assert nquads(tmp_path / "graph") == before


def test_two_builds_of_the_same_input_give_the_same_quads(graph, tmp_path):
    run("build", EXAMPLES, "--into", tmp_path / "again", "--workers", 2)

    assert nquads(tmp_path / "again") == nquads(graph)


@pytest.mark.slow
def test_killed_build_goes_on_where_it_stopped(tmp_path):
    lines = [
        json.dumps({"id": f"d{i}", "text": f"Report {i}. " + TEXT * 4, "published": "2026-05-01"}) for i in range(400)
    ]
    source = tmp_path / "many.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    command = [sys.executable, "-m", "kg.cli", "build", str(source), "--quiet", "--workers", "1", "--into"]
    subprocess.run([*command, str(whole)], check=True)

    process = subprocess.Popen([*command, str(broken)])
    wait_for_documents(broken)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = n_documents(broken)
    again = run("build", source, "--into", broken, "--workers", 1)

    assert 0 < kept < 400
    assert f"{400 - kept} documents taken in, {kept} unchanged" in again.stdout
    assert nquads(broken) == nquads(whole)


def wait_for_documents(graph):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if (graph / "journal.sqlite").exists() and n_documents(graph) > 0:
            return
        time.sleep(0.02)
    raise TimeoutError("the build took in nothing")


def n_documents(graph):
    from kg.errors import GraphError
    from kg.stores.journal import Journal

    try:
        with Journal.open(graph, read_only=True) as journal:
            return journal.counts().n_documents
    except GraphError:
        return 0


def test_examples_disagree_about_the_mine(graph):
    done = run("query", graph, "contradictions", "--format", "json")

    rows = json.loads(done.stdout)
    assert any("Tavolga" in str(row) for row in rows), done.stdout


def test_graph_of_the_examples_is_valid(graph):
    done = run("validate", graph)

    assert done.returncode == 0, done.stdout
    assert "0 problems" in done.stdout


@pytest.mark.parametrize("shape", ["turtle", "trig", "nquads", "jsonld", "jsonl", "graphml"])
def test_every_format_is_written(graph, tmp_path, shape):
    done = run("export", graph, "--format", shape, "--output", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").stat().st_size > 1000


def test_dry_run_writes_nothing(tmp_path):
    done = run("build", EXAMPLES, "--into", tmp_path / "graph", "--dry-run")

    assert done.returncode == 0
    assert "9 documents would be read" in done.stderr
    assert not (tmp_path / "graph").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "no-such-folder", "--into", "graph"), "no-such-folder"),
        (("show", "no-such-graph", "China"), "no-such-graph"),
        (("extract", str(EXAMPLES), "--model", "no_such_pipeline"), "no_such_pipeline"),
        (("extract", str(EXAMPLES), "--ontology", "no-such.ttl"), "no-such.ttl"),
    ],
)
def test_mistake_of_the_caller_is_one_clear_line(arguments, words, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )

    assert done.returncode == 2
    assert done.stderr.startswith("kg: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_entity_is_answered_with_those_near_it(graph):
    done = run("show", graph, "Kazakstan")

    assert done.returncode == 2
    assert "Kazakhstan" in done.stderr


def test_query_with_a_syntax_error_says_where(graph):
    done = run("query", graph, "-", stdin="SELECT ?s WHERE { ?s ?p }")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_importing_the_package_loads_no_language_library():
    code = "import sys, kg, kg.cli; sys.exit(any(m in sys.modules for m in ('spacy', 'rdflib', 'pyoxigraph')))"

    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent).returncode == 0


def test_user_adds_a_relation_without_code(tmp_path):
    (tmp_path / "mine.ttl").write_text(
        """
        @prefix pol: <https://w3id.org/policy-kg/ontology#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        pol:subpoenas a owl:ObjectProperty ; rdfs:label "subpoenas" ; skos:definition "Orders to appear in court." ;
            rdfs:domain owl:Thing ; rdfs:range owl:Thing .
        """
    )
    patterns = tmp_path / "patterns"
    patterns.mkdir()
    (patterns / "subpoenas.yaml").write_text(
        """
- name: verb
  verb: [subpoena]
  subject: subj
  object: obj
  catch: {text: "The committee subpoenaed the company on Monday.", subject: committee, object: company}
  leave: "The committee met on Monday."
"""
    )
    own = ["--ontology", tmp_path / "mine.ttl", "--ontology", patterns]

    checked = run("ontology", "check", "--relation", "subpoenas", *own)
    done = run("extract", "-", *own, stdin="The committee subpoenaed the company on Monday.")

    assert checked.returncode == 0, checked.stdout
    assert '"subpoenas"' in done.stdout


def test_ontology_of_the_user_can_replace_ours(tmp_path):
    (tmp_path / "small.ttl").write_text(
        """
        @prefix pol: <https://w3id.org/policy-kg/ontology#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        pol:dependsOn a owl:ObjectProperty ; rdfs:label "depends on" ; skos:definition "Cannot do without." ;
            rdfs:domain owl:Thing ; rdfs:range owl:Thing .
        """
    )

    done = run("extract", "-", "--replace-ontology", tmp_path / "small.ttl", stdin=TEXT)

    assert {json.loads(line)["predicate"]["name"] for line in done.stdout.splitlines()} == {"dependsOn"}


def test_named_query_gives_the_same_in_either_language(graph):
    found = [run("query", graph, "partners", "--language", language, "--format", "json") for language in ("sparql", "cypher")]

    assert [done.returncode for done in found] == [0, 0]
    assert json.loads(found[0].stdout) == json.loads(found[1].stdout) != []


def test_cypher_is_explained_with_its_parameters(graph):
    done = run("query", graph, "partners", "--language", "cypher", "--param", "entity=Japan", "--explain")

    assert "MATCH" in done.stdout
    assert "// $entity = 'https://w3id.org/policy-kg/entity/country/JPN'" in done.stdout


@pytest.mark.parametrize("query, said", [
    ("MATCH (n RETURN n", "not valid Cypher"),
    ("MATCH (n {iri: $x}) RETURN n", "needs a value"),
    ("SELECT ?s WHERE { ?s", "not valid SPARQL"),
])  # fmt: skip
def test_query_that_cannot_be_run_is_one_line_and_exit_code_2(graph, query, said):
    done = run("query", graph, query)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_document_is_forgotten_and_the_difference_told(graph, tmp_path):
    import shutil

    copy = shutil.copytree(graph, tmp_path / "graph", ignore=shutil.ignore_patterns("cypher"))
    listed = json.loads(run("query", copy, "documents", "--format", "json").stdout)
    done = run("forget", copy, listed[0]["id"])
    differences = json.loads(run("diff", graph, copy, "--format", "json").stdout)

    assert done.returncode == 0, done.stderr
    assert {d["change"] for d in differences} <= {"went", "belief", "modality"}
    assert differences
    assert run("diff", graph, copy, "--exit-code").returncode == 1
    assert run("forget", copy, listed[0]["id"]).returncode == 2
