"""The portals answer as real ones do, and as the module says they do."""

from __future__ import annotations

import gzip
import html
import unicodedata
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import pytest
from parsel import Selector

from chitieu.crawlers.sources import Source, load_registry
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.sample_press import Press, SampleArticle, SampleError, load_articles, portal_ids

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def registry(site, tmp_path) -> dict[str, Source]:
    site.write_registry(tmp_path / "registry")
    loaded = load_registry(tmp_path / "registry")
    return {portal_id: loaded[portal_id] for portal_id in portal_ids()}


def links(body: bytes, url: str) -> set[str]:
    found = Selector(text=body.decode()).css("a::attr(href)").getall()
    return {urljoin(url, href) for href in found if not href.startswith(("#", "javascript:"))}


def walk(source: Source, ask) -> set[str]:
    """Addresses of the articles that the listings (or feeds) of a source lead to."""
    seen, articles, todo = set(), set(), list(source.start_addresses)
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = ask(url)
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in links(answer.body, url):
            if source.matches_article(link):
                articles.add(link)
            elif source.owns(link):
                todo.append(link)
    return articles


def test_five_portals_run_at_once_on_loopback(site):
    bases = [site.base(portal_id) for portal_id in portal_ids()]
    assert len(set(bases)) == 5
    assert all(base.startswith("http://127.0.0.1:") for base in bases)


def test_the_registry_entries_are_local_and_two_give_no_selectors(site, registry):
    assert all(source.local and source.delay <= 0.05 for source in registry.values())
    bare = [source.id for source in registry.values() if not any(source.selectors.model_dump().values())]
    assert sorted(bare) == ["bao-dat-to", "cong-thai-nguyen"]
    assert [entry["id"] for entry in site.sources()] == portal_ids()


def test_article_addresses_are_told_from_all_others(site, registry, ask):
    for article in site.articles(2):
        source, url = registry[article.portal], site.url(article)
        assert source.matches_article(url), url
    for source in registry.values():
        start = source.start_addresses[0]
        menu = [link for link in links(ask(start).body, start) if "trang=" in link or "page=" in link or "p=" in link]
        assert not any(source.matches_article(link) for link in [start, *menu])


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize("portal_id", portal_ids())
def test_listings_lead_to_every_article(site, registry, ask, portal_id, edition):
    site.edition = edition
    expected = {site.url(article) for article in site.articles() if article.portal == portal_id}
    assert expected <= walk(registry[portal_id], ask)


@pytest.mark.parametrize("portal_id", portal_ids())
def test_a_listing_needs_its_paging(site, registry, ask, portal_id):
    """No portal shows everything on its first pages, else paging would go untested."""
    one_step = set()
    for start in registry[portal_id].start_addresses:
        answer = ask(start)
        if answer.headers["content-type"].startswith("text/html"):
            one_step |= links(answer.body, start)
    assert not {site.url(article) for article in site.articles() if article.portal == portal_id} <= one_step


def test_every_article_is_served_with_all_of_its_words(site, ask):
    for article in site.articles():
        answer = ask(site.url(article))
        assert answer.status == 200
        text = unicodedata.normalize("NFC", html.unescape(answer.body.decode()))
        for words in (article.title, article.sapo, *article.body, *article.captions, article.syndicated_from):
            # A register prints no sapo; none of its documents has one.
            assert words in text, (article.portal, article.id, words)


def test_articles_carry_teasers_of_others(site, ask):
    for article in site.articles():
        if article.portal == "vb-song-lam":
            continue
        text = unicodedata.normalize("NFC", html.unescape(ask(site.url(article)).body.decode()))
        others = [other for other in site.articles() if other.portal == article.portal and other.id != article.id]
        assert sum(other.title in text for other in others) >= 4
        assert sum(bool(other.sapo) and other.sapo in text for other in others) >= 2


def test_a_document_page_tells_number_date_and_signer(site, ask):
    for article in site.articles():
        if article.portal != "vb-song-lam":
            continue
        page = Selector(text=ask(site.url(article)).body.decode())
        assert page.css("td.so-ky-hieu::text").get() == article.document.number
        assert page.css("td.nguoi-ky::text").get() == article.document.signer
        assert page.css("td.ngay-ban-hanh::text").get() == f"{article.document.issued:%d/%m/%Y}"


