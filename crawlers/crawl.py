"""Crawling sources into a data folder: the function the command line calls.

Scrapy's reactor cannot be started twice in a process, so each crawl runs in a child process
(`chitieu.crawlers.worker`), which is told what to do on its standard input and tells how it goes, a
JSON object a line, on its standard output.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chitieu.crawlers.ledger import STOPPED
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import State
from chitieu.crawlers.stopping import Stop

log = logging.getLogger(__name__)

STAGE = "crawl"
SILENCE = 1800.0
"""Seconds in which a crawl must get on: more than any wait that a site may ask for."""
_STOP_PATIENCE = 90.0
_LAST_LINES = 15


class CrawlError(Exception):
    """The crawl as a whole could not be done; what was stored before stays."""


class CrawlOptions(BaseModel):
    """How to crawl; the defaults are those of a polite daily run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date | None = None
    """Leave out what is older, as far as listings, feeds, sitemaps or addresses tell."""
    max_pages: int | None = Field(default=None, ge=1)
    """Store at most so many pages of each source; the rest waits for the next run."""
    full: bool = False
    """Walk listings to their end and ask for every known article again."""
    refresh_days: float = Field(default=7, ge=0)
    """Known articles younger than this are asked for again, to notice edits."""
    retries: int = Field(default=3, ge=0)
    backoff: float = Field(default=2.0, ge=0)
    """Seconds before the first retry; each further one waits twice as long."""
    timeout: float = Field(default=30.0, gt=0)
    """Seconds an answer may take in all."""
    max_bytes: int = Field(default=16 * 1024 * 1024, gt=0)
    """Largest answer, packed or unpacked."""
    concurrency: int = Field(default=1, ge=1)
    """Requests under way at once with a source that is declared local; with others it is always one."""
    sources_at_once: int = Field(default=16, ge=1)
    retry_paused: bool = False
    """Also crawl sources that are paused after repeated failure."""
    pause_hours: float = Field(default=6.0, ge=0)
    """For how long a source is left alone when it gave nothing three times; 0: it never is."""
    lock_wait: float = Field(default=45.0, ge=0)
    """Seconds to wait for another crawl of the same source that is just stopping."""
    browser: bool = False
    """Fetch the pages of sources marked `script` with a browser (the extra `browser`)."""
    contact: str = ""
    """An address or web page that goes into the user agent, so that site owners can write."""


class SourceReport(BaseModel):
    """What a crawl got from one source."""

    source: str
    fetched: int = 0
    """Pages stored: listings, feeds, sitemaps and articles that are new or changed."""
    articles: int = 0
    """Articles among them, new or changed."""
    changed: int = 0
    """Articles among them of which an earlier version was stored before."""
    unchanged: int = 0
    """Pages that were asked for and are as they were."""
    failures: int = 0
    requests: int = 0
    pending: int = 0
    """Addresses that wait for the next run."""
    bytes: int = 0
    outcome: str = "waiting"
    """`done`, `max-pages`, `paused`, `busy` (another crawl has it), `stopped`, `error`; before, `waiting` or `running`."""


class CrawlProgress(SourceReport):
    """How far a source has come; given to `on_progress` a few times a second."""


class CrawlReport(BaseModel):
    """What a crawl did. `interrupted`: it was stopped from outside and can be gone on with."""

    run: int
    sources: list[SourceReport]
    interrupted: bool = False

    @property
    def failures(self) -> int:
        return sum(source.failures for source in self.sources)

    @property
    def exit_code(self) -> int:
        """0: all well; 3: done, with failures recorded; 130: stopped from outside."""
        return STOPPED if self.interrupted else 3 if self.failures else 0

    def counts(self) -> dict[str, int]:
        """Sums over the sources, for the table of runs."""
        names = ("fetched", "articles", "changed", "unchanged", "failures", "requests", "pending", "bytes")
        return {name: sum(getattr(source, name) for source in self.sources) for name in names}


class Job(BaseModel):
    """What the child process is told."""

    data_dir: Path
    run: int
    sources: list[Source]
    options: CrawlOptions
    retry: dict[str, list[str]] | None = None
    """By source: the addresses that alone are tried."""


class ProgressEvent(BaseModel):
    event: Literal["progress"] = "progress"
    progress: CrawlProgress


class LogEvent(BaseModel):
    event: Literal["log"] = "log"
    name: str
    level: int
    message: str


class EndEvent(BaseModel):
    event: Literal["end"] = "end"
    sources: list[SourceReport]
    error: str = ""


Event = TypeAdapter(Annotated[ProgressEvent | LogEvent | EndEvent, Field(discriminator="event")])


