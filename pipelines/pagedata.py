"""What a page says of itself to machines: JSON-LD and meta tags."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element as HtmlElement

from chitieu.pipelines.markup import clean

_ARTICLE_TYPES = frozenset(
    {"article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "blogposting", "report", "legislation",
     "governmentservice", "socialmediaposting", "techarticle"}
)  # fmt: skip
_LONGEST_JSON = 2_000_000
_MOST_NODES = 5000
_FIELD = r'"%s"\s*:\s*"((?:[^"\\]|\\.){1,5000})"'
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class PageData:
    """One account of the article, from JSON-LD or from meta tags; fields left out are None or empty."""

    title: str | None = None
    description: str | None = None
    published: str | None = None
    modified: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    body: str | None = None
    url: str | None = None
    is_article: bool = False
    site: str | None = None


@dataclass(slots=True)
class MetaTags:
    """The meta tags of a page by lower-case name; of several with one name all are kept, in order."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first value that is not blank under the first of `names` that has one."""
        return next((value for name in names for value in self.values.get(name, ()) if value), None)


def read_json_ld(scripts: list[str], title: str | None) -> PageData:
    """The article among the JSON-LD of a page, the one that bears `title` where there are several."""
    nodes = [node for script in scripts for node in _articles(script)]
    if not nodes:
        return PageData()
    return max(nodes, key=lambda node: (_same_start(node.title, title), node.published is not None))


def read_meta(root: HtmlElement) -> MetaTags:
    """All meta tags with a name, property or itemprop."""
    tags = MetaTags()
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content:
            tags.values.setdefault(name.strip().lower(), []).append(clean(content[:5000]))
    return tags


def meta_data(tags: MetaTags) -> PageData:
    """The article as the meta tags tell it."""
    keywords = tags.values.get("article:tag") or _split(tags.first("news_keywords", "keywords") or "")
    author = tags.first("article:author", "author", "dc.creator", "dcterms.creator")
    return PageData(
        title=tags.first("og:title", "twitter:title", "dc.title", "title", "headline"),
        description=tags.first("og:description", "description", "twitter:description", "dc.description"),
        published=tags.first(
            "article:published_time", "datepublished", "og:published_time", "pubdate", "publishdate", "publish_date",
            "published_time", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc.created", "date",
        ),
        modified=tags.first("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "lastmod"),
        author=author if author and "/" not in author else None,
        tags=tuple(keywords),
        url=tags.first("og:url"),
        is_article=(tags.first("og:type") or "").lower() in ("article", "news", "newsarticle"),
        site=tags.first("og:site_name", "application-name"),
    )  # fmt: skip


def _articles(script: str) -> Iterator[PageData]:
    script = script.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    if not script or len(script) > _LONGEST_JSON:
        return
    value = _lenient_json(script)
    if value is None:
        if broken := _by_fields(script):
            yield broken
        return
    for node in _nodes(value):
        types = node.get("@type")
        names = types if isinstance(types, list) else [types]
        if any(isinstance(name, str) and name.rpartition("/")[2].lower() in _ARTICLE_TYPES for name in names):
            yield _of_node(node)


def _lenient_json(script: str) -> Any:
    """JSON as sites write it: line breaks in strings, commas after the last item, escaped quotes."""
    for text in (script, _TRAILING_COMMA.sub("", _CONTROL.sub(" ", script)), html.unescape(script)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _by_fields(script: str) -> PageData | None:
    """The plain fields of JSON-LD that no parser takes, found by their names."""
    if not re.search(r'"@type"\s*:\s*"?\[?\s*"?(?:News|Blog)?(?:Article|Posting)', script):
        return None

    def value(name: str) -> str | None:
        match = re.search(_FIELD % name, script)
        return _text(match[1].replace('\\"', '"').replace("\\/", "/")) if match else None

    return PageData(
        title=value("headline"),
        description=value("description"),
        published=value("datePublished"),
        modified=value("dateModified"),
        is_article=True,
    )


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a JSON value: @graph, lists and nesting taken apart, to a bounded number."""
    queue, seen = [value], 0
    while queue and seen < _MOST_NODES:
        item = queue.pop(0)
        seen += 1
        if isinstance(item, list):
            queue.extend(item[:_MOST_NODES])
        elif isinstance(item, dict):
            yield item
            queue.extend(inner for inner in item.values() if isinstance(inner, (dict, list)))


def _of_node(node: dict[str, Any]) -> PageData:
    keywords = node.get("keywords")
    tags = [_text(tag) for tag in keywords] if isinstance(keywords, list) else _split(_text(keywords) or "")
    main = node.get("mainEntityOfPage")
    return PageData(
        title=_text(node.get("headline")) or _text(node.get("name")),
        description=_text(node.get("description")),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        modified=_text(node.get("dateModified")),
        author=_author(node.get("author")),
        tags=tuple(tag for tag in tags if tag),
        body=_lines(node.get("articleBody")),
        url=_text(node.get("url")) or (_text(main.get("@id")) if isinstance(main, dict) else _text(main)),
        is_article=True,
    )


def _author(value: Any) -> str | None:
    """The persons named; organisations are the site itself."""
    if isinstance(value, list):
        return ", ".join(name for item in value[:10] if (name := _author(item))) or None
    if isinstance(value, dict):
        return None if value.get("@type") in ("Organization", "NewsMediaOrganization") else _text(value.get("name"))
    return _text(value)


def _text(value: Any) -> str | None:
    """A string of JSON-LD as one line: markup and entities undone; None for what is no string or blank."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return clean(html.unescape(re.sub(r"<[^<>]{0,500}>", " ", html.unescape(value[:5000])))) or None


def _lines(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = html.unescape(re.sub(r"<\s*(?:br|/p|/div)[^<>]{0,200}>", "\n", value))
    lines = (clean(re.sub(r"<[^<>]{0,500}>", " ", line)) for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", text[:3000]) if part.strip()]


def _same_start(one: str | None, other: str | None) -> int:
    return int(bool(one and other and one.lower()[:40] == other.lower()[:40]))
