"""The state file: runs, failures, pages, and what it takes in again from the archive."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from chitieu.crawlers.archive import ArchiveWriter
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.state import MAX_ROUNDS, Pending, State, StateError, seen_page

NOW = datetime.now(timezone.utc)


def archive(data_dir: Path, *numbers: int, at: datetime = NOW, kind: str = "article") -> None:
    with ArchiveWriter(data_dir, "bao-thu", software="test") as writer:
        for n in numbers:
            page = StoredPage(f"https://baothu.vn/bai-{n}.html", at, 200, {"etag": f'"{n}"'}, b"<p>%d</p>" % n)
            writer.write(page, kind)


def keys(state: State) -> list[str]:
    return [page.key for page in state.pages()]


def test_runs_and_failures_are_kept_for_every_stage(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        first = state.start_run("crawl", ["bao-thu"], "daily")
        state.fail("crawl", "https://baothu.vn/x", "http-500", "the server answered 500", source="bao-thu", run=first)
        state.fail("ingest", "doc.jsonl:7", "bad-json")
        state.finish_run(first, counts={"fetched": 3}, exit_code=3)
        second = state.start_run("ingest", [])
    with State(tmp_path) as state:
        latest, crawl = state.runs()
        assert (latest.id, latest.exit_code, latest.finished) == (second, None, None)
        assert (crawl.sources, crawl.reason, crawl.exit_code, crawl.counts) == (("bao-thu",), "daily", 3, {"fetched": 3})
        assert crawl.finished is not None and crawl.finished >= crawl.started
        assert [f.subject for f in state.failures()] == ["https://baothu.vn/x", "doc.jsonl:7"]
        (failure,) = state.failures("crawl", run=first)
        assert (failure.cause, failure.source) == ("http-500", "bao-thu")


def test_nothing_of_a_transaction_that_fails_stays(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        with pytest.raises(RuntimeError), state.transaction():
            state.fail("crawl", "x", "y")
            with state.transaction():
                state.add_pending([Pending("bao-thu", "k", "u", "article")])
            raise RuntimeError
        assert not state.failures() and not state.count_pending("bao-thu")


def test_a_file_of_a_later_version_or_of_something_else_is_refused(tmp_path: Path) -> None:
    State(tmp_path).close()
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(StateError, match="later version"):
        State(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "state.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(StateError, match="move the file away"):
        State(tmp_path / "other")


def test_what_waits_comes_listings_first_and_not_before_its_time(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        kinds = ("refresh", "article", "listing", "article")
        added = state.add_pending(Pending("bao-thu", str(n), f"u{n}", kind) for n, kind in enumerate(kinds))
        assert added == 4 and state.add_pending([Pending("bao-thu", "1", "again", "article")]) == 0
        waiting = state.next_pending("bao-thu", 10, now=NOW)
        assert [p.kind for p in waiting] == ["listing", "article", "article", "refresh"]
        state.put_off(waiting[0], NOW + timedelta(seconds=30))
        assert state.next_due("bao-thu") == NOW + timedelta(seconds=30)
        assert state.next_pending("bao-thu", 1, now=NOW, exclude=[waiting[1].id]) == [waiting[2]]
        later = state.next_pending("bao-thu", 1, now=NOW + timedelta(seconds=31))
        assert later[0].url == "u2" and later[0].attempts == 1
        for _ in range(MAX_ROUNDS):
            assert state.is_known("bao-thu", "1")
            state.give_up(waiting[1])
            assert not [p for p in state.next_pending("bao-thu", 10, now=NOW) if p.key == "1"]
            state.open_frontier("bao-thu")
        assert not state.is_known("bao-thu", "1")


def test_articles_are_asked_for_again_the_rarer_the_older_they_are(tmp_path: Path) -> None:
    ages = {"new": (1, 1), "of-today": (600, 10), "of-today-due": (600, 70), "of-last-month": (50_000, 50_000)}
    with State(tmp_path) as state:
        for key, (age, since_check) in ages.items():
            page = seen_page("bao-thu", key, "article", "u", 200, {}, b"x", NOW - timedelta(minutes=age))
            state.store_page(page, None)
            state.note_unchanged("bao-thu", key, NOW - timedelta(minutes=since_check))
        due = {page.key for page in state.due_pages("bao-thu", younger_than=timedelta(days=7), now=NOW)}
        assert due == {"new", "of-today-due"}
        assert len(list(state.due_pages("bao-thu", younger_than=None, now=NOW))) == 4


def test_pages_stored_but_not_noted_are_taken_in(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.add_pending([Pending("bao-thu", "baothu.vn/bai-2.html", "u", "article")])
        archive(tmp_path, 1, 2)
        assert state.catch_up("bao-thu").pages == 2
        assert keys(state) == ["baothu.vn/bai-1.html", "baothu.vn/bai-2.html"]
        assert state.count_pending("bao-thu") == 0
        assert state.catch_up("bao-thu").pages == 0


def test_the_latest_version_wins_and_listings_are_not_taken_for_read(tmp_path: Path) -> None:
    archive(tmp_path / "a", 1, at=NOW)
    archive(tmp_path / "b", 1, at=NOW - timedelta(days=1))
    archive(tmp_path / "c", 9, kind="listing")
    folder = tmp_path / "all" / "warc" / "bao-thu"
    folder.mkdir(parents=True)
    for number, path in enumerate(sorted(tmp_path.glob("?/warc/*/*.gz"))):
        path.rename(folder / f"{number}.warc.gz")
    with State(tmp_path / "all") as state:
        assert state.rebuild_from_archive().pages == 3
        (page,) = state.pages()
        assert page.last_fetched == NOW and page.archive == "warc/bao-thu/0.warc.gz"


def test_rebuilding_gives_what_was_there(tmp_path: Path) -> None:
    archive(tmp_path, 1, 2, 3)
    with State(tmp_path) as state:
        state.catch_up("bao-thu")
        before = list(state.pages())
        state.rebuild_from_archive()
        assert list(state.pages()) == before
        state.rebuild_from_archive(["bao-khac"])
        assert list(state.pages()) == before
