"""Statements and tasks: clear examples of each class."""

from __future__ import annotations

from datetime import date

import pytest

from chitieu.nlp import Extraction


def facts(found: Extraction) -> list[tuple[str, str, str, str]]:
    figures = {q.id: q.text for q in found.quantities}
    return [(s.text, figures[s.q], s.role, s.dir) for s in found.statements]


STATEMENTS = [
    ("target with a deadline", "Phấn đấu đến năm 2025, tỷ lệ hộ nghèo của tỉnh còn dưới 3%.", "tỷ lệ hộ nghèo của tỉnh", "3%", "target", ""),
    ("plan of a year", "Mục tiêu năm 2025: tốc độ tăng trưởng kinh tế đạt 9%.", "tốc độ tăng trưởng kinh tế", "9%", "target", ""),
    ("level", "Tỷ lệ che phủ rừng của tỉnh đạt 58,2%.", "Tỷ lệ che phủ rừng của tỉnh", "58,2%", "actual", ""),
    ("fallen to a level", "Tỷ lệ hộ nghèo giảm còn 4,2%.", "Tỷ lệ hộ nghèo", "4,2%", "actual", ""),
    ("growth", "Sản lượng thủy sản tăng 3,5% so với năm 2022.", "Sản lượng thủy sản", "3,5%", "change", "up"),
    ("decline", "Sản lượng thủy sản giảm 3,5% so với năm 2022.", "Sản lượng thủy sản", "3,5%", "change", "down"),
    ("share of a plan", "Tỷ lệ giải ngân vốn đầu tư công đạt 42,5% kế hoạch.", "Tỷ lệ giải ngân vốn đầu tư công", "42,5%", "progress", ""),
]


@pytest.mark.parametrize(("text", "indicator", "figure", "role", "dir"), [pytest.param(*row, id=name) for name, *row in STATEMENTS])
def test_one_statement(read_text, text: str, indicator: str, figure: str, role: str, dir: str) -> None:
    assert facts(read_text(text)) == [(indicator, figure, role, dir)]


def test_level_progress_and_change_share_their_indicator(read_text) -> None:
    found = read_text("Thu ngân sách nhà nước đạt 5.120 tỷ đồng, bằng 52,3% dự toán, tăng 9,4% so với cùng kỳ năm trước.")
    assert [(f, role, dir) for _, f, role, dir in facts(found)] == [
        ("5.120 tỷ đồng", "actual", ""),
        ("52,3%", "progress", ""),
        ("9,4%", "change", "up"),
    ]
    assert {s.text for s in found.statements} == {"Thu ngân sách nhà nước"}


def test_a_list_of_sectors(read_text) -> None:
    found = facts(read_text("Nông nghiệp tăng 3,2%, công nghiệp tăng 8,1%, dịch vụ tăng 9,3%."))
    assert [(i.lower(), f, role) for i, f, role, _ in found] == [
        ("nông nghiệp", "3,2%", "change"),
        ("công nghiệp", "8,1%", "change"),
        ("dịch vụ", "9,3%", "change"),
    ]


def test_time_and_place_of_a_statement(read_text) -> None:
    found = read_text("Sáu tháng đầu năm 2024, thu ngân sách của tỉnh Phú Thọ đạt 4.300 tỷ đồng.")
    [s] = found.statements
    [t] = found.times
    assert (s.t, s.place) == (t.id, "Phú Thọ")


def test_a_target_takes_its_deadline(read_text) -> None:
    found = read_text("Phấn đấu đến năm 2030, tỷ lệ che phủ rừng đạt 60%.")
    [s] = found.statements
    [t] = found.times
    assert (s.role, s.t, t.role) == ("target", t.id, "deadline")


PLAN = """Các chỉ tiêu phát triển bền vững của cả nước là gì?

Theo Nghị quyết 41/2021/QH15, đến năm 2025 có các chỉ tiêu sau:

- Tỷ lệ lao động qua đào tạo đạt 68%;
- Tỷ lệ che phủ rừng đạt 42%.

Chỉ tiêu của chương trình nước sạch quy định thế nào?

Căn cứ khoản 2 Điều 1 Quyết định 512/QĐ-TTg, các chỉ tiêu được quy định như sau:

- Tỷ lệ hộ dân thành thị dùng nước sạch đạt 95%;

- Tỷ lệ thất thoát nước dưới 18%."""


def test_an_answer_that_cites_its_own_document_takes_no_time_of_the_answer_before(read_text) -> None:
    found = read_text(PLAN)
    times = {t.id: t.text for t in found.times}
    assert [(s.text, times.get(s.t or "")) for s in found.statements] == [
        ("Tỷ lệ lao động qua đào tạo", "đến năm 2025"),
        ("Tỷ lệ che phủ rừng", "đến năm 2025"),
        ("Tỷ lệ hộ dân thành thị dùng nước sạch", None),
        ("Tỷ lệ thất thoát nước", None),
    ]


