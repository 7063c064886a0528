"""Directives as portals keep them: a table of number, day, subject, signer and files, read as labelled lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from lxml.etree import _Element as HtmlElement

from chitieu.pipelines.dates import parse_published
from chitieu.pipelines.markup import Block, Markup, clean

_LABELS = re.compile(
    "|".join(
        rf"(?P<{name}>(?:{words})\s*:?)"
        for name, words in (
    ("number", r"số(?:\s*/\s*|\s*(?:và\s*)?)(?:ký|kí)\s*hiệu(?:\s*văn\s*bản)?|số\s*(?:văn\s*bản|hiệu|vb)|(?:ký|kí)\s*hiệu"),
            ("issued", r"(?:ngày|thời\s*gian)\s*(?:ban\s*hành|ký|văn\s*bản|vb)(?:\s*văn\s*bản)?"),
            ("posted", r"ngày\s*(?:đăng(?:\s*tải)?|cập\s*nhật|xuất\s*bản)"),
            ("in_force", r"(?:ngày\s*)?(?:có\s*)?hiệu\s*lực(?:\s*từ)?|ngày\s*(?:có\s*)?hiệu\s*lực|tình\s*trạng(?:\s*hiệu\s*lực)?"),
            ("subject", r"trích\s*yếu(?:\s*nội\s*dung)?|nội\s*dung\s*trích\s*yếu|tên\s*văn\s*bản|về\s*việc"),
            ("signer", r"(?:người|nguời)\s*(?:ký|kí)(?:\s*(?:ban\s*hành|duyệt|văn\s*bản))?|chức\s*vụ(?:\s*người\s*ký)?"),
            ("type", r"(?:loại|hình\s*thức|thể\s*loại|nhóm)\s*văn\s*bản"),
            ("issuer", r"(?:cơ\s*quan|đơn\s*vị|nơi)\s*(?:ban\s*hành|phát\s*hành)(?:\s*văn\s*bản)?"),
            ("field", r"lĩnh\s*vực(?:\s*văn\s*bản)?"),
            ("file", r"(?:tệp|file|tập\s*tin|văn\s*bản|tài\s*liệu)\s*(?:đính\s*kèm|kèm\s*theo|toàn\s*văn)|đính\s*kèm|tải\s*về"),
        )
    ),
    re.IGNORECASE,
)
_LONGEST_LABEL = 40
_ENOUGH = 3
"""Labels from which a page is a directive's; the number or the subject must be among them."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A register's entry: its lines ("Số ký hiệu: 12/KH-UBND") and what they tell."""

    lines: tuple[str, ...]
    covered: frozenset[str]
    """Texts of the blocks that the lines were read from."""
    first: int
    last: int
    issued: datetime | None = None
    posted: datetime | None = None
    number: str | None = None
    subject: str | None = None
    type: str | None = None

    @property
    def published(self) -> datetime | None:
        """When the portal put it up, or else the day it bears."""
        return self.posted or self.issued


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    label: str
    value: str
    blocks: tuple[Block, ...]
    covers: bool = True
    """Whether its blocks say nothing else."""


def read_directive(markup: Markup, selected: Mapping[str, HtmlElement] = MappingProxyType({})) -> Directive | None:
    """The register's entry on a page, or None where the page shows none or a whole register.

    Reads tables of two (or four) columns, definition lists, "label: value" lines, and labels that
    stand in an element before their value. `selected`: the elements that hold the number, subject or
    signer on a site whose selectors tell; these are not looked for by labels.
    """
    entries: dict[str, list[_Entry]] = {}
    for entry in _entries(markup.blocks):
        entries.setdefault(entry.name, []).append(entry)
    told = {name: entry for name, element in selected.items() if (entry := _told(name, element, markup))}
    for name, entry in told.items():
        if entry.value not in {labelled.value for labelled in entries.get(name, ())}:
            entries[name] = [entry]
    if not {"number", "subject"} & entries.keys():
        return None
    if len(entries) < (2 if told else _ENOUGH) or not told and not {"number", "issued"} & entries.keys():
        return None
    if len(entries.get("number", ())) > 2:
        return None
    found = sorted((entry for group in entries.values() for entry in group), key=lambda e: e.blocks[0].index)
    lines = dict.fromkeys(f"{entry.label}: {entry.value}" for entry in found if entry.name != "posted")

    def value(name: str) -> str | None:
        return entries[name][0].value if name in entries else None

    return Directive(
        lines=tuple(lines),
        covered=frozenset(block.text for entry in found if entry.covers for block in entry.blocks),
        first=found[0].blocks[0].index,
        last=found[-1].blocks[-1].index,
        issued=parse_published(value("issued") or ""),
        posted=parse_published(value("posted") or ""),
        number=value("number"),
        subject=value("subject"),
        type=value("type"),
    )


def is_register(blocks: list[Block]) -> bool:
    """Whether a page is a table of many directives: a head of labels over rows of as many cells."""
    for at, block in enumerate(blocks):
        if len(block.cells) >= 3 and sum(_label(cell) is not None for cell in block.cells) >= 2:
            rows = [row for row in blocks[at + 1 :] if row.group == block.group and len(row.cells) >= 3]
            return bool(rows) and _label(rows[0].cells[0]) is None
    return False


_SELECTED = {"number": "Số ký hiệu", "subject": "Trích yếu", "signer": "Người ký"}


def _told(name: str, element: HtmlElement, markup: Markup) -> _Entry | None:
    """What an element says that the source's selectors name."""
    value = clean("".join(element.itertext()))
    around: HtmlElement | None = element
    while around is not None and markup.span(around) == (0, 0):
        around = around.getparent()
    if not value or around is None:
        return None
    first, end = markup.span(around)
    blocks = tuple(markup.blocks[first:end])
    return _Entry(name, _SELECTED[name], value, blocks, sum(len(block.text) for block in blocks) <= len(value) + _LONGEST_LABEL)


