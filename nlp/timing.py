"""Which time a statement is for: the times that may be, and what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chitieu.nlp.pieces import bucket
from chitieu.nlp.roles import seen_from
from chitieu.nlp.times import only_of_prices

if TYPE_CHECKING:
    from chitieu.nlp.statements import View

_BACK = 12
"""Sentences back in which a period or deadline may hold on."""
_MEMORY, _LATELY = 40, 6
"""Statements back whose times are counted, and those that count as late."""
_WORD = 16
"""Characters before a time in which the word before it is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time by its position in the text's times (None: the text names none), and what speaks for it."""

    time: int | None
    features: list[str]


def candidates(view: View, span: tuple[int, int], role: str) -> Iterator[Candidate]:
    """The candidates, told apart by whether the hand-written rules choose the same time."""
    told = _Told.of(view)
    for one in _candidates(view, span, role):
        features = [*one.features, *told.features(one.time, role)]
        if view.ruled is not None:
            agrees = f"ruled={one.time == view.ruled.time}"
            features += [agrees, f"{agrees}|{one.time is None}", f"{agrees}|{view.ruled.role == role}|{one.time is None}"]
        yield Candidate(one.time, features)


@dataclass(frozen=True, slots=True)
class _Told:
    """Where times stand to a figure: what each candidate is to it, all seen together."""

    view: View
    marks: dict[str, int]
    """The times by what they are: nearest to the left ("l") and to the right ("r") in the sentence, that of the statement before ("c"), that which heads the paragraph ("h"), that of the line above ("d"), the last one named before that is no base ("b"), that of the rules ("x")."""
    state: str
    """Which of these there are, and the roles of those in the sentence."""

    @classmethod
    def of(cls, view: View) -> _Told:
        """How the times of a text stand to the figure of the view."""
        scene, line = view.scene, view.line
        pieces, at = line.pieces, line.at
        marks: dict[str, int] = {}
        state = ""
        for mark, numbers in (("l", range(at - 1, -1, -1)), ("r", range(at + 1, len(pieces)))):
            near = next((n for n in numbers if pieces[n].kind == "time"), None)
            if near is not None:
                gap = pieces[min(near, at) + 1 : max(near, at)]
                parted = ";" if any(p.form == ";" for p in gap) else "," if any(p.form == "," for p in gap) else ""
                figures = min(2, sum(1 for p in gap if p.kind == "figure"))
                marks[mark] = pieces[near].at
                state += f"{mark}{figures}{parted}{scene.times[pieces[near].at].role[0]}"
        last = scene.times.within(max(0, view.figure.start - _FAR), view.figure.start)
        newest = next((i for i in reversed(last) if scene.times[i].role != "base"), None)
        headed = scene.headed(view.number)
        lead = next((one.time for one in view.leads if one.time is not None), None)
        for mark, time in (("c", view.said[-1].time if view.said else None), ("h", headed), ("d", lead), ("b", newest), ("x", view.ruled.time if view.ruled is not None else None)):
            if time is not None:
                marks[mark] = time
                state += mark if mark != "b" else ""
        return cls(view, marks, state)

    def features(self, time: int | None, role: str) -> list[str]:
        """What the time at that position is to the figure."""
        bits = "".join(mark for mark, one in self.marks.items() if one == time) if time is not None else "none"
        kind = self.view.scene.times[time].role if time is not None else "none"
        k = f"bits={bits}"
        return [k, f"{k}|{role}", f"{k}|{kind}", f"{k}|{kind}|{role}", f"{k}|state={self.state}", f"{k}|state={self.state}|{role}"]


_FAR = 3000
"""Characters back in which the last time named is looked for."""


