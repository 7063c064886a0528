"""Every article of the sample portals, fetched over HTTP and read with and without the source's selectors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.request import urlopen

import pytest

from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source, load_registry
from chitieu.pipelines.article import Article
from chitieu.pipelines.parse import NotArticle, parse_page
from chitieu.pipelines.sample import SampleSite

VIETNAM = timezone(timedelta(hours=7))


@pytest.fixture(scope="module")
def site() -> Iterator[SampleSite]:
    with SampleSite(edition=2) as running:
        yield running


@pytest.fixture(scope="module")
def registry(site: SampleSite, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    folder: Path = tmp_path_factory.mktemp("registry")
    site.write_registry(folder)
    return {name: source for name, source in load_registry(folder).items() if source.local}


def fetch(url: str) -> StoredPage:
    with urlopen(url) as answer:
        return StoredPage(url, datetime.now(UTC), answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())


def own_lines(article: Article, zone_name: str) -> list[str]:
    lines = (line for zone in article.zones if zone.name == zone_name for line in article.text[zone.start : zone.end].split("\n"))
    return [re.sub(r"^- ", "", line) for line in lines if line]


@pytest.mark.parametrize("with_source", [True, False], ids=["selectors", "structure"])
def test_every_article_reads_as_it_was_written(site: SampleSite, registry: dict[str, Source], with_source: bool) -> None:
    wrong: list[object] = []
    for written in site.articles():
        source = registry[written.portal] if with_source else None
        read = parse_page(fetch(site.url(written)), source)
        assert isinstance(read, Article), (written.slug, read)
        body = own_lines(read, "body")
        if written.document:
            # The register's entry stands before the text.
            assert f"Số ký hiệu: {written.document.number}" in body
            body = body[next(n for n, line in enumerate(body) if not re.match(r"[^:]{6,20}: \S", line)) :]
        paragraphs = [re.sub(r"^[-*] ", "", " ".join(line.split())) for part in written.body for line in part.split("\n") if line.strip()]
        checks = {
            "title": (read.title, written.title),
            "sapo": (read.sapo or "", written.sapo),
            "body": (body, paragraphs),
            "captions": (sorted(own_lines(read, "caption")), sorted(written.captions)),
            "tags": (sorted(read.tags), sorted(written.tags)),
            "author": (read.author or "", written.author),
            "syndicated": (read.syndicated_from or "", re.sub(r"^(?:Theo|Nguồn:?) ", "", written.syndicated_from)),
            "day": (read.published and read.published.astimezone(VIETNAM).date(), written.published.astimezone(VIETNAM).date()),
        }
        wrong += [(written.portal, written.id, name, *pair) for name, pair in checks.items() if pair[0] != pair[1]]
    assert not wrong


def test_teasers_keep_their_figures_out_of_the_story(site: SampleSite, registry: dict[str, Source]) -> None:
    titles = {article.title for article in site.articles()}
    announced = 0
    for written in site.articles():
        read = parse_page(fetch(site.url(written)), registry[written.portal])
        assert isinstance(read, Article)
        others = titles - {written.title}
        assert not others.intersection(own_lines(read, "body"))
        announced += len(others.intersection(own_lines(read, "teaser")))
    assert announced > len(titles)


def test_no_listing_passes_for_an_article(site: SampleSite, registry: dict[str, Source]) -> None:
    for source in registry.values():
        for address in source.start:
            result = parse_page(fetch(address), source)
            assert isinstance(result, NotArticle), address
            assert result.reason in ("listing", "feed")
