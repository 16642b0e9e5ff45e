"""Mentions: the stretches of a document that name something, as names, nominals or pronouns."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Token
from spacy.tokens import Span as TokenSpan

from kg import ids, syntax
from kg.model import Mention, MentionKind, Span
from kg.ontology import Ontology

_CLASS_OF_LABEL = {
    "PER": "Person", "PERSON": "Person", "ORG": "Organization", "LOC": "Place", "GPE": "Place", "FAC": "Facility",
    "NORP": "Group", "EVENT": "Event", "LAW": "Law", "PRODUCT": "Product", "MISC": "NamedThing",
}  # fmt: skip
_SURE_BY_HEAD = ("Law", "Agreement", "Measure", "Event")
_PERSON, _GROUP, _CONCEPT, _AGENT, _CITY, _NAMED_THING = (
    ids.ONTOLOGY + name for name in ("Person", "Group", "Concept", "Agent", "City", "NamedThing")
)
_COUNTED = (_PERSON, _GROUP)
_PERSON_LABELS = {"PER", "PERSON"}
_NO_NAME = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
_PLURALS = {"NNS", "NNPS"}
_PRONOUNS = {"PRP", "PRP$"}
_DASHES = {"-", "–", "—"}


@dataclass(frozen=True)
class Gazetteer:
    """Known names, found in text by exact match."""

    matcher: PhraseMatcher
    classes: dict[str, str]

    @staticmethod
    def build(nlp: Language, names: Iterable[tuple[str, str]]) -> "Gazetteer":
        """A matcher over (name, class IRI) pairs."""
        classes = dict(names)
        matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        for name in classes:  # one by one: a hundred thousand of them are not held at once
            matcher.add("name", [nlp.tokenizer(name)])
        return Gazetteer(matcher, classes)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every capitalised word of a known name."""
        return frozenset(word for name in self.classes for word in name.split() if word[:1].isupper())

    def find(self, doc: Doc) -> list[tuple[int, int, str]]:
        """(first token, one past the last, class IRI) of each match."""
        return [(start, end, self.classes[doc[start:end].text]) for _, start, end in self.matcher(doc)
                if doc[start:end].text in self.classes]  # fmt: skip


