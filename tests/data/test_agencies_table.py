"""The table of agencies: references, vocabularies, and the mergers of 2025."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date, timedelta

import pytest

from chitieu.data import DATA

LEVELS = {"central", "province", "district", "commune", "any"}
KINDS = {
    "party",
    "assembly",
    "committee",
    "government",
    "ministry",
    "department",
    "agency",
    "office",
    "board",
    "inspectorate",
    "court",
    "procuracy",
    "armed-forces",
    "union",
    "state-group",
    "bank",
    "media",
    "group",
}


def _rows() -> list[dict[str, str]]:
    with (DATA / "agencies.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows()
BY_ID = {row["id"]: row for row in ROWS}


def _spellings(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["aliases"].split(";"))]


def test_ids_are_unique_slugs() -> None:
    assert len(BY_ID) == len(ROWS)
    assert [i for i in BY_ID if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_cell_is_composed_and_trimmed() -> None:
    for row in ROWS:
        assert None not in row and None not in row.values(), f"{row['id']}: wrong number of cells"
        for column, cell in row.items():
            assert cell == unicodedata.normalize("NFC", cell), f"{row['id']}.{column} is not NFC"
            assert cell == " ".join(cell.split()), f"{row['id']}.{column} has stray spaces"


def test_vocabularies_are_closed() -> None:
    assert {row["level"] for row in ROWS} == LEVELS
    assert {row["kind"] for row in ROWS} == KINDS
    assert all(row["domain"].isascii() and row["domain"] for row in ROWS)


def test_successors_exist_and_are_there_the_day_after() -> None:
    for row in ROWS:
        if not row["successor"]:
            continue
        heir = BY_ID[row["successor"]]
        assert row["valid_to"], f"{row['id']} has a successor but no end"
        day = date.fromisoformat(row["valid_to"]) + timedelta(days=1)
        assert not heir["valid_from"] or date.fromisoformat(heir["valid_from"]) <= day, row["id"]
        assert not heir["valid_to"] or date.fromisoformat(heir["valid_to"]) >= day, row["id"]


def test_no_spelling_means_two_bodies() -> None:
    owner: dict[str, str] = {}
    for row in ROWS:
        for spelling in _spellings(row):
            assert owner.setdefault(spelling.lower(), row["id"]) == row["id"], spelling


def test_signs_can_stand_in_a_document_number() -> None:
    for row in ROWS:
        for sign in filter(None, row["signs"].split(";")):
            assert re.fullmatch(r"[A-ZĐƯa-zđư][\w&-]*", sign), f"{row['id']}: {sign}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bộ Kế hoạch và Đầu tư", "Bộ Tài chính"),
        ("Bộ Giao thông vận tải", "Bộ Xây dựng"),
        ("Bộ Tài nguyên và Môi trường", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ Nông nghiệp và Phát triển nông thôn", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ Lao động - Thương binh và Xã hội", "Bộ Nội vụ"),
        ("Bộ Thông tin và Truyền thông", "Bộ Khoa học và Công nghệ"),
        ("Ủy ban Dân tộc", "Bộ Dân tộc và Tôn giáo"),
        ("Sở Kế hoạch và Đầu tư", "Sở Tài chính"),
        ("Sở Giao thông vận tải", "Sở Xây dựng"),
        ("Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường"),
        ("Sở Lao động - Thương binh và Xã hội", "Sở Nội vụ"),
    ],
)
def test_the_mergers_of_2025(old: str, new: str) -> None:
    (row,) = [r for r in ROWS if r["name"] == old]
    assert row["valid_to"] == "2025-02-28"
    assert BY_ID[row["successor"]]["name"] == new


def test_ministries_of_one_day() -> None:
    """22 ministries and ministerial bodies until the mergers, 17 since (Resolution 176/2025/QH15)."""

    def count(day: str) -> int:
        return sum(
            row["kind"] == "ministry"
            and (not row["valid_from"] or row["valid_from"] <= day)
            and (not row["valid_to"] or row["valid_to"] >= day)
            for row in ROWS
        )

    assert count("2025-02-28") == 22
    assert count("2025-03-01") == 17


def test_nothing_of_the_districts_outlives_them_but_the_regional_courts() -> None:
    left = {r["id"] for r in ROWS if r["level"] == "district" and (not r["valid_to"] or r["valid_to"] > "2025-06-30")}
    assert left == {"toa-an-khu-vuc", "vien-kiem-sat-khu-vuc"}


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("UBND tỉnh", "ubnd-tinh"),
        ("Uỷ ban nhân dân tỉnh", "ubnd-tinh"),
        ("Bộ KH&ĐT", "bo-ke-hoach-dau-tu"),
        ("Bộ NN&PTNT", "bo-nong-nghiep-ptnt"),
        ("Sở TN-MT", "so-tai-nguyen-moi-truong"),
        ("Sở LĐ-TB&XH", "so-lao-dong-tbxh"),
        ("BTV Tỉnh ủy", "ban-thuong-vu-tinh-uy"),
        ("Sở GD-ĐT", "so-giao-duc-dao-tao"),
        ("thủ trưởng các cơ quan, đơn vị, địa phương", "cac-co-quan-don-vi-dia-phuong"),
    ],
)
def test_short_names_lead_to_their_body(spelling: str, expected: str) -> None:
    assert [row["id"] for row in ROWS if spelling in _spellings(row)] == [expected]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("BKHĐT", "bo-ke-hoach-dau-tu"), ("VPCP", "van-phong-chinh-phu"), ("TTg", "thu-tuong"), ("UBTVQH15", "uy-ban-thuong-vu-quoc-hoi")],
)
def test_signs_of_the_centre_name_one_body(sign: str, expected: str) -> None:
    assert [row["id"] for row in ROWS if sign in row["signs"].split(";")] == [expected]
