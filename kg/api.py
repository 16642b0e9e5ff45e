"""The Python API: what `kg build` and `kg extract` do, as functions, and the finished graph."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Document, Failure, Statement

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from networkx import MultiDiGraph

    from kg.pipeline import Pipeline, Settings
    from kg.runner import Outcome
    from kg.stores.rdf import RdfStore

MAX_BYTES = 10_000_000
"""Documents over this size are refused unless the caller says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build took in, and what could not be taken."""

    graph: Path
    n_documents: int
    n_unchanged: int
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


def extract_documents(documents: Iterable[Document], *, is_open: bool = False, settings: "Settings | None" = None,
                      workers: int | None = None) -> Iterator["Outcome"]:  # fmt: skip
    """(document, its statements) or a failure for each, as they are done."""
    from kg import runner

    return runner.analyse(documents, _settings(settings, is_open), workers=workers)


def build(inputs: Sequence[str | Path], into: str | Path, *, settings: "Settings | None" = None,
          workers: int | None = None, max_bytes: int = MAX_BYTES, by_line: bool = False,
          progress: Callable[["Outcome | None"], None] = lambda outcome: None,
          publishing: Callable[[int, int], None] = lambda done, total: None) -> Summary:  # fmt: skip
    """Take documents into a graph folder, which is made if it is not there; finished ones are not done again.

    Args:
        inputs: Files, folders, globs, "-" for standard input, http(s) addresses.
        into: The graph folder.
        workers: Processes that analyse; None takes one for each core.
        by_line: Each line of an input is a document of its own.

    Raises:
        UsageError: when an input names nothing.
        GraphError: when the folder is locked, damaged or of another version.
    """
    from kg import runner
    from kg.pipeline import Settings
    from kg.stores import rdf
    from kg.stores.journal import Journal

    chosen = settings or Settings()
    documents = read(inputs, max_bytes=max_bytes, by_line=by_line)
    made_with = {"model": chosen.model, "settings": chosen.key}
    with Journal.open(Path(into), made_with=made_with) as journal:
        totals = runner.run(documents, journal, chosen, workers=workers, progress=progress)
        rdf.publish(journal, progress=publishing)
        return Summary(
            graph=Path(into),
            n_documents=totals.n_documents,
            n_unchanged=totals.n_unchanged,
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


_loaded: dict[str, "Pipeline"] = {}


def _pipeline(settings: "Settings") -> "Pipeline":
    """The pipeline of these settings, loaded at the first call."""
    from kg.pipeline import Pipeline

    if settings.key not in _loaded:
        _loaded[settings.key] = Pipeline.load(settings)
    return _loaded[settings.key]
