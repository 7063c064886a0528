"""The table of places: its references, its validity over time, and the reform of 2025-07-01."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date, timedelta

import pytest

from chitieu.data import DATA

Row = dict[str, str]

KINDS = {
    "country",
    "region",
    "area",
    "province",
    "municipality",
    "district",
    "town",
    "city",
    "city-district",
    "special-zone",
}
PROVINCIAL = {"province", "municipality"}
DISTRICT = {"district", "town", "city", "city-district"}
REFORM = date(2025, 7, 1)

# Resolution 202/2025/QH15, in its own words: which provinces make up each province that was merged.
MERGED = {
    "Tuyên Quang": {"Tuyên Quang", "Hà Giang"},
    "Lào Cai": {"Lào Cai", "Yên Bái"},
    "Thái Nguyên": {"Thái Nguyên", "Bắc Kạn"},
    "Phú Thọ": {"Phú Thọ", "Vĩnh Phúc", "Hòa Bình"},
    "Bắc Ninh": {"Bắc Ninh", "Bắc Giang"},
    "Hưng Yên": {"Hưng Yên", "Thái Bình"},
    "Hải Phòng": {"Hải Phòng", "Hải Dương"},
    "Ninh Bình": {"Ninh Bình", "Hà Nam", "Nam Định"},
    "Quảng Trị": {"Quảng Trị", "Quảng Bình"},
    "Đà Nẵng": {"Đà Nẵng", "Quảng Nam"},
    "Quảng Ngãi": {"Quảng Ngãi", "Kon Tum"},
    "Gia Lai": {"Gia Lai", "Bình Định"},
    "Khánh Hòa": {"Khánh Hòa", "Ninh Thuận"},
    "Lâm Đồng": {"Lâm Đồng", "Đắk Nông", "Bình Thuận"},
    "Đắk Lắk": {"Đắk Lắk", "Phú Yên"},
    "Hồ Chí Minh": {"Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"},
    "Đồng Nai": {"Đồng Nai", "Bình Phước"},
    "Tây Ninh": {"Tây Ninh", "Long An"},
    "Cần Thơ": {"Cần Thơ", "Sóc Trăng", "Hậu Giang"},
    "Vĩnh Long": {"Vĩnh Long", "Bến Tre", "Trà Vinh"},
    "Đồng Tháp": {"Đồng Tháp", "Tiền Giang"},
    "Cà Mau": {"Cà Mau", "Bạc Liêu"},
    "An Giang": {"An Giang", "Kiên Giang"},
}
UNCHANGED = {
    "Cao Bằng",
    "Điện Biên",
    "Hà Tĩnh",
    "Lai Châu",
    "Lạng Sơn",
    "Nghệ An",
    "Quảng Ninh",
    "Thanh Hóa",
    "Sơn La",
    "Hà Nội",
    "Huế",
}


def _rows() -> list[Row]:
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _rows()
BY_ID = {row["id"]: row for row in ROWS}


def _span(row: Row) -> tuple[date, date]:
    since = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
    until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
    return since, until


def _valid(row: Row, day: date) -> bool:
    since, until = _span(row)
    return since <= day <= until


def _provinces(day: date) -> list[Row]:
    return [row for row in ROWS if row["kind"] in PROVINCIAL and _valid(row, day)]


def _after_reform(row: Row) -> Row:
    """The province that holds `row`'s land today, along the successors."""
    while row["successor"]:
        row = BY_ID[row["successor"]]
    return row


