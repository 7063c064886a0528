-- The tables of version 2 as they were, for the test that brings a database of it up. Views and comments are made anew
-- with every migration and do not stand here but for one view, which has to give way.

CREATE TABLE source (
    source_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    place VARCHAR,
    kind VARCHAR NOT NULL CHECK (kind IN ('newspaper', 'portal', 'documents', 'unknown')),
    hosts VARCHAR[] NOT NULL,
    verified DATE,
    valid_from DATE,
    valid_to DATE,
    successor VARCHAR
);

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

CREATE TABLE agency (
    agency_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    domain VARCHAR,
    signs VARCHAR[] NOT NULL,
    valid_from DATE,
    valid_to DATE,
    successor_ids VARCHAR[] NOT NULL,
    aliases VARCHAR[] NOT NULL,
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);

CREATE TABLE unit (
    unit VARCHAR PRIMARY KEY,
    dimension VARCHAR NOT NULL,
    base_unit VARCHAR NOT NULL,
    factor DECIMAL(38, 9) NOT NULL CHECK (factor > 0)
);

CREATE TABLE indicator (
    indicator_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    cumulative BOOLEAN NOT NULL,
    good_direction VARCHAR CHECK (good_direction IN ('up', 'down')),
    variant_of VARCHAR,
    aliases VARCHAR[] NOT NULL
);

CREATE TABLE article (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    is_latest BOOLEAN NOT NULL,
    source_id VARCHAR NOT NULL,
    origin VARCHAR NOT NULL CHECK (origin IN ('page', 'document')),
    url VARCHAR,
    title VARCHAR,
    sapo VARCHAR,
    text VARCHAR NOT NULL,
    zones STRUCT("start" INTEGER, "end" INTEGER, "name" VARCHAR)[] NOT NULL,
    published TIMESTAMPTZ,
    published_by VARCHAR,
    modified TIMESTAMPTZ,
    author VARCHAR,
    tags VARCHAR[] NOT NULL,
    syndicated_from VARCHAR,
    place VARCHAR,
    first_seen TIMESTAMPTZ NOT NULL,
    content_hash VARCHAR NOT NULL,
    archive VARCHAR NOT NULL,
    archive_offset BIGINT NOT NULL,
    rules_version VARCHAR,
    PRIMARY KEY (article_id, version)
);

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

CREATE TABLE document (
    document_id VARCHAR PRIMARY KEY,
    number VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    type VARCHAR,
    date DATE,
    issuer VARCHAR,
    signer VARCHAR,
    subject VARCHAR
);

CREATE TABLE document_mention (
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
    document_id VARCHAR,
    number VARCHAR,
    type VARCHAR,
    date DATE,
    issuer VARCHAR,
    signer VARCHAR,
    subject VARCHAR,
    PRIMARY KEY (article_id, version, record_id),
    CHECK (start_offset < end_offset)
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

CREATE TABLE load_state (
    name VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);

CREATE VIEW place_lineage AS
WITH RECURSIVE line AS (
    SELECT place_id, place_id AS later_id, 0 AS steps FROM place
    UNION ALL
    SELECT line.place_id, next.later_id, line.steps + 1
    FROM line
    JOIN (SELECT place_id, unnest(successor_ids) AS later_id FROM place) AS next ON next.place_id = line.later_id
    WHERE line.steps < 10
)
SELECT
    p.place_id, p.name, p.kind, p.valid_from, p.valid_to,
    later.place_id AS later_id, later.name AS later_name, line.steps,
    later.valid_to IS NULL AS is_today,
    later.territory = p.territory AS same_land
FROM line
JOIN place AS p ON p.place_id = line.place_id
JOIN place AS later ON later.place_id = line.later_id;
