from kg import syntax
from tests.trees import tree, word

SHARED = tree("""
    Canada NNP nsubj signed
    signed VBD root 0 sign
    and CC cc ratified
    ratified VBD conj signed ratify
    treaties NNS obj ratified treaty
""")

CONTROL = tree("""
    Japan NNP nsubj plans
    plans VBZ root 0 plan
    to TO mark buy
    buy VB xcomp plans
    lithium NN obj buy
""")

PASSIVE = tree("""
    The DT det law
    law NN nsubj:pass passed
    was AUX aux:pass passed be
    passed VBN root 0 pass
    by IN case lawmakers
    lawmakers NNS obl:agent passed lawmaker
    in IN case Rome
    Rome NNP obl passed
""")

RELATIVE = tree("""
    China NNP nsubj refines
    , , punct dominates
    which WDT nsubj dominates
    dominates VBZ acl:relcl China dominate
    mining NN obj dominates
    , , punct dominates
    refines VBZ root 0 refine
    ore NN obj refines
""")

OBJECT_CONTROL = tree("""
    Ministers NNS nsubj urged minister
    urged VBD root 0 urge
    Chile NNP obj urged
    to TO mark export
    export VB xcomp urged
    copper NN obj export
""")

EXAMPLES = tree("""
    minerals NNS root 0 mineral
    such JJ case lithium
    as IN fixed such
    lithium NN nmod minerals
    and CC cc cobalt
    cobalt NN conj lithium
""")


def texts(tokens):
    return [token.text for token in tokens]


def test_coordinated_verb_shares_the_subject():
    assert texts(syntax.subjects(word(SHARED, "ratified"))) == ["Canada"]


def test_verb_before_a_coordination_shares_the_object_that_follows():
    assert texts(syntax.objects(word(SHARED, "signed"))) == ["treaties"]


def test_infinitive_takes_the_subject_of_the_verb_that_controls_it():
    assert texts(syntax.subjects(word(CONTROL, "buy"))) == ["Japan"]


def test_infinitive_takes_the_object_of_a_verb_that_makes_it_act():
    assert texts(syntax.subjects(word(OBJECT_CONTROL, "export"))) == ["Chile"]


def test_passive_turns_subject_and_agent_around():
    passed = word(PASSIVE, "passed")

    assert syntax.is_passive(passed)
    assert texts(syntax.subjects(passed)) == ["lawmakers"]
    assert texts(syntax.objects(passed)) == ["law"]
    assert texts(syntax.obliques(passed, "in")) == ["Rome"]


def test_relative_pronoun_stands_for_the_noun_before_it():
    assert texts(syntax.subjects(word(RELATIVE, "dominates"))) == ["China"]


def test_examples_of_a_noun_are_split_at_the_coordination():
    assert texts(syntax.examples(word(EXAMPLES, "minerals"))) == ["lithium", "cobalt"]


def test_noun_phrase_leaves_its_determiner_out():
    assert syntax.name_range(word(PASSIVE, "law")) == (1, 2)


def test_form_whose_lemma_is_wrong_may_come_from_any_regular_verb():
    doc = tree("""
        Poland NNP nsubj expelled
        expelled VBD root 0 expelle
        diplomats NNS obj expelled diplomat
    """)

    assert syntax.possible_lemmas(word(doc, "expelled"))[0] == "expelle"
    assert "expel" in syntax.possible_lemmas(word(doc, "expelled"))
    assert syntax.possible_lemmas(word(doc, "diplomats")) == ["diplomat"]


def test_possible_lemmas_of_a_phrasal_verb_keep_its_particle():
    doc = tree("""
        Troops NNS nsubj pulled troop
        pulled VBD root 0 pulle
        out RP compound:prt pulled
    """)

    assert "pull out" in syntax.possible_lemmas(word(doc, "pulled"))


def test_subject_of_a_clause_that_a_relative_was_taken_from_is_the_antecedent():
    doc = tree("""
        step NN root 0
        that WDT obj said
        officials NNS nsubj said
        said VBD acl:relcl step say
        would MD aux end
        end VB ccomp said
        dependence NN obj end
    """)
    assert syntax.subjects(word(doc, "end")) == [word(doc, "step")]


def test_gerund_that_opens_an_item_has_its_noun_for_an_object():
    doc = tree("Banning VBG amod imports ban\nnew JJ amod imports\nimports NNS root 0")
    assert syntax.objects(word(doc, "Banning")) == [word(doc, "imports")]
    doc = tree("Rising VBG amod prices rise\nprices NNS nsubj hurt\nhurt VBP root 0")
    assert syntax.objects(word(doc, "Rising")) == []


