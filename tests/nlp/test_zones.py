"""Zones: title, body, captions, furniture and the teasers of other articles."""

from __future__ import annotations

from chitieu.nlp import zones

PAGE = """Xã vùng cao mở chợ mới
Tăng cỡ chữ Giảm cỡ chữ
Sáng 5/7, xã khai trương chợ mới rộng 2 ha.
Chợ có 120 gian hàng.
Gian hàng nông sản tại chợ. Ảnh: Thu Hà
Tin liên quan
Huyện bên trồng thêm 30 ha rừng
"""


def test_zones_of_a_page_read_off_its_text() -> None:
    names = [(PAGE[z.start : z.end].split()[0], z.name) for z in zones.find_zones(PAGE)]
    assert names == [
        ("Xã", "title"),
        ("Tăng", "furniture"),
        ("Sáng", "body"),
        ("Chợ", "body"),
        ("Gian", "caption"),
        ("Tin", "furniture"),
        ("Huyện", "teaser"),
    ]


def test_zones_cover_every_line_and_do_not_overlap() -> None:
    found = zones.find_zones(PAGE)
    assert [PAGE[z.start : z.end] for z in found] == PAGE.strip().split("\n")
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


def test_every_record_says_where_it_stands(read_text) -> None:
    found = read_text(PAGE)
    assert [(q.text, q.zone) for q in found.quantities] == [("2 ha", "body"), ("120 gian hàng", "body"), ("30 ha", "teaser")]


def test_a_first_line_that_is_a_sentence_is_no_title() -> None:
    assert [z.name for z in zones.find_zones("Xã mở chợ mới.\nChợ đông.")] == ["body", "body"]


def test_no_text_no_zones() -> None:
    assert zones.find_zones("\n \n") == ()
