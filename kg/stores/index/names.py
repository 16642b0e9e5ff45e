"""Names made comparable: what a search and a name are both folded to before they meet."""

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that are no base letter with a mark, but are typed as one."""

_SQUEEZED = re.compile(r"(?<!\d)[.'’ʼ`´]|[.'’ʼ`´](?!\d)")
"""What goes without leaving a gap: the dots of "U.S.", an apostrophe; not the point of "2.5"."""

_GAP = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """The name without capitals, marks and punctuation, one space between words.

    >>> fold("U.S."), fold("Côte d'Ivoire"), fold("Nord Stream-2")
    ('us', 'cote divoire', 'nord stream 2')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if unicodedata.category(c)[0] != "M")
    plain = unicodedata.normalize("NFC", bare.casefold()).translate(_LETTERS)
    return _GAP.sub(" ", _SQUEEZED.sub("", plain)).strip() or plain.strip()


def padded(folded: str) -> str:
    """The folded name as its runs of three letters are taken from: how it begins and ends counts too."""
    return f"  {folded}  "


def trigrams(folded: str) -> list[str]:
    """The runs of three letters of a folded name, each once, in order.

    >>> trigrams("us")
    ['  u', ' us', 'us ', 's  ']
    """
    text = padded(folded)
    return list(dict.fromkeys(text[n : n + 3] for n in range(len(text) - 2)))


def last_after(prefix: str) -> str:
    """A text that sorts after all that begin with the prefix."""
    return prefix + "\U0010ffff"
