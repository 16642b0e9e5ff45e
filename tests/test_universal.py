from kg import syntax, universal
from tests.trees import tree, word

PASSIVE = """
    Copper NN nsubjpass mined
    is AUX auxpass mined be
    mined VBN root 0 mine
    by IN agent mined
    firms NNS pobj by firm
    in IN prep mined
    Chile NNP pobj in
"""
COPULA = """
    China NNP nsubj is
    is AUX root 0 be
    leader NN attr is
    in IN prep leader
    refining NN pobj in
"""
PURPOSE = """
    Japan NNP nsubj aims
    aims VBZ root 0 aim
    to TO aux buy
    buy VB xcomp aims
    gas NN dobj buy
"""


def test_noun_after_a_preposition_hangs_where_the_preposition_hung():
    mined = word(universal.rewritten(tree(PASSIVE)), "mined")

    assert [t.text for t in syntax.subjects(mined)] == ["firms"]
    assert [t.text for t in syntax.objects(mined)] == ["Copper"]
    assert [t.text for t in syntax.obliques(mined, "in")] == ["Chile"]


def test_predicate_noun_heads_its_clause():
    leader = word(universal.rewritten(tree(COPULA)), "leader")

    assert leader.dep_ == "ROOT"
    assert [t.text for t in syntax.surface_subjects(leader)] == ["China"]
    assert [t.text for t in syntax.obliques(leader, "in")] == ["refining"]


def test_infinitive_keeps_its_subject_and_object():
    buy = word(universal.rewritten(tree(PURPOSE)), "buy")

    assert [t.text for t in syntax.subjects(buy)] == ["Japan"]
    assert [t.text for t in syntax.objects(buy)] == ["gas"]
    assert word(buy.doc, "to").dep_ == "mark"


def test_text_stays_as_it_was():
    assert universal.rewritten(tree(COPULA)).text == tree(COPULA).text
