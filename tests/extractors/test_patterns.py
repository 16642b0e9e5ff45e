import pytest

from kg import ids, lexicon, ontology
from kg.errors import OntologyError
from kg.extractors import Reading
from kg.extractors.patterns import PatternExtractor
from kg.extractors.roles import _ROLES
from kg.lexicon import Example, Lexicon, Pattern
from kg.model import Document, Entity, Mention, MentionKind, Span
from tests.trees import tree

TERMS = ontology.load()
TREE = """
    China NNP nsubj dominates
    dominates VBZ root 0 dominate
    mining NN obj dominates
    and CC cc refining
    refining NN conj mining
"""


def pattern(**changes):
    given = {
        "relation": "dominates", "name": "verb", "kind": "verb", "lemmas": ("dominate",), "subject": ("subj",),
        "object": ("obj",), "catch": (Example(text="", subject="", object=""),), "leave": (),
    }  # fmt: skip
    return Pattern(**{**given, **changes})


def said(lines, *patterns, classes=None):
    """(subject, relation, object) of what the patterns find in a tree whose nouns are all mentions."""
    doc = tree(lines)
    classes = classes or {}
    mentions = [
        Mention(
            span=Span(document_id="d", start=t.idx, end=t.idx + len(t)), text=t.text, kind=MentionKind.NAME,
            entity=Entity(iri="ex:" + t.text, type=ids.ONTOLOGY + classes.get(t.text, "Concept"), label=t.text),
        )
        for t in doc
        if t.pos_ in {"NOUN", "PROPN"}
    ]  # fmt: skip
    extractor = PatternExtractor.build(Lexicon(patterns), TERMS)
    found = extractor.extract(Reading(Document(id="d", text=doc.text), doc, mentions))
    return {(s.subject.label, ids.predicate_name(s.predicate), s.object.label) for s in found}


def test_pattern_reads_each_member_of_a_coordination():
    assert said(TREE, pattern(), classes={"China": "Country"}) == {
        ("China", "dominates", "mining"),
        ("China", "dominates", "refining"),
    }


def test_subject_outside_of_the_domain_is_no_match():
    assert said(TREE, pattern(), classes={"China": "Quantity"}) == set()


def test_object_class_of_the_pattern_narrows_the_range():
    assert said(TREE, pattern(object_type=("Material",)), classes={"China": "Country", "mining": "Mineral"}) == {
        ("China", "dominates", "mining")
    }


def test_light_verb_asks_for_its_noun():
    light = pattern(with_object=frozenset({"mining"}))

    assert said(TREE, light, classes={"China": "Country"})
    assert not said(TREE, pattern(with_object=frozenset({"role"})), classes={"China": "Country"})


def test_members_of_one_role_pair_up_once_for_symmetric_relations():
    together = pattern(relation="partnersWith", lemmas=("cooperate",), subject=("subj",), object=("subj",))

    found = said(
        """
        Chile NNP nsubj cooperate
        and CC cc Peru
        Peru NNP conj Chile
        cooperate VBP root 0
        """,
        together,
        classes={"Chile": "Country", "Peru": "Country"},
    )

    assert found == {("Chile", "partnersWith", "Peru")}


def test_pattern_of_an_unknown_relation_is_refused():
    with pytest.raises(OntologyError, match="no relation 'flurbs'"):
        PatternExtractor.build(Lexicon((pattern(relation="flurbs"),)), TERMS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- name: a\n  verb: [x]\n  subject: subj\n  object: obj\n  catch: {text: a, subject: b, object: c}\n", "leave"),
        ("- name: a\n  verb: [x]\n  noun: [y]\n", "exactly one"),
        ("- name: a\n  verbs: [x]\n", "unknown key verbs"),
        ("name: a\n", "list of patterns"),
        ("- [", "YAML"),
    ],
)
def test_broken_pattern_file_is_refused_with_its_name(tmp_path, text, words):
    file = tmp_path / "dominates.yaml"
    file.write_text(text)

    with pytest.raises(OntologyError, match=words) as raised:
        lexicon.load(extend=[file])
    assert "dominates.yaml" in str(raised.value)


def test_noun_pattern_finds_possessor_and_complement():
    lines = """
        Europe NNP nmod:poss reliance
        's POS case Europe
        reliance NN nsubj fell
        on IN case China
        China NNP nmod reliance
        fell VBD root 0 fall
    """
    reliance = pattern(relation="dependsOn", kind="noun", lemmas=("reliance",), subject=("poss",), object=("on",))

    assert said(lines, reliance) == {("Europe", "dependsOn", "China")}


