-- What was promised: every target with who it is about, how much, and until when.

CREATE VIEW targets AS
SELECT
    indicator, place, value, low, high, of_total, unit, bound, dir,
    period_to AS deadline, period_from, period_to, role,
    sentence, article_title, address, published, source, confidence, rule,
    zone, indicator_id, place_id, article_id, record_id
FROM figure
WHERE role = 'target';
COMMENT ON VIEW targets IS 'Promised figures with their deadlines, each with its sentence and article';
COMMENT ON COLUMN targets.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN targets.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN targets.value IS 'The number; NULL for a range';
COMMENT ON COLUMN targets.low IS 'Lower end of a range';
COMMENT ON COLUMN targets.high IS 'Upper end of a range';
COMMENT ON COLUMN targets.of_total IS 'The whole of an n-of-m count';
COMMENT ON COLUMN targets.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN targets.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN targets.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN targets.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN targets.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN targets.period_to IS 'Last day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN targets.role IS 'target, actual, change or progress';
COMMENT ON COLUMN targets.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN targets.article_title IS 'Title of the article';
COMMENT ON COLUMN targets.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN targets.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN targets.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN targets.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN targets.rule IS 'Rule that found it';
COMMENT ON COLUMN targets.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN targets.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN targets.place_id IS 'Place in the table of places; NULL: none or several fit';
COMMENT ON COLUMN targets.article_id IS 'Article it stands in';
COMMENT ON COLUMN targets.record_id IS 'Lasting id of the record';
