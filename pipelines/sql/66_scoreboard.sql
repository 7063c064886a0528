-- Every target with the latest comparable figure and what became of it. The rules: pipelines/scoreboard.md.

-- SET VARIABLE as_of = DATE '2024-07-10' shows the state of that day; else that of the last article.
CREATE VIEW as_of AS
SELECT coalesce(
    TRY_CAST(getvariable('as_of') AS DATE),
    (SELECT CAST(max(published) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) FROM article WHERE is_latest AND published < current_date + 1),
    current_date
) AS day;
COMMENT ON VIEW as_of IS 'The day that the scoreboard looks from: the variable as_of, or else the day of the newest article';
COMMENT ON COLUMN as_of.day IS 'That day: later reports are not looked at, later deadlines are ahead';

-- Decimal over decimal is a DOUBLE in DuckDB: this divides whole millionths, and rounds the last of them.
CREATE MACRO in_unit(base, factor) AS CASE
    WHEN factor = 1 THEN base
    ELSE TRY((
        (CAST(base * 1_000_000 AS HUGEINT) * 1_000_000_000 + CAST(sign(base) AS HUGEINT) * (CAST(factor * 1_000_000_000 AS HUGEINT) // 2))
        // CAST(factor * 1_000_000_000 AS HUGEINT)
    ) * CAST(0.000001 AS DECIMAL(7, 6)))
END;

CREATE VIEW scoreboard AS
WITH rule AS (
    SELECT
        max(value) FILTER (name = 'threshold') AS threshold,
        max(value) FILTER (name = 'threshold_unreported') AS threshold_unreported,
        max(value) FILTER (name = 'implausible') AS implausible,
        max(value) FILTER (name = 'inexact_margin') AS inexact_margin,
        max(value) FILTER (name = 'apart_margin') AS apart_margin,
        max(value) FILTER (name = 'plan_margin') AS plan_margin,
        max(value) FILTER (name = 'confirmed') AS confirmed,
        max(value) FILTER (name = 'doubt.implausible') AS implausible_factor,
        max(value) FILTER (name = 'doubt.inexact') AS inexact_factor,
        max(value) FILTER (name = 'doubt.contradicted') AS contradicted_factor,
        max(value) FILTER (name = 'doubt.other-plan') AS other_plan_factor,
        max(value) FILTER (name = 'doubt.restated-differently') AS restated_factor,
        max(value) FILTER (name = 'doubt.told-late') AS told_late_factor,
        (SELECT day FROM as_of) AS today
    FROM setting
),
-- Each promise as it was told first, with what all its tellings add.
promised AS (
    SELECT
        promise,
        min(telling) AS telling,
        count(DISTINCT cluster_id) AS told,
        bool_or(perhaps_answered) AS perhaps_answered,
        min(period_from) AS period_from,
        arg_max(doubt, confidence) AS doubt,
        max(confidence) AS confidence
    FROM observation, rule
    WHERE role = 'target' AND (published IS NULL OR published <= rule.today)
    GROUP BY promise
),
promise AS (
    SELECT
        o.* EXCLUDE (perhaps_answered, period_from, period_to, doubt, confidence),
        p.told, p.perhaps_answered, p.period_from, o.period_to AS deadline, p.doubt, p.confidence,
        coalesce(o.value, CASE WHEN o.wanted = 'less' THEN o.high ELSE o.low END) AS goal
    FROM promised AS p
    JOIN observation AS o ON o.promise = p.promise AND o.telling = p.telling
),
-- "Thêm 05 xã, nâng tổng số lên 71": where a figure tells which of the two it answers, a target of quite another size is no rival.
rivalled AS (
    SELECT p.promise, coalesce(bool_or(CAST(other.goal AS DOUBLE) / nullif(CAST(p.goal AS DOUBLE), 0) BETWEEN 1 / rule.implausible AND rule.implausible), true) AS is_near
    FROM promise AS p
    JOIN promise AS other ON other.series = p.series AND other.deadline IS NOT DISTINCT FROM p.deadline AND other.promise != p.promise
    CROSS JOIN rule
    GROUP BY p.promise
),
compared AS (
    SELECT
        p.promise,
        f.article_id, f.record_id, f.published, f.value, f.bound, f.period_from, f.period_to, f.stage, f.implied_plan, f.doubt, f.confidence,
        f.sentence_start, f.sentence_end,
        f.period_to = p.deadline AND f.stage = 'done' AS is_final,
        -- What runs up may be little at first.
        (p.runs_up AND NOT is_final AND f.value < p.goal) OR coalesce(CAST(f.value AS DOUBLE) / nullif(CAST(p.goal AS DOUBLE), 0) BETWEEN 1 / rule.implausible AND rule.implausible, true) AS is_plausible,
        min(f.value) OVER same_period AS least,
        max(f.value) OVER same_period AS most
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
    WINDOW same_period AS (PARTITION BY p.promise, f.period_to, is_plausible)
    QUALIFY row_number() OVER (
        PARTITION BY p.promise
        ORDER BY is_plausible DESC, f.period_to DESC, f.stage = 'done' DESC, f.confidence DESC, f.published DESC NULLS LAST, f.article_id, f.record_id
    ) = 1
),
weighed AS (
    SELECT
        p.*,
        f.article_id AS latest_article_id, f.record_id AS latest_record_id, f.published AS latest_published, f.value AS latest_value,
        f.bound AS latest_bound, f.period_from AS latest_period_from, f.period_to AS latest_period_end, f.stage AS latest_stage,
        f.sentence_start AS latest_sentence_start, f.sentence_end AS latest_sentence_end,
        f.is_final,
        rule.threshold, rule.threshold_unreported, rule.today,
        CASE WHEN p.wanted = 'more' THEN CASE WHEN p.bound = '>' THEN f.value > p.goal ELSE f.value >= p.goal END
            WHEN p.wanted = 'less' THEN CASE WHEN p.bound = '<' THEN f.value < p.goal ELSE f.value <= p.goal END
        END AS reached,
        CAST(f.value AS DOUBLE) / nullif(CAST(p.goal AS DOUBLE), 0) AS share,
        CAST(f.period_to - p.period_from + 1 AS DOUBLE) / nullif(p.deadline - p.period_from + 1, 0) AS elapsed,
        -- "12.890 tỷ, bằng 103,1% dự toán" works out to the very target: the text sets the one against the other.
        coalesce(abs(f.implied_plan - p.goal) <= rule.plan_margin * abs(p.goal), false) AS is_confirmed,
        list_filter([
            CASE WHEN p.doubt != '' THEN p.doubt END,
            CASE WHEN f.doubt NOT IN ('', p.doubt) THEN f.doubt END,
            CASE WHEN (r.is_near OR f.value IS NULL) AND r.promise IS NOT NULL AND NOT is_confirmed THEN 'restated-differently' END,
            CASE WHEN p.published > p.deadline AND NOT is_confirmed THEN 'told-late' END,
            CASE WHEN p.perhaps_answered AND (f.value IS NULL OR (p.deadline < rule.today AND NOT f.is_final)) THEN 'perhaps-answered' END,
            CASE WHEN NOT f.is_plausible THEN 'implausible' END,
            CASE WHEN f.bound != '=' AND abs(f.value - p.goal) <= rule.inexact_margin * abs(p.goal) THEN 'inexact' END,
            CASE WHEN f.most - f.least > abs(p.goal) * CASE WHEN (f.least >= p.goal) != (f.most >= p.goal) THEN rule.inexact_margin ELSE rule.apart_margin END THEN 'contradicted' END,
            CASE WHEN abs(f.implied_plan - p.goal) > rule.plan_margin * abs(p.goal) THEN 'other-plan' END
        ], lambda reason: reason IS NOT NULL) AS doubts,
        least(1, least(p.confidence, coalesce(f.confidence, 1)) * CASE WHEN is_confirmed THEN rule.confirmed ELSE 1 END)
            * CASE WHEN list_contains(doubts, 'restated-differently') THEN rule.restated_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'told-late') THEN rule.told_late_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'implausible') THEN rule.implausible_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'inexact') THEN rule.inexact_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'contradicted') THEN rule.contradicted_factor ELSE 1 END
            * CASE WHEN list_contains(doubts, 'other-plan') THEN rule.other_plan_factor ELSE 1 END AS row_confidence
    FROM promise AS p
    LEFT JOIN compared AS f USING (promise)
    LEFT JOIN rivalled AS r USING (promise)
    CROSS JOIN rule
),
claimed AS (
    SELECT
        *,
        CASE
            WHEN indicator_id IS NULL OR place_id IS NULL OR deadline IS NULL OR goal IS NULL OR wanted IS NULL OR kind = 'other' THEN NULL
            WHEN latest_value IS NULL THEN CASE WHEN NOT perhaps_answered THEN 'not reported' END
            WHEN is_final THEN CASE WHEN reached THEN 'met' ELSE 'missed' END
            -- What adds up cannot fall again: reached early is reached.
            WHEN runs_up AND wanted = 'more' AND reached AND latest_stage IN ('done', 'estimate') AND unit != '%' THEN 'met'
            WHEN deadline < today THEN CASE WHEN NOT perhaps_answered THEN 'not reported' END
            WHEN runs_up AND wanted = 'more' THEN CASE WHEN share >= elapsed THEN 'on course' ELSE 'behind' END
            WHEN runs_up THEN CASE WHEN share <= elapsed THEN 'on course' ELSE 'behind' END
            WHEN reached THEN 'on course'
            WHEN same_start THEN 'behind'
            -- A level on its way: how far it should be is not known without where it began.
        END AS claim
    FROM weighed
),
reviewed AS (
    SELECT target_id, latest_id, claim, arg_max(verdict, given) AS verdict
    FROM verdict
    WHERE claim IS NOT NULL
    GROUP BY ALL
),
judged AS (
    SELECT
        c.*,
        -- What a person has judged counts for more than any confidence.
        CASE WHEN r.verdict = 'right' OR (r.verdict IS NULL AND c.row_confidence >= CASE WHEN c.claim = 'not reported' THEN c.threshold_unreported ELSE c.threshold END) THEN coalesce(c.claim, 'candidate') ELSE 'candidate' END AS state
    FROM claimed AS c
    LEFT JOIN reviewed AS r ON r.target_id = c.record_id AND r.latest_id = coalesce(c.latest_record_id, '') AND r.claim = c.claim
)
SELECT
    j.indicator,
    i.name AS indicator_name,
    coalesce(place.name, j.place) AS place,
    j.written_value AS target_value,
    j.written_low AS target_low,
    j.written_high AS target_high,
    j.bound AS target_bound,
    j.dir,
    j.written_unit AS unit,
    j.deadline,
    coalesce(d.issuer, place.full_name, j.place) AS promised_by,
    d.number AS target_document,
    target_article.title AS target_article,
    substring(target_article.text, j.sentence_start + 1, j.sentence_end - j.sentence_start) AS target_sentence,
    target_article.url AS target_address,
    j.published AS target_published,
    j.told AS target_told,
    in_unit(j.latest_value, j.factor) AS latest_value,
    j.latest_bound,
    j.latest_period_from,
    j.latest_period_end,
    j.latest_stage,
    figure_article.title AS latest_article,
    substring(figure_article.text, j.latest_sentence_start + 1, j.latest_sentence_end - j.latest_sentence_start) AS latest_sentence,
    figure_article.url AS latest_address,
    j.latest_published,
    in_unit(j.latest_value - j.goal, j.factor) AS gap,
    CASE WHEN j.written_unit = '%' THEN 'điểm %' ELSE j.written_unit END AS gap_unit,
    j.share AS latest_share,
    j.elapsed AS elapsed_share,
    j.state,
    j.claim,
    array_to_string(j.doubts, ', ') AS doubt,
    j.row_confidence AS confidence,
    j.today AS as_of,
    i.topic,
    today_place.name AS place_today,
    j.kind,
    j.indicator_id,
    j.place_id,
    j.document_id AS target_document_id,
    d.issuer_id AS promised_by_id,
    j.article_id AS target_article_id,
    j.record_id AS target_id,
    j.latest_article_id,
    j.latest_record_id AS latest_id
