"""Linking indicator phrases to the catalogue `data/indicators.toml`.

Phrases are compared folded: lower case, "tỉ" as "tỷ", the old placement of tone marks ("hóa", not
"hoá"). A phrase is linked by the longest alias it contains; the unit of the figure decides between
an indicator and its variants ("xã đạt chuẩn nông thôn mới" in % is the share of communes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from chitieu.nlp import tables
from chitieu.nlp.text import old_tones

_WORD = re.compile(r"[^\W_]+")
_TI = re.compile(r"\btỉ\b")


def fold(text: str) -> str:
    """Lower case, old tone placement, "tỷ" for "tỉ"; as long as the text, so that offsets stay."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _TI.sub("tỷ", old_tones(lower))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue, as far as linking needs it."""

    id: str
    unit: str
    dimension: str
    measure: str
    variant_of: str | None


@dataclass(frozen=True, slots=True)
class _Catalogue:
    by_words: dict[tuple[str, ...], str]
    lengths: dict[str, tuple[int, ...]]
    """How many words the aliases have that begin with a word, the longest first."""
    by_id: dict[str, Indicator]
    variants: dict[str, tuple[str, ...]]


@cache
def _catalogue() -> _Catalogue:
    by_words: dict[tuple[str, ...], str] = {}
    by_id: dict[str, Indicator] = {}
    variants: dict[str, list[str]] = {}
    for row in tables.read_toml("indicators.toml")["indicator"]:
        one = Indicator(row["id"], row.get("unit", ""), row.get("dimension", ""), row.get("measure", ""), row.get("variant_of"))
        by_id[one.id] = one
        if one.variant_of:
            variants.setdefault(one.variant_of, []).append(one.id)
        for alias in (row["name_vi"], *row.get("aliases", ())):
            by_words.setdefault(tuple(_WORD.findall(fold(alias))), one.id)
    lengths: dict[str, set[int]] = {}
    for words in by_words:
        lengths.setdefault(words[0], set()).add(len(words))
    return _Catalogue(by_words, {w: tuple(sorted(n, reverse=True)) for w, n in lengths.items()}, by_id, {k: tuple(v) for k, v in variants.items()})


@lru_cache(maxsize=4_096)
def find_aliases(text: str) -> tuple[tuple[int, int, str], ...]:
    """All aliases in a text, in text order, the longer of those that begin together first: offsets and the indicator's id.

    >>> [(start, end) for start, end, _ in find_aliases("thu ngân sách nhà nước")][0]
    (0, 22)
    """
    catalogue = _catalogue()
    spans = [m.span() for m in _WORD.finditer(text)]
    folded = fold(text)
    words = [folded[start:end] for start, end in spans]
    out: list[tuple[int, int, str]] = []
    for at, word in enumerate(words):
        for length in catalogue.lengths.get(word, ()):
            found = catalogue.by_words.get(tuple(words[at : at + length]))
            if found is not None and at + length <= len(words):
                out.append((spans[at][0], spans[at + length - 1][1], found))
    return tuple(out)


def find_alias(phrase: str) -> tuple[int, int, str] | None:
    """The alias of most words in a phrase, the first of several: its offsets there and the indicator's id; None if it has none."""
    return max(find_aliases(phrase), key=lambda alias: phrase.count(" ", alias[0], alias[1]), default=None)


def dimension_of(indicator: str) -> str:
    """The dimension an indicator of the catalogue is given in."""
    return _catalogue().by_id[indicator].dimension


def link(phrase: str, unit: str, dimension: str) -> str | None:
    """The id of the indicator that a phrase names for a figure in `unit`, or None.

    Where the unit is not the indicator's, the variant that has it is taken; where none has it, the
    indicator itself only if the figure tells of its change (a share).
    """
    found = find_alias(phrase)
    if found is None:
        return None
    catalogue = _catalogue()
    one = catalogue.by_id[found[2]]
    if one.unit == unit or one.dimension == dimension:
        return one.id
    related = [one.variant_of] if one.variant_of else []
    related += catalogue.variants.get(one.id, ())
    if one.variant_of:
        related += catalogue.variants.get(one.variant_of, ())
    for other in related:
        if other and other != one.id and (catalogue.by_id[other].unit == unit or catalogue.by_id[other].dimension == dimension):
            return other
    return one.id
