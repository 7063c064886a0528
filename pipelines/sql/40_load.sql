-- What the database knows of itself.

CREATE TABLE load_state (
    name VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE load_state IS 'Facts about the last load that changed something: schema_version (of the tables), schema (digest of the definitions), load (its number), loaded_at (UTC)';
COMMENT ON COLUMN load_state.name IS 'Name of the fact';
COMMENT ON COLUMN load_state.value IS 'The fact';
