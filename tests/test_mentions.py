import itertools

import pytest
from spacy.tokens import Span

from kg import ids, language, mentions
from kg.model import Document, MentionKind

pytestmark = pytest.mark.model


def found(pipeline, text):
    ((_document, doc),) = language.analyse(pipeline.nlp, [Document(id="d", text=text)])
    return {m.text: m for m in mentions.find(doc, "d", ontology=pipeline.ontology, gazetteer=pipeline.gazetteer)}


def test_known_name_is_a_name_of_its_class(pipeline):
    mention = found(pipeline, "The minister met officials from the European Union in Brussels.")["European Union"]

    assert mention.kind is MentionKind.NAME
    assert mention.type is not None and mention.type.endswith("#IntergovernmentalOrganization")


def test_name_inside_a_noun_phrase_is_a_mention_too(pipeline):
    texts = found(pipeline, "The ministers praised China's dominance of lithium refining.")

    assert "China" in texts
    assert texts["China"].kind is MentionKind.NAME


def test_label_of_a_nominal_leaves_out_what_names_nothing(pipeline):
    (mention,) = [
        m for m in found(pipeline, "China dominates the global processing of ore.").values() if m.head == "processing"
    ]

    assert mention.label == "processing of ore"
    assert mention.text == "global processing of ore"


def test_pronoun_is_a_mention_without_class(pipeline):
    mention = found(pipeline, "The company said that it would close the mine.")["it"]

    assert mention.kind is MentionKind.PRONOUN
    assert mention.type is None


def test_names_do_not_overlap(pipeline):
    text = "U.S. President Joe Biden met European Commission President Ursula von der Leyen in Washington on Monday."
    names = sorted(m.span for m in found(pipeline, text).values() if m.kind is MentionKind.NAME)

    assert names
    assert all(first.end <= second.start for first, second in itertools.pairwise(names))


def test_every_mention_stands_under_its_span(pipeline):
    text = "Japan’s government — led by Ms. Sato — will fund two mines in Chile’s north; it denied reports of a cut."

    for mention in found(pipeline, text).values():
        assert text[mention.span.start : mention.span.end] == mention.text


@pytest.mark.parametrize(
    ("label", "name", "expected"),
    [
        ("ORG", "Executive Order", "Law"),
        ("MISC", "Treaty on Open Skies", "Agreement"),
        ("ORG", "Senate Judiciary Committee", "Organization"),
        ("LOC", "North Sea", "Place"),
        ("PER", "Ann Law", "Person"),
        ("MISC", "Blue Ribbon", "NamedThing"),
    ],
)
def test_head_of_a_name_corrects_the_class_that_the_recogniser_gave(pipeline, label, name, expected):
    doc = pipeline.nlp.make_doc(name)
    for token in doc:
        token.pos_ = "ADP" if token.text == "on" else "PROPN"
    doc.ents = [Span(doc, 0, len(doc), label=label)]

    ((_, _, class_iri),) = mentions._trimmed(doc.ents[0], pipeline.ontology)

    assert class_iri == ids.ONTOLOGY + expected


@pytest.mark.parametrize("name", ["Resolution 2231", "Executive Order 14017"])
def test_number_belongs_to_the_name_of_a_law(pipeline, name):
    assert name in found(pipeline, f"The council discussed {name} at length.")


def test_names_that_a_dash_and_what_ties_them_hold_together_are_two(pipeline):
    mentions_found = found(pipeline, "They praised the U.S.-Japan Alliance on Monday.")

    assert {"U.S.", "Japan"} <= {text for text, m in mentions_found.items() if m.kind is MentionKind.NAME}


def test_group_has_its_owner_and_its_place(pipeline):
    texts = found(pipeline, "Poland's parliament criticized the rebels in Chad and the officials of Togo.")

    assert {"Poland's parliament", "rebels in Chad", "officials of Togo"} <= {t.removeprefix("the ") for t in texts}


def test_count_of_people_is_left_out_of_the_label(pipeline):
    labels = {m.label for m in found(pipeline, "The army killed at least three soldiers.").values()}

    assert "soldiers" in labels


def test_part_of_the_calendar_is_no_mention(pipeline):
    assert not {"Monday", "March", "yesterday"} & set(found(pipeline, "On Monday, and in March, Chad met Togo."))


def test_people_outside_of_its_state_is_a_group(pipeline):
    mention = found(pipeline, "The ethnic Albanians in Serbia demanded autonomy.")["ethnic Albanians in Serbia"]

    assert mention.kind is MentionKind.NOMINAL
    assert mention.type is not None and mention.type.endswith("#Group")


def test_label_keeps_a_word_that_is_part_of_another_or_joined_to_one(pipeline):
    given = found(pipeline, "The state imposed severe and immediate costs and a large-scale ban.")
    labels = {m.label for m in given.values()}

    assert {"severe and immediate costs", "large-scale ban"} <= labels
