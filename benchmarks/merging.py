"""How the time for merging names grows: `make bench-merge`, or `python -m benchmarks.merging [N...]`.

Names are made up, as in the world: many share words, surnames and initials; one in ten is a variant of another (legal
form, spelling, initial, slip of the pen, diacritics, order). Twice the names should take about twice the time.
"""

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator

from kg import ids, ontology
from kg.ids import ONTOLOGY
from kg.merging import Decisions, Words, acts, group, named
from kg.merging.blocks import Blocks
from kg.model import Entity

SIZES = (10_000, 25_000, 50_000, 100_000, 200_000)
SYLLABLES = ("ka", "lo", "mir", "ten", "sha", "vor", "dun", "pel", "gra", "nis", "bel", "or", "ist", "av", "ron", "mek", "tu", "zan", "hel", "qui")
KINDS = ("Ministry of {}", "{} Bank of {}", "{} Holding", "National {} Agency", "{} and {} Council", "{} Institute for {}", "{} Energy")
FORMS = (" Inc.", ", Ltd.", " GmbH", " Corp.", " plc")


def names(n: int, *, seed: int = 1) -> Iterator[Entity]:
    """Distinct made-up entities: half organizations, a third people, the rest concepts and places."""
    chance, seen = random.Random(seed), set[str]()
    recent: list[tuple[str, str]] = []
    while len(seen) < n:
        if recent and chance.random() < 0.1:
            type, label = chance.choice(recent)
            label = variant(label, type, chance)
        else:
            type, label = fresh(chance)
        if (iri := iri_of(type, label)) not in seen:
            seen.add(iri)
            recent = [*recent[-200:], (type, label)]
            yield Entity(iri=iri, type=ONTOLOGY + type, label=label)


def iri_of(type: str, label: str) -> str:
    return ids.BASE + "concept/" + ids.slug(label) if type == "Concept" else ids.entity_iri(ONTOLOGY + type, label)


def word(chance: random.Random) -> str:
    """A word, some far more often than others."""
    rank = int(chance.paretovariate(0.7))
    own = random.Random(rank % 60_000)
    return "".join(own.choice(SYLLABLES) for _ in range(own.randint(2, 4))).capitalize()


def fresh(chance: random.Random) -> tuple[str, str]:
    kind = chance.random()
    if kind < 0.5:
        form = chance.choice(KINDS)
        return "Organization", form.format(*(word(chance) for _ in range(form.count("{}"))))
    if kind < 0.83:
        middle = chance.choice(("", "", f" {chance.choice('ABCDEFGHIJKLM')}."))
        return "Person", f"{word(chance)}{middle} {word(chance)}"
    if kind < 0.95:
        return "Concept", f"{word(chance)} {word(chance)}".lower()
    return "Place", word(chance) + " " + word(chance)


def variant(label: str, type: str, chance: random.Random) -> str:
    words = label.split(" ")
    if type == "Person":
        return " ".join([words[0][0] + ".", *words[1:]]) if chance.random() < 0.5 else f"{words[0]} {words[-1]}"
    if type == "Organization" and chance.random() < 0.5:
        return label + chance.choice(FORMS)
    place = chance.randrange(1, max(2, len(label) - 1))
    return label[:place] + chance.choice("aeiou") + label[place:]


def measure(n: int) -> tuple[float, int, int]:
    """Seconds, and how many were merged and proposed."""
    entities = (named([e]) for e in list(names(n)))
    blocks, began = Blocks(), time.perf_counter()
    try:
        found = group(acts(entities, Words.load(), ontology.load(), blocks), Decisions(), blocks.named)
    finally:
        blocks.close()
    return time.perf_counter() - began, len(found.targets), Counter(a.kind for a in found.proposals).total()


def main() -> None:
    print("names      seconds   per 10,000   merged   proposed   MiB")
    for n in [int(size) for size in sys.argv[1:]] or SIZES:
        seconds, n_merged, n_proposed = measure(n)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{n:>9,} {seconds:>9.1f} {seconds / n * 10_000:>12.2f} {n_merged:>8,} {n_proposed:>10,} {peak:>5}")


if __name__ == "__main__":
    main()
