"""A statement as found in a text, and what it is found from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from chitieu.nlp.leads import is_heading, item_mark
from chitieu.nlp.pieces import Pieces
from chitieu.nlp.places import Named
from chitieu.nlp.quantities import Figure
from chitieu.nlp.text import Ordered
from chitieu.nlp.times import Found

Span = tuple[int, int]


@dataclass(slots=True)
class Fact:
    """One statement in plain offsets; `figure` and `time` are positions in the lists it was made from."""

    figure: int
    start: int
    end: int
    role: str
    direction: str
    time: int | None
    place: str | None
    rule: str
    confidence: float


@dataclass(slots=True)
class Scene:
    """Everything the choices may look at, in plain offsets."""

    plain: str
    lower: str
    sentences: list[Span]
    figures: list[Figure]
    times: Ordered[Found]
    places: Ordered[Named]
    sites: Ordered[Named]
    """Sites, companies and bodies that figures may be given for."""
    pieces: Pieces
    main_place: str | None
    today: date | None
    """The day of publication, or what stands for it."""
    zone_at: dict[int, str] = field(default_factory=dict)
    """Zone of each sentence, by its number."""
    _fences: dict[int, str] = field(default_factory=dict)
    often: list[tuple[str, int]] = field(init=False)
    """The three places and sites that are named most, and how often."""
    namings: int = field(init=False)
    """How often any is named."""
    local: str | None = field(init=False)
    """The district that is named most, of two names or more: what "huyện" alone means."""

    def __post_init__(self) -> None:
        named = Counter(place.name for place in (*self.places, *self.sites))
        self.often, self.namings = named.most_common(3), named.total()
        local = Counter(place.name for place in self.places if place.kind == "district").most_common(1)
        self.local = local[0][0] if local and local[0][1] > 1 else None

    def fence(self, first: int, last: int) -> str:
        """What parts the sentences from `first` up to (not with) `last` from what stands before: a question as a heading ("?"), another heading ("h"), a new item of a numbered list ("n"), or nothing."""
        found = {self._fence(number) for number in range(max(first, 0), last)}
        return next((mark for mark in "?hn" if mark in found), "-")

    def _fence(self, number: int) -> str:
        known = self._fences.get(number)
        if known is None:
            start, end = self.sentences[number]
            mark = item_mark(self.plain[start : start + 8])
            known = "?" if self.plain[end - 1] == "?" else "h" if is_heading(self.plain, start, end) else "n" if mark and mark[0] not in "-+*" else "-"
            self._fences[number] = known
        return known

    def owners(self, start: int, end: int) -> list[Named]:
        """The places and sites named in a stretch, in text order: those whose figures its figures may be."""
        found = [self.places[i] for i in self.places.within(start, end)] + [self.sites[i] for i in self.sites.within(start, end)]
        return sorted(found, key=lambda named: named.start)
