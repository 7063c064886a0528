-- From version 2 to version 3: an observation knows its words, its number as written and which telling of a
-- promise it is, a verdict which claim it judged, a document which agency issued it. Observations are worked out anew by the load that follows,
-- so their table begins empty.

DROP TABLE observation;
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
    telling INTEGER,
    indicator VARCHAR NOT NULL,
    place VARCHAR,
    written_value DECIMAL(38, 6),
    written_low DECIMAL(38, 6),
    written_high DECIMAL(38, 6),
    written_unit VARCHAR NOT NULL,
    factor DECIMAL(38, 9) NOT NULL CHECK (factor > 0),
    dir VARCHAR NOT NULL CHECK (dir IN ('up', 'down', '')),
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
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
    CHECK ((promise IS NOT NULL) = (role = 'target')),
    CHECK ((telling IS NOT NULL) = (role = 'target'))
);

ALTER TABLE document ADD COLUMN issuer_id VARCHAR;

CREATE TEMP TABLE kept_verdict AS SELECT * FROM verdict;
DROP TABLE verdict;
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
INSERT INTO verdict BY NAME SELECT *, nullif(state, 'candidate') AS claim FROM kept_verdict;
DROP TABLE kept_verdict;
