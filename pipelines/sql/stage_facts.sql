-- Facts as they should stand after the load, from the batches in raw_record.

CREATE OR REPLACE TEMP TABLE staged_time_expression AS
SELECT
    article_id,
    version,
    r.uid AS record_id,
    r.zone,
    r."start" AS start_offset,
    r."end" AS end_offset,
    r.text,
    r.sentence_start,
    r.sentence_end,
    r.rule,
    r.confidence,
    r.since,
    r.until,
    r.role
FROM (
    SELECT a.article_id, a.version, unnest(x.times) AS r
    FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash)
);

CREATE OR REPLACE TEMP TABLE staged_quantity AS
SELECT
    article_id,
    version,
    r.uid AS record_id,
    r.zone,
    r."start" AS start_offset,
    r."end" AS end_offset,
    r.text,
    r.sentence_start,
    r.sentence_end,
    r.rule,
    r.confidence,
    r.value,
    r.low,
    r.high,
    r."of" AS of_total,
    r.unit,
    r.bound
FROM (
    SELECT a.article_id, a.version, unnest(x.quantities) AS r
    FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash)
);

CREATE OR REPLACE TEMP TABLE staged_task AS
SELECT
    article_id,
    version,
    r.uid AS record_id,
    r.zone,
    r."start" AS start_offset,
    r."end" AS end_offset,
    r.text,
    r.sentence_start,
    r.sentence_end,
    r.rule,
    r.confidence,
    r.who,
    r.time_uid AS time_id
FROM (
    SELECT a.article_id, a.version, unnest(x.tasks) AS r
    FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash)
);

CREATE OR REPLACE TEMP TABLE staged_named_document AS
SELECT
    article_id,
    version,
    r.uid AS record_id,
    r.zone,
    r."start" AS start_offset,
    r."end" AS end_offset,
    r.text,
    r.sentence_start,
    r.sentence_end,
    r.rule,
    r.confidence,
    r.number,
    r.type,
    r.date,
    r.issuer,
    r.signer,
    r.subject
FROM (
    SELECT a.article_id, a.version, unnest(x.refs) AS r
    FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash)
);

CREATE OR REPLACE TEMP TABLE staged_found_statement AS
SELECT
    article_id,
    version,
    r.uid AS record_id,
    r.zone,
    r."start" AS start_offset,
    r."end" AS end_offset,
    r.text,
    r.sentence_start,
    r.sentence_end,
    r.rule,
    r.confidence,
    r.quantity_uid AS quantity_id,
    r.time_uid AS time_id,
    r.role,
    r.dir,
    r.place
FROM (
    SELECT a.article_id, a.version, unnest(x.statements) AS r
    FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash)
);

-- A place name means the unit that bore it on the article's day; of several the province.
-- Where the day is not known and the name has been two units', it means neither.
CREATE OR REPLACE TEMP TABLE place_name AS
SELECT DISTINCT lower(nfc_normalize(trim(spelling))) AS spelling, place_id, valid_from, valid_to, kind IN ('province', 'municipality') AS is_province
FROM (SELECT *, unnest([name, full_name] || aliases) AS spelling FROM staged_place);

CREATE OR REPLACE TEMP TABLE resolved_place AS
WITH asked AS (
    SELECT DISTINCT s.place, CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS day
    FROM staged_found_statement AS s JOIN staged_article AS a USING (article_id, version)
    WHERE s.place IS NOT NULL
),
fitting AS (
    SELECT asked.place, asked.day, p.place_id
    FROM asked
    JOIN place_name AS p
        ON p.spelling = lower(nfc_normalize(trim(asked.place)))
        AND (asked.day IS NULL OR asked.day BETWEEN coalesce(p.valid_from, asked.day) AND coalesce(p.valid_to, asked.day))
    QUALIFY dense_rank() OVER (PARTITION BY asked.place, asked.day ORDER BY p.is_province DESC) = 1
)
SELECT place, day, any_value(place_id) AS place_id
FROM fitting
GROUP BY place, day
HAVING count(*) = 1;

-- link_indicator is nlp's own: the longest alias that the words contain, and the variant with that unit.
CREATE OR REPLACE TEMP TABLE measured_statement AS
SELECT s.*, q.unit
FROM staged_found_statement AS s
LEFT JOIN (
    SELECT article_id, version, record_id AS quantity_id, min(unit) AS unit FROM staged_quantity GROUP BY ALL
) AS q USING (article_id, version, quantity_id);

CREATE OR REPLACE TEMP TABLE linked_indicator AS
SELECT text, unit, link_indicator(text, unit) AS indicator_id
FROM (SELECT DISTINCT text, unit FROM measured_statement WHERE unit IS NOT NULL);

CREATE OR REPLACE TEMP TABLE staged_statement AS
SELECT s.* EXCLUDE (unit), p.place_id, i.indicator_id
FROM measured_statement AS s
JOIN staged_article AS a USING (article_id, version)
LEFT JOIN resolved_place AS p
    ON p.place = s.place
    AND p.day IS NOT DISTINCT FROM CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)
LEFT JOIN linked_indicator AS i ON i.text = s.text AND i.unit = s.unit;
