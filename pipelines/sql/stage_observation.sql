-- Statements as they can be compared; the rules are told in pipelines/scoreboard.md.

CREATE OR REPLACE TEMP TABLE points_variant AS
SELECT variant_of AS indicator_id, min(indicator_id) AS points_id
FROM staged_indicator
WHERE dimension = 'points' AND variant_of IS NOT NULL
GROUP BY variant_of;

CREATE OR REPLACE TEMP TABLE told_statement AS
SELECT
    s.article_id, s.version, s.record_id, s.role, s.dir,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
    coalesce(s.place, a.place) AS place,
    -- "tỷ lệ hộ nghèo giảm 2,76%" is points of the rate; "thuế sản phẩm giảm 0,6%" is a growth of something else.
    regexp_matches(lower(nfc_normalize(s.text)), 't[ỷỉ] (lệ|trọng)|(che|bao) phủ|hộ nghèo') AS names_rate,
    s.place_id, s.place_rule, s.indicator_rule, s.qualifier, s.sentence_start, s.sentence_end, s.start_offset,
    lower(nfc_normalize(substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start))) AS sentence,
    lower(nfc_normalize(substring(a.text, s.sentence_start + 1, q.start_offset - s.sentence_start))) AS before_figure,
    a.place AS article_place,
    s.text AS indicator,
    -- A fall of a rate, in per cent or in points, is one thing: percentage points of that rate.
    CASE WHEN s.dir != '' AND v.points_id IS NOT NULL AND (q.dimension = 'points' OR (q.dimension = 'share' AND names_rate))
        THEN v.points_id ELSE s.indicator_id END AS indicator_id,
    -- "10 bác sĩ và 30 giường bệnh/1 vạn dân", "số bác sĩ trên 1 vạn dân đạt 15,3 bác sĩ" count no doctors.
    CASE WHEN q.dimension = 'count' AND (
        regexp_matches(
            lower(nfc_normalize(substring(a.text, q.end_offset + 1, 48))),
            '^(\s*(,|và)\s*\d[\d.,]*( \p{L}+){1,3})?\s*(/|trên|cho)\s*(một|mỗi|\d[\d.]*)?\s*(vạn|nghìn|ngàn|triệu)?\s*(dân|người)\b'
        ) OR regexp_matches(regexp_extract(before_figure, '[^,;:]*$'), '(/|trên|cho)\s*(một|mỗi|\d[\d.]*)\s*(vạn|nghìn|ngàn|triệu)?\s*dân')
    ) THEN 'ratio' ELSE q.dimension END AS figure_dimension,
    CASE WHEN s.dir != '' AND i.dimension = 'share' AND i.measure = 'rate' AND q.base_unit = '%' AND names_rate
        THEN 'điểm %' ELSE q.base_unit END AS base_unit,
    q.base_value, q.base_low, q.base_high, q.of_total, q.bound,
    q.value AS written_value, q.low AS written_low, q.high AS written_high, q.unit AS written_unit, u.factor,
    least(s.confidence, q.confidence) AS confidence,
    t.since, t.until,
    s.time_id,
    t.start_offset BETWEEN s.sentence_start AND s.sentence_end AS names_time,
    coalesce(lower(nfc_normalize(t.text)) LIKE '%cuối năm%', false) AS at_years_end
FROM staged_statement AS s
JOIN staged_article AS a ON a.article_id = s.article_id AND a.version = s.version AND a.is_latest
JOIN staged_quantity AS q ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id
JOIN unit_measure AS u ON u.unit = q.unit
LEFT JOIN staged_time_expression AS t ON t.article_id = s.article_id AND t.version = s.version AND t.record_id = s.time_id
LEFT JOIN staged_indicator AS i ON i.indicator_id = s.indicator_id
LEFT JOIN points_variant AS v ON v.indicator_id = s.indicator_id
WHERE s.zone NOT IN ('teaser', 'furniture');

