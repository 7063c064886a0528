"""Trying again: just what failed, in each stage, and nothing else of the site."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.sources import Source, load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines import database
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.retrying import retry_failures
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store

PORTAL = "cong-lao-cai"
QUICK = CrawlOptions(backoff=0.01)


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as running:
        yield running


@pytest.fixture
def registry(site: SampleSite, tmp_path: Path) -> dict[str, Source]:
    site.write_registry(tmp_path / "registry")
    return load_registry(tmp_path / "registry")


@pytest.mark.slow
def test_addresses_and_pages_that_failed_are_tried_again_and_no_others(site: SampleSite, registry: dict[str, Source], tmp_path: Path) -> None:
    store = Store(tmp_path / "store").prepare()
    addresses = [site.url(article) for article in site.articles() if article.portal == PORTAL]
    down, up_again, empty = addresses[:3]
    paths = {url: urlsplit(url).path for url in addresses}
    site.broken = {paths[down]: HTTPStatus.BAD_GATEWAY, paths[up_again]: HTTPStatus.BAD_GATEWAY, paths[empty]: HTTPStatus.OK}
    crawl([registry[PORTAL]], store.root, options=QUICK)
    ingest(store, registry)
    with State(store.root) as state:
        assert {failure.subject for failure in state.failures("crawl", unresolved=True)} == {down, up_again}
        assert {failure.subject for failure in state.failures("ingest", unresolved=True)} == {empty}

    site.broken = {paths[down]: HTTPStatus.BAD_GATEWAY}
    crawl([registry[PORTAL]], store.root, options=QUICK, retry={PORTAL: [empty]})
    site.hits.clear()
    report = retry_failures(store, registry, None, QUICK)
    asked = {hit.path for hit in site.hits} - {"/robots.txt"}
    assert asked == {paths[down], paths[up_again]}, "what did not fail is not asked for again"
    assert (report.tried, report.resolved, report.left) == (3, 2, 0)
    with State(store.root) as state:
        (standing,) = state.failures(unresolved=True)
        assert (standing.subject, standing.cause) == (down, "http-502")
        (run,) = state.runs("retry")
        assert (run.outcome, run.failures, run.articles > 0) == ("failures", 1, True)
        assert {part.stage for part in state.run_and_parts(run.id)[1:]} == {"crawl", "ingest", "extract", "load"}
    with database.open_reader(store) as con:
        assert {url for (url,) in con.execute("SELECT url FROM article").fetchall()} == set(addresses) - {down}
