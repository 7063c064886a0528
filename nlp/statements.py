"""Statements: which indicator each figure gives, in which role, for when and where.

Figures are read in text order, each with what was said before it. Four choices are made of each, by
log-linear models over candidates that the text offers: the words that name it (or none), its role and
direction, its time, its place. The models are trained on annotated documents (`training.py`), which
walk the same way with the annotator's choices in place of the models'.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chitieu.nlp import loglinear, naming, placing, statement_rules, telling, timing
from chitieu.nlp.facts import Fact, Scene
from chitieu.nlp.leads import find_leads
from chitieu.nlp.naming import Candidate
from chitieu.nlp.pieces import Line, Piece
from chitieu.nlp.quantities import Figure

Span = tuple[int, int]
_C = TypeVar("_C", timing.Candidate, placing.Candidate)

LEAST = 0.5
"""A figure gets a statement where the models hold it likelier than this that it has an indicator."""
_SURE = 4.5
"""Figures whose "none" scores more are given no name without a look: of 2,561 statements one was lost, for a twentieth of the time."""
_BEHIND = 4.0
"""Ends whose score is farther than this behind the best are not looked at: it changes one statement of 270."""
_MEMORY = 6
"""Sentences back to which an indicator may be carried over."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A line above that leads in: a heading, or a clause that ends with a colon."""

    number: int
    line: Line
    time: int | None
    """The time that it names, by its position."""


@dataclass(slots=True)
class View:
    """A figure and what stands around and before it."""

    scene: Scene
    figure: Figure
    number: int
    """The sentence it stands in."""
    line: Line
    leads: Sequence[Lead]
    """The lines above that lead in, the nearest first."""
    title: Line
    said: Sequence[Fact]
    """The statements before it in the same zone, in text order."""
    said_in: Sequence[int]
    """The sentences those stand in."""
    ruled: Fact | None
    """What the hand-written rules (`statement_rules.py`) say of the figure."""

    @property
    def last(self) -> Fact | None:
        """The statement before, if it stands in the same sentence."""
        return self.said[-1] if self.said and self.said_in[-1] == self.number else None

    def before(self) -> list[Piece]:
        """The pieces between the figure before (or the head of the sentence) and this one."""
        start = next((i + 1 for i in range(self.line.at - 1, -1, -1) if self.line.pieces[i].kind == "figure"), 0)
        return self.line.pieces[start : self.line.at]

    def after(self) -> list[Piece]:
        """The pieces from this figure to the next (or the end of the sentence)."""
        pieces = self.line.pieces
        end = next((i for i in range(self.line.at + 1, len(pieces)) if pieces[i].kind == "figure"), len(pieces))
        return pieces[self.line.at + 1 : end]


class Chooser(Protocol):
    """Makes the four choices; each also says how sure it is (0 to 1)."""

    def is_nameless(self, features: list[str]) -> bool:
        """Whether "none" is so sure by its own features that no name need be looked for."""

    def promising(self, ends: list[tuple[str, ...]]) -> set[int]:
        """Which of the ends that a name may have are worth a look at where it may begin, by position."""

    def name(self, figure: int, view: View, candidates: list[Candidate]) -> tuple[int, float]:
        """The position of the candidate that names the figure; 0 is "none"."""

    def role(self, figure: int, view: View, features: list[str]) -> tuple[str, float]:
        """Role and direction, chosen as one: "actual", "target", "target down", "change up" …"""

    def time(self, figure: int, view: View, candidates: list[timing.Candidate]) -> int | None:
        """The position of the time in the text's times."""

    def place(self, figure: int, view: View, candidates: list[placing.Candidate]) -> str | None:
        """The name of the place."""


def find_statements(scene: Scene, chooser: Chooser | None = None, shadow: Chooser | None = None) -> list[Fact]:
    """The statements of a text, in the order of their figures.

    `chooser` takes the place of the models; `shadow` is asked everything first, and its answers are not kept.
    """
    chooser = chooser or Models()
    pieces = scene.pieces
    leads = find_leads(scene.plain, scene.sentences)
    ruled = {fact.figure: fact for fact in statement_rules.find_statements(scene)}
    said: list[Fact] = []
    said_in: list[int] = []
    out: list[Fact] = []
    zone = "body"
    title = Line(pieces.of(*scene.sentences[0])) if scene.sentences else Line([])
    for i, figure in enumerate(scene.figures):
        number = max(0, bisect_right(scene.starts, figure.start) - 1)
        here = scene.zone_at.get(number, "body")
        if here == "furniture":
            continue
        if here != zone:
            zone, said, said_in = here, [], []
        line = pieces.line(*scene.sentences[number], "figure", i)
        if line is None:
            continue
        above = [Lead(n, Line(pieces.of(*scene.sentences[n])), _time_of(scene, n)) for n in leads.get(number, ())]
        view = View(scene, figure, number, line, above, title, said, said_in, ruled.get(i))
        if shadow is not None:
            _fact(i, view, shadow)
        fact = _fact(i, view, chooser)
        if fact is not None:
            said.append(fact)
            said_in.append(number)
            out.append(fact)
    return out


def _time_of(scene: Scene, number: int) -> int | None:
    """The time that a lead names: its deadline, else its period."""
    found = [i for i in scene.times.within(*scene.sentences[number]) if scene.times[i].role in ("deadline", "period")]
    return next((i for i in found if scene.times[i].role == "deadline"), found[-1] if found else None)


