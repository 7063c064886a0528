"""Pages made to break a parser: each comes back, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chitieu.crawlers.page import StoredPage
from chitieu.pipelines.article import Article
from chitieu.pipelines.parse import NotArticle, parse_page

STORY = (
    "<p>Huyện phấn đấu trong năm có thêm ba xã về đích, mỗi xã được cấp 2,5 tỷ đồng từ nguồn vượt thu.</p>"
    "<p>Trưởng các phòng chịu trách nhiệm về tiến độ, báo cáo vào ngày 25 hằng tháng cho Văn phòng.</p>"
).encode()
SECONDS = 8


def page(middle: bytes, after: bytes = STORY) -> bytes:
    return b"<html><head><title>Ba xa ve dich</title></head><body>" + middle + after + b"</body></html>"


HOSTILE = {
    "a million nested tags": page(b"<div>" * 1_000_000),
    "nested below the limit of tags": page(b"<div>" * 250_000),
    "never closed fonts": page(b"<p><font color=red><b>a</b> " * 40_000),
    "attribute of 20 MB": page(b'<div class="' + b"x " * 10_000_000 + b'">'),
    "attribute of 7 MB": page(b'<div class="' + b"x " * 3_500_000 + b'">'),
    "600,000 attributes": page(b"<div " + b" ".join(b"a%d=1" % n for n in range(600_000)) + b">"),
    "attributes hiding brackets": page(b"<div " + b" ".join(b'a%d="<>"' % n for n in range(140_000)) + b">"),
    "null bytes": page(b"\0" * 2_000_000),
    "entities that multiply": b"<!DOCTYPE html [<!ENTITY a 'ha'>" + b"".join(b"<!ENTITY a%d '&a;&a;&a;'>" % n for n in range(2000)) + b"]>" + page(b"&a9;"),
    "open brackets": page(b"<" * 5_000_000),
    "open quotes": page(b'<a x="' * 250_000),
    "open scripts": page(b"<script>" * 800_000),
    "open comments": page(b"<!--" * 1_500_000),
    "one number": page(b"<p>" + b"1" * 6_000_000 + b"</p>"),
    "dates without end": page(b"<p>" + b"12/12/2023 " * 500_000 + b"</p>"),
    "one long table": page(b"<table>" + b"<tr><td>a<td>b" * 90_000 + b"</table>"),
    "lists in lists": page(b"<ul><li>x" * 120_000),
    "headings of boxes": page("<div><h3>Tin liên quan</h3>".encode() * 20_000),
    "deep JSON": page(b'<script type="application/ld+json">' + b'[{"a":' * 300_000 + b"</script>"),
    "much JSON": page(b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>' * 40_000),
    "surrogates and forbidden characters": page(b"<h1>&#55357;&#xD800;&#0;&#1114112;&#xFFFE;</h1>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_comes_back_within_seconds(name: str, stored: Callable[..., StoredPage]) -> None:
    begun = time.perf_counter()
    result = parse_page(stored(HOSTILE[name]), None)
    assert time.perf_counter() - begun < SECONDS
    assert isinstance(result, Article) or result.reason in ("too-large", "empty", "script-drawn", "no-text")
    if isinstance(result, Article):
        result.text.encode()


@pytest.mark.parametrize("name", ["attribute of 7 MB", "600,000 attributes", "null bytes", "entities that multiply", "deep JSON", "much JSON"])
def test_the_story_inside_is_still_read(name: str, stored: Callable[..., StoredPage]) -> None:
    article = parse_page(stored(HOSTILE[name]), None)
    assert isinstance(article, Article)
    assert "mỗi xã được cấp 2,5 tỷ đồng từ nguồn vượt thu." in article.text


def test_deeper_than_the_parser_goes_by_unclosed_formatting(stored: Callable[..., StoredPage]) -> None:
    article = parse_page(stored(page(b"<font size=2><b><i>" * 1500)), None)
    assert isinstance(article, Article)
    assert "ba xã về đích" in article.text


@pytest.mark.parametrize("status", [100, 301, 404, 429, 500, 503])
def test_other_statuses_are_no_articles(status: int, stored: Callable[..., StoredPage]) -> None:
    result = parse_page(stored(page(b""), status=status, location="/moi"), None)
    assert isinstance(result, NotArticle)
    assert result.reason == ("redirect" if status == 301 else "error-page")


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"PK\x03\x04\x14\x00word/document.xml", "application/octet-stream", "document-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "text/html", "document-file"),
        (b"some bytes", "application/pdf", "document-file"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "not-html"),
        (b'{"a": 1}', "application/json", "not-html"),
        (bytes(range(256)) * 40, "text/html", "not-html"),
        (b"  \n ", "text/html", "empty"),
        (b'<?xml version="1.0"?><urlset xmlns="x"><url></url></urlset>', "application/xml", "feed"),
    ],
)
def test_what_is_no_page_of_text(body: bytes, content_type: str, reason: str, stored: Callable[..., StoredPage]) -> None:
    result = parse_page(stored(body, content_type=content_type), None)
    assert isinstance(result, NotArticle)
    assert result.reason == reason


PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "</p>", "<table><tr><td>", "</td></tr></table>", "<ul><li>", "<h1>", "</h1>", "<br>", "<a href=x>", "</a>", "<b>", "<!--", "-->",
     "<script>", "</script>", "<img src=x>", '<div class="related">', '<div class="sapo">', "Tin liên quan", "14/09/2021 08:00", "Ảnh: Mai", "&#8203;", "&lt;", "\x00",
     "Số ký hiệu: 12/KH-UBND", "Trích yếu", "Ngày ban hành: 1/2/2024", "Thu ngân sách của huyện đạt 218 tỷ đồng, bằng 104% dự toán cả năm được giao."]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=40))
def test_no_markup_breaks_it(pieces: list[str]) -> None:
    from datetime import UTC, datetime

    body = "".join(pieces).encode("utf-8", "surrogatepass")
    result = parse_page(StoredPage("https://x.example/a-1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, {"content-type": "text/html"}, body), None)
    assert isinstance(result, Article) or result.reason != "parser-error", result
    if isinstance(result, Article):
        assert all(result.text[zone.start : zone.end].strip() for zone in result.zones)
