"""Page → article: a pure function of the stored page and what the registry knows of its source.

For each field the source's own selectors come first, then JSON-LD and meta tags, then the structure
of the page. `trafilatura` finds the body where structure finds none, `htmldate` the day where nothing
else gives one (and `published_by` says so). Nothing here raises on a page, however hostile: what is no
article comes back as `NotArticle` with the reason.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector
from lxml.etree import _Element as HtmlElement

from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.crawlers.urls import address_key
from chitieu.pipelines.article import Article, Zone
from chitieu.pipelines.container import Region, find_body, find_related, find_title
from chitieu.pipelines.dates import LOCAL, find_times, parse_published, parse_relative
from chitieu.pipelines.decoding import ViqrPage, decode_page
from chitieu.pipelines.directives import Directive, read_directive
from chitieu.pipelines.markup import Block, Markup, TooLarge, clean, read_markup
from chitieu.pipelines.pagedata import MetaTags, PageData, meta_data, read_json_ld, read_meta
from chitieu.pipelines.refusal import NotArticle, Reason, not_a_page, refuse_bare, refuse_listing
from chitieu.pipelines.zoning import byline, is_caption, is_furniture, is_teaser_heading, line_tags, syndication, zone_blocks

__all__ = ["NotArticle", "Reason", "article_id", "parse_page"]

log = logging.getLogger(__name__)

_SHORTEST_BODY = 60
"""Characters of body below which a page has no article's text."""
_GUESS_BELOW = 200
"""Characters of body below which trafilatura is asked whether it finds more."""
_SITE_SUFFIX = re.compile(r"\s+[|»–—-]\s+(?=[^|»–—]{2,80}$)")
_TRUNCATED = re.compile(r"(?:\.\.\.|…|\s)+$")
PublishedBy = Literal["selector", "json-ld", "meta", "text", "htmldate"]


@dataclass(slots=True)
class _Draft:
    """An article in the making: the page taken apart, and what was found so far."""

    page: StoredPage
    source: Source | None
    markup: Markup
    meta_tags: MetaTags
    meta: PageData
    json_ld: PageData
    title: str | None = None
    title_at: int | None = None
    sapo: list[str] = field(default_factory=list)
    sapo_at: set[int] = field(default_factory=set)
    region: Region = field(default_factory=Region)
    fixed: dict[int, str] = field(default_factory=dict)
    """Zones that selectors settle, by block."""
    directive: Directive | None = None


def parse_page(page: StoredPage, source: Source | None) -> Article | NotArticle:
    """The article on a stored page, or why there is none.

    `source` is the registry's entry, None for archives made by others. Never raises: a page that
    breaks the parser comes back as `NotArticle("parser-error", …)`.
    """
    try:
        refusal = not_a_page(page)
        if refusal:
            return refusal
        return _parse(page, source)
    except ViqrPage as error:
        return NotArticle("legacy-encoding", str(error))
    except Exception as error:  # noqa: BLE001 - the web can break any parser; one page must not stop a run
        log.warning("%s: parsing failed: %s: %s", page.url, type(error).__name__, error)
        return NotArticle("parser-error", f"{type(error).__name__}: {error}"[:500])


def _parse(page: StoredPage, source: Source | None) -> Article | NotArticle:
    decoded = decode_page(page.body, page.headers.get("content-type", ""), source.encoding if source else None)
    if decoded.repaired:
        log.debug("%s: text repaired: %s", page.url, ", ".join(decoded.repaired))
    try:
        markup = read_markup(decoded.text)
    except TooLarge as error:
        return NotArticle("too-large", str(error))
    except ValueError as error:
        return NotArticle("empty", str(error))
    draft = _draft(page, source, markup)
    refusal = refuse_bare(page, markup, draft.meta_tags)
    if refusal:
        return refusal
    _locate(draft)
    start = min([draft.region.first, *draft.sapo_at])
    refusal = refuse_listing(markup.blocks[start : draft.region.end], draft.markup, _evidence(draft), page.url, source)
    if refusal:
        return refusal
    return _assemble(draft, decoded.text)


def _draft(page: StoredPage, source: Source | None, markup: Markup) -> _Draft:
    tags = read_meta(markup.root)
    meta = meta_data(tags)
    return _Draft(page, source, markup, tags, meta, read_json_ld(markup.json_ld, meta.title))


def _evidence(draft: _Draft) -> bool:
    """Whether the page says of itself that it is an article."""
    return draft.json_ld.is_article or draft.meta.is_article or draft.directive is not None


