"""What was done and seen: runs, failures, fetched pages and the addresses still to be fetched.

`state.sqlite` is shared by every stage. It is a convenience, never the truth: what was fetched can
be rebuilt from the archive (`State.rebuild_from_archive`).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from chitieu.crawlers.archive import ArchivedPage, Damage, Location, read_records
from chitieu.crawlers.ledger import Ledger, now_text, to_text, to_time
from chitieu.crawlers.urls import address_key

_FIRST_SCHEMA = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, stage TEXT NOT NULL, sources TEXT NOT NULL, reason TEXT NOT NULL,
  started TEXT NOT NULL, finished TEXT, exit_code INTEGER, counts TEXT NOT NULL DEFAULT '{}');
CREATE TABLE failures (
  id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs, stage TEXT NOT NULL, source TEXT,
  subject TEXT NOT NULL, cause TEXT NOT NULL, detail TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX failures_by_run ON failures (run);
CREATE TABLE pages (
  source TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, status INTEGER NOT NULL,
  first_fetched TEXT NOT NULL, last_fetched TEXT NOT NULL, last_checked TEXT NOT NULL,
  etag TEXT, last_modified TEXT, hash TEXT NOT NULL, archive TEXT NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE INDEX pages_by_age ON pages (source, kind, first_fetched);
CREATE TABLE aliases (
  source TEXT NOT NULL, key TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE TABLE frontier (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
  walk TEXT NOT NULL DEFAULT '', number INTEGER NOT NULL DEFAULT 1, stale INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, rounds INTEGER NOT NULL DEFAULT 0,
  not_before TEXT NOT NULL DEFAULT '', UNIQUE (source, key));
CREATE TABLE walks (
  source TEXT NOT NULL, start TEXT NOT NULL, completed TEXT NOT NULL, PRIMARY KEY (source, start)) WITHOUT ROWID;
CREATE TABLE archives (path TEXT PRIMARY KEY, source TEXT NOT NULL, seen_to INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE health (
  source TEXT PRIMARY KEY, failed_runs INTEGER NOT NULL DEFAULT 0, paused_until TEXT, last_success TEXT) WITHOUT ROWID;
"""
_VISITS = """
CREATE TABLE visits (
  run INTEGER NOT NULL REFERENCES runs, source TEXT NOT NULL, outcome TEXT NOT NULL, ended TEXT NOT NULL,
  fetched INTEGER NOT NULL, articles INTEGER NOT NULL, changed INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  failures INTEGER NOT NULL, requests INTEGER NOT NULL, pending INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (source, run)) WITHOUT ROWID;
"""
_TURN = "CASE kind WHEN 'article' THEN 1 WHEN 'attachment' THEN 1 WHEN 'refresh' THEN 2 ELSE 0 END"
"""Listings first, articles and files as found, asking again last."""
_LEDGER = """
ALTER TABLE runs ADD COLUMN part_of INTEGER REFERENCES runs;
ALTER TABLE runs ADD COLUMN why TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE runs ADD COLUMN outcome TEXT;
ALTER TABLE runs ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN articles INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN rules TEXT NOT NULL DEFAULT '';
UPDATE runs SET outcome = CASE exit_code WHEN 0 THEN 'done' WHEN 3 THEN 'failures' WHEN 1 THEN 'failed' ELSE 'killed' END;
CREATE INDEX runs_by_whole ON runs (part_of);
CREATE INDEX runs_under_way ON runs (id) WHERE outcome IS NULL;
ALTER TABLE failures ADD COLUMN resolved TEXT;
CREATE TABLE yields (
  run INTEGER NOT NULL REFERENCES runs, source TEXT NOT NULL, articles INTEGER NOT NULL, records INTEGER NOT NULL,
  PRIMARY KEY (source, run)) WITHOUT ROWID;
CREATE TABLE due (job TEXT PRIMARY KEY, rhythm TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alerts (
  kind TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, figure REAL NOT NULL, since TEXT NOT NULL,
  PRIMARY KEY (kind, subject)) WITHOUT ROWID;
"""
_MIGRATIONS = (
    _FIRST_SCHEMA,
    _VISITS,
    f"CREATE INDEX frontier_by_turn ON frontier (source, {_TURN}, id);",
    "ALTER TABLE frontier ADD COLUMN form TEXT NOT NULL DEFAULT '';",
    _LEDGER,
)
"""What brings a file from one version of the schema to the next."""
SCHEMA_VERSION = len(_MIGRATIONS)

