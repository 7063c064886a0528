"""The child process of a crawl: runs Scrapy over the sources of a job.

`python -m chitieu.crawlers.worker` reads a `Job` as one line of JSON from standard input and writes
events, a JSON object a line, to standard output. It stops in good order on SIGTERM, SIGINT or when
its standard input closes, which is how it notices that its parent is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, TextIO

from scrapy.crawler import AsyncCrawlerProcess

from chitieu.crawlers.browser import NoBrowser, browser_settings
from chitieu.crawlers.crawl import (
    STAGE,
    CrawlOptions,
    CrawlProgress,
    EndEvent,
    Job,
    LogEvent,
    ProgressEvent,
    SourceReport,
)
from chitieu.crawlers.guard import GuardedResolver
from chitieu.crawlers.links import LinkReader, is_file
from chitieu.crawlers.locks import crawling
from chitieu.crawlers.sources import Source
from chitieu.crawlers.spider import Plan, SourceSpider, Tally
from chitieu.crawlers.state import Pending, State, StateError
from chitieu.crawlers.storing import StoringThread

log = logging.getLogger("chitieu.crawlers")

PROGRESS_SECONDS = 0.25
PRODUCT = "chitieu"


def user_agent(contact: str = "") -> str:
    """Who we say we are: the product, what it does and whom to write to."""
    about = "crawler for public figures of Vietnamese provinces; obeys robots.txt"
    return f"{PRODUCT}/{version(PRODUCT)} ({'; '.join(filter(None, (about, contact)))})"


def scrapy_settings(source: Source, options: CrawlOptions) -> dict[str, Any]:
    """Scrapy's settings for one source."""
    delay = source.delay
    return {
        "USER_AGENT": user_agent(options.contact),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": PRODUCT,
        "CONCURRENT_REQUESTS": concurrency(source, options),
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency(source, options),
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0.1,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": options.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": not source.skip_tls_check,
        "DOWNLOADER_STATS": False,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        "DOWNLOADER_MIDDLEWARES": {
            "chitieu.crawlers.guard.SourceGuard": 50,
            "chitieu.crawlers.guard.RobotsGuard": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        },
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "REDIRECT_MAX_TIMES": 5,
        # What is tried again and when stands in the state, which outlives the process.
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "COOKIES_ENABLED": False,
        # A proxy would resolve names itself, behind the check of addresses.
        "HTTPPROXY_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "chitieu.crawlers.guard.GuardedResolver",
        "DNS_TIMEOUT": min(20.0, options.timeout),
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "MEMUSAGE_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_VERSIONS": [],
        # Callbacks give nothing back: Scrapy would start as many tasks for each to collect it.
        "CONCURRENT_ITEMS": 1,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }


def concurrency(source: Source, options: CrawlOptions) -> int:
    """Requests under way at once with a source's host."""
    return options.concurrency if source.local else 1