# --- where things stand -----------------------------------------------------------------------


def _locate(draft: _Draft) -> None:
    """Find title, sapo and body among the blocks."""
    markup = draft.markup
    for element in _selected(draft, "remove"):
        draft.fixed.update(dict.fromkeys(range(*markup.span(element)), "furniture"))
    for element in _selected(draft, "teaser"):
        draft.fixed.update(dict.fromkeys(range(*markup.span(element)), "teaser"))
    for element in _selected(draft, "caption"):
        draft.fixed.update(dict.fromkeys(range(*markup.span(element)), "caption"))
    _locate_title(draft)
    draft.directive = read_directive(markup, _of_directive(draft))
    if draft.directive:
        _title_of_directive(draft, draft.directive)
    spans = [span for element in _selected(draft, "body") if (span := markup.span(element))[0] < span[1]]
    draft.region = Region.of(markup, spans) if spans else find_body(markup, draft.title_at, draft.fixed)
    if not draft.title and not _named_title(draft) and draft.region.blocks:
        draft.title_at, draft.title = find_title(markup, (), draft.region.first)
    draft.title = draft.title or _named_title(draft) or _without_site(_page_title(markup), draft.meta.site)
    if draft.title_at is None and draft.title:
        draft.title_at = _block_with(markup, draft.title)
    _locate_sapo(draft)


def _locate_title(draft: _Draft) -> None:
    for element in _selected(draft, "title"):
        if text := _text(element):
            span = draft.markup.span(element)
            draft.title, draft.title_at = text, span[0] if span[0] < span[1] else _block_with(draft.markup, text)
            return
    known = [title for title in (draft.json_ld.title, draft.meta.title, _page_title(draft.markup)) if title]
    draft.title_at, draft.title = find_title(draft.markup, known)


def _of_directive(draft: _Draft) -> dict[str, HtmlElement]:
    """The elements that the source's selectors name for a directive; a subject that is the title is not said twice.

    Where they find several of a kind the page lists directives and is none.
    """
    selected = {name: elements for name in ("number", "subject", "signer") if (elements := _selected(draft, name))}
    if any(len(elements) > 1 for elements in selected.values()):
        return {}
    found = {name: elements[0] for name, elements in selected.items()}
    if "subject" in found and _text(found["subject"]) == draft.title:
        del found["subject"]
    return found


def _title_of_directive(draft: _Draft, directive: Directive) -> None:
    """Registers head each page with their own name: the title is the heading by the entry, or else its subject."""
    blocks = draft.markup.blocks
    if draft.title_at is not None and 0 <= directive.first - draft.title_at <= 3:
        return
    for at in range(directive.first - 1, max(-1, directive.first - 4), -1):
        if blocks[at].tag in ("h1", "h2", "h3", "h4") and len(blocks[at].text) >= 20:
            draft.title_at, draft.title = at, blocks[at].text
            return
    if directive.subject and not _selected(draft, "title"):
        draft.title_at, draft.title = None, directive.subject


def _named_title(draft: _Draft) -> str | None:
    """The title that the page gives machines."""
    return draft.json_ld.title or draft.meta.title


def _page_title(markup: Markup) -> str:
    return clean(markup.root.findtext(".//title") or "")


def _without_site(title: str, site: str | None) -> str | None:
    """The page's title without the name of the site that most put behind it."""
    if site and title.lower().endswith(site.lower()) and len(title) > len(site) + 5:
        return title[: -len(site)].rstrip(" -|–»·")
    parts = _SITE_SUFFIX.split(title)
    return (parts[0] if len(parts[0]) >= 20 else title).strip() or None


def _locate_sapo(draft: _Draft) -> None:
    blocks = draft.markup.blocks
    found: list[int] = []
    for element in _selected(draft, "sapo"):
        found += range(*draft.markup.span(element))
    if not found:
        found = _sapo_by_name(draft) or _sapo_by_description(draft) or _sapo_by_place(draft)
    found = [at for at in dict.fromkeys(found) if at != draft.title_at and not is_furniture(blocks[at].text)]
    draft.sapo_at = set(found)
    draft.sapo = [blocks[at].text for at in found]


def _lead_range(draft: _Draft) -> range:
    """Where a sapo may stand: from the title to the second paragraph of the body."""
    region = draft.region
    if not region.blocks:
        return range(0)
    start = region.first
    if draft.title_at is not None and draft.title_at < region.end:
        start = draft.title_at + 1 if draft.title_at >= region.first or region.first - draft.title_at < 40 else region.first
    return range(start, min(max(start, region.first) + 8, region.end))


