"""The network of a graph: known numbers on small graphs, the same numbers in any order, pictures that open."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import permutations
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg import analysis, consolidation, ontology
from kg.analysis import measures, networks
from kg.analysis.layout import Box, Curve, Point, label_on, separate
from kg.analysis.networks import Measure, communities_of, standings
from kg.analysis.scene import scene_of
from kg.cli import app
from kg.cli import stats as command
from kg.errors import UsageError
from kg.ids import open_predicate
from kg.model import Literal
from kg.stores.journal import Journal
from tests.builders import DEMANDED, NEGATIVE, PLANNED, POSSIBLE, document_saying, entity, pol, statement
from tests.strategies import PROPERTY, statement_lists

CHINA, JAPAN, CHILE, PERU, REFINING = (
    entity("China"), entity("Japan"), entity("Chile"), entity("Peru"), entity("refining", "Activity"),
)  # fmt: skip
FEBRUARY = Literal(value="2026-02-04")

# Chile - China - Japan, Peru - China, and one who denies: China is in the middle of all paths.
STAR = [
    statement(CHILE, "supplies", CHINA),
    statement(PERU, "supplies", CHINA, at=100, modality=PLANNED),
    statement(CHINA, "partnersWith", JAPAN, at=200, modality=POSSIBLE),
    statement(CHINA, "dominates", REFINING, at=300, modality=DEMANDED),
    statement(JAPAN, "dominates", REFINING, at=400, polarity=NEGATIVE),
    statement(JAPAN, "meetsOn", FEBRUARY, at=500),
]


def graph_of(said, folder):
    with Journal.open(folder) as journal:
        journal.record(document_saying(*said), said, content_hash="c1", config_hash="k1")
    return folder


@pytest.fixture(scope="module")
def terms():
    return ontology.load()


@pytest.fixture
def star(tmp_path):
    return graph_of(STAR, tmp_path / "graph")


def by_label(placed):
    return {standing.label: standing for standing in placed}


def believed(statement, belief):
    return replace(statement, belief=belief)


# ---- the network


def test_statements_of_one_pair_make_one_edge_with_the_sum_of_their_beliefs():
    said = [believed(statement(CHILE, "supplies", CHINA), 0.5), believed(statement(CHILE, "aids", CHINA), 0.25)]

    assert dict(networks.network(said).edges) == {
        (CHILE.iri, CHINA.iri): {"weight": 0.75, "count": 2, "relations": ("aids", "supplies"), "mutual": 0.0}
    }


def test_open_predicate_makes_an_edge():
    network = analysis.network([statement(CHILE, open_predicate("is host of"), CHINA)])

    assert network.edges[CHILE.iri, CHINA.iri]["relations"] == ("is host of",)


def test_symmetric_relation_leads_both_ways_and_counts_once_for_the_pair():
    network = analysis.network([statement(CHINA, "partnersWith", JAPAN), statement(CHINA, "supplies", JAPAN)])

    assert network.edges[CHINA.iri, JAPAN.iri]["weight"] == 2
    assert network.edges[JAPAN.iri, CHINA.iri]["weight"] == 1
    ties = networks._undirected(networks._numbered(network, sorted(network)))
    assert ties.edges[0, 1]["weight"] == 2


@pytest.mark.parametrize(
    "said",
    [
        statement(CHILE, "supplies", CHINA, polarity=NEGATIVE),
        statement(CHINA, "meetsOn", FEBRUARY),
        statement(CHINA, "supplies", CHINA),
    ],
    ids=["denied", "literal", "itself"],
)
def test_what_ties_no_two_entities_makes_no_edge_but_names_its_entities(said):
    network = analysis.network([said])

    assert not network.edges
    assert said.subject.iri in network
    assert len(network) == len({said.subject, said.object} - {FEBRUARY})


# ---- the measures


def test_middle_of_a_star_has_the_highest_of_every_measure():
    placed = standings(analysis.network(STAR))
    found = by_label(placed)

    assert (found["China"].degree, found["China"].in_degree, found["China"].out_degree) == (4, 3, 2)
    assert (found["Japan"].degree, found["Japan"].in_degree, found["Japan"].out_degree) == (1, 1, 1)
    assert {label: s.betweenness for label, s in found.items()} == {
        "China": 1.0, "Japan": 0.0, "Chile": 0.0, "Peru": 0.0, "refining": 0.0,
    }  # fmt: skip
    assert placed[0].label == "China"
    assert {standing.community for standing in placed} == {1}


def test_entity_that_two_supply_ranks_before_one_that_one_supplies():
    said = [statement(CHILE, "supplies", CHINA), statement(PERU, "supplies", CHINA), statement(PERU, "supplies", JAPAN)]

    ranks = {label: s.pagerank for label, s in by_label(standings(analysis.network(said))).items()}

    assert ranks["China"] > ranks["Japan"] > ranks["Chile"] == ranks["Peru"]


def test_two_groups_with_one_tie_between_them_are_two_communities():
    first, second = ([entity(f"{side}{n}") for n in range(5)] for side in "ab")
    pairs = [*permutations(first, 2), *permutations(second, 2), (first[0], second[0])]
    network = analysis.network([statement(a, "supplies", b) for a, b in pairs])

    found = communities_of(network, standings(network))

    assert {frozenset(s.label[0] for s in c.members) for c in found} == {frozenset("a"), frozenset("b")}
    assert [(c.number, c.size, c.density) for c in found] == [(1, 5, 1.0), (2, 5, 1.0)]


@PROPERTY
@given(statement_lists(), st.randoms())
def test_numbers_are_the_same_in_any_order_of_statements(terms, said, random):
    merged = consolidation.consolidate(said, lambda document: document)
    for statements in (said, merged):
        shuffled = random.sample(statements, len(statements))

        assert standings(analysis.network(shuffled, terms)) == standings(analysis.network(statements, terms))


@PROPERTY
@given(statement_lists(min_size=1))
def test_ranks_of_all_entities_together_make_one(terms, said):
    placed = standings(analysis.network(said, terms))

    assert sum(standing.pagerank for standing in placed) == pytest.approx(1)
    assert sorted({standing.community for standing in placed}) == list(range(1, len({s.community for s in placed}) + 1))


@pytest.mark.parametrize("seed", range(5))
def test_betweenness_is_that_of_networkx(seed):
    ties = networkx.gnp_random_graph(40, 0.06, seed=seed)

    assert measures.betweenness(ties) == pytest.approx(list(networkx.betweenness_centrality(ties).values()))


@pytest.mark.parametrize("seed", range(5))
def test_pagerank_is_that_of_networkx(seed):
    pytest.importorskip("scipy")
    graph = networkx.gnp_random_graph(40, 0.06, seed=seed, directed=True)
    for number, edge in enumerate(graph.edges):
        graph.edges[edge]["weight"] = 1 + number % 3

    theirs = networkx.pagerank(graph, tol=1e-12)

    assert measures.pagerank(graph) == pytest.approx(list(theirs.values()), abs=1e-9)


def test_betweenness_of_a_large_network_is_estimated_from_pivots_and_comes_close(monkeypatch):
    ties = networkx.barabasi_albert_graph(200, 2, seed=1)
    exact = measures.betweenness(ties)
    monkeypatch.setattr(measures, "EXACT_UP_TO", 100)
    monkeypatch.setattr(measures, "N_PIVOTS", 100)

    estimate = measures.betweenness(ties)

    assert estimate == measures.betweenness(ties)
    assert estimate != exact
    assert estimate == pytest.approx(exact, abs=0.05)


# ---- rows


def test_every_entity_of_the_edges_is_a_row_of_the_nodes(graph):
    nodes, edges = analysis.nodes(graph), analysis.edges(str(graph))

    assert {*edges["subject_iri"], *edges["object_iri"].dropna()} == {*nodes["iri"]}
    assert nodes["pagerank"].is_monotonic_decreasing
    assert nodes["iri"].is_unique
    assert edges["id"].is_unique


def test_statements_are_rows_with_labels_and_how_they_are_put(star):
    edges = analysis.edges(star)

    assert len(edges) == len(STAR)
    denied = edges[edges["polarity"] == "negative"].iloc[0]
    assert (denied["subject"], denied["relation"], denied["object"]) == ("Japan", "dominates", "refining")
    assert (denied["subject_iri"], denied["predicate_iri"]) == (JAPAN.iri, pol("dominates"))
    assert (denied["n_evidence"], denied["n_documents"]) == (1, 1)
    dated = edges[edges["relation"] == "meetsOn"]
    assert list(dated["object"]) == ["2026-02-04"]
    assert dated["object_iri"].isna().all()
    assert sorted(edges["modality"]) == ["asserted", "asserted", "asserted", "demanded", "planned", "possible"]


def test_community_is_a_row_that_names_its_most_central_members(star):
    communities = analysis.communities(star)

    assert list(communities["number"]) == [1]
    assert list(communities["size"]) == [5]
    assert communities["members"][0].startswith("China; ")
    assert communities["density"][0] == pytest.approx(4 / 10)


def test_summary_counts_what_is_there_and_tops_each_class(star):
    summary = analysis.summarise(star)

    assert (summary.n_entities, summary.n_statements, summary.n_documents, summary.n_evidence) == (5, 6, 1, 6)
    assert (summary.n_components, summary.density) == (1, pytest.approx(4 / 10))
    assert summary.classes == (pol("Country"), pol("Activity"))
    for by in Measure:
        assert [s.label for s in summary.top(1, by=by, types={pol("Country")})] == ["China"]
        assert [s.label for s in summary.top(9, by=by, types={pol("Activity")})] == ["refining"]


def test_empty_graph_has_no_rows(tmp_path):
    empty = graph_of([], tmp_path / "graph")

    assert analysis.nodes(empty).empty
    assert "pagerank" in analysis.nodes(empty)
    assert analysis.edges(empty).empty
    assert analysis.communities(empty).empty
    assert analysis.summarise(empty).density == 0


@pytest.mark.parametrize("table", [analysis.nodes, analysis.edges, analysis.communities])
def test_table_without_pandas_says_what_to_install(table, star, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(UsageError, match=r"pip install 'policy-kg\[analysis\]'"):
        table(star)


# ---- pictures


def test_png_is_a_png(graph, tmp_path):
    analysis.draw(graph, tmp_path / "new" / "network.png", dpi=50)

    assert (tmp_path / "new" / "network.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_svg_is_the_same_in_every_process(graph, tmp_path):
    analysis.draw(graph, tmp_path / "one.svg")
    code = f"from kg import analysis; analysis.draw({str(graph)!r}, {str(tmp_path / 'other.svg')!r})"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "7"})

    assert ElementTree.parse(tmp_path / "one.svg").getroot().tag.endswith("svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_drawing_needs_no_scipy_and_leaves_the_settings_of_a_notebook_alone(star, tmp_path):
    code = (
        "import sys, matplotlib; sys.modules['scipy'] = None; from kg import analysis; matplotlib.rcParams['font.size'] = 31;"
        f"analysis.draw({str(star)!r}, {str(tmp_path / 'a.png')!r}, dpi=50);"
        "assert matplotlib.rcParams['font.size'] == 31; assert 'matplotlib.pyplot' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_line_tells_relation_modality_and_dispute(star):
    summary = analysis.summarise(star)
    scene = scene_of(star, summary, n=10, by=Measure.PAGERANK)

    label_of = {standing.iri: standing.label for standing in scene.standings}
    lines = {(label_of[line.source], label_of[line.target]): line for line in scene.lines}
    assert {pair: (line.names, str(line.modality)) for pair, line in lines.items()} == {
        ("Chile", "China"): (("supplies",), "asserted"),
        ("Peru", "China"): (("supplies",), "planned"),
        ("China", "Japan"): (("partners with",), "possible"),
        ("China", "refining"): (("dominates",), "demanded"),
        ("Japan", "refining"): (("not: dominates",), "asserted"),
    }
    assert [pair for pair, line in lines.items() if line.is_disputed] == [("Japan", "refining")]
    assert [pair for pair, line in lines.items() if not line.is_directed] == [("China", "Japan")]


def test_statement_and_its_contrary_make_one_line_in_dispute(tmp_path):
    said = [statement(CHILE, "supplies", CHINA), statement(CHILE, "supplies", CHINA, at=100, polarity=NEGATIVE)]
    star = graph_of(said, tmp_path / "graph")
    summary = analysis.summarise(star)

    (line,) = scene_of(star, summary, n=2, by=Measure.DEGREE).lines

    assert (line.names, line.is_disputed) == (("supplies: disputed",), True)


def test_picture_shows_at_most_so_many_entities_and_each_is_tied(graph):
    summary = analysis.summarise(graph)
    for n in (2, 7, 25):
        scene = scene_of(graph, summary, n=n, by=Measure.DEGREE)

        drawn = {standing.iri for standing in scene.standings}
        assert len(drawn) <= n
        assert drawn == {end for line in scene.lines for end in (line.source, line.target)}


def test_boxes_come_to_stand_apart_inside_the_frame():
    boxes = [Box(50.0 + n % 3, 50.0 + n % 2, 8, 40, 10, 8) for n in range(12)]

    separate(boxes, 400, 300)

    assert not any(
        abs(a.x - b.x) < a.half_width + b.half_width and abs(a.y - b.y) < a.radius + b.radius
        for a, b in permutations(boxes, 2)
    )
    assert all(box.half_width <= box.x <= 400 - box.half_width and box.bottom <= box.y <= 292 for box in boxes)


def test_words_of_a_line_stand_only_where_there_is_room():
    ends = [Box(0, 0, 10, 20, 8, 8), Box(120, 0, 10, 20, 8, 8)]
    curve = Curve(start=Point(0, 0), end=Point(120, 0), bend=0.0)

    assert label_on(curve, 40, 7, ends, taken=()).middle == Point(60, 0)
    assert label_on(curve, 40, 7, [*ends, Box(60, 0, 10, 20, 8, 8)], taken=()) is None
    assert label_on(curve, 110, 7, ends, taken=()) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"output": "network.gif"}, r"must end in \.png or \.svg"),
        ({"output": "network.png", "n": 1}, "ask for 2 to 200"),
        ({"output": "network.png", "types": {pol("Activity")}}, "nothing to draw"),
    ],
)
def test_picture_that_cannot_be_is_refused(arguments, words, star, tmp_path):
    with pytest.raises(UsageError, match=words):
        analysis.draw(star, **{**arguments, "output": tmp_path / arguments["output"]})

    assert not [*tmp_path.glob("network.*")]


def test_picture_without_matplotlib_says_what_to_install(star, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(UsageError, match=r"needs matplotlib.*pip install 'policy-kg\[analysis\]'"):
        analysis.draw(star, tmp_path / "network.png")


# ---- the command


def run(*arguments):
    return CliRunner().invoke(app, ["stats", *map(str, arguments)])


def test_command_offers_every_measure():
    assert [*command.By] == [*Measure]


def test_table_has_counts_then_entities_by_class_then_communities(star):
    out = run(star, "--top", 2).stdout

    assert out.index("statements") < out.index("Country") < out.index("Activity") < out.index("community 1")


def test_json_has_the_top_of_the_class_asked_for(star):
    said = json.loads(run(star, "--class", "agent", "--by", "degree", "--top", 1, "--format", "json").stdout)

    assert said["counts"]["entities"] == 5
    assert [(e["entity"], e["degree"], e["betweenness"]) for e in said["entities"]["agent"]] == [("China", 4, 1.0)]
    assert [c["size"] for c in said["communities"]] == [5]


def test_csv_has_one_value_a_row(star):
    rows = [*csv.DictReader(io.StringIO(run(star, "--format", "csv").stdout))]

    values = {(row["part"], row["group"], row["name"], row["measure"]): row["value"] for row in rows}
    assert values["graph", "", "", "statements"] == "6"
    assert values["entity", "Country", "China", "degree"] == "4"
    assert values["community", "1", analysis.communities(star)["members"][0], "size"] == "5"


def test_command_draws_a_picture_of_the_class_asked_for(star, tmp_path):
    done = run(star, "--class", "country", "--picture", tmp_path / "network.svg", "--size", 3)

    assert done.exit_code == 0
    assert (tmp_path / "network.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--class", "Contry"], "no class of the ontology"), (["--picture", "network.pdf"], "must end in")],
)
def test_mistake_in_the_call_is_named(arguments, words, star):
    done = run(star, *arguments)

    assert isinstance(done.exception, UsageError)
    assert words in str(done.exception)


def test_tables_of_the_command_need_neither_pandas_nor_matplotlib_nor_scipy(star):
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['pandas', 'matplotlib', 'scipy']));"
        f"sys.argv = ['kg', 'stats', {str(star)!r}];"
        "import kg.cli, kg.cli.stats; kg.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "China" in done.stdout
