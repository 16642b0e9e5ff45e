"""Which earlier mention a mention takes up: a log-linear model ranks the candidates, and the choice of none of them.

The model is that of Durrett and Klein (2013): each mention chooses an antecedent or starts a chain; what speaks for a
choice is a sum of weights. A feature is a number of one of the `TEMPLATES`, which put traits of the two mentions
together; most say what form the mention has ("it", "the ...", a name), so each form has weights of its own.
`training/coreference.py` fits the weights.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg import resources
from kg.coreference.traits import FORMS, GENDERS, N_CLASSES, N_LEMMAS, N_PRONOUN_FORMS, N_ROLES, ROLES, Traits
from kg.errors import ModelError

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
NEAR = 45  # mentions back
NEAR_PRONOUN = 30
N_ALIKE = 8  # mentions with the same head, farther back

F = len(FORMS)
K = 4  # kinds of candidate: pronoun, nominal, name, inner
_KIND = np.array([0] * N_PRONOUN_FORMS + [1] * (F - N_PRONOUN_FORMS), dtype=np.int32)
_KIND[[FORMS.index("name"), FORMS.index("name with the")]] = 2
_KIND[[FORMS.index("inner name"), FORMS.index("inner noun"), FORMS.index("number")]] = 3
_SUBJECT, _POSSESSIVE, _APPOSITION = (ROLES.index(name) for name in ("nsubj", "nmod:poss", "appos"))


@dataclass(frozen=True)
class Pairs:
    """The candidates of all mentions: of each, where its own begin and end."""

    mention: Ints
    candidate: Ints
    starts: Ints


def pairs_of(traits: Traits) -> Pairs:
    """Each mention with the candidates for its antecedent: those near, and farther back those with its head."""
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)
    found: list[npt.NDArray[np.int64]] = []
    forms, heads, chains = traits.form.tolist(), traits.head.tolist(), traits.chain.tolist()
    latest: dict[int, int] = {}
    salience = traits.salience.tolist()
    for i, form in enumerate(forms):
        first = max(0, i - (NEAR_PRONOUN if form < N_PRONOUN_FORMS else NEAR))
        before: set[int] = set()
        if form >= N_PRONOUN_FORMS or form < 2:
            before.update(j for key in (("head", heads[i]), ("chain", chains[i])) for j in alike[key][-N_ALIKE:] if j < first)
            before.update(j for j in latest.values() if j < first)
        if 0 < salience[i] < 4:
            latest[salience[i]] = i
        found.append(np.array([*sorted(before), *range(first, i)], dtype=np.int64))
        alike["head", heads[i]].append(i)
        alike["chain", chains[i]].append(i)
    counts = np.array([len(f) for f in found], dtype=np.int32)
    mention = np.repeat(np.arange(len(found), dtype=np.int32), counts)
    candidate = np.concatenate(found).astype(np.int32) if found else np.zeros(0, dtype=np.int32)
    return Pairs(mention, candidate, np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))


_DISTANCES = np.array([1, 2, 3, 4, 5, 7, 10, 15, 25, 50])
_SENTENCES = np.array([1, 2, 3, 4, 6, 10, 20])
_COUNTS = np.array([1, 2, 3, 5, 9, 17])
_LIKENESS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75])
D, S, N, L = len(_DISTANCES) + 1, len(_SENTENCES) + 1, len(_COUNTS) + 1, len(_LIKENESS) + 1
G, C, R = len(GENDERS), N_CLASSES, N_ROLES
_SHAPES: dict[str, tuple[int, ...]] = {
    "forms": (F, F), "sentences": (F, K, S), "distance": (F, K, D), "roles": (F, R, R), "numbers": (F, K, 3, 3),
    "genders": (F, K, G, G), "classes": (F, K, C, C), "match": (F, K, 2, 5, 2), "match far": (F, 2, S),
    "match rare": (F, 2, N, N), "like": (F, K, L), "paragraphs": (F, F, 3, 2, 2), "quotes": (F, F, 5), "syntax": (F, K, 13),
    "frequency": (F, K, N), "chained": (F, K, 2), "lemma": (F, N_LEMMAS), "clusters": (64, 64, 2), "cluster": (F, 1024),
    "inside": (F, F, 3), "determiner": (F, 6, 4), "rank": (F, K, 6), "subject rank": (F, 6), "role far": (F, R, S), "class": (F, K, C, C),
    "opening": (F, K, 3), "governor": (F, K, 2, 2), "chain": (F, K, N), "narrowed": (F, K, 4, 4), "own lemma": (N_LEMMAS, 2, 2),
    "salience": (F, C, C, 5), "known as": (F, K, 2, 2), "salient": (F, K, 5, S),
}  # fmt: skip
_OWN_SHAPES: dict[str, tuple[int, ...]] = {
    "new form": (F,), "new role": (F, R), "new lemma": (N_LEMMAS, 2), "new cluster": (1024,), "new earlier": (F, N, 4),
    "new frequency": (F, N), "new class": (F, C), "new opening": (F, 3, 4), "new verb": (F, N_LEMMAS), "new small": (64, F),
    "new chained": (F, 2), "new words": (F, 4, 2), "new many": (F, N),
}  # fmt: skip


def _offsets() -> tuple[dict[str, int], int]:
    found, n = {}, 0
    for name, shape in {**_SHAPES, **_OWN_SHAPES}.items():
        found[name] = n
        n += int(np.prod(shape))
    return found, n


_OFFSET, N_FEATURES = _offsets()


def _number(name: str, *parts: npt.NDArray[np.integer]) -> Ints:
    shape = _SHAPES.get(name) or _OWN_SHAPES[name]
    total = np.zeros_like(parts[0], dtype=np.int32)
    for size, part in zip(shape, parts, strict=True):
        total = total * size + part.astype(np.int32)
    return total + np.int32(_OFFSET[name])


def features(traits: Traits, pairs: Pairs) -> Ints:
    """The features of each pair, a row for each of `_SHAPES`."""
    t, a, c = traits, pairs.mention, pairs.candidate
    form, other = t.form[a], t.form[c]
    kind = _KIND[other]
    sentences = np.digitize(t.sentence[a] - t.sentence[c], _SENTENCES)
    distance = np.digitize(a - c, _DISTANCES)
    same_head = (t.head[a] == t.head[c]).astype(np.int32)
    same = (t.spelling[a] == t.spelling[c]).astype(np.int32)
    words = _modifiers(t, a, c)
    like = np.digitize(np.einsum("ij,ij->i", t.vectors[t.head[a]], t.vectors[t.head[c]]), _LIKENESS)
    syntax = _syntax(t, a, c)
    agrees = _agrees(t, a, c)
    role = t.role[c]
    found = {
        "forms": (form, other), "sentences": (form, kind, sentences), "distance": (form, kind, distance),
        "roles": (form, t.role[a], role), "numbers": (form, kind, t.number[a], t.number[c]),
        "genders": (form, kind, t.gender[a], t.gender[c]), "classes": (form, kind, t.class_[a], t.class_[c]),
        "match": (form, kind, same_head, words, same), "match far": (form, same_head, sentences),
        "match rare": (form, same_head, np.digitize(t.frequency[a], _COUNTS), np.digitize(t.n_content[a], _COUNTS)),
        "like": (form, kind, np.where(same_head == 1, L - 1, like)),
        "paragraphs": (form, other, np.minimum(t.paragraph[a] - t.paragraph[c], 2), t.asks[a], t.asks[c]),
        "quotes": (form, other, _quoted(t, a, c)), "syntax": (form, kind, syntax),
        "frequency": (form, kind, np.digitize(t.frequency[c], _COUNTS)),
        "chained": (form, kind, (t.chain[a] == t.chain[c]).astype(np.int32)),
        "lemma": (form, t.hash[c]), "clusters": (t.cluster[a], t.cluster[c], same_head), "cluster": (form, t.finer[c]),
        "inside": (form, other, _inside(t, a, c)), "determiner": (form, t.determiner[c], np.minimum(kind, 3)),
        "rank": (form, kind, _rank(agrees, pairs)), "subject rank": (form, np.where(role == _SUBJECT, _rank(agrees & (role == _SUBJECT), pairs), 5)),
        "role far": (form, role, sentences), "class": (form, kind, t.class_[c], t.class_[a]),
        "opening": (form, kind, t.opening[c]),
        "governor": (form, kind, (t.governor[a] == t.governor[c]).astype(np.int32), (t.role[a] == role).astype(np.int32)),
        "chain": (form, kind, np.digitize(t.chained[c], _COUNTS)), "narrowed": (form, kind, t.narrowed[a], t.narrowed[c]),
        "own lemma": (t.hash[a], same_head, (sentences < 2).astype(np.int32)),
        "salience": (form, t.class_[a], t.class_[c], t.salience[c]), "known as": (form, kind, _known_as(t, a, c), same_head),
        "salient": (form, kind, t.salience[c], sentences),
    }  # fmt: skip
    return np.stack([_number(name, *found[name]) for name in _SHAPES])


def own_features(traits: Traits) -> Ints:
    """The features of each mention's choice to start a chain, a row for each of `_OWN_SHAPES`."""
    t = traits
    earlier = np.digitize(t.earlier, _COUNTS)
    frequency = np.digitize(t.frequency, _COUNTS)
    found = {
        "new form": (t.form,), "new role": (t.form, t.role), "new lemma": (t.hash, (t.earlier > 0).astype(np.int32)),
        "new cluster": (t.finer,), "new earlier": (t.form, earlier, t.narrowed), "new frequency": (t.form, frequency),
        "new class": (t.form, t.class_), "new opening": (t.form, t.opening, np.minimum(t.earlier, 3)),
        "new verb": (t.form, t.governing), "new small": (t.cluster, t.form),
        "new chained": (t.form, (t.chained > 1).astype(np.int32)),
        "new words": (t.form, np.minimum(t.n_content, 3), (t.earlier > 0).astype(np.int32)),
        "new many": (t.form, np.digitize(np.arange(len(t.form)), _COUNTS)),
    }  # fmt: skip
    return np.stack([_number(name, *found[name]) for name in _OWN_SHAPES])


