"""Vietnamese numbers, in digits and in words, as values.

"." groups thousands and "," is the decimal mark ("114.771" is 114771, "4,65" is 4.65). A figure
that cannot be read so ("508.25", "1,234,567") is in the English style.
"""

from __future__ import annotations

import re
from decimal import Decimal

FIGURE = (
    r"(?:\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?"  # 1.234.567,8
    r"|\d{1,3}(?:,\d{3})+\.\d+"  # 1,234.5
    r"|\d{1,3}(?:,\d{3}){2,}(?!\d)"  # 1,234,567
    r"|\d+[.,]\d+"
    r"|\d+)"
)
"""Pattern of one figure in digits."""

MULTIPLIERS = {
    "chục": 10.0,
    "trăm": 1e2,
    "nghìn": 1e3,
    "ngàn": 1e3,
    "vạn": 1e4,
    "triệu": 1e6,
    "tỷ": 1e9,
    "tỉ": 1e9,
}
MULTIPLIER = r"(?:(?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?:\s+(?:nghìn|ngàn|triệu|tỷ|tỉ))?)(?![\w-]|\s+(?:phú|lệ|trọng|chứng)(?!\w))"
"""Pattern of a multiplier after a figure: "tỷ", "nghìn tỷ"."""

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")

_RUN = re.compile(r"(?<![\d.,])\d++[.,][\d.,]*\d")
_ENGLISH_SIGN = re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+\.\d{1,2}|\d+\.\d{1,2}")
_VIETNAMESE_SIGN = re.compile(r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|[1-9]\d{0,2}\.\d00")


def english_style(text: str) -> bool:
    """Whether the figures of a text are written the English way, judged by those that leave no doubt."""
    runs = _RUN.findall(text)
    english = sum(1 for run in runs if _ENGLISH_SIGN.fullmatch(run))
    return english > 0 and english > 2 * sum(1 for run in runs if _VIETNAMESE_SIGN.fullmatch(run))


def parse_figure(figure: str, english: bool = False) -> float:
    """The value of a figure in digits (no sign, no multiplier).

    `english` decides the figures that both styles can read ("214,447", "1.234"); those that only
    one can read are read so. Raises ValueError on anything else.
    """
    if _GROUPED_ENGLISH.fullmatch(figure):
        return float(figure.replace(",", ""))
    if english and re.fullmatch(r"\d{1,3}(?:,\d{3})+", figure):
        return float(figure.replace(",", ""))
    if english and re.fullmatch(r"\d+\.\d+", figure):
        return float(figure)
    if _THOUSANDS.fullmatch(figure):
        return float(figure.replace(".", "").replace(",", "."))
    return float(figure.replace(",", "."))


def multiplier(words: str) -> float:
    """The value of a multiplier in words, "nghìn tỷ" being the product of both."""
    value = 1.0
    for word in words.lower().split():
        value *= MULTIPLIERS[word]
    return value


def times(value: float, factor: float) -> float:
    """The product as a reader would write it: 2.146,8 tỷ is 2146800000000, not 2146800000000.0002."""
    return float(Decimal(repr(value)) * Decimal(factor))


DIGIT_WORDS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_SCALES = {"nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}

_FIRST = r"(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)"
_NEXT = r"(?:một|mốt|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín|mười|mươi|chục|trăm|nghìn|ngàn|vạn|(?:triệu|tỷ|tỉ)(?!\s+(?:phú|lệ|trọng|chứng)(?!\w))|rưỡi|linh|lẻ)"
WORDS = rf"{_FIRST}(?:\s+{_NEXT}){{0,14}}(?![\w-])"
"""Pattern of a number in words; `parse_words` decides how much of it is one."""


def parse_words(words: list[str]) -> tuple[float, int] | None:
    """The number that a list of lower-case words begins with, and how many words it takes.

    "hai nghìn ba trăm" is (2300, 4); "mười lăm" (15, 2); "ba tỷ rưỡi" (3.5e9, 3). None where the
    words begin with no number.
    """
    total = 0.0
    at = 0
    last_scale = float("inf")
    while at < len(words):
        group = _below_thousand(words, at)
        if group is None:
            break
        value, after = group
        scale = 1.0
        while after < len(words) and words[after] in _SCALES:
            scale *= _SCALES[words[after]]
            after += 1
        if scale in (1e6, 1e9) and last_scale == 1e3 and total < scale:
            total = (total + value) * scale  # "ba nghìn sáu trăm tỷ"
            at, last_scale = after, scale
            continue
        if scale >= last_scale or (total and scale == 1.0 and last_scale > 1e3 and value < 100 and words[at] not in ("linh", "lẻ", "không")):
            break
        if after < len(words) and words[after] == "rưỡi":
            value += 0.5 if scale > 1 else 0
            after += 1 if scale > 1 else 0
        total += value * scale
        at = after
        if scale == 1.0:
            break
        last_scale = scale
    return (total, at) if at else None


def _below_thousand(words: list[str], at: int) -> tuple[float, int] | None:
    """A number under a thousand at `words[at]`: its value and the position after it."""
    start = at
    value = 0.0
    if at < len(words) and words[at] in ("linh", "lẻ"):
        at += 1
    if at + 1 < len(words) and words[at] in DIGIT_WORDS and words[at + 1] == "trăm":
        value += DIGIT_WORDS[words[at]] * 100
        at += 2
        if at < len(words) and words[at] == "rưỡi":
            return value + 50, at + 1
        if at < len(words) and words[at] in ("linh", "lẻ"):
            at += 1
    if at < len(words) and words[at] == "mười":
        value += 10
        at += 1
        if at < len(words) and words[at] in DIGIT_WORDS and words[at] not in ("không", "mốt", "tư", "năm"):
            value += DIGIT_WORDS[words[at]]
            at += 1
        return value, at
    if at + 1 < len(words) and words[at] in DIGIT_WORDS and words[at + 1] in ("mươi", "chục"):
        value += DIGIT_WORDS[words[at]] * 10
        tens = words[at + 1]
        at += 2
        if tens == "mươi" and at < len(words) and words[at] in DIGIT_WORDS and words[at] not in ("không", "một", "năm"):
            value += DIGIT_WORDS[words[at]]
            at += 1
        return value, at
    if at < len(words) and words[at] in DIGIT_WORDS:
        if at + 1 < len(words) and words[at] in ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín") and words[at + 1] in ("mốt", "tư", "lăm"):
            return value + DIGIT_WORDS[words[at]] * 10 + DIGIT_WORDS[words[at + 1]], at + 2
        return value + DIGIT_WORDS[words[at]], at + 1
    return (value, at) if at > start and value else None
