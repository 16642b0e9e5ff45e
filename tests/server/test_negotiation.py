import pytest

from kg.server.negotiation import accepts, best

OFFERS = ("application/json", "text/csv", "application/xml")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/xml;q=0.6", "application/xml"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        ("*/*;q=0.8, application/json;q=0.1", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("application/*;q=0.2, application/xml;q=0.9, text/csv;q=0.5", "application/xml"),
        ("text/csv;q=0.001", "text/csv"),
        ("text/csv ; q = 0.4, application/xml;q=0.3", "text/csv"),
    ],
)
def test_best_offer_is_that_of_highest_weight(accept, chosen):
    assert best(accept, OFFERS) == chosen


@pytest.mark.parametrize("accept", ["text/html", "text/csv;q=0", "text/csv;q=much", "image/*"])
def test_nothing_is_chosen_where_no_offer_is_taken(accept):
    assert best(accept, OFFERS) is None


def test_browser_wants_the_page_and_a_program_does_not():
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    assert accepts(browser, over="text/turtle", wanted="text/html")
    assert not accepts("*/*", over="text/turtle", wanted="text/html")
    assert not accepts("text/turtle, text/html;q=0.5", over="text/turtle", wanted="text/html")
    assert not accepts(None, over="text/turtle", wanted="text/html")
