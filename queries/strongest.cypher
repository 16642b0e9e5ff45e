// Which statements have the best support?
// param limit: int = 50

MATCH (subject:Entity)-[r]->(object)
WHERE r.id IS NOT NULL
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH subject, r, object, document,
     coalesce(document.publisher, split(split(document.url, "://")[1], "/")[0], document.id) AS publisher
WITH subject, r, object, count(DISTINCT publisher) AS publishers, count(DISTINCT document.id) AS documents
ORDER BY r.belief DESC, publishers DESC, documents DESC, r.id
LIMIT $limit
RETURN subject.label AS who, r.relation AS relation, object.label AS what, r.polarity AS polarity,
       r.modality AS modality, r.belief AS belief, publishers, documents, r.id AS statement
ORDER BY belief DESC, publishers DESC, documents DESC, who, relation, what, statement
