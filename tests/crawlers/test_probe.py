"""Looking at a site of which only the address is known, and trying entries that are right or wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.probe import ProbeError, check_source, draft_entry, learn_pattern, probe_site, suggest_patterns
from chitieu.crawlers.sources import load_registry

TEXT = f"<h1>Bài</h1><p>{'Tỉnh giao chỉ tiêu giải ngân vốn đầu tư công. ' * 20}</p>"


def with_menu(web: Any, *parts: str, head: str = "") -> Any:
    menu = "".join(f'<a href="{path}">{path}</a>' for path in ("/", "/chinh-tri", "/kinh-te", "/lien-he", "/tag/x"))
    return web.Answer(web.page(head, menu, *parts, title="Báo Thử"))


def a_paper(site: Any, web: Any, address: str, head: str = "") -> list[str]:
    """A paper whose articles have addresses like `address`; gives these."""
    articles = [address.format(n) for n in range(1, 9)]
    site.pages |= {path: web.Answer(web.page(TEXT)) for path in articles}
    site.pages["/"] = with_menu(web, head=head)
    site.pages["/chinh-tri"] = with_menu(web, web.links(*articles[:5]))
    site.pages["/kinh-te"] = with_menu(web, web.links(*articles[3:]))
    site.pages["/lien-he"] = with_menu(web, "<p>Liên hệ</p>")
    return articles


@pytest.mark.parametrize(
    ("address", "pattern"),
    [
        ("/tinh-giao-chi-tieu-nam-post10{}.html", r"-post\d+\.html$"),
        # A shape of no known family.
        pytest.param(
            "/van-ban/chi-tiet/50{}/quyet-dinh", r"^/van-ban/chi-tiet/\d+/quyet\-dinh$", marks=pytest.mark.slow
        ),
    ],
)
def test_from_the_address_alone_to_a_crawl(site: Any, web: Any, tmp_path: Path, address: str, pattern: str) -> None:
    articles = a_paper(site, web, address)
    found = probe_site(site.url("/"), local=True)
    assert found.usable and [p.replace(r"\-", "-") for p in found.draft.article] == [pattern.replace(r"\-", "-")]
    assert found.draft.start == [site.url("/chinh-tri"), site.url("/kinh-te")]

    entry = draft_entry(found, id="bao-moi", name="", place="Nghệ An", kind="newspaper", day="2026-11-22", local=True)
    registry = tmp_path / "registry"
    registry.mkdir()
    (registry / "bao-moi.toml").write_text(entry, encoding="utf-8")
    source = load_registry(registry)["bao-moi"]
    assert source.verified is None and source.name == "Báo Thử"
    report = crawl([source.model_copy(update={"delay": 0.0})], tmp_path / "data", options=CrawlOptions(concurrency=4))
    assert report.sources[0].articles == len(articles)


@pytest.mark.parametrize("sections", [("/muc.aspx?id=1", "/muc.aspx?id=2"), ()], ids=["sections by query", "the home page alone"])
def test_sections_and_articles_of_no_known_shape(site: Any, web: Any, sections: tuple[str, ...]) -> None:
    articles = [f"/dien-dan/49{n}p25c151/phat-trien-mo-hinh.htm" for n in range(1, 9)]
    menu = "".join(f'<a href="{path}">{path}</a>' for path in ("/lien-he", *sections))
    site.pages |= {path: web.Answer(web.page(TEXT)) for path in articles}
    site.pages |= {path: web.Answer(web.page(menu, web.links(*articles[n : n + 5]))) for n, path in enumerate(sections)}
    site.pages |= {"/lien-he": web.Answer(web.page(menu)), "/": web.Answer(web.page(menu, "" if sections else web.links(*articles)))}
    found = probe_site(site.url("/"), local=True)
    assert found.usable and found.draft.start == [site.url(path) for path in sections or ("/",)]
    source = site.source(start=found.draft.start, article=found.draft.article)
    assert all(source.matches_article(site.url(path)) for path in articles)
    assert not any(source.matches_article(site.url(path)) for path in ("/lien-he", "/", *sections))


def test_feeds_come_before_sitemaps(site: Any, web: Any) -> None:
    articles = a_paper(
        site, web, "/tin-{}-giao-chi-tieu-12345.html", '<link rel="alternate" type="application/rss+xml" href="/tin.rss">'
    )
    items = "".join(f"<item><link>{site.url(path)}</link></item>" for path in articles)
    site.pages["/tin.rss"] = web.Answer(f"<rss><channel>{items}</channel></rss>", type="application/rss+xml")
    found = probe_site(site.url("/"), local=True)
    assert found.draft.start[0] == site.url("/tin.rss")
    assert "/sitemap.xml" not in site.paths()


def test_a_sitemap_will_do_where_nothing_else_is(site: Any, web: Any) -> None:
    a_paper(site, web, "/tinh-giao-chi-tieu-nam-post10{}.html")
    site.pages["/"] = web.Answer("<html><div id=app></div><script src=app.js></script></html>")
    urls = "".join(f"<url><loc>{site.url(f'/tinh-giao-chi-tieu-nam-post10{n}.html')}</loc></url>" for n in range(1, 9))
    site.pages["/robots.txt"] = web.Answer(f"Sitemap: {site.url('/so-do.xml')}\n", type="text/plain")
    site.pages["/so-do.xml"] = web.Answer(f"<urlset>{urls}</urlset>", type="text/xml")
    found = probe_site(site.url("/"), local=True)
    assert found.usable and found.draft.start == [site.url("/so-do.xml")]


@pytest.mark.slow
def test_a_check_tells_what_works_and_suggests_what_would(site: Any, web: Any) -> None:
    a_paper(site, web, "/tinh-giao-chi-tieu-nam-post10{}.html")
    right = site.source(start=site.url("/kinh-te"), article=r"-post\d+\.html$")
    good = check_source(right)
    assert good.ok and good.suggestion is None
    assert [f.what for f in good.findings] == ["listing", "article", "article", "article"]

    wrong = site.source(start=[site.url("/kinh-te"), site.url("/khong-co")], article=r"-bai\d+\.html$")
    bad = check_source(wrong)
    assert not bad.ok
    assert [(f.url, f.ok) for f in bad.findings] == [(site.url("/kinh-te"), False), (site.url("/khong-co"), False)]
    assert bad.suggestion is not None and bad.suggestion.start


def test_a_site_that_has_moved_is_looked_at_where_it_went(make_site: Any, web: Any) -> None:
    old, new = make_site(), make_site()
    a_paper(new, web, "/tinh-giao-chi-tieu-nam-post10{}.html")
    old.pages |= {path: web.Answer(status=301, headers={"Location": new.url(path)}) for path in ("/", "/kinh-te")}
    found = probe_site(old.url("/"), local=True)
    assert found.usable and found.draft.hosts == [new.host]

    check = check_source(old.source(start=old.url("/kinh-te"), article=r"-post\d+\.html$"))
    assert not check.ok and check.findings[0].detail == f"leads to {new.url('/kinh-te')}, on none of the source's hosts"
    assert check.suggestion is not None and check.suggestion.hosts == [new.host]


def test_what_cannot_be_reached_is_an_error(site: Any) -> None:
    with pytest.raises(ProbeError, match="not a public address"):
        probe_site(site.url("/"))
    site.close()
    with pytest.raises(ProbeError, match="refused"):
        probe_site(site.url("/"), local=True)
    with pytest.raises(ProbeError, match="not an http"):
        probe_site("ftp://baothu.vn/")


def test_patterns_are_suggested_only_where_something_recurs() -> None:
    assert suggest_patterns([f"/a-b-c-a{n}123.html" for n in range(5)]) == [r"-a\d+\.html$"]
    assert suggest_patterns(["/a-b-c-a1234.html", "/kinh-te", "/x"]) == []
    assert learn_pattern([["/van-ban/1", "/van-ban/2", "/gioi-thieu"], ["/van-ban/3", "/gioi-thieu"]]) == r"^/van-ban/\d+$"
    assert learn_pattern([["/gioi-thieu", "/lien-he"]]) is None
