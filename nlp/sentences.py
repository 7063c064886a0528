"""Sentences: underthesea's, line by line, with their offsets."""

from __future__ import annotations

import re
from functools import cache

from chitieu.nlp.text import Reading

_INNER_STOP = re.compile(r"[.!?…]\s")
_UNFINISHED = re.compile(r"(?:\b(?:TP|Tp|TX|TT|PGS|GS|TS|ThS|BS|KTS|St|Mr|Dr|tr|Q|P|H|X|No|Co)|\b[A-ZĐ]|^\s*[-+*•]?\s*\(?(?:\d{1,2}|[a-zđ]|[IVX]{1,4}))\.$")


@cache
def _splitter():  # type: ignore[no-untyped-def]
    from underthesea import sent_tokenize

    return sent_tokenize


def find_sentences(reading: Reading) -> list[tuple[int, int]]:
    """Plain spans of the sentences, without the blanks around them, in text order."""
    spans: list[tuple[int, int]] = []
    plain = reading.plain
    at = 0
    for line in plain.splitlines(keepends=True):
        start = at
        at += len(line)
        if not line.strip():
            continue
        if _INNER_STOP.search(line) is None:
            spans.append(_trim(plain, start, at))
            continue
        spans.extend(_merge(plain, _locate(plain, start, at, _splitter()(line))))
    return spans


def _locate(plain: str, start: int, end: int, pieces: list[str]) -> list[tuple[int, int]]:
    """Offsets of the pieces in `plain[start:end]`; a piece that was changed ends where the next begins."""
    starts: list[int] = []
    at = start
    for piece in pieces:
        head = piece.strip()[:12]
        found = plain.find(head, at, end) if head else -1
        if found >= 0:
            starts.append(found)
            at = found + max(1, len(piece.strip()) - 2)
    if not starts:
        return [_trim(plain, start, end)]
    starts[0] = start
    return [_trim(plain, s, e) for s, e in zip(starts, [*starts[1:], end], strict=True) if plain[s:e].strip()]


def _merge(plain: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Joins what was split after an abbreviation or before a lower-case letter."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and (_UNFINISHED.search(plain[out[-1][0] : out[-1][1]]) or plain[start].islower()):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return start, end
