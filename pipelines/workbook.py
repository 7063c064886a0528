"""Excel workbooks: a sheet for each view, columns typed, with filters.

Nothing is written as a formula: what a page said stays text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import python_calamine
import xlsxwriter

from chitieu.pipelines.tabular import Cell, one_line

MAX_ROWS = 1_048_575
"""Rows of a sheet below its header; what is beyond goes to a further sheet."""

_FIRST_DAY = date(1900, 3, 1)  # Excel believes in a 29 February 1900, and in nothing before that year
_EXACT = 10**15  # beyond that a sheet's numbers lose digits
_MAX_LINKS = 65_530
_MAX_LINK = 2_079
_WIDTHS = {"sentence": 80, "target_sentence": 60, "latest_sentence": 60, "task": 60, "article_title": 40, "address": 40, "subject": 40, "indicator": 34, "indicator_name": 34}
_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: its name, what each column is called and is, and its rows."""

    name: str
    columns: Sequence[str]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> dict[str, int]:
    """Write the sheets in order and give back how many rows each had; rows are not kept in memory."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    counts: dict[str, int] = {}
    with xlsxwriter.Workbook(str(path), options) as book:
        # One state of the warehouse gives the same bytes whenever it is written.
        book.set_properties({"created": datetime(2000, 1, 1)})
        formats = {
            "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE7F0", "bottom": 1}),
            "number": book.add_format({"num_format": "#,##0.######"}),
        }
        for sheet in sheets:
            counts[sheet.name] = _write_sheet(book, sheet, formats)
    return counts


def read_workbook(path: Path, name: str) -> Iterator[list[object]]:
    """The rows of a sheet and of those that go on where it was full; the first row is the header."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    names = [name]
    while _further(name, len(names)) in book.sheet_names:
        names.append(_further(name, len(names)))
    for number, part in enumerate(names):
        rows = book.get_sheet_by_name(part).to_python(skip_empty_area=False)
        yield from rows if number == 0 else rows[1:]


def sheet_cell(value: Cell) -> object:
    """What goes into a cell, and must be read back: numbers as floats of the 15 digits that Excel keeps
    (longer ones as text), days as dates, NULL as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return float(f"{value:.15g}") if abs(value) < _EXACT else format(value, "f")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.date() >= _FIRST_DAY else value.isoformat()
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else value.isoformat()
    return one_line(str(value))


def _further(name: str, number: int) -> str:
    return f"{name} ({number + 1})"


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, formats: Mapping[str, object]) -> int:
    page, at, links, count = None, 0, 0, 0
    part = 0
    for row in sheet.rows:
        if page is None or at > MAX_ROWS:
            if page is not None:
                page.autofilter(0, 0, at - 1, len(sheet.columns) - 1)
                part += 1
            page = _new_page(book, _further(sheet.name, part) if part else sheet.name, sheet, formats)
            at = 1
        for number, value in enumerate(row):
            cell = sheet_cell(value)
            if isinstance(cell, str):
                if sheet.columns[number].endswith("address") and _is_link(cell) and links < _MAX_LINKS:
                    page.write_url(at, number, cell, string=cell)
                    links += 1
                elif cell:
                    page.write_string(at, number, cell)
            elif isinstance(cell, bool):
                page.write_boolean(at, number, cell)
            elif isinstance(cell, float):
                page.write_number(at, number, cell, formats["number"])
            else:
                page.write_datetime(at, number, cell)
        at += 1
        count += 1
    if page is None:
        page, at = _new_page(book, sheet.name, sheet, formats), 1
    page.autofilter(0, 0, at - 1, len(sheet.columns) - 1)
    return count


def _new_page(book: xlsxwriter.Workbook, name: str, sheet: Sheet, formats: Mapping[str, object]) -> xlsxwriter.worksheet.Worksheet:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, _WIDTHS.get(column, _WIDTH))
        page.write_string(0, number, sheet.headings[number], formats["header"])
    return page


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= _MAX_LINK and " " not in text
