"""How firmly a clause is put, and whether it is denied.

From the predicate up through what governs it, as far as a word can be in the scope of another; then down again: each
word on the way says how what it governs is put, given how it is put itself (Nairn, Condoravdi and Karttunen, Computing
relative polarity for textual inference, 2006). Modality follows the scale of Saurí and Pustejovsky (FactBank, 2009), cut
to four values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from spacy.tokens import Token

from kg import syntax
from kg.model import Evidence, Modality
from kg.qualifiers.cues import Cues, Signature

IsAgent = Callable[[Token], bool]
T = TypeVar("T")

_MAX_STEPS = 8
_PARTS = {"obj", "nsubj:pass", "obl", "nmod", "nsubj", "appos", "compound"}
_SUBJECTS = ("nsubj", "nsubj:pass")


class _Link(Enum):
    """How a word hangs on the one that governs it."""

    COMPLEMENT = auto()  # plans to sign, a plan to sign
    CONTENT = auto()  # says that it signed
    PURPOSE = auto()  # met to sign
    MANNER = auto()  # left, signing nothing
    RELATIVE = auto()  # builds a plant that makes cars
    PART = auto()  # announced the signing
    SHARED = auto()  # met and signed


@dataclass(frozen=True)
class Putting:
    """How a clause is put; without a modality nothing qualifies it."""

    modality: Modality | None = None
    is_denied: bool = False


def is_presupposed(trigger: Token, evidence: Evidence) -> bool:
    """Whether a noun phrase takes the statement for granted: "may end China's dominance of mining".

    So it is when a noun has a possessor, or when both arguments stand within the phrase of a noun or adjective that no
    clause is built on and that is not introduced as something new ("a partnership between").
    """
    is_clause = syntax.child(trigger, "cop", "aux") is not None or trigger.dep_ == "xcomp"
    if is_clause or trigger.pos_ in {"VERB", "AUX", "PROPN"}:
        return False
    joined = syntax.conjuncts(trigger)  # of "A and B will work", what they will do is not taken for granted
    if all(any(s.start <= t.idx < s.end for t in joined) for s in (evidence.subject, evidence.object)):
        return False
    if any(part.lower_ in {"a", "an", "any", "no"} for part in syntax.children(trigger, "det")):
        return False
    if trigger.pos_ == "NOUN" and syntax.child(trigger, "nmod:poss") is not None:
        return True
    top = trigger.head if trigger.dep_ in {"amod", "acl"} else trigger
    start, end = top.left_edge.idx, top.right_edge.idx + len(top.right_edge)
    return all(start <= span.start and span.end <= end for span in (evidence.subject, evidence.object))


def how_put(trigger: Token, cues: Cues, is_agent: IsAgent = lambda token: True, *, relation: str = "") -> Putting:
    """How firmly the trigger's clause is put, and whether it is denied; two denials cancel.

    Args:
        is_agent: Whether a noun stands for someone who can intend something.
        relation: Some hold however the clauses above are put (where a mine lies, what a plan is for); and who acts with
            a purpose acts, while what is only hoped for may not come about.
    """
    words = [trigger]
    links: list[_Link] = []
    is_steady = relation in cues.steady
    while len(links) < _MAX_STEPS and (link := _link(words[-1], cues)) is not None:
        if is_steady and link not in {_Link.COMPLEMENT, _Link.SHARED}:
            break
        links.append(link)
        words.append(_head(words[-1]))
    entering = Putting()
    put = _own(_said_at_all(words[-1], entering, cues), words[-1], _below(words, len(links)), cues, is_agent)
    for n in range(len(links) - 1, -1, -1):
        head, word, link = words[n + 1], words[n], links[n]
        if link is _Link.SHARED:
            entering = _shared(entering, put, head, word, cues)
        else:
            entering = _governed(put, head, word, link, cues, is_agent, is_act=relation in cues.acts)
        put = _own(entering, word, _below(words, n), cues, is_agent)
    return put


def time_bearers(trigger: Token, cues: Cues, relation: str) -> list[Token]:
    """The trigger, and the words above it whose time is its own: "the talks were held", "managed to sign"."""
    words = [trigger]
    while relation not in cues.steady and len(words) < _MAX_STEPS:
        link = _link(words[-1], cues)
        is_told = _first(_keys(words[-1].head, words[-1]), _scale(words[-1].head, cues)) is not None
        if link not in {_Link.SHARED, _Link.PART, _Link.COMPLEMENT} or (link is _Link.COMPLEMENT and is_told):
            break
        words.append(_head(words[-1]))
    return words


def _head(word: Token) -> Token:
    """The head; of a bare verb that was joined to a finite one, the infinitive before it: "vowed to act and help"."""
    if word.dep_ != "conj" or word.tag_ != "VB" or word.head.tag_ == "VB" or syntax.child(word, "aux", "mark"):
        return word.head
    before = [t for t in word.head.subtree if t.i < word.i and t.i > word.head.i and t.tag_ == "VB"]
    return before[-1] if before else word.head


def _below(words: list[Token], n: int) -> Token | None:
    return words[n - 1] if n else None


def _link(word: Token, cues: Cues) -> _Link | None:
    """How the word hangs on its head, where what is said of the head bears on it; None where a scope ends."""
    label = word.dep_
    has_subject = syntax.child(word, *_SUBJECTS) is not None
    if label == "conj":
        return None if has_subject else _Link.SHARED
    if label == "xcomp":
        return _Link.PURPOSE if _is_purpose(word, cues) else _Link.COMPLEMENT
    if label == "ccomp":
        return _Link.CONTENT
    if label == "advcl" and (has_subject or _is_background(word, cues)):
        return None
    if label in {"acl", "advcl"}:
        return _adjunct(word, cues)
    if label == "acl:relcl":
        return _Link.RELATIVE if _is_open(word, cues) else None
    return _Link.PART if label in _PARTS else None


def _is_open(word: Token, cues: Cues) -> bool:
    """Whether a relative clause describes what may not be there yet: "will fund projects that help", not "the projects"."""
    noun = word.head
    is_known = noun.pos_ == "PROPN" or syntax.child(noun, "nmod:poss") is not None
    is_known = is_known or any(part.lower_ in cues.definite for part in syntax.children(noun, "det"))
    has_agent = any(part.pos_ in {"NOUN", "PROPN"} for part in syntax.children(word, "nsubj"))  # "a metal that China mines"
    return word.tag_ in {"VBZ", "VBP"} and not is_known and not (has_agent and syntax.relative_role(word) == "obj")


def _adjunct(word: Token, cues: Cues) -> _Link | None:
    """How a clause without subject hangs on a word: the parser tells a complement from an adjunct only by chance."""
    keys = _keys(word.head, word)
    is_expected = _first(keys, _scale(word.head, cues)) is not None or _first(keys, cues.signatures) is not None
    if _is_infinitive(word):
        return _Link.COMPLEMENT if is_expected or word.head.pos_ == "ADJ" else _Link.PURPOSE
    if word.dep_ == "acl":  # "commitment to buying", "hope that it buys"; not "the duty imposed in April"
        return _Link.COMPLEMENT if _is_gerund(word) else _Link.CONTENT if "that" in _marks(word) else None
    return _Link.COMPLEMENT if is_expected else _Link.MANNER


def _is_purpose(word: Token, cues: Cues) -> bool:
    """Whether an infinitive that the parser takes for a complement says what for: "work to end", "sent troops to end"."""
    head = word.head
    if not _is_infinitive(word) or head.pos_ != "VERB" or _first(_keys(head, word), cues.verbs) is not None:
        return False
    has_object = syntax.child(head, "obj") is not None and head.lemma_ not in syntax.words("object_control")
    return bool(set(syntax.possible_lemmas(head)) & cues.purposeful) or has_object


def _is_background(word: Token, cues: Cues) -> bool:
    """Whether a clause before the main clause is not in its scope: "while working with allies, it will"."""
    return word.i < word.head.i and any(mark in cues.backgrounds for mark in _marks(word))


def _scale(head: Token, cues: Cues) -> Mapping[str, Modality]:
    return cues.verbs if head.pos_ in {"VERB", "AUX"} else cues.adjectives if head.pos_ == "ADJ" else cues.nouns


def _is_infinitive(word: Token) -> bool:
    return word.tag_ == "VB" and any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in word.children)


def _is_gerund(word: Token) -> bool:
    """Whether it is one that a preposition introduces: "commitment to buying"."""
    return word.tag_ == "VBG" and syntax.child(word, "mark", "case") is not None


def _marks(word: Token) -> Iterator[str]:
    """What introduces a clause or phrase: "if", "without", "instead of"."""
    for mark in syntax.children(word, "mark", "case"):
        yield " ".join([mark.lower_, *(fixed.lower_ for fixed in syntax.children(mark, "fixed"))])


def _said_at_all(top: Token, put: Putting, cues: Cues) -> Putting:
    """What the kind of sentence says: a question leaves open, an imperative demands."""
    if top.dep_ != "ROOT":
        return put
    if top.sent[-1].text == "?" and not any(part.tag_ in {"WP", "WRB", "WDT"} for part in top.children):
        return replace(put, modality=Modality.POSSIBLE)
    return replace(put, modality=Modality.DEMANDED) if _is_imperative(top) else put


def _is_imperative(verb: Token) -> bool:
    """Whether the sentence begins with it, but for adverbs and the like: "Now sign the pact"."""
    if verb.tag_ != "VB" or any(c.dep_.startswith(("nsubj", "aux", "expl", "mark")) for c in verb.children):
        return False
    return all(t.pos_ in {"PUNCT", "ADV", "INTJ", "SPACE", "NUM", "CCONJ", "X"} for t in verb.doc[verb.sent.start : verb.i])


def _own(put: Putting, word: Token, below: Token | None, cues: Cues, is_agent: IsAgent) -> Putting:
    """With what the word's own clause says: auxiliaries, adverbs, conditions, negations."""
    said = _own_modality(word, cues, is_agent)
    return Putting(_tempered(said, put.modality), put.is_denied != _is_negated(word, below, cues))


