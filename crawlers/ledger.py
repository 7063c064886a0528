"""The ledger: every run and everything that failed in it, what sources yielded, what is due, what was told.

A run is a row. A run of several stages (`run`, `publish`) is a row too, and its stages are rows that
say which one they are part of. Each run holds a lock while it lasts, so that one whose process was
killed is told from one that is under way.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from chitieu.data import DATA

Why = Literal["manual", "schedule", "made up", "retry"]
"""By hand; when its time came; late, for times that were missed; to try again what had failed."""
Outcome = Literal["done", "failures", "failed", "stopped", "killed"]
"""All well; done, with failures recorded; could not do it; stopped from outside; its process died."""

STOPPED = 130
"""The exit code of a run that was stopped from outside and can be gone on with."""
_OUTCOMES: dict[int, Outcome] = {0: "done", 3: "failures", STOPPED: "stopped"}
_RECORDS = ("quantities", "times", "statements", "refs", "tasks")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the runs that begin now belong to."""

    why: Why = "manual"
    part_of: int | None = None


_occasion: ContextVar[Occasion] = ContextVar("occasion", default=Occasion())


@contextmanager
def occasion(*, why: Why | None = None, part_of: int | None = None) -> Iterator[None]:
    """Inside, runs begin for this reason and as parts of this run; what is not named stays as it is."""
    now = _occasion.get()
    token = _occasion.set(Occasion(why or now.why, part_of or now.part_of))
    try:
        yield
    finally:
        _occasion.reset(token)


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Times are aware UTC; `finished` and `exit_code` are None while it runs or if it was killed."""

    id: int
    part_of: int | None
    """The run it is a stage of; None: it stands by itself."""
    stage: str
    why: Why
    reason: str
    """What was asked for in particular, such as `redo`."""
    sources: tuple[str, ...]
    started: datetime
    finished: datetime | None
    outcome: Outcome | None
    """None while it is under way."""
    exit_code: int | None
    pages: int
    articles: int
    """New and changed ones."""
    records: int
    failures: int
    counts: dict[str, int]
    """The figures of its stage."""
    code: str
    rules: str
    """Versions of chitieu and, where it extracted, of the rules."""

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return None if self.finished is None else (self.finished - self.started).total_seconds()


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be done."""

    id: int
    run: int | None
    stage: str
    source: str | None
    subject: str
    """What failed: an address, `file:line`, …"""
    cause: str
    """A short slug such as `http-500`, `timeout`, `not-html`, `listing-loop`."""
    detail: str
    at: datetime
    resolved: datetime | None = None
    """When it was tried again: it went well, or has failed once more as another entry tells."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What one extraction found in the articles of one source."""

    run: int
    source: str
    articles: int
    records: int


@dataclass(frozen=True, slots=True)
class Due:
    """When a job of the schedule is to run next, and the rhythm that says so."""

    job: str
    rhythm: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """Something an operator is to know of; it stands until it is over."""

    kind: str
    subject: str
    """The source, check or command it is about."""
    detail: str
    figure: float
    """How bad it is; a higher one is told again."""
    since: datetime


