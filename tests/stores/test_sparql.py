import pytest

from kg.stores.sparql import calls_out, names_dataset, words


@pytest.mark.parametrize(
    "text",
    ["SELECT * { SERVICE <http://x> {} }", "select*{service<http://x>{}}", "SELECT * { # no\nSERVICE ?x {} }",
     'SELECT * { ?a ?b "x" SERVICE ?x {} }', "SELECT * { ?a ?b 1 SERVICE ?x {} }", "SELECT * { SERVICE:x {} }",
     "SELECT * { ?a <http://x/#y> 'it''s' . SERVICE <http://x> {} }", '''SELECT * { ?a ?b """a " b""" . SERVICE ?x {} }'''],
)  # fmt: skip
def test_call_to_another_server_is_seen(text):
    assert calls_out(text)


@pytest.mark.parametrize(
    "text",
    ['SELECT * { ?a ?b "SERVICE" }', "SELECT * { ?a ?b 'the SERVICE of' }", "SELECT * { ?a ?b <http://x/SERVICE> }",
     "SELECT * { ?a ?b ?SERVICE }", "SELECT * { ?a ex:SERVICE ?c }", "SELECT * { ?a ?b ?c } # SERVICE", "SELECT * { ?a ?b :service }",
     '''SELECT * { ?a ?b """two
     lines of SERVICE""" }''', 'SELECT * { ?a ?b "x"@service }'],
)  # fmt: skip
def test_word_elsewhere_is_no_call(text):
    assert not calls_out(text)


def test_dataset_of_a_query_is_seen():
    assert names_dataset("SELECT * FROM <urn:g> { ?a ?b ?c }")
    assert names_dataset("select * from named <urn:g> { ?a ?b ?c }")
    assert not names_dataset("SELECT ?from { ?a :from 'FROM' } # FROM <urn:g>")


def test_long_texts_take_no_long():
    hostile = ["'" * 20_000, '"""' + '"' * 20_000, "<" * 20_000, "\\" * 20_000, "a:" * 10_000, "'''" + "\\'" * 10_000]

    assert [len(list(words(text))) >= 0 for text in hostile] == [True] * len(hostile)
