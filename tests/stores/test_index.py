"""The reading index says what the journal says, and finds it by any name."""

import shutil
import sqlite3
from collections import Counter
from contextlib import suppress
from datetime import date
from itertools import product
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids
from kg.errors import GraphError, QueryError
from kg.model import Entity, Literal, Modality, Polarity, label_of, object_key
from kg.stores import rdf
from kg.stores.folder import described
from kg.stores.index import Filters, Index, fold, place
from kg.stores.journal import Journal
from tests.builders import DEMANDED, NEGATIVE, PLANNED, POSSIBLE, document, entity, pol, said_by, statement
from tests.stores.test_rdf import journal_of
from tests.stores.test_updates import FEW, folders, histories, live, publishing, survivors, take_in
from tests.strategies import PROPERTY, corpora


def published(corpus, folder) -> Index:
    with journal_of(corpus, folder) as journal:
        rdf.publish(journal)
    return index_of(folder)


def index_of(folder) -> Index:
    return Index.open(place(folder, described(folder)["published"]))


def written(folder):
    """All that the index holds, without the numbers of its rows."""
    index = index_of(folder)
    with index.reading() as db:
        found: dict[str, Any] = {name: Counter(db.execute(sql)) for name, sql in _WRITTEN.items()}
    said = index.statements(limit=500)["items"]
    found["in order"] = said, [index.statement(item["id"], limit=500) for item in said]
    return found | {"search": searchable(place(folder, described(folder)["published"]))}


_WRITTEN = {
    "terms": "SELECT 'kind', iri FROM kind UNION ALL SELECT 'relation', iri FROM relation UNION ALL "
    "SELECT 'source', iri FROM source",
    "documents": "SELECT id, title, folded, url, publisher, author, published, language, iri, n_statements "
    "FROM document LEFT JOIN source ON source.number = source",
    "nodes": "SELECT key, iri, label, record, n_statements, n_documents, first, last "
    "FROM node LEFT JOIN kind ON kind.number = kind",
    "names": "SELECT key, is_label, text, folded FROM name JOIN node ON node.number = node",
    "statements": "SELECT id, a.key, iri, b.key, polarity, modality, belief, contradicted, n_evidence, s.n_documents, "
    "s.first, s.last FROM statement s JOIN node a ON a.number = subject JOIN node b ON b.number = object "
    "JOIN relation ON relation.number = relation",
    "sides": "SELECT a.key, b.key, id, role, relation.iri, kind.iri, s.polarity, s.modality, s.belief, s.contradicted, "
    "s.n_documents FROM side s JOIN node a ON a.number = s.node JOIN node b ON b.number = s.other "
    "JOIN statement USING (statement) JOIN relation ON relation.number = s.relation "
    "LEFT JOIN kind ON kind.number = s.kind",
    "evidence": "SELECT statement.id, document.id, start, evidence.published, iri, key, evidence.record FROM evidence "
    "JOIN statement USING (statement) JOIN document ON document.number = document "
    "LEFT JOIN source ON source.number = evidence.source LEFT JOIN node ON node.number = speaker",
    "summary": "SELECT * FROM fact",
}


