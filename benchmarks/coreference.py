"""How well chains are found, against a treebank that carries them: `python -m benchmarks.coreference FILE.conllu.gz`.

The file is one of GUM (https://gucorpus.org), whose `Entity=` marks mentions and chains. The whole pipeline reads the
plain text. Mentions meet by head word; chains of one mention count on neither side.

For pronouns and nominals the question is the one the graph asks: whether the mention that would be linked in their
place (`kg.coreference.representative`) is in their true chain. CoNLL is the mean F1 of MUC (Vilain et al., 1995),
B-cubed (Bagga and Baldwin, 1998) and CEAF-e (Luo, 2005).
"""

import argparse
import gzip
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import networkx
from spacy.tokens import Doc, Span

from kg import coreference, language, linking, mentions, ontology
from kg.model import Document, Mention, MentionKind

Chains = list[frozenset[int]]  # of offsets of head words
_MARK = re.compile(r"\(([^-()]+)(?:-[^()]*)?\)|\(([^-()]+)(?:-[^()]*)?|([^-()]+)\)")
GENRES = ("news", "interview", "speech")
TOGETHER, ALL = "news, interview, speech", "all"
_THIRD_PERSON = {"it", "its", "they", "their", "them", "he", "his", "him", "she", "her"}


@dataclass
class Gold:
    """A document of the treebank: its text and its chains."""

    id: str
    text: str = ""
    words: list[tuple[str, str]] = field(default_factory=list)  # form and part of speech
    offsets: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)  # number of the word within the document; -1 for a root
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))  # words, by entity

    def chains(self) -> Chains:
        """Chains of two or more; of two mentions with one head the shorter counts."""
        shortest: dict[int, tuple[int, str]] = {}
        for entity, spans in self.spans.items():
            for first, last in spans:
                head = self._head(first, last)
                shortest[head] = min(shortest.get(head, (len(self.words) + 1, "")), (last - first, entity))
        found: dict[str, set[int]] = defaultdict(set)
        for head, (_, entity) in shortest.items():
            found[entity].add(self.offsets[head])
        return [frozenset(chain) for chain in found.values() if len(chain) > 1]

    def _head(self, first: int, last: int) -> int:
        return next((i for i in range(first, last + 1) if not first <= self.heads[i] <= last), first)


