"""A statement as found in a text, and what it is found from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

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
    zone_at: dict[int, str] = field(default_factory=dict)
    """Zone of each sentence, by its number."""
    named: Counter[str] = field(init=False)
    """How often each place is named."""

    def __post_init__(self) -> None:
        self.named = Counter(place.name for place in (*self.places, *self.sites))