def searchable(file):
    """How many rows have each word and run of letters; the search tables are checked against what they are made of."""
    with sqlite3.connect(":memory:") as db:
        sqlite3.connect(file).backup(db)
        for table in ("word", "gram", "title_word"):
            db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
            db.execute(f"CREATE VIRTUAL TABLE n_{table} USING fts5vocab ('{table}', 'row')")
        return [db.execute(f"SELECT term, doc FROM n_{table}").fetchall() for table in ("word", "gram", "title_word")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A new folder at each call."""
    return lambda: tmp_path_factory.mktemp("made") / "graph"


# ---- what always holds


@FEW
@given(history=histories)
def test_index_that_is_brought_up_to_date_equals_one_made_anew(history):
    with folders() as (lived, fresh):
        live(history, lived, publishing(lived))
        with Journal.open(fresh) as journal:
            take_in(journal, survivors(history))
            rdf.publish(journal)
        assert written(lived) == written(fresh)


changes = st.lists(corpora().map(lambda corpus: corpus[:1]), min_size=1, max_size=3)
"""One document each time."""


@FEW
@given(before=corpora(), change=changes)
def test_few_changes_give_the_index_that_all_at_once_would(monkeypatch, before, change):
    monkeypatch.setattr(rdf, "_FEW_CHANGED", 1.0)
    with folders() as (grown, whole):
        for corpus in (before, *change):
            with Journal.open(grown) as journal:
                take_in(journal, corpus)
                rdf.publish(journal)
        last = {document.id: (document, said) for corpus in (before, *change) for document, said in corpus}
        with Journal.open(whole) as journal:
            take_in(journal, last.values())
            rdf.publish(journal)
        assert written(grown) == written(whole)


@FEW
@given(before=corpora(), gone=st.sampled_from([0, 1, 2]))
def test_withdrawn_documents_leave_the_index_that_they_were_never_in(monkeypatch, before, gone):
    monkeypatch.setattr(rdf, "_FEW_CHANGED", 1.0)
    with folders() as (shrunk, never):
        going = [document.id for document, _ in before[gone : gone + 1]]
        with Journal.open(shrunk) as journal:
            take_in(journal, before)
            rdf.publish(journal)
            journal.withdraw(*going)
            rdf.publish(journal)
        with Journal.open(never) as journal:
            take_in(journal, [(document, said) for document, said in before if document.id not in going])
            rdf.publish(journal)
        assert written(shrunk) == written(never)


@PROPERTY
@given(corpora())
def test_index_holds_the_statements_of_the_store(folder, corpus):
    graph = folder()
    index = published(corpus, graph)
    with rdf.open_graph(graph) as store:
        expected = list(store.statements())
    documents = {document.id: document for document, _ in corpus}

    found = {item["id"]: item for item in index.statements(limit=500)["items"]}
    assert sorted(found) == [s.id for s in expected]
    for s in expected:
        item = found[s.id]
        days = sorted(d.isoformat() for e in s.evidence if (d := documents[e.document_id].published))
        assert item["subject"]["iri"] == s.subject.iri
        assert item["subject"]["label"] == s.subject.label
        assert item["object"]["iri"] == object_key(s.object)
        assert item["object"]["label"].startswith(label_of(s.object))
        assert (item["predicate"]["iri"], item["polarity"], item["modality"]) == (s.predicate, s.polarity, s.modality)
        assert (item["belief"], item["n_evidence"]) == (s.belief, len(s.evidence))
        assert item["contradicts"] == (s.opposite_id if s.opposite_id in found else None)
        assert (item["first"], item["last"]) == ((days[0], days[-1]) if days else (None, None))


@PROPERTY
@given(corpora())
def test_evidence_comes_back_as_it_was_given(folder, corpus):
    graph = folder()
    index = published(corpus, graph)
    with rdf.open_graph(graph) as store:
        for s in store.statements():
            items = index.statement(s.id, limit=500)["evidence"]["items"]
            assert [
                (i["document"]["id"], i["sentence"]["start"], i["sentence"]["text"], i["object"]["text"], i["modality"],
                 i["confidence"], i["extractor"], i["subject_link_score"]) for i in items
            ] == [
                (e.document_id, e.sentence.start, e.quote, e.object_text, e.modality, e.confidence, e.extractor,
                 e.subject_link_score) for e in s.evidence
            ]  # fmt: skip
            speakers = [e.attribution and (e.attribution.source and e.attribution.source.iri) for e in s.evidence]
            assert [i["attribution"] and (i["attribution"]["source"] or {}).get("iri") for i in items] == speakers


# ---- the file


def test_index_lies_beside_the_store_and_the_old_one_goes(tmp_path):
    with journal_of([(document(), [statement()])], tmp_path / "graph") as journal:
        rdf.publish(journal)
        journal.record(document("doc-2"), [statement("Chile", document="doc-2")], content_hash="c", config_hash="k")
        store = rdf.publish(journal)

    assert sorted(store.parent.iterdir()) == [store, store.with_suffix(".sqlite")]


def test_index_that_is_missing_or_of_another_version_is_made_by_publishing(tmp_path):
    graph = tmp_path / "graph"
    published([(document(), [statement()])], graph)
    file = place(graph, described(graph)["published"])
    before = written(graph)
    for spoil in (file.unlink, lambda: file.write_bytes(b""), lambda: file.write_bytes(b"no database at all" * 100)):
        spoil()
        with pytest.raises(GraphError, match="kg build"):
            index_of(graph)
        with Journal.open(graph) as journal:
            rdf.publish(journal)
        assert written(graph) == before


def test_index_is_made_whole_where_the_last_publishing_left_none(tmp_path, monkeypatch):
    monkeypatch.setattr(rdf, "_FEW_CHANGED", 1.0)
    graph = tmp_path / "graph"
    published([(document(), [statement()])], graph)
    place(graph, described(graph)["published"]).unlink()
    index = published([(document("doc-2"), [statement("Chile", document="doc-2")])], graph)

    assert index.summary()["n_documents"] == 2


def test_open_index_answers_on_when_a_newer_one_takes_its_place(tmp_path):
    graph = tmp_path / "graph"
    old = published([(document(), [statement()])], graph)
    new = published([(document("doc-2"), [statement("Chile", document="doc-2")])], graph)
    answers = []
    threads = [Thread(target=lambda: answers.append(old.entities()["total"])) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not old.file.exists()
    assert answers == [2] * 20
    assert new.entities()["total"] == 3


def test_index_on_a_read_only_folder_can_be_read(tmp_path):
    graph = tmp_path / "graph"
    published([(document(), [statement()])], graph)
    copy = tmp_path / "copy.1"
    copy.mkdir()
    shutil.copy(place(graph, described(graph)["published"]), copy / "7.sqlite")
    copy.chmod(0o500)
    index = Index.open(copy / "7.sqlite")

    assert index.revision == 7
    assert index.entity("China")["n_statements"] == 1
    with index.reading() as db, pytest.raises(sqlite3.OperationalError):
        db.execute("DELETE FROM node")
    copy.chmod(0o700)


def test_closed_index_says_so(tmp_path):
    index = published([(document(), [statement()])], tmp_path / "graph")
    index.close()

    with pytest.raises(GraphError, match="closed"):
        index.entities()


# ---- names


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("U.S.", "US"), ("Côte d'Ivoire", "cote divoire"), ("Côte d’Ivoire", "COTE DIVOIRE"), ("Straße", "strasse"),
        ("Łódź", "lodz"), ("Nord Stream-2", "nord stream 2"), ("São  Tomé", "sao tome"), ("İzmir", "izmir"),
        ("ﬁnance", "finance"), ("Erdoğan", "erdogan"), ("Ørsted", "orsted"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(name, other):
    assert fold(name) == fold(other)


def test_folding_keeps_what_tells_names_apart():
    assert fold("2.5") != fold("25")
    assert fold("中国") == "中国"
    assert fold("$") == "$"


@PROPERTY
@given(st.text(max_size=8))
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A graph of a few names."""
    china = entity("China", aliases=("PRC", "People's Republic of China"))
    kazakhstan, chile = entity("Kazakhstan"), entity("Chile")
    us = entity("United States", aliases=("U.S.",))
    union = entity("European Union", "Organization", aliases=("Chinaware Council",))
    said = [statement(a, object=b, at=n * 100) for n, (a, b) in enumerate([
        (china, us), (china, union), (china, "refining"), (us, kazakhstan), (us, "refining"), (chile, "copper refining"),
    ])]  # fmt: skip
    return published([(document(), said)], tmp_path_factory.mktemp("named") / "graph")


def labels(answer):
    return [(item["label"], item["matched"], item["how"]) for item in answer["items"]]


def test_exact_names_come_first_then_beginnings_then_words(named):
    assert labels(named.entities("china")) == [
        ("China", "China", "exact"), ("European Union", "Chinaware Council", "prefix"),
    ]  # fmt: skip
    assert labels(named.entities("prc")) == [("China", "PRC", "exact")]
    assert labels(named.entities("stat unit")) == [("United States", "United States", "word")]
    assert labels(named.entities("refin")) == [
        ("refining", "refining", "prefix"), ("copper refining", "copper refining", "word"),
    ]  # fmt: skip


@pytest.mark.parametrize(("words", "label"), [("Chnia", "China"), ("untied states", "United States"),
                                              ("Kazahstan", "Kazakhstan"), ("Europaen Union", "European Union")])  # fmt: skip
def test_misspelt_names_are_found_where_little_else_is(named, words, label):
    assert labels(named.entities(words))[0] == (label, label, "fuzzy")


def test_without_words_all_come_by_what_is_said_of_them(named):
    found = named.entities()

    assert [(i["label"], i["n_statements"], i["how"]) for i in found["items"]][:2] == [
        ("China", 3, "all"), ("United States", 3, "all"),
    ]  # fmt: skip
    assert found["total"] == 7


@pytest.mark.parametrize("words", ["", "c", "china", "Chnia", "refin"])
def test_pages_of_entities_are_what_one_page_would_be(named, words):
    whole = named.entities(words, limit=100)
    pages = [named.entities(words, limit=2, offset=n) for n in range(0, whole["total"] + 2, 2)]

    assert whole["total"] == len(whole["items"])
    assert [item for page in pages for item in page["items"]] == whole["items"]
    assert {page["total"] for page in pages} == {whole["total"]}


def test_classes_below_the_one_asked_for_count(named):
    agents = named.classes_below("Agent")

    assert {i["label"] for i in named.entities(classes=named.classes_below("Organization"))["items"]} == {"European Union"}
    assert pol("Organization") in agents
    with pytest.raises(QueryError, match="Organization"):
        named.classes_below("Organisation")


@pytest.mark.parametrize("words", ['"', "AND", "a* OR b", "NEAR(a b)", "%_", "\x01", "  ", "-", "$", "(", "'", "^x", "u:x"])
def test_signs_of_the_query_language_are_text(named, words):
    assert named.entities(words)["total"] >= 0
    assert named.documents(words)["total"] >= 0


def test_entity_goes_by_iri_label_and_alias(named):
    china = named.entity("China")

    assert china["aliases"] == ["PRC", "People's Republic of China"]
    assert named.entity(china["iri"]) == named.entity("PRC") == named.entity("peoples republic of china") == china
    assert named.entity("Chinaa") is None
    assert named.near("Chinaa")[0] == "China"


def test_relations_go_by_name_and_iri(named):
    assert named.relation("dominates") == named.relation(pol("dominates")) == pol("dominates")
    assert named.relation("sanctions") == pol("sanctions")
    with pytest.raises(QueryError, match="dominates"):
        named.relation("dominate")


# ---- filters

PARTNER, MINISTRY = entity("Chile"), entity("Ministry", "Organization")
CORPUS = [
    (
        document(f"doc-{n}", publisher=f"Paper {n % 3}", published=date(2026, 1 + n % 5, 1) if n % 4 else None),
        [
            statement(subject, relation, value, polarity=polarity, document=f"doc-{n}", at=100 * k, modality=modality,
                      confidence=0.3 + 0.1 * (n % 6))
            for k, (subject, relation, value, polarity, modality) in enumerate(product(
                (f"State {n % 4}", MINISTRY), ("supplies", "funds"),
                (PARTNER, "mining", Literal(value=str(n % 2), unit="t")),
                (Polarity.POSITIVE, NEGATIVE)[: 1 + n % 2], (Modality.ASSERTED, PLANNED, POSSIBLE, DEMANDED)[n % 4 : n % 4 + 1],
            ))
        ],
    )
    for n in range(8)
]  # fmt: skip

FILTERS = [
    Filters(),
    Filters(relations=(pol("supplies"),)),
    Filters(classes=(pol("Country"),)),
    Filters(classes=("Literal",)),
    Filters(classes=(pol("Activity"), "Literal")),
    Filters(modalities=(PLANNED, POSSIBLE)),
    Filters(polarities=(NEGATIVE,)),
    Filters(sources=("Paper 1", "Paper 2")),
    Filters(sources=("Nobody",)),
    Filters(min_belief=0.6),
    Filters(since=date(2026, 3, 1)),
    Filters(until=date(2026, 2, 28)),
    Filters(since=date(2026, 2, 1), until=date(2026, 3, 1), sources=("Paper 0",)),
    Filters(is_contradicted=True, modalities=(PLANNED,)),
    Filters(relations=(pol("funds"),), classes=(pol("Country"), pol("Organization")), min_belief=0.5, sources=("Paper 2",)),
]


@pytest.fixture(scope="module")
def filtered(tmp_path_factory):
    """The index, and the statements of the store."""
    graph = tmp_path_factory.mktemp("filtered") / "graph"
    index = published(CORPUS, graph)
    with rdf.open_graph(graph) as store:
        return index, list(store.statements())


DOCUMENTS = {found.id: found for found, _ in CORPUS}


def passes(s, filters, centre, contradicted):
    """Whether a statement passes, by the letter."""
    ends = [end for end in (s.subject, s.object) if object_key(end) != centre] if centre else [s.subject, s.object]
    classes = {end.type if isinstance(end, Entity) else "Literal" for end in ends}

    def is_place(evidence):
        found = DOCUMENTS[evidence.document_id]
        return (
            (not filters.sources or found.publisher in filters.sources)
            and (not filters.since or (found.published is not None and found.published >= filters.since))
            and (not filters.until or (found.published is not None and found.published <= filters.until))
        )

    return (
        (not filters.relations or s.predicate in filters.relations)
        and (not filters.classes or bool(classes & set(filters.classes)))
        and (not filters.modalities or s.modality in filters.modalities)
        and (not filters.polarities or s.polarity in filters.polarities)
        and (filters.min_belief is None or s.belief >= filters.min_belief)
        and (not filters.is_contradicted or s.id in contradicted)
        and any(map(is_place, s.evidence))
    )


def expected(said, filters, centre=None):
    contradicted = {s.id for s in said} & {s.opposite_id for s in said}
    about = [s for s in said if centre is None or centre in (s.subject.iri, object_key(s.object))]
    return [s for s in about if passes(s, filters, centre, contradicted)]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("centre", [None, PARTNER.iri, MINISTRY.iri])
def test_filters_leave_what_passes_them(filtered, filters, centre):
    index, said = filtered
    found = index.statements(centre, filters=filters, limit=500)

    assert {item["id"] for item in found["items"]} == {s.id for s in expected(said, filters, centre)}
    assert found["total"] == len(found["items"])


@pytest.mark.parametrize("filters", FILTERS)
def test_facets_count_under_all_filters_but_their_own(filtered, filters):
    index, said = filtered
    facets = index.neighbourhood(MINISTRY.iri, filters=filters)["facets"]

    def counts(own, values):
        return Counter(value for s in expected(said, filters.without(*own), MINISTRY.iri) for value in values(s))

    def counted(name, key="name"):
        return {item[key]: item["n"] for item in facets[name]}

    def class_of(end):
        return ids.predicate_name(end.type) if isinstance(end, Entity) else "Literal"

    def places(s, passing):
        return {found for e in s.evidence if passes_place(found := DOCUMENTS[e.document_id], passing)}

    def passes_place(found, passing):
        is_day = found.published is not None
        return (
            (not passing.sources or found.publisher in passing.sources)
            and (not passing.since or (is_day and found.published >= passing.since))
            and (not passing.until or (is_day and found.published <= passing.until))
        )

    by_source, by_month = filters.without("sources"), filters.without("since", "until")
    assert counted("relations", "iri") == counts(["relations"], lambda s: [s.predicate])
    assert counted("classes") == counts(["classes"], lambda s: [class_of(s.object)])
    assert counted("modalities") == counts(["modalities"], lambda s: [s.modality])
    assert counted("polarities") == counts(["polarities"], lambda s: [s.polarity])
    assert dict(enumerate(facets["beliefs"])) == dict.fromkeys(range(10), 0) | counts(
        ["min_belief"], lambda s: [min(9, int(s.belief * 10))]
    )
    assert counted("sources") == counts(["sources"], lambda s: {d.publisher for d in places(s, by_source)})
    assert counted("months", "month") == counts(
        ["since", "until"], lambda s: {d.published.isoformat()[:7] for d in places(s, by_month) if d.published}
    )


@pytest.mark.parametrize("filters", FILTERS)
def test_nodes_around_are_those_at_the_other_end(filtered, filters):
    index, said = filtered
    found = index.neighbourhood(MINISTRY.iri, filters=filters, limit=500)
    wanted = expected(said, filters, MINISTRY.iri)
    others = {object_key(s.object) for s in wanted}

    assert {node["iri"] for node in found["nodes"]} == others | {MINISTRY.iri}
    assert (found["total_nodes"], found["is_total_exact"]) == (len(others), True)
    shown = [s for s in expected(said, filters.without("classes"))
             if {s.subject.iri, object_key(s.object)} <= others | {MINISTRY.iri}]  # fmt: skip
    assert {edge["id"] for edge in found["edges"]} == {s.id for s in shown}
    assert found["total_edges"] == len(shown)


@pytest.mark.parametrize("sort", ["belief", "newest", "oldest", "evidence"])
@pytest.mark.parametrize("centre", [None, PARTNER.iri])
def test_pages_of_statements_are_what_one_page_would_be(filtered, sort, centre):
    index, _ = filtered
    whole = index.statements(centre, sort=sort, limit=500)["items"]
    pages = [index.statements(centre, sort=sort, limit=7, offset=n)["items"] for n in range(0, len(whole) + 7, 7)]

    def key(item):
        return {"belief": -item["belief"], "evidence": -item["n_evidence"], "oldest": item["first"] or "9999",
                "newest": [-ord(c) for c in item["last"] or "\0"]}[sort]  # fmt: skip

    assert [item for page in pages for item in page] == whole
    assert sorted(whole, key=key) == whole


@pytest.mark.parametrize(("side", "roles"), [("subject", {"subject"}), ("object", {"object"}), ("any", {"subject", "object"})])
def test_side_tells_where_the_entity_stands(tmp_path, side, roles):
    said = [statement("China", object=entity("Chile")), statement("Chile", object=entity("China"), at=100),
            statement("China", object=entity("China"), at=200)]  # fmt: skip
    index = published([(document(), said)], tmp_path / "graph")
    items = index.statements("China", side=side)["items"]

    assert len(items) == len({item["id"] for item in items}) == {1: 2, 2: 3}[len(roles)]
    assert all(any(item[role]["label"] == "China" for role in roles) for item in items)


# ---- neighbourhoods and paths


@pytest.fixture(scope="module")
def chained(tmp_path_factory):
    """A to E in a row, a way round over X, a far one over L, and a literal that joins nothing."""
    pairs = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("A", "X"), ("X", "C"), ("L", "E")]
    share = Literal(value="5", unit="percent")
    said = [statement(a, object=entity(b), at=100 * n) for n, (a, b) in enumerate(pairs)]
    said += [statement("A", object=share, at=5000), statement("L", object=share, at=5100)]
    again = [statement("A", object=entity("X"), document="doc-2"), statement("X", object=entity("C"), document="doc-2", at=100)]
    corpus = [(document(), said), (document("doc-2"), again)]
    return published(corpus, tmp_path_factory.mktemp("chained") / "graph")


