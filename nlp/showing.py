"""A text with its records marked and explained, as one self-contained HTML page.

`rows` cuts a text into stretches that no record crosses, each with the records that stand in it;
`to_html` makes the page of them. The page asks for nothing from anywhere, runs no script, and holds
the text as text: it may be as hostile as it likes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape

from chitieu.nlp.page_style import STYLE
from chitieu.nlp.records import Document, Extraction, Quantity, Record, Reference, Statement, Task, Time, Zone
from chitieu.nlp.zones import find_zones

KINDS: Mapping[str, str] = {
    "quantity": "Số liệu",
    "time": "Thời gian",
    "indicator": "Chỉ tiêu",
    "ref": "Văn bản",
    "task": "Nhiệm vụ",
}
"""The kinds of marks and their names for readers."""

_ROLES = {
    "target": "mục tiêu", "actual": "kết quả", "change": "thay đổi", "progress": "tiến độ",
    "deadline": "thời hạn", "base": "kỳ so sánh", "period": "kỳ số liệu", "date": "mốc",
}
_DIRECTIONS = {"up": "tăng", "down": "giảm"}
_BOUNDS = {"=": "", "~": "≈ ", ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}
_ZONES = {"caption": "chú thích ảnh", "teaser": "tin khác", "furniture": "khung trang", "sapo": "sa pô", "title": "đầu đề"}

_LARGEST = 1e18
"""From here on figures are shown by their power of ten; infinity is among them."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and the record it belongs to; a statement's mark is its indicator."""

    kind: str
    start: int
    end: int
    key: str
    """The anchor of the mark on the page."""


@dataclass(frozen=True, slots=True)
class Note:
    """A record to explain: statements come with the quantity they are made of, times by their ids."""

    kind: str
    record: Record
    key: str
    statements: tuple[Statement, ...] = ()


@dataclass(slots=True)
class Row:
    """A stretch of the text that no record crosses, mostly a sentence, and the records in it."""

    start: int
    end: int
    opens: bool = False
    """Whether a paragraph begins here."""
    zone: str = "body"
    marks: list[Mark] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def printable(text: str) -> str:
    """The text with what no screen should be sent (control and direction marks) made visible, offset for offset."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def rows(text: str, found: Extraction, zones: Sequence[Zone] = ()) -> list[Row]:
    """The text in rows, from its start to its end, without blank ones; every record stands in one of them.

    `zones` are those the text's parser knows; where none are given they are read off the text.
    """
    spans = [(r.start, r.end) for r in _records(found)]
    ends = [line.end() for line in re.finditer(r"\n\s*", text)]
    sentences = {at for r in _records(found) for at in r.sentence}
    paragraphs = {0, *ends}
    cuts = sorted({0, len(text), *ends, *sentences} - _inside(spans, {*ends, *sentences}))
    made = [Row(start, end, start in paragraphs) for start, end in zip(cuts, cuts[1:], strict=False)]
    starts = [row.start for row in made]
    for zone in zones or find_zones(text):
        for row in made[bisect_left(starts, zone.start) : bisect_left(starts, zone.end)]:
            row.zone = zone.name
    for mark in _marks(found):
        made[bisect_right(starts, mark.start) - 1].marks.append(mark)
    for note in _notes(found):
        made[bisect_right(starts, note.record.start) - 1].notes.append(note)
    return [row for row in made if row.marks or row.notes or text[row.start : row.end].strip()]


def pieces(row: Row) -> Iterator[tuple[int, int, list[Mark]]]:
    """The row's text from edge to edge of its marks, with the marks that cover each piece."""
    edges = sorted({row.start, row.end, *(at for m in row.marks for at in (m.start, m.end))})
    opening = sorted(row.marks, key=lambda m: m.start)
    covering: list[Mark] = []
    waiting = iter([*opening, None])
    following = next(waiting)
    for start, end in zip(edges, edges[1:], strict=False):
        covering = [m for m in covering if m.end > start]
        while following is not None and following.start <= start:
            covering.append(following)
            following = next(waiting)
        yield start, end, list(covering)


