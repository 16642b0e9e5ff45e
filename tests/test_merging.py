"""Names of one thing meet on sure grounds, others are proposed, and different things stay apart; in any order."""

import random

import pytest

from kg import ontology
from kg.ids import BASE
from kg.merging import SURE, Decisions, Merges, Words, acts, group, named
from kg.merging.blocks import Blocks
from kg.merging.names import Person, acronym, person
from kg.model import Entity
from tests.builders import entity

WORDS = Words.load()
NOTHING = Decisions()


def merged(*entities: Entity, decisions: Decisions = NOTHING) -> Merges:
    blocks = Blocks()
    found = acts((named([e]) for e in entities), WORDS, ontology.load(), blocks)
    return group(found, decisions, blocks.named)


def are_one(one: Entity, other: Entity, *others: Entity) -> bool:
    targets = merged(one, other, *others).targets
    return targets.get(one.iri, one.iri) == targets.get(other.iri, other.iri)


def are_proposed(one: Entity, other: Entity, *others: Entity) -> bool:
    found = {frozenset((p.left, p.right)) for p in merged(one, other, *others).proposals}
    return frozenset((one.iri, other.iri)) in found and not are_one(one, other, *others)


def org(label: str, type: str = "Organization", **others) -> Entity:
    return entity(label, type, **others)


def who(label: str, **others) -> Entity:
    return entity(label, "Person", **others)


def concept(label: str) -> Entity:
    return entity(label, "Concept", iri=f"{BASE}concept/{label.replace(' ', '-')}")


@pytest.mark.parametrize(("one", "other"), [
    ("Acme", "Acme, Inc."),
    ("Siemens Energy AG", "Siemens Energy"),
    ("The Acme Corporation", "ACME Corp."),
    ("Department of Veteran Affairs", "Department of Veterans Affairs"),
    ("Société Générale", "Societe Generale"),
    ("Johnson & Johnson", "Johnson and Johnson"),
    ("U.S. Chamber of Commerce", "United States Chamber of Commerce"),
    ("Al-Shabaab", "Alshabaab"),
    ("Ministry of Defence of Chad", "Ministry of Defense of Chad"),
    ("Ministry of Industry and Trade", "Ministry of Trade and Industry"),
    ("National Infrastructure Comission of Chad", "National Infrastructure Commission of Chad"),
])  # fmt: skip
def test_same_organization_in_other_spelling_is_one(one, other):
    assert are_one(org(one), org(other))


@pytest.mark.parametrize(("one", "other"), [
    ("Ministry of Energy of Kazakhstan", "Ministry of Energy of Uzbekistan"),
    ("Ministry of Energy", "Ministry of Defence"),
    ("North Atlantic Council", "South Atlantic Council"),
    ("Executive Committee of 2021", "Executive Committee of 2022"),
    ("Bank of Slovenia", "Bank of Slovakia"),
    ("Center for Medicare", "Centers for Medicare"),
    ("Bank of China", "China Bank"),
])  # fmt: skip
def test_different_organizations_stay_apart(one, other):
    assert not are_one(org(one), org(other))


@pytest.mark.parametrize(("one", "other"), [
    ("Julie A. Su", "Julie Su"), ("Volodymyr Zelensky", "Volodymyr Zelenskyy"), ("José Peña", "Jose Pena"),
])  # fmt: skip
def test_same_person_in_other_spelling_is_one(one, other):
    assert are_one(who(one), who(other))


@pytest.mark.parametrize(("one", "other"), [
    ("A. Smith", "Anna Smith"), ("Smith", "Anna Smith"), ("Joe Manchin", "Joseph Manchin"),
    ("Robert Kennedy", "Robert Kennedy Jr."), ("Walter Reed", "Walter Clyburn Reed"),
])  # fmt: skip
def test_person_who_may_be_another_is_proposed(one, other):
    assert are_proposed(who(one), who(other))


@pytest.mark.parametrize(("one", "other"), [("Anna Smith", "Peter Smith"), ("George H. W. Bush", "George W. Bush")])
def test_people_of_one_surname_stay_apart(one, other):
    assert not are_one(who(one), who(other))
    assert not are_proposed(who(one), who(other))


def test_surname_of_several_is_not_even_proposed():
    assert merged(who("Smith"), who("Anna Smith"), who("Peter Smith")).proposals == []


def test_acronym_that_a_text_introduces_merges_and_one_of_the_same_letters_is_proposed():
    agency, short = org("International Energy Agency", aliases=("IEA",)), org("IEA")
    plain, other = org("International Energy Agency"), org("Institute of Economic Affairs", aliases=("IEA",))

    assert are_one(agency, short)
    assert are_proposed(plain, short)
    assert not are_one(agency, short, other)


def test_known_things_and_those_of_different_countries_stay_apart():
    one, other = (org("Central Bank", iri=f"{BASE}entity/bank/{n}", same_as=(f"http://www.wikidata.org/entity/Q{n}",))
                  for n in (1, 2))  # fmt: skip
    here, there = (org("Senate", iri=f"{BASE}entity/senate/{c}", country=c) for c in ("FRA", "ITA"))

    assert not are_one(one, other)
    assert not are_one(here, there)
    assert merged(one, other, org("Central Bank")).targets == {}


