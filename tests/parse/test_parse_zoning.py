"""Lines by their wording: furniture, datelines, bylines, captions, syndication, and what only looks like them."""

from __future__ import annotations

import time

import pytest

from chitieu.pipelines.zoning import byline, is_caption, is_dateline, is_furniture, is_teaser_heading, line_tags, syndication


@pytest.mark.parametrize(
    "line",
    ["Tăng cỡ chữ Giảm cỡ chữ", "0:00 / 0:00", "0:00", "Chia sẻ", "Chia sẻ: Facebook Zalo In trang", "PublishingPortal - Block_BanTin_Toolbar",
     "Ý kiến của bạn", "Họ tên:", "Họ và tên (*):", "Email:", "Lượt xem: 1.204", "Trang chủ > Tin tức > Kinh tế", "Từ khóa: vốn, đất", "Bản in", "A- A A+",
     "Tin tức Mới:", "- Thứ Sáu, 23/06/2023, 09:56 - Chia sẻ", "Ngày phát hành 9:39 | 2/12/2023", "Giọng nữ", "Tốc độ đọc: 1.0x", "-0", "***"],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    ["Tốc độ tăng trưởng 7,4%", "Tải trọng cầu 30 tấn", "Thẻ bảo hiểm y tế đã cấp cho 1.200 hộ", "Đánh giá chung", "Giọng nam trầm của ông khàn đi sau ba ngày hò dân chạy lũ",
     "Nội dung", "Email công vụ đạt 98%", "Nghệ An, ngày 28 tháng 6 năm 2024", "Trước ngày 30/9/2024, 14 xã phải xong", "Trang chủ động nguồn vốn", "Chia sẻ gánh nặng với người nghèo"],
)  # fmt: skip
def test_lines_of_a_story_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize("part", ["1", "in ", "a ", "0:00 ", "thứ hai ", "tin, ", "Theo ", "12/12/2023 ", "- "])
def test_long_runs_are_judged_at_once(part: str) -> None:
    line = (part * 400)[:310] + "x"
    begun = time.perf_counter()
    is_furniture(line), is_caption(line), byline(line[:89]), syndication(line[:79]), is_teaser_heading(line[:59])
    assert time.perf_counter() - begun < 0.5


def test_a_dateline_says_nothing_else() -> None:
    assert is_dateline("Cập nhật lúc 09:18, Thứ Tư, 20/12/2023 (GMT+7)")
    assert not is_dateline("Ngày 20/12/2023, huyện khởi công cầu")
    assert not is_dateline("Chia sẻ")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Hà Phương", "Hà Phương"),
        ("Bình MinhTAG:", "Bình Minh"),
        ("Bài, ảnh: Thế Hiển", "Thế Hiển"),
        ("Tin và ảnh: Mai Ly - Quốc Dũng", "Mai Ly - Quốc Dũng"),
        ("Thu Hường - Minh Quế", "Thu Hường - Minh Quế"),
        ("Cổng TTĐT tỉnh", "Cổng TTĐT tỉnh"),
        ("PV", "PV"),
        ("Hội nghị kết thúc", None),
        ("KT. CHỦ TỊCH", None),
        ("Bắc Kạn phải về đích.", None),
        ("Phòng chống rét cho trâu bò", None),
        ("Báo động hai trên sông Lô", None),
    ],
)
def test_bylines(line: str, name: str | None) -> None:
    assert byline(line) == name


@pytest.mark.parametrize(
    ("line", "paper"),
    [
        ("Theo Noichinh.vn", "Noichinh.vn"),
        ("(Theo TTXVN)", "TTXVN"),
        ("Nguồn: Báo Sông Lam", "Báo Sông Lam"),
        ("Công trình sẽ xong trong quý sau. (Theo Báo Tin tức)", "Báo Tin tức"),
        ("Theo đó, các xã phải nộp hồ sơ", None),
        ("Theo ông Hưng, giá đã giảm", None),
        ("Theo kế hoạch của tỉnh", None),
    ],
)
def test_syndication(line: str, paper: str | None) -> None:
    assert syndication(line) == paper


def test_captions_say_what_they_are() -> None:
    assert is_caption("Cầu mới qua suối Cả. Ảnh: Lưu Ly")
    assert is_caption("Ảnh minh họa (nguồn: xã Nậm Pục)")
    assert not is_caption("Tin, ảnh: Lưu Ly")
    assert not is_caption("Ảnh hưởng của bão khiến sản lượng giảm 12%")


def test_headings_of_teasers() -> None:
    for heading in ("Tin liên quan", "Tin Liên Quan", "Có thể bạn quan tâm", "TIN CÙNG CHUYÊN MỤC", "Xem thêm", "Đọc thêm:", "Các tin khác", "Bài viết liên quan »"):
        assert is_teaser_heading(heading)
    for line in ("Liên quan đến vụ việc, huyện đã họp", "Xem thêm nguồn vốn nào còn dư", "Tin khác thường"):
        assert not is_teaser_heading(line)


def test_tags_of_a_line() -> None:
    assert line_tags("Từ khóa: đầu tư công, giải ngân; đất đai") == ("đầu tư công", "giải ngân", "đất đai")
    assert line_tags("Thẻ xanh cho nông sản") == ()
