
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg import coreference, ids
from kg.coreference import ranking
from kg.errors import ModelError, OntologyError
from kg.model import Mention, MentionKind, Span
from kg.ontology import Class, Ontology
from tests.trees import tree

NAME, NOMINAL, PRONOUN = MentionKind.NAME, MentionKind.NOMINAL, MentionKind.PRONOUN
WORDS = coreference.load()


def iri(name: str) -> str:
    return ids.ONTOLOGY + name


ONTOLOGY = Ontology(
    classes={
        iri(name): Class(iri=iri(name), name=name, label=name, parents=tuple(map(iri, parents)))
        for name, parents in {
            "Person": [], "Place": [], "Organization": [], "Law": [], "Country": ["Place"],
        }.items()
    },
    properties={},
    empty_modifiers=frozenset({"new", "major", "strategic"}),
)  # fmt: skip


def mention(doc: Doc, words: str, type: str | None = None, *, nth: int = 0) -> Mention:
    """The mention that covers these words of the text, at their nth occurrence; its kind follows from the tags."""
    starts = [i for i in range(len(doc)) if doc[i : i + len(words.split())].text == words]
    stretch = doc[starts[nth] : starts[nth] + len(words.split())]
    head = stretch.root
    kind = PRONOUN if head.pos_ == "PRON" else NAME if head.pos_ == "PROPN" else NOMINAL
    return Mention(
        span=Span(document_id="d", start=stretch.start_char, end=stretch.end_char), text=stretch.text, kind=kind,
        type=iri(type) if type else None, label=stretch.text if kind is NOMINAL else None,
        head=head.lemma_ if kind is NOMINAL else None,
    )  # fmt: skip


def chains(doc: Doc, *mentions: Mention) -> list[list[str]]:
    """The texts of each chain, in textual order."""
    found: dict[int, list[str]] = {}
    in_order = sorted(mentions, key=lambda m: (m.span.start, m.span.end))
    for resolved in coreference.resolve(doc, in_order, ONTOLOGY, WORDS):
        if resolved.chain is not None:
            found.setdefault(resolved.chain, []).append(resolved.text)
    return list(found.values())


def names_in(*pairs: tuple[str, str]) -> list[list[str]]:
    """The chains of a text that is these names, each with its class, and nothing between them but "met"."""
    rows: list[str] = []
    mentions: list[Mention] = []
    n = 0
    for text, _ in pairs:
        words = text.split()
        last = n + len(words)
        for word in words[:-1]:
            rows.append(f"{word} {'DT' if word == 'the' else 'NNP'} {'det' if word == 'the' else 'compound'} {last}")
        rows += [f"{words[-1]} NNP nsubj {last + 1}", "met VBD root 0 meet"]
        n = last + 1
    doc = tree("\n".join(rows))
    for text, type in pairs:
        bare = text.removeprefix("the ")
        n_before = sum(bare in other for other, _ in pairs[: len(mentions)])
        mentions.append(mention(doc, bare, type, nth=n_before))
    return chains(doc, *mentions)


@pytest.mark.parametrize(
    "one, other",
    [
        (("United States", "Country"), ("U.S.", "Country")),
        (("Joe Biden", "Person"), ("Biden", "Person")),
        (("Joseph R. Biden", "Person"), ("Joseph Biden", "Person")),
        (("Vance", "Person"), ("JD Vance", "Person")),
        (("International Energy Agency", "Organization"), ("IEA", "Organization")),
        (("IEA", "Organization"), ("International Energy Agency", "Organization")),
        (("Department of Commerce", "Organization"), ("Commerce Department", "Organization")),
        (("European Commission", "Organization"), ("the Commission", "Organization")),
        (("Lobito Trans-Africa Corridor", "Place"), ("Lobito Corridor", "Place")),
        (("Trade Expansion Act of 1962", "Law"), ("the Act", "Law")),
        (("Alfa Bank", "Organization"), ("ALFA BANK", "Organization")),
    ],
)
def test_two_spellings_of_a_name_are_one_chain(one, other):
    assert names_in(one, other) == [[one[0], other[0].removeprefix("the ")]]


