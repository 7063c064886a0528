"""Quantities: value, unit and bound of every number that measures or counts."""

from __future__ import annotations

from typing import Any

import pytest

from chitieu.nlp import Quantity


def number(q: Quantity) -> float | tuple[float | None, float | None]:
    return q.value if q.value is not None else (q.low, q.high)


def triples(found: list[Quantity]) -> list[tuple[str, Any, str]]:
    return [(q.text, number(q), q.unit) for q in found]


NUMBERS = [
    ("grouped thousands and a decimal comma", "Diện tích chè đạt 1.234,5 ha.", "1.234,5 ha", 1234.5, "ha"),
    ("thousands alone", "Sản lượng cá đạt 14.771 tấn.", "14.771 tấn", 14_771, "tấn"),
    ("zero-padded count", "Xã được giao 06 chỉ tiêu.", "06 chỉ tiêu", 6, "chỉ tiêu"),
    ("magnitude", "Vốn vay là 873 tỷ đồng.", "873 tỷ đồng", 873e9, "VND"),
    ("two magnitudes", "Vốn vay là 2,5 nghìn tỷ đồng.", "2,5 nghìn tỷ đồng", 2.5e12, "VND"),
    ("half a magnitude", "Vốn vay là 2 tỷ rưỡi đồng.", "2 tỷ rưỡi đồng", 2.5e9, "VND"),
    ("compound magnitude", "Tiền nợ là 5 tỷ 300 triệu đồng.", "5 tỷ 300 triệu đồng", 5.3e9, "VND"),
    ("foreign money", "Nhà máy trị giá 2,5 tỷ USD.", "2,5 tỷ USD", 2.5e9, "USD"),
    ("ten thousands", "Hội xuân đón 3 vạn người.", "3 vạn người", 30_000, "người"),
    ("words", "Thôn có hai nghìn ba trăm hộ.", "hai nghìn ba trăm hộ", 2300, "hộ"),
    ("words with a unit", "Quỹ còn ba tỷ rưỡi đồng.", "ba tỷ rưỡi đồng", 3.5e9, "VND"),
    ("tens in words", "Ba chục hộ được vay vốn.", "Ba chục hộ", 30, "hộ"),
    ("a half", "Gần một nửa dân số làm nghề cá.", "một nửa", 0.5, ""),
    ("a half at the head", "Một nửa số xã đã có chợ.", "Một nửa", 0.5, ""),
    ("three quarters", "Nông dân đã gặt ba phần tư diện tích.", "ba phần tư", 0.75, ""),
    ("twice", "Khách đến gấp đôi mọi năm.", "gấp đôi", 2, "lần"),
    ("half as much again", "Khách đến gấp rưỡi mọi năm.", "gấp rưỡi", 1.5, "lần"),
    ("a multiple", "Khách đến gấp 3,5 lần mọi năm.", "3,5 lần", 3.5, "lần"),
    ("millions a month are money", "Thợ hồ kiếm 9 triệu/tháng.", "9 triệu/tháng", 9e6, "VND/tháng"),
    ("the region of what is counted", "Chợ nối 4 tỉnh miền núi.", "4 tỉnh", 4, "tỉnh"),
    ("a unit ends with its line", "Mật độ 274 người/km2\nDân số tăng đều.", "274 người/km2", 274, "người/km2"),
    ("a sum and its words", "Chi 5.000.000 đồng (Bằng chữ: năm triệu đồng).", "5.000.000 đồng", 5e6, "VND"),
    ("a space before the power", "Ruộng rộng 1.200 m 2.", "1.200 m 2", 1200, "m2"),
    ("no space before the unit", "Nhà bia rộng 30m2.", "30m2", 30, "m2"),
    ("no space before a capital unit", "Trạm biến áp 500kV đã đóng điện.", "500kV", 500, "kV"),
    ("a rank", "Tỉnh đứng thứ 5 toàn quốc.", "5", 5, "rank"),
    ("a rank in words", "Xã xếp thứ ba trong huyện.", "thứ ba", 3, "rank"),
    ("a counted noun before a name", "Trường tặng quà cho hai em Bình và Vân.", "hai em", 2, "em"),
    ("a footnote mark after the unit", "Thu ngân sách đạt 102,5%(1) dự toán.", "102,5%", 102.5, "%"),
    ("a footnote mark stuck to the unit", "Thu ngân sách đạt 102,5%1 dự toán.", "102,5%", 102.5, "%"),
    ("after a year and a comma", "Năm 2023, 15 hộ thoát nghèo.", "15 hộ", 15, "hộ"),
    ("a fraction in digits", "Thời gian giảm 1/3 so với trước.", "1/3", 1 / 3, ""),
    ("a verb after money is no unit", "Huyện chi 5,2 tỷ tổ chức hội xuân.", "5,2 tỷ", 5.2e9, "VND"),
    ("millions alone are money", "Thu nhập của bà con đạt 43,3 triệu.", "43,3 triệu", 43.3e6, "VND"),
    ("money a head, with spaces", "Trường thu 3 triệu / trẻ.", "3 triệu / trẻ", 3e6, "VND/trẻ"),
    ("money in words after a bracket", "Vốn vay (Ba trăm bảy mươi lăm tỷ đồng) đã về.", "Ba trăm bảy mươi lăm tỷ đồng", 375e9, "VND"),
    ("thousands of billions in words", "Vốn là ba nghìn sáu trăm năm mươi tỷ đồng.", "ba nghìn sáu trăm năm mươi tỷ đồng", 3650e9, "VND"),
    ("sums in words with a comma", "Vốn là mười ba tỷ, bốn trăm năm mươi triệu đồng.", "mười ba tỷ, bốn trăm năm mươi triệu đồng", 13.45e9, "VND"),
    ("bare money in words", "Cần hơn một nghìn tỷ đầu tư cảng.", "một nghìn tỷ", 1e12, "VND"),
    ("a unit in brackets", "Tổng mức đầu tư là 2.822.250.000 (đồng).", "2.822.250.000 (đồng)", 2_822_250_000, "VND"),
    ("a unit in the column before", "Diện tích sàn   m²   4.600", "4.600", 4600, "m2"),
    ("a count named before its number", "Tổng số tàu đã đóng là 51.", "51", 51, "tàu"),
    ("half an hour", "Lễ cúng xong trong nửa giờ.", "nửa giờ", 0.5, "giờ"),
    ("hours told as tiếng", "Đoàn đi mất 3 tiếng.", "3 tiếng", 3, "giờ"),
    ("one ton", "Bà con vớt khoảng một tấn cá.", "một tấn", 1, "tấn"),
    ("one dead", "Lũ làm một người thiệt mạng.", "một người", 1, "người"),
    ("one month before", "Họ đã ký trước đó một tháng.", "một tháng", 1, "tháng"),
    ("billionaires", "Nước ta có 5 tỷ phú.", "5 tỷ phú", 5, "tỷ phú"),
    ("deputies", "Tỉnh có 4 phó chủ tịch.", "4 phó chủ tịch", 4, "phó chủ tịch"),
    ("parts of projects", "Thành phố có 36 tiểu dự án.", "36 tiểu dự án", 36, "tiểu dự án"),
    ("women counted as what they are", "Đoàn có 6 nữ cán bộ.", "6 nữ cán bộ", 6, "cán bộ"),
    ("a one-letter noun", "Chuồng được chia thành 3 ô.", "3 ô", 3, "ô"),
    ("characters weigh nothing", "Mã gồm 3 ký tự.", "3 ký tự", 3, "ký tự"),
    ("a count after a word that ends like a name", "Xã lập danh mục 12 dự án.", "12 dự án", 12, "dự án"),
    ("a percentage after a year and a colon", "Đến năm 2045: 100% hộ dân có điện.", "100%", 100, "%"),
    ("exact products", "Vốn giao là 2.146,8 tỷ đồng.", "2.146,8 tỷ đồng", 2_146_800_000_000, "VND"),
    ("a unit in capitals", "Cảng đón tàu 800 CV.", "800 CV", 800, "CV"),
    ("half a year more", "Cầu xây mất ba năm rưỡi.", "ba năm rưỡi", 3.5, "năm"),
    ("a half told otherwise", "Xuất khẩu đạt phân nửa kế hoạch.", "phân nửa", 0.5, ""),
    ("a name that begins like a number", "Xã còn 12 hộ nghèo, theo UBND huyện Ba Chẽ.", "12 hộ nghèo", 12, "hộ nghèo"),
    ("places of several levels", "Hội nghị nối tới 13 huyện, thành, thị.", "13 huyện, thành, thị", 13, "huyện, thành, thị"),
    ("who invests", "Hiện có 7 chủ đầu tư chậm.", "7 chủ đầu tư", 7, "chủ đầu tư"),
    ("a rank by its class", "Chỉ số cải cách của tỉnh tụt xuống hạng 39.", "39", 39, "rank"),
    ("what a plan is set beside is no unit", "Vốn thực hiện 8.215 tỷ đồng/kế hoạch.", "8.215 tỷ đồng", 8215e9, "VND"),
    ("a coefficient", "Phụ cấp có hệ số 0,5 trở lên.", "0,5", 0.5, ""),
    ("comrades are no money", "Tỉnh khen 15 đồng chí.", "15 đồng chí", 15, "đồng chí"),
    ("beds of a hospital are no name of it", "Bệnh viện 600 giường đã khởi công.", "600 giường", 600, "giường"),
    ("a capacity after the number of a plant", "Hồ Nậm Sông 2, 100 MW đã phát điện.", "100 MW", 100, "MW"),
    ("what the region is, not what is counted", "Tỉnh có 55 xã nông thôn mới.", "55 xã", 55, "xã"),
    ("five years in words", "Thị xã xây xong kè trong năm năm.", "năm năm", 5, "năm"),
    ("five times in words", "Trồng sâm lãi gấp năm lần.", "năm lần", 5, "lần"),
    ("half a time more", "Chi phí gấp hai lần rưỡi.", "hai lần rưỡi", 2.5, "lần"),
    ("a floor area a head", "Mỗi người có 24,1 m2 sàn/người.", "24,1 m2 sàn/người", 24.1, "m2/người"),
    ("millions of people", "Số người tham gia bảo hiểm đạt 1,2 triệu.", "1,2 triệu", 1.2e6, "người"),
    ("percent in words", "Số hộ có thẻ còn sáu chục phần trăm.", "sáu chục phần trăm", 60, "%"),
    ("points of a rate", "Tỷ lệ hộ nghèo giảm 1,4 điểm.", "1,4 điểm", 1.4, "điểm %"),
    ("points of a score", "Điểm chỉ số PCI tăng 1,4 điểm.", "1,4 điểm", 1.4, "điểm"),
    ("what the poor are counted as", "Hộ nghèo còn 61.", "61", 61, "hộ nghèo"),
    ("parts of a document", "Chiến lược gồm 5 mục.", "5 mục", 5, "mục"),
    ("money after a word that also names", "Xã được cấp 7 tỷ.", "7 tỷ", 7e9, "VND"),
    ("a long count after a word that also names", "Quỹ cấp 4.500 suất học bổng.", "4.500 suất học bổng", 4500, "suất học bổng"),
]


