"""The same records however the text is encoded, broken or spaced; no text is an error."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chitieu.data import DATA
from chitieu.nlp import Document, Extraction, extract
from chitieu.nlp.gold import read_gold

REPORT = (
    "Sáu tháng đầu năm 2024, thu ngân sách của tỉnh Phú Thọ đạt 4.300 tỷ đồng, tăng 9,4% so với cùng kỳ năm trước. "
    "Phấn đấu đến năm 2025, tỷ lệ hộ nghèo còn dưới 3%. "
    "Chủ tịch UBND tỉnh yêu cầu Sở Xây dựng rà soát quy hoạch, báo cáo trước ngày 30/8/2024. "
    "Việc này theo Quyết định số 1298/QĐ-UBND ngày 5/6/2024 của UBND tỉnh. "
    "Bà con các xã vùng cao phấn khởi vì chợ mới đã mở, hàng hóa về đến tận bản, giá cả ổn định và đường đi lại dễ dàng; "
    "nhiều nhà đã mua thêm giống ngô, giống lúa và phân bón để kịp vụ mới."
)


def records(found: Extraction) -> list[Any]:
    return [*found.times, *found.quantities, *found.statements, *found.refs, *found.tasks]


def said(found: Extraction) -> list[tuple[Any, ...]]:
    """What an extraction says, apart from offsets and from how blanks and diacritics were written."""

    def words(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).replace("\xa0", " ").split())

    return [
        *((words(t.text), t.since, t.until, t.role) for t in found.times),
        *((words(q.text), q.value, q.low, q.high, q.unit, q.bound) for q in found.quantities),
        *((words(s.text), s.q, s.role, s.dir, s.t, s.place) for s in found.statements),
        *((words(r.text), r.number, r.type, r.date, r.issuer) for r in found.refs),
        *((words(k.text), k.who and words(k.who), k.t) for k in found.tasks),
    ]


def test_the_plain_text_has_records_of_every_kind(read_text) -> None:
    found = read_text(REPORT)
    assert all((found.times, found.quantities, found.statements, found.refs, found.tasks))


def wrapped(text: str, width: int = 60) -> str:
    """The text with each of its lines broken at blanks, as mail and old converters do."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return "\n".join(lines)


def capitals(text: str) -> str:
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


WRITTEN = {
    "decomposed": unicodedata.normalize("NFD", REPORT),
    "no-break spaces": REPORT.replace(" ", "\xa0"),
    "hard-wrapped lines": wrapped(REPORT),
    "hard-wrapped with CRLF": wrapped(REPORT).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + REPORT,
    "decomposed and hard-wrapped": unicodedata.normalize("NFD", wrapped(REPORT)),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WRITTEN.items()])
def test_other_ways_of_writing_say_the_same(read_text, text: str) -> None:
    found = read_text(text)
    assert said(found) == said(read_text(REPORT))
    for r in records(found):
        assert text[r.start : r.end] == r.text


def agreement(one: Extraction, other: Extraction) -> Counter[str]:
    """How many records of a kind both have, and how many the first has, apart from case, blanks and places."""

    def kinds(found: Extraction) -> dict[str, Counter[Any]]:
        def words(text: str) -> str:
            return " ".join(unicodedata.normalize("NFC", text).replace("\xa0", " ").lower().split())

        figures = {q.id: (q.value, q.low, q.high, q.unit.lower()) for q in found.quantities}
        spans = {t.id: (t.since, t.until) for t in found.times}
        return {
            "times": Counter((t.since, t.until, t.role) for t in found.times),
            "quantities": Counter((figures[q.id], q.bound) for q in found.quantities),
            "statements": Counter((words(s.text), figures[s.q], s.role, s.dir, spans.get(s.t or "")) for s in found.statements),
            "refs": Counter((words(r.number or r.subject or ""), r.type, r.date) for r in found.refs),
            "tasks": Counter((words(k.text), words(k.who or ""), spans.get(k.t or "")) for k in found.tasks),
        }

    ours, theirs = kinds(one), kinds(other)
    counted: Counter[str] = Counter()
    for kind, records_of in ours.items():
        counted[f"{kind} both"] += (records_of & theirs[kind]).total()
        counted[kind] += max(records_of.total(), theirs[kind].total())
    return counted


REWRITTEN: dict[str, tuple[Callable[[str], str], float]] = {
    "decomposed": (lambda text: unicodedata.normalize("NFD", text), 1.0),
    "no-break spaces": (lambda text: text.replace(" ", "\xa0"), 1.0),
    "two blanks for one": (lambda text: text.replace(" ", "  "), 1.0),
    "hard-wrapped": (wrapped, 0.98),
    "hard-wrapped with CRLF": (lambda text: wrapped(text).replace("\n", "\r\n"), 0.95),
    "capitals": (capitals, 0.9),
}
"""Ways to write the articles of our gold, and the least share of records of each kind that stay the same."""


