"""Deterministic IRIs for documents, entities and statements: they depend on content alone."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

BASE = "https://w3id.org/policy-kg/"
ONTOLOGY = BASE + "ontology#"
GRAPH = BASE + "graph/"
_OPEN = BASE + "open/"


def digest(*parts: str) -> str:
    """32 hexadecimal digits of the SHA-256 of the parts, kept apart by a separator."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def slug(text: str) -> str:
    """The text as a path segment: lower case, words joined by hyphens, letters of any script kept."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    return quote("-".join(re.findall(r"[\w$%&+]+", folded)), safe="-") or digest(text)


def document_iri(document_id: str) -> str:
    return BASE + "document/" + quote(document_id, safe="")


def document_id_of(*, url: str | None, text: str) -> str:
    """The id of a document that brings none of its own: from its address, else from its text."""
    return "doc-" + (digest("url", url) if url else digest("text", text))


def entity_iri(class_iri: str, label: str) -> str:
    """The IRI of an entity known by its class and name only."""
    return f"{BASE}entity/{slug(class_iri.rsplit('#', 1)[-1].rsplit('/', 1)[-1])}/{slug(label)}"


def statement_id(subject: str, predicate: str, object_key: str, polarity: str) -> str:
    return digest(subject, predicate, object_key, polarity)


def statement_iri(statement_id: str) -> str:
    return BASE + "statement/" + statement_id


def evidence_id(statement: str, document: str, *where: int | str) -> str:
    return digest(statement, document, *map(str, where))


def evidence_iri(evidence: str) -> str:
    return BASE + "evidence/" + evidence


def open_predicate(phrase: str) -> str:
    """The IRI of a predicate that is a phrase of the text and no property of the ontology."""
    return _OPEN + quote(" ".join(phrase.split()), safe="")


def is_open(predicate: str) -> bool:
    return predicate.startswith(_OPEN)


@lru_cache(maxsize=4096)
def predicate_name(predicate: str) -> str:
    """`dominates` for a property of the ontology, the phrase for an open predicate."""
    return unquote(predicate.removeprefix(_OPEN)) if is_open(predicate) else re.split(r"[#/]", predicate)[-1]


def words_of(entity_iri: str) -> str:
    """The words in the last part of the IRI of an entity that is known by its name."""
    return unquote(entity_iri.rsplit("/", 1)[-1]).replace("-", " ")
