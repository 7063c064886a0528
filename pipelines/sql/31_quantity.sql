-- Numbers that measure or count.

CREATE TABLE quantity (
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
    value DECIMAL(38, 6),
    low DECIMAL(38, 6),
    high DECIMAL(38, 6),
    of_total DECIMAL(38, 6),
    unit VARCHAR NOT NULL,
    bound VARCHAR NOT NULL CHECK (bound IN ('=', '~', '>=', '>', '<=', '<')),
    dimension VARCHAR NOT NULL,
    base_unit VARCHAR NOT NULL,
    base_value DECIMAL(38, 6),
    base_low DECIMAL(38, 6),
    base_high DECIMAL(38, 6),
    PRIMARY KEY (article_id, version, record_id),
    CHECK (start_offset < end_offset),
    CHECK (low IS NULL OR high IS NULL OR low <= high)
);
COMMENT ON TABLE quantity IS 'Numbers that measure or count something, with multipliers folded in: 873 tỷ đồng is 873000000000 VND';
COMMENT ON COLUMN quantity.article_id IS 'Article it stands in';
COMMENT ON COLUMN quantity.version IS 'Version of that article';
COMMENT ON COLUMN quantity.record_id IS 'Lasting id: made of what the record says and where, the same in a later version or extraction';
COMMENT ON COLUMN quantity.zone IS 'Where it stands: title, sapo, body, caption, teaser (of another article) or furniture (the page''s own wording)';
COMMENT ON COLUMN quantity.start_offset IS 'First character in the article''s text, counted from 0';
COMMENT ON COLUMN quantity.end_offset IS 'Character after the last';
COMMENT ON COLUMN quantity.text IS 'Number and unit as written';
COMMENT ON COLUMN quantity.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN quantity.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN quantity.rule IS 'Rule that made the record';
COMMENT ON COLUMN quantity.confidence IS 'Share of such records expected to be right, 0 to 1';
COMMENT ON COLUMN quantity.value IS 'The number; NULL for a range';
COMMENT ON COLUMN quantity.low IS 'Lower end of a range';
COMMENT ON COLUMN quantity.high IS 'Upper end of a range';
COMMENT ON COLUMN quantity.of_total IS 'The whole of an n-of-m count: 29 in 23/29';
COMMENT ON COLUMN quantity.unit IS 'Unit: %, điểm %, VND, ha, tấn, rank or the counted noun; empty: none';
COMMENT ON COLUMN quantity.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN quantity.dimension IS 'What the unit measures: share, points, money, area and so on; count for counted nouns';
COMMENT ON COLUMN quantity.base_unit IS 'Unit that figures of this dimension are compared in; the counted noun for counts';
COMMENT ON COLUMN quantity.base_value IS 'The number in that unit; NULL for a range, and where it has no room';
COMMENT ON COLUMN quantity.base_low IS 'Lower end of a range in that unit';
COMMENT ON COLUMN quantity.base_high IS 'Upper end of a range in that unit';
