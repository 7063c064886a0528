"""Crawls of well-behaved sites: what is gathered, what a second crawl asks for, what it reports."""

from __future__ import annotations

import gzip
import logging
import threading
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from filelock import FileLock

from chitieu.crawlers.archive import read_archive
from chitieu.crawlers.crawl import CrawlError, CrawlOptions, CrawlProgress, crawl
from chitieu.crawlers.state import State

FAST = CrawlOptions(concurrency=4, backoff=0.05)


def archived(data_dir: Path) -> list[str]:
    """The paths of all articles in the archive, one for each record."""
    pages = [page for path in sorted(data_dir.glob("warc/*/*.warc.gz")) for page in read_archive(path)]
    return sorted(page.url.split("/", 3)[3] for page in pages if "/bai/" in page.url)


def test_gathers_every_article_of_a_paged_listing(site: Any, web: Any, tmp_path: Path) -> None:
    texts = web.paper(site, listings=4, per_page=6)
    seen: list[CrawlProgress] = []
    report = crawl([site.source()], tmp_path, options=FAST, on_progress=seen.append)

    expected = sorted(web.article_path(n).lstrip("/") for n in texts)
    assert archived(tmp_path) == expected
    only = report.sources[0]
    assert (only.articles, only.fetched, only.failures, only.outcome) == (24, 28, 0, "done")
    assert report.exit_code == 0
    assert seen and seen[-1].articles == 24
    assert all(count == 1 for path, count in site.counts().items())
    with State(tmp_path) as state:
        run = state.runs("crawl")[0]
        assert run.exit_code == 0 and run.counts["articles"] == 24 and run.sources == ("bao-thu",)
        assert not state.failures()


def test_says_who_it_is_and_keeps_no_cookies(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=1, per_page=2)
    site.pages["/tin"] = web.Answer(
        web.page(web.links(web.article_path(0))), headers={"Set-Cookie": "reader=42; Path=/"}
    )
    crawl([site.source()], tmp_path, options=CrawlOptions(contact="crawl@example.org"))
    assert site.asked[0].path == "/robots.txt"
    for asked in site.asked:
        assert asked.headers["user-agent"].startswith("chitieu/")
        assert "crawl@example.org" in asked.headers["user-agent"]
        assert "cookie" not in asked.headers


def test_second_crawl_fetches_only_listings_and_what_changed(site: Any, web: Any, tmp_path: Path) -> None:
    site.etags = True
    texts = web.paper(site, listings=5, per_page=5)
    crawl([site.source()], tmp_path, options=FAST)
    site.asked.clear()

    texts[7] = "Nội dung bài 7, đã sửa."
    texts[25] = "Một bài mới."
    report = crawl([site.source()], tmp_path, options=FAST)

    assert sorted(site.paths(status=200)) == sorted(
        [web.article_path(7), web.article_path(25), "/tin", "/tin?trang=2", "/tin?trang=3"]
    )
    only = report.sources[0]
    assert (only.articles, only.changed) == (2, 1)
    versions = [p for f in tmp_path.glob("warc/*/*.gz") for p in read_archive(f) if p.url.endswith("-7.html")]
    assert ["đã sửa" in p.body.decode() for p in sorted(versions, key=lambda p: p.fetched)] == [False, True]


@pytest.mark.slow
def test_pages_that_differ_only_in_tokens_are_no_new_version(site: Any, web: Any, tmp_path: Path) -> None:
    tokens = iter(range(100))
    site.pages["/tin"] = web.Answer(web.page(web.links(web.article_path(1))))
    site.pages[web.article_path(1)] = lambda asked: web.Answer(
        web.page(f"<script>csrf='{next(tokens)}'</script><p data-t={next(tokens)}>Như cũ.</p>")
    )
    crawl([site.source()], tmp_path, options=FAST)
    report = crawl([site.source()], tmp_path, options=FAST)
    assert report.sources[0].articles == 0 and report.sources[0].unchanged == 2
    assert len(archived(tmp_path)) == 1


