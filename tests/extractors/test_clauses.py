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
