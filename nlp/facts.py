"""A statement as found in a text, and what it is found from."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from chitieu.nlp.leads import is_heading, item_mark
from chitieu.nlp.pieces import Pieces
from chitieu.nlp.places import PROVINCIAL, Named
from chitieu.nlp.quantities import Figure
from chitieu.nlp.text import Ordered
from chitieu.nlp.times import Found

Span = tuple[int, int]
LEVELS = ("commune", "district", "province")
_OPENING = 24
"""Characters from the head of a paragraph in which the time begins that opens it."""


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
    _headed: dict[int, int | None] = field(default_factory=dict)
    _levels: dict[str, Ordered[Named]] = field(init=False)
    """The places by their level: commune, district, province."""
    _paragraphs: list[int] = field(init=False)
    """The first sentence of the paragraph of each."""
    _cites: dict[int, bool] = field(default_factory=dict)
    starts: list[int] = field(init=False)
    """Where each sentence begins."""
    often: list[tuple[str, int]] = field(init=False)
    """The three places and sites that are named most, and how often."""
    namings: int = field(init=False)
    """How often any is named."""
    local: str | None = field(init=False)
    """The district that is named most, of two names or more: what "huyện" alone means."""

    def __post_init__(self) -> None:
        named = Counter(place.name for place in (*self.places, *self.sites))
        self.often, self.namings = named.most_common(3), named.total()
        self.starts = [start for start, _ in self.sentences]
        levels: defaultdict[str, list[Named]] = defaultdict(list)
        for place in self.places:
            levels["province" if place.kind in PROVINCIAL else place.kind].append(place)
        self._levels = {level: Ordered(levels[level]) for level in LEVELS}
        self._paragraphs = []
        for number, (start, _) in enumerate(self.sentences):
            self._paragraphs.append(self._paragraphs[-1] if number and self.plain[start - 1] != "\n" else number)
        local = Counter(place.name for place in self._levels["district"]).most_common(1)
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

    def answered_since(self, time: int, number: int) -> bool:
        """Whether the answer to another question, which cites a document of its own, begins between a time and a sentence: it goes on with no time of the answer before."""
        named = max(0, bisect_right(self.starts, self.times[time].start) - 1)
        return self._fence(named) != "?" and self.fence(named + 1, number + 1) == "?" and self.cites(named + 1, number + 1)

    def headed(self, number: int) -> int | None:
        """The time that opens the paragraph of a sentence, by its position: "Năm 2023, …"."""
        number = self._paragraphs[number]
        if number not in self._headed:
            start, end = self.sentences[number]
            self._headed[number] = next((i for i in self.times.within(start, min(end, start + _OPENING))), None)
        return self._headed[number]

    def cites(self, first: int, last: int) -> bool:
        """Whether a sentence from `first` up to (not with) `last` names a document and leads in with a colon to what it says."""
        return any(self._cited(number) for number in range(max(first, 0), last))

    def _cited(self, number: int) -> bool:
        known = self._cites.get(number)
        if known is None:
            start, end = self.sentences[number]
            known = self._cites[number] = self.plain[end - 1] == ":" and any(piece.kind == "ref" for piece in self.pieces.of(start, end))
        return known

    def latest(self, level: str, offset: int) -> Named | None:
        """The last place of a level that begins before an offset."""
        before = self._levels[level].within(0, offset)
        return self._levels[level][before[-1]] if before else None

    def owners(self, start: int, end: int) -> list[Named]:
        """The places and sites named in a stretch, in text order: those whose figures its figures may be."""
        found = [self.places[i] for i in self.places.within(start, end)] + [self.sites[i] for i in self.sites.within(start, end)]
        return sorted(found, key=lambda named: named.start)
