"""HTML → blocks: the lines a reader sees, each with what its markup says of it.

One walk over the tree gives every line of the page in reading order, so that finding the article and
telling its zones apart are questions about a list. Pages are hostile: all work is linear in their
size, and depth, attributes and entities are bounded before the parser sees them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as HtmlElement  # plain elements: the classes of lxml.html cost time and add nothing here

from chitieu.pipelines.hints import hint_of

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template svg iframe select option textarea input button object embed canvas audio video map "
    "math head datalist".split()
)
# What a tag means to the walk, as flags. Several may hold of an element, and some are found only when it is looked at.
_BLOCK, _SKIP, _LIST, _LINK, _BOLD, _SLANT, _HINTED = (1 << n for n in range(7))
_INLINE = _LINK | _BOLD | _SLANT
_KINDS: dict[str, int] = (
    dict.fromkeys(_BLOCKS, _BLOCK)
    | dict.fromkeys(_SKIPPED, _SKIP)
    | {"ul": _BLOCK | _LIST, "ol": _BLOCK | _LIST, "a": _LINK, "b": _BOLD, "strong": _BOLD, "i": _SLANT, "em": _SLANT}
    | {"center": _BLOCK | _SLANT}
)
_HINTS_OF_BLOCKS = frozenset({"author", "date", "furniture", "tags"})
"""Elements with these hints are lines of their own even where their tag is none of a block's."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CENTERED = re.compile(r"text-align\s*:\s*center|font-style\s*:\s*italic", re.IGNORECASE)

_SCRIPTS = re.compile(r"<(script|style|svg|noscript|template)\b([^>]{0,2000})>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_COMMENTS = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+(?:>|\Z)")
_QUOTED_BRACKET = re.compile(r"=\s*+(?:\"[^\"<]*+<|'[^'<]*+<)")
"""What may be a tag that hides brackets in its attributes, and so how long it is."""
_KEPT_ATTRIBUTE = re.compile(r"\b(?:class|id|itemprop|href|rel)\s*=\s*(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')", re.I)
_LONGEST_TAG = 4000
"""Longer tags are images in the address or an attack: the parser's time grows with their attributes squared."""
_DEEPEST = 2040
"""The parser stops at a depth of 2048 and drops the rest."""
_MOST_BLOCKS = 50_000
_MOST_TAGS = 300_000
_FORMATTING = re.compile(r"</?(?:font|b|i|u|span|strong|em|small|big|a|sub|sup|center|o:p|st1:\w+)\b[^>]{0,2000}>", re.I)

_INVISIBLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xAD, 0x200B, 0x200C, 0x200D, 0x200E,
                            0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFFFD, *range(0x202A, 0x202F)])  # fmt: skip
# Icelandic eth looks like the Vietnamese letter and is what some keyboards gave.
_CLEAN = str.maketrans({**_INVISIBLE, 0xD0: "Đ", 0xF0: "đ", 0x85: " ", 0x2028: " ", 0x2029: " "})
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True, eq=False)
class Block:
    """One line of the page as a reader sees it."""

    text: str
    tag: str
    """The tag of the nearest block element; "tr" for a row of a table of data."""
    element: HtmlElement
    index: int
    linked: int = 0
    """How many characters of the text are links."""
    bold: bool = False
    """Whether all of it is bold."""
    slanted: bool = False
    """Whether it is italic or centred."""
    after_image: bool = False
    hints: tuple[tuple[str, HtmlElement], ...] = ()
    """What classes and names of the elements around it say it is, outermost first."""
    group: int = 0
    """Lines of one list or table have the same number; 0 for others."""
    cells: tuple[str, ...] = ()
    plain: int = field(init=False)
    """Characters that are not links."""
    is_link: bool = field(init=False)
    """Whether most of it is a link."""

    def __post_init__(self) -> None:
        size = len(self.text)
        self.plain = max(0, size - self.linked)
        self.is_link = self.linked > 0.5 * size


