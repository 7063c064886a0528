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
    ("Văn bản khẩn số 4718/UBND-DA nêu rõ.", "4718/UBND-DA", "công văn"),
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
        "Đoàn kiểm tra đã kết luận 12 con lợn nhiễm bệnh.",
        "Thủ tướng Chính phủ chỉ thị:\n1. Bộ Công Thương mở chợ.",
    ],
)
def test_what_is_no_document_with_a_number(read_text, text: str) -> None:
    assert [r.number for r in read_text(text).refs if r.number] == []


ISSUED = [
    ("Công văn số 12/BTC-NS của Bộ trưởng Bộ Tài chính.", "Bộ trưởng Bộ Tài chính"),
    ("Thông tư số 9/2024/TT-BKHĐT ngày 3/4/2024 của Bộ Kế hoạch và Đầu tư.", "Bộ Kế hoạch và Đầu tư"),
    ("Thanh tra Bộ Xây dựng đã ban hành Kết luận số 39/KL-TTr về khu đô thị.", "Thanh tra Bộ Xây dựng"),
    ("Sau cuộc họp, Chủ tịch UBND TP HCM Trần Văn Bình ký Quyết định số 8/QĐ-UBND.", "UBND TP HCM"),
    ("UBND huyện Na Rì vừa ban hành Kế hoạch số 8/KH-UBND.", "UBND huyện Na Rì"),
    ("Công điện 12/CĐ-TTg ngày 1/2/2024 và Công điện 15/CĐ-TTg ngày 3/2/2024 của Thủ tướng Chính phủ.", "Thủ tướng Chính phủ"),
    ("Nghị quyết số 19-NQ/TW ngày 16/6/2022 của Ban Chấp hành Trung ương Đảng khóa XIII.", "Ban Chấp hành Trung ương Đảng khóa XIII"),
    ("Chỉ thị số 5/CT-TTg, UBND tỉnh đã nghe báo cáo.", None),
    ("Quy chế mẫu của UBND tỉnh ban hành kèm theo Nghị định số 8/2024/NĐ-CP.", None),
    ("Chương trình của Chính phủ đã được phê duyệt tại Quyết định số 254/QĐ-BNV.", None),
]


@pytest.mark.parametrize(("text", "issuer"), ISSUED, ids=[i[0][:45] for i in ISSUED])
def test_bodies_that_issue_documents(read_text, text: str, issuer: str | None) -> None:
    assert {r.issuer for r in read_text(text).refs if r.number} == {issuer}


SUBJECTS = [
    ("Quyết định số 8/QĐ-UBND phê duyệt đề án trồng chè (giai đoạn 2).", "phê duyệt đề án trồng chè"),
    ('Quy định số 144-QĐ/TW "về chuẩn mực đạo đức của cán bộ" đã có hiệu lực.', "về chuẩn mực đạo đức của cán bộ"),
    ("Công văn số 9/UBND-NC gửi các sở, ngành về việc chấn chỉnh giờ làm việc.", "về việc chấn chỉnh giờ làm việc"),
    ("Theo khoản 3 Điều 5 Nghị định 8/2024/NĐ-CP quy định về mức phạt như sau: cảnh cáo.", None),
    ("Luật số 9/2024/QH15 và văn bản hướng dẫn thi hành luật.", None),
]


@pytest.mark.parametrize(("text", "subject"), SUBJECTS, ids=[s[0][:40] for s in SUBJECTS])
def test_what_a_document_is_about(read_text, text: str, subject: str | None) -> None:
    [ref] = read_text(text).refs
    assert ref.subject == subject


def test_a_day_without_a_year_is_read_against_the_publication(read_text) -> None:
    [before] = read_text("Ngày 5/6, UBND tỉnh ban hành Quyết định số 1298/QĐ-UBND về chợ mới.").refs
    [after] = read_text("Việc này theo công văn số 2796 (ngày 19-3) của Sở Xây dựng.").refs
    assert (before.date, after.date) == (date(2024, 6, 5), date(2024, 3, 19))


def test_a_short_name_of_another_year_is_another_document(read_text) -> None:
    refs = read_text("Nghị quyết 49/2022/NQ-HĐND thay Nghị quyết 49 năm 2010.").refs
    assert [r.number for r in refs] == ["49/2022/NQ-HĐND", "49"]


def test_a_head_may_stand_under_the_title_of_a_page(read_text) -> None:
    text = "Kế hoạch 172/KH-UBND về phát triển chợ\n\nThuộc tính | Nội dung | Tải về\n\nSố: 172/KH-UBND\nPhú Thọ, ngày 12 tháng 5 năm 2023\nKẾ HOẠCH\nphát triển chợ"
    assert {(ref.number, ref.date) for ref in read_text(text).refs} == {("172/KH-UBND", date(2023, 5, 12))}


def test_the_day_may_stand_behind_who_signed(read_text) -> None:
    [ref] = read_text("Tỉnh có Công văn số 5417/UBND-ĐC do Chủ tịch UBND tỉnh ký ngày 23/8/2023 về chợ.").refs
    assert ref.date == date(2023, 8, 23)