@pytest.mark.parametrize(("text", "span", "value", "unit"), [pytest.param(*row, id=name) for name, *row in NUMBERS])
def test_numbers(read_text, text: str, span: str, value: float, unit: str) -> None:
    assert triples(read_text(text).quantities) == [(span, pytest.approx(value), unit)]


RANGES = [
    ("hyphen", "Năng suất đạt 120-150 kg.", "120-150 kg", 120, 150, "kg"),
    ("decimals", "GRDP tăng 8,4-8,7%.", "8,4-8,7%", 8.4, 8.7, "%"),
    ("spaced hyphen", "GRDP tăng 8,4 - 8,7%.", "8,4 - 8,7%", 8.4, 8.7, "%"),
    ("en dash", "GRDP tăng 8,4–8,7%.", "8,4–8,7%", 8.4, 8.7, "%"),
    ("from … to", "Chi phí từ 20 đến 25 triệu đồng.", "20 đến 25 triệu đồng", 20e6, 25e6, "VND"),
    ("a unit at each end", "GRDP tăng 6% - 6,5%.", "6% - 6,5%", 6, 6.5, "%"),
    ("a magnitude at each end", "Mỗi tuyến tốn từ 900 triệu đến 1,2 tỷ đồng.", "900 triệu đến 1,2 tỷ đồng", 9e8, 1.2e9, "VND"),
    ("money at each end", "Chi phí từ 5 tỷ đồng đến 7 tỷ đồng.", "5 tỷ đồng đến 7 tỷ đồng", 5e9, 7e9, "VND"),
    ("two words in a row", "Vụ kiện mất hai ba năm.", "hai ba năm", 2, 3, "năm"),
    ("rate", "Thu nhập đạt 1.900-2.000 USD/người/năm.", "1.900-2.000 USD/người/năm", 1900, 2000, "USD/người/năm"),
]


