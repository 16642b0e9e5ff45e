"""The graphs that queries are asked of."""

from collections.abc import Mapping, Sequence

import pytest

from kg.consolidation import consolidate, publisher
from kg.model import Statement
from kg.stores.rdf import RdfStore
from tests.queries import graphs


@pytest.fixture(scope="session")
def store() -> RdfStore:
    """The small graph in memory."""
    return in_memory(graphs.SMALL)


@pytest.fixture(scope="session")
def rich() -> RdfStore:
    """The graph in which every named query finds something, in memory."""
    return in_memory(graphs.RICH)


def in_memory(said: Mapping[str, Sequence[Statement]]) -> RdfStore:
    documents = graphs.documents(said)
    publishers = {document.id: publisher(document) for document in documents}
    made = RdfStore.in_memory()
    made.add(consolidate([s for one in said.values() for s in one], publishers.__getitem__), documents)
    return made