@pytest.mark.parametrize(
    "one, other",
    [
        (("Joe Biden", "Person"), ("Hunter Biden", "Person")),
        (("Bank of America", "Organization"), ("America", "Country")),
        (("General Assembly of United Nations", "Organization"), ("United Nations", "Organization")),
        (("European Commission", "Organization"), ("Commission", "Organization")),
        (("European Research Council", "Organization"), ("European Council", "Organization")),
        (("New York Times", "Organization"), ("New York", "Place")),
        (("Washington", "Person"), ("Washington", "Place")),
    ],
)
def test_names_that_share_words_stay_apart(one, other):
    assert names_in(one, other) == []


BRACKETED = tree("""
    Pact NNP nsubj 7
    for IN case 3
    Shelves NNPS nmod 1
    ( -LRB- punct 5
    PFS NNP appos 1
    ) -RRB- punct 5
    holds VBZ root 0 hold
""")


def test_bracket_after_a_name_gives_its_acronym():
    pact, acronym = mention(BRACKETED, "Pact for Shelves"), mention(BRACKETED, "PFS")

    assert chains(BRACKETED, pact, acronym) == [["Pact for Shelves", "PFS"]]


CITED = tree("""
    Trust NN nsubj 5 trust
    ( -LRB- punct 3
    Laws NNP appos 1
    ) -RRB- punct 3
    grows VBZ root 0 grow
""")


def test_bracketed_source_is_not_what_it_supports():
    assert chains(CITED, mention(CITED, "Trust"), mention(CITED, "Laws")) == []


TITLED = tree("""
    Vice NNP compound 2
    President NNP nmod:desc 3
    Ann NNP nsubj 5
    Roe NNP flat 3
    met VBD root 0 meet
    President NNP nmod:desc 7
    Bo NNP obj 5
    Lee NNP flat 7
    . . punct 5
    The DT det 11
    president NN nsubj 12
    spoke VBD root 0 speak
""")


def test_title_alone_is_the_last_who_bore_it_in_full():
    ann, bo = mention(TITLED, "Ann Roe", "Person"), mention(TITLED, "Bo Lee", "Person")

    assert chains(TITLED, ann, bo, mention(TITLED, "president")) == [["Bo Lee", "president"]]


def test_capitalised_title_in_a_chain_becomes_a_nominal():
    ann, title = mention(TITLED, "Ann Roe", "Person"), mention(TITLED, "Vice President")

    found = coreference.resolve(TITLED, [title, ann], ONTOLOGY, WORDS)

    assert title.kind is NAME
    assert [(m.chain, m.kind) for m in found] == [(0, NOMINAL), (0, NAME)]
    assert coreference.representative(found).text == "Ann Roe"


APPOSED = tree("""
    Roe NNP nsubj 6
    , , punct 4
    the DT det 4
    minister NN appos 1 minister
    , , punct 4
    spoke VBD root 0 speak
""")


def test_apposition_is_one_with_its_name():
    assert chains(APPOSED, mention(APPOSED, "Roe", "Person"), mention(APPOSED, "minister")) == [["Roe", "minister"]]


def initiative(*, determiner: str, modifier: str, noun: str, lemma: str) -> list[list[str]]:
    doc = tree(f"""
        Norway NNP nsubj 2
        launches VBZ root 0 launch
        a DT det 5
        major JJ amod 5
        initiative NN obj 2
        . . punct 2
        {determiner} DT det 9
        {modifier} JJ amod 9
        {noun} NN nsubj 10 {lemma}
        cuts VBZ root 0 cut
        tariffs NNS obj 10 tariff
    """)
    return chains(doc, mention(doc, "major initiative"), mention(doc, f"{modifier} {noun}"), mention(doc, "tariffs"))


def test_definite_nominal_repeats_an_earlier_one_with_its_noun():
    assert initiative(determiner="the", modifier="new", noun="initiative", lemma="initiative") == [
        ["major initiative", "new initiative"]
    ]


