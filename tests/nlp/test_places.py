"""Places that a text names, and the one it is about."""

from __future__ import annotations

import pytest

from chitieu.nlp import places
from chitieu.nlp.text import read


def named(text: str) -> list[tuple[str, str, str | None]]:
    return [(n.name, n.kind, n.province) for n in places.find_places(read(text))]


@pytest.mark.parametrize(
    ("text", "name", "kind", "province"),
    [
        ("Tỉnh Lào Cai mở chợ.", "Lào Cai", "province", "Lào Cai"),
        ("Chợ ở Phú Thọ đông.", "Phú Thọ", "province", "Phú Thọ"),
        ("Chợ ở huyện Na Rì đông.", "huyện Na Rì", "district", "Bắc Kạn"),
        ("Chợ ở thành phố Hồ Chí Minh đông.", "TP. Hồ Chí Minh", "municipality", "TP. HCM"),
        ("Chợ ở TP. HCM đông.", "TP. HCM", "municipality", "TP. HCM"),
        ("Chợ nổi của ĐBSCL đông.", "ĐBSCL", "region", None),
        ("Chợ ở quận 3 đông.", "quận 3", "district", None),
        ("Huyện Na Rì mở chợ.", "huyện Na Rì", "district", "Bắc Kạn"),
    ],
)
def test_names_of_places(text: str, name: str, kind: str, province: str | None) -> None:
    [found] = named(text)
    assert found[:2] == (name, kind)
    if province:
        assert found[2] == province


@pytest.mark.parametrize("written", ["Thanh Hóa", "Thanh Hoá"])
def test_either_placement_of_tones_is_the_same_place(written: str) -> None:
    assert named(f"Chợ ở thành phố {written} đông.") == [("thành phố Thanh Hóa", "district", "Thanh Hóa")]


def test_a_district_is_known_by_its_bare_name_where_it_is_named_in_full() -> None:
    assert [name for name, _, _ in named("Na Rì xa lắm. Ở huyện Na Rì có chợ; khách đến Na Rì đông.")] == ["huyện Na Rì"] * 3


def test_places_of_a_list_share_their_level() -> None:
    assert [name for name, _, _ in named("Các xã Nam Sơn, Đạp Thanh và Đồn Đạc xa chợ.")] == ["xã Nam Sơn", "xã Đạp Thanh", "xã Đồn Đạc"]


def test_a_district_of_the_province_told_of_needs_no_level() -> None:
    assert [name for name, _, _ in named("Tỉnh Quảng Ninh mở chợ. Ba Chẽ còn nghèo.")] == ["Quảng Ninh", "huyện Ba Chẽ"]
    assert [name for name, _, _ in named("Tỉnh Lào Cai mở chợ. Ba Chẽ còn nghèo.")] == ["Lào Cai"]


def test_a_district_of_any_province_needs_no_level_where_the_words_say_that_a_place_is_meant() -> None:
    assert [name for name, _, _ in named("Tỉnh Lào Cai mở chợ. Ở Ba Chẽ đường xấu, Mường Nhé là huyện xa nhất.")] == ["Lào Cai", "huyện Ba Chẽ", "huyện Mường Nhé"]
    assert [name for name, _, _ in named("Tỉnh Lào Cai mở chợ. Khách mua chè Ba Chẽ.")] == ["Lào Cai"]


def test_a_figure_of_a_site_is_not_its_provinces(read_text) -> None:
    found = read_text("Tỉnh Lào Cai vừa kiểm tra các khu công nghiệp. Khu công nghiệp Tằng Loỏng đạt tỷ lệ lấp đầy 82%.").statements
    assert [(s.text, s.place) for s in found] == [("tỷ lệ lấp đầy", "Khu công nghiệp Tằng Loỏng")]


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Tỉnh xây cầu Đông Hà dài 3 km.", ["cầu Đông Hà"]),
        ("Tỉnh yêu cầu Công ty Cổ phần Đông Hà nộp 3 tỷ đồng.", ["Công ty Cổ phần Đông Hà"]),
        ("Tỉnh gửi văn bản UBND huyện.", []),
        ("Vốn về nông thôn Đông Hà tăng 3%.", []),
        ("Nước ở hồ Đông Hà cạn 3 m.", ["hồ Đông Hà"]),
        ("Ông Hồ Đông Hà có 3 ha chè.", []),
        ("Theo kế hoạch, Sở Giáo dục và Đào tạo có 3 dự án.", ["Sở Giáo dục và Đào tạo"]),
        ("Tỉnh giao Sở Nội vụ cử 3 người.", []),
        ("Nhà máy có công suất 6,5 triệu tấn, tuyến còn 4 cầu.", []),
        ("Tuyến metro số 1 chậm 3 năm.", ["Tuyến metro số 1"]),
    ],
)
def test_sites_companies_and_bodies(text: str, sites: list[str]) -> None:
    assert [site.name for site in places.find_sites(read(text))] == sites


@pytest.mark.parametrize(
    "text",
    ["Ông Thái Bình đi chợ.", "Chủ tịch xã Trần Văn Ất đi chợ.", "Thu nhập của xã 36,5 triệu đồng.", "Hồ sơ trực tuyến cấp huyện 83%."],
)
def test_what_is_no_place(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Tỉnh Phú Thọ mở chợ. Khách từ Hà Nội về Phú Thọ mua chè.", "Phú Thọ"),
        ("Cả nước có thêm nhiều chợ.", "cả nước"),
        ("Chợ phiên Tây Nguyên đã mở lại sau mùa mưa dài, bà con gùi măng, gùi gà, gùi chuối ra bán từ lúc trời còn mờ sương lạnh.\n\nChợ ở Gia Lai đông. Chợ ở Kon Tum vắng. Chợ ở Đắk Lắk mới.", "Tây Nguyên"),
        ("Gia Lai mở chợ ở Tây Nguyên. Khách từ Kon Tum, Đắk Lắk về Gia Lai.", "Gia Lai"),
        ("Bà con phấn khởi.", None),
    ],
)
def test_the_place_a_text_is_about(text: str, place: str | None) -> None:
    reading = read(text)
    assert places.main_place(reading, places.find_places(reading)) == place


def test_what_the_caller_knows_wins() -> None:
    reading = read("Tỉnh Phú Thọ mở chợ.")
    assert places.main_place(reading, places.find_places(reading), "Lào Cai") == "Lào Cai"
