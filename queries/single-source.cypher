// Which statements rest on one publisher alone, the least believed first?
// param entity: entity = any
// param limit: int = 50

MATCH (subject:Entity)-[r]->(object)
WHERE r.id IS NOT NULL AND NOT r.negated AND ($entity IS NULL OR subject.iri = $entity)
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH subject, r, object, document,
     coalesce(document.publisher, split(split(document.url, "://")[1], "/")[0], document.id) AS publisher
WITH subject, r, object, count(DISTINCT publisher) AS publishers, min(publisher) AS only_publisher,
     count(DISTINCT document.id) AS documents
WHERE publishers = 1
WITH subject, r, object, only_publisher, documents
ORDER BY r.belief, r.id
LIMIT $limit
RETURN subject.label AS who, r.relation AS relation, object.label AS what, r.modality AS modality, r.belief AS belief,
       only_publisher, documents, r.id AS statement
ORDER BY belief, who, relation, what, statement