def _fact(i: int, view: View, chooser: Chooser) -> Fact | None:
    nameless = naming.nameless(view.line, view.figure, view.scene.zone_at.get(view.number, "body"), view.title)
    _tell_by_rules(view, nameless)
    if chooser.is_nameless(nameless.features):
        return None
    options = [nameless, *_with_rules(view, list(_names(i, view, chooser)))]
    chosen, sure = chooser.name(i, view, options)
    span = options[chosen].span
    if span is None:
        return None
    told, told_sure = chooser.role(i, view, telling.features(view, span, options[chosen].source))
    role, _, direction = told.partition(" ")
    time = chooser.time(i, view, list(timing.candidates(view, span, role)))
    place = chooser.place(i, view, list(placing.candidates(view, span)))
    return Fact(i, *span, role, direction, time, place, options[chosen].source, sure * told_sure)


def _names(i: int, view: View, chooser: Chooser) -> Iterator[Candidate]:
    scene = view.scene
    yield from naming.candidates(view.line, view.figure, scene.lower, chooser.promising)
    seen: set[Span] = set()
    for fact, number in zip(reversed(view.said[-4:]), reversed(view.said_in[-4:]), strict=True):
        if (fact.start, fact.end) in seen or view.number - number > _MEMORY:
            continue
        seen.add((fact.start, fact.end))
        yield naming.carried(
            view.line, view.figure, (fact.start, fact.end), scene.figures[fact.figure], fact.role, scene.lower,
            figures=i - fact.figure, sentences=view.number - number, nth=len(seen) - 1,
        )  # fmt: skip
    if view.leads:
        yield from naming.lead_in(view.line, view.figure, view.leads[0].line, scene.lower, sentences=view.number - view.leads[0].number)


def _with_rules(view: View, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, told apart by the rules; their name is added where none is like it."""
    known = [_tell_by_rules(view, c) for c in candidates]
    if view.ruled is not None and not any(known):
        d = view.figure.dimension
        candidates.append(Candidate((view.ruled.start, view.ruled.end), "ruled", ["ruled alone", f"ruled alone|{view.ruled.rule}", f"ruled alone|{d}"]))
    return candidates


def _tell_by_rules(view: View, c: Candidate) -> bool:
    """Adds what the rules say for a candidate, and tells whether they name the figure so."""
    ruled = view.ruled
    if ruled is None:
        c.features.append(f"ruled none|{c.source}")
        return False
    span = (ruled.start, ruled.end)
    alike = _alike(c.span, span)
    told = "none" if c.span is None else ("same" if c.span == span else ("alike" if alike else "other"))
    c.features.extend((f"ruled={told}", f"ruled={told}|{ruled.rule}", f"ruled={told}|{view.figure.dimension}", f"ruled={told}|{c.source}"))
    return alike


class Models:
    """The trained choices; `learned` takes the place of the stored ones."""

    def __init__(self, learned: loglinear.Learned | None = None) -> None:
        self._names = loglinear.ranker("names", learned)
        self._shared: dict[int, float] = {}
        self._roles = loglinear.classifier("roles", learned)
        self._times = loglinear.ranker("times", learned)
        self._places = loglinear.ranker("places", learned)

    def is_nameless(self, features: list[str]) -> bool:
        return self._names.score(features) > _SURE

    def promising(self, ends: list[tuple[str, ...]]) -> set[int]:
        scores = [self._names.score(end) for end in ends]
        self._shared = {id(end): score for end, score in zip(ends, scores, strict=True)}
        least = max(scores, default=0.0) - _BEHIND
        return {n for n, score in enumerate(scores) if score >= least}

    def name(self, figure: int, view: View, candidates: list[Candidate]) -> tuple[int, float]:
        """The phrase that shares most with the likely ones, unless "none" is likelier than not."""
        shared = self._shared
        scores = [shared.get(id(c.shared), 0.0) + self._names.score(c.features) for c in candidates]
        sure = loglinear.softmax(self._names.raise_scores(scores, lambda n: (*candidates[n].shared, *candidates[n].features)))
        if 1 - sure[0] < LEAST:
            return 0, sure[0]
        likely = [n for n in range(1, len(candidates)) if sure[n] > 0.01 * (1 - sure[0])]
        mass = {n: sum(sure[m] for m in likely if _alike(candidates[n].span, candidates[m].span)) for n in likely}
        best = max(likely, key=lambda n: mass[n] + 0.5 * sure[n])
        return best, min(1.0, mass[best])

    def role(self, figure: int, view: View, features: list[str]) -> tuple[str, float]:
        sure = self._roles.probabilities(features)
        best = max(range(len(sure)), key=sure.__getitem__)
        return self._roles.classes[best], sure[best]

    def time(self, figure: int, view: View, candidates: list[timing.Candidate]) -> int | None:
        return _likeliest(self._times, candidates).time

    def place(self, figure: int, view: View, candidates: list[placing.Candidate]) -> str | None:
        return _likeliest(self._places, candidates).name


def _likeliest(model: loglinear.Ranker, candidates: list[_C]) -> _C:
    scores = model.scores([c.features for c in candidates])
    return candidates[max(range(len(scores)), key=scores.__getitem__)]


def _alike(a: Span | None, b: Span | None) -> bool:
    """Whether two phrases share so much that they name the same."""
    if a is None or b is None:
        return False
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return 2 * shared >= 0.55 * (a[1] - a[0] + b[1] - b[0])
