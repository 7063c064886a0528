"""The work of a stage on a Dask cluster: the same functions, so the same results, whoever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import Client

from chitieu.crawlers.sources import load_registry
from chitieu.pipelines import database
from chitieu.pipelines.batches import read_batches
from chitieu.pipelines.engine import Engine, PoolBroken, TaskLost, in_order
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store

REGISTRY = load_registry()
WHEN = {"ingested", "extracted"}


def rows(folder: Path) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in WHEN} for row in read_batches(folder)]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A scheduler and two workers, each a process of its own that nobody starts again."""
    file = tmp_path / "scheduler.json"
    processes: list[subprocess.Popen[bytes]] = []

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(file), "--no-dashboard", *arguments]
        processes.append(subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return processes[-1]

    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    workers = {name: start("dask_worker", "--name", name, "--nthreads", "1", "--no-nanny") for name in ("one", "two")}
    with Client(scheduler_file=str(file), timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        yield SimpleNamespace(address=client.scheduler.address, client=client, workers=workers)
    for process in processes:
        process.kill()
        process.wait()


def killed_at_work(cluster: SimpleNamespace, name: str) -> threading.Thread:
    """Kills the worker as soon as it has done a task and has others to do; join the thread to know that it did."""

    def kill() -> None:
        address = next(address for address, worker in cluster.client.scheduler_info(n_workers=-1)["workers"].items() if worker["name"] == name)
        while not (cluster.client.processing().get(address) and cluster.client.has_what().get(address)):
            time.sleep(0.01)
        os.kill(cluster.workers[name].pid, signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


@pytest.mark.slow
@pytest.mark.parametrize("remote", [False, True])
def test_a_worker_killed_on_the_way_changes_nothing(
    cluster: SimpleNamespace, store: Store, tmp_path: Path, far: SimpleNamespace, foreign: Callable[..., Path], captures: Callable,
    monkeypatch: pytest.MonkeyPatch, remote: bool,
) -> None:  # fmt: skip
    archives = [foreign([*captures(150, first=n * 150), *captures(50, "news.example", n)], name=f"{n}.warc.gz") for n in range(2)]
    places = [f"{far.url}/{path.name}" for path in archives] if remote else archives
    alone = Store(tmp_path / "alone").prepare()
    ingested = ingest(alone, REGISTRY, places, engine=Engine(workers=1))
    extracted = extract(alone)
    for name in ("_LOCAL_SPAN", "_REMOTE_SPAN"):
        monkeypatch.setattr(f"chitieu.pipelines.parsing.{name}", 10_000)
    engine = Engine("dask", scheduler=cluster.address)
    first = killed_at_work(cluster, "one")
    assert ingest(store, REGISTRY, places, engine=engine) == ingested
    first.join(timeout=1)
    assert not first.is_alive() and cluster.workers["one"].wait() == -signal.SIGKILL
    assert rows(store.articles) == rows(alone.articles) and ingested.new == 300
    assert extract(store, engine=engine) == extracted
    assert rows(store.records) == rows(alone.records) and extracted.records["statements"] >= 300
    load(store, REGISTRY)
    with database.open_reader(store) as con:
        assert con.execute("SELECT count(*) FROM targets").fetchone()[0] >= 300


@pytest.mark.slow
def test_extraction_survives_a_killed_worker(
    cluster: SimpleNamespace, store: Store, tmp_path: Path, foreign: Callable[..., Path], captures: Callable
) -> None:
    ingest(store, REGISTRY, [foreign(captures(400))])
    killing = killed_at_work(cluster, "two")
    report = extract(store, engine=Engine("dask", scheduler=cluster.address))
    killing.join(timeout=1)
    assert not killing.is_alive() and (report.documents, report.failures) == (400, 0)
    shared = rows(store.records)
    extract(store, redo=True)
    assert rows(store.records)[400:] == shared


@pytest.mark.slow
def test_the_command_goes_from_archives_to_records_on_processes_of_this_machine(
    chitieu: Callable[..., subprocess.CompletedProcess[str]], store: Store, foreign: Callable[..., Path], captures: Callable
) -> None:
    path = foreign([*captures(20), *captures(20, "news.example")])
    done = chitieu("extract", path, "--engine", "dask", "--workers", "2", "--data", store.root)
    assert done.returncode == 0, done.stderr
    assert "20 new articles" in done.stdout and "20 other-host" in done.stdout and "20 articles gave" in done.stdout
    assert "INFO" not in done.stderr and "Traceback" not in done.stderr
    assert len(rows(store.records)) == 20


@pytest.mark.slow
def test_a_task_that_kills_whoever_takes_it_is_lost_alone() -> None:
    def die_on_three(task: int) -> int:
        if task == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.3)
        return task

    found: dict[int, int | None] = {}
    with Engine("dask", workers=2).pool(2) as pool:
        for task, pending in in_order(pool, die_on_three, range(6)):
            try:
                found[task] = pending.result()
            except TaskLost:
                found[task] = None
    assert found == {0: 0, 1: 1, 2: 2, 3: None, 4: 4, 5: 5}


@pytest.mark.slow
def test_a_cluster_without_workers_is_not_waited_for(cluster: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chitieu.pipelines.engine._JOIN_SECONDS", 3)
    monkeypatch.setattr("chitieu.pipelines.engine._LOOK_SECONDS", 1)
    with Engine("dask", scheduler=cluster.address).pool(1) as pool:
        waiting = pool.submit(time.sleep, 600)
        for process in cluster.workers.values():
            process.kill()
        with pytest.raises(PoolBroken, match="no worker is left"):
            waiting.result()
    with pytest.raises(UserError, match="has no workers; start some with `dask worker"), Engine("dask", scheduler=cluster.address).pool(1):
        pass


@pytest.mark.slow
def test_a_cluster_that_is_not_there_or_runs_another_version_is_said(
    cluster: SimpleNamespace, store: Store, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(store, {}, [documents])
    monkeypatch.setattr("chitieu.pipelines.engine._our_version", lambda: "0.9")
    with pytest.raises(UserError, match="install the same version"):
        extract(store, engine=Engine("dask", scheduler=cluster.address))
    monkeypatch.setattr("chitieu.pipelines.engine._JOIN_SECONDS", 1)
    with pytest.raises(UserError, match="cannot reach a Dask scheduler at tcp://127.0.0.1:9"):
        extract(store, engine=Engine("dask", scheduler="tcp://127.0.0.1:9"))


def test_engines_that_make_no_sense_are_wrong_calls() -> None:
    with pytest.raises(WrongCall, match="goes with --engine dask"):
        Engine(scheduler="tcp://127.0.0.1:8786")
    with pytest.raises(WrongCall, match="workers of its own"):
        Engine("dask", workers=2, scheduler="tcp://127.0.0.1:8786")
