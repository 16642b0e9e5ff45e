"""The command: `kg build | extract | show | query | export | validate | ontology`.

Exit codes: 0 all went well; 1 some documents failed, or a check found something; 2 the call could not be carried out.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg import api
from kg.errors import KgError, UsageError
from kg.model import label_of

app = typer.Typer(
    name="kg",
    help="News articles and policy documents in, an evidence-linked policy knowledge graph out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
ontology_app = typer.Typer(no_args_is_help=True, help="The relations, classes and patterns.")
app.add_typer(ontology_app, name="ontology")

Inputs = Annotated[
    list[str],
    typer.Argument(help="Files, folders, globs, - for standard input, http(s) addresses.", show_default=False),
]
Graph = Annotated[Path, typer.Argument(help="The graph folder.", show_default=False)]
Model = Annotated[str, typer.Option(help="A pipeline of ours, an installed spaCy package, or a folder.")]
Ontology = Annotated[
    list[Path] | None,
    typer.Option("--ontology", help="A file (.ttl) or patterns (.yaml, folder) that extend ours; repeatable."),
]
BaseOntology = Annotated[
    Path | None,
    typer.Option(
        "--replace-ontology", help="An RDF file of classes and relations in place of ours.", show_default=False
    ),
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes that analyse. [default: one a core]", show_default=False)
]
MaxSize = Annotated[int, typer.Option(min=1, help="Refuse documents over this many bytes.")]


class Shape(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class StatementShape(StrEnum):
    """How statements are printed."""

    JSONL = "jsonl"
    TABLE = "table"


def main() -> None:
    """Run the command; an error of ours is one line on standard error and exit code 2."""
    try:
        app()
    except KgError as error:
        typer.echo(f"kg: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        from kg import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: `kg build articles/ --into graph`, then `kg show graph China`.")
def build(
    inputs: Inputs,
    into: Annotated[Path, typer.Option(help="The graph folder; made if it is not there.", show_default=False)],
    model: Model = "en_kg_core",
    ontology: Ontology = None,
    replace_ontology: BaseOntology = None,
    open_triples: Annotated[
        bool, typer.Option("--open", help="Keep open triples beside the typed statements.")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Each line of an input is a document.")] = False,
    workers: Workers = None,
    max_size: MaxSize = api.MAX_BYTES,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no tables.")] = False,
) -> None:
    """Take documents into a graph. Run again, it does only what is new or changed, also after a kill."""
    if dry_run:
        _dry_run(inputs, max_size, lines)
        return
    settings = _settings(model, ontology, replace_ontology, ("patterns", "clauses") if open_triples else ("patterns",))
    try:
        with _Progress(quiet=quiet) as progress:
            summary = api.build(inputs, into, settings=settings, workers=workers, max_bytes=max_size, by_line=lines,
                                progress=progress.document, publishing=progress.publishing)  # fmt: skip
    except KeyboardInterrupt:
        typer.echo("kg: stopped; what is finished is kept, run the same command again to go on", err=True)
        raise typer.Exit(130) from None
    if not quiet:
        _print_summary(summary)
    _print_failures(summary.failures)
    if summary.failures:
        raise typer.Exit(1)


@app.command(
    epilog="Example: `kg extract article.html --format table`, or `echo 'China dominates refining.' | kg extract -`."
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
    workers: Workers = None,
    max_size: MaxSize = api.MAX_BYTES,
) -> None:
    """Print the statements of documents; nothing is stored."""
    from kg.model import Failure

    settings = _settings(model, ontology, replace_ontology, ("clauses",) if open_triples else ("patterns",))
    failures: list[Failure] = []
    documents = _good(_read(inputs, max_size, lines), failures)
    outcomes = _good(api.extract_documents(documents, settings=settings, workers=workers), failures)
    writer = _table_of_statements if format is StatementShape.TABLE else _lines_of_statements
    writer((s for _, statements in outcomes for s in statements), settings.terms())
    _print_failures(failures)
    if failures:
        raise typer.Exit(1)


@app.command(epilog='Example: `kg show graph "United States"`.')
def show(
    graph: Graph,
    entity: Annotated[str, typer.Argument(help="A label, another name, or an IRI.", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, help="At most this many statements.")] = 50,
    format: Annotated[Shape, typer.Option(help="How to print it.")] = Shape.TABLE,
) -> None:
    """Print what is said of an entity, with the sentences that say it."""
    from kg import queries
    from kg.stores import rdf

    with rdf.open_graph(graph) as store:
        view = queries.about(store, entity, limit=limit)
    if format is Shape.JSON:
        typer.echo(json.dumps(view.as_dict(), ensure_ascii=False, indent=2))
    else:
        _print_entity(view)


@app.command(
    epilog='Examples: `kg query graph partners --param entity="China"`, `kg query graph my.rq`, `kg query graph` lists the named ones.'
)
def query(
    graph: Graph,
    what: Annotated[
        str | None, typer.Argument(help="A named query, a file with SPARQL, or - for standard input.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="name=value, for a named query; repeatable.")
    ] = None,
    format: Annotated[Shape, typer.Option(help="How to print the rows.")] = Shape.TABLE,
    explain: Annotated[bool, typer.Option(help="Print the text that would be sent, and stop.")] = False,
) -> None:
    """Ask the graph in SPARQL."""
    from kg import queries
    from kg.stores import rdf

    if what is None:
        _list_queries()
        return
    asked = queries.find(what if what != "-" else sys.stdin.read())
    values = dict(_pairs(param or []))
    with rdf.open_graph(graph) as store:
        if explain:
            typer.echo(queries.text_of(store, asked, values))
            return
        result = queries.run(store, asked, values)
    _print_rows(result.columns, result.rows, format)


@app.command(epilog="Example: `kg export graph --format trig --output graph.trig`.")
def export(
    graph: Graph,
    format: Annotated[str, typer.Option(help="turtle, trig, nquads, jsonld, jsonl, csv or graphml.")] = "trig",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file, for csv a folder. [default: standard output]", show_default=False),
    ] = None,
) -> None:
    """Write the whole graph in another format."""
    from kg import export as exporting
    from kg.stores.journal import Journal

    with Journal.open(graph, read_only=True) as journal:
        exporting.write(journal, format, output)


@app.command(epilog="Example: `kg validate graph`.")
def validate(graph: Graph) -> None:
    """Check the graph against its SHACL shapes, and every quote against its text."""
    from kg import validation
    from kg.stores.journal import Journal

    with Journal.open(graph, read_only=True) as journal:
        report = validation.validate(journal)
    for problem in report.problems:
        typer.echo(str(problem))
    typer.echo(f"{report.n_checked} statements checked, {len(report.problems)} problems")
    if report.problems:
        raise typer.Exit(1)


@ontology_app.command("list", epilog="Example: `kg ontology list`.")
def ontology_list(ontology: Ontology = None, replace_ontology: BaseOntology = None) -> None:
    """Print the relations with domain, range, PLOVER event type and number of patterns."""
    from kg import lexicon

    settings = _settings("", ontology, replace_ontology)
    terms, words = settings.terms(), lexicon.load(extend=settings.pattern_files)
    counts = Counter(p.relation for p in words.patterns)
    rows = [
        (p.name, _names(terms, p.domain), _names(terms, p.range), p.plover or "", str(counts[p.name]), p.definition)
        for p in terms.relations()
    ]
    _print_rows(("relation", "domain", "range", "PLOVER", "patterns", "definition"), rows, Shape.TABLE)


@ontology_app.command("check", epilog="Example: `kg ontology check --ontology my-patterns.yaml`.")
def ontology_check(
    ontology: Ontology = None,
    replace_ontology: BaseOntology = None,
    model: Model = "en_kg_core",
    relation: Annotated[list[str] | None, typer.Option(help="Only the patterns of this relation; repeatable.")] = None,
) -> None:
    """Prove every pattern on its own examples: one it must catch, one it must leave alone."""
    from kg import pipeline

    settings = _settings(model, ontology, replace_ontology, ("patterns",))
    n_patterns, problems = pipeline.check_patterns(settings, relations=frozenset(relation or ()))
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{n_patterns} patterns checked, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


def _settings(
    model: str, ontology: Sequence[Path] | None, base: Path | None, extractors: tuple[str, ...] = ("patterns",)
) -> Any:
    from kg.pipeline import Settings

    for path in [*(ontology or ()), *([base] if base else [])]:
        if not path.exists():
            raise UsageError(f"{path}: no such ontology file")
    return Settings(model=model, ontology=tuple(ontology or ()), base_ontology=base, extractors=extractors)


def _names(terms: Any, iris: Sequence[str]) -> str:
    return ", ".join(terms.label_of(iri) for iri in iris)


def _pairs(params: Sequence[str]) -> Iterator[tuple[str, str]]:
    for param in params:
        name, separator, value = param.partition("=")
        if not separator:
            raise UsageError(f"--param {param}: write it as name=value")
        yield name, value


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
    _print_rows(("subject", "predicate", "object", "modality", "sentence"), rows, Shape.TABLE)


def _print_summary(summary: Any) -> None:
    from kg import queries
    from kg.stores import rdf

    with rdf.open_graph(summary.graph) as store:
        for name in ("count-classes", "count-relations", "count-modalities"):
            result = queries.run(store, queries.find(name))
            _print_table(result.columns, result.rows)
            typer.echo()
    typer.echo(
        f"{summary.graph}: {summary.n_documents} documents taken in, {summary.n_unchanged} unchanged, "
        f"{len(summary.failures)} failed; {summary.n_statements} new evidences"
    )


def _print_entity(view: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    from kg import ids

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    entity = view.entity
    console.print(
        Text(f"{entity.label}", style="bold"), Text(f"({ids.predicate_name(entity.type)})  {entity.iri}", style="dim")
    )
    for names, title in ((entity.aliases, "also"), (entity.same_as, "same as")):
        if names:
            console.print(Text(f"{title}: {', '.join(names)}", style="dim"))
    for statement in view.statements:
        console.print()
        console.print(_headline(statement))
        for evidence in statement.evidence:
            console.print(Text(f"    “{' '.join(evidence.quote.split())}”"))
            console.print(Text(f"      {_where(evidence, view.documents[evidence.document_id])}", style="dim"))
    if view.n_statements > len(view.statements):
        console.print(f"\n{view.n_statements - len(view.statements)} more; --limit shows them")


def _headline(statement: Any) -> Any:
    from rich.text import Text

    from kg import ids

    denied = "not " if statement.polarity == "negative" else ""
    target = label_of(statement.object)
    said = Text(f"{statement.subject.label} ") + Text(
        f"{denied}{ids.predicate_name(statement.predicate)}", style="bold"
    )
    n_documents = len({e.document_id for e in statement.evidence})
    return said + Text(f" {target}") + Text(f"   [{statement.modality}, belief {statement.belief or 0:.2f}, "
                                            f"{n_documents} document{'s' if n_documents > 1 else ''}]", style="dim")  # fmt: skip


def _where(evidence: Any, document: Any) -> str:
    named = [str(part) for part in (document.title or document.id, document.publisher, document.published) if part]
    place = f"characters {evidence.sentence.start}-{evidence.sentence.end}"
    parts = [*named, place, str(evidence.modality)]
    if evidence.attribution is not None:
        source = evidence.attribution.source
        parts.append(f"said by {source.label if source is not None else 'an unnamed source'}")
    return ", ".join([*parts, evidence.extractor])


def _list_queries() -> None:
    from kg import queries

    rows = [(q.name or "", q.question, ", ".join(_parameter(p) for p in q.parameters)) for q in queries.named()]
    _print_rows(("query", "question", "parameters"), rows, Shape.TABLE)


def _parameter(parameter: Any) -> str:
    return parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}"


class _Progress:
    """A progress bar on standard error, and the counts that the summary shows."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.bar = Progress(*columns, console=console, disable=quiet or not console.is_terminal)
        self._documents = self.bar.add_task("reading", total=None)
        self._store: Any = None

    def __enter__(self) -> "_Progress":
        self.bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.bar.stop()

    def document(self, outcome: Any) -> None:
        """Count one more document."""
        self.bar.advance(self._documents)

    def publishing(self, done: int, total: int) -> None:
        """Show how far the store is written."""
        if self._store is None:
            self.bar.update(self._documents, total=self.bar.tasks[0].completed)
            self._store = self.bar.add_task("writing", total=total)
        self.bar.update(self._store, completed=done, total=total)


def _print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], shape: Shape) -> None:
    if shape is Shape.JSON:
        typer.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif shape is Shape.CSV:
        import csv

        csv.writer(sys.stdout).writerows([columns, *rows])
    else:
        _print_table(columns, rows)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    if not rows:
        console.print("(nothing)")


def _print_failures(failures: Sequence[Any]) -> None:
    for failure in failures:
        typer.echo(f"kg: not taken in: {failure.error}", err=True)
    if failures:
        typer.echo(f"kg: {len(failures)} documents failed", err=True)


if __name__ == "__main__":
    main()
