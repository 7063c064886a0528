"""Attached file → article: the text of a PDF or DOCX with what the register's entry says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.pipelines.article import Article, Zone
from chitieu.pipelines.dates import parse_published
from chitieu.pipelines.decoding import mend_text
from chitieu.pipelines.filetext import FileText, read_file
from chitieu.pipelines.markup import clean
from chitieu.pipelines.parse import article_id
from chitieu.pipelines.refusal import NotArticle

_HEAD = 25
"""Paragraphs in which a document names its day and subject."""
_SHINGLE = 6
_SAME = 0.8
"""Share of a file's words in a row that stand on its page too, from which it says the same."""
_NO_TITLE = ("cộng hòa xã hội", "cộng hoà xã hội", "độc lập", "số:", "ủy ban nhân dân", "uỷ ban nhân dân", "kính gửi")


@dataclass(frozen=True, slots=True)
class Parent:
    """What the page says that a file is attached to."""

    title: str | None
    published: datetime | None
    published_by: str | None
    text: str


def parse_attachment(
    page: StoredPage, source: Source | None, parent: Parent | None
) -> tuple[Article | NotArticle, NotArticle | None]:
    """The article in an attached file, or why there is none: `needs_ocr` for pictures of paper.

    Beside an article of which only some pages have a text layer, also a `needs_ocr` for the others.

    Title and day are those of the page it is attached to, or else read from its head. A file that only
    repeats its page is none. Runs a child process for each file; never raises on its content.
    """
    found = read_file(page.body)
    if found.cause is not None:
        return NotArticle(found.cause, found.detail), None
    rest = NotArticle("needs_ocr", _unread_pages(found)) if found.unread_pages else None
    # Mended first: cleaning takes soft hyphens away, which in the fonts before Unicode are letters.
    mended, _ = mend_text("\n".join(found.paragraphs))
    text = _joined([line for raw in mended.split("\n") if (line := clean(raw))])
    if not text:
        return NotArticle("no-text", "the file holds no text"), rest
    if parent is not None and _share_of(text, parent.text) >= _SAME:
        return NotArticle("says-the-same", "the page it is attached to holds the same text"), rest
    paragraphs = text.split("\n\n")
    published, published_by = _published(paragraphs, parent, page)
    article = Article(
        id=article_id(page, source),
        source=source.id if source else page.source or urlsplit(page.url).netloc,
        url=page.url,
        title=(parent and parent.title) or _title(paragraphs) or unquote(urlsplit(page.url).path.rpartition("/")[2]),
        sapo=None,
        text=text,
        zones=(Zone(0, len(text), "body"),),
        published=published,
        published_by=published_by,
        place=source.place if source else None,
        fetched=page.fetched.astimezone(UTC),
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        archive=page.archive,
        offset=page.offset,
    )
    return article, rest


def _joined(lines: Sequence[str]) -> str:
    """Paragraphs with blank lines between them; the rows of a table stay together."""
    parts = [lines[0]] if lines else []
    for before, line in zip(lines, lines[1:], strict=False):
        parts += ["\n" if " | " in before and " | " in line else "\n\n", line]
    return "".join(parts)


def _unread_pages(found: FileText) -> str:
    """For people: which pages have no text layer."""
    numbers = ", ".join(map(str, found.unread_pages[:20]))
    return f"pages without a text layer: {numbers}{' …' if len(found.unread_pages) > 20 else ''} of {found.pages}"


def _published(paragraphs: Sequence[str], parent: Parent | None, page: StoredPage) -> tuple[datetime | None, str | None]:
    if parent is not None and parent.published is not None:
        return parent.published, parent.published_by
    for line in paragraphs[:_HEAD]:
        if "ngày" in line.lower() and len(line) <= 120 and (when := parse_published(line)) and when <= page.fetched:
            return when, "text"
    return None, None


def _title(paragraphs: Sequence[str]) -> str | None:
    """The first line of the head that says what it is about."""
    for line in paragraphs[:_HEAD]:
        if 25 <= len(line) <= 300 and not line.lower().startswith(_NO_TITLE):
            return line
    return None


def _share_of(text: str, other: str) -> float:
    """How much of `text` stands in `other`, by words in a row, whatever the breaks between lines."""
    own, known = _shingles(text), _shingles(other)
    return len(own & known) / len(own) if own else 0.0


def _shingles(text: str) -> set[int]:
    words = text.lower().split()
    return {hash(tuple(words[at : at + _SHINGLE])) for at in range(max(1, len(words) - _SHINGLE + 1))}