def _sapo_by_name(draft: _Draft) -> list[int]:
    """Blocks in an element named for the sapo."""
    blocks, lead = draft.markup.blocks, _lead_range(draft)
    for at in lead:
        if is_caption(blocks[at].text):
            continue
        for hint, element in reversed(blocks[at].hints):
            start, stop = draft.markup.spans.get(element, (at, at + 1))
            if hint == "sapo" and start in lead and stop - start <= 4 and sum(len(blocks[n].text) for n in range(start, stop)) >= 40:
                return [n for n in range(start, stop) if not is_teaser_heading(blocks[n].text) and not blocks[n].is_link]
            if hint in ("caption", "teaser", "furniture"):
                break
    return []


def _sapo_by_description(draft: _Draft) -> list[int]:
    """The block that JSON-LD or a meta tag quotes as the page's description."""
    blocks = draft.markup.blocks
    for description in (draft.json_ld.description, draft.meta.description):
        start = _letters(_TRUNCATED.sub("", description or ""))[:60]
        if len(start) < 30:
            continue
        for at in _lead_range(draft):
            if _letters(blocks[at].text[:120]).startswith(start) and at != draft.title_at:
                # A description may also be the first words of a story that has no sapo.
                inside = at >= draft.region.first and (draft.title_at is None or draft.title_at < draft.region.first)
                return [] if inside and not _set_apart(blocks[at], blocks, at, draft) else [at]
    return []


def _sapo_by_place(draft: _Draft) -> list[int]:
    """A paragraph between title and body, or the first one if it alone is set in bold."""
    blocks = draft.markup.blocks
    for at in _lead_range(draft):
        block = blocks[at]
        if at == draft.title_at or len(block.text) < 50 or block.is_link or is_furniture(block.text):
            continue
        if block.after_image or is_caption(block.text) or any(hint == "caption" for hint, _ in block.hints):
            continue
        if at < draft.region.first and not block.linked and block.tag not in ("li", "tr"):
            return [at]
        return [at] if _set_apart(block, blocks, at, draft) else []
    return []


def _set_apart(block: Block, blocks: Sequence[Block], at: int, draft: _Draft) -> bool:
    """Whether a first paragraph is set off from the text after it."""
    after = [other for other in blocks[at + 1 : draft.region.end] if len(other.text) > 80][:3]
    distinct = block.bold and not all(other.bold for other in after)
    return bool(after) and (distinct or block.tag in ("h2", "h3", "h4") or block.after_image is False and _own_box(block, at, draft))


def _own_box(block: Block, at: int, draft: _Draft) -> bool:
    """Whether the paragraph stands alone in an element beside the one that holds the rest."""
    if block.element.tag != "div" or draft.markup.spans.get(block.element) != (at, at + 1):
        return False
    following = block.element.getnext()
    return following is not None and (span := draft.markup.spans.get(following)) is not None and span[1] - span[0] > 1


# --- fields -----------------------------------------------------------------------------------


def _published(draft: _Draft, page_text: str) -> tuple[datetime | None, PublishedBy | None]:
    """The publication time and how it was found."""
    ways: tuple[tuple[PublishedBy, Callable[[], datetime | None]], ...] = (
        ("selector", lambda: _time_of_elements(draft, _selected(draft, "published"))),
        ("text", lambda: draft.directive.published if draft.directive else None),
        ("json-ld", lambda: _time_of(draft, draft.json_ld.published)),
        ("meta", lambda: _time_of(draft, draft.meta.published)),
        ("text", lambda: _time_near_title(draft)),
        ("htmldate", lambda: _time_by_htmldate(draft, page_text)),
    )
    for name, way in ways:
        if when := way():
            return when, name
    return None, None


def _time_of(draft: _Draft, text: str | None) -> datetime | None:
    when = parse_published(text) if text else None
    return when if when and _plausible(when, draft.page) else None


def _time_of_elements(draft: _Draft, elements: Iterable[HtmlElement]) -> datetime | None:
    for element in elements:
        for text in (element.get("datetime"), element.get("content"), _text(element), element.get("title")):
            if text and (when := _time_of(draft, text) or parse_relative(text, draft.page.fetched)):
                return when
    return None


