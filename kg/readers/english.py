"""Whether a text is English."""

import re
from functools import cache

import yaml

from kg import resources
from kg.errors import NotEnglish

_SAMPLE = 2_000  # characters
_FEWEST_LETTERS = 80  # fewer are not judged
_FEWEST_FOREIGN = 20  # where most are of another script
_ENGLISH_SHARE = 0.06  # of words that are on our list, in [0, 1]
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_PROSE_WORDS = 8


def require(text: str, *, name: str, url: str | None = None) -> None:
    """Nothing, where the text is English or too short to tell.

    Raises:
        NotEnglish: when it is in another language; the message names it.
    """
    sample = _sample(text)
    n_letters = len(_LETTER.findall(sample))
    is_latin = len(_LATIN.findall(sample)) * 2 >= n_letters
    if n_letters < (_FEWEST_LETTERS if is_latin else _FEWEST_FOREIGN):
        return
    language = _language_of(sample)
    if language != "en" and not (is_latin and _reads_english(sample)):
        raise NotEnglish(f"{name}: written in {language!r}, not in English; translate it first", url=url)


def _language_of(sample: str) -> str:
    import py3langid

    language: str = py3langid.classify(sample)[0]
    return language


def _reads_english(sample: str) -> bool:
    """A second opinion: lists of foreign names mislead the first one."""
    words = re.findall(r"[^\W\d_]+", sample.lower())
    return sum(word in _words() for word in words) >= _ENGLISH_SHARE * len(words)


@cache
def _words() -> frozenset[str]:
    path = resources.folder("ontology") / "clutter.yaml"
    return frozenset(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["english"])


def _sample(text: str) -> str:
    """Prose from the head of the text: headings and lists of names say little of its language."""
    prose: list[str] = []
    length = 0
    for paragraph in text[: 10 * _SAMPLE].split("\n\n"):
        if paragraph.count(" ") >= _PROSE_WORDS and length < _SAMPLE:
            prose.append(paragraph)
            length += len(paragraph)
    return " ".join(prose)[:_SAMPLE] or text[:_SAMPLE]
