from dataclasses import replace

from kg import ids
from kg.extractors import Reading
from kg.model import Document, Mention, MentionKind, Span, Statement
from tests import builders
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


def test_statement_of_a_set_is_one_of_each_member_but_of_none_with_itself():
    names = [builders.entity(name) for name in ("Norway", "Chile")]
    both, at = builders.entity("two countries"), [builders.span(0, 6), builders.span(11, 16), builders.span(18, 31)]
    mentions = [
        Mention(span=span, text=e.label, kind=kind, entity=e, members=tuple(at[:2]) if e is both else ())
        for e, span, kind in zip([*names, both], at, [MentionKind.NAME] * 2 + [MentionKind.NOMINAL], strict=True)
    ]
    given = Reading(Document(id="doc-1", text=""), tree("a DT det 0"), mentions)
    evidence = replace(builders.evidence(), subject=at[2], object=at[1])
    said = Statement(subject=both, predicate=builders.pol("meetsWith"), object=names[1], evidence=(evidence,))

    assert [(s.subject.label, s.object.label) for s in given.for_each_member(said)] == [("Norway", "Chile")]
