"""CSV in two profiles, and what a spreadsheet would make of a cell.

`plain` is RFC 4180 with the decimal point: for programs. `excel` is what Excel with Vietnamese
settings opens by a double click: semicolons, decimal commas, a byte order mark. Excel reads every
cell as if it were typed, quoted or not: text that begins like a formula runs, "9/14" becomes a day
and a row of digits a number. Such text gets a leading apostrophe, which makes it text for good.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

Profile = Literal["excel", "plain"]
Cell = str | int | float | Decimal | bool | date | datetime | None

DELIMITERS: Mapping[Profile, str] = {"excel": ";", "plain": ","}

MAX_CELL = 32_767
"""Characters Excel keeps in a cell; of a longer one the rest runs over into other rows."""

# What spreadsheets take for the beginning of a formula, full-width forms included.
_FORMULA = "=+-@＝＋－＠"
# What Excel reads as something else than text: an error value, or digits with nothing around them
# but marks and the few words numbers, times, currencies and days are typed with.
_WORDS = (
    r"e|am|pm|a|p|sa|ch|gio|giờ|ngày|tháng|thg|th|năm|đ|₫|vnd|vnđ|usd|eur|"
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_LIKE_A_NUMBER = re.compile(rf"(?=.*\d)(?:[\d\W_]|(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_]))+", re.IGNORECASE)
_LIKE_A_CONSTANT = re.compile(r"true|false|đúng|sai|#.*", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
_SPACES = re.compile(r"[^\S ]+| {2,}")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], profile: Profile) -> int:
    """Write a header and rows and give back how many rows there were."""
    excel = profile == "excel"
    cell = excel_cell if excel else plain_cell
    count = 0
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=DELIMITERS[profile], lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([cell(value) for value in row])
            count += 1
    return count


def excel_cell(value: Cell) -> str:
    """A cell as Excel with Vietnamese settings reads it back as what it is."""
    if isinstance(value, str):
        return _excel_text(value)
    return plain_cell(value).replace(".", ",") if _is_number(value) else plain_cell(value)


def plain_cell(value: Cell) -> str:
    """A cell for programs: decimal point, ISO days, true and false, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_number(value):
        return _digits(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def read_csv(path: Path, profile: Profile) -> Iterator[list[str]]:
    """The rows of a file that `write_csv` wrote, the header first."""
    with path.open(encoding="utf-8-sig" if profile == "excel" else "utf-8", newline="") as file:
        yield from csv.reader(file, delimiter=DELIMITERS[profile], strict=True)


def one_line(text: str) -> str:
    """Text on one line, without what cannot be seen, as long as a cell of Excel may be."""
    text = _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _excel_text(text: str) -> str:
    """Text on one line, guarded where Excel would read it as something else."""
    text = one_line(text)
    return one_line("'" + text) if _read_as_something_else(text) else text


def _read_as_something_else(text: str) -> bool:
    if text.startswith(tuple(_FORMULA)) or text.startswith("'"):
        return True
    return bool(_LIKE_A_NUMBER.fullmatch(text) or _LIKE_A_CONSTANT.fullmatch(text))


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _digits(value: int | float | Decimal) -> str:
    """The number without exponent, thousands marks and closing zeros."""
    text = format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