@pytest.mark.parametrize(("text", "span", "low", "high", "unit"), [pytest.param(*row, id=name) for name, *row in RANGES])
def test_ranges(read_text, text: str, span: str, low: float, high: float, unit: str) -> None:
    [q] = read_text(text).quantities
    assert (q.text, q.value, q.low, q.high, q.unit) == (span, None, low, high, unit)


@pytest.mark.parametrize(
    ("text", "span", "value", "of", "unit"),
    [
        ("Xã đã đạt 15/19 tiêu chí.", "15/19 tiêu chí", 15, 19, "tiêu chí"),
        ("Huyện hoàn thành 23/29 chỉ tiêu.", "23/29 chỉ tiêu", 23, 29, "chỉ tiêu"),
        ("Có 3 trên 17 chỉ tiêu khó đạt.", "3 trên 17 chỉ tiêu", 3, 17, "chỉ tiêu"),
        ("Tỉnh xếp thứ 9/14 trong vùng.", "9/14", 9, 14, "rank"),
    ],
)
def test_so_many_of_so_many(read_text, text: str, span: str, value: float, of: float, unit: str) -> None:
    [q] = read_text(text).quantities
    assert (q.text, q.value, q.of, q.unit) == (span, value, of, unit)


def test_a_list_shares_the_unit_of_its_last_figure(read_text) -> None:
    found = read_text("Ba vụ lúa lần lượt tăng 2, 3 và 5%.").quantities
    assert triples(found)[1:] == [("2", 2, "%"), ("3", 3, "%"), ("5%", 5, "%")]


