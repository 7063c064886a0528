-- vi: Nhiệm vụ đã quá hạn, mới quá hạn trước
-- en: Tasks past their deadline, the latest first
SELECT deadline, as_of.day - deadline AS days_over, who, task, place, published, sentence, address
FROM tasks, as_of
WHERE deadline < as_of.day
    AND ($places IS NULL OR list_contains($places, fold(place)))
    AND ($who IS NULL OR contains(fold(who), fold($who)))
    AND ($year IS NULL OR year(deadline) = $year)
ORDER BY deadline DESC, place, record_id
