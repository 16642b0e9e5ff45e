"""What several tests share: the loaded pipeline, and a graph made from the examples."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import kg
from kg.pipeline import Pipeline, Settings
from tests.servers import EmbeddedEngine, Neo4jServer, missed, need_java

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline.load(Settings())


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph folder of the examples; for reading only."""
    folder = tmp_path_factory.mktemp("graphs") / "examples"
    summary = kg.build([EXAMPLES], into=folder)
    assert not summary.failures
    return folder


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A running Neo4j 5 Community; its one database is shared, so a test begins by loading or wiping it."""
    need_java()
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def embedded_engine() -> EmbeddedEngine:
    if find_spec("arcadedb_embedded") is None:
        missed("the embedded engine is not installed: pip install 'policy-kg[cypher]'")
    return EmbeddedEngine()
