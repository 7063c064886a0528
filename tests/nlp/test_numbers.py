"""Numbers as Vietnamese texts write them, in digits and in words."""

from __future__ import annotations

import pytest

from chitieu.nlp import numbers


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("06", 6),
        ("4,65", 4.65),
        ("0,5", 0.5),
        ("1.234", 1234),
        ("1.234,5", 1234.5),
        ("12.345.678", 12_345_678),
        ("12.345.678,25", 12_345_678.25),
        ("3.5", 3.5),  # no group of thousands has one digit
        ("508.25", 508.25),
        ("1,234,567", 1_234_567),
        ("1,234.5", 1234.5),
    ],
)
def test_a_figure_has_one_reading(written: str, value: float) -> None:
    assert numbers.parse_figure(written) == value


@pytest.mark.parametrize(
    ("written", "vietnamese", "english"),
    [("1.234", 1234, 1.234), ("214,447", 214.447, 214_447)],
)
def test_a_figure_with_two_readings_follows_the_style_of_its_text(written: str, vietnamese: float, english: float) -> None:
    assert numbers.parse_figure(written) == vietnamese
    assert numbers.parse_figure(written, english=True) == english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Vốn 1,250.5 tỷ đồng, lãi 12.5 tỷ đồng và thuế 3.75 tỷ đồng", True),
        ("Vốn 1.250,5 tỷ đồng, lãi 12,5 tỷ đồng và thuế 3,75 tỷ đồng", False),
        ("Vốn 1.250,5 tỷ đồng, phiên bản 2.5 của phần mềm", False),
        ("không có con số nào", False),
    ],
)
def test_the_style_is_judged_by_the_figures_that_leave_no_doubt(text: str, english: bool) -> None:
    assert numbers.english_style(text) is english


@pytest.mark.parametrize("written", ["", "một", "1.2.3", "abc", ",5,"])
def test_what_is_no_figure_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        numbers.parse_figure(written)


@pytest.mark.parametrize(
    ("words", "value", "taken"),
    [
        ("bảy", 7, 1),
        ("mười", 10, 1),
        ("mười lăm", 15, 2),
        ("hai mươi", 20, 2),
        ("hai mươi mốt", 21, 3),
        ("hai mốt", 21, 2),
        ("ba mươi tư", 34, 3),
        ("ba chục", 30, 2),
        ("một trăm", 100, 2),
        ("một trăm linh năm", 105, 4),
        ("hai trăm lẻ chín", 209, 4),
        ("hai trăm rưỡi", 250, 3),
        ("hai nghìn ba trăm", 2300, 4),
        ("bốn ngàn", 4000, 2),
        ("ba vạn", 30_000, 2),
        ("năm triệu hai trăm nghìn", 5_200_000, 5),
        ("một tỷ", 1e9, 2),
        ("ba tỷ rưỡi", 3.5e9, 3),
        ("hai nghìn tỷ", 2e12, 3),
    ],
)
def test_numbers_in_words(words: str, value: float, taken: int) -> None:
    assert numbers.parse_words(words.split()) == (value, taken)


@pytest.mark.parametrize(("words", "value", "taken"), [("năm xã", 5, 1), ("hai ba", 2, 1), ("hai nghìn hộ", 2000, 2)])
def test_a_number_in_words_ends_where_the_words_stop_being_one(words: str, value: float, taken: int) -> None:
    assert numbers.parse_words(words.split()) == (value, taken)


@pytest.mark.parametrize("words", ["xã", "rưỡi", "mươi", ""])
def test_words_that_begin_no_number(words: str) -> None:
    assert numbers.parse_words(words.split()) is None


@pytest.mark.parametrize(("words", "value"), [("chục", 10), ("vạn", 1e4), ("triệu", 1e6), ("nghìn tỷ", 1e12), ("TỶ", 1e9)])
def test_multipliers(words: str, value: float) -> None:
    assert numbers.multiplier(words) == value
