// What is planned but nowhere reported as done?
// param entity: entity = any
// param limit: int = 50

MATCH (subject:Entity)-[r {modality: "planned", negated: false}]->(object)
WHERE $entity IS NULL OR subject.iri = $entity
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH subject, r, object, max(document.published) AS last_published, min(evidence.quote) AS sentence
RETURN subject.label AS who, r.relation AS relation, object.label AS what, r.belief AS belief,
       last_published, sentence, r.id AS statement
ORDER BY belief DESC, who, relation, what, statement
LIMIT $limit