def test_a_level_before_has_the_unit_of_the_level_after(read_text) -> None:
    found = read_text("Thu nhập tăng từ 20 lên 43 triệu đồng, sản lượng tôm từ 3.000 lên 10.000 tấn.").quantities
    assert triples(found) == [
        ("20", 20e6, "VND"),
        ("43 triệu đồng", 43e6, "VND"),
        ("3.000", 3_000, "tấn"),
        ("10.000 tấn", 10_000, "tấn"),
    ]


def test_a_level_after_has_the_unit_of_the_level_before(read_text) -> None:
    found = read_text("Ngành đã cắt từ 115 thủ tục xuống 28; xuất khẩu gạo đạt 4 tỷ USD, thủy sản 9 tỷ.").quantities
    assert triples(found) == [("115 thủ tục", 115, "thủ tục"), ("28", 28, "thủ tục"), ("4 tỷ USD", 4e9, "USD"), ("9 tỷ", 9e9, "USD")]


def test_a_price_is_not_of_the_unit_before(read_text) -> None:
    assert triples(read_text("Căn hộ rộng 45 m2 có giá 600 triệu.").quantities) == [("45 m2", 45, "m2"), ("600 triệu", 6e8, "VND")]


def test_english_figures_are_read_as_such_where_their_text_shows_it(read_text) -> None:
    found = read_text("Vốn giải ngân 1,250.75 triệu đồng, lãi 12.5 triệu đồng, thuế 508.25 triệu đồng.").quantities
    assert [q.value for q in found] == [1_250_750_000, 12_500_000, 508_250_000]


