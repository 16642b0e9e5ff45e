from datetime import date

import pytest

from kg.readers.metadata import day, front_matter, plain_title, publisher_of


@pytest.mark.parametrize(
    "value",
    [
        "2026-05-03",
        "2026-05-03T10:00:00Z",
        "2026-05-03 21:38:48-05:00",
        "3 May 2026",
        "May 3, 2026",
        "Sun, 03 May 2026 10:00:00 GMT",
    ],
)
def test_day_is_read(value):
    assert day(value) == date(2026, 5, 3)


@pytest.mark.parametrize("value", [None, "", "soon", "2026-13-41", "May"])
def test_day_that_cannot_be_told_is_none(value):
    assert day(value) is None


def test_title_is_one_line_without_escapes():
    assert plain_title("Ant\\xF3nio\n &amp; \\u201CUS\\u201D\u2060 ") == "António & “US”"
    assert plain_title(" ") is None


def test_publisher_is_the_host():
    assert publisher_of("https://www.example.org:8080/a") == "example.org"
    assert publisher_of(None) is None


@pytest.mark.parametrize("text", ["---\n\nA line above.\n---\n", "No fields", "---\ntitle: never closed\n"])
def test_text_without_front_matter_stays_whole(text):
    assert front_matter(text) == ({}, text)


def test_front_matter_that_is_no_yaml_is_read_by_line():
    fields, body = front_matter("---\nTitle: Oil: what next\ndate: 2026-05-03\n---\nText.")

    assert fields == {"title": "Oil: what next", "date": "2026-05-03"}
    assert body == "Text."
