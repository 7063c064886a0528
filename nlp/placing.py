"""Which place a statement is about: the places that may be, and what speaks for each."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chitieu.nlp.facts import LEVELS
from chitieu.nlp.pieces import Piece, bucket
from chitieu.nlp.places import Named

if TYPE_CHECKING:
    from chitieu.nlp.statements import View

COUNTRY = "cả nước"
_PARAGRAPH = 2000
"""Characters that a paragraph has at the most, where it is looked for."""
_BACK = 5
"""Sentences back in which a place may still be spoken of."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place by name (None: no place is named), and what speaks for it."""

    name: str | None
    features: list[str]


def candidates(view: View, span: tuple[int, int]) -> Iterator[Candidate]:
    """The place the text is about, those named in the sentence, before it and above it, that of the statement before."""
    scene = view.scene
    found: dict[str | None, list[str]] = {}
    main = scene.main_place
    here = scene.owners(*scene.sentences[view.number])[::-1]
    local = any(p.kind in ("district", "commune") for p in here)
    found[main] = ["main", f"main|none={main is None}", f"main|country={main == COUNTRY}", f"main|here={bool(here)}", f"main|local={local}"]
    if main is not None:
        found[None] = ["nowhere"]
    for place in here:
        _add(found, place.name, _here(view, span, place, main))
    for nth, (place, features) in zip(range(3), _earlier(view, {place.name for place in here}), strict=False):
        k = f"back{nth}"
        _add(found, place.name, [k, f"{k}|{place.kind}", f"{k}|main={place.name == main}", f"{k}|here={bool(here)}", *features])
    for nth, lead in enumerate(view.leads):
        for place in scene.owners(*scene.sentences[lead.number]):
            _add(found, place.name, [f"lead{nth}", f"lead|{place.kind}"])
    for name, count in scene.often:
        k = f"often={bucket(count)}"
        share = count * 4 // scene.namings
        found.setdefault(name, []).extend([k, f"{k}|here={bool(here)}", f"often|share={share}", f"often|share={share}|here={bool(here)}"])
    for place in scene.owners(*scene.sentences[0]):
        found.setdefault(place.name, []).extend(["title", f"title|{place.kind}", f"title|{place.kind}|here={bool(here)}"])
    found.setdefault(COUNTRY, []).append("country")
    said = _level_said(view)
    if scene.local is not None:
        found.setdefault(scene.local, []).extend(["local", f"local|said={said}", f"local|here={bool(here)}|said={said}", f"local|often={bool(scene.often) and scene.often[0][0] == scene.local}", f"local|none={main is None}"])
        if main is not None:
            found[main].append(f"main|said={said}|local")
    elif main is not None:
        found[main].append(f"main|said={said}")
    _latest(view, found, said, bool(here))
    _carry(view, found, bool(here))
    for name, features in found.items():
        if view.ruled is not None:
            features.append(f"ruled={name == view.ruled.place}")
        yield Candidate(name, features)


_LEVELS = {"tỉnh": "", "huyện": "", "quận": "", "xã": "", "phường": "", "thành": "phố", "thị": "xã", "trấn": ""}
"""Words, with the one that must follow, that mean the province, district or commune in question where no name follows: "toàn huyện", "của xã"."""


def _level_said(view: View) -> str:
    """The last level that the sentence says without a name, up to the figure, and the word before it."""
    pieces, at = view.line.pieces, view.line.at
    n = next((n for n in range(at - 1, -1, -1) if _says_level(pieces, n)), None)
    if n is None:
        return "-"
    whole = n > 0 and pieces[n - 1].form in ("toàn", "cả", "của", "bàn")
    return f"{pieces[n].form}{'!' if whole else ''}"


_MANY = frozenset("liên các những mỗi nhiều hội nội ngoại cấp ‹count›".split())
"""Before a level these make it a word for several, or part of another word: "liên tỉnh", "các huyện"."""


def _says_level(pieces: Sequence[Piece], n: int) -> bool:
    """Whether piece n means the province, district or commune in question; "hoàn thành" and "xã hội" do not."""
    p = pieces[n]
    if p.kind != "word" or p.form not in _LEVELS or n and pieces[n - 1].form in _MANY:
        return False
    after = pieces[n + 1].form if n + 1 < len(pieces) else "$"
    return after == _LEVELS[p.form] if _LEVELS[p.form] else after not in ("hội", "lỵ", "ủy", "uỷ")


