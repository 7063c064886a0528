"""Times: what each expression denotes, for a text of 15 July 2024, and what it is for."""

from __future__ import annotations

from datetime import date

import pytest

from chitieu.nlp import Time, Zone


def spans(found: list[Time]) -> list[tuple[str, str | None, str | None]]:
    return [(t.text, t.since.isoformat() if t.since else None, t.until.isoformat() if t.until else None) for t in found]


DAYS = [
    ("Cầu khánh thành ngày 2/9/2023.", "ngày 2/9/2023", "2023-09-02"),
    ("Cầu khánh thành ngày 02-09-2023.", "ngày 02-09-2023", "2023-09-02"),
    ("Cầu khánh thành ngày 2.9.2023.", "ngày 2.9.2023", "2023-09-02"),
    ("Cầu khánh thành ngày 14 tháng 11 năm 2023.", "ngày 14 tháng 11 năm 2023", "2023-11-14"),
    ("Hội nghị họp sáng 5/7.", "sáng 5/7", "2024-07-05"),
    ("Hội nghị họp ngày 12/6.", "ngày 12/6", "2024-06-12"),
    ("Hội nghị họp ngày 1/3.", "ngày 1/3", "2024-03-01"),
    ("Hội nghị họp ngày 20/12.", "ngày 20/12", "2023-12-20"),
    ("Hội nghị họp sáng nay.", "sáng nay", "2024-07-15"),
    ("Hội nghị họp hôm qua.", "hôm qua", "2024-07-14"),
    ("Bà con đã nhận tiền quà 2/9.", "2/9", "2024-09-02"),
    ("Chợ mở sáng nay (15/7).", "sáng nay (15/7", "2024-07-15"),
    ("Lịch hẹn ghi ngày 5 8 2024.", "ngày 5 8 2024", "2024-08-05"),
    ("Hạn chót là 20/7.", "20/7", "2024-07-20"),
    ("Hội nghị họp chiều 10.6.", "chiều 10.6", "2024-06-10"),
    ("Hội nghị họp tiếp chiều mai.", "chiều mai", "2024-07-16"),
    ("Số liệu tính ở thời điểm 1/4.", "1/4", "2024-04-01"),
    ("Báo cáo gửi ngày 10 tháng sau.", "ngày 10 tháng sau", "2024-08-10"),
    ("Hội vật mở sáng mùng 4 Tết.", "sáng mùng 4 Tết", "2024-02-13"),
    ("Hội vật mở ngày mùng 2 Tết Quý Mão 2023.", "ngày mùng 2 Tết Quý Mão 2023", "2023-01-23"),
]


@pytest.mark.parametrize(("text", "span", "day"), DAYS, ids=[d[0] for d in DAYS])
def test_days(read_text, text: str, span: str, day: str) -> None:
    assert spans(read_text(text).times) == [(span, day, day)]


