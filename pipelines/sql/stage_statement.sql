-- Statements with the place and the indicator they are about.

-- The country named in passing ("đứng thứ 13 cả nước", "cao hơn bình quân cả nước") is not what the next sentences
-- of an article about a province speak of: these have no place of their own.
CREATE OR REPLACE TEMP TABLE country_spelling AS
SELECT string_agg(DISTINCT regexp_escape(lower(nfc_normalize(spelling))), '|') AS spellings
FROM (SELECT unnest([name, full_name] || aliases) AS spelling FROM staged_place WHERE kind = 'country');

CREATE OR REPLACE TEMP TABLE owned_statement AS
SELECT
    s.* REPLACE (
        CASE
            WHEN regexp_full_match(lower(nfc_normalize(trim(s.place))), c.spellings)
                AND NOT regexp_full_match(lower(nfc_normalize(trim(a.place))), c.spellings)
                AND NOT regexp_matches(lower(nfc_normalize(substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start))), c.spellings)
                AND regexp_matches(
                    regexp_extract(
                        lower(nfc_normalize(substring(a.text, greatest(s.sentence_start - 1000, 0) + 1, least(s.sentence_start, 1000)))),
                        '^(.*)(' || c.spellings || ')', 1, 's'
                    ),
                    '(nhất|thứ|đầu|bình quân|trung bình|so với|chung|hạng|mức)( \d+| chung| của)*\s*$'
                )
            THEN NULL
            ELSE s.place
        END AS place
    )
FROM staged_found_statement AS s
JOIN staged_article AS a USING (article_id, version)
CROSS JOIN country_spelling AS c;

CREATE OR REPLACE TEMP TABLE asked_statement AS
SELECT
    s.*,
    coalesce(t.until, t.since) AS period_end,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS day,
    a.place AS article_place,
    lower(nfc_normalize(trim(coalesce(s.place, a.place)))) AS spelling,
    -- "Lào Cai cũ", "địa bàn Yên Bái (cũ)", "Bắc Kạn trước sáp nhập": the unit that was.
    regexp_matches(
        lower(nfc_normalize(substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start))),
        regexp_escape(lower(nfc_normalize(trim(coalesce(s.place, a.place))))) || '\s*\(?(cũ([\s),.;:]|$)|trước (đây|khi|sáp|hợp))'
    ) AS sentence_says_former,
    regexp_matches(
        lower(nfc_normalize(s.text)),
        regexp_escape(lower(nfc_normalize(trim(coalesce(s.place, a.place))))) || '\s*\(?(cũ([\s),.;:]|$)|trước (đây|khi|sáp|hợp))'
    ) AS says_former,
    q.unit
FROM owned_statement AS s
JOIN staged_article AS a USING (article_id, version)
LEFT JOIN (SELECT article_id, version, record_id, min(unit) AS unit FROM staged_quantity GROUP BY ALL) AS q
    ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id
LEFT JOIN (SELECT article_id, version, record_id, min(since) AS since, min(until) AS until FROM staged_time_expression GROUP BY ALL) AS t
    ON t.article_id = s.article_id AND t.version = s.version AND t.record_id = s.time_id;

CREATE OR REPLACE TEMP TABLE place_name AS
SELECT DISTINCT
    lower(nfc_normalize(trim(spelling))) AS spelling,
    p.place_id,
    p.territory,
    coalesce(p.valid_from, DATE '0001-01-01') AS valid_from,
    coalesce(p.valid_to, DATE '9999-12-31') AS valid_to,
    p.kind IN ('province', 'municipality') AS is_province,
    parent.name AS province
FROM (SELECT *, unnest([name, full_name] || aliases) AS spelling FROM staged_place) AS p
LEFT JOIN staged_place AS parent ON parent.place_id = p.parent_id;

