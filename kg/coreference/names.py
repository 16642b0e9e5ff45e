"""Names that are one: spelled alike, acronyms with what they stand for, short forms with the full name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.coreference.text import ORGANIZATION, PERSON, Item, Text
from kg.coreference.words import Words
from kg.model import MentionKind

_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")


def join_names(text: Text) -> None:
    """Join names that spell the same, acronyms with what they stand for, short forms with the full name."""
    known: dict[str, Item] = {}
    aliases = dict(_bracketed(text))
    inner = {i for item in text.items if item.kind is MentionKind.NAME and item.end - item.start > 1 for i in range(item.start, item.end)}
    for item in text.items:
        is_inner = item.end - item.start == 1 and item.start in inner
        if item.kind is MentionKind.PRONOUN or text.is_role(item) or is_inner:
            continue
        parts = _parts(item, text.words) if _may_be_name(item) else []
        if parts:
            earlier = aliases.get(item.index) or _earlier_name(text, known, item, parts)
            if earlier is not None:
                text.join(item, earlier)
            _remember(text, known, item, parts)


def _may_be_name(item: Item) -> bool:
    """A name, or a capitalised nominal with "the" that the recogniser passed over."""
    if item.kind is MentionKind.NAME:
        return True
    return item.determiner == "the" and item.head.text[:1].isupper() and item.end - item.start == 1


def _parts(item: Item, words: Words) -> list[str]:
    """The words of a name in lower case, without possessive, full stops, honorifics and titles before it."""
    spelled = item.mention.text.removesuffix("'s").removesuffix("’s").replace(".", "").replace("’", "'")
    parts = [word.lower() for word in _WORD.findall(spelled)]
    while len(parts) > 1 and (parts[0] in words.honorifics or parts[0] == "the"):
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in words.generations:
        parts = parts[:-1]
    return parts


def _bracketed(text: Text) -> Iterator[tuple[int, Item]]:
    """Mentions that a bracket gives as another name of the mention before it: "... Materials Act (CRMA)"."""
    by_end: dict[int, Item] = {}
    for item in text.items:  # the later of two with one end is the shorter
        by_end.setdefault(item.end, item)
    for item in text.items:
        opening = item.start - 1
        while opening > 0 and text.doc[opening].lower_ in {"the", '"', "“", "‘", "'"}:
            opening -= 1
        full = by_end.get(opening)
        if full is None or text.doc[opening].text != "(" or item.kind is MentionKind.PRONOUN:
            continue
        if _abbreviates(_parts(item, text.words), _parts(full, text.words)):
            yield item.index, full


def _abbreviates(short: Sequence[str], full: Sequence[str]) -> bool:
    if len(short) != 1 or len(full) < 2:
        return False
    return short[0] in {_initials(full), _initials(full, all_words=True), *full} or short[0] == _initials(full) + "s"


def _initials(parts: Sequence[str], *, all_words: bool = False) -> str:
    return "".join(p[0] for p in parts if all_words or p not in {"of", "and", "for", "the", "on", "in", "to"})


def _earlier_name(text: Text, known: Mapping[str, Item], item: Item, parts: Sequence[str]) -> Item | None:
    for key in _sought(text, item, parts):
        earlier = known.get(key)
        if earlier is not None and _may_be_same_name(text, item, earlier, key):
            return earlier
    return None


def _may_be_same_name(text: Text, item: Item, earlier: Item, key: str) -> bool:
    if not key.startswith(("=", "head ")):
        return text.may_be_one(item, earlier)
    # The recogniser errs often on the class of a name, seldom on whether it is a person.
    genders = {item.gender, earlier.gender}
    return None in genders or "thing" not in genders or len(genders) == 1


def _sought(text: Text, item: Item, parts: Sequence[str]) -> Iterator[str]:
    """Keys under which an earlier mention of the same name may be known, the surest first."""
    whole = " ".join(parts)
    yield "=" + whole
    yield "=" + text.words.same_names.get(whole, whole)
    if len(parts) > 2:
        yield f"ends {parts[0]} {parts[-1]}"
    if len(parts) > 1:
        yield "acronym " + _initials(parts)
        yield "part " + whole
        yield "bag " + _bag(parts)
        if not text.is_a(item.mention.type, ORGANIZATION):  # the European Council is no European Research Council
            yield "ends " + whole
        if text.is_a(item.mention.type, PERSON):
            yield "alone " + parts[-1]
    elif item.mention.text.replace(".", "").isupper():
        yield "initials " + whole
    elif item.kind is MentionKind.NAME and not item.determiner:
        yield "person " + whole
    elif item.is_definite:
        yield "head " + whole


def _remember(text: Text, known: dict[str, Item], item: Item, parts: Sequence[str]) -> None:
    """Keep the keys under which a later mention may look for this name; of two namesakes the first is kept."""
    whole = " ".join(parts)
    keys = ["=" + whole, "=" + text.words.same_names.get(whole, whole)]
    is_person = text.is_a(item.mention.type, PERSON)
    if len(parts) > 1:
        keys += [f"ends {parts[0]} {parts[-1]}", "bag " + _bag(parts)]
        if is_person:
            keys += ["person " + parts[-1], "person " + parts[0]]
        else:
            keys += ["initials " + _initials(parts), "initials " + _initials(parts, all_words=True)]
            head = parts.index("of") - 1 if "of" in parts[1:] else len(parts) - 1
            keys += ["part " + " ".join(parts[i:]) for i in range(1, min(head + 1, len(parts) - 1))]
            known["head " + parts[head]] = item
    elif item.mention.text.isupper() and len(whole) > 1:
        keys.append("acronym " + whole)
    elif is_person:
        keys.append("alone " + whole)
    for key in keys:
        known.setdefault(key, item)


def _bag(parts: Iterable[str]) -> str:
    """The same for "Department of Commerce" and "Commerce Department"."""
    return " ".join(sorted(p for p in parts if p not in {"of", "for", "the"}))
