"""What a document leaves unsaid, with the trained pipeline."""

import json

import pytest
from typer.testing import CliRunner

from kg import abstention, coreference, runner
from kg.cli import app
from kg.model import Document, Doubt, MentionKind
from kg.pipeline import Settings

pytestmark = pytest.mark.model

TEXT = """It will not be signed before May. Brazil condemned the raid on the consulate of Peru.

Orvelia Minerals depends on Japan for copper. They met on Monday. Birds sang."""


def found(pipeline, text):
    ((_, _, report),) = abstention.reported(pipeline, [Document(id="d", text=text)])
    return report


def test_statements_are_those_without_a_report(pipeline):
    document = Document(id="d", text=TEXT)
    ((_, said, _),) = abstention.reported(pipeline, [document])

    assert [(document, said)] == list(pipeline.statements([document]))


def test_pronoun_with_nothing_before_it_and_unknown_name_are_unresolved(pipeline):
    report = found(pipeline, TEXT)
    named = {m.text: m for m in report.mentions}

    assert named["It"].doubt is Doubt.NO_CANDIDATE and named["It"].kind is MentionKind.PRONOUN
    assert named["Orvelia Minerals"].doubt is Doubt.NO_CANDIDATE
    assert not {"Brazil", "Peru", "Japan"} & set(named)
    assert all(TEXT[m.span.start : m.span.end] == m.text and m.text in m.sentence for m in report.mentions)


def test_pronoun_that_stands_for_nothing_is_not_missed(pipeline):
    assert "It" not in {m.text for m in found(pipeline, "It is likely that Japan will sign the treaty.").mentions}


def test_name_that_something_known_bears_is_ambiguous(pipeline):
    (mention,) = (m for m in found(pipeline, "Mr. Johnson supplies Japan with copper.").mentions if m.kind is MentionKind.NAME)

    assert mention.doubt is Doubt.AMBIGUOUS
    assert any("Johnson" in entity.label for entity in mention.candidates)


def test_description_alone_is_unresolved_and_one_that_says_which_is_not(pipeline):
    text = "The company will supply Japan. The largest copper company of Peru will supply Chile."
    texts = [m.text for m in found(pipeline, text).mentions if m.kind is MentionKind.NOMINAL]

    assert texts == ["company"]


def test_sentence_without_statement_says_what_its_word_misses(pipeline):
    report = found(pipeline, TEXT)
    words = {s.trigger_text: s for s in report.sentences}

    assert [(lack.side, str(lack.cause), lack.text) for lack in words["met"].lacks][:1] == [("subject", "unresolved", "They")]
    assert "depends" not in words and "sang" not in words
    assert all(TEXT[s.trigger.start : s.trigger.end] == s.trigger_text for s in report.sentences)


def test_counts_are_those_of_the_document(pipeline):
    report = found(pipeline, TEXT)

    assert report.counts.n_sentences == 5
    assert report.counts.n_with_statements == 2
    assert report.counts.n_unsaid == len({s.span for s in report.sentences})
    assert report.counts + report.counts == abstention.Counts(
        n_sentences=10, n_with_statements=4, n_unsaid=2 * report.counts.n_unsaid, n_unresolved=2 * len(report.mentions)
    )


def test_without_a_report_nothing_of_it_is_computed(pipeline, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("computed")

    for module, name in ((abstention, "abstention"), (coreference, "doubts")):
        monkeypatch.setattr(module, name, refuse)
    (outcome,) = runner.analyse([Document(id="d", text=TEXT)], Settings(), workers=1)

    assert len(outcome) == 2


# ---- commands


def run(*arguments, stdin=None):
    done = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_extract_shows_the_report_beside_the_statements(tmp_path):
    plain = run("extract", "-", stdin=TEXT)
    done = run("extract", "-", "--report", "--report-file", tmp_path / "unsaid.jsonl", stdin=TEXT)

    assert done.stdout == plain.stdout
    assert plain.stderr == ""
    assert "“They” stands for nothing known" in done.stderr and "kg: 5 sentences: 2 with statements" in done.stderr
    lines = [json.loads(line) for line in (tmp_path / "unsaid.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["what"] for line in lines} == {"mention", "sentence", "counts"}
    assert lines[-1]["n_sentences"] == 5


def test_build_writes_the_report_of_what_it_takes_in(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for n_documents in (1, 0):  # the second time nothing is new
        run("build", tmp_path / "a.txt", "--into", tmp_path / "graph", "--report-file", tmp_path / "unsaid.jsonl", "--quiet")
        lines = (tmp_path / "unsaid.jsonl").read_text(encoding="utf-8").splitlines()
        assert sum('"counts"' in line for line in lines) == n_documents


def test_report_crosses_from_worker_processes():
    documents = [Document(id=f"d{n}", text=TEXT) for n in range(2)]
    outcomes = list(runner.analyse_and_report(documents, Settings(), workers=2))

    assert {document.id for document, *_ in outcomes} == {"d0", "d1"}
    assert all(report.counts.n_sentences == 5 for _, _, report in outcomes)