CREATE OR REPLACE TEMP TABLE kinded_statement AS
WITH fitted AS (
    SELECT
        s.*,
        i.measure, i.good_direction,
        coalesce(i.cumulative, false) AS cumulative,
        array_to_string([lower(name) for name in [i.unit, i.name] || i.aliases], ' | ') AS indicator_names,
        i.dimension AS indicator_dimension,
        i.unit AS indicator_unit,
        (s.figure_dimension = i.dimension)
            OR (i.dimension = 'index' AND s.figure_dimension IN ('score', 'share'))
            OR (i.dimension = 'points' AND s.base_unit = 'điểm %')
            OR (i.dimension = 'ratio' AND s.figure_dimension = 'count') AS fits
    FROM told_statement AS s
    LEFT JOIN staged_indicator AS i USING (indicator_id)
)
SELECT
    *,
    CASE
        WHEN indicator_id IS NULL AND role = 'progress' AND of_total IS NULL THEN 'progress'
        WHEN indicator_id IS NULL THEN CASE WHEN dir != '' THEN 'change' ELSE 'level' END
        -- A share of the plan is the disbursement rate itself, and for every other indicator progress.
        WHEN role = 'progress' AND of_total IS NULL THEN CASE
            WHEN fits AND measure = 'rate' AND cumulative THEN 'level'
            WHEN figure_dimension = 'share' THEN 'progress'
            ELSE 'other' END
        WHEN fits AND (measure = 'growth' OR indicator_dimension = 'points') THEN 'level'
        WHEN dir != '' AND measure = 'rate' AND base_unit = '%' THEN 'other'
        WHEN role = 'change' OR dir != '' THEN 'change'
        WHEN fits THEN 'level'
        ELSE 'other'
    END AS kind,
    CASE
        WHEN fits AND measure = 'growth' AND dir = 'down' THEN -1
        WHEN fits AND indicator_dimension = 'points' AND dir = 'up' THEN -1
        ELSE 1
    END AS sign,
    CASE
        WHEN indicator_dimension = 'count' AND figure_dimension = 'count' THEN 'count'
        WHEN indicator_dimension = 'ratio' AND figure_dimension = 'count' THEN indicator_unit
        ELSE base_unit
    END AS compared_unit,
    coalesce(measure IN ('flow', 'growth') OR cumulative, false) AS same_start
FROM fitted;

-- The period that most dated figures of an article are for: in a report on the year, also of those that name none.
CREATE OR REPLACE TEMP TABLE article_period AS
WITH told AS (
    SELECT article_id, version, since, until, count(*) AS figures
    FROM kinded_statement
    WHERE role != 'target' AND kind != 'other' AND since IS NOT NULL AND until <= published
    GROUP BY ALL
),
rule AS (
    SELECT
        max(value) FILTER (name = 'article_period_figures') AS figures,
        max(value) FILTER (name = 'article_period_share') AS share,
        max(value) FILTER (name = 'article_period_days') AS days
    FROM staged_setting
),
main AS (
    FROM told, rule
    SELECT article_id, version, since, until, days
    QUALIFY told.figures >= rule.figures AND told.figures > rule.share * sum(told.figures) OVER (PARTITION BY article_id, version)
)
SELECT article_id, version, main.since AS article_since, main.until AS article_until
FROM main JOIN staged_article AS a USING (article_id, version)
WHERE CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) <= main.until + CAST(days AS INTEGER);

-- "10 tháng xuất khẩu 26,2 tỷ USD, bằng 84,5% kế hoạch 31 tỷ USD": the plan that the year so far is measured
-- against is the year's.
CREATE OR REPLACE TEMP TABLE plan_beside AS
SELECT DISTINCT plan.article_id, plan.version, plan.record_id
FROM kinded_statement AS plan
JOIN kinded_statement AS figure USING (article_id, version, sentence_start, time_id)
WHERE plan.role = 'target' AND plan.figure_dimension != 'share' AND figure.role = 'progress' AND plan.until <= plan.published
    AND coalesce(plan.since, make_date(year(plan.until), 1, 1)) = make_date(year(plan.until), 1, 1);

