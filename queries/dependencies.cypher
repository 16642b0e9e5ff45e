// What depends on what, straight or through up to three others, and how?
// param entity: entity = any
// param depth: int = 3
// param limit: int = 50

MATCH route = (dependent:Entity)-[:DEPENDS_ON*1..4]->(needed:Entity)
WHERE ($entity IS NULL OR dependent.iri = $entity) AND length(route) <= $depth
  AND all(r IN relationships(route) WHERE NOT r.negated)
  AND all(n IN nodes(route) WHERE single(m IN nodes(route) WHERE m = n))
RETURN dependent.label AS dependent, needed.label AS on, length(route) AS steps,
       reduce(least = 1.0, r IN relationships(route) | CASE WHEN r.belief < least THEN r.belief ELSE least END)
         AS weakest_belief,
       reduce(text = dependent.label, n IN tail(nodes(route)) | text + " -> " + n.label) AS path
ORDER BY steps, weakest_belief DESC, dependent, on, path
LIMIT $limit
