// Which things do sentences speak of together, though no statement links them?
// param entity: entity = any
// param limit: int = 50

MATCH (evidence:Evidence)-[:IN]->(document:Document)
MATCH (evidence)-[:SUBJECT|OBJECT]->(thing:Entity)
WITH document, evidence.quote AS quote, collect(DISTINCT thing) AS things
WHERE size(things) > 2
UNWIND things AS first
UNWIND things AS second
WITH document, quote, first, second
WHERE first.iri < second.iri AND ($entity IS NULL OR $entity IN [first.iri, second.iri])
WITH first, second, count(*) AS sentences, count(DISTINCT document.id) AS documents, min(quote) AS sentence
WHERE NOT (first)--(second)
WITH first, second, sentences, documents, sentence
ORDER BY documents DESC, sentences DESC, first.iri, second.iri
LIMIT $limit
WITH first, second, sentences, documents, sentence
ORDER BY documents DESC, sentences DESC, first.label, second.label, first.iri, second.iri
RETURN first.label AS one, second.label AS other, sentences, documents, sentence