def _modifiers(t: Traits, a: Ints, c: Ints) -> Ints:
    """How the words that say which one go together: 0 none, 1 the same, 2 fewer, 3 more, 4 others."""
    x, y = t.content[a], t.content[c]
    n_x, n_y = t.n_content[a], t.n_content[c]
    shared = ((x[:, :, None] == y[:, None, :]) & (x[:, :, None] >= 0)).any(axis=2).sum(axis=1)
    found = np.full(len(a), 4, dtype=np.int32)
    found[shared == n_y] = 3
    found[shared == n_x] = 2
    found[(shared == n_x) & (n_x == n_y)] = 1
    found[(n_x == 0) & (n_y == 0)] = 0
    return found


def _known_as(t: Traits, a: Ints, c: Ints) -> Ints:
    """Whether surer rules put a mention with the head of the one into the chain of the other."""
    n = int(t.head.max(initial=0)) + 1
    known = np.unique(t.chain.astype(np.int64) * n + t.head)
    return np.isin(t.chain[c].astype(np.int64) * n + t.head[a], known).astype(np.int32)


def _syntax(t: Traits, a: Ints, c: Ints) -> Ints:
    """How the two hang together in the tree, the closest first."""
    governor_a, governor_c, token_a, token_c = t.governor[a], t.governor[c], t.token[a], t.token[c]
    role_a, role_c = t.role[a], t.role[c]
    upper_a = t.governor_up[a]
    tests = [
        (governor_a == token_c) & (role_a == _APPOSITION),
        (governor_a == token_c) & (role_a == _POSSESSIVE),
        (governor_a == token_c),
        (governor_c == token_a) & (role_c == _SUBJECT),
        (governor_c == token_a),
        (role_a == _POSSESSIVE) & (t.governor_up[a] == token_c),
        (role_a == _POSSESSIVE) & (governor_c == upper_a) & (role_c == _SUBJECT),
        (governor_a == governor_c) & (role_c == _SUBJECT),
        (governor_a == governor_c),
        (t.verb[a] == t.verb[c]) & (role_c == _SUBJECT),
        (t.verb[a] == t.verb[c]),
        (t.verb_up[a] == t.verb[c]) & (role_c == _SUBJECT),
    ]
    return np.select(tests, list(range(1, 13)), 0).astype(np.int32)


