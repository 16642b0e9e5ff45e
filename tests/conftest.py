"""What several tests share: the loaded pipeline, and a graph made from the examples."""

from pathlib import Path

import pytest

import kg
from kg.pipeline import Pipeline, Settings

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
