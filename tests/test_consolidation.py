"""Statements of many documents become one set: the same whatever the order, with a belief that can be explained."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import consolidation
from kg.consolidation import belief, canonical, consolidate, merge_entities
from kg.model import Entity, Evidence, Literal, Modality, Polarity, Statement
from tests.builders import NEGATIVE, PLANNED, document, entity, evidence, pol, said_by, span, statement
from tests.strategies import PROPERTY, statement_lists


def by_itself(document_id: str) -> str:
    """Every document has a publisher of its own."""
    return document_id


def one_publisher(document_id: str) -> str:
    return "The Example"


def is_symmetric(predicate: str) -> bool:
    return predicate == pol("partnersWith")


@PROPERTY
@given(statement_lists(), st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(statements, random):
    shuffled = [*statements, *random.choices(statements, k=3)] if statements else []
    random.shuffle(shuffled)

    assert consolidate(shuffled, one_publisher) == consolidate(statements, one_publisher)


@PROPERTY
@given(statement_lists())
def test_consolidating_again_changes_nothing(statements):
    once = consolidate(statements, one_publisher)

    assert consolidate(once, one_publisher) == once


@PROPERTY
@given(statement_lists())
def test_no_evidence_is_lost_and_none_invented(statements):
    places = {(s.id, consolidation.place(e)) for s in statements for e in s.evidence}
    merged = [(s.id, consolidation.place(e)) for s in consolidate(statements, one_publisher) for e in s.evidence]

    assert len(merged) == len(places)
    assert set(merged) == places


@PROPERTY
@given(statement_lists(), st.sampled_from([by_itself, one_publisher]))
def test_belief_lies_between_none_and_full(statements: list[Statement], publisher_of: Callable[[str], str]):
    assert all(0 <= (s.belief or 0) <= 1 for s in consolidate(statements, publisher_of))


@PROPERTY
@given(statement_lists(min_size=1))
def test_more_evidence_never_lowers_belief(statements):
    gathered = sorted((e for s in statements for e in s.evidence), key=repr)
    beliefs = [belief(gathered[: n + 1], by_itself) for n in range(len(gathered))]

    assert beliefs == sorted(beliefs)


def test_two_publishers_are_believed_more_than_two_sentences_of_one():
    twice = [evidence("doc-1"), evidence("doc-2", object="all refining")]

    assert belief(twice[:1], one_publisher) < belief(twice, one_publisher) < belief(twice, by_itself)


def test_belief_follows_the_published_arithmetic():
    twice = [evidence("doc-1", confidence=0.8), evidence("doc-2", object="all refining", confidence=0.8)]

    assert belief(twice[:1], one_publisher) == pytest.approx(1 - (0.05 + 0.2))
    assert belief(twice, one_publisher) == pytest.approx(1 - (0.05 + 0.2**2))
    assert belief(twice, by_itself) == pytest.approx(1 - (0.05 + 0.2) ** 2)


def test_sentence_printed_again_word_for_word_adds_nothing():
    again = [evidence("doc-1", confidence=0.8), evidence("doc-2", at=70, confidence=0.8)]

    assert belief(again, one_publisher) == belief(again[:1], one_publisher)
    assert consolidation.n_independent(again, one_publisher) == 1
    assert consolidation.n_independent(again, by_itself) == 2


def test_one_sentence_read_by_two_rules_counts_once():
    read = evidence(confidence=0.8)
    again = replace(read, extractor="patterns/dominates.share@1", confidence=0.6)

    assert belief([read, again], one_publisher) == belief([read], one_publisher)


def test_document_without_publisher_counts_by_its_host_and_else_by_itself():
    assert consolidation.publisher(document(publisher="AP")) == "AP"
    assert consolidation.publisher(document(publisher=None, url="https://news.example/a")) == "news.example"
    assert consolidation.publisher(document("doc-7", publisher=None, url=None)) == "doc-7"


def test_copy_counts_as_said_by_whom_it_is_copied_from():
    copied = document(publisher="The Repeater", copy_of="doc-0", voice="AP")

    assert consolidation.voice(copied) == consolidation.voice(document("doc-0", publisher="AP")) == "AP"
    assert consolidation.publisher(copied) == "The Repeater"


def test_said_firmly_once_and_loosely_once_is_one_statement_of_the_firmer_modality():
    (merged,) = consolidate([statement(document="a", modality=PLANNED), statement(document="b")], by_itself)

    assert merged.modality is Modality.ASSERTED
    assert [e.modality for e in merged.evidence] == [Modality.PLANNED, Modality.ASSERTED]


def test_denial_is_another_statement_and_the_two_contradict():
    yes, no, other = statement(), statement(polarity=NEGATIVE), statement("Chile", polarity=NEGATIVE)

    assert yes.id != no.id
    assert consolidation.contradicted([other, no, yes]) == {yes.id, no.id}


def test_most_frequent_label_wins_then_the_shortest_then_the_first():
    iri = entity("United States").iri

    def merged_label(*labels: str) -> str:
        named = [(replace(entity("United States"), label=label), f"doc-{n}") for n, label in enumerate(labels)]
        return merge_entities(named)[iri].label

    assert merged_label("United States", "U.S.", "United States") == "United States"
    assert merged_label("United States", "U.S.") == "U.S."
    assert merged_label("USA", "U.S") == "U.S"


def test_other_labels_aliases_and_links_are_united():
    one = entity("China", aliases=("PRC",), same_as=("http://www.wikidata.org/entity/Q148",), country="CHN")
    two = replace(one, label="People's Republic", aliases=("China",), same_as=("https://sws.geonames.org/1814991/",))
    merged = merge_entities([(one, "doc-1"), (two, "doc-2")])[one.iri]

    assert merged == replace(
        one, aliases=("PRC", "People's Republic"), same_as=(*one.same_as, *two.same_as), country="CHN"
    )


def test_who_says_it_is_merged_like_other_entities():
    short, full = entity("IEA", "Organization"), entity("IEA", "Organization", aliases=("International Energy Agency",))
    saying = [
        statement(document="a", attribution=said_by(short, document="a")),
        statement("Chile", document="b", attribution=said_by(full, document="b")),
    ]
    sources = {e.attribution.source for s in consolidate(saying, by_itself) for e in s.evidence if e.attribution}

    assert sources == {full}


def test_sides_of_a_symmetric_predicate_stand_in_one_order():
    there = statement("Japan", "partnersWith", entity("Australia"))
    back = statement("Australia", "partnersWith", entity("Japan"))

    assert there.id != back.id
    assert canonical(there, is_symmetric).id == canonical(back, is_symmetric).id


def test_evidence_of_a_turned_statement_still_shows_its_own_subject():
    turned = canonical(statement("Japan", "partnersWith", entity("Australia")), is_symmetric)

    assert turned.subject.label == turned.evidence[0].subject_text == "Australia"
    assert turned.object == entity("Japan")
    assert turned.evidence[0].object == span(0, 5)


@PROPERTY
@given(statement_lists())
def test_turning_twice_is_turning_once(statements):
    once = [canonical(s, is_symmetric) for s in statements]

    assert [canonical(s, is_symmetric) for s in once] == once


def test_directed_predicate_and_literal_object_are_left_alone():
    directed = statement("Japan", "dominates", entity("Australia"))
    counted = statement("Japan", "partnersWith", Literal(value="3"))

    assert canonical(directed, is_symmetric) is directed
    assert canonical(counted, is_symmetric) is counted


def test_merged_values_are_of_the_model():
    (merged,) = consolidate([statement()], by_itself)

    assert isinstance(merged.subject, Entity)
    assert isinstance(merged.evidence[0], Evidence)
    assert merged.polarity is Polarity.POSITIVE
