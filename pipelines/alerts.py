"""Telling an operator what needs a look: sources that gave nothing, rates that dropped, failed checks and runs.

What stands is found anew from the ledger and the warehouse each time, and kept in the ledger, so that
each alert is told once when it is raised, again when it gets worse, and once when it is over.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Literal

from chitieu.crawlers.ledger import Alert, Yield
from chitieu.crawlers.state import State
from chitieu.pipelines import database
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.settings import AlertSettings
from chitieu.pipelines.store import Store

log = logging.getLogger("chitieu.alerts")

_EARLIER = 20
"""Extractions that the latest is set against."""
_LEAST_EARLIER = 3
_LOOKED_AT = 500
"""Runs back that a failed one still counts."""
_GIVEN_UP = timedelta(days=30)
"""A source that was not crawled for so long is no longer watched."""
_VISITED = frozenset({"done", "max-pages", "error"})
"""Outcomes of visits that say something about the source."""


def review_alerts(store: Store, settings: AlertSettings) -> list[Alert]:
    """Find what stands now, tell what is new or over, and give back what stands.

    A command that fails is logged and costs nothing else.
    """
    with State(store.prepare().root) as state:
        watched = [name for name in state.visited_sources() if _is_tried(state, name)]
        found = [*_about_sources(state, watched, settings), *_about_yields(state, watched, settings), *_about_runs(state)]
        raised, over = state.settle_alerts([*found, *_about_quality(store)])
        standing = state.alerts()
    for alert in raised:
        log.warning("alert: %s: %s: %s", alert.kind, alert.subject, alert.detail)
        _tell("raised", alert, store, settings)
    for alert in over:
        log.info("alert over: %s: %s", alert.kind, alert.subject)
        _tell("over", alert, store, settings)
    return standing


def _is_tried(state: State, source: str) -> bool:
    """Whether a source is still crawled: of others nobody expects anything."""
    latest = state.visits(source, 1)
    return bool(latest) and datetime.now(timezone.utc) - latest[0].ended < _GIVEN_UP


def _about_sources(state: State, sources: Sequence[str], settings: AlertSettings) -> Iterator[Alert]:
    for source in sources:
        health = state.health(source)
        if health.failed_runs >= settings.down_runs:
            success = f"{health.last_success:%Y-%m-%d %H:%M} UTC" if health.last_success else "never"
            detail = f"no answer in {settings.down_runs} crawls or more, the last one: {success}; `chitieu status {source}` tells the causes"
            yield _alert("source-down", source, detail)
            continue
        visits = [visit for visit in state.visits(source, 3 * settings.silent_runs) if visit.outcome in _VISITED][: settings.silent_runs]
        if len(visits) == settings.silent_runs and not any(visit.articles for visit in visits):
            detail = (
                f"no new or edited article in {settings.silent_runs} crawls or more, though it answers: its listings may have changed; "
                f"`chitieu sources check {source}` looks"
            )
            yield _alert("source-silent", source, detail)


def _about_yields(state: State, sources: Sequence[str], settings: AlertSettings) -> Iterator[Alert]:
    by_source: dict[str, list[Yield]] = {}
    for entry in state.yields():
        if entry.articles >= settings.least_articles:
            by_source.setdefault(entry.source, []).append(entry)
    for source in sources:
        *earlier, latest = [entry.records / entry.articles for entry in by_source.get(source, ())][-_EARLIER - 1 :] or [0.0]
        if len(earlier) < _LEAST_EARLIER:
            continue
        usual = statistics.median(earlier)
        if latest < settings.drop * usual:
            detail = f"{latest:.1f} records an article in the last extraction, {usual:.1f} in those before (median): its pages may have changed"
            yield _alert("extraction-dropped", source, detail)


def _about_runs(state: State) -> Iterator[Alert]:
    """The latest run of each command on the same sources, if it failed."""
    seen = set()
    for run in state.runs(limit=_LOOKED_AT, whole=True):
        subject = " ".join((run.stage, *run.sources))
        if subject in seen or run.outcome is None:
            continue
        seen.add(subject)
        if run.outcome in ("failed", "killed"):
            causes = [failure.detail or failure.cause for failure in state.failures(run=run.id)]
            why = f": {causes[-1]}" if causes and run.outcome == "failed" else ""
            yield _alert("run-failed", subject[:200], f"run {run.id} {'was killed' if run.outcome == 'killed' else 'failed'}{why}"[:500])


def _about_quality(store: Store) -> Iterator[Alert]:
    if not store.warehouse.is_file():
        return
    try:
        with database.open_reader(store) as con:
            rows = con.execute(
                "SELECT check_id, told, checked, failed FROM quality_check WHERE severity = 'error' AND failed > 0 ORDER BY check_id"
            ).fetchall()
    except UserError as error:
        log.warning("alerts: %s", error)
        return
    for check, told, checked, failed in rows:
        yield _alert("quality", check, f"{failed} of {checked} rows: {told}; they stand in the table quarantine", float(failed))


def _alert(kind: str, subject: str, detail: str, figure: float = 0) -> Alert:
    return Alert(kind, subject, detail, figure, datetime.now(timezone.utc))


def _tell(event: Literal["raised", "over"], alert: Alert, store: Store, settings: AlertSettings) -> None:
    """Run the command, if there is one, with the alert on its standard input."""
    if not settings.command:
        return
    message = {
        "event": event,
        "kind": alert.kind,
        "subject": alert.subject,
        "detail": alert.detail,
        "since": alert.since.isoformat(timespec="seconds"),
        "data": str(store.root),
    }
    try:
        told = subprocess.Popen(
            settings.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except OSError as error:
        log.error("the alert command %s cannot be run: %s", settings.command[0], error.strerror)
        return
    with told:
        try:
            _, complaint = told.communicate(json.dumps(message, ensure_ascii=False).encode() + b"\n", settings.time_limit)
        except subprocess.TimeoutExpired:
            os.killpg(told.pid, signal.SIGKILL)
            log.error("the alert command %s took more than %g s and was ended", settings.command[0], settings.time_limit)
        else:
            if told.returncode:
                log.error("the alert command %s ended with %d: %s", settings.command[0], told.returncode, complaint.decode(errors="replace").strip()[-300:])