@pytest.mark.slow
def test_old_articles_are_not_asked_for_again(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=1, per_page=3)
    crawl([site.source()], tmp_path, options=FAST)
    site.asked.clear()
    crawl([site.source()], tmp_path, options=FAST.model_copy(update={"refresh_days": 0}))
    assert site.paths() == ["/tin"]
    site.asked.clear()
    crawl([site.source()], tmp_path, options=FAST.model_copy(update={"refresh_days": 0, "full": True}))
    assert len(site.paths()) == 4


def test_feeds_and_sitemaps_lead_to_articles(site: Any, web: Any, tmp_path: Path) -> None:
    for number in range(6):
        site.pages[web.article_path(number)] = web.Answer(web.page(f"<p>Bài {number}</p>"))
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><link>/</link>'
        f"<item><link>{site.url(web.article_path(0))}?utm_source=rss</link>"
        "<pubDate>Tue, 02 Jul 2024 08:15:00 +0700</pubDate></item></channel></rss>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><updated>2024-07-02T01:15:00Z</updated>'
        f'<link rel="alternate" href="{site.url(web.article_path(1))}"/></entry></feed>'
    )
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{site.url('/moi.xml')}</loc></sitemap><sitemap><loc>{site.url('/cu.xml.gz')}</loc></sitemap>"
        "</sitemapindex>"
    )

    def urlset(*numbers: int) -> str:
        entries = "".join(f"<url><loc>{site.url(web.article_path(n))}</loc></url>" for n in numbers)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}<url><loc>/</loc></url></urlset>'

    site.pages |= {
        "/rss": web.Answer(rss, type="application/rss+xml"),
        "/atom": web.Answer(atom, type="application/atom+xml"),
        "/sitemap.xml": web.Answer(index, type="application/xml"),
        "/moi.xml": web.Answer(urlset(2, 3), type="text/xml"),
        "/cu.xml.gz": web.Answer(gzip.compress(urlset(4, 5).encode()), type="application/gzip"),
    }
    source = site.source(start=[site.url("/rss"), site.url("/atom"), site.url("/sitemap.xml")])
    report = crawl([source], tmp_path, options=FAST)
    assert archived(tmp_path) == sorted(web.article_path(n).lstrip("/") for n in range(6))
    assert report.failures == 0


def test_one_article_under_several_addresses_is_one(site: Any, web: Any, tmp_path: Path) -> None:
    proper, other = web.article_path(1), "/bai/dia-chi-cu-so-1.html"
    site.pages["/tin"] = web.Answer(
        web.page(
            web.links(
                f"{proper}?utm_source=zalo&fbclid=x", f"{proper}#binh-luan", proper, f"//{site.host}{proper}", other
            )
        )
    )
    site.pages[proper] = web.Answer(web.page("<p>Bài</p>"))
    site.pages[other] = web.Answer(status=301, headers={"Location": proper})
    crawl([site.source()], tmp_path, options=FAST)
    assert archived(tmp_path) == [proper.lstrip("/")]
    site.asked.clear()
    crawl([site.source()], tmp_path, options=FAST)
    assert other not in site.paths()


def test_max_pages_stops_and_the_next_run_goes_on(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=2, per_page=5)
    first = crawl([site.source()], tmp_path, options=FAST.model_copy(update={"max_pages": 4}))
    assert first.sources[0].fetched == 4
    assert first.sources[0].outcome == "max-pages" and first.sources[0].pending > 0
    crawl([site.source()], tmp_path, options=FAST)
    assert len(archived(tmp_path)) == 10 == len(set(archived(tmp_path)))


