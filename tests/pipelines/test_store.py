"""Where things lie, and how they get there in one step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from chitieu.data import DATA
from chitieu.pipelines.batches import batches, ledgers, read_batches, write_batch
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.store import Store, atomic_folder, atomic_path, default_data_dir

ROWS = pa.schema([("n", pa.int64())])


def test_default_folder_is_one_that_git_ignores() -> None:
    assert default_data_dir() == DATA / "store"
    assert "/data/store/" in (DATA.parent / ".gitignore").read_text().split()


def test_an_error_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "run") as temporary:
        (temporary / "a").touch()
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
    with atomic_folder(tmp_path / "run") as temporary:
        (temporary / "a").touch()
    assert (tmp_path / "run" / "a").is_file()


def test_a_second_writer_is_refused_until_the_first_is_gone(store: Store) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from chitieu.pipelines.store import Store\n"
        "with Store(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, str(store.root)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="another chitieu is writing"), store.writing():
            pass
        other.kill()
    with store.writing():
        pass


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write the data folder"):
        Store(tmp_path / "file" / "store").prepare()


def test_a_writer_sweeps_away_what_killed_ones_left(store: Store) -> None:
    (store.exports / ".run.1.tmp").mkdir()
    (store.exports / ".run.1.tmp" / "half.csv").touch()
    (store.root / ".warehouse.duckdb.1.tmp").touch()
    with store.writing():
        assert not list(store.root.rglob("*.tmp"))


def test_archives_are_named_from_the_data_folder(store: Store, tmp_path: Path) -> None:
    assert store.archive_name(store.warc / "a" / "b.warc.gz") == "warc/a/b.warc.gz"
    assert store.archive_name(tmp_path / "other.warc") == str(tmp_path / "other.warc")


def test_batches_keep_order_rows_and_bookkeeping(tmp_path: Path) -> None:
    for number in range(3):
        write_batch(tmp_path, [{"n": number}], ROWS, {"read": number})
    (tmp_path / ".9.parquet.1.tmp").write_bytes(b"half a file of a process that was killed")
    assert [row["n"] for row in read_batches(tmp_path)] == [0, 1, 2]
    assert [ledger["read"] for ledger in ledgers(tmp_path)] == [0, 1, 2]


def test_batches_follow_each_other_even_when_the_clock_is_set_back(tmp_path: Path) -> None:
    ahead = tmp_path / f"{10**19:020d}.parquet"
    write_batch(tmp_path, [{"n": 1}], ROWS).rename(ahead)
    second = write_batch(tmp_path, [{"n": 2}], ROWS)
    assert batches(tmp_path) == [ahead, second]


def test_a_rebuild_that_fails_leaves_the_articles_as_they_were(store: Store) -> None:
    write_batch(store.articles, [{"n": 1}], ROWS)
    with pytest.raises(ZeroDivisionError), store.rebuilding_articles() as folder:
        write_batch(folder, [{"n": 2}], ROWS)
        raise ZeroDivisionError
    assert [row["n"] for row in read_batches(store.articles)] == [1]


def test_a_rebuild_killed_between_its_renames_is_finished(store: Store) -> None:
    write_batch(store.articles, [{"n": 2}], ROWS)
    store.articles.rename(store.root / "articles.rebuilt")
    store.prepare()
    assert [row["n"] for row in read_batches(store.articles)] == [2]
