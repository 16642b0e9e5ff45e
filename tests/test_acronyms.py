"""An acronym that a text introduces is another name of what it stands for."""

from dataclasses import replace

from kg.linking.acronyms import introduced
from kg.model import Mention, MentionKind
from tests.builders import document, entity, span


def named(text, name, **others):
    start = text.index(name)
    found = Mention(span=span(start, start + len(name)), text=name, kind=MentionKind.NAME, entity=entity(name, "Organization"))
    return replace(found, **others)


def aliases(text, name, **others):
    (found,) = introduced([named(text, name, **others)], document(text=text))
    return found.entity.aliases


def test_acronym_in_brackets_after_the_name_is_kept():
    assert aliases("The International Battery Council (IBC) met.", "International Battery Council") == ("IBC",)
    assert aliases("The Council of Mines and Metals (CMM) met.", "Council of Mines and Metals") == ("CMM",)


def test_other_brackets_are_left_alone():
    assert aliases("The Battery Council (in Paris) met.", "Battery Council") == ()
    assert aliases("The Battery Council (USA) met.", "Battery Council") == ()
    assert aliases("Acme (A) met.", "Acme") == ()


def test_known_entity_keeps_the_names_it_has():
    known = entity("Battery Council", "Organization", same_as=("http://www.wikidata.org/entity/Q1",))

    assert aliases("The Battery Council (BC) met.", "Battery Council", entity=known) == ()
