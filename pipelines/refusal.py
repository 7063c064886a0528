"""Pages that are no article, and how they are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.pipelines.directives import is_register
from chitieu.pipelines.markup import Block, Markup
from chitieu.pipelines.pagedata import MetaTags
from chitieu.pipelines.zoning import is_furniture

Reason = Literal[
    "listing", "feed", "redirect", "error-page", "challenge", "script-drawn", "document-file", "not-html", "too-large", "empty",
    "no-text", "legacy-encoding", "parser-error", "needs_ocr", "unsupported-file", "damaged-file", "encrypted-file", "file-too-large",
    "says-the-same",
]  # fmt: skip

MAX_BYTES = 8_000_000
"""Larger pages are not read: no article's page comes near, and time and memory grow with it."""

_MAGIC: tuple[tuple[bytes, Reason, str], ...] = (
    (b"%PDF", "document-file", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document-file", "Word, Excel or PowerPoint before 2007"),
    (b"PK\x03\x04", "document-file", "ZIP, DOCX, XLSX or the like"),
    (b"{\\rtf", "document-file", "RTF"),
    (b"Rar!", "document-file", "RAR"),
    (b"\x89PNG", "not-html", "PNG picture"),
    (b"\xff\xd8\xff", "not-html", "JPEG picture"),
    (b"GIF8", "not-html", "GIF picture"),
    (b"RIFF", "not-html", "RIFF media"),
    (b"\x1f\x8b", "not-html", "gzip data"),
    (b"ID3", "not-html", "MP3 audio"),
)
_DOCUMENT_TYPES = re.compile(r"application/(?:pdf|msword|rtf|zip|x-rar|vnd\.(?:openxml|ms-|oasis))", re.IGNORECASE)
_OTHER_TYPES = re.compile(r"(?:image|audio|video|font)/|application/(?:json|javascript|octet-stream)|text/(?:css|javascript|csv)", re.I)
_FEED = re.compile(rb"^\s*(?:<\?xml[^>]{0,200}\?>)?\s*(?:<!--.{0,500}?-->\s*)*<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)\b", re.I | re.S)
_CHALLENGE = re.compile(
    r"just a moment|checking your browser|cf-browser-verification|challenge-platform|_cf_chl|ddos-guard|attention required"
    r"|verify (?:that )?you are (?:a )?human|are you a robot|captcha|incapsula|access denied|request unsuccessful"
    r"|đang kiểm tra trình duyệt|không phải (?:là )?(?:robot|người máy)|xác minh bạn là con người",
    re.IGNORECASE,
)
_COOKIE_CHALLENGE = re.compile(r"document\.cookie\s*=.{0,500}?location\.(?:reload|href|replace)", re.DOTALL)
_ERROR_TITLE = re.compile(
    r"^(?:lỗi\b|error\b|404|403|500|50[234]|not found|page not found|forbidden|service unavailable|runtime error|server error"
    r"|bad (?:gateway|request)|không tìm thấy|trang (?:này )?không (?:tồn tại|tìm thấy)|trang (?:bạn )?(?:yêu cầu|tìm kiếm).{0,30}không)"
    r"|(?:404|không tìm thấy trang|page not found|trang không tồn tại|http error)",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"không tìm thấy (?:trang|nội dung|bài viết|đường dẫn|dữ liệu)|(?:trang|bài viết|nội dung|tin|đường dẫn).{0,40}(?:không (?:còn )?tồn tại|đã bị xó?a|không tìm thấy)"
    r"|server error in '/|the resource (?:you are looking for|cannot be found)|404 (?:-|–|not found)|hệ thống đang (?:bảo trì|nâng cấp)|đang bảo trì"
    r"|object reference not set|database (?:connection )?error|error establishing|có lỗi xảy ra",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    r"<(?:div|main|app-root)\b[^>]{0,200}\b(?:id|class)=[\"']?(?:root|app|__next|__nuxt|q-app|main-app)\b|<app-root|ng-app|data-reactroot|__NEXT_DATA__|__NUXT__"
    r"|(?:enable|bật|kích hoạt).{0,20}javascript|javascript.{0,40}(?:required|disabled|chưa được bật|bị tắt)",
    re.IGNORECASE,
)
_LITTLE_TEXT = 400
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])


@dataclass(frozen=True, slots=True)
class NotArticle:
    """Why a page gives no article: `reason` is a slug to count by, `detail` says it for people."""

    reason: Reason
    detail: str = ""


def not_a_page(page: StoredPage) -> NotArticle | None:
    """Refuse what its status, size, type or first bytes show not to be a page of text."""
    body = page.body
    if 300 <= page.status < 400:
        return NotArticle("redirect", f"HTTP {page.status} to {page.headers.get('location', 'nowhere')[:300]}")
    if page.status >= 400 or page.status < 200:
        challenged = page.status in (403, 429, 503) and _CHALLENGE.search(body[:50_000].decode("utf-8", "replace"))
        return NotArticle("challenge" if challenged else "error-page", f"HTTP {page.status}")
    if not body.strip():
        return NotArticle("empty", "the body has no bytes")
    for magic, reason, what in _MAGIC:
        if body.startswith(magic):
            return NotArticle(reason, what)
    kind = page.headers.get("content-type", "")
    if _DOCUMENT_TYPES.match(kind):
        return NotArticle("document-file", kind[:100])
    if feed := _FEED.match(body[:3000]):
        return NotArticle("feed", feed[1].decode().lower())
    if _OTHER_TYPES.match(kind) and b"<html" not in body[:2000].lower():
        return NotArticle("not-html", kind[:100])
    if len(body) > MAX_BYTES:
        return NotArticle("too-large", f"{len(body):,} bytes; at most {MAX_BYTES:,} are read")
    if _is_binary(body[:4000]):
        return NotArticle("not-html", "binary data")
    return None