UNITS = [
    ("Tỷ lệ đạt 3%.", "%"),
    ("Tỷ lệ đạt 3 phần trăm.", "%"),
    ("Chỉ số tăng 0,35 điểm phần trăm.", "điểm %"),
    ("Chỉ số tăng 0,35 điểm %.", "điểm %"),
    ("Vốn là 12 tỷ đồng.", "VND"),
    ("Vé giá 20.000đ.", "VND"),
    ("Vốn là 500 đô la.", "USD"),
    ("Ruộng rộng 3,5 héc ta.", "ha"),
    ("Ruộng rộng 20 sào.", "sào"),
    ("Ruộng rộng 3 mẫu.", "mẫu"),
    ("Ruộng rộng 15 công đất.", "công"),
    ("Nhà rộng 4.000 m².", "m2"),
    ("Nhà rộng 4.000 mét vuông.", "m2"),
    ("Đảo rộng 589 km2.", "km2"),
    ("Đường dài 12,5 km.", "km"),
    ("Kè dài 850 m.", "m"),
    ("Bể chứa 12 m3.", "m3"),
    ("Lợn nặng 30 yến.", "yến"),
    ("Kho trữ 45 tạ.", "tạ"),
    ("Kho trữ 45 tấn.", "tấn"),
    ("Gà nặng 2,5 kg.", "kg"),
    ("Thủy điện có công suất 150 MW.", "MW"),
    ("Điện thương phẩm đạt 1,2 tỷ kWh.", "kWh"),
    ("Năng suất lúa đạt 58,5 tạ/ha.", "tạ/ha"),
    ("Thu nhập đạt 65 triệu đồng/người/năm.", "VND/người/năm"),
    ("Nhà nước hỗ trợ 5 triệu đồng mỗi hộ.", "VND/hộ"),
    ("Giá bán 30.000 đồng/kg.", "VND/kg"),
    ("Toàn tỉnh có 32 giường bệnh/vạn dân.", "giường bệnh/vạn dân"),
    ("Công trình kéo dài 5 năm.", "năm"),
    ("Bài thi đạt 8,25 điểm.", "điểm"),
    ("Huyện có 12 dự án.", "dự án"),
    ("Huyện có 340 lao động.", "lao động"),
    ("Huyện đón 57 lượt khách.", "lượt khách"),
    ("Huyện có 2 trường học.", "trường học"),
    ("Hợp tác xã mua 20 máy cày.", "máy cày"),
]


@pytest.mark.parametrize(("text", "unit"), UNITS, ids=[text for text, _ in UNITS])
def test_units(read_text, text: str, unit: str) -> None:
    [q] = read_text(text).quantities
    assert q.unit == unit
    assert q.text in text


BOUNDS = [
    ("Thôn còn 40 hộ nghèo.", "="),
    ("Thu ngân sách ước đạt 12 tỷ đồng.", "~"),
    ("Đón khoảng 300 lượt khách.", "~"),
    ("Đón gần 300 lượt khách.", "~"),
    ("Đón xấp xỉ 300 lượt khách.", "~"),
    ("Đón chừng 300 lượt khách.", "~"),
    ("Đón trên 300 lượt khách.", ">"),
    ("Đón hơn 300 lượt khách.", ">"),
    ("Thôn còn dưới 40 hộ nghèo.", "<"),
    ("Thôn còn chưa đến 40 hộ nghèo.", "<"),
    ("Thôn còn chưa đầy 40 hộ nghèo.", "<"),
    ("Tối thiểu 85% số xã có chợ.", ">="),
    ("Lưu lượng xả không nhỏ hơn 15 m3/s.", ">="),
    ("Đơn được trả lời chậm nhất 45 ngày sau khi nhận.", "<="),
    ("Thu tại chỗ lo được trên dưới 50% số chi.", "~"),
    ("Sản xuất công nghiệp ước tăng 7,75%.", "~"),
    ("Ít nhất 85% số xã có chợ.", ">="),
    ("Không dưới 85% số xã có chợ.", ">="),
    ("Tỷ lệ phải đạt từ 85%.", ">="),
    ("Tỷ lệ phải đạt từ 85% trở lên.", ">="),
    ("Nhóm có 10 người trở lên.", ">="),
    ("Nhóm có 10 người trở xuống.", "<="),
    ("Tổng mức đầu tư không quá 15 tỷ đồng.", "<="),
    ("Tổng mức đầu tư tối đa 15 tỷ đồng.", "<="),
    ("Phiếu tín nhiệm bằng hoặc dưới 50%.", "<="),
    ("Tài sản ít nhất tương đương 10 tỷ đồng.", ">="),
    ("Cơ sở có từ 30% lao động là nữ trở lên.", ">="),
    ("Mỗi ngày thu chưa tròn 500.000 đồng.", "<"),
    ("Đường có chiều dài hơn 120 km.", ">"),
    ("Cây đã ngoài 40 tuổi.", ">"),
    ("Nạn này có khoảng 10 năm trở lại đây.", "~"),
    ("Lở đất chặn xe trên 23 tuyến đường.", "="),
    ("Theo điều ước, mỗi vụ có 4 phòng.", "="),
]


