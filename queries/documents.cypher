// Which documents are in the graph, and how much does each say?
// param contains: text = ""
// param limit: int = 50

MATCH (document:Document)
WHERE toLower(coalesce(document.title, document.id)) CONTAINS toLower($contains)
OPTIONAL MATCH (document)<-[:IN]-(evidence:Evidence)
WITH document, count(DISTINCT evidence.statement) AS statements
RETURN document.id AS id, document.title AS title, document.publisher AS publisher, document.published AS published,
       statements, document.url AS url
ORDER BY statements DESC, id
LIMIT $limit
