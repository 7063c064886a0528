-- vi: Mỗi nguồn đã cho những gì
-- en: What each source gave
SELECT source, place, articles, versions, undated, statements, tasks, first_article, last_article
FROM coverage
WHERE articles > 0 AND ($places IS NULL OR list_contains($places, fold(place)))
ORDER BY articles DESC, source
