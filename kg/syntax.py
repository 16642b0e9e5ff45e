"""Questions about a dependency tree (Universal Dependencies): phrases, coordination, voice, subjects.

Shared by the stages that read the tree. The words that it needs are in `ontology/grammar.yaml`.
Labels follow https://universaldependencies.org/en/.
"""

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Token

from kg import resources
from kg.errors import OntologyError

NOMINAL = {"NOUN", "PROPN", "PRON", "NUM"}
_PRENOMINAL = {"amod", "compound", "nummod", "flat", "nmod:desc", "goeswith", "det:predet"}
_NAME_PARTS = {"flat", "compound", "nmod:desc", "goeswith"}
_CLAUSAL = {"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "advcl:relcl", "csubj", "csubj:pass", "parataxis"}
_FINITE = {"MD", "VBD", "VBZ", "VBP"}
_OF_CLAUSE = {"nsubj", "nsubj:pass", "nsubj:outer", "expl", "aux", "aux:pass", "cop", "obl", "obl:agent", "obl:unmarked"}
_OUTSIDE = {"conj", "cc", "cc:preconj", "appos", "punct", "case", "mark", "advmod", "discourse", *_OF_CLAUSE, *_CLAUSAL}
_RELATIVE = {"acl:relcl", "advcl:relcl"}
_SHORTEST_STEM = 3


@cache
def words(kind: str) -> frozenset[str]:
    """The words of that kind in `ontology/grammar.yaml`."""
    import yaml

    file = resources.folder("ontology") / "grammar.yaml"
    try:
        return frozenset(yaml.safe_load(file.read_text(encoding="utf-8"))[kind])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise OntologyError(f"{file}: cannot be read as lists of words: {error!r}") from error


def children(token: Token, *labels: str) -> list[Token]:
    """The dependents that carry one of the labels, in textual order."""
    return [child for child in token.children if child.dep_ in labels]


def child(token: Token, *labels: str) -> Token | None:
    """The first dependent that carries one of the labels."""
    return next((c for c in token.children if c.dep_ in labels), None)


def is_nominal(token: Token) -> bool:
    if token.pos_ in {"ADJ", "DET", "X"}:  # "the poor"
        return token.dep_ in {"nsubj", "obj", "obl", "nmod"} or child(token, "det") is not None
    return token.pos_ in NOMINAL


def is_time(noun: Token) -> bool:
    """Whether a noun says when or for how long."""
    return noun.pos_ == "NUM" or noun.lemma_.lower() in words("times")


def case_of(token: Token) -> str:
    """The preposition that introduces a phrase, in lower case ("such as", "on"); empty without one."""
    marker = child(token, "case") or (None if is_nominal(token) else child(token, "mark"))
    if marker is None:
        return ""
    return " ".join([marker.lower_, *(fixed.lower_ for fixed in children(marker, "fixed"))])


def cases_of(token: Token) -> list[str]:
    """All prepositions of a phrase ("from outside of" gives several)."""
    return [" ".join([m.lower_, *(f.lower_ for f in children(m, "fixed"))]) for m in children(token, "case")]


def conjuncts(token: Token) -> list[Token]:
    """The token and what is coordinated with it, in textual order; clauses apart from noun phrases."""
    found = [token]
    for part in found:
        found.extend(c for c in children(part, "conj") if _is_alike(c, token) and described_by(c) is None)
        found.extend(c for c in children(part, "appos") if _is_listed(c))
    return sorted(found, key=lambda t: t.i)


def described_by(name: Token) -> Token | None:
    """The noun before a name that can mean but one, where the parser took both for a list: "its largest bank, Alfa, and"."""
    if name.pos_ != "PROPN" or name.dep_ != "conj" or child(name, "cc") is not None:
        return None
    first = name_range(name)[0]
    noun = name.doc[first - 2] if first > 1 and name.doc[first - 1].text == "," else name
    return noun if noun.tag_ == "NN" and any(t.tag_ == "JJS" for t in children(noun, "amod")) else None


def name_described_by(noun: Token) -> Token | None:
    """The name that such a noun describes."""
    after = noun.doc[noun.i + 2 : noun.i + 3]
    if noun.tag_ != "NN" or not after or after[0].pos_ != "PROPN" or noun.nbor(1).text != ",":
        return None
    name = after[0].head if after[0].dep_ in {"compound", "flat"} else after[0]
    return name if described_by(name) == noun else None


def _is_alike(part: Token, token: Token) -> bool:
    """Whether both are noun phrases or neither is, and the part says nothing of its own: "it has rivals and is a bank"."""
    is_said = child(part, "cop", "nsubj") is not None and child(token, "cop", "nsubj") is None
    return is_nominal(part) == is_nominal(token) and not is_said


def _is_listed(name: Token) -> bool:
    """Whether the parser took a name in a list for an apposition: "the US, the UK and Canada"."""
    if not name.pos_ == name.head.pos_ == "PROPN":
        return False
    return any(c.pos_ == "PROPN" and child(c, "cc") is not None for c in children(name, "conj"))


def quantified(token: Token) -> list[Token]:
    """What a noun only counts ("a wide range of issues and goods" is issues, goods); else the noun itself."""
    if token.lemma_ not in words("quantifiers"):
        return [token]
    counted = [part for part in obliques(token, "of") if is_nominal(part)]
    return [noun for part in counted for noun in quantified(part)] or [token]  # "tens of thousands of people"


def examples(token: Token) -> list[Token]:
    """The things a noun phrase names as its examples: "countries such as A and B" gives A, B, and their examples."""
    named = [
        part
        for modifier in token.subtree  # also "countries rich in copper, such as Chile"
        if modifier.dep_ in {"nmod", "obl"}
        and case_of(modifier) in words("example_markers")
        and _is_within_phrase(modifier, token)
        for part in conjuncts(modifier)
    ]
    return list(dict.fromkeys(found for part in named for found in (part, *examples(part))))


def _is_within_phrase(token: Token, noun: Token) -> bool:
    """Whether no clause stands between a noun and what lies below it."""
    for head in governors(token):
        if head.i == noun.i:
            return True
        if head.pos_ in {"VERB", "AUX"}:
            return False
    return False


def name_range(token: Token) -> tuple[int, int]:
    """First and one past the last token of a noun's flat parts: its base phrase without determiner."""
    start, end = token.i, token.i + 1
    for part in token.children:
        if part.dep_ in _PRENOMINAL and part.i < token.i and not is_clause_before(part):
            start = min(start, part.left_edge.i)
        elif part.dep_ in {"flat", "goeswith"} or (part.dep_ in {"compound", "nummod"} and part.left_edge.i == end):
            end = max(end, part.i + 1)  # numbers follow too: "$ 30 million"
    return _trim(token.doc, start, end, token.i)


def is_clause_before(verb: Token) -> bool:
    """Whether a verb before a noun has a subject or auxiliary: a parser took its object for what it modifies."""
    return verb.dep_ == "amod" and verb.pos_ == "VERB" and child(verb, "nsubj", "aux") is not None


def _trim(doc: Doc, start: int, end: int, head: int) -> tuple[int, int]:
    while start < head and (
        doc[start].pos_ in {"DET", "PUNCT", "CCONJ", "ADP", "SPACE"}
        or doc[start].dep_ == "advmod"
        or opens_item(doc[start])
    ):
        start += 1
    return start, end


def phrase_range(token: Token) -> tuple[int, int]:
    """First and one past the last token of a noun phrase with its of-phrase; clauses and coordination stay out."""
    start, end = token.i, token.i + 1
    for part in token.children:
        if part.dep_ in _OUTSIDE or part.is_space:
            continue
        start = min(start, part.left_edge.i)
        if part.i > token.i and part.dep_ != "nmod":
            end = max(end, part.right_edge.i + 1)
    return start, max(end, _of_phrase_end(token))


def _of_phrase_end(token: Token) -> int:
    """The end of the of-phrase that follows a noun, without what is coordinated in it."""
    for part in children(token, "nmod"):
        if case_of(part) == "of" and not is_relative(part):
            return max(name_range(part)[1], _of_phrase_end(part))
    return token.i + 1


def is_predicate(token: Token) -> bool:
    """Whether the token heads a clause: a verb, also one tagged as a noun, or a word with a copula."""
    return (
        token.pos_ == "VERB"
        or child(token, "cop", "nsubj", "nsubj:pass", "obj") is not None
        or (token.pos_ == "AUX" and token.dep_ not in {"aux", "aux:pass", "cop"})
    )


def is_passive(verb: Token) -> bool:
    """Whether the surface subject is what is acted upon."""
    if child(verb, "nsubj:pass", "csubj:pass", "aux:pass", "obl:agent"):
        return True
    if verb.dep_ in {"acl", "amod"} and verb.tag_ == "VBN":
        return child(verb, "obj", "nsubj", "aux") is None
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not children(verb, "nsubj", "aux", "obj"):
        return is_passive(verb.head)
    return False


def antecedent(verb: Token) -> Token | None:
    """The noun that a relative clause modifies, for the verb of the clause or one coordinated with it."""
    top = clause_top(verb)
    if top.dep_ == "advcl:relcl":
        return _nominal_before(top.left_edge)
    return top.head if top.dep_ == "acl:relcl" else None


def _nominal_before(token: Token) -> Token | None:
    """The head of the noun phrase that ends right before the token, punctuation aside."""
    i = token.i - 1
    while i > token.sent.start and token.doc[i].is_punct:
        i -= 1
    noun = token.doc[i]
    while noun.dep_ in _NAME_PARTS and noun.head.i >= noun.sent.start:
        noun = noun.head
    return noun if noun.pos_ in NOMINAL else None


def clause_top(verb: Token) -> Token:
    """The first of the coordinated predicates that the verb belongs to."""
    while verb.dep_ == "conj" and is_predicate(verb.head):
        verb = verb.head
    return verb


def relative_role(verb: Token) -> str | None:
    """ "subj" or "obj": the place that the antecedent takes in its relative clause; None outside of one."""
    top = clause_top(verb)
    if top.dep_ not in _RELATIVE:
        return None
    for part in top.children:
        if part.tag_ in {"WDT", "WP"} or part.lower_ in {"that", "which", "who", "whom"}:
            if part.dep_.startswith("nsubj"):
                return "subj"
            if part.dep_ == "obj":
                return "obj"
            if part.dep_.startswith("obl"):
                return None
    if child(top, "nsubj", "nsubj:pass") is None:
        return "subj"
    return "obj" if child(top, "obj") is None and not children(top, "advmod") else None


def surface_subjects(verb: Token) -> list[Token]:
    """Who or what the clause is about, found through coordination, control and relative clauses."""
    return _subjects(verb, set())


def _subjects(verb: Token, seen: set[int]) -> list[Token]:
    if verb.i in seen:
        return []
    seen.add(verb.i)
    named = children(verb, "nsubj", "nsubj:pass")
    if len(named) > 1 and any(named[0].i < c.i < named[-1].i for c in children(verb, "cc")):
        return named  # a coordination that the parser left apart
    if named:
        own = next((n for n in reversed(named) if not is_time(n)), named[-1])  # "this time the team won"
        if own.tag_ in {"WDT", "WP"} or (own.lower_ in {"that", "which", "who"} and verb.dep_ in _RELATIVE):
            return _antecedents(verb)
        own = _before_day(own)
        return [*conjuncts(own), *_companions(own, verb)]
    inverted = _inverted_subject(verb)
    if inverted is not None:
        return conjuncts(inverted)
    head = verb.head
    if verb.dep_ == "conj":
        return _subjects(head, seen) if is_predicate(head) else []
    if verb.dep_ == "acl:relcl":
        return [head] if relative_role(verb) == "subj" else []
    if verb.dep_ == "acl":
        return _reduced_subjects(verb)
    if verb.dep_ == "xcomp":
        return _controllers(head, seen)
    if verb.dep_ == "advcl" and _is_about_object(verb):
        return _controllers(head, seen)
    if verb.dep_ in {"advcl", "ccomp", "parataxis"} and is_predicate(head):
        return _subjects(head, seen) if _is_nonfinite(verb) else _gap_fillers(verb)
    return []


def _companions(subject: Token, verb: Token) -> list[Token]:
    """Those named as acting along with the subject: "Egypt, together with Sudan and Chad, will sign"."""
    beside = [*children(subject, "nmod"), *(o for o in children(verb, "obl") if subject.i < o.i < verb.i)]
    return [part for other in beside if other.text[0].isupper() and _is_set_off(other) for part in conjuncts(other)]


def _is_set_off(phrase: Token) -> bool:
    """Whether a comma comes before a phrase with "with"."""
    marker = child(phrase, "case")
    is_company = marker is not None and case_of(phrase) in words("company_markers")
    return marker is not None and is_company and marker.i > 0 and marker.nbor(-1).text == ","


def _gap_fillers(verb: Token) -> list[Token]:
    """The antecedent that a finite clause without a subject was taken from: "a step that officials said would help"."""
    is_gapped = verb.dep_ == "ccomp" and child(verb, "mark", "expl") is None
    is_open = all(is_relative(o) for o in children(verb.head, "obj", "iobj"))
    return _antecedents(verb.head) if is_gapped and is_open and verb.head.dep_ in _RELATIVE else []


def _inverted_subject(verb: Token) -> Token | None:
    """The speaker after a quotation, which a parser may take for an object: "Prices rose, says the bank"."""
    said, speaker = child(verb, "ccomp"), child(verb, "obj")
    return speaker if said is not None and speaker is not None and said.i < verb.i < speaker.i else None


def _is_about_object(clause: Token) -> bool:
    """Whether a clause that the parser hangs on a verb says what its object does or undergoes."""
    told, head = child(clause.head, "obj"), clause.head
    if told is None or told.i > clause.i:
        return False
    if clause.tag_ == "VB":
        return head.lemma_ in words("object_control")  # "directs the Treasury to impose"
    if clause.tag_ == "VBG":
        return case_of(clause) in words("object_gerunds")  # "accused Chile of dumping"
    return clause.tag_ == "VBN" and child(clause, "mark") is None  # "held talks, hosted by Chile"


def _before_day(noun: Token) -> Token:
    """What stands before the name of a day that a parser took for the subject ("Mr Lee Monday said"); else the noun."""
    if noun.lower_ not in words("dates") or child(noun, "case") is not None:
        return noun
    first = _nominal_before(noun.doc[noun.i])
    while first is not None and first.dep_ == "conj" and is_nominal(first.head):
        first = first.head
    return first if first is not None and first.i < noun.i else noun


def _reduced_subjects(verb: Token) -> list[Token]:
    """The noun before a reduced relative ("a plan signed by", "firms mining"); for "plan to sign" nothing."""
    is_complement = child(verb, "mark", "case") is not None  # "the importance of mining"
    return [verb.head] if verb.tag_ in {"VBN", "VBG", "VBD"} and is_nominal(verb.head) and not is_complement else []


def _controllers(head: Token, seen: set[int]) -> list[Token]:
    """The object that is made to act, else the subject of the governing verb."""
    if not is_predicate(head):
        return []
    told = child(head, "obj", "iobj")
    if told is not None and head.lemma_ not in words("subject_control"):
        return conjuncts(told)
    return _subjects(head, seen)


def _is_nonfinite(verb: Token) -> bool:
    is_finite = any(t.tag_ in _FINITE for t in children(verb, "aux", "aux:pass", "cop"))
    return verb.tag_ in {"VBG", "VBN", "VB"} and not is_finite and not children(verb, "nsubj", "nsubj:pass")


def subjects(verb: Token) -> list[Token]:
    """Who acts: the subject of an active clause, the by-phrase of a passive one."""
    if not is_passive(verb):
        return surface_subjects(verb)
    return [part for agent in agents(verb) for part in conjuncts(agent)]


def agents(verb: Token) -> list[Token]:
    explicit = children(verb, "obl:agent")
    return explicit or [o for o in children(verb, "obl") if case_of(o) == "by" and is_nominal(o)]


def objects(verb: Token) -> list[Token]:
    """What is acted upon: the object of an active clause, the subject of a passive one."""
    own = children(verb, "obj")
    if own:
        return [part for o in own if not is_relative(o) for part in conjuncts(o)] or _antecedents(verb)
    if is_passive(verb):
        return surface_subjects(verb)
    if verb.dep_ in _RELATIVE and relative_role(verb) == "obj":
        return _antecedents(verb)
    return conjuncts(verb.head) if opens_item(verb) or is_clause_before(verb) else _shared_objects(verb)


def opens_item(verb: Token) -> bool:
    """Whether a gerund that parsers take for a modifier opens an item of a list ("Banning new investment.")."""
    is_first = all(t.is_punct or t.is_space for t in verb.doc[verb.sent.start : verb.i])
    return verb.dep_ == "amod" and verb.tag_ == "VBG" and verb.head.dep_ == "ROOT" and is_nominal(verb.head) and is_first


def _antecedents(verb: Token) -> list[Token]:
    noun = antecedent(verb)
    return [noun] if noun is not None else []


def _shared_objects(verb: Token) -> list[Token]:
    """The object of the last of the coordinated verbs, where it follows at once ("mine and refine lithium")."""
    for other in children(verb, "conj"):
        own = child(other, "obj")
        if own is not None and other.pos_ == "VERB" and other.i - verb.i <= 3 and child(other, "nsubj", "aux") is None:
            return conjuncts(own)
    return []


def is_relative(token: Token) -> bool:
    return token.tag_ in {"WDT", "WP"} or (token.lower_ in {"that", "which"} and token.pos_ == "PRON")


def is_asking(token: Token) -> bool:
    """Whether it is a question word: "how", "what"."""
    return token.tag_ in {"WP", "WRB"}


def obliques(token: Token, preposition: str) -> list[Token]:
    """The complements that the preposition introduces: nominal ones split at coordination, else clauses."""
    found = []
    for part in _with_those_of_dates(children(token, "obl", "nmod", "obl:agent", "advcl", "acl")):
        if preposition in cases_of(part) or (not is_nominal(part) and case_of(part) == preposition):
            found.extend(conjuncts(part) if is_nominal(part) else [part, *children(part, "conj")])
    return found


def _with_those_of_dates(parts: list[Token]) -> list[Token]:
    """The complements, and those that a parser hung on a date among them ("yielded on Monday to the rebels")."""
    dates = [part for part in parts if part.lower_ in words("dates") and part.n_rights]
    return [*parts, *(part for date in dates for part in children(date, "nmod", "obl"))] if dates else parts


def possible_lemmas(token: Token) -> list[str]:
    """The lemma by the pipeline, then what the form may regularly come from; verbs with their particle.

    Trained lemmatizers guess at the "e" of verbs that they have not seen: "refined" becomes "refin".
    """
    found = dict.fromkeys([token.lemma_.lower(), *_uninflected(token.lower_)])
    return [_with_particle(token, lemma) for lemma in found] if token.pos_ in {"VERB", "AUX"} else list(found)


def _with_particle(verb: Token, lemma: str) -> str:
    particle = child(verb, "compound:prt")
    return f"{lemma} {particle.lower_}" if particle is not None else lemma


def _uninflected(form: str) -> Iterator[str]:
    """What a form with a regular English ending may be a form of."""
    for ending in ("ed", "ing", "es", "s"):
        stem = form.removesuffix(ending)
        if stem == form or len(stem) < _SHORTEST_STEM:
            continue
        yield stem
        if ending != "s":
            yield stem + "e"
        if ending in {"ed", "es"} and stem.endswith("i"):
            yield stem[:-1] + "y"
        if ending in {"ed", "ing"} and stem[-1] == stem[-2]:
            yield stem[:-1]


def governors(token: Token) -> Iterator[Token]:
    """The chain of heads from the token upwards, the token itself left out."""
    while token.head is not token and token.head.i != token.i:
        token = token.head
        yield token
