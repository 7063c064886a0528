-- Every target with the latest comparable figure and what became of it. The rules: pipelines/scoreboard.md.

-- SET VARIABLE as_of = DATE '2024-07-10' shows the state of that day; else that of the last article.
CREATE VIEW as_of AS
SELECT coalesce(
    TRY_CAST(getvariable('as_of') AS DATE),
    (SELECT max(published) FROM observation WHERE published <= current_date),
    current_date
) AS day;
COMMENT ON VIEW as_of IS 'The day that the scoreboard looks from: the variable as_of, or else the day of the newest article';
COMMENT ON COLUMN as_of.day IS 'That day: later reports are not looked at, later deadlines are ahead';

CREATE VIEW scoreboard AS
WITH rule AS (
    SELECT
        max(value) FILTER (name = 'threshold') AS threshold,
        max(value) FILTER (name = 'implausible') AS implausible,
        max(value) FILTER (name = 'inexact_margin') AS inexact_margin,
        max(value) FILTER (name = 'plan_margin') AS plan_margin,
        max(value) FILTER (name = 'doubt.implausible') AS implausible_factor,
        max(value) FILTER (name = 'doubt.inexact') AS inexact_factor,
        max(value) FILTER (name = 'doubt.contradicted') AS contradicted_factor,
        max(value) FILTER (name = 'doubt.other-plan') AS other_plan_factor,
        max(value) FILTER (name = 'doubt.restated-differently') AS restated_factor,
        max(value) FILTER (name = 'doubt.told-late') AS told_late_factor,
        (SELECT day FROM as_of) AS today
    FROM setting
),
promised AS (
    SELECT
        promise,
        count(DISTINCT cluster_id) AS told,
        arg_min(article_id, (coalesce(published, DATE '9999-12-31'), article_id, record_id)) AS article_id,
        arg_min(record_id, (coalesce(published, DATE '9999-12-31'), article_id, record_id)) AS record_id,
        arg_min(document_id, (coalesce(published, DATE '9999-12-31'), article_id, record_id)) AS document_id,
        min(published) AS published,
        any_value(series) AS series, any_value(kind) AS kind, any_value(indicator_id) AS indicator_id, any_value(place_id) AS place_id,
        any_value(unit) AS unit, any_value(value) AS value, any_value(low) AS low, any_value(high) AS high, any_value(bound) AS bound,
        any_value(wanted) AS wanted, any_value(same_start) AS same_start, any_value(runs_up) AS runs_up,
        bool_or(perhaps_answered) AS perhaps_answered,
        min(period_from) AS period_from, any_value(period_to) AS deadline,
        arg_max(doubt, confidence) AS doubt, max(confidence) AS confidence
    FROM observation, rule
    WHERE role = 'target' AND (published IS NULL OR published <= rule.today)
    GROUP BY promise
),
promise AS (
    SELECT
        *,
        coalesce(value, CASE WHEN wanted = 'less' THEN high ELSE low END) AS goal,
        count(*) OVER (PARTITION BY series, deadline) AS rivals
    FROM promised
),
compared AS (
    SELECT
        p.promise,
        f.article_id, f.record_id, f.published, f.value, f.bound, f.period_from, f.period_to, f.stage, f.implied_plan, f.doubt, f.confidence,
        f.period_to = p.deadline AND f.stage = 'done' AS is_final,
        min(f.value) OVER same_period AS least,
        max(f.value) OVER same_period AS most,
        count(DISTINCT f.cluster_id) OVER same_period AS tellers
    FROM promise AS p
    JOIN observation AS f
        ON f.series = p.series
        AND f.period_to BETWEEN p.period_from AND p.deadline
    JOIN rule ON f.published IS NULL OR f.published <= rule.today
    WHERE f.role != 'target'
        AND f.stage != 'forecast'
        AND f.value IS NOT NULL
        AND (NOT p.same_start OR f.period_from = p.period_from)
        -- A plan misread as a report repeats the target before the time is over.
        AND NOT (f.value = p.goal AND f.stage = 'so far')
    WINDOW same_period AS (PARTITION BY p.promise, f.period_to)
    QUALIFY row_number() OVER (
        PARTITION BY p.promise
        ORDER BY f.period_to DESC, f.stage = 'done' DESC, f.confidence DESC, f.published DESC NULLS LAST, f.article_id, f.record_id
    ) = 1
),
weighed AS (
    SELECT
        p.*,
        f.article_id AS latest_article_id, f.record_id AS latest_record_id, f.published AS latest_published, f.value AS latest_value,
        f.bound AS latest_bound, f.period_from AS latest_period_from, f.period_to AS latest_period_end, f.stage AS latest_stage,
        f.is_final, f.least, f.most, f.tellers, f.confidence AS latest_confidence,
        rule.threshold, rule.today,
        CASE WHEN p.wanted = 'more' THEN CASE WHEN p.bound = '>' THEN f.value > p.goal ELSE f.value >= p.goal END
            WHEN p.wanted = 'less' THEN CASE WHEN p.bound = '<' THEN f.value < p.goal ELSE f.value <= p.goal END
        END AS reached,
        CAST(f.value AS DOUBLE) / nullif(CAST(p.goal AS DOUBLE), 0) AS share,
        CAST(f.period_to - p.period_from + 1 AS DOUBLE) / nullif(p.deadline - p.period_from + 1, 0) AS elapsed,
        list_filter([
            CASE WHEN p.doubt != '' THEN p.doubt END,
            CASE WHEN f.doubt NOT IN ('', p.doubt) THEN f.doubt END,
            CASE WHEN p.rivals > 1 THEN 'restated-differently' END,
            CASE WHEN p.published > p.deadline THEN 'told-late' END,
            CASE WHEN p.perhaps_answered AND NOT coalesce(f.is_final, false) THEN 'perhaps-answered' END,
            CASE WHEN f.value / nullif(p.goal, 0) NOT BETWEEN 1 / rule.implausible AND rule.implausible AND (f.is_final OR NOT p.runs_up) THEN 'implausible' END,
            CASE WHEN f.bound != '=' AND abs(f.value - p.goal) <= rule.inexact_margin * abs(p.goal) THEN 'inexact' END,
            CASE WHEN (f.least >= p.goal) != (f.most >= p.goal) AND f.most - f.least > rule.inexact_margin * abs(p.goal) THEN 'contradicted' END,
            CASE WHEN abs(f.implied_plan - p.goal) > rule.plan_margin * abs(p.goal) THEN 'other-plan' END
        ], lambda reason: reason IS NOT NULL) AS doubts,
        least(p.confidence, coalesce(f.confidence, 1))
            * CASE WHEN p.rivals > 1 THEN rule.restated_factor ELSE 1 END
            * CASE WHEN p.published > p.deadline THEN rule.told_late_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'implausible') THEN rule.implausible_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'inexact') THEN rule.inexact_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'contradicted') THEN rule.contradicted_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'other-plan') THEN rule.other_plan_factor ELSE 1 END AS row_confidence
    FROM promise AS p
    LEFT JOIN compared AS f USING (promise)
    CROSS JOIN rule
),
judged AS (
    SELECT
        *,
        CASE
            WHEN EXISTS (
                SELECT 1 FROM verdict AS v
                WHERE v.target_id = weighed.record_id AND v.latest_id = coalesce(weighed.latest_record_id, '') AND v.verdict = 'wrong' AND v.state != 'candidate'
            ) THEN 'candidate'
            WHEN row_confidence < threshold OR indicator_id IS NULL OR place_id IS NULL OR deadline IS NULL OR goal IS NULL OR wanted IS NULL OR kind = 'other' THEN 'candidate'
            WHEN latest_value IS NULL THEN CASE WHEN perhaps_answered THEN 'candidate' ELSE 'not reported' END
            WHEN is_final THEN CASE WHEN reached THEN 'met' ELSE 'missed' END
            -- What adds up cannot fall again: reached early is reached.
            WHEN runs_up AND wanted = 'more' AND reached AND latest_stage IN ('done', 'estimate') AND unit != '%' THEN 'met'
            WHEN deadline < today THEN CASE WHEN perhaps_answered THEN 'candidate' ELSE 'not reported' END
            WHEN runs_up AND wanted = 'more' THEN CASE WHEN share >= elapsed THEN 'on course' ELSE 'behind' END
            WHEN runs_up THEN CASE WHEN share <= elapsed THEN 'on course' ELSE 'behind' END
            WHEN reached THEN 'on course'
            WHEN same_start THEN 'behind'
            -- A level on its way: how far it should be is not known without where it began.
            ELSE 'candidate'
        END AS state
    FROM weighed
)
SELECT
    t.text AS indicator,
    i.name AS indicator_name,
    coalesce(place.name, t.place, target_article.place) AS place,
    q.value AS target_value,
    q.low AS target_low,
    q.high AS target_high,
    q.bound AS target_bound,
    t.dir,
    q.unit,
    j.deadline,
    coalesce(d.issuer, place.full_name, t.place) AS promised_by,
    d.number AS target_document,
    target_article.title AS target_article,
    substring(target_article.text, t.sentence_start + 1, t.sentence_end - t.sentence_start) AS target_sentence,
    target_article.url AS target_address,
    j.published AS target_published,
    j.told AS target_told,
    CASE
        WHEN fq.unit = q.unit OR j.unit = 'count' THEN fq.value
        ELSE CAST(CAST(j.latest_value AS DOUBLE) * coalesce(CAST(q.value AS DOUBLE) / nullif(CAST(q.base_value AS DOUBLE), 0), 1) AS DECIMAL(38, 6))
    END AS latest_value,
    j.latest_bound,
    j.latest_period_from,
    j.latest_period_end,
    j.latest_stage,
    figure_article.title AS latest_article,
    substring(figure_article.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS latest_sentence,
    figure_article.url AS latest_address,
    j.latest_published,
    CAST(CAST(j.latest_value - j.goal AS DOUBLE) * coalesce(CAST(q.value AS DOUBLE) / nullif(CAST(q.base_value AS DOUBLE), 0), 1) AS DECIMAL(38, 6)) AS gap,
    CASE WHEN q.unit = '%' THEN 'điểm %' ELSE q.unit END AS gap_unit,
    j.share AS latest_share,
    j.elapsed AS elapsed_share,
    j.state,
    array_to_string(j.doubts, ', ') AS doubt,
    j.row_confidence AS confidence,
    j.today AS as_of,
    i.topic,
    today_place.name AS place_today,
    j.kind,
    j.indicator_id,
    j.place_id,
    j.document_id AS target_document_id,
    j.article_id AS target_article_id,
    j.record_id AS target_id,
    j.latest_article_id,
    j.latest_record_id AS latest_id
FROM judged AS j
JOIN article AS target_article ON target_article.article_id = j.article_id AND target_article.is_latest
JOIN statement AS t ON t.article_id = j.article_id AND t.version = target_article.version AND t.record_id = j.record_id
JOIN quantity AS q ON q.article_id = t.article_id AND q.version = t.version AND q.record_id = t.quantity_id
LEFT JOIN article AS figure_article ON figure_article.article_id = j.latest_article_id AND figure_article.is_latest
LEFT JOIN statement AS f ON f.article_id = j.latest_article_id AND f.version = figure_article.version AND f.record_id = j.latest_record_id
LEFT JOIN quantity AS fq ON fq.article_id = f.article_id AND fq.version = f.version AND fq.record_id = f.quantity_id
LEFT JOIN document AS d ON d.document_id = j.document_id
LEFT JOIN indicator AS i ON i.indicator_id = j.indicator_id
LEFT JOIN place ON place.place_id = j.place_id
LEFT JOIN place AS today_place ON today_place.place_id = coalesce(place.successor_ids[1], place.place_id);
COMMENT ON VIEW scoreboard IS 'Every target once, however often it was told, with the latest comparable figure, the gap and the state; the rules are told in pipelines/scoreboard.md. SET VARIABLE as_of = DATE ''2024-07-10'' looks from that day';
COMMENT ON COLUMN scoreboard.indicator IS 'What is promised, as the text names it';
COMMENT ON COLUMN scoreboard.indicator_name IS 'Its name in the catalogue; NULL: not in it';
COMMENT ON COLUMN scoreboard.place IS 'Place the target is for';
COMMENT ON COLUMN scoreboard.target_value IS 'The promised number in unit; NULL for a range';
COMMENT ON COLUMN scoreboard.target_low IS 'Lower end of a promised range';
COMMENT ON COLUMN scoreboard.target_high IS 'Upper end of a promised range';
COMMENT ON COLUMN scoreboard.target_bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN scoreboard.dir IS 'up or down where a change is promised; empty otherwise';
COMMENT ON COLUMN scoreboard.unit IS 'Unit of the target, or the counted noun';
COMMENT ON COLUMN scoreboard.deadline IS 'Last day it is to be reached by; NULL: the text names none';
COMMENT ON COLUMN scoreboard.promised_by IS 'Body that issued the document the target stands under, or else the place whose target it is';
COMMENT ON COLUMN scoreboard.target_document IS 'Number of the document named last before the target; NULL: none is';
COMMENT ON COLUMN scoreboard.target_article IS 'Title of the article that told the target first';
COMMENT ON COLUMN scoreboard.target_sentence IS 'Its sentence, word for word';
COMMENT ON COLUMN scoreboard.target_address IS 'Its address, where it has one';
COMMENT ON COLUMN scoreboard.target_published IS 'Day of the first article that told it';
COMMENT ON COLUMN scoreboard.target_told IS 'In how many articles it was told, reprints counted once';
COMMENT ON COLUMN scoreboard.latest_value IS 'Latest comparable figure, in unit; NULL: none reported';
COMMENT ON COLUMN scoreboard.latest_bound IS 'Its bound, as of the target';
COMMENT ON COLUMN scoreboard.latest_period_from IS 'First day of the period it covers';
COMMENT ON COLUMN scoreboard.latest_period_end IS 'Last day of that period: what it is as of';
COMMENT ON COLUMN scoreboard.latest_stage IS 'done (published when the period was over), estimate (in its last 31 days), so far (of a running period), undated';
COMMENT ON COLUMN scoreboard.latest_article IS 'Title of its article';
COMMENT ON COLUMN scoreboard.latest_sentence IS 'Its sentence, word for word';
COMMENT ON COLUMN scoreboard.latest_address IS 'Address of its article, where it has one';
COMMENT ON COLUMN scoreboard.latest_published IS 'Day its article was published';
COMMENT ON COLUMN scoreboard.gap IS 'Latest figure less the target; in percentage points for percentages';
COMMENT ON COLUMN scoreboard.gap_unit IS 'Unit of the gap';
COMMENT ON COLUMN scoreboard.latest_share IS 'Latest figure as a share of the target, 1 being all';
COMMENT ON COLUMN scoreboard.elapsed_share IS 'Share of the targets period that was over at the end of the figures';
COMMENT ON COLUMN scoreboard.state IS 'met, missed, on course, behind, not reported, or candidate where the row is too doubtful for a state';
COMMENT ON COLUMN scoreboard.doubt IS 'What lowers the confidence or keeps the row a candidate';
COMMENT ON COLUMN scoreboard.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN scoreboard.as_of IS 'Day the row is judged from';
COMMENT ON COLUMN scoreboard.topic IS 'Group of the indicator';
COMMENT ON COLUMN scoreboard.place_today IS 'Province that holds this place today';
COMMENT ON COLUMN scoreboard.kind IS 'level, change, progress (share of a plan) or other (not comparable)';
COMMENT ON COLUMN scoreboard.indicator_id IS 'Indicator of the catalogue';
COMMENT ON COLUMN scoreboard.place_id IS 'Place in the table of places';
COMMENT ON COLUMN scoreboard.target_document_id IS 'Id of that document';
COMMENT ON COLUMN scoreboard.target_article_id IS 'Id of the article that told the target first';
COMMENT ON COLUMN scoreboard.target_id IS 'Lasting id of the targets record';
COMMENT ON COLUMN scoreboard.latest_article_id IS 'Id of the figures article';
COMMENT ON COLUMN scoreboard.latest_id IS 'Lasting id of the figures record';
