// Who is reported as saying what?
// param speaker: entity = any
// param limit: int = 50

MATCH (evidence:Evidence)-[:SAID_BY]->(speaker)
WHERE $speaker IS NULL OR speaker.iri = $speaker
MATCH (evidence)-[:IN]->(document:Document)
MATCH (evidence)-[:SUBJECT]->(subject:Entity)-[r]->(object)
WHERE r.id = evidence.statement
RETURN speaker.label AS says, subject.label AS who, r.relation AS relation, object.label AS what,
       r.polarity AS polarity, evidence.modality AS modality, evidence.quote AS sentence,
       document.published AS published, r.id AS statement
ORDER BY says, coalesce(published, date("0001-01-01")) DESC, who, relation, what, statement, sentence, modality
LIMIT $limit