def _plausible(when: datetime, page: StoredPage) -> bool:
    """Nothing is published after it was fetched; clocks and zones may be a day off."""
    return when <= page.fetched + timedelta(days=1)


def _time_near_title(draft: _Draft) -> datetime | None:
    """A date in a `<time>` or a line that stands as datelines do, between title and text or just before or after."""
    blocks, region, title = draft.markup.blocks, draft.region, draft.title_at
    first = title if title is not None else region.first
    start_of_text = max(region.first, first) + 4
    near = [*range(first + 1, min(start_of_text + 6, len(blocks))), *range(first - 1, max(-1, first - 6), -1)]
    near += range(max(region.first, region.end - 6), min(region.end + 6, len(blocks)))
    updated: datetime | None = None
    for at in near:
        block = blocks[at]
        dated = any(hint == "date" for hint, _ in block.hints[-2:])
        if len(block.text) > 200 or block.linked and not dated or any(hint == "teaser" for hint, _ in block.hints):
            continue
        if draft.fixed.get(at) == "teaser" or not (dated or is_furniture(block.text) or _looks_dated(block.text)):
            continue
        if stamp := block.element.get("datetime"):
            if when := _time_of(draft, stamp):
                return when
        for time in find_times(block.text):
            if _plausible(time.when, draft.page) and not _is_clock_of_page(time.when, draft, at):
                if not time.updated:
                    return time.when
                updated = updated or time.when
        if not updated and dated and (when := parse_relative(block.text, draft.page.fetched)):
            return when
    return updated


def _looks_dated(text: str) -> bool:
    """Whether a line that is more than a dateline still is one ("Hà Phương - 09:56 23/06/2023")."""
    times = list(find_times(text)) if len(text) <= 120 else []
    return bool(times) and (times[0].has_clock or sum(map(str.isalpha, text)) < 40 and text.lstrip("-– (")[:1].isupper())


def _is_clock_of_page(when: datetime, draft: _Draft, at: int) -> bool:
    """Whether a date before the title is only today's, as page headers show it."""
    before = draft.title_at is not None and at < draft.title_at
    return before and when.astimezone(LOCAL).date() == draft.page.fetched.astimezone(LOCAL).date()


def _time_by_htmldate(draft: _Draft, page_text: str) -> datetime | None:
    from htmldate import find_date

    latest = draft.page.fetched.astimezone(LOCAL).date().isoformat()
    try:
        found = find_date(page_text[:500_000], extensive_search=False, original_date=True, max_date=latest)
    except Exception as error:  # noqa: BLE001 - a last resort over any markup; its failure is no date
        log.debug("%s: htmldate failed: %s", draft.page.url, error)
        return None
    return _time_of(draft, found)


def _modified(draft: _Draft, published: datetime | None) -> datetime | None:
    when = _time_of(draft, draft.json_ld.modified) or _time_of(draft, draft.meta.modified)
    return when if when and (published is None or when > published) else None


def _author(draft: _Draft, closing: str | None) -> str | None:
    for element in _selected(draft, "author"):
        if text := _text(element):
            return byline(text) or text[:100]
    site = (draft.meta.site or "").lower()
    named = _author_by_name(draft)
    for candidate in (named, closing, draft.json_ld.author, draft.meta.author):
        if candidate and candidate.lower() != site and not re.search(r"https?:|@|^admin", candidate, re.IGNORECASE):
            return candidate[:100]
    return None


def _author_by_name(draft: _Draft) -> str | None:
    """A line in or right around the article, in an element named for its author."""
    blocks, region = draft.markup.blocks, draft.region
    first = draft.title_at if draft.title_at is not None and region.first - 30 < draft.title_at < region.end else region.first
    for block in blocks[first : region.end + 3]:
        if block.hints and block.hints[-1][0] == "author" and len(block.text) <= 100:
            times = list(find_times(block.text))
            text = block.text[: times[0].start] if times else block.text
            text = text.strip(" -–|,;:•")
            if name := byline(text) or (text if 2 <= len(text) <= 40 and not any(map(str.isdigit, text)) else None):
                return name
    return None


def _tags(draft: _Draft, lines: Iterable[str]) -> tuple[str, ...]:
    shown = [_text(element) for element in _selected(draft, "tags")]
    shown = [part for text in shown if text for part in re.split(r"[,;#]", text)] if len(shown) == 1 else shown
    if not shown:
        shown = [_text(link) for link in draft.markup.root.iterfind(".//a[@rel='tag']")]
    if not shown:
        shown = _tags_by_name(draft)
    if not shown:
        after = (block.text for block in draft.markup.blocks[draft.region.end : draft.region.end + 15])
        shown = next((list(tags) for line in (*lines, *after) if (tags := line_tags(line))), [])
    tags = [tag.strip(" #,;") for tag in shown or draft.json_ld.tags or draft.meta.tags if tag]
    return tuple(dict.fromkeys(tag for tag in tags if 1 < len(tag) <= 80))[:30]


