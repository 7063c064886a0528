"""Pages drawn by script, with a real browser where there is one."""

from __future__ import annotations

import shutil
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import read_archive
from chitieu.crawlers.browser import NoBrowser, browser_settings
from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.state import State

no_browser = find_spec("scrapy_playwright") is None or not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))


def drawn(web: Any, markup: str, more: str = "") -> Any:
    script = f"document.getElementById('app').innerHTML = `{markup}`; {more}"
    return web.Answer(f"<html><body><div id=app></div><script>{script}</script></body></html>")


@pytest.mark.slow
@pytest.mark.skipif(no_browser, reason="needs the extra `browser` and a Chromium")
def test_a_browser_draws_what_scripts_draw_and_goes_nowhere_else(site: Any, make_site: Any, web: Any, tmp_path: Path) -> None:
    other = make_site()
    away = f"fetch('{other.url('/theo-doi')}'); new Image().src = 'http://169.254.169.254/x'"
    site.pages["/tin"] = drawn(web, f'<a href="{web.article_path(1)}">Bài</a>', away)
    site.pages[web.article_path(1)] = drawn(web, "<p>Nội dung được vẽ</p>")
    report = crawl([site.source(script=True)], tmp_path, options=CrawlOptions(browser=True))
    assert report.failures == 0 and report.sources[0].articles == 1
    pages = [page for path in tmp_path.glob("warc/*/*.gz") for page in read_archive(path)]
    assert any("<p>Nội dung được vẽ</p>" in page.body.decode() for page in pages)
    assert site.asked[0].path == "/robots.txt" and other.asked == []


@pytest.mark.slow
@pytest.mark.skipif(no_browser, reason="needs the extra `browser` and a Chromium")
def test_a_page_that_loads_too_much_is_closed_and_no_cookie_is_kept(site: Any, web: Any, tmp_path: Path) -> None:
    large, small = web.article_path(1), web.article_path(2)
    site.pages["/tin"] = drawn(web, f'<a href="{large}">A</a><a href="{small}">B</a>', "document.cookie = 'ai=toi'")
    site.pages[large] = drawn(web, "<p>Vừa</p>", "fetch('/du-lieu').then(answer => answer.text())")
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while sent < 2_000_000_000:
            handler.wfile.write(bytes(100_000))
            sent += 100_000

    site.pages["/du-lieu"] = web.Answer(behave=endless)
    site.pages[small] = drawn(web, "<p>Nhỏ</p>")
    report = crawl([site.source(script=True)], tmp_path, options=CrawlOptions(browser=True, max_bytes=1_000_000))
    assert report.sources[0].articles == 1 and sent < 200_000_000
    with State(tmp_path) as state:
        assert [(f.subject, f.cause) for f in state.failures()] == [(site.url(large), "too-large")]
    assert not [asked.path for asked in site.asked if "cookie" in asked.headers and asked.path != "/favicon.ico"]


def test_without_being_asked_it_is_reported(site: Any, web: Any, tmp_path: Path) -> None:
    site.pages["/tin"] = drawn(web, f'<a href="{web.article_path(1)}">Bài</a>')
    crawl([site.source(script=True)], tmp_path, options=CrawlOptions())
    with State(tmp_path) as state:
        (failure,) = state.failures()
    assert failure.cause == "script-drawn" and "--browser" in failure.detail


@pytest.mark.skipif(find_spec("scrapy_playwright") is None, reason="needs the extra `browser`")
def test_names_are_pinned_to_checked_addresses(site: Any) -> None:
    (rules, *_) = browser_settings(site.source(), "x", 5)["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"]
    assert "MAP 127.0.0.1 127.0.0.1" in rules and rules.endswith("MAP * ~NOTFOUND")
    named = site.source(local=False, delay=1).model_copy(update={"hosts": ("localhost:8000",)})
    with pytest.raises(NoBrowser, match="can be found"):
        browser_settings(named, "x", 5)