def ways(answer):
    return ["".join(node["label"] for node in path["nodes"]) for path in answer["paths"]]


def test_shortest_ways_come_first_and_of_these_the_best_documented(chained):
    found = chained.paths("A", "D", limit=10)

    assert ways(found) == ["AXCD", "ABCD"]
    assert found["is_complete"]
    assert [(e["subject"]["label"], e["object"]["label"]) for e in found["paths"][0]["edges"]] == [
        ("A", "X"), ("X", "C"), ("C", "D"),
    ]  # fmt: skip


def test_ways_go_no_further_than_asked_and_not_through_literals(chained):
    assert ways(chained.paths("A", "E", max_length=3)) == []
    assert ways(chained.paths("A", "E", max_length=4, limit=1)) == ["AXCDE"]
    assert ways(chained.paths("A", "L", max_length=4)) == []
    assert ways(chained.paths("A", "L", max_length=6)) == ["AXCDEL", "ABCDEL"]
    assert chained.paths("A", "nobody") is None
    assert ways(chained.paths("A", "A")) == []


def test_longer_ways_that_pass_no_node_twice_fill_the_list(chained):
    assert ways(chained.paths("A", "B", max_length=6, limit=10)) == ["AB", "AXCB"]


def test_ways_keep_to_the_filters(chained):
    assert ways(chained.paths("A", "D", filters=Filters(relations=(pol("funds"),)))) == []
    assert ways(chained.paths("A", "D", filters=Filters(classes=(pol("Organization"),)))) == []
    assert ways(chained.paths("A", "D", filters=Filters(classes=(pol("Country"),)), limit=1)) == ["AXCD"]


