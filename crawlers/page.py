"""What the crawler hands to the stages after it: one fetched page, as the archive keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One HTTP response read back from an archive.

    `headers` holds the response headers with lower-case names; where a header came more than once
    its last value counts. `body` is the payload with its transfer and content encodings undone,
    as bytes: character decoding belongs to the parser.
    """

    url: str
    fetched: datetime
    """When the page was fetched, an aware UTC time."""
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    source: str | None = None
    """Id of the source whose crawl fetched it; None in archives made by others."""
    archive: str = ""
    """Path of the WARC file, relative to the data folder where it lies in there."""
    offset: int = 0
    """Byte offset of the record's gzip member in `archive`."""
