"""Many documents: analysed in this process or in several, recorded one by one, resumed where they stopped.

Workers turn documents into statements; this process alone writes the journal. Results may arrive in any order,
since the graph does not depend on it.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any

from kg import abstention, copies
from kg.abstention import Abstention
from kg.consolidation import canonical
from kg.ids import digest
from kg.model import Document, Failure, Statement
from kg.pipeline import Pipeline, Settings
from kg.stores.journal import Journal

BATCH_CHARACTERS = 200_000
"""A batch for one worker holds about this much text: enough to fill the model's batches."""

FEW_DOCUMENTS = 24
"""Fewer than these are done in this process: starting others would take longer."""

Outcome = tuple[Document, list[Statement]] | Failure
Reported = tuple[Document, list[Statement], Abstention] | Failure

Reading = Callable[[Pipeline, Sequence[Document]], Iterable[Any]]
"""What is made of a batch: `Pipeline.statements`, or a function of a module that gives more than an `Outcome` has."""

Progress = Callable[[Outcome | None], None]
"""Called with each outcome, and with None for a document that was done before."""

Report = Callable[[Abstention], None]


@dataclass(slots=True)
class Totals:
    """What a run did."""

    n_documents: int = 0
    n_unchanged: int = 0
    n_older: int = 0  # passed over, as the graph has a newer version
    n_statements: int = 0
    failures: list[Failure] = field(default_factory=list)


def run(inputs: Iterable[Document | Failure], journal: Journal, settings: Settings, *, workers: int | None = None,
        progress: Progress = lambda outcome: None, report: Report | None = None) -> Totals:  # fmt: skip
    """Take the documents into the journal; those that it holds unchanged are passed over.

    Args:
        workers: Processes that analyse; None takes one for each core, one for a handful of documents.
        report: Called with what each document that is done leaves unsaid; without it nothing of this is computed.
    """
    totals = Totals()
    hashes: dict[str, str] = {}
    key, terms = settings.key, settings.terms()
    journal.keep_symmetric(iri for iri, found in terms.properties.items() if found.symmetric)
    pending = _pending(inputs, journal, key, totals, hashes, progress)
    for outcome in _told(pending, settings, workers, report):
        if isinstance(outcome, Failure):
            _fail(outcome, journal, totals)
        elif content_hash(outcome[0]) == hashes[outcome[0].id]:  # else a newer version of it came after it
            document, statements = outcome[0], [canonical(s, terms.is_symmetric) for s in outcome[1]]
            journal.record(document, statements, content_hash=hashes[document.id], config_hash=key,
                           signature=copies.signature(document.text))  # fmt: skip
            totals.n_documents += 1
            totals.n_statements += len(statements)
        progress(outcome)
    journal.flush()
    return totals


def _told(documents: Iterable[Document], settings: Settings, workers: int | None, report: Report | None) -> Iterator[Outcome]:
    """What each document says, or how it failed; what is left unsaid goes to the report."""
    if report is None:
        yield from analyse(documents, settings, workers=workers)
        return
    for outcome in analyse_and_report(documents, settings, workers=workers):
        if isinstance(outcome, Failure):
            yield outcome
        else:
            report(outcome[2])
            yield outcome[:2]


def _pending(inputs: Iterable[Document | Failure], journal: Journal, key: str, totals: Totals,
             hashes: dict[str, str], progress: Progress) -> Iterator[Document]:  # fmt: skip
    """The documents still to be done; failures of reading are recorded on the way.

    Args:
        key: Of the settings.
        hashes: Filled with the content hash of each document, by id.
    """
    seen: dict[str, Document] = {}
    for item in inputs:
        found = _newest(item, seen, hashes, journal) if isinstance(item, Document) else item
        if found is None:
            totals.n_older += 1
            progress(None)
        elif isinstance(found, Failure):
            _fail(found, journal, totals)
            progress(found)
        elif journal.is_done(found.id, hashes[found.id], key):
            totals.n_unchanged += 1
            progress(None)
        else:
            yield found


def _newest(document: Document, seen: dict[str, Document], hashes: dict[str, str],
            journal: Journal) -> Document | Failure | None:  # fmt: skip
    """The document; None when the graph or this run has a newer version of it.

    A failure when another with the same id came before it in this run, and the days of publication do not tell which
    of them is the newer.

    Args:
        seen: The documents of this run by id, without their texts; filled here, as `hashes`.
    """
    found = content_hash(document)
    before = seen.get(document.id)
    if before is not None and hashes[document.id] != found and not _tells_versions(before, document):
        return _twice(document)
    if _is_older(document, before or journal.version_of(document.id)):
        return None
    seen[document.id], hashes[document.id] = replace(document, text=""), found
    return document


