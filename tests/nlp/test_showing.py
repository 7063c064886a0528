"""The page that shows a text with its records: whole, harmless, and every record explained."""

from __future__ import annotations

import re
import time
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chitieu.nlp import Document, Extraction, Quantity, Statement, Task, Time, Zone
from chitieu.nlp.showing import amount, brief, number, pieces, printable, rows, span, to_html

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Reads a page as a browser would, and fails where tags do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.explained: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.open]
        if "p" in inside and "main" in inside and not any(attrs.get("class") == "zone" for _, attrs in self.open):
            self.shown.append(data)
        elif "li" in inside:
            self.explained.append(data)


def squeezed(text: str) -> str:
    return "".join(text.split())


ORDER = (
    "Giải ngân vốn của Nghệ An\n\n"
    "Tính đến ngày 30/6/2024, tỷ lệ giải ngân vốn đầu tư công ước đạt 31,8%.\n\n"
    "Theo Công văn số 2745/UBND-KT ngày 4/4/2024, Chủ tịch UBND tỉnh yêu cầu Sở Tài chính báo cáo 46 tỷ đồng còn lại trước ngày 15/8/2024.\n"
)


def show(text: str, found: Extraction) -> str:
    return to_html(Document(found.id, text, found.published), found)


def test_every_record_is_marked_and_explained(read_text) -> None:
    found = read_text(ORDER, date(2024, 7, 26))
    page = Page(show(ORDER, found))
    assert squeezed("".join(page.shown)) == squeezed(ORDER)
    explained = " ".join("".join(page.explained).split())
    for said in ("≈ 31,8 %", "46.000.000.000 VND", "đến 30/06/2024", "đến 15/08/2024", "2745/UBND-KT · ngày 04/04/2024", "Sở Tài chính · hạn"):
        assert said in explained, said
    marked = {attrs["id"] for tag, attrs in page.tags if "id" in attrs}
    linked = {attrs["href"].removeprefix("#") for tag, attrs in page.tags if tag == "a" and "href" in attrs}
    records = len(found.times) + len(found.quantities) + len(found.refs) + len(found.tasks)
    assert len(linked) == records > 5 and linked <= marked


def test_the_page_asks_for_nothing_and_runs_nothing(read_text) -> None:
    text = '<script>alert(1)</script> Thu ngân sách đạt "900" & <img src=x onerror=alert(1)> 800 tỷ đồng. </style> {title} javascript:'
    html = show(text, read_text(text, id='"><script>'))
    page = Page(html)
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on") or key == "src"]
    assert all(attrs["href"].startswith("#") for tag, attrs in page.tags if "href" in attrs)
    assert "default-src 'none'" in html and "http" not in re.sub(r"http-equiv", "", html)
    assert squeezed("".join(page.shown)) == squeezed(text)


def test_what_no_screen_should_be_sent_is_replaced(read_text) -> None:
    text = "Thu\x1b]0;x\x07 đạt\u202e 5 tỷ đồng\x9b31m\x00 \ud800 năm nay.\n\tXã có 3 hộ."
    assert len(printable(text)) == len(text)
    html = show(text, read_text(text))
    assert not set(html) & set("\x1b\x07\x9b\x00\u202e\ud800") and "\n" in printable(text) and "\t" in printable(text)
    html.encode()


def test_a_record_over_several_lines_stays_in_one_row(read_text) -> None:
    text = "Chủ tịch UBND tỉnh yêu cầu Sở Y tế báo cáo\nkết quả thực hiện trước ngày 15/8/2024 về\nUBND tỉnh."
    found = read_text(text)
    assert found.tasks
    made = rows(text, found)
    (holding,) = [row for row in made if any(note.kind == "task" for note in row.notes)]
    assert holding.start <= found.tasks[0].start and found.tasks[0].end <= holding.end


def test_teasers_are_told_from_the_text() -> None:
    text = "Thu ngân sách\n\nThu đạt 9 tỷ đồng.\n\nChi đạt 8 tỷ đồng.\n\nTin liên quan\n\nTỉnh bạn thu 7 tỷ đồng\n"
    assert [row.zone for row in rows(text, Extraction("a"))] == ["title", "body", "body", "furniture", "teaser"]
    half = len("Thu ngân sách")
    given = [row.zone for row in rows(text, Extraction("a"), (Zone(0, half, "caption"), Zone(half, len(text), "body")))]
    assert given == ["caption", "body", "body", "body", "body"]
    assert show(text, Extraction("a")).count(">tin khác<") == 1


