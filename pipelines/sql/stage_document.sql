-- Mentions to documents: the same number, of the same province, of the same day.

CREATE OR REPLACE TEMP TABLE province_name AS
SELECT DISTINCT name FROM staged_place WHERE kind IN ('province', 'municipality');

CREATE OR REPLACE TEMP TABLE placed_mention AS
WITH mention AS (
    SELECT
        m.*,
        CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS day,
        a.place AS article_place,
        -- Councils, people's committees, departments and party committees below the centre number for themselves.
        regexp_matches(m.number, '(UBND|HĐND|[-/](TU|ThU|HU|ĐU|S[A-ZĐ]+)\b)') AS is_local,
        -- A year within the number tells one year's from another's, and so do days that texts give.
        regexp_matches(m.number, '/(19|20)\d\d/') AS has_year
    FROM staged_named_document AS m
    JOIN staged_article AS a USING (article_id, version)
),
issued AS (
    SELECT m.article_id, m.version, m.record_id, max_by(p.name, length(p.name)) AS issuer_place
    FROM mention AS m
    JOIN province_name AS p ON contains(lower(nfc_normalize(m.issuer)), lower(p.name))
    GROUP BY ALL
)
SELECT
    mention.*,
    upper(nfc_normalize(number)) || CASE WHEN regexp_matches(number, '[A-Za-zĐđ]') THEN '' ELSE ' ' || coalesce(type, '') END AS number_key,
    CASE WHEN is_local THEN coalesce(issuer_place, article_place, '') ELSE '' END AS scope
FROM mention
LEFT JOIN issued USING (article_id, version, record_id);

CREATE OR REPLACE TEMP TABLE staged_document_mention AS
WITH dated AS (
    SELECT DISTINCT number_key, scope, date FROM placed_mention WHERE date IS NOT NULL AND NOT has_year
),
only_date AS (
    SELECT number_key, scope, min(date) AS date FROM dated GROUP BY ALL HAVING count(*) = 1
),
settled AS (
    -- A mention without a day means the last document of that number before the article.
    SELECT m.*, CASE WHEN NOT m.has_year THEN coalesce(m.date, before.date, only_date.date) END AS key_date
    FROM placed_mention AS m
    ASOF LEFT JOIN dated AS before
        ON before.number_key = m.number_key AND before.scope = m.scope AND m.day >= before.date
    LEFT JOIN only_date ON only_date.number_key = m.number_key AND only_date.scope = m.scope
)
SELECT
    article_id, version, record_id, zone, start_offset, end_offset, text, sentence_start, sentence_end, rule, confidence,
    CASE WHEN number IS NOT NULL THEN left(md5(concat_ws('|', number_key, scope, coalesce(CAST(key_date AS VARCHAR), ''))), 16) END AS document_id,
    number, type, date, issuer, signer, subject,
    scope
FROM settled;

CREATE OR REPLACE TEMP TABLE staged_document AS
SELECT
    document_id,
    min(number) AS number,
    min(scope) AS scope,
    first(type ORDER BY length(type) DESC, type) FILTER (type IS NOT NULL) AS type,
    min(date) AS date,
    first(issuer ORDER BY length(issuer) DESC, issuer) FILTER (issuer IS NOT NULL) AS issuer,
    first(signer ORDER BY length(signer) DESC, signer) FILTER (signer IS NOT NULL) AS signer,
    first(subject ORDER BY length(subject) DESC, subject) FILTER (subject IS NOT NULL) AS subject,
    -- issuing_agency is agencies' own: the first body that the words name.
    issuing_agency(first(issuer ORDER BY length(issuer) DESC, issuer) FILTER (issuer IS NOT NULL), min(date)) AS issuer_id
FROM staged_document_mention
WHERE document_id IS NOT NULL
GROUP BY document_id;
