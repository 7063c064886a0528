-- Who is meant by the addressees of tasks, and which tasks were reported done.

CREATE TABLE task_agency (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    agency_id VARCHAR NOT NULL,
    PRIMARY KEY (article_id, version, record_id, agency_id)
);
COMMENT ON TABLE task_agency IS 'Bodies of the table of agencies that a task''s addressee names; which province''s it is tells the task';
COMMENT ON COLUMN task_agency.article_id IS 'Article of the task';
COMMENT ON COLUMN task_agency.version IS 'Version of that article';
COMMENT ON COLUMN task_agency.record_id IS 'The task';
COMMENT ON COLUMN task_agency.agency_id IS 'A body that is told to do it';

CREATE TABLE task_report (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    report_article_id VARCHAR NOT NULL,
    report_version INTEGER NOT NULL,
    report_start INTEGER NOT NULL,
    report_end INTEGER NOT NULL,
    likeness DOUBLE NOT NULL CHECK (likeness BETWEEN 0 AND 1),
    PRIMARY KEY (article_id, version, record_id),
    CHECK (report_start < report_end)
);
COMMENT ON TABLE task_report IS 'Tasks that a later article of the same place reports as done';
COMMENT ON COLUMN task_report.article_id IS 'Article of the task';
COMMENT ON COLUMN task_report.version IS 'Version of that article';
COMMENT ON COLUMN task_report.record_id IS 'The task';
COMMENT ON COLUMN task_report.report_article_id IS 'Article that reports it done';
COMMENT ON COLUMN task_report.report_version IS 'Version of that article';
COMMENT ON COLUMN task_report.report_start IS 'First character of the reporting sentence';
COMMENT ON COLUMN task_report.report_end IS 'Character after its last';
COMMENT ON COLUMN task_report.likeness IS 'Share of the task''s words that the sentence has';
