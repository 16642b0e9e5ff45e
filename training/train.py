"""Make the English pipeline of the package from a folder of gold data: `python -m training.train --data FOLDER`.

Converts the data, trains, packages, and measures the package on the parts that training never saw. Work files go to
`training/work`. A step whose inputs have not changed since it last finished is not run again.
"""

import argparse
import hashlib
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.language import Language

# Imported by name below in the training configurations.
import training.vocabulary  # noqa: F401
from kg.models.products import numpy_products
from training.card import write_card
from training.convert import SILVER, SILVER_PARSES, convert, join_parses
from training.evaluate import PACKAGE, measure, tables
from training.vectors import make_vectors

RECIPE = Path(__file__).parent
WORK = RECIPE / "work"
VERSION = "0.3.0"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the English pipeline from a folder of gold data.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the treebanks and names")
    parser.add_argument("--work", type=Path, default=WORK, help="folder of the work files")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="folder of the finished pipeline")
    options = parser.parse_args()
    make(options.data, work=options.work, package=options.package)


def make(data: Path, *, work: Path, package: Path) -> None:
    """Write the pipeline made from the data folder to the package folder, and print its scores."""
    corpus = work / "corpus"
    sources = [RECIPE / "convert.py", RECIPE / "treebank.py", RECIPE / "vocabulary.py"]
    silver = made_before(work / SILVER, "names are trained on the gold ones alone; `make silver` makes it")
    parses = made_before(work / SILVER_PARSES, "the parser learns from the gold trees alone; `make parses` makes it")
    read = [*sorted(data.glob("*.gz")), *([silver] if silver else [])]
    once(work / "corpus.done", [*sources, *read], partial(convert, data, corpus, silver=silver))
    treebank, names = corpus / "parser-train.spacy", corpus / "ner-train.spacy"
    distil = partial(make_vectors, treebank, [names], work / "vectors")
    once(work / "vectors.done", [RECIPE / "vectors.py", treebank, names], distil)
    for component in ("parser", "ner"):
        inputs = [work / "vectors" / "vocab" / "vectors", *_inputs(component, corpus)]
        once(work / f"{component}.done", inputs, partial(fit, component, corpus=corpus, work=work))
    parser = work / "parser" / "model-best"
    if parses is not None:
        once(work / "join.done", [RECIPE / "convert.py", treebank, parses], partial(join_parses, corpus, parses))
        inputs = [work / "parser.done", *_inputs("distil", corpus)]
        once(work / "distil.done", inputs, partial(fit, "distil", corpus=corpus, work=work, source=parser))
        parser = work / "distil" / "model-best"
    write_package(parser, work / "ner" / "model-best", package)
    measures = measure(package, data)
    write_card(package, measures)
    print(tables(measures))


def made_before(path: Path, otherwise: str) -> Path | None:
    """The file of what a teacher read, where it has been made; else what follows is said."""
    if path.is_file():
        return path
    print(f"{path} is not there, so {otherwise}")
    return None


def _inputs(component: str, corpus: Path) -> list[Path]:
    return [RECIPE / f"{component}.cfg", *sorted(corpus.glob(f"{component}-*.spacy"))]


def once(marker: Path, inputs: Iterable[Path], step: Callable[[], None]) -> None:
    """Run the step, unless the marker says that it has finished with these very inputs."""
    key = digest(inputs)
    if marker.is_file() and marker.read_text() == key:
        print(f"{marker.stem}: done before, nothing has changed")
        return
    marker.unlink(missing_ok=True)
    step()
    marker.write_text(key)


def digest(paths: Iterable[Path]) -> str:
    """A hash of the names and contents of the files, in their order."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def fit(component: str, *, corpus: Path, work: Path, source: Path | None = None) -> None:
    """Train by the configuration of that name; the best pipeline on the development part goes to `model-best`.

    Args:
        source: The trained pipeline whose components it goes on with, where the configuration has such.
    """
    paths = {part: corpus / f"{component}-{part}.spacy" for part in ("train", "dev")} | {"vectors": work / "vectors"}
    if source is not None:
        paths["source"] = source
    with numpy_products():
        train(RECIPE / f"{component}.cfg", work / component, overrides={f"paths.{k}": str(v) for k, v in paths.items()})


def write_package(parser: Path, ner: Path, package: Path) -> None:
    """Write one pipeline of the two trained ones, which share their word vectors."""
    nlp = spacy.load(parser)
    nlp.add_pipe("ner", source=spacy.load(ner))
    if package.exists():
        shutil.rmtree(package)
    describe(nlp).to_disk(package)


def describe(nlp: Language) -> Language:
    """The pipeline, its name and licence set, its paths and training callbacks forgotten."""
    config = nlp.config
    config["paths"] = dict.fromkeys(config["paths"])
    config["initialize"]["before_init"] = None
    nlp.config = config
    nlp.meta.update(
        name="kg_core",
        version=VERSION,
        description="English for policy news: tags, lemmas, dependencies and names.",
        license="CC BY-SA 4.0",
    )
    nlp.meta["performance"] = {}
    return nlp


if __name__ == "__main__":
    main()
