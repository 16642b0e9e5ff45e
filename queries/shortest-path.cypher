// How do two entities hang together: which are the shortest paths of up to three statements between them?
// param from: entity
// param to: entity
// param steps: int = 3
// param limit: int = 20

CALL {
  MATCH (start:Entity {iri: $from})-[r]-(end:Entity {iri: $to})
  WHERE $steps >= 1 AND start <> end AND NOT r.negated
  RETURN [start, end] AS places, [r] AS links
  UNION ALL
  MATCH (start:Entity {iri: $from})-[r]-(m:Entity)-[s]-(end:Entity {iri: $to})
  WHERE $steps >= 2 AND start <> end AND NOT m IN [start, end] AND NOT r.negated AND NOT s.negated
  RETURN [start, m, end] AS places, [r, s] AS links
  UNION ALL
  MATCH (start:Entity {iri: $from})-[r]-(m:Entity)-[s]-(n:Entity)-[t]-(end:Entity {iri: $to})
  WHERE $steps >= 3 AND start <> end AND NOT m IN [start, end] AND NOT n IN [start, m, end]
    AND NOT r.negated AND NOT s.negated AND NOT t.negated
  RETURN [start, m, n, end] AS places, [r, s, t] AS links
}
WITH places, links, size(links) AS length,
     reduce(least = 1.0, r IN links | CASE WHEN r.belief < least THEN r.belief ELSE least END) AS weakest_belief
ORDER BY length, weakest_belief DESC, reduce(text = "", r IN links | text + r.id)
LIMIT $limit
RETURN length, weakest_belief,
       reduce(text = places[0].label, i IN range(0, length - 1) | text + CASE
         WHEN startNode(links[i]) = places[i] THEN " -" + links[i].relation + "-> "
         ELSE " <-" + links[i].relation + "- "
       END + places[i + 1].label) AS path
ORDER BY length, weakest_belief DESC, path
