"""From wording to the catalogue: which indicator a phrase names, how surely, and what narrows it.

`nlp.indicators` links a phrase by the longest name it contains. Setting one figure against another
needs more: names that count only in a fitting context, and what the phrase says besides the name
("xuất khẩu *của doanh nghiệp trong nước*" is not the province's exports).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from chitieu.nlp import indicators, tables

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")

_NINE_PLACES = Decimal("1E-9")

How = Literal["name", "weak", ""]


@dataclass(frozen=True, slots=True)
class Link:
    """What a phrase names: `how` it was found, and the words that narrow it, in order."""

    indicator_id: str | None
    how: How
    qualifier: str

    def as_row(self) -> dict[str, Any]:
        return {"indicator_id": self.indicator_id, "how": self.how, "qualifier": self.qualifier}


def link(phrase: str, unit: str) -> Link:
    """The indicator that `phrase` names for a figure in `unit`.

    A phrase that no name fits may be a weak name and nothing else ("giải ngân"); then the one
    indicator that has the unit's dimension is meant, if there is just one.
    """
    dimension = measure(unit).dimension
    found = indicators.find_alias(phrase)
    if found:
        start, end, named = found
        rest = phrase[:start] + " \N{BULLET} " + phrase[end:]
        # "Số bác sĩ trên 1 vạn dân đạt 15,3 bác sĩ" names the rate, whatever the figure counts.
        is_rate = dimension == "count" and _dimension_of_indicator(named) == "ratio"
        return Link(named if is_rate else indicators.link(phrase, unit, dimension), "name", content_words(rest))
    words = content_words(phrase)
    fitting = [one for one in _weak_names().get(words, ()) if _dimension_of_indicator(one) == dimension]
    if words and len(fitting) == 1:
        return Link(fitting[0], "weak", "")
    return Link(None, "", words)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures, and how many of the base unit of that dimension one of it is."""

    dimension: str
    base_unit: str
    factor: Decimal

    def as_row(self) -> dict[str, Any]:
        return {"dimension": self.dimension, "base_unit": self.base_unit, "factor": self.factor.quantize(_NINE_PLACES)}


@cache
def measure(unit: str) -> Measure:
    """How figures in `unit` are compared.

    Counted nouns count themselves. Of compound units ("VND/người/năm", "tạ/ha") the first part is
    brought to its base; money per something is money, weight per area a yield, all else a ratio.
    """
    known = tables.unit_of().get(unit)
    if known:
        return Measure(known.dimension, known.base or unit, Decimal(repr(known.factor)) if known.base and known.factor else Decimal(1))
    if unit == "rank":
        return Measure("rank", unit, Decimal(1))
    first, slash, rest = unit.partition("/")
    above = tables.unit_of().get(first)
    if not slash or above is None:
        return Measure("ratio" if slash else "count", unit, Decimal(1))
    part = measure(first)
    if part.dimension == "money":
        return Measure("money", part.base_unit, part.factor)
    return Measure("yield" if part.dimension == "weight" and rest == "ha" else "ratio", f"{part.base_unit}/{rest}", part.factor)


@cache
def content_words(phrase: str) -> str:
    """The words of a phrase that tell what is measured: folded, without empty words and years."""
    words = _WORD.findall(indicators.fold(phrase))
    kept, at = [], 0
    while at < len(words):
        skip = next((n for n in range(4, 0, -1) if tuple(words[at : at + n]) in _empty_words()), 0)
        if not skip and not _YEAR.fullmatch(words[at]):
            kept.append(words[at])
        at += max(skip, 1)
    return " ".join(kept)


@cache
def _empty_words() -> frozenset[tuple[str, ...]]:
    listed = tables.read_toml("comparison.toml")["words"]["empty"]
    names = [row["name"] for row in tables.read_csv("places.csv") if row["kind"] in ("province", "municipality", "country")]
    return frozenset(tuple(_WORD.findall(indicators.fold(phrase))) for phrase in (*listed, *names))


def words_pattern(name: str) -> str:
    """The word list `name` of `data/comparison.toml` as a regular expression that finds each as whole words in lower case (RE2)."""
    listed = "|".join(re.escape(phrase.lower()) for phrase in tables.read_toml("comparison.toml")["words"][name])
    return rf"(^|[^\p{{L}}\p{{N}}])({listed})($|[^\p{{L}}\p{{N}}])"


@cache
def _weak_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in tables.read_toml("indicators.toml")["indicator"]:
        for alias in row.get("weak_aliases", ()):
            found.setdefault(content_words(alias), set()).add(row["id"])
            # What an absolute figure names, a share of the plan names too: "giải ngân 742 tỷ, đạt 12%".
            found[content_words(alias)].update(_cumulative_rates().get(row["id"], ()))
    return {words: tuple(sorted(ids)) for words, ids in found.items()}


@cache
def _cumulative_rates() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in tables.read_toml("indicators.toml")["indicator"]:
        if row.get("variant_of") and row["cumulative"] and row["measure"] == "rate":
            found.setdefault(row["variant_of"], []).append(row["id"])
    return {name: tuple(ids) for name, ids in found.items()}


@cache
def _dimension_of_indicator(indicator_id: str) -> str:
    return _by_id()[indicator_id]["dimension"]


@cache
def _by_id() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in tables.read_toml("indicators.toml")["indicator"]}

