"""Looking at a live site with a few polite requests: for `sources add` and `sources check`.

Feeds are looked for first, then sitemaps, then listings; article addresses are recognised by their
shape. Runs in a child process like a crawl, under the same robots rules, rate and guards.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timezone
from typing import Any, Literal

import lxml.etree
from lxml.cssselect import CSSSelector
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.sitemap import sitemap_urls_from_robots

from chitieu.crawlers.crawl import CrawlOptions
from chitieu.crawlers.guard import GuardedResolver, Refused, trouble_of_exception
from chitieu.crawlers.links import LinkReader, Listing, is_script_drawn, sniff
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.shapes import looks_like_article
from chitieu.crawlers.sources import Kind, Source
from chitieu.crawlers.urls import address_key, canonical_url, netloc
from chitieu.crawlers.worker import scrapy_settings

FEW_ARTICLES = 3
"""So many articles are tried, and so many links a page must have to count as a listing."""
MAX_CATEGORIES = 6
_MOST_MOVES = 3
"""Hosts looked at, one after the other, where each sends its visitors to the next."""
_GUESSED_FEEDS = ("/rss", "/feed", "/rss.xml")
_WORTHWHILE = ("chinh-tri", "kinh-te", "thoi-su", "xa-hoi", "chi-dao-dieu-hanh", "tin-tuc", "dau-tu", "van-ban", "nong-thon-moi")
_MAX_DRAFT_FEEDS = 12


_What = Literal["home", "feed", "sitemap", "listing", "article", "robots"]


class ProbeError(Exception):
    """The site could not be looked at, or nothing to crawl was found; the message says what was tried."""


class Finding(BaseModel):
    """One thing that was tried on a site."""

    what: _What
    url: str
    ok: bool
    detail: str
    articles: int = 0
    """How many article links it led to."""


class Sample(BaseModel):
    """An article that was fetched, for the parser to be tried on."""

    url: str
    headers: dict[str, str]
    body: Base64Bytes

    def page(self, source: str) -> StoredPage:
        """The article as the archive would give it."""
        return StoredPage(self.url, datetime.now(timezone.utc), 200, self.headers, self.body, source)


class Draft(BaseModel):
    """What an entry of the registry needs and a look at the site can tell."""

    hosts: list[str] = Field(default_factory=list)
    start: list[str] = Field(default_factory=list)
    article: list[str] = Field(default_factory=list)
    title: str = ""
    """The title of the home page."""


class SiteProbe(BaseModel):
    """What was found on a site: everything tried, in order, and a draft of its entry."""

    findings: list[Finding]
    draft: Draft
    samples: list[Sample] = Field(default_factory=list)
    """The articles that were tried, as they were fetched."""

    @property
    def usable(self) -> bool:
        """Whether a crawl with the draft would get articles."""
        return bool(self.draft.start) and any(f.ok for f in self.findings if f.what == "article")


class SourceCheck(BaseModel):
    """How an entry fares against the live site; `suggestion` is a draft where it does not."""

    source: str
    findings: list[Finding]
    suggestion: Draft | None = None
    samples: list[Sample] = Field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Every start address gave articles, and articles could be fetched."""
        starts = [f for f in self.findings if f.what in ("feed", "sitemap", "listing")]
        articles = [f for f in self.findings if f.what == "article"]
        return all(f.ok for f in self.findings) and bool(starts) and bool(articles)


