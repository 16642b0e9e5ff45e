"""How fast documents become a graph: sentences a second and core, peak memory, and where the time goes.

    python -m benchmarks.speed INPUT... [--workers N] [--limit N]

Builds a graph in a temporary folder and measures it from outside; then, on a sample in one process, the share of each
stage. Memory is the highest resident size of this process and of the largest of its workers, in MiB.
"""

import argparse
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from kg import language, qualifiers
from kg.api import read
from kg.extractors import pairs
from kg.model import Document
from kg.pipeline import Pipeline, Settings
from kg.runner import run
from kg.stores import rdf
from kg.stores.journal import Journal

SAMPLE = 100


def main() -> None:
    """Print the figures as a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("inputs", nargs="+")
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    arguments.add_argument("--limit", type=int, help="only so many documents")
    options = arguments.parse_args()
    stages(options.inputs)
    build(options.inputs, options.workers, options.limit)


def documents(inputs: list[str], limit: int | None) -> Iterator[Any]:
    return islice(read(inputs), limit)


def build(inputs: list[str], workers: int, limit: int | None) -> None:
    """Measure the whole of `kg build`."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "graph") as journal:
        start = time.perf_counter()
        totals = run(documents(inputs, limit), journal, settings, workers=workers)
        analysed = time.perf_counter() - start
        rdf.publish(journal)
        published = time.perf_counter() - start - analysed
        sentences = count_sentences(journal)
    own, largest_child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"documents            {totals.n_documents} ({len(totals.failures)} failed)")
    print(f"statements           {totals.n_statements}")
    print(f"sentences            {sentences}")
    print(f"read and extracted   {analysed:.0f} s with {workers} workers")
    print(f"written to the store {published:.0f} s")
    print(f"sentences a second   {sentences / (analysed + published):.0f}")
    print(f"  a core             {sentences / (analysed + published) / workers:.0f}")
    print(f"peak memory          {own:.0f} MiB here, {largest_child:.0f} MiB in the largest worker")


def count_sentences(journal: Journal) -> int:
    """Sentences as ended by a full stop, question or exclamation mark, or a paragraph: the same for every version."""
    import re

    end = re.compile(r"[.!?][”\"')\]]*\s|\n\n|\Z")
    return sum(len(end.findall(document.text)) for document in journal.documents())


def stages(inputs: list[str]) -> None:
    """Measure each stage on a sample, in this process."""
    pipeline = Pipeline.load(Settings())
    sample = [d for d in documents(inputs, SAMPLE) if isinstance(d, Document)]
    clock: dict[str, float] = defaultdict(float)

    def timed(stage: str, call: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = call()
        clock[stage] += time.perf_counter() - start
        return result

    timed("read and clean", lambda: list(documents(inputs, SAMPLE)))
    analysed = timed(
        "tag, parse, names", lambda: list(language.analyse(pipeline.nlp, sample, known=pipeline.gazetteer.words))
    )
    for document, doc in analysed:
        reading = timed("mentions, chains, links", lambda d=doc, t=document: pipeline.reading(t, d))
        typed = timed("patterns", lambda r=reading: list(pipeline.patterns.extract(r)))
        typed += timed(
            "pairs", lambda r=reading, t=typed: list(pairs.extract(r, t, pipeline.ontology, pairs.load()))
        )
        timed(
            "qualify", lambda r=reading, t=typed: [qualifiers.qualify(r.doc, s, pipeline.cues, r.entity_of) for s in t]
        )
    total = sum(clock.values())
    for stage, seconds in clock.items():
        print(f"{stage:26} {seconds:7.2f} s {100 * seconds / total:5.1f} %")


if __name__ == "__main__":
    main()
