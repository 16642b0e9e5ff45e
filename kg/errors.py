"""What can go wrong, as a tree.

    KgError
    ├── UnreadableDocument     a reader cannot make a document of these bytes
    │   ├── NotEnglish         the text is in a language that the pipeline does not read
    │   └── TooLarge           over the size limit
    ├── OntologyError          a file in the ontology folder says something that cannot be
    ├── KnowledgeError         a knowledge base of the user's, or a dump to make one of, cannot be read
    ├── ModelError             the language pipeline is missing or lacks what we need of it
    ├── GraphError             a graph folder is missing, damaged, locked or of another version
    ├── StoreError             a database server cannot be reached, refuses, or gives up
    ├── QueryError             a query has a syntax error, an unknown parameter or a missing one
    │   └── UnknownName        nothing goes by the name that was given
    └── UsageError             the caller asked for something impossible

Each message says what happened, where, and what to do next.
"""


class KgError(Exception):
    """Everything this package raises on purpose."""


class UnreadableDocument(KgError):
    """A document that cannot be read; `url` says which."""

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(message)
        self.url = url


class NotEnglish(UnreadableDocument):
    """A document in another language."""


class TooLarge(UnreadableDocument):
    """A document over the size limit."""


class OntologyError(KgError):
    """A contradiction or a gap in the ontology folder."""


class KnowledgeError(KgError):
    """A file of entities that cannot be read."""


class ModelError(KgError):
    """A language pipeline that cannot be used."""


class GraphError(KgError):
    """A graph folder that cannot be opened or written."""


class StoreError(KgError):
    """A database server that does not do what it is asked."""


class QueryError(KgError):
    """A query that cannot be run."""


class UnknownName(QueryError):
    """A name that no entity, relation, class, statement or query has."""


class UsageError(KgError):
    """A call that cannot be carried out."""
