"""From text to qualified statements, with the trained pipeline."""

import pytest

import kg
from kg import api
from kg import pipeline as stages
from kg.model import Document, Failure, Modality
from kg.pipeline import Settings
from tests.conftest import EXAMPLES

pytestmark = pytest.mark.model

ARTICLE = """U.S. launches push to secure critical minerals

The Trump administration is launching a new initiative aimed at securing supplies of critical minerals. For decades,
the United States and its allies have grown dependent on China, which dominates the global processing and refining of
these metals.

The plan is expected to involve partnerships with countries rich in mineral resources, such as Chile, and close allies
like Australia and Canada. Japan will not join the plan, officials said."""


def said(text, settings=None):
    return {
        (s.subject.label, kg.name_of(s.predicate), s.object.label): s for s in kg.extract(text, settings=settings)
    }


@pytest.fixture(scope="module")
def statements():
    return said(ARTICLE)


@pytest.mark.parametrize(
    ("subject", "relation", "object_", "modality"),
    [
        ("China", "dominates", "processing", Modality.ASSERTED),
        ("China", "dominates", "refining", Modality.ASSERTED),
        ("United States", "dependsOn", "China", Modality.ASSERTED),
        ("Australia", "partnersWith", "United States", Modality.POSSIBLE),
        ("Canada", "partnersWith", "United States", Modality.POSSIBLE),
    ],
)
def test_article_gives_what_it_says_as_firmly_as_it_says_it(statements, subject, relation, object_, modality):
    found = statements.get((subject, relation, object_)) or statements.get((object_, relation, subject))

    assert found is not None, sorted(statements)
    assert found.modality is modality


def test_known_entities_carry_their_identifiers(statements):
    (china,) = {s.subject for s in statements.values() if s.subject.label == "China"}

    assert china.country == "CHN"
    assert "http://www.wikidata.org/entity/Q148" in china.same_as


def test_speaker_is_the_attribution():
    (found,) = [s for s in kg.extract("Germany depends on China for tungsten, the ministry said.")
                if kg.name_of(s.predicate) == "dependsOn"]  # fmt: skip

    attribution = found.evidence[0].attribution
    assert attribution is not None
    assert attribution.source is not None
    assert "ministry" in attribution.source.label


def test_every_quote_stands_under_its_span(pipeline):
    documents = [d for d in api.read([EXAMPLES]) if not isinstance(d, Failure)]

    n_evidence = 0
    for document, found in pipeline.statements(documents):
        for evidence in (e for s in found for e in s.evidence):
            n_evidence += 1
            for span, text in (
                (evidence.sentence, evidence.quote),
                (evidence.subject, evidence.subject_text),
                (evidence.predicate, evidence.predicate_text),
                (evidence.object, evidence.object_text),
            ):
                assert document.text[span.start : span.end] == text
            assert evidence.extractor.startswith(("patterns/", "pairs/"))
            assert 0 <= evidence.confidence <= 1
    assert n_evidence > 50


def test_same_text_gives_the_same_statements_in_any_company(pipeline):
    one, two = Document(id="a", text=ARTICLE), Document(id="b", text="Chile sells copper to Japan.")

    alone = [s for _, found in pipeline.statements([one]) for s in found]
    beside = [s for document, found in pipeline.statements([two, one]) if document.id == "a" for s in found]

    assert alone == beside


def test_every_pattern_proves_itself_on_its_own_examples():
    n_patterns, problems = stages.check_patterns(Settings())

    assert n_patterns > 300
    assert not problems, "\n".join(problems)
