// Which entities may be mistaken: those whose words were linked with low scores?
// param below: number = 0.6
// param limit: int = 50

MATCH (evidence:Evidence)-[role:SUBJECT|OBJECT]->(thing:Entity)
WITH thing, evidence,
     CASE WHEN type(role) = "SUBJECT" THEN evidence.subject_link_score ELSE evidence.object_link_score END AS link
WHERE link IS NOT NULL
WITH thing, avg(link) AS mean, count(DISTINCT evidence.id) AS evidences, min(evidence.quote) AS sentence
WHERE mean < $below
WITH thing, round(mean * 1000000) / 1000000 AS score, evidences, sentence
ORDER BY score, evidences DESC, thing.iri
LIMIT $limit
RETURN thing.label AS entity, thing.class AS class, score, evidences, sentence, thing.iri AS iri
ORDER BY score, evidences DESC, entity, iri
