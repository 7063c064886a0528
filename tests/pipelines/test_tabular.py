"""CSV: what goes in comes out, and no cell is something else to Excel than it is to us."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chitieu.pipelines.tabular import MAX_CELL, excel_cell, plain_cell, write_csv

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
# Text that is likely to be trouble: few characters, most of them with a meaning somewhere.
nasty_text = st.text(st.sampled_from(list("=+-@＝\t\r\n '\"\ufeff\u200b;,.:/%0123456789eE aạMay")), max_size=12)
exact_numbers = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, places=6)


def read_back(path: Path, delimiter: str, encoding: str) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.one_of(any_text, nasty_text), exact_numbers), max_size=8))
def test_plain_rows_come_back_as_they_went_in(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    assert write_csv(path, ["text", "number"], rows, "plain") == len(rows)
    header, *found = read_back(path, ",", "utf-8")
    assert header == ["text", "number"]
    assert [(text, Decimal(number)) for text, number in found] == rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.one_of(any_text, nasty_text), exact_numbers), max_size=8))
def test_excel_rows_come_back_but_for_guards_and_blanks(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    write_csv(path, ["text", "number"], rows, "excel")
    _, *found = read_back(path, ";", "utf-8-sig")
    assert len(found) == len(rows)
    for (text, number), (read_text, read_number) in zip(rows, found, strict=True):
        assert Decimal(read_number.replace(",", ".")) == number
        assert seen(read_text) in (seen(text), "'" + seen(text))


def seen(text: str) -> str:
    """The characters that make a mark on paper."""
    return "".join(character for character in text if character.isprintable() and not character.isspace())


@settings(max_examples=300)
@given(st.one_of(any_text, nasty_text))
def test_no_text_starts_a_formula_or_reads_as_a_number(text: str) -> None:
    cell = excel_cell(text)
    assert not re.match(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]", cell)
    assert not re.fullmatch(r"[\d\s.,:/%-]*\d[\d\s.,:/%-]*", cell)
    assert not re.fullmatch(r"\d+(?:[.,]\d+)?e[+-]?\d+", cell, re.IGNORECASE)
    assert "\n" not in cell and "\r" not in cell and "\t" not in cell


@pytest.mark.parametrize(
    "text",
    ["9/14", "1-2", "15.255", "4,65", "31/12/2023", "12:30", "1e5", "12345678901234567890", "TRUE", "#N/A", "MAR1", "5 May",
     "=1+1", "+84 912", "-3", "@SUM(A1)", "\t=1", "\ufeff=1", "\r\n-2", "＝1", "50%", "(5)", "5 đ", "Tháng 5", "'x"],
)  # fmt: skip
def test_text_that_excel_would_read_otherwise_is_guarded(text: str) -> None:
    assert excel_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Lào Cai", "9/14 xã", "2858/UBND-TH", "%", "6 tháng đầu năm", "Nghị quyết 68", "ha", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert excel_cell(text) == text


@pytest.mark.parametrize(
    ("value", "plain", "excel"),
    [
        (Decimal("4.650000"), "4.65", "4,65"),
        (Decimal("873000000000.000000"), "873000000000", "873000000000"),
        (Decimal("-0.000000"), "0", "0"),
        (Decimal("100"), "100", "100"),
        (0.1, "0.1", "0,1"),
        (1e21, "1000000000000000000000", "1000000000000000000000"),
        (7, "7", "7"),
        (True, "true", "true"),
        (None, "", ""),
        (date(2023, 6, 30), "2023-06-30", "2023-06-30"),
    ],
)
def test_values_that_are_no_text(value: object, plain: str, excel: str) -> None:
    assert plain_cell(value) == plain
    assert excel_cell(value) == excel


def test_longer_text_than_a_cell_holds_is_cut() -> None:
    assert len(excel_cell("ấ" * (MAX_CELL + 5))) == MAX_CELL
    assert len(plain_cell("ấ" * (MAX_CELL + 5))) == MAX_CELL + 5


def test_bytes_are_what_each_reader_expects(tmp_path: Path) -> None:
    rows = [["Tỷ lệ; hộ", Decimal("4.5")]]
    write_csv(tmp_path / "e.csv", ["Chỉ tiêu", "Giá trị"], rows, "excel")
    write_csv(tmp_path / "p.csv", ["indicator", "value"], rows, "plain")
    assert (tmp_path / "e.csv").read_bytes() == '\ufeffChỉ tiêu;Giá trị\r\n"Tỷ lệ; hộ";4,5\r\n'.encode()
    assert (tmp_path / "p.csv").read_bytes() == "indicator,value\r\nTỷ lệ; hộ,4.5\r\n".encode()
