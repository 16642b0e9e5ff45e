from kg import ids
from kg.extractors import Reading
from kg.model import Document, Mention, MentionKind, Span
from tests.trees import tree, word

PERSON = ids.ONTOLOGY + "Person"
TITLED = """
    Minister NN nsubj spoke minister
    of IN case Transport
    Transport NNP nmod Minister
    Ann NNP flat Transport
    Lee NNP flat Transport
    spoke VBD root 0 speak
"""


def reading(lines, *stretches):
    doc = tree(lines)
    mentions = []
    for text, kind in stretches:
        start = doc.text.index(text)
        span = Span(document_id="d", start=start, end=start + len(text))
        mentions.append(Mention(span=span, text=text, kind=kind, type=PERSON))
    return Reading(Document(id="d", text=doc.text), doc, mentions)


def test_title_stands_for_the_person_after_it_wherever_the_parser_hangs_the_name():
    given = reading(TITLED, ("Minister", MentionKind.NOMINAL), ("Ann Lee", MentionKind.NAME))
    assert given.mention_of(word(given.doc, "Minister")).text == "Ann Lee"


def test_title_does_not_reach_past_a_comma():
    lines = TITLED.replace("Ann NNP", ", , punct Transport\n    Ann NNP")
    given = reading(lines, ("Minister", MentionKind.NOMINAL), ("Ann Lee", MentionKind.NAME))
    assert given.mention_of(word(given.doc, "Minister")).text == "Minister"