@pytest.mark.parametrize(("text", "bound"), BOUNDS, ids=[text for text, _ in BOUNDS])
def test_bounds_stand_outside_the_span(read_text, text: str, bound: str) -> None:
    [q] = read_text(text).quantities
    assert q.bound == bound
    assert q.text[0].isdigit()


NO_QUANTITIES = [
    ("row numbers of a flattened table", "Nơi đặt kho:   1   Kho số một   Lào Cai   2   Kho số hai   Sơn La   3   Kho số ba"),
    ("plate of a vehicle", "Xe mang biển 24A - 123.45 dừng ở cổng chợ."),
    ("an ordinal", "Bà con được thăm lần 2."),
    ("article of a law", "Điều 5 và khoản 3 nêu rõ việc này."),
    ("road", "Quốc lộ 32 đã thông xe."),
    ("kilometre stone", "Đoạn qua Km 12 bị sạt lở."),
    ("telephone", "Người dân gọi số 0912345678."),
    ("congress and term", "Đại hội lần thứ 10, nhiệm kỳ khóa 16."),
    ("session", "Kỳ họp thứ 22 đã bế mạc."),
    ("time of day", "Lúc 8 giờ sáng, đoàn lên đường."),
    ("time of day with minutes", "Lúc 8 giờ 30 phút, đoàn lên đường."),
    ("short time of day", "Từ 8h30, đoàn lên đường."),
    ("network generation", "Mạng 5G đã phủ sóng."),
    ("disease", "Dịch Covid-19 đã lắng."),
    ("resolution by its figure", "Tỉnh triển khai Nghị quyết 68 tới các xã."),
    ("school level", "Em vừa vào cấp 3, học lớp 10."),
    ("score", "Tỷ số 2-1 nghiêng về đội chủ nhà."),
    ("quarter of a town", "Nhà ở tổ 7, khu phố 3."),
    ("scale of a map", "Bản đồ tỷ lệ 1:50.000."),
    ("school number", "Trường Tiểu học số 2 khánh thành."),
    ("article 'một'", "Đó là một công trình đẹp."),
    ("vague numbers", "Một số xã, nhiều hộ, các thôn, vài trăm người, hàng nghìn cây."),
    ("list items", "Chương trình gồm:\n1. Khai mạc\n2. Thảo luận\n3. Bế mạc"),
    ("day and year", "Ngày 5/6/2024 và năm 2025."),
    ("document number", "Quyết định số 1298/QĐ-UBND đã có hiệu lực."),
    ("service number", "Tổng đài 1900.9068 mở cả ngày."),
    ("day of the lunar year", "Chợ họp 11 tháng Giêng."),
    ("house number", "Chợ ở 45 Nguyễn Thái Học, gần 8B Lê Trực."),
    ("traffic sign", "Biển cấm 106b đã được cắm."),
    ("day of the week", "Thứ 2 tuần sau, đoàn lên đường."),
    ("deadline on the clock", "Báo cáo gửi chậm nhất 17 giờ thứ sáu."),
    ("telephone with its area", "Điện thoại: (028) 3930 3279."),
    ("procedure by its code", "Thủ tục cấp tỉnh mang mã 2.002058."),
    ("scale written as a fraction", "Quy hoạch chi tiết tỷ lệ 1/2.000 khu đô thị."),
    ("items of a list", "Các tổ chức quy định từ 1 đến 22 thuộc Bộ."),
    ("notice by its figure", "Thanh tra có thông báo 1483 công bố sai phạm."),
    ("laws by their article", "Theo các Điều 17, 18 và 21 Thông tư này."),
    ("a figure after 'nhà nước'", "Ủy ban Kế hoạch Nhà nước 2."),
    ("a company's form", "Công ty TNHH hai thành viên đã nộp thuế."),
    ("a rucksack", "Thầy giáo đeo ba lô đứng đợi."),
    ("for single use", "Phố cấm đồ nhựa dùng 1 lần."),
    ("lunar day", "Giỗ tổ vào ngày 10 tháng 3 âm lịch."),
    ("number plate", "Chiếc xe biển xanh 68 A bị dừng."),
    ("road by its kind", "Trụ sở ở 44 Đại lộ Lê Lợi."),
    ("crossroads", "Đoạn từ ngã 3 xã Đoàn Lập đã xong."),
    ("no number at all", "Bà con phấn khởi."),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NO_QUANTITIES])
