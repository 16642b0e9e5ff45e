"""Cypher is sent with its parameters beside it, as values of their kinds."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from kg import ids, queries
from kg.errors import QueryError
from kg.queries import Language, cypher
from tests.builders import pol


@dataclass(frozen=True)
class Found:
    columns: tuple[str, ...]
    rows: list[tuple]

    def __iter__(self):
        return iter(self.rows)


@dataclass
class Graph:
    """A store that knows China, and keeps what it is asked."""

    answer: Found = Found(("n",), [(1,)])
    asked: list = field(default_factory=list)

    def ask(self, text, params=None):
        self.asked.append((text, dict(params or {})))
        return self.answer

    def labels(self, label=None):
        return iter([("kg:china", "China")] if label in (None, "China") else [])

    def aliases(self, alias=None):
        return iter([])

    def is_entity(self, iri):
        return True

    def holds(self, iri):
        return iri == "kg:china"

    def same_as(self, iri):
        return iter(())

    def n_statements(self, iri):
        return 1


def read(*parameters, body="RETURN 1"):
    lines = ["// What?", *(f"// param {parameter}" for parameter in parameters)]
    return queries.read("\n".join(lines) + f"\n\n{body}", language=Language.CYPHER)


def test_values_are_sent_as_what_they_are_and_never_put_into_the_text():
    graph = Graph()
    query = read("who: entity", "any: entity = any", "day: date", "n: int = 3", "share: number = 0.5", "word: text")
    evil = "' OR 1 = 1 //"

    queries.run(graph, query, {"who": "China", "day": "2026-02-04", "word": evil})

    assert graph.asked == [
        (query.text, {"who": "kg:china", "any": None, "day": date(2026, 2, 4), "n": 3, "share": 0.5, "word": evil})
    ]


def test_statement_is_sent_as_its_id_and_a_relation_as_its_iri():
    graph = Graph(Found(("iri",), [(pol("dominates"),)]))
    query = read("s: statement", "r: relation")

    queries.run(graph, query, {"s": ids.statement_iri("abc"), "r": "dominates"})

    assert graph.asked[-1][1] == {"s": "abc", "r": pol("dominates")}


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("s: statement", "0000", "no such statement"),
        ("r: relation", "adores", "no statement of this graph has this relation"),
        ("who: entity", "Chima", "no entity of this graph has this name; near it are China"),
        ("n: int", "many", "not a whole number"),
    ],
)
def test_wrong_values_are_named(parameter, value, message):
    with pytest.raises(QueryError, match=message):
        queries.run(Graph(Found((), [])), read(parameter), {parameter.partition(":")[0]: value})


def test_sent_text_is_followed_by_its_parameters():
    query = read("who: entity = any", "day: date = 2026-02-04", 'word: text = "it\'s"', "n: int = 3")

    assert queries.text_of(Graph(), query).splitlines()[-4:] == [
        "// $who = null", "// $day = date('2026-02-04')", '// $word = "it\'s"', "// $n = 3",
    ]  # fmt: skip


def test_dates_come_back_as_text():
    day = date(2026, 2, 4)
    graph = Graph(Found(("day", "none", "node"), [(day, None, {"days": [day]})]))

    assert queries.run(graph, read()).rows == (("2026-02-04", None, {"days": ["2026-02-04"]}),)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("MATCH (n) RETURN n.label AS who, coalesce(n.a, n.b) AS what, n ORDER BY who, what", ("who", "what", "n")),
        ("CALL { MATCH (n) RETURN n LIMIT 3 } RETURN DISTINCT n.label + ', ' AS x LIMIT 5", ("x",)),
        ("RETURN [1, 2] AS a, {b: {c: 1, d: 2}} AS e", ("a", "e")),
        ("MATCH (n) DELETE n", ()),
    ],
)
def test_columns_can_be_read_from_the_text(text, columns):
    assert cypher.returned(text) == columns


def test_columns_are_there_without_rows():
    assert queries.run(Graph(Found((), [])), read(body="MATCH (n) RETURN n.x AS x, n.y AS y")).columns == ("x", "y")
