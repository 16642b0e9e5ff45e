import pytest

from kg import ontology, qualifiers
from kg.model import Modality
from kg.pipeline import Pipeline
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
    assert (qualifiers.how_put(word(tree(lines), trigger), CUES).modality or Modality.ASSERTED) is modality


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
    assert qualifiers.how_put(word(tree(lines), trigger), CUES).is_denied is denied


SENTENCES = """
    Japan will buy lithium. | buy | planned
    Japan may buy lithium. | buy | possible
    Japan should buy lithium. | buy | demanded
    Japan bought lithium. | bought | asserted
    Japan did not buy lithium. | buy | asserted | denied
    Japan will not buy lithium. | buy | planned | denied
    Japan plans to buy lithium. | buy | planned
    Japan does not plan to buy lithium. | buy | planned | denied
    Japan has no plans to buy lithium. | buy | planned | denied
    Japan is expected to buy lithium. | buy | possible
    Japan is likely to buy lithium. | buy | possible
    Japan is set to buy lithium. | buy | planned
    Japan aims to buy lithium. | buy | planned
    Japan was urged to buy lithium. | buy | demanded
    Ministers urged Japan to buy lithium. | buy | demanded
    If Japan buys lithium, prices rise. | buys | possible
    Japan will buy lithium if prices fall. | buy | possible
    Did Japan buy lithium? | buy | possible
    Why did Japan buy lithium? | buy | asserted
    Buy lithium from Chile now. | Buy | demanded
    Japan failed to buy lithium. | buy | asserted | denied
    Japan did not fail to buy lithium. | buy | asserted
    Japan managed to buy lithium. | buy | asserted
    Japan did not manage to buy lithium. | buy | asserted | denied
    Japan refused to buy lithium. | buy | asserted | denied
    Japan stopped buying lithium. | buying | asserted | denied
    Japan will stop buying lithium. | buying | planned | denied
    The court prevented Japan from buying lithium. | buying | asserted | denied
    Japan denied that it bought lithium. | bought | asserted | denied
    Japan no longer buys lithium. | buys | asserted | denied
    No country has signed the treaty. | signed | asserted | denied
    None of the ministers has signed the treaty. | signed | asserted | denied
    Neither country signed the treaty. | signed | asserted | denied
    Japan signed no treaty with Chile. | signed | asserted | denied
    Japan left without signing the treaty. | signing | asserted | denied
    Japan bought oil instead of signing the treaty. | signing | asserted | denied
    Japan hesitated to sign the treaty. | sign | possible
    Japan did not hesitate to sign the treaty. | sign | asserted
    Japan was able to sign the treaty. | sign | asserted
    Japan is able to sign the treaty. | sign | possible
    Japan was unable to sign the treaty. | sign | asserted | denied
    Japan was forced to sign the treaty. | sign | asserted
    Japan never signed the treaty. | signed | asserted | denied
    Japan has yet to sign the treaty. | sign | asserted | denied
    Japan not only signed the treaty but also sent troops. | signed | asserted
    Japan did not sign or ratify the treaty. | ratify | asserted | denied
    Japan will meet and sign the treaty. | sign | planned
    Japan vowed to act and help Chile. | help | planned
    The minister said that Japan will sign the treaty. | sign | planned
    Analysts predicted that Japan would sign the treaty. | sign | possible
    The minister does not believe that Japan signed the treaty. | signed | possible | denied
    Japan called for cooperation with Chile. | cooperation | demanded
    Japan announced a plan to sign the treaty. | sign | planned
    Japan announced a plan for cooperation with Chile. | cooperation | planned
    There is a risk of conflict with Chile. | conflict | possible
    Japan welcomed the commitment to cooperation with Chile. | cooperation | planned
    Vance to address officials | address | planned
    Japan has worked to restore ties. | restore | asserted
    Japan sent troops to restore order. | restore | planned
    It remains unclear whether Japan signed the treaty. | signed | possible
    Hardly any country has signed the treaty. | signed | asserted | denied
    Japan rejected a proposal to sign the treaty. | sign | planned | denied
    Japan has abandoned plans to sign the treaty. | sign | planned | denied
    Japan is unlikely to sign the treaty. | sign | possible | denied
    Japan would have signed the treaty. | signed | possible
    Japan said it would sign the treaty. | sign | planned
    Chile avoided signing the treaty. | signing | asserted | denied
    Japan let Chile sign the treaty. | sign | asserted
    Japan made Chile sign the treaty. | sign | asserted
    Japan helped Chile sign the treaty. | sign | asserted
    Nobody signed the treaty. | signed | asserted | denied
    Japan needs to sign the treaty. | sign | demanded
    Japan has to sign the treaty. | sign | demanded
    Japan promised Chile to sign the treaty. | sign | planned
    Japan forgot to sign the treaty. | sign | asserted | denied
    Japan succeeded in signing the treaty. | signing | asserted
    Japan postponed signing the treaty. | signing | planned
    Japan can not sign the treaty. | sign | possible | denied
    Japan must not sign the treaty. | sign | demanded | denied
    Japan was banned from buying lithium. | buying | demanded | denied
    Japan will continue to buy lithium. | buy | asserted
    Japan will not continue to buy lithium. | buy | planned | denied
    Japan promised to continue to buy lithium. | buy | planned
"""