SPANS = [
    ("Tháng 5, xuất khẩu tăng.", "Tháng 5", "2024-05-01", "2024-05-31"),
    ("Tháng 5/2023, xuất khẩu tăng.", "Tháng 5/2023", "2023-05-01", "2023-05-31"),
    ("Tháng 2 năm 2024, xuất khẩu tăng.", "Tháng 2 năm 2024", "2024-02-01", "2024-02-29"),
    ("Tháng Giêng, xuất khẩu tăng.", "Tháng Giêng", "2024-01-01", "2024-01-31"),
    ("Tháng trước, xuất khẩu tăng.", "Tháng trước", "2024-06-01", "2024-06-30"),
    ("Cuối tháng 6/2024, xuất khẩu tăng.", "Cuối tháng 6/2024", "2024-06-21", "2024-06-30"),
    ("Quý I/2024, xuất khẩu tăng.", "Quý I/2024", "2024-01-01", "2024-03-31"),
    ("Quý II, xuất khẩu tăng.", "Quý II", "2024-04-01", "2024-06-30"),
    ("Quý 4 năm 2023, xuất khẩu tăng.", "Quý 4 năm 2023", "2023-10-01", "2023-12-31"),
    ("6 tháng đầu năm, xuất khẩu tăng.", "6 tháng đầu năm", "2024-01-01", "2024-06-30"),
    ("Sáu tháng đầu năm 2023, xuất khẩu tăng.", "Sáu tháng đầu năm 2023", "2023-01-01", "2023-06-30"),
    ("6 tháng cuối năm 2023, xuất khẩu tăng.", "6 tháng cuối năm 2023", "2023-07-01", "2023-12-31"),
    ("9 tháng năm 2023, xuất khẩu tăng.", "9 tháng năm 2023", "2023-01-01", "2023-09-30"),
    ("Nửa đầu năm 2024, xuất khẩu tăng.", "Nửa đầu năm 2024", "2024-01-01", "2024-06-30"),
    ("Đầu năm 2023, xuất khẩu tăng.", "Đầu năm 2023", "2023-01-01", "2023-03-31"),
    ("Giữa năm 2023, xuất khẩu tăng.", "Giữa năm 2023", "2023-06-01", "2023-07-31"),
    ("Cuối năm 2023, xuất khẩu tăng.", "Cuối năm 2023", "2023-10-01", "2023-12-31"),
    ("Cuối quý II, xuất khẩu tăng.", "Cuối quý II", "2024-06-01", "2024-06-30"),
    ("Quý vừa rồi, xuất khẩu tăng.", "Quý vừa rồi", "2024-04-01", "2024-06-30"),
    ("Cuối tháng trước, xuất khẩu tăng.", "Cuối tháng trước", "2024-06-21", "2024-06-30"),
    ("Tuần đầu tháng 6, xuất khẩu tăng.", "Tuần đầu tháng 6", "2024-06-01", "2024-06-07"),
    ("Tuần rồi, xuất khẩu tăng.", "Tuần rồi", "2024-07-08", "2024-07-14"),
    ("Trong các tháng 3, 4, 5 xuất khẩu tăng.", "Trong các tháng 3, 4, 5", "2024-03-01", "2024-05-31"),
    ("Tháng 8.2023, xuất khẩu tăng.", "Tháng 8.2023", "2023-08-01", "2023-08-31"),
    ("Năm tháng tới, xuất khẩu phải tăng.", "Năm tháng tới", "2024-08-01", "2024-12-31"),
    ("Tháng cuối cùng phải tăng 12%.", "Tháng cuối cùng", "2024-12-01", "2024-12-31"),
    ("Bốn tháng của năm 2023, xuất khẩu tăng.", "Bốn tháng của năm 2023", "2023-01-01", "2023-04-30"),
    ("Song 5 tháng chỉ được 40%.", "5 tháng", "2024-01-01", "2024-05-31"),
    ("Sang năm xã sẽ có điện.", "Sang năm", "2025-01-01", "2025-12-31"),
    ("Sau sáu tháng, xuất khẩu tăng.", "sáu tháng", "2024-01-01", "2024-06-30"),
    ("Trồng rừng 7 tháng 37,6 nghìn ha.", "7 tháng", "2024-01-01", "2024-07-31"),
    ("Trồng rừng 7 tháng mới được 37 ha.", "7 tháng", "2024-01-01", "2024-07-31"),
    ("Tuần trước, xuất khẩu tăng.", "Tuần trước", "2024-07-08", "2024-07-14"),
    ("Sở báo cáo trong tuần tới.", "trong tuần tới", "2024-07-22", "2024-07-28"),
    ("Từ năm học 2024 - 2025, trường dạy hai buổi.", "Từ năm học 2024 - 2025", "2024-09-01", None),
    ("Cầu xong tháng 4 sang năm.", "tháng 4 sang năm", "2025-04-01", "2025-04-30"),
    ("Năm nay, xuất khẩu tăng.", "Năm nay", "2024-01-01", "2024-12-31"),
    ("Năm ngoái, xuất khẩu tăng.", "Năm ngoái", "2023-01-01", "2023-12-31"),
    ("Cả năm 2023, xuất khẩu tăng.", "Cả năm 2023", "2023-01-01", "2023-12-31"),
    ("Nhiệm kỳ 2020-2025, xuất khẩu tăng.", "Nhiệm kỳ 2020-2025", "2020-01-01", "2025-12-31"),
    ("Giai đoạn 2021 - 2025, xuất khẩu tăng.", "Giai đoạn 2021 - 2025", "2021-01-01", "2025-12-31"),
    ("Từ năm 2016 đến năm 2020, xuất khẩu tăng.", "Từ năm 2016 đến năm 2020", "2016-01-01", "2020-12-31"),
    ("Từ tháng 3 đến tháng 5/2024, xuất khẩu tăng.", "Từ tháng 3 đến tháng 5/2024", "2024-03-01", "2024-05-31"),
    ("Từ ngày 5/3 đến ngày 10/3/2024, chợ mở cửa.", "Từ ngày 5/3 đến ngày 10/3/2024", "2024-03-05", "2024-03-10"),
    ("10 năm qua, xuất khẩu tăng.", "10 năm qua", "2014-07-15", "2024-07-15"),
    ("Từ đầu năm đến nay, xuất khẩu tăng.", "Từ đầu năm đến nay", "2024-01-01", "2024-07-15"),
    ("Từ năm 2013, xã trồng chè.", "Từ năm 2013", "2013-01-01", None),
    ("Dịp Tết Giáp Thìn 2024, chợ đông.", "Dịp Tết Giáp Thìn 2024", "2024-02-10", "2024-02-12"),
    ("Trước Tết Nguyên đán 2025, xã trả xong nợ.", "Trước Tết Nguyên đán 2025", None, "2025-01-28"),
    ("Từ năm 2018-2022, xã trồng chè.", "Từ năm 2018-2022", "2018-01-01", "2022-12-31"),
    ("Nhiệm kỳ 2020 2025, xuất khẩu tăng.", "Nhiệm kỳ 2020 2025", "2020-01-01", "2025-12-31"),
    ("Từ 9 đến 11-6, chợ đóng cửa.", "Từ 9 đến 11-6", "2024-06-09", "2024-06-11"),
    ("Từ ngày 12 đến 14 tháng 5 năm 2023, chợ đóng cửa.", "Từ ngày 12 đến 14 tháng 5 năm 2023", "2023-05-12", "2023-05-14"),
    ("Quý III/2023 đến quý I/2024, nhà máy nghỉ.", "Quý III/2023 đến quý I/2024", "2023-07-01", "2024-03-31"),
    ("Đầu tháng ba, xuất khẩu tăng.", "Đầu tháng ba", "2024-03-01", "2024-03-10"),
    ("Kinh đô dời ra đây năm 1010.", "năm 1010", "1010-01-01", "1010-12-31"),
    ("Lễ kỷ niệm lập huyện (1954 - 2024) rất đông.", "1954 - 2024", "1954-01-01", "2024-12-31"),
    ("Rừng trồng mới 7 tháng 1.285 ha.", "7 tháng", "2024-01-01", "2024-07-31"),
    ("Thu ngân sách hai quý đạt 300 tỷ đồng.", "hai quý", "2024-01-01", "2024-06-30"),
    ("9 tháng năm ngoái, xuất khẩu tăng.", "9 tháng năm ngoái", "2023-01-01", "2023-09-30"),
    ("Những tháng còn lại, xuất khẩu khó.", "Những tháng còn lại", "2024-07-01", "2024-12-31"),
    ("Năm qua, xuất khẩu tăng.", "Năm qua", "2023-01-01", "2023-12-31"),
    ("Trong năm, xuất khẩu tăng.", "Trong năm", "2024-01-01", "2024-12-31"),
    ("Từ năm 2021 đến nay, xuất khẩu tăng.", "Từ năm 2021 đến nay", "2021-01-01", "2024-07-15"),
    ("Trong 5 năm tới, xuất khẩu sẽ tăng.", "Trong 5 năm tới", "2024-07-15", "2029-07-15"),
    ("Dịp Tết Giáp Thìn, chợ đông.", "Dịp Tết Giáp Thìn", "2024-02-10", "2024-02-12"),
    ("Chợ đông nhất tháng 10, 16/21 xã có hàng.", "tháng 10", "2024-10-01", "2024-10-31"),
    ("Năm học 2023-2024, trường có thêm lớp.", "Năm học 2023-2024", "2023-09-01", "2024-05-31"),
]


