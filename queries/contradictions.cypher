// What is both affirmed and denied, by which publishers and in which sentences?
// param entity: entity = any
// param limit: int = 50

MATCH (subject:Entity)-[r]->(object)
WHERE r.contradicts IS NOT NULL AND NOT r.negated AND ($entity IS NULL OR subject.iri = $entity)
MATCH (subject)-[denial]->(object)
WHERE denial.id = r.contradicts
UNWIND [r.id, denial.id] AS side
MATCH (evidence:Evidence {statement: side})-[:IN]->(document:Document)
WITH subject, r, object, denial, evidence, side,
     coalesce(document.publisher, split(split(document.url, "://")[1], "/")[0], document.id) AS publisher
ORDER BY publisher
WITH subject, r, object, denial,
     min(CASE WHEN side = r.id THEN evidence.quote END) AS affirmed,
     min(CASE WHEN side = denial.id THEN evidence.quote END) AS denied,
     collect(DISTINCT CASE WHEN side = r.id THEN publisher END) AS affirming,
     collect(DISTINCT CASE WHEN side = denial.id THEN publisher END) AS denying
RETURN subject.label AS who, r.relation AS relation, object.label AS what, affirmed,
       reduce(text = "", name IN affirming | CASE WHEN text = "" THEN name ELSE text + ", " + name END) AS affirmed_by,
       r.belief AS belief, denied,
       reduce(text = "", name IN denying | CASE WHEN text = "" THEN name ELSE text + ", " + name END) AS denied_by,
       denial.belief AS belief_in_denial, r.id AS statement, denial.id AS denying
ORDER BY belief DESC, who, relation, what, statement
LIMIT $limit