@pytest.mark.model
@pytest.mark.parametrize("row", SENTENCES.strip().splitlines())
def test_sentences_put_their_verb_as_a_reader_takes_it(pipeline: Pipeline, row: str) -> None:
    text, verb, modality, *denied = (part.strip() for part in row.split("|"))

    put = qualifiers.how_put(word(pipeline.nlp(text), verb), CUES)

    assert (put.modality or Modality.ASSERTED, put.is_denied) == (modality, bool(denied))


THREAT = """
    Imports NNS nsubj threaten import
    threaten VBP root 0
    to TO mark impair
    impair VB xcomp threaten
    security NN obj impair
"""


@pytest.mark.parametrize(("is_agent", "modality"), [(True, Modality.PLANNED), (False, Modality.POSSIBLE)])
def test_only_who_can_intend_something_plans_what_he_threatens(is_agent: bool, modality: Modality) -> None:
    assert qualifiers.how_put(word(tree(THREAT), "impair"), CUES, lambda token: is_agent).modality is modality


PURPOSE = """
    Ministers NNS nsubj met minister
    met VBD root 0 meet
    to TO mark end
    end VB advcl met
    wars NNS obj end war
"""


def test_purpose_is_planned_unless_it_is_itself_the_act() -> None:
    verb = word(tree(PURPOSE), "end")

    assert qualifiers.how_put(verb, CUES, relation="ends").modality is Modality.PLANNED
    assert qualifiers.how_put(verb, CUES, relation="protests").modality is None


OPERATED = """
    Ministers NNS nsubj plan minister
    plan VBP root 0
    talks NNS obj plan talk
    in IN case Chile
    Chile NNP nmod talks
"""


def test_what_always_holds_is_not_in_the_scope_of_the_clause() -> None:
    noun = word(tree(OPERATED), "talks")

    assert qualifiers.how_put(noun, CUES, relation="meetsWith").modality is Modality.PLANNED
    assert qualifiers.how_put(noun, CUES, relation="locatedIn").modality is None


def test_relations_that_cues_name_are_those_of_the_ontology() -> None:
    terms = ontology.load()

    for name in CUES.steady | CUES.standing | CUES.acts | CUES.privative:
        assert terms.property_named(name) is not None, name


def test_relative_clause_with_an_agent_of_its_own_is_not_planned_with_what_it_describes():
    doc = tree("""
        Japan NNP nsubj buy
        will MD aux buy
        buy VB root 0
        a DT det metal
        metal NN obj buy
        that WDT obj mines
        China NNP nsubj mines
        mines VBZ acl:relcl metal mine
    """)

    assert (qualifiers.how_put(word(doc, "mines"), CUES).modality or Modality.ASSERTED) is Modality.ASSERTED
