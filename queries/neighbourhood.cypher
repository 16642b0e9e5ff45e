// What lies within one, two or three steps of an entity, going on from the best supported of its neighbours?
// param entity: entity
// param depth: int = 2
// param neighbours: int = 25
// param limit: int = 100

OPTIONAL MATCH (:Entity {iri: $entity})-[first]-(near:Entity)
WHERE NOT first.negated AND near.iri <> $entity
WITH near.iri AS near, max(first.belief) AS best
ORDER BY best DESC, near
WITH collect(near)[..$neighbours] AS ring
UNWIND CASE WHEN $depth < 3 OR size(ring) = 0 THEN [null] ELSE ring END AS near
OPTIONAL MATCH (:Entity {iri: near})-[second]-(far:Entity)
WHERE NOT second.negated AND far.iri <> $entity
  AND NOT EXISTS { MATCH (far)-[straight]-(:Entity {iri: $entity}) WHERE NOT straight.negated }
WITH ring, far.iri AS far, max(second.belief) AS best
ORDER BY best DESC, far
WITH ring, collect(far)[..$neighbours] AS further
UNWIND [[1, [$entity]], [2, ring], [3, further]] AS step
WITH step WHERE step[0] <= $depth
UNWIND step[1] AS member
MATCH (:Entity {iri: member})-[r]-()
WHERE NOT r.negated
WITH r, min(step[0]) AS steps
RETURN steps, startNode(r).label AS who, r.relation AS relation, endNode(r).label AS what, r.modality AS modality,
       r.belief AS belief, r.id AS statement
ORDER BY steps, belief DESC, who, relation, what, statement
LIMIT $limit