def _agrees(t: Traits, a: Ints, c: Ints) -> npt.NDArray[np.bool_]:
    """Whether number and gender do not speak against it."""
    numbers = (t.number[a] == t.number[c]) | (t.number[a] == 2) | (t.number[c] == 2)
    x, y = t.gender[a], t.gender[c]
    either = (x == 0) | (y == 0) | (x == y) | ((x == 3) & (y != 4)) | ((y == 3) & (x != 4))
    found: npt.NDArray[np.bool_] = numbers & either
    return found


def _rank(fits: npt.NDArray[np.bool_], pairs: Pairs) -> Ints:
    """How many fitting candidates are nearer, up to four; 5 for one that does not fit."""
    total = np.concatenate([[0], np.cumsum(fits)])
    after = total[pairs.starts[pairs.mention + 1]] - total[1:]
    return np.where(fits, np.minimum(after, 4), 5).astype(np.int32)


def _quoted(t: Traits, a: Ints, c: Ints) -> Ints:
    """0 both in running text, 1 both in one quotation, 2 in two, 3 the mention alone, 4 the candidate alone."""
    x, y = t.quote[a], t.quote[c]
    return np.select([(x == 0) & (y == 0), x == y, (x > 0) & (y > 0), x > 0], [0, 1, 2, 3], 4).astype(np.int32)


