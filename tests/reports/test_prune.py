"""Pruning: the folder stops growing, and nothing anyone asks for is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chitieu.nlp as nlp
from chitieu.pipelines import database
from chitieu.pipelines.export import export
from chitieu.pipelines.extract import extract
from chitieu.pipelines.load import load
from chitieu.pipelines.prune import prune
from chitieu.pipelines.store import Store


def document(number: int) -> dict[str, str]:
    text = f"Kế hoạch {number}\n\nNăm 2024, tỉnh phấn đấu thu ngân sách đạt {15_000 + number} tỷ đồng.\n"
    return {"id": f"a{number}", "text": text, "published": "2023-12-20", "place": "Nghệ An"}


def asked(store: Store) -> list[tuple[object, ...]]:
    with database.open_reader(store) as con:
        return con.execute("FROM scoreboard ORDER BY target_article_id, target_id").fetchall()


def size(store: Store) -> int:
    return sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file() and path.suffix != ".sqlite")


@pytest.mark.slow
def test_a_folder_that_is_pruned_stops_growing(filled: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(*map(document, range(12)))
    export(store, "plain")
    before, meant = size(store), asked(store)
    for turn in range(4):
        monkeypatch.setattr(nlp, "RULES_VERSION", f"{nlp.RULES_VERSION}.{turn}")
        extract(store)
        load(store, {})
        export(store, "plain", redo=True)
    grown = size(store)
    report = prune(store, keep=1)
    assert report.extractions == 4 * 12 and len(report.exports) == 4
    assert report.freed > 0 and size(store) <= before * 1.1 < grown
    assert asked(store) == meant
    assert not load(store, {}).changed and extract(store).documents == 0, "no stage has to do anything again"
    assert prune(store, keep=1).counts == {"exports": 0, "extractions": 0, "freed": 0}, "a second time there is nothing to drop"


def test_the_newest_exports_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "store").prepare()
    for moment, name in enumerate(("c", "a", "b")):
        (store.exports / name / "plain").mkdir(parents=True)
        os.utime(store.exports / name, (moment, moment))
    assert [path.name for path in prune(store, keep=2).exports] == ["c"]
    assert {path.name for path in store.exports.iterdir()} == {"a", "b"}


def test_room_left_by_deleted_rows_is_given_back(store: Store) -> None:
    meant, before = asked(store), store.work.stat().st_size
    with database.open_writer(store.work) as con:
        con.execute("CREATE TABLE filler AS SELECT md5(CAST(range AS VARCHAR)) AS x FROM range(1000000)")
        con.execute("CHECKPOINT")
        con.execute("DROP TABLE filler")
    database.publish(store)
    with database.open_reader(store) as old:
        comments = old.execute("SELECT count(*) FROM duckdb_columns() WHERE comment IS NOT NULL").fetchall()
        assert prune(store).compacted
        assert old.execute("SELECT count(*) FROM article").fetchall(), "a reader keeps the copy it has open"
    assert store.work.stat().st_size <= before * 1.2 and asked(store) == meant
    with database.open_reader(store) as new:
        assert new.execute("SELECT count(*) FROM duckdb_columns() WHERE comment IS NOT NULL").fetchall() == comments
    assert not load(store, {}).rebuilt


def test_the_command_tells_what_it_dropped(tmp_path: Path, chitieu: Callable[..., Any]) -> None:
    store = Store(tmp_path / "store").prepare()
    for name in ("a", "b"):
        (store.exports / name).mkdir()
    done = chitieu("prune", "--keep", "1", "--data", store.root)
    assert done.returncode == 0 and "1 exports" in done.stdout and len(list(store.exports.iterdir())) == 1