def read(path: Path) -> Iterator[Gold]:
    """The documents of a CoNLL-U file, in order."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for part in content.decode("utf-8").split("# newdoc id = ")[1:]:
        name, rest = part.split("\n", 1)
        gold = Gold(id=name)
        for block in rest.split("\n\n"):
            if "# newpar" in block and gold.text:
                gold.text = gold.text.rstrip() + "\n\n"
            _add_sentence(gold, [line.split("\t") for line in block.splitlines() if line[0] != "#"])
        yield gold


def _add_sentence(gold: Gold, rows: Sequence[Sequence[str]]) -> None:
    base = len(gold.words)
    covered = 0  # words inside a multiword token that are still to come
    opened: dict[str, list[int]] = defaultdict(list)
    for number, form, _, pos, _, _, head, _, _, misc in rows:
        space = "" if "SpaceAfter=No" in misc else " "
        if "-" in number:
            first, last = map(int, number.split("-"))
            start, covered = len(gold.text), last - first + 1
            gold.text += form + space
            continue
        if "." in number:
            continue
        if covered:
            gold.offsets.append(start)
            start, covered = start + len(form), covered - 1
        else:
            gold.offsets.append(len(gold.text))
            gold.text += form + space
        gold.words.append((form, pos))
        gold.heads.append(base + int(head) - 1 if head != "0" else -1)
        _add_marks(gold, misc, base + int(number) - 1, opened)


def _add_marks(gold: Gold, misc: str, word: int, opened: dict[str, list[int]]) -> None:
    marks = next((part[7:] for part in misc.split("|") if part.startswith("Entity=")), "")
    for single, first, last in _MARK.findall(marks):
        if single:
            gold.spans[single.split("[")[0]].append((word, word))
        elif first:
            opened[first].append(word)
        elif opened[last]:
            gold.spans[last.split("[")[0]].append((opened[last].pop(), word))


def heads_of(doc: Doc, found: Iterable[Mention], gold: Gold) -> dict[Mention, int]:
    """Each mention with the offset of its head word.

    Of a name it is the word that heads a true mention, if ours does not: analyses differ on "Emperor Norton".
    """
    true = {offset for chain in gold.chains() for offset in chain}
    spans = ((m, doc.char_span(m.span.start, m.span.end)) for m in found)
    return {m: _head_offset(span, true if m.kind is MentionKind.NAME else set()) for m, span in spans if span is not None}


def _head_offset(span: Span, true: set[int]) -> int:
    own = span.root.idx
    return own if own in true else next((token.idx for token in span if token.idx in true), own)


def grouped(found: Iterable[Mention]) -> list[list[Mention]]:
    chains: dict[int, list[Mention]] = defaultdict(list)
    for mention in found:
        if mention.chain is not None:
            chains[mention.chain].append(mention)
    return list(chains.values())


def count_links(gold: Gold, found: Sequence[Mention], heads: dict[Mention, int], counts: Counter[str]) -> None:
    """Count pronouns and nominals whose representative is right, wrong, or missing."""
    true = {offset: chain for chain in gold.chains() for offset in chain}
    pos = {offset: (form.lower(), tag) for offset, (form, tag) in zip(gold.offsets, gold.words, strict=True)}
    guessed = {heads[m]: (m, coreference.representative(chain)) for chain in grouped(found) for m in chain}
    for offset, (form, tag) in pos.items():
        chain = true.get(offset, frozenset())
        if tag == "PRON" and form in _THIRD_PERSON:
            _count(counts, "pronoun", chain, guessed.get(offset), heads, _is_resolvable(chain, pos, {"NOUN", "PROPN"}))
        elif tag == "NOUN":
            guess = guessed.get(offset)
            is_named = guess is not None and guess[1].kind is MentionKind.NAME and guess[0].kind is MentionKind.NOMINAL
            earlier = frozenset(o for o in chain if o < offset)
            to_name = guess if is_named else None
            _count(counts, "nominal to name", chain, to_name, heads, _is_resolvable(earlier, pos, {"PROPN"}))
            _count(counts, "nominal", chain, guess, heads, bool(earlier))


def _is_resolvable(chain: frozenset[int], pos: dict[int, tuple[str, str]], tags: set[str]) -> bool:
    return any(pos[offset][1] in tags for offset in chain)


def _count(counts: Counter[str], what: str, chain: frozenset[int], guess: tuple[Mention, Mention] | None,
           heads: dict[Mention, int], is_resolvable: bool) -> None:  # fmt: skip
    counts[what + " gold"] += is_resolvable
    if guess is None or guess[1].kind is MentionKind.PRONOUN or (guess[0] is guess[1] and what == "nominal"):
        return
    counts[what + " guessed"] += 1
    counts[what + " right"] += heads[guess[1]] in chain


def muc(key: Chains, response: Chains) -> tuple[float, float]:
    """Links of the key that the response keeps, and all links of the key."""
    chain_of = {mention: i for i, chain in enumerate(response) for mention in chain}
    kept = sum(len(c) - len({chain_of.get(m, -1 - m) for m in c}) for c in key)
    return kept, sum(len(c) - 1 for c in key)


def b_cubed(key: Chains, response: Chains) -> tuple[float, float]:
    """The mean share of each mention's chain that the response keeps, as numerator and denominator."""
    chain_of = {mention: chain for chain in response for mention in chain}
    shares = [len(c & chain_of.get(m, frozenset())) / len(c) for c in key for m in c]
    return sum(shares), len(shares)


def ceaf_e(key: Chains, response: Chains) -> float:
    """The similarity of the best one-to-one alignment of chains."""
    chain_of = {mention: j for j, chain in enumerate(response) for mention in chain}
    graph = networkx.Graph()
    for i, chain in enumerate(key):
        for j in {chain_of[m] for m in chain if m in chain_of}:
            similarity = 2 * len(chain & response[j]) / (len(chain) + len(response[j]))
            graph.add_edge(("key", i), ("response", j), weight=similarity)
    return sum(graph.edges[pair]["weight"] for pair in networkx.max_weight_matching(graph))


def f1(right: float, guessed: float, wanted: float) -> float:
    return 2 * right / (guessed + wanted) if guessed + wanted else 0.0