@pytest.mark.parametrize("way", REWRITTEN)
def test_whole_articles_say_the_same_however_they_are_written(read_text, way: str) -> None:
    rewrite, least = REWRITTEN[way]
    counted: Counter[str] = Counter()
    for name, gold in read_gold(DATA / "gold" / "gold").items():
        if name.startswith("w"):
            continue  # the articles of the sample portals are enough, and quick
        text = Path(DATA / "gold" / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        counted += agreement(read_text(text, gold.published), read_text(rewrite(text), gold.published))
    assert {kind: counted[f"{kind} both"] / counted[kind] >= least for kind in ("times", "quantities", "statements", "refs", "tasks")} == {
        "times": True, "quantities": True, "statements": True, "refs": True, "tasks": True,
    }, counted  # fmt: skip


def test_stray_words_without_diacritics_and_marks_do_no_harm(read_text) -> None:
    plain = read_text("Đến hết tháng 6/2024 thu ngân sách của tỉnh đạt 4.300 tỷ đồng tăng 9,4% so với cùng kỳ\ntỷ lệ hộ nghèo còn 3,2%")
    stray = read_text("Đến hết thang 6/2024 thu ngân sach của tinh đạt 4.300 tỷ đồng tăng 9,4% so với cùng ky\ntỷ lệ hộ ngheo còn 3,2%")
    assert [(q.value, q.unit) for q in plain.quantities] == [(q.value, q.unit) for q in stray.quantities]
    assert [(q.value, q.unit) for q in plain.quantities] == [(4.3e12, "VND"), (9.4, "%"), (3.2, "%")]


def test_places_and_names_in_lines_of_capitals(read_text) -> None:
    found = read_text("TỶ LỆ HỘ NGHÈO CỦA TỈNH LÀO CAI CÒN 5,2% NĂM 2024\nUBND TỈNH LÀO CAI BAN HÀNH KẾ HOẠCH SỐ 27/KH-UBND")
    [statement] = found.statements
    assert (statement.text, statement.place) == ("TỶ LỆ HỘ NGHÈO", "Lào Cai")
    [ref] = found.refs
    assert (ref.number, ref.issuer) == ("27/KH-UBND", "UBND tỉnh Lào Cai")


def test_capitals_keep_figures_and_times(read_text) -> None:
    found = read_text("TĂNG TRƯỞNG KINH TẾ QUÝ II/2024 ƯỚC ĐẠT 8,1%, THU NGÂN SÁCH 2.300 TỶ ĐỒNG")
    assert [(q.value, q.unit, q.bound) for q in found.quantities] == [(8.1, "%", "~"), (2.3e12, "VND", "=")]
    assert [(t.text, str(t.since)) for t in found.times] == [("QUÝ II/2024", "2024-04-01")]
    counted = read_text("TOÀN TỈNH CÓ 12 DỰ ÁN VÀ 5 XÃ NGHÈO").quantities
    assert [(q.value, q.unit) for q in counted] == [(12, "dự án"), (5, "xã")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n\t ", id="blank"),
        pytest.param("\x00\x00 5 ha \x00", id="null bytes"),
        pytest.param("Xã có 5 ha \ud800 rừng, đạt 3%.", id="lone surrogate"),
        pytest.param("Xã có 5 ha 🌳 rừng 👨‍👩‍👧, đạt 3%.", id="emoji"),
        pytest.param("שלום 5 ha مرحبا ‏7%‏", id="right to left"),
        pytest.param("\n" * 10_000, id="newlines"),
        pytest.param("\u0301" * 500, id="marks without a base"),
        pytest.param("İSTANBUL 5 ha ﬁ ß", id="letters that grow in lower case"),
        pytest.param("Ⅳ ² ½ ٣ ৪ 五 hộ", id="digits of other scripts"),
        pytest.param("0/0 0% 00/00/0000 99/99/9999 tỷ/tỷ", id="senseless figures"),
        pytest.param("9" * 400 + " tỷ đồng", id="a number beyond floats"),
    ],
)
def test_no_text_is_an_error(read_text, text: str) -> None:
    for r in records(read_text(text)):
        assert text[r.start : r.end] == r.text


def test_json_form(read_text) -> None:
    made = read_text(REPORT, id="a1", place="Phú Thọ").to_json()
    assert (made["id"], made["published"], made["place"]) == ("a1", "2024-07-15", "Phú Thọ")
    assert json.loads(json.dumps(made)) == made
    [ref] = made["refs"]
    assert (ref["number"], ref["type"], ref["date"]) == ("1298/QĐ-UBND", "quyết định", "2024-06-05")
    money = made["quantities"][0]
    assert (money["value"], money["unit"], money["bound"]) == (4_300_000_000_000, "VND", "=")
    assert isinstance(money["value"], int)
    half = made["times"][0]
    assert (half["from"], half["to"], half["role"]) == ("2024-01-01", "2024-06-30", "period")
    for record in (r for kind in ("times", "quantities", "statements", "refs", "tasks") for r in made[kind]):
        assert {"id", "uid", "start", "end", "text", "zone", "sentence", "rule", "confidence"} <= record.keys()
        assert record["text"] == REPORT[record["start"] : record["end"]]
        assert record["rule"]
        assert 0 < record["confidence"] <= 1


def test_a_document_without_a_day_or_place_has_neither_in_its_json(read_text) -> None:
    made = read_text("Bà con phấn khởi.", None).to_json()
    assert "published" not in made
    assert "place" not in made


def test_extraction_is_lazy_and_keeps_the_order(pipeline) -> None:
    asked: list[str] = []

    def documents():
        for n in range(1000):
            asked.append(str(n))
            yield Document(str(n), f"Xã có {n} hộ nghèo.")

    found = extract(documents(), nlp=pipeline)
    assert [next(found).id for _ in range(3)] == ["0", "1", "2"]
    assert len(asked) < 200