@pytest.mark.parametrize(
    "determiner, modifier, noun",
    [
        ("an", "new", "initiative"),  # another one
        ("the", "Danish", "initiative"),  # told apart by its modifier
    ],
)
def test_nominal_that_need_not_refer_back_stands_alone(determiner, modifier, noun):
    assert initiative(determiner=determiner, modifier=modifier, noun=noun, lemma=noun) == []


def nation(*countries: str) -> list[list[str]]:
    """The chains of "A met . B met . ... the nation waits"."""
    n = len(countries)
    rows = [f"{c} NNP nsubj {3 * i + 2}\nmet VBD root 0 meet\n. . punct {3 * i + 2}" for i, c in enumerate(countries)]
    doc = tree("\n".join([*rows, f"the DT det {3 * n + 2}", f"nation NN nsubj {3 * n + 3}", "waits VBZ root 0 wait"]))
    named = [mention(doc, c, "Country", nth=countries[:i].count(c)) for i, c in enumerate(countries)]
    return chains(doc, *named, mention(doc, "nation"))


def test_the_nation_is_the_country_named_most():
    assert nation("Norway", "Chile", "Norway") == [["Norway", "Norway", "nation"]]


def test_the_nation_is_unclear_between_countries_named_as_often():
    assert nation("Norway", "Chile") == []


ALLIES = tree("""
    Norway NNP nsubj 5
    and CC cc 4
    its PRP$ nmod:poss 4
    allies NNS conj 1 ally
    depend VBP root 0 depend
    on IN case 7
    Chile NNP obl 5
    . . punct 5
""")


def test_possessive_in_a_coordination_is_the_first_of_it():
    norway, chile = mention(ALLIES, "Norway", "Country"), mention(ALLIES, "Chile", "Country")

    assert chains(ALLIES, norway, mention(ALLIES, "its"), mention(ALLIES, "allies"), chile) == [["Norway", "its"]]


SPOKE = tree("""
    Roe NNP nsubj 2
    praised VBD root 0 praise
    Lee NNP obj 2
    . . punct 2
    He PRP nsubj 6
    thanked VBD root 0 thank
    him PRP obj 6
    . . punct 6
""")


def test_subject_and_object_of_a_clause_are_two():
    named = [mention(SPOKE, word, "Person") for word in ("Roe", "Lee")]

    found = chains(SPOKE, *named, mention(SPOKE, "He"), mention(SPOKE, "him"))

    assert not any({"He", "him"} <= set(chain) for chain in found)


REFLEXIVE = tree("""
    Roe NNP nsubj 2
    asked VBD root 0 ask
    himself PRP obj 2
""")


def test_reflexive_is_the_subject_of_its_clause():
    assert chains(REFLEXIVE, mention(REFLEXIVE, "Roe", "Person"), mention(REFLEXIVE, "himself")) == [["Roe", "himself"]]


@pytest.mark.parametrize("pronoun", ["it", "they"])
def test_pronoun_disagrees_with_a_person(pronoun):
    doc = tree(f"""
        Roe NNP nsubj 2
        left VBD root 0 leave
        . . punct 2
        {pronoun} PRP nsubj 5
        works VBZ root 0 work
    """)

    assert chains(doc, mention(doc, "Roe", "Person"), mention(doc, pronoun)) == []


LIKELY = tree("""
    Norway NNP nsubj 2
    waits VBZ root 0 wait
    . . punct 2
    It PRP nsubj 6
    is AUX cop 6 be
    likely JJ root 0
    that IN mark 9
    Chile NNP nsubj 9
    signs VBZ ccomp 6 sign
""")


def test_empty_it_has_no_antecedent():
    assert chains(LIKELY, mention(LIKELY, "Norway", "Country"), mention(LIKELY, "It")) == []


def test_reader_is_nobody():
    doc = tree("""
        Roe NNP nsubj 2
        told VBD root 0 tell
        you PRP iobj 2
    """)

    assert chains(doc, mention(doc, "Roe", "Person"), mention(doc, "you")) == []


MET = tree("""
    Norway NNP nsubj 4
    and CC cc 3
    Chile NNP conj 1
    met VBD root 0 meet
    . . punct 4
    The DT det 8
    two CD nummod 8
    countries NNS nsubj 9 country
    signed VBD root 0 sign
""")


