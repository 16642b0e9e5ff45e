"""Documents that repeat each other's words are found, whatever was cut or changed; others are not."""

from datetime import date

import pytest

from kg import copies
from kg.copies import Dated
from tests.builders import document

_PLACES = ("Karaganda", "Perth", "Osaka", "Santiago", "Kiruna", "Windhoek", "Hanoi", "Oslo", "Quito", "Lagos")
_ACTS = ("opened a plant", "signed a treaty", "cut its tariff", "raised a loan", "closed a mine", "met the press")


def paragraphs(topic: int, n: int = 12) -> list[str]:
    """Some sentences that no other topic has."""
    return [f"On day {topic} the mayor of {_PLACES[(topic + k) % 10]} said that company {topic * 31 + k} {_ACTS[k % 6]} "
            f"for {topic * 7 + k * 13} million and would report in week {k}." for k in range(n)]  # fmt: skip


def text(topic: int, *, keep: float = 1.0) -> str:
    found = paragraphs(topic)
    return "\n".join(found[: round(len(found) * keep)])


def likeness(one: str, other: str) -> float:
    return copies.likeness(copies.signature(one), copies.signature(other))


def found_pairs(texts: dict[str, str], days: dict[str, date] | None = None) -> set[tuple[str, str]]:
    signed = {id: copies.signature(text) for id, text in texts.items()}
    banded = sorted((band, id) for id, signature in signed.items() for band in copies.bands(signature))
    return set(copies.pairs(banded, signed.__getitem__, (days or {}).get))


def test_same_words_are_alike_whatever_their_case_signs_and_lines():
    assert likeness(text(1), text(1).upper().replace("\n", "  ").replace(".", "!")) == 1


@pytest.mark.parametrize("edited", [text(1, keep=0.75), "By our staff. " + text(1), text(1) + "\n" + text(2, keep=0.25)])
def test_cut_and_added_paragraphs_leave_a_copy(edited):
    assert found_pairs({"a": text(1), "b": edited}) == {("a", "b")}


def test_other_texts_of_the_same_form_are_no_copies():
    assert found_pairs({str(n): text(n) for n in range(30)}) == set()


def test_form_that_is_filled_in_every_year_is_no_copy():
    days = {"a": date(2025, 3, 1), "b": date(2026, 3, 1), "c": date(2026, 3, 9)}

    assert found_pairs(dict.fromkeys("abc", text(1)), days) == {("b", "c")}


def test_short_text_is_nobodys_copy():
    assert copies.signature("China dominates refining.") == b""
    assert list(copies.bands(b"")) == []


def test_copies_of_copies_are_one_group_in_any_order():
    pairs = [("a", "b"), ("d", "c"), ("b", "c"), ("x", "y")]

    assert copies.groups(pairs) == copies.groups(pairs[::-1]) == [["a", "b", "c", "d"], ["x", "y"]]


def test_text_that_many_repeat_costs_no_square():
    signed = copies.signature(text(1))
    n_compared = 0

    def signature_of(id: str) -> bytes:
        nonlocal n_compared
        n_compared += 1
        return signed

    banded = sorted((band, f"{n:03}") for n in range(200) for band in copies.bands(signed))
    found = list(copies.pairs(banded, signature_of, lambda id: None))

    assert len(found) <= len(banded) * 8
    assert n_compared == len(banded)
    assert copies.groups(found) == [[f"{n:03}" for n in range(200)]]


def test_first_published_is_the_origin_and_undated_ones_come_last():
    dated = [document("b", published=date(2026, 2, 2)), document("a", published=None), document("c", published=date(2026, 2, 3))]

    assert copies.origin(dated).id == "b"
    assert copies.origin(dated[1:2]).id == "a"


def test_newer_version_replaces_older_ones_and_undated_ones_are_left():
    def dated(id: str, day: int | None) -> Dated:
        return Dated(id=id, published=date(2026, 2, day) if day else None, retrieved=None)

    assert copies.replaced([dated("a", 1), dated("b", 3), dated("c", 2), dated("d", None)]) == {"a": "b", "c": "b"}
    assert copies.replaced([dated("a", 1), dated("b", 1)]) == {}


def test_address_is_the_same_with_fragment_slash_or_capitals_of_the_host():
    assert copies.address("https://News.example/a/#top") == copies.address("https://news.example/a")
    assert copies.address("https://news.example/a?p=1") != copies.address("https://news.example/a?p=2")
    assert copies.address(None) is None