@pytest.mark.parametrize(("text", "span", "since", "until"), SPANS, ids=[s[0] for s in SPANS])
def test_spans(read_text, text: str, span: str, since: str | None, until: str | None) -> None:
    assert spans(read_text(text).times) == [(span, since, until)]


DEADLINES = [
    ("Phấn đấu đến năm 2030 xã có chợ.", "đến năm 2030", None, "2030-12-31"),
    ("Phấn đấu đến hết năm 2030 xã có chợ.", "đến hết năm 2030", None, "2030-12-31"),
    ("Phải phát xong quà trước ngày Quốc khánh 02/9/2024.", "trước ngày Quốc khánh 02/9/2024", None, "2024-09-02"),
    ("Phải làm xong trước năm 2030.", "trước năm 2030", None, "2030-12-31"),
    ("Phải làm xong trước ngày 30/9/2024.", "trước ngày 30/9/2024", None, "2024-09-30"),
    ("Phải làm xong trước 17 giờ ngày 20/8/2024.", "trước 17 giờ ngày 20/8/2024", None, "2024-08-20"),
    ("Phải gửi báo cáo chậm nhất ngày 15/8/2024.", "chậm nhất ngày 15/8/2024", None, "2024-08-15"),
    ("Phải làm xong trong năm 2024.", "trong năm 2024", "2024-01-01", "2024-12-31"),
    ("Phải làm xong trong quý III/2024.", "trong quý III/2024", "2024-07-01", "2024-09-30"),
    ("Phải làm xong trong tháng 8/2024.", "trong tháng 8/2024", "2024-08-01", "2024-08-31"),
    ("Phải giao xong mặt bằng trước 30-9.", "trước 30-9", None, "2024-09-30"),
    ("Phải giao xong mặt bằng chậm nhất 15-8.", "chậm nhất 15-8", None, "2024-08-15"),
    ("Phấn đấu hết năm 2025 mọi hộ có nước sạch.", "hết năm 2025", None, "2025-12-31"),
    ("Các xã phải làm xong trong tháng 1.", "trong tháng 1", "2025-01-01", "2025-01-31"),
    ("Từ nay đến hết năm 2024 phải làm xong.", "Từ nay đến hết năm 2024", "2024-07-15", "2024-12-31"),
]


