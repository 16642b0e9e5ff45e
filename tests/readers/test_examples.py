"""The example articles are read as they were meant."""

from pathlib import Path

from kg import cleaning, readers
from kg.model import Document

FOLDER = Path(__file__).parents[2] / "examples"


def documents():
    found = readers.sources([str(FOLDER)])
    return [result for source in found for result in readers.read(source, cleaner=cleaning)]


def test_every_example_is_read_with_all_that_is_known_of_it():
    found = documents()

    assert len(found) == 9
    for document in found:
        assert isinstance(document, Document)
        assert document.title and document.publisher and document.published and document.url


def test_examples_hold_no_clutter():
    text = "\n".join(document.text for document in documents())

    for clutter in (
        "Subscribe",
        "Related",
        "Share",
        "cookie",
        "All rights reserved",
        "oreman",
        "Lithium prices",
        "Most read",
        "**",
    ):
        assert clutter not in text


def test_two_examples_contradict_each_other():
    text = "\n".join(document.text for document in documents())

    for assertion in (
        "Kazakhstan signed an agreement with Tavolga Resources",
        "Kazakhstan has not signed an agreement with Tavolga Resources",
        "Germany is funding the Karasu mine",
        "Germany is not funding the Karasu mine",
    ):
        assert assertion in text
