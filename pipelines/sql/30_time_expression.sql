-- Times the texts name.

CREATE TABLE time_expression (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    zone VARCHAR NOT NULL CHECK (zone IN ('title', 'sapo', 'body', 'caption', 'teaser', 'furniture')),
    start_offset INTEGER NOT NULL CHECK (start_offset >= 0),
    end_offset INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    since DATE,
    until DATE,
    role VARCHAR NOT NULL CHECK (role IN ('deadline', 'base', 'period', 'date')),
    PRIMARY KEY (article_id, version, record_id),
    CHECK (start_offset < end_offset),
    CHECK (since IS NULL OR until IS NULL OR since <= until)
);
COMMENT ON TABLE time_expression IS 'Expressions that name a calendar point or span';
COMMENT ON COLUMN time_expression.article_id IS 'Article it stands in';
COMMENT ON COLUMN time_expression.version IS 'Version of that article';
COMMENT ON COLUMN time_expression.record_id IS 'Lasting id: made of what the record says and where, the same in a later version or extraction';
COMMENT ON COLUMN time_expression.zone IS 'Where it stands: title, sapo, body, caption, teaser (of another article) or furniture (the page''s own wording)';
COMMENT ON COLUMN time_expression.start_offset IS 'First character in the article''s text, counted from 0';
COMMENT ON COLUMN time_expression.end_offset IS 'Character after the last';
COMMENT ON COLUMN time_expression.text IS 'The expression as written';
COMMENT ON COLUMN time_expression.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN time_expression.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN time_expression.rule IS 'Rule that made the record';
COMMENT ON COLUMN time_expression.confidence IS 'Share of such records expected to be right, 0 to 1';
COMMENT ON COLUMN time_expression.since IS 'First day of the span; NULL: open';
COMMENT ON COLUMN time_expression.until IS 'Last day of the span; NULL: open';
COMMENT ON COLUMN time_expression.role IS 'deadline, base (yardstick of a comparison), period (what a figure covers) or date';
