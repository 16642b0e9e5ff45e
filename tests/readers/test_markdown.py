import pytest

from kg.readers.markdown import plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("The *minister* and **the** `mine`", "The minister and the mine"),
        ("See [the law](https://example.org/a_b) and <https://example.org>.", "See the law and https://example.org."),
        ("42 U.S. \\_\\_\\_ (2020), \\[sic\\] 5 \\* 3", "42 U.S. ___ (2020), [sic] 5 * 3"),
        ("AT&amp;T &lt;3 caf&eacute;", "AT&T <3 café"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("Title\n=====\n## Part\ntext", "Title\n\nPart\n\ntext"),
        ("* one\n* two\n  - three\n1. four", "one\n\ntwo\n\nthree\n\nfour"),
        ("> quoted\n> text\n\nend", "quoted text\n\nend"),
        ("| a | b |\n|---|---|\n| Chile | 20% |", "a; b\n\nChile; 20%"),
        ("before\n\n```\ncode\n```\n\nafter", "before\n\nafter"),
        ("before\n\n    indented copy", "before\n\nindented copy"),
        ("a![chart](x.png)b", "ab"),
        ("the <s>Senate</s> \\[House\\] and ~~no~~ yes", "the [House] and yes"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a; b"),
        ("5<sup>th</sup> year<sup>2</sup>[\\[1\\]](#fn1)", "5th year"),
        ("CO<sub>2</sub>", "CO2"),
        ("<!-- note -->text<br>more", "text\n\nmore"),
        ("**Section 1.  Policy. ** Every person", "Section 1. Policy. Every person"),
        ("under *Roe *and upheld*.*", "under Roe and upheld."),
        ("Sec. 2. The text", "Sec. 2. The text"),
        ("2021\\. A year", "2021. A year"),
        ("", ""),
    ],
)
def test_markdown_becomes_the_text_that_it_shows(markdown, text):
    assert plain(markdown) == text


def test_row_of_sentences_is_a_paragraph_a_cell():
    sentence = "The ministry said that it would fund the mine next year."

    assert plain(f"| {sentence} | {sentence} |\n|---|---|\n") == f"{sentence}\n\n{sentence}"


@pytest.mark.parametrize(
    "hostile", ["*" * 100_000, "[" * 100_000, "> " * 20_000, "<div>" * 5_000, "`a" * 20_000, "\x1e\x1f"]
)
def test_hostile_markdown_does_no_harm(hostile):
    assert isinstance(plain(hostile), str)
