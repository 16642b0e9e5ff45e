import pytest

from kg import language
from kg.errors import ModelError
from kg.model import Document

TEXT = (
    "U.S. Launches Push to Secure Minerals\n\n"
    "Japan said on Monday that it relies on Australia for coal. Canada does not.\n\n"
    "The ministers met in Ottawa."
)


def test_paragraphs_cover_the_text_but_its_blank_lines():
    spans = list(language.paragraphs("\n\n One. \n two\n\n\n \nThree\n"))

    assert ["\n\n One. \n two\n\n\n \nThree\n"[a:b] for a, b in spans] == ["One. \n two", "Three"]


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("U.S. Launches Major Push to Secure Critical Minerals", True),
        ("Canada opens talks with Zambia on cobalt", False),
        ("The Minister Met Officials From Chile.", False),
        ("IMPORTANT NOTICE TO ALL READERS", False),
        ("What Next", False),
    ],
)
def test_headline_in_title_case_is_told_from_a_sentence(line, is_title):
    assert language.is_title_case(line) is is_title


@pytest.mark.model
def test_analysis_keeps_the_text_letter_by_letter(pipeline):
    document = Document(id="d", text=TEXT)
    ((_, doc),) = language.analyse(pipeline.nlp, [document], known=pipeline.gazetteer.words)

    assert doc.text == TEXT
    assert [s.text for s in language.sentences(doc)][-1] == "The ministers met in Ottawa."


@pytest.mark.model
def test_analysis_does_not_depend_on_what_else_is_in_the_batch(pipeline):
    documents = [Document(id=str(i), text=TEXT + f"\n\nReport {i} follows.") for i in range(9)]

    def trees(batch_size):
        found = language.analyse(pipeline.nlp, documents, batch_size=batch_size)
        return [[(t.tag_, t.dep_, t.head.i) for t in doc] for _, doc in found]

    assert trees(1) == trees(64)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Kazakhstan signs Karasu tungsten deal with Tavolga Resources", 1),
        ("Kazakhstan Signs Karasu Tungsten Deal With Tavolga Resources", 1),
        ("Hello there. This is a test", 2),
    ],
)
@pytest.mark.model
def test_headline_is_one_sentence_unless_there_is_a_stop_in_it(pipeline, text, count):
    ((_, doc),) = language.analyse(pipeline.nlp, [Document(id="d", text=text)])

    assert len(list(language.sentences(doc))) == count


def test_unknown_pipeline_is_refused_by_name():
    with pytest.raises(ModelError, match="no_such_pipeline"):
        language.load("no_such_pipeline")


def test_pipeline_without_a_parser_is_refused(tmp_path):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")

    with pytest.raises(ModelError, match="no dependencies"):
        language.load(str(tmp_path / "blank"))


@pytest.mark.parametrize(
    "lead",
    [
        "ACCRA, May 7 (Wire) -", "OSLO —", "LIMA/PARIS, Nov 3 -", "TARKWA, Ghana –", "SUPPORTING LOCAL INDUSTRY:",
        "MS. OWUSU (chair):", "THE PRESIDENT:",
    ],
)  # fmt: skip
@pytest.mark.model
def test_dateline_heading_and_speaker_are_sentences_of_their_own(pipeline, lead):
    text = f"{lead} Ghana exports gold."
    ((_, doc),) = language.analyse(pipeline.nlp, [Document(id="d", text=text)])

    assert doc.text == text
    assert [s.text for s in language.sentences(doc)][-1] == "Ghana exports gold."


@pytest.mark.parametrize("text", ["EU–Japan talks began.", "U.S. exports rose: steel led.", "The IMF: a lender."])
@pytest.mark.model
def test_capitals_within_a_sentence_lead_nothing_in(pipeline, text):
    ((_, doc),) = language.analyse(pipeline.nlp, [Document(id="d", text=text)])

    assert next(language.sentences(doc)).text.startswith(text[:12])