def test_search_that_would_take_too_long_says_so(chained, monkeypatch):
    monkeypatch.setattr("kg.stores.index.paths._MOST_ROWS", 4)

    assert not chained.paths("A", "E")["is_complete"]


def test_deeper_neighbourhoods_reach_further(chained):
    def depths(depth):
        found = chained.neighbourhood("A", depth=depth)
        return {node["label"]: node["depth"] for node in found["nodes"]}, found["total_nodes"], found["is_total_exact"]

    assert depths(1) == ({"A": 0, "B": 1, "X": 1, "5 percent": 1}, 3, True)
    assert depths(2) == ({"A": 0, "B": 1, "X": 1, "5 percent": 1, "C": 2}, 4, True)
    assert depths(3) == ({"A": 0, "B": 1, "X": 1, "5 percent": 1, "C": 2, "D": 3}, 5, True)


def test_best_documented_neighbours_come_first_and_the_centre_is_there_on_every_page(chained):
    pages = [chained.neighbourhood("A", limit=1, offset=n)["nodes"] for n in range(3)]

    assert [[(n["label"], n["rank"]) for n in page] for page in pages] == [
        [("A", 0), ("X", 1)], [("A", 0), ("5 percent", 2)], [("A", 0), ("B", 3)],
    ]  # fmt: skip