@pytest.mark.parametrize(("text", "span", "since", "until"), DEADLINES, ids=[d[0] for d in DEADLINES])
def test_deadlines(read_text, text: str, span: str, since: str | None, until: str) -> None:
    found = read_text(text).times
    assert spans(found) == [(span, since, until)]
    assert found[0].role == "deadline"


@pytest.mark.parametrize(
    ("text", "span", "role"),
    [
        ("Đến giữa tháng 7, tỉnh giải ngân 743 tỷ đồng.", "Đến giữa tháng 7", "period"),
        ("Đến hết tháng 6, tỉnh đã giải ngân 40% vốn.", "Đến hết tháng 6", "period"),
        ("Tính đến 30/6/2024, tỉnh đã giải ngân 40% vốn.", "Tính đến 30/6/2024", "period"),
        ("Quý I/2024, thu ngân sách đạt 300 tỷ đồng.", "Quý I/2024", "period"),
        ("Thu ngân sách tăng 5% so với năm 2022.", "năm 2022", "base"),
        ("Thu ngân sách tăng 5% so với tháng trước.", "tháng trước", "base"),
        ("Hội nghị khai mạc ngày 5/3/2024.", "ngày 5/3/2024", "date"),
    ],
)
def test_roles(read_text, text: str, span: str, role: str) -> None:
    [found] = read_text(text).times
    assert (found.text, found.role) == (span, role)


def test_a_past_span_to_its_day_has_no_beginning(read_text) -> None:
    [found] = read_text("Tính đến 30/6/2024, tỉnh đã giải ngân 40% vốn.").times
    assert (found.since, found.until) == (None, date(2024, 6, 30))


def test_the_same_period_is_that_of_the_figure_one_year_earlier(read_text) -> None:
    period, same = read_text("Quý I/2024, thu ngân sách tăng 5% so với cùng kỳ năm trước.").times
    assert spans([period, same]) == [
        ("Quý I/2024", "2024-01-01", "2024-03-31"),
        ("cùng kỳ năm trước", "2023-01-01", "2023-03-31"),
    ]
    assert (period.role, same.role) == ("period", "base")


def test_what_is_compared_with_is_not_what_the_same_period_goes_back_from(read_text) -> None:
    found = read_text("Tháng 6, giá tăng 0,1% so với tháng 5/2024 và giảm 1% so với cùng kỳ.").times
    assert spans(found)[-1] == ("cùng kỳ", "2023-06-01", "2023-06-30")


def test_prices_of_a_year_are_no_period(read_text) -> None:
    found = read_text("Sáu tháng đầu năm, giá trị sản xuất (giá so sánh 2010) đạt 900 tỷ đồng, tăng 8% so với cùng kỳ.").times
    assert spans(found)[-1] == ("cùng kỳ", "2023-01-01", "2023-06-30")


def test_the_year_before_is_the_one_before_the_year_told_of(read_text) -> None:
    assert spans(read_text("Năm 2023, thuế thu 1,9 tỷ đồng, gấp đôi năm trước.").times)[-1] == ("năm trước", "2022-01-01", "2022-12-31")
    assert spans(read_text("Thuế thu 1,9 tỷ đồng, gấp đôi năm trước.").times) == [("năm trước", "2023-01-01", "2023-12-31")]


