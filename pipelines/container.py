"""Where in a page the article stands: its title, its body, and the boxes that announce other articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as HtmlElement

from chitieu.pipelines.hints import names_body, names_related
from chitieu.pipelines.markup import Block, Markup
from chitieu.pipelines.zoning import is_furniture, is_teaser_heading, run_of_links

_PARAGRAPH = 40
"""Characters of running text from which a line counts as a paragraph."""
_MOST_RELATED = 60
_NOT_ARTICLE = frozenset({"teaser", "furniture", "tags"})


@dataclass(slots=True)
class Region:
    """The blocks that hold an article's body, in order."""

    blocks: list[Block] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.blocks[0].index if self.blocks else 0

    @property
    def end(self) -> int:
        """One past the last block."""
        return self.blocks[-1].index + 1 if self.blocks else 0

    @classmethod
    def of(cls, markup: Markup, spans: Iterable[tuple[int, int]]) -> Region:
        """The blocks of all `spans`, each once."""
        indices = sorted({at for start, stop in spans for at in range(start, stop)})
        return cls([markup.blocks[at] for at in indices])


def find_title(markup: Markup, known: Sequence[str], before: int | None = None) -> tuple[int | None, str | None]:
    """The block that shows the title, by its tag, its name and the titles `known` from elsewhere.

    `before`: only headings that stand closely before this block or begin with it, for pages where
    nothing else tells.
    """
    best: tuple[float, int] | None = None
    keys = [_key(title) for title in known]
    starts = {title[:8].lower() for title in known}
    for block in markup.blocks if before is None else markup.blocks[max(0, before - 12) : before + 2]:
        if not 8 <= len(block.text) <= 400:
            continue
        if before is None and block.tag != "h1" and block.text[:8].lower() not in starts:
            continue  # no other line can reach the threshold
        score = _title_score(block, keys)
        if before is not None:
            score += _place_score(block, before)
        if score >= 3 and (best is None or score > best[0]):
            best = (score, block.index)
    return (best[1], markup.blocks[best[1]].text) if best else (None, None)


def _title_score(block: Block, keys: Sequence[str]) -> float:
    key = _key(block.text)
    named = bool(block.hints) and block.hints[-1][0] == "title"
    # Portals set the site's own name as h1, so that a heading counts in full only if it is known as a title.
    score = {"h1": 3.0, "h2": 1.0, "h3": 0.5}.get(block.tag, 0.0) + (1.5 if named else 0.0)
    for known in keys:
        if key == known:
            score += 3
            break
        if len(key) >= 12 and known.startswith(key) or len(known) >= 20 and key.startswith(known):
            score += 2.5
            break
    else:
        score -= block.tag == "h1" and (block.text.isupper() or block.is_link)
    if block.is_link and block.tag != "h1" and not named:
        score -= 1
    if any(hint in _NOT_ARTICLE for hint, _ in block.hints):
        score -= 2
    return score


def _place_score(block: Block, before: int) -> float:
    """How well a line stands where a title would: marked as one, no sentence, near and before the text.

    Old table layouts have no headings, only bold letters over the text.
    """
    marked = block.bold or block.tag in ("h2", "h3", "h4") or (block.hints and block.hints[-1][0] == "title")
    if not marked or block.is_link or is_furniture(block.text) or is_teaser_heading(block.text):
        return 0.0
    score = 4.5 - 0.1 * abs(before - block.index)
    score -= 1.0 * (block.text[-1] in ".…") + 1.0 * (block.index > before) + 0.5 * (len(block.text) > 160) + 1.0 * (len(block.text) < 15)
    return score


def find_body(markup: Markup, title_at: int | None, fixed: dict[int, str]) -> Region:
    """The densest block of paragraphs, widened to the parts of the same text around it."""
    apart = _set_apart(markup)
    scores: dict[HtmlElement, float] = {}
    for block in markup.blocks:
        if block.plain < _PARAGRAPH or block.is_link or block.index in fixed or block.index == title_at:
            if block.tag != "tr" or block.plain < 12 or block.index in fixed:
                continue
        points = 1 + min(block.plain / 80, 6)
        if block.tag == "tr":
            points /= 2
        if block.index in apart:
            points *= 0.1
        if title_at is not None and block.index < title_at:
            points *= 0.5
        _spread(block, points, markup, scores)
    if not scores:
        return Region()
    weighed = {element: score * _quality(element, markup) for element, score in scores.items()}
    best = max(weighed, key=weighed.__getitem__)
    return Region.of(markup, [markup.spans[_widen(best, markup, apart, title_at)]])


