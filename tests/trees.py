"""Dependency trees written by hand, so that tests of what reads them need no trained model."""

import spacy
from spacy.tokens import Doc, Token

_VOCAB = spacy.blank("en").vocab


def tree(text: str) -> Doc:
    """A Doc from lines of "word tag dep head lemma", heads by word or number counted from 1, 0 for the root.

    The lemma may be left out (the lower-cased word). Words are joined by spaces.
    """
    rows = [line.split() for line in text.strip().splitlines()]
    words = [row[0] for row in rows]
    heads = [_head(row[3], words, i) for i, row in enumerate(rows)]
    return Doc(
        _VOCAB,
        words=words,
        spaces=[True] * (len(words) - 1) + [False],
        tags=[row[1] for row in rows],
        pos=[_POS.get(row[1], "X") for row in rows],
        deps=["ROOT" if row[3] == "0" else row[2] for row in rows],
        heads=heads,
        lemmas=[row[4] if len(row) > 4 else row[0].lower() for row in rows],
    )


def word(doc: Doc, text: str) -> Token:
    """The first token with that text."""
    return next(token for token in doc if token.text == text)


def _head(name: str, words: list[str], own: int) -> int:
    if name == "0":
        return own
    return int(name) - 1 if name.isdigit() else words.index(name)


_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WDT": "PRON", "WP": "PRON",
    "VB": "VERB", "VBZ": "VERB", "VBD": "VERB", "VBN": "VERB", "VBG": "VERB", "VBP": "VERB", "MD": "AUX", "AUX": "AUX",
    "JJ": "ADJ", "RB": "ADV", "DT": "DET", "IN": "ADP", "TO": "PART", "CC": "CCONJ", "POS": "PART", "CD": "NUM", ",": "PUNCT",
    ".": "PUNCT",
}  # fmt: skip
