"""What each source gave: its last runs, what its articles lack, what failed and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
from rich.text import Text

from chitieu.crawlers.sources import Source
from chitieu.crawlers.ledger import Alert, Failure
from chitieu.crawlers.state import Health, State, Visit
from chitieu.pipelines import batches, screen
from chitieu.pipelines.store import Store

FIELDS = ("title", "sapo", "author", "published", "tags")
"""The fields of an article whose absence the report counts."""

_MISSING = {
    "title": "coalesce(title, '') = ''",
    "sapo": "coalesce(sapo, '') = ''",
    "author": "coalesce(author, '') = ''",
    "published": "published IS NULL",
    "tags": "len(coalesce(tags, [])) = 0",
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became articles: how many, and how many of them lack which field."""

    articles: int = 0
    missing: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source stands."""

    source: str
    visits: tuple[Visit, ...]
    """Its last runs, newest first."""
    health: Health
    pages: Mapping[str, int]
    """Pages in the archive by kind."""
    parsed: Parsed
    failures: tuple[Failure, ...]
    """Those of all stages since the oldest of `visits` began that still stand, oldest first."""
    due: datetime | None = None
    """When the schedule crawls it next."""

    @property
    def to_parse(self) -> int:
        """Pages and attached files that should give an article each."""
        return self.pages.get("article", 0) + self.pages.get("attachment", 0)


def survey(store: Store, registry: Mapping[str, Source], chosen: Iterable[str] = (), *, runs: int = 3) -> list[SourceStatus]:
    """How the `chosen` sources stand (none: all that were ever crawled), over their last `runs` runs."""
    parsed = parsed_by_source(store)
    with State(store.prepare().root) as state:
        names = list(chosen) or sorted({*state.visited_sources(), *(name for name in parsed if name in registry)})
        due = state.due()
        by_source: dict[str | None, list[Failure]] = {}
        for failure in state.failures(unresolved=True):
            by_source.setdefault(failure.source, []).append(failure)
        found = []
        for name in names:
            visits = tuple(state.visits(name, runs))
            since = visits[-1].run if visits else 0
            failures = tuple(f for f in by_source.get(name, ()) if (f.run or 0) >= since)
            found.append(
                SourceStatus(
                    name, visits, state.health(name), state.count_pages(name), parsed.get(name, Parsed()), failures,
                    due[name].at if name in due else None,
                )  # fmt: skip
            )
    return found


def parsed_by_source(store: Store) -> dict[str, Parsed]:
    """Of each source the latest versions of its crawled articles, and which fields they lack."""
    files = [str(path) for path in batches.batches(store.articles)]
    if not files:
        return {}
    counts = ", ".join(f"count(*) FILTER ({lacks})" for lacks in _MISSING.values())
    query = (
        "WITH latest AS (SELECT * FROM read_parquet(?) WHERE origin = 'page' "
        "QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY seen DESC) = 1) "
        f"SELECT source, count(*), {counts} FROM latest GROUP BY source"
    )
    with duckdb.connect() as con:
        rows = con.execute(query, [files]).fetchall()
    return {source: Parsed(total, dict(zip(FIELDS, missing, strict=True))) for source, total, *missing in rows}


def standing_alerts(store: Store) -> list[Alert]:
    """What an operator is to look at, oldest first."""
    with State(store.prepare().root) as state:
        return state.alerts()


def show_status(found: Sequence[SourceStatus], alerts: Sequence[Alert] = ()) -> None:
    """Four tables: what to look at, the last runs, what was parsed of what was fetched, and failures by cause."""
    if alerts:
        _show_alerts(alerts)
    if not found:
        screen.say("nothing was crawled into this data folder yet: `chitieu run SOURCE` does")
        return
    _show_runs(found)
    _show_coverage(found)
    _show_failures(found)


def _show_alerts(alerts: Sequence[Alert]) -> None:
    made = screen.table("alerts", "since", "kind", "about", "")
    for alert in alerts:
        made.add_row(screen.local_time(alert.since), alert.kind, Text(alert.subject), Text(alert.detail))
    screen.out.print(made)


def _show_runs(found: Sequence[SourceStatus]) -> None:
    made = screen.table(
        "last runs", "source", "when", "outcome", "stored", "new", "edited", "unchanged", "waiting", "failures", "last success", "next"
    )
    _right(made, 3, 9)
    for status in found:
        success = screen.local_time(status.health.last_success)
        if until := status.health.paused_until:
            why = f"after {failed} runs that gave nothing" if (failed := status.health.failed_runs) else "as its server asks"
            success += f"; paused until {screen.local_time(until)} {why}"
        if not status.visits:
            made.add_row(status.source, "never", *[""] * 7, success, _next(status))
        for number, visit in enumerate(status.visits):
            figures = (visit.fetched, visit.articles - visit.changed, visit.changed, visit.unchanged, visit.pending, visit.failures)
            first = number == 0
            made.add_row(status.source if first else "", screen.local_time(visit.ended), visit.outcome, *map(str, figures), success if first else "", _next(status) if first else "")
    screen.out.print(made)
    screen.say("stored: pages written to the archive; new, edited: articles among them; waiting: addresses left to the next run\n")


def _show_coverage(found: Sequence[SourceStatus]) -> None:
    made = screen.table("coverage", "source", "pages fetched", "articles and files", "parsed", *(f"no {name}" for name in FIELDS))
    _right(made, 1, len(made.columns))
    for status in found:
        kept = sum(count for kind, count in status.pages.items() if kind != "gone")
        missing = (_share(status.parsed.missing[name], status.parsed.articles) for name in FIELDS)
        made.add_row(status.source, str(kept), str(status.to_parse), str(status.parsed.articles), *missing)
    screen.out.print(made)
    screen.say("parsed: articles, each once, in its latest version; pages of later crawls count once they were ingested\n")


def _show_failures(found: Sequence[SourceStatus]) -> None:
    made = screen.table("failures in these runs", "source", "stage", "cause", "count", "latest", "for example")
    _right(made, 3, 4)
    for status in found:
        causes = Counter((failure.stage, failure.cause) for failure in status.failures)
        for (stage, cause), count in causes.most_common():
            last = [f for f in status.failures if (f.stage, f.cause) == (stage, cause)][-1]
            made.add_row(status.source, stage, cause, str(count), screen.local_time(last.at), Text(last.subject, overflow="ellipsis", no_wrap=True))
    if made.row_count:
        screen.out.print(made)
        screen.say("`chitieu failures` lists each")
    else:
        screen.say("no failures in these runs")


def _right(made: object, first: int, stop: int) -> None:
    for column in made.columns[first:stop]:  # type: ignore[attr-defined]
        column.justify = "right"


def _next(status: SourceStatus) -> str:
    return screen.local_time(status.due) if status.due else ""


def _share(count: int, total: int) -> str:
    return f"{count} ({100 * count // total}%)" if total and count else str(count)
