"""The sample portals, running, and a plain client to ask them with."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from chitieu.pipelines.sample import SampleSite


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="session")
def running() -> Iterator[SampleSite]:
    with SampleSite() as running:
        yield running


@pytest.fixture
def site(running: SampleSite) -> SampleSite:
    """The portals in their first edition, with nothing asked yet."""
    running.edition = 1
    running.hits.clear()
    return running


@pytest.fixture
def ask() -> Callable[..., Answer]:
    """`ask(url, method="GET", **headers)`: one request, nothing followed, nothing cached."""

    def request(url: str, method: str = "GET", **headers: str) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    return request