def _candidates(view: View, span: tuple[int, int], role: str) -> Iterator[Candidate]:
    """None, the times of the sentence, that of the statement before and the last that differs, that of the line above, those of sentences before, that of the title, that of the sentence after."""
    scene, line, d = view.scene, view.line, view.figure.dimension
    words = dict.fromkeys(p.form for p in line.pieces[: line.at] if p.kind == "word")
    shifts = [w for w in words if w in _SHIFTS]
    pieces = {p.at: n for n, p in enumerate(line.pieces) if p.kind == "time" and not only_of_prices(scene.times[p.at], scene.lower)}
    here = bool(pieces)
    pattern = _pattern(view, pieces)
    uses = [fact.time for fact in view.said[-_MEMORY:]]
    unsaid = uses[-_LATELY:].count(None)
    far = bucket(view.number - view.said_in[-1]) if uses else "-"
    fence = scene.fence(view.said_in[-1] + 1, view.number + 1) if uses else "^"
    open_before = bool(uses) and uses[-1] is None
    parted = f"{fence}|{open_before}"
    cited = bool(uses) and scene.cites(view.said_in[-1] + 1, view.number + 1)
    headed = scene.headed(view.number)
    head = scene.times[headed].role if headed is not None else "-"
    yield Candidate(None, [
        "none", f"none|{role}", f"none|{d}", f"none|{role}{d}", f"none|here={here}", f"none|list={bool(view.leads)}|{role}", f"none|said={open_before}|{role}",
        f"none|unsaid={unsaid}", f"none|unsaid={unsaid}|{min(_LATELY, len(uses))}", f"none|unsaid={unsaid}|{role}", f"none|far={far}", f"none|far={far}|{open_before}", f"none|fence={fence}", f"none|fence={parted}", f"none|fence={parted}|{role}",
        f"none|cited={cited}", f"none|cited={cited}|{role}", f"none|cited={cited}|fence={fence}", f"none|head={head}", f"none|head={head}|{role}", f"none|head={head}|here={here}|{role}",
        *(f"none|w={w}" for w in words), *(f"none|{f}" for f in line.window()[:2]),
    ])  # fmt: skip
    carried = uses[-1] if uses else None
    listed: set[int] = set()
    for time, n in pieces.items():
        listed.add(time)
        alike = f"as={pattern}|{_beside(line.at, n)}"
        yield Candidate(time, [*((alike, f"{alike}|{role}") if pattern else ()), *_here(view, span, role, time, n), *_common(view, role, time, uses)])
    if carried is not None and carried not in listed and not scene.answered_since(carried, view.number):
        listed.add(carried)
        yield Candidate(carried, [*_far("carried", view, role, view.number - view.said_in[-1], shifts, here), *_common(view, role, carried, uses)])
    held = next((n for n, time in enumerate(reversed(uses), 1) if time is not None and time not in listed), None)
    if held is not None and scene.answered_since(uses[-held], view.number):
        held = None
    if held is not None:
        time = uses[-held]
        assert time is not None
        listed.add(time)
        yield Candidate(time, [*_far("held", view, role, view.number - view.said_in[-held], shifts, here), *_common(view, role, time, uses)])
    for nth, lead in enumerate(view.leads):
        if lead.time is not None and lead.time not in listed:
            listed.add(lead.time)
            fresh = f"lead={nth}|fresh={not uses or lead.number > view.said_in[-1]}"
            yield Candidate(lead.time, [f"lead={nth}", fresh, f"{fresh}|{role}", *_far("lead", view, role, view.number - lead.number, shifts, here), *_common(view, role, lead.time, uses)])
    first = max(0, view.number - _BACK)
    earlier = [i for i in scene.times.within(scene.sentences[first][0], scene.sentences[view.number][0]) if i not in listed and scene.times[i].role != "base" and not only_of_prices(scene.times[i], scene.lower) and not scene.answered_since(i, view.number)]
    starts = [s for s, _ in scene.sentences[first : view.number]]
    for nth, time in enumerate(reversed(earlier[-4:])):
        listed.add(time)
        t = scene.times[time]
        back = sum(1 for s in starts if s > t.start) + 1
        opened = max(s for s, _ in scene.sentences[first : view.number] if s <= t.start)
        opens = t.start - opened < 20
        paragraph = "\n" not in scene.plain[t.start : scene.sentences[view.number][0]]
        yield Candidate(time, [
            f"back={nth}", f"back={nth}|{role}", f"back|{t.role}|{role}", f"back|{t.role}|far={bucket(back)}", f"back|opens={opens}|{t.role}", f"back|opens={opens}|paragraph={paragraph}|{role}",
            f"back|paragraph={paragraph}|{t.role}|{role}", *_far("back", view, role, back, shifts, here), *_common(view, role, time, uses),
        ])  # fmt: skip
    title = scene.times.within(*scene.sentences[0]) if view.number else ()
    titled = next((i for i in reversed(title) if i not in listed and scene.times[i].role in ("period", "deadline")), None)
    if titled is not None:
        listed.add(titled)
        yield Candidate(titled, ["title", f"title|{role}", f"title|{scene.times[titled].role}|{role}", f"title|here={here}|said={bool(uses)}", f"title|far={far}", f"title|fence={fence}|{role}", *_common(view, role, titled, uses)])
    if view.number + 1 < len(scene.sentences):
        later = next((i for i in scene.times.within(*scene.sentences[view.number + 1]) if i not in listed), None)
        if later is not None and scene.times[later].role != "base":
            t = scene.times[later]
            before = scene.lower[scene.sentences[view.number + 1][0] : t.start].split()[-2:]
            yield Candidate(later, ["next", f"next|{role}", f"next|{t.role}|{role}", f"next|p={' '.join(before)}", f"next|here={here}", f"next|carried={carried is not None}", *_common(view, role, later, uses)])


