"""The index of a graph made from its journal, or from the index before where little has changed: the same comes out."""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import ids
from kg.model import Literal, Polarity, object_key
from kg.stores.index.tables import LITERAL, POLARITIES
from kg.stores.index.writing import Writer, draft, entities_in, entity_record, making, opened
from kg.stores.journal import Journal
from kg.stores.merged import entities_of, merged, version_of


def make(file: Path, journal: Journal) -> None:
    """Make the file of the index from the whole journal."""
    with merged(journal) as graph, making(file, graph.contradicted) as writer:
        for values in (graph.documents(), graph.entities(), graph.statements()):
            for value in values:
                writer.add(value)


def update(old: Path, new: Path, journal: Journal, changed: Sequence[str]) -> None:
    """Make the file of a new index: the old one with what the changed documents say now."""
    with draft(new) as place:
        shutil.copyfile(old, place)
        with opened(place) as db:
            _bring_up_to_date(db, journal, changed)


@dataclass
class _Touched:
    """What a change may have to do with."""

    statements: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)


def _bring_up_to_date(db: sqlite3.Connection, journal: Journal, changed: Sequence[str]) -> None:
    writer = Writer.on(db)
    touched = _Touched()
    for document_id in changed:
        _note_before(db, document_id, touched)
        _note_now(journal, document_id, touched)
    _take_out(db, touched.statements)
    for document_id in changed:
        _describe_document(writer, journal, document_id)
    for iri in sorted(touched.entities):
        _describe_entity(writer, journal, iri)
    _put_in(writer, journal, touched.statements)
    _drop_orphans(db, touched.literals)
    writer.count_nodes(sorted(touched.entities | touched.literals))
    writer.count_documents(list(changed))
    writer.summarise()


def _note_before(db: sqlite3.Connection, document_id: str, touched: _Touched) -> None:
    """What the document said, as the index has it."""
    rows = db.execute("""
        SELECT DISTINCT s.id, s.polarity, subject.key, relation.iri, object.key, object.kind, speaker.key
        FROM evidence e CROSS JOIN statement s ON s.statement = e.statement
        JOIN node subject ON subject.number = s.subject JOIN node object ON object.number = s.object
        JOIN relation ON relation.number = s.relation LEFT JOIN node speaker ON speaker.number = e.speaker
        WHERE e.document = (SELECT number FROM document WHERE id = ?)""", (document_id,))  # fmt: skip
    for id, polarity, subject, relation, object_, kind, speaker in rows:
        touched.statements |= {id, ids.statement_id(subject, relation, object_, opposite(POLARITIES[polarity]))}
        (touched.literals if kind == LITERAL else touched.entities).add(object_)
        touched.entities.add(subject)
        if speaker is not None:
            touched.entities.add(speaker)


def opposite(polarity: Polarity) -> Polarity:
    return Polarity.NEGATIVE if polarity is Polarity.POSITIVE else Polarity.POSITIVE


def _note_now(journal: Journal, document_id: str, touched: _Touched) -> None:
    said = journal.said_by(document_id)
    statements = said[1] if said is not None else []
    touched.statements |= {id for s in statements for id in (s.id, s.opposite_id)}
    touched.entities |= {entity.iri for entity in entities_in(statements)}
    touched.literals |= {object_key(s.object) for s in statements if isinstance(s.object, Literal)}


def _take_out(db: sqlite3.Connection, statements: Iterable[str]) -> None:
    for id in statements:
        row = db.execute("SELECT statement, subject, object FROM statement WHERE id = ?", (id,)).fetchone()
        if row is not None:
            number, subject, object_ = row
            for node, other in {(subject, object_), (object_, subject)}:
                db.execute("DELETE FROM side WHERE node = ? AND other = ? AND statement = ?", (node, other, number))
            for table in ("evidence", "statement"):
                db.execute(f"DELETE FROM {table} WHERE statement = ?", (number,))


def _describe_document(writer: Writer, journal: Journal, document_id: str) -> None:
    old = writer.db.execute("SELECT number, folded FROM document WHERE id = ?", (document_id,)).fetchone()
    if old is not None:
        writer.db.execute("INSERT INTO title_word (title_word, rowid, folded) VALUES ('delete', ?, ?)", old)
        writer.db.execute("DELETE FROM document WHERE number = ?", old[:1])
    document = journal.document(document_id)
    if document is not None:
        writer.add_document(document)
        sql = "INSERT INTO title_word (rowid, folded) SELECT number, folded FROM document WHERE id = ?"
        writer.db.execute(sql, (document_id,))


def _describe_entity(writer: Writer, journal: Journal, iri: str) -> None:
    """Put how all documents describe the entity now in the place of what the index has of it."""
    entity = journal.entity(iri)
    row = writer.db.execute("SELECT number FROM node WHERE key = ?", (iri,)).fetchone()
    number: int | None = row and row[0]
    if number is not None:
        _forget_names(writer.db, number)
    if entity is None:
        writer.db.execute("DELETE FROM node WHERE number = ?", (number,))
        return
    if number is None:
        writer.add_entity(entity)
    else:
        kind = writer.number_of("kind", entity.type)
        values = (kind, entity.label, entity_record(entity), number)
        writer.db.execute("UPDATE node SET kind = ?, label = ?, record = ? WHERE number = ?", values)
        neighbours = "node IN (SELECT other FROM side WHERE node = ?)"
        writer.db.execute(
            f"UPDATE side SET kind = ? WHERE {neighbours} AND other = ? AND kind != ?", (kind, number, number, kind)
        )
        writer.add_names(number, entity)
    _remember_names(writer.db, iri)


def _forget_names(db: sqlite3.Connection, node: int) -> None:
    db.execute("INSERT INTO word (word, rowid, folded) SELECT 'delete', number, folded FROM name WHERE node = ?", (node,))
    db.execute(
        "INSERT INTO gram (gram, rowid, folded) SELECT 'delete', number, folded FROM padded "
        "WHERE number IN (SELECT number FROM name WHERE node = ?)", (node,))  # fmt: skip
    db.execute("DELETE FROM name WHERE node = ?", (node,))


def _remember_names(db: sqlite3.Connection, iri: str) -> None:
    names = "number IN (SELECT number FROM name WHERE node = (SELECT number FROM node WHERE key = ?))"
    db.execute(f"INSERT INTO word (rowid, folded) SELECT number, folded FROM name WHERE {names}", (iri,))
    db.execute(f"INSERT INTO gram (rowid, folded) SELECT number, folded FROM padded WHERE {names}", (iri,))


def _put_in(writer: Writer, journal: Journal, statements: Iterable[str]) -> None:
    entity_of = entities_of(journal)
    for id in sorted(statements):
        version = version_of(journal, id, entity_of)
        if version is not None:
            writer.add_statement(version.statement, is_contradicted=version.is_contradicted)
    writer.flush()


def _drop_orphans(db: sqlite3.Connection, literals: Iterable[str]) -> None:
    """Take out literals, classes, relations and sources that nothing has any more."""
    for key in literals:
        db.execute("DELETE FROM node WHERE key = ? AND NOT EXISTS (SELECT 1 FROM side WHERE node = number)", (key,))
    for table, where in (
        ("kind", "SELECT 1 FROM node WHERE node.kind = kind.number"),
        ("relation", "SELECT 1 FROM statement WHERE statement.relation = relation.number"),
        ("source", "SELECT 1 FROM document WHERE document.source = source.number"),
    ):
        db.execute(f"DELETE FROM {table} WHERE NOT EXISTS ({where})")
