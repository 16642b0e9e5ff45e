import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import cleaning
from kg.cleaning import clean, key_of, load, normalise
from kg.errors import OntologyError

PROSE = (
    "The ministry said on Monday that it would fund the mine in the north of the country, "
    "although the parliament in the capital had rejected the plan twice in the past year."
)
TEASER = "Producers in the south are cutting their output after a year of falling prices…"
RULES = load().rules


def page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_catches_its_example_and_leaves_the_other_alone(rule):
    assert rule.catches(key_of(rule.catch))
    assert load().scope_of(rule.leave) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_example_of_a_rule_leaves_no_trace_in_a_page(rule):
    n_times = 3 if rule.scope is cleaning.Scope.MENU else 1

    assert clean(page(PROSE, *[rule.catch] * n_times)) == PROSE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_leaves_alone_stays_in_a_page(rule):
    assert clean(page(PROSE, rule.leave)) == page(PROSE, rule.leave)


def test_everything_after_related_posts_goes():
    text = page(
        PROSE,
        "  • Related Posts",
        "    Lithium prices slide",
        f"    {TEASER}",
        "    Continue reading",
        "    Leave a Reply",
        "    Your email address will not be published. Required fields are marked *",
        "    You Missed",
        "    Five charts on cobalt",
    )

    assert clean(text) == PROSE


def test_box_of_related_posts_in_mid_article_goes_alone():
    text = page(PROSE, PROSE, "Related Posts", "Lithium prices slide", TEASER, PROSE, PROSE, PROSE)

    assert clean(text) == page(PROSE, PROSE, PROSE, PROSE, PROSE)


def test_comment_form_above_most_of_the_article_does_not_cut_it():
    text = page(PROSE, "3 Comments", PROSE, PROSE, PROSE)

    assert clean(text).count(PROSE) == 4


def test_comments_below_the_article_go_however_long():
    text = page(PROSE, PROSE, PROSE, "2 Comments", "steppe_watcher", PROSE.replace("ministry", "mob"))

    assert clean(text) == page(PROSE, PROSE, PROSE)


def test_menu_goes_but_one_such_word_alone_stays():
    assert clean(page("Home\nWorld\nPolitics\nBusiness", PROSE)) == PROSE
    assert clean(page("Politics", PROSE)) == page("Politics", PROSE)


def test_first_line_cut_off_in_mid_phrase_goes_before_the_headline():
    headline = "Canada Opens Talks on Cobalt With Zambia"

    assert clean(page("Ottawa steps up its efforts to secure the supply of", headline, PROSE)) == page(headline, PROSE)


def test_first_line_that_begins_the_title_goes():
    assert clean(page("Canada opens talks on", PROSE), title="Canada Opens Talks on Cobalt With Zambia") == PROSE


def test_headline_that_is_the_known_title_stays_once():
    once = page("Canada opens talks", PROSE)

    assert clean(once, title="CANADA OPENS TALKS") == once
    assert clean(page("Canada opens talks", once), title="CANADA OPENS TALKS") == once


def test_headline_of_an_unknown_title_stays_once():
    assert clean(page("Canada opens talks", "Canada opens talks", PROSE)) == page("Canada opens talks", PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "ASTANA (Reuters) — The minister arrived.",
        "MR. PRICE: Thank you.",
        "(c) The term “person” means an individual or entity;",
        "Sec. 2. Policy. It is the policy of the United States to secure its supply.",
        "1. Borealin Trading, Istanbul",
        "Next.",
        "The Government of Norway and the Government of Chile (“the Participants”),",
    ],
)
def test_line_of_the_article_stays(line):
    assert clean(page(line, PROSE)) == page(line, PROSE)


def test_wrapped_lines_become_one_paragraph():
    text = "Moldova and Romania agreed on Thursday to double the capacity of the\npipeline, a step that would end the reliance on a single supp-\nlier."

    assert "\n" not in clean(text)
    assert clean(text).startswith("Moldova and Romania agreed on Thursday to double the capacity of the pipeline,")


def test_lines_that_are_paragraphs_stay_apart():
    assert clean(f"{PROSE}\n{PROSE}") == page(PROSE, PROSE)


def test_short_lines_of_a_list_stay_apart():
    text = "The following are listed:\n1. Borealin Trading\n2. Kestrel Avionics\n- Polar Micro\n• Uralstal"

    assert clean(text).split("\n\n") == [
        "The following are listed:",
        "1. Borealin Trading",
        "2. Kestrel Avionics",
        "Polar Micro",
        "Uralstal",
    ]


def test_unicode_is_normalised():
    assert (
        normalise("e\u0301tat\u00a0co\u00adoperation\u200b \t of\r\nthe\x00 state") == "état cooperation of\nthe state"
    )


def test_lines_without_letters_go():
    assert clean(page(PROSE, "###", "* * *", "—")) == PROSE


def test_nothing_is_left_of_clutter_alone():
    assert clean(page("Share this", "Leave a Reply")) == ""


def test_faulty_rule_is_named(tmp_path):
    path = tmp_path / "clutter.yaml"
    path.write_text("rules: [{name: broken, scope: everything, catch: a, leave: b}]\ncut_off_endings: [of]\n")

    with pytest.raises(OntologyError, match="broken"):
        load(path)


LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [PROSE, TEASER, "• Related Posts", "Home", "World", "Sport", "3 Comments", "Minister visits", "a of"]
    ),
    st.sampled_from([rule.catch for rule in RULES] + [rule.leave for rule in RULES]),
)
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\r\n", " "])), max_size=12).map(
    lambda pairs: "".join(line + end for line, end in pairs)
)


@given(TEXTS, st.none() | LINES)
def test_cleaning_what_is_clean_changes_nothing(text, title):
    once = clean(text, title=title)

    assert clean(once, title=title) == once


@given(TEXTS)
def test_cleaned_text_is_paragraphs_of_one_line_with_a_blank_line_between(text):
    cleaned = clean(text)

    assert cleaned == "" or all(p and p == p.strip() and "\n" not in p for p in cleaned.split("\n\n"))


@given(st.text())
def test_normalising_what_is_normal_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
