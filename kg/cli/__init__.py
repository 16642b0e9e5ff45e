"""The command `kg`: one module for each group of its subcommands, which register with `app` as they are imported."""

# In the order in which `kg --help` lists them.
from kg.cli import documents  # isort: skip
from kg.cli import asking  # isort: skip
from kg.cli import stats  # isort: skip
from kg.cli import load  # isort: skip
from kg.cli import serve  # isort: skip
from kg.cli import updates  # isort: skip
from kg.cli import review  # isort: skip
from kg.cli import ontology  # isort: skip
from kg.cli import kb  # isort: skip
from kg.cli.app import app, main

__all__ = ["app", "asking", "documents", "kb", "load", "main", "ontology", "review", "serve", "stats", "updates"]