@dataclass(slots=True)
class Markup:
    """A parsed page: its tree, its blocks and which blocks each block element holds."""

    root: HtmlElement
    blocks: list[Block]
    spans: dict[HtmlElement, tuple[int, int]]
    json_ld: list[str] = field(default_factory=list)
    scripts: int = 0
    """Characters of script and style that were set aside."""

    def span(self, element: HtmlElement) -> tuple[int, int]:
        """Indices of the blocks inside `element`, end exclusive; empty for inline and skipped elements."""
        found = self.spans.get(element)
        if found:
            return found
        inside = [b.index for b in self.blocks if b.element is element] or [
            span[0] for child in element.iterdescendants() if (span := self.spans.get(child)) and span[0] < span[1]
        ]
        return (min(inside), max(inside) + 1) if inside else (0, 0)


def read_markup(page: str) -> Markup:
    """Parse a page's text.

    Raises ValueError where there is no markup a tree can be made of, TooLarge for floods.
    """
    json_ld: list[str] = []
    removed = 0

    def set_aside(match: re.Match[str]) -> str:
        nonlocal removed
        if "ld+json" in match[2].lower():
            json_ld.append(match[0][match[0].index(">") + 1 :].rpartition("</")[0])
        removed += len(match[0])
        return " "

    light = _SCRIPTS.sub(set_aside, page)
    light = _COMMENTS.sub(" ", light)
    if (tags := light.count("<")) > _MOST_TAGS:
        raise TooLarge(f"{tags:,} tags; at most {_MOST_TAGS:,} are read")
    if _has_gap(light, _LONGEST_TAG) or _QUOTED_BRACKET.search(light):
        light = _TAG.sub(_shorten, light)
    root = _tree(light)
    walk = _Walk()
    walk.run(root)
    if walk.deepest >= _DEEPEST:
        # Never closed formatting tags nest without end; without them old pages are shallow.
        root = _tree(_FORMATTING.sub("", light))
        walk = _Walk()
        walk.run(root)
    return Markup(root, walk.blocks, walk.spans, json_ld, removed)


def _has_gap(page: str, length: int) -> bool:
    """Whether there may be a stretch of `length` characters without a bracket: it would hold one of these halves."""
    half = length // 2
    return any(page.find("<", at, at + half) < 0 for at in range(0, len(page) - half, half))


def clean(text: str) -> str:
    """One line of text: white space collapsed, invisible characters gone, letters composed."""
    if text.isprintable() and "  " not in text:
        line = text.strip()  # no white space but single spaces: the common case, and splitting is dear
    else:
        line = " ".join(text.split())
    if not line.isprintable() or "Ð" in line or "ð" in line:
        line = " ".join(_SURROGATES.sub("", line.translate(_CLEAN)).split())
    return line if unicodedata.is_normalized("NFC", line) else unicodedata.normalize("NFC", line)


def _tree(page: str) -> HtmlElement:
    # An encoding named in an XML declaration is refused in text, and bytes of our own need none.
    try:
        data = page.encode()
    except UnicodeEncodeError:
        data = _SURROGATES.sub("", page).encode()
    data = data.replace(b"\x00", b"")
    try:
        return _parse(data)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ValueError(f"no tree can be made of it: {error}") from error


def _parse(data: bytes) -> HtmlElement:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise ValueError("the document is empty")
    return root


def _shorten(match: re.Match[str]) -> str:
    tag = match[0]
    if len(tag) <= _LONGEST_TAG:
        return tag
    name = re.match(r"<[a-zA-Z][a-zA-Z0-9:]{0,20}", tag)
    return f"{name[0] if name else '<div'} {' '.join(_KEPT_ATTRIBUTE.findall(tag[:_LONGEST_TAG])[:5])}>"


class TooLarge(ValueError):
    """The page has more tags or lines than any article's page."""


