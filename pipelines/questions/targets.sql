-- vi: Các mục tiêu đã nêu và thời hạn
-- en: Targets that were set, and their deadlines
SELECT place, indicator, bound, coalesce(value, low) AS value, high, unit, deadline, published, source, sentence, address
FROM targets
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($indicator IS NULL OR contains(fold(indicator), fold($indicator)))
    AND ($year IS NULL OR year(deadline) = $year)
ORDER BY place, indicator, deadline NULLS LAST, published, record_id