class ConllScore:
    """Sums over documents, and the F1 scores from them."""

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()

    def add(self, key: Chains, response: Chains) -> None:
        for name, measure in (("muc", muc), ("b3", b_cubed)):
            for side, pair in (("recall", measure(key, response)), ("precision", measure(response, key))):
                self.sums[f"{name} {side} right"] += pair[0]  # type: ignore[assignment]
                self.sums[f"{name} {side} all"] += pair[1]  # type: ignore[assignment]
        self.sums["ceafe"] += ceaf_e(key, response)  # type: ignore[assignment]
        self.sums["key"] += len(key)
        self.sums["response"] += len(response)

    def scores(self) -> dict[str, float]:
        """F1 by measure, and their mean as "conll"."""
        found = {name: self._f1(name) for name in ("muc", "b3")}
        found["ceafe"] = f1(self.sums["ceafe"], self.sums["response"], self.sums["key"])
        return {**found, "conll": sum(found.values()) / 3}

    def _f1(self, name: str) -> float:
        sides = [self.sums[f"{name} {s} right"] / (self.sums[f"{name} {s} all"] or 1) for s in ("precision", "recall")]
        return 2 * sides[0] * sides[1] / (sum(sides) or 1)


@dataclass
class Score:
    """What is counted over documents."""

    links: Counter[str] = field(default_factory=Counter)
    conll: ConllScore = field(default_factory=ConllScore)

    def line(self) -> str:
        """CoNLL F1, and how many of the pronouns and nominals are right, of those said to be resolved and of all."""
        parts = [f"CoNLL {self.conll.scores()['conll']:.3f}"]
        for what in ("pronoun", "nominal to name", "nominal"):
            precision, recall = self.shares(what)
            parts.append(f"{what} P {precision:.3f} R {recall:.3f}")
        return " | ".join(parts)

    def shares(self, what: str) -> tuple[float, float]:
        right, guessed, gold = (self.links[f"{what} {part}"] for part in ("right", "guessed", "gold"))
        return right / (guessed or 1), right / (gold or 1)


def measure(golds: Sequence[Gold], ranker: coreference.Ranker | None = None) -> tuple[dict[str, Score], float]:
    """The scores by genre, of `GENRES` together and of all; and sentences a CPU second, parsing excluded."""
    nlp, terms, words = language.load(), ontology.load(), coreference.load()
    gazetteer = mentions.Gazetteer.build(nlp, linking.Linker.load(ontology=terms).names())
    scores: dict[str, Score] = defaultdict(Score)
    n_sentences, seconds = 0, 0.0
    analysed = language.analyse(nlp, [Document(id=gold.id, text=gold.text) for gold in golds])
    for gold, (document, doc) in zip(golds, analysed, strict=True):
        named = mentions.find(doc, document.id, ontology=terms, gazetteer=gazetteer)
        started = time.process_time()
        found = coreference.resolve(doc, named, terms, words, ranker=ranker)
        seconds += time.process_time() - started
        n_sentences += sum(1 for _ in language.sentences(doc))
        phrases = coreference.resolve_all(doc, named, terms, words, ranker=ranker)
        for name in groups_of(gold.id):
            count_links(gold, found, heads_of(doc, found, gold), scores[name].links)
            scores[name].conll.add(gold.chains(), chains_of(phrases, heads_of(doc, phrases, gold)))
    return dict(scores), n_sentences / seconds


def groups_of(id: str) -> list[str]:
    """The groups that a document of the treebank is counted in: "GUM_news_nasa" is news."""
    genre = id.split("_")[1]
    return [genre, *([TOGETHER] if genre in GENRES else []), ALL]


def chains_of(found: Sequence[Mention], heads: dict[Mention, int]) -> Chains:
    """The chains by the heads of their mentions; of two mentions with one head the first counts."""
    seen: set[int] = set()
    chains = []
    for chain in grouped(found):
        own = frozenset(heads[m] for m in chain) - seen
        seen |= own
        chains.append(own)
    return [chain for chain in chains if len(chain) > 1]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    scores, speed = measure(list(read(arguments.parse_args().file)))
    for name in (*sorted(scores.keys() - {ALL, TOGETHER}), TOGETHER, ALL):
        print(f"{name:24}", scores[name].line())
    print("  ".join(f"{name} {score:.3f}" for name, score in scores[ALL].conll.scores().items()))
    print(f"{speed:,.0f} sentences a CPU second, parsing excluded")


if __name__ == "__main__":
    main()