def test_heads_in_capitals_name_the_issuer(read_text) -> None:
    head = "ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 172/KH-UBND\nPhú Thọ, ngày 12 tháng 5 năm 2023\nKẾ HOẠCH\nphát triển chợ"
    [ref] = read_text(head).refs
    assert (ref.number, ref.date, ref.issuer) == ("172/KH-UBND", date(2023, 5, 12), "Ủy ban nhân dân tỉnh Phú Thọ")


def test_properties_in_a_register(read_text) -> None:
    page = "Số hiệu:\n\n36/2025/TT-BXD\n\nLoại văn bản:\n\nThông tư\n\nNơi ban hành:\n\nBộ Xây dựng\n\nNgười ký:\n\nLê Văn Bình\n\nNgày ban hành:\n\n21/11/2025"
    [ref] = read_text(page).refs
    assert (ref.type, ref.date, ref.issuer, ref.signer) == ("thông tư", date(2025, 11, 21), "Bộ Xây dựng", "Lê Văn Bình")


UNNUMBERED = [
    ("UBND tỉnh Phú Thọ vừa ban hành văn bản về việc phòng cháy rừng mùa khô.", "công văn", "UBND tỉnh Phú Thọ", "về việc phòng cháy rừng mùa khô"),
    ("Chủ tịch UBND huyện Na Rì đã ký quyết định xử phạt Công ty An Bình 40 triệu đồng.", "quyết định", "UBND huyện Na Rì", "xử phạt Công ty An Bình 40 triệu đồng"),
    ("Bộ Y tế có công văn khẩn đề nghị các tỉnh tiêm phòng sởi.", "công văn", "Bộ Y tế", "đề nghị các tỉnh tiêm phòng sởi"),
    ("Sở Xây dựng gửi văn bản đến UBND tỉnh. HĐND tỉnh thông qua Nghị quyết về hỗ trợ hộ nghèo làm nhà.", "nghị quyết", "HĐND tỉnh", "về hỗ trợ hộ nghèo làm nhà"),
    ("Cục Hàng không (Bộ Xây dựng) gửi công văn yêu cầu các hãng bay giảm giá vé.", "công văn", "Cục Hàng không", "yêu cầu các hãng bay giảm giá vé"),
    ("Bà con phấn khởi đón quyết định của Thủ tướng Chính phủ về việc giao rừng cho thôn bản.", "quyết định", "Thủ tướng Chính phủ", "về việc giao rừng cho thôn bản"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "issuer", "subject"), UNNUMBERED, ids=[u[0][:45] for u in UNNUMBERED])
def test_documents_without_a_number(read_text, text: str, kind: str, issuer: str, subject: str) -> None:
    [ref] = read_text(text, place="Lào Cai").refs
    assert (ref.number, ref.type, ref.subject) == (None, kind, subject)
    assert ref.issuer is not None
    assert ref.issuer.startswith(issuer)
    assert ref.text.endswith(subject)


NOT_ISSUED = [
    "Tỉnh có kế hoạch xây dựng sân vận động mới trong năm sau.",
    "UBND tỉnh sẽ có văn bản hướng dẫn các huyện trong tuần sau.",
    "Sở Nội vụ tham mưu UBND tỉnh ban hành quyết định về việc sắp xếp các trường.",
    "Việc thu hồi đất thực hiện theo quy định của pháp luật về đất đai.",
    "Trước khi UBND tỉnh ra quyết định thu hồi đất, các hộ được mời họp.",
]


@pytest.mark.parametrize("text", NOT_ISSUED)
def test_what_nobody_has_issued(read_text, text: str) -> None:
    assert read_text(text).refs == []


def test_a_document_without_its_number_takes_the_one_given_elsewhere(read_text) -> None:
    text = (
        "Phú Thọ ban hành kế hoạch trồng rừng\n"
        "UBND tỉnh Phú Thọ vừa ban hành Kế hoạch phát triển rừng gỗ lớn trên địa bàn tỉnh.\n"
        "Theo Kế hoạch số 45/KH-UBND ngày 1/3/2024 của UBND tỉnh về phát triển rừng gỗ lớn trên địa bàn tỉnh, mỗi xã trồng 30 ha."
    )
    named, numbered = read_text(text).refs
    assert (named.text, named.number, named.date) == ("Kế hoạch phát triển rừng gỗ lớn trên địa bàn tỉnh", "45/KH-UBND", date(2024, 3, 1))
    assert numbered.number == named.number


def test_figures_inside_a_subject_stay_figures(read_text) -> None:
    found = read_text("UBND tỉnh vừa ban hành quyết định phê duyệt dự án trồng 1.200 ha rừng, xong trước ngày 30/9/2024.")
    assert [(q.value, q.unit) for q in found.quantities] == [(1200, "ha")]
    assert [t.until for t in found.times] == [date(2024, 9, 30)]
    assert [r.number for r in found.refs] == [None]


def test_json_keeps_unnumbered_documents_apart(read_text) -> None:
    made = read_text("UBND tỉnh vừa ban hành văn bản về việc phòng cháy rừng, thay Công văn số 12/UBND-NN.").to_json()
    assert [r["number"] for r in made["refs"]] == ["12/UBND-NN"]
    assert [(r["number"], r["type"]) for r in made["unnumbered"]] == [(None, "công văn")]
