"""The service that crawls and publishes by itself, each job in its rhythm.

What is due when is kept in the ledger and set anew when a job is done: after a stop, a crash or a
night without power, whatever was missed or cut short is made up once. APScheduler keeps the clock and
the threads; a crawl is a process of its own, and so is a publication.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from filelock import FileLock, Timeout

from chitieu.crawlers.crawl import CrawlError, CrawlOptions, CrawlReport, crawl
from chitieu.crawlers.ledger import Due, Why, locks_folder, occasion
from chitieu.crawlers.rhythm import next_time, shift_of, shortest_gap
from chitieu.crawlers.sources import SHORTEST_RHYTHM, Source
from chitieu.crawlers.state import State
from chitieu.crawlers.stopping import Stop
from chitieu.pipelines.alerts import review_alerts
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.settings import ScheduleSettings, Settings
from chitieu.pipelines.store import Store

log = logging.getLogger("chitieu.schedule")

PUBLISH = "publish"
_LOOK_EVERY = 0.2
"""Seconds between two looks whether a signal has come."""
_BUSY_WAIT = timedelta(minutes=5)
"""When a source that another crawl was at, or its host, is tried again."""
_STOP_PATIENCE = 120
"""Seconds a publication may take to stop."""


_Ended = Literal["done", "busy", "stopped"]
"""Well or badly; another one is at it; asked to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done again and again."""

    name: str
    """The id of a source, or `publish`."""
    rhythm: str
    shift: timedelta
    """How much later than its rhythm says its turn comes."""
    zone: ZoneInfo
    """In which its rhythm is read."""
    source: Source | None = None
    """What is to be crawled; None: everything is published."""

    @property
    def told(self) -> str:
        """Its rhythm as it is remembered: another one, and its next turn is found anew."""
        return f"{self.rhythm} +{int(self.shift.total_seconds())}s {self.zone.key}"

    def turn_after(self, moment: datetime) -> datetime:
        """When its turn comes next."""
        return next_time(self.rhythm, moment.astimezone(self.zone), self.shift)


def plan_jobs(sources: Sequence[Source], settings: ScheduleSettings) -> list[Job]:
    """A job for each source and one that publishes. Raises WrongCall for a rhythm too quick for a live site."""
    jobs = []
    at_most = timedelta(minutes=settings.stagger_minutes)
    for source in sources:
        rhythm = source.rhythm or settings.rhythm
        if not source.local and shortest_gap(rhythm) < SHORTEST_RHYTHM:
            raise WrongCall(f"schedule.rhythm: {rhythm!r} would crawl {source.id} more often than every ten minutes; choose a slower one")
        jobs.append(Job(source.id, rhythm, shift_of(source.id, at_most), settings.zone, source))
    return [*jobs, Job(PUBLISH, settings.publish, timedelta(), settings.zone)]


class Service:
    """Runs the jobs of a schedule until it is stopped.

    `publish` gives the command line that publishes for a reason; it runs as a process of its own, so
    that neither its memory nor its end touches the service.
    """

    def __init__(
        self, store: Store, jobs: Sequence[Job], settings: Settings, options: CrawlOptions, publish: Callable[[Why], Sequence[str]]
    ) -> None:
        self._store = store
        self._jobs = {job.name: job for job in jobs}
        self._settings = settings
        self._zone = settings.schedule.zone
        self._options = options
        self._publish = publish
        self._stop = Stop()
        self._began = datetime.now(settings.schedule.zone)
        self._alerting = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=self._zone,
            executors={"crawl": ThreadPoolExecutor(settings.schedule.crawls_at_once), PUBLISH: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is under way is then brought to a good end. Main thread only.

        Raises UserError where another service is at work on the data folder.
        """
        with self._alone(), _signals() as come:
            self._began = datetime.now(self._zone)
            self._add_jobs()
            self._scheduler.start()
            log.info("at work on %s: %d sources, publication included %d jobs", self._store.root, len(self._jobs) - 1, len(self._jobs))
            while not come:
                time.sleep(_LOOK_EVERY)
            log.info("asked to stop: the pages in hand are stored, the rest waits for the next start")
            self._stop.ask()
            self._scheduler.shutdown()
        log.info("stopped")

    def turns(self) -> list[tuple[Job, datetime]]:
        """The jobs and when the turn of each comes; one in the past was missed and is made up at once."""
        now = datetime.now(self._zone)
        with State(self._store.root) as state:
            noted = state.due()
        return [(job, _due_at(job, noted.get(job.name), now)) for job in self._jobs.values()]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = locks_folder(self._store.prepare().root)
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / "schedule.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UserError(f"another `chitieu schedule` is at work on {self._store.root}; stop it first, or name another folder with --data") from None
        try:
            yield
        finally:
            lock.release()

    def _add_jobs(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.add_listener(_skipped, EVENT_JOB_MAX_INSTANCES)
        for job, at in self.turns():
            self._note_due(job, at)
            executor = PUBLISH if job.source is None else "crawl"
            self._scheduler.add_job(self._turn, _Turns(job), args=[job], id=job.name, executor=executor, next_run_time=at.astimezone(job.zone))
            log.info("%s: %s", job.name, "was missed, is made up now" if at <= self._began else f"next {_local(job, at)}")

    def _turn(self, job: Job) -> None:
        """Do a job whose turn has come. What was stopped stays due."""
        if self._stop.asked:
            return
        with State(self._store.root) as state:
            due = state.due()[job.name]
        why: Why = "made up" if due.at < self._began else "schedule"
        ended: _Ended = "done"
        try:
            ended = self._do_publish(why) if job.source is None else self._do_crawl(job.source, why)
        except Exception:  # noqa: BLE001 - whatever it was, it must not cost the next turn
            log.exception("%s: a fault in chitieu itself", job.name)
        if ended == "stopped":
            return
        now = datetime.now(self._zone)
        after = job.turn_after(now)
        if ended == "busy" and now + _BUSY_WAIT < after:
            after = now + _BUSY_WAIT
            self._scheduler.modify_job(job.name, next_run_time=after)
        self._note_due(job, after)
        log.info("%s: next %s", job.name, _local(job, after))
        with self._alerting:
            review_alerts(self._store, self._settings.alerts)

    def _note_due(self, job: Job, at: datetime) -> None:
        with State(self._store.root) as state:
            state.note_due(Due(job.name, job.told, at))

    def _do_crawl(self, source: Source, why: Why) -> _Ended:
        with occasion(why=why):
            try:
                report = crawl([source], self._store.root, options=self._options, stop=self._stop)
            except CrawlError as error:
                log.error("%s: %s", source.id, error)
                return "stopped" if self._stop.asked else "done"
        log.info("%s: %s", source.id, _summary(report), extra={"source": source.id, "run": report.run, "why": why})
        if report.interrupted:
            return "stopped"
        return "busy" if all(found.outcome == "busy" for found in report.sources) else "done"

    def _do_publish(self, why: Why) -> _Ended:
        command = self._publish(why)
        # Its tables are for a terminal; what matters it logs, and notes in the ledger.
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        with self._stop.telling(child.terminate):
            while child.poll() is None:
                try:
                    child.wait(_STOP_PATIENCE)
                except subprocess.TimeoutExpired:
                    if self._stop.asked:
                        child.kill()
        well = child.returncode in (0, 3)
        if well or not self._stop.asked:
            log.log(logging.INFO if well else logging.ERROR, "publish: %s", _ended(child.returncode), extra={"why": why})
            return "done"
        return "stopped"


def _due_at(job: Job, noted: Due | None, now: datetime) -> datetime:
    """When the turn of a job comes: as noted, unless it was never noted or its rhythm has been changed since."""
    if noted is None or (noted.rhythm != job.told and noted.at > now):
        return job.turn_after(now)
    return noted.at


class _Turns(BaseTrigger):
    """APScheduler's view of a job's rhythm."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first turn after now: those that passed meanwhile are one."""
        return self._job.turn_after(max(filter(None, (previous_fire_time, now))))


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Inside, SIGTERM and SIGINT are noted in the list and do nothing else."""
    come: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: come.append(number)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield come
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def publish_command(root: Sequence[str], options: Sequence[str]) -> Callable[[Why], list[str]]:
    """The command line that publishes, for whatever reason: options before and after the command's name."""
    return lambda why: [sys.executable, "-P", "-m", "chitieu.pipelines.cli", *root, "publish", *options, "--why", why]


def _skipped(event: JobSubmissionEvent) -> None:
    log.warning("%s: its turn has come while it is still at work: it is left out", event.job_id)


def _summary(report: CrawlReport) -> str:
    (found,) = report.sources or [None]
    if found is None:
        return "nothing was done"
    return (
        f"{found.outcome}: {found.fetched} pages stored, {found.unchanged} unchanged, {found.articles - found.changed} new and "
        f"{found.changed} edited articles, {found.failures} failures"
    )


def _ended(code: int) -> str:
    ends: Mapping[int, str] = {0: "done", 3: "done, with failures (`chitieu failures`)"}
    return ends.get(code, f"was killed by {signal.Signals(-code).name}" if code < 0 else f"could not be done (exit code {code}; `chitieu runs`)")


def _local(job: Job, moment: datetime) -> str:
    return f"{moment.astimezone(job.zone):%Y-%m-%d %H:%M:%S}"
