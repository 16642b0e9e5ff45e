"""Documents in: `kg build` and `kg extract`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from kg import api
from kg.cli.app import app
from kg.cli.options import (
    BaseOntology,
    Inputs,
    Knowledge,
    MaxSize,
    Model,
    Ontology,
    ReportFile,
    Shape,
    StatementShape,
    Workers,
    settings_of,
)
from kg.cli.printing import Progress, print_failures, print_rows, print_table
from kg.cli.reporting import Report
from kg.model import label_of


@app.command(
    epilog="Example: `kg build articles/ --into graph`, then `kg show graph China`. With entities of your own: "
    "`kg build articles/ --into graph --kb companies.csv`. With `--report-file unsaid.jsonl` also "
    "what the documents of this run leave unsaid, and why."
)
def build(
    inputs: Inputs,
    into: Annotated[Path, typer.Option(help="The graph folder; made if it is not there.", show_default=False)],
    model: Model = "en_kg_core",
    ontology: Ontology = None,
    replace_ontology: BaseOntology = None,
    kb: Knowledge = None,
    open_triples: Annotated[
        bool, typer.Option("--open", help="Keep open triples beside the typed statements.")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Each line of an input is a document.")] = False,
    workers: Workers = None,
    max_size: MaxSize = api.MAX_BYTES,
    report_file: ReportFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no tables.")] = False,
) -> None:
    """Take documents into a graph. Run again, it does only what is new or changed, also after a kill."""
    from kg.pipeline import OPEN, TYPED

    if dry_run:
        _dry_run(inputs, max_size, lines)
        return
    settings = settings_of(
        model, ontology, replace_ontology, (*TYPED, *OPEN) if open_triples else TYPED, knowledge=kb
    )
    try:
        with Report(report_file, is_shown=False) as report, Progress(quiet=quiet) as progress:
            summary = api.build(inputs, into, settings=settings, workers=workers, max_bytes=max_size, by_line=lines,
                                progress=progress.document, publishing=progress.publishing,
                                report=report.document if report.is_wanted else None)  # fmt: skip
    except KeyboardInterrupt:
        typer.echo("kg: stopped; what is finished is kept, run the same command again to go on", err=True)
        raise typer.Exit(130) from None
    if not quiet:
        _print_summary(summary)
    print_failures(summary.failures)
    if summary.failures:
        raise typer.Exit(1)


@app.command(
    epilog="Example: `kg extract article.html --format table`, `echo 'China dominates refining.' | kg extract -`, "
    "or `kg extract article.html --report`: also what it leaves unsaid, and why."
)
def extract(
    inputs: Inputs,
    format: Annotated[
        StatementShape, typer.Option(help="JSON Lines, one statement a line, or a table.")
    ] = StatementShape.JSONL,
    open_triples: Annotated[bool, typer.Option("--open", help="Open triples in place of typed statements.")] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Each line of an input is a document, with the id line-N.")
    ] = False,
    model: Model = "en_kg_core",
    ontology: Ontology = None,
    replace_ontology: BaseOntology = None,
    kb: Knowledge = None,
    workers: Workers = None,
    max_size: MaxSize = api.MAX_BYTES,
    report: Annotated[
        bool,
        typer.Option(
            "--report", help="Also show, on standard error, what is left unsaid and why: mentions that stand for nothing "
            "known, sentences that state relations and gave no statement.",
        ),
    ] = False,
    report_file: ReportFile = None,
) -> None:
    """Print the statements of documents; nothing is stored."""
    from kg.model import Failure
    from kg.pipeline import OPEN, TYPED

    settings = settings_of(model, ontology, replace_ontology, OPEN if open_triples else TYPED, knowledge=kb)
    failures: list[Failure] = []
    documents = _good(_read(inputs, max_size, lines), failures)
    writer = _table_of_statements if format is StatementShape.TABLE else _lines_of_statements
    with Report(report_file, is_shown=report) as unsaid:
        said = (_statements_and_report if unsaid.is_wanted else _statements)(documents, settings, workers, failures, unsaid)
        writer(said, settings.terms())
    print_failures(failures)
    if failures:
        raise typer.Exit(1)


def _statements(documents: Iterator[Any], settings: Any, workers: int | None, failures: list[Any], unsaid: Report) -> Iterator[Any]:
    for _, statements in _good(api.extract_documents(documents, settings=settings, workers=workers), failures):
        yield from statements


def _statements_and_report(documents: Iterator[Any], settings: Any, workers: int | None, failures: list[Any],
                           unsaid: Report) -> Iterator[Any]:  # fmt: skip
    for _, statements, found in _good(api.report_documents(documents, settings=settings, workers=workers), failures):
        yield from statements
        unsaid.document(found)


def _dry_run(inputs: Sequence[str], max_size: int, lines: bool) -> None:
    from kg.model import Document

    counts: Counter[str] = Counter()
    for item in _read(inputs, max_size, lines):
        good = isinstance(item, Document)
        counts["readable" if good else "unreadable"] += 1
        name = item.id if isinstance(item, Document) else item.document_id
        typer.echo(f"{name}\t{f'{len(item.text)} characters' if isinstance(item, Document) else item.error}")
    typer.echo(f"{counts['readable']} documents would be read, {counts['unreadable']} could not", err=True)


def _read(inputs: Sequence[str], max_size: int, lines: bool) -> Iterator[Any]:
    return api.read(inputs, max_bytes=max_size, by_line=lines)


def _good(items: Iterator[Any], failures: list[Any]) -> Iterator[Any]:
    """The items without the failures among them, which go on the list."""
    from kg.model import Failure

    for item in items:
        if isinstance(item, Failure):
            failures.append(item)
        else:
            yield item


def _lines_of_statements(statements: Iterator[Any], terms: Any) -> None:
    from kg.export import statement_record

    for statement in statements:
        sys.stdout.write(json.dumps(statement_record(statement, terms), ensure_ascii=False) + "\n")


def _table_of_statements(statements: Iterator[Any], terms: Any) -> None:
    from kg import ids

    rows = [
        (
            s.subject.label,
            ("not " if s.polarity == "negative" else "") + ids.predicate_name(s.predicate),
            label_of(s.object),
            str(s.modality),
            s.evidence[0].quote,
        )
        for s in statements
    ]
    print_rows(("subject", "predicate", "object", "modality", "sentence"), rows, Shape.TABLE)


def _print_summary(summary: Any) -> None:
    from kg import queries
    from kg.stores import rdf

    with rdf.open_graph(summary.graph) as store:
        for name in ("count-classes", "count-relations", "count-modalities"):
            result = queries.run(store, queries.find(name))
            print_table(result.columns, result.rows)
            typer.echo()
    older = f"{summary.n_older} older than what is there, " if summary.n_older else ""
    typer.echo(
        f"{summary.graph}: {summary.n_documents} documents taken in, {summary.n_unchanged} unchanged, {older}"
        f"{len(summary.failures)} failed; {summary.n_statements} new evidences"
    )
