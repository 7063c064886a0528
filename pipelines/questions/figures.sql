-- vi: Các số liệu đã báo cáo và kỳ của chúng
-- en: Figures that were reported, and their periods
SELECT place, indicator, role, bound, coalesce(value, low) AS value, high, unit, dir, period_from, period_to, published, source, sentence, address
FROM progress
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($indicator IS NULL OR contains(fold(indicator), fold($indicator)))
    AND ($year IS NULL OR year(period_to) = $year)
ORDER BY place, indicator, period_to NULLS LAST, published, record_id