def test_ids_are_unique_slugs() -> None:
    assert len(BY_ID) == len(ROWS)
    assert [i for i in BY_ID if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_cell_is_composed_and_trimmed() -> None:
    for row in ROWS:
        assert None not in row and None not in row.values(), f"{row['id']}: wrong number of cells"
        for column, cell in row.items():
            assert cell == unicodedata.normalize("NFC", cell), f"{row['id']}.{column} is not NFC"
            assert cell == " ".join(cell.split()), f"{row['id']}.{column} has stray spaces"


def test_names_are_written_in_vietnamese_letters() -> None:
    """No look-alikes of other alphabets, no tone mark loose in front of its letter."""
    for row in ROWS:
        for name in (row["name"], row["full_name"]):
            assert re.fullmatch(r"[\w' ,–-]+", name), row["id"]
            assert all("LATIN" in unicodedata.name(c) for c in name if c.isalpha()), row["id"]


def test_kinds_are_of_the_vocabulary() -> None:
    assert {row["kind"] for row in ROWS} == KINDS


def test_references_resolve() -> None:
    for row in ROWS:
        for column in ("parent", "successor", "territory"):
            assert not row[column] or row[column] in BY_ID, f"{row['id']}.{column}"
        assert bool(row["parent"]) is (row["kind"] != "country"), row["id"]


def test_parents_are_of_the_level_above() -> None:
    above = dict.fromkeys(PROVINCIAL, {"region"}) | dict.fromkeys(DISTRICT | {"special-zone"}, PROVINCIAL)
    above |= dict.fromkeys(("region", "area"), {"country"})
    for row in ROWS:
        if row["kind"] in above:
            assert BY_ID[row["parent"]]["kind"] in above[row["kind"]], row["id"]


def test_validity_runs_forward_and_ends_with_what_came_after() -> None:
    for row in ROWS:
        since, until = _span(row)
        assert since <= until, row["id"]
        if row["successor"]:
            assert row["valid_to"], f"{row['id']} has a successor but no end"
            assert _valid(BY_ID[row["successor"]], until + timedelta(days=1)), row["id"]


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30)])
def test_there_are_63_provinces_before_the_reform(day: date) -> None:
    names = [row["name"] for row in _provinces(day)]
    assert len(names) == len(set(names)) == 63


@pytest.mark.parametrize("day", [REFORM, date(2026, 1, 1)])
def test_there_are_34_provinces_since(day: date) -> None:
    rows = _provinces(day)
    assert len({row["name"] for row in rows}) == len(rows) == 34
    assert Counter(row["kind"] for row in rows) == {"province": 28, "municipality": 6}


def test_one_name_and_one_day_give_one_province() -> None:
    """Rows of one name follow each other without gap or overlap."""
    rows_of: dict[str, list[Row]] = {}
    for row in ROWS:
        if row["kind"] in PROVINCIAL:
            rows_of.setdefault(row["name"], []).append(row)
    for name, rows in rows_of.items():
        spans = sorted(_span(row) for row in rows)
        for (_, until), (since, _) in zip(spans, spans[1:], strict=False):
            assert until + timedelta(days=1) == since, name


def test_the_63_map_to_the_34_as_the_resolution_says() -> None:
    old, new = _provinces(date(2024, 12, 31)), _provinces(REFORM)
    made_of: dict[str, set[str]] = {}
    for row in old:
        made_of.setdefault(_after_reform(row)["name"], set()).add(row["name"])
    renamed = {"Thừa Thiên Huế": "Huế"}
    made_of = {name: {renamed.get(n, n) for n in names} for name, names in made_of.items()}
    assert set(made_of) == {row["name"] for row in new}
    assert made_of == MERGED | {name: {name} for name in UNCHANGED}


def test_territory_joins_only_what_the_reform_left_alone() -> None:
    rows = [row for row in ROWS if row["kind"] in PROVINCIAL]
    assert all(row["territory"] for row in rows)
    assert not any(row["territory"] for row in ROWS if row["kind"] not in PROVINCIAL)
    shared = Counter(row["territory"] for row in rows)
    assert {BY_ID[i]["name"] for i, n in shared.items() if n == 2} == UNCHANGED
    assert max(shared.values()) == 2
    for row in rows:
        if row["territory"] != row["id"]:
            assert _after_reform(row)["id"] == row["territory"], row["id"]


