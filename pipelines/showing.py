"""A text file with its records marked and explained, on the terminal or as an HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from chitieu import nlp
from chitieu.nlp.records import Document, Extraction, Quantity, Record, Reference, Statement, Task, Time
from chitieu.nlp.showing import Note, Row, printable, rows, to_html
from chitieu.pipelines.documents import Unreadable, is_json_lines, read_text_files
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.store import atomic_path

_STYLES = {
    "quantity": "black on yellow",
    "time": "black on cyan",
    "ref": "black on green",
    "indicator": "bold magenta",
    "task": "underline",
}
"""Later kinds lie beneath earlier ones, so that a figure inside a task stays a figure."""


def read_and_extract(path: Path, published: date | None) -> tuple[Document, Extraction]:
    """The text of a file and what is found in it. Raises WrongCall and UserError."""
    if not path.is_file():
        raise WrongCall(f"there is no file {path}")
    if is_json_lines(path):
        raise WrongCall(f"{path} holds many documents; `chitieu show` takes one text file")
    (given,) = read_text_files([path], published)
    if isinstance(given, Unreadable):
        raise UserError(f"{given.where}: {given.cause}: {given.detail}")
    document = Document(given.id, given.text, given.published_day)
    (found,) = nlp.extract([document])
    return document, found


def write_page(document: Document, found: Extraction, target: Path) -> None:
    """Write the HTML page; it appears complete or not at all."""
    try:
        with atomic_path(target) as path:
            path.write_text(to_html(document, found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"cannot write {target}: {error.strerror or error}") from error


def show_records(document: Document, found: Extraction, console: Console) -> None:
    """Print the text, each row followed by its records: the words, and what they say."""
    text = printable(document.text)
    times = {time.id: time for time in found.times}
    console.print(_legend(found))
    for row in rows(document.text, found, document.zones):
        console.print()
        console.print(_marked(text, row))
        for note in row.notes:
            for line, indent in _lines(note, times):
                console.print(Padding(line, (0, 0, 0, indent), expand=False))


def _legend(found: Extraction) -> Text:
    counts = {
        "quantity": len(found.quantities), "time": len(found.times), "ref": len(found.refs),
        "indicator": len(found.statements), "task": len(found.tasks),
    }
    legend = Text()
    for kind, style in _STYLES.items():
        legend.append(f" {kind} ", style).append(f" {counts[kind]}   ")
    return legend


def _marked(text: str, row: Row) -> Text:
    marked = Text(text[row.start : row.end])
    for kind in reversed(_STYLES):
        for mark in row.marks:
            if mark.kind == kind:
                marked.stylize(_STYLES[kind], mark.start - row.start, mark.end - row.start)
    marked.rstrip()
    return marked


def _lines(note: Note, times: Mapping[str, Time]) -> Iterator[tuple[Text, int]]:
    """What a record says and, beneath a quantity, the statements made of it; each with its indent."""
    yield _line(note.record.text, note.kind, _said(note.record, times)), 2
    for statement in note.statements:
        yield _line(statement.text, "indicator", _stated(statement, note.record, times)), 4


def _line(words: str, kind: str, said: Iterator[str]) -> Text:
    return Text.assemble((_words(words), _STYLES[kind]), " → ", ", ".join(printable(part) for part in said if part))


def _said(record: Record, times: Mapping[str, Time]) -> Iterator[str]:
    match record:
        case Quantity():
            yield _amount(record)
            yield "" if record.bound == "=" else record.bound
        case Time():
            yield _days(record)
            yield record.role
        case Reference():
            yield record.type or "document"
            yield record.number or ""
            yield record.date.isoformat() if record.date else ""
            yield record.issuer or ""
            yield f"signed {record.signer}" if record.signer else ""
        case Task():
            due = times.get(record.t or "")
            yield f"who: {record.who or 'not named'}"
            yield f"by: {_days(due)}" if due else ""


def _stated(statement: Statement, quantity: Record, times: Mapping[str, Time]) -> Iterator[str]:
    time = times.get(statement.t or "")
    if isinstance(quantity, Quantity):
        yield _amount(quantity)
    yield f"{statement.role} {statement.dir}".strip()
    if time:
        yield _days(time)
    if statement.place:
        yield statement.place


def _amount(q: Quantity) -> str:
    figure = f"{_plain(q.low)}…{_plain(q.high)}" if q.value is None else _plain(q.value)
    of = "" if q.of is None else f" of {_plain(q.of)}"
    return f"{figure}{of} {q.unit}".strip()


def _plain(value: float | None) -> str:
    """Digits and a decimal point, as in the records' JSON."""
    if value is None:
        return ""
    if not abs(value) < 1e18:
        return f"{value:.6g}"
    return str(int(value)) if value == int(value) else str(round(value, 6))


def _days(time: Time) -> str:
    if time.since == time.until and time.since:
        return time.since.isoformat()
    return f"{time.since or ''}..{time.until or ''}"


def _words(text: str) -> str:
    text = " ".join(printable(text).split())
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
