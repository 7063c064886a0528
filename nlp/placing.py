"""Which place a statement is about: the places that may be, and what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chitieu.nlp.pieces import bucket
from chitieu.nlp.places import Named

if TYPE_CHECKING:
    from chitieu.nlp.statements import View

_BACK = 5
"""Sentences back in which a place may still be spoken of."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place by name (None: no place is named), and what speaks for it."""

    name: str | None
    features: list[str]


def candidates(view: View, span: tuple[int, int]) -> Iterator[Candidate]:
    """The place the text is about, those named in the sentence, before it and above it."""
    scene = view.scene
    found: dict[str | None, list[str]] = {}
    main = scene.main_place
    here = [(n, scene.places[p.at]) for n, p in enumerate(view.line.pieces) if p.kind == "place"]
    found[main] = ["main", f"main|none={main is None}", f"main|country={main == 'cả nước'}", f"main|here={bool(here)}", f"main|local={any(p.kind in ('district', 'commune') for _, p in here)}"]
    if main is not None:
        found[None] = ["nowhere"]
    for n, place in reversed(here):
        _add(found, place.name, _here(view, span, n, place.kind, place.name == main))
    for nth, (place, features) in zip(range(3), _earlier(view, {place.name for _, place in here}), strict=False):
        k = f"back{nth}"
        _add(found, place.name, [k, f"{k}|{place.kind}", f"{k}|main={place.name == main}", f"{k}|here={bool(here)}", *features])
    for nth, lead in enumerate(view.leads):
        for p in lead.line.pieces:
            if p.kind == "place":
                _add(found, scene.places[p.at].name, [f"lead{nth}", f"lead|{scene.places[p.at].kind}"])
    named = scene.named
    for name, count in named.most_common(3):
        k = f"often={bucket(count)}"
        found.setdefault(name, []).extend([k, f"{k}|here={bool(here)}", f"often|share={count * 4 // named.total()}", f"often|share={count * 4 // named.total()}|here={bool(here)}"])
    for p in view.title.pieces:
        if p.kind == "place":
            found.setdefault(scene.places[p.at].name, []).extend(["title", f"title|{scene.places[p.at].kind}", f"title|{scene.places[p.at].kind}|here={bool(here)}"])
    for name, features in found.items():
        if view.ruled is not None:
            features.append(f"ruled={name == view.ruled.place}")
        yield Candidate(name, features)


def _earlier(view: View, known: set[str]) -> Iterator[tuple[Named, list[str]]]:
    """The last three places of the sentences before, those of `known` left out."""
    scene = view.scene
    first = max(0, view.number - _BACK)
    sentences = scene.sentences[first : view.number + 1]
    here = scene.sentences[view.number][0]
    known = set(known)
    for i in reversed(scene.places.within(sentences[0][0], here)):
        place = scene.places[i]
        if place.name in known:
            continue
        known.add(place.name)
        far = sum(1 for s, _ in sentences if s > place.start)
        opened = max(s for s, _ in sentences if s <= place.start)
        paragraph = "\n" not in scene.plain[place.start : here]
        before = " ".join(scene.lower[max(0, place.start - 24) : place.start].split()[-2:])
        yield place, [
            f"back|far={far}", f"back|far={far}|{place.kind}", f"back|paragraph={paragraph}", f"back|paragraph={paragraph}|{place.kind}",
            f"back|opens={place.start - opened < 30}|{place.kind}", f"back|opens={place.start - opened < 30}|{paragraph}", f"back|p={before}", f"back|p={before.split()[-1] if before else '^'}|{place.kind}",
        ]  # fmt: skip
        if len(known) > 8:
            return


def _add(found: dict[str | None, list[str]], name: str, features: list[str]) -> None:
    """A place that is named more than once is told by its nearest naming, and by what else it is."""
    known = found.setdefault(name, [])
    if not any(f.startswith(("here", "back", "lead")) for f in known):
        known.extend(features)


def _here(view: View, span: tuple[int, int], n: int, kind: str, main: bool) -> list[str]:
    line, at = view.line, view.line.at
    side = "l" if n < at else "r"
    gap = line.pieces[n + 1 : at] if n < at else line.pieces[at + 1 : n]
    figures = min(2, sum(1 for p in gap if p.kind == "figure"))
    start = line.pieces[n].start
    where = "in" if span[0] <= start < span[1] else ("before" if start < span[0] else "after")
    k = f"here {side}{figures}"
    return [
        k, f"{k}|{kind}", f"{k}|main={main}", f"{k}|{where}", f"here {side}|{where}|{kind}", f"here {side}|gap={bucket(len(gap))}", f"here {side}|first={n < 2}",
        f"here|p={line.form(n - 1)}", f"here|{kind}|p={line.form(n - 1)}", f"here|p2={line.form(n - 2)} {line.form(n - 1)}", f"here|n={line.form(n + 1)}", f"here|{kind}",
        f"here|{kind}|main={main}",
    ]  # fmt: skip