CREATE OR REPLACE TEMP TABLE timed_statement AS
WITH placed AS (
    SELECT
        s.*, p.article_since, p.article_until, b.record_id IS NOT NULL AS is_beside,
        s.role != 'target' AND p.article_id IS NOT NULL AND (
            (s.since IS NULL AND s.until IS NULL)
            -- A time that had hardly begun, and that the sentence does not name, was that of some plan before it.
            OR (NOT s.names_time AND s.published < s.since + 31 AND s.until > s.published + 31)
        ) AS of_article
    FROM kinded_statement AS s
    LEFT JOIN article_period AS p USING (article_id, version)
    LEFT JOIN plan_beside AS b USING (article_id, version, record_id)
),
dated AS (
    SELECT * REPLACE (
        CASE WHEN of_article THEN article_since WHEN is_beside THEN make_date(year(until), 1, 1) ELSE since END AS since,
        CASE WHEN of_article THEN article_until WHEN is_beside THEN make_date(year(until), 12, 31) ELSE until END AS until
    )
    FROM placed
),
spanned AS (
    SELECT
        * EXCLUDE (since, until, article_since, article_until, is_beside),
        coalesce(until, CASE WHEN role != 'target' THEN published END) AS named_to,
        until IS NULL AND since IS NOT NULL AS is_open,
        CASE
            -- The plan of a year is paid out until 31 January of the next.
            WHEN role = 'target' AND cumulative AND measure = 'rate' AND month(until) = 1 AND day(until) = 31
                THEN make_date(year(until) - 1, 1, 1)
            -- What runs up through the year is for the year so far: a month of a rate always, of an
            -- amount only where the text names no first day, or for a target the last alone.
            WHEN cumulative AND until IS NOT NULL AND (
                since IS NULL OR (measure = 'rate' AND year(since) = year(until)) OR (role = 'target' AND since IN (published, until))
            ) THEN make_date(year(until), 1, 1)
            -- "Cuối năm giảm còn 9,8%, giảm 5,14 điểm %": as of the year's end, the fall of the year.
            WHEN at_years_end AND same_start AND year(since) = year(until) THEN make_date(year(until), 1, 1)
            WHEN role = 'target' AND NOT cumulative AND until IS NOT NULL AND since IS NULL AND measure = 'growth'
                THEN make_date(year(until), 1, 1)
            WHEN role = 'target' AND until IS NOT NULL AND since IS NULL
                THEN least(published, make_date(year(until), 1, 1))
            ELSE since
        END AS period_from,
        until
    FROM dated
)
SELECT
    * EXCLUDE (named_to, until, is_open),
    CASE
        WHEN role = 'target' THEN until
        WHEN until IS NULL AND period_from IS NULL THEN NULL
        ELSE least(named_to, published)
    END AS period_to,
    CASE
        WHEN role = 'target' THEN 'target'
        -- "Nghị quyết đặt tăng trưởng từ 7,5%; thực tế tăng 9,53%": the first is the plan again.
        WHEN role = 'actual' AND regexp_matches(regexp_extract(before_figure, '[^,;:]*$'), getvariable('words_planned'))
            AND NOT regexp_matches(regexp_extract(before_figure, '[^,;:]*$'), getvariable('words_reached')) THEN 'forecast'
        WHEN published IS NULL THEN 'undated'
        WHEN period_from > published THEN 'forecast'
        -- In January papers tell of the year that ended; a figure for the new one is its plan.
        WHEN named_to > published + 31 AND published < period_from + 31 THEN 'forecast'
        WHEN named_to > published + 31 THEN 'so far'
        WHEN named_to > published THEN 'estimate'
        ELSE 'done'
    END AS stage
FROM spanned;

-- The plan that "đạt 5.240 tỷ, bằng 41,9% dự toán" works out to.
CREATE OR REPLACE TEMP TABLE plan_share AS
SELECT article_id, version, sentence_start, indicator_id, any_value(base_value) FILTER (kind = 'progress') AS share
FROM timed_statement
WHERE indicator_id IS NOT NULL AND role != 'target'
GROUP BY ALL
HAVING count(*) FILTER (kind = 'progress') = 1 AND count(*) FILTER (kind = 'level' AND role = 'actual') = 1 AND share > 0;

CREATE OR REPLACE TEMP TABLE target_document AS
SELECT s.article_id, s.version, s.record_id, m.document_id
FROM timed_statement AS s
ASOF JOIN (
    SELECT article_id, version, start_offset, any_value(document_id) AS document_id
    FROM staged_document_mention WHERE document_id IS NOT NULL AND zone NOT IN ('teaser', 'furniture')
    GROUP BY ALL
) AS m ON m.article_id = s.article_id AND m.version = s.version AND s.start_offset >= m.start_offset
WHERE s.role = 'target';

CREATE OR REPLACE TEMP TABLE doubt_factor AS
SELECT map_from_entries(list((substring(name, 7), value))) AS factor FROM staged_setting WHERE name LIKE 'doubt.%';

