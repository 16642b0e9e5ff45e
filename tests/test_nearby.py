from kg import ontology
from kg.linking.nearby import Nearby
from tests.builders import entity
from tests.test_linking import LINKER

NEARBY = Nearby(LINKER.knowledge, ontology.load())


def labels(name, type, **more):
    return [known.label for known, _ in NEARBY.candidates(entity(name, type), **more)]


def test_known_names_that_are_spelt_alike_come_near():
    assert labels("Kazakstan", "Country")[0] == "Kazakhstan"
    assert labels("Xi Jin Ping", "Person")[0] == "Xi Jinping"


def test_class_keeps_apart():
    assert labels("Kazakstan", "Person") == []
    assert labels("Kazakstan", "NamedThing")[0] == "Kazakhstan"


def test_whole_name_comes_before_part_of_one():
    scored = NEARBY.candidates(entity("World Bank", "Organization"))

    assert scored[0] == (scored[0][0], 1.0) and scored[0][0].label == "World Bank"
    assert [score for _, score in scored] == sorted((score for _, score in scored), reverse=True)


def test_no_more_are_given_than_asked_for():
    assert len(labels("Johnson", "Person", limit=1)) == 1


def test_letters_within_a_word_are_no_name():
    assert labels("Maxim Orlenko", "Person") == []  # Xi is within it
