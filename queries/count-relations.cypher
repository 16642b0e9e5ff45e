// How many statements are there of each relation?

MATCH (:Entity)-[r]->()
WHERE r.id IS NOT NULL
RETURN r.relation AS relation, count(r) AS statements
ORDER BY statements DESC, relation
