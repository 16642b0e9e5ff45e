"""The Python API: what `kg build` and `kg extract` do, as functions, and the finished graph."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.model import Document, Failure, Statement

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from networkx import MultiDiGraph

    from kg.abstention import Abstention
    from kg.differences import Difference
    from kg.pipeline import Pipeline, Settings
    from kg.runner import Outcome, Reported
    from kg.stores.loading import Report
    from kg.stores.rdf import RdfStore

MAX_BYTES = 10_000_000
"""Documents over this size are refused unless the caller says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build took in, and what could not be taken."""

    graph: Path
    n_documents: int
    n_unchanged: int
    n_older: int  # of which the graph has a newer version
    n_statements: int
    failures: tuple[Failure, ...]


def extract(text: str, *, is_open: bool = False, settings: "Settings | None" = None) -> list[Statement]:
    """The statements of a text, one evidence each.

    Args:
        is_open: Open triples, whose predicate is a phrase of the text, in place of typed statements.

    >>> [s.subject.label for s in extract("China dominates the processing of rare earths.")]
    ['China']
    """
    from kg import cleaning, ids

    document = Document(id=ids.document_id_of(url=None, text=text), text=cleaning.clean(text))
    chosen = _settings(settings, is_open)
    return [statement for _, found in _pipeline(chosen).statements([document]) for statement in found]


def extract_record(request: Mapping[str, Any]) -> dict[str, Any]:
    """The statements of a text as `kg extract` prints them, with the cleaned text that their spans count in.

    Args:
        request: "text", and if wanted "title", "published" (as 2026-02-04), "open" (open triples beside the typed statements) and "model".
    """
    from kg import cleaning, export, ids, ontology
    from kg.pipeline import OPEN, TYPED, Settings

    text, published = str(request["text"]), request.get("published")
    document = Document(
        id=ids.document_id_of(url=None, text=text),
        text=cleaning.clean(text),
        title=request.get("title"),
        published=date.fromisoformat(published) if published else None,
    )
    extractors = (*TYPED, *OPEN) if request.get("open") else TYPED
    chosen = Settings(model=request.get("model", Settings().model), extractors=extractors)
    found = [s for _, statements in _pipeline(chosen).statements([document]) for s in statements] if document.text else []
    return {"text": document.text, "statements": [export.statement_record(s, ontology.load()) for s in found]}


def extract_documents(documents: Iterable[Document], *, is_open: bool = False, settings: "Settings | None" = None,
                      workers: int | None = None) -> Iterator["Outcome"]:  # fmt: skip
    """(document, its statements) or a failure for each, as they are done."""
    from kg import runner

    return runner.analyse(documents, _checked(settings, is_open), workers=workers)


def report_documents(documents: Iterable[Document], *, is_open: bool = False, settings: "Settings | None" = None,
                     workers: int | None = None) -> Iterator["Reported"]:  # fmt: skip
    """(document, its statements, what it leaves unsaid and why) or a failure for each, as they are done."""
    from kg import runner

    return runner.analyse_and_report(documents, _checked(settings, is_open), workers=workers)


def build(inputs: Sequence[str | Path], into: str | Path, *, settings: "Settings | None" = None,
          workers: int | None = None, max_bytes: int = MAX_BYTES, by_line: bool = False,
          progress: Callable[["Outcome | None"], None] = lambda outcome: None,
          publishing: Callable[[int, int], None] = lambda done, total: None,
          report: Callable[["Abstention"], None] | None = None) -> Summary:  # fmt: skip
    """Take documents into a graph folder, which is made if it is not there; finished ones are not done again.

    Args:
        inputs: Files, folders, globs, "-" for standard input, http(s) addresses.
        into: The graph folder.
        workers: Processes that analyse; None takes one for each core.
        by_line: Each line of an input is a document of its own.
        report: Called with what each document leaves unsaid; nothing of this is computed without it.

    Raises:
        UsageError: when an input names nothing.
        KnowledgeError: when a knowledge base of the user's cannot be read.
        GraphError: when the folder is locked, damaged or of another version.
    """
    from kg import runner
    from kg.pipeline import Settings
    from kg.stores import rdf
    from kg.stores.journal import Journal

    chosen = settings or Settings()
    chosen.check()
    documents = read(inputs, max_bytes=max_bytes, by_line=by_line)
    made_with = {"model": chosen.model, "settings": chosen.key}
    with Journal.open(Path(into), made_with=made_with) as journal:
        totals = runner.run(documents, journal, chosen, workers=workers, progress=progress, report=report)
        rdf.publish(journal, progress=publishing)
        return Summary(
            graph=Path(into),
            n_documents=totals.n_documents,
            n_unchanged=totals.n_unchanged,
            n_older=totals.n_older,
            n_statements=totals.n_statements,
            failures=tuple(totals.failures),
        )


def read(
    inputs: Sequence[str | Path], *, max_bytes: int = MAX_BYTES, by_line: bool = False
) -> Iterator[Document | Failure]:
    """The documents of files, folders, globs, addresses and standard input, cleaned, one after the other.

    Raises:
        UsageError: at once, when an input names nothing.
    """
    from kg import cleaning, readers

    sources = readers.sources([str(i) for i in inputs])
    return (
        document
        for source in sources
        for document in readers.read(source, cleaner=cleaning, max_bytes=max_bytes, by_line=by_line)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What went with documents that were withdrawn."""

    documents: tuple[Document, ...]
    n_gone: int
    """Statements that nothing else says."""
    n_kept: int
    """Statements that other documents make too."""


