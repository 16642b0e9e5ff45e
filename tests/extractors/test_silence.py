import pytest

from kg import ids, lexicon
from kg.extractors import Reading
from kg.extractors.patterns import PatternExtractor
from kg.extractors.silence import silences
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Mention, MentionKind, Span
from tests.extractors.test_patterns import TERMS, TREE, pattern
from tests.trees import tree


def lacks(lines, *patterns, classes=None, alone=(), unmentioned=()):
    """(word, side, cause) of what patterns lack in a tree whose nouns and pronouns are mentions, unless told otherwise."""
    doc = tree(lines)
    mentions = []
    for token in doc:
        if token.pos_ in {"NOUN", "PROPN", "PRON"} and token.text not in unmentioned:
            type_ = ids.ONTOLOGY + (classes or {}).get(token.text, "Concept")
            entity = Entity(iri="ex:" + token.text, type=type_, label=token.text) if token.text not in alone else None
            span = Span(document_id="d", start=token.idx, end=token.idx + len(token))
            mentions.append(Mention(span=span, text=token.text, kind=MentionKind.NAME, entity=entity))
    extractor = PatternExtractor.build(Lexicon(patterns), TERMS)
    reading = Reading(Document(id="d", text=doc.text), doc, mentions)
    return [(s.trigger.text, lack.side, str(lack.cause)) for s in silences(reading, next(doc.sents), extractor) for lack in s.lacks]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"classes": {"China": "Quantity"}}, [("dominates", "subject", "class")]),
        ({"alone": {"China"}}, [("dominates", "subject", "unresolved")]),
        ({"classes": {"China": "Country"}, "unmentioned": {"mining", "refining"}}, [("dominates", "object", "no mention")]),
        ({"unmentioned": {"China"}, "alone": {"mining"}, "classes": {"refining": "Person"}},
         [("dominates", "subject", "no mention"), ("dominates", "object", "unresolved")]),
    ],
)  # fmt: skip
def test_reason_is_what_became_of_the_nearest_argument(given, missing):
    assert lacks(TREE, pattern(), **given) == missing


def test_place_that_nothing_fills_is_told():
    assert lacks(TREE, pattern(object=("on",)), classes={"China": "Country"}) == [("dominates", "object", "no argument")]


def test_of_several_patterns_of_a_word_the_one_nearest_to_a_statement_is_told():
    others = pattern(name="far", object=("on",)), pattern(name="near", subject=("subj",)), pattern(name="farther", object=("with",))

    assert lacks(TREE, *others, alone={"China"}) == [("dominates", "subject", "unresolved")]


def test_relation_of_members_misses_a_second_one():
    both = pattern(subject=("subj",), object=("subj",), relation="partnersWith")

    assert lacks(TREE, both, classes={"China": "Country"}) == [("dominates", "object", "no argument")]


def test_noun_with_nothing_beside_it_states_nothing():
    lines = """
        China NNP ROOT 0 China
    """

    assert lacks(lines, pattern(kind="noun", lemmas=("china",), subject=("poss",), object=("of",))) == []


def test_lack_is_a_clause_that_can_be_read():
    doc = tree(TREE)
    reading = Reading(Document(id="d", text=doc.text), doc, [])
    extractor = PatternExtractor.build(lexicon.load(), TERMS)

    texts = [str(lack) for s in silences(reading, next(doc.sents), extractor) for lack in s.lacks]

    assert "subject “China” is no mention" in texts
