-- Documents that the texts name by number, and where they name them.

CREATE TABLE document (
    document_id VARCHAR PRIMARY KEY,
    number VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    type VARCHAR,
    date DATE,
    issuer VARCHAR,
    signer VARCHAR,
    subject VARCHAR,
    issuer_id VARCHAR
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
COMMENT ON COLUMN document.issuer_id IS 'Kind of body that issued it in the table of agencies, by its name of that day; scope tells of which province. NULL: no mention names one';

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