def test_regions_take_in_every_province_once() -> None:
    for day, count in ((date(2024, 1, 1), 6), (REFORM, 6)):
        regions = [row for row in ROWS if row["kind"] == "region" and _valid(row, day)]
        assert len(regions) == count
        for row in _provinces(day):
            if _valid(BY_ID[row["parent"]], day):
                continue
            # Huế was a municipality half a year before the regions were drawn anew.
            assert row["id"] == "hue"


def test_all_district_units_of_the_last_day_are_there_and_end_with_it() -> None:
    last = REFORM - timedelta(days=1)
    assert Counter(row["kind"] for row in ROWS if row["kind"] in DISTRICT and _valid(row, last)) == {
        "district": 508,
        "city": 87,
        "town": 52,
        "city-district": 49,
    }
    assert [row["id"] for row in ROWS if row["kind"] in DISTRICT and _valid(row, REFORM)] == []


def test_districts_of_one_rank_and_name_differ_by_province() -> None:
    seen = Counter((row["full_name"], row["parent"]) for row in ROWS if row["kind"] in DISTRICT)
    assert [key for key, n in seen.items() if n > 1] == []


def test_gso_codes_are_well_formed_and_name_one_unit_at_a_time() -> None:
    for row in ROWS:
        digits = 2 if row["kind"] in PROVINCIAL else 3
        assert re.fullmatch(rf"\d{{{digits}}}|", row["gso_code"]), row["id"]
    for day in (REFORM - timedelta(days=1), REFORM):
        codes = Counter(row["gso_code"] for row in ROWS if row["gso_code"] and _valid(row, day))
        assert [code for code, n in codes.items() if n > 1] == []
    assert all(row["gso_code"] for day in (date(2025, 6, 30), REFORM) for row in _provinces(day))


def test_aliases_differ_from_the_name_and_from_each_other() -> None:
    for row in ROWS:
        aliases = row["aliases"].split(";") if row["aliases"] else []
        assert "" not in aliases, row["id"]
        assert len({row["name"], *aliases}) == len(aliases) + 1, row["id"]


def test_no_spelling_means_two_provinces_on_one_day() -> None:
    for day in (REFORM - timedelta(days=1), REFORM):
        owner: dict[str, str] = {}
        for row in _provinces(day):
            for spelling in filter(None, [row["name"], row["full_name"], *row["aliases"].split(";")]):
                assert owner.setdefault(spelling.lower(), row["id"]) == row["id"], spelling


def test_press_marks_name_one_paper() -> None:
    owner: dict[str, str] = {}
    for row in ROWS:
        for mark in filter(None, row["press_marks"].split(";")):
            name = "Huế" if row["name"] == "Thừa Thiên Huế" else row["name"]
            assert owner.setdefault(mark, name) == name, mark
    assert owner["BBK"] == "Bắc Kạn"


@pytest.mark.parametrize(
    ("spelling", "day", "expected"),
    [
        ("TP. HCM", date(2018, 1, 1), "ho-chi-minh-2024"),
        ("TPHCM", date(2026, 1, 1), "ho-chi-minh"),
        ("Bắc Cạn", date(2023, 6, 1), "bac-kan"),
        ("Hoà Bình", date(2024, 1, 1), "hoa-binh"),
        ("Đắc Lắc", date(2018, 1, 1), "dak-lak-2024"),
        ("Thừa Thiên - Huế", date(2019, 1, 1), "thua-thien-hue"),
        ("Lào Cai", date(2023, 6, 21), "lao-cai-2024"),
        ("Lào Cai", date(2025, 10, 1), "lao-cai"),
    ],
)
def test_a_spelling_and_a_day_give_the_province(spelling: str, day: date, expected: str) -> None:
    found = [row["id"] for row in _provinces(day) if spelling in (row["name"], *row["aliases"].split(";"))]
    assert found == [expected]