def test_the_year_told_of_may_be_named_without_its_number(read_text) -> None:
    found = spans(read_text("Năm 2021 kinh tế tăng 2,6%; cũng năm ấy dịch bùng phát, thu ngân sách hụt so với một năm trước đó.").times)
    assert [(text, since) for text, since, _ in found] == [("Năm 2021", "2021-01-01"), ("năm ấy", "2021-01-01"), ("một năm trước đó", "2020-01-01")]


def test_a_term_of_years_before_a_day_is_not_the_year_before(read_text) -> None:
    assert spans(read_text("Sở lập kế hoạch 5 năm trước ngày 30/9/2024.").times) == [("trước ngày 30/9/2024", None, "2024-09-30")]


def test_the_same_month_of_another_year(read_text) -> None:
    found = read_text("Chỉ số sản xuất tháng 6 tăng 12% so với cùng tháng năm 2022.").times
    assert spans(found)[-1] == ("cùng tháng năm 2022", "2022-06-01", "2022-06-30")


def test_the_end_of_a_term_is_that_of_the_term_named_before(read_text) -> None:
    found = read_text("Nghị quyết nhiệm kỳ 2020-2025 đề ra: đến cuối nhiệm kỳ, mọi xã có chợ.").times
    assert spans(found)[-1][1:] == (None, "2025-12-31")


def test_the_text_decides_the_year_of_a_part_of_a_year(read_text) -> None:
    year, quarter = read_text("Năm 2021, sau quý III, nhà máy đóng cửa.").times
    assert year.since == date(2021, 1, 1)
    assert quarter.until == date(2021, 9, 30)


@pytest.mark.parametrize(
    "text",
    [
        "Hằng năm, bà con mở hội.",
        "Hiện nay, bà con đã yên tâm.",
        "Thời gian qua và thời gian tới, xã đều lo việc này.",
        "Xong trong vòng 30 ngày kể từ ngày nhận đủ hồ sơ.",
        "Ngày 31/2/2024 không có trong lịch.",
        "Đường 30/4 vừa được rải nhựa.",
        "Bể chứa 2.024 m3 nước.",
        "Số máy 0912 345 678.",
        "Nhiều năm nay, bà con mở hội.",
        "Những năm tới, bà con vẫn mở hội.",
        "Một năm sau, bà con mở hội.",
        "Thu nhập năm sau cao hơn năm trước.",
        "Ban họp mỗi quý một lần.",
        "Đề án 1956 dạy nghề cho bà con.",
        "Hai tuần sau, bà con mở hội.",
        "Giá thuê là 4 triệu đồng/năm.",
        "Báo cáo lập ngày 31 tháng 12 hằng năm.",
        "Báo cáo gửi vào tháng 11 hằng năm.",
        "Giỗ tổ vào ngày 10 tháng 3 âm lịch.",
        "Lễ cúng mở ngày 18/9 Giáp Thìn.",
        "Bản đồ vẽ theo tỷ lệ 1/2000.",
        "Mạng đã đủ người dùng cùng thời điểm.",
        "Xưởng bị đình chỉ hoạt động trong 9 tháng.",
        "Nhà cho thuê ngắn hạn (3 tháng, 6 tháng, 1 năm).",
        "Giá heo từ 5 đến 8-9 triệu đồng.",
        "Vườn rộng từ 2-3 ha.",
    ],
)
def test_what_is_no_time(read_text, text: str) -> None:
    assert spans(read_text(text).times) == []


class TestWithoutPublicationDay:
    def test_what_the_text_dates_itself_is_resolved(self, read_text) -> None:
        found = read_text("Ngày 5/6/2023, xã họp. Đến năm 2025, xã có chợ.", None).times
        assert spans(found) == [("Ngày 5/6/2023", "2023-06-05", "2023-06-05"), ("Đến năm 2025", None, "2025-12-31")]

    @pytest.mark.parametrize("text", ["Năm nay, xã làm đường.", "Sáng nay, xã họp.", "10 năm qua, xã đổi mới.", "Ngày 5/6, xã họp."])
    def test_what_hangs_on_the_day_is_left_out(self, read_text, text: str) -> None:
        assert spans(read_text(text, None).times) == []

    def test_a_year_named_before_dates_a_month(self, read_text) -> None:
        found = read_text("Kế hoạch năm 2022 của xã. Tháng 5, xã mở chợ.", None).times
        assert spans(found)[-1] == ("Tháng 5", "2022-05-01", "2022-05-31")


