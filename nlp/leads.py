"""Which lines lead in to a sentence: headings, and clauses that end with a colon, above it; and which section it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = re.compile(
    r"(?P<bullet>[-+*•–])|(?P<roman>\(?[IVX]{1,5}[.)])|(?P<romanette>\(?[ivx]{1,4}\))|(?P<number>\[?\(?\d{1,2}(?:\.\d{1,2})*[.)\]])|(?P<letter>\(?[a-zđ][.)])|(?P<article>Điều|Chương|Phần|Mục)\s"
)
_REACH = 40
"""Sentences that a line leads in to at the most."""
_PROSE = 400
"""A paragraph of so many characters ends a list."""


def find_leads(plain: str, sentences: Sequence[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """For each sentence, by number, the lines above that lead in to it, the nearest first, three at the most.

    A line leads in until a line of the same mark ("-", "2.", "b)") takes its place, or a long
    paragraph of prose ends the list.

    >>> text = "Mục tiêu năm 2025:\\n- Tăng trưởng đạt 8%."
    >>> find_leads(text, [(0, 18), (19, len(text))])
    {0: (), 1: (0,)}
    """
    out: dict[int, tuple[int, ...]] = {}
    standing: list[tuple[int, str]] = []
    for number, (start, end) in enumerate(sentences):
        text = plain[start:end]
        mark = item_mark(text)
        standing = [(n, kind) for n, kind in standing if number - n <= _REACH]
        leads_in = text.endswith(":") or is_heading(plain, start, end)
        if mark:
            same = next((n for n, (_, kind) in enumerate(standing) if kind == mark), None)
            standing = standing[:same]
        out[number] = tuple(n for n, _ in reversed(standing[-3:]))
        if leads_in:
            if not mark and not text.endswith(":"):
                standing = []
            standing.append((number, mark))
        elif len(text) > _PROSE and text.endswith(".") and not mark:
            standing = []
    return out


def item_mark(text: str) -> str:
    """What marks a line as an item of a list: the bullet itself, "*" for "•"; of a number or letter its kind; "" for none."""
    m = _MARK.match(text)
    if not m:
        return ""
    return m[0].replace("•", "*") if m.lastgroup == "bullet" else m.lastgroup or ""


def is_heading(plain: str, start: int, end: int) -> bool:
    """Whether a sentence is a short line of its own that does not end as a sentence does."""
    if end - start > 160 or plain[end - 1] in ".;,":
        return False
    return (start == 0 or plain[start - 1] == "\n") and (end >= len(plain) or plain[end] == "\n")


_SECTIONS = (
    ("goals", re.compile(r"mục tiêu|chỉ tiêu|quan điểm|phương châm|tầm nhìn|định hướng|nguyên tắc")),
    ("tasks", re.compile(r"nhiệm vụ|giải pháp|yêu cầu|giao (?:cho )?(?:các |sở|ubnd|ủy ban|bộ )|tổ chức thực hiện|phân công|chỉ đạo|đề nghị|trách nhiệm")),
    ("report", re.compile(r"kết quả|tình hình|tồn tại|hạn chế|nguyên nhân|thành tích|đạt được")),
)
"""What a heading, or a line that ends with a colon, says of what stands under it."""


def find_sections(plain: str, lower: str, sentences: Sequence[tuple[int, int]]) -> list[str]:
    """For each sentence, what the last heading above it (or line with a colon) announces: "goals", "goals tasks", "?" for a question, "other", "-" where there is none.

    Goals and principles order nothing, whatever verbs they begin with; other than a lead, a section goes on over long paragraphs.

    >>> text = "Mục tiêu tổng quát:\\nTăng trưởng cao."
    >>> find_sections(text, text.lower(), [(0, 19), (20, len(text))])
    ['-', 'goals']
    """
    out: list[str] = []
    section = "-"
    for start, end in sentences:
        out.append(section)
        if plain[end - 1] == ":" or is_heading(plain, start, end):
            line = lower[start:end]
            section = " ".join(name for name, pattern in _SECTIONS if pattern.search(line)) or ("?" if line.endswith("?") else "other")
    return out
