-- Statements made comparable: one row for each statement of a latest version that an article makes itself.

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
COMMENT ON TABLE observation IS 'Statements of the latest versions, without teasers and furniture, brought to what can be compared: the rules are told in pipelines/scoreboard.md';
COMMENT ON COLUMN observation.article_id IS 'Article it stands in';
COMMENT ON COLUMN observation.version IS 'Version of that article';
COMMENT ON COLUMN observation.record_id IS 'Lasting id of the statement';
COMMENT ON COLUMN observation.published IS 'Day of publication in Vietnam; NULL: not known';
COMMENT ON COLUMN observation.cluster_id IS 'Cluster of its article: what reprints say counts once';
COMMENT ON COLUMN observation.role IS 'Role of the statement: target, actual, change or progress';
COMMENT ON COLUMN observation.kind IS 'level (the indicator itself), change (against an earlier time), progress (share of a plan), other (its unit is not the indicator''s: not comparable)';
COMMENT ON COLUMN observation.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN observation.place_id IS 'Place it is about; NULL: not known';
COMMENT ON COLUMN observation.series IS 'The same for statements that may be compared: same indicator, place (land), kind, unit and narrowing words';
COMMENT ON COLUMN observation.promise IS 'The same for targets that promise the same: series, value, direction and deadline; NULL for all other roles';
COMMENT ON COLUMN observation.telling IS 'For a target which telling of the promise it is: 1 is the first';
COMMENT ON COLUMN observation.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN observation.place IS 'Place as the text names it, or else the article''s';
COMMENT ON COLUMN observation.written_value IS 'The number as written, in written_unit; NULL for a range';
COMMENT ON COLUMN observation.written_low IS 'Lower end of a range as written';
COMMENT ON COLUMN observation.written_high IS 'Upper end of a range as written';
COMMENT ON COLUMN observation.written_unit IS 'Unit the text gives it in, or the counted noun';
COMMENT ON COLUMN observation.factor IS 'How many base units one of it is';
COMMENT ON COLUMN observation.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN observation.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN observation.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN observation.unit IS 'Base unit that the values are in; count for counts of whatever noun, plan % for shares of a plan';
COMMENT ON COLUMN observation.value IS 'The number in that unit, negative for a fall of a growth rate; NULL for a range';
COMMENT ON COLUMN observation.low IS 'Lower end of a range in that unit';
COMMENT ON COLUMN observation.high IS 'Upper end of a range in that unit';
COMMENT ON COLUMN observation.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN observation.wanted IS 'Whether more or less of it meets a target: from the bound, or else the direction that is good; NULL: neither is known';
COMMENT ON COLUMN observation.same_start IS 'Whether figures compare only when their periods begin on the same day: what adds up or grows over a period';
COMMENT ON COLUMN observation.runs_up IS 'Whether its figures run up through the period, so that a share of it can be on course';
COMMENT ON COLUMN observation.period_from IS 'First day of the period it is for, as the indicator reads it: May''s disbursement is January to May; NULL: not known';
COMMENT ON COLUMN observation.period_to IS 'Last day of the period, the deadline of a target; for a period still running when the article came out that day; NULL: not known';
COMMENT ON COLUMN observation.stage IS 'target; done (published when the period was over), estimate (in its last 31 days), so far (the text names a running period), forecast (published before the period began: decides nothing), undated';
COMMENT ON COLUMN observation.implied_plan IS 'The plan that a share of the plan given in the same sentence works out to; NULL: none given';
COMMENT ON COLUMN observation.document_id IS 'For a target the document named last before it in the article';
COMMENT ON COLUMN observation.perhaps_answered IS 'Whether a later figure of the place may answer this target though it is not known to be comparable';
COMMENT ON COLUMN observation.doubt IS 'What lowers the confidence, separated by commas';
COMMENT ON COLUMN observation.confidence IS 'Share of such rows expected to be right, 0 to 1';