def _tempered(said: Modality | None, above: Modality | None) -> Modality | None:
    """The inner of two modalities; but what is to be, if it may or should be, may or should be."""
    return above if said is None or (said is Modality.PLANNED and above is not None) else said


def _own_modality(word: Token, cues: Cues, is_agent: IsAgent) -> Modality | None:
    for part in (*word.children, *_strayed(word)):
        if part.dep_ in {"aux", "aux:pass"}:
            found = _first([part.lower_, part.lemma_.lower()], cues.auxiliaries)
            if found is not None:
                return _of_auxiliary(part, word, found, cues, is_agent)
        if part.dep_ in {"advmod", "discourse"} and part.lower_ in cues.adverbs:
            return cues.adverbs[part.lower_]
        if part.dep_ == "amod" and part.lemma_.lower() in cues.adjectives:
            return cues.adjectives[part.lemma_.lower()]
        if part.dep_ == "mark" and part.lower_ in cues.conditions:
            return Modality.POSSIBLE
    return Modality.PLANNED if _is_headline_infinitive(word) else None


def _strayed(word: Token) -> list[Token]:
    """The modal that belongs to a bare verb, but was given to the participle between: "will, working with it, promote"."""
    if word.tag_ != "VB" or syntax.child(word, "aux", "mark") is not None:
        return []
    return [t for t in word.doc[word.sent.start : word.i] if t.tag_ == "MD" and t.head.tag_ == "VBG"
            and syntax.child(t.head, "aux:pass", "cop") is None and t.head.head.i == word.i]  # fmt: skip


