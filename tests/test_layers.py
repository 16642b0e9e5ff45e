"""Who may import what: the table of the design, read from the source."""

import ast
from pathlib import Path

import pytest

import kg

ROOT = Path(kg.__file__).parent
FOUNDATION = ["errors", "resources", "ids", "model", "ontology", "lexicon"]
LANGUAGE = ["syntax", "universal", "models"]  # what the stages that read trees share
STAGES = [
    "readers",
    "cleaning",
    "language",
    "mentions",
    "coreference",
    "linking",
    "extractors",
    "qualifiers",
    "consolidation",
    "copies",
    "merging",
]
MEETING = {"consolidation", "copies", "merging"}  # where documents meet: values alone
SINKS = ["stores", "export", "validation", "queries", "differences", "analysis"]
COMPOSITION = ["pipeline", "abstention", "runner"]
DOORS = ["cli", "api"]
SERVER = ["server"]  # a door that is handed what makes statements of a text, and needs none of the language libraries
READS_TREES = {
    "language",
    "syntax",
    "universal",
    "models",
    "mentions",
    "coreference",
    "linking",
    "extractors",
    "qualifiers",
    "pipeline",
}


def modules() -> dict[str, list[Path]]:
    """The files of each module or folder of the package."""
    found: dict[str, list[Path]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] not in {"__init__", "__main__", "_data"}:
            found.setdefault(parts[0], []).append(path)
    return found


def imports(paths: list[Path]) -> set[str]:
    """Dotted names that the files import, anywhere in them."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own_imports(name: str, paths: list[Path]) -> set[str]:
    return {i.split(".")[1] for i in imports(paths) if i.startswith("kg.") and i.count(".")} - {name}


def allowed(name: str) -> set[str]:
    if name in FOUNDATION:
        return set(FOUNDATION[: FOUNDATION.index(name)])
    if name in LANGUAGE:
        return set(FOUNDATION)
    if name in STAGES:
        return {*FOUNDATION, *LANGUAGE}
    if name in SINKS:
        return {*FOUNDATION, *SINKS, *MEETING}
    if name in COMPOSITION:
        return {*FOUNDATION, *LANGUAGE, *STAGES, *SINKS, *COMPOSITION[: COMPOSITION.index(name)]}
    if name in SERVER:
        return {*FOUNDATION, *SINKS}
    return {*FOUNDATION, *LANGUAGE, *STAGES, *SINKS, *COMPOSITION, *SERVER, *DOORS}


@pytest.mark.parametrize("name", sorted(modules()))
def test_module_imports_only_the_layers_below_it(name):
    excess = own_imports(name, modules()[name]) - allowed(name) - {"__version__"}

    assert not excess, f"kg.{name} imports {', '.join(sorted(excess))}"


def test_every_module_has_a_place_in_the_table():
    placed = {*FOUNDATION, *LANGUAGE, *STAGES, *SINKS, *COMPOSITION, *SERVER, *DOORS}

    assert set(modules()) <= placed


@pytest.mark.parametrize("name", sorted(set(modules()) - READS_TREES))
def test_language_library_stays_in_the_stages_that_read_trees(name):
    assert not {i for i in imports(modules()[name]) if i.split(".")[0] == "spacy"}


@pytest.mark.parametrize("name", sorted(set(modules()) - {"server"}))
def test_web_framework_stays_in_the_server(name):
    web = {"fastapi", "starlette", "uvicorn", "pydantic", "prometheus_client"}

    assert not {i for i in imports(modules()[name]) if i.split(".")[0] in web}
