-- What someone is ordered to do.

CREATE TABLE task (
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
    who VARCHAR,
    time_id VARCHAR,
    PRIMARY KEY (article_id, version, record_id),
    CHECK (start_offset < end_offset)
);
COMMENT ON TABLE task IS 'Things that a document orders, asks or assigns someone to do';
COMMENT ON COLUMN task.article_id IS 'Article it stands in';
COMMENT ON COLUMN task.version IS 'Version of that article';
COMMENT ON COLUMN task.record_id IS 'Lasting id: made of what the record says and where, the same in a later version or extraction';
COMMENT ON COLUMN task.zone IS 'Where it stands: title, sapo, body, caption, teaser (of another article) or furniture (the page''s own wording)';
COMMENT ON COLUMN task.start_offset IS 'First character in the article''s text, counted from 0';
COMMENT ON COLUMN task.end_offset IS 'Character after the last';
COMMENT ON COLUMN task.text IS 'The whole ordered clause';
COMMENT ON COLUMN task.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN task.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN task.rule IS 'Rule that made the record';
COMMENT ON COLUMN task.confidence IS 'Share of such records expected to be right, 0 to 1';
COMMENT ON COLUMN task.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN task.time_id IS 'Its deadline; NULL: the text names none';
