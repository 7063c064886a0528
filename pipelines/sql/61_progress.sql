-- What was reached: levels, changes and shares of plans, as reported.

CREATE VIEW progress AS
SELECT
    indicator, place, value, low, high, of_total, unit, bound, dir,
    period_from, period_to, role,
    sentence, article_title, address, published, source, confidence, rule,
    zone, indicator_id, place_id, article_id, record_id
FROM figure
WHERE role IN ('actual', 'change', 'progress');
COMMENT ON VIEW progress IS 'Reported figures: levels reached, changes, shares of a plan, each with its sentence and article';
COMMENT ON COLUMN progress.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN progress.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN progress.value IS 'The number; NULL for a range';
COMMENT ON COLUMN progress.low IS 'Lower end of a range';
COMMENT ON COLUMN progress.high IS 'Upper end of a range';
COMMENT ON COLUMN progress.of_total IS 'The whole of an n-of-m count';
COMMENT ON COLUMN progress.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN progress.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN progress.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN progress.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN progress.period_to IS 'Last day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN progress.role IS 'target, actual, change or progress';
COMMENT ON COLUMN progress.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN progress.article_title IS 'Title of the article';
COMMENT ON COLUMN progress.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN progress.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN progress.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN progress.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN progress.rule IS 'Rule that found it';
COMMENT ON COLUMN progress.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN progress.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN progress.place_id IS 'Place in the table of places; NULL: none or several fit';
COMMENT ON COLUMN progress.article_id IS 'Article it stands in';
COMMENT ON COLUMN progress.record_id IS 'Lasting id of the record';