def _inside(t: Traits, a: Ints, c: Ints) -> Ints:
    """Whether a word of the one is the head of the other: 1 the mention's in the candidate, 2 the other way."""
    own = (t.content[c] == t.head[a][:, None]).any(axis=1)
    others = (t.content[a] == t.head[c][:, None]).any(axis=1)
    return np.where(own, 1, np.where(others, 2, 0)).astype(np.int32)


@dataclass(frozen=True)
class Ranker:
    """The weights of all features."""

    weights: npt.NDArray[np.float32]

    def choices(self, traits: Traits, *, caution: float = 0.0) -> Iterator[list[int]]:
        """Of each mention the numbers of those that it may take up, the likeliest first; none where it starts a chain.

        Args:
            caution: In log odds, how much likelier than starting a chain a choice must be.
        """
        pairs = pairs_of(traits)
        scores = self.weights[features(traits, pairs)].sum(axis=0)
        own = self.weights[own_features(traits)].sum(axis=0)
        for i, (start, end) in enumerate(pairwise(pairs.starts.tolist())):
            order = np.argsort(-scores[start:end], kind="stable")
            yield [int(pairs.candidate[start + n]) for n in order if scores[start + n] > own[i] + caution]


@cache
def load(file: Path | None = None) -> Ranker:
    """The trained ranker.

    Raises:
        ModelError: when the file is not there, or not one of ours.
    """
    file = file or resources.models() / "coreference" / "weights.npz"
    try:
        with np.load(file, allow_pickle=False) as found:
            weights = np.zeros(N_FEATURES, dtype=np.float32)
            weights[np.cumsum(found["steps"], dtype=np.int64) - 1] = found["weights"].astype(np.float32) * found["scale"]
            if int(found["n_features"]) != N_FEATURES:
                raise ValueError("it is of other features")
            return Ranker(weights)
    except (OSError, KeyError, ValueError, TypeError, IndexError) as error:
        raise ModelError(f"{file}: the ranker of antecedents cannot be read: {error}; make it anew by `make coreference`") from error


def save(weights: Floats, file: Path) -> None:
    """Write the weights that are not next to zero, as whole numbers from -127 to 127 with the scale of a step."""
    scale = np.float32(np.abs(weights).max() / 127)
    rounded = np.round(weights / scale).astype(np.int8)
    kept = np.flatnonzero(rounded)
    steps = np.diff(kept + 1, prepend=0).astype(np.uint32)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, weights=rounded[kept], steps=steps, scale=scale, n_features=np.int64(N_FEATURES))
