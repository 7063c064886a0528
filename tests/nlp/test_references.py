"""References to official documents: numbers, types, days, issuers, signers."""

from __future__ import annotations

from datetime import date

import pytest

NUMBERS = [
    ("Quyết định số 1298/QĐ-UBND đã có hiệu lực.", "1298/QĐ-UBND", "quyết định"),
    ("Kế hoạch 188/KH-UBND đã có hiệu lực.", "188/KH-UBND", "kế hoạch"),
    ("Công điện số 138/CĐ-TTg đã gửi đi.", "138/CĐ-TTg", "công điện"),
    ("Thông báo số 636/TB-VPCP nêu rõ.", "636/TB-VPCP", "thông báo"),
    ("Công văn số 2858/UBND-TH nêu rõ.", "2858/UBND-TH", "công văn"),
    ("Văn bản 18590/BTC-PTHT nêu rõ.", "18590/BTC-PTHT", "công văn"),
    ("Nghị định 30/2020/NĐ-CP nêu rõ.", "30/2020/NĐ-CP", "nghị định"),
    ("Quyết định 05/2023/QĐ-TTg nêu rõ.", "05/2023/QĐ-TTg", "quyết định"),
    ("Nghị quyết số 244/2025/QH15 nêu rõ.", "244/2025/QH15", "nghị quyết"),
    ("Luật số 01/2021/QH15 nêu rõ.", "01/2021/QH15", "luật"),
    ("Nghị quyết số 15/2024/NQ-HĐND nêu rõ.", "15/2024/NQ-HĐND", "nghị quyết"),
    ("Thông tư số 12/2023/TT-BYT nêu rõ.", "12/2023/TT-BYT", "thông tư"),
    ("Nghị quyết số 57-NQ/TW nêu rõ.", "57-NQ/TW", "nghị quyết"),
    ("Kết luận 219-KL/TW nêu rõ.", "219-KL/TW", "kết luận"),
    ("Chỉ thị số 12-CT/TU nêu rõ.", "12-CT/TU", "chỉ thị"),
    ("Nghị quyết số 09-NQ/HU nêu rõ.", "09-NQ/HU", "nghị quyết"),
    ("Thông báo 77-TB/ThU nêu rõ.", "77-TB/ThU", "thông báo"),
    ("Báo cáo số 12/BC-STC nêu rõ.", "12/BC-STC", "báo cáo"),
    ("Tờ trình số 77/TTr-SXD nêu rõ.", "77/TTr-SXD", "tờ trình"),
    ("Nghị quyết số 68 nêu rõ.", "68", "nghị quyết"),
    ("QĐ 1719 của Thủ tướng nêu rõ.", "1719", "quyết định"),
]


@pytest.mark.parametrize(("text", "number", "kind"), NUMBERS, ids=[n[1] for n in NUMBERS])
def test_numbering_forms(read_text, text: str, number: str, kind: str) -> None:
    [ref] = read_text(text).refs
    assert (ref.text, ref.number, ref.type) == (number, number, kind)


@pytest.mark.parametrize(("word", "kind"), [("Quyết định", "quyết định"), ("Quy định", "quy định")])
def test_the_word_before_the_number_decides_the_type(read_text, word: str, kind: str) -> None:
    [ref] = read_text(f"{word} số 96-QĐ/TW đã có hiệu lực.").refs
    assert ref.type == kind


@pytest.mark.parametrize("written", ["1719 / QĐ - TTg", "1719/QĐ–TTg", "1719/QĐ-TTg"])
def test_numbers_are_normalised_and_keep_their_span(read_text, written: str) -> None:
    text = f"Quyết định số {written} ngày 14/10/2021 nêu rõ."
    [ref] = read_text(text).refs
    assert (ref.number, ref.date) == ("1719/QĐ-TTg", date(2021, 10, 14))
    assert text[ref.start : ref.end] == written


DESCRIBED = [
    ("Công văn số 2858/UBND-TH ngày 20/6/2023 của UBND tỉnh Lào Cai.", date(2023, 6, 20), "UBND tỉnh Lào Cai", None),
    ("Quy định số 96-QĐ/TW ngày 2/2/2023 của Bộ Chính trị.", date(2023, 2, 2), "Bộ Chính trị", None),
    ("Công điện số 138/CĐ-TTg ngày 3 tháng 7 năm 2024 của Thủ tướng Chính phủ.", date(2024, 7, 3), "Thủ tướng Chính phủ", None),
    ("Thông tư số 12/2023/TT-BYT của Bộ Y tế.", None, "Bộ Y tế", None),
    ("Báo cáo số 12/BC-STC ngày 9/4/2024 của Sở Tài chính.", date(2024, 4, 9), "Sở Tài chính", None),
    (
        "Phó Chủ tịch UBND tỉnh Nguyễn Văn An vừa ký ban hành Kế hoạch số 45/KH-UBND ngày 1/3/2024.",
        date(2024, 3, 1),
        "UBND tỉnh",
        "Nguyễn Văn An",
    ),
]


@pytest.mark.parametrize(("text", "day", "issuer", "signer"), DESCRIBED, ids=[d[0][:40] for d in DESCRIBED])
def test_day_issuer_and_signer(read_text, text: str, day: date | None, issuer: str, signer: str | None) -> None:
    [ref] = read_text(text).refs
    assert (ref.date, ref.issuer, ref.signer) == (day, issuer, signer)


def test_the_day_may_stand_before(read_text) -> None:
    text = "Ngày 5/6/2024, UBND tỉnh ban hành Quyết định số 1298/QĐ-UBND về việc phê duyệt đề án phát triển cây chè."
    [ref] = read_text(text).refs
    assert (ref.date, ref.issuer) == (date(2024, 6, 5), "UBND tỉnh")
    assert ref.subject == "về việc phê duyệt đề án phát triển cây chè"


def test_a_short_name_counts_under_the_full_number(read_text) -> None:
    text = "Nghị quyết 19-NQ/TU ngày 5/5/2023 đặt ra mục tiêu. Thực hiện Nghị quyết 19, các huyện vào cuộc."
    full, short = read_text(text).refs
    assert (short.text, short.number, short.date) == ("19", "19-NQ/TU", date(2023, 5, 5))
    assert full.number == short.number


def test_several_numbers_share_one_type_word(read_text) -> None:
    refs = read_text("Các Nghị quyết 01, 02 của Chính phủ.").refs
    assert [(r.number, r.type, r.issuer) for r in refs] == [("01", "nghị quyết", "Chính phủ"), ("02", "nghị quyết", "Chính phủ")]


def test_the_head_of_a_document_is_its_own_number(read_text) -> None:
    [ref] = read_text("Số: 172/KH-UBND\nLào Cai, ngày 12 tháng 5 năm 2023\nKẾ HOẠCH\nphát triển chợ").refs
    assert (ref.number, ref.type, ref.date) == ("172/KH-UBND", "kế hoạch", date(2023, 5, 12))


@pytest.mark.parametrize(
    "text",
    [
        "Luật Đất đai đã có hiệu lực.",
        "Xe biển số 29A-123.45 chạy quá tốc độ.",
        "Tỷ số 2-1 nghiêng về đội chủ nhà.",
        "Nhà ở số 12/5 phố Hàng Bông.",
        "Xã đạt 15/19 tiêu chí.",
        "Ngày 5/6/2024.",
    ],
)
def test_what_is_no_document_with_a_number(read_text, text: str) -> None:
    assert [r.number for r in read_text(text).refs if r.number] == []
