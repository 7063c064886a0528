"""Phrases of officialese from `data/officialese.toml`, as patterns and as suffix sets."""

from __future__ import annotations

import re
from functools import cache

from chitieu.nlp import tables


@cache
def phrases(section: str, name: str) -> tuple[str, ...]:
    """The phrases of one list, longest first."""
    return tuple(sorted(tables.read_toml("officialese.toml")[section][name], key=len, reverse=True))


def alternation(words: tuple[str, ...] | list[str]) -> str:
    """A pattern that matches any of the phrases, longest first, with any blanks between words."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


@cache
def anywhere(section: str, name: str) -> re.Pattern[str]:
    """Matches a phrase of the list as whole words."""
    return re.compile(rf"(?<!\w)(?:{alternation(phrases(section, name))})(?!\w)")


@cache
def at_start(section: str, name: str) -> re.Pattern[str]:
    """Matches a phrase of the list at the position given to `match`."""
    return re.compile(rf"(?:{alternation(phrases(section, name))})(?!\w)")
