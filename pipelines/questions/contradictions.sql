-- vi: Những số liệu mâu thuẫn: cùng chỉ tiêu, địa phương và kỳ mà con số khác nhau
-- en: Figures that contradict each other: one indicator, place and period, different numbers
SELECT place, indicator_name, period_from, period_to, value, unit, articles, published, sentence, address
FROM contradictions
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($indicator IS NULL OR contains(fold(indicator_name), fold($indicator)))
    AND ($year IS NULL OR year(period_to) = $year)
ORDER BY place, indicator_name, period_to, value, article_id, record_id
