"""How far an analysis agrees with the gold one, both counted over the same raw text.

Words are compared by the code points they cover, as in the CoNLL 2018 shared task (Zeman et al., 2018): a word that is
tokenized differently is wrong in every column. Unlike there, punctuation counts, and labels and features must match in
full, subtypes and all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from training.treebank import Unit, Word

COLUMNS = ("tokens", "sentences", "UPOS", "XPOS", "FEATS", "lemma", "UAS", "LAS")

Extent = tuple[int, int]
Name = tuple[int, int, str]


@dataclass(slots=True)
class Score:
    """Counts of one thing scored: right ones, and how many the system and the gold have."""

    right: int = 0
    system: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.system if self.system else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall, in [0, 1]."""
        return 2 * self.right / (self.system + self.gold) if self.right else 0.0

    def add(self, *, right: int, system: int, gold: int) -> None:
        self.right += right
        self.system += system
        self.gold += gold


@dataclass(slots=True)
class WordScores:
    """One score per column of `COLUMNS`, and how many gold words they rest on."""

    n_words: int = 0
    by_column: dict[str, Score] = field(default_factory=lambda: {column: Score() for column in COLUMNS})

    def __getitem__(self, column: str) -> float:
        return self.by_column[column].f


def word_scores(pairs: Iterable[tuple[Unit, Doc]]) -> WordScores:
    """The scores of documents against the units they are analyses of."""
    scores = WordScores()
    for unit, doc in pairs:
        gold = list(_gold_words(unit))
        system = {_extent(token): token for token in doc if not token.is_space}
        right = Counter(
            column
            for extent, word, head in gold
            if extent in system
            for column in _columns_right(word, head, extent, system[extent])
        )
        scores.n_words += len(gold)
        for column in COLUMNS:
            if column == "sentences":
                _add(scores.by_column[column], _gold_sentences(unit), _system_sentences(doc))
            else:
                scores.by_column[column].add(right=right[column], system=len(system), gold=len(gold))
    return scores


def name_scores(pairs: Iterable[tuple[Iterable[Name], Iterable[Name]]], labels: Iterable[str]) -> dict[str, Score]:
    """One score per label, one for "all" and one for "extent", where the label does not matter; gold comes first.

    A name is right when both ends and the label agree. Names of other labels are passed over on both sides.
    """
    labels = tuple(labels)
    scores = {label: Score() for label in (*labels, "all", "extent")}
    for gold_names, system_names in pairs:
        gold = {name for name in gold_names if name[2] in labels}
        system = {name for name in system_names if name[2] in labels}
        for label in labels:
            _add(scores[label], {n for n in gold if n[2] == label}, {n for n in system if n[2] == label})
        _add(scores["all"], gold, system)
        _add(scores["extent"], {name[:2] for name in gold}, {name[:2] for name in system})
    return scores


def names_in(doc: Doc) -> list[Name]:
    """The names that the pipeline found, as (start, end, label)."""
    return [(name.start_char, name.end_char, name.label_) for name in doc.ents]


def _add(score: Score, gold: set, system: set) -> None:
    score.add(right=len(gold & system), system=len(system), gold=len(gold))


def _gold_words(unit: Unit) -> Iterator[tuple[Extent, Word, Extent]]:
    """Each word with its extent in the text of the unit and the extent of its head."""
    place = 0
    for sentence in unit.sentences:
        extents = []
        for word in sentence:
            extents.append((place, place + len(word.form)))
            place += len(word.form) + word.space_after
        for extent, word in zip(extents, sentence, strict=True):
            yield extent, word, extents[word.head]


def _columns_right(word: Word, head: Extent, extent: Extent, token: Token) -> Iterator[str]:
    """The columns in which a token equals the gold word that it covers; roots are their own heads on both sides."""
    yield "tokens"
    pairs = {
        "UPOS": (word.upos, token.pos_),
        "XPOS": (word.xpos, token.tag_),
        "FEATS": (word.feats, str(token.morph)),
        "lemma": (word.lemma, token.lemma_),
    }
    yield from (column for column, (gold, system) in pairs.items() if gold == system)
    if head == _extent(token.head):
        yield "UAS"
        if word.deprel == token.dep_ or (head == extent and token.dep_ == "ROOT"):
            yield "LAS"


def _gold_sentences(unit: Unit) -> set[Extent]:
    extents = [extent for extent, _, _ in _gold_words(unit)]
    sentences, first = set(), 0
    for sentence in unit.sentences:
        sentences.add((extents[first][0], extents[first + len(sentence) - 1][1]))
        first += len(sentence)
    return sentences


def _system_sentences(doc: Doc) -> set[Extent]:
    return {_extent_of_sentence(sentence) for sentence in doc.sents}


def _extent_of_sentence(sentence: Span) -> Extent:
    written = [token for token in sentence if not token.is_space] or list(sentence)
    return _extent(written[0])[0], _extent(written[-1])[1]


def _extent(token: Token) -> Extent:
    return token.idx, token.idx + len(token)
