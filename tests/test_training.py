import random
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from training.convert import NamedText, curly, lowered, named_doc, reworded, terse, varied, varied_names
from training.scores import name_scores, word_scores
from training.train import digest, once
from training.treebank import SENTENCES_PER_UNIT, Unit, doc_of, units_of
from training.vocabulary import set_tokenizer_rules

TWO_PARAGRAPHS = """\
# newdoc id = GUM_news_example
# meta::genre = news
# newpar
# sent_id = 1
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\tVerbForm=Inf\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\tPolarity=Neg\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\tVerbForm=Inf\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

# sent_id = 2
1\tWe\twe\tPRON\tPRP\t_\t2\tnsubj\t_\t_
2\tstay\tstay\tVERB\tVBP\t_\t0\troot\t_\t_
2.1\tstay\tstay\tVERB\tVBP\t_\t_\t_\t2:conj\t_

# newpar
# sent_id = 3
1-2\twanna\t_\t_\t_\t_\t_\t_\t_\t_
1\twant\twant\tVERB\tVBP\t_\t0\troot\t_\t_
2\tto\tto\tPART\tTO\t_\t1\tmark\t_\t_
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return set_tokenizer_rules(spacy.blank("en"))


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return list(units_of(TWO_PARAGRAPHS.splitlines(keepends=True)))


def test_a_paragraph_is_a_unit_and_its_text_is_the_text_of_the_page(units):
    assert [unit.text for unit in units] == ["Don't go. We stay", "wanna"]
    assert [unit.genre for unit in units] == ["news", "news"]


def test_a_long_paragraph_is_cut_into_units():
    sentence = "1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_\n\n"
    lengths = [len(unit.sentences) for unit in units_of((sentence * 23).splitlines(keepends=True))]

    assert lengths == [SENTENCES_PER_UNIT, SENTENCES_PER_UNIT, 3]


def test_words_of_a_multiword_token_touch(units):
    assert [(word.form, word.space_after) for word in units[0].words[:3]] == [
        ("Do", False),
        ("n't", True),
        ("go", False),
    ]


def test_words_that_do_not_add_up_to_their_token_are_cut_from_it(units):
    assert [word.form for word in units[1].words] == ["wann", "a"]


def test_a_document_keeps_the_words_heads_and_sentences_of_its_unit(units, nlp):
    doc = doc_of(units[0], nlp.vocab)

    assert doc.text == units[0].text
    assert [token.head.i for token in doc] == [2, 2, 2, 2, 5, 5]
    assert [sentence.text for sentence in doc.sents] == ["Don't go.", "We stay"]
    assert [token.lemma_ for token in doc] == ["do", "not", "go", ".", "we", "stay"]


def test_a_name_is_on_the_tokens_under_its_offsets(nlp):
    named = NamedText(text="Jens Stoltenberg left Oslo.", names=((0, 16, "PER"), (22, 26, "LOC")), genre="news")

    assert [(name.text, name.label_) for name in named_doc(named, nlp).ents] == [
        ("Jens Stoltenberg", "PER"),
        ("Oslo", "LOC"),
    ]


@pytest.mark.filterwarnings("error")
def test_a_name_that_cuts_a_token_is_unknown_rather_than_absent(nlp):
    doc = named_doc(NamedText(text="Oslobound trains", names=((0, 4, "LOC"),), genre="news"), nlp)

    assert [token.ent_iob_ for token in doc] == ["", "O"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a 15-year plan", ["a", "15", "-", "year", "plan"]),
        ("the D.C.-based bank", ["the", "D.C.", "-", "based", "bank"]),
        ("on 12/10", ["on", "12/10"]),
        ("a non-European ex-minister", ["a", "non-European", "ex-minister"]),
        ("a German-led mission", ["a", "German", "-", "led", "mission"]),
        ("call 303-832-8160.", ["call", "303-832-8160", "."]),
        ("What?! ===== (!!)", ["What", "?!", "=====", "(", "!!", ")"]),
    ],
)
def test_the_tokenizer_splits_where_universal_dependencies_does(nlp, text, tokens):
    assert [token.text for token in nlp.make_doc(text)] == tokens


def test_quotes_open_and_close():
    assert curly('"It\'s \'so\'" (he said "x").') == "“It’s ‘so’” (he said “x”)."


def test_reworded_units_keep_all_but_the_forms(units, nlp):
    unit = reworded(units[0], lowered(units[0].text))

    assert unit.text == "don't go. we stay"
    assert [word.lemma for word in unit.words] == [word.lemma for word in units[0].words]


@given(text=st.text(max_size=60))
def test_variations_keep_the_length_of_a_text(text):
    assert [len(curly(text)), len(lowered(text))] == [len(text)] * 2


@given(seed=st.integers(min_value=0, max_value=999))
def test_varied_units_stay_whole_sentences_over_their_own_text(units, nlp, seed):
    for unit in varied(units * 5, random.Random(seed)):
        doc = doc_of(unit, nlp.vocab)
        assert doc.text == unit.text
        assert len(list(doc.sents)) == len(unit.sentences)


def test_every_kind_of_variation_occurs_and_names_stay_under_their_offsets():
    named = NamedText(text="The 'envoy' flew to Oslo.", names=((20, 24, "LOC"),), genre="news")
    texts = {varied_text.text for varied_text in varied_names([named] * 400, random.Random(1))}

    assert texts == {"The 'envoy' flew to Oslo.", "The ‘envoy’ flew to Oslo.", "the 'envoy' flew to oslo."}
    assert {text[20:24].casefold() for text in texts} == {"oslo"}


def test_a_terse_unit_has_no_articles_and_keeps_its_tree(nlp):
    lines = [
        "1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_",
        "2\tminister\tminister\tNOUN\tNN\t_\t3\tnsubj\t_\t_",
        "3\tsigned\tsign\tVERB\tVBD\t_\t0\troot\t_\t_",
        "4\tan\ta\tDET\tDT\t_\t5\tdet\t_\t_",
        "5\taccord\taccord\tNOUN\tNN\t_\t3\tobj\t_\tSpaceAfter=No",
        "6\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_",
    ]
    (unit,) = units_of(f"{line}\n" for line in lines)
    doc = doc_of(terse(unit), nlp.vocab)

    assert doc.text == "Minister signed accord."
    assert [token.head.text for token in doc] == ["signed", "signed", "signed", "signed"]


def test_a_perfect_analysis_scores_one_in_every_column(units, nlp):
    scores = word_scores([(units[0], doc_of(units[0], nlp.vocab))])

    assert scores.n_words == 6
    assert {column: score.f for column, score in scores.by_column.items()} == dict.fromkeys(scores.by_column, 1.0)


def test_each_mistake_costs_its_own_columns(units, nlp):
    doc = doc_of(units[0], nlp.vocab)
    doc[0].pos_ = "VERB"
    doc[1].lemma_ = "n't"
    doc[3].dep_ = "dep"
    doc[4].head = doc[4]
    scores = word_scores([(units[0], doc)])

    assert {column: score.right for column, score in scores.by_column.items()} == {
        "tokens": 6,
        "sentences": 1,
        "UPOS": 5,
        "XPOS": 6,
        "FEATS": 6,
        "lemma": 5,
        "UAS": 5,
        "LAS": 4,
    }


def test_a_word_tokenized_otherwise_is_wrong_and_so_is_what_hangs_on_it(units, nlp):
    doc = Doc(
        nlp.vocab,
        words=["Don't", "go", ".", "We", "stay"],
        spaces=[True, False, True, True, False],
        heads=[1, 1, 1, 4, 4],
        deps=["aux", "ROOT", "punct", "nsubj", "ROOT"],
    )
    scores = word_scores([(units[0], doc)])

    assert (scores.by_column["tokens"].right, scores["tokens"]) == (4, pytest.approx(2 * 4 / (5 + 6)))
    assert scores.by_column["LAS"].right == 4
    assert scores["sentences"] == 1.0


def test_names_are_scored_by_label_together_and_by_extent():
    gold = [(0, 4, "PER"), (8, 12, "ORG"), (20, 24, "MISC")]
    system = [(0, 4, "PER"), (8, 12, "LOC"), (14, 16, "PER")]
    scores = name_scores([(gold, system)], ["PER", "ORG", "LOC"])

    assert {label: (score.precision, score.recall) for label, score in scores.items()} == {
        "PER": (1 / 2, 1.0),
        "ORG": (0.0, 0.0),
        "LOC": (0.0, 0.0),
        "all": (1 / 3, 1 / 2),
        "extent": (2 / 3, 1.0),
    }


def test_a_finished_step_is_run_again_only_when_its_inputs_change(tmp_path: Path):
    source, marker, runs = tmp_path / "source", tmp_path / "step.done", []
    source.write_text("one")
    for text in ("one", "one", "two"):
        source.write_text(text)
        once(marker, [source], lambda: runs.append(source.read_text()))

    assert runs == ["one", "two"]


def test_an_interrupted_step_is_run_again(tmp_path: Path):
    marker = tmp_path / "step.done"
    marker.write_text(digest([]))
    source = tmp_path / "source"
    source.write_text("one")

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once(marker, [source], interrupted)

    assert not marker.exists()
