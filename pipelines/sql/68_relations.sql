-- Figures that contradict each other, and where old places lie today.

CREATE VIEW contradictions AS
WITH told AS (
    SELECT
        series, kind, unit, period_from, period_to, value, indicator_id, place_id,
        count(DISTINCT cluster_id) AS told,
        arg_max(article_id, confidence) AS article_id,
        arg_max(record_id, confidence) AS record_id,
        max(confidence) AS confidence,
        min(published) AS published
    FROM observation
    WHERE role != 'target' AND stage != 'forecast' AND indicator_id IS NOT NULL AND place_id IS NOT NULL
        AND value IS NOT NULL AND period_to IS NOT NULL AND kind IN ('level', 'change')
        AND confidence >= (SELECT value FROM setting WHERE name = 'threshold')
    GROUP BY ALL
),
apart AS (
    SELECT
        *,
        min(article_id) OVER same_thing != max(article_id) OVER same_thing AS by_several,
        max(value) OVER same_thing AS most,
        min(value) OVER same_thing AS least
    FROM told
    WINDOW same_thing AS (PARTITION BY series, period_from, period_to)
)
SELECT
    i.name AS indicator_name,
    place.name AS place,
    apart.period_from,
    apart.period_to,
    apart.value,
    apart.unit,
    apart.kind,
    apart.told AS articles,
    substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS sentence,
    a.title AS article_title,
    a.url AS address,
    apart.published,
    apart.confidence,
    apart.indicator_id,
    apart.place_id,
    apart.article_id,
    apart.record_id
FROM apart
JOIN article AS a ON a.article_id = apart.article_id AND a.is_latest
JOIN statement AS s ON s.article_id = a.article_id AND s.version = a.version AND s.record_id = apart.record_id
JOIN indicator AS i ON i.indicator_id = apart.indicator_id
JOIN place ON place.place_id = apart.place_id
-- One rounded ("gần 7,4%") is no other figure; what one article tells apart are two things.
WHERE by_several AND most - least > 0.01 * greatest(abs(most), abs(least));
COMMENT ON VIEW contradictions IS 'Different figures of several articles for one indicator, place and period, each sure enough and with its sentence; rounding apart';
COMMENT ON COLUMN contradictions.indicator_name IS 'The indicator''s name in the catalogue';
COMMENT ON COLUMN contradictions.place IS 'The place';
COMMENT ON COLUMN contradictions.period_from IS 'First day of the period; NULL: open';
COMMENT ON COLUMN contradictions.period_to IS 'Last day of the period';
COMMENT ON COLUMN contradictions.value IS 'One of the figures, in unit';
COMMENT ON COLUMN contradictions.unit IS 'Base unit';
COMMENT ON COLUMN contradictions.kind IS 'level or change';
COMMENT ON COLUMN contradictions.articles IS 'In how many articles it stands, reprints counted once';
COMMENT ON COLUMN contradictions.sentence IS 'The sentence, word for word';
COMMENT ON COLUMN contradictions.article_title IS 'Title of the article';
COMMENT ON COLUMN contradictions.address IS 'Address of the article, where it has one';
COMMENT ON COLUMN contradictions.published IS 'Day it was first published';
COMMENT ON COLUMN contradictions.confidence IS 'Share of such figures expected to be right, 0 to 1';
COMMENT ON COLUMN contradictions.indicator_id IS 'Indicator of the catalogue';
COMMENT ON COLUMN contradictions.place_id IS 'Place in the table of places';
COMMENT ON COLUMN contradictions.article_id IS 'Article it stands in';
COMMENT ON COLUMN contradictions.record_id IS 'Lasting id of the record';

CREATE VIEW place_lineage AS
WITH RECURSIVE line AS (
    SELECT place_id, place_id AS later_id, 0 AS steps FROM place
    UNION ALL
    SELECT line.place_id, next.later_id, line.steps + 1
    FROM line
    JOIN (SELECT place_id, unnest(successor_ids) AS later_id FROM place) AS next ON next.place_id = line.later_id
    WHERE line.steps < 10
)
SELECT
    p.place_id, p.name, p.kind, p.valid_from, p.valid_to,
    later.place_id AS later_id, later.name AS later_name, line.steps,
    later.valid_to IS NULL AS is_today,
    later.territory = p.territory AS same_land
FROM line
JOIN place AS p ON p.place_id = line.place_id
JOIN place AS later ON later.place_id = line.later_id;
COMMENT ON VIEW place_lineage IS 'Every place with itself and all that took it over: WHERE later_id = ''thai-nguyen'' finds Bắc Kạn and both Thái Nguyên';
COMMENT ON COLUMN place_lineage.place_id IS 'A place';
COMMENT ON COLUMN place_lineage.name IS 'Its name';
COMMENT ON COLUMN place_lineage.kind IS 'country, region, province and so on';
COMMENT ON COLUMN place_lineage.valid_from IS 'First day of the place; NULL: before the time looked at';
COMMENT ON COLUMN place_lineage.valid_to IS 'Last day of the place; NULL: it exists';
COMMENT ON COLUMN place_lineage.later_id IS 'The place itself, or one that took it over';
COMMENT ON COLUMN place_lineage.later_name IS 'Name of that one';
COMMENT ON COLUMN place_lineage.steps IS 'How many reforms lie between';
COMMENT ON COLUMN place_lineage.is_today IS 'Whether the later one exists';
COMMENT ON COLUMN place_lineage.same_land IS 'Whether both cover the same land, so that their figures compare';
