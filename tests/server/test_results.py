"""What is written as SPARQL results is read back by another implementation as it was."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, parse_query_results

from kg.server.results import MEDIA_TYPES, write_rows, write_truth

# The reader that it is checked with drops white space at the ends.
XML_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32)).map(str.strip)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def terms(text):
    return st.one_of(
        st.none(),
        st.builds(NamedNode, st.sampled_from(["https://example.org/a", "urn:x:y", "https://example.org/%C3%A9?a=1&b=2"])),
        st.builds(BlankNode, st.from_regex("[a-z][a-z0-9]{0,8}", fullmatch=True)),
        st.builds(Literal, text),
        st.builds(lambda value: Literal(value, language="en-gb"), text),
        st.integers().map(Literal),
        st.booleans().map(Literal),
        st.builds(lambda value: Literal(value, datatype=NamedNode("https://example.org/unit")), text),
    )


def rows(text):
    return st.lists(st.tuples(terms(text), terms(text)), max_size=5)


def read_back(media_type, found):
    written = "".join(write_rows(media_type, ("a", "b_2"), found)).encode()
    answer = parse_query_results(written, format=QueryResultsFormat.from_media_type(media_type))
    assert [v.value for v in answer.variables] == ["a", "b_2"]
    return [tuple(row) for row in answer]


@given(rows(ANY_TEXT))
def test_json_keeps_every_term(found):
    assert read_back("application/sparql-results+json", found) == found


@given(rows(XML_TEXT))
def test_xml_keeps_every_term(found):
    assert read_back("application/sparql-results+xml", found) == found


@given(rows(ANY_TEXT))
def test_tsv_keeps_every_term(found):
    named = [tuple(None if isinstance(t, BlankNode) else t for t in row) for row in found]

    assert read_back("text/tab-separated-values", named) == named


@given(rows(ANY_TEXT))
def test_csv_keeps_every_value(found):
    written = "".join(write_rows("text/csv", ("a", "b_2"), found))
    values = [[plain(term) for term in row] for row in found]

    assert list(csv.reader(io.StringIO(written, newline=""))) == [["a", "b_2"], *values]


def plain(term):
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else term.value


def test_control_characters_do_not_break_xml():
    written = "".join(write_rows("application/sparql-results+xml", ("a",), [(Literal("a\x00b\x1f\r\n"),)]))

    assert "".join(ElementTree.fromstring(written).itertext()) == "a\ufffdb\ufffd\r\n"


def test_markup_in_values_stays_text():
    written = "".join(write_rows("application/sparql-results+xml", ("a",), [(Literal("<b>&</b>"),)]))

    assert "<b>" not in written


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_truth_is_said_in_every_format(media_type):
    assert re.search(r"\btrue\b", write_truth(media_type, True))
    assert re.search(r"\bfalse\b", write_truth(media_type, False))


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_truth_is_read_back(media_type):
    format = QueryResultsFormat.from_media_type(media_type)

    assert bool(parse_query_results(write_truth(media_type, True).encode(), format=format))
