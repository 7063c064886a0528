"""How addresses of articles look: patterns written in the registry, and the shapes that recur."""

from __future__ import annotations

import re

PLACEHOLDERS = {
    "slug": r"[^/?#]+?",
    "id": r"\d+",
    "hex": r"[0-9a-f]{5,}",
    "yyyymm": r"(?:19|20)\d{4}",
    "category": r"[^?#]+?",
}
"""What a name in braces stands for in a template; a category may be nested (`a/b`)."""

_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}", re.IGNORECASE)


def compile_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern of article addresses, to be searched in path and query.

    With a placeholder it is a template: of the whole path (`/{category}/{slug}-{id}.html`), or of its
    end where it does not begin with a slash (`-post{id}.html`); a final slash may be there or not.
    Without one it is a regular expression. Raises re.error.
    """
    if not _PLACEHOLDER.search(pattern):
        return re.compile(pattern, flags)
    pieces = _PLACEHOLDER.split(pattern.rstrip("/"))
    for index, piece in enumerate(pieces):
        pieces[index] = PLACEHOLDERS[piece.lower()] if index % 2 else re.escape(piece)
    begin = "^" if pattern.startswith("/") else ""
    return re.compile(rf"{begin}{''.join(pieces)}/?(?:\?|$)", flags)


SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"-post(?:id)?\d+\.\w{2,5}$",
        r"/(?:19|20)\d{4}/[^/]+-[0-9a-f]{5,}$",
        r"-[a-z]?\d{3,}\.(?:html?|aspx)$",
        r"-\d{4,}$",
    )
)
"""The families of facts, as paths without a final slash end: `-post{id}.html`, `/{YYYYMM}/{slug}-{hex}/`, `-{id}.htm(l)`."""

_PORTAL_SHAPES = re.compile(r"/-/asset_publisher/[^/]+/content/[^/]+|^/tin-bai/.+/[^/]+$", re.IGNORECASE)
"""Shapes that need no number: the path itself says that it is an item."""

_NEVER = re.compile(
    r"(?:^|/)(?:tags?|tu-khoa|tim-kiem|search|rss|print|in-bai|tac-gia|author|login|dang-nhap|page|trang)(?:[/.?]|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|ico|css|js|mp[34]|m3u8|zip|rar|xml|rss)(?:\?|$)",
    re.IGNORECASE,
)

_HYPHENS_BEFORE_ID = 2
_HYPHENS_OF_HEADLINE = 7
"""A category's name has a few words; without a number only a slug as long as a headline will do."""


def looks_like_article(path: str) -> bool:
    """Whether path and query of an address have one of the shapes of article addresses."""
    if _NEVER.search(path):
        return False
    bare = path.partition("?")[0].rstrip("/")
    hyphens = bare.rpartition("/")[2].count("-")
    if hyphens >= _HYPHENS_OF_HEADLINE or _PORTAL_SHAPES.search(bare):
        return True
    return hyphens >= _HYPHENS_BEFORE_ID and any(shape.search(bare) for shape in SHAPES)