class Worker:
    """Runs the sources of one job, those on the same host one after the other."""

    def __init__(self, job: Job, out: TextIO) -> None:
        self._job = job
        self._out = out
        self._out_lock = threading.Lock()
        self._tallies = {source.id: Tally(outcome="waiting") for source in job.sources}
        self._stopping = False
        self._process: AsyncCrawlerProcess | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        """Crawl, then write the closing event."""
        error = ""
        try:
            with State(self._job.data_dir) as state:
                self._crawl(state)
        except (StateError, OSError) as problem:
            error = str(problem)
        self.emit(EndEvent(sources=self.reports(), error=error))

    def stop(self) -> None:
        """Finish what is under way and end; callable from any thread and from a signal handler."""
        self._stopping = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._stop_crawlers()))

    def emit(self, event: ProgressEvent | LogEvent | EndEvent) -> None:
        """Write an event; a parent that is gone is no reason to fail."""
        try:
            with self._out_lock:
                self._out.write(event.model_dump_json() + "\n")
                self._out.flush()
        except (BrokenPipeError, ValueError):
            self._stopping = True

    def reports(self) -> list[SourceReport]:
        return [SourceReport(source=name, **asdict(tally)) for name, tally in self._tallies.items()]

    async def _stop_crawlers(self) -> None:
        """Stop what is running; one that is only opening is stopped at the next tick.

        Scrapy would mark that one as stopped, let it run all the same, and then wait for ever.
        """
        running = [crawler for crawler in self._process.crawlers if crawler.engine and crawler.engine.running] if self._process else []
        await asyncio.gather(*(crawler.stop_async() for crawler in running), return_exceptions=True)

    def _crawl(self, state: State) -> None:
        sources = [source for source in self._job.sources if self._may_run(state, source)]
        for source in sources:
            if source.local:
                GuardedResolver.local_hosts.update(host.partition(":")[0] for host in source.hosts)
        if not sources or self._stopping:
            return
        self._process = AsyncCrawlerProcess(scrapy_settings(sources[0], self._job.options))
        self._loop = asyncio.get_event_loop()
        storing = StoringThread()
        try:
            self._loop.create_task(self._all(state, storing, sources))
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            storing.close()

    async def _all(self, state: State, storing: StoringThread, sources: Sequence[Source]) -> None:
        """Crawl every source, then stop the reactor."""
        from twisted.internet import reactor

        slots = asyncio.Semaphore(self._job.options.sources_at_once)
        ticker = asyncio.ensure_future(self._tick())
        try:
            chains = [self._chain(state, storing, group, slots) for group in by_host(sources)]
            await asyncio.gather(*chains, return_exceptions=True)
        finally:
            ticker.cancel()
            self._progress(self._tallies)
            reactor.callLater(0, reactor.stop)

    async def _chain(
        self, state: State, storing: StoringThread, sources: Sequence[Source], slots: asyncio.Semaphore
    ) -> None:
        """Sources that share a host, one after the other: a host is asked by one at a time."""
        async with crawling(self._job.data_dir, sources, self._job.options.lock_wait, lambda: self._stopping) as ours:
            for source in sources:
                if self._stopping:
                    self._tallies[source.id].outcome = "stopped"
                elif not ours:
                    self._leave(state, source)
                else:
                    async with slots:
                        self._catch_up(state, source)
                        await self._one(state, storing, source)

    async def _one(self, state: State, storing: StoringThread, source: Source) -> None:
        tally = self._tallies[source.id]
        tally.outcome = "running"
        options = self._job.options
        assert self._process is not None
        crawler = self._process.create_crawler(SourceSpider)
        crawler.settings.setdict(scrapy_settings(source, options), priority="cmdline")
        browser = self._browser(state, source)
        crawler.settings.setdict(browser, priority="cmdline")
        parallel = concurrency(source, options)
        plan = Plan(
            since=options.since,
            max_pages=options.max_pages,
            full=options.full,
            refresh=timedelta(days=options.refresh_days),
            retries=options.retries,
            backoff=options.backoff,
            window=1 if parallel == 1 else 2 * parallel,
            max_bytes=options.max_bytes,
            browser=bool(browser),
            only=self._only(source),
        )
        try:
            await self._process.crawl(
                crawler,
                source=source,
                state=state,
                storing=storing,
                plan=plan,
                run=self._job.run,
                tally=tally,
                software=user_agent(options.contact),
            )
        except Exception as error:
            log.exception("the crawl of %s broke down", source.id)
            tally.outcome = "error"
            tally.failures += 1
            state.fail(STAGE, source.id, "internal-error", str(error), source=source.id, run=self._job.run)
        if tally.fetched + tally.unchanged:
            state.resolve_crawled(source.id, self._job.run)
        if self._job.retry is None and tally.outcome in ("done", "paused", "error"):
            self._note_health(state, source, tally, getattr(crawler.spider, "left_until", None))
        self._note_visit(state, source, tally)

    def _only(self, source: Source) -> tuple[Pending, ...] | None:
        """The addresses that alone are to be tried again; None: the source is crawled as ever."""
        if self._job.retry is None:
            return None
        return tuple(again(source, url) for url in self._job.retry.get(source.id, ()))

    def _browser(self, state: State, source: Source) -> dict[str, Any]:
        """Settings for a browser, where the source needs one and it was asked for; otherwise none."""
        if not (source.script and self._job.options.browser):
            return {}
        try:
            return browser_settings(source, user_agent(self._job.options.contact), self._job.options.timeout)
        except NoBrowser as error:
            self._tallies[source.id].failures += 1
            log.warning("%s: its pages are drawn by script, and there is no browser: %s", source.id, error)
            state.fail(STAGE, source.id, "no-browser", str(error), source=source.id, run=self._job.run)
            return {}

    def _may_run(self, state: State, source: Source) -> bool:
        until = state.paused_until(source.id)
        if until is None or self._job.options.retry_paused:
            return True
        tally = self._tallies[source.id]
        tally.outcome = "paused"
        log.warning("%s: paused until %s", source.id, f"{until:%Y-%m-%d %H:%M} UTC")
        self._note_visit(state, source, tally)
        return False

    def _leave(self, state: State, source: Source) -> None:
        """Another crawl has the source: that is no fault of the site."""
        tally = self._tallies[source.id]
        tally.outcome = "busy"
        tally.failures += 1
        detail = "another crawl of this data folder is at work on it or on a host of it; wait for its end"
        log.warning("%s: %s", source.id, detail)
        state.fail(STAGE, source.id, "busy", detail, source=source.id, run=self._job.run)
        self._note_visit(state, source, tally)

    def _note_visit(self, state: State, source: Source, tally: Tally) -> None:
        counts = asdict(tally)
        state.note_visit(self._job.run, source.id, counts.pop("outcome"), counts)

    def _note_health(self, state: State, source: Source, tally: Tally, left_until: datetime | None) -> None:
        succeeded = tally.fetched + tally.unchanged > 0
        hours = self._job.options.pause_hours
        until = state.note_source(source.id, succeeded=succeeded, pause=lambda failed: pause_after(failed, hours), left_until=left_until)
        if until is not None and until != left_until:
            tally.failures += 1
            detail = f"gave nothing in several runs: paused until {until:%Y-%m-%d %H:%M} UTC"
            log.warning("%s: %s", source.id, detail)
            state.fail(STAGE, source.id, "source-paused", detail, source=source.id, run=self._job.run)

    def _catch_up(self, state: State, source: Source) -> None:
        found = state.catch_up(source.id, ignore_case=source.ignore_case, repair=True)
        if found.pages:
            log.info("%s: %d pages of a crawl that was killed taken in from the archive", source.id, found.pages)
        for damage in found.damages:
            cause = "archive-tail-cut" if damage.tail else "archive-damaged"
            state.fail(
                STAGE, f"{damage.path}:{damage.offset}", cause, damage.reason, source=source.id, run=self._job.run
            )

    async def _tick(self) -> None:
        told: dict[str, Tally] = {}
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            news = {name: tally for name, tally in self._tallies.items() if told.get(name) != tally}
            self._progress(news)
            told.update({name: Tally(**asdict(tally)) for name, tally in news.items()})
            if self._stopping:
                await self._stop_crawlers()

    def _progress(self, tallies: dict[str, Tally]) -> None:
        for name, tally in tallies.items():
            self.emit(ProgressEvent(progress=CrawlProgress(source=name, **asdict(tally))))


