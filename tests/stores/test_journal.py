"""The journal keeps what each document says, whatever happens to the process that writes it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from kg.errors import GraphError, UsageError
from kg.model import Failure
from kg.stores import rdf
from kg.stores.codec import (
    decode_document,
    decode_failure,
    decode_statement,
    encode_document,
    encode_failure,
    encode_statement,
)
from kg.stores.folder import FORMAT
from kg.stores.journal import Counts, Journal
from kg.stores.merged import merged
from tests.builders import document, document_saying, evidence, statement
from tests.strategies import PROPERTY, documents, statements

FAILURE = Failure(document_id="doc-9", url="https://news.example/9", stage="read", error="no text layer; run OCR first")


def record(journal, said, *, id="doc-1", content="c1", config="k1"):
    journal.record(document(id), said, content_hash=content, config_hash=config)


def through_json(value):
    return json.loads(json.dumps(value))


# ---- what is kept


@PROPERTY
@given(statements)
def test_statement_survives_json_unchanged(statement):
    assert decode_statement(through_json(encode_statement(statement))) == statement


@PROPERTY
@given(documents)
def test_document_survives_json_unchanged(document):
    assert decode_document(through_json(encode_document(document))) == document


def test_failure_survives_json_unchanged():
    assert decode_failure(through_json(encode_failure(FAILURE))) == FAILURE


def test_what_is_recorded_is_read_back_after_reopening(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement()])
        journal.fail(FAILURE)
    with Journal.open(tmp_path / "graph", read_only=True) as journal:
        assert list(journal.said()) == [(document(), [statement()])]
        assert list(journal.documents()) == [document()]
        assert journal.document("doc-1") == document()
        assert journal.document("doc-2") is None
        assert list(journal.failures()) == [FAILURE]
        assert journal.counts() == Counts(n_documents=1, n_evidence=1, n_failures=1)


def test_document_is_done_only_with_the_same_content_and_configuration(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [])

        assert journal.is_done("doc-1", "c1", "k1")
        assert not journal.is_done("doc-1", "c2", "k1")
        assert not journal.is_done("doc-1", "c1", "k2")
        assert not journal.is_done("doc-2", "c1", "k1")


def test_recording_again_replaces_what_the_document_said(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement(), statement("Chile")])
        record(journal, [statement("Japan")], content="c2")

        assert [s.subject.label for _, said in journal.said() for s in said] == ["Japan"]
        assert journal.counts().n_documents == 1


def test_document_taken_in_at_last_is_no_failure_any_more(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        journal.fail(FAILURE)
        record(journal, [], id="doc-9")

        assert list(journal.failures()) == []


def test_failure_of_a_new_version_leaves_the_old_one(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement(document="doc-9")], id="doc-9")
        journal.fail(FAILURE)

        assert journal.counts() == Counts(n_documents=1, n_evidence=1, n_failures=1)


def test_withdrawn_document_is_gone_with_what_it_said(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement()])

        assert journal.withdraw("doc-1")
        assert not journal.withdraw("doc-1")
        assert journal.counts() == Counts(n_documents=0, n_evidence=0, n_failures=0)
        assert not journal.is_done("doc-1", "c1", "k1")


def test_statement_without_evidence_is_refused(tmp_path):
    bare = replace(statement(), evidence=())
    with Journal.open(tmp_path / "graph") as journal, pytest.raises(UsageError, match="without evidence"):
        record(journal, [bare])


def test_evidence_of_another_document_is_refused(tmp_path):
    with Journal.open(tmp_path / "graph") as journal, pytest.raises(UsageError, match="in another document"):
        record(journal, [statement(evidence=evidence("doc-2"))])


# ---- who may open it


def test_second_writer_is_refused_while_readers_are_welcome(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement()])
        journal.flush()
        with pytest.raises(GraphError, match="another process is writing"):
            Journal.open(tmp_path / "graph")
        with Journal.open(tmp_path / "graph", read_only=True) as reader:
            assert reader.counts().n_documents == 1


def test_reader_sees_one_state_while_the_writer_goes_on(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement()])
        journal.flush()
        with Journal.open(tmp_path / "graph", read_only=True) as reader, merged(reader) as graph:
            record(journal, [statement("Chile", document="doc-2")], id="doc-2")
            journal.flush()

            assert [d.id for d in graph.documents()] == ["doc-1"]
            assert {e.label for e in graph.entities()} == {"China", "refining"}


def test_writer_of_another_process_is_refused(tmp_path):
    code = f"from kg.stores.journal import Journal; from pathlib import Path; Journal.open(Path({str(tmp_path / 'graph')!r}))"
    with Journal.open(tmp_path / "graph"):
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)

    assert "another process is writing" in other.stderr


def test_next_writer_is_welcome_once_the_first_has_closed(tmp_path):
    Journal.open(tmp_path / "graph").close()

    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [])


def test_reader_cannot_write(tmp_path):
    Journal.open(tmp_path / "graph").close()

    with Journal.open(tmp_path / "graph", read_only=True) as journal, pytest.raises(UsageError, match="reading only"):
        record(journal, [])


def test_folder_without_a_graph_cannot_be_read(tmp_path):
    with pytest.raises(GraphError, match="no graph here"):
        Journal.open(tmp_path, read_only=True)


def test_folder_with_other_files_is_not_taken_over(tmp_path):
    (tmp_path / "thesis.doc").touch()

    with pytest.raises(GraphError, match="holds files that are no graph"):
        Journal.open(tmp_path)


def test_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "graph").touch()

    with pytest.raises(GraphError, match="cannot be used as a graph folder"):
        Journal.open(tmp_path / "graph")


def test_graph_of_another_format_is_refused(tmp_path):
    Journal.open(tmp_path / "graph").close()
    (tmp_path / "graph" / "graph.json").write_text(json.dumps({"format": FORMAT + 1}))

    with pytest.raises(GraphError, match="build it anew"):
        Journal.open(tmp_path / "graph")


@pytest.mark.parametrize("is_read_only", [True, False])
def test_damaged_journal_is_reported_as_such(tmp_path, is_read_only):
    Journal.open(tmp_path / "graph").close()
    (tmp_path / "graph" / "journal.sqlite").write_bytes(b"not a database" * 100)

    with pytest.raises(GraphError, match="cannot be read"):
        Journal.open(tmp_path / "graph", read_only=is_read_only)


def test_graph_says_what_made_it(tmp_path):
    Journal.open(tmp_path / "graph", made_with={"model": "en_kg_core"}).close()

    described = json.loads((tmp_path / "graph" / "graph.json").read_text())
    assert described.pop("id")
    assert described == {"format": FORMAT, "made_with": {"model": "en_kg_core"}}


# ---- killed in the middle

ROOT = Path(__file__).parents[2]
N_DOCUMENTS = 120

RECORDER = """
import sys, time
from pathlib import Path
from kg.stores.journal import Journal
from tests.stores.test_journal import record_all
with Journal.open(Path(sys.argv[1])) as journal:
    record_all(journal, pause_s=0.005, announce=True)
