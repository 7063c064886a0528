"""Publication times as Vietnamese sites write them.

Local time is UTC+7 all year round; a time that names no zone is local. Dates are day first. All
results are aware and in UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

LOCAL = timezone(timedelta(hours=7), "UTC+7")
"""Vietnam's time, without daylight saving."""

EARLIEST_YEAR = 1995
"""No Vietnamese page is older; earlier years are birthdays, founding days and empty fields (0001, 1970)."""

_LONGEST = 2000
"""Characters of a text that are looked at: a dateline is short, a hostile field is not."""

_WEEKDAY = r"(?:(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|cn)\b|t[2-7]\b)"
_MONTHS_VI = {
    name: number
    for number, names in enumerate(
        [("một", "giêng"), ("hai",), ("ba",), ("tư",), ("năm",), ("sáu",), ("bảy", "bẩy"), ("tám",), ("chín",),
         ("mười",), ("mười một",), ("mười hai", "chạp")],
        start=1,
    )
    for name in names
}  # fmt: skip
_MONTHS_EN = {
    name: number
    for number, full in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
    for name in (full, full[:3])
}
_MONTH_VI = "|".join(sorted(_MONTHS_VI, key=len, reverse=True))
_MONTH_EN = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))

_DATE = re.compile(
    rf"""
      (?<![0-9/.,:-])(?P<y1>[0-9]{{4}})(?P<s1>[-/.])(?P<m1>[0-9]{{1,2}})(?P=s1)(?P<d1>[0-9]{{1,2}})(?![0-9/]|-[0-9])
    | (?<![0-9/.,:-])(?P<d2>[0-9]{{1,2}})\s?(?P<s2>[-/.])\s?(?P<m2>[0-9]{{1,2}})\s?(?P=s2)\s?(?P<y2>[0-9]{{4}}|[0-9]{{2}}(?=\s*$))(?![0-9/%])
    | (?<![0-9])(?P<d3>[0-9]{{1,2}})\s*(?:[-,]\s*)?tháng\s+(?P<m3>[0-9]{{1,2}}|{_MONTH_VI})\s*[,/]?\s*(?:năm\s+)?(?P<y3>[0-9]{{4}})(?![0-9])
    | (?<![0-9])(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?P<m4>{_MONTH_EN})\.?,?\s+(?P<y4>[0-9]{{4}})(?![0-9])
    | \b(?P<m5>{_MONTH_EN})\.?\s+(?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y5>[0-9]{{4}})(?![0-9])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = r"""
    (?P<hour>[0-9]{1,2})\s?(?::|h|g(?:iờ)?|giờ)\s?(?P<minute>[0-9]{2})(?![0-9])
    (?:\s?(?::|phút|p(?![a-z.]))\s?(?:(?P<second>[0-9]{2})(?![0-9])(?:[.,](?P<fraction>[0-9]{1,9}))?(?:\s?(?:s|giây)\b)?)?)?
    (?:\s?(?P<half>[ap]\.?m\.?|sa|ch|sáng|trưa|chiều|tối)\b)?
    (?:\s?(?P<zulu>(?-i:Z))\b
      | \s?[\[(]?\s?(?:GMT|UTC)\s?(?P<gmt>[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?)?\s?[\])]?
      | \s?(?P<offset>[+-][0-9]{2}:?(?:00|30|45))(?![0-9]))?
"""
_GAP = r"[\s,|•·–—()\[\]T_;-]"
_AFTER = re.compile(rf"{_GAP}{{0,12}}(?:lúc|vào\ lúc|hồi|at|{_WEEKDAY}{_GAP}{{0,4}})?\s?{_CLOCK}", re.I | re.X)
_BEFORE = re.compile(
    rf"(?<![0-9:]){_CLOCK}{_GAP}{{0,12}}(?:(?:{_WEEKDAY}|ngày|on|\(?GMT\+?7\)?){_GAP}{{0,6}}){{0,3}}$", re.I | re.X
)
_UPDATED = re.compile(r"(?:cập\s*nhật|chỉnh\s*sửa|sửa\s*(?:đổi|lần\s*cuối)|modified|updated)[^0-9]{0,40}$", re.I)
_RELATIVE = re.compile(r"(?<![0-9])([0-9]{1,3})\s*(phút|giờ|tiếng|ngày)\s*trước\b", re.I)


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time found in a text: `start` and `end` are offsets into the text's NFC form."""

    when: datetime
    """Aware, in UTC."""
    start: int
    end: int
    updated: bool = False
    """Whether the words before it call it the time of an update."""
    has_clock: bool = False


def parse_published(text: str) -> datetime | None:
    """The first publication time that `text` writes out, aware and in UTC; None where there is none.

    Reads day-first dates with or without weekday, clock, label and zone, ISO 8601, RFC 2822 and Unix
    times in seconds or milliseconds. A time called an update gives way to one that is not.
    """
    found = list(find_times(text))
    for time in found:
        if not time.updated:
            return time.when
    return found[0].when if found else _machine_time(text.strip())


def find_times(text: str) -> Iterator[FoundTime]:
    """Every date in `text` with the clock beside it, in text order."""
    text = unicodedata.normalize("NFC", text[:_LONGEST])
    behind = 0
    for match in _DATE.finditer(text):
        day = _day(match)
        if day is None:
            continue
        clock, start, end = _clock_beside(text, match, behind)
        when = _moment(day, clock)
        if when is None:
            when, start, end, clock = _moment(day, None), match.start(), match.end(), None
        if when is None:
            continue
        yield FoundTime(when, start, end, bool(_UPDATED.search(text, 0, start)), clock is not None)
        behind = end


def parse_relative(text: str, now: datetime) -> datetime | None:
    """The time that "3 giờ trước" in `text` means when read at `now`; None where it says nothing such."""
    match = _RELATIVE.search(unicodedata.normalize("NFC", text[:_LONGEST]))
    if not match:
        return None
    unit = {"phút": "minutes", "ngày": "days"}.get(match[2].lower(), "hours")
    return (now - timedelta(**{unit: int(match[1])})).astimezone(UTC)


def _day(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month and day of a match of `_DATE`, or None for a day that the calendar has not."""
    form = next(n for n in "12345" if match[f"y{n}"])
    year, month, day = match[f"y{form}"], match[f"m{form}"].lower(), match[f"d{form}"]
    number = int(month) if month.isdigit() else _MONTHS_VI.get(month) or _MONTHS_EN[month]
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if number > 12 and form == "2":
        # Servers with an English locale write the month first; only an impossible month shows it.
        number, day = int(day), str(number)
    try:
        datetime(full_year, number, int(day))
    except ValueError:
        return None
    return (full_year, number, int(day)) if full_year >= EARLIEST_YEAR else None


def _clock_beside(text: str, date: re.Match[str], behind: int) -> tuple[re.Match[str] | None, int, int]:
    """The clock after or else before `date`, and the span that date and clock take together."""
    after = _AFTER.match(text, date.end())
    if after:
        return after, date.start(), after.end()
    # Searched in a slice, since "$" must stand for the start of the date.
    head = text[max(behind, date.start() - 60) : date.start()]
    before = _BEFORE.search(head)
    if before:
        return before, date.start() - len(head) + before.start(), date.end()
    return None, date.start(), date.end()


def _moment(day: tuple[int, int, int], clock: re.Match[str] | None) -> datetime | None:
    """`day` at `clock` in UTC; midnight local time without a clock; None for an impossible clock."""
    if clock is None:
        return _utc(datetime(*day, tzinfo=LOCAL))
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = (clock["half"] or "").lower().replace(".", "")
    if half in ("pm", "ch", "chiều", "tối") and hour < 12:
        hour += 12
    elif half in ("am", "sa") and hour == 12:
        hour = 0
    micro = int((clock["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        return _utc(datetime(*day, hour, minute, second, micro, _zone(clock)))
    except ValueError:
        return None


def _utc(local: datetime) -> datetime | None:
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return None


def _zone(clock: re.Match[str]) -> timezone:
    """The zone a clock names; the local one if it names none. Raises ValueError for an impossible offset."""
    if clock["zulu"]:
        return UTC
    written = clock["offset"] or clock["gmt"]
    if not written:
        return LOCAL
    sign = -1 if written[0] == "-" else 1
    digits = re.sub(r"\D", "", written)
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError(written)
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _machine_time(text: str) -> datetime | None:
    """RFC 2822 and Unix times, for which the patterns of people's dates have no place."""
    if re.fullmatch(r"1[0-9]{9}(?:[0-9]{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        when = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.year < EARLIEST_YEAR:
        return None
    return _utc(when if when.tzinfo else when.replace(tzinfo=LOCAL))
