"""A sentence as the learned components read it: words and marks, with every figure, time, place and
document number as one piece of a form of its own.

"Thu ngân sách năm 2023 của Lào Cai đạt 873 tỷ đồng" reads `thu ngân sách ‹period› của ‹province› đạt
‹money›`: what stands around a figure is seen alike whatever the figure, the day or the name is.

Features are made in the order of the text (`dict.fromkeys`, not sets): sums of weights are then the
same to the last bit in every process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from chitieu.nlp.places import Named
from chitieu.nlp.quantities import Figure
from chitieu.nlp.text import Ordered
from chitieu.nlp.times import Found

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,/-]\d+)*|[^\w\s]")


class Piece(NamedTuple):
    """A word, a mark or a found thing: plain offsets, its form, and its position in the list of its kind."""

    start: int
    end: int
    form: str
    kind: str
    """word, number, mark, figure, time, place or ref"""
    at: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in pieces, and the piece in it that is looked at."""

    pieces: list[Piece]
    at: int = 0

    def form(self, i: int) -> str:
        """The form of piece i, with marks for what lies beyond the ends of the sentence."""
        return "^" if i < 0 else ("$" if i >= len(self.pieces) else self.pieces[i].form)

    def window(self) -> list[str]:
        """Features of the words around the piece that is looked at."""
        l3, l2, l1, r1, r2, r3 = (self.form(self.at + k) for k in (-3, -2, -1, 1, 2, 3))
        return [
            f"l1={l1}", f"r1={r1}", f"l2={l2}", f"l3={l3}", f"l12={l2} {l1}", f"l123={l3} {l2} {l1}",
            f"r2={r2}", f"r3={r3}", f"r12={r1} {r2}", f"r123={r1} {r2} {r3}", f"l1r1={l1} {r1}",
        ]  # fmt: skip


def bucket(n: int) -> str:
    """A length as a feature."""
    return str(n) if n < 4 else ("4-6" if n < 7 else ("7-10" if n < 11 else ("11-16" if n < 17 else "17+")))


def magnitude(value: float | None) -> str:
    """The order of magnitude of a number as a feature; small whole numbers are told apart."""
    if value is None:
        return "range"
    if abs(value) >= 1e30:
        return "beyond"
    if value == int(value) and abs(value) < 20:
        return str(int(value)) if abs(value) < 6 else "6-19"
    return f"e{len(str(int(abs(value))))}"


class Pieces:
    """Reads sentences of one text as pieces; each is read once."""

    def __init__(
        self,
        lower: str,
        figures: Iterable[Figure],
        times: Iterable[Found],
        places: Iterable[Named],
        mentions: Iterable[tuple[int, int]],
        *,
        undecided: Iterable[Found] = (),
    ) -> None:
        """`undecided` are times whose role is yet to be told."""
        self._lower = lower
        found: list[Piece] = []
        for n, figure in enumerate(figures):
            end = figure.number_end if figure.dimension == "count" and figure.start < figure.number_end <= figure.end else figure.end
            found.append(Piece(figure.start, end, f"‹{figure.dimension}›", "figure", n))
        found.extend(Piece(t.start, t.end, f"‹{t.role}›", "time", n) for n, t in enumerate(times))
        found.extend(Piece(t.start, t.end, "‹time›", "time", n) for n, t in enumerate(undecided))
        found.extend(Piece(start, end, "‹ref›", "ref", n) for n, (start, end) in enumerate(mentions))
        taken: list[Piece] = []
        for piece in sorted([*found, *(Piece(p.start, p.end, f"‹{p.kind}›", "place", n) for n, p in enumerate(places))]):
            if not taken or taken[-1].end <= piece.start:
                taken.append(piece)
            elif taken[-1].kind == "place" and piece.kind != "place":
                taken[-1] = piece
        self._found = Ordered(taken)
        self._read: dict[tuple[int, int], list[Piece]] = {}

    def of(self, start: int, end: int) -> list[Piece]:
        """The pieces of a sentence, in text order."""
        known = self._read.get((start, end))
        if known is None:
            known = self._read[(start, end)] = self._split(start, end)
        return known

    def line(self, start: int, end: int, kind: str, at: int) -> Line | None:
        """The sentence with the piece of that kind and position looked at; None where another covers it."""
        pieces = self.of(start, end)
        found = next((n for n, p in enumerate(pieces) if p.kind == kind and p.at == at), None)
        return Line(pieces, found) if found is not None else None

    def _split(self, start: int, end: int) -> list[Piece]:
        out: list[Piece] = []
        at = start
        for i in self._found.within(start, end):
            piece = self._found[i]
            self._words(at, piece.start, out)
            out.append(piece)
            at = piece.end
        self._words(at, end, out)
        return out

    def _words(self, start: int, end: int, out: list[Piece]) -> None:
        new = tuple.__new__  # half the time of Piece(), which most of the work here would be
        for m in _WORD.finditer(self._lower, start, end):
            form = m.group()
            first = form[0]
            if first.isalpha():
                out.append(new(Piece, (*m.span(), form, "word", -1)))
            elif first.isdigit():
                out.append(new(Piece, (*m.span(), "0", "number", -1)))
            else:
                out.append(new(Piece, (*m.span(), form, "mark", -1)))
