"""Lines all in capitals, put into the case of running text.

Headings, slogans and whole notices are typed in capitals. Names, the words of a sentence and its
beginning are then told apart by what Vietnamese syllables look like and by the tables of names: a
"TỶ LỆ HỘ NGHÈO TỈNH LÀO CAI" reads as "Tỷ lệ hộ nghèo tỉnh Lào Cai", while UBND and 27/KH-UBND stay.
"""

from __future__ import annotations

import re
from functools import cache

from chitieu.nlp import tables

_ENOUGH = 10
"""So many capitals make a line one in capitals rather than an abbreviation."""
_SHARE = 10
"""For each small letter, so many capitals ("30 m2", "TP. HCM đ")."""
_WORD = re.compile(r"[^\W\d_]+")
_CHUNK = re.compile(r"\S+")
_NUMBERED = re.compile(r"\d")
_SYLLABLE = re.compile(
    r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ]{1,3}"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_OPENS = re.compile(r"(?:^|[.!?…]\s|^\s*(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)/]\s*|^\s*[-+*•]\s*)[\"'(]*([^\W\d_])", re.M)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Names of places and bodies by their first syllable in lower case, longest first."""
    names: set[str] = set()
    for row in tables.read_csv("places.csv"):
        names.update((row["name"], row["full_name"]))
    for row in tables.read_csv("agencies.csv"):
        names.add(row["name"])
    by_first: dict[str, list[str]] = {}
    for name in names:
        if " " in name and name != name.lower():
            by_first.setdefault(name.split()[0].lower(), []).append(name)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in by_first.items()}


def recase(plain: str) -> str:
    """The text, character for character, with its lines of capitals in the case of running text."""
    if not any(_in_capitals(line) for line in plain.splitlines()):
        return plain
    return "".join(_recased(line) if _in_capitals(line) else line for line in plain.splitlines(keepends=True))


def _in_capitals(line: str) -> bool:
    if sum(map(str.islower, line[:40])) > 4:
        return False
    capitals = sum(map(str.isupper, line))
    return capitals >= max(_ENOUGH, _SHARE * sum(map(str.islower, line)))


def _recased(line: str) -> str:
    out = list(line)
    for chunk in _CHUNK.finditer(line):
        if _NUMBERED.search(chunk.group()) and "/" in chunk.group():
            continue  # the number of a document
        for word in _WORD.finditer(line, chunk.start(), chunk.end()):
            lower = word.group().lower()
            if len(lower) == len(word.group()) and _SYLLABLE.fullmatch(lower):
                out[word.start() : word.end()] = lower
    lowered = "".join(out)
    at = 0
    for word in _WORD.finditer(lowered):
        if word.start() < at:
            continue
        for name in _names().get(word.group().lower(), ()):
            end = word.start() + len(name)
            if lowered[word.start() : end].lower() == name.lower() and not lowered[end : end + 1].isalnum():
                out[word.start() : end] = name
                at = end
                break
    for opening in _OPENS.finditer(line):
        out[opening.start(1)] = line[opening.start(1)]
    return "".join(out)