def find(doc: Doc, document_id: str, *, ontology: Ontology, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """The mentions of a document, in textual order; names may lie within nominals, never within names."""
    names = [name for name in _names(doc, ontology, gazetteer)
             if not _is_date(doc, *name[:2], ontology) and not _is_part_of_people(doc, *name[:2])]  # fmt: skip
    inside = {i for start, end, _ in names for i in range(start, end)}
    found = [_name(doc, document_id, *name) for name in names]
    for token in doc:
        if token.tag_ in _PRONOUNS and token.pos_ == "PRON":
            found.append(_mention(doc, document_id, token.i, token.i + 1, MentionKind.PRONOUN))
        elif token.i not in inside and not _is_date(doc, token.i, token.i + 1, ontology) and (
            _heads_nominal(token) or _describes_name(token, inside) or _is_material(token, ontology)
        ):
            found.append(_nominal(doc, document_id, token, ontology, inside))
    return tuple(sorted(found, key=lambda m: (m.span.start, m.span.end)))


def _names(doc: Doc, ontology: Ontology, gazetteer: Gazetteer) -> Iterator[tuple[int, int, str]]:
    """Names by the recogniser and the gazetteer: the longer wins, at equal length the gazetteer.

    What the gazetteer knows as one of several kinds of things is left to the others, where these find it.
    """
    candidates = [(*found, 3 if found[2] == _NAMED_THING else 0) for found in gazetteer.find(doc)]
    known = {(start, end) for start, end, *_ in candidates}
    candidates += [(*trimmed, 1) for ent in doc.ents if _is_name(ent) and not _is_post(ent, ontology)
                   for trimmed in _trimmed(ent, ontology)]  # fmt: skip
    candidates += [(*found, 2) for found in _capitalised(doc, ontology)]
    candidates = [c for c in candidates if c[:2] in known or not _joins_names(doc, *c[:2], known)]
    taken: set[int] = set()
    for start, end, class_iri, _ in sorted(candidates, key=lambda c: (c[0] - c[1], c[3], c[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end, class_iri


def _is_name(ent: TokenSpan) -> bool:
    """Whether what the recogniser found names something: it is no number, and not all in lower case."""
    return ent.label_ not in _NO_NAME and any(letter.isupper() or letter.isdigit() for letter in ent.text)


def _is_date(doc: Doc, start: int, end: int, ontology: Ontology) -> bool:
    """Whether a word names a part of the calendar: a time, not something that acts."""
    return end - start == 1 and ontology.noun_class(doc[start].lower_) == _CONCEPT


def _is_part_of_people(doc: Doc, start: int, end: int) -> bool:
    """Whether a people is meant that its state is not: "ethnic Albanians", "Albanians in Serbia"."""
    token = doc[start]
    if end - start > 1 or not _names_people(token):
        return False
    is_marked = any(part.lower_ in syntax.words("of_peoples") for part in syntax.children(token, "amod"))
    return is_marked or _place_end(token, end) > end


def _names_people(token: Token) -> bool:
    """Whether a word is the name of a people in the plural; taggers take some for the singular ("Albanians")."""
    return token.text.istitle() and (token.tag_ in _PLURALS or token.text.endswith("ans"))


def _joins_names(doc: Doc, start: int, end: int, known: Collection[tuple[int, int]]) -> bool:
    """Whether dashes alone hold known names together: "Japan-Australia", or "Japan-Australia Alliance", is two names."""
    if doc[end - 1].lower_ in syntax.words("bonds"):
        end -= 1
    dashes = [i for i in range(start, end) if doc[i].text in _DASHES]
    borders = pairwise([start - 1, *dashes, end])
    return bool(dashes) and all((before + 1, after) in known for before, after in borders)


def _trimmed(ent: TokenSpan, ontology: Ontology) -> Iterator[tuple[int, int, str]]:
    """A recognised name without the determiner or title before it and the possessive after it."""
    start, end = _after_title(ent), ent.end
    while start < end and ent.doc[start].pos_ in {"DET", "PUNCT"}:
        start += 1
    while start < end and ent.doc[end - 1].tag_ in {"POS", "SP"}:
        end -= 1
    if start == end:
        return
    yield start, _number_end(ent.doc, start, end, ontology), _class_of(ent.label_, ent.doc[start:end], ontology)


def _class_of(label: str, name: TokenSpan, ontology: Ontology) -> str:
    """The class that the recogniser gives a name, or a surer one of its head: an "Executive Order" is no organization."""
    recognised = ids.ONTOLOGY + _CLASS_OF_LABEL.get(label, "NamedThing")
    by_head = ontology.noun_class(_head_of(name).lower_)
    if by_head is None or by_head == _PERSON or label in _PERSON_LABELS:
        return recognised
    is_better = _is_sure(by_head, ontology) or label == "MISC" or ontology.is_a(by_head, recognised)
    return by_head if is_better else recognised


def _is_sure(class_iri: str | None, ontology: Ontology) -> bool:
    """Whether a head of this class tells what a name is of, better than the recogniser."""
    return class_iri is not None and any(ontology.is_a(class_iri, ids.ONTOLOGY + name) for name in _SURE_BY_HEAD)


def _head_of(name: TokenSpan) -> Token:
    """The last word before a preposition: of "Treaty on Open Skies" the first."""
    before = next((t.i for t in name[1:] if t.pos_ == "ADP"), name.end)
    return name.doc[before - 1]


def _number_end(doc: Doc, start: int, end: int, ontology: Ontology) -> int:
    """One past the number that belongs to a name ("Executive Order 14017"), else the end of the name."""
    is_numbered = _is_sure(ontology.noun_class(doc[end - 1].lower_), ontology)
    while end < len(doc) and doc[end].pos_ == "NUM" and not doc[end].is_alpha:
        is_part = doc[end].dep_ == "flat" and start <= doc[end].head.i < end
        if not is_part and not (is_numbered and doc[end].is_digit and doc[end - 1].text[0].isupper()):
            break
        end += 1
    return end


def _is_post(ent: TokenSpan, ontology: Ontology) -> bool:
    """Whether a recognised name is that of a post rather than of its holder ("FERC Commissioner")."""
    return ent.label_ not in _PERSON_LABELS and ontology.noun_class(ent[-1].lower_) == _PERSON


def _after_title(ent: TokenSpan) -> int:
    """Where the name itself begins: "Gina Raimondo" in "Commerce Secretary Gina Raimondo"."""
    titles = [t for t in ent.root.children if t.dep_ == "nmod:desc" and ent.start <= t.i < ent.root.i]
    return max((title.right_edge.i + 1 for title in titles), default=ent.start)


def _capitalised(doc: Doc, ontology: Ontology) -> Iterator[tuple[int, int, str]]:
    """Proper nouns that the recogniser passed over: their class from the head noun, where the ontology knows it."""
    for token in doc:
        if (
            token.pos_ != "PROPN"
            or not token.text[:1].isupper()
            or token.dep_ in {"flat", "nmod:desc"}
            or ((token.ent_type_ or token.dep_ == "compound") and not _modifies_title(token))
        ):
            continue
        class_iri = ontology.noun_class(token.lower_)
        if _is_common_noun(token, ontology):
            continue
        if class_iri == _PERSON:  # "State Department Spokesperson" is a post; only the department has a name
            continue
        start, end = syntax.name_range(token)
        while start < token.i and not doc[start].text[:1].isupper():
            start += 1
        yield start, _number_end(doc, start, end, ontology), class_iri or ids.ONTOLOGY + "NamedThing"


def _is_common_noun(token: Token, ontology: Ontology) -> bool:
    """Whether a word has its capital from the beginning of the sentence only ("Members of the council met")."""
    is_first = token.i == token.sent.start and syntax.child(token, "compound", "flat") is None
    return is_first and token.text[1:].islower() and any(ontology.noun_class(n) for n in syntax.possible_lemmas(token))


def _modifies_title(token: Token) -> bool:
    """Whether a noun says what a title is of: "Commerce" in "Commerce Secretary Gina Raimondo"."""
    return token.dep_ == "compound" and token.head.dep_ == "nmod:desc"


def _heads_nominal(token: Token) -> bool:
    is_head = token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"compound", "flat", "goeswith"}
    return is_head and token.text[0].isalnum()


def _is_material(token: Token, ontology: Ontology) -> bool:
    """Whether a word within a noun phrase names a material ("lithium reserves"); taggers take some for adjectives."""
    class_iri = ontology.noun_class(token.lower_) if token.pos_ in {"NOUN", "PROPN", "ADJ"} else None
    return class_iri is not None and ontology.is_a(class_iri, ids.ONTOLOGY + "Material")


def _describes_name(token: Token, named: Collection[int]) -> bool:
    """Whether a noun is all of a nominal though a name follows it: "company" in "the mining company Acme"."""
    return token.pos_ == "NOUN" and token.dep_ == "compound" and token.head.i == token.i + 1 and token.head.i in named


def _name(doc: Doc, document_id: str, start: int, end: int, class_iri: str) -> Mention:
    return _mention(doc, document_id, start, end, MentionKind.NAME, type=class_iri)


def _nominal(doc: Doc, document_id: str, token: Token, ontology: Ontology, named: Collection[int]) -> Mention:
    start, end = syntax.name_range(token)
    if token.i + 1 in named:  # "student Ahmed Mohamed"
        end = token.i + 1
    of = _of_complement(token, end)
    if of is not None:
        end = max(end, syntax.name_range(of)[1])
    lemma = next((n for n in syntax.possible_lemmas(token) if ontology.noun_class(n)), token.lemma_.lower())
    class_iri = ontology.noun_class(lemma) or (_GROUP if _is_part_of_people(doc, token.i, token.i + 1) else None)
    if class_iri is not None and ontology.fits(class_iri, (_AGENT, _CITY)):
        start = _owner_start(token, start)
        if token.tag_ in _PLURALS or class_iri != _PERSON:  # one met "the president in Lyon" there
            end = _place_end(token, end)
    first = _after_count(doc, start, token.i) if class_iri in _COUNTED else start
    words = [t for t in doc[first:end] if t.pos_ != "DET" and not _is_empty_modifier(t, ontology)]
    return _mention(
        doc, document_id, start, end, MentionKind.NOMINAL, type=class_iri, label=_joined(words), head=lemma,
    )  # fmt: skip


def _owner_start(token: Token, start: int) -> int:
    """Where the name begins that says whose agent it is ("Chile's parliament"); else where the phrase begins."""
    owner = syntax.child(token, "nmod:poss")
    if owner is None or not owner.tag_.startswith("NNP") or owner.i > start:
        return start
    return syntax.name_range(owner)[0]


def _place_end(token: Token, end: int) -> int:
    """Where the name ends that says where a group, body or place is ("rebels in Chad"); else where the phrase ends.

    Parsers often hang such a phrase on the verb ("arrested students in Cairo"), where it tells as much of the object.
    """
    following = token.doc[end] if end < len(token.doc) else token
    part = following.head
    if following.dep_ != "case" or part.pos_ != "PROPN" or part.left_edge.i != end:
        return end
    is_own = part.head.i == token.i and following.lower_ in syntax.words("whereabouts")
    is_beside = part.head.i == token.head.i and following.lower_ in syntax.words("scenes")
    return max(syntax.name_range(part)[1], end) if is_own or is_beside else end


def _after_count(doc: Doc, start: int, head: int) -> int:
    """Where the phrase goes on after a number ("at least three soldiers"); else where it starts."""
    return max((i + 1 for i in range(start, head) if doc[i].pos_ == "NUM" and doc[i].dep_ == "nummod"), default=start)


def _of_complement(token: Token, end: int) -> Token | None:
    """What a noun is "of", where it follows at once and names something itself."""
    for part in syntax.children(token, "nmod"):
        if syntax.case_of(part) == "of" and part.left_edge.i == end and part.pos_ in {"NOUN", "PROPN"}:
            pointing = any(t.dep_ == "det" and t.lower_ in {"this", "that", "these", "those"} for t in part.children)
            return None if pointing or syntax.child(part, "nmod:poss") else part
    return None


def _is_empty_modifier(token: Token, ontology: Ontology) -> bool:
    """Whether a label can do without a word; not without a part of another ("severe and swift", "wide-ranging")."""
    if token.dep_ not in {"amod", "advmod"} or token.lower_ not in ontology.empty_modifiers:
        return False
    follows = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    return syntax.child(token, "conj") is None and follows.tag_ != "HYPH"


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(t.text_with_ws for t in tokens).strip()


def _mention(doc: Doc, document_id: str, start: int, end: int, kind: MentionKind, *, type: str | None = None,
             label: str | None = None, head: str | None = None) -> Mention:  # fmt: skip
    stretch = doc[start:end]
    return Mention(
        span=Span(document_id=document_id, start=stretch.start_char, end=stretch.end_char),
        text=stretch.text, kind=kind, type=type, label=label, head=head,
    )  # fmt: skip
