"""Who acts in a sentence that names no subject: items of a list, headings, captions.

Fact sheets and plans go on in fragments after they have said who acts: "Banning new investment.", "Full blocking
sanctions on the bank." An item under a line that ends in a colon has the subject of that line; any other has the agent
that the title begins with ("Fact Sheet: Norway and Chad Ban ..."), else the one whose act was last told.
"""

from dataclasses import dataclass

from spacy.tokens import Span as TokenSpan
from spacy.tokens import Token

from kg import ids, syntax
from kg.extractors import Reading
from kg.model import Entity, Statement
from kg.ontology import Ontology

NOTE = "+implied"
"""Behind the name of a pattern, in the evidence of what it says of an implied agent."""

_AGENT = ids.ONTOLOGY + "Agent"
_LONGEST_SMALL_WORD = 4  # letters; longer words are capitalized in headings
_MOST_WORDS_OF_OFFICE = 2  # before a name in a title
_MODIFYING = {"acl:relcl", "acl", "advcl"}
_MAIN = {"conj", "obj", "compound", "amod"}
_ITEM_TAGS = {"VBG", "VBD", "VBZ", "VBN"}


@dataclass
class Actor:
    """Who acts, as a document goes on; sentences are handed in one after the other."""

    reading: Reading
    ontology: Ontology
    _listed: Entity | None = None
    _titled: Entity | None = None
    _last: Entity | None = None
    _in_fragment: bool = False

    def of(self, sentence: TokenSpan) -> Entity | None:
        """Who acts in the next sentence, where it does not say it; None where it does."""
        self._in_fragment = is_fragment(sentence)
        return (self._listed or self._titled or self._last) if self._in_fragment else None

    def heard(self, sentence: TokenSpan, statement: Statement) -> None:
        """Take note of a statement of the sentence."""
        is_act = ids.predicate_name(statement.predicate) in syntax.words("acting_relations")
        if is_act and not self._in_fragment and self._is_said_first(sentence, statement):
            self._last = self.reading.behind(statement.subject)
            if self._titled is None and self._opens_title(statement):
                self._titled = self._last

    def _opens_title(self, statement: Statement) -> bool:
        """Whether the title, but for its kind and an office, begins with the subject."""
        title = (self.reading.document.title or "").rpartition(": ")[2]
        names = {statement.subject.label, *statement.subject.aliases, *(e.subject_text for e in statement.evidence)}
        places = [title.find(name) for name in names if name]
        return any(place >= 0 and title.count(" ", 0, place) <= _MOST_WORDS_OF_OFFICE for place in places)

    def ends(self, sentence: TokenSpan) -> None:
        """Take note of how the sentence ended."""
        if sentence.root.is_space:
            return
        if sentence.text.rstrip().endswith(":"):
            self._listed = self._subject(sentence.root)
        elif not self._in_fragment:
            self._listed = None

    def _subject(self, verb: Token) -> Entity | None:
        entities = (self.reading.entity_of(s) for s in syntax.subjects(verb))
        return next((e for e in entities if e is not None and self.ontology.is_a(e.type, _AGENT)), None)

    def _is_said_first(self, sentence: TokenSpan, statement: Statement) -> bool:
        subjects = (self.reading.entity_of(s) for s in syntax.subjects(sentence.root))
        is_agent = self.ontology.is_a(statement.subject.type, _AGENT)
        return is_agent and any(e is not None and e.iri == statement.subject.iri for e in subjects)


def is_fragment(sentence: TokenSpan) -> bool:
    """Whether a sentence leaves out who acts; headings are not counted."""
    root = sentence.root
    if root.is_space or _has_subject(root) or _is_heading(sentence):
        return False
    if any(syntax.opens_item(t) for t in syntax.children(root, "amod")):
        return True
    if root.pos_ == "VERB":
        return root.tag_ in _ITEM_TAGS and _opens(sentence, root)
    return root.pos_ == "NOUN" and _opens(sentence, root.left_edge) and not any(_has_subject(t) for t in sentence if t.dep_ not in _MODIFYING)


def _opens(sentence: TokenSpan, token: Token) -> bool:
    """Whether nothing but signs and adverbs comes before a token."""
    return all(t.is_punct or t.is_space or t.pos_ == "ADV" for t in sentence.doc[sentence.start : token.i])


def _is_heading(sentence: TokenSpan) -> bool:
    words = [t.text for t in sentence if t.is_alpha and len(t) > _LONGEST_SMALL_WORD]
    return all(word[0].isupper() for word in words)


def _has_subject(verb: Token) -> bool:
    return syntax.child(verb, "nsubj", "nsubj:pass", "csubj", "expl", "cop") is not None


def acts(trigger: Token) -> bool:
    """Whether the word says what is done by whoever acts in its fragment, and is no part of a smaller phrase."""
    while trigger.dep_ in _MAIN:
        trigger = trigger.head
    return trigger.dep_ == "ROOT"
