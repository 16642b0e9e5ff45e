"""News articles and policy documents in, an evidence-linked policy knowledge graph out.

    import kg

    statements = kg.extract("China dominates the processing of rare earths.")
    kg.build(["articles/"], into="graph")
"""

from importlib import import_module
from typing import Any

__version__ = "0.5.0"

_PUBLIC = {
    "build": "kg.api", "diff": "kg.api", "extract": "kg.api", "extract_documents": "kg.api", "forget": "kg.api",
    "load": "kg.api", "open_graph": "kg.api", "read": "kg.api", "to_networkx": "kg.api",
    "Settings": "kg.pipeline", "KgError": "kg.errors", "Document": "kg.model",
    "Entity": "kg.model", "Evidence": "kg.model", "Statement": "kg.model", "Modality": "kg.model",
    "Polarity": "kg.model", "name_of": "kg.ids:predicate_name",
}  # fmt: skip
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: `import kg` loads nothing."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute or name)
