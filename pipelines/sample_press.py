"""The pages of the sample portals: articles in, a whole portal of rendered pages out.

A portal's looks lie in `data/sample/templates/PORTAL/`: `portal.toml` (how it is addressed and what
its server tells), whole pages as `.html` files for `string.Template`, and its entry in the source
registry as `source.toml`. The articles are the files of `data/sample/articles/`.
"""

from __future__ import annotations

import hashlib
import html
import json
import tomllib
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from chitieu.data import DATA

SAMPLE = DATA / "sample"
EDITIONS = (1, 2)
VIETNAM = timezone(timedelta(hours=7))
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
TEASERS = 3
"""Other articles announced in each of an article's two boxes."""
FEED_ITEMS = 8
_FILE_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class SampleError(Exception):
    """A sample file is not as it must be; the message names the file and what is wrong in it."""


class DocumentHead(BaseModel):
    """What a register tells about an official document beside its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    type: str
    issued: date
    agency: str
    signer: str


class SampleArticle(BaseModel):
    """One article as its file in `data/sample/articles` tells it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    portal: str
    id: int = Field(gt=0)
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    category: str
    title: str = Field(min_length=1)
    sapo: str = ""
    author: str = ""
    published: AwareDatetime
    modified: AwareDatetime | None = None
    tags: tuple[str, ...] = ()
    syndicated_from: str = ""
    body: tuple[str, ...] = Field(min_length=1)
    captions: tuple[str, ...] = ()
    edition: Literal[1, 2] = 1
    document: DocumentHead | None = None
    attachments: tuple[str, ...] = ()
    """Names of files in `data/sample/attachments`."""
    edited: dict[str, Any] = {}
    """Fields that the second edition replaces; `modified` is one of them."""

    @property
    def touched(self) -> datetime:
        """When the article last changed."""
        return self.modified or self.published

    def in_edition(self, edition: int) -> Self | None:
        """The article as that edition prints it, None where it is not out yet."""
        if self.edition > edition:
            return None
        if edition == 1 or not self.edited:
            return self
        return self.model_validate(self.model_dump() | self.edited | {"edited": {}})


class Portal(BaseModel):
    """How one portal looks and answers: its `portal.toml`. Addresses are `str.format` patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    address: str
    """Address of an article; knows {id}, {slug}, {category} and its time {t}."""
    listing: str
    next: str
    """Address of a listing's later pages; knows {category} and {page}."""
    print: str | None = None
    """Address of an article's printable twin, which robots.txt keeps crawlers from."""
    page_size: int = Field(gt=0)
    date: str
    """Form of the publication time on an article's page; knows {weekday} and {t}."""
    item_date: str
    """Form of the time on listings."""
    feed: str | None = None
    sitemap: str | None = None
    robots: str
    validators: frozenset[Literal["etag", "last-modified"]]
    content_type: str = "text/html; charset=utf-8"
    normal_form: Literal["NFC", "NFD"] = "NFC"
    gzip: bool = False
    absolute_links: bool = False
    categories: dict[str, str]
    fragments: dict[str, str]


@dataclass(frozen=True)
class Page:
    """One answer, ready to be sent."""

    body: bytes
    content_type: str
    changed: datetime | None = None

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def load_articles(folder: Path = SAMPLE / "articles") -> list[SampleArticle]:
    """Read every article file of `folder`, sorted by portal and time of publication.

    Raises SampleError for a file that is not well-formed or repeats another's portal and id.
    """
    articles: dict[tuple[str, int], SampleArticle] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            article = SampleArticle.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
            for edition in EDITIONS:
                article.in_edition(edition)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
            raise SampleError(f"{path}: {error}") from error
        key = article.portal, article.id
        if key in articles:
            raise SampleError(f"{path}: {article.portal} has an article {article.id} already; give it another id")
        articles[key] = article
    return sorted(articles.values(), key=lambda article: (article.portal, article.published, article.id))


def portal_ids() -> list[str]:
    """Ids of the sample portals, sorted."""
    return sorted(path.parent.name for path in (SAMPLE / "templates").glob("*/portal.toml"))


