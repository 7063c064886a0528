-- Every task once, with its deadline, its bodies and what became of it.

CREATE VIEW agency_lineage AS
WITH RECURSIVE line AS (
    SELECT agency_id, agency_id AS later_id, 0 AS steps FROM agency
    UNION ALL
    SELECT line.agency_id, next.later_id, line.steps + 1
    FROM line
    JOIN (SELECT agency_id, unnest(successor_ids) AS later_id FROM agency) AS next ON next.agency_id = line.later_id
    WHERE line.steps < 10
)
SELECT
    a.agency_id, a.name, a.valid_from, a.valid_to,
    later.agency_id AS later_id, later.name AS later_name, line.steps,
    later.valid_to IS NULL AS is_today
FROM line
JOIN agency AS a ON a.agency_id = line.agency_id
JOIN agency AS later ON later.agency_id = line.later_id;
COMMENT ON VIEW agency_lineage IS 'Every body with itself and all that took it over: WHERE later_id = ''so-tai-chinh'' finds the department of planning and investment that was merged into it in 2025';
COMMENT ON COLUMN agency_lineage.agency_id IS 'A body';
COMMENT ON COLUMN agency_lineage.name IS 'Its name';
COMMENT ON COLUMN agency_lineage.valid_from IS 'First day under this name; NULL: before the time looked at';
COMMENT ON COLUMN agency_lineage.valid_to IS 'Last day under this name; NULL: still';
COMMENT ON COLUMN agency_lineage.later_id IS 'The body itself, or one that took it over';
COMMENT ON COLUMN agency_lineage.later_name IS 'Name of that one';
COMMENT ON COLUMN agency_lineage.steps IS 'How many mergers and renamings lie between';
COMMENT ON COLUMN agency_lineage.is_today IS 'Whether the later one exists';

