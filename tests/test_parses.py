"""What a teacher of the parser reads, and the trees that are made of its scores."""

import random
from itertools import product

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, DocBin

from training.convert import GOLD_PARSE_COPIES, join_parses
from training.encoder.trees import best_tree
from training.texts import Annotated, document_texts

TALKS = "The minister of trade said that the talks had gone well and that they would go on. "


@pytest.fixture
def news(tmp_path):
    place = tmp_path / "news.txt"
    place.write_text(f"Too short.\n\n{TALKS * 3}\n\n{TALKS.replace('trade', 'finance') * 3}")
    return str(place)


def test_paragraphs_of_documents_are_drawn_the_same_way_each_time(news):
    drawn = list(document_texts(news, n_words=230))

    assert len(drawn) == 2 and all("minister" in text for text in drawn)
    assert drawn == list(document_texts(news, n_words=230))
    assert len(list(document_texts(news, n_words=10))) == 1


def test_what_was_annotated_is_left_out(news):
    sentence = Annotated.of([{"doc": "gold:other", "text": TALKS.strip().replace(" of ", "  of ")}])
    document = Annotated.of([{"doc": "gold:2026/02-talks", "text": "Yes."}])

    assert [text.split()[3] for text in document_texts(news, n_words=230, without=sentence)] == ["finance"]
    assert document.holds("press/2026/02-talks") and not document.holds("press/2026/03-talks")
    assert not document.is_quoted("Yes. We do.")


def trees(n):
    """All trees of n words with one root, which is its own head."""
    for heads in product(range(n), repeat=n):
        roots = [place for place, head in enumerate(heads) if place == head]
        if len(roots) == 1 and all(_top(heads, place) == roots[0] for place in range(n)):
            yield heads


def _top(heads, place):
    for _ in heads:
        place = heads[place]
    return place


def test_best_tree_is_one_of_all_trees_and_beats_those_of_its_root():
    rng = random.Random(7)
    for n in (1, 2, 3, 4):
        known = list(trees(n))
        for _ in range(30):
            scores = np.log(np.array([[rng.random() for _ in range(n)] for _ in range(n)]))
            found = tuple(best_tree(scores).tolist())
            root = _top(found, 0)
            of_root = [heads for heads in known if heads[root] == root]

            assert found in of_root
            assert sum(scores[range(n), found]) == pytest.approx(max(sum(scores[range(n), heads]) for heads in of_root))


def test_gold_trees_stand_beside_the_silver_ones(tmp_path):
    vocab = spacy.blank("en").vocab
    gold, silver = (
        Doc(vocab, words=[word, "rise"], heads=[1, 1], deps=["nsubj", "ROOT"]) for word in ("Prices", "Costs")
    )
    for part in ("train", "dev"):
        DocBin(docs=[gold]).to_disk(tmp_path / f"parser-{part}.spacy")
    DocBin(docs=[silver]).to_disk(tmp_path / "silver.spacy")

    join_parses(tmp_path, tmp_path / "silver.spacy")

    joined = DocBin().from_disk(tmp_path / "distil-train.spacy").get_docs(vocab)
    assert [doc[0].text for doc in joined] == ["Prices"] * GOLD_PARSE_COPIES + ["Costs"]
