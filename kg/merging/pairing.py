"""On what grounds two entities may be one: each ground has its blocks, its score and its reason in words.

| kind | ground | score |
|---|---|---|
| exact | the same name but for case, signs, spelling, legal form, inflection | 1.0 |
| alias | its name is another name of one that is known | .97 |
| acronym | a text introduces it: "International Energy Agency (IEA)"; by its letters alone it is proposed | .95, .75 |
| doubled | a person's surname but for letters that stand twice | .93 |
| middle | a person's name with and without the middle initial, of one bearer; a whole name is proposed | .92, .7 |
| spelling | one letter in one long, rare word of three or more; else it is proposed | .91, .8 |
| order | the same words in another order around "and"; else it is proposed | .9, .7 |
| initial, short, generation | "A. Smith", "Joe", "Jr.": proposed | .7 |
| surname | a surname of which there is one bearer: proposed | .65 |
| part | the longer name of one thing alone: proposed | .6 |
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from kg import ids
from kg.merging.acts import Act, Named
from kg.merging.blocks import Blocks, Member
from kg.merging.names import Person, Words, acronym, person, undoubled
from kg.ontology import Ontology

WINDOW = 6
"""In a block sorted by the word that differs each name is compared with this many after it."""

MOST = 40
"""People of one surname and initial that are compared with each other; of more nothing is told."""

_LONG, _SHORTEST_SLIP = 8, 3
_LONG_NAME = 3
_PERSON, _UNDECIDED = (ids.ONTOLOGY + name for name in ("Person", "NamedThing"))
_LENGTHENED = ("Organization", "Instrument")
"""Of these the beginning or the end of a name is often used for the whole."""


@dataclass(frozen=True)
class Comparing:
    """What names are compared by."""

    words: Words
    ontology: Ontology

    def family(self, type: str) -> str:
        """The kind of things within which names are compared; empty of what is undecided."""
        if type == _UNDECIDED:
            return ""
        for name in self.words.families:
            if self.ontology.is_a(type, ids.ONTOLOGY + name):
                return name
        return ids.predicate_name(type)

    def fit(self, one: Named, other: Named) -> bool:
        """Whether the classes of the two do not speak against it."""
        if one.is_concept or other.is_concept:
            return one.is_concept and other.is_concept
        families = self.family(one.type), self.family(other.type)
        if "" in families:
            return True
        if families[0] != families[1]:
            return False
        is_below = self.ontology.is_a(one.type, other.type) or self.ontology.is_a(other.type, one.type)
        return families[0] != "Place" or is_below


def acts(entities: Iterable[Named], words: Words, ontology: Ontology, blocks: Blocks) -> Iterator[Act]:
    """What is, or may be, one thing, in no order to rely on.

    Args:
        blocks: Empty; holds the entities afterwards.
    """
    comparing = Comparing(words, ontology)
    for entity in entities:
        blocks.add(entity, _keys(entity, comparing), _words_of(entity, words))
    by_ground = {
        "exact": _exact, "acronym": _acronyms, "full": _full_names, "initial": _initials, "surname": _surnames,
        "slip": _slips, "order": _orders, "part": _parts,
    }  # fmt: skip
    for key, members in blocks:
        yield from by_ground[key.partition(":")[0]](members, comparing, blocks)


# ---- blocks


def _keys(entity: Named, comparing: Comparing) -> Iterator[tuple[str, str]]:
    if entity.is_concept:
        yield "exact:" + "".join(comparing.words.plain(ids.words_of(entity.iri))), "c"
    elif entity.type == _PERSON:
        for label in entity.labels:
            yield from _keys_of_person(label, comparing.words)
        for name in _names(entity):
            yield "exact:" + "".join(comparing.words.plain(name)), "n" if name in entity.labels else "o"
    else:
        for label in entity.labels:
            yield from _keys_of_thing(label, comparing)
        for name in _names(entity):
            yield "exact:" + "".join(comparing.words.thing(name)), "n" if name in entity.labels else "o"
        for name in _with_country(entity, comparing.words):
            yield "exact:" + "".join(comparing.words.thing(name)), "o"
        for name in (*entity.labels, *entity.aliases):
            if (letters := acronym(name)) is not None:
                yield "acronym:" + letters, "is" if name in entity.labels else "introduced"


def _names(entity: Named) -> tuple[str, ...]:
    """Its labels, and its other names where these are known to be its own; acronyms have blocks of their own."""
    others = entity.aliases if entity.is_known else ()
    return *entity.labels, *(name for name in others if acronym(name) is None and name not in entity.labels)


def _with_country(entity: Named, words: Words) -> Iterator[str]:
    """The names of one that is known to be of a country, with the word for it: "U.S. DOE"."""
    prefix = words.country_words.get(entity.country or "")
    if prefix is not None and entity.is_known:
        yield from (f"{prefix} {name}" for name in (*entity.labels, *entity.aliases))


def _keys_of_person(label: str, words: Words) -> Iterator[tuple[str, str]]:
    name = person(label, words)
    if not name.first:
        yield f"surname:{undoubled(name.last)}", ""
        return
    yield f"surname:{undoubled(name.last)}", f"{name.first} {' '.join(name.middle)}"
    yield f"full:{name.first} {undoubled(name.last)}", label
    yield f"initial:{name.first[0]} {undoubled(name.last)}", label


def _keys_of_thing(label: str, comparing: Comparing) -> Iterator[tuple[str, str]]:
    found = comparing.words.thing(label)
    if initials := comparing.words.initials(label):
        yield "acronym:" + initials, "stands for"
    if len(found) > 1:
        yield "order:" + " ".join(sorted(found)), ""
    for place, word in enumerate(found):
        if len(word) >= _LONG and len(found) > 1 and not any(c.isdigit() for c in word):
            yield "slip:" + " ".join([*found[:place], "_", *found[place + 1 :]]), word
    if len(found) > 1:
        yield "part:" + " ".join(found), "whole"
    for shorter in (found[1:], found[:-1], found[:-2] if found[-2:-1] == ["of"] else []):
        if len(shorter) > 1:
            yield "part:" + " ".join(shorter), f"part of {' '.join(found)}"


def _words_of(entity: Named, words: Words) -> Iterator[str]:
    if not entity.is_concept:
        for label in entity.labels:
            yield from (word for word in words.thing(label) if len(word) >= _LONG)


# ---- grounds


def _exact(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """One star for each family: round the one that is known, where there is just one."""
    found = [(sort, named) for sort, iri in members if (named := blocks.named(iri)) is not None]
    owners = {named.iri: named for _, named in found if named.is_known}
    families: dict[str, list[tuple[str, Named]]] = {}
    for sort, named in found:
        families.setdefault("c" if named.is_concept else comparing.family(named.type), []).append((sort, named))
    if _is_long(found, comparing.words):  # "American Rescue Plan" is one thing, whatever it is taken for
        kinds = families.keys() - {"c", "Person", ""}
        families |= {"things": [pair for kind in sorted(kinds) for pair in families.pop(kind)]} if kinds else {}
    undecided = families.pop("", [])
    if len(families) == 1 and "c" not in families:
        next(iter(families.values())).extend(undecided)
    elif undecided:
        families[""] = undecided
    for group in families.values():
        known = [named for _, named in group if named.iri in owners]
        if len({named.iri for named in known}) > 1:
            continue  # one name of several known things: which of them is meant, it does not tell
        centre = known[0] if known else min((named for _, named in group), key=lambda n: n.iri)
        for sort, named in group:
            if named.iri != centre.iri and (comparing.fit(centre, named) or _is_long(group, comparing.words)):
                is_other_name = sort == "o" or _is_other_name(centre, group)
                yield _other_name(centre, named, comparing.words) if is_other_name else _act(
                    centre, named, "exact", "the same name but for spelling, legal form or inflection", 1.0)  # fmt: skip


def _is_long(group: list[tuple[str, Named]], words: Words) -> bool:
    """Whether the name has so many words that two things of different kinds hardly share it."""
    return any(sort == "n" and len(words.thing(named.label)) >= _LONG_NAME for sort, named in group)


def _is_other_name(centre: Named, group: list[tuple[str, Named]]) -> bool:
    """Whether the block has the centre for one of its other names only."""
    return all(sort == "o" for sort, named in group if named.iri == centre.iri)


def _other_name(centre: Named, named: Named, words: Words) -> Act:
    if all(len(label.split()) == 1 for label in named.labels):
        return _act(centre, named, "alias", "its name, a single word, is another name of the known one", 0.72)
    # U.S. Treasuries are no U.S. Treasury, and state departments not the State Department.
    spelled = [
        {tuple(words.without_form(words.plain(name))) for name in (*_names(n), *_with_country(n, words))}
        for n in (centre, named)
    ]
    if not spelled[0] & spelled[1]:
        return _act(centre, named, "alias", "its name in the other number is another name of the known one", 0.72)
    return _act(centre, named, "alias", "its name is another name of the known one", 0.97)


def _acronyms(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """An acronym and the one thing that it was introduced for, or may stand for."""
    found = _by_sort(members, blocks)
    short, introduced = found.get("is", []), found.get("introduced", [])
    spelled = [n for n in found.get("stands for", []) if n not in introduced and n not in short]
    for named in short:
        fitting = [n for n in introduced if n.iri != named.iri and comparing.fit(named, n)]
        if len(fitting) == 1:
            yield _act(fitting[0], named, "acronym", "a text introduces the acronym for it", 0.95)
        elif not fitting:
            likely = [n for n in spelled if n.iri != named.iri and comparing.fit(named, n)]
            if len(likely) == 1 and not named.is_known:
                yield _act(likely[0], named, "acronym", "the acronym has its initials", 0.75)


def _full_names(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """People of one first name and one surname, but for letters that stand twice."""
    found = _people(members, comparing, blocks)
    middles = {name.middle for _, name in found if name.middle}
    are_at_odds = any(_are_at_odds(one, other) for one in middles for other in middles)
    generations = {name.generation for _, name in found}
    centre, central = min(found, key=lambda pair: (not pair[0].is_known, pair[0].iri))
    for named, name in found:
        if named.iri == centre.iri:
            continue
        if len(generations) > 1 and name.generation != central.generation:
            yield _act(centre, named, "generation", "one of them is called Jr., Sr. or the like", 0.7)
        elif are_at_odds:
            if not _are_at_odds(name.middle, central.middle):
                yield _act(centre, named, "middle", "one of several with other middle names", 0.7)
        elif name.last != central.last:
            yield _act(centre, named, "doubled", "the same name but for letters that stand twice", 0.93)
        elif all(len(middle) == 1 for middle in (*name.middle, *central.middle)):
            yield _act(centre, named, "middle", "a middle initial is left out, and nobody else is called so", 0.92)
        else:
            yield _act(centre, named, "middle", "a middle name is left out", 0.7)


def _initials(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """A first name that is an initial or a short form, and the one whom it may be short for."""
    found = _people(members, comparing, blocks)
    full = [(named, name) for named, name in found if len(name.first) > 1]
    firsts = {comparing.words.short_forms.get(name.first, name.first) for _, name in full}
    if len(firsts) > 1 or not full:
        return
    centre, central = min(full, key=lambda pair: (not pair[0].is_known, len(pair[0].label), pair[0].iri))
    for named, name in found:
        if named.iri != centre.iri and name.first != central.first:
            kind = "initial" if len(name.first) == 1 else "short"
            reason = "an initial" if kind == "initial" else "a short form"
            yield _act(centre, named, kind, f"{reason} in the place of the first name", 0.7)


def _surnames(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """A surname alone, and the one person who bears it."""
    alone: list[Named] = []
    bearers: dict[str, Named] = {}
    for sort, iri in members:
        named = blocks.named(iri)
        if named is None:
            continue
        if not sort:
            alone.append(named)
        elif len(bearers) < 2:
            bearers.setdefault(sort.split(" ")[0], named)
    if len(bearers) == 1:
        bearer = next(iter(bearers.values()))
        for named in alone:
            yield _act(bearer, named, "surname", "nobody else in the graph has this surname", 0.65)
    for named in alone[1:] if len(alone) < MOST else ():
        yield _act(alone[0], named, "exact", "the same name but for letters that stand twice", 0.75)


def _slips(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """Names that differ in one letter of one long word; in blocks sorted by that word."""
    before: list[Member] = []
    for word, iri in members:
        for other, its in before:
            if other != word and its != iri and _is_slip(other, word):
                one, two = blocks.named(its), blocks.named(iri)
                if one is not None and two is not None and comparing.fit(one, two):
                    yield _slip(one, two, (other, word), comparing, blocks)
        before = [*before, (word, iri)][-WINDOW:]


def _is_slip(one: str, other: str) -> bool:
    """One letter too many, too few, another or two changed places, but not at either end."""
    return one[0] == other[0] and one[-1] == other[-1] and OSA.distance(one, other, score_cutoff=1) == 1


def _slip(one: Named, other: Named, differing: tuple[str, str], comparing: Comparing, blocks: Blocks) -> Act:
    is_long = len(comparing.words.thing(one.label)) >= _SHORTEST_SLIP
    is_rare = min(map(blocks.n_names_with, differing)) == 1
    reason = f"“{differing[0]}” and “{differing[1]}” differ in one letter"
    return _act(one, other, "spelling", reason, 0.91 if is_long and is_rare else 0.8)


def _orders(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """The same words in another order."""
    found = [named for _, iri in members if (named := blocks.named(iri)) is not None]
    centre = min(found, key=lambda n: (not n.is_known, n.iri))
    for named in found:
        if named.iri != centre.iri and comparing.fit(centre, named):
            words = comparing.words.thing(centre.label)
            if words != comparing.words.thing(named.label):
                score = 0.9 if "and" in words else 0.7
                yield _act(centre, named, "order", "the same words in another order", score)


def _parts(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> Iterator[Act]:
    """A name, and the one longer name of which it is the beginning or the end."""
    found = _by_sort(members, blocks)
    wholes = found.pop("whole", [])
    longer = {named.iri: named for group in found.values() for named in group}
    if len(longer) == 1 and len(wholes) == 1:
        one, other = wholes[0], next(iter(longer.values()))
        if one.iri != other.iri and comparing.fit(one, other) and comparing.family(one.type) in _LENGTHENED:
            yield _act(one, other, "part", "no other name goes on or begins otherwise", 0.6)


# ---- together


def _people(members: Iterator[Member], comparing: Comparing, blocks: Blocks) -> list[tuple[Named, Person]]:
    found = [(named, person(label, comparing.words)) for label, iri in members if (named := blocks.named(iri)) is not None]
    return found if len(found) <= MOST else found[:1]


def _by_sort(members: Iterator[Member], blocks: Blocks) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for sort, iri in members:
        if (named := blocks.named(iri)) is not None:
            found.setdefault(sort, []).append(named)
    return found


def _are_at_odds(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether no person has both as middle names: initials agree with what they may be short for."""
    return bool(one and other) and any(not (a.startswith(b) or b.startswith(a)) for a, b in zip(one, other, strict=False))


def _act(one: Named, other: Named, kind: str, reason: str, score: float) -> Act:
    left, right = sorted((one, other), key=lambda n: n.iri)
    return Act(left=left.iri, right=right.iri, left_label=left.label, right_label=right.label, kind=kind, reason=reason,
               score=score)  # fmt: skip
