from kg import ids, ontology
from kg.extractors import Reading
from kg.extractors.implied import acts, is_fragment
from kg.extractors.patterns import PatternExtractor
from kg.lexicon import Example, Lexicon, Pattern
from kg.model import Document, Entity, Mention, MentionKind, Span
from tests.trees import tree, word

CLASSES = {"Chile": "Country", "Peru": "Country", "exports": "Activity", "imports": "Activity", "duties": "Measure"}
ACT = """
    Chile NNP nsubj banned
    banned VBD root 0 ban
    exports NNS obj banned
    {end} . punct banned
"""
GERUND = """
    Curbing VBG amod imports curb
    imports NNS root 0
    . . punct imports
"""
NOUNS = """
    New JJ amod duties
    duties NNS root 0 duty
    on IN case Peru
    Peru NNP nmod duties
    . . punct duties
"""


def pattern(relation, kind, lemmas, subject, object):
    return Pattern(relation=relation, name="test", kind=kind, lemmas=lemmas, subject=subject, object=object,
                   catch=(Example(text="", subject="", object=""),), leave=())  # fmt: skip


PATTERNS = (
    pattern("restricts", "verb", ("ban", "curb"), ("subj",), ("obj",)),
    pattern("sanctions", "noun", ("duty",), ("poss",), ("on",)),
)


def said(*sentences, title=None):
    doc = tree("\n".join(renumbered(sentences)))
    mentions = [
        Mention(
            span=Span(document_id="d", start=t.idx, end=t.idx + len(t)), text=t.text, kind=MentionKind.NAME,
            entity=Entity(iri="ex:" + t.text, type=ids.ONTOLOGY + CLASSES[t.text], label=t.text),
        )
        for t in doc
        if t.text in CLASSES
    ]  # fmt: skip
    extractor = PatternExtractor.build(Lexicon(PATTERNS), ontology.load())
    found = extractor.extract(Reading(Document(id="d", text=doc.text, title=title), doc, mentions))
    return [(s.subject.label, ids.predicate_name(s.predicate), s.object.label, s.evidence[0]) for s in found]


def renumbered(sentences):
    """The lines of the sentences with heads by their number in all, since words may come twice."""
    start = 0
    for sentence in sentences:
        rows = [line.split() for line in sentence.strip().splitlines()]
        at = {row[0]: str(start + n) for n, row in enumerate(rows, 1)}
        for row in rows:
            yield " ".join([*row[:3], at.get(row[3], row[3]), *row[4:]])
        start += len(rows)


def triples(*sentences, title=None):
    return [found[:3] for found in said(*sentences, title=title)]


def test_fragment_has_the_agent_whose_act_was_last_told():
    assert triples(ACT.format(end="."), GERUND, NOUNS)[1:] == [
        ("Chile", "restricts", "imports"),
        ("Chile", "sanctions", "Peru"),
    ]


def test_agent_that_the_title_begins_with_goes_before_the_one_last_told():
    peru_too = ACT.format(end=".").replace("Chile", "Peru")

    def agent(title):
        return triples(ACT.format(end="."), peru_too, GERUND, title=title)[-1][0]

    assert agent("FACT SHEET: Minister of Chile and Peru Ban Exports") == "Chile"
    assert agent("Markets and mines in the north of Chile") == "Peru"
    assert agent(None) == "Peru"


def test_nobody_acts_in_a_fragment_before_anyone_did():
    assert triples(GERUND, NOUNS) == []


def test_item_of_a_list_has_the_subject_of_the_line_above():
    spoken = "Peru NNP nsubj spoke\nspoke VBD root 0 speak\n: : punct spoke"
    assert triples(ACT.format(end="."), spoken, GERUND)[-1] == ("Peru", "restricts", "imports")


def test_evidence_says_that_the_agent_was_implied_and_is_less_certain():
    stated, implied = (found[3] for found in said(ACT.format(end="."), GERUND))
    assert implied.extractor == "patterns/restricts.test+implied@1"
    assert implied.subject_text == "Curbing"
    assert implied.confidence < stated.confidence


def test_sentence_with_a_subject_and_heading_are_no_fragments():
    assert not is_fragment(next(tree(ACT.format(end=".")).sents))
    assert not is_fragment(next(tree("Curbing VBG amod Imports curb\nImports NNS root 0").sents))
    assert is_fragment(next(tree(GERUND).sents))


def test_word_in_a_smaller_phrase_does_not_say_what_is_done():
    doc = tree("Talks NNS root 0\nabout IN case duties\nduties NNS nmod Talks duty\nfailing VBG acl duties fail")
    assert acts(word(doc, "Talks"))
    assert not acts(word(doc, "duties"))