def test_name_in_a_list_taken_for_an_apposition_is_coordinated():
    doc = tree("""
        from IN case Chile
        Chile NNP root 0
        , , punct Peru
        Peru NNP appos Chile
        and CC cc Canada
        Canada NNP conj Peru
    """)

    assert texts(syntax.conjuncts(word(doc, "Chile"))) == ["Chile", "Peru", "Canada"]


def test_noun_that_is_said_of_a_subject_is_not_coordinated_with_an_object():
    doc = tree("""
        They PRP nsubj have
        have VBP root 0
        rivals NNS obj have
        and CC cc banks
        are AUX cop banks be
        banks NNS conj rivals
    """)

    assert texts(syntax.conjuncts(word(doc, "rivals"))) == ["rivals"]


def test_two_subjects_joined_by_and_are_both_meant():
    doc = tree("""
        church NN nsubj:pass restored
        and CC cc restored
        tower NN nsubj:pass restored
        were AUX aux:pass restored be
        restored VBN root 0 restore
    """)

    assert texts(syntax.surface_subjects(word(doc, "restored"))) == ["church", "tower"]


def test_time_is_not_the_subject_where_there_is_another():
    doc = tree("""
        government NN nsubj ordered
        today NN nsubj ordered
        ordered VBD root 0 order
    """)

    assert texts(syntax.surface_subjects(word(doc, "ordered"))) == ["government"]


def test_verb_that_a_parser_hung_on_its_object_has_subject_and_object():
    doc = tree("""
        It PRP nsubj halted it
        had AUX aux halted have
        halted VBN amod aid halt
        aid NN root 0
    """)

    assert syntax.subjects(word(doc, "halted")) == [word(doc, "It")]
    assert syntax.objects(word(doc, "halted")) == [word(doc, "aid")]
    assert syntax.name_range(word(doc, "aid")) == (3, 4)


def test_day_is_no_subject():
    doc = tree("""
        Lee NNP appos leader
        leader NN root 0
        Monday NNP nsubj spoke
        spoke VBD parataxis leader speak
    """)

    assert syntax.subjects(word(doc, "spoke")) == [word(doc, "leader")]


def test_complement_may_hang_on_a_date():
    doc = tree("""
        Chad NNP nsubj yielded
        yielded VBD root 0 yield
        on IN case Monday
        Monday NNP obl yielded
        to IN case rebels
        rebels NNS nmod Monday rebel
    """)

    assert syntax.obliques(word(doc, "yielded"), "to") == [word(doc, "rebels")]


def test_quantities_of_quantities_count_what_stands_last():
    doc = tree("""
        tens NNS root 0 ten
        of IN case thousands
        thousands NNS nmod tens thousand
        of IN case people
        people NNS nmod thousands
    """)

    assert syntax.quantified(word(doc, "tens")) == [word(doc, "people")]


COMPANY = """
    Egypt NNP nsubj sign
    , , punct Sudan
    with IN case Sudan
    Sudan NNP nmod Egypt
    and CC cc Chad
    Chad NNP conj Sudan
    , , punct Egypt
    will MD aux sign
    sign VB root 0
"""


def test_those_who_act_along_with_the_subject_act_too():
    doc = tree(COMPANY)

    assert [t.text for t in syntax.subjects(word(doc, "sign"))] == ["Egypt", "Sudan", "Chad"]


def test_group_with_a_name_that_is_read_as_a_noun_acts_along_too():
    doc = tree(COMPANY.replace("Sudan NNP", "Sudan NN"))

    assert "Sudan" in [t.text for t in syntax.subjects(word(doc, "sign"))]


def test_what_belongs_to_the_subject_does_not_act():
    doc = tree(COMPANY.replace("    , , punct Sudan\n", ""))

    assert [t.text for t in syntax.subjects(word(doc, "sign"))] == ["Egypt"]


DESCRIBED = """
    sanctions NNS root 0 sanction
    on IN case bank
    its PRP$ nmod:poss bank
    largest JJS amod bank
    bank NN nmod sanctions
    , , punct Alfa
    Alfa NNP conj bank
    , , punct Rosneft
    and CC cc Rosneft
    Rosneft NNP conj bank
"""


def test_name_after_a_noun_that_can_mean_but_one_is_not_another_of_a_list():
    doc = tree(DESCRIBED)

    assert syntax.name_described_by(word(doc, "bank")) == word(doc, "Alfa")
    assert [t.text for t in syntax.conjuncts(word(doc, "bank"))] == ["bank", "Rosneft"]


def test_name_after_a_noun_that_may_mean_several_is_another_of_a_list():
    doc = tree(DESCRIBED.replace("largest JJS", "large JJ"))

    assert syntax.name_described_by(word(doc, "bank")) is None