-- A name means the unit that bore it on the article's day, of several a province, of several districts
-- the one in the article's province; the former one where the text says so or where none bears it now;
-- without a day, the one that bore it in the figure's period.
CREATE OR REPLACE TEMP TABLE resolved_place AS
WITH asked AS (
    SELECT DISTINCT
        spelling, article_place, coalesce(day, period_end) AS day, period_end, place IS NULL AS of_article,
        day IS NULL AS undated, says_former, sentence_says_former
    FROM asked_statement
    WHERE spelling IS NOT NULL
),
fitting AS (
    SELECT
        asked.*, p.place_id, p.territory, p.valid_from, p.valid_to,
        asked.day BETWEEN p.valid_from AND p.valid_to AS valid_on_day,
        p.valid_to < asked.day AS is_former,
        p.is_province,
        p.province IS NOT DISTINCT FROM asked.article_place AS is_near
    FROM asked JOIN place_name AS p USING (spelling)
),
ranked AS (
    SELECT *, dense_rank() OVER (
        PARTITION BY spelling, article_place, day, period_end, of_article, undated, says_former, sentence_says_former
        ORDER BY
            (CASE WHEN says_former THEN is_former ELSE valid_on_day END) DESC,
            is_province DESC,
            is_near DESC,
            CASE WHEN is_former THEN valid_to END DESC NULLS LAST
    ) AS place_rank
    FROM fitting
    WHERE day IS NULL OR valid_on_day OR is_former
),
chosen AS (
    SELECT
        spelling, article_place, day, period_end, of_article, undated, says_former, sentence_says_former,
        any_value(place_id) AS place_id, any_value(territory) AS territory, any_value(valid_from) AS valid_from,
        bool_or(is_former AND NOT valid_on_day) AS is_former
    FROM ranked
    WHERE place_rank = 1
    GROUP BY ALL
    HAVING count(*) = 1
)
SELECT
    * EXCLUDE (territory, valid_from, is_former),
    CASE
        WHEN is_former THEN 'former'
        WHEN (sentence_says_former OR period_end < valid_from) AND EXISTS (
            SELECT 1 FROM place_name AS other
            WHERE other.spelling = chosen.spelling AND other.territory != chosen.territory AND other.valid_to < chosen.valid_from
        ) THEN 'unclear'
        WHEN of_article THEN 'article'
        WHEN undated THEN 'period'
        ELSE 'named'
    END AS place_rule
FROM chosen;

-- link_indicator is resolve's own: the longest name that the words contain, in the variant with that unit.
CREATE OR REPLACE TEMP TABLE linked_indicator AS
SELECT text, unit, unnest(link_indicator(text, unit))
FROM (SELECT DISTINCT text, unit FROM asked_statement WHERE unit IS NOT NULL);

CREATE OR REPLACE TEMP TABLE staged_statement AS
SELECT
    s.article_id, s.version, s.record_id, s.zone, s.start_offset, s.end_offset, s.text, s.sentence_start, s.sentence_end,
    s.rule, s.confidence, s.quantity_id, s.time_id, s.role, s.dir, s.place,
    p.place_id,
    coalesce(p.place_rule, CASE WHEN s.spelling IS NULL THEN 'none' ELSE 'unknown' END) AS place_rule,
    i.indicator_id,
    coalesce(i.how, '') AS indicator_rule,
    coalesce(i.qualifier, '') AS qualifier
FROM asked_statement AS s
LEFT JOIN resolved_place AS p
    ON p.spelling = s.spelling
    AND p.article_place IS NOT DISTINCT FROM s.article_place
    AND p.day IS NOT DISTINCT FROM coalesce(s.day, s.period_end)
    AND p.period_end IS NOT DISTINCT FROM s.period_end
    AND p.of_article = (s.place IS NULL)
    AND p.undated = (s.day IS NULL)
    AND p.says_former IS NOT DISTINCT FROM s.says_former
    AND p.sentence_says_former IS NOT DISTINCT FROM s.sentence_says_former
LEFT JOIN linked_indicator AS i ON i.text = s.text AND i.unit = s.unit;
