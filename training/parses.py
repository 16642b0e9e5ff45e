"""Trees that a teacher reads in texts without gold ones: `python -m training.parses --data FOLDER --documents FILE`.

The teacher is a small transformer, trained here on the same treebanks (`training.encoder`). What it read is data like any
other from then on, "silver" beside the gold: the pipeline's parser learns from both (Hinton, Vinyals and Dean, 2015, call
it distillation; here the teacher's best tree is taken, as Kim and Rush, 2016, do).
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
import torch
from rich.progress import Progress
from spacy.tokens import DocBin
from spacy.util import minibatch

from training.convert import SILVER_PARSES, read_named
from training.encoder import fit
from training.encoder.network import Network
from training.encoder.read import Reader
from training.texts import Annotated, document_texts
from training.vocabulary import set_tokenizer_rules

WORK = Path(__file__).parent / "work"
WEIGHTS = "encoder.pt"
WORDS_PER_DOCUMENT = 300
TOKENS_PER_TEXT = range(3, 331)
TEXTS_PER_BATCH = 256
IN_TREEBANKS = ("gum-", "uner-")
"""Parts of the named texts that the treebanks hold too."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the trees that a transformer reads in texts without gold ones.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the treebanks and names")
    parser.add_argument(
        "--documents", required=True, help="news or policy documents, in any form that `kg build` takes"
    )
    parser.add_argument("--except", type=Path, dest="annotated", metavar="FOLDER",
                        help="folder of annotated sentences (dev.jsonl, train.jsonl) whose documents are left out")  # fmt: skip
    parser.add_argument("--work", type=Path, default=WORK, help="folder of the work files")
    parser.add_argument("--steps", type=int, default=fit.STEPS, help="batches to train on (default: %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    with Progress() as bars:
        teacher = trained(options.data, options.work / WEIGHTS, options.steps, bars)
        without = Annotated.read(options.annotated) if options.annotated else Annotated()
        texts = [
            *document_texts(options.documents, n_words=WORDS_PER_DOCUMENT, without=without),
            *named_texts(options.data / "ner-train.jsonl.gz"),
        ]
        read = write(texts, teacher, options.work / SILVER_PARSES, bars)
    print(f"{options.work / SILVER_PARSES}: {read:,} tokens")


def trained(data: Path, weights: Path, steps: int, bars: Progress) -> Reader:
    """The teacher, from the weights of an earlier run where they are there."""
    if weights.is_file():
        print(f"{weights} is there and is used; remove it to train anew")
        kept = torch.load(weights, weights_only=True)
        network = Network(kept["labels"])
        network.load_state_dict(kept["weights"])
        return Reader(network.eval(), kept["labels"])
    found = fit.gold(data)
    task = bars.add_task("training", total=steps)
    network = fit.fit(found, steps=steps, progress=lambda step, loss: bars.update(
        task, completed=step, description=f"training, loss {loss:.2f}"))  # fmt: skip
    torch.save({"labels": dict(found.labels), "weights": network.state_dict()}, weights)
    return Reader(network, found.labels)


def named_texts(path: Path) -> Iterator[str]:
    """The texts with gold names that are in no treebank."""
    return (named.text for named in read_named(path) if not named.genre.startswith(IN_TREEBANKS))


def write(texts: Sequence[str], teacher: Reader, place: Path, bars: Progress) -> int:
    """The number of tokens that the teacher read, once they are in the file."""
    nlp = set_tokenizer_rules(spacy.blank("en"))
    written = DocBin(attrs=["ORTH", "SPACY", "TAG", "POS", "MORPH", "HEAD", "DEP"])
    for batch in bars.track(list(minibatch(texts, TEXTS_PER_BATCH)), description="reading"):
        docs = [doc for doc in map(nlp.make_doc, batch) if len(doc) in TOKENS_PER_TEXT]
        for doc in teacher.read(docs):
            written.add(doc)
    written.to_disk(place)
    return sum(len(tokens) for tokens in written.tokens)


if __name__ == "__main__":
    main()
