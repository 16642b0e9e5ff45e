// What was published between two days that is new, or put more firmly than before?
// param from: date
// param to: date = 9999-12-31
// param entity: entity = any
// param limit: int = 50

MATCH (subject:Entity)-[r]->(object)
WHERE r.id IS NOT NULL AND NOT r.negated AND ($entity IS NULL OR subject.iri = $entity)
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WHERE document.published <= $to
WITH subject, r, object, document.published AS day, ["possible", "demanded", "planned", "asserted"] AS firmness,
     CASE evidence.modality WHEN "asserted" THEN 3 WHEN "planned" THEN 2 WHEN "demanded" THEN 1 ELSE 0 END AS rank
WITH subject, r, object, firmness, max(rank) AS is, max(CASE WHEN day < $from THEN rank ELSE -1 END) AS was,
     min(CASE WHEN day < $from THEN date("9999-12-31") ELSE day END) AS published
WHERE is > was
WITH subject, r, object, firmness, is, was, published
ORDER BY published, r.id
LIMIT $limit
RETURN published, CASE WHEN was = -1 THEN "new" ELSE "firmer" END AS change, subject.label AS who,
       r.relation AS relation, object.label AS what, CASE WHEN was >= 0 THEN firmness[was] END AS before,
       firmness[is] AS after, r.belief AS belief, r.id AS statement
ORDER BY published, change, who, relation, what, statement