class _ProbeJob(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Source
    discover: bool
    """Look for what there is instead of trying what the entry says."""
    options: CrawlOptions


class _ProbeResult(BaseModel):
    findings: list[Finding]
    draft: Draft | None = None
    samples: list[Sample] = Field(default_factory=list)
    leads_to: str = ""
    """Where on another host the site sends its visitors: it has moved."""


def probe_site(url: str, *, local: bool = False, options: CrawlOptions = CrawlOptions(timeout=20)) -> SiteProbe:
    """Look at the site at `url` and draft its entry. Raises ProbeError where it cannot be reached.

    `local` allows addresses on this machine and in private networks.
    """
    try:
        home = canonical_url(url if "//" in url else f"https://{url}")
    except ValueError as error:
        raise ProbeError(str(error)) from None
    findings: list[Finding] = []
    for _ in range(_MOST_MOVES):
        found = _run(_ProbeJob(source=_stand_in(home, local), discover=True, options=options))
        findings += found.findings
        if found.draft is not None:
            return SiteProbe(findings=findings, draft=found.draft, samples=found.samples)
        if not found.leads_to:
            break
        home = found.leads_to
    raise ProbeError(f"{home}: {findings[-1].detail if findings else 'no answer'}")


def check_source(source: Source, *, options: CrawlOptions = CrawlOptions(timeout=20)) -> SourceCheck:
    """Try an entry against its live site: each start address, and three articles. Raises ProbeError.

    Where the site has moved to another host, that one is looked at for the suggestion.
    """
    found = _run(_ProbeJob(source=source, discover=False, options=options))
    if found.leads_to and not any(finding.ok for finding in found.findings):
        try:
            moved = probe_site(found.leads_to, local=source.local, options=options)
        except ProbeError as error:
            found.findings.append(Finding(what="home", url=found.leads_to, ok=False, detail=str(error)))
        else:
            return SourceCheck(
                source=source.id, findings=found.findings + moved.findings, suggestion=moved.draft, samples=moved.samples
            )
    return SourceCheck(source=source.id, findings=found.findings, suggestion=found.draft, samples=found.samples)


def draft_entry(
    probe: SiteProbe, *, id: str, name: str, place: str, kind: Kind, day: str, local: bool = False
) -> str:
    """The TOML of a draft entry, ready for a registry folder; it says that people have not verified it."""
    fields: list[tuple[str, Any]] = [
        ("id", id), ("name", name or probe.draft.title or id), ("place", place), ("kind", kind),
        ("hosts", probe.draft.hosts), ("start", probe.draft.start), ("article", probe.draft.article),
        ("evidence", f"Found on {day} by looking at the site; not verified by anyone"),
    ]  # fmt: skip
    # A JSON string is a TOML string, but for the slash it may escape.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields if value]
    if local:
        lines += ["local = true", "delay = 0.1"]
    return "\n".join(lines) + "\n"


def suggest_patterns(paths: Iterable[str]) -> list[str]:
    """Patterns that fit article addresses among `paths`, the commonest first; empty where none recurs."""
    counts = Counter(pattern for path in set(paths) if (pattern := _pattern_of(path)))
    most = max(counts.values(), default=0)
    return [pattern for pattern, count in counts.most_common(3) if count >= FEW_ARTICLES and count * 5 >= most]


_ENDINGS = (
    (re.compile(r"-post\d+\.html$"), r"-post\d+\.html$"),
    (re.compile(r"/(?:19|20)\d{4}/[^/]+-[0-9a-f]{5,}/?$"), r"/(?:19|20)\d{4}/[^/]+-[0-9a-f]{5,}/?$"),
    (re.compile(r"-a\d+\.html$"), r"-a\d+\.html$"),
    (re.compile(r"-\d+\.html$"), r"-\d+\.html$"),
    (re.compile(r"-\d+\.htm$"), r"-\d+\.htm$"),
    (re.compile(r"-\d+\.aspx$"), r"-\d+\.aspx$"),
    (re.compile(r"-\d+/?$"), r"-\d+/?$"),
)


def _pattern_of(path: str) -> str | None:
    bare = path.partition("?")[0]
    for ending, pattern in _ENDINGS:
        if ending.search(bare) and looks_like_article(path):
            return pattern
    return None


def learn_pattern(listings: Iterable[Iterable[str]]) -> str | None:
    """The shape of items no family is known for, as a pattern: addresses that are alike but for a number
    or a slug, several of them on a listing, and others on each. None where nothing recurs so.
    """
    shapes: dict[str, list[set[str]]] = {}
    for number, paths in enumerate(listings):
        for path in paths:
            fixed = re.escape(path).replace(r"\-", "-")
            shape = _VARYING.sub(lambda m: next(_SHAPES[name] for name in _SHAPES if m[name]), fixed)
            if shape != fixed:
                seen = shapes.setdefault(shape, [])
                seen.extend(set() for _ in range(number + 1 - len(seen)))
                seen[number].add(path)
    fitting = {shape: len(set().union(*seen)) for shape, seen in shapes.items() if _are_items(seen)}
    return f"^{max(fitting, key=lambda shape: fitting[shape])}$" if fitting else None


_VARYING = re.compile(
    r"(?P<number>(?<![A-Za-z0-9])\d+(?![A-Za-z0-9]))|(?P<code>(?<![A-Za-z0-9])\d+(?:[A-Za-z]\d+)+(?![A-Za-z0-9]))"
    r"|(?P<slug>[A-Za-z0-9]+(?:-[A-Za-z0-9]+){2,})"
)
_SHAPES = {"number": r"\d+", "code": r"\d+(?:[A-Za-z]\d+)+", "slug": "[^/?]+"}


def _are_items(seen: list[set[str]]) -> bool:
    """Menus stand alike on every page; items are many, and not the same everywhere."""
    together = set().union(*seen)
    everywhere = set.intersection(*seen) if len(seen) > 1 else set()
    return len(together - everywhere) >= FEW_ARTICLES


def _stand_in(home: str, local: bool) -> Source:
    """A source that stands for a site of which only the address is known."""
    return Source(
        id="probe", name="probe", place="?", kind="newspaper", hosts=(netloc(home),), start=(home,),
        evidence="being looked at", local=local, delay=0.05 if local else 1.0,
    )  # fmt: skip


def _run(job: _ProbeJob) -> _ProbeResult:
    child = subprocess.run(
        [sys.executable, "-P", "-m", "chitieu.crawlers.probe"],
        input=job.model_dump_json(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if child.returncode != 0 or not child.stdout.strip():
        raise ProbeError(f"looking at {job.source.hosts[0]} broke down:\n{child.stderr[-1500:].strip()}")
    return _ProbeResult.model_validate_json(child.stdout)


class ProbeSpider(Spider):
    """Asks one page after another; everything happens in `start`, there is nothing to crawl."""

    name = "probe"

    def __init__(self, *, source: Source, discover: bool) -> None:
        super().__init__()
        self.source = source
        self.result = _ProbeResult(findings=[])
        self._discover = discover
        self._answers: dict[str, Response] = {}

    async def start(self) -> AsyncIterator[Request]:
        if self._discover:
            await self._look_around()
        else:
            await self._try_entry()
        return
        yield  # what makes this the asynchronous generator that Scrapy expects

    # --- trying an entry ------------------------------------------------------------------------

    async def _try_entry(self) -> None:
        paths: list[str] = []
        for url in self.source.start_addresses:
            paths += await self._try_start("listing", url)
        await self._try_articles(paths)
        if not all(finding.ok for finding in self.result.findings) or not paths:
            before = list(self.result.findings)
            if not paths:
                # What the entry says of addresses fits nothing: look as if only the site were known.
                self.source = self.source.model_copy(update={"article": ()})
            await self._look_around()
            self.result.findings = before

    async def _try_start(self, what: Literal["feed", "sitemap", "listing"], url: str) -> list[str]:
        """Fetch a listing, feed or sitemap and note what it led to; gives the article addresses."""
        response = await self._fetch(what, url)
        if response is None:
            return []
        reader = LinkReader(self.source)
        form = sniff(response.body)
        if form == "feed":
            links = reader.feed(response.body, response.url)
        elif form == "sitemap":
            sitemap = reader.sitemap(response.body, response.url)
            if sitemap.is_index:
                self._note("sitemap", url, bool(sitemap.links), f"an index of {len(sitemap.links)} sitemaps")
                return await self._try_start("sitemap", sitemap.links[-1].url) if sitemap.links else []
            links = sitemap.links
        else:
            listing = reader.listing(response.body, response.url, None, number=1)
            links = listing.articles or (reader.attachments(response.body, response.url, None) if self.source.kind == "documents" else ())
        what = "listing" if form == "html" else form
        detail = f"{len(links)} article links" if links else "no link on it looks like an article of this source"
        if what == "listing":
            detail += _of_listing(listing, response.body, self.source)
        self._note(what, url, bool(links), detail, len(links))
        return [link.url for link in links]

    async def _try_articles(self, urls: list[str]) -> None:
        for url in list(dict.fromkeys(urls))[:FEW_ARTICLES]:
            response = await self._fetch("article", url)
            if response is None:
                continue
            headers = {n.decode("latin-1").lower(): v[-1].decode("latin-1") for n, v in response.headers.items() if v}
            packed = base64.b64encode(response.body)
            self.result.samples.append(Sample(url=response.url, headers=headers, body=packed))
            length = _text_length(response.body)
            fits = length >= 300
            self._note("article", url, fits, f"{length} characters in paragraphs" + ("" if fits else ": too few"))

    # --- looking around -------------------------------------------------------------------------

    async def _look_around(self) -> None:
        first = self.source.start_addresses[0]
        home_url = first if self._discover else canonical_url("/", first)
        home = await self._fetch("home", home_url)
        if home is not None and (sent_to := LinkReader(self.source).listing(home.body, home.url, None, number=1).stands_for):
            home = await self._fetch("home", sent_to.url)
        if home is None:
            return
        self._note("home", home_url, True, f"answers at {home.url}")
        feeds = await self._keep_working(self._feed_candidates(home), "feed")
        sitemaps = [] if feeds else await self._keep_working(await self._sitemap_candidates(home), "sitemap")
        categories = self._categories(home)
        listings = await self._keep_working(categories, "listing")
        if not listings and (by_query := self._categories(home, by_query=True)):
            categories += by_query
            listings = await self._keep_working(by_query, "listing")
        learnt: list[str] = []
        at_home = self._article_links(home)
        known = feeds or sitemaps or listings or len(at_home) >= FEW_ARTICLES
        if not known and (pattern := await self._learn([*categories, home.url])):
            learnt = [pattern]
            self.source = Source.model_validate(self.source.model_dump() | {"article": (pattern,)})
            # What the listings led to is looked at anew.
            self.result.findings = [f for f in self.result.findings if f.what != "listing"]
            listings = await self._keep_working(categories, "listing")
            at_home = self._article_links(home)
        if not listings and len(at_home) >= FEW_ARTICLES:
            listings = [(home.url, at_home)]
        chosen = (feeds[:_MAX_DRAFT_FEEDS] + listings) or sitemaps
        articles = [url for _, urls in chosen for url in urls]
        if self._discover:
            await self._try_articles(articles)
        self.result.draft = Draft(
            hosts=list(self.source.hosts),
            start=[url for url, _ in chosen],
            article=learnt or suggest_patterns("/" + url.split("/", 3)[3] for url in articles),
            title=_title(home.body),
        )

    async def _learn(self, categories: list[str]) -> str | None:
        """The pattern of items on pages where no link has a known shape."""
        pages = [response for url in categories if (response := await self._fetch("listing", url, quiet=True)) is not None]
        documents = [(page.url, document) for page in pages if (document := _document(page.body)) is not None]
        links = [self._own(document.xpath("//a/@href"), url) for url, document in documents]
        menu = {address_key(url) for url in categories}
        return learn_pattern(["/" + u.split("/", 3)[3] for u in urls if address_key(u) not in menu] for urls in links)

    async def _keep_working(
        self, urls: list[str], what: Literal["feed", "sitemap", "listing"]
    ) -> list[tuple[str, list[str]]]:
        """Those of `urls` that answer and lead to articles, with what they lead to."""
        working = []
        for url in urls:
            before = len(self.result.findings)
            found = await self._try_start(what, url)
            if any(f.what == what and f.ok for f in self.result.findings[before:]) and found:
                working.append((url, found))
        return working

    def _feed_candidates(self, home: Response) -> list[str]:
        """Feeds the home page declares or links to; the usual places where it does neither."""
        document = _document(home.body)
        hrefs = document.xpath("//link[contains(@type, 'rss') or contains(@type, 'atom')]/@href") if document is not None else []
        if not hrefs and document is not None:
            hrefs = [h for h in document.xpath("//a/@href") if re.search(r"\.rss$|/rss/.|/feed/?$|rss\.xml$", h.lower())]
        own = self._own(hrefs, home.url)
        return own[:_MAX_DRAFT_FEEDS] or [canonical_url(path, home.url) for path in _GUESSED_FEEDS]

    async def _sitemap_candidates(self, home: Response) -> list[str]:
        robots = await self._fetch("robots", canonical_url("/robots.txt", home.url), quiet=True)
        named = sitemap_urls_from_robots(robots.body, home.url) if robots is not None else ()
        return (self._own(list(named), home.url) or [canonical_url("/sitemap.xml", home.url)])[:3]

    def _categories(self, home: Response, *, by_query: bool = False) -> list[str]:
        """Pages the home page's menu leads to, those of politics, economy and society first.

        Their addresses have paths of their own, or else (`by_query`) queries such as `/muc.aspx?id=3`.
        """
        document = _document(home.body)
        if document is None:
            return []
        found = []
        for url in self._own(document.xpath("//a/@href"), home.url):
            path = "/" + url.split("/", 3)[3]
            plain = path.partition("?")[0].strip("/")
            if plain and not looks_like_article(path) and plain.count("/") <= 2 and ("?" in path) is by_query:
                found.append(url)
        worthwhile = [url for url in found if any(word in url for word in _WORTHWHILE)]
        return worthwhile[:MAX_CATEGORIES] or found[:MAX_CATEGORIES]

    def _article_links(self, page: Response) -> list[str]:
        return [link.url for link in LinkReader(self.source).articles(page.body, page.url, None)]

    def _own(self, hrefs: list[str], base: str) -> list[str]:
        """The addresses on the source's hosts, made absolute, each once."""
        own: dict[str, str] = {}
        for href in hrefs:
            try:
                url = canonical_url(str(href), base)
            except ValueError:
                continue
            if self.source.owns(url):
                own.setdefault(address_key(url), url)
        return list(own.values())

    async def _fetch(
        self, what: _What, url: str, *, quiet: bool = False
    ) -> Response | None:
        """The page at `url`, asked for once; None, with a finding, where it cannot be had."""
        if url in self._answers:
            return self._answers[url]
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, dont_filter=True))
        except Exception as error:
            if isinstance(error, Refused) and what != "article":
                self.result.leads_to = self.result.leads_to or error.leads_to
            if not quiet:
                self._note(what, url, False, trouble_of_exception(error, netloc(url).partition(":")[0]).detail)
            return None
        if response.status != 200 or not response.body.strip():
            if not quiet:
                self._note(what, url, False, f"the server answered {response.status} with {len(response.body)} bytes")
            return None
        self._answers[url] = response
        return response

    def _note(self, what: _What, url: str, ok: bool, detail: str, articles: int = 0) -> None:
        self.result.findings.append(Finding(what=what, url=url, ok=ok, detail=detail, articles=articles))


def _of_listing(listing: Listing, body: bytes, source: Source) -> str:
    """What stands in the way of walking a listing."""
    document = _document(body)
    if document is not None and source.selectors.links and not any(CSSSelector(css)(document) for css in source.selectors.links):
        return "; the selector `links` finds nothing here, so that all links were looked at"
    if not listing.articles and is_script_drawn(body):
        return "; it is drawn by script: `script = true` and crawling with --browser would get it"
    return "" if listing.next_page is not None or not listing.articles else "; no link to a next page"


def _document(body: bytes) -> lxml.etree._Element | None:
    try:
        return lxml.etree.fromstring(body, parser=lxml.etree.HTMLParser(remove_comments=True))
    except (lxml.etree.LxmlError, ValueError):
        return None


def _title(body: bytes) -> str:
    document = _document(body)
    title = " ".join(document.findtext(".//title", "").split())[:200] if document is not None else ""
    # Home pages say their name before or after what it is, or twice.
    return re.split(r"\s+[|»–-]\s+", title)[0][:100]


def _text_length(body: bytes) -> int:
    """Characters in paragraphs, or in all of the page where it has none."""
    document = _document(body)
    if document is None:
        return 0
    paragraphs = ["".join(p.itertext()) for p in document.iter("p")]
    return sum(len(" ".join(text.split())) for text in paragraphs)


def main() -> None:
    """Entry of the child process: a job on standard input, the result on standard output."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = _ProbeJob.model_validate_json(sys.stdin.read())
    if job.source.local:
        GuardedResolver.local_hosts.update(host.partition(":")[0] for host in job.source.hosts)
    process = AsyncCrawlerProcess(scrapy_settings(job.source, job.options))
    crawler = process.create_crawler(ProbeSpider)
    process.crawl(crawler, source=job.source, discover=job.discover)
    process.start()
    assert isinstance(crawler.spider, ProbeSpider)
    out.write(crawler.spider.result.model_dump_json())
    out.close()


if __name__ == "__main__":
    main()