def _of_auxiliary(part: Token, word: Token, found: Modality, cues: Cues, is_agent: IsAgent) -> Modality:
    """What it says, but: what is to be in case that something else is, and what "would" harm, may be."""
    if found is not Modality.PLANNED:
        return found
    clauses = syntax.children(word, "advcl")
    is_conditional = any(mark in cues.conditions for clause in clauses for mark in _marks(clause))
    is_hypothetical = part.lower_ in cues.intentions and (
        not _is_intended(word, is_agent) or any(other.lemma_ == "have" for other in syntax.children(word, "aux"))
    )
    return Modality.POSSIBLE if is_conditional or is_hypothetical else found


def _is_headline_infinitive(word: Token) -> bool:
    """ "Vance to Address Officials": a subject before a bare infinitive as the main verb."""
    return word.dep_ == "ROOT" and any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in word.children)


def _is_negated(word: Token, below: Token | None, cues: Cues) -> bool:
    """Whether the word's own clause denies it, by "not", "no longer", "no country", "without".

    Args:
        below: The next word on the way to the trigger, whose own negation is its own affair.
    """
    denials = sum(_denies(part, cues) for part in syntax.children(word, "advmod", "det", "neg", "cc", "cc:preconj"))
    denials += is_excluded(word, cues)
    if word.pos_ in {"VERB", "AUX", "ADJ"}:
        arguments = (a for a in syntax.children(word, "nsubj", "nsubj:pass", "obj") if below is None or a.i != below.i)
        denials += sum(_is_none(argument, cues) for argument in arguments)
    return denials % 2 == 1


