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

-- measure is resolve's own: what a unit measures, and its base unit.
CREATE OR REPLACE TEMP TABLE found_quantity AS
SELECT a.article_id, a.version, unnest(x.quantities) AS r
FROM versioned_article AS a JOIN newest_extraction AS x USING (input_hash);

CREATE OR REPLACE TEMP TABLE unit_measure AS
SELECT unit, unnest(measure(unit)) FROM (SELECT DISTINCT r.unit AS unit FROM found_quantity);

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
    r.bound,
    u.dimension,
    u.base_unit,
    TRY(CAST(r.value * u.factor AS DECIMAL(38, 6))) AS base_value,
    TRY(CAST(r.low * u.factor AS DECIMAL(38, 6))) AS base_low,
    TRY(CAST(r.high * u.factor AS DECIMAL(38, 6))) AS base_high
FROM found_quantity
JOIN unit_measure AS u ON u.unit = r.unit;

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

