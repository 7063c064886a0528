"""The ledger: what a run leaves behind however it ends, what stands of failures, and what is tried again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chitieu.crawlers.ledger import occasion
from chitieu.crawlers.state import SCHEMA_VERSION, State
from chitieu.pipelines.cli import app
from chitieu.pipelines.stage import stage_run, whole_run
from chitieu.pipelines.store import Store

runner = CliRunner()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


def call(*arguments: object) -> tuple[int, str]:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


def test_a_run_of_several_stages_is_one_row_with_the_figures_of_its_parts(store: Store) -> None:
    with occasion(why="schedule"), whole_run(store, "publish", ["bao-mot"]):
        with stage_run(store, "ingest") as run:
            run.counts |= {"pages": 12, "new": 3, "version": 1, "unchanged": 5}
        with stage_run(store, "extract") as run:
            run.rules = "abc123"
            run.counts |= {"documents": 4, "quantities": 30, "tasks": 2}
            run.fail("https://bao-mot.vn/1", "extraction-error", "a test", source="bao-mot")
    with State(store.root) as state:
        (whole,) = state.runs(whole=True)
        _, ingest, extract = state.run_and_parts(whole.id)
    assert (whole.stage, whole.why, whole.sources) == ("publish", "schedule", ("bao-mot",))
    assert (whole.pages, whole.articles, whole.records, whole.failures) == (12, 4, 32, 1)
    assert (whole.outcome, whole.exit_code, whole.rules) == ("failures", 3, "abc123")
    assert whole.code.startswith("0.1.0") and whole.seconds is not None
    assert (ingest.part_of, ingest.outcome, ingest.why) == (whole.id, "done", "schedule")
    assert (extract.records, extract.failures, extract.outcome) == (32, 1, "failures")


def test_how_a_run_ended_is_told(store: Store) -> None:
    with pytest.raises(ValueError), whole_run(store, "publish"), stage_run(store, "load"):
        raise ValueError("the disk is full")
    with pytest.raises(KeyboardInterrupt), whole_run(store, "publish"), stage_run(store, "ingest"):
        raise KeyboardInterrupt
    with State(store.root) as state, stage_run(store, "export"):
        assert [(run.stage, run.outcome) for run in state.runs()] == [
            ("export", None), ("ingest", "stopped"), ("publish", "stopped"), ("load", "failed"), ("publish", "failed"),
        ]  # fmt: skip
        assert [(failure.stage, failure.detail) for failure in state.failures()] == [("publish", "ValueError: the disk is full")]


def test_a_run_whose_process_was_killed_is_told_from_one_under_way(store: Store) -> None:
    program = (
        "import sys, time; from pathlib import Path; from chitieu.pipelines.store import Store\n"
        "from chitieu.pipelines.stage import stage_run\n"
        "with stage_run(Store(Path(sys.argv[1])), 'ingest'): print('begun', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(store.root)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline()
        with State(store.root) as state:
            assert state.runs()[0].outcome is None
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert state.runs()[0].outcome == "killed"
    assert not list((store.root / "locks").glob("run-*")), "nothing is left of its lock"


def test_what_failed_stands_until_it_went_well(store: Store) -> None:
    with stage_run(store, "load") as run:
        run.fail("a: quantity 1", "negative-count")
        run.fail("b: quantity 2", "negative-count")
    with stage_run(store, "load") as run:
        run.fail("b: quantity 2", "negative-count")
        run.state.resolve_earlier("load", run.run_id)
    assert "1 failures" in call("failures", "--data", store.root)[1]
    code, said = call("failures", "--all", "--data", store.root)
    assert code == 0 and "3 failures" in said


def test_runs_are_listed_shown_and_written_for_programs(store: Store) -> None:
    with whole_run(store, "publish"), stage_run(store, "ingest") as run:
        run.fail("texts.jsonl:3", "not-json", "a test")
    code, said = call("runs", "--data", store.root)
    assert code == 0 and "publish manual" in said and "ingest" not in said
    code, said = call("runs", "1", "--data", store.root)
    assert code == 0 and "ingest" in said and "texts.jsonl:3" in said and "not-json" in said
    code, said = call("runs", "--format", "jsonl", "--data", store.root)
    (row,) = map(json.loads, said.splitlines())
    assert (row["stage"], row["outcome"], row["failures"]) == ("publish", "failures", 1)
    assert "id,part_of,stage,why" in call("runs", "--format", "csv", "--data", store.root)[1]
    assert call("runs", "99", "--data", store.root) == (2, "chitieu: there is no run 99; `chitieu runs` lists the latest")


def test_a_file_of_an_earlier_version_keeps_its_runs(store: Store) -> None:
    with stage_run(store, "ingest"):
        pass
    with sqlite3.connect(store.state) as db:  # what a file of the version before held
        db.execute("DROP INDEX runs_by_whole")
        db.execute("DROP INDEX runs_under_way")
        for column in ("part_of", "why", "outcome", "pages", "articles", "records", "code", "rules"):
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("ALTER TABLE failures DROP COLUMN resolved")
        for table in ("yields", "due", "alerts"):
            db.execute(f"DROP TABLE {table}")
        db.execute("INSERT INTO runs (stage, sources, reason, started) VALUES ('crawl', '[]', '', '2026-11-01T00:00:00.000000Z')")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    with State(store.root) as state:
        assert [(run.stage, run.outcome, run.why) for run in state.runs()] == [("crawl", "killed", "manual"), ("ingest", "done", "manual")]
