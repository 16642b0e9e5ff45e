from kg import runner
from kg.model import Document, Failure
from kg.pipeline import Settings
from kg.stores.journal import Journal


class Fragile:
    """A pipeline that fails on one document."""

    def statements(self, documents):
        for document in documents:
            if document.id == "bad":
                raise ValueError("no such luck")
            yield document, []


def documents(*names):
    return [Document(id=name, text=f"Text of {name}.") for name in names]


def test_document_that_breaks_costs_itself_alone():
    outcomes = list(runner._outcomes(Fragile(), documents("a", "bad", "b"), Fragile.statements))

    assert [o.document_id if isinstance(o, Failure) else o[0].id for o in outcomes] == ["a", "bad", "b"]
    (failure,) = [o for o in outcomes if isinstance(o, Failure)]
    assert failure.error == "ValueError: no such luck"


def test_second_document_of_an_id_is_refused(tmp_path):
    twice = [Document(id="a", text="Japan relies on Australia for coal."), Document(id="a", text="Something else.")]

    with Journal.open(tmp_path / "graph") as journal:
        totals = runner.run(twice, journal, Settings())
        kept = [d.text for d in journal.documents()]

    assert kept == ["Japan relies on Australia for coal."]
    assert "has the id 'a'" in totals.failures[0].error


def test_changed_document_takes_the_place_of_its_old_version(tmp_path):
    with Journal.open(tmp_path / "graph") as journal:
        runner.run([Document(id="a", text="Japan relies on Australia for coal.")], journal, Settings())
        runner.run([Document(id="a", text="Japan relies on Chile for copper.")], journal, Settings())
        labels = {s.object.label for _, said in journal.said() for s in said}

    assert "Chile" in labels
    assert "Australia" not in labels


def test_result_does_not_depend_on_the_number_of_processes(tmp_path):
    given = [Document(id=f"d{i}", text=f"Japan relies on Australia for coal. Report {i} ends.") for i in range(30)]

    def said(workers):
        return sorted(
            (o[0].id, s.id, s.evidence[0].confidence)
            for o in runner.analyse(given, Settings(), workers=workers)
            if not isinstance(o, Failure)
            for s in o[1]
        )

    assert said(1) == said(2) != []


def test_settings_that_change_the_statements_change_the_key(tmp_path):
    patterns = tmp_path / "dominates.yaml"
    patterns.write_text("[]")
    keys = {Settings().key, Settings(extractors=("clauses",)).key, Settings(ontology=(patterns,)).key}
    patterns.write_text("# changed\n[]")

    assert len({*keys, Settings(ontology=(patterns,)).key}) == 4