def test_since_leaves_out_what_is_older(site: Any, web: Any, tmp_path: Path) -> None:
    def entry(number: int, day: str) -> str:
        return f"<url><loc>{site.url(web.article_path(number))}</loc><lastmod>{day}</lastmod></url>"

    site.pages["/sitemap.xml"] = web.Answer(
        f"<urlset>{entry(1, '2024-01-31')}{entry(2, '2025-02-01')}</urlset>", type="text/xml"
    )
    site.pages["/tin"] = web.Answer(
        web.page(
            f'<li><a href="{web.article_path(3)}">Bài ba</a> <span>05/03/2025</span></li>'
            f'<li><a href="{web.article_path(4)}">Bài bốn</a> <span>05/03/2023</span></li>'
        )
    )
    for number in range(5):
        site.pages[web.article_path(number)] = web.Answer(web.page("<p>Bài</p>"))
    source = site.source(start=[site.url("/sitemap.xml"), site.url("/tin")])
    crawl([source], tmp_path, options=FAST.model_copy(update={"since": date(2025, 1, 1)}))
    assert archived(tmp_path) == [web.article_path(n).lstrip("/") for n in (2, 3)]


@pytest.mark.slow
def test_sources_without_patterns_are_recognised_by_shape(site: Any, web: Any, tmp_path: Path) -> None:
    articles = ["/giao-ke-hoach-dau-tu-cong-post12345.html", "/kinh-te/202407/xuat-khau-che-tang-a1b2c3d/"]
    site.pages["/tin"] = web.Answer(web.page(web.links(*articles, "/kinh-te", "/tag/xuat-khau-che-2024-1234.html")))
    for path in articles:
        site.pages[path] = web.Answer(web.page("<p>Bài</p>"))
    report = crawl([site.source(article=())], tmp_path, options=FAST)
    assert report.sources[0].articles == 2
    assert {path for path in site.paths()} == {"/tin", *articles}


@pytest.mark.slow
def test_a_failing_source_does_not_hold_up_others_and_is_paused(make_site: Any, web: Any, tmp_path: Path) -> None:
    good, bad = make_site(), make_site()
    web.paper(good, listings=1, per_page=3)
    sources = [good.source("bao-tot"), bad.source("bao-hong")]
    bad.close()
    options = FAST.model_copy(update={"retries": 0})
    for attempt in range(3):
        report = crawl(sources, tmp_path, options=options)
        outcome = {s.source: (s.outcome, s.failures) for s in report.sources}
        assert outcome["bao-tot"] == ("done", 0)
    assert outcome["bao-hong"][1] == 2
    report = crawl(sources, tmp_path, options=options)
    assert {s.source: s.outcome for s in report.sources} == {"bao-tot": "done", "bao-hong": "paused"}
    with State(tmp_path) as state:
        causes = [f.cause for f in state.failures() if f.source == "bao-hong"]
        until = state.paused_until("bao-hong")
    assert causes.count("robots-unreachable") == 3 and causes.count("source-paused") == 1
    assert until is not None and until > datetime.now(timezone.utc) + timedelta(hours=5)


def test_a_source_is_crawled_by_one_at_a_time_and_holds_up_no_other(site: Any, make_site: Any, web: Any, tmp_path: Path) -> None:
    other = make_site()
    for server in (site, other):
        server.pages["/tin"] = web.Answer(web.page(web.links(web.article_path(1))))
        server.pages[web.article_path(1)] = web.Answer(web.page("<p>Bài</p>"))
    sources = [site.source(id="bao-ban"), other.source(id="bao-ranh")]
    # What a process that was killed leaves behind: the file of a lock that nobody holds.
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "source-bao-ranh.lock").touch()
    with FileLock(tmp_path / "locks" / "source-bao-ban.lock"):
        report = crawl(sources, tmp_path, options=FAST.model_copy(update={"lock_wait": 0.1}))
    assert {s.source: (s.outcome, s.articles) for s in report.sources} == {"bao-ban": ("busy", 0), "bao-ranh": ("done", 1)}
    with State(tmp_path) as state:
        assert [(f.source, f.cause) for f in state.failures()] == [("bao-ban", "busy")]
        assert state.health("bao-ban").failed_runs == 0, "that it was busy is no fault of the site"
    # Nor are two asked for at once that share a host.
    with FileLock(tmp_path / "locks" / f"host-{site.source().hosts[0].replace(':', '_')}.lock"):
        report = crawl(sources, tmp_path, options=FAST.model_copy(update={"lock_wait": 0.1}))
    assert [s.outcome for s in report.sources] == ["busy", "done"]


