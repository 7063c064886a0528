-- What the checks of the load found, and what people judged.

CREATE TABLE quality_check (
    check_id VARCHAR PRIMARY KEY,
    table_name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('error', 'warning')),
    told VARCHAR NOT NULL,
    checked BIGINT NOT NULL,
    failed BIGINT NOT NULL CHECK (failed BETWEEN 0 AND checked)
);
COMMENT ON TABLE quality_check IS 'Checks of the last load with what they found';
COMMENT ON COLUMN quality_check.check_id IS 'Table and name of the check';
COMMENT ON COLUMN quality_check.table_name IS 'Table whose rows are checked';
COMMENT ON COLUMN quality_check.severity IS 'error: failing rows are in quarantine and nowhere else; warning: they are loaded and only counted';
COMMENT ON COLUMN quality_check.told IS 'What a failing row is';
COMMENT ON COLUMN quality_check.checked IS 'Rows looked at';
COMMENT ON COLUMN quality_check.failed IS 'Rows that failed';

CREATE TABLE quarantine (
    table_name VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    cause VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    text VARCHAR,
    record JSON NOT NULL,
    PRIMARY KEY (table_name, article_id, version, record_id)
);
COMMENT ON TABLE quarantine IS 'Records that a check kept out of their table, with the reason';
COMMENT ON COLUMN quarantine.table_name IS 'Table it was kept out of';
COMMENT ON COLUMN quarantine.article_id IS 'Article it stands in';
COMMENT ON COLUMN quarantine.version IS 'Version of that article';
COMMENT ON COLUMN quarantine.record_id IS 'Lasting id of the record';
COMMENT ON COLUMN quarantine.cause IS 'Name of the check';
COMMENT ON COLUMN quarantine.reason IS 'What it breaks';
COMMENT ON COLUMN quarantine.text IS 'Its words';
COMMENT ON COLUMN quarantine.record IS 'The whole row';

CREATE TABLE verdict (
    target_id VARCHAR NOT NULL,
    latest_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('met', 'missed', 'on course', 'behind', 'not reported', 'candidate')),
    claim VARCHAR CHECK (claim IN ('met', 'missed', 'on course', 'behind', 'not reported')),
    verdict VARCHAR NOT NULL CHECK (verdict IN ('right', 'wrong')),
    note VARCHAR,
    given TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (target_id, latest_id, state)
);
COMMENT ON TABLE verdict IS 'What people judged of rows of the scoreboard (chitieu review); they hang on the lasting ids of the records';
COMMENT ON COLUMN verdict.target_id IS 'Lasting id of the target''s record';
COMMENT ON COLUMN verdict.latest_id IS 'Lasting id of the figure''s record; empty: none was reported';
COMMENT ON COLUMN verdict.state IS 'The state the row had';
COMMENT ON COLUMN verdict.claim IS 'What was judged: that state, of a candidate the one it would have; NULL: it claimed nothing';
COMMENT ON COLUMN verdict.verdict IS 'right or wrong';
COMMENT ON COLUMN verdict.note IS 'What the judge wrote';
COMMENT ON COLUMN verdict.given IS 'When it was taken in';
