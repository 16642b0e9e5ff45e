// Which sentences of which documents stand behind a statement?
// param statement: statement
// param limit: int = 50

MATCH (evidence:Evidence {statement: $statement})-[:IN]->(document:Document)
OPTIONAL MATCH (evidence)-[:SAID_BY]->(speaker)
WITH evidence, document, speaker
ORDER BY coalesce(document.published, date("9999-12-31")), document.id, evidence.start, evidence.id
RETURN evidence.quote AS sentence, evidence.modality AS modality, evidence.confidence AS confidence,
       speaker.label AS said_by, document.title AS title, document.publisher AS publisher,
       document.published AS published, document.url AS url, evidence.start AS start, evidence.end AS end,
       evidence.extractor AS extractor
LIMIT $limit
