from datetime import date

import pytest

from kg import cleaning, readers
from kg.model import Document, Failure

PARAGRAPHS = [
    "The ministry said on Monday that it would fund the mine in the north of the country, although the parliament had "
    "rejected the plan twice in the past year.",
    "Germany depends on China for most of its tungsten, and it has begun to look for other suppliers, among them "
    "Kazakhstan and Portugal, officials said.",
    "The company rejected the accusation and announced that it would publish its study of the risks before the end of "
    "June, as the government had demanded.",
]
ARTICLE = "<h1>Ministry funds mine</h1>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
CLUTTER = {
    "navigation": "<nav><ul><li><a href='/'>CLUTTER home</a></li></ul></nav>",
    "cookie banner": "<div id='cookie-consent'><p>CLUTTER We store cookies on your device, and so do our partners.</p></div>",
    "share buttons": "<div class='post-share'><a>CLUTTER on Facebook</a></div>",
    "newsletter box": "<aside class='promo'><p>CLUTTER The week in metals, every Friday, for you and for free.</p></aside>",
    "related posts": "<section class='related-posts'><h3>Related</h3><article><h4>CLUTTER lithium</h4><p>CLUTTER Producers "
    "in the south are cutting their output after a long year.</p></article></section>",
    "comments": "<div id='comments'><p>CLUTTER Nobody has asked the villages downstream, and everybody knows it.</p></div>",
    "comment form": "<div id='respond'><form><p>CLUTTER Your email address will not be published.</p></form></div>",
    "sidebar": "<div class='sidebar'><p>CLUTTER Chile’s copper strike enters its third week, with no end in sight.</p></div>",
    "footer": "<footer><p>CLUTTER © 2026 Example Media. All rights reserved.</p></footer>",
}


def read(tmp_path, html, **options):
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    (source,) = readers.sources([str(path)])
    (found,) = readers.read(source, cleaner=cleaning, **options)
    return found


def page(body, head=""):
    return f"<!DOCTYPE html><html lang='en'><head><title>Ministry funds mine</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("kind", CLUTTER)
@pytest.mark.parametrize("place", ["above", "below", "within"])
def test_clutter_is_no_part_of_the_text(tmp_path, kind, place):
    if place == "within":
        body = f"<main><article>{ARTICLE.replace('</p>', '</p>' + CLUTTER[kind], 1)}</article></main>"
    else:
        parts = [CLUTTER[kind], f"<main><article>{ARTICLE}</article></main>"]
        body = "".join(parts if place == "above" else parts[::-1])

    assert read(tmp_path, page(body)).text == "\n\n".join(["Ministry funds mine", *PARAGRAPHS])


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div class='has-sidebar content-with-comments'>{}</div>",
        "<form action='/page.aspx'>{}</form>",
        "<article class='post tag-social category-newsletter'>{}</article>",
        "<div class='row'><div class='col'>{}</div></div>",
    ],
)
def test_article_stays_whatever_its_wrapper_is_called(tmp_path, wrapper):
    assert read(tmp_path, page(wrapper.format(ARTICLE))).text == "\n\n".join(["Ministry funds mine", *PARAGRAPHS])


def test_headings_and_list_items_are_paragraphs(tmp_path):
    body = f"<article>{ARTICLE}<h2>What next</h2><ul><li>A plant in the north</li><li>A line to the port</li></ul></article>"

    assert read(tmp_path, page(body)).text.split("\n\n")[-3:] == [
        "What next",
        "A plant in the north",
        "A line to the port",
    ]


def test_page_says_who_published_it_when_and_where(tmp_path):
    head = (
        "<meta property='og:site_name' content='Example Times'><meta name='author' content='Jane Roe'>"
        "<meta property='article:published_time' content='2026-03-04T10:00:00Z'>"
        "<meta property='article:modified_time' content='2026-03-09T10:00:00Z'>"
        "<link rel='canonical' href='https://times.example.org/mine'>"
    )

    document = read(tmp_path, page(f"<article>{ARTICLE}</article>", head))

    assert isinstance(document, Document)
    assert (document.title, document.publisher, document.author) == ("Ministry funds mine", "Example Times", "Jane Roe")
    assert (document.published, document.url) == (date(2026, 3, 4), "https://times.example.org/mine")


def test_charset_of_the_page_is_followed(tmp_path):
    path = tmp_path / "page.html"
    text = ARTICLE.replace("Kazakhstan", "Łódź")
    path.write_bytes(page(f"<article>{text}</article>", "<meta charset='iso-8859-2'>").encode("iso-8859-2"))
    (source,) = readers.sources([str(path)])

    assert "Łódź" in next(readers.read(source, cleaner=cleaning)).text


@pytest.mark.parametrize(
    "html", ["<html><body></body></html>", "<div>" * 50_000 + "text", "<html><body><nav>Home</nav></body></html>"]
)
def test_page_without_an_article_is_a_failure(tmp_path, html):
    failure = read(tmp_path, html)

    assert isinstance(failure, Failure)
    assert "page.html" in failure.error
