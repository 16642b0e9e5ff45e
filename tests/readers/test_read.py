"""What holds for every format: ids, limits, failures, languages."""

import gzip
import io
import json
import sys
import threading
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg import cleaning, readers
from kg.model import Document, Failure

PROSE = (
    "The ministry said on Monday that it would fund the mine in the north of the country, "
    "although the parliament in the capital had rejected the plan twice in the past year."
)
FRENCH = (
    "Le ministère a déclaré lundi qu’il financerait la mine dans le nord du pays, selon un communiqué du gouvernement."
)
SPANISH = (
    "El ministerio dijo el lunes que financiaría la mina en el norte del país, aunque el parlamento lo había rechazado."
)
GERMAN = (
    "Das Ministerium erklärte am Montag, dass es die Mine im Norden des Landes finanzieren werde, trotz der Kritik."
)
RUSSIAN = "Министерство заявило в понедельник, что оно будет финансировать рудник на севере страны."
CHINESE = "该部周一表示，尽管议会去年两次否决了该计划，但仍将资助该国北部的矿山项目建设。"


def read(*inputs, **options):
    found = readers.sources([str(given) for given in inputs])
    return [result for source in found for result in readers.read(source, cleaner=cleaning, **options)]


def file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@contextmanager
def served(folder):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_file_without_an_address_has_its_place_as_id(tmp_path):
    (tmp_path / "sub").mkdir()
    file(tmp_path, "sub/release.txt", PROSE)

    assert read(tmp_path) == [Document(id="sub/release.txt", text=PROSE)]


def test_headline_of_plain_text_is_its_title_and_stays(tmp_path):
    with_headline, without = read(
        file(tmp_path, "a.txt", f"Ministry funds mine\n\n{PROSE}"), file(tmp_path, "b.txt", PROSE)
    )

    assert (with_headline.title, with_headline.text) == ("Ministry funds mine", f"Ministry funds mine\n\n{PROSE}")
    assert without.title is None


def test_address_in_the_front_matter_makes_the_id(tmp_path):
    head = "---\nurl: https://www.example.org/a\ntitle: Oil: what next\ndate: 3 May 2026\n---\n"

    (one,) = read(file(tmp_path, "one.md", head + PROSE))
    (other,) = read(file(tmp_path, "other.txt", head + PROSE))

    assert one.id == other.id != "one.md"
    assert (one.title, one.published, one.publisher) == ("Oil: what next", date(2026, 5, 3), "example.org")


def test_id_in_the_front_matter_has_the_last_word(tmp_path):
    (document,) = read(file(tmp_path, "one.md", f"---\nid: '17'\nurl: https://example.org/a\n---\n{PROSE}"))

    assert document.id == "17"


def test_text_from_standard_input_has_an_id_of_its_text(monkeypatch):
    def piped(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return read("-")[0].id

    assert piped(PROSE) == piped(PROSE) != piped(PROSE + " It did.")


def test_standard_input_stays_open(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(PROSE.encode()))))
    read("-")

    assert not sys.stdin.buffer.closed


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        ("<!doctype html><html><body><article><p>", "text/html"),
        ("---\ntitle: A\n---\n", "text/markdown"),
        ("", "text/plain"),
    ],
)
def test_format_of_a_nameless_input_is_told_from_its_first_bytes(tmp_path, head, media_type):
    (document,) = read(file(tmp_path, "page", head + PROSE))

    assert (document.media_type, document.text) == (media_type, PROSE)


def test_json_lines_are_told_from_their_first_byte(tmp_path):
    (document,) = read(file(tmp_path, "dump", json.dumps({"id": "x", "text": PROSE})))

    assert document.id == "x"


def test_gzip_is_told_from_its_first_bytes(tmp_path):
    (document,) = read(file(tmp_path, "page.txt", gzip.compress(PROSE.encode())))

    assert document.text == PROSE


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "no text"),
        ("blank.md", b" \n\n", "no text"),
        ("image.txt", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("paper.pdf", b"%PDF-1.7 abc", "PDF"),
        ("zeros.txt", b"text\0text", "binary"),
        ("bytes.html", bytes(range(256)), "binary"),
        ("broken.txt", b"caf\xc3 \xa9\xa9 says \x81 the ministry", "encoding"),
        ("cut.txt.gz", gzip.compress(PROSE.encode())[:-12], "cannot be read"),
        ("clutter.txt", b"Share this\n\nLeave a Reply\n", "nothing is left"),
        ("large.txt", PROSE.encode() * 100, "limit"),
        ("bomb.txt.gz", gzip.compress(b"a" * 10_000_000), "limit"),
        ("french.txt", FRENCH.encode(), "'fr'"),
        ("spanish.md", SPANISH.encode(), "'es'"),
        ("german.txt", GERMAN.encode(), "'de'"),
        ("russian.txt", RUSSIAN.encode(), "'ru'"),
        ("chinese.txt", CHINESE.encode(), "'zh'"),
    ],
)
def test_what_cannot_be_read_is_reported_by_name_and_reason_and_costs_nothing_else(tmp_path, name, content, reason):
    file(tmp_path, name, content)
    file(tmp_path, "~good.txt", PROSE)

    failure, document = read(tmp_path, max_bytes=5_000)

    assert isinstance(failure, Failure)
    assert failure.document_id == name
    assert name in failure.error and reason in failure.error
    assert document.text == PROSE


