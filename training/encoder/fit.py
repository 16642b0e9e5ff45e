"""Training of the network: batches of trees, and after every two of them one of names."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
import torch
from torch import nn

from training.convert import SEED, read_named, training_units, varied, varied_names
from training.encoder.batches import Batch, Item, Labels, batch_of, batches, items_of_texts, items_of_units, labels_of
from training.encoder.network import Network
from training.vocabulary import set_tokenizer_rules

STEPS = 2300
PIECES_PER_BATCH = 1500
NAMES_EVERY = 3
ENCODER_RATE = 2.5e-4
HEADS_RATE = 1.5e-3
WARM_UP = 0.1
LAST_RATE = 0.01
CLIPPED = 5.0

Progress = Callable[[int, float], None]
"""Called after each step with its number, from 1, and its loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What the network is trained on."""

    labels: Labels
    trees: list[Item]
    names: list[Item]


def gold(data: Path) -> Gold:
    """The treebanks and names of the folder, varied as for the pipeline."""
    units = training_units(data)
    texts = read_named(data / "ner-train.jsonl.gz")
    labels = labels_of(units, (label for text in texts for _, _, label in text.names))
    nlp = set_tokenizer_rules(spacy.blank("en"))
    return Gold(
        labels=labels,
        trees=list(items_of_units(varied(units, random.Random(SEED)), labels)),
        names=list(items_of_texts(varied_names(texts, random.Random(SEED)), labels, nlp)),
    )


def fit(found: Gold, *, steps: int = STEPS, progress: Progress = lambda step, loss: None) -> Network:
    """The network, trained; the same for the same gold on the same machine."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    network = Network.fresh(found.labels)
    optimizer, schedule = _optimizer(network, steps)
    trees, names = (_endless(items, rng) for items in (found.trees, found.names))
    network.train()
    for step in range(1, steps + 1):
        is_of_names = step % NAMES_EVERY == 0
        with torch.autocast("cpu", torch.bfloat16):
            loss = network.name_loss(next(names)) if is_of_names else network.tree_loss(next(trees))
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), CLIPPED)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        progress(step, float(loss.detach()))
    return network.eval()


def _optimizer(network: Network, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    before = network.encoder_parameters()
    known = {id(parameter) for parameter in before}
    new = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [{"params": before, "lr": ENCODER_RATE}, {"params": new, "lr": HEADS_RATE}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    warm = max(1, int(WARM_UP * steps))
    rate = lambda step: min((step + 1) / warm, max(LAST_RATE, (steps - step) / max(1, steps - warm)))  # noqa: E731
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _endless(items: Sequence[Item], rng: random.Random) -> Iterator[Batch]:
    while True:
        for batch in batches(items, PIECES_PER_BATCH, rng):
            yield batch_of(batch)