def find_related(markup: Markup, region: Region, fixed: dict[int, str]) -> list[Block]:
    """The announcements of related articles outside the body, bounded in number."""
    inside = {block.index for block in region.blocks}
    found: dict[int, Block] = {}
    for block in markup.blocks:
        if block.index in inside or block.index in found:
            continue
        if fixed.get(block.index) == "teaser":
            found[block.index] = block
            continue
        span = _related_box(block, markup)
        if span and span[1] - span[0] == 1:
            run = run_of_links(markup.blocks, block.index)
            span = (block.index, run.stop) if run else None
        if span and not inside.intersection(range(*span)) and span[1] - span[0] > 1:
            lines = [b for b in markup.blocks[span[0] : span[1]] if not (is_furniture(b.text) and not is_teaser_heading(b.text))]
            found.update({b.index: b for b in lines if any(b.hints) or len(b.text) > 1})
    return [found[at] for at in sorted(found)][:_MOST_RELATED]


def _related_box(block: Block, markup: Markup) -> tuple[int, int] | None:
    """The span of the box that `block` begins, if it is named or headed as one of related articles."""
    for hint, element in block.hints:
        if hint == "teaser" and names_related(_names(element)):
            span = markup.spans.get(element, (0, 0))
            return span if span[0] == block.index else None
    if not is_teaser_heading(block.text) or re.match(r"(?:xem|đọc)\s|tin\s*mới|đọc\s*nhiều|tin\s*(?:nóng|nổi)", block.text, re.I):
        return None
    best = None
    element = block.element
    while element is not None:
        span = markup.spans.get(element)
        if span:
            if span[0] != block.index or span[1] - span[0] > _MOST_RELATED:
                break
            best = span
        element = element.getparent()
    return best


def _spread(block: Block, points: float, markup: Markup, scores: dict[HtmlElement, float]) -> None:
    """Give a paragraph's points to the element that holds it among others, and less to those around."""
    element = block.element
    span = markup.spans.get(element)
    while element.tag == "p" or span is None or span[1] - span[0] <= 1:
        parent = element.getparent()
        if parent is None or parent.tag == "html":
            break
        element = parent
        span = markup.spans.get(element)
    share = points
    for _ in range(3):
        if element is None or element.tag == "html":
            return
        if element in markup.spans:
            scores[element] = scores.get(element, 0.0) + share
            share *= 0.55
        element = element.getparent()


def _quality(element: HtmlElement, markup: Markup) -> float:
    start, stop = markup.spans[element]
    inside = markup.blocks[start:stop]
    size = sum(len(block.text) for block in inside) or 1
    quality = 1 - min(1.0, sum(block.linked for block in inside) / size)
    names = _names(element)
    if "articlebody" in names.lower():
        quality *= 2
    elif names_body(names) or element.tag == "article":
        quality *= 1.4
    return quality


def _widen(element: HtmlElement, markup: Markup, apart: set[int], title_at: int | None) -> HtmlElement:
    """Climb while the element around holds more paragraphs of the same text."""
    for _ in range(4):
        parent = element.getparent()
        if parent is None or parent.tag in ("html", "body") or parent not in markup.spans:
            return element
        start, stop = markup.spans[element]
        outer_start, outer_stop = markup.spans[parent]
        if title_at is not None and outer_start <= title_at:
            return element
        around = [*markup.blocks[outer_start:start], *markup.blocks[stop:outer_stop]]
        extra = sum(block.plain for block in around if _is_paragraph(block, apart))
        linked = sum(block.linked for block in around)
        own = sum(block.plain for block in markup.blocks[start:stop])
        if extra and (extra < 0.08 * own or linked > extra):
            return element
        if not extra and linked:
            return element
        element = parent
    return element


def _is_paragraph(block: Block, apart: set[int]) -> bool:
    return block.plain >= 80 and not block.linked and block.index not in apart


def _set_apart(markup: Markup) -> set[int]:
    """Blocks in elements named for other things than the article, unless such an element holds most of the page."""
    whole = sum(block.plain for block in markup.blocks if block.plain >= _PARAGRAPH) or 1
    weights: dict[HtmlElement, int] = {}
    for block in markup.blocks:
        if block.plain >= _PARAGRAPH:
            for hint, element in block.hints:
                if hint in _NOT_ARTICLE:
                    weights[element] = weights.get(element, 0) + block.plain
    return {
        block.index
        for block in markup.blocks
        if any(hint in _NOT_ARTICLE and weights.get(element, 0) < 0.5 * whole for hint, element in block.hints)
    }


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()
