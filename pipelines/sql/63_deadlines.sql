-- What falls due when: orders with a deadline and targets with a last day.

CREATE VIEW deadlines AS
SELECT
    deadline, 'task' AS kind, task AS what, who,
    CAST(NULL AS VARCHAR) AS indicator, place,
    CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS low, CAST(NULL AS DECIMAL(38, 6)) AS high,
    CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS VARCHAR) AS bound,
    period_from, CAST(NULL AS VARCHAR) AS role,
    sentence, article_title, address, published, source, confidence, rule, zone, article_id, record_id
FROM tasks
WHERE deadline IS NOT NULL
UNION ALL
SELECT
    deadline, 'target' AS kind, indicator AS what, CAST(NULL AS VARCHAR) AS who,
    indicator, place, value, low, high, unit, bound,
    period_from, role,
    sentence, article_title, address, published, source, confidence, rule, zone, article_id, record_id
FROM targets
WHERE deadline IS NOT NULL;
COMMENT ON VIEW deadlines IS 'Orders and targets that have a last day, each with its sentence and article';
COMMENT ON COLUMN deadlines.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN deadlines.kind IS 'task (an order) or target (a promised figure)';
COMMENT ON COLUMN deadlines.what IS 'The order, or the indicator of the target';
COMMENT ON COLUMN deadlines.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN deadlines.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN deadlines.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN deadlines.value IS 'The number; NULL for a range';
COMMENT ON COLUMN deadlines.low IS 'Lower end of a range';
COMMENT ON COLUMN deadlines.high IS 'Upper end of a range';
COMMENT ON COLUMN deadlines.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN deadlines.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN deadlines.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN deadlines.role IS 'target, actual, change or progress';
COMMENT ON COLUMN deadlines.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN deadlines.article_title IS 'Title of the article';
COMMENT ON COLUMN deadlines.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN deadlines.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN deadlines.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN deadlines.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN deadlines.rule IS 'Rule that found it';
COMMENT ON COLUMN deadlines.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN deadlines.article_id IS 'Article it stands in';
COMMENT ON COLUMN deadlines.record_id IS 'Lasting id of the record';
