import pytest

from kg import qualifiers
from kg.model import Entity, Modality
from tests.trees import tree, word

CUES = qualifiers.load()

PLAIN = """
    China NNP nsubj dominates
    dominates VBZ root 0 dominate
    mining NN obj dominates
"""
FUTURE = """
    Ministers NNS nsubj sign minister
    will MD aux sign
    not RB advmod sign
    sign VB root 0
    treaties NNS obj sign treaty
"""
DUTY = """
    Congress NNP nsubj fund
    must MD aux fund
    fund VB root 0
    research NN obj fund
"""
PLAN = """
    Japan NNP nsubj plans
    plans VBZ root 0 plan
    to TO mark buy
    buy VB xcomp plans
    lithium NN obj buy
"""
REFUSAL = """
    Japan NNP nsubj refused
    refused VBD root 0 refuse
    to TO mark buy
    buy VB xcomp refused
    oil NN obj buy
"""
DENIED = """
    Officials NNS nsubj denied official
    denied VBD root 0 deny
    that IN mark signed
    Chile NNP nsubj signed
    signed VBD ccomp denied sign
    pacts NNS obj signed pact
"""
REPORTED = """
    Exports NNS nsubj fell export
    fell VBD root 0 fall
    , , punct said
    ministers NNS nsubj said minister
    said VBD parataxis fell say
"""
UNLESS = """
    Prices NNS nsubj rise price
    rise VBP root 0
    if IN mark cut
    producers NNS nsubj cut producer
    cut VBP advcl rise
    output NN obj cut
"""


@pytest.mark.parametrize(
    ("lines", "trigger", "modality"),
    [
        (PLAIN, "dominates", Modality.ASSERTED),
        (FUTURE, "sign", Modality.PLANNED),
        (DUTY, "fund", Modality.DEMANDED),
        (PLAN, "plans", Modality.ASSERTED),
        (PLAN, "buy", Modality.PLANNED),
        (UNLESS, "cut", Modality.POSSIBLE),
    ],
)
def test_modality_comes_from_the_nearest_cue_that_governs_the_word(lines, trigger, modality):
    assert qualifiers.modality_of(word(tree(lines), trigger), CUES) is modality


@pytest.mark.parametrize(
    ("lines", "trigger", "denied"),
    [
        (PLAIN, "dominates", False),
        (FUTURE, "sign", True),
        (REFUSAL, "buy", True),
        (REFUSAL, "refused", False),
        (DENIED, "signed", True),
    ],
)
def test_denial_reaches_the_complement_of_a_negative_verb(lines, trigger, denied):
    assert qualifiers.is_denied(word(tree(lines), trigger), CUES) is denied


def test_attribution_names_the_subject_of_the_reporting_verb():
    ministers = Entity(iri="ex:ministers", type="ex:Group", label="ministers")

    found = qualifiers.attribution_of(
        word(tree(REPORTED), "fell"), CUES, lambda token: ministers if token.text == "ministers" else None, "d"
    )

    assert found is not None
    assert found.source == ministers
    assert (found.cue.start, found.cue.end) == (25, 29)


def test_statement_without_reporting_verb_has_no_attribution():
    assert qualifiers.attribution_of(word(tree(PLAIN), "dominates"), CUES, lambda token: None, "d") is None
