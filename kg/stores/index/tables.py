"""The tables of the reading index, and the values that they hold in short."""

import sqlite3
from pathlib import Path

from kg.model import FIRMNESS, Modality, Polarity

VERSION = 2
"""Raised with every change of the tables or of what is written in them: an index of another version is made anew."""

TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kind (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE relation (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE source (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE document (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, folded TEXT NOT NULL, url TEXT, publisher TEXT,
    author TEXT, published TEXT, language TEXT NOT NULL, source INTEGER, n_statements INTEGER NOT NULL DEFAULT 0,
    copy_of TEXT, voice TEXT
);
-- Entities under their IRI, and literals under what identifies them, with kind 0.
CREATE TABLE node (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, label TEXT NOT NULL,
    record TEXT NOT NULL, n_statements INTEGER NOT NULL DEFAULT 0, n_documents INTEGER NOT NULL DEFAULT 0,
    first TEXT, last TEXT
);
CREATE TABLE name (
    number INTEGER PRIMARY KEY, node INTEGER NOT NULL, is_label INTEGER NOT NULL, text TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE TABLE statement (
    statement INTEGER PRIMARY KEY, id TEXT NOT NULL, subject INTEGER NOT NULL, relation INTEGER NOT NULL,
    object INTEGER NOT NULL, polarity INTEGER NOT NULL, modality INTEGER NOT NULL, belief REAL,
    contradicted INTEGER NOT NULL, n_evidence INTEGER NOT NULL, n_documents INTEGER NOT NULL, n_independent INTEGER, first TEXT, last TEXT
);
-- A statement as it is met from each of its two ends, with all that it is filtered by.
CREATE TABLE side (
    node INTEGER, other INTEGER, statement INTEGER, role INTEGER NOT NULL, relation INTEGER NOT NULL,
    kind INTEGER NOT NULL, polarity INTEGER NOT NULL, modality INTEGER NOT NULL, belief REAL,
    contradicted INTEGER NOT NULL, n_documents INTEGER NOT NULL,
    PRIMARY KEY (node, other, statement)
) WITHOUT ROWID;
CREATE TABLE evidence (
    number INTEGER PRIMARY KEY, statement INTEGER NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL,
    published TEXT, source INTEGER, speaker INTEGER, record TEXT NOT NULL
);
"""

INDEXES = """
CREATE UNIQUE INDEX statement_id ON statement (id);
CREATE INDEX statement_relation ON statement (relation);
CREATE INDEX statement_belief ON statement (belief DESC, id);
CREATE INDEX statement_newest ON statement (last DESC, id);
CREATE INDEX statement_oldest ON statement (first IS NULL, first, id);
CREATE INDEX statement_evidence ON statement (n_evidence DESC, id);
CREATE INDEX evidence_of ON evidence (statement, published, source, document);
CREATE INDEX evidence_in ON evidence (document, start, statement);
CREATE INDEX evidence_speaker ON evidence (speaker) WHERE speaker IS NOT NULL;
CREATE INDEX node_kind ON node (kind, n_statements DESC, label, key);
CREATE INDEX node_used ON node (n_statements DESC, label, key) WHERE kind > 0;
CREATE INDEX name_folded ON name (folded, node);
CREATE INDEX name_node ON name (node);
CREATE INDEX document_newest ON document (published DESC, id);
CREATE INDEX document_oldest ON document (published IS NULL, published, id);
CREATE INDEX document_title ON document (folded, id);
CREATE INDEX document_source ON document (source, published);
"""
"""Made once the rows are there: that is quicker than to keep them in order all along."""

SEARCH = """
CREATE VIEW padded AS SELECT number, '  ' || folded || '  ' AS folded FROM name;
CREATE VIRTUAL TABLE word USING fts5 (
    folded, content = 'name', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3',
    detail = none, columnsize = 0
);
CREATE VIRTUAL TABLE gram USING fts5 (
    folded, content = 'padded', content_rowid = 'number', tokenize = 'trigram', detail = none, columnsize = 0
);
CREATE VIRTUAL TABLE n_grams USING fts5vocab ('gram', 'row');
CREATE VIRTUAL TABLE title_word USING fts5 (
    folded, content = 'document', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 0',
    prefix = '1 2 3', detail = none, columnsize = 0
);
"""

LITERAL = 0
"""The kind of nodes that are literals."""

SUBJECT, OBJECT, BOTH = 0, 1, 2
"""What a node is in a statement: its `role`."""

POLARITIES = (Polarity.POSITIVE, Polarity.NEGATIVE)
MODALITIES: tuple[Modality, ...] = FIRMNESS
"""Their places in these are how the tables have them."""


def place(folder: Path, revision: int) -> Path:
    """The file of the index of that revision of a graph folder."""
    return folder / "store" / f"{revision}.sqlite"


def is_current(file: Path) -> bool:
    """Whether there is an index of this version in the file."""
    if not file.is_file():
        return False
    try:
        db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.DatabaseError:
        return False
    try:
        return bool(db.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.DatabaseError:
        return False
    finally:
        db.close()