def is_excluded(word: Token, cues: Cues) -> bool:
    """Whether a clause or phrase is introduced by "without", "instead of" and the like."""
    return any(mark in cues.negative_prepositions for mark in _marks(word))


def _denies(part: Token, cues: Cues) -> bool:
    """ "not", "never"; "no longer"; not the "not" of "not only"."""
    if part.lower_ in cues.focus or any(c.lower_ in cues.focus for c in part.head.children if c.i == part.i + 1):
        return False
    if part.lower_ in cues.negations:
        return True
    inner = syntax.children(part, "advmod", "det", "neg") if part.lower_ in cues.limits else []
    return any(child.lower_ in cues.negations for child in inner)


def _is_none(noun: Token, cues: Cues) -> bool:
    """Whether a noun phrase stands for nothing: "no country", "none of the countries"."""
    determiners = syntax.children(noun, "det", "det:predet")
    limits = [part for word in (noun, *determiners) for part in syntax.children(word, "advmod")]
    is_limited = any(word.lower_ in cues.negations for word in limits)  # "hardly any"
    return is_limited or any(word.lower_ in cues.negative_quantifiers for word in (noun, *determiners))


def _shared(entering: Putting, put: Putting, head: Token, word: Token, cues: Cues) -> Putting:
    """What the second of two coordinated words has of what is said of the first: "will meet and sign"."""
    if syntax.child(word, "aux", "aux:pass") or word.tag_ in {"VBZ", "VBD"}:
        return entering
    joins = {part.lower_ for part in syntax.children(word, "cc")}
    is_one_denial = head.tag_ == word.tag_ == "VB" or bool(joins & {"or", "nor"}) or not joins
    return Putting(put.modality, put.is_denied if is_one_denial and "but" not in joins else entering.is_denied)


