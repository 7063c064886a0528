"""Exports: read back they say what the views say."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chitieu.pipelines import database
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.export import VIEWS, export
from chitieu.pipelines.extract import extract
from chitieu.pipelines.headings import HEADINGS
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store


@pytest.fixture
def loaded(store: Store, given: Callable[..., Path], report: dict, plan: dict) -> Store:
    hostile = report | {"id": "bay", "title": "=HYPERLINK(\"http://example.org\")", "url": "+cmd", "text": report["text"] + "\n9/14\n"}
    ingest(store, {}, [given(report, plan, hostile)])
    extract(store)
    load(store, {})
    return store


def read(path: Path, delimiter: str, encoding: str) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_plain_files_hold_the_views(loaded: Store) -> None:
    folder = export(loaded, "plain").folder
    assert {path.name for path in folder.iterdir()} == {f"{view}.csv" for view in VIEWS}
    for view in VIEWS:
        rows = read(folder / f"{view}.csv", ",", "utf-8")
        with database.open_reader(loaded) as con:
            assert list(rows[0]) == database.table_columns(con, view)
            (count,) = con.execute(f"SELECT count(*) FROM {view}").fetchall()[0]
        assert len(rows) == count > 0
    targets = {row["value"] for row in read(folder / "targets.csv", ",", "utf-8")}
    assert {"12.5", "15857000000000", "95"} <= targets


def test_excel_files_have_vietnamese_headings_and_cells_excel_reads_right(loaded: Store) -> None:
    folder = export(loaded).folder
    for view in VIEWS:
        assert (folder / f"{view}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        for row in read(folder / f"{view}.csv", ";", "utf-8-sig"):
            assert None not in row and None not in row.values()
            for cell in row.values():
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or Decimal(cell.replace(",", "."))
    rows = read(folder / "targets.csv", ";", "utf-8-sig")
    poor = next(row for row in rows if row[HEADINGS["article_id"]] == "bao-cao")
    assert poor["Giá trị"] == "12,5" and poor["Loại số liệu"] == "mục tiêu"
    assert date.fromisoformat(poor["Thời hạn"]) == date(2023, 12, 31)
    trap = next(row for row in rows if row[HEADINGS["article_id"]] == "bay")
    assert (trap["Tên bài viết"], trap["Đường dẫn"]) == ("'=HYPERLINK(\"http://example.org\")", "'+cmd")


def test_every_column_has_a_heading_of_its_own(loaded: Store) -> None:
    with database.open_reader(loaded) as con:
        for view in VIEWS:
            headings = [HEADINGS[column] for column in database.table_columns(con, view)]
            assert len(set(headings)) == len(headings)


def test_one_state_is_exported_once_unless_told_otherwise(loaded: Store) -> None:
    first = export(loaded)
    again = export(loaded)
    assert first.written and not again.written and again.folder == first.folder
    beside = export(loaded, redo=True)
    assert beside.written and beside.folder != first.folder
    for view in VIEWS:
        assert (beside.folder / f"{view}.csv").read_bytes() == (first.folder / f"{view}.csv").read_bytes()
    (first.folder / "targets.csv").unlink()
    assert export(loaded).written, "a folder that is not whole does not count"


def test_profiles_lie_in_folders_of_their_own(loaded: Store) -> None:
    assert export(loaded, "plain").folder != export(loaded, "excel").folder
    assert not [path for path in loaded.exports.iterdir() if path.name.startswith(".")]


def test_without_a_warehouse_there_is_nothing_to_export(store: Store) -> None:
    with pytest.raises(UserError, match="there is no warehouse"):
        export(store)