def by_host(sources: Sequence[Source]) -> list[list[Source]]:
    """The sources in groups such that no host is in two of them."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts, members = set(source.hosts), [source]
        apart = []
        for other_hosts, others in groups:
            if other_hosts & hosts:
                hosts |= other_hosts
                members = others + members
            else:
                apart.append((other_hosts, others))
        groups = [*apart, (hosts, members)]
    return [members for _, members in groups]


def pause_after(failed_runs: int, hours: float = 6) -> timedelta | None:
    """How long a source is left alone after so many runs in a row in which it gave nothing.

    `hours` at first, each time twice as long, never more than a week; with 0 it is never left alone.
    """
    if failed_runs < 3 or not hours:
        return None
    return min(timedelta(hours=hours) * 2 ** min(failed_runs - 3, 10), timedelta(days=7))


def again(source: Source, url: str) -> Pending:
    """The entry of an address that is to be tried again, as what its look says it is."""
    key = LinkReader(source).key(url)
    if source.matches_article(url):
        return Pending(source.id, key, url, "article")
    if source.kind == "documents" and is_file(url):
        return Pending(source.id, key, url, "attachment")
    return Pending(source.id, f"listing:{key}", url, "start", walk=url)


class _EventHandler(logging.Handler):
    """Hands log lines to the parent, which knows where people want to see them."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._worker.emit(LogEvent(name=record.name, level=record.levelno, message=self.format(record)))
        except Exception:
            self.handleError(record)


def main() -> None:
    """Entry of the child process."""
    # Nothing but events may reach the pipe: whatever prints goes to standard error.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = Job.model_validate_json(sys.stdin.readline())
    worker = Worker(job, out)
    logger = logging.getLogger("chitieu")
    logger.setLevel(logging.INFO)
    logger.addHandler(_EventHandler(worker))
    logger.propagate = False
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    threading.Thread(target=_watch_parent, args=(worker,), daemon=True).start()
    worker.run()


def _watch_parent(worker: Worker) -> None:
    """The parent keeps the pipe open as long as it lives."""
    sys.stdin.read()
    worker.stop()


if __name__ == "__main__":
    main()
