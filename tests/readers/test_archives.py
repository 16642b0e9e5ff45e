import gzip
import json
from datetime import date

from kg import cleaning, readers
from kg.model import Document, Failure

PROSE = (
    "The ministry said on Monday that it would fund the mine in the north of the country, "
    "although the parliament in the capital had rejected the plan twice in the past year."
)


def read(path, **options):
    (source,) = readers.sources([str(path)])
    return list(readers.read(source, cleaner=cleaning, **options))


def written(tmp_path, *lines, name="all.jsonl"):
    path = tmp_path / name
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_named_fields_reach_the_document(tmp_path):
    line = {
        "id": "a/1",
        "url": "https://www.example.org/1",
        "title": "Talks with Ant\\xF3nio &amp; others",
        "published": "2026-05-03 10:00:00-05:00",
        "format": "markdown",
        "text": PROSE.replace("ministry", "**ministry**"),
    }

    assert read(written(tmp_path, line)) == [
        Document(
            id="a/1",
            url="https://www.example.org/1",
            title="Talks with António & others",
            published=date(2026, 5, 3),
            publisher="example.org",
            media_type="text/markdown",
            text=PROSE,
        )
    ]


def test_plain_and_gzip_give_the_same_documents(tmp_path):
    line = {"id": "1", "text": PROSE}

    assert read(written(tmp_path, line)) == read(written(tmp_path, line, name="all.jsonl.gz"))


def test_line_without_an_id_is_known_by_its_address_else_by_its_number(tmp_path):
    by_address, by_number = read(written(tmp_path, {"url": "https://example.org/1", "text": PROSE}, {"text": PROSE}))

    assert by_address.id.startswith("doc-")
    assert by_number.id == "all.jsonl:2"


def test_bad_line_costs_that_line_only(tmp_path):
    path = written(
        tmp_path,
        {"id": "first", "text": PROSE},
        "{broken",
        "[1]",
        {"id": "no text"},
        {"id": "unknown", "format": "docx", "text": PROSE},
        {"id": "long", "text": PROSE * 50},
        {"id": "blank", "text": " "},
        "",
        {"id": 9, "text": PROSE},
    )

    found = read(path, max_bytes=2_000)

    assert [one.id for one in found if isinstance(one, Document)] == ["first", "9"]
    assert [one.document_id for one in found if isinstance(one, Failure)] == [
        "all.jsonl:2",
        "all.jsonl:3",
        "all.jsonl:4",
        "unknown",
        "all.jsonl:6",
        "blank",
    ]


def test_lines_are_read_one_at_a_time(tmp_path):
    path = written(tmp_path, *[{"id": str(n), "text": PROSE} for n in range(1_000)])
    (source,) = readers.sources([str(path)])

    documents = readers.read(source, cleaner=cleaning)

    assert next(documents).id == "0"
    documents.close()


def test_gzip_that_breaks_off_keeps_what_came_before(tmp_path):
    path = written(tmp_path, *[{"id": str(n), "text": f"{n} {PROSE}"} for n in range(300)], name="all.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])

    found = read(path)

    assert isinstance(found[0], Document)
    assert "breaks off" in found[-1].error
