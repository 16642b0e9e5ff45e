import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids, ontology
from kg.errors import OntologyError

OURS = ontology.load()
CLASSES = st.sampled_from(sorted(OURS.classes))
GUIDE = {
    "partnersWith", "alliedWith", "agreesWith", "meetsWith", "supports", "aids", "concedesTo", "criticizes",
    "demandsOf", "rejects", "threatens", "protests", "sanctions", "coerces", "attacks", "mobilizes", "investigates",
    "establishes", "imposes", "enacts", "ends", "proposes", "funds", "restricts", "promotes", "aimsAt", "includes",
    "appliesTo", "dominates", "controls", "produces", "supplies", "acquires", "dependsOn", "usedIn", "hasResource",
    "increases", "decreases", "causes", "leads", "memberOf", "partOf", "locatedIn", "isA",
}  # fmt: skip
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip

MINE = """
    @prefix pol: <https://w3id.org/policy-kg/ontology#> .
    @prefix ex: <https://example.org/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

    ex:Court a owl:Class ; rdfs:label "court"@en ; rdfs:comment "Where law is spoken." ;
        rdfs:subClassOf pol:GovernmentAgency ; pol:noun "court", "bench" .
    ex:rulesOn a owl:ObjectProperty ; rdfs:label "urteilt über"@de , "rules on"@en ; rdfs:comment "Decides a case of." ;
        rdfs:domain ex:Court ; rdfs:range [ a owl:Class ; owl:unionOf ( pol:Law [ owl:unionOf ( pol:Measure pol:Agent ) ] ) ] .
    pol:dominates rdfs:domain ex:Court .
"""


def pol(name):
    return ids.ONTOLOGY + name


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.ttl"
    file.write_text(MINE, encoding="utf-8")
    return file


def test_our_ontology_has_no_problem():
    assert OURS.check() == []


def test_every_relation_of_the_guide_is_there_and_no_other():
    assert {p.name for p in OURS.relations()} == GUIDE
    assert len(GUIDE) == 44


def test_properties_that_record_a_statement_are_no_relations():
    assert OURS.property_named("polarity") is None
    assert OURS.property_named("saidBy") is None
    assert OURS.property_named("contradicts") is None


def test_every_relation_between_agents_is_of_a_plover_type_but_alliance():
    found = {p.plover for p in OURS.relations() if p.plover}

    assert found == PLOVER
    assert OURS.plover_of(pol("dominates")) is None
    assert OURS.plover_of(pol("attacks")) == "ASSAULT"
    assert OURS.plover_of(pol("attacks"), is_planned=True) == "THREATEN"
    assert OURS.plover_of(pol("aids"), is_planned=True) == "AGREE"
    assert OURS.plover_of(pol("criticizes"), is_planned=True) == "ACCUSE"
    assert OURS.plover_of("https://example.org/unknown") is None


def test_relations_that_go_both_ways_are_symmetric():
    assert {p.name for p in OURS.relations() if p.symmetric} == {
        "partnersWith",
        "alliedWith",
        "agreesWith",
        "meetsWith",
    }


@pytest.mark.parametrize(
    ("name", "ancestor", "expected"),
    [
        ("Country", "Agent", True),
        ("Country", "Place", True),
        ("Mineral", "Resource", True),
        ("Agent", "Country", False),
        ("Person", "Place", False),
        ("Person", "Person", True),
    ],
)
def test_a_class_is_what_stands_above_it(name, ancestor, expected):
    assert OURS.is_a(pol(name), pol(ancestor)) is expected


@given(CLASSES, CLASSES, CLASSES)
def test_being_a_kind_of_is_transitive(one, two, three):
    if OURS.is_a(one, two) and OURS.is_a(two, three):
        assert OURS.is_a(one, three)


@given(CLASSES)
def test_everything_is_anything(class_iri):
    assert OURS.is_a(class_iri, ontology.ANYTHING)
    assert OURS.fits(class_iri, ())
    assert OURS.fits(class_iri, (ontology.ANYTHING,))


@given(st.text())
def test_an_unknown_class_is_itself_alone(name):
    iri = "https://example.org/" + name

    assert OURS.is_a(iri, iri)
    assert not OURS.is_a(iri, pol("Agent"))


