// How many statements are there of each modality, affirmed and denied?

MATCH (:Entity)-[r]->()
WHERE r.id IS NOT NULL
RETURN r.modality AS modality, r.polarity AS polarity, count(r) AS statements
ORDER BY statements DESC, modality, polarity
