-- Articles as they should stand after the load, from the batches in raw_article.
-- Rows that follow one another with the same content are one version, told of by the last of them.

CREATE OR REPLACE TEMP TABLE versioned_article AS
WITH compared AS (
    SELECT
        *,
        content_hash IS DISTINCT FROM lag(content_hash) OVER (PARTITION BY article_id ORDER BY seen, ingested) AS changed
    FROM raw_article
),
numbered AS (
    SELECT
        *,
        CAST(count(*) FILTER (changed) OVER (
            PARTITION BY article_id ORDER BY seen, ingested ROWS UNBOUNDED PRECEDING
        ) AS INTEGER) AS version
    FROM compared
)
SELECT
    *,
    min(seen) OVER (PARTITION BY article_id, version) AS first_seen,
    version = max(version) OVER (PARTITION BY article_id) AS is_latest
FROM numbered
QUALIFY row_number() OVER (PARTITION BY article_id, version ORDER BY seen DESC, ingested DESC) = 1;

-- Of several extractions of one text the newest counts.
CREATE OR REPLACE TEMP TABLE newest_extraction AS
SELECT * FROM raw_record
QUALIFY row_number() OVER (PARTITION BY input_hash ORDER BY extracted DESC) = 1;

CREATE OR REPLACE TEMP TABLE staged_article AS
SELECT
    a.article_id,
    a.version,
    a.is_latest,
    a.source AS source_id,
    a.origin,
    a.url,
    a.title,
    a.sapo,
    a.text,
    a.zones,
    a.published,
    a.published_by,
    a.modified,
    a.author,
    a.tags,
    a.syndicated_from,
    coalesce(a.place, x.place) AS place,
    a.first_seen,
    a.content_hash,
    a.archive,
    a."offset" AS archive_offset,
    x.rules_version
FROM versioned_article AS a
LEFT JOIN newest_extraction AS x USING (input_hash);

-- Sources of a registry that was given to an earlier load and not to this one stay known.
INSERT INTO staged_source
SELECT * FROM source
WHERE source_id NOT IN (SELECT source_id FROM staged_source)
    AND kind != 'unknown'
    AND source_id IN (SELECT source_id FROM staged_article);

-- Sources that only given documents name.
INSERT INTO staged_source
SELECT DISTINCT source_id, source_id, NULL, 'unknown', [], NULL, NULL, NULL, NULL
FROM staged_article
WHERE source_id NOT IN (SELECT source_id FROM staged_source);
