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
