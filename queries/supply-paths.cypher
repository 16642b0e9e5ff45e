// Who has, makes, dominates, supplies, buys, needs, uses or restricts a material, in the order of its supply chain?
// param material: entity
// param limit: int = 100

MATCH (kind:Entity)
WHERE kind.iri = $material OR kind.broader = $material
MATCH (kind)-[r:USED_IN|HAS_RESOURCE|PRODUCES|DOMINATES|CONTROLS|SUPPLIES|ACQUIRES|DEPENDS_ON|RESTRICTS]-(other)
WHERE NOT r.negated AND other <> kind
WITH r, startNode(r) AS subject, endNode(r) AS object, CASE
  WHEN startNode(r) = kind THEN CASE r.relation WHEN "usedIn" THEN [8, "use"] END
  ELSE CASE r.relation
    WHEN "usedIn" THEN [1, "input"]
    WHEN "hasResource" THEN [2, "deposit"]
    WHEN "produces" THEN [3, "production"]
    WHEN "dominates" THEN [4, "dominance"]
    WHEN "controls" THEN [4, "dominance"]
    WHEN "supplies" THEN [5, "supply"]
    WHEN "acquires" THEN [6, "acquisition"]
    WHEN "dependsOn" THEN [7, "dependence"]
    WHEN "restricts" THEN [9, "restriction"]
  END
END AS place
WHERE place IS NOT NULL
MATCH (evidence:Evidence {statement: r.id})-[:IN]->(document:Document)
WITH place, subject, r, object, count(DISTINCT document.id) AS documents
ORDER BY place[0], documents DESC, r.belief DESC, subject.label, r.relation, object.label, r.id
LIMIT $limit
RETURN place[1] AS stage, subject.label AS who, r.relation AS relation, object.label AS what,
       r.modality AS modality, r.belief AS belief, documents, r.id AS statement
