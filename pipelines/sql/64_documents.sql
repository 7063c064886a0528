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
    d.issuer_id,
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
COMMENT ON COLUMN documents.issuer_id IS 'Kind of body that issued it in the table of agencies';
COMMENT ON COLUMN documents.document_id IS 'Id of the document';
