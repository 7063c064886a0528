"""Exports: read back they say what the views say."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import frictionless
import openpyxl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from chitieu.pipelines import database
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.export import FORMATS, VIEWS, ExportError, export
from chitieu.pipelines.headings import HEADINGS
from chitieu.pipelines.store import Store
from chitieu.pipelines.tabular import write_csv
from chitieu.pipelines.workbook import Sheet, read_workbook, sheet_cell, write_workbook


REPORT = {
    "id": "bao-cao",
    "text": (
        "Lào Cai báo cáo kết quả sáu tháng\n\n"
        "6 tháng đầu năm 2023, tốc độ tăng trưởng kinh tế của tỉnh đạt 4,65%.\n\n"
        "Tỉnh phấn đấu đến hết năm 2023 tỷ lệ hộ nghèo giảm còn 12,5%.\n\n"
        "Chủ tịch UBND tỉnh yêu cầu Sở Tài chính hoàn thành quyết toán trước ngày 30/9/2023 "
        "theo Quyết định số 1298/QĐ-UBND ngày 5/6/2023.\n"
    ),
    "published": "2023-07-03",
    "place": "Lào Cai",
    "title": "Lào Cai báo cáo kết quả sáu tháng",
}
PLAN = {
    "id": "ke-hoach",
    "text": (
        "Kế hoạch năm 2024 của Nghệ An\n\n"
        "Năm 2024, tỉnh phấn đấu thu ngân sách đạt 15.857 tỷ đồng, giải ngân vốn đầu tư công đạt trên 95%.\n\n"
        "UBND tỉnh giao các sở, ngành báo cáo tiến độ trước ngày 15/12/2024 (Kế hoạch số 188/KH-UBND).\n"
    ),
    "published": "2023-12-20",
    "place": "Nghệ An",
    "url": "https://example.org/ke-hoach",
    "source": "bao-vi-du",
}
HOSTILE = REPORT | {"id": "bay", "title": '=HYPERLINK("http://example.org")', "url": "+cmd", "text": f"{REPORT['text']}\n9/14\n"}
OTHER = REPORT | {"id": "bao-khac", "text": "Kinh tế Lào Cai\n\n6 tháng đầu năm 2023, tốc độ tăng trưởng kinh tế của tỉnh đạt 5,1%.\n", "title": "Con số khác"}


@pytest.fixture(scope="module")
def loaded_once(filled: Callable[..., Store]) -> Store:
    return filled(REPORT, PLAN, HOSTILE, OTHER)


@pytest.fixture
def loaded(loaded_once: Store, tmp_path: Path) -> Store:
    """A copy of a test's own."""
    shutil.copytree(loaded_once.root, tmp_path / "store")
    return Store(tmp_path / "store")


def read(path: Path, delimiter: str, encoding: str) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_plain_files_hold_the_views(loaded: Store) -> None:
    folder = export(loaded, "plain").folder / "plain"
    assert {path.name for path in folder.iterdir()} == {f"{view}.csv" for view in VIEWS}
    for view in VIEWS:
        rows = read(folder / f"{view}.csv", ",", "utf-8")
        with database.open_reader(loaded) as con:
            assert list(rows[0]) == database.table_columns(con, view)
            (count,) = con.execute(f"SELECT count(*) FROM {view}").fetchall()[0]
        assert len(rows) == count > 0
    assert {row["value"] for row in read(folder / "contradictions.csv", ",", "utf-8")} == {"4.65", "5.1"}
    targets = {row["value"] for row in read(folder / "targets.csv", ",", "utf-8")}
    assert {"12.5", "15857000000000", "95"} <= targets


def test_excel_files_have_vietnamese_headings_and_cells_excel_reads_right(loaded: Store) -> None:
    folder = export(loaded, "excel").folder / "excel"
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
    assert first.formats == FORMATS and not again.written and again.folder == first.folder
    beside = export(loaded, redo=True)
    assert beside.written and beside.folder != first.folder
    ours, theirs = ({path.relative_to(report.folder): path.read_bytes() for path in report.folder.rglob("*.*")} for report in (first, beside))
    assert ours == theirs, "two exports of one state are the same bytes"
    (first.folder / "excel" / "targets.csv").unlink()
    assert export(loaded).formats == ("excel",), "a format that is not whole does not count"