def members(*mentions: Mention) -> list[str]:
    """The texts of the members of the last mention."""
    found = coreference.resolve(MET, mentions, ONTOLOGY, WORDS)
    return [MET.text[span.start : span.end] for span in found[-1].members]


def test_two_countries_are_those_coordinated_last():
    named = [mention(MET, "Norway", "Country"), mention(MET, "Chile", "Country")]

    assert members(*named, mention(MET, "countries", "Country")) == ["Norway", "Chile"]


def test_two_countries_are_unknown_where_one_is_named():
    assert members(mention(MET, "Norway", "Country"), mention(MET, "countries", "Country")) == []


def test_names_stay_apart_whatever_the_ranker_thinks():
    eager = coreference.Ranker(np.zeros(ranking.N_FEATURES, dtype=np.float32))
    eager.weights[:] = 1.0
    named = [mention(MET, "Norway", "Country"), mention(MET, "Chile", "Country")]

    assert [m.chain for m in coreference.resolve(MET, named, ONTOLOGY, WORDS, ranker=eager)] == [None, None]


def test_weights_come_back_as_they_were_kept(tmp_path):
    weights = np.zeros(ranking.N_FEATURES, dtype=np.float32)
    weights[[3, 70_000, ranking.N_FEATURES - 1]] = [1.0, -0.5, 0.25]

    ranking.save(weights, tmp_path / "weights.npz")

    assert np.allclose(ranking.load(tmp_path / "weights.npz").weights, weights, atol=0.01)


def test_weights_of_other_features_are_refused(tmp_path):
    np.savez(tmp_path / "weights.npz", weights=np.ones(1, np.int8), steps=np.ones(1, np.uint8), scale=1.0, n_features=7)

    with pytest.raises(ModelError, match="make coreference"):
        ranking.load(tmp_path / "weights.npz")


def plain(text: str, kind: MentionKind, start: int, chain: int | None = None) -> Mention:
    return Mention(span=Span(document_id="d", start=start, end=start + len(text)), text=text, kind=kind, chain=chain)


def test_representative_is_a_name_then_the_longest_then_the_first():
    chain = [plain("its", PRONOUN, 0), plain("the long-standing alliance", NOMINAL, 5), plain("NATO", NAME, 40)]

    assert coreference.representative(chain).text == "NATO"
    assert coreference.representative([*chain, plain("Nato Alliance", NAME, 50)]).text == "Nato Alliance"
    assert coreference.representative([*chain, plain("NATO", NAME, 90)]).span.start == 40


WORD_CHOICE = st.sampled_from([
    "Norway NNP nsubj", "it PRP obj", "its PRP$ nmod:poss", "the DT det", "plan NN obj", "they PRP nsubj",
    "Roe NNP appos", "he PRP nsubj", "president NN appos", "firms NNS conj",
])  # fmt: skip


@given(st.lists(st.tuples(WORD_CHOICE, st.integers(0, 11)), min_size=2, max_size=12))
def test_any_tree_gives_the_same_mentions_in_numbered_chains_of_two_or_more(drawn):
    rows = [f"{word} {1 if head >= i else head + 1}" for i, (word, head) in enumerate(drawn[1:], start=1)]
    doc = tree("\n".join(["said VBD root 0 say", *rows]))
    mentions = [mention(doc, t.text, nth=sum(o.text == t.text for o in doc[: t.i])) for t in doc[1:] if t.pos_ != "DET"]

    found = coreference.resolve(doc, mentions, ONTOLOGY, WORDS)

    numbers = [m.chain for m in found if m.chain is not None]
    assert [m.span for m in found] == [m.span for m in mentions]
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert all(numbers.count(n) > 1 for n in numbers)
    assert found == coreference.resolve(doc, mentions, ONTOLOGY, WORDS)


def test_file_of_words_with_a_missing_list_is_refused(tmp_path):
    (tmp_path / "coreference.yaml").write_text("titles: [president]")

    with pytest.raises(OntologyError, match=r"coreference\.yaml"):
        coreference.load(tmp_path)
