import pytest

from kg import qualifiers
from kg.model import Document, Entity, Statement
from kg.pipeline import Pipeline
from tests.trees import tree, word

CUES = qualifiers.load()

PLAIN = """
    China NNP nsubj dominates
    dominates VBZ root 0 dominate
    mining NN obj dominates
"""
REPORTED = """
    Exports NNS nsubj fell export
    fell VBD root 0 fall
    , , punct said
    ministers NNS nsubj said minister
    said VBD parataxis fell say
"""

def test_attribution_names_the_subject_of_the_reporting_verb():
    ministers = Entity(iri="ex:ministers", type="ex:Group", label="ministers")

    found = qualifiers.attribution_of(
        word(tree(REPORTED), "fell"), CUES, lambda token: ministers if token.text == "ministers" else None, "d"
    )

    assert found is not None
    assert found.source == ministers
    assert (found.cue.start, found.cue.end) == (25, 29)


def test_statement_without_reporting_verb_has_no_attribution():
    assert qualifiers.attribution_of(word(tree(PLAIN), "dominates"), CUES, lambda token: None, "d") is None


def said_of(pipeline: Pipeline, text: str, **others: str) -> dict[str, str | None]:
    """From the subject of each statement of a text to the words that say who says it; None for nobody."""
    document = Document(id="d", text=text)
    ((_, found),) = pipeline.statements([document])
    return {s.subject.label: source_of(s) for s in found}


def source_of(statement: Statement) -> str | None:
    attribution = statement.evidence[0].attribution
    if attribution is None:
        return None
    return attribution.source.label if attribution.source is not None else "?"


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "subject", "source"),
    [
        ("Canada said that Chile sanctioned Peru.", "Chile", "Canada"),
        ("Chile sanctioned Peru, Canada said.", "Chile", "Canada"),
        ("Chile sanctioned Peru, said Canada.", "Chile", "Canada"),
        ("According to Canada, Chile sanctioned Peru.", "Chile", "Canada"),
        ("Canada said in a statement that Chile sanctioned Peru.", "Chile", "Canada"),
        ("Canada said that Brazil had denied that Chile sanctioned Peru.", "Chile", "Brazil"),
        ("Chile reportedly sanctioned Peru.", "Chile", "?"),
        ("Chile is said to have sanctioned Peru.", "Chile", "?"),
        ("Brazil dismissed Canada's claim that Chile sanctioned Peru.", "Chile", "Canada"),
        ("Chile sanctioned Peru.", "Chile", None),
        ("“We are ready,” Canada said. “Prices are high. Chile sanctioned Peru.”", "Chile", "Canada"),
        ("Canada said: “Prices are high. Chile sanctioned Peru.”", "Chile", "Canada"),
    ],
)
def test_innermost_source_is_who_says_it(pipeline: Pipeline, text: str, subject: str, source: str | None) -> None:
    assert said_of(pipeline, text)[subject] == source


@pytest.mark.model
def test_quotations_end_with_their_mark_or_their_paragraph(pipeline: Pipeline) -> None:
    doc = pipeline.nlp("He said “it is so. It was so” and left.\n\n“It never ends.\n\nHe left.")

    quoted = {doc[i].text for i in qualifiers.quotations(doc)}

    assert {"so", "was", "never"} <= quoted
    assert not {"said", "left"} & quoted
