"""Crawls that are killed: nothing that was stored is lost, and nothing stands twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import read_records
from chitieu.crawlers.crawl import CrawlError, CrawlOptions, crawl
from chitieu.crawlers.ledger import STOPPED
from chitieu.crawlers.state import State
from chitieu.crawlers.stopping import Stop

FAST = CrawlOptions(concurrency=2, backoff=0.05)
# A process of its own that crawls: what the command line does.
PROGRAM = """
import sys
from pathlib import Path
from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.sources import Source
crawl([Source.model_validate_json(sys.argv[1])], Path(sys.argv[2]), options=CrawlOptions(concurrency=2))
"""


def records(data_dir: Path) -> Counter[str]:
    """How often each article stands in the archive."""
    found = (r.page.url for path in sorted(data_dir.glob("warc/*/*.gz")) for r in read_records(path))
    return Counter(url for url in found if "/bai/" in url)


def wait_for_pages(site: Any, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(site.asked) < count:
        assert time.monotonic() < deadline, "the crawl does not get on"
        time.sleep(0.005)


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def start(site: Any, data_dir: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", PROGRAM, site.source().model_dump_json(), str(data_dir)]
    return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)


def assert_complete(site: Any, texts: dict[int, str], data_dir: Path, web: Any) -> None:
    expected = {site.url(web.article_path(n)) for n in texts}
    found = records(data_dir)
    assert set(found) == expected
    assert all(count == 1 for count in found.values())
    with State(data_dir) as state:
        assert Counter(p.url for p in state.pages() if p.kind == "article") == Counter(expected)


def test_killed_again_and_again_it_loses_nothing_and_keeps_nothing_twice(site: Any, web: Any, tmp_path: Path) -> None:
    texts = web.paper(site, listings=8, per_page=10)
    for pages in (15, 45):
        process = start(site, tmp_path)
        wait_for_pages(site, pages)
        (worker,) = children_of(process.pid)
        for pid in (process.pid, worker):
            os.kill(pid, signal.SIGKILL)
        process.wait()
    stored = len(records(tmp_path))
    assert 0 < stored < len(texts), "the kills came too late to be a test"

    site.asked.clear()
    report = crawl([site.source()], tmp_path, options=FAST.model_copy(update={"refresh_days": 0}))
    assert report.failures == 0
    assert_complete(site, texts, tmp_path, web)
    assert sum("/bai/" in path for path in site.paths()) <= len(texts) - stored


@pytest.mark.slow
def test_the_worker_s_death_is_a_clear_error(site: Any, web: Any, tmp_path: Path) -> None:
    texts = web.paper(site, listings=6, per_page=10)

    def kill_worker() -> None:
        wait_for_pages(site, 20)
        (worker,) = (pid for pid in children_of(os.getpid()) if b"crawlers.worker" in cmdline(pid))
        os.kill(worker, signal.SIGKILL)

    def cmdline(pid: int) -> bytes:
        return Path(f"/proc/{pid}/cmdline").read_bytes()

    killer = threading.Thread(target=kill_worker)
    killer.start()
    with pytest.raises(CrawlError, match="killed by SIGKILL.*run the same again"):
        crawl([site.source()], tmp_path, options=FAST)
    killer.join()
    with State(tmp_path) as state:
        assert state.runs()[0].exit_code == 1
        assert [f.cause for f in state.failures()] == ["crawl-broke-down"]
    crawl([site.source()], tmp_path, options=FAST)
    assert_complete(site, texts, tmp_path, web)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.slow
def test_asked_to_stop_it_stops_in_good_order(site: Any, web: Any, tmp_path: Path, number: int) -> None:
    web.paper(site, listings=60, per_page=10)
    process = start(site, tmp_path)
    wait_for_pages(site, 20)
    process.send_signal(number)
    process.wait(timeout=20)
    with State(tmp_path) as state:
        (run,) = state.runs()
        assert run.finished is not None
        fetched = sum(1 for page in state.pages() if page.kind == "article")
        assert 0 < fetched < 600
        assert sum(records(tmp_path).values()) == fetched
        assert state.count_pending("bao-thu") > 0


@pytest.mark.slow
def test_when_its_parent_is_killed_the_worker_ends(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=40, per_page=10)
    process = start(site, tmp_path)
    wait_for_pages(site, 20)
    (worker,) = children_of(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists() and b"worker" in Path(f"/proc/{worker}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the worker lives on"
        time.sleep(0.05)
    assert len(site.paths()) < 400


def test_a_torn_record_is_cut_off_told_and_fetched_again(site: Any, web: Any, tmp_path: Path) -> None:
    texts = web.paper(site, listings=1, per_page=4)
    crawl([site.source()], tmp_path, options=FAST)
    (path,) = tmp_path.glob("warc/*/*.gz")
    last = [record for record in read_records(path)][-1]
    # As a process that was killed in the middle of its last record leaves it: the record torn, the
    # state without it.
    os.truncate(path, (last.page.offset + last.end) // 2)
    os.remove(tmp_path / "state.sqlite")
    for side in tmp_path.glob("state.sqlite-*"):
        side.unlink()

    site.asked.clear()
    crawl([site.source()], tmp_path, options=FAST.model_copy(update={"refresh_days": 0}))
    assert path.stat().st_size == last.page.offset
    assert sum("/bai/" in p for p in site.paths()) == 1
    assert_complete(site, texts, tmp_path, web)
    with State(tmp_path) as state:
        assert [f.cause for f in state.failures()] == ["archive-tail-cut"]


@pytest.mark.slow
def test_asked_to_stop_while_it_is_still_starting_it_stops_all_the_same(site: Any, web: Any, tmp_path: Path) -> None:
    web.paper(site, listings=12, per_page=10)
    for tenths in range(2, 24, 2):
        stop = Stop()
        timer = threading.Timer(tenths / 10, stop.ask)
        timer.start()
        report = crawl([site.source(delay=0.05)], tmp_path / str(tenths), options=FAST, stop=stop)
        timer.join()
        assert report.interrupted and report.exit_code == STOPPED
        with State(tmp_path / str(tenths)) as state:
            assert [run.outcome for run in state.runs()] == ["stopped"]
