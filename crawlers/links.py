"""What a fetched page leads to: article links, the next page of a listing, feeds, sitemaps.

Pure functions of the page. Articles themselves are parsed elsewhere; here only links and their dates
are read.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Literal

import lxml.etree
import lxml.html
from form2request import form2request
from lxml.cssselect import CSSSelector
from lxml.etree import _Element

from chitieu.crawlers.sources import Source
from chitieu.crawlers.urls import address_key, canonical_url

Format = Literal["feed", "sitemap", "html"]
MAX_LINKS = 60_000
"""A sitemap has at most 50,000 by its standard; what has more is a trap."""

_CACHED_ADDRESSES = 20_000
MAX_FORM = 2_000_000
"""Bytes of a form that are sent to turn a page: what ASP.NET calls its view state can be large."""
MAX_ATTACHMENTS = 30
"""Of one page; directives have a few annexes."""
_ALL_FILES = lxml.etree.XPath("//a/@href | //iframe/@src | //embed/@src | //object/@data", smart_strings=False)
_DOCUMENT_FILE = re.compile(r"\.(?:pdf|docx?|rtf|odt)(?:$|[?#&/])", re.IGNORECASE)
_ANCHOR = re.compile(rb"""<a\s(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*?\s)??href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_NOT_LINKS = re.compile(rb"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)", re.IGNORECASE | re.DOTALL)
_BASE = re.compile(rb"""<base\s(?:[^<>]*?\s)??href\s*=\s*["']?([^"'<>\s]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """An address found on a page."""

    url: str
    key: str
    date: datetime | None = None
    """When the linked page appeared or was last changed, as the linking page says; aware UTC."""
    form: str = ""
    """What is sent there, of a page that is turned by sending a form; its key then names the page too."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page leads to."""

    articles: tuple[Link, ...]
    next_page: Link | None
    stands_for: Link | None = None
    """Of a page without articles: where it sends its readers at once, as old home pages do."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap (addresses of pages) or an index of sitemaps (addresses of sitemaps)."""

    is_index: bool
    links: tuple[Link, ...]


def is_file(url: str) -> bool:
    """Whether an address looks like that of a document file."""
    return _DOCUMENT_FILE.search(url) is not None


def sniff(body: bytes) -> Format:
    """What a listing address answered with, told from its root element and not from what it claims."""
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    root = re.search(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html|!doctype html|body|div)\b", head)
    name = root.group(1) if root else b"html"
    if name in (b"rss", b"feed", b"rdf"):
        return "feed"
    return "sitemap" if name in (b"urlset", b"sitemapindex") else "html"


class LinkReader:
    """Reads the links of one source's pages; remembers addresses that recur on every page."""

    def __init__(self, source: Source) -> None:
        self._source = source
        # The navigation of a site is the same on all its pages: most addresses are met again and again.
        self._cache: dict[str, tuple[Link | None, bool]] = {}
        self._rooted: dict[bytes, Link | None] = {}
        """The same by what stands in the page, for links from the root: the article each leads to, if any."""
        self._origin = ""
        self._links = tuple(map(CSSSelector, source.selectors.links))
        self._next = tuple(map(CSSSelector, source.selectors.next_page))
        self._attachment = tuple(map(CSSSelector, source.selectors.attachment))

    def listing(self, body: bytes, url: str, encoding: str | None, *, number: int, with_dates: bool = False) -> Listing:
        """Article links of a listing page, in reading order and each once, and the link to its next page.

        `number` tells which page of the listing it is, counted from 1. Dates are looked for beside
        the links only `with_dates`, for that costs time.
        """
        document = _parse_html(body, encoding)
        if document is None:
            return Listing((), None)
        base = self._enter(_base(document, url))
        anchors = [a for a in document.iter("a") if a.get("href")]
        chosen = self._chosen_anchors(document) or anchors
        articles: dict[str, Link] = {}
        for anchor in chosen:
            link = self._article(anchor.get("href"), base)
            if link is not None and link.key not in articles and len(articles) < MAX_LINKS:
                found = _date_beside(anchor) if with_dates else None
                articles[link.key] = Link(link.url, link.key, found or _date_in_path(link.url))
        following = self._next_page(document, anchors, base, url, number)
        if following is None and (event := _next_postback(anchors, number)):
            following = self._postback(body, url, encoding, event, number)
        return Listing(tuple(articles.values()), following, None if articles else self._refresh(document, base, url))

    def articles(self, body: bytes, url: str, encoding: str | None) -> tuple[Link, ...]:
        """Links to articles anywhere on a page, each once.

        Read off the bytes without making a tree: this is done with every page of a crawl that follows
        articles, and the tree was half of what such a page cost.
        """
        base = self._enter(_base_in_bytes(body, url))
        found: dict[str, Link] = {}
        for raw in dict.fromkeys(map(b"".join, _ANCHOR.findall(_NOT_LINKS.sub(b"", body)))):
            try:
                link = self._rooted[raw]
            except KeyError:
                link = self._article_of_raw(raw, base, encoding)
            if link is not None:
                found[link.key] = link
        return tuple(found.values())

    def _article_of_raw(self, raw: bytes, base: str, encoding: str | None) -> Link | None:
        link = self._article(_href_text(raw, encoding), base)
        if raw.startswith(b"/") and not raw.startswith(b"//") and raw.isascii():
            if len(self._rooted) >= _CACHED_ADDRESSES:
                self._rooted.clear()
            self._rooted[raw] = link
        return link

    def attachments(self, body: bytes, url: str, encoding: str | None) -> tuple[Link, ...]:
        """Files attached to a page of a register: at the source's selectors, or links to documents, each once."""
        document = _parse_html(body, encoding)
        if document is None:
            return ()
        base = self._enter(_base(document, url))
        found: dict[str, Link] = {}
        for href in self._attached(document):
            link, _ = self._resolve(href, base)
            if link is not None and link.key != self.key(url) and len(found) < MAX_ATTACHMENTS:
                found.setdefault(link.key, link)
        return tuple(found.values())

    def _attached(self, document: _Element) -> Iterator[str]:
        if self._attachment:
            for selector in self._attachment:
                for element in selector(document):
                    around = [element, *element.iterdescendants("a", "iframe", "embed", "object")]
                    yield from (address for e in around if (address := e.get("href") or e.get("src") or e.get("data")))
            return
        for address in _ALL_FILES(document):
            if _DOCUMENT_FILE.search(address):
                yield address

    def feed(self, body: bytes, url: str) -> tuple[Link, ...]:
        """The items of an RSS or Atom feed that are articles of the source, with their dates."""
        links = []
        self._enter(url)
        for item in _xml_elements(body, ("item", "entry")):
            address = _feed_address(item)
            link = self._article(address, url) if address else None
            if link is not None:
                links.append(Link(link.url, link.key, _feed_date(item) or _date_in_path(link.url)))
        return tuple(links)

    def sitemap(self, body: bytes, url: str) -> Sitemap:
        """The entries of a sitemap that are articles of the source, or the sitemaps of an index."""
        is_index = b"<sitemapindex" in body[:4096] or b":sitemapindex" in body[:4096]
        links = []
        self._enter(url)
        for entry in _xml_elements(body, ("sitemap",) if is_index else ("url",)):
            address = _child_text(entry, "loc")
            link = self._resolve(address, url)[0] if address else None
            if link is None or not (is_index or self._source.matches_article(link.url)):
                continue
            links.append(Link(link.url, link.key, _iso_date(_child_text(entry, "lastmod"))))
        return Sitemap(is_index, tuple(links))

    def canonical(self, body: bytes, url: str) -> Link | None:
        """The address an article page names as its proper one, if that is an article of the source."""
        match = _CANONICAL.search(body[:65536])
        href = _HREF.search(match.group(0)) if match else None
        return self._article(href.group(1).decode("utf-8", "replace"), self._enter(url)) if href else None

    def key(self, url: str) -> str:
        """The key of an address of this source."""
        return address_key(url, ignore_case=self._source.ignore_case)

    def _enter(self, base: str) -> str:
        """Begin with a page whose links are relative to `base`: what is remembered holds for one origin."""
        origin = base[: base.find("/", 8)]
        if origin != self._origin:
            self._cache.clear()
            self._rooted.clear()
            self._origin = origin
        return base

    def _article(self, href: str, base: str) -> Link | None:
        link, is_article = self._resolve(href, base)
        return link if is_article else None

    def _resolve(self, href: str, base: str) -> tuple[Link | None, bool]:
        """The link on the source's own hosts, and whether it looks like an article."""
        # Links from the root of the site say the same on all pages of the same origin.
        rooted = href.startswith("http") or (href[:1] == "/" and href[1:2] != "/")
        cached = href if rooted else f"{base} {href}"
        known = self._cache.get(cached)
        if known is None:
            if len(self._cache) >= _CACHED_ADDRESSES:
                self._cache.clear()
            known = self._cache[cached] = self._resolve_new(href, base)
        return known

    def _resolve_new(self, href: str, base: str) -> tuple[Link | None, bool]:
        try:
            url = canonical_url(href, base)
            if not self._source.owns(url):
                return None, False
            return Link(url, self.key(url)), self._source.matches_article(url)
        except ValueError:
            return None, False

    def _chosen_anchors(self, document: _Element) -> list[_Element]:
        """The anchors at the source's link selectors: the elements themselves, around them or within."""
        chosen = []
        for selector in self._links:
            for element in selector(document):
                anchor = next(element.iterancestors("a"), None) if element.tag != "a" else element
                chosen.extend([anchor] if anchor is not None else element.iter("a"))
        return [a for a in chosen if a.get("href")]

    def _next_page(
        self,
        document: _Element,
        anchors: list[_Element],
        base: str,
        url: str,
        number: int,
    ) -> Link | None:
        here = self.key(url)
        for href in self._next_candidates(document, anchors, number):
            link, is_article = self._resolve(href, base)
            if link is not None and not is_article and link.key != here:
                return link
        return None

    def _refresh(self, document: _Element, base: str, url: str) -> Link | None:
        """Where a meta tag sends the readers of a page at once; None for one that only loads anew."""
        for content in document.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content"):
            if match := _REFRESH.match(content):
                link, _ = self._resolve(match[1], base)
                return link if link is not None and link.key != self.key(url) else None
        return None

    def _postback(self, body: bytes, url: str, encoding: str | None, event: tuple[str, str], number: int) -> Link | None:
        """The next page of a listing whose pages have no addresses: what sending its ASP.NET form would give."""
        document = _parse_html(body, encoding, lxml.html.HTMLParser, url)
        form = next(iter(document.xpath("//form[.//input[@name='__VIEWSTATE']]")), None) if document is not None else None
        if form is None:
            return None
        data = {"__EVENTTARGET": event[0], "__EVENTARGUMENT": event[1]}
        try:
            request = form2request(form, data, click=False, method="POST", enctype="application/x-www-form-urlencoded")
        except ValueError:  # an action that is no address
            return None
        link, _ = self._resolve(request.url, url)
        if link is None or len(request.body) > MAX_FORM:
            return None
        return Link(link.url, f"{link.key}#page-{number + 1}", form=request.body.decode())

    def _next_candidates(
        self, document: _Element, anchors: list[_Element], number: int
    ) -> Iterator[str]:
        """Addresses that may be the next page, the surest first."""
        for selector in self._next:
            for element in selector(document):
                anchor = element if element.tag == "a" else next(element.iter("a"), None)
                if anchor is not None and anchor.get("href"):
                    yield anchor.get("href")
        yield from document.xpath("//link[contains(concat(' ', @rel, ' '), ' next ')]/@href")
        yield from document.xpath("//a[contains(concat(' ', @rel, ' '), ' next ')]/@href")
        worded, signed = [], []
        for anchor in anchors:
            href = anchor.get("href")
            label = _label(anchor)
            if not label or href.startswith(("#", "javascript:")):
                continue
            if label == str(number + 1) and _mentions(href, number):
                yield href
            elif label in _NEXT_WORDS:
                worded.append(href)
            elif label in _NEXT_SIGNS and _mentions(href, number):
                signed.append(href)
        yield from worded
        yield from signed


_POSTBACK = re.compile(
    r"""^\s*javascript:\s*(?:WebForm_DoPostBackWithOptions\(\s*new\s+WebForm_PostBackOptions|__doPostBack)\(\s*"""
    r"""["']([^"']{1,300})["']\s*,\s*["']([^"']{0,100})["']""",
    re.IGNORECASE,
)


def _next_postback(anchors: list[_Element], number: int) -> tuple[str, str] | None:
    """Target and argument of the event that turns to the next page: a pager's number, or its word or sign for it.

    Calendars turn their months by events too, with arguments of their own; those are left alone.
    """
    worded = None
    for anchor in anchors:
        event = _POSTBACK.match(anchor.get("href"))
        if event is None or event[2] and not event[2].startswith("Page$"):
            continue
        label = _label(anchor)
        if label == str(number + 1) or event[2] == f"Page${number + 1}":
            return event[1], event[2]
        if label in _NEXT_WORDS or label in _NEXT_SIGNS:
            worded = worded or (event[1], event[2])
    return worded


_SCRIPTED = re.compile(
    rb"""<(?:div|main|app-root)\b[^>]{0,200}\b(?:id|class)=["']?(?:root|app|__next|__nuxt|q-app|main-app)\b|<app-root|__NEXT_DATA__|__NUXT__""",
    re.IGNORECASE,
)


def is_script_drawn(body: bytes) -> bool:
    """Whether a page shows the marks of one that is empty until its scripts have run."""
    return b"<script" in body[:500_000].lower() and _SCRIPTED.search(body[:500_000]) is not None


_CANONICAL = re.compile(rb"""<link\b[^<>]*\brel\s*=\s*["']?canonical\b[^<>]*>""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_NEXT_WORDS = frozenset(
    {"trang sau", "trang tiếp", "trang tiếp theo", "trang kế", "tiếp", "tiếp theo", "sau", "kế tiếp", "next", "next page"}
)
# These also stand for "last page" or "more": the address itself must say that it is the next.
_NEXT_SIGNS = frozenset({"›", "»", ">", ">>", "→", "xem thêm", "xem tiếp"})
_REFRESH = re.compile(r"""\s*0*[0-5]\s*[;,]\s*url\s*=\s*["']?([^"'\s]+)""", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)\b")
_MONTH_IN_PATH = re.compile(r"/(20\d\d)(0[1-9]|1[0-2])/")


def fingerprint(body: bytes) -> str:
    """What the readers of an HTML page get to read of its own: two fetches of a page that differ only
    in markup, in the wording of links (teasers of other pages), in counters of visitors or in the day
    of today at the top have the same.
    """
    document = _parse_html(body, None)
    if document is None:
        return body.decode("latin-1")
    lxml.etree.strip_elements(document, "script", "style", "a", with_tail=False)
    kept: list[str] = []
    counted = False
    for piece in document.itertext():
        text = " ".join(piece.split())
        if not text or (counted and text.replace(".", "").isdigit()):
            continue
        counted = len(text) < 120 and _EVER_CHANGING.search(text) is not None
        if not counted:
            kept.append(text)
    return "\n".join(kept)


_EVER_CHANGING = re.compile(
    "lượt (?:xem|truy cập|đọc)|đang (?:online|truy cập)|trực tuyến:|"
    "^(?:thứ \\w+|chủ nhật|hôm nay)[, ]+(?:ngày )?\\d",
    re.IGNORECASE,
)


def _parse_html(
    body: bytes, encoding: str | None, make_parser: type[lxml.etree.HTMLParser] = lxml.etree.HTMLParser, url: str | None = None
) -> _Element | None:
    """The document, or None where there is none to be had from the bytes."""
    try:
        parser = make_parser(encoding=encoding, remove_comments=True, remove_pis=True)
    except LookupError:
        parser = make_parser(remove_comments=True, remove_pis=True)
    try:
        return lxml.etree.fromstring(body, parser=parser, base_url=url)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _base_in_bytes(body: bytes, url: str) -> str:
    """Like `_base`, without a tree."""
    found = _BASE.search(body[:8192])
    try:
        return canonical_url(_href_text(found[1], None), url) if found else url
    except ValueError:
        return url


def _href_text(raw: bytes, encoding: str | None) -> str:
    """An attribute's value as text, its entities undone."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        try:
            text = raw.decode(encoding or "utf-8", "replace")
        except LookupError:
            text = raw.decode("utf-8", "replace")
    return html.unescape(text) if "&" in text else text


def _base(document: _Element, url: str) -> str:
    """What relative links of the page are relative to."""
    href = next(iter(document.xpath("//base/@href")), None)
    try:
        return canonical_url(href, url) if href else url
    except ValueError:
        return url


def _label(anchor: _Element) -> str:
    """What a link says: its text, or its title where it has only a picture."""
    text = " ".join("".join(anchor.itertext()).split()) if len(anchor) < 5 else ""
    text = text or anchor.get("aria-label") or anchor.get("title") or ""
    return unicodedata.normalize("NFC", text).casefold().strip() if len(text) < 40 else ""


def _mentions(href: str, number: int) -> bool:
    """Whether an address has the number of the next page in it (or of this one: some count from 0)."""
    return any(int(digits) in (number, number + 1) for digits in re.findall(r"\d{1,6}", href))


def _date_beside(anchor: _Element) -> datetime | None:
    """A day written near a link: in the link or in one of the three elements around it."""
    element = anchor
    for _ in range(4):
        if element is None:
            return None
        text = "".join(element.itertext())
        if len(text) > 1500:
            return None
        if match := _DATE.search(text):
            return _day(int(match[3]), int(match[2]), int(match[1]))
        element = element.getparent()
    return None


def _date_in_path(url: str) -> datetime | None:
    """The last day of the month that stands in an address such as `/chinh-tri/202407/…`."""
    match = _MONTH_IN_PATH.search(url)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return _day(year + month // 12, month % 12 + 1, 1)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime.combine(date(year, month, day), datetime.min.time(), timezone.utc)
    except ValueError:
        return None


def _xml_elements(body: bytes, names: tuple[str, ...]) -> Iterator[_Element]:
    """The elements of these names, one at a time and without their memory kept.

    External entities and DTDs are not loaded, and broken XML is read as far as it goes.
    """
    events = lxml.etree.iterparse(
        BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    count = 0
    try:
        for _, element in events:
            if not isinstance(element.tag, str) or lxml.etree.QName(element).localname.lower() not in names:
                continue
            yield element
            element.clear()
            while element.getprevious() is not None and element.getparent() is not None:
                del element.getparent()[0]
            count += 1
            if count >= MAX_LINKS:
                return
    except lxml.etree.XMLSyntaxError:
        return


def _child_text(element: _Element, *names: str) -> str | None:
    """The text of the first child of one of these names (namespaces do not matter)."""
    for name in names:
        for child in element:
            if isinstance(child.tag, str) and lxml.etree.QName(child).localname.lower() == name:
                text = "".join(child.itertext()).strip()
                if text:
                    return text
    return None


def _feed_address(item: _Element) -> str | None:
    text = _child_text(item, "link")
    if text:
        return text
    links = [c for c in item if isinstance(c.tag, str) and lxml.etree.QName(c).localname == "link" and c.get("href")]
    proper = [c for c in links if c.get("rel", "alternate") == "alternate"]
    for child in proper or links:
        return child.get("href")
    guid = _child_text(item, "guid", "id")
    return guid if guid and guid.startswith("http") else None


def _feed_date(item: _Element) -> datetime | None:
    text = _child_text(item, "updated", "modified", "pubdate", "published", "date")
    if text is None:
        return None
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        return _iso_date(text)


def _iso_date(text: str | None) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text.strip())) if text else None
    except ValueError:
        return None


def _utc(time: datetime) -> datetime | None:
    if time.tzinfo is None:
        time = time.replace(tzinfo=timezone.utc)
    try:
        return time.astimezone(timezone.utc)
    except OverflowError:
        return None
