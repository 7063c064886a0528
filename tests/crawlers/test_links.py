"""What a page leads to: article links, next pages, feeds, sitemaps; and when two fetches read the same."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl

import pytest

from chitieu.crawlers.links import LinkReader, fingerprint, sniff
from chitieu.crawlers.sources import Source

URL = "https://baothu.vn/kinh-te"


def reader(**keys: object) -> LinkReader:
    return LinkReader(
        Source(
            id="bao-thu", name="Báo", place="Nghệ An", kind="newspaper", hosts=("baothu.vn",), evidence="tests",
            **{"article": "/{slug}-{id}.html", **keys},
        )
    )  # fmt: skip


def next_of(html: str, number: int = 1, **keys: object) -> str | None:
    found = reader(**keys).listing(html.encode(), URL, "utf-8", number=number).next_page
    return found.url.removeprefix("https://baothu.vn") if found else None


@pytest.mark.parametrize(
    ("html", "number", "expected"),
    [
        ('<link rel="next" href="/kinh-te?p=2">', 1, "/kinh-te?p=2"),
        ('<a rel="nofollow next" href="?p=2">x</a>', 1, "/kinh-te?p=2"),
        ('<a href="/kinh-te/trang-1.html">1</a><a href="/kinh-te/trang-2.html">2</a>', 1, "/kinh-te/trang-2.html"),
        ('<a href="/kinh-te?p=1">1</a><a href="/kinh-te?p=3">3</a>', 2, "/kinh-te?p=3"),
        # Counted from 0 in the address.
        ('<a href="/kinh-te?p=1">2</a>', 1, "/kinh-te?p=1"),
        ('<a href="/kinh-te?p=2">Trang sau</a>', 1, "/kinh-te?p=2"),
        ("<a href='/kinh-te?p=2' title='Trang tiê\u0301p'><i></i></a>", 1, "/kinh-te?p=2"),
        ('<a href="/kinh-te?p=57">»</a><a href="/kinh-te?p=2">›</a>', 1, "/kinh-te?p=2"),
        # The last page, a script, this very page, another site, an article: none is the next page.
        ('<a href="/kinh-te?p=57">»</a>', 1, None),
        ('<a href="javascript:go(2)">2</a><a href="#">Tiếp</a>', 1, None),
        ('<a href="/kinh-te/">Sau</a>', 1, None),
        ('<a href="https://khac.vn/kinh-te?p=2">Trang sau</a>', 1, None),
        ('<a href="/bai-viet-2.html">2</a>', 1, None),
        ('<a href="/gia-xang">2</a>', 1, None),
    ],
)
def test_the_next_page_of_a_listing(html: str, number: int, expected: str | None) -> None:
    assert next_of(html, number) == expected


def test_selectors_of_the_source_come_first_and_are_forgotten_where_they_fail() -> None:
    html = (
        '<div class="menu"><a href="/noi-bat-1.html">1</a></div><div class="list"><h3 class="t"><a href="/moi-2.html">'
        '2</a></h3></div><a class="more" href="/kinh-te/b">Nữa</a><a href="/kinh-te?p=2">Trang sau</a>'
    )
    chosen = reader(selectors={"links": ".t", "next_page": "a.more"}).listing(html.encode(), URL, None, number=1)
    assert [link.key for link in chosen.articles] == ["baothu.vn/moi-2.html"]
    assert chosen.next_page is not None and chosen.next_page.url == "https://baothu.vn/kinh-te/b"
    stale = reader(selectors={"links": ".gone", "next_page": ".gone"}).listing(html.encode(), URL, None, number=1)
    assert len(stale.articles) == 2 and stale.next_page is not None


def test_links_are_resolved_against_the_base_and_each_is_there_once() -> None:
    html = (
        '<base href="https://baothu.vn/a/"><a href="../tin-1.html">x</a><a href="//www.baothu.vn/tin-1.html?utm_id=1">'
        'x</a><a href="http://[bad">x</a><a href="tel:113">x</a><a href="https://khac.vn/tin-2.html">x</a>'
    )
    found = reader().listing(html.encode(), URL, None, number=1).articles
    assert [link.url for link in found] == ["https://baothu.vn/tin-1.html"]


def test_broken_feeds_are_read_as_far_as_they_go() -> None:
    feed = (
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><rss><channel>"
        "<item><title>&e; & </title><link>https://baothu.vn/tin-1.html</link><pubDate>Tue, 02 Jul 2024 08:15:00 +0700</pubDate>"
        "</item><item><link>https://baothu.vn/tin-2.html</link>"
    )
    found = reader().feed(feed.encode(), URL)
    assert "https://baothu.vn/tin-1.html" in [link.url for link in found]
    assert reader().feed(b"\x00\xff<rss", URL) == () == reader().feed(b"", URL)


def test_dates_of_feeds_and_sitemaps_are_utc() -> None:
    rss = "<rss><item><link>https://baothu.vn/tin-1.html</link><pubDate>Tue, 02 Jul 2024 08:15:00 +0700</pubDate></item></rss>"
    (link,) = reader().feed(rss.encode(), URL)
    assert link.date is not None and link.date.isoformat() == "2024-07-02T01:15:00+00:00"
    xml = "<urlset><url><loc>https://baothu.vn/tin-1.html</loc><lastmod>2024-07-02</lastmod></url></urlset>"
    sitemap = reader().sitemap(xml.encode(), URL)
    assert not sitemap.is_index and str(sitemap.links[0].date) == "2024-07-02 00:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", "feed"),
        ("\ufeff<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("<ns:urlset xmlns:ns='x'>", "sitemap"),
        ("<sitemapindex>", "sitemap"),
        ("<!doctype html><html>", "html"),
        ("", "html"),
    ],
)
def test_what_an_address_answers_with_is_told_from_its_root(body: str, form: str) -> None:
    assert sniff(body.encode()) == form


def test_a_page_reads_the_same_whatever_its_tokens_counters_and_teasers() -> None:
    def page(token: str, count: int, teaser: str, text: str) -> bytes:
        return (
            f"<html><meta charset=utf-8><script>t='{token}'</script><div>Thứ Hai, 0{count}/07/2024</div>"
            f"<p data-x={token}>{text}</p><td>12,5</td><div>Lượt truy cập: <b>{count}</b></div><a href=/x>{teaser}</a>"
        ).encode()

    one = fingerprint(page("a", 1, "Tin khác", "Giao 12 chỉ tiêu."))
    assert one == fingerprint(page("b", 2, "Tin mới hơn", "Giao 12 chỉ tiêu."))
    assert one != fingerprint(page("a", 1, "Tin khác", "Giao 13 chỉ tiêu."))


@pytest.mark.parametrize("piece", [b"<a ", b"<script>", b"<link rel=canonical ", b"<div>", b"<a href='/tin-1.html", b"&#"])
def test_hostile_markup_costs_no_more_than_its_length(piece: bytes) -> None:
    body = b"<html>" + piece * (1_000_000 // len(piece))
    began = time.process_time()
    fingerprint(body)
    reader().listing(body, URL, "utf-8", number=1, with_dates=True)
    reader().canonical(body, URL)
    reader().feed(body, URL)
    assert time.process_time() - began < 4


FORM = """<form method=post enctype="multipart/form-data" action="tin.aspx?loai=1"><input type=hidden name=__VIEWSTATE value="/wEP+=">
<input type=submit name=tim value="Tìm">{}</form>"""
POSTBACK = "<a href=\"javascript:__doPostBack('{}','{}')\">{}</a>"


@pytest.mark.parametrize(
    ("target", "argument", "label"),
    [
        ("ctl00$luoi", "Page$2", "2"),
        ("ctl00$luoi", "Page$2", "…"),
        ("ctl00$phanTrang$ctl02", "", "2"),
        ("ctl00$phanTrang$sau", "", "Trang sau"),
        ("ctl00$phanTrang$sau", "", "»"),
    ],
)
def test_pages_turned_by_postbacks_are_forms_to_send(target: str, argument: str, label: str) -> None:
    body = FORM.format('<a href="/mot-hai-ba-1.html">x</a>' + POSTBACK.format(target, argument, label)).encode()
    found = reader().listing(body, URL, "utf-8", number=1)
    assert found.next_page is not None and len(found.articles) == 1
    assert found.next_page.url.endswith("/tin.aspx?loai=1") and found.next_page.key.endswith("/tin.aspx?loai=1#page-2")
    sent = dict(parse_qsl(found.next_page.form, keep_blank_values=True))
    assert sent == {"__VIEWSTATE": "/wEP+=", "__EVENTTARGET": target, "__EVENTARGUMENT": argument}


def test_other_postbacks_turn_no_page() -> None:
    events = POSTBACK.format("lich", "9102", "2") + POSTBACK.format("lich", "V9131", ">") + POSTBACK.format("menu", "", "Giới thiệu")
    assert reader().listing(FORM.format(events).encode(), URL, "utf-8", number=1).next_page is None
    outside = POSTBACK.format("luoi", "Page$2", "2")
    assert reader().listing(outside.encode(), URL, "utf-8", number=1).next_page is None, "there is no form to send"


def test_links_read_off_the_bytes_are_those_of_the_tree() -> None:
    body = (
        "<html><base href='/goc/'><body><!-- <a href='/bai/an-trong-chu-thich-1.html'>x</a> --><A\nclass=x HREF=/bai/khong-ngoac-2.html>x</A>"
        '<a title="a > b" data-href="/bai/gia-mao-la-3.html" href="/bai/that-su-la-4.html?a=1&amp;b=2">x</a>'
        "<script>'<a href=\"/bai/trong-ma-lenh-5.html\">'</script><a href='../bai/tuong-doi-la-6.html'>x</a>"
        "<area href='/bai/khong-phai-a-7.html'><a href='/bai/chữ-việt-8.html'>x</a><a href>x</a><a href=''>y</a>"
    ).encode()
    article = r"^/bai/[^/]+-\d+\.html"
    by_bytes = {link.url for link in reader(article=article).articles(body, URL, "utf-8")}
    by_tree = {link.url for link in reader(article=article).listing(body, URL, "utf-8", number=1).articles}
    assert by_bytes == by_tree and len(by_bytes) == 4