def crawl(
    sources: Sequence[Source],
    data_dir: Path,
    *,
    options: CrawlOptions = CrawlOptions(),
    on_progress: Callable[[CrawlProgress], None] | None = None,
    retry: Mapping[str, Sequence[str]] | None = None,
    stop: Stop | None = None,
) -> CrawlReport:
    """Crawl `sources` into `data_dir`: pages into `warc/SOURCE/*.warc.gz`, what was seen into `state.sqlite`.

    Can be called repeatedly. Failures of single pages or sources are logged (loggers under
    `chitieu.crawlers`), written to the table of failures and counted in the report. With `retry` nothing
    is walked: only those addresses, by source, are fetched. SIGTERM (in the main thread) and `stop` (from
    any) let the page in hand be stored and end the crawl. Raises CrawlError where the crawl as a whole breaks down; KeyboardInterrupt passes on once the child has stopped in
    good order. Whatever was stored stays, and the next call goes on from there.
    """
    data_dir = Path(data_dir).resolve()
    with State(data_dir) as state:
        run = state.start_run(STAGE, [source.id for source in sources])
        report, exit_code = CrawlReport(run=run, sources=[]), 1
        try:
            again = None if retry is None else {source: list(urls) for source, urls in retry.items()}
            job = Job(data_dir=data_dir, run=run, sources=list(sources), options=options, retry=again)
            report = _run_child(job, on_progress, stop or Stop())
            exit_code = report.exit_code
        except KeyboardInterrupt:
            exit_code = STOPPED
            raise
        except CrawlError as error:
            state.fail(STAGE, str(data_dir), "crawl-broke-down", str(error), run=run)
            raise
        finally:
            state.finish_run(run, counts=report.counts(), exit_code=exit_code)
    return report


def _run_child(job: Job, on_progress: Callable[[CrawlProgress], None] | None, stop: Stop) -> CrawlReport:
    """Start the child, follow it to its end and read its report."""
    with tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace") as errors:
        child = subprocess.Popen(
            # -P: the folder one happens to stand in must not lend modules to the child.
            [sys.executable, "-P", "-m", "chitieu.crawlers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            # Ctrl-C in a terminal goes to the whole group: only this process is to hear it, and to pass it on.
            start_new_session=True,
        )
        try:
            heard = _LastHeard(child)
            with stop.telling(heard.end_soon), _on_sigterm(stop.ask):
                end = _follow(child, job, on_progress, heard)
        finally:
            _end(child)
        if end is None and stop.asked:  # it was still starting
            end = EndEvent(sources=[SourceReport(source=source.id, outcome="stopped") for source in job.sources])
        if end is None:
            raise CrawlError(heard.complaint or _epitaph(child.returncode, errors))
        if end.error:
            raise CrawlError(end.error)
        return CrawlReport(run=job.run, sources=end.sources, interrupted=stop.asked)


class _LastHeard:
    """Ends a child that has long given no sign of getting on, or does not stop when it is asked to."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.complaint = ""
        self._child = child
        self._asked = False
        self._until = time.monotonic() + SILENCE
        threading.Thread(target=self._watch, name="watch over a crawl", daemon=True).start()

    def note(self) -> None:
        """It got on; once it was asked to stop, that gains it nothing."""
        if not self._asked:
            self._until = time.monotonic() + SILENCE

    def end_soon(self) -> None:
        """Ask it to stop."""
        self._asked = True
        self._until = time.monotonic() + _STOP_PATIENCE
        self._child.terminate()

    def _watch(self) -> None:
        while self._child.poll() is None:
            if time.monotonic() > self._until:
                self.complaint = (
                    f"the crawling process did not get on for {SILENCE / 60:g} minutes, or did not stop when asked to, and was ended; "
                    "what it had stored is kept, run the same again to go on"
                )
                self._child.kill()
            time.sleep(min(1.0, SILENCE / 4))


def _follow(
    child: subprocess.Popen[str], job: Job, on_progress: Callable[[CrawlProgress], None] | None, heard: _LastHeard
) -> EndEvent | None:
    """Hand over the job and read events until the child closes its output; None if it died before its report."""
    assert child.stdin is not None and child.stdout is not None
    try:
        child.stdin.write(job.model_dump_json() + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        return None
    end = None
    for line in child.stdout:
        heard.note()
        try:
            event = Event.validate_json(line)
        except ValueError:
            log.warning("unreadable line from the crawling process: %s", line.strip()[:200])
            continue
        if isinstance(event, ProgressEvent):
            if on_progress is not None:
                on_progress(event.progress)
        elif isinstance(event, LogEvent):
            logging.getLogger(event.name).log(event.level, "%s", event.message)
        else:
            end = event
    return end


@contextmanager
def _on_sigterm(ask: Callable[[], None]) -> Iterator[None]:
    """While inside, and in the main thread, SIGTERM to this process asks for the stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: ask())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(child: subprocess.Popen[str]) -> None:
    """Let the child finish what is under way; end it hard only where it does not."""
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            _close(stream)
    try:
        if child.poll() is None:
            child.terminate()
        child.wait(timeout=60)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        pass


def _epitaph(code: int, errors: IO[str]) -> str:
    """How the child died, for people."""
    errors.seek(0)
    last = "".join(deque(errors, _LAST_LINES)).strip()
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    text = f"the crawling process {how} before it was done; what it had stored is kept, run the same again to go on"
    return f"{text}\n{last}" if last else text