def test_formats_of_one_load_lie_in_one_folder(loaded: Store) -> None:
    first = export(loaded, "plain")
    second = export(loaded, "parquet", "plain")
    assert (second.folder, second.formats) == (first.folder, ("parquet",))
    described = json.loads((first.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"].partition("/")[0] for resource in described["resources"]} == {"plain", "parquet"}
    assert not [path for path in loaded.exports.rglob("*") if path.name.startswith(".")]


def test_the_package_describes_every_file_as_the_standard_says(loaded: Store) -> None:
    folder = export(loaded).folder
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} - {"datapackage.json"}
    assert {resource["path"] for resource in described["resources"]} == files
    for resource in described["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), "sha256:" + hashlib.sha256(content).hexdigest())
        assert all(field["description"] for field in resource["schema"]["fields"])
    package = frictionless.Package(str(folder / "datapackage.json"))
    for name in [resource.name for resource in package.resources if resource.format == "parquet"]:
        package.remove_resource(name)  # not read by the validator without an engine of its own
    report = package.validate()
    assert report.valid, report.flatten(["path", "row", "field", "note"])[:3]
    rows = package.get_resource("targets-excel").read_rows()
    assert Decimal("12.5") in [row["Giá trị"] for row in rows] and rows[0]["Ngày đăng"] > date(2023, 1, 1)


def test_the_workbook_has_typed_cells_and_filters_and_no_formula(loaded: Store) -> None:
    path = export(loaded, "xlsx").folder / "xlsx" / "chitieu.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(VIEWS)
    for sheet in book:
        assert sheet.auto_filter.ref == sheet.dimensions and sheet.freeze_panes == "A2"
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    header, *rows = book["targets"].iter_rows(values_only=True)
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    poor = next(row for row in cells if row["Mã bài viết"] == "bao-cao")
    assert (poor["Giá trị"], poor["Thời hạn"], poor["Loại số liệu"]) == (12.5, datetime(2023, 12, 31), "mục tiêu")
    trap = next(row for row in cells if row["Mã bài viết"] == "bay")
    assert (trap["Tên bài viết"], trap["Đường dẫn"]) == ('=HYPERLINK("http://example.org")', "+cmd")
    links = {cell.hyperlink.target for row in book["targets"].iter_rows() for cell in row if cell.hyperlink}
    assert links == {"https://example.org/ke-hoach"}, "only addresses of the web are links"


def test_parquet_keeps_types_and_exact_decimals(loaded: Store) -> None:
    folder = export(loaded, "parquet").folder / "parquet"
    for view in VIEWS:
        with database.open_reader(loaded) as con:
            names_and_types = [query[:2] for query in con.execute(f"DESCRIBE {view}").fetchall()]
            assert [query[:2] for query in con.execute(f"DESCRIBE FROM '{folder / view}.parquet'").fetchall()] == names_and_types
            both = f"(FROM {view} EXCEPT ALL FROM '{folder / view}.parquet') UNION ALL (FROM '{folder / view}.parquet' EXCEPT ALL FROM {view})"
            assert con.execute(f"SELECT count(*) FROM ({both})").fetchall() == [(0,)]


def test_what_reads_back_otherwise_is_not_put_in_place(loaded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(path: Path, header: list[str], rows: object, profile: str) -> int:
        return write_csv(path, header, list(rows)[:-1], profile)

    monkeypatch.setattr("chitieu.pipelines.export.write_csv", losing)
    with pytest.raises(ExportError, match=r"scoreboard.csv: row \d+ of scoreboard"):
        export(loaded, "plain")
    assert not any(loaded.exports.rglob("*.csv"))


def test_a_sheet_that_is_full_goes_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chitieu.pipelines.workbook.MAX_ROWS", 3)
    path = tmp_path / "book.xlsx"
    rows = [(number, f"t{number}") for number in range(8)]
    assert write_workbook(path, [Sheet("a", ["n", "t"], ["N", "T"], rows), Sheet("none", ["n"], ["N"], [])]) == {"a": 8, "none": 0}
    assert list(read_workbook(path, "a")) == [["N", "T"], *([float(number), text] for number, text in rows)]
    assert openpyxl.load_workbook(path).sheetnames == ["a", "a (2)", "a (3)", "none"]


@drawn(st.one_of(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**14), max_value=10**14), st.dates(), st.booleans(), st.none(), st.integers()))
@settings(max_examples=150, deadline=None)
def test_any_cell_reads_back_from_a_sheet(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_workbook(path, [Sheet("a", ["x", "y"], ["X", "Y"], [(value, "end")])])
        assert list(read_workbook(path, "a"))[1] == [sheet_cell(value), "end"]


def test_without_a_warehouse_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no warehouse"):
        export(Store(tmp_path / "empty"))
