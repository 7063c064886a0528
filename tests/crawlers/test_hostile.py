"""One crawl of a server that does everything wrong: each fault is told and the rest goes on."""

from __future__ import annotations

import gzip
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import read_archive
from chitieu.crawlers.crawl import CrawlOptions, CrawlReport, crawl
from chitieu.crawlers.guard import is_public
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import State

LIMIT = 200_000
GOOD = [f"/bai/bai-tot-thu-{n}.html" for n in range(1, 4)]


def raw(*pieces: bytes, pause: float = 0) -> Any:
    """Write these bytes to the connection as they are, then cut it."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            if pause:
                time.sleep(pause)

    return behave


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def faults(web: Any) -> dict[str, Any]:
    """Article path → what the server does with it."""
    answer = web.Answer
    bomb = gzip.compress(b"<p>0</p>" * LIMIT)
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    return {
        "/bai/loi-may-chu-500.html": answer("hỏng", status=500),
        "/bai/bi-cat-ngang-1.html": answer(behave=raw(b"HTTP/1.1 200 OK\r\nContent-Ty")),
        "/bai/khong-tra-loi-2.html": answer(behave=raw()),
        "/bai/thieu-duoi-3.html": answer(behave=raw(HEAD + b"Content-Length: 5000\r\n\r\n", b"<p>nua bai")),
        "/bai/cham-nhu-rua-4.html": answer(behave=raw(HEAD + b"Content-Length: 50\r\n\r\n", b"<p>", b"a", pause=2)),
        "/bai/to-qua-bao-truoc-5.html": answer("x" * (LIMIT + 1)),
        "/bai/to-qua-khong-bao-6.html": answer(
            behave=raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 60, b"0\r\n\r\n")
        ),
        "/bai/bom-nen-7.html": answer(bomb, headers={"Content-Encoding": "gzip"}),
        "/bai/nen-hong-8.html": answer(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
        "/bai/quanh-quan-9.html": answer(status=302, headers={"Location": "/bai/quanh-quan-9.html"}),
        "/bai/ra-ngoai-10.html": answer(status=302, headers={"Location": "http://127.0.0.1:1/bai/ngoai-11.html"}),
        "/bai/ra-trong-nha-12.html": answer(status=302, headers={"Location": "http://169.254.169.254/bai/x-1.html"}),
        "/bai/giao-thuc-la-13.html": answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "/bai/ve-trang-chu-14.html": answer(status=301, headers={"Location": "/tin"}),
        "/bai/rong-khong-15.html": answer("  \n"),
        "/bai/la-anh-16.html": answer(b"\xff\xd8\xff\xe0", type="image/jpeg"),
        "/bai/khong-con-17.html": answer("mất rồi", status=404),
        "/bai/cam-may-18.html": answer("<p>cấm</p>"),
    }


EXPECTED = {
    "/bai/loi-may-chu-500.html": "http-500",
    "/bai/bi-cat-ngang-1.html": "connection-cut",
    "/bai/khong-tra-loi-2.html": "connection-cut",
    "/bai/thieu-duoi-3.html": "truncated",
    "/bai/cham-nhu-rua-4.html": "timeout",
    "/bai/to-qua-bao-truoc-5.html": "too-large",
    "/bai/to-qua-khong-bao-6.html": "too-large",
    "/bai/bom-nen-7.html": "too-large",
    "/bai/nen-hong-8.html": "bad-encoding",
    "/bai/quanh-quan-9.html": "redirect-loop",
    "/bai/ra-ngoai-10.html": "off-site",
    "/bai/ra-trong-nha-12.html": "off-site",
    "/bai/giao-thuc-la-13.html": "http-302",
    "/bai/ve-trang-chu-14.html": "redirected-away",
    "/bai/rong-khong-15.html": "empty-body",
    "/bai/la-anh-16.html": "not-html",
    "/bai/khong-con-17.html": "http-404",
    "/bai/cam-may-18.html": "robots",
}
LISTINGS = {
    "/vong-lap": "listing-loop",
    "/vo-tan": "listing-too-long",
    "/rong-ruot": "script-drawn",
    "/feed-hong": "no-links",
}


def listings(web: Any) -> list[Any]:
    """Listings that loop, never end, or turn through a calendar without telling of anything."""

    def number(asked: Any) -> int:
        return int(asked.path.partition("=")[2] or 1)

    def looping(asked: Any) -> Any:
        if asked.path.startswith("/vong-lap"):
            return web.Answer(web.page(web.links(*GOOD), f'<a href="/vong-lap?p={number(asked) + 1}">Trang sau</a>'))

    def endless(asked: Any) -> Any:
        if asked.path.startswith("/vo-tan"):
            n = number(asked)
            new = f"/bai/moi-mai-khong-het-{1000 + n}.html"
            return web.Answer(web.page(web.links(new), f'<a rel="next" href="/vo-tan?p={n + 1}">»</a>'))

    def endless_article(asked: Any) -> Any:
        if asked.path.startswith("/bai/moi-mai"):
            return web.Answer(web.page("<p>Mãi mãi</p>"))

    def calendar(asked: Any) -> Any:
        if asked.path.startswith("/lich"):
            n = number(asked)
            day = GOOD[n % 3 :] + GOOD[: n % 2]
            return web.Answer(web.page(web.links(*day), f'<a href="/lich?thang={n + 1}">Tiếp</a>'))

    return [looping, endless, endless_article, calendar]


@dataclass
class Outcome:
    report: CrawlReport
    causes: dict[str, set[str]]
    """Path → causes."""
    archived: list[str]
    source: Source


@pytest.fixture(scope="module")
def outcome(hostile: Any, web: Any, module_dir: Path) -> Outcome:
    hostile.pages |= faults(web)
    hostile.pages |= {
        "/robots.txt": web.Answer("User-agent: *\nDisallow: /bai/cam-may\n", type="text/plain"),
        "/tin": web.Answer(web.page(web.links(*EXPECTED, *GOOD), '<a href="javascript:x()">Trang sau</a>')),
        "/rong-ruot": web.Answer("<html><body><div id=app></div><script src=app.js></script></body></html>"),
        "/feed-hong": web.Answer("<rss><channel><item><link>http://khac.vn/a-1.html</link>", type="text/xml"),
        **{path: web.Answer(web.page("<p>Tốt</p>")) for path in GOOD},
    }
    hostile.rules += listings(web)
    start = [hostile.url(path) for path in ("/tin", "/vong-lap", "/vo-tan", "/lich", "/rong-ruot", "/feed-hong")]
    source = hostile.source(start=start, max_listing_pages=12)
    options = CrawlOptions(concurrency=8, retries=1, backoff=0.05, timeout=1.0, max_bytes=LIMIT)
    report = crawl([source], module_dir, options=options)
    causes = defaultdict(set)
    with State(module_dir) as state:
        for failure in state.failures("crawl", run=report.run):
            assert failure.source == source.id and failure.detail
            causes["/" + failure.subject.split("/", 3)[-1]].add(failure.cause)
    pages = [page for path in module_dir.glob("warc/*/*.gz") for page in read_archive(path)]
    return Outcome(report, causes, ["/" + page.url.split("/", 3)[3] for page in pages], source)


@pytest.mark.parametrize(("path", "cause"), EXPECTED.items())
def test_each_fault_has_its_row(outcome: Outcome, path: str, cause: str) -> None:
    assert outcome.causes[path] == {cause}
    assert path not in outcome.archived


@pytest.mark.parametrize(("path", "cause"), LISTINGS.items())
def test_each_broken_listing_has_its_row(outcome: Outcome, path: str, cause: str) -> None:
    found = set().union(*(causes for failed, causes in outcome.causes.items() if failed.startswith(path)))
    assert found == {cause}


def test_the_rest_is_gathered(outcome: Outcome) -> None:
    articles = sorted(path for path in outcome.archived if path.startswith("/bai/"))
    endless = [f"/bai/moi-mai-khong-het-{1000 + n}.html" for n in range(1, 13)]
    assert articles == sorted(GOOD + endless)
    assert outcome.report.sources[0].outcome == "done"
    assert outcome.report.exit_code == 3


def test_listings_without_end_are_left(hostile: Any, outcome: Outcome) -> None:
    asked = [path.partition("?")[0] for path in hostile.paths()]
    assert asked.count("/vong-lap") == 2
    assert asked.count("/vo-tan") == 12
    assert 1 < asked.count("/lich") <= 12


def test_what_is_forbidden_is_not_asked_for(hostile: Any, outcome: Outcome) -> None:
    assert "/bai/cam-may-18.html" not in hostile.paths()
    assert hostile.counts()["/robots.txt"] == 1


def test_only_what_may_get_better_is_tried_again(hostile: Any, outcome: Outcome) -> None:
    counts = hostile.counts()
    for path, cause in EXPECTED.items():
        if cause in ("http-500", "connection-cut", "truncated", "timeout"):
            # Where a kept connection dies without an answer, the HTTP client itself asks once more.
            assert 2 <= counts[path] <= 4, path
        elif cause not in ("robots", "redirect-loop"):
            assert counts[path] == 1, path


def test_the_next_run_tries_again_only_what_may_have_got_better(
    hostile: Any, web: Any, outcome: Outcome, module_dir: Path
) -> None:
    hostile.asked.clear()
    hostile.pages["/bai/loi-may-chu-500.html"] = web.Answer(web.page("<p>Đã sửa</p>"))
    source = hostile.source(max_listing_pages=12)
    options = CrawlOptions(concurrency=8, retries=0, refresh_days=0, timeout=1.0, max_bytes=LIMIT)
    crawl([source], module_dir, options=options)
    again = {path for path in hostile.paths() if path in EXPECTED}
    assert again == {p for p, c in EXPECTED.items() if c in ("http-500", "connection-cut", "truncated", "timeout")}
    with State(module_dir) as state:
        assert any(page.url.endswith("/bai/loi-may-chu-500.html") for page in state.pages(source.id))


def test_crawled_again_only_what_changed_is_stored(hostile: Any, web: Any, outcome: Outcome, module_dir: Path) -> None:
    before = {path: path.stat().st_size for path in module_dir.glob("warc/*/*.gz")}
    added = "/bai/moi-dang-hom-nay-4.html"
    hostile.pages |= {GOOD[0]: web.Answer(web.page("<p>Đã sửa</p>")), added: web.Answer(web.page("<p>Mới</p>"))}
    hostile.pages["/tin"] = web.Answer(web.page(web.links(added, *EXPECTED, *GOOD)))
    options = CrawlOptions(concurrency=8, retries=0, timeout=1.0, max_bytes=LIMIT)
    report = crawl([outcome.source], module_dir, options=options)
    assert (report.sources[0].articles, report.sources[0].changed) == (2, 1)
    new = [path for path in module_dir.glob("warc/*/*.gz") if path not in before]
    assert {"/" + page.url.split("/", 3)[3] for path in new for page in read_archive(path)} == {GOOD[0], added}
    assert all(path.stat().st_size == size for path, size in before.items())


def test_retry_after_is_honoured(site: Any, web: Any, tmp_path: Path) -> None:
    times: list[float] = []

    def busy(asked: Any) -> Any:
        times.append(time.monotonic())
        if len(times) == 1:
            return web.Answer("bận", status=429, headers={"Retry-After": "1"})
        return web.Answer(web.page("<p>Bài</p>"))

    site.pages["/tin"] = web.Answer(web.page(web.links("/bai/mot-bai-1.html", "/bai/hai-bai-2.html")))
    site.pages["/bai/mot-bai-1.html"] = site.pages["/bai/hai-bai-2.html"] = busy
    report = crawl([site.source()], tmp_path, options=CrawlOptions(backoff=0.01))
    assert report.sources[0].articles == 2 and report.failures == 0
    assert times[1] - times[0] >= 1.0


@pytest.mark.slow
def test_a_crawl_delay_and_the_source_s_own_rate_are_kept(site: Any, web: Any, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = web.Answer("User-agent: *\nCrawl-delay: 0.4\n", type="text/plain")
    times: list[float] = []
    site.rules.append(lambda asked: times.append(time.monotonic()))
    paths = [web.article_path(n) for n in range(4)]
    site.pages["/tin"] = web.Answer(web.page(web.links(*paths)))
    crawl([site.source(delay=0.1)], tmp_path, options=CrawlOptions(concurrency=4))
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    assert len(gaps) == 3 and min(gaps) >= 0.4 * 0.85


def test_a_robots_txt_that_fails_forbids_everything(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=1, per_page=2)
    site.pages["/robots.txt"] = web.Answer("hỏng", status=503)
    report = crawl([site.source()], tmp_path, options=CrawlOptions(retries=1, backoff=0.01))
    assert site.paths() == [] and report.sources[0].fetched == 0
    with State(tmp_path) as state:
        assert [f.cause for f in state.failures()] == ["robots-unreachable"]


def test_loopback_is_refused_to_a_source_that_is_not_local(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=1, per_page=2)
    port = site.host.rpartition(":")[2]
    named = site.source("bao-ten", local=False, delay=0.2).model_copy(
        update={"hosts": (f"localhost:{port}",), "start": (f"http://localhost:{port}/tin",)}
    )
    literal = site.source("bao-so", local=False, delay=0.2)
    report = crawl([named, literal], tmp_path, options=CrawlOptions(retries=0))
    assert site.asked == []
    assert report.failures == 2
    with State(tmp_path) as state:
        assert {f.source: f.cause for f in state.failures()} == {
            "bao-ten": "address-not-public",
            "bao-so": "address-not-public",
        }


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("113.160.1.1", True), ("2405:4800::1", True), ("10.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("::1", False), ("fe80::1", False), ("fec0::1", False), ("::ffff:127.0.0.1", False),
        # IPv6 addresses that stand for private IPv4 ones: by NAT64, by 6to4, and the old way.
        ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::1", False), ("::7f00:1", False), ("64:ff9b::71a0:101", True),
    ],
)  # fmt: skip
def test_addresses_that_may_be_fetched_from(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_server_that_asks_for_a_long_rest_gets_it(site: Any, web: Any, tmp_path: Path) -> None:
    paths = [f"/bai/bai-so-mot-{n}.html" for n in range(20)]
    site.pages["/tin"] = web.Answer(web.page(web.links(*paths)))
    site.pages |= dict.fromkeys(paths, web.Answer("bận", status=429, headers={"Retry-After": "3600"}))
    first = crawl([site.source()], tmp_path, options=CrawlOptions(backoff=0.01))
    assert site.paths() == ["/tin", paths[0]]
    assert first.sources[0].outcome == "paused" and first.sources[0].pending == 20

    again = crawl([site.source()], tmp_path)
    assert again.sources[0].outcome == "paused" and len(site.paths()) == 2
    with State(tmp_path) as state:
        until = state.paused_until("bao-thu")
        assert until is not None and 3500 < (until - datetime.now(timezone.utc)).total_seconds() <= 3600
        assert [f.cause for f in state.failures()] == ["source-paused"]

    site.pages |= dict.fromkeys(paths, web.Answer(web.page("<p>Bài</p>")))
    later = crawl([site.source()], tmp_path, options=CrawlOptions(retry_paused=True))
    assert later.sources[0].articles == 20 and later.failures == 0


def test_a_password_in_a_redirect_is_neither_sent_nor_written_down(
    site: Any, web: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def redirect(to: str) -> Any:
        return web.Answer(status=302, headers={"Location": to})

    site.pages["/tin"] = web.Answer(web.page(web.links("/bai/nha-1.html", "/bai/ngoai-2.html", "/bai/la-3.html")))
    site.pages["/bai/nha-1.html"] = redirect(f"http://ai:matkhau@{site.host}/bai/nha-moi-4.html")
    site.pages["/bai/nha-moi-4.html"] = web.Answer(web.page("<p>Bài</p>"))
    site.pages["/bai/ngoai-2.html"] = redirect("http://ai:matkhau@khac.example/bai/x-5.html")
    site.pages["/bai/la-3.html"] = redirect(f"http://ai:matkhau@{site.host}/lien-he")
    site.pages["/lien-he"] = web.Answer(web.page("Liên hệ"))
    report = crawl([site.source()], tmp_path)
    assert report.sources[0].articles == 1
    assert "authorization" not in {name for asked in site.asked for name in asked.headers}
    with State(tmp_path) as state:
        assert {f.cause for f in state.failures()} == {"off-site", "redirected-away"}
        told = [f"{f.subject} {f.detail}" for f in state.failures()]
        told += [page.url for page in state.pages()]
    told += [page.url for path in tmp_path.glob("warc/*/*.gz") for page in read_archive(path)]
    assert "matkhau" not in "".join(told) + caplog.text
