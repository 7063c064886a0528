-- Who and what the facts are about. Loaded whole from the reference tables with every load.

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
COMMENT ON TABLE source IS 'Sites that articles come from, as the registry of sources declares them, and sources that given documents name';
COMMENT ON COLUMN source.source_id IS 'Id of the source in the registry';
COMMENT ON COLUMN source.name IS 'Name of the paper or portal';
COMMENT ON COLUMN source.place IS 'Province the source reports on, as the registry names it';
COMMENT ON COLUMN source.kind IS 'newspaper, portal, documents (a register of documents), or unknown where only given documents name the source';
COMMENT ON COLUMN source.hosts IS 'Host names the source is fetched from';
COMMENT ON COLUMN source.verified IS 'Day the entry was last tried against the live site; NULL: never';
COMMENT ON COLUMN source.valid_from IS 'First day the site was this place''s; NULL: not known';
COMMENT ON COLUMN source.valid_to IS 'Last day the site was this place''s; NULL: still';
COMMENT ON COLUMN source.successor IS 'Source that carries it on';

CREATE TABLE place (
    place_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    full_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_id VARCHAR,
    valid_from DATE,
    valid_to DATE,
    successor_ids VARCHAR[] NOT NULL,
    aliases VARCHAR[] NOT NULL,
    gso_code VARCHAR,
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
COMMENT ON TABLE place IS 'The country, its regions, provinces and districts, each with its time: a unit that was merged and the one that took its name are two rows';
COMMENT ON COLUMN place.place_id IS 'Id of the place in the table of places';
COMMENT ON COLUMN place.name IS 'Name without the kind of unit: Lào Cai';
COMMENT ON COLUMN place.full_name IS 'Name with the kind of unit: tỉnh Lào Cai';
COMMENT ON COLUMN place.kind IS 'country, region, province, municipality, city, district, town and so on';
COMMENT ON COLUMN place.parent_id IS 'Place it lies in';
COMMENT ON COLUMN place.valid_from IS 'First day of the unit; NULL: before the time looked at';
COMMENT ON COLUMN place.valid_to IS 'Last day of the unit; NULL: it exists';
COMMENT ON COLUMN place.successor_ids IS 'Places that took it over';
COMMENT ON COLUMN place.aliases IS 'Other spellings and names';
COMMENT ON COLUMN place.gso_code IS 'Code of the statistics office';

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
COMMENT ON TABLE agency IS 'Bodies that issue documents, give and receive tasks, with their names over time';
COMMENT ON COLUMN agency.agency_id IS 'Id of the body in the table of agencies';
COMMENT ON COLUMN agency.name IS 'Name of the body';
COMMENT ON COLUMN agency.level IS 'Level of government: central, province and so on';
COMMENT ON COLUMN agency.kind IS 'What kind of body: party, ministry, department and so on';
COMMENT ON COLUMN agency.domain IS 'What it is in charge of';
COMMENT ON COLUMN agency.signs IS 'Signs of the body in document numbers: UBND, BTC';
COMMENT ON COLUMN agency.valid_from IS 'First day under this name; NULL: before the time looked at';
COMMENT ON COLUMN agency.valid_to IS 'Last day under this name; NULL: still';
COMMENT ON COLUMN agency.successor_ids IS 'Bodies that took it over';
COMMENT ON COLUMN agency.aliases IS 'Other names and abbreviations';

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
COMMENT ON TABLE indicator IS 'Catalogue of indicators: what each measures and how it can be compared';
COMMENT ON COLUMN indicator.indicator_id IS 'Id of the indicator in the catalogue';
COMMENT ON COLUMN indicator.name IS 'Name in Vietnamese';
COMMENT ON COLUMN indicator.name_en IS 'Name in English';
COMMENT ON COLUMN indicator.topic IS 'Group of the national system of indicators';
COMMENT ON COLUMN indicator.measure IS 'What it is: stock, flow, rate, growth and so on';
COMMENT ON COLUMN indicator.dimension IS 'What its unit measures: share, money, area and so on';
COMMENT ON COLUMN indicator.unit IS 'Usual unit';
COMMENT ON COLUMN indicator.cumulative IS 'Whether its figure runs up through the year';
COMMENT ON COLUMN indicator.good_direction IS 'Which way is good: up or down; NULL: neither';
COMMENT ON COLUMN indicator.variant_of IS 'Indicator it is another measure of: the growth of a level, the share of a total';
COMMENT ON COLUMN indicator.aliases IS 'Other wordings of it';
-- Articles in all their versions.

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
COMMENT ON TABLE article IS 'Articles and given documents, one row for each version; the views take the latest';
COMMENT ON COLUMN article.article_id IS 'Lasting id: of source and address, or as given';
COMMENT ON COLUMN article.version IS 'Counts the versions from 1; an article its site has edited becomes a new version';
COMMENT ON COLUMN article.is_latest IS 'Whether this is the latest version';
COMMENT ON COLUMN article.source_id IS 'Source it comes from';
COMMENT ON COLUMN article.origin IS 'page: parsed from a crawled page; document: given as text';
COMMENT ON COLUMN article.url IS 'Address, where it has one';
COMMENT ON COLUMN article.title IS 'Title';
COMMENT ON COLUMN article.sapo IS 'Lead paragraph';
COMMENT ON COLUMN article.text IS 'Whole text as stored; all offsets count its characters from 0';
COMMENT ON COLUMN article.zones IS 'Stretches of the text and what they are: title, sapo, body, caption, teaser, furniture; empty for given documents';
COMMENT ON COLUMN article.published IS 'Time of publication';
COMMENT ON COLUMN article.published_by IS 'How that was found: selector, json-ld, meta, text, htmldate or given';
COMMENT ON COLUMN article.modified IS 'Time of the last change as the page tells it';
COMMENT ON COLUMN article.author IS 'Author as signed';
COMMENT ON COLUMN article.tags IS 'Tags of the page';
COMMENT ON COLUMN article.syndicated_from IS 'Paper that a syndication line names';
COMMENT ON COLUMN article.place IS 'Province of the source, or as given, or as extraction found it';
COMMENT ON COLUMN article.first_seen IS 'When this version was first fetched or taken in';
COMMENT ON COLUMN article.content_hash IS 'Digest of title, sapo, body and captions';
COMMENT ON COLUMN article.archive IS 'WARC file the page lies in, relative to the data folder; empty for given documents';
COMMENT ON COLUMN article.archive_offset IS 'Byte offset of the record in that file';
COMMENT ON COLUMN article.rules_version IS 'Version of the rules its records were extracted with; NULL: not extracted yet';
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
    indicator_id VARCHAR,
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
COMMENT ON COLUMN statement.place_id IS 'That place in the table of places as of the article''s day; NULL: none or several fit';
COMMENT ON COLUMN statement.indicator_id IS 'Indicator of the catalogue whose name or alias the text contains, in the variant that has the unit; NULL: none';
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
-- Documents that the texts name by number, and where they name them.

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
COMMENT ON TABLE document IS 'Documents known by number. Bodies of the centre number through the country, local ones each for itself: the same number of two provinces is two documents, and so is the same number of two days';
COMMENT ON COLUMN document.document_id IS 'Id made of number, scope and date';
COMMENT ON COLUMN document.number IS 'Number without spaces, as most mentions write it';
COMMENT ON COLUMN document.scope IS 'Province whose body issued it; empty for bodies of the centre';
COMMENT ON COLUMN document.type IS 'Kind of document: nghị quyết, quyết định, công văn and so on';
COMMENT ON COLUMN document.date IS 'Day of the document, where a mention gives it';
COMMENT ON COLUMN document.issuer IS 'Body that issued it, where a mention gives it';
COMMENT ON COLUMN document.signer IS 'Who signed it, where a mention gives it';
COMMENT ON COLUMN document.subject IS 'What it is about, where a mention gives it';

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
COMMENT ON TABLE document_mention IS 'Places where a text names a document';
COMMENT ON COLUMN document_mention.article_id IS 'Article it stands in';
COMMENT ON COLUMN document_mention.version IS 'Version of that article';
COMMENT ON COLUMN document_mention.record_id IS 'Lasting id: made of what the record says and where, the same in a later version or extraction';
COMMENT ON COLUMN document_mention.zone IS 'Where it stands: title, sapo, body, caption, teaser (of another article) or furniture (the page''s own wording)';
COMMENT ON COLUMN document_mention.start_offset IS 'First character in the article''s text, counted from 0';
COMMENT ON COLUMN document_mention.end_offset IS 'Character after the last';
COMMENT ON COLUMN document_mention.text IS 'The number (or name) as written';
COMMENT ON COLUMN document_mention.sentence_start IS 'First character of its sentence';
COMMENT ON COLUMN document_mention.sentence_end IS 'Character after the last of its sentence';
COMMENT ON COLUMN document_mention.rule IS 'Rule that made the record';
COMMENT ON COLUMN document_mention.confidence IS 'Share of such records expected to be right, 0 to 1';
COMMENT ON COLUMN document_mention.document_id IS 'The document; NULL: named without a number';
COMMENT ON COLUMN document_mention.number IS 'Number without spaces, as read here';
COMMENT ON COLUMN document_mention.type IS 'Kind of document, as read here';
COMMENT ON COLUMN document_mention.date IS 'Day of the document, as read here';
COMMENT ON COLUMN document_mention.issuer IS 'Issuing body, as read here';
COMMENT ON COLUMN document_mention.signer IS 'Signer, as read here';
COMMENT ON COLUMN document_mention.subject IS 'Subject, as read here';
-- What the database knows of itself.

CREATE TABLE load_state (
    name VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE load_state IS 'Facts about the last load that changed something: schema (digest of the definitions), load (its number), loaded_at (UTC)';
COMMENT ON COLUMN load_state.name IS 'Name of the fact';
COMMENT ON COLUMN load_state.value IS 'The fact';
-- Every statement with its number, time, sentence and article in one row: what the views are made of.
-- Only the latest versions, and only what an article says itself: teasers announce other articles,
-- furniture is the page's own wording.

CREATE VIEW figure AS
SELECT
    s.text AS indicator,
    coalesce(s.place, a.place) AS place,
    q.value,
    q.low,
    q.high,
    q.of_total,
    q.unit,
    q.bound,
    s.dir,
    t.since AS period_from,
    t.until AS period_to,
    t.text AS time_text,
    s.role,
    substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS sentence,
    a.title AS article_title,
    a.url AS address,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
    source.name AS source,
    least(s.confidence, q.confidence) AS confidence,
    s.rule,
    s.zone,
    s.indicator_id,
    s.place_id,
    s.article_id,
    s.record_id
FROM statement AS s
JOIN article AS a ON a.article_id = s.article_id AND a.version = s.version AND a.is_latest
JOIN quantity AS q ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id
JOIN source ON source.source_id = a.source_id
LEFT JOIN time_expression AS t ON t.article_id = s.article_id AND t.version = s.version AND t.record_id = s.time_id
WHERE s.zone NOT IN ('teaser', 'furniture');
COMMENT ON VIEW figure IS 'Every statement of the latest versions of articles with its number, time, sentence and article; without teasers and furniture';
COMMENT ON COLUMN figure.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN figure.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN figure.value IS 'The number; NULL for a range';
COMMENT ON COLUMN figure.low IS 'Lower end of a range';
COMMENT ON COLUMN figure.high IS 'Upper end of a range';
COMMENT ON COLUMN figure.of_total IS 'The whole of an n-of-m count';
COMMENT ON COLUMN figure.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN figure.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN figure.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN figure.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN figure.period_to IS 'Last day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN figure.time_text IS 'That time as the text names it';
COMMENT ON COLUMN figure.role IS 'target, actual, change or progress';
COMMENT ON COLUMN figure.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN figure.article_title IS 'Title of the article';
COMMENT ON COLUMN figure.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN figure.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN figure.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN figure.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN figure.rule IS 'Rule that found it';
COMMENT ON COLUMN figure.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN figure.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN figure.place_id IS 'Place in the table of places; NULL: none or several fit';
COMMENT ON COLUMN figure.article_id IS 'Article it stands in';
COMMENT ON COLUMN figure.record_id IS 'Lasting id of the record';
-- What was promised: every target with who it is about, how much, and until when.

CREATE VIEW targets AS
SELECT
    indicator, place, value, low, high, of_total, unit, bound, dir,
    period_to AS deadline, period_from, period_to, role,
    sentence, article_title, address, published, source, confidence, rule,
    zone, indicator_id, place_id, article_id, record_id
FROM figure
WHERE role = 'target';
COMMENT ON VIEW targets IS 'Promised figures with their deadlines, each with its sentence and article';
COMMENT ON COLUMN targets.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN targets.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN targets.value IS 'The number; NULL for a range';
COMMENT ON COLUMN targets.low IS 'Lower end of a range';
COMMENT ON COLUMN targets.high IS 'Upper end of a range';
COMMENT ON COLUMN targets.of_total IS 'The whole of an n-of-m count';
COMMENT ON COLUMN targets.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN targets.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN targets.dir IS 'up or down for a change; empty otherwise';
COMMENT ON COLUMN targets.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN targets.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN targets.period_to IS 'Last day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN targets.role IS 'target, actual, change or progress';
COMMENT ON COLUMN targets.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN targets.article_title IS 'Title of the article';
COMMENT ON COLUMN targets.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN targets.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN targets.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN targets.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN targets.rule IS 'Rule that found it';
COMMENT ON COLUMN targets.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN targets.indicator_id IS 'Indicator of the catalogue; NULL: not in it';
COMMENT ON COLUMN targets.place_id IS 'Place in the table of places; NULL: none or several fit';
COMMENT ON COLUMN targets.article_id IS 'Article it stands in';
COMMENT ON COLUMN targets.record_id IS 'Lasting id of the record';
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
-- What was ordered, with and without a deadline.

CREATE VIEW tasks AS
SELECT
    k.text AS task,
    k.who,
    a.place,
    t.until AS deadline,
    t.since AS period_from,
    substring(a.text, k.sentence_start + 1, k.sentence_end - k.sentence_start) AS sentence,
    a.title AS article_title,
    a.url AS address,
    CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
    source.name AS source,
    k.confidence,
    k.rule,
    k.zone,
    k.article_id,
    k.record_id
FROM task AS k
JOIN article AS a ON a.article_id = k.article_id AND a.version = k.version AND a.is_latest
JOIN source ON source.source_id = a.source_id
LEFT JOIN time_expression AS t ON t.article_id = k.article_id AND t.version = k.version AND t.record_id = k.time_id
WHERE k.zone NOT IN ('teaser', 'furniture');
COMMENT ON VIEW tasks IS 'Orders and requests with addressee and, where one is set, deadline';
COMMENT ON COLUMN tasks.task IS 'What is ordered, word for word';
COMMENT ON COLUMN tasks.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN tasks.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN tasks.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN tasks.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN tasks.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN tasks.article_title IS 'Title of the article';
COMMENT ON COLUMN tasks.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN tasks.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN tasks.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN tasks.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN tasks.rule IS 'Rule that found it';
COMMENT ON COLUMN tasks.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN tasks.article_id IS 'Article it stands in';
COMMENT ON COLUMN tasks.record_id IS 'Lasting id of the record';
-- What falls due when: orders with a deadline and targets with a last day.

CREATE VIEW deadlines AS
SELECT
    deadline, 'task' AS kind, task AS what, who,
    CAST(NULL AS VARCHAR) AS indicator, place,
    CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS low, CAST(NULL AS DECIMAL(38, 6)) AS high,
    CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS VARCHAR) AS bound,
    period_from, CAST(NULL AS VARCHAR) AS role,
    sentence, article_title, address, published, source, confidence, rule, zone, article_id, record_id
FROM tasks
WHERE deadline IS NOT NULL
UNION ALL
SELECT
    deadline, 'target' AS kind, indicator AS what, CAST(NULL AS VARCHAR) AS who,
    indicator, place, value, low, high, unit, bound,
    period_from, role,
    sentence, article_title, address, published, source, confidence, rule, zone, article_id, record_id
FROM targets
WHERE deadline IS NOT NULL;
COMMENT ON VIEW deadlines IS 'Orders and targets that have a last day, each with its sentence and article';
COMMENT ON COLUMN deadlines.deadline IS 'Last day it is to be reached or done by';
COMMENT ON COLUMN deadlines.kind IS 'task (an order) or target (a promised figure)';
COMMENT ON COLUMN deadlines.what IS 'The order, or the indicator of the target';
COMMENT ON COLUMN deadlines.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN deadlines.indicator IS 'What is measured, as the text names it';
COMMENT ON COLUMN deadlines.place IS 'Place it is about: as the text names it, or else the article''s';
COMMENT ON COLUMN deadlines.value IS 'The number; NULL for a range';
COMMENT ON COLUMN deadlines.low IS 'Lower end of a range';
COMMENT ON COLUMN deadlines.high IS 'Upper end of a range';
COMMENT ON COLUMN deadlines.unit IS 'Unit, or the counted noun';
COMMENT ON COLUMN deadlines.bound IS '= plain, ~ about, >= at least, > more than, <= at most, < less than';
COMMENT ON COLUMN deadlines.period_from IS 'First day of the time it is for; NULL: open or not named';
COMMENT ON COLUMN deadlines.role IS 'target, actual, change or progress';
COMMENT ON COLUMN deadlines.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN deadlines.article_title IS 'Title of the article';
COMMENT ON COLUMN deadlines.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN deadlines.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN deadlines.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN deadlines.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN deadlines.rule IS 'Rule that found it';
COMMENT ON COLUMN deadlines.zone IS 'Where it stands: title, sapo, body or caption';
COMMENT ON COLUMN deadlines.article_id IS 'Article it stands in';
COMMENT ON COLUMN deadlines.record_id IS 'Lasting id of the record';
-- Documents that articles name, with the first place that names each.

CREATE VIEW documents AS
WITH mention AS (
    SELECT
        m.*,
        a.title,
        a.url,
        a.text AS article_text,
        CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published_day,
        source.name AS source_name
    FROM document_mention AS m
    JOIN article AS a ON a.article_id = m.article_id AND a.version = m.version AND a.is_latest
    JOIN source ON source.source_id = a.source_id
    WHERE m.document_id IS NOT NULL AND m.zone NOT IN ('teaser', 'furniture')
),
counted AS (
    SELECT
        *,
        count(*) OVER everywhere AS mentions,
        min(published_day) OVER everywhere AS first_published,
        max(published_day) OVER everywhere AS last_published
    FROM mention
    WINDOW everywhere AS (PARTITION BY document_id)
),
articles_of AS (
    SELECT document_id, count(DISTINCT article_id) AS articles FROM mention GROUP BY document_id
)
SELECT
    d.number,
    d.type,
    d.date,
    d.issuer,
    d.signer,
    d.subject,
    nullif(d.scope, '') AS place,
    c.mentions,
    o.articles,
    c.first_published,
    c.last_published,
    substring(c.article_text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.title AS article_title,
    c.url AS address,
    c.published_day AS published,
    c.source_name AS source,
    c.confidence,
    c.rule,
    c.article_id,
    d.document_id
FROM counted AS c
JOIN document AS d USING (document_id)
JOIN articles_of AS o USING (document_id)
QUALIFY row_number() OVER (
    PARTITION BY document_id ORDER BY c.published_day NULLS LAST, c.article_id, c.start_offset
) = 1;
COMMENT ON VIEW documents IS 'Documents named by number, each with how often it is named and the first sentence that does';
COMMENT ON COLUMN documents.number IS 'Number without spaces';
COMMENT ON COLUMN documents.type IS 'Kind of document';
COMMENT ON COLUMN documents.date IS 'Day of the document, where a text gives it';
COMMENT ON COLUMN documents.issuer IS 'Body that issued it, where a text gives it';
COMMENT ON COLUMN documents.signer IS 'Who signed it, where a text gives it';
COMMENT ON COLUMN documents.subject IS 'What it is about, where a text gives it';
COMMENT ON COLUMN documents.place IS 'Province whose body issued it; NULL for bodies of the centre';
COMMENT ON COLUMN documents.mentions IS 'How often the articles name it';
COMMENT ON COLUMN documents.articles IS 'How many articles name it';
COMMENT ON COLUMN documents.first_published IS 'Day of the first article that names it';
COMMENT ON COLUMN documents.last_published IS 'Day of the latest article that names it';
COMMENT ON COLUMN documents.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN documents.article_title IS 'Title of the article';
COMMENT ON COLUMN documents.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN documents.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN documents.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN documents.confidence IS 'Share of such rows expected to be right, 0 to 1';
COMMENT ON COLUMN documents.rule IS 'Rule that found it';
COMMENT ON COLUMN documents.article_id IS 'Article it stands in';
COMMENT ON COLUMN documents.document_id IS 'Id of the document';
-- What each source gave.

CREATE VIEW coverage AS
WITH by_article AS (
    SELECT
        a.source_id,
        a.article_id,
        count(*) AS versions,
        min(CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)) FILTER (a.is_latest) AS published
    FROM article AS a
    GROUP BY ALL
),
found AS (
    SELECT a.source_id, count(s.record_id) AS statements
    FROM article AS a
    LEFT JOIN statement AS s ON s.article_id = a.article_id AND s.version = a.version
    WHERE a.is_latest
    GROUP BY a.source_id
),
ordered AS (
    SELECT a.source_id, count(k.record_id) AS tasks
    FROM article AS a
    LEFT JOIN task AS k ON k.article_id = a.article_id AND k.version = a.version
    WHERE a.is_latest
    GROUP BY a.source_id
)
SELECT
    source.source_id,
    source.name AS source,
    source.place,
    count(b.article_id) AS articles,
    coalesce(sum(b.versions), 0) AS versions,
    count(b.article_id) - count(b.published) AS undated,
    coalesce(any_value(found.statements), 0) AS statements,
    coalesce(any_value(ordered.tasks), 0) AS tasks,
    min(b.published) AS first_article,
    max(b.published) AS last_article,
    source.verified
FROM source
LEFT JOIN by_article AS b USING (source_id)
LEFT JOIN found USING (source_id)
LEFT JOIN ordered USING (source_id)
GROUP BY source.source_id, source.name, source.place, source.verified;
COMMENT ON VIEW coverage IS 'What each source gave: articles, versions, statements, tasks, and from when to when';
COMMENT ON COLUMN coverage.source_id IS 'Id of the source';
COMMENT ON COLUMN coverage.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN coverage.place IS 'Province the source reports on';
COMMENT ON COLUMN coverage.articles IS 'How many articles name it';
COMMENT ON COLUMN coverage.versions IS 'Versions of those articles';
COMMENT ON COLUMN coverage.undated IS 'Articles whose day is not known';
COMMENT ON COLUMN coverage.statements IS 'Statements of their latest versions';
COMMENT ON COLUMN coverage.tasks IS 'Tasks of their latest versions';
COMMENT ON COLUMN coverage.first_article IS 'Day of the oldest article';
COMMENT ON COLUMN coverage.last_article IS 'Day of the newest article';
COMMENT ON COLUMN coverage.verified IS 'Day the source was last tried; NULL: never';
