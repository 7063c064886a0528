-- Who and what the facts are about. Loaded whole from the reference tables with every load.

CREATE TABLE source (
    source_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    place VARCHAR,
    kind VARCHAR NOT NULL CHECK (kind IN ('newspaper', 'portal', 'documents', 'unknown')),
    hosts VARCHAR[] NOT NULL,
    verified DATE,
    valid_from DATE,
    valid_to DATE,
    successor VARCHAR
);
COMMENT ON TABLE source IS 'Sites that articles come from, as the registry of sources declares them, and sources that given documents name';
COMMENT ON COLUMN source.source_id IS 'Id of the source in the registry';
COMMENT ON COLUMN source.name IS 'Name of the paper or portal';
COMMENT ON COLUMN source.place IS 'Province the source reports on, as the registry names it';
COMMENT ON COLUMN source.kind IS 'newspaper, portal, documents (a register of documents), or unknown where only given documents name the source';
COMMENT ON COLUMN source.hosts IS 'Host names the source is fetched from';
COMMENT ON COLUMN source.verified IS 'Day the entry was last tried against the live site; NULL: never';
COMMENT ON COLUMN source.valid_from IS 'First day the site was this place''s; NULL: not known';
COMMENT ON COLUMN source.valid_to IS 'Last day the site was this place''s; NULL: still';
COMMENT ON COLUMN source.successor IS 'Source that carries it on';

CREATE TABLE place (
    place_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    full_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_id VARCHAR,
    valid_from DATE,
    valid_to DATE,
    successor_ids VARCHAR[] NOT NULL,
    territory VARCHAR NOT NULL,
    aliases VARCHAR[] NOT NULL,
    gso_code VARCHAR,
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
COMMENT ON TABLE place IS 'The country, its regions, provinces and districts, each with its time: a unit that was merged and the one that took its name are two rows';
COMMENT ON COLUMN place.place_id IS 'Id of the place in the table of places';
COMMENT ON COLUMN place.name IS 'Name without the kind of unit: Lào Cai';
COMMENT ON COLUMN place.full_name IS 'Name with the kind of unit: tỉnh Lào Cai';
COMMENT ON COLUMN place.kind IS 'country, region, province, municipality, city, district, town and so on';
COMMENT ON COLUMN place.parent_id IS 'Place it lies in';
COMMENT ON COLUMN place.valid_from IS 'First day of the unit; NULL: before the time looked at';
COMMENT ON COLUMN place.valid_to IS 'Last day of the unit; NULL: it exists';
COMMENT ON COLUMN place.successor_ids IS 'Places that took it over';
COMMENT ON COLUMN place.territory IS 'Rows with the same value cover the same land: figures of the one may be set against targets of the other';
COMMENT ON COLUMN place.aliases IS 'Other spellings and names';
COMMENT ON COLUMN place.gso_code IS 'Code of the statistics office';

CREATE TABLE agency (
    agency_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    domain VARCHAR,
    signs VARCHAR[] NOT NULL,
    valid_from DATE,
    valid_to DATE,
    successor_ids VARCHAR[] NOT NULL,
    aliases VARCHAR[] NOT NULL,
    CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
COMMENT ON TABLE agency IS 'Bodies that issue documents, give and receive tasks, with their names over time';
COMMENT ON COLUMN agency.agency_id IS 'Id of the body in the table of agencies';
COMMENT ON COLUMN agency.name IS 'Name of the body';
COMMENT ON COLUMN agency.level IS 'Level of government: central, province and so on';
COMMENT ON COLUMN agency.kind IS 'What kind of body: party, ministry, department and so on';
COMMENT ON COLUMN agency.domain IS 'What it is in charge of';
COMMENT ON COLUMN agency.signs IS 'Signs of the body in document numbers: UBND, BTC';
COMMENT ON COLUMN agency.valid_from IS 'First day under this name; NULL: before the time looked at';
COMMENT ON COLUMN agency.valid_to IS 'Last day under this name; NULL: still';
COMMENT ON COLUMN agency.successor_ids IS 'Bodies that took it over';
COMMENT ON COLUMN agency.aliases IS 'Other names and abbreviations';

CREATE TABLE unit (
    unit VARCHAR PRIMARY KEY,
    dimension VARCHAR NOT NULL,
    base_unit VARCHAR NOT NULL,
    factor DECIMAL(38, 9) NOT NULL CHECK (factor > 0)
);
COMMENT ON TABLE unit IS 'Units of measure that texts use, and what one of each is in the base unit of its dimension';
COMMENT ON COLUMN unit.unit IS 'The unit as records write it';
COMMENT ON COLUMN unit.dimension IS 'What it measures: share, points, money, area, weight and so on';
COMMENT ON COLUMN unit.base_unit IS 'Unit that figures of this dimension are compared in';
COMMENT ON COLUMN unit.factor IS 'How many base units one of it is';

CREATE TABLE indicator (
    indicator_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    cumulative BOOLEAN NOT NULL,
    good_direction VARCHAR CHECK (good_direction IN ('up', 'down')),
    variant_of VARCHAR,
    aliases VARCHAR[] NOT NULL
);
COMMENT ON TABLE indicator IS 'Catalogue of indicators: what each measures and how it can be compared';
COMMENT ON COLUMN indicator.indicator_id IS 'Id of the indicator in the catalogue';
COMMENT ON COLUMN indicator.name IS 'Name in Vietnamese';
COMMENT ON COLUMN indicator.name_en IS 'Name in English';
COMMENT ON COLUMN indicator.topic IS 'Group of the national system of indicators';
COMMENT ON COLUMN indicator.measure IS 'What it is: stock, flow, rate, growth and so on';
COMMENT ON COLUMN indicator.dimension IS 'What its unit measures: share, money, area and so on';
COMMENT ON COLUMN indicator.unit IS 'Usual unit';
COMMENT ON COLUMN indicator.cumulative IS 'Whether its figure runs up through the year';
COMMENT ON COLUMN indicator.good_direction IS 'Which way is good: up or down; NULL: neither';
COMMENT ON COLUMN indicator.variant_of IS 'Indicator it is another measure of: the growth of a level, the share of a total';
COMMENT ON COLUMN indicator.aliases IS 'Other wordings of it';
