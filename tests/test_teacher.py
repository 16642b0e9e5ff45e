import pytest
import spacy

from training.convert import NamedText, named_doc, read_named, write_named
from training.teacher import taught, utf16_places
from training.train import made_before


def names(text: NamedText) -> dict[str, str]:
    return {text.text[start:end]: label for start, end, label in text.names}


def read(text: str, believed: dict[str, str], doubted: dict[str, str] | None = None) -> NamedText:
    """The text as taught by readers that find those names."""

    def found(labels):
        return [(text.index(name), text.index(name) + len(name), label) for name, label in labels.items()]

    return taught(NamedText(text=text, names=(), genre=""), found(believed), found(doubted or {}))


def test_what_only_the_second_model_finds_is_unknown_but_laws_are_names():
    text = read(
        "Congress passed the Clean Air Act for American workers in Ohio.",
        {"Congress": "ORG", "Ohio": "LOC"},
        {"Congress": "LOC", "Clean Air Act": "ORG", "American": "MISC"},
    )
    assert names(text) == {"Congress": "ORG", "Clean Air Act": "MISC", "Ohio": "LOC"}
    assert [text.text[start:end] for start, end in text.unknown] == ["American"]


@pytest.mark.parametrize(
    ("text", "believed", "name"),
    [
        ("MS. JEAN-PIERRE: Good afternoon.", "MS. JEAN-PIERRE", "JEAN-PIERRE"),
        ("Mr. and Dr. Who met.", "Dr. Who", "Who"),
        ("Joseph R. Biden, Jr., spoke.", "Joseph R. Biden", "Joseph R. Biden, Jr."),
        ("Drew Smith spoke.", "Drew Smith", "Drew Smith"),
    ],
)
def test_people_have_their_generation_but_no_title(text, believed, name):
    assert names(read(text, {believed: "PER"})) == {name: "PER"}


def test_a_generation_read_as_a_name_belongs_to_the_name_before():
    assert names(read("Joe Biden, Jr. spoke.", {"Joe Biden": "PER", "Jr.": "PER"})) == {"Joe Biden, Jr.": "PER"}


def test_a_word_with_a_hyphen_is_one_name_unless_both_halves_are_names():
    assert names(read("The Indo-Pacific region.", {"Pacific": "LOC"})) == {"Indo-Pacific": "LOC"}
    assert names(read("A Biden-Harris plan.", {"Biden": "PER", "Harris": "PER"})) == {"Biden": "PER", "Harris": "PER"}


@pytest.mark.parametrize(
    ("text", "believed", "part", "is_unknown"),
    [
        ("The Secretary of State spoke.", {"State": "ORG"}, "State", False),
        ("Treasury Secretary Janet Yellen spoke.", {"Treasury": "ORG", "Janet Yellen": "PER"}, "Treasury", False),
        ("The U.S.-Japan Alliance stands.", {"U.S.": "LOC", "Japan Alliance": "LOC"}, "Japan Alliance", True),
    ],
)
def test_what_belongs_to_an_office_is_no_name_and_the_rest_of_a_pair_is_unknown(text, believed, part, is_unknown):
    found = read(text, believed)
    assert names(found) == {name: label for name, label in believed.items() if name != part}
    assert [text[start:end] for start, end in found.unknown] == [part] * is_unknown


def test_places_are_counted_in_code_points():
    place = utf16_places("a🙂b")
    assert [place(number) for number in (0, 1, 3, 4)] == [0, 1, 2, 3]


def test_unknown_places_are_written_read_and_left_out_of_training(tmp_path):
    text = NamedText(text="Ohio heard American workers.", names=((0, 4, "LOC"),), genre="x", unknown=((11, 19),))
    write_named(tmp_path / "names.jsonl.gz", [text])
    assert read_named(tmp_path / "names.jsonl.gz") == [text]

    doc = named_doc(text, spacy.blank("en"))
    assert [token.ent_iob_ for token in doc] == ["B", "O", "", "O", "O"]


def test_training_says_when_nothing_was_taught(tmp_path, capsys):
    assert made_before(tmp_path / "names", "gold alone; `make silver` makes it") is None
    assert "make silver" in capsys.readouterr().out
