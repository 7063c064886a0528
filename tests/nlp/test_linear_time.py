"""Hostile and huge texts take time in proportion to their length, whatever they repeat."""

from __future__ import annotations

import time
from datetime import date
from math import inf

import pytest

from chitieu.nlp import Document, analyse

HOSTILE = {
    "dotted ones": "1.",
    "slashed ones": "1/",
    "hyphened capitals": "A-",
    "numbers of documents": "1/QĐ-UBND ",
    "short names beside full numbers": "Nghị quyết 1, 1/QĐ-UBND ",
    "documents without numbers": "UBND tỉnh có văn bản về ",
    "bodies": "Sở Y tế, Bộ Nội vụ ",
    "heads in capitals": "ỦY BAN NHÂN DÂN\n",
    "lines of capitals": "TỶ LỆ HỘ NGHÈO TỈNH LÀO CAI ",
    "properties": "Số hiệu: 1/QĐ-UBND\nNgày ký: ",
    "wrapped lines": "bà con các xã vùng cao\n",
    "blanks before breaks": "a \r\n",
    "dashes": "- - - ",
    "parentheses": "(",
    "quotes": '"',
    "quoted commas": '","',
    "digits": "7",
    "spaces": " ",
    "newlines": "\n",
    "marks without a base": "\u0301",
    "letters": "a",
    "capitals": "A",
    "the word năm": "năm ",
    "the word tháng": "tháng ",
    "the word từ": "từ ",
    "the word yêu cầu": "yêu cầu ",
    "numbers in words": "hai mươi ",
    "days": "ngày 1 tháng 1 năm 2020 ",
    "same periods": "năm 2020 so với cùng kỳ ",
    "months": "6 tháng đầu năm, 9 tháng ",
    "multiples between years": "gấp đôi năm 2020 ",
    "places": "Hà Nội huyện Na ",
    "abbreviations": "TP. ",
    "names": "Nguyễn Văn ",
    "one sentence without marks": "nhân dân các xã vùng cao ",
    "clauses": "rà soát quy hoạch; ",
    "orders": "giao Sở Y tế chủ trì, ",
    "growth": "tăng ",
}

DAY = date(2024, 7, 15)


def seconds(pipeline, unit: str, length: int, runs: int = 2) -> float:
    """The least of some runs over `length` characters of a repeated unit."""
    text = (unit * (length // len(unit) + 1))[:length]
    taken = []
    for _ in range(runs):
        begun = time.process_time()
        analyse(pipeline, Document("hostile", text, DAY))
        taken.append(time.process_time() - begun)
    return min(taken)


def growth(pipeline, unit: str, length: int, runs: int = 2) -> float:
    """How many times longer four times the text takes; 4 is linear, 16 quadratic.

    What takes 16 times as long does so each time, a machine that is busy does not: the least of three tries.
    """
    least = inf
    for _ in range(3):
        once = seconds(pipeline, unit, length, runs)
        least = min(least, seconds(pipeline, unit, 4 * length, runs) / max(once, 0.01))
        if least < 9:
            break
    return least


@pytest.mark.parametrize("unit", [pytest.param(unit, id=name) for name, unit in HOSTILE.items()])
def test_four_times_the_text_takes_about_four_times_as_long(pipeline, unit: str) -> None:
    assert growth(pipeline, unit, 8_000) < 9


@pytest.mark.slow
@pytest.mark.parametrize("unit", [pytest.param(unit, id=name) for name, unit in HOSTILE.items()])
def test_a_megabyte_of_it_takes_about_four_times_a_quarter_of_it(pipeline, unit: str) -> None:
    assert growth(pipeline, unit, 250_000, runs=1) < 9


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["5% ", "đạt 5%, ", "5 hộ ", "| 5 | 3 % "])
def test_figures_without_end_cost_the_same_each(pipeline, unit: str) -> None:
    assert growth(pipeline, unit, 15_000, runs=1) < 9


@pytest.mark.slow
def test_two_megabytes_of_report_in_one_document(pipeline) -> None:
    month = (
        "Tháng {m}/2024, thu ngân sách của huyện đạt {n} tỷ đồng, tăng 3,5% so với cùng kỳ năm trước.\n"
        "Chủ tịch UBND huyện yêu cầu Phòng Tài chính rà soát nguồn thu, báo cáo trước ngày {m}/12/2024.\n"
    )
    text = "".join(month.format(m=n % 12 + 1, n=n + 100) for n in range(11_000))
    assert len(text) > 2_000_000
    found = analyse(pipeline, Document("long", text, DAY))._.chitieu.extraction
    assert len(found.quantities) == 22_000
    assert len(found.tasks) >= 11_000
    assert all(text[q.start : q.end] == q.text for q in found.quantities)