def test_examples_of_an_argument_are_arguments_too():
    lines = """
        China NNP nsubj dominates
        dominates VBZ root 0 dominate
        minerals NNS obj dominates mineral
        such JJ case lithium
        as IN fixed such
        lithium NN nmod minerals
    """

    assert {o for _, _, o in said(lines, pattern(), classes={"China": "Country"})} == {"minerals", "lithium"}


def test_kind_of_mention_can_be_asked_for():
    assert not said(TREE, pattern(object_kind="nominal"), classes={"China": "Country"})
    assert said(TREE, pattern(object_kind="name"), classes={"China": "Country"})


def test_clause_of_another_verb_can_be_ruled_out():
    lines = """
        China NNP nsubj tries
        tries VBZ root 0 try
        to TO mark dominate
        dominate VB xcomp tries
        mining NN obj dominate
    """
    china = {"China": "Country"}

    assert said(lines, pattern(), classes=china)
    assert not said(lines, pattern(without_head=frozenset({"try"})), classes=china)
    assert said(lines, pattern(with_head=frozenset({"try"})), classes=china)


BAN = """
    Chad NNP nsubj lifted
    lifted VBD root 0 lift
    a DT det ban
    ban NN obj lifted
    on IN case sales
    sales NNS nmod ban sale
    to IN case Togo
    Togo NNP nmod sales
"""


def test_whom_an_act_affects_is_found_however_far():
    lift = pattern(relation="concedesTo", lemmas=("lift",), object=("obj.affected",), object_type=("Agent",))

    found = said(BAN, lift, classes={"Chad": "Country", "Togo": "Country"})

    assert found == {("Chad", "concedesTo", "Togo")}


def test_what_is_done_to_a_thing_is_done_to_whose_it_is():
    lines = """
        Chad NNP nsubj condemned
        condemned VBD root 0 condemn
        Togo NNP nmod:poss raid
        's POS case Togo
        raid NN obj condemned
    """
    condemn, praise = (pattern(relation=r, lemmas=("condemn",)) for r in ("criticizes", "supports"))
    countries = {"Chad": "Country", "Togo": "Country"}

    assert said(lines, condemn, classes=countries) == {("Chad", "criticizes", "raid"), ("Chad", "criticizes", "Togo")}
    assert said(lines, praise, classes=countries) == {("Chad", "supports", "raid")}


def test_object_is_another_than_the_subject():
    lines = """
        Chad NNP nsubj praised
        praised VBD root 0 praise
        Chad NNP nmod:poss friend
        's POS case 3
        friend NN obj praised
        of IN case Togo
        Togo NNP nmod friend
    """
    whose = pattern(relation="supports", lemmas=("praise",), object=("obj.poss", "obj.of"))

    assert said(lines, whose, classes={"Chad": "Country", "Togo": "Country"}) == {("Chad", "supports", "Togo")}


def test_captive_is_the_object_beside_the_place_of_captivity():
    lines = """
        Police NNS nsubj took
        took VBD root 0 take
        students NNS obj took student
        into IN case custody
        custody NN obl took
    """
    custody = pattern(relation="coerces", kind="noun", lemmas=("custody",), object=("beside",))

    assert said(lines, custody, classes={"Police": "Group", "students": "Group"}) == {("Police", "coerces", "students")}


def test_what_a_raid_did_is_done_by_whose_raid_it_was():
    lines = """
        A DT det raid
        raid NN nsubj killed
        by IN case rebels
        rebels NNS nmod raid rebel
        killed VBD root 0 kill
        soldiers NNS obj killed soldier
    """
    raid = pattern(relation="attacks", kind="noun", lemmas=("raid",), subject=("by",), object=("acted.obj",))

    assert said(lines, raid, classes={"rebels": "Group", "soldiers": "Group"}) == {("rebels", "attacks", "soldiers")}


def test_coordinated_adjectives_name_those_who_act_together():
    lines = """
        French JJ amod ships
        and CC cc Omani
        Omani JJ conj French
        ships NNS nsubj cooperate
        cooperate VBP root 0
    """
    doc = tree(lines)

    assert [t.text for t in _ROLES["members"](doc[3])] == ["French", "Omani"]
