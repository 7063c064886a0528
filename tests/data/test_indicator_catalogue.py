"""The catalogue of indicators: closed vocabularies, one indicator an alias, variants that can be told apart."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import Any

import pytest

from chitieu.data import DATA

GROUPS = {
    "land-population",
    "labour",
    "enterprises",
    "investment-construction",
    "national-accounts",
    "public-finance",
    "money-banking-insurance",
    "agriculture",
    "industry",
    "trade-services",
    "prices",
    "transport",
    "ict",
    "science-technology",
    "education",
    "health",
    "culture-sport-tourism",
    "living-standards",
    "order-safety-justice",
    "environment",
    "government",
    "party",
    "general",
}
MEASURES = {"stock", "flow", "rate", "growth", "index"}
OWN_DIMENSIONS = {"yield", "ratio", "index", "rank"}
REQUIRED = {
    "id",
    "name_vi",
    "name_en",
    "group",
    "dimension",
    "unit",
    "measure",
    "cumulative",
    "good",
    "aliases",
}
OPTIONAL = {"of", "variant_of", "weak_aliases", "code"}

ROWS: list[dict[str, Any]] = tomllib.loads((DATA / "indicators.toml").read_text(encoding="utf-8"))["indicator"]
BY_ID = {row["id"]: row for row in ROWS}
UNITS = {u["symbol"]: u["dimension"] for u in tomllib.loads((DATA / "units.toml").read_text(encoding="utf-8"))["unit"]}


def test_there_are_enough_and_in_every_group() -> None:
    assert len(ROWS) >= 130
    assert {row["group"] for row in ROWS} == GROUPS


def test_ids_are_unique_slugs() -> None:
    assert len(BY_ID) == len(ROWS)
    assert [i for i in BY_ID if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_indicator_has_the_keys_and_no_others() -> None:
    for row in ROWS:
        assert REQUIRED <= set(row) <= REQUIRED | OPTIONAL, row["id"]


def test_vocabularies_are_closed() -> None:
    for row in ROWS:
        assert row["measure"] in MEASURES, row["id"]
        assert row["good"] in {"up", "down", ""}, row["id"]
        assert row["dimension"] in set(UNITS.values()) | OWN_DIMENSIONS, row["id"]
        assert isinstance(row["cumulative"], bool), row["id"]


def test_dimensions_are_those_of_the_units() -> None:
    for row in ROWS:
        if row["unit"] in UNITS and row["dimension"] != "index":
            assert row["dimension"] == UNITS[row["unit"]], row["id"]


def test_what_runs_up_through_the_year_is_no_level() -> None:
    """A flow, or a rate of a flow such as disbursement; never a level at a day."""
    for row in ROWS:
        if row["cumulative"]:
            assert row["measure"] in {"flow", "rate"}, row["id"]


def test_references_resolve_without_loops() -> None:
    for row in ROWS:
        for key in ("of", "variant_of"):
            assert row.get(key) is None or row[key] in BY_ID, f"{row['id']}.{key}"
        seen, at = {row["id"]}, row.get("variant_of")
        while at:
            assert at not in seen, row["id"]
            seen.add(at)
            at = BY_ID[at].get("variant_of")


def test_variants_differ_in_dimension() -> None:
    """Else the unit could not tell which of them a phrase means."""
    family: dict[tuple[str, str], str] = {}
    for row in ROWS:
        base = row.get("variant_of")
        if base:
            assert row["dimension"] != BY_ID[base]["dimension"], row["id"]
            assert family.setdefault((base, row["dimension"]), row["id"]) == row["id"]


def test_ranks_fall_when_things_get_better() -> None:
    ranks = [row for row in ROWS if row["dimension"] == "rank"]
    assert ranks and all(row["good"] == "down" and row["unit"] == "rank" for row in ranks)


def _texts(row: dict[str, Any]) -> list[str]:
    return [row["name_vi"], row["unit"], *row["aliases"], *row.get("weak_aliases", [])]


def test_texts_are_composed_and_trimmed() -> None:
    for row in ROWS:
        for text in _texts(row):
            assert text == unicodedata.normalize("NFC", text) == " ".join(text.split()), (row["id"], text)


def _fold(phrase: str) -> str:
    """As README.md tells to fold before comparing: lower case, tỉ to tỷ, one place for tone marks."""
    phrase = re.sub(r"\btỉ\b", "tỷ", unicodedata.normalize("NFC", phrase).lower()).replace("–", "-")
    for old, new in zip("oà oá oả oã oạ uỳ uý uỷ uỹ uỵ".split(), "òa óa ỏa õa ọa ùy úy ủy ũy ụy".split(), strict=True):
        phrase = re.sub(rf"(?<!q){old}(?!\w)", new, phrase)
    return phrase


def test_aliases_are_folded_already() -> None:
    for row in ROWS:
        for alias in [*row["aliases"], *row.get("weak_aliases", [])]:
            assert alias == _fold(alias), (row["id"], alias)


def test_names_are_among_the_aliases() -> None:
    for row in ROWS:
        assert _fold(row["name_vi"]) in row["aliases"], row["id"]


def test_no_alias_means_two_indicators() -> None:
    owner: dict[str, str] = {}
    for row in ROWS:
        for alias in row["aliases"]:
            assert alias not in owner, f"{alias!r}: {owner[alias]} and {row['id']}"
            owner[alias] = row["id"]
    for row in ROWS:
        for alias in row.get("weak_aliases", []):
            assert alias not in owner, f"{alias!r} is weak for {row['id']} and certain for {owner[alias]}"


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Tỉ lệ hộ nghèo", "poverty-rate"),
        ("Tốc độ tăng trưởng GRDP", "grdp-growth"),
        ("Tổng sản phẩm trên địa bàn (GRDP)", "grdp"),
        ("Tỷ lệ giải ngân vốn đầu tư công", "public-investment-disbursement-rate"),
        ("Chỉ số PAR INDEX", "par-index"),
        ("Tỷ lệ đô thị hoá", "urbanisation-rate"),
        ("xã đạt chuẩn nông thôn mới", "new-rural-communes"),
        ("Tổng mức bán lẻ hàng hoá và doanh thu dịch vụ tiêu dùng", "retail-sales"),
        ("Thu ngân sách nhà nước trên địa bàn", "budget-revenue"),
        ("Số bác sĩ trên 1 vạn dân", "doctors-rate"),
        ("chỉ tiêu đạt và vượt kế hoạch", "targets-met"),
    ],
)
def test_phrases_of_the_press_are_known(phrase: str, expected: str) -> None:
    assert [row["id"] for row in ROWS if _fold(phrase) in row["aliases"]] == [expected]