CREATE OR REPLACE TEMP TABLE keyed_observation AS
WITH doubted AS (
    SELECT
        s.*,
        c.cluster_id,
        coalesce(p.territory, 'text:' || lower(nfc_normalize(s.place)), '') AS land,
        s.sign * s.base_value AS value,
        s.sign * (CASE WHEN s.sign = 1 THEN s.base_low ELSE s.base_high END) AS low,
        s.sign * (CASE WHEN s.sign = 1 THEN s.base_high ELSE s.base_low END) AS high,
        CASE WHEN s.kind = 'progress' THEN 'plan %' ELSE s.compared_unit END AS unit,
        list_filter([
            CASE WHEN s.indicator_rule = 'weak' THEN 'weak-name' END,
            CASE WHEN s.indicator_rule = '' THEN 'unlinked' END,
            CASE WHEN s.indicator_rule != '' AND s.qualifier != '' THEN 'qualified' END,
            CASE WHEN s.role = 'target' AND s.start_offset NOT BETWEEN s.sentence_start AND s.sentence_end THEN 'indicator-carried' END,
            CASE WHEN s.place_rule = 'article' THEN 'place-of-article' END,
            -- Of a text without a day nobody knows whether the province it names is the one formed later.
            CASE WHEN s.place_rule = 'unclear' OR (s.place_rule = 'period' AND s.role = 'target' AND p.valid_from IS NOT NULL) THEN 'place-unclear' END,
            CASE WHEN s.place_rule IN ('named', 'period', 'former') AND NOT contains(s.sentence, lower(nfc_normalize(s.place))) AND (
                p.kind NOT IN ('country', 'province', 'municipality')
                OR (p.kind != 'country' AND s.article_place NOT IN (p.name, s.place))
            ) THEN 'place-carried' END,
            CASE WHEN p.kind != 'country' AND (
                s.indicator_id IN ('gdp', 'gdp-growth', 'gdp-per-head', 'public-debt')
                OR (regexp_matches(s.before_figure, getvariable('words_national'))
                    AND NOT regexp_matches(s.before_figure, '(nhất|thứ|đầu|bình quân|trung bình|so với|chung|hạng|mức)( \d+| chung| của)* (cả nước|toàn quốc)')
                    AND NOT contains(regexp_replace(s.before_figure, '^.*' || getvariable('words_national'), '', 's'), lower(nfc_normalize(s.place))))
            ) THEN 'nationwide' END,
            CASE WHEN s.indicator_id = 'project-investment'
                OR (s.role = 'target' AND s.figure_dimension = 'money' AND regexp_matches(s.before_figure, getvariable('words_project'))) THEN 'project' END,
            CASE WHEN s.role = 'target' AND regexp_matches(s.before_figure, getvariable('words_forecast'))
                AND NOT regexp_matches(s.before_figure, getvariable('words_plan')) THEN 'forecast' END,
            CASE WHEN s.role = 'target' AND s.measure = 'flow' AND s.dir = '' AND regexp_matches(s.sentence, getvariable('words_each')) THEN 'each' END,
            CASE WHEN s.kind = 'level' AND s.indicator_dimension = 'count' AND s.figure_dimension = 'count'
                AND NOT contains(s.indicator_names, lower(s.written_unit)) AND NOT contains(lower(s.written_unit), s.indicator_unit) THEN 'other-noun' END,
            CASE WHEN s.of_article THEN 'period-of-article' END,
            CASE WHEN s.published IS NULL THEN CASE WHEN s.role = 'target' THEN 'undated' ELSE 'undated-figure' END END
        ], lambda reason: reason IS NOT NULL) AS doubts
    FROM timed_statement AS s
    JOIN staged_article_cluster AS c USING (article_id)
    LEFT JOIN staged_place AS p USING (place_id)
),
keyed AS (
    SELECT
        *,
        hash(coalesce(indicator_id, 'text'), qualifier, land, kind, unit, CASE WHEN kind = 'change' THEN dir ELSE '' END) AS series,
        CASE
            WHEN bound IN ('>=', '>') THEN 'more'
            WHEN bound IN ('<=', '<') THEN 'less'
            WHEN kind = 'change' AND dir = good_direction THEN 'more'
            WHEN kind = 'change' THEN NULL
            WHEN good_direction = 'up' THEN 'more'
            WHEN good_direction = 'down' THEN 'less'
        END AS wanted,
        -- "95%", "at least 95%" and "more than 95%" are tellings of one promise.
        CASE WHEN role = 'target' THEN hash(series, value, low, high, wanted, period_to) END AS promise
    FROM doubted
)
SELECT
    k.article_id,
    k.version,
    k.record_id,
    k.published,
    k.cluster_id,
    k.role,
    k.kind,
    k.indicator_id,
    k.place_id,
    k.series,
    k.promise,
    CASE WHEN k.role = 'target' THEN CAST(row_number() OVER (
        PARTITION BY k.promise ORDER BY k.published NULLS LAST, k.article_id, k.start_offset, k.record_id
    ) AS INTEGER) END AS telling,
    k.indicator,
    k.place,
    k.written_value,
    k.written_low,
    k.written_high,
    k.written_unit,
    k.factor,
    k.dir,
    k.sentence_start,
    k.sentence_end,
    k.unit,
    k.value,
    k.low,
    k.high,
    k.bound,
    k.wanted,
    k.same_start,
    k.cumulative AND k.kind = 'level' AS runs_up,
    k.period_from,
    k.period_to,
    k.stage,
    CASE WHEN k.kind = 'level' AND k.role = 'actual' THEN TRY(CAST(CAST(k.value AS DOUBLE) * 100 / CAST(s.share AS DOUBLE) AS DECIMAL(38, 6))) END AS implied_plan,
    d.document_id,
    array_to_string(k.doubts, ', ') AS doubt,
    k.confidence * coalesce(list_product(list_transform(k.doubts, lambda reason: f.factor[reason])), 1) AS confidence
