"""Which bodies a text names: "Sở Tài chính, Kho bạc Nhà nước" are two of the table of agencies."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from chitieu.nlp import tables
from chitieu.nlp.indicators import fold

_WORD = re.compile(r"[^\W_]+")


def named_agencies(text: str, day: date | None = None) -> list[str]:
    """Ids of the bodies that `text` names, in its order, each once; the longest name wins.

    A name that two bodies bore one after the other means the one of `day` (None: the later one).
    """
    words = _WORD.findall(fold(text))
    names, longest = _names()
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            bearers = names.get(tuple(words[at : at + length]))
            if bearers:
                found[_of_day(bearers, day)] = None
                at += length
                break
        else:
            at += 1
    return list(found)


def issuing_agency(issuer: str | None, day: date | None = None) -> str | None:
    """Id of the body that an issuer's name begins with: "UBND tỉnh Lào Cai" is a people's committee of a province."""
    return next(iter(named_agencies(issuer, day)), None) if issuer else None


def _of_day(bearers: tuple[tuple[str, str, str], ...], day: date | None) -> str:
    fitting = [bearer for bearer in bearers if day is None or bearer[0] <= day.isoformat() <= bearer[1]]
    return (fitting or list(bearers))[-1][2]


@cache
def _names() -> tuple[dict[tuple[str, ...], tuple[tuple[str, str, str], ...]], int]:
    """Words of each name → (first day, last day, id) of those who bore it, by first day."""
    found: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for row in tables.read_csv("agencies.csv"):
        bearer = (row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31", row["id"])
        for name in (row["name"], *row["aliases"].split(";")):
            words = tuple(_WORD.findall(fold(name)))
            if words and bearer not in found.setdefault(words, []):
                found[words].append(bearer)
    return {words: tuple(sorted(bearers)) for words, bearers in found.items()}, max(map(len, found))