def forget(graph: str | Path, documents: Iterable[str] = (), *, publisher: str | None = None, leave_trace: bool = True,
           dry_run: bool = False) -> Forgotten:  # fmt: skip
    """Withdraw documents from a graph folder.

    Args:
        documents: Ids or addresses.
        publisher: All documents of this publisher too.
        leave_trace: Keep which statements they made, without their words, for `diff` since a day.

    Raises:
        UsageError: when a document is not in the graph; then nothing is withdrawn.
    """
    from kg.stores import rdf
    from kg.stores.journal import Journal

    with Journal.open(_existing(graph)) as journal:
        found = journal.find(documents, publisher=publisher)
        going = {d.id for d in found}
        ids = {s.id for d in found for s in (journal.said_by(d.id) or (d, []))[1]}
        outsiders = {id for id in ids if journal.sayers(id) - going}
        if not dry_run:
            journal.withdraw(*going, leave_trace=leave_trace)
            rdf.publish(journal)
        return Forgotten(documents=tuple(found), n_gone=len(ids - outsiders), n_kept=len(outsiders))


def diff(before: str | Path, after: str | Path | None = None, *, since: date | None = None) -> Iterator["Difference"]:
    """How one graph folder differs from another, or from itself at an earlier day or time (UTC).

    Raises:
        UsageError: when neither or both are given.
    """
    from kg import differences

    if (after is None) == (since is None):
        raise UsageError("give a second graph, or since when the first is to be looked at")
    if after is not None:
        return differences.between(Path(before), Path(after))
    assert since is not None
    return differences.since(Path(before), since)


def load(graph: str | Path, uri: str | None = None, *, user: str = "neo4j", password: str = "",
         database: str | None = None, take_over: bool = False) -> "Report":  # fmt: skip
    """Write a graph folder into Neo4j, or without `uri` into its embedded Cypher engine; only what has changed.

    Raises:
        StoreError: when the server refuses or fails; run it again, and it goes on from there.
    """
    from kg.stores import embedded, loading
    from kg.stores.journal import Journal
    from kg.stores.neo4j import Address, PropertyGraph

    with ExitStack() as opened:
        journal = opened.enter_context(Journal.open(Path(graph), read_only=True))
        if uri is None:
            address = opened.enter_context(embedded.running(Path(graph)))
        else:
            address = Address(uri=uri, user=user, password=password, database=database)
        store = opened.enter_context(PropertyGraph.open(address))
        return loading.load(journal, store, take_over=take_over or uri is None)


def _existing(graph: str | Path) -> Path:
    """The folder, checked to hold a graph: opening for writing would make one."""
    from kg.stores.folder import described

    described(Path(graph))
    return Path(graph)


def open_graph(graph: str | Path) -> "AbstractContextManager[RdfStore]":
    """The store of a graph folder, for reading: `with open_graph("graph") as store: store.query("SELECT ...")`."""
    from kg.stores import rdf

    return rdf.open_graph(Path(graph))


def to_networkx(graph: str | Path) -> "MultiDiGraph[str]":
    """The graph as a networkx MultiDiGraph: entities as nodes, statements as edges."""
    from kg import export
    from kg.stores.journal import Journal
    from kg.stores.merged import merged

    with Journal.open(Path(graph), read_only=True) as journal, merged(journal) as found:
        return export.to_networkx(found.statements())


def _settings(settings: "Settings | None", is_open: bool) -> "Settings":
    from dataclasses import replace

    from kg.pipeline import Settings

    chosen = settings or Settings()
    return replace(chosen, extractors=("clauses",)) if is_open else chosen


def _checked(settings: "Settings | None", is_open: bool) -> "Settings":
    """The settings, once their files are found to be readable: workers would meet what is wrong one by one."""
    chosen = _settings(settings, is_open)
    chosen.check()
    return chosen


_loaded: dict[str, "Pipeline"] = {}


def _pipeline(settings: "Settings") -> "Pipeline":
    """The pipeline of these settings, loaded at the first call."""
    from kg.pipeline import Pipeline

    if settings.key not in _loaded:
        _loaded[settings.key] = Pipeline.load(settings)
    return _loaded[settings.key]
