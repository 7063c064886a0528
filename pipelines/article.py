"""The article: what the parser makes of a page and what extraction reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ZONES = ("title", "sapo", "body", "caption", "teaser", "furniture")


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of an article's text: `start` and `end` are string offsets, end exclusive."""

    start: int
    end: int
    name: str
    """One of `ZONES`. Teasers announce other articles; furniture is the page's own wording."""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article (or of a document that was never crawled).

    `text` holds title, sapo, paragraphs, captions and teasers in reading order, separated by blank
    lines; `zones` says which stretch is what, sorted and without overlap, and covers every line.
    """

    id: str
    """Stable over versions: made of the source's id and the canonical address, or given by the caller."""
    source: str
    url: str | None
    title: str | None
    sapo: str | None
    text: str
    zones: tuple[Zone, ...]
    published: datetime | None
    """An aware time in UTC; None where the page does not tell."""
    published_by: str | None = None
    """How the publication time was found: selector, json-ld, meta, text, htmldate or given."""
    modified: datetime | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    syndicated_from: str | None = None
    """The paper a syndication line names ("Theo Noichinh.vn" gives "Noichinh.vn")."""
    place: str | None = None
    """The province of the source, as the registry names it."""
    fetched: datetime | None = None
    content_hash: str = ""
    """SHA-256 of title and text, hexadecimal: two fetches with the same hash are one version."""
    archive: str = ""
    offset: int = 0
