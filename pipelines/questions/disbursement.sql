-- vi: Tỷ lệ giải ngân vốn đầu tư công, theo địa phương và thời điểm
-- en: Disbursement of public investment in percent of the plan, by place and time
SELECT place, role, bound, value, period_to, published, indicator, source, sentence, address
FROM figure
WHERE contains(fold(indicator), 'giai ngan') AND unit = '%' AND role IN ('target', 'actual', 'progress')
    AND ($places IS NULL OR list_contains($places, fold(place)))
    AND ($year IS NULL OR year(period_to) = $year)
ORDER BY place, period_to NULLS LAST, published, record_id