def test_limit_holds_for_what_is_just_below_it(tmp_path):
    path = file(tmp_path, "a.txt", PROSE)

    assert isinstance(read(path, max_bytes=len(PROSE))[0], Document)
    assert isinstance(read(path, max_bytes=len(PROSE) - 1)[0], Failure)


def test_file_that_vanished_is_a_failure(tmp_path):
    path = file(tmp_path, "a.txt", PROSE)
    (source,) = readers.sources([str(path)])
    path.unlink()

    (failure,) = readers.read(source, cleaner=cleaning)

    assert "a.txt" in failure.error


def test_interrupt_passes_through(tmp_path):
    def interrupt():
        raise KeyboardInterrupt

    source = readers.Source(name="a", open=interrupt)

    with pytest.raises(KeyboardInterrupt):
        list(readers.read(source, cleaner=cleaning))


@pytest.mark.parametrize(
    "text",
    [
        "Prime Minister Nguyen Xuan Phuc met Nursultan Nazarbayev, Kassym-Jomart Tokayev, Gurbanguly Berdimuhamedow, "
        "Shavkat Mirziyoyev and Emomali Rahmon in Astana; Ilham Aliyev and Nikol Pashinyan stayed away.",
        "Accord signed.",
    ],
)
def test_english_with_foreign_names_passes_and_short_text_is_not_judged(tmp_path, text):
    assert isinstance(read(file(tmp_path, "a.txt", text))[0], Document)


def test_old_western_encoding_is_read_where_it_is_plain(tmp_path):
    text = f"The café owner’s deal – “a first” – pleased Générale. {PROSE}"

    assert read(file(tmp_path, "a.txt", text.encode("windows-1252")))[0].text == text


def test_encoding_mark_is_followed(tmp_path):
    assert read(file(tmp_path, "a.txt", b"\xff\xfe" + PROSE.encode("utf-16-le")))[0].text == PROSE
    assert read(file(tmp_path, "b.txt", b"\xef\xbb\xbf" + PROSE.encode()))[0].text == PROSE


def test_lines_are_documents_counted_with_blank_ones(tmp_path):
    path = file(tmp_path, "a.txt", "First  one.\r\n\n   \nRelated posts\nDas ist kurz.")

    assert [(d.id, d.text) for d in read(path, by_line=True)] == [
        ("line-1", "First one."),
        ("line-4", "Related posts"),
        ("line-5", "Das ist kurz."),
    ]


def test_lines_of_several_inputs_are_told_apart(tmp_path):
    paths = [file(tmp_path, name, "One.\nTwo.\n") for name in ("a.txt", "b.txt")]

    assert [d.id for d in read(*paths, by_line=True)] == [
        "a.txt:line-1",
        "a.txt:line-2",
        "b.txt:line-1",
        "b.txt:line-2",
    ]


def test_broken_line_costs_that_line_only(tmp_path):
    path = file(tmp_path, "a.txt", b"Good.\nBad \xc3\xc3.\n" + b"x" * 500 + b"\nGood.")

    found = read(path, by_line=True, max_bytes=100)

    assert [(type(one).__name__, getattr(one, "id", None) or one.document_id) for one in found] == [
        ("Document", "line-1"),
        ("Failure", "line-2"),
        ("Failure", "line-3"),
        ("Document", "line-4"),
    ]


def test_page_is_fetched_from_its_address(tmp_path):
    file(tmp_path, "page.html", f"<html><body><article><h1>Mine</h1><p>{PROSE}</p></article></body></html>")

    with served(tmp_path) as address:
        (document,) = read(f"{address}/page.html")

    assert (document.text.endswith(PROSE), document.url) == (True, f"{address}/page.html")
    assert document.retrieved is not None


def test_page_is_known_by_the_address_that_it_gives_for_itself_on_its_own_host(tmp_path):
    article = f"<article><h1>Mine</h1><p>{PROSE}</p></article>"
    with served(tmp_path) as address:
        for name, canonical in (("own.html", f"{address}/mine"), ("other.html", "https://elsewhere.example.org/mine")):
            head = f"<head><link rel='canonical' href='{canonical}'></head>"
            file(tmp_path, name, f"<html>{head}<body>{article}</body></html>")
        own, other = read(f"{address}/own.html?ref=mail", f"{address}/other.html")

    assert (own.url, other.url) == (f"{address}/mine", f"{address}/other.html")


def test_page_over_the_limit_and_missing_page_are_failures(tmp_path):
    file(tmp_path, "page.txt", PROSE)

    with served(tmp_path) as address:
        large, missing = read(f"{address}/page.txt", f"{address}/none.txt", max_bytes=50)

    assert "limit" in large.error
    assert "404" in missing.error and missing.url == f"{address}/none.txt"


def test_address_that_nobody_answers_is_a_failure():
    with served(".") as address:
        pass

    (failure,) = read(f"{address}/page.html")

    assert "cannot be fetched" in failure.error


def test_json_lines_stream_from_an_address(tmp_path):
    lines = "\n".join(json.dumps({"id": f"d{n}", "text": PROSE}) for n in range(50))
    file(tmp_path, "all.jsonl.gz", gzip.compress(lines.encode()))

    with served(tmp_path) as address:
        found = read(f"{address}/all.jsonl.gz", max_bytes=1_000)

    assert [document.id for document in found] == [f"d{n}" for n in range(50)]
