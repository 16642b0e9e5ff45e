from kg import ids
from kg.extractors import Reading, clauses
from kg.model import Document
from tests.trees import tree


def said(lines):
    """The open triples of a tree, written out."""
    doc = tree(lines)
    reading = Reading(Document(id="d", text=doc.text), doc, ())
    return [
        (e.subject_text, ids.predicate_name(s.predicate), e.object_text)
        for s in clauses.extract(reading)
        for e in s.evidence
    ]


def test_each_complement_of_a_verb_is_an_argument_of_its_own():
    assert said("""
        Chile NNP nsubj sold
        sold VBD root 0 sell
        copper NN obj sold
        to IN case Japan
        Japan NNP obl sold
    """) == [("Chile", "sold", "copper"), ("Chile", "sold copper to", "Japan")]


def test_passive_keeps_the_words_of_the_sentence():
    assert said("""
        Tariffs NNS nsubj:pass lifted
        were AUX aux:pass lifted be
        lifted VBN root 0 lift
        by IN case Canada
        Canada NNP obl:agent lifted
    """) == [("Tariffs", "were lifted by", "Canada")]


def test_copula_joins_subject_and_predicate_noun():
    assert said("""
        Lithium NN nsubj metal
        is AUX cop metal be
        a DT det metal
        metal NN root 0
    """) == [("Lithium", "is", "a metal")]


def test_infinitive_runs_on_from_the_verb_that_governs_it():
    assert said("""
        Japan NNP nsubj plans
        plans VBZ root 0 plan
        to TO mark buy
        buy VB xcomp plans
        lithium NN obj buy
    """) == [("Japan", "plans to buy", "lithium")]


def test_coordinated_subjects_and_objects_are_split():
    assert set(
        said("""
        Chile NNP nsubj mine
        and CC cc Peru
        Peru NNP conj Chile
        mine VBP root 0
        copper NN obj mine
        and CC cc zinc
        zinc NN conj copper
    """)
    ) == {(s, "mine", o) for s in ("Chile", "Peru") for o in ("copper", "zinc")}


def test_spans_of_the_evidence_hold_its_words():
    doc = tree("""
        Chile NNP nsubj mines
        mines VBZ root 0 mine
        copper NN obj mines
    """)
    (statement,) = clauses.extract(Reading(Document(id="d", text=doc.text), doc, ()))
    (evidence,) = statement.evidence

    for span, text in (
        (evidence.sentence, evidence.quote),
        (evidence.subject, evidence.subject_text),
        (evidence.predicate, evidence.predicate_text),
        (evidence.object, evidence.object_text),
    ):
        assert doc.text[span.start : span.end] == text


def test_what_comes_before_the_verb_is_joined_through_the_object():
    assert ("Chile", "sold copper In", "May") in said("""
        In IN case May
        May NNP obl sold
        , , punct May
        Chile NNP nsubj sold
        sold VBD root 0 sell
        copper NN obj sold
    """)


def test_purpose_runs_on_from_the_object():
    assert said("""
        Japan NNP nsubj uses
        uses VBZ root 0 use
        grants NNS obj uses
        to TO mark fund
        fund VB advcl uses
        mines NNS obj fund
    """) == [("Japan", "uses", "grants"), ("Japan", "uses grants to fund", "mines")]


def test_report_about_a_subject_runs_on_into_what_it_is_said_to_do():
    assert said("""
        Japan NNP nsubj:pass said
        is AUX aux:pass said be
        said VBN root 0 say
        to TO mark buy
        buy VB ccomp said
        lithium NN obj buy
    """) == [("Japan", "is said to buy", "lithium")]


def test_passive_auxiliary_is_not_shared_with_an_active_verb():
    found = said("""
        Mines NNS nsubj:pass closed
        were AUX aux:pass closed be
        closed VBN root 0 close
        and CC cc lose
        lose VB conj closed
        money NN obj lose
    """)

    assert ("Mines", "lose", "money") in found


def test_relative_clause_without_object_is_about_the_noun_before_it():
    assert set(
        said("""
        Tools NNS nsubj:pass failed
        she PRP nsubj used
        used VBD acl:relcl Tools use
        in IN case mines
        mines NNS obl used
        were AUX aux:pass failed be
        failed VBN root 0 fail
        by IN case tests
        tests NNS obl:agent failed
    """)
    ) == {("she", "used", "Tools"), ("she", "used Tools in", "mines"), ("Tools", "were failed by", "tests")}


def test_time_is_about_the_event_with_what_completes_it():
    assert ("He", "headed for Texas in", "May") in said("""
        He PRP nsubj headed
        headed VBD root 0 head
        for IN case Texas
        Texas NNP obl headed
        in IN case May
        May NNP obl headed may
    """)


