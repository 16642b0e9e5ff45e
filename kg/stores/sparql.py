"""What a SPARQL text says by its bare words, before a parser has seen it."""

import re
from collections.abc import Iterator

_TOKENS = re.compile(
    r"""
      (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<long> \"\"\" (?: \"{0,2} (?: [^"\\] | \\. ) )* \"\"\" | ''' (?: '{0,2} (?: [^'\\] | \\. ) )* ''' )
    | (?P<short> " (?: [^"\\\n\r] | \\. )* " | ' (?: [^'\\\n\r] | \\. )* ' )
    | (?P<comment> \#[^\n\r]* )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z-]+ )
    | (?P<number> [0-9]+ (?: \.[0-9]+ )? (?: [eE][+-]?[0-9]+ )? )
    | (?P<name> (?: [^\W\d] [\w.-]* )? : (?: [\w:%.\\-] )* )
    | (?P<word> [^\W\d]\w* )
    """,
    re.VERBOSE | re.DOTALL,
)


def words(text: str) -> Iterator[str]:
    """The keywords and function names of the text in upper case: words outside of strings, IRIs, names and comments.

    A prefix that is written like a keyword counts as one, since `SERVICE:x` can be read either way.
    """
    for token in _TOKENS.finditer(text):
        if token.lastgroup == "word":
            yield token[0].upper()
        elif token.lastgroup == "name" and not token[0].startswith(":"):
            yield token[0].partition(":")[0].upper()


def names_dataset(text: str) -> bool:
    """Whether the query says itself which graphs it is about, by FROM."""
    return "FROM" in words(text)


def calls_out(text: str) -> bool:
    """Whether the query would have other servers asked, by SERVICE."""
    return any(word.startswith("SERVICE") for word in words(text))
