"""The model card and the licence of a packaged pipeline."""

import shutil
from pathlib import Path
from string import Template

from training.evaluate import Measures, tables

_HERE = Path(__file__).parent


def write_card(package: Path, measures: Measures) -> None:
    """Write README.md, with the scores, and LICENSE into the package."""
    template = Template((_HERE / "card.md").read_text(encoding="utf-8"))
    (package / "README.md").write_text(template.substitute(scores=tables(measures)), encoding="utf-8")
    shutil.copyfile(_HERE / "card-licence.txt", package / "LICENSE")
