"""The text as patterns read it: composed, plain-spaced, unwrapped, with a way back to the offsets.

Patterns are written once, for NFC text with plain spaces and plain hyphens. Real texts come
decomposed, with no-break spaces and en dashes, or broken into lines of 60 characters. `Reading`
holds the text in the plain form together with the map from its offsets to those of the stored text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol, TypeVar

from chitieu.nlp.casing import recase

UPPER = "A-ZÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capitals of Vietnamese, for use inside a character class of a pattern."""

# One character for one character, so that offsets stay.
_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\ufeff": " ",
        "\u200b": " ",
        "\u00ad": "-",
        "\t": " ",
        "\r": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2018": "'",
        "\u2019": "'",
        "\u00d0": "\u0110",  # Eth, often typed for Đ
        "\u01cd": "\u0102",  # caron for breve: Ă, ă
        "\u01ce": "\u0103",
        "\u0189": "\u0110",
        "\u2044": "/",
        "\u2215": "/",
    }
)

_SINGLE_BREAK = re.compile(r"(?<=\S) *(?P<break>\n) *(?P<next>[^\s+*•|(-]|- (?=[^\W\d_]))")
_FIRST_WORD = re.compile(r"\S{1,60}")
_SHORTEST = 30
"""Shorter lines are headings and names rather than wrapped ones."""
_ENDS_LINE = frozenset(".!?:;…/|")
_LIST_ITEM = re.compile(r"(?:\d{1,3}|[a-zđ])(?:[.)](?!\d)|/(?=\s))|[IVX]{1,5}\.")
_WANTS_NUMERAL = re.compile(r"(?<!\w)(?:quý|kho[áa]|khóa|thứ|cấp|số|lần|ngày)\s*$", re.I)
_BLANKS = re.compile(r"(?<=\S) (?P<more> +)(?=\S)|(?<=\S)(?P<last> +)(?=\n)")


LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character that a broken decoder left; libraries that store text as UTF-8 fail on it."""


_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_NEW_TONES = re.compile(r"(?<![Qq])(?:" + "|".join(_TONES) + r")(?![^\W\d_])")


def old_tones(text: str) -> str:
    """The text with tone marks where the tables have them, as long as it was: "Thanh Hoá" as "Thanh Hóa".

    "quý" and the like are left alone: there the u belongs to the q.
    """
    return _NEW_TONES.sub(lambda m: _TONES[m.group()], text)


def compile_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, with `\\p{Lu}` inside a character class standing for the capitals of Vietnamese."""
    return re.compile(pattern.replace(r"\p{Lu}", UPPER), flags)


class Spans:
    """A set of spans that can be asked in logarithmic time whether another overlaps one of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def overlap(self, start: int, end: int) -> bool:
        """Whether any of the spans shares a character with `start` to `end`."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start


class Placed(Protocol):
    """What stands at a place of the text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)


class Ordered(list[P]):
    """What was found in a text, in text order; where one stands is asked in logarithmic time."""

    def __init__(self, items: Iterable[P]) -> None:
        super().__init__(items)
        self._starts = [item.start for item in self]

    def within(self, start: int, end: int) -> range:
        """The positions in this list of what begins from `start` on and before `end`."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def at(self, offset: int) -> P | None:
        """What covers `offset`."""
        before = bisect_right(self._starts, offset) - 1
        return self[before] if before >= 0 and offset < self[before].end else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as patterns read it (`plain`) and the offsets it was stored with.

    `starts` is None where both texts have the same length; else `starts[i]` is the stored offset
    of the plain character i, with one more entry for the end.
    """

    stored: str
    plain: str
    lower: str
    starts: list[int] | None = None

    def to_stored(self, start: int, end: int) -> tuple[int, int]:
        """The stored span of a plain one."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end]

    def to_plain(self, offset: int) -> int:
        """The plain offset of a stored one (of the character that it falls into)."""
        if self.starts is None:
            return offset
        return min(bisect_left(self.starts, offset), len(self.plain))


def read(text: str) -> Reading:
    """The reading of a stored text."""
    starts = None
    plain = text
    if not unicodedata.is_normalized("NFC", text):
        plain, starts = _compose(text)
    plain = _unwrap(LONE_SURROGATE.sub("\ufffd", plain.translate(_PLAIN)))
    plain, starts = _squeeze(recase(plain), starts)
    lower = plain.lower()
    if len(lower) != len(plain):  # a few characters grow in lower case: İ
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    return Reading(text, plain, lower, starts)


def _compose(text: str) -> tuple[str, list[int]]:
    """NFC of the text, a base with its marks at a time, and where each character came from."""
    out: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        composed = unicodedata.normalize("NFC", text[at:end]) if end > at + 1 else text[at]
        out.append(composed)
        starts.extend([at] * len(composed))
        at = end
    starts.append(len(text))
    return "".join(out), starts


def _squeeze(plain: str, starts: list[int] | None) -> tuple[str, list[int] | None]:
    """One blank for several between words and none before a line break, and where each character came from."""
    runs = [m.span(m.lastgroup or 0) for m in _BLANKS.finditer(plain)]
    if not runs:
        return plain, starts
    known: Sequence[int] = starts if starts is not None else range(len(plain) + 1)
    kept: list[str] = []
    kept_starts: list[int] = []
    at = 0
    for start, end in runs:
        kept.append(plain[at:start])
        kept_starts.extend(known[at:start])
        at = end
    kept.append(plain[at:])
    kept_starts.extend(known[at:])
    return "".join(kept), kept_starts


def _unwrap(plain: str) -> str:
    """Turns line breaks inside a sentence into spaces.

    A single break counts as a wrap where the line before ends in mid-sentence and the next goes on
    in lower case. If that happens often the text is hard-wrapped: breaks before capitals inside a
    paragraph ("Thành phố Hồ Chí / Minh") are wraps too, and so are those after a mark where the next
    word would not have fitted in the line.
    """
    breaks = [_Break(plain, m.start(), m.start("break"), m.start("next")) for m in _SINGLE_BREAK.finditer(plain)]
    certain = [b for b in breaks if b.in_sentence and b.lower and b.goes_on]
    inside = sum(b.in_sentence and not b.dash for b in breaks)
    wrapped = len(certain) >= 4 and len(certain) * 3 >= inside
    width = max((b.length for b in certain), default=0) if wrapped else 0
    joins = [b.at for b in breaks if b.goes_on and (b.lower and b.in_sentence or b.in_name or (wrapped and b.may_wrap(width)))]
    if not joins:
        return plain
    chars = list(plain)
    for at in joins:
        chars[at] = " "
    return "".join(chars)


class _Break:
    """A single line break and what stands on its two sides."""

    def __init__(self, plain: str, end: int, at: int, following: int) -> None:
        self.at = at
        self.length = end - plain.rfind("\n", 0, at) - 1
        self.lower = plain[following].islower()
        self.in_name = plain.endswith("TP.", 0, end)
        self.in_sentence = plain[end - 1] not in _ENDS_LINE
        self.dash = plain[following] == "-"
        if self.dash:
            self.goes_on = plain[following + 2].islower()
        else:
            listed = _LIST_ITEM.match(plain, following) is not None
            self.goes_on = not listed or _WANTS_NUMERAL.search(plain, max(0, end - 8), end) is not None
        self.word = len(_FIRST_WORD.match(plain, following).group())  # type: ignore[union-attr]

    def may_wrap(self, width: int) -> bool:
        """Whether a text whose longest wrapped line has `width` characters may have been wrapped here."""
        if self.in_sentence:
            return self.length > _SHORTEST
        return self.length <= width < self.length + 1 + self.word
