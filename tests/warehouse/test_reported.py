"""Directives told without their number, and tasks reported done: pairs written for the purpose."""

from __future__ import annotations

from datetime import date

import pytest

from chitieu.pipelines.reported import Done, Issued, Ordered, Told, announced, done_tasks, retold_documents

DROUGHT = Issued("17/CĐ-UBND", "công điện", date(2024, 4, 16), "Nghệ An")
LAND = Issued("2210/UBND-NN", "công văn", date(2024, 4, 15), "Nghệ An")
FIRE = Issued("18/CĐ-UBND", "công điện", date(2024, 4, 18), "Nghệ An")

NUMBERED = [
    Told("drought", 1, (
        "Công điện số 17/CĐ-UBND về phòng, chống hạn hán vụ hè thu 2024\n\nChủ tịch UBND tỉnh ký Công điện số 17/CĐ-UBND ngày 16/4/2024. "
        "Mực nước 61 hồ chứa chỉ còn 38% dung tích. Yêu cầu Công ty Thủy lợi Bắc lắp 24 trạm bơm dã chiến trước ngày 30/4/2024, "
        "chuyển 5.200 ha lúa sang ngô, đậu ở các xã cuối kênh, trữ nước sinh hoạt cho 7.800 hộ vùng cao."
    ), date(2024, 4, 17), "Nghệ An", (DROUGHT,)),
    Told("land", 1, (
        "UBND tỉnh chấn chỉnh việc cấp giấy chứng nhận quyền sử dụng đất\n\nUBND tỉnh có Công văn 2210/UBND-NN ngày 15/4/2024 yêu cầu các huyện "
        "giải quyết dứt điểm 3.140 hồ sơ đất đai quá hạn, công khai quy trình tại bộ phận một cửa, xử lý cán bộ địa chính gây phiền hà."
    ), date(2024, 4, 16), "Nghệ An", (LAND,)),
    Told("fire", 1, (
        "Công điện 18/CĐ-UBND về phòng cháy, chữa cháy rừng\n\nNgày 18/4/2024 Chủ tịch UBND tỉnh ra Công điện 18/CĐ-UBND: trực gác 24/24 giờ tại 92 chốt bảo vệ rừng, "
        "cấm đốt thực bì, bố trí 14 xe chữa cháy, kiểm lâm tuần tra rừng thông Nam Đàn, Yên Thành."
    ), date(2024, 4, 18), "Nghệ An", (FIRE,)),
]  # fmt: skip


def retelling(text: str, published: date = date(2024, 4, 19), place: str = "Nghệ An") -> Told:
    return Told("retold", 1, text, published, place)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (
            "Nông dân khát nước, tỉnh ra lệnh bơm\n\nNắng như đổ lửa, 61 hồ chứa cạn dần. Chủ tịch tỉnh vừa phát đi công điện: hai mươi bốn trạm bơm dã chiến "
            "phải chạy trước 30/4, các xã cuối kênh bỏ lúa trồng ngô, đậu, còn 7.800 hộ vùng cao phải có nước sinh hoạt.",
            "17/CĐ-UBND",
        ),
        (
            "Rừng thông báo động cấp V\n\nTrước nguy cơ cháy rừng, lãnh đạo tỉnh đã ký ban hành công điện khẩn. 92 chốt bảo vệ rừng trực gác 24/24 giờ, "
            "người dân bị cấm đốt thực bì, 14 xe chữa cháy sẵn sàng ở Nam Đàn, Yên Thành.",
            "18/CĐ-UBND",
        ),
        (
            "Hết cảnh chờ sổ đỏ?\n\nỦy ban nhân dân tỉnh vừa ban hành văn bản về hồ sơ đất đai quá hạn: 3.140 hồ sơ phải giải quyết dứt điểm, "
            "quy trình công khai tại bộ phận một cửa, cán bộ địa chính gây phiền hà bị xử lý.",
            "2210/UBND-NN",
        ),
    ],
)
def test_a_directive_told_in_other_words_is_recognised(text: str, document: str) -> None:
    assert [found.document_id for found in retold_documents([*NUMBERED, retelling(text)])] == [document]


@pytest.mark.parametrize(
    "other",
    [
        retelling("Chủ tịch UBND tỉnh vừa ký công điện về bảo đảm an toàn giao thông dịp lễ 30/4: tăng cường tuần tra quốc lộ 1, xử lý xe quá tải, nồng độ cồn."),
        retelling("Chủ tịch tỉnh phát đi công điện: 24 trạm bơm dã chiến, 61 hồ chứa, 7.800 hộ vùng cao, lúa sang ngô, đậu ở các xã cuối kênh.", place="Thanh Hóa"),
        retelling("Chủ tịch tỉnh phát đi công điện: 24 trạm bơm dã chiến, 61 hồ chứa, 7.800 hộ vùng cao, lúa sang ngô, đậu ở các xã cuối kênh.", published=date(2024, 6, 1)),
        retelling("Chủ tịch tỉnh phát đi công điện: 24 trạm bơm dã chiến, 61 hồ chứa, 7.800 hộ vùng cao, lúa sang ngô, đậu.", published=date(2024, 4, 15)),
        retelling("Chủ tịch tỉnh ban hành quyết định về 24 trạm bơm dã chiến, 61 hồ chứa, 7.800 hộ vùng cao, lúa sang ngô, đậu ở các xã cuối kênh."),
        retelling("Trời nắng nóng, 61 hồ chứa cạn dần, 7.800 hộ vùng cao thiếu nước sinh hoạt."),
    ],
    ids=["other subject", "other province", "too late", "before it", "other kind", "no directive"],
)  # fmt: skip
def test_what_is_another_or_none_is_left_alone(other: Told) -> None:
    assert list(retold_documents([*NUMBERED, other])) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chủ tịch UBND tỉnh vừa ký ban hành văn bản về việc thu ngân sách", ""),
        ("Lãnh đạo tỉnh phát đi bức điện khẩn", "công điện"),
        ("UBND tỉnh ban hành kế hoạch trồng rừng", "kế hoạch"),
        ("UBND tỉnh ban hành Công văn số 12/UBND-TH", None),
        ("Hội nghị bàn việc trồng rừng", None),
    ],
)
def test_where_a_text_announces_a_document(text: str, kind: str | None) -> None:
    found = announced(text)
    assert (found and found[2]) == kind


TASK = Ordered("order", 1, "k1", "Lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn", date(2024, 4, 17), "Nghệ An")


@pytest.mark.parametrize(
    ("text", "day", "done"),
    [
        ("Đến nay đơn vị đã hoàn thành lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn.", date(2024, 5, 2), True),
        ("Đến nay đơn vị chưa hoàn thành lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn.", date(2024, 5, 2), False),
        ("Đơn vị đã hoàn thành nạo vét kênh mương nội đồng.", date(2024, 5, 2), False),
        ("Đơn vị đã hoàn thành lắp đặt 24 trạm bơm dã chiến trên kênh Bắc cho vùng cuối nguồn.", date(2024, 4, 1), False),
    ],
)
def test_a_task_is_reported_done(text: str, day: date, done: bool) -> None:
    found: list[Done] = list(done_tasks([TASK], [Told("report", 1, text, day, "Nghệ An")]))
    assert bool(found) == done
    assert all(text[one.start : one.end].strip() for one in found)
