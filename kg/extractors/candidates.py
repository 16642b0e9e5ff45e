"""Pairs of mentions of one sentence that may stand in a relation, and what the sentence says of how they hang together.

The features are those that relation extraction has found to count: the path between the two in the tree, with and
without words (Bunescu and Mooney, 2005), the predicate that both are arguments of and their roles in it, their classes
and heads, the words between them (Zhou et al., 2005), and Brown clusters of the predicate (Sun et al., 2011).
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span as TokenSpan
from spacy.tokens import Token

from kg import ids, syntax
from kg.extractors import Reading
from kg.model import Mention

_MOST_STEPS = 4
_MOST_TOKENS = 19
_MOST_BETWEEN = 12
_CONTENT = {"VERB", "NOUN", "ADJ", "ADP", "AUX", "SCONJ", "ADV"}


Roles = Mapping[int, list[tuple[Token, str]]]


@dataclass(frozen=True)
class Candidate:
    """Two mentions in the order subject, object, and the word that most likely says how they are related."""

    subject: Mention
    object: Mention
    predicate: Token
    features: tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    """A mention with the token that stands for it in the tree: the first of a coordination stands for all of it."""

    mention: Mention
    head: Token
    place: Token
    type: str


def candidates(reading: Reading, sentence: TokenSpan, mentions: Sequence[Mention], *,
               types: Container[tuple[str, str]] | None = None) -> Iterator[Candidate]:  # fmt: skip
    """Every ordered pair of mentions of the sentence that is not too far apart, in the tree and in words.

    Args:
        types: The pairs of classes, by their names, that are wanted; None takes all.
    """
    nodes = list(_nodes(reading, mentions))
    roles = _roles(sentence)
    for a in nodes:
        for b in nodes:
            if a is b or a.mention.entity == b.mention.entity or abs(a.head.i - b.head.i) > _MOST_TOKENS:
                continue
            if types is None or (a.type, b.type) in types:
                yield from _candidate(a, b, roles)


def _nodes(reading: Reading, mentions: Sequence[Mention]) -> Iterator[_Node]:
    for mention in mentions:
        span = reading.doc.char_span(mention.span.start, mention.span.end)
        if span is None or mention.entity is None:
            continue
        head = span.root
        yield _Node(mention, head, _place(head), ids.predicate_name(mention.entity.type))


def _place(token: Token) -> Token:
    while token.dep_ == "conj" and syntax.is_nominal(token.head):
        token = token.head
    return token


def _roles(sentence: TokenSpan) -> Roles:
    """The predicates that each token is an argument of, with its role."""
    found: dict[int, list[tuple[Token, str]]] = {}
    for verb in sentence:
        if verb.pos_ not in {"VERB", "AUX", "ADJ", "NOUN"} or not syntax.is_predicate(verb):
            continue
        for role, tokens in (
            ("subj", syntax.subjects(verb)), ("obj", syntax.objects(verb)), ("agent", syntax.agents(verb)),
            *((f"obl:{syntax.case_of(t)}", [t]) for t in syntax.children(verb, "obl", "obl:agent", "nmod")),
        ):  # fmt: skip
            for token in tokens:
                for part in syntax.conjuncts(token):
                    found.setdefault(part.i, []).append((verb, role))
    return found


def _candidate(a: _Node, b: _Node, roles: Roles) -> Iterator[Candidate]:
    up, top, down = _path(a.place, b.place)
    if len(up) + len(down) <= _MOST_STEPS:
        shared = _shared(a, b, roles)
        predicate = _predicate(shared[0][0] if shared else top, down)
        yield Candidate(a.mention, b.mention, predicate, tuple(_features(a, b, up, top, down, shared)))


def _predicate(top: Token, down: Sequence[Token]) -> Token:
    """The verb that says most of the object: of "imposed tariffs to protect industry", "protect" for "industry"."""
    for token in reversed(down[:-1]):
        if token.pos_ == "VERB":
            return token
    follower = syntax.child(top, "xcomp")  # "the two intend to cooperate"
    return follower if follower is not None and not down and follower.pos_ == "VERB" else top


def _shared(a: _Node, b: _Node, roles: Roles) -> list[tuple[Token, str, str]]:
    """The predicates that both are arguments of, with the role of each."""
    of_b = {verb.i: role for verb, role in roles.get(b.head.i, [])}
    return [(verb, role, of_b[verb.i]) for verb, role in roles.get(a.head.i, []) if verb.i in of_b]


def _path(a: Token, b: Token) -> tuple[list[Token], Token, list[Token]]:
    """The tokens on the way up from the first, the one where the ways meet, and those on the way down to the second."""
    ups = [a]
    while ups[-1].head.i != ups[-1].i:
        ups.append(ups[-1].head)
    at = {token.i: n for n, token in enumerate(ups)}
    downs = [b]
    while downs[-1].i not in at and downs[-1].head.i != downs[-1].i:
        downs.append(downs[-1].head)
    if downs[-1].i not in at:
        return ups, ups[-1], downs  # two trees in one sentence
    return ups[: at[downs[-1].i]], downs[-1], downs[:-1][::-1]


def _features(a: _Node, b: _Node, up: list[Token], top: Token, down: list[Token],
              shared: Sequence[tuple[Token, str, str]]) -> Iterator[str]:  # fmt: skip
    types = f"{a.type}|{b.type}"
    order = "<" if a.head.i < b.head.i else ">"
    lemma = _lemma(top)
    deps = ">".join(t.dep_ for t in up) + "^" + "<".join(t.dep_ for t in down)
    inner = [*up[1:], *([top] if top.i not in (a.place.i, b.place.i) else []), *down[:-1]]
    words = "_".join(_lemma(t) for t in inner)
    case_a, case_b = syntax.case_of(a.place), syntax.case_of(b.place)
    first, last = (up[-1].dep_ if up else "self"), (down[0].dep_ if down else "self")
    frame = f"{lemma}:{first}:{last}"
    yield from ("1", "o" + order, f"t={types}", f"ta={a.type}", f"tb={b.type}")
    yield from (f"p={deps}", f"po={deps}{order}", f"pt={deps}{types}", f"pw={deps}/{words}", f"w={words}", f"wt={words}{types}")
    yield from (f"f={frame}", f"ft={frame}{types}", f"l={lemma}", f"lt={lemma}{types}", f"lb={lemma}{b.type}", f"la={lemma}{a.type}")
    yield from (f"ca={case_a}", f"cb={case_b}", f"cab={case_a}:{case_b}", f"cbl={lemma}:{case_b}", f"cal={lemma}:{case_a}",
                f"cbt={case_b}{types}")  # fmt: skip
    yield from (f"ha={_lemma(a.head)}", f"hb={_lemma(b.head)}", f"hat={_lemma(a.head)}{b.type}", f"hbt={_lemma(b.head)}{a.type}",
                f"hbl={lemma}:{_lemma(b.head)}")  # fmt: skip
    yield f"n={min(len(up) + len(down), 6)}"
    yield f"ka={a.mention.kind}"
    yield f"kb={b.mention.kind}"
    for token in inner:
        yield f"i={_lemma(token)}"
        yield f"it={_lemma(token)}{types}"
        yield f"id={_lemma(token)}:{token.dep_}"
    for depth in (4, 6, 10):
        if cluster := _cluster(top, depth):
            yield f"c{depth}={cluster}:{first}:{last}"
            yield f"ct{depth}={cluster}{types}"
    for verb, role, other in shared:
        called = f"{_lemma(verb)}:{role}:{other}"
        yield from (f"v={called}", f"vt={called}{types}", f"vr={role}:{other}", f"vrt={role}:{other}{types}")
        if cluster := _cluster(verb, 10):
            yield f"vc={cluster}:{role}:{other}"
    low, high = sorted((a.head.i, b.head.i))
    between = [t for t in top.doc[low + 1 : high] if t.pos_ in _CONTENT]
    if len(between) <= _MOST_BETWEEN:
        for token in between:
            yield f"b={order}{_lemma(token)}"
    if len(between) <= 3:
        yield f"bs={order}{'_'.join(_lemma(t) for t in between)}"
        yield f"bst={order}{'_'.join(_lemma(t) for t in between)}{types}"
    for token in top.children:
        if token.dep_ in {"compound:prt", "obj", "xcomp", "aux", "nsubj"} and token.i not in (a.place.i, b.place.i):
            yield f"k={lemma}:{token.dep_}:{_lemma(token)}"
    if top.dep_ in {"xcomp", "ccomp", "advcl", "acl", "acl:relcl", "conj"}:
        yield f"g={_lemma(top.head)}:{top.dep_}:{lemma}"


def _lemma(token: Token) -> str:
    return token.lemma_.lower()


def _cluster(token: Token, depth: int) -> int:
    """The first steps of the word's path in the tree of Brown clusters; 0 where the pipeline has none."""
    lookups = token.doc.vocab.lookups
    if not lookups.has_table("brown"):
        return 0
    table = lookups.get_table("brown")
    full = dict.get(table, token.orth, 0) or dict.get(table, token.norm, 0)
    return int(full) & ((1 << depth) - 1)
