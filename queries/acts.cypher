// What has an actor done by way of policy, in the order in which it was first published?
// param entity: entity = any
// param since: date = 1900-01-01
// param until: date = 9999-12-31
// param limit: int = 50

MATCH (subject:Entity)-[r:ESTABLISHES|IMPOSES|ENACTS|ENDS|PROPOSES|FUNDS|RESTRICTS|PROMOTES]->(what)
WHERE ($entity IS NULL OR subject.iri = $entity) AND NOT r.negated
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH subject, r, what, min(coalesce(document.published, date("9999-12-31"))) AS first,
     count(DISTINCT document.id) AS documents
WHERE first >= $since AND first <= $until
RETURN CASE WHEN first < date("9999-12-31") THEN first END AS first_published, subject.label AS actor,
       r.relation AS act, what.label AS object, r.modality AS modality, r.belief AS belief, documents, r.id AS statement
ORDER BY coalesce(first_published, date("9999-12-31")), actor, act, object, statement
LIMIT $limit
