"""What holds for every number, every date and every text."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from chitieu.nlp import Document, Extraction, build, extract, numbers

settings.register_profile("extraction", deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("extraction")

PIPELINE = build()


def extraction(text: str, published: date | None = date(2024, 7, 15)) -> Extraction:
    [found] = extract([Document("property", text, published)], nlp=PIPELINE)
    return found


def records(found: Extraction) -> list:
    return [*found.times, *found.quantities, *found.statements, *found.refs, *found.tasks]


# Numbers ---------------------------------------------------------------------------------------

ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def in_digits(value: float, decimals: int) -> str:
    """A number in Vietnamese digits: "." between thousands, "," before decimals."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def in_words(n: int) -> str:
    """A whole number from 1 to 999,999,999 in words."""
    parts = []
    for scale, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, n = divmod(n, scale)
        if group:
            parts.append(f"{hundreds(group, after=bool(parts))} {name}".strip())
    return " ".join(parts)


def hundreds(n: int, *, after: bool) -> str:
    head, rest = divmod(n, 100)
    words = [ONES[head], "trăm"] if head or after else []
    if rest == 0:
        return " ".join(words)
    tens, ones = divmod(rest, 10)
    if tens == 0:
        words += (["linh"] if words else []) + [ONES[ones]]
    else:
        words += ["mười"] if tens == 1 else [ONES[tens], "mươi"]
        if ones:
            words.append("lăm" if ones == 5 else "mốt" if ones == 1 and tens > 1 else ONES[ones])
    return " ".join(words)


@given(st.integers(0, 10**12), st.integers(0, 4))
def test_vietnamese_digits_read_back(units: int, decimals: int) -> None:
    value = units / 10**decimals
    assert numbers.parse_figure(in_digits(value, decimals)) == pytest.approx(value)


@given(st.integers(1, 999_999_999))
@example(21)
@example(105)
@example(1_000_005)
def test_words_read_back(n: int) -> None:
    words = in_words(n).split()
    assert numbers.parse_words(words) == (n, len(words))


@given(st.lists(st.sampled_from([*ONES, "mười", "mươi", "trăm", "nghìn", "triệu", "tỷ", "rưỡi", "linh", "xã"]), max_size=12))
def test_any_words_give_a_number_of_their_head_or_none(words: list[str]) -> None:
    parsed = numbers.parse_words(words)
    assert parsed is None or 0 < parsed[1] <= len(words)


@given(st.integers(1, 10**7), st.integers(1, 2), st.sampled_from([("%", "%"), ("tỷ đồng", "VND"), ("ha", "ha"), ("tấn", "tấn")]))
def test_a_figure_with_a_unit_is_found_whole(units: int, decimals: int, unit: tuple[str, str]) -> None:
    assume(units % 10)  # nobody writes the last nought
    value = units / 10**decimals
    written = f"{in_digits(value, decimals)} {unit[0]}"
    [q] = extraction(f"Kết quả đạt {written} trong đợt này.").quantities
    scale = 1e9 if unit[0] == "tỷ đồng" else 1
    assert (q.text, q.value, q.unit) == (written, pytest.approx(value * scale), unit[1])


# Times -----------------------------------------------------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS, st.sampled_from(["ngày {d}/{m}/{y}", "ngày {d:02}/{m:02}/{y}", "ngày {d:02}-{m:02}-{y}", "ngày {d}.{m}.{y}", "ngày {d} tháng {m} năm {y}"]))
def test_a_day_in_any_form_reads_back(day: date, form: str) -> None:
    written = form.format(d=day.day, m=day.month, y=day.year)
    [t] = extraction(f"Hội nghị khai mạc {written} tại huyện.").times
    assert (t.text, t.since, t.until) == (written, day, day)


@given(DAYS, st.sampled_from(["tháng {m}/{y}", "tháng {m} năm {y}", "tháng {m}-{y}"]))
def test_a_month_in_any_form_reads_back(day: date, form: str) -> None:
    written = form.format(m=day.month, y=day.year)
    [t] = extraction(f"Cầu khởi công {written} tại huyện.").times
    assert t.text == written
    assert t.since == day.replace(day=1)
    assert t.until is not None
    assert (t.until.month, (t.until.toordinal() - t.since.toordinal() + 1) in (28, 29, 30, 31)) == (day.month, True)


@given(DAYS)
def test_no_publication_day_dates_a_span_backwards(day: date) -> None:
    text = "Năm ngoái, quý I, tháng 5, ngày 3/4, 10 năm qua, từ nay đến hết năm, cùng kỳ, cuối năm sau, tháng trước."
    for t in extraction(text, day).times:
        assert t.since is None or t.until is None or t.since <= t.until


# Any text --------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    "năm tháng ngày quý 2024 5/7/2024 6 1.234,5 4,65% tỷ đồng hộ xã ha từ đến trước hết so với cùng kỳ đạt tăng giảm yêu cầu Sở giao phải "
    "rà soát Quyết định số 12/QĐ-UBND Nghị quyết 19 , ; . : - ( ) \" \n \r\n \xa0 \u2013 tỉnh Lào Cai huyện Na Rì mười hai trăm nghìn một nửa".split(" ")
)
OFFICIALESE = st.lists(PIECES, max_size=60).map(" ".join)
ANY_TEXT = st.one_of(OFFICIALESE, st.text(st.characters(codec=None), max_size=200))


@given(ANY_TEXT)
@example("\ud800 5 ha")
@example("\x00")
@settings(max_examples=250)
def test_records_stand_where_they_say(text: str) -> None:
    found = extraction(text)
    made = records(found)
    for r in made:
        assert 0 <= r.start < r.end <= len(text)
        assert r.text == text[r.start : r.end]
        assert 0 <= r.sentence[0] <= r.sentence[1] <= len(text)
    assert len({r.id for r in made}) == len({r.uid for r in made}) == len(made)
    ids = {r.id for r in made}
    assert {s.q for s in found.statements} <= ids
    assert {r.t for r in [*found.statements, *found.tasks] if r.t} <= ids


@given(ANY_TEXT)
def test_quantities_and_times_do_not_overlap(text: str) -> None:
    found = extraction(text)
    spans = sorted((r.start, r.end) for r in [*found.times, *found.quantities])
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


@given(OFFICIALESE)
def test_composed_and_decomposed_texts_say_the_same(text: str) -> None:
    composed = extraction(unicodedata.normalize("NFC", text))
    decomposed = extraction(unicodedata.normalize("NFD", text))
    assert [(unicodedata.normalize("NFC", q.text), q.value, q.low, q.high, q.unit, q.bound) for q in decomposed.quantities] == [
        (q.text, q.value, q.low, q.high, q.unit, q.bound) for q in composed.quantities
    ]
    assert [(unicodedata.normalize("NFC", t.text), t.since, t.until) for t in decomposed.times] == [
        (t.text, t.since, t.until) for t in composed.times
    ]
    assert [r.number for r in decomposed.refs] == [r.number for r in composed.refs]


@given(st.lists(st.sampled_from(["Xã đông vui.", "Bà con phấn khởi.", "Trời mưa to.", "Chợ mới mở cửa."]), max_size=5))
def test_a_record_keeps_its_name_when_other_sentences_change(others: list[str]) -> None:
    own = "Tỷ lệ hộ nghèo của xã còn 3,5%."
    before = extraction(own)
    after = extraction("\n".join([*others, own]))
    assert [q.uid for q in after.quantities] == [q.uid for q in before.quantities]
    assert [s.uid for s in after.statements] == [s.uid for s in before.statements]
