-- What the checks of the last load found.

CREATE VIEW quality AS
SELECT check_id, table_name, severity, told, checked, failed, failed / nullif(checked, 0) AS failed_share
FROM quality_check;
COMMENT ON VIEW quality IS 'Checks of the last load with what they found';
COMMENT ON COLUMN quality.check_id IS 'Table and name of the check';
COMMENT ON COLUMN quality.table_name IS 'Table whose rows are checked';
COMMENT ON COLUMN quality.severity IS 'error: failing rows are in quarantine and nowhere else; warning: they are loaded and only counted';
COMMENT ON COLUMN quality.told IS 'What a failing row is';
COMMENT ON COLUMN quality.checked IS 'Rows looked at';
COMMENT ON COLUMN quality.failed IS 'Rows that failed';
COMMENT ON COLUMN quality.failed_share IS 'Share of the rows looked at; NULL: there were none';
