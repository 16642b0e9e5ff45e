"""The page does what an analyst does with it, in a real browser."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import rdflib

from kg import ids
from kg.model import Document
from kg.stores import rdf
from kg.stores.journal import Journal
from tests.builders import document_saying, entity, statement
from tests.server.conftest import Server, opened

KAZ = "/?entity=" + quote(ids.BASE + "entity/country/KAZ", safe="")
VIEWS = ("/", KAZ, KAZ + "&show=table", KAZ + "&show=timeline", "/?view=documents", "/?view=text", "/?view=sparql", "/api/")


def details(page):
    return page.get_by_role("complementary", name="Details")


def open_view(page, path):
    page.goto(path)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle")


# ---- what an analyst does


def test_search_leads_to_an_entity_by_keyboard_alone(page):
    page.goto("/")
    page.keyboard.press("Tab")  # the link that skips to the content
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("kaz")
    page.get_by_role("option", name="Kazakhstan").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Kazakhstan", level=1).wait_for()
    assert unquote(page.url).endswith("entity/country/KAZ")
    assert "Kazakhstan" in page.title()


def test_alias_finds_its_entity(page):
    page.goto("/")
    page.get_by_role("combobox", name="Search").fill("republic of kazak")

    page.get_by_role("option", name="Republic of Kazakhstan").wait_for()


def test_statement_leads_to_the_sentence_behind_it(page):
    open_view(page, KAZ)
    details(page).get_by_role("button", name="partners with European Union").click()

    quoted = details(page).get_by_role("blockquote")
    assert quoted.locator("mark").all_inner_texts() == ["European Union", "Kazakhstan", "cooperated", "since 2022"]
    assert "on raw materials since 2022" in quoted.inner_text()
    assert "The Meridian Courier" in details(page).inner_text() and "2026-03-11" in details(page).inner_text()
    source = details(page).get_by_role("link", name=re.compile("Kazakhstan signs Karasu")).first
    assert source.get_attribute("href") == "https://courier.example.com/2026/03/11/kazakhstan-karasu-tungsten-deal"
    assert {"noopener", "noreferrer"} <= set(source.get_attribute("rel").split())


def test_denied_statement_says_so_in_words(page):
    open_view(page, KAZ)

    denied = details(page).get_by_role("button", name="not: agrees with Tavolga Resources")
    assert "contradicted" in denied.inner_text()


def test_filter_narrows_every_way_to_see_it(page):
    open_view(page, KAZ)
    page.get_by_role("checkbox", name="planned").check()

    details(page).get_by_role("heading", name="1 statement").wait_for()
    assert "modality=planned" in page.url
    page.get_by_role("link", name="Table").click()
    page.get_by_role("table").wait_for()
    assert page.get_by_role("row").count() == 2
    assert "joint laboratory" in page.get_by_role("table").inner_text()


def test_entity_is_expanded_and_the_address_keeps_it(page):
    open_view(page, KAZ)
    drawing = page.get_by_role("application")
    before = int(re.search(r"(\d+) entities", drawing.get_attribute("aria-label"))[1])
    drawing.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("e")

    page.wait_for_function("expected => /expand=/.test(location.search)", arg=None)
    page.wait_for_function(
        "before => Number(/(\\d+) entities/.exec(document.querySelector('[role=application]').ariaLabel)[1]) >= before",
        arg=before,
    )


def test_back_and_forward_go_through_what_was_seen(page):
    open_view(page, KAZ)
    details(page).get_by_role("button", name="partners with European Union").click()
    details(page).get_by_role("blockquote").wait_for()
    details(page).get_by_role("link", name="European Union", exact=True).click()
    page.get_by_role("heading", name="European Union", level=1).wait_for()

    page.go_back()
    page.get_by_role("heading", name="Kazakhstan", level=1).wait_for()
    details(page).get_by_role("blockquote").wait_for()
    page.go_forward()
    page.get_by_role("heading", name="European Union", level=1).wait_for()


def test_address_that_is_shared_shows_the_same(page, browser, server):
    open_view(page, KAZ)
    page.get_by_role("checkbox", name="agrees with").check()
    details(page).get_by_role("button", name="not: agrees with Tavolga Resources").click()
    details(page).get_by_role("blockquote").wait_for()

    for other in opened(browser, server):
        other.goto(page.url)
        details(other).get_by_role("blockquote").wait_for()
        assert details(other).inner_text() == details(page).inner_text()
        assert other.get_by_role("checkbox", name="agrees with").is_checked()


def test_timeline_narrows_the_dates(page):
    open_view(page, KAZ + "&show=timeline")
    page.get_by_role("button", name=re.compile("March 2026")).click()

    page.wait_for_url("**from=2026-03-01**to=2026-03-31**")


def test_documents_show_what_each_says_in_its_text(page):
    open_view(page, "/?view=documents")
    page.get_by_role("link", name=re.compile("Denmark suspends aid")).click()

    page.get_by_role("heading", name=re.compile("Denmark suspends aid"), level=1).wait_for()
    assert page.locator("mark").count() > 3


def test_query_is_run_and_leads_back_into_the_graph(page):
    open_view(page, "/?view=sparql&query=" + quote('SELECT ?c { ?c rdfs:label "Kazakhstan" }'))
    page.get_by_role("button", name="Run").click()

    page.get_by_role("main").get_by_role("link", name=re.compile("KAZ|Kazakhstan")).first.click()
    page.get_by_role("heading", name="Kazakhstan", level=1).wait_for()


def test_faulty_query_shows_the_message_of_the_parser(browser, server):
    for page in opened(browser, server, expected="status of 400"):
        open_view(page, "/?view=sparql&query=" + quote("SELECT ?c { ?c"))
        page.get_by_role("button", name="Run").click()

        page.get_by_role("alert").filter(has_text="not valid SPARQL").wait_for()


def test_pasted_text_is_read_and_not_kept(page, client):
    before = client.get("/api/v1/graph").json()
    open_view(page, "/?view=text")
    page.get_by_role("textbox", name="Text, in English").fill("Japan relies on Australia for coal. <b>Chile</b> may sanction Peru.")
    page.get_by_role("button", name="Read").click()

    page.locator("mark").first.wait_for(timeout=60_000)
    assert {"Japan", "Australia"} <= set(page.locator("mark").all_inner_texts())
    assert client.get("/api/v1/graph").json() == before


def test_path_between_two_entities_is_found(page):
    page.goto("/?path=" + quote(ids.BASE + "entity/country/KAZ", safe="") + "&to=" + quote(ids.BASE + "entity/country/JPN", safe=""))

    page.get_by_text("agrees with").first.wait_for()
    assert "Japan" in page.get_by_role("main").inner_text()


# ---- taking it along


def downloaded(page, name):
    with page.expect_download() as found:
        page.get_by_text(re.compile("Export")).first.click()
        page.get_by_role("button", name=name).click()
    return Path(found.value.path()).read_bytes()


def test_view_is_taken_along_as_table(page):
    open_view(page, KAZ)
    rows = list(csv.reader(io.StringIO(downloaded(page, "CSV").decode("utf-8-sig"))))

    assert len(rows) > 5
    assert any("Tavolga Resources" in row for row in rows)


def test_view_is_taken_along_as_rdf(page):
    open_view(page, KAZ)
    graph = rdflib.Graph().parse(data=downloaded(page, "Turtle"), format="turtle")

    assert (None, rdflib.RDF.subject, rdflib.URIRef(ids.BASE + "entity/country/KAZ")) in graph


def test_view_is_taken_along_as_picture(page):
    open_view(page, KAZ)
    svg = downloaded(page, "SVG").decode()

    assert svg.lstrip().startswith(("<?xml", "<svg")) and "Tavolga Resources" in svg
    open_view(page, KAZ)
    assert downloaded(page, "PNG").startswith(b"\x89PNG")


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_no_serious_violation(browser, server, path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    for page in opened(browser, server, color_scheme=scheme):
        open_view(page, path)
        found = Axe().run(page).response["violations"]

    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in serious]


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("path", VIEWS)
def test_no_view_is_wider_than_a_phone(browser, server, path, width):
    for page in opened(browser, server, viewport={"width": width, "height": 700}):
        open_view(page, path)
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess <= 0


def test_theme_that_was_chosen_is_kept(page):
    open_view(page, "/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch to the dark theme").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert dark != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


# ---- hostile content

EVIL = "<img src=x onerror=\"window.broken=1\"><script>window.broken=2</script>{{7*7}}${7*7}"


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """A server over a graph whose names, sentences and addresses are markup."""
    folder = tmp_path_factory.mktemp("evil") / "graph"
    said = statement(entity(EVIL, "Company", aliases=('"><svg onload=window.broken=3>',)), "supplies", entity("=HYPERLINK(1)", "Company"))
    found: Document = document_saying(said, title=EVIL, publisher=EVIL, author=EVIL, url="javascript:window.broken=4")
    with Journal.open(folder) as journal:
        journal.record(found, [said], content_hash="", config_hash="")
        rdf.publish(journal)
    server = Server.start(folder, "--no-extract")
    yield server
    server.stop()


@pytest.mark.parametrize("show", ["", "&show=table", "&show=timeline", "&statement"])
def test_markup_in_names_and_sentences_appears_as_text(browser, evil, show):
    with evil.client() as client:
        (first, *_) = client.get("/api/v1/statements").json()["items"]
    path = "/?entity=" + quote(first["subject"]["iri"], safe="") + (f"&statement={first['id']}" if show == "&statement" else show)
    for page in opened(browser, evil):
        open_view(page, path)
        assert EVIL in page.get_by_role("heading", level=1).inner_text()
        assert page.evaluate("window.broken") is None
        assert page.locator("main img, main script").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize("path", ["/", "/?view=documents", "/?document=doc-1", "/?q=" + quote(EVIL), "/?entity=" + quote(EVIL),
                                  "/?view=" + quote(EVIL), "/?path=" + quote(EVIL) + "&to=" + quote(EVIL)])  # fmt: skip
def test_markup_elsewhere_appears_as_text(browser, evil, path):
    context = browser.new_context(base_url=evil.address)
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.broken") is None
    assert page.locator("img[src=x], a[href^='javascript']").count() == 0
    context.close()


def test_table_that_is_taken_along_holds_no_formulas(browser, evil):
    with evil.client() as client:
        (first, *_) = client.get("/api/v1/statements").json()["items"]
    for page in opened(browser, evil):
        open_view(page, "/?entity=" + quote(first["subject"]["iri"], safe=""))
        rows = list(csv.reader(io.StringIO(downloaded(page, "CSV").decode("utf-8-sig"))))

    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