def _governed(put: Putting, head: Token, word: Token, link: _Link, cues: Cues, is_agent: IsAgent, *,
              is_act: bool) -> Putting:  # fmt: skip
    """What the head says of what it governs."""
    keys = _keys(head, word)
    if link is _Link.COMPLEMENT and _goes_on(put, head, keys, cues, is_agent):
        return Putting()
    if link in {_Link.COMPLEMENT, _Link.CONTENT, _Link.PART}:
        scale = _scale(head, cues)
        known = next((key for key in keys if key in cues.signatures or key in scale), "")
        signature, said = cues.signatures.get(known), scale.get(known)
        if signature is not None and _is_said_of(head, word, link):
            return _implied(put, signature, said, is_past=_is_past(head))
        if said is Modality.PLANNED and set(keys) & cues.intentions and not _is_intended(head, is_agent):
            said = Modality.POSSIBLE
        if said is not None and _is_said_of(head, word, link):
            is_passed = link is not _Link.CONTENT or bool(set(keys) & cues.neg_raising)
            return Putting(_tempered(said, put.modality), put.is_denied and is_passed)
    if link is _Link.PURPOSE:
        return Putting(put.modality if is_act or _is_perfect(head) else put.modality or Modality.PLANNED)
    if link is _Link.PART and set(keys) & cues.withdrawals and set(syntax.possible_lemmas(word)) & set(cues.nouns):
        return Putting(put.modality, not put.is_denied)  # "scrapped plans to"
    is_passed = link is _Link.COMPLEMENT or (link is _Link.PART and word.dep_ in {"obj", "nsubj:pass"})
    is_passed = is_passed or bool(set(keys) & cues.neg_raising)
    return Putting(put.modality, put.is_denied and is_passed)


def _goes_on(put: Putting, head: Token, keys: Iterable[str], cues: Cues, is_agent: IsAgent) -> bool:
    """Whether what is governed is so already: "will continue to buy"."""
    is_to_be = not put.is_denied and put.modality is Modality.PLANNED
    return is_to_be and bool(cues.ongoing & set(keys)) and _own_modality(head, cues, is_agent) is Modality.PLANNED


def _is_intended(head: Token, is_agent: IsAgent) -> bool:
    """Whether those of whom it is said can intend something: "Chile threatens to", not "imports threaten to"."""
    return any(is_agent(subject) for subject in syntax.surface_subjects(head))


def _is_past(head: Token) -> bool:
    """Whether what is said is over: "was able to", "has enabled"."""
    return any(t.tag_ == "VBD" for t in (head, *syntax.children(head, "cop", "aux"))) or _is_perfect(head)


def _is_perfect(verb: Token) -> bool:
    """Whether it tells what has been done by now: "has worked to restore"."""
    return verb.tag_ == "VBN" and any(part.lemma_ == "have" for part in syntax.children(verb, "aux"))


def _is_said_of(head: Token, word: Token, link: _Link) -> bool:
    """Whether a cue bears on this part: on clauses, and on what a verb is done to."""
    if link is not _Link.PART:
        return True
    return word.dep_ in {"obl", "nmod"} or (head.pos_ == "VERB" and word.dep_ in {"obj", "nsubj:pass"})


def _keys(head: Token, word: Token) -> list[str]:
    """What to look the head up by: with the particle or preposition of what it governs, then alone."""
    lemmas = syntax.possible_lemmas(head)
    frames = ["to"] if _is_infinitive(word) else [m for m in _marks(word) if m != "that"]
    frames = [part.lower_ for part in syntax.children(head, "advmod")] + frames  # "has yet to"
    framed = [f"{lemma} {frame}" for frame in frames for lemma in lemmas]
    return framed if word.dep_ in {"obl", "nmod"} else framed + lemmas


def _first(keys: list[str], scale: Mapping[str, T]) -> T | None:
    """What the scale says of the first of the keys that it has."""
    return next((scale[key] for key in keys if key in scale), None)


def _implied(put: Putting, signature: Signature, said: Modality | None, *, is_past: bool) -> Putting:
    """What a word implies of its complement, where it is itself affirmed or denied.

    Args:
        said: How the word puts its complement besides: "unlikely" denies, and leaves open.
    """
    value = signature.denied if put.is_denied else signature.past if is_past else signature.affirmed
    if value == "o":
        return Putting(_tempered(said or Modality.POSSIBLE, put.modality))
    is_open = value == "-" and not put.is_denied
    return Putting(_tempered(said, put.modality) if is_open else put.modality, value == "-")
