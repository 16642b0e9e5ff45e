"""The index of a graph made from its journal, or from the index before where little has changed: the same comes out."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import consolidation, ids
from kg.model import FIRMNESS, Evidence, Literal, Statement, object_key
from kg.stores.index.tables import LITERAL, POLARITIES
from kg.stores.index.writing import (
    EVIDENCE,
    Ends,
    Summary,
    Writer,
    draft,
    entities_in,
    entity_record,
    making,
    opened,
    side_rows,
    statement_row,
    summary_of,
    to_evidence,
)
from kg.stores.journal import Journal
from kg.stores.merged import merged


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

    statements: set[int] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)


def _bring_up_to_date(db: sqlite3.Connection, journal: Journal, changed: Sequence[str]) -> None:
    """Take out what the changed documents said, put in what they say; what others say is there already."""
    writer = Writer.on(db)
    touched = _Touched()
    for document_id in changed:
        _take_out(db, document_id, touched)
        touched.entities |= {entity.iri for entity in entities_in(_said_now(journal, document_id))}
    for iri in sorted(touched.entities):
        _describe_entity(writer, journal, iri)
    for document_id in changed:
        _put_in(writer, journal, document_id, touched)
    settle(writer, touched.statements)
    _drop_orphans(db, journal, touched)
    writer.count_nodes(sorted(touched.entities | touched.literals))
    writer.count_documents(list(changed))
    writer.summarise()


def _said_now(journal: Journal, document_id: str) -> list[Statement]:
    said = journal.said_by(document_id)
    return said[1] if said is not None else []


def _take_out(db: sqlite3.Connection, document_id: str, touched: _Touched) -> None:
    """Take out the document with its evidence, and note what it spoke of."""
    row = db.execute("SELECT number, folded FROM document WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        return
    number, _ = row
    rows = db.execute("""
        SELECT DISTINCT s.statement, subject.key, object.key, object.kind, speaker.key
        FROM evidence e CROSS JOIN statement s ON s.statement = e.statement
        JOIN node subject ON subject.number = s.subject JOIN node object ON object.number = s.object
        LEFT JOIN node speaker ON speaker.number = e.speaker WHERE e.document = ?""", (number,))  # fmt: skip
    for statement, subject, object_, kind, speaker in rows:
        touched.statements.add(statement)
        (touched.literals if kind == LITERAL else touched.entities).add(object_)
        touched.entities |= {subject, speaker} - {None}
    db.execute("DELETE FROM evidence WHERE document = ?", (number,))
    db.execute("INSERT INTO title_word (title_word, rowid, folded) VALUES ('delete', ?, ?)", row)
    db.execute("DELETE FROM document WHERE number = ?", (number,))


def _put_in(writer: Writer, journal: Journal, document_id: str, touched: _Touched) -> None:
    """Put in the document with its evidence, and statements that are new; what they come to is settled later."""
    said = journal.said_by(document_id)
    if said is None:
        return
    document, statements = said
    writer.add_document(document)
    sql = "INSERT INTO title_word (rowid, folded) SELECT number, folded FROM document WHERE id = ?"
    writer.db.execute(sql, (document_id,))
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.id].append(statement)
    for group in groups.values():
        number = _number_of(writer, group[0])
        evidence = consolidation.join(e for statement in group for e in statement.evidence)
        rows = [writer.evidence_row(number, e) for e in evidence]
        writer.db.executemany(f"INSERT INTO {EVIDENCE} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        touched.statements.add(number)
        if isinstance(group[0].object, Literal):
            touched.literals.add(object_key(group[0].object))


def _number_of(writer: Writer, statement: Statement) -> int:
    """The number of the statement, which gets a row where it has none."""
    row = writer.db.execute("SELECT statement FROM statement WHERE id = ?", (statement.id,)).fetchone()
    if row is not None:
        return int(row[0])
    subject, _, object_, _ = writer.ends_of(statement)
    values = (statement.id, subject, writer.number_of("relation", statement.predicate), object_,
              POLARITIES.index(statement.polarity))  # fmt: skip
    made = writer.db.execute(
        "INSERT INTO statement (id, subject, relation, object, polarity, modality, contradicted, n_evidence, n_documents) "
        "VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0)", values)  # fmt: skip
    assert made.lastrowid is not None
    return made.lastrowid


# ---- statements


@dataclass(frozen=True, slots=True)
class _Row:
    """A statement as its row has it, but for what its evidence comes to."""

    number: int
    id: str
    ends: Ends
    relation: int
    polarity: int
    opposite: str


def settle(writer: Writer, numbers: Iterable[int]) -> None:
    """Bring these statements to what their evidence comes to now, and those that they contradict; without any they go."""
    rows = {number: _row(writer.db, number) for number in numbers}
    for row in list(rows.values()):
        found = writer.db.execute("SELECT statement FROM statement WHERE id = ?", (row.opposite,)).fetchone()
        if found is not None and found[0] not in rows:
            rows[found[0]] = _row(writer.db, found[0])
    for row in rows.values():
        subject, _, object_, _ = row.ends
        for node, other in {(subject, object_), (object_, subject)}:
            writer.db.execute("DELETE FROM side WHERE node = ? AND other = ? AND statement = ?", (node, other, row.number))
        writer.db.execute("DELETE FROM statement WHERE statement = ?", (row.number,))
    supported = {row.id: (row, found) for row in rows.values() if (found := _evidence(writer.db, row.number))}
    for row, evidence in supported.values():
        values = (row.relation, row.polarity, row.opposite in supported)
        summary = _summary(evidence)
        line = statement_row(row.number, row.id, row.ends, values, summary)
        writer.db.execute(f"INSERT INTO statement VALUES ({', '.join('?' * len(line))})", line)
        for side in side_rows(row.number, row.ends, values, summary):
            writer.db.execute(f"INSERT INTO side VALUES ({', '.join('?' * len(side))})", side)


def _row(db: sqlite3.Connection, number: int) -> _Row:
    id, subject, subject_key, subject_kind, relation, iri, object_, object_key, object_kind, polarity = db.execute("""
        SELECT id, subject, a.key, a.kind, relation, iri, object, b.key, b.kind, polarity FROM statement
        JOIN node a ON a.number = subject JOIN node b ON b.number = object JOIN relation ON relation.number = relation
        WHERE statement = ?""", (number,)).fetchone()  # fmt: skip
    opposite = ids.statement_id(subject_key, iri, object_key, POLARITIES[1 - polarity])
    return _Row(number, id, (subject, subject_kind, object_, object_kind), relation, polarity, opposite)


_Found = tuple[Evidence, int, str | None, str]
"""An evidence, number and day of its document, and who says it."""


def _evidence(db: sqlite3.Connection, statement: int) -> list[_Found]:
    rows = db.execute("""
        SELECT e.record, d.number, d.id, d.published, coalesce(d.voice, iri, d.id)
        FROM evidence e CROSS JOIN document d ON d.number = e.document LEFT JOIN source ON source.number = d.source
        WHERE e.statement = ?""", (statement,))  # fmt: skip
    return [(to_evidence(record, id), number, published, voice) for record, number, id, published, voice in rows]


def _summary(found: Sequence[_Found]) -> Summary:
    voices = {evidence.document_id: voice for evidence, _, _, voice in found}
    evidence = [item for item, *_ in found]
    voice_of = voices.__getitem__
    support = consolidation.belief(evidence, voice_of), consolidation.n_independent(evidence, voice_of)
    modality = min((item.modality for item in evidence), key=FIRMNESS.index)
    return summary_of(modality, support, [(document, day) for _, document, day, _ in found])


# ---- entities


def _describe_entity(writer: Writer, journal: Journal, iri: str) -> None:
    """Put how all documents describe the entity now in the place of what the index has of it."""
    entity = journal.entity(iri)
    row = writer.db.execute("SELECT number FROM node WHERE key = ?", (iri,)).fetchone()
    number: int | None = row and row[0]
    if number is not None:
        _forget_names(writer.db, number)
    if entity is None:
        return  # its row goes when no statement has it any more
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


# ---- what is left over


def _drop_orphans(db: sqlite3.Connection, journal: Journal, touched: _Touched) -> None:
    """Take out entities, literals, classes, relations and sources that nothing has any more."""
    for iri in touched.entities:
        if journal.entity(iri) is None:
            db.execute("DELETE FROM node WHERE key = ?", (iri,))
    for key in touched.literals:
        db.execute("DELETE FROM node WHERE key = ? AND NOT EXISTS (SELECT 1 FROM side WHERE node = number)", (key,))
    for table, where in (
        ("kind", "SELECT 1 FROM node WHERE node.kind = kind.number"),
        ("relation", "SELECT 1 FROM statement WHERE statement.relation = relation.number"),
        ("source", "SELECT 1 FROM document WHERE document.source = source.number"),
    ):
        db.execute(f"DELETE FROM {table} WHERE NOT EXISTS ({where})")