def refuse_bare(page: StoredPage, markup: Markup, meta: MetaTags) -> NotArticle | None:
    """Refuse challenge pages, errors answered with 200, empty pages and pages drawn by script."""
    size = sum(len(block.text) for block in markup.blocks)
    paragraphs = sum(block.plain for block in markup.blocks if block.plain > 80)
    title = " ".join((markup.root.findtext(".//title") or "").split())[:300]
    if paragraphs > 3 * _LITTLE_TEXT:
        return None
    raw = page.body[:100_000].decode("utf-8", "replace")
    text = " ".join(block.text for block in markup.blocks)[:5000]
    little = size < 3 * _LITTLE_TEXT
    if (little and _CHALLENGE.search(f"{title} {text} {raw[:20_000]}")) or (size < 100 and _COOKIE_CHALLENGE.search(raw)):
        return NotArticle("challenge", (title or text)[:200])
    if _ERROR_TITLE.search(title) and paragraphs < _LITTLE_TEXT:
        return NotArticle("error-page", f"answered with {page.status}: {title[:200]}")
    if paragraphs < _LITTLE_TEXT and (found := _error_line(markup.blocks)):
        return NotArticle("error-page", f"answered with {page.status}: {found[:200]}")
    if size < _LITTLE_TEXT and not markup.json_ld:
        if _SCRIPTED.search(raw) or (markup.scripts > 3000 and size < 100):
            return NotArticle("script-drawn", f"{size} characters of text, {markup.scripts} of script")
        if target := _refresh(markup):
            return NotArticle("redirect", f"meta refresh: {target[:200]}")
    if not markup.blocks and not markup.json_ld:
        return NotArticle("empty", "no text in the page")
    return None


def refuse_listing(blocks: Sequence[Block], markup: Markup, says_article: bool, url: str, source: Source | None) -> NotArticle | None:
    """Refuse a page whose main part is links to articles, and one that has no main part."""
    is_ours = source is not None and source.matches_article(url)
    if is_register(markup.blocks) and not any(block.plain > 200 for block in markup.blocks if block.tag != "tr"):
        return NotArticle("listing", "a register of documents")
    lines = [block for block in blocks if not is_furniture(block.text)]
    headlines = sum(block.is_link and len(block.text) >= 25 for block in lines)
    paragraphs = [block for block in lines if not block.is_link and block.plain >= 60]
    everywhere = sum(block.is_link and len(block.text) >= 20 for block in markup.blocks)
    if not lines or not paragraphs:
        if says_article or is_ours:
            return None
        return NotArticle("listing", f"{everywhere} headlines, no text") if everywhere >= 5 else None
    if not (says_article or is_ours) and everywhere >= 2 and _longest_run(lines) < 2:
        return NotArticle("listing", f"{everywhere} headlines, no two paragraphs in a row")
    if headlines < 4:
        return None
    share = headlines / (headlines + len(paragraphs))
    # A story may end in a long list of others; a listing alternates. The address and the page's word tip the scale.
    limit = 0.4 + 0.2 * says_article + 0.2 * is_ours
    return NotArticle("listing", f"{headlines} headlines among {len(paragraphs)} paragraphs") if share >= limit and _alternates(lines) else None


def _alternates(blocks: Sequence[Block]) -> bool:
    """Whether headlines stand among all of the paragraphs, not only behind them."""
    telling = sum(block.is_link and len(block.text) >= 25 or block.plain >= 60 for block in blocks)
    return _longest_run(blocks) <= max(2, telling // 6)


def _longest_run(blocks: Sequence[Block]) -> int:
    """The most paragraphs that stand in a row without a headline between them."""
    run = longest = 0
    for block in blocks:
        if block.is_link and len(block.text) >= 20:
            run = 0
        elif block.plain >= 60 or block.tag in ("li", "tr"):
            run += 1
        longest = max(longest, run)
    return longest


def _error_line(blocks: Sequence[Block]) -> str | None:
    return next((block.text for block in blocks if len(block.text) < 200 and not block.is_link and _ERROR_TEXT.search(block.text)), None)


def _refresh(markup: Markup) -> str | None:
    for meta in markup.root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and "url" in (meta.get("content") or "").lower():
            return meta.get("content")
    return None


def _is_binary(head: bytes) -> bool:
    """Whether control characters make up more of the bytes than any text, in one or two bytes a letter, has."""
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or max(head[0::2].count(0), head[1::2].count(0)) > 0.3 * len(head)
    return not wide and len(head) - len(head.translate(None, _CONTROLS)) > 0.05 * len(head)