def _tells_versions(one: Document, other: Document) -> bool:
    """Whether their days of publication tell which of them is the newer version of one address."""
    is_same = one.url is not None and other.url is not None and copies.address(one.url) == copies.address(other.url)
    return is_same and one.published is not None and other.published is not None and one.published != other.published


def _is_older(document: Document, known: Document | None) -> bool:
    """Whether the known one is a newer version; the same text with another day is the same version, dated anew."""
    if known is None or known.text == document.text or not _tells_versions(document, known):
        return False
    assert document.published is not None and known.published is not None
    return document.published < known.published


def _twice(document: Document) -> Failure:
    message = f"another document of this run has the id '{document.id}' and other text; give each its own id"
    return Failure(document_id=document.id, url=document.url, stage="read", error=message)


def content_hash(document: Document) -> str:
    """A digest of the text and of everything said about it."""
    return digest(document.text, str(document.title), str(document.url), str(document.publisher), str(document.author),
                  str(document.published), document.media_type)  # fmt: skip


def _fail(failure: Failure, journal: Journal, totals: Totals) -> None:
    totals.failures.append(failure)
    journal.fail(failure)


def analyse(documents: Iterable[Document], settings: Settings, *, workers: int | None = None) -> Iterator[Outcome]:
    """What each document says, or how it failed; from several processes in the order in which they finish."""
    return _analyse(documents, settings, Pipeline.statements, workers)


def analyse_and_report(documents: Iterable[Document], settings: Settings, *, workers: int | None = None) -> Iterator[Reported]:
    """The same, with what each document leaves unsaid."""
    return _analyse(documents, settings, abstention.reported, workers)


def _analyse(documents: Iterable[Document], settings: Settings, reading: Reading, workers: int | None) -> Iterator[Any]:
    stream = iter(documents)
    first = list(islice(stream, FEW_DOCUMENTS))
    if not first:
        return
    workers = workers or (1 if len(first) < FEW_DOCUMENTS else os.cpu_count() or 1)
    batches = _batches(chain(first, stream))
    if workers == 1:
        pipeline = Pipeline.load(settings)
        for batch in batches:
            yield from _outcomes(pipeline, batch, reading)
    else:
        yield from _in_processes(batches, settings, workers, reading)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _outcomes(pipeline: Pipeline, batch: Sequence[Document], reading: Reading) -> Iterator[Any]:
    """The outcomes of a batch; when one of it fails, those not yet done are tried each by itself."""
    n_done = 0
    try:
        for outcome in reading(pipeline, batch):
            n_done += 1
            yield outcome
    except Exception as error:
        if len(batch) == 1:
            yield _failure(batch[0], f"{type(error).__name__}: {error}")
            return
        for document in batch[n_done:]:
            yield from _outcomes(pipeline, [document], reading)


def _failure(document: Document, error: str) -> Failure:
    return Failure(document_id=document.id, url=document.url, stage="extract", error=error)


def _in_processes(batches: Iterator[list[Document]], settings: Settings, workers: int, reading: Reading) -> Iterator[Any]:
    """Outcomes from a pool with a bounded queue; a batch whose worker dies is tried again document by document."""
    crashed: list[Document] = []
    pool = _pool(settings, workers)
    waiting: deque[tuple[Future[list[Any]], list[Document]]] = deque()
    try:
        for batch in batches:
            waiting.append((pool.submit(_work, batch, reading), batch))
            if len(waiting) > 2 * workers:
                yield from _result(waiting.popleft(), crashed)
            if crashed and pool_is_broken(pool):
                crashed += [d for _, b in waiting for d in b]
                waiting.clear()
                pool = _pool(settings, workers)
        while waiting:
            yield from _result(waiting.popleft(), crashed)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    for document in crashed:
        yield _alone(document, settings, reading)


def pool_is_broken(pool: ProcessPoolExecutor) -> bool:
    return bool(getattr(pool, "_broken", False))


def _result(task: tuple[Future[list[Any]], list[Document]], crashed: list[Document]) -> list[Any]:
    future, batch = task
    try:
        return future.result()
    except BrokenProcessPool:
        crashed.extend(batch)
        return []


def _alone(document: Document, settings: Settings, reading: Reading) -> Any:
    """The outcome of a document in a process of its own, so that its crash costs nothing else."""
    with _pool(settings, 1) as pool:
        try:
            return pool.submit(_work, [document], reading).result()[0]
        except BrokenProcessPool:
            return _failure(document, "the process that analysed it died (out of memory?)")


_pipeline: Pipeline | None = None
"""The pipeline of a worker process, loaded once when the process starts."""


def _pool(settings: Settings, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(settings,))


def _start(settings: Settings) -> None:
    global _pipeline
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _pipeline = Pipeline.load(settings)


def _work(batch: Sequence[Document], reading: Reading) -> list[Any]:
    assert _pipeline is not None
    return list(_outcomes(_pipeline, batch, reading))
