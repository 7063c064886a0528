-- Numbers that the rules of comparison use.

CREATE TABLE setting (
    name VARCHAR PRIMARY KEY,
    value DOUBLE NOT NULL
);
COMMENT ON TABLE setting IS 'Numbers of data/comparison.toml that the views use';
COMMENT ON COLUMN setting.name IS 'Key in that file; keys of a table after its name and a dot';
COMMENT ON COLUMN setting.value IS 'The number';
