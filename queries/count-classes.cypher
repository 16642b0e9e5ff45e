// How many entities are there of each class?

MATCH (entity:Entity)
RETURN entity.class AS class, count(entity) AS entities
ORDER BY entities DESC, class
