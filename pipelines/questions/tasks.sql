-- vi: Nhiệm vụ được giao: việc gì, ai làm, đến bao giờ
-- en: Tasks: what, who, until when
SELECT deadline, who, task, place, published, source, sentence, address
FROM tasks
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($who IS NULL OR contains(fold(who), fold($who)))
    AND ($year IS NULL OR year(coalesce(deadline, published)) = $year)
ORDER BY deadline NULLS LAST, published, record_id