def to_html(document: Document, found: Extraction) -> str:
    """The page: each row of the text beside what its records say, in Vietnamese."""
    text = printable(document.text)
    times = {t.id: t for t in found.times}
    body = "\n".join(_row(text, row, times) for row in rows(document.text, found, document.zones))
    title = escape(document.title or document.id)
    return _PAGE.format(
        title=title, style=STYLE, about=" · ".join(_about(document, found)), legend=_legend(found), body=body or '<div class="about">Văn bản trống.</div>'
    )


_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="about">{about}</p>
<div class="legend">{legend}</div>
</header>
<main>
{body}
</main>
<footer>≈ khoảng, ước · ≥ từ … trở lên, ít nhất · ≤ không quá · &gt; trên, hơn · &lt; dưới, chưa đến</footer>
</body>
</html>
"""


def _about(document: Document, found: Extraction) -> Iterator[str]:
    if found.published:
        yield f"Đăng ngày {_day(found.published)}"
    else:
        yield "Không rõ ngày đăng"
    if found.place:
        yield escape(printable(found.place))
    yield f"{number(len(document.text))} ký tự"


def _legend(found: Extraction) -> str:
    counts = {
        "quantity": len(found.quantities), "time": len(found.times), "indicator": len(found.statements),
        "ref": len(found.refs), "task": len(found.tasks),
    }
    return "".join(
        f'<label><input type="checkbox" id="show-{kind}" checked><span class="m {kind} first last">{name}</span> {counts[kind]}</label>'
        for kind, name in KINDS.items()
    )


def _row(text: str, row: Row, times: Mapping[str, Time]) -> str:
    classes = "row opens" if row.opens else "row"
    tag = ""
    if row.zone in _ZONES:
        classes += f" {row.zone}"
        tag = f'<span class="zone">{_ZONES[row.zone]}</span>'
    marked = "".join(_piece(text, start, end, marks) for start, end, marks in pieces(row)).strip()
    notes = "".join(_note(note, times) for note in row.notes)
    return f'<section class="{classes}"><p>{tag}{marked}</p>' + (f"<ul>{notes}</ul>" if notes else "") + "</section>"


def _piece(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    words = escape(text[start:end])
    if not marks:
        return words
    classes = ["m", *dict.fromkeys(m.kind for m in marks)]
    # Anchors and rounded corners belong to the innermost mark, the one that begins last.
    inner = max(marks, key=lambda m: (m.start, -m.end))
    anchors = "".join(f'<a id="{m.key}"></a>' for m in marks if m.start == start and m is not inner)
    own = f' id="{inner.key}"' if inner.start == start else ""
    classes += ["first"] * (inner.start == start) + ["last"] * (inner.end == end)
    return f'{anchors}<span class="{" ".join(classes)}"{own}>{words}</span>'


def _note(note: Note, times: Mapping[str, Time]) -> str:
    record = note.record
    words = escape(printable(_short(record.text, 80)))
    source = escape(f"{record.rule or 'không rõ quy tắc'} · tin cậy {number(round(record.confidence, 2))}")
    said = "".join(_said(record, times))
    lines = "".join(f"<div>{_statement(s, times)}</div>" for s in note.statements)
    return (
        f'<li class="{note.kind}" title="{source}"><a class="m {note.kind} first last" href="#{note.key}">{words}</a>'
        f' <span class="says">{said}</span>{lines}</li>'
    )


def _said(record: Record, times: Mapping[str, Time]) -> Iterator[str]:
    match record:
        case Quantity():
            yield f"→ <b>{escape(_BOUNDS[record.bound] + amount(record))}</b>"
        case Time():
            yield f"→ <b>{span(record)}</b> <i>{_ROLES[record.role]}</i>"
        case Reference():
            told = [record.type, record.number, record.date and f"ngày {_day(record.date)}", record.issuer]
            signed = [f"người ký {record.signer}"] if record.signer else []
            yield "→ " + " · ".join(escape(printable(part)) for part in (*told, *signed) if part)
        case Task():
            due = times.get(record.t or "")
            yield f"→ <b>{escape(printable(record.who or 'không nêu ai'))}</b>"
            if due:
                yield f" · <i>hạn</i> <b>{span(due)}</b>"


def _statement(statement: Statement, times: Mapping[str, Time]) -> str:
    time = times.get(statement.t or "")
    direction = _DIRECTIONS.get(statement.dir, "")
    role = direction if statement.role == "change" and direction else f"{_ROLES[statement.role]} {direction}".strip()
    parts = [f'<span class="m indicator">{escape(printable(_short(statement.text, 120)))}</span>', f'<i class="role {statement.role}">{role}</i>']
    if time:
        parts.append(brief(time))
    if statement.place:
        parts.append(escape(printable(statement.place)))
    return " · ".join(parts)


def amount(q: Quantity) -> str:
    """Number and unit as Vietnamese readers write them: "4,65 %", "8,4–8,7 %", "23/29 chỉ tiêu"."""
    if q.value is None:
        figure = f"{_or_open(q.low)}–{_or_open(q.high)}"
    else:
        figure = number(q.value)
    if q.of is not None:
        figure += f"/{number(q.of)}"
    if q.unit == "rank":
        return f"thứ {figure}"
    return printable(f"{figure} {q.unit}".strip())


def number(value: float) -> str:
    """A number in Vietnamese figures.

    >>> number(873000000000), number(4.65)
    ('873.000.000.000', '4,65')
    """
    if not abs(value) < _LARGEST:
        return f"{value:.6g}"
    plain = f"{value:,.6f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,}"
    return plain.translate(str.maketrans(",.", ".,"))


def span(time: Time) -> str:
    """The days a time denotes: "20/06/2023", "01/01/2023 – 30/06/2023", "đến 31/12/2030", "từ 01/01/2013"."""
    if time.since and time.until:
        return _day(time.since) if time.since == time.until else f"{_day(time.since)} – {_day(time.until)}"
    if time.until:
        return f"đến {_day(time.until)}"
    return f"từ {_day(time.since)}" if time.since else "không rõ"


def brief(time: Time) -> str:
    """As `span`, with whole years and months by their names: "năm 2024", "2021–2025", "tháng 6/2024"."""
    first, last = time.since, time.until
    if first and last and first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.month, last.month) == (1, 12):
            return f"năm {first.year}" if first.year == last.year else f"{first.year}–{last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"tháng {first.month}/{first.year}"
    return span(time)


def _or_open(value: float | None) -> str:
    return "…" if value is None else number(value)


def _day(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year}"


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _records(found: Extraction) -> Iterator[Record]:
    for kind in (found.times, found.quantities, found.statements, found.refs, found.tasks):
        yield from kind


def _inside(spans: Iterable[tuple[int, int]], points: Iterable[int]) -> set[int]:
    """The points that lie inside one of the spans, not at their edges."""
    ordered = sorted(points)
    return {at for start, end in spans for at in ordered[bisect_right(ordered, start) : bisect_left(ordered, end)]}


def _marks(found: Extraction) -> Iterator[Mark]:
    """One mark for each record; statements that share an indicator share its mark."""
    for kind, named in (("task", found.tasks), ("quantity", found.quantities), ("time", found.times), ("ref", found.refs)):
        for nth, record in enumerate(named, 1):
            yield Mark(kind, record.start, record.end, f"{kind}-{nth}")
    for nth, (start, end) in enumerate(sorted({(s.start, s.end) for s in found.statements}), 1):
        yield Mark("indicator", start, end, f"indicator-{nth}")


def _notes(found: Extraction) -> list[Note]:
    """The records to explain in text order; a task stands before what lies in it."""
    said: dict[str, list[Statement]] = {}
    for s in found.statements:
        said.setdefault(s.q, []).append(s)
    notes = [Note("task", k, f"task-{nth}") for nth, k in enumerate(found.tasks, 1)]
    notes += [Note("time", t, f"time-{nth}") for nth, t in enumerate(found.times, 1)]
    notes += [Note("ref", r, f"ref-{nth}") for nth, r in enumerate(found.refs, 1)]
    notes += [Note("quantity", q, f"quantity-{nth}", tuple(said.get(q.id, ()))) for nth, q in enumerate(found.quantities, 1)]
    return sorted(notes, key=lambda note: note.record.start)