@PROPERTY
@given(corpora(), st.sampled_from([1, 2, 3]), st.integers(1, 3))
def test_every_node_shown_but_the_centre_is_joined_to_one_before_it(folder, corpus, depth, limit):
    index = published(corpus, folder())
    for item in index.entities()["items"]:
        found = index.neighbourhood(item["iri"], depth=depth, limit=limit)
        joined = {frozenset((e["subject"]["iri"], e["object"]["iri"])) for e in found["edges"]}
        nodes = [node["iri"] for node in found["nodes"]]
        assert nodes[0] == item["iri"]
        for n, iri in enumerate(nodes[1:], start=1):
            assert any(frozenset((iri, other)) in joined for other in nodes[:n])


# ---- documents


def test_documents_are_found_by_title_source_and_day(filtered):
    index, _ = filtered

    assert [d["id"] for d in index.documents("title of doc-3")["items"]] == ["doc-3"]
    assert {d["id"] for d in index.documents(sources=("Paper 1",))["items"]} == {"doc-1", "doc-4", "doc-7"}
    assert {d["id"] for d in index.documents(since=date(2026, 4, 1))["items"]} == {"doc-3"}
    newest = [d["published"] for d in index.documents(sort="newest")["items"]]
    assert newest == sorted((d for d in newest if d), reverse=True) + [None] * newest.count(None)
    assert [d["id"] for d in index.documents(sort="title")["items"]] == sorted(DOCUMENTS)


