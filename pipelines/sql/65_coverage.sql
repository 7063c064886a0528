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