def _latest(view: View, found: dict[str | None, list[str]], said: str, here: bool) -> None:
    """The last commune, district and province named before the figure: which one is "xã", "cả huyện", "của tỉnh" there."""
    scene, at = view.scene, view.figure.start
    named = {level: place for level in LEVELS if (place := scene.latest(level, at)) is not None}
    newest = max(named, key=lambda level: named[level].start, default="")
    for level, place in named.items():
        k = f"latest {level}"
        paragraph = at - place.end < _PARAGRAPH and "\n" not in scene.plain[place.end : at]
        found.setdefault(place.name, []).extend([
            k, f"{k}|said={said}", f"{k}|said={said}|here={here}", f"{k}|paragraph={paragraph}", f"{k}|paragraph={paragraph}|said={said}", f"{k}|newest={newest}",
            f"{k}|newest={newest}|here={here}", f"{k}|newest={newest}|said={said}", f"{k}|newest={newest}|paragraph={paragraph}", f"{k}|main={place.name == scene.main_place}|said={said}",
        ])  # fmt: skip


def _carry(view: View, found: dict[str | None, list[str]], here: bool) -> None:
    """What the place of the statement before speaks for."""
    if not view.said:
        return
    last, far = view.said[-1], view.number - view.said_in[-1]
    paragraph = "\n" not in view.scene.plain[view.scene.figures[last.figure].end : view.figure.start]
    features = found.setdefault(last.place, [])
    features += ["last", f"last|far={bucket(far)}", f"last|paragraph={paragraph}", f"last|here={here}", f"last|far={bucket(far)}|here={here}", f"last|named={bool(features)}"]
    usual = Counter(fact.place for fact in view.said[-8:]).most_common(1)[0]
    found.setdefault(usual[0], []).append(f"usual={usual[1] * 4 // min(8, len(view.said))}")


def _earlier(view: View, known: set[str]) -> Iterator[tuple[Named, list[str]]]:
    """The last places of the sentences before, those of `known` left out."""
    scene = view.scene
    first = max(0, view.number - _BACK)
    sentences = scene.sentences[first : view.number + 1]
    here = scene.sentences[view.number][0]
    known = set(known)
    for place in reversed(scene.owners(sentences[0][0], here)):
        if place.name in known:
            continue
        known.add(place.name)
        far = sum(1 for s, _ in sentences if s > place.start)
        opened = max(s for s, _ in sentences if s <= place.start)
        paragraph = "\n" not in scene.plain[place.start : here]
        words = " ".join(scene.lower[max(0, place.start - 24) : place.start].split()[-2:])
        yield place, [
            f"back|far={far}", f"back|far={far}|{place.kind}", f"back|paragraph={paragraph}", f"back|paragraph={paragraph}|{place.kind}",
            f"back|opens={place.start - opened < 30}|{place.kind}", f"back|opens={place.start - opened < 30}|{paragraph}", f"back|p={words}", f"back|p={words.split()[-1] if words else '^'}|{place.kind}",
        ]  # fmt: skip
        if len(known) > 8:
            return


def _add(found: dict[str | None, list[str]], name: str, features: list[str]) -> None:
    """A place that is named more than once is told by its nearest naming, and by what else it is."""
    known = found.setdefault(name, [])
    if not any(f.startswith(("here", "back", "lead")) for f in known):
        known.extend(features)


def _here(view: View, span: tuple[int, int], place: Named, main: str | None) -> list[str]:
    line, at, kind = view.line, view.line.at, place.kind
    n = max(0, bisect_left([p.end for p in line.pieces], place.start + 1))
    last = n
    while last + 1 < len(line.pieces) and line.pieces[last + 1].start < place.end:
        last += 1
    side = "l" if n < at else "r"
    gap = line.pieces[last + 1 : at] if n < at else line.pieces[at + 1 : n]
    figures = min(2, sum(1 for p in gap if p.kind == "figure"))
    where = "in" if span[0] <= place.start < span[1] else ("before" if place.start < span[0] else "after")
    k = f"here {side}{figures}"
    return [
        k, f"{k}|{kind}", f"{k}|main={place.name == main}", f"{k}|{where}", f"here {side}|{where}|{kind}", f"here {side}|gap={bucket(len(gap))}", f"here {side}|first={n < 2}|{kind}",
        f"here {side}|first={n < 2}", f"here|p={line.form(n - 1)}", f"here|{kind}|p={line.form(n - 1)}", f"here|p2={line.form(n - 2)} {line.form(n - 1)}", f"here|n={line.form(last + 1)}",
        f"here|{kind}|n={line.form(last + 1)}", f"here|{kind}", f"here|{kind}|main={place.name == main}",
    ]  # fmt: skip