def _pattern(view: View, pieces: dict[int, int]) -> str:
    """How the time of the statement before stands to its figure, both in this sentence: texts tell rows alike ("48 người năm 2015, 72 người năm 2020")."""
    last = view.last
    if last is None or last.time is None or last.time not in pieces:
        return ""
    at = next((n for n, p in enumerate(view.line.pieces) if p.kind == "figure" and p.at == last.figure), None)
    return _beside(at, pieces[last.time]) if at is not None else ""


def _beside(figure: int, time: int) -> str:
    """On which side of a figure a time stands, and how near, by their pieces."""
    return f"{'l' if time < figure else 'r'}{min(abs(time - figure), 4)}"


def _common(view: View, role: str, time: int, uses: list[int | None]) -> list[str]:
    """What a time says itself, and how many of the statements before (`uses`) were for it."""
    scene = view.scene
    t = scene.times[time]
    when = seen_from(t, scene.today)
    before = scene.lower[max(0, t.start - _WORD) : t.start].split()
    share = uses.count(time) * 4 // len(uses) if uses else "-"
    lately = uses[-_LATELY:].count(time)
    carried = bool(uses) and uses[-1] == time
    head = f"head={scene.headed(view.number) == time}"
    return [
        head, f"{head}|{role}", f"{head}|{t.role}|{role}", f"{head}|{carried}|{role}",
        f"role={t.role}|{role}", f"grain={t.grain}|{role}", f"grain={t.grain}|{view.figure.dimension}", f"prefix={t.prefix}|{t.role}|{role}", f"rule={t.rule}", f"rule={t.rule}|{role}",
        f"when={when}|{role}", f"when={when}|{t.role}|{role}", f"before={before[-1] if before else '^'}|{t.role}",
        f"carried={carried}", f"carried={carried}|{role}", f"share={share}|{role}", f"lately={lately}", f"lately={lately}|{role}", f"lately={lately}|unsaid={uses[-_LATELY:].count(None)}",
    ]  # fmt: skip


def _far(kind: str, view: View, role: str, sentences: int, shifts: list[str], here: bool) -> list[str]:
    """A time named or told of so many sentences before; `shifts` are words of the sentence that may turn to another, `here` whether it names one itself."""
    d = view.figure.dimension
    k = f"{kind}{min(sentences, 1)}"
    fence = view.scene.fence(view.number - sentences + 1, view.number + 1)
    cited = view.scene.cites(view.number - sentences + 1, view.number + 1)
    return [
        k, f"{k}|{role}", f"{k}|{d}", f"{k}|{role}{d}", f"{kind}|far={bucket(sentences)}", f"{kind}|far={bucket(sentences)}|{role}",
        f"{k}|here={here}", f"{k}|here={here}|{role}", f"{k}|l1={view.line.form(view.line.at - 1)}", f"{k}|fence={fence}", f"{k}|fence={fence}|{role}", f"{k}|cited={cited}", f"{k}|cited={cited}|{role}", f"{k}|cited={cited}|fence={fence}",
        *(f"{k}|w={w}" for w in shifts),
    ]  # fmt: skip


_SHIFTS = frozenset("nay hiện đây còn trước đến riêng cùng kỳ tính".split())
"""Words that may turn a text to another time."""


def _here(view: View, span: tuple[int, int], role: str, time: int, n: int) -> list[str]:
    """A time of the same sentence, as piece n."""
    line, at = view.line, view.line.at
    pieces = line.pieces
    side = "l" if n < at else "r"
    gap = pieces[n + 1 : at] if n < at else pieces[at + 1 : n]
    figures = sum(1 for p in gap if p.kind == "figure")
    others = sum(1 for p in gap if p.kind == "time")
    marks = "".join(sorted({p.form for p in gap if p.kind == "mark" and p.form in ",;:()."}))
    before, after = line.form(n - 1), line.form(n + 1)
    inside = span[0] <= pieces[n].start < span[1]
    where = "in name" if inside else ("before name" if pieces[n].start < span[0] else "after name")
    t = view.scene.times[time]
    k = f"{side}{min(figures, 2)}"
    return [
        k, f"{k}|{role}", f"{k}|{t.role}|{role}", f"{side}|gap={bucket(len(gap))}", f"{k}|gap={bucket(len(gap))}|{role}", f"{k}|marks={marks}",
        f"{k}|marks={marks}|{role}", f"{side}|others={min(others, 2)}", f"{side}|others={min(others, 2)}|{t.role}|{role}", f"{k}|p={before}", f"{k}|p2={line.form(n - 2)} {before}",
        f"{k}|p={before}|{role}", f"{k}|n={after}", f"{side}|{where}", f"{side}|{where}|{role}", f"{side}|{where}|{t.role}|{role}",
        f"{side}|first={n == 0}", f"{side}|opens={not any(p.kind == 'time' for p in pieces[:n])}|{role}", f"{k}|next={len(gap) == 0}", *(f"{k}|g={f}" for f in dict.fromkeys(p.form for p in gap if p.kind != "figure") if len(gap) < 10),
    ]  # fmt: skip