def test_an_empty_text_has_a_page() -> None:
    assert "Văn bản trống" in show("", Extraction("a"))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, Extraction]:
    text = draw(st.text("ab 1%\n.", min_size=1, max_size=60))
    found = Extraction("a")

    def stretch() -> dict[str, object]:
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        at = draw(st.integers(0, start))
        return {"start": start, "end": end, "text": text[start:end], "sentence": (at, draw(st.integers(end, len(text))))}

    found.quantities = [Quantity(id=f"q{n}", value=1, **stretch()) for n in range(draw(st.integers(0, 3)))]
    found.times = [Time(id=f"t{n}", **stretch()) for n in range(draw(st.integers(0, 3)))]
    found.tasks = [Task(**stretch()) for _ in range(draw(st.integers(0, 2)))]
    found.statements = [Statement(q=q.id, **stretch()) for q in found.quantities]
    return text, found


@settings(max_examples=200, deadline=None)
@given(marked_texts())
def test_rows_and_pieces_keep_the_text_and_every_record(drawn: tuple[str, Extraction]) -> None:
    text, found = drawn
    made = rows(text, found)
    assert squeezed("".join(text[row.start : row.end] for row in made)) == squeezed(text)
    for row in made:
        cut = list(pieces(row))
        assert "".join(text[start:end] for start, end, _ in cut) == text[row.start : row.end]
        for mark in row.marks:
            assert row.start <= mark.start < mark.end <= row.end
            assert "".join(text[start:end] for start, end, marks in cut if mark in marks) == text[mark.start : mark.end]
    assert sum(len(row.notes) for row in made) == len(found.quantities) + len(found.times) + len(found.tasks)
    assert sum(len(note.statements) for row in made for note in row.notes) == len(found.statements)
    assert squeezed("".join(Page(show(text, found)).shown)) == squeezed(text)


def test_a_long_text_is_shown_in_good_time() -> None:
    line = "Thu ngân sách đạt 900 tỷ đồng.\n"
    text = line * 20_000
    found = Extraction("a")
    for n in range(20_000):
        at = n * len(line)
        found.quantities.append(Quantity(id=f"q{n}", start=at + 18, end=at + 29, text="900 tỷ đồng", value=9e11, unit="VND", sentence=(at, at + 30)))
    began = time.perf_counter()
    assert show(text, found).count("<section") == 20_000
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ({"value": 4.65, "unit": "%"}, "4,65 %"),
        ({"low": 8.4, "high": 8.7, "unit": "%"}, "8,4–8,7 %"),
        ({"value": 23, "of": 29, "unit": "chỉ tiêu"}, "23/29 chỉ tiêu"),
        ({"value": 9, "of": 14, "unit": "rank"}, "thứ 9/14"),
        ({"value": 2.9541e12, "unit": "VND"}, "2.954.100.000.000 VND"),
        ({"value": 1 / 3}, "0,333333"),
        ({"low": 5.0, "unit": "ha"}, "5–… ha"),
        ({"value": float("inf"), "unit": "ha"}, "inf ha"),
    ],
)
def test_amounts_as_vietnamese_readers_write_them(quantity: dict, said: str) -> None:
    assert amount(Quantity(start=0, end=1, text="x", **quantity)) == said


@pytest.mark.parametrize(
    ("since", "until", "full", "short"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "01/01/2024 – 31/12/2024", "năm 2024"),
        (date(2021, 1, 1), date(2025, 12, 31), "01/01/2021 – 31/12/2025", "2021–2025"),
        (date(2024, 2, 1), date(2024, 2, 29), "01/02/2024 – 29/02/2024", "tháng 2/2024"),
        (date(2024, 1, 1), date(2024, 6, 30), "01/01/2024 – 30/06/2024", "01/01/2024 – 30/06/2024"),
        (date(2024, 4, 5), date(2024, 4, 5), "05/04/2024", "05/04/2024"),
        (None, date(2030, 12, 31), "đến 31/12/2030", "đến 31/12/2030"),
        (date(2013, 1, 1), None, "từ 01/01/2013", "từ 01/01/2013"),
    ],
)
def test_days(since: date | None, until: date | None, full: str, short: str) -> None:
    found = Time(start=0, end=1, text="x", since=since, until=until)
    assert (span(found), brief(found)) == (full, short)


def test_numbers() -> None:
    assert [number(value) for value in (0, -1234.5, 1000, 0.05)] == ["0", "-1.234,5", "1.000", "0,05"]