def test_what_is_no_quantity(read_text, text: str) -> None:
    assert triples(read_text(text).quantities) == []


def test_one_counts_beside_other_counts_of_its_kind(read_text) -> None:
    found = read_text("Huyện bố trí 16 điểm thi ở thị trấn và một điểm thi ở xã.").quantities
    assert triples(found) == [("16 điểm thi", 16, "điểm thi"), ("một điểm thi", 1, "điểm thi")]


def test_the_same_sum_again_needs_no_unit(read_text) -> None:
    found = read_text("Mỗi người được tặng 100.000 đồng. Cách nhận 100.000 rất dễ.").quantities
    assert [(q.value, q.unit) for q in found] == [(100_000, "VND"), (100_000, "VND")]


def test_so_many_out_of_a_total_are_of_its_kind(read_text) -> None:
    found = read_text("Đoàn kiểm tra 46 trên tổng số 1.061 công trình.").quantities
    assert triples(found) == [("46", 46, "công trình"), ("1.061 công trình", 1061, "công trình")]


def test_thousands_that_end_in_zeros_are_vietnamese(read_text) -> None:
    """One stray "255.00" makes no English text."""
    found = read_text("Thành phố thu 255.00 tỷ đồng, xin thưởng 10.000 tỷ đồng, giữ 200.000 tỷ đồng.").quantities
    assert [q.value for q in found][1:] == [10e12, 200e12]


def test_ranks_on_the_way(read_text) -> None:
    found = read_text("Chỉ số tăng từ thứ 17 lên vị trí thứ 2.").quantities
    assert triples(found) == [("17", 17, "rank"), ("2", 2, "rank")]


@pytest.mark.parametrize(
    ("text", "value", "of", "unit"),
    [
        ("Huyện giải ngân 187/240 tỷ đồng.", 187e9, 240e9, "VND"),
        ("Huyện giải ngân 3.940/6.500 tỷ đồng.", 3940e9, 6500e9, "VND"),
        ("Xã bàn giao 41,3/47,2ha đất.", 41.3, 47.2, "ha"),
        ("Lũ làm ngập 16/21 xã, thị trấn.", 16, 21, "xã, thị trấn"),
        ("Tỉnh có 11/16 khoản thu vượt dự toán.", 11, 16, "khoản thu"),
    ],
)
def test_so_much_of_so_much(read_text, text: str, value: float, of: float, unit: str) -> None:
    [found] = read_text(text).quantities
    assert (found.value, found.of, found.unit) == (value, of, unit)


def test_two_counts_with_one_noun(read_text) -> None:
    assert triples(read_text("Hai xã mới đạt lần lượt 14 và 13 tiêu chí.").quantities)[-2:] == [("14", 14, "tiêu chí"), ("13 tiêu chí", 13, "tiêu chí")]