FROM keyed AS k
CROSS JOIN doubt_factor AS f
LEFT JOIN plan_share AS s USING (article_id, version, sentence_start, indicator_id)
LEFT JOIN target_document AS d USING (article_id, version, record_id);

-- A target that some later figure of the place may well answer, though it is not known to be the same
-- indicator (it is not linked, has no period, is a share of some plan): "not reported" would be too bold.
CREATE OR REPLACE TEMP TABLE loose_figure AS
SELECT coalesce(later.place_id, f.place_id) AS place_id, f.indicator_id, f.kind, f.unit, f.value, f.published, f.period_from, f.period_to
FROM keyed_observation AS f
LEFT JOIN staged_place AS p USING (place_id)
LEFT JOIN staged_place AS later ON later.place_id = p.successor_ids[1]
WHERE f.role != 'target' AND f.published IS NOT NULL AND f.place_id IS NOT NULL;

CREATE OR REPLACE TEMP TABLE perhaps_answered AS
WITH target AS (
    SELECT
        t.article_id, t.version, t.record_id, t.indicator_id, t.kind, t.unit, t.published, t.period_from, t.period_to,
        coalesce(later.place_id, t.place_id) AS place_id,
        abs(coalesce(t.value, t.low, t.high)) AS goal
    FROM keyed_observation AS t
    LEFT JOIN staged_place AS p USING (place_id)
    LEFT JOIN staged_place AS later ON later.place_id = p.successor_ids[1]
    WHERE t.role = 'target' AND t.place_id IS NOT NULL AND t.indicator_id IS NOT NULL
)
SELECT DISTINCT t.article_id, t.version, t.record_id
FROM target AS t
JOIN loose_figure AS f ON f.place_id = t.place_id AND f.indicator_id = t.indicator_id AND f.published > coalesce(t.published, DATE '0001-01-01')
UNION
-- Told together with the target, for a part of its time.
SELECT DISTINCT t.article_id, t.version, t.record_id
FROM target AS t
JOIN loose_figure AS f
    ON f.place_id = t.place_id AND f.indicator_id = t.indicator_id AND f.published = t.published AND f.kind = t.kind AND f.unit = t.unit
    AND f.period_from >= t.period_from AND f.period_to <= t.period_to
UNION
SELECT DISTINCT t.article_id, t.version, t.record_id
FROM target AS t
JOIN loose_figure AS f
    ON f.place_id = t.place_id AND f.indicator_id IS NULL AND (f.unit = t.unit OR (f.unit = 'plan %' AND t.unit = '%'))
    AND f.published > coalesce(t.published, DATE '0001-01-01') AND f.value BETWEEN t.goal / 2 AND t.goal * 3 / 2;

CREATE OR REPLACE TEMP TABLE staged_observation AS
SELECT k.* EXCLUDE (doubt, confidence), p.record_id IS NOT NULL AS perhaps_answered, k.doubt, k.confidence
FROM keyed_observation AS k
LEFT JOIN perhaps_answered AS p USING (article_id, version, record_id);
