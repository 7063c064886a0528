-- vi: Bảng theo dõi: từng chỉ tiêu đã hứa, số liệu mới nhất và chênh lệch
-- en: The scoreboard: each target, its latest figure and the gap
SELECT
    place, coalesce(indicator_name, indicator) AS indicator_name, target_bound, target_value, unit, deadline, state,
    latest_value, latest_period_end, gap, gap_unit, doubt, promised_by, target_sentence, latest_sentence
FROM scoreboard
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($indicator IS NULL OR contains(fold(coalesce(indicator_name, indicator)), fold($indicator)))
    AND ($year IS NULL OR year(deadline) = $year)
ORDER BY place, indicator_name, deadline NULLS LAST, target_value, target_sentence