def test_known_one_stands_for_its_group_and_takes_its_other_names():
    known = org("Toyota", "Company", aliases=("Toyota Motor",), same_as=("http://www.wikidata.org/entity/Q53268",))
    found = merged(known, org("Toyota Motor Corporation", "Company"), org("Toyota, Inc.", "Company"))

    assert set(found.targets.values()) == {known.iri}
    assert {act.kind for act in found.acts.values()} == {"alias", "exact"}


def test_other_name_in_another_number_is_only_proposed():
    known = org("Department of the Treasury", "GovernmentAgency", aliases=("U.S. Treasury",))

    assert are_one(known, org("US Treasury"))
    assert are_proposed(known, org("U.S. Treasuries"))


def test_word_for_its_country_before_a_known_name_changes_nothing():
    known = org("Department of Energy", "GovernmentAgency", aliases=("DOE", "Energy Department"), country="USA")

    assert are_one(known, org("U.S. DOE"))
    assert are_one(known, org("U.S. Energy Department"))
    assert not are_one(known, org("UK Energy Department"))


def test_long_name_is_one_thing_whatever_it_is_taken_for():
    assert are_one(org("American Rescue Plan"), entity("American Rescue Plan", "Programme"))
    assert not are_one(who("Anna Maria Smith"), org("Anna Maria Smith"))


def test_concepts_merge_by_spelling_alone():
    assert are_one(concept("health care"), concept("healthcare"))
    assert not are_proposed(concept("child tax credit"), concept("child tax credits system"))
    assert not are_one(concept("semiconductor"), org("Semiconductor"))


def test_kinds_of_things_stay_apart():
    assert not are_one(who("Austin"), entity("Austin", "City"))
    assert not are_one(entity("New York", "City"), entity("New York", "Region"))
    assert are_one(org("Acme"), org("Acme", "Company"))
    assert are_one(org("Teamsters"), entity("Teamsters", "NamedThing"))


MANY = [
    org("Acme"), org("Acme Inc"), org("Acme", "Company"), who("Julie Su"), who("Julie A. Su"), who("Su"), org("IEA"),
    org("International Energy Agency", aliases=("IEA",)), org("Intl. Energy Agency"), concept("health care"),
    concept("healthcare"), entity("Acme", "NamedThing"), who("J. Su"), org("Energy Agency"),
]  # fmt: skip


def test_order_of_entities_leaves_no_trace():
    found = merged(*MANY)
    for seed in range(20):
        assert merged(*random.Random(seed).sample(MANY, len(MANY))) == found


def test_merging_what_is_merged_changes_nothing():
    targets = merged(*MANY).targets

    assert not set(targets) & set(targets.values())


def test_every_merge_has_a_sure_act_with_its_reason():
    found = merged(*MANY)

    assert found.targets.keys() == found.acts.keys()
    assert all(act.score >= SURE and act.reason for act in found.acts.values())
    assert all(act.score < SURE for act in found.proposals)


# ---- decisions


def decision(act: str, *entities: Entity, **more) -> dict:
    return {"act": act, "iris": [e.iri for e in entities], "number": more.pop("number", 1), **more}


def decided(*records: dict) -> Decisions:
    return Decisions.replayed(records)


def test_what_is_decided_counts_before_all_grounds():
    one, other, third = org("Acme"), org("Acme Inc"), org("Quite Another")

    assert merged(one, other, decisions=decided(decision("reject", one, other))).targets == {}
    assert merged(one, other, decisions=decided(decision("split", one, other))).targets == {}
    assert len(merged(one, third, decisions=decided(decision("merge", one, third))).targets) == 1


def test_what_is_rejected_is_not_proposed_again():
    one, other = who("A. Smith"), who("Anna Smith")

    assert merged(one, other, decisions=decided(decision("reject", one, other))).proposals == []


def test_last_word_on_a_pair_counts_and_undo_takes_it_back():
    one, other = org("Acme"), org("Quite Another")
    yes, no = decision("merge", one, other, number=1), decision("reject", one, other, number=2)

    assert len(decided(yes, no).apart) == len(decided(no, yes).together) == 1
    assert decided(yes, no, {"act": "undo", "of": 2, "number": 3}) == decided(yes)


def test_decisions_on_entities_that_are_gone_do_nothing():
    assert merged(org("Acme"), decisions=decided(decision("merge", org("Acme"), org("Gone")))).targets == {}


# ---- parts of names


def test_names_of_people_are_taken_apart():
    assert person("Joseph R. Biden, Jr.", WORDS) == Person("joseph", ("r",), "biden", "jr")
    assert person("Jean-Pierre", WORDS) == Person("", (), "jeanpierre", "")


def test_acronyms_are_told_from_words():
    assert [acronym(n) for n in ("IEA", "U.S.", "Iea", "A", "INTERNATIONAL", "G7")] == ["iea", "us", None, None, None, None]


def test_block_of_many_costs_no_square():
    blocks = Blocks()
    many = (named([org(f"Ministry of Subject{n:04}abc")]) for n in range(2000))

    assert len(list(acts(many, WORDS, ontology.load(), blocks))) < 2000 * 8
