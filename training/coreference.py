"""Trains the ranker of antecedents: `python -m training.coreference --data FOLDER`.

FOLDER/gum-train.conllu.gz is a treebank with chains (https://gucorpus.org). With `--folds N` prints how well a ranker does
on the first of N folds of its documents, trained on the others. Then trains on all and writes
`kg/models/coreference/weights.npz`.

Each mention chooses an antecedent or starts a chain; the loss is the marginal likelihood of all right choices, with wrong
ones made likelier by what they cost (Durrett and Klein, 2013; softmax margin: Gimpel and Smith, 2010).
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.coreference import ALL, TOGETHER, Gold, heads_of, measure, read
from kg import coreference, language, linking, mentions, ontology
from kg.coreference import ranking, traits
from kg.model import Document

TARGET = Path(__file__).parent.parent / "kg" / "models" / "coreference" / "weights.npz"
L2 = 4.0
N_STEPS = 120
COST_LINKED, COST_ALONE, COST_OTHER = 0.1, 1.6, 0.7
"""Of a link where there is none, of none where there is one, of another than there is; found by leaving out folds."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choices:
    """What the mentions of some documents may choose between."""

    features: ranking.Ints  # a column for each pair
    own: ranking.Ints  # a column for each mention
    mention: ranking.Ints  # of each pair; in ascending order
    is_right: npt.NDArray[np.bool_]

    @property
    def n_mentions(self) -> int:
        return self.own.shape[1]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--folds", type=int, default=1, help="folds to measure on the first of")
    options = arguments.parse_args()
    golds = list(read(options.data / "gum-train.conllu.gz"))
    choices = [*choices_of(golds)]
    if options.folds > 1:
        rest = [c for i, c in enumerate(choices) if i % options.folds]
        scores, _ = measure(golds[:: options.folds], coreference.Ranker(fit(joined(rest))))
        print(f"{TOGETHER:24}", scores[TOGETHER].line())
        print(f"{ALL:24}", scores[ALL].line())
    ranking.save(fit(joined(choices)), TARGET)


def choices_of(golds: Sequence[Gold]) -> Iterator[Choices]:
    """What the mentions of each document choose between, and which choices the treebank calls right."""
    nlp, terms, words = language.load(), ontology.load(), coreference.load()
    gazetteer = mentions.Gazetteer.build(nlp, linking.Linker.load(ontology=terms).names())
    analysed = language.analyse(nlp, [Document(id=gold.id, text=gold.text) for gold in golds])
    for gold, (document, doc) in zip(golds, analysed, strict=True):
        found = mentions.find(doc, document.id, ontology=terms, gazetteer=gazetteer)
        text = coreference.surely_joined(doc, found, terms, words)
        known = traits.of(text)
        pairs = ranking.pairs_of(known)
        chain_of = {offset: i for i, chain in enumerate(gold.chains()) for offset in chain}
        heads = heads_of(doc, text.mentions, gold)
        chains = np.array([chain_of.get(heads[m], -1 - i) for i, m in enumerate(text.mentions)])
        yield Choices(ranking.features(known, pairs), ranking.own_features(known), pairs.mention,
                      chains[pairs.mention] == chains[pairs.candidate])  # fmt: skip


def joined(parts: Iterable[Choices]) -> Choices:
    listed = list(parts)
    before = np.cumsum([0, *(part.n_mentions for part in listed)])
    return Choices(
        np.concatenate([part.features for part in listed], axis=1),
        np.concatenate([part.own for part in listed], axis=1),
        np.concatenate([part.mention + n for part, n in zip(listed, before, strict=False)]).astype(np.int32),
        np.concatenate([part.is_right for part in listed]),
    )


def fit(choices: Choices, *, l2: float = L2, n_steps: int = N_STEPS) -> npt.NDArray[np.float32]:
    """The weight of each feature."""
    used = np.zeros(ranking.N_FEATURES, dtype=bool)
    used[choices.features] = used[choices.own] = True
    place = (np.cumsum(used) - 1).astype(np.int32)
    loss = _Loss(choices, place[choices.features], place[choices.own], int(used.sum()), l2)
    found = minimize(loss, np.zeros(loss.n), jac=True, method="L-BFGS-B", options={"maxiter": n_steps, "maxcor": 8})
    weights = np.zeros(ranking.N_FEATURES, dtype=np.float32)
    weights[used] = found.x
    return weights


class _Loss:
    """Of weights, the mean loss of a mention and its gradient."""

    def __init__(self, choices: Choices, features: ranking.Ints, own: ranking.Ints, n: int, l2: float) -> None:
        self.features, self.own, self.n, self.l2 = features, own, n, l2
        self.mention, self.is_right, self.n_mentions = choices.mention, choices.is_right, choices.n_mentions
        self.is_linked = np.bincount(self.mention[self.is_right], minlength=self.n_mentions) > 0
        self.with_pairs, self.first = np.unique(self.mention, return_index=True)
        wrong = np.where(self.is_linked[self.mention], COST_OTHER, COST_LINKED)
        self.costs = np.where(self.is_right, 0.0, wrong).astype(np.float32)
        self.own_costs = np.where(self.is_linked, COST_ALONE, 0.0).astype(np.float32)

    def __call__(self, weights: Floats) -> tuple[float, Floats]:
        small = weights.astype(np.float32)
        pairs, own = (sum(small[row] for row in rows) for rows in (self.features, self.own))
        log_all, of_all, own_of_all = self._shares(pairs + self.costs, own + self.own_costs)
        log_right, of_right, own_of_right = self._shares(
            np.where(self.is_right, pairs, -np.inf), np.where(self.is_linked, -np.inf, own)
        )
        gradient = self.l2 * weights
        for rows, change in ((self.features, of_all - of_right), (self.own, own_of_all - own_of_right)):
            for row in rows:
                gradient += np.bincount(row, change, self.n)
        loss = float(np.sum(log_all - log_right)) + 0.5 * self.l2 * float(weights @ weights)
        return loss / self.n_mentions, gradient / self.n_mentions

    def _shares(self, pairs: Floats, own: Floats) -> tuple[Floats, Floats, Floats]:
        """Of each mention the logarithm of its sum of raised scores; of each choice its share of that."""
        most = own.copy()
        most[self.with_pairs] = np.maximum(own[self.with_pairs], np.maximum.reduceat(pairs, self.first))
        raised, own_raised = np.exp(pairs - most[self.mention]), np.exp(own - most)
        total = np.bincount(self.mention, raised, self.n_mentions) + own_raised
        return np.log(total) + most, raised / total[self.mention], own_raised / total


if __name__ == "__main__":
    main()
