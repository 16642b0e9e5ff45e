// Who works with whom: partnerships, alliances and agreements, the best supported first?
// param entity: entity = any
// param limit: int = 50

MATCH (entity:Entity)-[r:PARTNERS_WITH|ALLIED_WITH|AGREES_WITH]-(other:Entity)
WHERE ($entity IS NULL OR entity.iri = $entity) AND NOT r.negated
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH DISTINCT entity.label AS with, r, other.label AS partner, document.id AS document
RETURN partner, r.relation AS relation, with, r.modality AS modality, r.belief AS belief,
       count(DISTINCT document) AS documents, r.id AS statement
ORDER BY documents DESC, belief DESC, partner, with, relation, statement
LIMIT $limit