@pytest.mark.parametrize(
    ("lemma", "name"),
    [
        ("tariff", "Measure"),
        ("treaty", "Agreement"),
        ("official", "Group"),
        ("minister", "Person"),
        ("refining", "Activity"),
        ("price", "Quantity"),
        ("mine", "Facility"),
        ("troop", "ArmedForce"),
        ("co-chairman", "Person"),
    ],
)
def test_common_noun_names_members_of_its_class(lemma, name):
    assert OURS.noun_class(lemma) == pol(name)


@pytest.mark.parametrize("lemma", ["", "-", "thing", "xyzzy", "Tariff"])
def test_noun_that_is_not_listed_has_no_class(lemma):
    assert OURS.noun_class(lemma) is None


def test_label_of_the_unknown_is_the_last_part_of_its_iri():
    assert OURS.label_of(pol("memberOf")) == "is a member of"
    assert OURS.label_of(pol("IntergovernmentalOrganization")) == "intergovernmental organization"
    assert OURS.label_of("https://example.org/a#foundedIn") == "foundedIn"


def test_file_of_ones_own_adds_classes_relations_and_nouns(mine):
    extended = ontology.load(extend=[mine])
    rules_on = extended.property_named("rulesOn")

    assert rules_on is not None
    assert rules_on.label == "rules on"
    assert rules_on.definition == "Decides a case of."
    assert rules_on.range == (pol("Law"), pol("Measure"), pol("Agent"))
    assert extended.is_a("https://example.org/Court", pol("Agent"))
    assert extended.noun_class("bench") == extended.noun_class("court") == "https://example.org/Court"
    assert extended.check() == []


def test_file_of_ones_own_widens_a_relation_of_ours(mine):
    widened = ontology.load(extend=[mine]).property_named("dominates")

    assert set(widened.domain) == {*OURS.property_named("dominates").domain, "https://example.org/Court"}
    assert widened.label == "dominates"


def test_file_of_ones_own_can_take_the_place_of_ours(mine):
    replaced = ontology.load(replace=mine)

    assert [p.name for p in replaced.relations()] == ["rulesOn"]
    assert set(replaced.nouns) == {"court", "bench"}


def test_check_names_each_gap(tmp_path):
    file = tmp_path / "bad.ttl"
    file.write_text(
        """
        @prefix ex: <https://example.org/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:Egg a owl:Class ; rdfs:label "egg" ; rdfs:comment "One." ; rdfs:subClassOf ex:Hen .
        ex:Hen a owl:Class ; rdfs:label "hen" ; rdfs:comment "Other." ; rdfs:subClassOf ex:Egg .
        ex:lays a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:label "lays" ; rdfs:domain ex:Hen ; rdfs:range ex:Ege .
        """
    )

    assert sorted(ontology.load(replace=file).check()) == [
        "https://example.org/Egg: is a subclass of itself",
        "https://example.org/Hen: is a subclass of itself",
        "https://example.org/lays: has no definition",
        "https://example.org/lays: is symmetric, so its domain and range must be the same",
        "https://example.org/lays: rdfs:range names https://example.org/Ege, which is no class",
    ]


def test_broken_file_is_named_with_its_line(tmp_path):
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix ex: <https://example.org/> .\nex:a ex:b ex:c\nex:d ex:e ex:f .\n")

    with pytest.raises(OntologyError, match=r"broken\.ttl, line 3"):
        ontology.load(extend=[file])


@pytest.mark.parametrize("name", ["missing.ttl", "words.txt"])
def test_file_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(OntologyError, match=name):
        ontology.load(extend=[tmp_path / name])


@pytest.mark.parametrize(
    "text",
    ["classes: [a, b", "[]", "classes: {Law: [act]}", "classes: {Law: [act], Event: [act]}\nempty_modifiers: []"],
)
def test_broken_list_of_nouns_is_named(tmp_path, text):
    (tmp_path / "policy.ttl").write_text("")
    (tmp_path / "nouns.yaml").write_text(text)

    with pytest.raises(OntologyError, match=r"nouns\.yaml"):
        ontology.load(tmp_path)