def test_only_what_failed_is_tried_again(site: Any, web: Any, tmp_path: Path) -> None:
    good, bad = (web.article_path(number) for number in (1, 2))
    site.pages["/tin"] = web.Answer(web.page(web.links(good, bad)))
    site.pages[good] = web.Answer(web.page("<p>Bài một</p>"))
    crawl([site.source()], tmp_path, options=FAST)
    site.pages[bad] = web.Answer(web.page("<p>Bài hai</p>"))
    site.asked.clear()
    report = crawl([site.source()], tmp_path, options=FAST, retry={"bao-thu": [site.url(bad)]})
    assert [path for path in site.paths() if "robots" not in path] == [bad]
    assert (report.sources[0].articles, report.failures) == (1, 0)


def test_a_crawl_that_does_not_get_on_is_ended(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chitieu.crawlers.crawl.SILENCE", 4.0)
    answered = threading.Event()
    site.rules.append(lambda asked: answered.wait(60) and None)  # a site that keeps the line open and says nothing
    try:
        with pytest.raises(CrawlError, match="did not get on .* run the same again to go on"):
            crawl([site.source()], tmp_path, options=FAST.model_copy(update={"timeout": 50}))
    finally:
        answered.set()
    with State(tmp_path) as state:
        assert state.runs()[0].outcome == "failed"


def test_log_lines_reach_the_caller(site: Any, web: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    site.pages["/tin"] = web.Answer(web.page(web.links(web.article_path(9))))
    with caplog.at_level(logging.INFO, logger="chitieu"):
        crawl([site.source()], tmp_path, options=FAST)
    line = next(r for r in caplog.records if "http-404" in r.getMessage())
    assert line.name == "chitieu.crawlers.bao-thu" and site.url(web.article_path(9)) in line.getMessage()


def test_pages_turned_by_postbacks_are_walked_and_gone_on_with(site: Any, web: Any, tmp_path: Path) -> None:
    paths = [f"/van-ban/quyet-dinh-so-{n}.html" for n in range(12)]
    site.pages |= {path: web.Answer(web.page("<p>Quyết định</p>")) for path in paths}

    def register(asked: Any) -> Any:
        sent = dict(parse_qsl(asked.form))
        number = int(sent.get("__EVENTARGUMENT", "Page$1").removeprefix("Page$"))
        assert number == 1 or sent["__VIEWSTATE"] == f"trang {number - 1}", "each page's own state must be sent back"
        more = f"""<a href="javascript:__doPostBack('luoi','Page${number + 1}')">{number + 1}</a>""" if number < 4 else ""
        state = f'<input type=hidden name=__VIEWSTATE value="trang {number}">'
        return web.Answer(web.page(f"<form method=post>{state}{web.links(*paths[3 * number - 3 : 3 * number])}{more}</form>"))

    site.pages["/tin"] = register
    source = site.source(article="/van-ban/{slug}-{id}.html")
    first = crawl([source], tmp_path, options=CrawlOptions(max_pages=5))
    assert first.sources[0].outcome == "max-pages" and first.sources[0].articles < 12
    rest = crawl([source], tmp_path)
    assert first.sources[0].articles + rest.sources[0].articles == 12 and rest.failures == 0
    assert crawl([source], tmp_path).sources[0].articles == 0


def test_a_page_that_sends_its_readers_on_is_followed(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=1, per_page=3)
    site.pages["/"] = web.Answer('<html><head><META HTTP-EQUIV="Refresh" CONTENT="0; URL=/tin"></head><body>Xin chờ</body></html>')
    site.pages["/vong"] = web.Answer('<meta http-equiv=refresh content="0;url=/vong?2">')
    site.pages["/vong?2"] = web.Answer('<meta http-equiv=refresh content="0;url=/vong">')
    report = crawl([site.source(start=[site.url("/"), site.url("/vong")])], tmp_path, options=FAST)
    assert report.sources[0].articles == 3
    with State(tmp_path) as state:
        assert [(f.subject, f.cause) for f in state.failures()] == [(site.url("/vong?2"), "listing-loop")]