class Ledger:
    """The part of the state that every stage writes to; see `state.State`."""

    data_dir: Path
    _db: sqlite3.Connection
    _held: dict[int, FileLock]
    transaction: Callable[[], AbstractContextManager[None]]

    # --- runs -----------------------------------------------------------------------------------

    def start_run(self, stage: str, sources: Sequence[str] = (), reason: str = "") -> int:
        """Note that a run begins, for the present `occasion`; gives its number."""
        self._note_killed()
        now = _occasion.get()
        with self.transaction():
            cursor = self._db.execute(
                "INSERT INTO runs (stage, sources, reason, started, part_of, why, code) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (stage, json.dumps(list(sources)), reason, now_text(), now.part_of, now.why, code_version()),
            )
            number = int(cursor.lastrowid or 0)
            # Before anybody sees the row: one without its lock counts as killed.
            lock = FileLock(self._lock_of(number))
            lock.acquire(timeout=0)
            self._held[number] = lock
        return number

    def finish_run(self, run_id: int, *, counts: Mapping[str, int], exit_code: int, rules: str = "") -> None:
        """Note how a run ended, with the figures of its stages."""
        stage = self._db.execute("SELECT stage FROM runs WHERE id = ?", (run_id,)).fetchone()[0]
        pages, articles, records = self._figures(run_id, stage, counts)
        parts = self._db.execute("SELECT max(rules) FROM runs WHERE part_of = ?", (run_id,)).fetchone()[0]
        self._db.execute(
            "UPDATE runs SET finished = ?, counts = ?, exit_code = ?, outcome = ?, pages = ?, articles = ?, records = ?,"
            " rules = ? WHERE id = ?",
            (
                now_text(), json.dumps(dict(counts)), exit_code, _OUTCOMES.get(exit_code, "failed"),
                pages, articles, records, rules or parts or "", run_id,
            ),
        )  # fmt: skip
        self._let_go(run_id)

    def runs(self, stage: str | None = None, limit: int | None = None, *, whole: bool = False) -> list[Run]:
        """The runs, newest first; with `whole` only those that are no part of another."""
        return self._runs("(?1 IS NULL OR stage = ?1) AND (NOT ?2 OR part_of IS NULL) ORDER BY id DESC LIMIT ?3", stage, whole, -1 if limit is None else limit)

    def run_and_parts(self, run_id: int) -> list[Run]:
        """A run, then its stages in order; empty where there is none of this number."""
        return self._runs("id = ?1 OR part_of = ?1 ORDER BY id", run_id)

    def _runs(self, which: str, *values: object) -> list[Run]:
        self._note_killed()
        rows = self._db.execute(
            "SELECT *, (SELECT count(*) FROM failures WHERE run = runs.id OR run IN (SELECT id FROM runs AS part WHERE part.part_of = runs.id))"
            f" AS failures FROM runs WHERE {which}",
            values,
        )
        return [_run(row) for row in rows]

    def _figures(self, run_id: int, stage: str, counts: Mapping[str, int]) -> tuple[int, int, int]:
        """Pages, articles and records of a run: its own, or those of its parts."""
        figures = {
            row["stage"]: (row["pages"], row["articles"], row["records"])
            for row in self._db.execute("SELECT * FROM runs WHERE part_of = ? ORDER BY id", (run_id,))
        }
        figures[stage] = _own_figures(stage, counts)
        nothing = (0, 0, 0)
        # An article is counted where it is parsed; a crawl by itself tells how many it stored.
        crawled, parsed = figures.get("crawl", nothing), figures.get("ingest")
        extracted = figures.get("extract", nothing)
        return crawled[0] or (parsed or nothing)[0], (parsed or crawled)[1], extracted[2]

    def _note_killed(self) -> None:
        """Runs that did not end and whose lock nobody holds were killed."""
        for (number,) in self._db.execute("SELECT id FROM runs WHERE outcome IS NULL").fetchall():
            path = self._lock_of(number)
            if number in self._held or (path.exists() and is_locked(path)):
                continue
            self._db.execute("UPDATE runs SET outcome = 'killed' WHERE id = ? AND outcome IS NULL", (number,))
            path.unlink(missing_ok=True)

    def _lock_of(self, run_id: int) -> Path:
        folder = locks_folder(self.data_dir)
        folder.mkdir(exist_ok=True)
        return folder / f"run-{run_id}.lock"

    def _let_go(self, run_id: int) -> None:
        lock = self._held.pop(run_id, None)
        if lock is not None:
            self._lock_of(run_id).unlink(missing_ok=True)
            lock.release()

    # --- failures -------------------------------------------------------------------------------

    def fail(
        self,
        stage: str,
        subject: str,
        cause: str,
        detail: str = "",
        *,
        source: str | None = None,
        run: int | None = None,
    ) -> None:
        """Add a row to the table of failures; `cause` is a short slug."""
        self._db.execute(
            "INSERT INTO failures (run, stage, source, subject, cause, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run, stage, source, subject, cause, detail[:2000], now_text()),
        )

    def failures(self, stage: str | None = None, *, run: int | None = None, unresolved: bool = False) -> list[Failure]:
        """The failures, oldest first: all, of one stage, of one run and its parts, or those that still stand."""
        rows = self._db.execute(
            "SELECT * FROM failures WHERE (?1 IS NULL OR stage = ?1) AND (?2 IS NULL OR run = ?2 OR run IN"
            " (SELECT id FROM runs WHERE part_of = ?2)) AND (NOT ?3 OR resolved IS NULL) ORDER BY id",
            (stage, run, unresolved),
        )
        return [_failure(row) for row in rows]

    def resolve(self, failures: Sequence[Failure]) -> None:
        """Note that what had failed was tried again; what failed once more has another entry."""
        with self.transaction():
            self._db.executemany("UPDATE failures SET resolved = ? WHERE id = ?", [(now_text(), failure.id) for failure in failures])

    def resolve_earlier(self, stage: str, run: int) -> None:
        """Note that all that had failed before in a stage was tried again in this run: what still fails stands in it."""
        self._db.execute(
            "UPDATE failures SET resolved = ?1 WHERE stage = ?2 AND resolved IS NULL AND coalesce(run, 0) < ?3", (now_text(), stage, run)
        )

    # --- what extraction yields -----------------------------------------------------------------

    def note_yields(self, found: Sequence[Yield]) -> None:
        """Note what an extraction found, source by source."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO yields (run, source, articles, records) VALUES (?, ?, ?, ?)",
                [(entry.run, entry.source, entry.articles, entry.records) for entry in found],
            )

    def yields(self) -> list[Yield]:
        """What extractions found, oldest first."""
        return [Yield(**dict(row)) for row in self._db.execute("SELECT * FROM yields ORDER BY run, source")]

    # --- the schedule ---------------------------------------------------------------------------

    def due(self) -> dict[str, Due]:
        """When each job of the schedule is to run next."""
        rows = self._db.execute("SELECT * FROM due ORDER BY job")
        return {row["job"]: Due(row["job"], row["rhythm"], to_time(row["at"])) for row in rows}

    def note_due(self, due: Due) -> None:
        """Set when a job is to run next."""
        self._db.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?)", (due.job, due.rhythm, to_text(due.at)))

    # --- alerts ---------------------------------------------------------------------------------

    def alerts(self) -> list[Alert]:
        """What stands, oldest first."""
        rows = self._db.execute("SELECT * FROM alerts ORDER BY since, kind, subject")
        return [Alert(**{**dict(row), "since": to_time(row["since"])}) for row in rows]

    def settle_alerts(self, standing: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
        """Make `standing` what stands. Gives back what is new or worse than it was, and what is over."""
        with self.transaction():
            before = {(alert.kind, alert.subject): alert for alert in self.alerts()}
            now = {(alert.kind, alert.subject): alert for alert in standing}
            over = [alert for key, alert in before.items() if key not in now]
            kept = {key: replace(alert, since=before[key].since) if key in before else alert for key, alert in now.items()}
            raised = [alert for key, alert in kept.items() if key not in before or alert.figure > before[key].figure]
            self._db.execute("DELETE FROM alerts")
            self._db.executemany(
                "INSERT INTO alerts (kind, subject, detail, figure, since) VALUES (?, ?, ?, ?, ?)",
                [(a.kind, a.subject, a.detail, a.figure, to_text(a.since)) for a in kept.values()],
            )
        return raised, over


def locks_folder(data_dir: Path) -> Path:
    """Where the locks of a data folder lie; the files mean nothing, who holds them does."""
    return data_dir / "locks"


def is_locked(path: Path) -> bool:
    """Whether a living process holds this lock; one that was killed holds none."""
    try:
        with FileLock(path).acquire(timeout=0):
            return False
    except Timeout:
        return True


@cache
def code_version() -> str:
    """The version of chitieu, in a checkout with its commit: `0.1.0+63add42`."""
    release = version("chitieu")
    root = DATA.parent
    if not (root / ".git").exists():
        return release
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return release
    return f"{release}+{asked.stdout.strip()}"


def now_text() -> str:
    """The present time as it is stored."""
    return to_text(datetime.now(timezone.utc))


def to_text(time: datetime) -> str:
    """Times as text of fixed width, so that their order is that of time."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_time(text: str) -> datetime:
    """The aware time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def _own_figures(stage: str, counts: Mapping[str, int]) -> tuple[int, int, int]:
    """Pages, articles and records as one stage counts them."""
    if stage == "crawl":
        return counts.get("fetched", 0), counts.get("articles", 0), 0
    if stage == "ingest":
        return counts.get("pages", 0), counts.get("new", 0) + counts.get("version", 0), 0
    return 0, 0, sum(counts.get(name, 0) for name in _RECORDS)


def _run(row: sqlite3.Row) -> Run:
    values = dict(row)
    return Run(
        **{
            **values,
            "sources": tuple(json.loads(values["sources"])),
            "started": to_time(values["started"]),
            "finished": to_time(values["finished"]) if values["finished"] else None,
            "counts": json.loads(values["counts"]),
        }
    )


def _failure(row: sqlite3.Row) -> Failure:
    resolved = to_time(row["resolved"]) if row["resolved"] else None
    return Failure(**{**dict(row), "at": to_time(row["at"]), "resolved": resolved})
