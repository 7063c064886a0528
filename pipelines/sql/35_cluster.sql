-- Which articles are one text: syndicated, reprinted, taken over in parts.

CREATE TABLE article_cluster (
    article_id VARCHAR PRIMARY KEY,
    cluster_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL CHECK (relation IN ('alone', 'first', 'near-duplicate', 'contained')),
    similarity DOUBLE NOT NULL CHECK (similarity BETWEEN 0 AND 1),
    similar_to VARCHAR,
    CHECK ((relation IN ('alone', 'first')) = (similar_to IS NULL))
);
COMMENT ON TABLE article_cluster IS 'Every article with the cluster of near-duplicates it belongs to: what they say counts once';
COMMENT ON COLUMN article_cluster.article_id IS 'The article, in its latest version';
COMMENT ON COLUMN article_cluster.cluster_id IS 'Article of the cluster that was published first';
COMMENT ON COLUMN article_cluster.relation IS 'alone (no other has its text), first (of its cluster), near-duplicate (much the same text as similar_to), contained (most of the shorter text stands in the longer)';
COMMENT ON COLUMN article_cluster.similarity IS 'Share of the phrases of both (near-duplicate) or of the shorter (contained) that are the same; 1 for alone and first';
COMMENT ON COLUMN article_cluster.similar_to IS 'Article it is most like; NULL for alone and first';