def _entries(blocks: list[Block]) -> Iterator[_Entry]:
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.tag == "tr" and block.cells:
            yield from _row(block)
        elif inline := _inline(block):
            yield inline
        elif (name := _label(block.text)) and at + 1 < len(blocks) and not _label(blocks[at + 1].text):
            values = _values(blocks, at)
            if values:
                text = "; ".join(value.text for value in values)
                yield _Entry(name, block.text.rstrip(" :"), text, (block, *values))
                at += len(values)
        at += 1


def _values(blocks: list[Block], at: int) -> tuple[Block, ...]:
    """The block or, for attached files, the links after a label that stands alone."""
    label, value = blocks[at], blocks[at + 1]
    if value.tag in ("h1", "h2", "h3") or len(value.text) > 1500:
        return ()
    values = [value]
    if _label(label.text) == "file":
        for more in blocks[at + 2 : at + 12]:
            if not more.is_link or more.element.getparent() is not value.element.getparent():
                break
            values.append(more)
    return tuple(values)


def _row(block: Block) -> Iterator[_Entry]:
    """Pairs of label and value in a row; a row of labels alone is the head of a register."""
    cells = [cell for cell in block.cells if cell]
    if sum(_label(cell) is not None for cell in cells) > len(cells) / 2:
        return
    for label, value in zip(cells[::2], cells[1::2], strict=False):
        if name := _label(label):
            yield _Entry(name, label.rstrip(" :"), value, (block,))


def _inline(block: Block) -> _Entry | None:
    head, colon, value = block.text.partition(":")
    if colon and value.strip() and len(head) <= 40 and (name := _label(head)):
        return _Entry(name, head.strip(), value.strip(), (block,))
    return None


def _label(text: str) -> str | None:
    match = _LABELS.fullmatch(text.strip(" *-•")) if len(text) <= _LONGEST_LABEL else None
    return match.lastgroup if match else None
