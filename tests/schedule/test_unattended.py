"""A schedule on a shortened clock, left to itself: rounds, edits, a source that is down, a kill, a stop."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.ledger import Run
from chitieu.crawlers.sources import load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines import database
from chitieu.pipelines.runner import run_all
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store

PATIENCE = 240
EARLY, DOWN = "bao-dat-to", "cong-lao-cai"
HOOK = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as running:
        yield running


class Unattended:
    """The service in a process of its own, and what is seen of it from outside."""

    def __init__(self, folder: Path, site: SampleSite) -> None:
        self.store = Store(folder / "store").prepare()
        self.alerts = folder / "alerts.jsonl"
        self.sources = sorted(entry["id"] for entry in site.sources())
        site.write_registry(folder / "registry")
        self.config = folder / "chitieu.toml"
        self.config.write_text(
            f"""
            data = "store"
            registry = ["registry"]
            log_format = "json"
            [crawl]
            pause_hours = 0
            [schedule]
            sources = {json.dumps(self.sources)}
            rhythm = "*/8 * * * * *"     # with seconds: the clock is a shortened one
            publish = "3/12 * * * * *"
            stagger_minutes = 0.05
            [alerts]
            command = {json.dumps([sys.executable, "-c", HOOK, str(self.alerts)])}
            down_runs = 2
            """,
            encoding="utf-8",
        )
        self.log = folder / "log.jsonl"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "chitieu.pipelines.cli", "--config", str(self.config), "schedule"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=60)

    def ledger(self) -> list[Run]:
        """The runs that stand by themselves, oldest first."""
        with State(self.store.root) as state:
            return state.runs(whole=True)[::-1]

    def well(self, source: str) -> int:
        """How many crawls of a source went well."""
        return sum(run.sources == (source,) and run.outcome == "done" for run in self.ledger())

    def published_after(self, number: int) -> Callable[[], bool]:
        """Whether a publication that began after this run is through."""
        return lambda: any(run.stage == "publish" and run.id > number and run.outcome in ("done", "failures") for run in self.ledger())

    def told(self) -> list[tuple[str, str, str]]:
        lines = self.alerts.read_text(encoding="utf-8").splitlines() if self.alerts.exists() else []
        return [(alert["event"], alert["kind"], alert["subject"]) for alert in map(json.loads, lines)]

    def wait(self, what: str, come: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not come():
            assert self.process is not None and self.process.poll() is None, self.log.read_text(encoding="utf-8")[-3000:]
            assert time.monotonic() < until, f"in vain: {what}\n{self.log.read_text(encoding='utf-8')[-3000:]}"
            time.sleep(0.2)


def published(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a reader sees, but for when it was seen."""
    with database.open_reader(store) as con:
        queries = {
            "articles": "SELECT article_id, version, is_latest, url, title, text FROM article ORDER BY ALL",
            "figures": "FROM figure ORDER BY article_id, record_id",
            "tasks": "FROM tasks ORDER BY article_id, record_id",
            "documents": "FROM documents ORDER BY document_id",
        }
        return {name: con.execute(query).fetchall() for name, query in queries.items()}


@pytest.mark.slow
def test_left_to_itself_the_schedule_gets_it_all_right(site: SampleSite, tmp_path: Path) -> None:
    began = time.monotonic()
    service = Unattended(tmp_path, site)
    service.start()
    try:
        service.wait("a round", lambda: all(service.well(source) for source in service.sources))
        service.wait("its publication", service.published_after(service.ledger()[-1].id))
        assert {row[3] for row in published(service.store)["articles"]} == site.addresses(1)

        # One paper edits and adds articles, while a portal is down.
        site.portal_editions[EARLY] = 2
        site.down.add(DOWN)
        rounds = service.well(EARLY)
        service.wait("the alert", lambda: ("raised", "source-down", DOWN) in service.told())
        service.wait("the others go on", lambda: service.well(EARLY) >= rounds + 2)

        # Killed in the middle of a crawl. What the sites do while it is dead is not missed.
        service.wait("a crawl under way", lambda: any(run.stage == "crawl" and run.outcome is None for run in service.ledger()))
        service.kill()
        site.down.clear()
        site.edition = 2
        dead_from = service.ledger()[-1].id
        time.sleep(10)  # every job's time comes and goes
        service.start()
        service.wait("a round", lambda: all(any(r.id > dead_from and r.sources == (s,) and r.outcome == "done" for r in service.ledger()) for s in service.sources))
        service.wait("its publication", service.published_after(service.ledger()[-1].id))
        service.wait("all clear", lambda: ("over", "source-down", DOWN) in service.told())
        assert service.stop() == 0
    finally:
        if service.process is not None and service.process.poll() is None:
            service.kill()

    # The ledger: nothing twice at once, nothing left open, what was missed made up once.
    runs = service.ledger()
    assert {run.outcome for run in runs} <= {"done", "failures", "killed", "stopped"} and "killed" in {run.outcome for run in runs}
    for source in service.sources:
        crawls = [run for run in runs if run.sources == (source,)]
        for one, other in pairwise(crawls):
            assert one.finished is None or one.finished <= other.started, f"two crawls of {source} at once"
            assert one.finished is not None or one.outcome == "killed"
    made_up = Counter(run.sources or run.stage for run in runs if run.why == "made up")
    assert made_up == {**{(source,): 1 for source in service.sources}, "publish": 1}
    assert all(run.why == "schedule" for run in runs if run.id <= dead_from)
    failed = [run for run in runs if run.failures]
    assert {run.sources for run in failed if run.stage == "crawl"} == {(DOWN,)}, "one that is down costs no other"
    with State(service.store.root) as state:
        assert not [failure for failure in state.failures("crawl", unresolved=True)], "what failed went well later"
        assert {failure.source for failure in state.failures("crawl")} == {DOWN}
    last = [run for run in runs if run.stage == "publish" and run.outcome in ("done", "failures")]
    assert sum(run.articles for run in last) == len(published(service.store)["articles"])
    assert all(run.code for run in runs) and all(run.rules for run in last)

    # The warehouse: what a run by hand, before the edits and after them, makes of the same sites.
    reference = Store(tmp_path / "reference")
    registry = load_registry(tmp_path / "registry")
    chosen = [registry[source] for source in service.sources]
    site.edition, before = 1, dict(site.portal_editions)
    site.portal_editions.clear()
    run_all(reference, registry, chosen, ["plain"])
    site.edition = 2
    run_all(reference, registry, chosen, ["plain"])
    assert before and published(service.store) == published(reference)

    # The exports: those of the last load, as many rows as the warehouse has.
    newest = max(service.store.exports.iterdir(), key=lambda folder: folder.stat().st_mtime)
    with database.open_reader(service.store) as con:
        for view in ("targets", "progress", "deadlines", "tasks", "documents", "scoreboard"):
            with (newest / "plain" / f"{view}.csv").open(encoding="utf-8", newline="") as file:
                rows = sum(1 for _ in csv.DictReader(file))
            assert (rows,) == con.execute(f"SELECT count(*) FROM {view}").fetchone(), view

    lines = [json.loads(line) for line in service.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert any(line.get("source") == DOWN and line["logger"] == "chitieu.schedule" for line in lines), "logs are JSON"
    counted = Counter((run.stage, run.outcome) for run in runs)
    print(f"\n{time.monotonic() - began:.0f} s; {len(runs)} runs: {dict(counted)}; made up {sum(made_up.values())}; failures {sum(run.failures for run in runs)}")
    print(f"pages {sum(run.pages for run in runs if run.stage == 'crawl')}, articles {len(published(service.store)['articles'])}, alerts {service.told()}")
