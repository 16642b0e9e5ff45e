"""Fits the weights of `salience` in ontology/coreference.yaml: `python -m training.coreference gum-train.conllu.gz`.

For each pronoun of the third person a log-linear model ranks the candidates, and the choice of none of them, with the
marginal likelihood of all right candidates as in Durrett and Klein (2013). Prints YAML to paste into that file.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import yaml
from spacy.tokens import Doc

from benchmarks.coreference import Gold, heads_of, read
from kg import coreference, language, linking, mentions, ontology
from kg.model import Document, Mention

Choice = list[tuple[list[str], bool]]  # traits of each candidate, and whether it is right
_RARE = 5


def choices_of(
    golds: Sequence[Gold], analysed: Iterable[tuple[Document, Doc, Sequence[Mention]]], terms: ontology.Ontology
) -> dict[str, list[Choice]]:
    """The choices that the pronouns of the treebank put, by class of pronoun."""
    words = coreference.load()
    found: dict[str, list[Choice]] = defaultdict(list)
    for gold, (_, doc, listed) in zip(golds, analysed, strict=True):
        chain_of = {offset: i for i, chain in enumerate(gold.chains()) for offset in chain}
        chains = {m: chain_of.get(offset, -1 - offset) for m, offset in heads_of(doc, listed, gold).items()}
        for pronoun, choice in coreference.choices(
            doc, listed, terms, words, lambda one, other, chains=chains: chains.get(one) == chains.get(other)
        ):
            found[coreference.pronoun_class(pronoun.text) or ""].append(choice)
    return found


def fit(choices: Sequence[Choice], *, l2: float = 2.0, n_steps: int = 400, cost: float = 0.7) -> dict[str, float]:
    """The weight of each trait that is not rare.

    Args:
        cost: How much worse a wrong antecedent is than none; softmax margin (Gimpel and Smith, 2010).
    """
    counts = Counter(trait for choice in choices for traits, _ in choice for trait in traits)
    names = [coreference.NO_CANDIDATE, *sorted(t for t, n in counts.items() if n >= _RARE)]
    number = {name: i for i, name in enumerate(names)}
    rows = [_matrix(choice, number, cost) for choice in choices]
    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, n_steps + 1):
        gradient = l2 * weights - sum(_gradient(weights, *row) for row in rows)
        gradient /= len(rows)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights = weights - 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True) if abs(w) >= 0.02}


def _matrix(choice: Choice, number: dict[str, int], cost: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidates by traits, the choice of none last; which of them are right; what each costs when wrong."""
    traits = np.zeros((len(choice) + 1, len(number)))
    for row, (found, _) in enumerate(choice):
        traits[row, [number[t] for t in found if t in number]] = 1
    traits[-1, 0] = 1
    right = np.array([is_right for _, is_right in choice] + [not any(is_right for _, is_right in choice)])
    costs = np.where(right, 0.0, cost)
    costs[-1] = 0.0
    return traits, right, costs


def _gradient(weights: np.ndarray, traits: np.ndarray, right: np.ndarray, costs: np.ndarray) -> np.ndarray:
    scores = traits @ weights
    return _softmax(np.where(right, scores, -np.inf)) @ traits - _softmax(scores + costs) @ traits


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    golds = list(read(arguments.parse_args().file))
    nlp, terms = language.load(), ontology.load()
    gazetteer = mentions.Gazetteer.build(nlp, linking.Linker.load(ontology=terms).names())
    documents = [Document(id=gold.id, text=gold.text) for gold in golds]
    analysed = [
        (document, doc, mentions.find(doc, document.id, ontology=terms, gazetteer=gazetteer))
        for document, doc in language.analyse(nlp, documents)
    ]
    found = choices_of(golds, analysed, terms)
    print(as_yaml({name: fit(choices) for name, choices in found.items()}))


def as_yaml(weights: dict[str, dict[str, float]]) -> str:
    return yaml.safe_dump({"salience": weights}, width=116, default_flow_style=None)


if __name__ == "__main__":
    main()
