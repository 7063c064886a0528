"""An order as found in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Order:
    """One ordered clause in plain offsets; `who` is the span of its body, `time` the position of its deadline in the times."""

    start: int
    end: int
    who: tuple[int, int] | None
    time: int | None
    rule: str
    confidence: float
