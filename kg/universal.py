"""Trees with ClearNLP labels, as spaCy's own English pipelines give them, rewritten to Universal Dependencies.

The two differ in who heads whom: ClearNLP hangs a noun on its preposition and a predicate noun on its copula,
Universal Dependencies hang preposition and copula on the noun
(Choi and Palmer, 2012; https://universaldependencies.org/u/overview/syntax.html).
"""

from spacy.language import Language
from spacy.tokens import Doc, Token

_RENAMED = {
    "dobj": "obj", "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "auxpass": "aux:pass", "poss": "nmod:poss",
    "relcl": "acl:relcl", "prt": "compound:prt", "neg": "advmod", "npadvmod": "obl:npmod", "nn": "compound",
    "quantmod": "advmod", "oprd": "xcomp", "predet": "det:predet", "preconj": "cc:preconj", "intj": "discourse",
    "dative": "iobj", "num": "nummod", "prep": "advmod", "attr": "xcomp", "acomp": "xcomp",
}  # fmt: skip
_PREPOSITIONS = {"prep", "agent", "dative"}
_MARKERS = {"dobj", "pobj", "nsubjpass"}


def is_clearnlp(nlp: Language) -> bool:
    """Whether the parser of the pipeline gives ClearNLP labels."""
    return "parser" in nlp.pipe_names and bool(_MARKERS & set(nlp.get_pipe("parser").labels))  # type: ignore[attr-defined]


def rewritten(doc: Doc) -> Doc:
    """The same words with heads and labels of Universal Dependencies."""
    heads = [token.head.i for token in doc]
    labels = [_RENAMED.get(token.dep_, token.dep_) for token in doc]
    for token in doc:
        if token.dep_ in {"pobj", "pcomp"}:
            _raise_complement(token, heads, labels)
        elif token.dep_ == "aux" and token.tag_ == "TO":
            labels[token.i] = "mark"
    for token in doc:
        if token.dep_ in {"attr", "acomp"} and token.head.lemma_ == "be":
            _raise_predicate(token, heads, labels)
    return Doc(
        doc.vocab,
        words=[t.text for t in doc],
        spaces=[bool(t.whitespace_) for t in doc],
        tags=[t.tag_ for t in doc],
        pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc],
        lemmas=[t.lemma_ for t in doc],
        heads=heads,
        deps=labels,
        ents=[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc],
    )


def _raise_complement(token: Token, heads: list[int], labels: list[str]) -> None:
    """Hang the complement of a preposition where the preposition hung, and the preposition on it."""
    preposition = token.head
    if preposition.dep_ not in _PREPOSITIONS:
        return
    governor = preposition.head
    while governor.dep_ == "prep" and any(c.dep_ == "prep" for c in governor.children):  # "from outside of China"
        governor = governor.head
    nominal = governor.pos_ in {"NOUN", "PROPN", "PRON", "NUM"}
    if token.dep_ == "pcomp" and token.pos_ in {"VERB", "AUX"}:
        labels[token.i], labels[preposition.i] = ("acl" if nominal else "advcl"), "mark"
    else:
        oblique = "obl:agent" if preposition.dep_ == "agent" else "obl"
        labels[token.i], labels[preposition.i] = ("nmod" if nominal else oblique), "case"
    heads[token.i], heads[preposition.i] = governor.i, token.i


def _raise_predicate(token: Token, heads: list[int], labels: list[str]) -> None:
    """Make the predicate noun or adjective the head of the clause, and the copula its dependent."""
    copula = token.head
    heads[token.i] = token.i if heads[copula.i] == copula.i else heads[copula.i]
    labels[token.i] = labels[copula.i]
    for i, head in enumerate(heads):
        if head == copula.i and i not in (token.i, copula.i):
            heads[i] = token.i
    heads[copula.i], labels[copula.i] = token.i, "cop"
