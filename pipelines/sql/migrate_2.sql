-- From version 1 to version 2: places know their land, quantities their base unit, statements how they were
-- linked; clusters, observations, bodies and reports of tasks, verdicts, checks and quarantine are new.
-- The tables stand here as version 2 had them, whatever they are today. What the new columns say comes
-- with the next load; until then they say "not known".

CREATE TEMP TABLE kept_place AS SELECT * FROM place;
DROP TABLE place;
CREATE TABLE place (
    place_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    full_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_id VARCHAR,
    valid_from DATE,
    valid_to DATE,
    successor_ids VARCHAR[] NOT NULL,
    territory VARCHAR NOT NULL,
    aliases VARCHAR[] NOT NULL,
    gso_code VARCHAR,
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
INSERT INTO place BY NAME SELECT *, place_id AS territory FROM kept_place;
DROP TABLE kept_place;

CREATE TEMP TABLE kept_quantity AS SELECT * FROM quantity;
DROP TABLE quantity;
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
INSERT INTO quantity BY NAME SELECT *, 'count' AS dimension, unit AS base_unit FROM kept_quantity;
DROP TABLE kept_quantity;

CREATE TEMP TABLE kept_statement AS SELECT * FROM statement;
DROP TABLE statement;
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
INSERT INTO statement BY NAME SELECT *, CASE WHEN place_id IS NULL THEN CASE WHEN place IS NULL THEN 'none' ELSE 'unknown' END ELSE 'named' END AS place_rule, CASE WHEN indicator_id IS NULL THEN '' ELSE 'name' END AS indicator_rule, '' AS qualifier FROM kept_statement;
DROP TABLE kept_statement;

CREATE TABLE unit (
    unit VARCHAR PRIMARY KEY,
    dimension VARCHAR NOT NULL,
    base_unit VARCHAR NOT NULL,
    factor DECIMAL(38, 9) NOT NULL CHECK (factor > 0)
);

CREATE TABLE article_cluster (
    article_id VARCHAR PRIMARY KEY,
    cluster_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL CHECK (relation IN ('alone', 'first', 'near-duplicate', 'contained')),
    similarity DOUBLE NOT NULL CHECK (similarity BETWEEN 0 AND 1),
    similar_to VARCHAR,
    CHECK ((relation IN ('alone', 'first')) = (similar_to IS NULL))
);

CREATE TABLE sentence (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    start_offset INTEGER NOT NULL CHECK (start_offset >= 0),
    end_offset INTEGER NOT NULL,
    zone VARCHAR NOT NULL CHECK (zone IN ('title', 'sapo', 'body', 'caption', 'teaser', 'furniture')),
    folded VARCHAR NOT NULL,
    text_hash VARCHAR NOT NULL,
    PRIMARY KEY (article_id, version, start_offset),
    CHECK (start_offset < end_offset)
);

CREATE TABLE observation (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    published DATE,
    cluster_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('target', 'actual', 'change', 'progress')),
    kind VARCHAR NOT NULL CHECK (kind IN ('level', 'change', 'progress', 'other')),
    indicator_id VARCHAR,
    place_id VARCHAR,
    series UBIGINT NOT NULL,
    promise UBIGINT,
    unit VARCHAR NOT NULL,
    value DECIMAL(38, 6),
    low DECIMAL(38, 6),
    high DECIMAL(38, 6),
    bound VARCHAR NOT NULL CHECK (bound IN ('=', '~', '>=', '>', '<=', '<')),
    wanted VARCHAR CHECK (wanted IN ('more', 'less')),
    same_start BOOLEAN NOT NULL,
    runs_up BOOLEAN NOT NULL,
    period_from DATE,
    period_to DATE,
    stage VARCHAR NOT NULL CHECK (stage IN ('target', 'done', 'estimate', 'so far', 'forecast', 'undated')),
    implied_plan DECIMAL(38, 6),
    document_id VARCHAR,
    perhaps_answered BOOLEAN NOT NULL,
    doubt VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    PRIMARY KEY (article_id, version, record_id),
    CHECK ((promise IS NOT NULL) = (role = 'target'))
);

CREATE TABLE task_agency (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    agency_id VARCHAR NOT NULL,
    PRIMARY KEY (article_id, version, record_id, agency_id)
);

CREATE TABLE task_report (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    report_article_id VARCHAR NOT NULL,
    report_version INTEGER NOT NULL,
    report_start INTEGER NOT NULL,
    report_end INTEGER NOT NULL,
    likeness DOUBLE NOT NULL CHECK (likeness BETWEEN 0 AND 1),
    PRIMARY KEY (article_id, version, record_id),
    CHECK (report_start < report_end)
);

CREATE TABLE quality_check (
    check_id VARCHAR PRIMARY KEY,
    table_name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('error', 'warning')),
    told VARCHAR NOT NULL,
    checked BIGINT NOT NULL,
    failed BIGINT NOT NULL CHECK (failed BETWEEN 0 AND checked)
);

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

CREATE TABLE verdict (
    target_id VARCHAR NOT NULL,
    latest_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('met', 'missed', 'on course', 'behind', 'not reported', 'candidate')),
    verdict VARCHAR NOT NULL CHECK (verdict IN ('right', 'wrong')),
    note VARCHAR,
    given TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (target_id, latest_id, state)
);

CREATE TABLE setting (
    name VARCHAR PRIMARY KEY,
    value DOUBLE NOT NULL
);
