"""The one spider: walks the listings, feeds and sitemaps of any source and fetches its articles.

What is to be fetched waits in the state file and not in Scrapy's scheduler, which holds only the few
requests that are under way: memory stays flat, and a killed crawl goes on where it was.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response, TextResponse
from scrapy.utils.gz import gunzip
from twisted.python.failure import Failure

from chitieu.crawlers.archive import ArchiveWriter, Location, read_records
from chitieu.crawlers.browser import TOO_LARGE, browser_meta
from chitieu.crawlers.guard import Trouble, trouble_of_answer, trouble_of_exception
from chitieu.crawlers.links import Link, LinkReader, fingerprint, is_script_drawn, sniff
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import Pending, SeenPage, State, seen_page
from chitieu.crawlers.storing import StoringThread
from chitieu.crawlers.urls import without_user

STAGE = "crawl"
STALE_PAGES = 2
"""So many pages of a listing in a row without anything new, and the rest is known: it is left."""
STALE_PAGES_FIRST = 10
"""The same while a listing was never walked to its end."""
MAX_SITEMAPS = 500
MAX_SITEMAP_BYTES = 52_428_800
"""Unpacked; the standard allows no more."""
FAILURES_BEFORE_PAUSE = 8
"""So many failures of the site in a row, and the source is left for this run."""

_MAX_WAIT = timedelta(minutes=5)
"""A server that asks to be left alone for longer than this ends the source's run."""
_LONGEST_PAUSE = timedelta(days=2)
"""What a server asks for beyond this is not believed."""
_READY = 50
"""Addresses read at once from the state; listings that turn up meanwhile wait until these are through."""
_KNOWN_CACHE = 100_000
_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom")
_DOCUMENT_TYPES = (
    "application/pdf",
    "application/msword",
    "application/rtf",
    "application/vnd.openxmlformats-officedocument",
    "application/octet-stream",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do with a source."""

    since: date | None
    max_pages: int | None
    full: bool
    refresh: timedelta
    retries: int
    backoff: float
    window: int
    """Requests under way at once."""
    max_bytes: int
    """Largest answer, unpacked."""
    browser: bool = False
    """Pages are fetched with a browser."""
    only: tuple[Pending, ...] | None = None
    """Addresses that alone are tried; what they lead to waits for the next run."""


@dataclass(slots=True)
class Tally:
    """What a source gave so far."""

    fetched: int = 0
    """Pages stored: new ones and new versions."""
    articles: int = 0
    """Articles among them."""
    changed: int = 0
    """Articles among them that were known in another version."""
    unchanged: int = 0
    """Pages asked for that are as they were."""
    failures: int = 0
    requests: int = 0
    pending: int = 0
    """Addresses still waiting."""
    bytes: int = 0
    outcome: str = "running"
    """`done`, `max-pages`, `paused` (too many failures), `stopped` or `error`."""


@dataclass(slots=True)
class _Walk:
    """One listing being walked in this run."""

    first_time: bool
    signatures: set[int] = field(default_factory=set)
    """What the pages so far led to: the same again is a loop."""
    visited: dict[str, int] = field(default_factory=dict)
    """Key of each page → which page of the listing it was."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page that was looked at: its entry, and where it lies if it was stored just now."""

    seen: SeenPage
    location: Location | None = None
    changed: bool = False
    """The archive had another version."""

    @property
    def stored(self) -> bool:
        return self.location is not None


class SourceSpider(Spider):
    """Crawls one source into its archive and the state."""

    name = "source"

    def __init__(
        self, *, source: Source, state: State, storing: StoringThread, plan: Plan, run: int, tally: Tally, software: str
    ) -> None:
        super().__init__(name=source.id)
        self.source = source
        self.tally = tally
        self._state = state
        self._storing = storing
        self._plan = plan
        self._run = run
        self._links = LinkReader(source)
        self._writer = ArchiveWriter(state.data_dir, source.id, software=software)
        self._under_way: dict[int, Pending] = {}
        self._ready: deque[Pending] = deque()
        """Addresses read from the state ahead of their turn."""
        self._walks: dict[str, _Walk] = {}
        self._known: set[str] = set()
        self._sitemaps = 0
        self._site_failures = 0
        self.left_until: datetime | None = None
        """Until when the server asks to be left alone, where that is longer than a run waits."""
        self._held_until: datetime | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._only = None if plan.only is None else json.dumps([pending.key for pending in plan.only])
        self._closing = False
        self._log = logging.getLogger(f"chitieu.crawlers.{source.id}")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._on_idle, signals.spider_idle)
        return spider

    # --- what to fetch next ---------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the start addresses, what earlier runs left and articles due to be asked again."""
        with self._state.transaction():
            self._state.open_frontier(self.source.id)
            self._state.add_pending(self._seeds())
        for request in self._next_requests():
            yield request

    def _seeds(self) -> Iterable[Pending]:
        if self._plan.only is not None:
            yield from self._plan.only
            return
        for url in self.source.start_addresses:
            yield Pending(self.source.id, f"listing:{self._links.key(url)}", url, "start", walk=url)
        age = None if self._plan.full else self._plan.refresh
        for page in self._state.due_pages(self.source.id, younger_than=age, now=_now()):
            yield Pending(self.source.id, page.key, page.url, "refresh")

    def _next_requests(self) -> list[Request]:
        """Requests for as many waiting addresses as there is room for."""
        if self._closing or (self._held_until is not None and self._held_until > _now()):
            return []
        room = self._plan.window - len(self._under_way)
        if self._plan.max_pages is not None:
            room = min(room, self._plan.max_pages - self.tally.fetched - len(self._under_way))
        if room <= 0:
            return []
        if len(self._ready) < room:
            exclude = (*self._under_way, *(pending.id for pending in self._ready))
            more = self._state.next_pending(self.source.id, _READY - len(self._ready), now=_now(), exclude=exclude, only=self._only)
            self._ready.extend(more)
        return [self._request(self._ready.popleft()) for _ in range(min(room, len(self._ready)))]

    def _request(self, pending: Pending) -> Request:
        self._under_way[pending.id] = pending
        headers = {}
        in_browser = self._plan.browser and pending.kind not in ("attachment", "sitemap")
        asks_again = pending.kind != "article" and not in_browser and not pending.form
        known = self._state.page(self.source.id, pending.key) if asks_again else None
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        if pending.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            pending.url,
            method="POST" if pending.form else "GET",
            body=pending.form,
            headers=headers,
            callback=self._on_response,
            errback=self._on_error,
            meta={"pending": pending, **(browser_meta(self._plan.max_bytes) if in_browser else {})},
            dont_filter=True,
        )

    def _go_on(self) -> None:
        if not self.crawler.engine.running:
            return
        for request in self._next_requests():
            self.crawler.engine.crawl(request)

    def _on_idle(self) -> None:
        """Nothing is under way: go on with what waits, wait for what was put off, or let the crawl end."""
        if self._closing:
            return
        self._go_on()
        if self._under_way:
            raise DontCloseSpider
        due = self._state.next_due(self.source.id)
        times = [time for time in (due, self._held_until) if time is not None and time > _now()]
        if times and self._state.count_waiting(self.source.id, self._only):
            self._wake_at(min(times) if self._held_until is None else max(times))
            raise DontCloseSpider

    def _wake_at(self, time: datetime) -> None:
        if self._timer is not None:
            self._timer.cancel()
        seconds = max(0.0, (time - _now()).total_seconds()) + 0.01
        self._timer = asyncio.get_running_loop().call_later(seconds, self._go_on)

    # --- what came back -------------------------------------------------------------------------

    async def _on_response(self, response: Response) -> None:
        pending: Pending = response.meta["pending"]
        self.tally.requests += 1
        self.tally.bytes += len(response.body)
        try:
            if TOO_LARGE in response.meta:
                self._on_trouble(pending, _too_large(response.meta), response)
            elif response.status == 200:
                self._site_failures = 0
                await self._on_page(pending, response)
            elif response.status == 304:
                self._site_failures = 0
                self._on_not_modified(pending)
            else:
                self._on_trouble(pending, trouble_of_answer(response), response)
        except OSError as error:
            self._fail(pending.url, "cannot-store", str(error))
            self._stop("error")
        except Exception as error:
            self._log.exception("a fault in chitieu itself with %s", pending.url)
            self._fail(pending.url, "internal-error", f"{type(error).__name__}: {error}")
            self._state.give_up(pending)
        finally:
            self._under_way.pop(pending.id, None)
        self._check_limits()
        self._go_on()

    def _on_error(self, failure: Failure) -> None:
        request: Request = failure.request
        pending: Pending = request.meta["pending"]
        self.tally.requests += 1
        host = request.url.split("/")[2].rpartition("@")[2].partition(":")[0]
        trouble = _too_large(request.meta) if TOO_LARGE in request.meta else trouble_of_exception(failure.value, host)
        self._on_trouble(pending, trouble, None)
        self._under_way.pop(pending.id, None)
        self._check_limits()
        self._go_on()

    def _on_not_modified(self, pending: Pending) -> None:
        self.tally.unchanged += 1
        with self._state.transaction():
            self._state.note_unchanged(self.source.id, pending.key, _now())
            self._state.finish_pending(pending)

    def _on_trouble(self, pending: Pending, trouble: Trouble, response: Response | None) -> None:
        """Try again later, leave the address to the next run, or forget it."""
        if trouble.site:
            self._site_failures += 1
        if trouble.wait is not None and trouble.wait > _MAX_WAIT:
            self._leave(trouble, _now() + min(trouble.wait, _LONGEST_PAUSE))
            return
        wait = self._wait(pending, trouble) if trouble.retry and pending.attempts < self._plan.retries else None
        if wait is not None:
            self._log.info("%s: %s, trying again in %.1f s", pending.url, trouble.detail, wait.total_seconds())
            self._state.put_off(pending, _now() + wait)
            if trouble.wait is not None or trouble.cause in ("http-429", "http-503"):
                # The server asks for less: that holds for everything wanted of it.
                self._held_until = _now() + wait
                self._wake_at(self._held_until)
            return
        self._fail(pending.url, trouble.cause, trouble.detail)
        if trouble.retry:
            self._state.give_up(pending)
        else:
            self._forget(pending, int(response.status) if response is not None else 0)

    def _wait(self, pending: Pending, trouble: Trouble) -> timedelta:
        backoff = self._plan.backoff * 2**pending.attempts * random.uniform(0.8, 1.2)
        return max(trouble.wait or timedelta(), min(timedelta(seconds=backoff), _MAX_WAIT))

    def _leave(self, trouble: Trouble, until: datetime) -> None:
        """End the run: the server asks for a longer rest than a run waits. What waits is held against no address."""
        if self._closing:
            return
        self.left_until = until
        self._fail(self.source.hosts[0], "source-paused", f"{trouble.detail} and asks to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        self._stop("paused")

    def _forget(self, pending: Pending, status: int) -> None:
        """An address that cannot be had: an article is remembered, so that listings do not bring it up again."""
        with self._state.transaction():
            self._state.finish_pending(pending)
            if pending.kind in ("article", "attachment"):
                gone = seen_page(self.source.id, pending.key, "gone", pending.url, status, {}, b"", _now())
                self._state.store_page(gone, None)
            elif pending.kind == "refresh":
                self._state.note_unchanged(self.source.id, pending.key, _now())

    # --- pages ----------------------------------------------------------------------------------

    async def _on_page(self, pending: Pending, response: Response) -> None:
        problem = self._unfit(pending, response)
        if problem is not None:
            self._fail(pending.url, *problem)
            self._forget(pending, response.status)
        elif pending.kind in ("article", "refresh"):
            await self._on_article(pending, response)
        elif pending.kind == "attachment":
            await self._on_attachment(pending, response)
        else:
            await self._on_listing(pending, response)

    def _unfit(self, pending: Pending, response: Response) -> tuple[str, str] | None:
        """Cause and detail where the page is none that is kept."""
        if not response.body.strip():
            return "empty-body", "the server answered 200 with nothing in it"
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower().strip()
        listing = pending.kind not in ("article", "attachment", "refresh")
        if pending.kind == "attachment":
            return ("not-a-file", f"a page instead of the attached file ({kind[:100]})") if kind.startswith("text/html") else None
        allowed = _TEXT_TYPES
        if self.source.kind == "documents":
            allowed += _DOCUMENT_TYPES
        if listing:
            allowed += ("application/x-gzip", "application/gzip", "application/octet-stream")
        if kind and not kind.startswith(allowed):
            return "not-html", f"the server answered with {kind[:100]}"
        if not kind and not isinstance(response, TextResponse):
            return "not-html", "the answer is no text and does not say what it is"
        return None

    async def _on_article(self, pending: Pending, response: Response) -> None:
        key = self._links.key(response.url)
        if key != pending.key and not self.source.matches_article(response.url):
            self._fail(pending.url, "redirected-away", f"leads to {response.url}, which is no article")
            self._forget(pending, response.status)
            return
        new = await self._keep(response, key, "article")
        canonical = self._links.canonical(response.body, response.url)
        found = self._article_links(response) if self.source.follow_articles else ()
        attached = self._attachments(response)
        with self._state.transaction():
            self._state.finish_pending(pending)
            self._state.add_alias(self.source.id, pending.key, key)
            if canonical is not None and self._state.page(self.source.id, canonical.key) is None:
                self._state.add_alias(self.source.id, canonical.key, key)
            self._note(new)
            self._state.add_pending(self._wanted(found))
            self._state.add_pending(self._wanted_files(attached, response.url))

    async def _on_attachment(self, pending: Pending, response: Response) -> None:
        key = self._links.key(response.url)
        new = await self._keep(response, key, "attachment", parent=pending.walk)
        with self._state.transaction():
            self._state.finish_pending(pending)
            self._state.add_alias(self.source.id, pending.key, key)
            self._note(new)

    def _attachments(self, response: Response) -> tuple[Link, ...]:
        """The files attached to a page of a register."""
        if self.source.kind != "documents" or not isinstance(response, TextResponse):
            return ()
        return self._links.attachments(response.body, response.url, self.source.encoding or response.encoding)

    def _wanted_files(self, links: Iterable[Link], parent: str) -> list[Pending]:
        unknown = (link for link in links if not self._is_known(link.key))
        return [Pending(self.source.id, link.key, link.url, "attachment", walk=parent) for link in unknown]

    async def _keep(self, response: Response, key: str, kind: str, *, parent: str = "") -> _Kept:
        """Store a page in the archive unless the latest version there is the same."""
        headers = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1")
            for name, values in response.headers.items()
            if values
        }
        page = StoredPage(response.url, _now(), response.status, headers, response.body, self.source.id)
        seen = seen_page(self.source.id, key, kind, page.url, page.status, headers, page.body, page.fetched)
        known = self._state.page(self.source.id, key)
        if known is not None and known.archive and self._is_same(known, seen, page.body):
            return _Kept(replace(known, etag=seen.etag, last_modified=seen.last_modified, last_checked=page.fetched))
        location = await self._storing.store(self._writer, page, kind, parent)
        seen = replace(seen, archive=location.archive, offset=location.offset)
        return _Kept(seen, location, changed=known is not None and bool(known.archive))

    def _is_same(self, known: SeenPage, seen: SeenPage, body: bytes) -> bool:
        if known.hash == seen.hash or seen.kind == "attachment":
            return known.hash == seen.hash
        # Tokens and counters make pages differ that read the same: compare what is read.
        try:
            records = read_records(self._state.data_dir / known.archive, start=known.offset)
            stored = next(records, None)
        except OSError:
            return False
        return stored is not None and fingerprint(stored.page.body) == fingerprint(body)

    def _note(self, kept: _Kept) -> None:
        """Count a page and mark it as seen, within the caller's transaction."""
        if not kept.stored:
            self.tally.unchanged += 1
            self._state.store_page(kept.seen, None)
            return
        self.tally.fetched += 1
        if kept.seen.kind == "article":
            self.tally.articles += 1
            self.tally.changed += kept.changed
        self._state.store_page(kept.seen, kept.location)

    def _article_links(self, response: Response) -> tuple[Link, ...]:
        if not isinstance(response, TextResponse):
            return ()
        return self._links.articles(response.body, response.url, self.source.encoding or response.encoding)

    def _wanted(self, links: Iterable[Link]) -> list[Pending]:
        """The links among `links` that are to be fetched: unknown ones, and known ones that changed since."""
        wanted = []
        for link in links:
            if link.date is None and link.key in self._known or self._too_old(link):
                continue
            if not self._is_known(link.key):
                wanted.append(Pending(self.source.id, link.key, link.url, "article"))
            elif link.date is not None:
                page = self._state.page(self.source.id, link.key)
                if page is not None and page.kind == "article" and page.last_checked < link.date <= _now():
                    wanted.append(Pending(self.source.id, page.key, page.url, "refresh"))
        return wanted

    def _too_old(self, link: Link) -> bool:
        since = self._plan.since
        return since is not None and link.date is not None and link.date.date() < since

    def _is_known(self, key: str) -> bool:
        if key in self._known:
            return True
        if not self._state.is_known(self.source.id, key):
            return False
        if len(self._known) >= _KNOWN_CACHE:
            self._known.clear()
        self._known.add(key)
        return True

    # --- listings, feeds, sitemaps --------------------------------------------------------------

    async def _on_listing(self, pending: Pending, response: Response) -> None:
        if not self.source.owns(response.url):
            self._fail(pending.url, "off-site", f"leads to {response.url}")
            self._forget(pending, response.status)
            return
        body = _unpacked(response.body)
        form = sniff(body)
        kind = "listing" if form == "html" else form
        new = await self._keep(response, f"listing:{self._key_of_page(pending, response)}", kind)
        if form == "feed":
            self._after_index(pending, new, self._links.feed(body, response.url), ())
        elif form == "sitemap":
            sitemap = self._links.sitemap(body, response.url)
            if sitemap.is_index:
                self._after_index(pending, new, (), sitemap.links)
            else:
                self._after_index(pending, new, sitemap.links, ())
        else:
            self._after_listing(pending, new, response)

    def _key_of_page(self, pending: Pending, response: Response) -> str:
        """Pages that are turned by sending a form share one address, and are told apart by their number."""
        return pending.key.removeprefix("listing:") if pending.form else self._links.key(response.url)

    def _after_index(
        self, pending: Pending, kept: _Kept, articles: tuple[Link, ...], sitemaps: tuple[Link, ...]
    ) -> None:
        """A feed or sitemap was read."""
        with self._state.transaction():
            self._note(kept)
            self._state.finish_pending(pending)
            self._state.add_pending(self._wanted(articles))
            for link in sitemaps:
                if self._sitemaps >= MAX_SITEMAPS:
                    self._fail(pending.url, "too-many-sitemaps", f"only the first {MAX_SITEMAPS} are read")
                    break
                if not self._too_old(link) and self._changed_since_walk(link):
                    self._sitemaps += 1
                    key = f"listing:{link.key}"
                    self._state.add_pending([Pending(self.source.id, key, link.url, "sitemap", walk=link.url)])
            self._end_walk(pending)
        if not articles and not sitemaps and kept.stored:
            self._fail(pending.url, "no-links", "the feed or sitemap names no article of this source")

    def _changed_since_walk(self, sitemap: Link) -> bool:
        completed = self._state.walk_completed(self.source.id, sitemap.url)
        return self._plan.full or completed is None or sitemap.date is None or sitemap.date >= completed

    def _after_listing(self, pending: Pending, kept: _Kept, response: Response) -> None:
        """A listing page was read: take its articles, then go to its next page or end the walk."""
        listing = self._links.listing(
            response.body,
            response.url,
            self.source.encoding or getattr(response, "encoding", None),
            number=pending.number,
            with_dates=self._plan.since is not None,
        )
        walk = self._walk(pending)
        walk.visited[self._key_of_page(pending, response)] = pending.number
        # Some registers have no pages of their own: their rows lead to the files themselves.
        files = () if listing.articles else self._attachments(response)
        leads = listing.articles or files
        wanted = self._wanted(listing.articles) + self._wanted_files(files, "")
        loops = not self._is_new_to(walk, leads)
        stale = 0 if any(p.kind in ("article", "attachment") for p in wanted) else pending.stale + 1
        with self._state.transaction():
            self._note(kept)
            self._state.finish_pending(pending)
            self._state.add_pending(wanted)
            following = self._following(pending, listing.stands_for or listing.next_page, walk, stale, loops, bool(leads or listing.stands_for))
            if following is None:
                self._end_walk(pending)
            else:
                self._state.add_pending([following])
        if pending.number == 1 and listing.stands_for is None:
            self._note_first_page(pending, bool(leads), response)

    def _note_first_page(self, pending: Pending, leads: bool, response: Response) -> None:
        """Tell of a listing with nothing on it."""
        if leads:
            return
        if is_script_drawn(response.body):
            how = "" if self.source.script else "; mark the source `script = true`"
            self._fail(pending.url, "script-drawn", f"its links are drawn by script{how} and crawl with --browser")
        else:
            self._fail(pending.url, "no-links", "no link on it looks like an article: the source's patterns do not fit")

    def _following(
        self, pending: Pending, link: Link | None, walk: _Walk, stale: int, loops: bool, has_articles: bool
    ) -> Pending | None:
        """The next page of a listing, or None where the walk ends."""
        if link is None or not has_articles:
            return None
        if walk.visited.get(link.key, 0) > pending.number:
            # What a killed run left of this walk was gone on with already.
            return None
        if loops or link.key in walk.visited:
            self._fail(pending.url, "listing-loop", f"page {pending.number} leads only to what pages before it had")
            return None
        if pending.number >= self.source.max_listing_pages:
            self._fail(pending.url, "listing-too-long", f"cut after {pending.number} pages (max_listing_pages)")
            return None
        if stale >= (STALE_PAGES_FIRST if walk.first_time or self._plan.full else STALE_PAGES):
            return None
        return Pending(
            self.source.id,
            f"listing:{link.key}",
            link.url,
            "listing",
            walk=pending.walk,
            number=pending.number + 1,
            stale=stale,
            form=link.form,
        )

    def _walk(self, pending: Pending) -> _Walk:
        walk = self._walks.get(pending.walk)
        if walk is None:
            first_time = self._state.walk_completed(self.source.id, pending.walk) is None
            walk = self._walks[pending.walk] = _Walk(first_time)
        return walk

    @staticmethod
    def _is_new_to(walk: _Walk, articles: tuple[Link, ...]) -> bool:
        """Whether no page of the walk so far led to just these articles."""
        signature = hash(frozenset(link.key for link in articles))
        if signature in walk.signatures:
            return False
        walk.signatures.add(signature)
        return True

    def _end_walk(self, pending: Pending) -> None:
        self._walks.pop(pending.walk, None)
        self._state.complete_walk(self.source.id, pending.walk)

    # --- limits and the end ---------------------------------------------------------------------

    def _check_limits(self) -> None:
        if self._closing:
            return
        limit = self._plan.max_pages
        if limit is not None and self.tally.fetched >= limit:
            self._stop("max-pages")
        elif self._site_failures >= FAILURES_BEFORE_PAUSE:
            self._fail(
                self.source.hosts[0], "source-paused", f"{self._site_failures} failures in a row: left for this run"
            )
            self._stop("paused")

    def _stop(self, outcome: str) -> None:
        """End the crawl of this source; what waits stays for the next run."""
        if self._closing:
            return
        self._closing = True
        self.tally.outcome = outcome
        asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=outcome))

    def closed(self, reason: str) -> None:
        """Called by Scrapy when all is done."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        self._writer.close()
        self.tally.pending = self._state.count_pending(self.source.id)
        if self.tally.outcome == "running":
            self.tally.outcome = "done" if reason == "finished" else "stopped"

    def _fail(self, subject: str, cause: str, detail: str) -> None:
        subject, detail = without_user(subject), without_user(detail)
        self.tally.failures += 1
        self._log.warning("%s: %s (%s)", subject, detail, cause)
        self._state.fail(STAGE, subject, cause, detail, source=self.source.id, run=self._run)


def _too_large(meta: dict[str, Any]) -> Trouble:
    """What to make of a page that loaded too much in the browser."""
    return Trouble("too-large", meta[TOO_LARGE], retry=False, site=False)


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _unpacked(body: bytes) -> bytes:
    """The body of a sitemap that is itself a gzip file (`sitemap.xml.gz`); others as they are."""
    if not body.startswith(b"\x1f\x8b\x08"):
        return body
    try:
        return gunzip(body, max_size=MAX_SITEMAP_BYTES)
    except (OSError, EOFError, ValueError):
        return b""