CREATE VIEW task_board AS
WITH told AS (
    SELECT
        k.*,
        a.title, a.url, a.text AS article_text, a.place, source.name AS source,
        CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
        c.cluster_id,
        t.until AS deadline
    FROM task AS k
    JOIN article AS a ON a.article_id = k.article_id AND a.version = k.version AND a.is_latest
    JOIN article_cluster AS c ON c.article_id = a.article_id
    JOIN source ON source.source_id = a.source_id
    LEFT JOIN time_expression AS t ON t.article_id = k.article_id AND t.version = k.version AND t.record_id = k.time_id
    WHERE k.zone NOT IN ('teaser', 'furniture')
    -- What a reprint orders is ordered once.
    QUALIFY row_number() OVER (
        PARTITION BY c.cluster_id, lower(nfc_normalize(k.text)), t.until
        ORDER BY a.published NULLS LAST, a.article_id, k.record_id
    ) = 1
),
bodies AS (
    SELECT ta.article_id, ta.version, ta.record_id,
        string_agg(ag.agency_id, '; ' ORDER BY ag.agency_id) AS agency_ids,
        string_agg(ag.name, '; ' ORDER BY ag.agency_id) AS agencies,
        string_agg(today.names, '; ' ORDER BY ag.agency_id) AS agencies_today
    FROM task_agency AS ta
    JOIN agency AS ag USING (agency_id)
    LEFT JOIN (
        SELECT agency_id, string_agg(later_name, '; ' ORDER BY later_id) AS names FROM agency_lineage WHERE is_today GROUP BY agency_id
    ) AS today USING (agency_id)
    GROUP BY ALL
),
ordered_by AS (
    SELECT k.article_id, k.version, k.record_id, m.document_id
    FROM told AS k
    ASOF JOIN (
        SELECT article_id, version, start_offset, any_value(document_id) AS document_id
        FROM document_mention WHERE document_id IS NOT NULL AND zone NOT IN ('teaser', 'furniture')
        GROUP BY ALL
    ) AS m ON m.article_id = k.article_id AND m.version = k.version AND k.start_offset >= m.start_offset
)
SELECT
    told.text AS task,
    told.who,
    bodies.agencies,
    bodies.agencies_today,
    told.place,
    told.deadline,
    CASE
        WHEN report.report_article_id IS NOT NULL THEN 'reported done'
        WHEN told.deadline IS NULL THEN 'no deadline'
        WHEN told.deadline < as_of.day THEN 'overdue'
        ELSE 'due'
    END AS state,
    greatest(as_of.day - told.deadline, 0) AS days_overdue,
    d.number AS document,
    substring(told.article_text, told.sentence_start + 1, told.sentence_end - told.sentence_start) AS sentence,
    told.title AS article_title,
    told.url AS address,
    told.published,
    told.source,
    substring(done_article.text, report.report_start + 1, report.report_end - report.report_start) AS report_sentence,
    done_article.title AS report_article,
    done_article.url AS report_address,
    CAST(done_article.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS reported,
    told.confidence,
    as_of.day AS as_of,
    bodies.agency_ids,
    ordered_by.document_id,
    told.article_id,
    told.record_id
FROM told
CROSS JOIN as_of
LEFT JOIN bodies USING (article_id, version, record_id)
LEFT JOIN ordered_by USING (article_id, version, record_id)
LEFT JOIN document AS d ON d.document_id = ordered_by.document_id
LEFT JOIN (
    SELECT task_report.* FROM task_report
    JOIN article AS a ON a.article_id = report_article_id AND a.version = report_version
    CROSS JOIN as_of
    WHERE CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) <= as_of.day
) AS report ON report.article_id = told.article_id AND report.version = told.version AND report.record_id = told.record_id
LEFT JOIN article AS done_article ON done_article.article_id = report.report_article_id AND done_article.version = report.report_version;
COMMENT ON VIEW task_board IS 'Orders once however often they were reprinted, with what became of them. overdue means that the deadline has passed and no article in this warehouse reports the task done';
COMMENT ON COLUMN task_board.task IS 'What is ordered, word for word';
COMMENT ON COLUMN task_board.who IS 'Who must do it, as the text names them';
COMMENT ON COLUMN task_board.agencies IS 'The bodies meant, by their names of then';
COMMENT ON COLUMN task_board.agencies_today IS 'The bodies of today: those that have taken them over, or else themselves';
COMMENT ON COLUMN task_board.place IS 'Place of the article';
COMMENT ON COLUMN task_board.deadline IS 'Last day; NULL: none set';
COMMENT ON COLUMN task_board.state IS 'due, overdue, reported done, or no deadline';
COMMENT ON COLUMN task_board.days_overdue IS 'Days since the deadline as of the day looked from';
COMMENT ON COLUMN task_board.document IS 'Number of the document named last before it in the article';
COMMENT ON COLUMN task_board.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN task_board.article_title IS 'Title of the article';
COMMENT ON COLUMN task_board.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN task_board.published IS 'Day of publication in Vietnam';
COMMENT ON COLUMN task_board.source IS 'Paper, portal or collection it comes from';
COMMENT ON COLUMN task_board.report_sentence IS 'The sentence that reports it done';
COMMENT ON COLUMN task_board.report_article IS 'Title of that article';
COMMENT ON COLUMN task_board.report_address IS 'Address of that article, where it has one';
COMMENT ON COLUMN task_board.reported IS 'Day of that article';
COMMENT ON COLUMN task_board.confidence IS 'Share of such tasks expected to be right, 0 to 1';
COMMENT ON COLUMN task_board.as_of IS 'Day the row is judged from';
COMMENT ON COLUMN task_board.agency_ids IS 'Ids of the bodies in the table of agencies, separated by semicolons';
COMMENT ON COLUMN task_board.document_id IS 'Id of that document';
COMMENT ON COLUMN task_board.article_id IS 'Article it stands in';
COMMENT ON COLUMN task_board.record_id IS 'Lasting id of the record';
