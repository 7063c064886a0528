-- Every statement with its number, time, sentence and article in one row: what the views are made of.
-- Only the latest versions, and only what an article says itself: teasers announce other articles,
-- furniture is the page's own wording.

CREATE VIEW figure AS
SELECT
    s.text AS indicator,
    coalesce(s.place, a.place) AS place,
    q.value,
    q.low,
    q.high,
    q.of_total,
    q.unit,
    q.bound,
    s.dir,
    t.since AS period_from,
    t.until AS period_to,
    t.text AS time_text,
    s.role,
    substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS sentence,
    a.title AS article_title,
    a.url AS address,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
    source.name AS source,
    least(s.confidence, q.confidence) AS confidence,
    s.rule,
    s.zone,
    s.indicator_id,
    s.place_id,
    s.article_id,
    s.record_id
FROM statement AS s
JOIN article AS a ON a.article_id = s.article_id AND a.version = s.version AND a.is_latest
JOIN quantity AS q ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id
JOIN source ON source.source_id = a.source_id
LEFT JOIN time_expression AS t ON t.article_id = s.article_id AND t.version = s.version AND t.record_id = s.time_id
WHERE s.zone NOT IN ('teaser', 'furniture');
COMMENT ON VIEW figure IS 'Every statement of the latest versions of articles with its number, time, sentence and article; without teasers and furniture';
COMMENT ON COLUMN figure.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN figure.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN figure.value IS 'The number; NULL for a range';
COMMENT ON COLUMN figure.low IS 'Lower end of a range';
COMMENT ON COLUMN figure.high IS 'Upper end of a range';
COMMENT ON COLUMN figure.of_total IS 'The whole of an n-of-m count';
COMMENT ON COLUMN figure.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN figure.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN figure.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN figure.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN figure.period_to IS 'Last day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN figure.time_text IS 'That time as the text names it';
COMMENT ON COLUMN figure.role IS 'target, actual, change or progress';
COMMENT ON COLUMN figure.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN figure.article_title IS 'Title of the article';
COMMENT ON COLUMN figure.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN figure.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN figure.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN figure.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN figure.rule IS 'Rule that found it';
COMMENT ON COLUMN figure.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN figure.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN figure.place_id IS 'Place in the table of places; NULL: none or several fit';
COMMENT ON COLUMN figure.article_id IS 'Article it stands in';
COMMENT ON COLUMN figure.record_id IS 'Lasting id of the record';
