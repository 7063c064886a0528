"""What a time is for: deadline, base of a comparison, period of a figure, or date of an event.

Told by a log-linear model from what governs the expression: the word that bounds it, the words around
it, whether it lies ahead of the publication, which figures and documents stand near it, and what the
hand-written rules (`role_rules.py`) say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from chitieu.nlp import loglinear
from chitieu.nlp.pieces import Line, Pieces, bucket
from chitieu.nlp.quantities import Figure
from chitieu.nlp.role_rules import rule_roles
from chitieu.nlp.times import Found


class Chooser(Protocol):
    """Gives a time its role."""

    def time_role(self, time: int, features: list[str]) -> str:
        """The role of the time at that position."""


class Model:
    """The trained choice; `learned` takes the place of the stored ones."""

    def __init__(self, learned: loglinear.Learned | None = None) -> None:
        self._roles = loglinear.classifier("time_roles", learned)

    def time_role(self, time: int, features: list[str]) -> str:
        sure = self._roles.probabilities(features)
        return self._roles.classes[sure.index(max(sure))]


def assign_roles(
    times: Sequence[Found],
    lower: str,
    plain: str,
    sentences: Sequence[tuple[int, int]],
    figures: Sequence[Figure],
    mentions: Sequence[tuple[int, int]],
    published: date | None,
    *,
    assumed: bool = False,
    chooser: Chooser | None = None,
) -> None:
    """Sets the role of every time.

    `mentions` are the plain spans of document numbers. `published` is the publication day, or what
    stands for it (`assumed`).
    """
    if not times:
        return
    chooser = chooser or Model()
    ruled = rule_roles(times, lower, plain, sentences, [(f.start, f.end) for f in figures], mentions, published, assumed=assumed)
    pieces = Pieces(lower, figures, [], [], mentions, undecided=times)
    starts = [start for start, _ in sentences]
    for n, time in enumerate(times):
        number = max(0, bisect_right(starts, time.start) - 1)
        line = pieces.line(*sentences[number], "time", n) if sentences else None
        if line is None:
            time.role = ruled[n][0]
            continue
        above = pieces.of(*sentences[number - 1])[-1].form if number and sentences[number - 1][1] > sentences[number - 1][0] else "^"
        time.role = chooser.time_role(n, features(time, line, published, assumed, above, ruled[n]))


def features(time: Found, line: Line, published: date | None, assumed: bool, above: str, ruled: tuple[str, str]) -> list[str]:
    """What speaks for the roles; `above` is the last word or mark of the sentence before, `ruled` what the rules say."""
    pieces, at = line.pieces, line.at
    ahead = seen_from(time, published) + ("?" if assumed else "")
    before = [p.form for p in pieces[max(0, at - 9) : at]]
    after = [p.form for p in pieces[at + 1 : at + 9]]
    left = next((at - i for i in range(at - 1, -1, -1) if pieces[i].kind == "figure"), 0)
    right = next((i - at for i in range(at + 1, len(pieces)) if pieces[i].kind == "figure"), 0)
    around = line.window()
    k = f"{time.grain}|{time.prefix}"
    return [
        "bias",
        f"ruled={ruled[0]}",
        f"ruled={ruled[0]} {ruled[1]}",
        f"rule={time.rule}",
        f"grain={time.grain}",
        f"prefix={time.prefix}",
        f"k={k}",
        f"ahead={ahead}",
        f"k={k}|ahead={ahead}",
        f"rule={time.rule}|ahead={ahead}",
        f"year={time.named_year}|{time.grain}",
        f"figures={bool(left or right)}",
        f"figures={bool(left or right)}|{k}",
        f"figures={bool(left or right)}|{k}|{ahead}",
        f"left={bucket(left)}",
        f"right={bucket(right)}",
        f"left={bucket(left)}|{time.grain}",
        f"right={bucket(right)}|{time.grain}",
        f"opens={at < 2}|{k}",
        f"opens={at < 2}|{k}|{ahead}",
        f"above={above}",
        *around,
        *(f"{time.grain}|{f}" for f in around[:3]),
        *(f"{time.prefix}|{f}" for f in around[:3]),
        *(f"b={f}" for f in before),
        *(f"bb={a} {b}" for a, b in zip(before, before[1:], strict=False)),
        *(f"a={f}" for f in after),
        *(f"ab={a} {b}" for a, b in zip(after, after[1:], strict=False)),
        *(f"{ahead}|b={f}" for f in before[-5:]),
        *(f"s={f}" for f in dict.fromkeys(p.form for p in pieces if p.kind == "word")),
        *(f"{time.grain}|first={f}" for f in (line.form(0), line.form(1))),
    ]


def seen_from(time: Found, published: date | None) -> str:
    """Where a time lies, seen from the day of publication."""
    if published is None:
        return "undated"
    if time.until is None:
        return "open"
    if time.until <= published:
        return "past" if (published - time.until).days > 40 else "just past"
    if time.rule == "month.part" and time.prefix == "until" and (time.until - published).days < 10:
        return "present"  # "đến giữa tháng 8", said on the 19th
    return "present" if time.since is not None and time.since <= published else "ahead"