def test_rows_told_alike_take_the_times_that_stand_alike(read_text) -> None:
    found = read_text("Giáo viên dạy nghề cần 48.000 người năm 2015, 72.000 người năm 2020.")
    times = {t.id: t.text for t in found.times}
    assert [times.get(s.t or "") for s in found.statements] == ["năm 2015", "năm 2020"]


def test_the_year_of_constant_prices_is_nobodys_time(read_text) -> None:
    found = read_text(
        "Theo nghị quyết, năm 2024 tỉnh phấn đấu tăng trưởng đạt 8%. Giá trị sản xuất công nghiệp theo giá so sánh 2010 là 1.055 nghìn tỷ đồng. "
        "Tổng thu ngân sách nhà nước được giao 20.100 tỷ đồng.",
        date(2023, 12, 7),
    )
    times = {t.id: t.text for t in found.times}
    assert [times.get(s.t or "") for s in found.statements] == ["năm 2024"] * 3


def test_the_place_given_by_the_caller_holds_where_the_text_names_none(read_text) -> None:
    assert read_text("Tỷ lệ che phủ rừng đạt 58,2%.", place="Lào Cai").place == "Lào Cai"


@pytest.mark.parametrize("text", ["Đoàn xe đi 12 km trong mưa.", "Bà con phấn khởi."])
def test_no_indicator_no_target(read_text, text: str) -> None:
    assert [s for s in read_text(text).statements if s.role == "target"] == []


TASKS = [
    (
        "order",
        "Chủ tịch UBND tỉnh yêu cầu Sở Xây dựng khẩn trương rà soát quy hoạch, báo cáo trước ngày 30/8/2024.",
        [("rà soát quy hoạch", "Sở Xây dựng", "trước ngày 30/8/2024")],
    ),
    (
        "duty",
        "Sở Y tế phải hoàn thành việc tiêm chủng trong tháng 8/2024.",
        [("hoàn thành việc tiêm chủng", "Sở Y tế", "trong tháng 8/2024")],
    ),
    (
        "items under a lead-in",
        "Yêu cầu thủ trưởng các sở, ban, ngành:\n- Rà soát toàn bộ thủ tục hành chính.\n- Báo cáo kết quả trước ngày 15/9/2024.",
        [
            ("Rà soát toàn bộ thủ tục", "thủ trưởng các sở, ban, ngành", None),
            ("Báo cáo kết quả", "thủ trưởng các sở, ban, ngành", "trước ngày 15/9/2024"),
        ],
    ),
    (
        "whoever commands is not who is told",
        "Kết luận hội nghị, đồng chí Bí thư Tỉnh ủy lưu ý các đơn vị cần tiếp tục rà soát các chỉ tiêu đã đề ra.",
        [("tiếp tục rà soát", "các đơn vị", None)],
    ),
    (
        "a body behind the order before",
        "Thủ tướng yêu cầu Bộ Tài chính rà soát dự toán; Bộ Y tế chỉ đạo các bệnh viện dự trữ đủ thuốc.",
        [("rà soát dự toán", "Bộ Tài chính", None), ("chỉ đạo các bệnh viện", "Bộ Y tế", None)],
    ),
    (
        "a topic as a heading",
        "Thủ tướng Chính phủ yêu cầu Bộ trưởng Bộ Công Thương:\n(1) Về nguồn điện:\n- Rà soát tiến độ các dự án nguồn điện.\n(2) Về truyền tải điện:\n- Hoàn thành đường dây 500 kV trong năm 2025.",
        [("Rà soát tiến độ", "Bộ trưởng Bộ Công Thương", None), ("Hoàn thành đường dây", "Bộ trưởng Bộ Công Thương", "trong năm 2025")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*row, id=name) for name, *row in TASKS])
def test_tasks(read_text, text: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = read_text(text)
    times = {t.id: t.text for t in found.times}
    assert len(found.tasks) == len(expected)
    for task, (words, who, deadline) in zip(found.tasks, expected, strict=True):
        assert words in task.text
        assert (task.who, times.get(task.t or "")) == (who, deadline)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Cử tri đề nghị Quốc hội xem xét sửa đổi luật.", id="proposal upward"),
        pytest.param("Năm qua, Sở Y tế đã tổ chức tiêm chủng cho trẻ em.", id="narrative"),
        pytest.param("Phấn đấu đến năm 2030, tỷ lệ che phủ rừng đạt 60%.", id="goal"),
        pytest.param(
            "Mục tiêu tổng quát của kế hoạch 5 năm là gì?\n\nTheo Nghị quyết 16/2021/QH15, mục tiêu tổng quát như sau:\n\n"
            "Bảo đảm ổn định kinh tế vĩ mô; nâng cao năng suất, chất lượng tăng trưởng.\n\nPhát triển văn hóa, xã hội hài hòa với kinh tế.",
            id="general goals of a plan",
        ),
    ],
)
def test_what_is_no_task(read_text, text: str) -> None:
    assert [t.text for t in read_text(text).tasks] == []