def test_feeds_announce_the_newest_articles(site, ask):
    feeds = {"bao-song-lam": "/rss/tin-moi.rss", "cong-lao-cai": "/_layouts/15/listfeed.aspx"}
    for portal_id, path in feeds.items():
        answer = ask(site.base(portal_id) + path)
        assert answer.headers["content-type"].startswith("application/rss+xml")
        items = ET.fromstring(answer.body).findall("channel/item")
        newest = sorted((a for a in site.articles() if a.portal == portal_id), key=lambda a: a.published, reverse=True)[:8]
        assert [item.findtext("link") for item in items] == [site.url(article) for article in newest]
        assert [parsedate_to_datetime(item.findtext("pubDate")) for item in items] == [a.published for a in newest]


@pytest.mark.parametrize("portal_id", ["bao-song-lam", "cong-thai-nguyen"])
def test_sitemaps_name_every_article_of_the_edition(site, ask, portal_id):
    for edition in (1, 2):
        site.edition = edition
        root = ET.fromstring(ask(site.base(portal_id) + "/sitemap.xml").body)
        mine = [article for article in site.articles() if article.portal == portal_id]
        assert {loc.text for loc in root.iter(f"{SITEMAP}loc")} == {site.url(article) for article in mine}
        assert {mod.text for mod in root.iter(f"{SITEMAP}lastmod")} == {article.touched.isoformat() for article in mine}


def test_robots_rules_stand_on_every_portal(site, ask):
    for portal_id in portal_ids():
        answer = ask(site.base(portal_id) + "/robots.txt")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/plain")
        assert answer.body.startswith(b"User-agent: *")


def test_the_printable_twins_are_there_but_not_for_robots(site, ask):
    base = site.base("bao-dat-to")
    rules = ask(f"{base}/robots.txt").body.decode()
    assert "Crawl-delay: 0.05" in rules
    robots = RobotFileParser()
    robots.parse(rules.splitlines())
    article = next(article for article in site.articles() if article.portal == "bao-dat-to")
    twin = f"{base}/in/{article.id}.htm"
    assert twin in links(ask(site.url(article)).body, base)
    assert ask(twin).status == 200
    assert not robots.can_fetch("chitieu", twin)
    assert robots.can_fetch("chitieu", site.url(article))


def every_page(site: SampleSite) -> dict[str, list[str]]:
    pages: dict[str, list[str]] = {}
    for article in site.articles():
        pages.setdefault(article.portal, [site.base(article.portal) + "/"]).append(site.url(article))
    return pages


def test_not_modified_is_said_exactly_when_the_etag_still_holds(site, ask):
    for portal_id in ("bao-song-lam", "cong-lao-cai", "cong-thai-nguyen"):
        for url in every_page(site)[portal_id]:
            site.edition = 1
            first = ask(url)
            again = ask(url, If_None_Match=f'"other", W/{first.headers["etag"]}')
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
            site.edition = 2
            later = ask(url, If_None_Match=first.headers["etag"])
            assert (later.status == 304) == (ask(url).body == first.body)
            site.edition = 1


def test_a_last_modified_time_never_hides_a_change(site, ask):
    asked_again = []
    for portal_id in ("bao-song-lam", "bao-dat-to", "cong-thai-nguyen"):
        for url in every_page(site)[portal_id]:
            first = ask(url)
            assert ask(url, If_Modified_Since=first.headers["last-modified"]).status == 304
            site.edition = 2
            later = ask(url, If_Modified_Since=first.headers["last-modified"])
            if later.status == 304:
                assert ask(url).body == first.body
            asked_again.append(later.status)
            site.edition = 1
    assert set(asked_again) == {200, 304}


