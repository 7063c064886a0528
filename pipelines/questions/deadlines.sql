-- vi: Các thời hạn sắp tới, gần nhất trước
-- en: Deadlines ahead, the nearest first
SELECT deadline, deadline - as_of.day AS days_left, kind, place, who, what, bound, coalesce(value, low) AS value, unit, sentence, address
FROM deadlines, as_of
WHERE deadline >= as_of.day
    AND ($places IS NULL OR list_contains($places, fold(place)))
    AND ($who IS NULL OR contains(fold(who), fold($who)))
    AND ($year IS NULL OR year(deadline) = $year)
ORDER BY deadline, kind, place, record_id
