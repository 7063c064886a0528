"""Sentences: underthesea's, line by line, with their offsets.

A sentence is what the rules look through around each figure, so its length bounds their work:
beyond `LONGEST` characters (no sentence that people wrote; a table or noise) it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from chitieu.nlp.text import Reading

_INNER_STOP = re.compile(r"[.!?…]\s")
_UNFINISHED = re.compile(r"(?:\b(?:TP|Tp|TX|TT|PGS|GS|TS|ThS|BS|KTS|St|Mr|Dr|tr|Q|P|H|X|No|Co)|\b[A-ZĐ]|^\s*[-+*•]?\s*\(?(?:\d{1,2}|[a-zđ]|[IVX]{1,4}))\.$")

LONGEST = 2_000


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
            spans.extend(_cut(plain, *_trim(plain, start, at)))
            continue
        for span in _merge(plain, _locate(plain, start, at, _splitter()(line))):
            spans.extend(_cut(plain, *span))
    return spans


def _cut(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, or pieces of it no longer than `LONGEST`, cut after ";", else ",", else a blank."""
    while end - start > LONGEST:
        cuts = (plain.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in ("; ", ", ", " "))
        at = next((cut + 1 for cut in cuts if cut >= 0), start + LONGEST)
        yield _trim(plain, start, at)
        start, _ = _trim(plain, at, end)
    if start < end:
        yield start, end


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
        if out and (_ends_unfinished(plain, *out[-1]) or plain[start].islower()):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _ends_unfinished(plain: str, start: int, end: int) -> bool:
    """Whether a sentence ends in an abbreviation or is nothing but a list mark."""
    tail = plain[start:end] if end - start <= 16 else "…" + plain[end - 16 : end]
    return _UNFINISHED.search(tail) is not None


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return start, end