def test_an_etag_that_differs_outweighs_the_time(site, ask):
    url = site.base("bao-song-lam") + "/"
    first = ask(url)
    answer = ask(url, If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"])
    assert answer.status == 200


@pytest.mark.parametrize("since", ["yesterday", "", "Sat, 99 Foo 2024 00:00:00 GMT"])
def test_a_broken_date_is_answered_in_full(site, ask, since):
    assert ask(site.base("bao-dat-to") + "/", If_Modified_Since=since).status == 200


def test_the_register_counts_its_visitors_and_names_no_validators(site, ask):
    url = site.base("vb-song-lam") + "/van-ban/chi-dao-dieu-hanh"
    first, second = ask(url), ask(url)
    assert not {"etag", "last-modified"} & first.headers.keys()
    assert first.body != second.body
    assert b"@visits@" not in first.body


def test_one_portal_serves_decomposed_text(site, ask):
    article = next(article for article in site.articles() if article.portal == "cong-thai-nguyen")
    text = ask(site.url(article)).body.decode()
    assert unicodedata.is_normalized("NFD", text) and not unicodedata.is_normalized("NFC", text)


def test_gzip_goes_to_those_who_ask_for_it(site, ask):
    url = site.base("bao-song-lam") + "/"
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip, deflate")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_head_sends_the_headers_alone(site, ask):
    url = site.base("bao-song-lam") + "/"
    got, headed = ask(url), ask(url, method="HEAD")
    assert headed.body == b""
    assert headed.headers["content-length"] == str(len(got.body))
    assert headed.headers["etag"] == got.headers["etag"]


def test_unknown_addresses_are_not_found_and_unknown_queries_change_nothing(site, ask):
    base = site.base("bao-song-lam")
    assert ask(f"{base}/khong-co-trang-nay").status == 404
    assert ask(f"{base}/kinh-te?utm_source=zalo").body == ask(f"{base}/kinh-te").body


def test_the_second_edition_edits_some_articles_and_adds_some(site, ask):
    before = {(article.portal, article.id): article for article in site.articles(1)}
    after = {(article.portal, article.id): article for article in site.articles(2)}
    new = after.keys() - before.keys()
    edited = [key for key in before if before[key].body != after[key].body or before[key].sapo != after[key].sapo]
    assert len(new) >= 2 and len(edited) >= 2
    for key in new:
        url = site.url(after[key])
        site.edition = 1
        assert ask(url).status == 404
        site.edition = 2
        assert ask(url).status == 200
    for key in edited:
        url = site.url(after[key])
        site.edition = 1
        old = ask(url).body
        site.edition = 2
        assert ask(url).body != old
        assert site.url(before[key]) == url


def test_there_are_two_editions_only(site):
    with pytest.raises(ValueError, match="no edition 3"):
        site.edition = 3


def test_hits_tell_what_was_asked_for(site, ask):
    ask(site.base("bao-dat-to") + "/kinh-te.htm?trang=2")
    ask(site.base("bao-dat-to") + "/nowhere")
    assert [(hit.portal, hit.path, hit.status) for hit in site.hits] == [
        ("bao-dat-to", "/kinh-te.htm?trang=2", 200),
        ("bao-dat-to", "/nowhere", 404),
    ]


def test_fixed_ports_give_the_same_addresses_again():
    with SampleSite() as probe:
        first_port = int(probe.base("bao-dat-to").rpartition(":")[2])
    try:
        with SampleSite(first_port=first_port) as one:
            addresses = [one.url(article) for article in one.articles()]
        with SampleSite(first_port=first_port) as two:
            assert [two.url(article) for article in two.articles()] == addresses
    except SampleError as error:
        pytest.skip(f"a port after {first_port} is taken: {error}")


def test_a_taken_port_is_named_and_nothing_is_left_running(site):
    port = int(site.base("bao-dat-to").rpartition(":")[2])
    second = SampleSite(first_port=port)
    with pytest.raises(SampleError, match=f"127.0.0.1:{port}"), second:
        pass
    with pytest.raises(KeyError):
        second.base("bao-dat-to")


def test_a_hostile_title_is_only_text():
    article = SampleArticle(
        portal="bao-song-lam",
        id=1,
        slug="a",
        category="kinh-te",
        title='</script><script>alert("x")</script> $base & "quotes"',
        published="2024-01-02T03:04:05+07:00",
        body=["<b>not bold</b>"],
    )
    press = Press("bao-song-lam", [article], "http://127.0.0.1:1")
    page = Selector(text=press.pages()[press.address(article)].body.decode())
    assert page.css("h1::text").get() == article.title
    assert not page.css(".b-maincontent__body b")
    assert "alert" not in "".join(page.css("script:not([type])::text").getall())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("title = ", "x.toml"), ('portal = "p"', "slug"), ("", "portal")],
)
def test_a_broken_article_file_is_named(tmp_path, text, complaint):
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SampleError, match=complaint) as caught:
        load_articles(tmp_path)
    assert str(tmp_path / "x.toml") in str(caught.value)