"""


def record_all(journal, *, pause_s=0.0, announce=False):
    """Record the documents that are not done; the ids of those that were recorded now."""
    recorded = []
    for n in range(N_DOCUMENTS):
        id = f"doc-{n}"
        if journal.is_done(id, "c", "k"):
            continue
        said = [statement(f"State {n % 7}", object=f"market {n % 5}", document=id),
                statement("Chile", document=id, at=200)]  # fmt: skip
        text = document_saying(*said, id=id, publisher=f"Paper {n % 3}")
        journal.record(text, said, content_hash="c", config_hash="k")
        recorded.append(id)
        time.sleep(pause_s)
        if announce and n % 20 == 19:
            journal.flush()
            print(n + 1, flush=True)
    return recorded


def killed_after(n_acknowledged: int, graph: Path) -> int:
    """How many documents were acknowledged before the recording process was killed."""
    process = subprocess.Popen([sys.executable, "-c", RECORDER, graph], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    acknowledged = 0
    for line in process.stdout:
        acknowledged = int(line)
        if acknowledged >= n_acknowledged:
            os.kill(process.pid, signal.SIGKILL)
            break
    assert process.wait() == -signal.SIGKILL
    return acknowledged


def nquads(graph: Path) -> list[str]:
    with rdf.open_graph(graph) as store:
        return sorted(str(quad) for quad in store.oxigraph)


def test_killed_run_goes_on_where_it_stopped_and_ends_in_the_same_graph(tmp_path):
    acknowledged = killed_after(40, tmp_path / "killed")
    with Journal.open(tmp_path / "killed") as journal:
        n_kept = journal.counts().n_documents
        recorded = record_all(journal)
        rdf.publish(journal)
    with Journal.open(tmp_path / "whole") as journal:
        record_all(journal)
        rdf.publish(journal)

    assert acknowledged <= n_kept < N_DOCUMENTS
    assert len(recorded) == N_DOCUMENTS - n_kept
    assert nquads(tmp_path / "killed") == nquads(tmp_path / "whole")


def test_uncommitted_work_is_not_half_there(tmp_path):
    journal = Journal.open(tmp_path / "graph")
    record(journal, [statement()])
    with sqlite3.connect(tmp_path / "graph" / "journal.sqlite") as other:
        n_before_commit = other.execute("SELECT count(*) FROM document").fetchone()[0]
    journal.close()

    assert n_before_commit == 0
    with Journal.open(tmp_path / "graph", read_only=True) as reader:
        assert reader.counts().n_documents == 1


# ---- by statement


def test_statement_is_found_in_every_document_that_makes_it(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement(), statement("Japan")])
        record(journal, [statement(document="doc-2")], id="doc-2")

        assert [d.id for d, _ in journal.said_of(statement().id)] == ["doc-1", "doc-2"]
        assert [d.id for d, _ in journal.said_of(statement("Japan").id)] == ["doc-1"]

        record(journal, [], content="c2")
        assert [d.id for d, _ in journal.said_of(statement().id)] == ["doc-2"]
        assert journal.said_of(statement("Japan").id) == []


# ---- the past


def at(monkeypatch, moment):
    """Let the journal believe that this is now."""
    monkeypatch.setattr("kg.stores.journal._now", lambda: moment)


def ids_at(journal, moment):
    return sorted(s.id for _, said in journal.said_at(moment) for s in said)


def test_what_the_journal_held_at_a_moment_is_remembered(tmp_path, monkeypatch):
    with Journal.open(tmp_path / "graph") as journal:
        at(monkeypatch, "2026-03-01T12:00:00")
        record(journal, [statement()])
        at(monkeypatch, "2026-03-03T12:00:00")
        record(journal, [statement("Japan")], content="c2")
        at(monkeypatch, "2026-03-05T12:00:00")
        journal.withdraw("doc-1")

        assert ids_at(journal, "2026-03-01") == []
        assert ids_at(journal, "2026-03-02") == [statement().id]
        assert ids_at(journal, "2026-03-04") == [statement("Japan").id]
        assert ids_at(journal, "2026-03-06") == []


def test_what_is_gone_is_remembered_without_its_words(tmp_path, monkeypatch):
    with Journal.open(tmp_path / "graph") as journal:
        at(monkeypatch, "2026-03-01T12:00:00")
        record(journal, [statement()])
        at(monkeypatch, "2026-03-03T12:00:00")
        journal.withdraw("doc-1")

        ((past, (said,)),) = journal.said_at("2026-03-02")
    assert (past.id, past.text) == ("doc-1", "")
    assert said == replace(statement(), evidence=(replace(statement().evidence[0], quote=""),))


def test_journal_of_an_earlier_version_is_brought_up_to_date_by_whoever_writes(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        record(journal, [statement()])
    with sqlite3.connect(tmp_path / "graph" / "journal.sqlite") as db:
        db.executescript("DROP TABLE saying; DROP TABLE past; PRAGMA user_version = 0")
        db.executescript("DROP TABLE band; DROP TABLE merged; DROP INDEX document_address; DROP INDEX version_own")
        for column in ("recorded", "address", "signature", "replaced_by"):
            db.execute(f"ALTER TABLE document DROP COLUMN {column}")
        db.execute("ALTER TABLE version DROP COLUMN own")
    db.close()

    with pytest.raises(GraphError, match="earlier version"):
        Journal.open(tmp_path / "graph", read_only=True)
    with Journal.open(tmp_path / "graph") as journal:
        assert [d.id for d, _ in journal.said_of(statement().id)] == ["doc-1"]
        assert ids_at(journal, "2026-03-01") == [statement().id]


def test_document_withdrawn_without_trace_has_no_past(tmp_path, monkeypatch):
    with Journal.open(tmp_path / "graph") as journal:
        at(monkeypatch, "2026-03-01T12:00:00")
        record(journal, [statement()])
        at(monkeypatch, "2026-03-03T12:00:00")
        record(journal, [statement("Japan")], content="c2")
        journal.withdraw("doc-1", leave_trace=False)

        assert ids_at(journal, "2026-03-02") == []
