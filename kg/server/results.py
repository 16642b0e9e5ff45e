"""Rows as SPARQL 1.1 results, written as they come: JSON, XML, CSV and TSV, each from its recommendation of the W3C.

pyoxigraph writes these formats too, but all rows or none: it cannot be told to stop after so many.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = Sequence[Term | None]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACE = "http://www.w3.org/2005/sparql-results#"


def write_rows(media_type: str, names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The answer to a SELECT, in pieces of one row."""
    return _WRITERS[media_type](names, rows)


def write_truth(media_type: str, truth: bool) -> str:
    """The answer to an ASK; CSV and TSV have none, so it is one cell under the name "answer"."""
    word = "true" if truth else "false"
    if media_type.endswith("json"):
        return f'{{"head":{{}},"boolean":{word}}}'
    if media_type.endswith("xml"):
        return f'<?xml version="1.0"?><sparql xmlns="{_NAMESPACE}"><head/><boolean>{word}</boolean></sparql>'
    return f"answer\r\n{word}\r\n" if media_type == "text/csv" else f"?answer\n{word}\n"


# ---- JSON

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield f'{{"head":{{"vars":{_encode(list(names))}}},"results":{{"bindings":['
    separator = ""
    for row in rows:
        yield separator + _encode({n: _json_term(t) for n, t in zip(names, row, strict=True) if t is not None})
        separator = ","
    yield "]}}"


def _json_term(term: Term) -> Mapping[str, object]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {name: _json_term(getattr(term, name)) for name in ("subject", "predicate", "object")}
        return {"type": "triple", "value": parts}
    extra: dict[str, str] = {}
    if term.language:
        extra["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        extra["datatype"] = term.datatype.value
    return {"type": "literal", "value": term.value, **extra}


# ---- XML


def _xml(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    yield f'<?xml version="1.0"?><sparql xmlns="{_NAMESPACE}"><head>{head}</head><results>'
    for row in rows:
        cells = ((n, t) for n, t in zip(names, row, strict=True) if t is not None)
        yield f"<result>{''.join(f'<binding name={quoteattr(n)}>{_xml_term(t)}</binding>' for n, t in cells)}</result>"
    yield "</results></sparql>"


def _xml_term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, Triple):
        parts = (f"<{name}>{_xml_term(getattr(term, name))}</{name}>" for name in ("subject", "predicate", "object"))
        return f"<triple>{''.join(parts)}</triple>"
    extra = ""
    if term.language:
        extra = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != _STRING:
        extra = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{extra}>{_xml_text(term.value)}</literal>"


def _xml_text(text: str) -> str:
    """The text, with the characters that XML 1.0 has no way to write as U+FFFD; a return would be read as a newline."""
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


# ---- CSV and TSV


def _csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        yield _taken(line)
        writer.writerow(_csv_cell(term) for term in row)
    yield _taken(line)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _csv_cell(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _tsv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"


_WRITERS: Mapping[str, Callable[[Sequence[str], Iterable[Row]], Iterator[str]]] = {
    "application/sparql-results+json": _json,
    "application/json": _json,
    "application/sparql-results+xml": _xml,
    "application/xml": _xml,
    "text/csv": _csv,
    "text/tab-separated-values": _tsv,
}

MEDIA_TYPES = tuple(_WRITERS)
"""What rows can be written as, the preferred first."""
