"""What the tests of the parser share: stored pages made of files and strings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chitieu.crawlers.page import StoredPage

FETCHED = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def saved_pages() -> Path:
    """The folder of saved pages, each with its expected reading beside it."""
    return Path(__file__).parent / "pages"


@pytest.fixture(scope="session")
def stored() -> Callable[..., StoredPage]:
    """Make a stored page of bytes or text, as if fetched on 2026-11-22."""

    def make(
        body: bytes | str,
        *,
        url: str = "https://baobennua.example/kinh-te/bai-viet-post418207.html",
        status: int = 200,
        content_type: str = "text/html",
        fetched: datetime = FETCHED,
        **headers: str,
    ) -> StoredPage:
        raw = body.encode() if isinstance(body, str) else body
        return StoredPage(url=url, fetched=fetched, status=status, headers={"content-type": content_type, **headers}, body=raw)

    return make