class TestTheYearATextSpeaksFrom:
    """Without a publication day: what the text names tells in which year its days without one are."""

    @pytest.mark.parametrize(
        ("text", "span", "day"),
        [
            pytest.param("Ông An sinh năm 1972. Năm 2019, xã được mùa. Ngày 5/9, xã họp.", "Ngày 5/9", "2019-09-05", id="a birth is no year of the text"),
            pytest.param("Tháng 9/2014, xã vay vốn. Nhiệm kỳ 2016-2021 mở đầu. Ngày 15/6, xã họp.", "Ngày 15/6", "2016-06-15", id="a term begins"),
            pytest.param("Phấn đấu đến năm 2030 xã có chợ. Tháng 8/2018, xã vay vốn. Ngày 8/10, xã họp.", "Ngày 8/10", "2018-10-08", id="the end of a plan is not its present"),
            pytest.param("Xã có quyết định ngày 15/12/2017. Ngày 27/3, xã họp.", "Ngày 27/3", "2018-03-27", id="days long before the latest date are of the year after"),
            pytest.param("Xã có quyết định ngày 20/6/2019. Ngày 3/6, xã họp.", "Ngày 3/6", "2019-06-03", id="days shortly before it are of its year"),
            pytest.param("Chiều 6/12, xã bàn nhiệm vụ năm 2018.", "Chiều 6/12", "2017-12-06", id="in December one plans for the next year"),
            pytest.param("Sáng 6/2, xã bàn nhiệm vụ năm 2018.", "Sáng 6/2", "2018-02-06", id="in February for this one"),
            pytest.param("Ngày 9/12/2019, xã họp. Ngày 8/1/2020, huyện họp. Ngày 9/12, xã đã hứa.", "Ngày 9/12", "2019-12-09", id="a day once named in full"),
        ],
    )
    def test_a_day_without_its_year(self, read_text, text: str, span: str, day: str) -> None:
        assert (span, day, day) in spans(read_text(text, None).times)

    def test_a_term_alone_does_not_tell(self, read_text) -> None:
        assert [t.text for t in read_text("Nhiệm kỳ 2016-2021 mở đầu. Ngày 15/6, xã họp.", None).times] == ["Nhiệm kỳ 2016-2021"]

    def test_years_told_from_today_are_left_out(self, read_text) -> None:
        assert spans(read_text("Tháng 8/2018, xã vay vốn. Năm nay, xã trả nợ.", None).times) == [("Tháng 8/2018", "2018-08-01", "2018-08-31")]

    def test_what_has_been_done_by_a_day_does_not_look_ahead(self, read_text) -> None:
        found = read_text("Đến ngày 24/6, xã đã họp hai lần.").times
        assert spans(found) == [("Đến ngày 24/6", None, "2024-06-24")]


def test_years_in_a_list_are_years(read_text) -> None:
    assert [t.text for t in read_text("Các năm 2021, 2022 và 2023 đều được mùa.").times] == ["năm 2021", "2022", "2023"]


def test_school_years_in_a_list_are_school_years(read_text) -> None:
    first, second = read_text("Năm học 2021-2022 và 2022-2023 trường đủ lớp.").times
    assert (second.since, second.until) == (date(2022, 9, 1), date(2023, 5, 31))


def test_teasers_are_dated_by_themselves(read_text) -> None:
    text = "Xã mở chợ\nNgày 5/7, xã mở chợ.\nBà con phấn khởi.\nTin liên quan\nNăm nay làm đường"
    assert spans(read_text(text).times) == [("Ngày 5/7", "2024-07-05", "2024-07-05")]


def test_zones_given_by_the_caller_win(read_text) -> None:
    text = "Năm nay làm đường. Năm nay mở chợ."
    body, teaser = Zone(0, 18, "body"), Zone(19, len(text), "teaser")
    assert [t.zone for t in read_text(text, zones=(body,)).times] == ["body", "body"]
    assert spans(read_text(text, zones=(body, teaser)).times) == [("Năm nay", "2024-01-01", "2024-12-31")]


def test_the_end_of_a_plan_does_not_date_what_goes_on_now(read_text) -> None:
    text = "Năm nay huyện trồng 200 ha rừng. Đến năm 2030, huyện phấn đấu có 5.000 ha rừng."
    assert [time.text for time in read_text(text, None).times] == ["Đến năm 2030"]