def test_measure_of_a_noun_does_not_lead_to_it():
    assert said("""
        They PRP nsubj built
        built VBD root 0 build
        a DT det range
        range NN obj built
        of IN case mines
        mines NNS nmod range
    """) == [("They", "built", "a range of mines")]


def test_words_that_make_a_preposition_are_no_argument():
    assert said("""
        They PRP nsubj met
        met VBD root 0 meet
        in IN case front
        front NN obl met
        of IN case crowds
        crowds NNS nmod front
    """) == [("They", "met in front of", "crowds")]


def test_reported_clause_is_an_argument_and_a_triple_of_its_own():
    assert said("""
        Japan NNP nsubj said
        said VBD root 0 say
        mines NNS nsubj sold
        sold VBD ccomp said sell
        ore NN obj sold
    """) == [("Japan", "said", "mines sold ore"), ("mines", "sold", "ore")]


def test_question_leads_to_its_arguments():
    assert ("He", "showed how mines sold", "ore") in said("""
        He PRP nsubj showed
        showed VBD root 0 show
        how WRB advmod sold
        mines NNS nsubj sold
        sold VBD ccomp showed sell
        ore NN obj sold
    """)


def test_outer_subject_leads_through_its_copula_into_the_clause():
    assert set(
        said("""
        Trouble NN nsubj:outer sold
        is AUX cop sold be
        that IN mark sold
        mines NNS nsubj sold
        sold VBD root 0 sell
        ore NN obj sold
    """)
    ) == {("Trouble", "is that mines sold", "ore"), ("mines", "sold", "ore")}


def test_what_there_is_has_there_as_its_subject():
    assert said("""
        there EX expl is
        is VBZ root 0 be
        evidence NN nsubj is
        of IN case trade
        trade NN nmod evidence
    """) == [("there", "is", "evidence of trade"), ("there", "is evidence of", "trade")]


def test_examples_belong_to_the_noun_before_them():
    assert said("""
        They PRP nsubj sell
        sell VBP root 0
        goods NNS obj sell
        including VBG case ore
        ore NN nmod goods
    """) == [("They", "sell", "goods"), ("goods", "including", "ore")]


def test_gerund_after_the_object_is_done_by_the_object():
    found = said("""
        He PRP nsubj accused
        accused VBD root 0 accuse
        Chile NNP obj accused
        of IN mark selling
        selling VBG advcl accused sell
        ore NN obj selling
    """)

    assert ("Chile", "selling", "ore") in found
    assert ("He", "accused Chile of selling", "ore") in found


def test_participle_after_the_object_says_more_of_it():
    assert ("a rehearsal", "conducted by", "Krauss") in said("""
        They PRP nsubj held
        held VBD root 0 hold
        a DT det rehearsal
        rehearsal NN obj held
        , , punct conducted
        conducted VBN advcl held conduct
        by IN case Krauss
        Krauss NNP obl:agent conducted
    """)


def test_clause_after_plural_nouns_says_more_of_them_all():
    found = said("""
        Mines NNS nsubj protested
        and CC cc farms
        farms NNS conj Mines
        selling VBG acl farms sell
        goods NNS obj selling
        protested VBD root 0 protest
    """)

    assert {("Mines", "selling", "goods"), ("farms", "selling", "goods")} <= set(found)


def test_word_that_says_how_the_object_is_stays_with_it():
    assert said("""
        They PRP nsubj keep
        keep VBP root 0
        them PRP obj keep
        safe JJ xcomp keep
    """) == [("They", "keep", "them safe")]


def test_clause_of_time_runs_on():
    assert ("He", "taught until he joined", "Merck") in said("""
        He PRP nsubj taught
        taught VBD root 0 teach
        until IN mark joined
        he PRP nsubj joined
        joined VBD advcl taught join
        Merck NNP obj joined
    """)


def test_auxiliaries_and_negation_hold_for_coordinated_verbs():
    assert ("They", "will not sell", "ore") in said("""
        They PRP nsubj buy
        will MD aux buy
        not RB advmod buy
        buy VB root 0
        gold NN obj buy
        or CC cc sell
        sell VB conj buy
        ore NN obj sell
    """)


def test_receiver_leads_to_what_is_given():
    assert said("""
        He PRP nsubj gave
        gave VBD root 0 give
        Chile NNP iobj gave
        rights NNS obj gave
    """) == [("He", "gave", "rights"), ("He", "gave Chile", "rights")]


def test_gerund_that_completes_a_verb_keeps_its_preposition():
    assert said("""
        They PRP nsubj committed
        committed VBD root 0 commit
        to IN mark buying
        buying VBG xcomp committed buy
        ore NN obj buying
    """) == [("They", "committed to buying", "ore")]