class _Walk:
    """The one pass over the tree. Text gathers until a block begins or ends, then becomes a block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.spans: dict[HtmlElement, tuple[int, int]] = {}
        self.deepest = 0
        self._parts: list[str] = []
        self._linked = self._bold = 0
        self._in_link = self._in_bold = self._in_slant = 0
        self._stack: list[tuple[HtmlElement, int]] = []
        self._hints: tuple[tuple[str, HtmlElement], ...] = ()
        self._lists: list[int] = []
        self._groups = 0
        self._image = self._slanted = False

    def run(self, root: HtmlElement) -> None:
        around: list[int] = []  # what ends with each of the elements that are open, outermost first
        deepest = 0
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                ends = self._open(element)
                if ends is None:
                    walker.skip_subtree()
                around.append(ends or 0)
                if len(around) > deepest:
                    deepest = len(around)
            else:
                if ends := around.pop():
                    self._close(element, ends)
                if text := element.tail:
                    self._text(text)
        self._flush(root)
        self.deepest = deepest

    def _open(self, element: HtmlElement) -> int | None:
        """Begin an element: gives the flags of what ends with it, or None where it is not to be entered."""
        tag = element.tag
        kind = _KINDS.get(tag, 0)
        has_names = bool(element.keys())
        hidden = slanted = False
        if has_names and (style := element.get("style")):
            hidden, slanted = _meaning_of_style(style)
        if hidden or kind & _SKIP:
            return None
        if tag == "table" and (rows := _data_rows(element)):
            self._table(element, rows)
            return None
        if tag == "br":
            self._line_break(element)
            return 0
        if tag == "img":
            self._image = self._image or not _is_icon(element)
        hint = _hint(element, tag) if has_names else _TAG_HINTS.get(tag)
        if hint in _HINTS_OF_BLOCKS:
            if kind & _LINK:
                # A link in running text is not a line of its own, whatever its class says.
                hint = None
            else:
                kind |= _BLOCK
        if kind & _BLOCK:
            if self._parts:
                self._flush(self._stack[-1][0] if self._stack else element)
            self._stack.append((element, len(self.blocks)))
            if kind & _LIST:
                self._groups += 1
                self._lists.append(self._groups)
        if hint:
            self._hints = (*self._hints, (hint, element))
            kind |= _HINTED
        if slanted or has_names and element.get("align") == "center":
            kind |= _SLANT
        if kind & _INLINE:
            self._in_link += bool(kind & _LINK)
            self._in_bold += bool(kind & _BOLD)
            self._in_slant += bool(kind & _SLANT)
        if text := element.text:
            self._text(text)
        return kind

    def _close(self, element: HtmlElement, ends: int) -> None:
        if ends & _BLOCK:
            if self._parts:
                self._flush(element)
            _, start = self._stack.pop()
            self.spans[element] = (start, len(self.blocks))
            if ends & _LIST:
                self._lists.pop()
        if ends & _HINTED:
            self._hints = self._hints[:-1]
        if ends & _INLINE:
            self._in_link -= bool(ends & _LINK)
            self._in_bold -= bool(ends & _BOLD)
            self._in_slant -= bool(ends & _SLANT)

    def _text(self, text: str) -> None:
        if text.isspace():
            if self._parts:
                self._parts.append(" ")
            return
        self._parts.append(text)
        if self._in_link or self._in_bold:
            size = len(text.strip())
            self._linked += size if self._in_link else 0
            self._bold += size if self._in_bold else 0
        if self._in_slant:
            self._slanted = True

    def _line_break(self, element: HtmlElement) -> None:
        """A break ends a line, unless the sentence plainly runs on: old pages were wrapped by hand."""
        ending = next((part.rstrip()[-1:] for part in reversed(self._parts) if not part.isspace()), "")
        follows = (element.tail or "")[:200].lstrip()
        if ending and ending not in ".!?:;…”\"" and follows[:1].islower():
            self._parts.append(" ")
        elif self._stack:
            self._flush(self._stack[-1][0])

    def _flush(self, element: HtmlElement) -> None:
        if not self._parts:
            return
        text = clean("".join(self._parts))
        linked, bold, slanted = self._linked, self._bold, self._slanted
        self._parts = []
        self._linked = self._bold = 0
        self._slanted = False
        if not text:
            return
        if len(self.blocks) >= _MOST_BLOCKS:
            raise TooLarge(f"more than {_MOST_BLOCKS:,} lines of text")
        tag, group = element.tag, 0
        if self._lists and tag in ("li", "p", "div") and self._in_list_item():
            tag, group = "li", self._lists[-1]
        size = len(text)
        self.blocks.append(
            Block(text, tag, element, len(self.blocks), min(linked, size), bold >= 0.9 * size, slanted, self._image, self._hints, group)
        )
        self._image = False

    def _in_list_item(self) -> bool:
        return any(element.tag == "li" for element, _ in self._stack[-3:])

    def _table(self, table: HtmlElement, rows: list[tuple[HtmlElement, tuple[str, ...], int]]) -> None:
        """A table of data: each row one line, its cells parted by " | "."""
        self._flush(self._stack[-1][0] if self._stack else table)
        self._groups += 1
        start = len(self.blocks)
        if start + len(rows) > _MOST_BLOCKS:
            raise TooLarge(f"more than {_MOST_BLOCKS:,} rows and lines")
        hints = self._hints
        if hint := _hint(table, "table"):
            hints = (*hints, (hint, table))
        for row, cells, linked in rows:
            filled = [cell for cell in cells if cell]
            if not filled:
                continue
            text = " | ".join(cells).strip(" |") if len(filled) > 1 else filled[0]
            self.blocks.append(
                Block(text, "tr", row, len(self.blocks), linked=linked, hints=hints, group=self._groups, cells=cells)
            )
            self.spans[row] = (len(self.blocks) - 1, len(self.blocks))
        self.spans[table] = (start, len(self.blocks))
        self._image = False


def _data_rows(table: HtmlElement) -> list[tuple[HtmlElement, tuple[str, ...], int]]:
    """The rows of a table that holds data: row, cells, characters of links. Empty for a table that lays out a page."""
    rows = [row for row in _rows(table) if len(row)]
    if len(rows) < 2 or next(table.iterdescendants("table"), None) is not None:
        return []
    found = []
    wide = 0
    for row in rows:
        cells, linked = [], 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            text = clean(" ".join(cell.itertext()))
            if len(text) > 800:
                return []
            linked += sum(len(clean(" ".join(link.itertext()))) for link in cell.iterdescendants("a"))
            cells.append(text)
        wide += sum(map(bool, cells)) > 1
        found.append((row, tuple(cells), linked))
    return found if wide >= 2 and wide >= len(found) / 2 else []


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


@lru_cache(maxsize=20_000)
def _meaning_of_style(style: str) -> tuple[bool, bool]:
    """Whether a `style` hides its element, and whether it sets it in italics or in the middle, as captions are."""
    return bool(_HIDDEN.search(style)), bool(_CENTERED.search(style))


def _is_icon(image: HtmlElement) -> bool:
    return any((size := image.get(side, "")).isdigit() and int(size) < 50 for side in ("width", "height"))


def _hint(element: HtmlElement, tag: str) -> str | None:
    """What the element's tag and names say its text is."""
    get = element.get
    names = (get("class", ""), get("id", ""), get("itemprop", ""), get("role", ""))
    return _hint_of_names(tag, " ".join(names)) if any(names) else _TAG_HINTS.get(tag)


_TAG_HINTS = {"figcaption": "caption", "nav": "furniture", "footer": "furniture", "time": "date"}


@lru_cache(maxsize=20_000)
def _hint_of_names(tag: str, names: str) -> str | None:
    return _TAG_HINTS.get(tag) or hint_of(names)
