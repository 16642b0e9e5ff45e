"""What a query is, and how it is read from its text: the comments at its top are its question and its parameters."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import QueryError

ANY = "any"
"""The value that leaves a parameter open."""

KINDS = ("entity", "relation", "statement", "text", "date", "int", "number")
"""What a parameter may be."""

_PARAMETER = re.compile(r"param\s+(\w+)\s*:\s*(\w+)\s*(?:=\s*(.+?)\s*)?$")
_CYPHER = re.compile(r"(OPTIONAL\s+MATCH|MATCH|CALL|UNWIND|WITH|RETURN|SHOW|EXPLAIN|PROFILE|CYPHER)(\s|[({\[]|$)", re.I)
_SPARQL = re.compile(r"(SELECT|ASK|CONSTRUCT|DESCRIBE|PREFIX|BASE)(\s|[({<]|$)", re.I)


class Language(StrEnum):
    """What a query is written in."""

    SPARQL = "sparql"
    CYPHER = "cypher"

    @property
    def label(self) -> str:
        return {"sparql": "SPARQL", "cypher": "Cypher"}[self]

    @property
    def suffix(self) -> str:
        """How the files of named queries end."""
        return {"sparql": "rq", "cypher": "cypher"}[self]

    @property
    def comment(self) -> str:
        """How a line of comment begins."""
        return {"sparql": "#", "cypher": "//"}[self]

    @classmethod
    def of_suffix(cls, suffix: str) -> "Language | None":
        """The language of files that end so; None where the suffix does not tell."""
        return {".rq": cls.SPARQL, ".sparql": cls.SPARQL, ".cypher": cls.CYPHER, ".cql": cls.CYPHER}.get(suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a query; `default` None must be given."""

    name: str
    kind: str
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query to be run."""

    name: str | None
    language: Language
    question: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def described(self) -> str:
        return f"the query '{self.name}'" if self.name else "the query"


def language_of(text: str) -> Language | None:
    """The language of a text by how it begins, comments aside; None where that does not tell."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(("#", "//"))), "")
    if _CYPHER.match(first):
        return Language.CYPHER
    return Language.SPARQL if _SPARQL.match(first) else None


def read(text: str, *, name: str | None = None, language: Language | None = None) -> Query:
    """A query from its text.

    Args:
        language: None goes by how the text begins, and takes it for SPARQL where that does not tell.

    Raises:
        QueryError: when a parameter has an unknown kind or a default that is not well quoted.
    """
    found = language or language_of(text) or Language.SPARQL
    opening = (line.strip() for line in text.partition("\n\n")[0].splitlines())
    header = [line.lstrip(found.comment + " ") for line in opening if line.startswith(found.comment)]
    matches = [match for line in header if (match := _PARAMETER.match(line))]
    return Query(
        name=name,
        language=found,
        question=" ".join(line for line in header if not _PARAMETER.match(line)),
        parameters=tuple(_parameter(match, name) for match in matches),
        text=text,
    )


def _parameter(match: re.Match[str], query: str | None) -> Parameter:
    name, kind, default = match.groups()
    if kind not in KINDS:
        raise QueryError(f"{query}: parameter {name} is of the unknown kind '{kind}'; use one of {', '.join(KINDS)}")
    try:
        return Parameter(name=name, kind=kind, default=_unquoted(default) if default else None)
    except ValueError as error:
        raise QueryError(f"{query}: the default of parameter {name} is not well quoted: {default}") from error


def _unquoted(default: str) -> str:
    return str(json.loads(default)) if default.startswith('"') else default
