"""Every form in which sites give their dates, by example and by property."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chitieu.pipelines.dates import LOCAL, find_times, parse_published, parse_relative

WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]
SHORT_WEEKDAYS = ["Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "Chủ nhật"]


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Thứ Ba, 14/09/2021", local(2021, 9, 14)),
        ("31/05/2023", local(2023, 5, 31)),
        ("31/05/2023 - 10:20", local(2023, 5, 31, 10, 20)),
        ("- Thứ Sáu, 23/06/2023, 09:56 - Chia sẻ", local(2023, 6, 23, 9, 56)),
        ("THỨ TƯ, 14/06/2023, 09:56", local(2023, 6, 14, 9, 56)),
        ("Đăng ngày 28-08-2017 15:40", local(2017, 8, 28, 15, 40)),
        ("09:06 27/08/2021", local(2021, 8, 27, 9, 6)),
        ("Ngày phát hành 9:39 | 2/12/2023", local(2023, 12, 2, 9, 39)),
        ("Thứ 6, 21/03/2025 | 15:45", local(2025, 3, 21, 15, 45)),
        ("Cập nhật ngày: 27/12/2013 06:20:42", local(2013, 12, 27, 6, 20, 42)),
        ("Cập nhật: 14-09-2021", local(2021, 9, 14)),
        ("Thứ Ba, 14/09/2021, 08:15 [GMT+7]", local(2021, 9, 14, 8, 15)),
        ("Đăng lúc: 23/06/2023 09:56 (GMT+7)", local(2023, 6, 23, 9, 56)),
        ("09:56 thứ Tư ngày 23/06/2023", local(2023, 6, 23, 9, 56)),
        ("Cập nhật lúc 09:18, Thứ Tư, 20/12/2023 (GMT+7)", local(2023, 12, 20, 9, 18)),
        ("9h56 ngày 23/6/2023", local(2023, 6, 23, 9, 56)),
        ("23/06/2023 lúc 9 giờ 56 phút", local(2023, 6, 23, 9, 56)),
        ("ngày 28 tháng 8 năm 2017", local(2017, 8, 28)),
        ("Thứ Hai, 5 Tháng Sáu, 2023 9:05 CH", local(2023, 6, 5, 21, 5)),
        ("02:03 PM, 23/06/2023", local(2023, 6, 23, 14, 3)),
        ("12:10 AM 23/06/2023", local(2023, 6, 23, 0, 10)),
        ("6/23/2023 9:56:00 AM", local(2023, 6, 23, 9, 56)),
        ("June 23, 2023 9:56 pm", local(2023, 6, 23, 21, 56)),
        ("2023-06-23T02:56:00Z", local(2023, 6, 23, 9, 56)),
        ("2023-06-23T02:56:00.125Z", local(2023, 6, 23, 9, 56, 0, 125000)),
        ("2023-06-23 09:56:00.0", local(2023, 6, 23, 9, 56)),
        ("2023-06-23T09:56:00+0700", local(2023, 6, 23, 9, 56)),
        ("2023-06-22T21:56:00-05:00", local(2023, 6, 23, 9, 56)),
        ("1687488960", local(2023, 6, 23, 9, 56)),
        ("1687488960000", local(2023, 6, 23, 9, 56)),
        ("Đăng: 23/06/2023 09:56 | Cập nhật: 24/06/2023 08:00", local(2023, 6, 23, 9, 56)),
        ("Cập nhật: 24/06/2023 08:00 | Đăng: 23/06/2023 09:56", local(2023, 6, 23, 9, 56)),
        (unicodedata.normalize("NFD", "Thứ Bảy, 01/07/2023, 10:00 sáng"), local(2023, 7, 1, 10)),
    ],
)
def test_forms_of_real_sites(text: str, when: datetime) -> None:
    found = parse_published(text)
    assert found == when
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["", "hôm qua", "99/99/2023", "31/02/2023", "0001-01-01T00:00:00", "1970-01-01", "2021-2025", "30/2020/NĐ-CP", "16,5%", "0:00 / 0:00",
     "12/2023", "20230623", "9" * 5000, "٢٣/٠٦/٢٠٢٣"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert parse_published(text) is None


MOMENTS = st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2099, 12, 31)).map(lambda d: d.replace(microsecond=0))
FORMS = {
    "weekday first": lambda d: f"{WEEKDAYS[d.weekday()]}, {d:%d/%m/%Y}, {d:%H:%M}",
    "numbered weekday": lambda d: f"{SHORT_WEEKDAYS[d.weekday()]}, {d:%d/%m/%Y} | {d:%H:%M}",
    "zone in brackets": lambda d: f"{WEEKDAYS[d.weekday()]}, {d:%d/%m/%Y}, {d:%H:%M} [GMT+7]",
    "dash": lambda d: f"{d:%d/%m/%Y} - {d:%H:%M}",
    "label and hyphens": lambda d: f"Đăng ngày {d:%d-%m-%Y} {d:%H:%M}",
    "clock first": lambda d: f"{d:%H:%M} {d:%d/%m/%Y}",
    "unpadded with bar": lambda d: f"Ngày phát hành {d.hour}:{d:%M} | {d.day}/{d.month}/{d.year}",
    "clock, weekday, date": lambda d: f"Cập nhật lúc {d:%H:%M}, {WEEKDAYS[d.weekday()]}, {d:%d/%m/%Y} (GMT+7)",
    "dots": lambda d: f"{d:%d.%m.%Y}, {d:%H:%M}",
    "officialese": lambda d: f"{d.hour} giờ {d:%M} phút ngày {d.day} tháng {d.month} năm {d.year}",
    "h": lambda d: f"{d.hour}h{d:%M} ngày {d.day}/{d.month}/{d.year}",
}
TO_THE_SECOND = {
    "with seconds": lambda d: f"Cập nhật ngày: {d:%d/%m/%Y %H:%M:%S}",
    "iso local": lambda d: d.isoformat(),
    "iso with zone": lambda d: d.replace(tzinfo=LOCAL).isoformat(),
    "iso compact zone": lambda d: f"{d.isoformat()}+0700",
    "iso utc": lambda d: d.replace(tzinfo=LOCAL).astimezone(UTC).isoformat().replace("+00:00", "Z"),
    "rfc 2822": lambda d: format_datetime(d.replace(tzinfo=LOCAL)),
    "half day": lambda d: f"{d:%d/%m/%Y %I:%M:%S} {'SA' if d.hour < 12 else 'CH'}",
}


@given(MOMENTS, st.sampled_from(sorted(FORMS)), st.booleans())
def test_any_minute_reads_back(moment: datetime, form: str, decomposed: bool) -> None:
    text = FORMS[form](moment)
    text = unicodedata.normalize("NFD", text) if decomposed else text
    assert parse_published(text) == moment.replace(second=0, tzinfo=LOCAL)


@given(MOMENTS, st.sampled_from(sorted(TO_THE_SECOND)))
def test_any_second_reads_back(moment: datetime, form: str) -> None:
    assert parse_published(TO_THE_SECOND[form](moment)) == moment.replace(tzinfo=LOCAL)


@given(st.dates(min_value=date(1996, 1, 1), max_value=date(2099, 12, 31)), st.sampled_from(["{d:%d/%m/%Y}", "Ngày đăng: {d:%d-%m-%Y}", "{d:%Y-%m-%d}", "{w}, {d:%d/%m/%Y}"]))
def test_any_day_reads_back_as_its_midnight(day: date, form: str) -> None:
    text = form.format(d=day, w=WEEKDAYS[day.weekday()])
    assert parse_published(text) == datetime(day.year, day.month, day.day, tzinfo=LOCAL)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = parse_published(text)
    assert found is None or found.utcoffset() == timedelta(0)


@given(st.lists(MOMENTS, min_size=1, max_size=4), st.text(alphabet="abc xyz đê ", max_size=20))
def test_spans_hold_the_dates(moments: list[datetime], between: str) -> None:
    text = f" {between}; ".join(FORMS["dash"](moment) for moment in moments)
    found = list(find_times(text))
    assert [time.when for time in found] == [moment.replace(second=0, tzinfo=LOCAL) for moment in moments]
    assert [text[time.start : time.end] for time in found] == [FORMS["dash"](moment) for moment in moments]


def test_relative_times_count_back_from_the_fetch() -> None:
    now = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    assert parse_relative("3 giờ trước", now) == now - timedelta(hours=3)
    assert parse_relative("Đăng 45 phút trước", now) == now - timedelta(minutes=45)
    assert parse_relative("2 ngày trước", now) == now - timedelta(days=2)
    assert parse_relative("trước ngày 30/6", now) is None
