"""How good the statements are, on annotated sentences: typed relations, open triples, events.

    python -m benchmarks.quality --data FOLDER

FOLDER holds `gold/dev.jsonl` with `gold/dev_documents.jsonl`, `bench-dev/benchie-dev.jsonl` (BenchIE, Gashteovski et
al., 2022), `bench-dev/plover-dev.jsonl` (PLOVER gold records, Open Event Data Alliance) and their scorers in `eval/`. With
`data/gum-dev.conllu.gz` there, chains are scored too (`benchmarks.coreference`), with `data/ner-uner-test.jsonl.gz`
names (Universal NER; Mayhew et al., 2024), with `corpus/whitehouse.jsonl.gz` links (`benchmarks.linking`).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import coreference, linking, matching, reliability
from kg import language, ontology, runner
from kg.api import read
from kg.errors import UsageError
from kg.export import statement_record
from kg.model import Document, Failure
from kg.pipeline import OPEN, TYPED, Pipeline, Settings
from training.evaluate import measure_names

WORK = Path(__file__).parent / "work"


def main() -> None:
    """Print the scores of each measure, one line each."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="the folder with the annotations and their scorers")
    arguments.add_argument("--quick", action="store_true", help="without links, which take four of five minutes")
    options = arguments.parse_args()
    data = options.data
    WORK.mkdir(exist_ok=True)
    gold = data / "gold/dev.jsonl"
    choices = {
        "relations": Settings(), "patterns alone": Settings(extractors=("patterns",)), "without chains": Settings(chains=False),
    }  # fmt: skip
    for name, settings in choices.items():
        typed = statements(documents(data / "gold/dev_documents.jsonl"), settings, "relations")
        print(f"{name:15}", score(data, "score_relations.py", gold, typed))
        if name == "relations":
            print_reliability(matching.sentences(data, gold, typed))
    for name, scorer, used in (("benchie", "score_open.py", OPEN), ("plover", "score_events.py", TYPED)):
        gold = data / f"bench-dev/{name}-dev.jsonl"
        said = statements(lines(data, scorer, gold), Settings(extractors=used), name)
        print(f"{'open triples' if name == 'benchie' else 'events':15}", score(data, scorer, gold, said))
    treebank = data / "data" / "gum-dev.conllu.gz"
    if treebank.exists():
        print_chains(treebank)
    named, corpus = data / "data" / "ner-uner-test.jsonl.gz", data / linking.CORPUS
    if named.exists():
        print_names(named)
    if corpus.exists() and not options.quick:
        print_links(corpus)


def print_chains(treebank: Path) -> None:
    """How well chains are found in a treebank, by genre."""
    scores, _ = coreference.measure(list(coreference.read(treebank)))
    for name in (*coreference.GENRES, coreference.TOGETHER, coreference.ALL):
        if name in scores:
            print(f"{'chains':15}", f"{name}: {scores[name].line()}")


def print_names(path: Path) -> None:
    """How well names are found, as annotated there: by the pipeline, without what the knowledge base adds."""
    for label, found in measure_names(language.load(), path).items():
        print(f"{'names':15} {label}: P {found.precision:.3f} R {found.recall:.3f} F1 {found.f:.3f}")


def print_links(corpus: Path) -> None:
    """How many annotated mentions are linked to what they stand for."""
    annotations = linking.load()
    found = list(linking.verdicts(annotations, linking.annotated(corpus, annotations), Pipeline.load()))
    for line in linking.summary(found):
        print(f"{'links':15} {line}")


def print_reliability(sentences: Sequence[matching.Sentence]) -> None:
    """What the confidence of typed statements is worth, in numbers and as a picture."""
    statements = reliability.judged(sentences)
    for line in reliability.lines(statements):
        print(f"{'confidence':15}", line)
    picture = WORK / "reliability.png"
    try:
        reliability.draw(statements, picture)
        print(f"{'':15} {picture}")
    except UsageError as error:
        print(f"{'':15} {error}")


def documents(path: Path) -> list[Document]:
    return [d for d in read([path]) if isinstance(d, Document)]


def lines(data: Path, scorer: str, gold: Path) -> list[Document]:
    """The sentences of a benchmark as the scorer prints them, one document a line."""
    text = run(data, scorer, "--sentences", str(gold))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.txt"
        path.write_text(text, encoding="utf-8")
        return [d for d in read([path], by_line=True) if isinstance(d, Document)]


def statements(given: Iterable[Document], settings: Settings, name: str) -> Path:
    """A file with the statements of the documents, as `kg extract --format jsonl` prints them."""
    terms = ontology.load()
    path = WORK / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for outcome in runner.analyse(given, settings, workers=1):
            if isinstance(outcome, Failure):
                sys.exit(f"{outcome.document_id}: {outcome.error}")
            for statement in outcome[1]:
                file.write(json.dumps(statement_record(statement, terms), ensure_ascii=False) + "\n")
    return path


def score(data: Path, scorer: str, gold: Path, said: Path) -> str:
    return run(data, scorer, str(gold), str(said)).strip()


def run(data: Path, scorer: str, *arguments: str) -> str:
    command = [sys.executable, str(data / "eval" / scorer), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
