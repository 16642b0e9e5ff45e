"""Where the data files of the package lie: inside an installed wheel, or beside `kg/` in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder of that name: "ontology" or "queries"."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def models() -> Path:
    """The folder of the trained pipelines."""
    return _PACKAGE / "models"
