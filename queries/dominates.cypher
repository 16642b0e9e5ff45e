// Who dominates or controls what, with a sentence that says so?
// param entity: entity = any
// param limit: int = 50

MATCH (subject:Entity)-[r:DOMINATES|CONTROLS]->(object)
WHERE ($entity IS NULL OR subject.iri = $entity) AND NOT r.negated
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH subject, r, object, count(DISTINCT document.id) AS documents, min(evidence.quote) AS sentence
RETURN subject.label AS who, r.relation AS relation, object.label AS what, r.modality AS modality, r.belief AS belief,
       documents, sentence, r.id AS statement
ORDER BY documents DESC, belief DESC, who, what, relation, statement
LIMIT $limit
