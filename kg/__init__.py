"""News articles and policy documents in, an evidence-linked policy knowledge graph out."""

__version__ = "0.1.0"
