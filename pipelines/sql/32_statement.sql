-- Facts: one quantity tied to the indicator it gives.

CREATE TABLE statement (
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
    quantity_id VARCHAR NOT NULL,
    time_id VARCHAR,
    role VARCHAR NOT NULL CHECK (role IN ('target', 'actual', 'change', 'progress')),
    dir VARCHAR NOT NULL CHECK (dir IN ('up', 'down', '')),
    place VARCHAR,
    place_id VARCHAR,
    place_rule VARCHAR NOT NULL CHECK (place_rule IN ('named', 'former', 'period', 'article', 'unclear', 'unknown', 'none')),
    indicator_id VARCHAR,
    indicator_rule VARCHAR NOT NULL CHECK (indicator_rule IN ('name', 'weak', '')),
    qualifier VARCHAR NOT NULL,
    CHECK ((place_id IS NULL) = (place_rule IN ('unknown', 'none'))),
    CHECK ((indicator_id IS NULL) = (indicator_rule = '')),
    PRIMARY KEY (article_id, version, record_id),
    CHECK (start_offset < end_offset)
);
COMMENT ON TABLE statement IS 'Facts about an indicator: a quantity, what it measures, for when and where, and whether promised or reached';
COMMENT ON COLUMN statement.article_id IS 'Article it stands in';
COMMENT ON COLUMN statement.version IS 'Version of that article';
COMMENT ON COLUMN statement.record_id IS 'Lasting id: made of what the record says and where, the same in a later version or extraction';
COMMENT ON COLUMN statement.zone IS 'Where it stands: title, sapo, body, caption, teaser (of another article) or furniture (the page''s own wording)';
COMMENT ON COLUMN statement.start_offset IS 'First character in the article''s text, counted from 0';
COMMENT ON COLUMN statement.end_offset IS 'Character after the last';
COMMENT ON COLUMN statement.text IS 'The indicator as the text names it';
COMMENT ON COLUMN statement.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN statement.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN statement.rule IS 'Rule that made the record';
COMMENT ON COLUMN statement.confidence IS 'Share of such records expected to be right, 0 to 1';
COMMENT ON COLUMN statement.quantity_id IS 'The quantity, in the same version of the article';
COMMENT ON COLUMN statement.time_id IS 'The time the figure is for; NULL: the text names none';
COMMENT ON COLUMN statement.role IS 'target (promised), actual (reached), change (against an earlier time) or progress (share of a plan)';
COMMENT ON COLUMN statement.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN statement.place IS 'Place as the text names it';
COMMENT ON COLUMN statement.place_id IS 'The place it is about in the table of places; NULL: none or several fit';
COMMENT ON COLUMN statement.place_rule IS 'How place_id was found: named (bore that name on the article''s day), former (the text says the old one, or only an old one bore the name), period (the article has no day: bore it in the period), article (no place named, the article''s), unclear (a period before the unit existed: perhaps its predecessor''s figure); unknown: no such place; none: none named';
COMMENT ON COLUMN statement.indicator_id IS 'Indicator of the catalogue that the text names, in the variant that has the unit; NULL: none';
COMMENT ON COLUMN statement.indicator_rule IS 'name (the text contains a name of it), weak (a name that counts only where the unit agrees); empty: not linked';
COMMENT ON COLUMN statement.qualifier IS 'What the text says besides that name, without empty words: what narrows the indicator; for what is not linked the whole wording';
