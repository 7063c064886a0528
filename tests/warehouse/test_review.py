"""Judging: rows out with their sentences, verdicts in, kept over later extractions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chitieu.pipelines.errors import UserError
from chitieu.pipelines.extract import extract
from chitieu.pipelines.load import load
from chitieu.pipelines.review import Judged, shown, take_verdicts, write_review

YEAR = ("2024-01-01", "2024-12-31")
REVENUE = "thu ngân sách nhà nước trên địa bàn"


@pytest.fixture
def judged(press: Any, tmp_path: Path) -> Path:
    """A workbook with a met row, a candidate, and a sentence that would like to be a formula."""
    press.tell("target", REVENUE, "1000", "VND", period=YEAR, published="2023-12-08", before="=HYPERLINK(0) ")
    press.tell("actual", REVENUE, "1100", "VND", period=YEAR, published="2025-01-06")
    press.tell("target", "chuyện lạ", "5", "xã", period=YEAR, published="2023-12-08")
    press.load()
    path = tmp_path / "review.xlsx"
    assert write_review(press.store, path) == 2
    return path


def edit(path: Path, verdicts: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["review"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, columns["verdict"]).value = verdicts.get(sheet.cell(row, columns["state"]).value)
    book.save(path)


def test_the_workbook_has_sentences_and_no_formulas(judged: Path) -> None:
    sheet = openpyxl.load_workbook(judged)["review"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[head.index("state")] for row in rows] == ["met", "candidate"]
    assert rows[0][head.index("target_sentence")].startswith("=HYPERLINK")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_verdicts_come_back_and_show_a_precision(press: Any, judged: Path) -> None:
    edit(judged, {"met": "right", "candidate": "wrong"})
    report = take_verdicts(press.store, judged)
    assert (report.taken, report.changed) == (2, 2)
    assert report.with_state == Judged(right=1, wrong=0) and report.with_state.precision == 1
    assert report.by_state["candidate"] == Judged(right=0, wrong=1)
    assert take_verdicts(press.store, judged).changed == 0
    assert shown(press.store).by_state == report.by_state


def test_a_row_judged_wrong_claims_nothing_any_more(press: Any, judged: Path) -> None:
    assert press.ask("SELECT state FROM scoreboard WHERE indicator_id IS NOT NULL") == [("met",)]
    edit(judged, {"met": "wrong"})
    take_verdicts(press.store, judged)
    assert press.ask("SELECT state FROM scoreboard WHERE indicator_id IS NOT NULL") == [("candidate",)]


def test_verdicts_of_before_claims_were_written_down_are_on_the_state(press: Any, judged: Path) -> None:
    (target,) = press.ask("SELECT target_id, latest_id FROM scoreboard WHERE state = 'met'")
    line = {"target_id": target[0], "latest_id": target[1], "state": "met", "verdict": "wrong", "note": None, "given": "2024-07-10T00:00:00+00:00"}
    press.store.verdicts.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert press.ask("SELECT state, claim FROM scoreboard WHERE indicator_id IS NOT NULL") == [("candidate", "met")]


def test_a_candidate_judged_right_gets_its_state(press: Any, tmp_path: Path) -> None:
    press.tell("target", REVENUE, "1000", "VND", period=YEAR, published="2023-12-08", confidence=0.5)
    press.tell("actual", REVENUE, "1100", "VND", period=YEAR, published="2025-01-06")
    assert press.ask("SELECT state, claim FROM scoreboard") == [("candidate", "met")]
    path = tmp_path / "review.xlsx"
    write_review(press.store, path)
    edit(path, {"candidate": "right"})
    report = take_verdicts(press.store, path)
    assert press.ask("SELECT state, claim FROM scoreboard") == [("met", "met")]
    assert report.by_threshold[0.5] == Judged(right=1) and report.by_threshold[0.55] == Judged(), "it would pass at its confidence, not above"


def test_verdicts_outlive_a_new_extraction(sample_store: Any, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    write_review(sample_store, path, sample=1000)
    edit(path, {"met": "right", "candidate": "right"})
    taken = take_verdicts(sample_store, path).taken
    extract(sample_store, redo=True)
    load(sample_store, {}, redo=True)
    again = tmp_path / "again.xlsx"
    write_review(sample_store, again, sample=1000)
    sheet = openpyxl.load_workbook(again)["review"]
    kept = [row[0].value for row in sheet.iter_rows(min_row=2)]
    sample_store.verdicts.unlink()
    assert taken > 0 and kept.count("right") == taken


def test_a_verdict_that_is_none_is_told_with_its_row(press: Any, judged: Path) -> None:
    edit(judged, {"met": "right", "candidate": "perhaps"})
    with pytest.raises(UserError, match="row 3.*perhaps"):
        take_verdicts(press.store, judged)
    assert shown(press.store).taken == 0


def test_a_file_that_is_no_workbook_is_told(press: Any, tmp_path: Path) -> None:
    path = tmp_path / "text.xlsx"
    path.write_text("no")
    with pytest.raises(UserError, match="cannot be read"):
        take_verdicts(press.store, path)
