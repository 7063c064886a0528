-- vi: Văn bản được nhắc đến, nhiều bài nhắc nhất trước
-- en: Documents that are named, the most reported first
SELECT number, type, date, issuer, place, subject, articles, mentions, first_published, last_published, address
FROM documents
WHERE ($places IS NULL OR list_contains($places, fold(place)))
    AND ($year IS NULL OR year(coalesce(date, first_published)) = $year)
ORDER BY articles DESC, mentions DESC, number, document_id