def _tags_by_name(draft: _Draft) -> list[str]:
    """Links in an element named for tags, in the article or right after it."""
    found: dict[HtmlElement, None] = {}
    for block in draft.markup.blocks[draft.region.first : draft.region.end + 15]:
        for hint, element in block.hints:
            if hint == "tags":
                found[element] = None
    return [text for element in found for link in element.iterdescendants("a") if (text := _text(link)) and len(text) <= 80]


def _selected(draft: _Draft, name: str) -> list[HtmlElement]:
    """The elements that the source's selectors for `name` find: of several selectors the first that finds any."""
    if draft.source is None:
        return []
    together = name in ("remove", "teaser", "caption")
    found: list[HtmlElement] = []
    for css in getattr(draft.source.selectors, name):
        found += [element for element in _css(css)(draft.markup.root) if isinstance(element, HtmlElement)]
        if found and not together:
            break
    return found


@lru_cache(maxsize=2000)
def _css(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def _text(element: HtmlElement) -> str:
    return clean("".join(element.itertext()))


def _block_with(markup: Markup, text: str) -> int | None:
    return next((block.index for block in markup.blocks if block.text == text), None)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


# --- the article ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    zone: str
    group: int = 0


def _assemble(draft: _Draft, page_text: str) -> Article | NotArticle:
    fixed = dict(draft.fixed)
    if draft.title_at is not None:
        fixed[draft.title_at] = "title"
    fixed.update(dict.fromkeys(draft.sapo_at, "sapo"))
    region = draft.region
    if draft.title_at is not None and region.first < draft.title_at < region.end:
        fixed.update({b.index: "furniture" for b in region.blocks if b.index < draft.title_at and b.index not in fixed})
    zoned = zone_blocks(region.blocks, draft.markup, fixed)
    lines = [
        _Line(_as_line(block), _unless_title(block, zone, draft), block.group)
        for block, zone in zip(region.blocks, zoned.zones, strict=True)
        if zone not in ("title", "sapo")
    ]
    lines = _with_directive(draft, _without_repeats(lines))
    if _body_size(lines) < _GUESS_BELOW and not draft.directive:
        lines = _guessed(draft, lines, page_text)
    if _body_size(lines) + sum(map(len, draft.sapo)) < _SHORTEST_BODY:
        return NotArticle("no-text", f"{_body_size(lines)} characters of text")
    lines += [_Line(_as_line(block), "teaser", block.group) for block in find_related(draft.markup, region, draft.fixed)]
    published, published_by = _published(draft, page_text)
    syndicated = zoned.syndicated_from or _source_line(draft)
    text, zones = _write(draft.title, draft.sapo, lines)
    return Article(
        id=_article_id(draft),
        source=draft.source.id if draft.source else draft.page.source or _host(draft.page.url),
        url=draft.page.url,
        title=draft.title,
        sapo="\n".join(draft.sapo) or None,
        text=text,
        zones=zones,
        published=published,
        published_by=published_by,
        modified=_modified(draft, published),
        author=None if draft.directive else _author(draft, zoned.author),
        tags=_tags(draft, (line.text for line in lines if line.zone == "furniture")),
        syndicated_from=syndicated,
        place=draft.source.place if draft.source else None,
        fetched=draft.page.fetched.astimezone(UTC),
        content_hash=_content_hash(draft, lines),
        archive=draft.page.archive,
        offset=draft.page.offset,
    )


def _as_line(block: Block) -> str:
    return f"- {block.text}" if block.tag == "li" and not block.text.startswith(("- ", "– ", "+ ", "• ")) else block.text


def _unless_title(block: Block, zone: str, draft: _Draft) -> str:
    """The title again, over a picture or as a crumb, is no second statement."""
    return "furniture" if zone == "body" and not draft.directive and block.text == draft.title else zone


def _without_repeats(lines: list[_Line]) -> list[_Line]:
    """Captions that a page writes twice, one behind the other, once."""
    return [
        line
        for before, line in zip([None, *lines], lines, strict=False)
        if not (before and line.zone == "caption" and before.text == line.text)
    ]


def _with_directive(draft: _Draft, lines: list[_Line]) -> list[_Line]:
    """The register's entry first, as labelled lines; the same cells are not repeated."""
    if not draft.directive:
        return lines
    entry = [_Line(text, "body", -1) for text in draft.directive.lines]
    covered = draft.directive.covered
    return entry + [line for line in lines if line.text not in covered]


def _guessed(draft: _Draft, lines: list[_Line], page_text: str) -> list[_Line]:
    """The body from JSON-LD or by trafilatura, where either gives more than structure did."""
    told = draft.json_ld.body
    if told and len(told) > 2 * _body_size(lines):
        return [_Line(line, "furniture" if is_furniture(line) else "body") for line in told.split("\n")]
    if sum(block.plain for block in draft.markup.blocks) < 2 * _GUESS_BELOW:
        return lines
    from trafilatura import extract

    found = extract(page_text[:1_000_000], include_comments=False, include_tables=True, favor_recall=True, fast=True) or ""
    known = {draft.title, *draft.sapo}
    guessed = [_Line(text, "furniture" if is_furniture(text) else "body") for raw in found.splitlines() if (text := clean(raw)) and text not in known]
    return guessed if _body_size(guessed) > 2 * _body_size(lines) else lines


def _body_size(lines: Iterable[_Line]) -> int:
    return sum(len(line.text) for line in lines if line.zone == "body")


def _source_line(draft: _Draft) -> str | None:
    """The paper named in an element of its own around the article ("Nguồn: …")."""
    region = draft.region
    for block in draft.markup.blocks[max(0, region.first - 5) : region.end + 5]:
        if block.hints and block.hints[-1][0] == "source" and len(block.text) <= 80:
            if paper := syndication(block.text) or (block.text if len(block.text) <= 40 else None):
                return paper
    return None


def _write(title: str | None, sapo: Sequence[str], lines: Sequence[_Line]) -> tuple[str, tuple[Zone, ...]]:
    """The article's text and its zones: what is the article's own in reading order, then the teasers."""
    own = [line for line in lines if line.zone != "teaser"]
    teasers = [line for line in lines if line.zone == "teaser"]
    head = [_Line(title, "title")] if title else []
    ordered = [*head, *(_Line(text, "sapo") for text in sapo), *own, *teasers]
    parts: list[str] = []
    zones: list[Zone] = []
    at = 0
    start = 0  # of the zone that goes on
    for before, line in zip([None, *ordered], ordered, strict=False):
        if before is not None:
            # Rows of one table and items of one list stay together; all else is a paragraph of its own.
            gap = "\n" if line.group and (line.group, line.zone) == (before.group, before.zone) else "\n\n"
            if before.zone != line.zone:
                zones.append(Zone(start, at, before.zone))
                start = at + len(gap)
            parts.append(gap)
            at += len(gap)
        parts.append(line.text)
        at += len(line.text)
    if ordered:
        zones.append(Zone(start, at, ordered[-1].zone))
    return "".join(parts), tuple(zones)


def _content_hash(draft: _Draft, lines: Iterable[_Line]) -> str:
    """Of what the article itself says: teasers and page furniture change with every visit."""
    own = [draft.title or "", *draft.sapo, *(line.text for line in lines if line.zone in ("body", "caption"))]
    return hashlib.sha256("\n".join(own).encode()).hexdigest()


def _article_id(draft: _Draft) -> str:
    return article_id(draft.page, draft.source, _canonical_link(draft))


def article_id(page: StoredPage, source: Source | None, canonical: str | None = None) -> str:
    """Source and address, hashed; the page's own, or the `canonical` one that it names."""
    try:
        key = address_key(canonical or page.url, ignore_case=bool(source and source.ignore_case))
    except ValueError:
        key = page.url
    if source and source.local:
        # On this machine a site may come up at another port each time.
        key = key.partition("/")[2]
    name = source.id if source else page.source or _host(page.url)
    digest = hashlib.sha256(f"{name}\n{key}".encode()).hexdigest()
    return f"{name}:{digest[:16]}"


def _canonical_link(draft: _Draft) -> str | None:
    for link in draft.markup.root.iterfind(".//link[@rel='canonical']"):
        href = (link.get("href") or "").strip()
        if _host(href) == _host(draft.page.url) and len(urlsplit(href).path) > 1:
            return href if draft.source is None or draft.source.matches_article(href) else None
    return None


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""
