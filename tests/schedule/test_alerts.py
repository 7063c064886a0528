"""Alerts: raised once, told to a real command, over when it is over, and never in the way."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

import duckdb
import pytest

from chitieu.crawlers.ledger import Yield
from chitieu.crawlers.state import State
from chitieu.pipelines import database
from chitieu.pipelines.alerts import review_alerts
from chitieu.pipelines.settings import AlertSettings
from chitieu.pipelines.stage import stage_run, whole_run
from chitieu.pipelines.store import Store

HOOK = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
NOTHING = dict.fromkeys(("fetched", "articles", "changed", "unchanged", "failures", "requests", "pending", "bytes"), 0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told.jsonl"


@pytest.fixture
def settings(told: Path) -> AlertSettings:
    return AlertSettings(command=(sys.executable, "-c", HOOK, str(told)), silent_runs=4, least_articles=5)


def visits(store: Store, source: str, *articles: int, answered: bool = True) -> None:
    """Crawls of a source, each with so many new articles."""
    for count in articles:
        with stage_run(store, "crawl", [source]) as run:
            run.state.note_visit(run.run_id, source, "done", {**NOTHING, "articles": count, "unchanged": int(answered)})
            run.state.note_source(source, succeeded=answered, pause=lambda failed: None)


def extraction(store: Store, source: str, articles: int, records: int) -> None:
    with stage_run(store, "extract") as run:
        run.state.note_yields([Yield(run.run_id, source, articles, records)])


def messages(told: Path) -> list[dict[str, str]]:
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    told.unlink(missing_ok=True)
    return [json.loads(line) for line in lines]


def events(told: Path) -> list[tuple[str, str, str]]:
    return [(message["event"], message["kind"], message["subject"]) for message in messages(told)]


def test_a_source_that_does_not_answer_is_told_once_and_when_it_is_over(store: Store, settings: AlertSettings, told: Path) -> None:
    visits(store, "bao-tot", 3, 2, 1)
    visits(store, "bao-hong", 0, 0, answered=False)
    assert review_alerts(store, settings) == []
    visits(store, "bao-hong", 0, answered=False)
    review_alerts(store, settings)
    (message,) = messages(told)
    assert (message["event"], message["kind"], message["subject"]) == ("raised", "source-down", "bao-hong")
    assert "no answer in 3 crawls" in message["detail"] and message["data"] == str(store.root)
    visits(store, "bao-hong", 0, answered=False)
    assert len(review_alerts(store, settings)) == 1 and messages(told) == [], "it stands, and is not told again"
    visits(store, "bao-hong", 2)
    assert review_alerts(store, settings) == [] and events(told) == [("over", "source-down", "bao-hong")]


def test_a_source_that_answers_and_gives_nothing_new_is_told_later(store: Store, settings: AlertSettings, told: Path) -> None:
    visits(store, "bao-im", 5, 0, 0, 0)
    assert review_alerts(store, settings) == []
    visits(store, "bao-im", 0)
    review_alerts(store, settings)
    assert events(told) == [("raised", "source-silent", "bao-im")]


def test_a_rate_is_set_against_the_median_of_those_before(store: Store, settings: AlertSettings, told: Path) -> None:
    visits(store, "bao-mot", 10)
    for records in (200, 220, 1000, 210):
        extraction(store, "bao-mot", 10, records)
    extraction(store, "bao-mot", 4, 0)  # too few to tell
    assert review_alerts(store, settings) == []
    extraction(store, "bao-mot", 10, 100)
    review_alerts(store, settings)
    (message,) = messages(told)
    assert message["kind"] == "extraction-dropped" and "10.0 records an article in the last extraction, 21.5 in those before" in message["detail"]
    extraction(store, "bao-mot", 10, 190)
    assert review_alerts(store, settings) == [] and events(told) == [("over", "extraction-dropped", "bao-mot")]


def test_a_failed_check_is_told_and_again_when_it_gets_worse(store: Store, settings: AlertSettings, told: Path) -> None:
    def found(failed: int) -> None:
        store.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(store.warehouse)) as con:
            database.define(con)
            con.execute("INSERT INTO quality_check VALUES ('quantity: negative-count', 'quantity', 'error', 'a negative count', 50, ?)", [failed])
            con.execute("INSERT INTO quality_check VALUES ('article: undated', 'article', 'warning', 'has no day', 50, 40)")

    figures = []
    for failed in (2, 2, 5, 0):
        found(failed)
        review_alerts(store, settings)
        figures.append([(message["event"], message["detail"].split(":")[0]) for message in messages(told)])
    assert figures == [[("raised", "2 of 50 rows")], [], [("raised", "5 of 50 rows")], [("over", "5 of 50 rows")]]


def test_a_run_that_failed_is_told_until_the_next_one_does_not(store: Store, settings: AlertSettings, told: Path) -> None:
    with pytest.raises(OSError), whole_run(store, "publish"):
        raise OSError("no space left on device")
    review_alerts(store, settings)
    (message,) = messages(told)
    assert (message["kind"], message["subject"]) == ("run-failed", "publish") and "no space left" in message["detail"]
    with whole_run(store, "publish"):
        pass
    review_alerts(store, settings)
    assert events(told) == [("over", "run-failed", "publish")]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("/no/such/program",), "cannot be run: No such file"),
        ((sys.executable, "-c", "import sys; sys.exit('no network')"), "ended with 1: no network"),
        ((sys.executable, "-c", "import time; time.sleep(60)"), "took more than 1 s and was ended"),
    ],
)
def test_a_command_that_fails_is_logged_and_costs_nothing_else(store: Store, caplog: pytest.LogCaptureFixture, command: tuple[str, ...], said: str) -> None:
    visits(store, "bao-hong", 0, 0, 0, answered=False)
    began = time.monotonic()
    with caplog.at_level(logging.ERROR, logger="chitieu"):
        standing = review_alerts(store, AlertSettings(command=command, time_limit=1))
    assert [alert.kind for alert in standing] == ["source-down"] and said in caplog.text
    assert time.monotonic() - began < 20
    with State(store.root) as state:
        assert state.alerts() == standing
