-- Sentences, as search reads them: DuckDB's own full-text extension has to be fetched over the network.

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
COMMENT ON TABLE sentence IS 'Sentences of the latest versions of the articles, in the form that search reads';
COMMENT ON COLUMN sentence.article_id IS 'Article it stands in';
COMMENT ON COLUMN sentence.version IS 'Version of the article';
COMMENT ON COLUMN sentence.start_offset IS 'First character in article.text, counted from 0';
COMMENT ON COLUMN sentence.end_offset IS 'Character after the last';
COMMENT ON COLUMN sentence.zone IS 'Part of the page it stands in';
COMMENT ON COLUMN sentence.folded IS 'Its words in lower case without diacritics, each between blanks (macro fold_words)';
COMMENT ON COLUMN sentence.text_hash IS 'MD5 of the text it was cut from: tells whether it is to be cut anew';

CREATE MACRO fold(words) AS replace(strip_accents(lower(words)), 'đ', 'd');
CREATE MACRO fold_words(words) AS ' ' || trim(regexp_replace(fold(words), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ';
