import gzip
import io
import sys

import pytest

from kg.errors import UsageError
from kg.readers.sources import sources


def named(*inputs, **options):
    return [(source.name, source.place) for source in sources([str(given) for given in inputs], **options)]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "news" / "2026").mkdir(parents=True)
    for name in ("b.txt", "a.md", ".hidden", "README.md", "2026/c.html"):
        (tmp_path / "news" / name).write_text("text")
    return tmp_path / "news"


def test_folder_is_read_through_in_order_without_hidden_files_and_readmes(folder):
    assert [place for _, place in named(folder)] == ["a.md", "b.txt", "2026/c.html"]


def test_readme_that_is_named_is_read(folder):
    assert named(folder / "README.md") == [(str(folder / "README.md"), "README.md")]


def test_place_does_not_depend_on_where_the_folder_lies(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)

    assert [place for _, place in named("news")] == [place for _, place in named(folder)]


def test_only_wanted_files_of_a_folder_are_read(folder):
    assert [place for _, place in named(folder, include=["*.html", "*.txt"])] == ["b.txt", "2026/c.html"]


def test_pattern_gives_its_files_sorted_with_places_after_its_fixed_part(folder):
    assert [place for _, place in named(folder / "**" / "*.*")] == ["2026/c.html", "README.md", "a.md", "b.txt"]


def test_file_named_twice_is_read_once(folder):
    assert len(named(folder / "a.md", folder, folder / "*.md")) == len(named(folder, folder / "README.md"))


@pytest.mark.parametrize("missing", ["no-such-file.txt", "*.nothing", "empty"])
def test_input_that_matches_nothing_is_refused_before_any_is_read(folder, missing):
    (folder / "empty").mkdir()

    with pytest.raises(UsageError, match=missing.replace("*", r"\*")):
        sources([str(folder / "a.md"), str(folder / missing)])


def test_standard_input_is_a_source(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text")))

    (source,) = sources(["-"])

    assert source.open().stream.read() == b"text"


def test_source_knows_whether_it_is_alone(folder):
    assert [source.is_alone for source in sources([str(folder / "a.md")])] == [True]
    assert not any(source.is_alone for source in sources([str(folder)]))


def test_address_is_a_source_that_is_not_fetched_yet():
    (source,) = sources(["https://nowhere.invalid/page"])

    assert source.url == "https://nowhere.invalid/page"


def test_gzip_file_opens_as_it_lies(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"x"))

    (source,) = sources([str(tmp_path / "a.jsonl.gz")])

    with source.open().stream as stream:
        assert stream.read(2) == b"\x1f\x8b"