class Press:
    """Renders one portal: its articles in an edition → all its pages by address."""

    def __init__(self, portal_id: str, articles: Sequence[SampleArticle], base: str) -> None:
        """`base` is the portal's root address without a trailing slash."""
        self.folder = SAMPLE / "templates" / portal_id
        path = self.folder / "portal.toml"
        try:
            self.portal = Portal.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise SampleError(f"{path}: {error}") from error
        self.articles = articles
        self.base = base
        self.fragments = {name: Template(text) for name, text in self.portal.fragments.items()}

    def pages(self) -> dict[str, Page]:
        """Every page of the portal; keys are paths, with their query where they have one."""
        pages = {"/robots.txt": Page(Template(self.portal.robots).substitute(base=self.base).lstrip().encode(), "text/plain")}
        newest_first = sorted(self.articles, key=lambda article: (article.published, article.id), reverse=True)
        pages["/"] = self._listing("", self.portal.name, newest_first[: self.portal.page_size], newest_first, [])
        for category in self._categories():
            pages |= self._category(category, newest_first)
        article_template = self._template("article")
        print_template = self._template("print") if self.portal.print else None
        for article in self.articles:
            pages[self.address(article)] = self._article(article, article_template, newest_first)
            pages |= {attachment_address(name): _attachment(name, article) for name in article.attachments}
            if print_template is not None:
                pages[self._print_address(article)] = self._article(article, print_template, newest_first)
        if self.portal.feed:
            pages[self.portal.feed] = self._feed(newest_first[:FEED_ITEMS])
        if self.portal.sitemap:
            pages[self.portal.sitemap] = self._sitemap(newest_first)
        return pages

    def address(self, article: SampleArticle) -> str:
        """Path of the article on its portal."""
        local = article.published.astimezone(VIETNAM)
        return self.portal.address.format(id=article.id, slug=article.slug, category=article.category, t=local)

    def _print_address(self, article: SampleArticle) -> str:
        return (self.portal.print or "").format(id=article.id)

    def _template(self, name: str) -> Template:
        return Template((self.folder / f"{name}.html").read_text(encoding="utf-8"))

    def _categories(self) -> list[str]:
        used = {article.category for article in self.articles}
        if strange := used - self.portal.categories.keys():
            raise SampleError(f"{self.folder / 'portal.toml'}: [categories] lacks {', '.join(sorted(strange))}")
        return [category for category in self.portal.categories if category in used]

    def _page(self, template: Template, values: Mapping[str, str], shown: Iterable[SampleArticle]) -> Page:
        text = unicodedata.normalize(self.portal.normal_form, template.substitute(values))
        changed = max((article.touched for article in shown), default=None)
        return Page(text.encode(), self.portal.content_type, changed)

    def _link(self, path: str) -> str:
        return self.base + path if self.portal.absolute_links else path

    def _date(self, form: str, moment: datetime) -> str:
        local = moment.astimezone(VIETNAM)
        return form.format(weekday=WEEKDAYS[local.weekday()], t=local)

    def _fragment(self, fragment: str, /, **values: object) -> str:
        return self.fragments[fragment].substitute({key: html.escape(str(value)) for key, value in values.items()})

    def _announcements(self, name: str, articles: Iterable[SampleArticle]) -> str:
        return "\n".join(
            self._fragment(
                name,
                **_document_values(article),
                url=self._link(self.address(article)),
                id=article.id,
                title=article.title,
                sapo=article.sapo,
                date=self._date(self.portal.item_date, article.published),
                iso=article.published.isoformat(),
            )
            for article in articles
        )

    def _frame(self, newest_first: Sequence[SampleArticle]) -> dict[str, str]:
        """What every page of the portal has around its own matter."""
        menu = (
            self._fragment("menu", url=self._link(self.portal.listing.format(category=category)), name=self.portal.categories[category])
            for category in self._categories()
        )
        return {"base": self.base, "menu": "".join(menu), "latest": self._announcements("latest", newest_first[:TEASERS])}

    def _category(self, category: str, newest_first: Sequence[SampleArticle]) -> dict[str, Page]:
        """The listing pages of one category, with links from each to the others."""
        articles = [article for article in newest_first if article.category == category]
        size = self.portal.page_size
        chunks = [articles[start : start + size] for start in range(0, len(articles), size)]
        first = self.portal.listing.format(category=category)
        addresses = [first, *(self.portal.next.format(category=category, page=number) for number in range(2, len(chunks) + 1))]
        name = self.portal.categories[category]
        return {
            address: self._listing(address, name, chunk, newest_first, addresses)
            for address, chunk in zip(addresses, chunks, strict=True)
        }

    def _listing(
        self,
        address: str,
        name: str,
        articles: Sequence[SampleArticle],
        newest_first: Sequence[SampleArticle],
        addresses: Sequence[str],
    ) -> Page:
        later = addresses[addresses.index(address) + 1 :] if address in addresses else []
        values = self._frame(newest_first) | {
            "url": html.escape(address or "/"),
            "name": html.escape(name),
            "items": self._announcements("item", articles),
            "pages": "".join(self._fragment("page", url=self._link(path), n=number) for number, path in enumerate(addresses, 1)),
            "next": self._fragment("next", url=self._link(later[0])) if later else "",
        }
        return self._page(self._template("listing"), values, [*articles, *newest_first[:TEASERS]])

    def _article(self, article: SampleArticle, template: Template, newest_first: Sequence[SampleArticle]) -> Page:
        related, suggested = self._teasers(article)
        text = {
            "title": article.title,
            "sapo": article.sapo,
            "author": article.author,
            "category": article.category,
            "category_name": self.portal.categories[article.category],
            "url": self._link(self.address(article)),
            "print": self._print_address(article),
            "id": article.id,
            "date": self._date(self.portal.date, article.published),
            "iso": article.published.isoformat(),
            "modified_iso": article.touched.isoformat(),
            **_document_values(article),
        }
        markup = {
            "body": self._body(article),
            "tags": ", ".join(self._fragment("tag", text=tag, slug=tag.replace(" ", "-")) for tag in article.tags),
            "syndicated": self._fragment("syndicated", text=article.syndicated_from) if article.syndicated_from else "",
            "signature": self._fragment("author", text=article.author) if article.author else "",
            "related": self._announcements("related", related),
            "suggested": self._announcements("suggested", suggested),
            "json_ld": self._json_ld(article),
            "attachments": "".join(
                self._fragment("attachment", url=self._link(attachment_address(name)), name=name) for name in article.attachments
            ),
        }
        values = self._frame(newest_first) | {key: html.escape(str(value)) for key, value in text.items()} | markup
        latest = newest_first[:TEASERS] if "$latest" in template.template else []
        return self._page(template, values, [article, *related, *suggested, *latest])

    def _teasers(self, article: SampleArticle) -> tuple[list[SampleArticle], list[SampleArticle]]:
        """Articles for the two boxes below an article, chosen when it came out: its section, then the rest.

        What comes out in a later edition is left out, so that old pages stay as they are.
        """
        others = [other for other in self.articles if other.edition <= article.edition and other.id != article.id]
        others.sort(key=lambda other: (other.published > article.published, abs(other.published - article.published)))
        related = [other for other in others if other.category == article.category][:TEASERS]
        suggested = [other for other in others if other not in related][:TEASERS]
        return related, suggested

    def _body(self, article: SampleArticle) -> str:
        """Paragraphs, with a captioned picture after the first, the third, the fifth …"""
        captions = iter(enumerate(article.captions, 1))
        blocks: list[str] = []
        for index, paragraph in enumerate(article.body):
            blocks.append(self._fragment("paragraph", text=paragraph))
            if index % 2 == 0 and (caption := next(captions, None)):
                blocks.append(self._fragment("figure", id=article.id, n=caption[0], text=caption[1]))
        blocks += [self._fragment("figure", id=article.id, n=number, text=text) for number, text in captions]
        return "\n".join(blocks)

    def _json_ld(self, article: SampleArticle) -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "description": article.sapo,
            "datePublished": article.published.isoformat(),
            "dateModified": article.touched.isoformat(),
            "author": {"@type": "Person", "name": article.author},
            "publisher": {"@type": "Organization", "name": self.portal.name},
            "mainEntityOfPage": self.base + self.address(article),
            "keywords": list(article.tags),
        }
        # "</" would end the script element; JSON lets a slash be escaped.
        return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")

    def _feed(self, articles: Sequence[SampleArticle]) -> Page:
        rss = ET.Element("rss", version="2.0")
        channel = ET.SubElement(rss, "channel")
        _child(channel, "title", self.portal.name)
        _child(channel, "link", self.base + "/")
        _child(channel, "description", f"Tin mới của {self.portal.name}")
        for article in articles:
            item = ET.SubElement(channel, "item")
            address = self.base + self.address(article)
            _child(item, "title", article.title)
            _child(item, "link", address)
            _child(item, "guid", address)
            _child(item, "description", article.sapo)
            _child(item, "pubDate", format_datetime(article.published))
        return self._xml(rss, "application/rss+xml; charset=utf-8", articles)

    def _sitemap(self, articles: Sequence[SampleArticle]) -> Page:
        urls = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
        for article in articles:
            url = ET.SubElement(urls, "url")
            _child(url, "loc", self.base + self.address(article))
            _child(url, "lastmod", article.touched.isoformat())
        return self._xml(urls, "application/xml; charset=utf-8", articles)

    def _xml(self, root: ET.Element, content_type: str, articles: Sequence[SampleArticle]) -> Page:
        body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return Page(body, content_type, max((article.touched for article in articles), default=None))


def attachment_address(name: str) -> str:
    """Path of an attached file on its portal."""
    return f"/tep-dinh-kem/{name}"


def _attachment(name: str, article: SampleArticle) -> Page:
    """A file that stands beside an article, as its portal serves it."""
    path = SAMPLE / "attachments" / name
    try:
        return Page(path.read_bytes(), _FILE_TYPES[path.suffix], article.published)
    except (OSError, KeyError) as error:
        raise SampleError(f"{path}: cannot be attached to article {article.id} of {article.portal}: {error!r}") from error


def _child(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _document_values(article: SampleArticle) -> dict[str, str]:
    head = article.document
    if head is None:
        return {}
    return {
        "number": head.number,
        "document_type": head.type,
        "issued": f"{head.issued:%d/%m/%Y}",
        "agency": head.agency,
        "signer": head.signer,
    }