FROM judged AS j
JOIN article AS target_article ON target_article.article_id = j.article_id AND target_article.is_latest
LEFT JOIN article AS figure_article ON figure_article.article_id = j.latest_article_id AND figure_article.is_latest
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
COMMENT ON COLUMN scoreboard.latest_value IS 'Latest comparable figure, in unit; negative for what went the other way; NULL: none reported';
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
COMMENT ON COLUMN scoreboard.claim IS 'The state it would have were it sure enough; NULL: none can be told';
COMMENT ON COLUMN scoreboard.doubt IS 'What lowers the confidence or keeps the row a candidate';
COMMENT ON COLUMN scoreboard.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN scoreboard.as_of IS 'Day the row is judged from';
COMMENT ON COLUMN scoreboard.topic IS 'Group of the indicator';
COMMENT ON COLUMN scoreboard.place_today IS 'Province that holds this place today';
COMMENT ON COLUMN scoreboard.kind IS 'level, change, progress (share of a plan) or other (not comparable)';
COMMENT ON COLUMN scoreboard.indicator_id IS 'Indicator of the catalogue';
COMMENT ON COLUMN scoreboard.place_id IS 'Place in the table of places';
COMMENT ON COLUMN scoreboard.target_document_id IS 'Id of that document';
COMMENT ON COLUMN scoreboard.promised_by_id IS 'Kind of body that issued that document in the table of agencies';
COMMENT ON COLUMN scoreboard.target_article_id IS 'Id of the article that told the target first';
COMMENT ON COLUMN scoreboard.target_id IS 'Lasting id of the targets record';
COMMENT ON COLUMN scoreboard.latest_article_id IS 'Id of the figures article';
COMMENT ON COLUMN scoreboard.latest_id IS 'Lasting id of the figures record';
