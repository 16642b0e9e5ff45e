"""The English spaCy pipeline: tokens, sentences, tags, dependencies, names."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as TokenSpan

from kg import resources, universal
from kg.errors import ModelError
from kg.model import Document

DEFAULT_MODEL = "en_kg_core"
_NEEDED = {"parser": "dependencies", "tagger": "part-of-speech tags"}
_WORD = re.compile(r"[^\W\d_][\w.’']*")
_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )([A-Z]\w+)")
_CAPITALS = r"[A-Z][A-Z’'.&-]+(?:[ /,]+(?:[A-Z’'.&-]+|\d+))*"
_LEAD = re.compile(
    rf"{_CAPITALS}(?: \([^()\n]{{1,60}}\))?:\s+(?=\S)"  # a run-in heading, or who speaks
    rf"|(?=[A-Z ]{{4}}){_CAPITALS}(?:,[^\n–—:]{{1,40}}?)?(?: \([^()\n]{{1,30}}\))?\s*(?: -{{1,2}} |[–—])\s*(?=\S)"  # a dateline
)
_STOPS = frozenset(".!?…;:")
_LONGEST_HEADLINE = 20  # words
_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\n\s*\n|\s*\Z)", re.DOTALL)


def load(name: str = DEFAULT_MODEL) -> Language:
    """The pipeline of that name: one of ours, an installed spaCy package, or a folder.

    It must give sentences, `pos_`, `lemma_`, `dep_` (Universal Dependencies or ClearNLP labels) and `ents`.

    Raises:
        ModelError: when it is not there, or gives no parse.
    """
    import spacy

    import kg.models.embedding  # noqa: F401  registers the embedding of our own pipeline
    from kg.models.products import numpy_products

    ours = resources.models() / name
    try:
        with numpy_products():
            nlp = spacy.load(ours if ours.is_dir() else Path(name) if Path(name).is_dir() else name)
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: no such pipeline; name a folder or an installed spaCy package ({error})") from error
    missing = [what for pipe, what in _NEEDED.items() if pipe not in nlp.pipe_names]
    if missing:
        raise ModelError(f"{name}: this pipeline gives no {' and no '.join(missing)}; use one that has a parser")
    return nlp


def analyse(nlp: Language, documents: Iterable[Document], *, known: Container[str] = (),
            batch_size: int = 128) -> Iterator[tuple[Document, Doc]]:  # fmt: skip
    """Each document with its analysis, in order; `doc.text` equals `document.text`.

    The pipeline reads a paragraph at a time, as it was trained, in batches that reach across documents. What stands in
    capitals before a paragraph (a dateline, a run-in heading, the name of a speaker) is read apart.
    A headline in title case is read in sentence case ("U.S. launches push"), its words stay as they are. A short paragraph
    without stops is one sentence.

    Args:
        known: Words that keep their capital in a headline: those of known names.
    """
    finish = universal.rewritten if universal.is_clearnlp(nlp) else _unchanged
    analysed = nlp.pipe(_units(nlp, documents, known), as_tuples=True, batch_size=batch_size)
    for _, group in groupby(analysed, key=lambda pair: pair[1][0]):
        pairs = list(group)
        document = pairs[0][1][1]
        parts = [(_reworded(finish(doc), document.text[start:end]), end) for doc, (_, _, start, end) in pairs]
        yield document, _joined(nlp, document.text, parts)


def _unchanged(doc: Doc) -> Doc:
    return doc


def _units(nlp: Language, documents: Iterable[Document], known: Container[str],
           ) -> Iterator[tuple[Doc, tuple[int, Document, int, int]]]:  # fmt: skip
    """The paragraphs of all documents, each with (number of its document, document, start, end)."""
    for number, document in enumerate(documents):
        names: frozenset[str] | None = None
        for start, end in _parts(document.text):
            text = document.text[start:end]
            if is_title_case(text):
                names = _names_in(document.text) if names is None else names
                text = _sentence_case(text, names, known)
            yield _unparted(nlp.make_doc(text)), (number, document, start, end)


def _unparted(doc: Doc) -> Doc:
    """The words; the parser is told where they are a headline that they are one sentence."""
    if len(doc) <= _LONGEST_HEADLINE and not any(_is_stop(token) for token in doc):
        for token in doc[1:]:
            token.is_sent_start = False
    return doc


def _is_stop(token: Token) -> bool:
    return "\n" in token.text or (token.is_punct and token.text[-1] in _STOPS)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph, what leads into it apart."""
    for start, end in paragraphs(text):
        lead = _LEAD.match(text, start, end)
        if lead is not None:
            yield start, start + len(lead.group().rstrip())
        yield lead.end() if lead is not None else start, end


def is_title_case(text: str) -> bool:
    """Whether a short line without final stop capitalises nearly all of its long words."""
    words = _WORD.findall(text)
    if not 3 <= len(words) <= 30 or text.rstrip()[-1:] in ".!?;:":
        return False
    long = [w for w in words if len(w) > 3]
    return len(long) >= 2 and sum(w[0].isupper() for w in long) >= 0.85 * len(long) and not text.isupper()


def _names_in(text: str) -> frozenset[str]:
    """Words that running text writes with a capital inside a sentence."""
    running = (text[start:end] for start, end in paragraphs(text) if not is_title_case(text[start:end]))
    return frozenset(match.group(1) for part in running for match in _INNER_CAPITAL.finditer(part))


def _sentence_case(headline: str, names: Container[str], known: Container[str]) -> str:
    """The headline with its plain words in lower case; as long as before, letter by letter."""

    def lowered(match: re.Match[str]) -> str:
        word = match.group()
        plain = word[1:].islower() and word not in names and word not in known and len(word.lower()) == len(word)
        return word.lower() if plain else word

    return _WORD.sub(lowered, headline)


def _reworded(doc: Doc, text: str) -> Doc:
    """The analysis, over the words as the text has them."""
    if doc.text == text:
        return doc
    return Doc(
        doc.vocab,
        words=[text[t.idx : t.idx + len(t)] for t in doc],
        spaces=[bool(t.whitespace_) for t in doc],
        tags=[t.tag_ for t in doc],
        pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc],
        lemmas=[t.lemma_ for t in doc],
        heads=[t.head.i for t in doc],
        deps=[t.dep_ for t in doc],
        ents=[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc],
    )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph: text between blank lines, without surrounding white space."""
    for match in _PARAGRAPH.finditer(text):
        yield match.span()


def _joined(nlp: Language, text: str, parts: Sequence[tuple[Doc, int]]) -> Doc:
    """One Doc of the paragraphs, with the white space between them as sentences of their own."""
    docs: list[Doc] = []
    position = 0
    for doc, end in parts:
        start = end - len(doc.text)
        if start > position:
            docs.append(_gap(nlp, text[position:start]))
        docs.append(doc)
        position = end
    if position < len(text):
        docs.append(_gap(nlp, text[position:]))
    return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False, exclude=["tensor"])  # type: ignore[call-arg]


def _gap(nlp: Language, space: str) -> Doc:
    return Doc(
        nlp.vocab,
        words=[space],
        spaces=[False],
        tags=["_SP"],
        pos=["SPACE"],
        morphs=[""],
        lemmas=[space],
        heads=[0],
        deps=["dep"],
        ents=["O"],
    )


def sentences(doc: Doc) -> Iterator[TokenSpan]:
    """The sentences that hold words."""
    return (sent for sent in doc.sents if not sent[0].is_space or len(sent) > 1)
