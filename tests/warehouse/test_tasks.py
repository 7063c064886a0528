"""Orders on the board: their bodies by the names of then and now, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chitieu.pipelines import database
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store

ORDER = (
    "Nghệ An chống hạn vụ hè thu\n\n"
    "Ngày 10/4/2024, Chủ tịch UBND tỉnh ký Công văn số 512/UBND-NN về chống hạn vụ hè thu năm 2024 trên các tuyến kênh phía bắc của tỉnh.\n\n"
    "UBND tỉnh giao Sở Kế hoạch và Đầu tư lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn trước ngày 30/4/2024.\n\n"
    "Mực nước nhiều hồ chứa xuống thấp, các xã cuối kênh thiếu nước từ giữa tháng 3, nông dân bơm chuyền qua nhiều bậc để giữ lúa, "
    "lượng mưa những tháng đầu năm thấp hơn trung bình nhiều năm, gió nóng thổi mạnh ở vùng đồi phía tây.\n"
)
DONE = "Nước đã về ruộng\n\nĐến nay đơn vị đã hoàn thành lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn.\n"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None, str], list[tuple[Any, ...]]]:
    """Asks a warehouse of an order, its reprint and the report that it is done, from a day on."""
    folder: Path = tmp_path_factory.mktemp("tasks")
    articles = [("order", "2024-04-12", ORDER), ("reprint", "2024-04-13", "Theo báo bạn. " + ORDER), ("done", "2024-05-20", DONE)]
    given = folder / "given.jsonl"
    given.write_text("".join(json.dumps({"id": key, "published": day, "place": "Nghệ An", "text": text}) + "\n" for key, day, text in articles), encoding="utf-8")
    store = Store(folder / "store").prepare()
    ingest(store, {}, [given])
    extract(store)
    load(store, {})

    def ask(day: str | None, query: str) -> list[tuple[Any, ...]]:
        with database.open_reader(store) as con:
            con.execute("SET VARIABLE as_of = CAST($day AS DATE)", {"day": day})
            return con.execute(query).fetchall()

    return ask


@pytest.mark.parametrize(("day", "state", "days_overdue"), [("2024-04-20", "due", 0), ("2024-04-30", "due", 0), ("2024-05-03", "overdue", 3), ("2024-05-20", "reported done", 20)])
def test_an_order_is_due_then_overdue_then_reported_done(board: Any, day: str, state: str, days_overdue: int) -> None:
    assert board(day, "SELECT deadline, state, days_overdue FROM task_board WHERE deadline IS NOT NULL") == [(date(2024, 4, 30), state, days_overdue)]


def test_what_a_reprint_orders_is_ordered_once_and_leads_to_its_report(board: Any) -> None:
    rows = board(None, "SELECT article_id, document, report_sentence FROM task_board WHERE deadline IS NOT NULL")
    assert [row[:2] for row in rows] == [("order", "512/UBND-NN")] and "hoàn thành lắp đặt 24 trạm bơm" in rows[0][2]
    assert board(None, "SELECT number, articles FROM documents") == [("512/UBND-NN", 2)]


def test_a_body_has_its_name_of_then_and_of_today(board: Any) -> None:
    assert board(None, "SELECT agencies, agencies_today FROM task_board WHERE deadline IS NOT NULL") == [("Sở Kế hoạch và Đầu tư", "Sở Tài chính")]
    assert board(None, "SELECT later_name FROM agency_lineage WHERE agency_id = 'cuc-thue-tinh' AND is_today") == [("Thuế tỉnh",)], "renamed twice"
    assert board(None, "SELECT issuer_id FROM documents JOIN agency ON agency_id = issuer_id") in ([("ubnd-tinh",)], [("chu-tich-ubnd-tinh",)])