_ONE_OF = "(? IS NULL OR key IN (SELECT value FROM json_each(?)))"
_NEVER = "9"
"""Later than any time: not again in this run."""
OF_A_SOURCE = frozenset({"source-paused", "robots-unreachable", "no-browser", "busy", "internal-error"})
"""Causes that keep a source as a whole from being crawled."""
MAX_ROUNDS = 3
"""An address that failed in so many runs is given up."""


class StateError(Exception):
    """The state file cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one run got from one source; the figures mean what they mean in `crawl.SourceReport`."""

    run: int
    source: str
    outcome: str
    ended: datetime
    fetched: int
    articles: int
    changed: int
    unchanged: int
    failures: int
    requests: int
    pending: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fared lately."""

    failed_runs: int
    """Runs in a row, up to the last, in which it gave nothing."""
    paused_until: datetime | None
    last_success: datetime | None


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The latest version of a page that is in the archive."""

    source: str
    key: str
    url: str
    kind: str
    status: int
    first_fetched: datetime
    last_fetched: datetime
    """When the version in the archive was fetched."""
    last_checked: datetime
    """When the site was last asked for it."""
    etag: str | None
    last_modified: str | None
    hash: str
    archive: str
    offset: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An address still to be fetched."""

    source: str
    key: str
    url: str
    kind: str
    """`start`, `article`, `attachment`, `refresh` (an article known already), `listing` or `sitemap`."""
    walk: str = ""
    """The start address whose walk led to it; of an attachment the address of its page."""
    number: int = 1
    """Which page of the listing it is."""
    stale: int = 0
    """How many pages before it, without a break, told of nothing new."""
    form: str = ""
    """What is sent to the address, of a page of a listing that is turned by sending a form."""
    attempts: int = 0
    rounds: int = 0
    id: int = 0


class State(Ledger):
    """The state of one data folder. Use as a context manager, in one thread at a time.

    Several processes may have it open; writers wait for each other. Raises StateError where the file
    is of a later version or cannot be read.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = Path(data_dir)
        self.path = self.data_dir / "state.sqlite"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._held = {}
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise StateError(
                f"{self.path}: {error}; move the file away: what was fetched is read again from {self.data_dir}/warc"
            ) from error

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a run that was begun and not finished counts as killed from now on."""
        for lock in self._held.values():
            lock.release()
        self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL survives a killed process; a power cut may undo the last commits, whose
        # pages are then found again in the archive.
        self._db.execute("PRAGMA synchronous = NORMAL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            self._db.close()
            raise StateError(f"{self.path}: made by a later version of chitieu (schema {version}); update chitieu")
        with self.transaction():
            # Asked again: another process may have made the tables in between.
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            for migration in _MIGRATIONS[version:]:
                for statement in filter(str.strip, migration.split(";")):
                    self._db.execute(statement)
            if version < SCHEMA_VERSION:
                self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside; may be nested."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- pages ----------------------------------------------------------------------------------

    def pages(self, source: str | None = None) -> Iterator[SeenPage]:
        """The pages in the archive, in the order of their addresses."""
        rows = self._db.execute("SELECT * FROM pages WHERE ?1 IS NULL OR source = ?1 ORDER BY source, key", (source,))
        for row in rows:
            yield _seen(row)

    def page(self, source: str, key: str) -> SeenPage | None:
        """The page with this key (see `urls.address_key`), also under another address it has; None if unknown."""
        row = self._db.execute(
            "SELECT * FROM pages WHERE source = ?1 AND key IN (?2,"
            " (SELECT target FROM aliases WHERE source = ?1 AND key = ?2)) ORDER BY key = ?2 DESC LIMIT 1",
            (source, key),
        ).fetchone()
        return None if row is None else _seen(row)

    def store_page(self, page: SeenPage, location: Location | None) -> None:
        """Note a page that is safely in the archive. With `location` also how far its file is known."""
        self._db.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, key) DO UPDATE SET"
            " url = excluded.url, kind = excluded.kind, status = excluded.status,"
            " last_fetched = excluded.last_fetched, last_checked = excluded.last_checked, etag = excluded.etag,"
            " last_modified = excluded.last_modified, hash = excluded.hash, archive = excluded.archive,"
            " offset = excluded.offset",
            (
                page.source, page.key, page.url, page.kind, page.status,
                to_text(page.first_fetched), to_text(page.last_fetched), to_text(page.last_checked),
                page.etag, page.last_modified, page.hash, page.archive, page.offset,
            ),
        )  # fmt: skip
        if location is not None:
            self._seen_to(location.archive, page.source, location.end)

    def note_unchanged(self, source: str, key: str, at: datetime) -> None:
        """The site says, or its answer shows, that the page in the archive is still the latest."""
        self._db.execute(
            "UPDATE pages SET last_checked = ? WHERE source = ? AND key = ?", (to_text(at), source, key)
        )

    def add_alias(self, source: str, key: str, target: str) -> None:
        """Note that `key` is another address of the page `target`."""
        if key != target:
            self._db.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?, ?)", (source, key, target))

    def due_pages(self, source: str, *, younger_than: timedelta | None, now: datetime) -> Iterator[SeenPage]:
        """Articles to ask for again: those first fetched less than `younger_than` ago (None: all).

        The older an article, the rarer: not before a tenth of its age has passed since the last time.
        """
        since = "" if younger_than is None else to_text(now - younger_than)
        rows = self._db.execute(
            "SELECT * FROM pages WHERE source = ? AND kind = 'article' AND first_fetched >= ?", (source, since)
        )
        for row in rows.fetchall():
            page = _seen(row)
            if younger_than is None or (now - page.last_checked) * 10 >= now - page.first_fetched:
                yield page

    # --- addresses to be fetched ----------------------------------------------------------------

    def is_known(self, source: str, key: str) -> bool:
        """Whether a page was fetched or waits to be."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM pages WHERE source = ?1 AND key = ?2)"
            " OR EXISTS (SELECT 1 FROM aliases WHERE source = ?1 AND key = ?2)"
            " OR EXISTS (SELECT 1 FROM frontier WHERE source = ?1 AND key = ?2)",
            (source, key),
        ).fetchone()
        return bool(row[0])

    def add_pending(self, pending: Iterable[Pending]) -> int:
        """Add addresses that do not wait already; gives how many were added."""
        before = self._db.total_changes
        self._db.executemany(
            "INSERT OR IGNORE INTO frontier (source, key, url, kind, walk, number, stale, form) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((p.source, p.key, p.url, p.kind, p.walk, p.number, p.stale, p.form) for p in pending),
        )
        return self._db.total_changes - before

    def next_pending(
        self, source: str, count: int, *, now: datetime, exclude: Iterable[int] = (), only: str | None = None
    ) -> list[Pending]:
        """Up to `count` addresses whose time has come: listings first, articles as found, re-asking last.

        `only` is a JSON list of keys that others are left out for.
        """
        excluded = list(exclude)
        marks = ", ".join("?" * len(excluded))
        rows = self._db.execute(
            f"SELECT * FROM frontier WHERE source = ? AND not_before <= ? AND id NOT IN ({marks}) AND {_ONE_OF}"
            f" ORDER BY {_TURN}, id LIMIT ?",
            (source, to_text(now), *excluded, only, only, count),
        )
        return [_pending(row) for row in rows]

    def count_pending(self, source: str) -> int:
        """How many addresses of a source wait, those included that were put off."""
        return int(self._db.execute("SELECT count(*) FROM frontier WHERE source = ?", (source,)).fetchone()[0])

    def count_waiting(self, source: str, only: str | None = None) -> int:
        """How many addresses of a source are still to be tried in this run."""
        row = self._db.execute(
            f"SELECT count(*) FROM frontier WHERE source = ? AND not_before < ? AND {_ONE_OF}", (source, _NEVER, only, only)
        )
        return int(row.fetchone()[0])

    def next_due(self, source: str) -> datetime | None:
        """When the first address that was put off may be fetched; None if there is none."""
        row = self._db.execute(
            "SELECT min(not_before) FROM frontier WHERE source = ? AND not_before > '' AND not_before < ?",
            (source, _NEVER),
        ).fetchone()
        return to_time(row[0]) if row[0] else None

    def finish_pending(self, pending: Pending) -> None:
        """The address was dealt with."""
        self._db.execute("DELETE FROM frontier WHERE id = ?", (pending.id,))

    def put_off(self, pending: Pending, until: datetime) -> None:
        """Try the address again, not before `until`, within this run."""
        self._db.execute(
            "UPDATE frontier SET attempts = attempts + 1, not_before = ? WHERE id = ?", (to_text(until), pending.id)
        )

    def give_up(self, pending: Pending) -> None:
        """Leave the address to later runs; after `MAX_ROUNDS` of them forget it."""
        self._db.execute("UPDATE frontier SET rounds = rounds + 1, not_before = ? WHERE id = ?", (_NEVER, pending.id))
        self._db.execute("DELETE FROM frontier WHERE id = ? AND rounds >= ?", (pending.id, MAX_ROUNDS))

    def open_frontier(self, source: str) -> None:
        """A new run begins: everything that was put off may be tried at once. What is to be asked
        again is decided anew."""
        self._db.execute("DELETE FROM frontier WHERE source = ? AND kind = 'refresh'", (source,))
        self._db.execute("UPDATE frontier SET attempts = 0, not_before = '' WHERE source = ?", (source,))

    def walk_completed(self, source: str, start: str) -> datetime | None:
        """When a listing was last walked to its end (or to what was known); None if never."""
        row = self._db.execute("SELECT completed FROM walks WHERE source = ? AND start = ?", (source, start)).fetchone()
        return to_time(row[0]) if row is not None else None

    def complete_walk(self, source: str, start: str) -> None:
        """Note that a listing was walked to its end."""
        self._db.execute("INSERT OR REPLACE INTO walks VALUES (?, ?, ?)", (source, start, now_text()))

    # --- the archive ----------------------------------------------------------------------------

    def catch_up(self, source: str, *, ignore_case: bool = False, repair: bool = False) -> CatchUp:
        """Take in pages that are in a source's archive and not yet here: those of a process that was
        killed after it stored a page and before it noted so. With `repair` a damaged tail is cut off;
        only do so while nobody writes.
        """
        result = CatchUp()
        for path in sorted((self.data_dir / "warc" / source).glob("*.warc.gz")):
            relative = f"warc/{source}/{path.name}"
            row = self._db.execute("SELECT seen_to FROM archives WHERE path = ?", (relative,)).fetchone()
            seen_to = row[0] if row else 0
            if path.stat().st_size > seen_to:
                result += self._take_in(path, relative, source, seen_to, ignore_case, repair)
        return result

    def rebuild_from_archive(self, sources: Mapping[str, bool] | Iterable[str] | None = None) -> CatchUp:
        """Forget which pages were seen and read it all again from the archive.

        `sources` limits it to some sources (a mapping says of each whether its site ignores case).
        """
        folders = sorted(p.name for p in (self.data_dir / "warc").glob("*") if p.is_dir())
        chosen = folders if sources is None else list(sources)
        ignoring = sources if isinstance(sources, Mapping) else {}
        result = CatchUp()
        for source in chosen:
            with self.transaction():
                for table in ("pages", "aliases", "archives"):
                    self._db.execute(f"DELETE FROM {table} WHERE source = ?", (source,))
                result += self.catch_up(source, ignore_case=ignoring.get(source, False))
        return result

    def _take_in(
        self, path: Path, relative: str, source: str, seen_to: int, ignore_case: bool, repair: bool
    ) -> CatchUp:
        damages: list[Damage] = []
        pages = 0
        with self.transaction():
            for archived in read_records(path, start=seen_to, on_damage=damages.append):
                self._take_in_page(archived, relative, source, ignore_case)
                seen_to = archived.end
                pages += 1
            tail = next((damage for damage in damages if damage.tail), None)
            if tail is not None and repair:
                os.truncate(path, tail.offset)
            if tail is None:
                seen_to = path.stat().st_size
            self._seen_to(relative, source, seen_to)
        return CatchUp(pages, tuple(damages))

    def _take_in_page(self, archived: ArchivedPage, relative: str, source: str, ignore_case: bool) -> None:
        if archived.kind not in (None, "article", "attachment"):
            # What a listing led to was perhaps never noted: it is fetched again as if it were new.
            return
        page = archived.page
        key = address_key(page.url, ignore_case=ignore_case)
        known = self.page(source, key)
        if known is not None and known.last_fetched >= page.fetched:
            return
        kind = archived.kind or "article"
        seen = seen_page(source, key, kind, page.url, page.status, page.headers, page.body, page.fetched)
        # Without validators: what the page led to was perhaps never noted, so it must come whole once more.
        seen = replace(seen, archive=relative, offset=page.offset, etag=None, last_modified=None)
        self.store_page(seen, None)
        self._db.execute("DELETE FROM frontier WHERE source = ? AND key = ?", (source, key))

    def _seen_to(self, archive: str, source: str, end: int) -> None:
        self._db.execute(
            "INSERT INTO archives VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET seen_to = excluded.seen_to",
            (archive, source, end),
        )

    # --- how sources fare -----------------------------------------------------------------------

    def note_source(
        self, source: str, *, succeeded: bool, pause: Callable[[int], timedelta | None], left_until: datetime | None = None
    ) -> datetime | None:
        """Note whether a run got anything from a source; `pause` tells, from the number of failed
        runs in a row, for how long to leave it alone, `left_until` is what its server asks for. Gives
        the time until which it is paused."""
        row = self._db.execute("SELECT failed_runs, last_success FROM health WHERE source = ?", (source,)).fetchone()
        failed = 0 if succeeded else (row["failed_runs"] if row else 0) + 1
        rest = pause(failed) if failed else None
        until = max(filter(None, (left_until, rest and datetime.now(timezone.utc) + rest)), default=None)
        last_success = now_text() if succeeded else (row["last_success"] if row else None)
        self._db.execute(
            "INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?)",
            (source, failed, to_text(until) if until else None, last_success),
        )
        return until

    def resolve_crawled(self, source: str, run: int) -> None:
        """Note of earlier failures that they are over: a crawl of the source got somewhere, or got the address."""
        of_a_source = ", ".join(f"'{cause}'" for cause in sorted(OF_A_SOURCE))
        self._db.execute(
            "UPDATE failures SET resolved = ?1 WHERE stage = 'crawl' AND source = ?2 AND resolved IS NULL AND coalesce(run, 0) < ?3"
            f" AND (cause IN ({of_a_source}) OR subject IN (SELECT url FROM pages AS p WHERE p.source = ?2 AND p.kind <> 'gone'"
            " AND p.last_checked > failures.at))",
            (now_text(), source, run),
        )

    def note_visit(self, run: int, source: str, outcome: str, counts: Mapping[str, int]) -> None:
        """Note what a run got from a source; `counts` has the figures of `Visit`."""
        self._db.execute(
            "INSERT OR REPLACE INTO visits (run, source, outcome, ended, fetched, articles, changed, unchanged, failures,"
            " requests, pending, bytes) VALUES (:run, :source, :outcome, :ended, :fetched, :articles, :changed, :unchanged,"
            " :failures, :requests, :pending, :bytes)",
            {**counts, "run": run, "source": source, "outcome": outcome, "ended": now_text()},
        )

    def visits(self, source: str, limit: int = 5) -> list[Visit]:
        """What the last runs got from a source, newest first."""
        rows = self._db.execute("SELECT * FROM visits WHERE source = ? ORDER BY run DESC LIMIT ?", (source, limit))
        return [Visit(**{**dict(row), "ended": to_time(row["ended"])}) for row in rows]

    def visited_sources(self) -> list[str]:
        """The sources of which anything is known here, by name."""
        rows = self._db.execute("SELECT source FROM visits UNION SELECT source FROM pages ORDER BY source")
        return [row[0] for row in rows]

    def health(self, source: str) -> Health:
        """How a source fared lately; of one that was never crawled nothing is known."""
        row = self._db.execute("SELECT * FROM health WHERE source = ?", (source,)).fetchone()
        if row is None:
            return Health(0, None, None)
        success = to_time(row["last_success"]) if row["last_success"] else None
        return Health(row["failed_runs"], self.paused_until(source), success)

    def count_pages(self, source: str) -> dict[str, int]:
        """How many pages of each kind (`article`, `listing`, `feed`, `sitemap`, `gone` …) are known of a source."""
        return dict(self._db.execute("SELECT kind, count(*) FROM pages WHERE source = ? GROUP BY kind", (source,)).fetchall())

    def paused_until(self, source: str) -> datetime | None:
        """Until when a source is paused, after repeated failure or because its server asks for it; None if it is not."""
        row = self._db.execute("SELECT paused_until FROM health WHERE source = ?", (source,)).fetchone()
        if row is None or row[0] is None or row[0] <= now_text():
            return None
        return to_time(row[0])


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What was taken in from the archive."""

    pages: int = 0
    damages: tuple[Damage, ...] = ()

    def __add__(self, other: CatchUp) -> CatchUp:
        return CatchUp(self.pages + other.pages, self.damages + other.damages)


def seen_page(
    source: str, key: str, kind: str, url: str, status: int, headers: Mapping[str, str], body: bytes, at: datetime
) -> SeenPage:
    """The entry of a page just fetched; `archive` and `offset` are still blank."""
    return SeenPage(
        source=source, key=key, url=url, kind=kind, status=status, first_fetched=at, last_fetched=at,
        last_checked=at, etag=headers.get("etag"), last_modified=headers.get("last-modified"),
        hash=hashlib.sha256(body).hexdigest(), archive="", offset=0,
    )  # fmt: skip


def _seen(row: sqlite3.Row) -> SeenPage:
    values = dict(row)
    for name in ("first_fetched", "last_fetched", "last_checked"):
        values[name] = to_time(values[name])
    return SeenPage(**values)


def _pending(row: sqlite3.Row) -> Pending:
    values = dict(row)
    values.pop("not_before")
    return Pending(**values)
