"""Whatever comes, changes, goes and is killed on the way: a store ends as one that is made of what is left."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.ids import digest
from kg.stores import embedded, rdf
from kg.stores.journal import Journal
from kg.stores.loading import load
from kg.stores.merged import merged
from kg.stores.neo4j import PropertyGraph
from tests.servers import dump, wipe
from tests.strategies import DOCUMENT_IDS, corpora

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
"""A failing example is not made smaller: each try loads a database."""


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Step:
    """Record these documents, or withdraw some, and load; killed after so many steps of the load, or not."""

    corpus: tuple
    withdrawn: frozenset[str]
    is_loaded: bool
    killed_after: int | None


steps = st.builds(
    Step,
    corpus=corpora().map(tuple),
    withdrawn=st.frozensets(st.sampled_from(DOCUMENT_IDS), max_size=2),
    is_loaded=st.booleans(),
    killed_after=st.none() | st.integers(0, 12),
)
histories = st.lists(steps, min_size=1, max_size=4)


def take_in(journal, corpus):
    for document, statements in corpus:
        journal.record(document, statements, content_hash=digest(repr(statements)), config_hash="k")
    journal.flush()


def survivors(history):
    """The documents that are left at the end, each with what it says."""
    left = {}
    for step in history:
        left |= {document.id: (document, said) for document, said in step.corpus}
        left = {id: found for id, found in left.items() if id not in step.withdrawn}
    return list(left.values())


def live(history, folder, load_into):
    """Go through a history with a journal; each load that is killed is followed by what comes next."""
    for step in history:
        with Journal.open(folder) as journal:
            take_in(journal, step.corpus)
            for document_id in step.withdrawn:
                journal.withdraw(document_id)
        if step.is_loaded:
            with suppress(Killed):
                load_into(step.killed_after)
    load_into(None)


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    with TemporaryDirectory() as place:
        yield Path(place) / "lived", Path(place) / "fresh"


class Mortal(PropertyGraph):
    """A property graph whose client dies at a write: before it is sent, or after it is done but not acknowledged."""

    def die_after(self, n_writes):
        object.__setattr__(self, "n_left", n_writes)

    def change(self, work):
        if self.n_left == 0:
            raise Killed
        object.__setattr__(self, "n_left", self.n_left - 1)
        done = super().change(work)
        if self.n_left == 0 and id(work) % 2:
            raise Killed
        return done


def ends_as_made_anew(history, graph):
    mortal = Mortal(graph.address, graph._driver)

    def load_into(killed_after):
        mortal.die_after(-1 if killed_after is None else killed_after)
        with Journal.open(lived, read_only=True) as journal:
            load(journal, mortal, take_over=True)

    with folders() as (lived, fresh):
        wipe(graph)
        live(history, lived, load_into)
        found = dump(graph)
        wipe(graph)
        with Journal.open(fresh) as journal:
            take_in(journal, survivors(history))
            load(journal, graph, take_over=True)
            with merged(journal) as whole:
                assert list(graph.statements()) == list(whole.statements())
        anew = dump(graph)
        assert sorted(set(found) - set(anew)) == sorted(set(anew) - set(found))
        assert len(found) == len(anew)


@FEW
@given(history=histories)
def test_neo4j_ends_as_made_anew_of_what_is_left(history, neo4j):
    ends_as_made_anew(history, neo4j)


@FEW
@given(history=histories)
def test_embedded_engine_ends_as_made_anew_of_what_is_left(history, engine):
    ends_as_made_anew(history, engine)


def publishing(folder):
    """Publishing of a graph folder that is killed after so many steps, or goes to its end."""

    def publish(killed_after):
        n_left = -1 if killed_after is None else killed_after

        def die(done, total):
            nonlocal n_left
            if n_left == 0:
                raise Killed
            n_left -= 1

        with Journal.open(folder) as journal:
            rdf.publish(journal, progress=die)

    return publish


@FEW
@given(history=histories)
def test_rdf_store_ends_as_made_anew_of_what_is_left(history):
    with folders() as (lived, fresh):
        live(history, lived, publishing(lived))
        with Journal.open(fresh) as journal:
            take_in(journal, survivors(history))
            rdf.publish(journal)
        with rdf.open_graph(lived) as one, rdf.open_graph(fresh) as other:
            assert set(one.oxigraph) == set(other.oxigraph)


@pytest.fixture(scope="module")
def neo4j(neo4j_server):
    with neo4j_server.open() as graph:
        yield graph


@pytest.fixture(scope="module")
def engine(embedded_engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    with embedded.running(folder) as address, PropertyGraph.open(address) as graph:
        yield graph
    shutil.rmtree(folder)
