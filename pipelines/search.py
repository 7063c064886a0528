"""Search over sentences that finds words typed without their diacritics.

The warehouse keeps each sentence folded: lower case, no diacritics, words between single blanks. A
query is folded the same way, so a word or a phrase is found by `contains`, which DuckDB answers by
reading one column: fast enough without an index that would have to be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from chitieu.nlp.sentences import find_sentences
from chitieu.nlp.text import read
from chitieu.nlp.zones import find_zones
from chitieu.pipelines.database import Connection
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.stage import chunks

_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_SENTENCES = pa.schema(
    [
        ("article_id", pa.string()),
        ("version", pa.int32()),
        ("start_offset", pa.int32()),
        ("end_offset", pa.int32()),
        ("zone", pa.string()),
        ("text", pa.string()),
        ("text_hash", pa.string()),
    ]
)
_ARTICLES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found, and where it stands."""

    sentence: str
    article_title: str | None
    address: str | None
    published: date | None
    source: str
    place: str | None
    article_id: str
    start_offset: int
    end_offset: int


def index_sentences(con: Connection) -> int:
    """Cut the articles whose text is new into sentences, drop those of texts that are gone.

    Gives back how many sentences were added. To be called by the writer, within its transaction.
    """
    con.execute("""
        DELETE FROM sentence WHERE (article_id, version, text_hash) NOT IN (
            SELECT (article_id, version, md5(text)) FROM article WHERE is_latest)
    """)
    pending = con.execute("""
        SELECT article_id, version, text, zones, md5(text) AS text_hash FROM article
        WHERE is_latest AND (article_id, version) NOT IN (SELECT (article_id, version) FROM sentence)
        ORDER BY article_id
    """).fetchall()
    added = 0
    for articles in chunks(pending, _ARTICLES_AT_ONCE):
        rows = [row for article in articles for row in _sentences_of(*article)]
        con.register("cut_sentence", pa.Table.from_pylist(rows, _SENTENCES))
        con.execute("""
            INSERT INTO sentence SELECT * EXCLUDE (text, text_hash), fold_words(text), text_hash FROM cut_sentence
        """)
        con.unregister("cut_sentence")
        added += len(rows)
    return added


def search(con: Connection, words: str, *, place: str | None = None, limit: int = 20) -> list[Hit]:
    """The sentences that have all of `words`; "words in quotes" stand together in that order.

    Diacritics may be missing from the query. Sentences with the whole query as a phrase and with
    the diacritics as they were typed come first, then the newest. Teasers of other articles and the
    page's own wording are left out. Raises WrongCall where there is nothing to look for.
    """
    terms = [next(filter(None, match.groups()), "") for match in _QUOTED.finditer(words)]
    terms = [term for term in terms if any(map(str.isalnum, term))]
    if not terms:
        raise WrongCall("give the words to look for, such as: giai ngan von dau tu")
    rows = con.execute(_QUERY, {"terms": terms, "phrase": " ".join(terms), "place": place, "limit": limit}).fetchall()
    return [Hit(*row) for row in rows]


_QUERY = """
WITH folded_term AS (
    SELECT list_transform($terms, lambda term: fold_words(term)) AS terms
),
found AS (
    SELECT s.article_id, s.version, s.start_offset, s.end_offset, contains(s.folded, fold_words($phrase)) AS together
    FROM sentence AS s, folded_term AS t
    WHERE s.zone NOT IN ('teaser', 'furniture')
        AND len(list_filter(t.terms, lambda term: NOT contains(s.folded, term))) = 0
),
told AS (
    SELECT
        found.*,
        substring(a.text, found.start_offset + 1, found.end_offset - found.start_offset) AS sentence,
        a.title, a.url, CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) AS published,
        source.name AS source, a.place
    FROM found
    JOIN article AS a ON a.article_id = found.article_id AND a.version = found.version
    JOIN source USING (source_id)
    WHERE $place IS NULL OR fold(a.place) = fold($place)
)
SELECT sentence, title, url, published, source, place, article_id, start_offset, end_offset
FROM told
ORDER BY
    together DESC,
    len(list_filter($terms, lambda term: contains(lower(nfc_normalize(sentence)), lower(nfc_normalize(term))))) DESC,
    published DESC NULLS LAST, article_id, start_offset
LIMIT $limit
"""


def _sentences_of(
    article_id: str, version: int, text: str, zones: list[dict[str, Any]], text_hash: str
) -> Iterator[dict[str, Any]]:
    reading = read(text)
    # Texts that were given without zones have those that extraction finds.
    known = [(zone["start"], zone["end"], zone["name"]) for zone in zones]
    known = known or [(zone.start, zone.end, zone.name) for zone in find_zones(text)]
    at = 0
    for plain in find_sentences(reading):
        start, end = reading.to_stored(*plain)
        while at < len(known) and known[at][1] <= start:
            at += 1
        if start < end:
            zone = known[at][2] if at < len(known) and known[at][0] <= start else "body"
            yield {
                "article_id": article_id, "version": version, "start_offset": start, "end_offset": end,
                "zone": zone, "text": text[start:end], "text_hash": text_hash,
            }  # fmt: skip

