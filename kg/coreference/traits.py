"""What the ranker knows of each mention by itself, as whole numbers: a column for each trait, a row for each mention."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc, Token

from kg import ids, syntax
from kg.coreference.text import Item, Text
from kg.model import MentionKind

Column = npt.NDArray[np.int32]

FORMS = (
    "i", "we", "you", "he", "she", "it", "they", "this", "those", "self", "pronoun",
    "the", "this noun", "owned", "a", "bare", "bare plural", "quantified", "number", "inner noun",
    "name", "name with the", "inner name",
)  # fmt: skip
N_PRONOUN_FORMS = FORMS.index("the")
_PRONOUN_FORM = {
    word: form
    for form, words in {
        "i": "i me my mine myself", "we": "we us our ours ourselves", "you": "you your yours yourself yourselves u",
        "he": "he him his himself", "she": "she her hers herself", "it": "it its itself",
        "they": "they them their theirs themselves", "this": "this that", "those": "these those",
    }.items()
    for word in words.split()
}  # fmt: skip
_DETERMINED = {"the": "the", "'s": "owned", "a": "a", "an": "a", "this": "this noun", "that": "this noun",
               "these": "this noun", "those": "this noun", "such": "this noun"}  # fmt: skip
GENDERS = (None, "male", "female", "either", "thing")
CLASSES = ("Person", "Group", "Government", "Company", "GovernmentAgency", "Organization", "Country", "City", "Region", "Facility", "Place",
           "Event", "Law", "Agreement", "Measure", "Programme", "Material", "Activity", "Product", "Document")  # fmt: skip
ROLES = ("nsubj", "obj", "iobj", "obl", "nmod", "nmod:poss", "appos", "compound", "conj", "ROOT", "xcomp", "amod", "ccomp",
         "advcl", "obl:agent", "obl:unmarked", "nmod:desc", "dep", "parataxis", "vocative", "nmod:unmarked", "list")  # fmt: skip
N_ROLES = len(ROLES) + 1
N_CLASSES = len(CLASSES) + 2
N_LEMMAS = 1 << 11
N_CONTENT = 6
_MANY = {"we", "they", "those"}


@dataclass(frozen=True)
class Traits:
    """Columns of traits; all have the length of the list of mentions."""

    form: Column
    head: Column  # number of the head's lemma within the document
    token: Column
    sentence: Column
    paragraph: Column
    asks: Column  # whether its paragraph ends with a question
    quote: Column  # number of the quotation that it stands in; 0 outside
    number: Column  # 0 singular, 1 plural, 2 either
    gender: Column
    class_: Column
    role: Column
    governor: Column  # token of its governor
    verb: Column  # token of the nearest predicate above
    hash: Column  # of the head's lemma
    cluster: Column  # first steps of the head's path among the Brown clusters: 6 bits
    finer: Column  # 10 bits
    narrowed: Column  # 1 a clause or phrase follows, 2 is said in the plural of an amount, 0 plain
    determiner: Column
    salience: Column  # 0 not named; 1, 2, 3 the most, second and third most often named; 4 any other
    frequency: Column  # how many mentions of the document have its head
    earlier: Column  # how many before it
    chain: Column  # number of the chain that surer rules put it in
    chained: Column  # size of it
    content: Column  # lemmas that say which one, sorted; a row for each
    n_content: Column
    vectors: npt.NDArray[np.float32]  # of the heads, by `head`, each of length one
    spelling: Column  # number of the whole in lower case
    governor_up: Column  # token of the governor's governor
    verb_up: Column  # token of the predicate above that of `verb`
    governing: Column  # hash of the governor's lemma
    opening: Column  # 1 in the first sentence, 2 in the first five


def of(text: Text) -> Traits:
    """The traits of the items of a text."""
    items, doc = text.items, text.doc
    heads, spellings = _Numbers(), _Numbers()
    paragraphs = _paragraphs(doc)
    quotes = _quotes(doc)
    asks = _asking(doc, paragraphs)
    clusters = _clusters(doc)
    rows = []
    content = np.full((len(items), N_CONTENT), -1, dtype=np.int32)
    seen: Counter[int] = Counter()
    for item in items:
        head = item.head
        lemma = head.lemma_.lower()
        number = heads[lemma]
        words = sorted({heads[t.lemma_.lower()] for t in _telling(item)})[:N_CONTENT]
        content[item.index, : len(words)] = words
        form = form_of(item)
        cluster = clusters(head)
        paragraph = bisect_left(paragraphs, head.i)
        chain = text.chain(item)
        rows.append((
            form, number, head.i, item.sentence, paragraph, asks[paragraph], quotes.get(head.i, 0),
            _number(item, form), GENDERS.index(item.gender), _class(text, item), _role(head), head.head.i, _verb(head),
            _hash(head.lemma), cluster & 63, cluster & 1023, _narrowed(item), _determiner(item), 0, seen[number],
            chain.number, len(chain.members), len(words), spellings[doc[item.start:item.end].text.lower()],
            1 if item.sentence == 0 else 2 if item.sentence < 5 else 0,
            head.head.head.i, _verb_above(head), _hash(head.head.lemma),
        ))  # fmt: skip
        seen[number] += 1
    table = np.array(rows, dtype=np.int32).reshape(-1, 28).T
    names = ("form", "head", "token", "sentence", "paragraph", "asks", "quote", "number", "gender", "class_", "role",
             "governor", "verb", "hash", "cluster", "finer", "narrowed", "determiner", "frequency", "earlier", "chain",
             "chained", "n_content", "spelling", "opening",
             "governor_up", "verb_up", "governing")  # fmt: skip
    columns = dict(zip(names, table, strict=True))
    columns["frequency"] = np.array([seen[n] for n in columns["head"]], dtype=np.int32)
    columns["salience"] = _salience(text)
    return Traits(**columns, content=content, vectors=_vectors(doc, items, columns["head"], len(heads)))


def _salience(text: Text) -> Column:
    """How the chain of each mention ranks among those with names, by how many mentions they have."""
    named = {chain.number: len(chain.members) for chain in text.chains if chain.is_named}
    order = sorted(named, key=lambda number: (-named[number], number))
    rank = {number: min(place, 4) for place, number in enumerate(order, 1)}
    return np.array([rank.get(chain.number, 0) for chain in text.chains], dtype=np.int32)


def _telling(item: Item) -> list[Token]:
    """The words that say which one is meant; of a single word those before it."""
    own = item.head.doc[item.start : item.end] if item.end - item.start > 1 else item.head.children
    return [t for t in own if t.pos_ in _TELLING and t.i != item.head.i and (t.i < item.head.i or t.i < item.end)]


_TELLING = {"NOUN", "PROPN", "ADJ", "NUM"}
_DETERMINERS = {"the": 1, "a": 2, "an": 2, "this": 3, "that": 3, "these": 3, "those": 3, "'s": 4, "": 0}


class _Numbers(dict[str, int]):
    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]


def form_of(item: Item) -> int:
    """Which of `FORMS` a mention has."""
    head = item.head
    if item.kind is MentionKind.PRONOUN:
        name = _PRONOUN_FORM.get(head.lower_, "pronoun")
        if head.lower_.endswith(("self", "selves")):
            name = "self"
        return FORMS.index(name)
    if item.kind is MentionKind.NAME:
        if head.dep_ == "compound":
            return FORMS.index("inner name")
        return FORMS.index("name with the" if item.determiner == "the" else "name")
    if head.pos_ == "NUM":
        return FORMS.index("number")
    if head.dep_ == "compound":
        return FORMS.index("inner noun")
    name = _DETERMINED.get(item.determiner) or ("quantified" if item.determiner else "bare plural" if item.is_plural else "bare")
    return FORMS.index(name)


def _number(item: Item, form: int) -> int:
    if form < N_PRONOUN_FORMS:
        name = FORMS[form]
        return 2 if name in {"you", "pronoun", "self"} else int(name in _MANY)
    return int(item.is_plural)


def _class(text: Text, item: Item) -> int:
    class_iri = item.mention.type
    if class_iri is None:
        return 0
    for number, name in enumerate(CLASSES, 1):
        if text.is_a(class_iri, ids.ONTOLOGY + name):
            return number
    return len(CLASSES) + 1


def _role(token: Token) -> int:
    role = token.dep_.removesuffix(":pass").removesuffix(":outer")
    return ROLES.index(role) if role in ROLES else len(ROLES)


def _verb(token: Token) -> int:
    for n, governor in enumerate(syntax.governors(token)):
        if governor.pos_ in {"VERB", "AUX"} or n > 8:
            return governor.i
    return -1 - token.i


def _verb_above(token: Token) -> int:
    verb = _verb(token)
    return _verb(token.doc[verb]) if verb >= 0 else verb


def _hash(lemma: int) -> int:
    return int(lemma % 1_000_003 % N_LEMMAS)


def _narrowed(item: Item) -> int:
    for part in item.head.children:
        if part.i > item.head.i and part.dep_ in {"acl", "acl:relcl", "nmod", "appos"}:
            return 1 if part.dep_ == "nmod" else 2 if part.dep_.startswith("acl") else 3
    return 0


def _determiner(item: Item) -> int:
    return _DETERMINERS.get(item.determiner, 5)


def _paragraphs(doc: Doc) -> list[int]:
    """The tokens that paragraphs end with."""
    return [token.i for token in doc if token.is_space and "\n\n" in token.text]


def _asking(doc: Doc, ends: Sequence[int]) -> list[int]:
    last = [doc[end - 1] for end in ends if end] or []
    last = [doc[max(end - 1, 0)] for end in ends] + [doc[len(doc) - 1]] if len(doc) else []
    return [int(token.text.endswith("?")) for token in last]


def _quotes(doc: Doc) -> dict[int, int]:
    """The number of the quotation that each quoted token stands in."""
    found: dict[int, int] = {}
    opened, n = None, 0
    for token in doc:
        if opened is not None:
            if token.text in {"”", '"'} or (token.is_space and "\n\n" in token.text):
                opened = None
            else:
                found[token.i] = n
        elif token.text in {"“", '"'}:
            opened, n = token.i, n + 1
    return found


def _clusters(doc: Doc) -> Callable[[Token], int]:
    """From a word to its path in the tree of Brown clusters; to 0 where the pipeline has none."""
    lookups = doc.vocab.lookups
    table = lookups.get_table("brown") if lookups.has_table("brown") else {}
    return lambda token: int(dict.get(table, token.orth, 0) or dict.get(table, token.norm, 0))


def _vectors(doc: Doc, items: Sequence[Item], heads: Column, n: int) -> npt.NDArray[np.float32]:
    width = max(doc.vocab.vectors_length, 1)
    found = np.zeros((n, width), dtype=np.float32)
    if doc.vocab.vectors_length:
        for item, head in zip(items, heads, strict=True):
            if not found[head].any():
                found[head] = item.head.vector
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