def test_document_gives_its_statements_in_the_order_of_its_text(filtered):
    index, said = filtered
    found = index.document("doc-3", limit=500)
    starts = [item["evidence"][0]["sentence"]["start"] for item in found["statements"]["items"]]

    assert {s.id for s in said if any(e.document_id == "doc-3" for e in s.evidence)} == {
        item["id"] for item in found["statements"]["items"]
    }
    assert starts == sorted(starts)
    assert found["n_statements"] == found["statements"]["total"] == len(starts)
    assert index.document("doc-99") is None


def test_source_of_a_document_without_publisher_is_its_host(tmp_path):
    index = published([(document(publisher=None, url="https://www.news.example/a"), [statement()])], tmp_path / "graph")

    assert index.statements()["items"][0]["sources"] == ["www.news.example"]
    assert index.statements(filters=Filters(sources=("www.news.example",)))["total"] == 1


def test_speaker_is_described_as_all_documents_describe_it(tmp_path):
    iea = entity("IEA", "Organization")
    graph = tmp_path / "graph"
    index = published([(document(), [statement(attribution=said_by(iea))])], graph)
    (item,) = index.statement(index.statements()["items"][0]["id"])["evidence"]["items"]

    assert item["attribution"]["source"] == {"iri": iea.iri, "label": "IEA", "class": "Organization"}
    assert item["cue"] == {"start": 0, "end": 5, "text": "China"}
    assert index.entity("IEA")["n_statements"] == 0


def test_interrupted_publishing_keeps_the_old_index(tmp_path):
    graph = tmp_path / "graph"
    index = published([(document(), [statement()])], graph)
    with journal_of([(document("doc-2"), [statement("Chile", document="doc-2")])], graph) as journal:

        def interrupted(done, total):
            raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            rdf.publish(journal, progress=interrupted)
        assert index_of(graph).summary() == index.summary()
        rdf.publish(journal)
    assert index_of(graph).summary()["n_documents"] == 2
