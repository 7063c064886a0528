-- What was ordered, with and without a deadline.

CREATE VIEW tasks AS
SELECT
    k.text AS task,
    k.who,
    a.place,
    t.until AS deadline,
    t.since AS period_from,
    substring(a.text, k.sentence_start + 1, k.sentence_end - k.sentence_start) AS sentence,
    a.title AS article_title,
    a.url AS address,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
    source.name AS source,
    k.confidence,
    k.rule,
    k.zone,
    k.article_id,
    k.record_id
FROM task AS k
JOIN article AS a ON a.article_id = k.article_id AND a.version = k.version AND a.is_latest
JOIN source ON source.source_id = a.source_id
LEFT JOIN time_expression AS t ON t.article_id = k.article_id AND t.version = k.version AND t.record_id = k.time_id
WHERE k.zone NOT IN ('teaser', 'furniture');
COMMENT ON VIEW tasks IS 'Orders and requests with addressee and, where one is set, deadline';
COMMENT ON COLUMN tasks.task IS 'What is ordered, word for word';
COMMENT ON COLUMN tasks.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN tasks.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN tasks.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN tasks.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN tasks.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN tasks.article_title IS 'Title of the article';
COMMENT ON COLUMN tasks.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN tasks.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN tasks.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN tasks.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN tasks.rule IS 'Rule that found it';
COMMENT ON COLUMN tasks.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN tasks.article_id IS 'Article it stands in';
COMMENT ON COLUMN tasks.record_id IS 'Lasting id of the record';
