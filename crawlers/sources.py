"""The registry of sources: which sites there are and what is known of them, read from TOML."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from chitieu.crawlers.rhythm import check_rhythm, shortest_gap
from chitieu.crawlers.shapes import compile_pattern, looks_like_article
from chitieu.crawlers.urls import canonical_url, netloc
from chitieu.data import DATA

Kind = Literal["newspaper", "portal", "documents"]
SHORTEST_RHYTHM = timedelta(minutes=10)
"""Between two scheduled crawls of a source that is not local."""


class RegistryError(Exception):
    """A registry file cannot be used; the message names the file, the key and what would be right."""


def _as_tuple(value: Any) -> Any:
    """A single string stands for a list of one."""
    return (value,) if isinstance(value, str) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Selectors(BaseModel):
    """CSS selectors of one site's markup; each may be one or several, tried in order. Blank = unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    links: Strings = ()
    """Article links (or what holds them) on listing pages."""
    next_page: Strings = ()
    """The link to the next page of a listing."""
    title: Strings = ()
    sapo: Strings = ()
    body: Strings = ()
    author: Strings = ()
    published: Strings = ()
    caption: Strings = ()
    teaser: Strings = ()
    tags: Strings = ()
    remove: Strings = ()
    """Furniture inside the article that is not its text."""
    number: Strings = ()
    signer: Strings = ()
    subject: Strings = ()
    attachment: Strings = ()

    @field_validator("*")
    @classmethod
    def _must_compile(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        from cssselect import HTMLTranslator, SelectorError

        for value in values:
            try:
                HTMLTranslator().css_to_xpath(value)
            except SelectorError as error:
                raise ValueError(f"{value!r} is not a CSS selector: {error}") from None
        return values


class Source(BaseModel):
    """One site (or one register of documents of a site) that can be crawled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")
    """Stable name of the source: small letters, digits and hyphens; it is a folder name too."""
    name: str = Field(min_length=1)
    place: str = Field(min_length=1)
    """The province, as the table of places names it."""
    kind: Kind
    hosts: Strings = Field(min_length=1)
    """Host names the source may be fetched from, with `:port` where it is not the usual one."""
    former_hosts: Strings = ()
    """Host names it bore before: its pages in archives are known by them; they are never fetched from."""
    start: Strings = ()
    """Addresses of listings, feeds and sitemaps; what each is, is seen from its content. Blank = the home page."""
    article: Strings = ()
    """How article addresses look: templates such as `/{category}/{slug}-{id}.html`, or regular
    expressions searched in path and query. Blank = recognised by the shapes that recur."""
    selectors: Selectors = Selectors()
    evidence: Strings = Field(min_length=1)
    """Where what the entry says is known from."""
    verified: date | None = None
    """The day it was last tried against the live site; None = never."""
    rhythm: str = ""
    """When scheduled crawls of it begin: a cron expression in the schedule's zone. Blank: as the configuration says for all."""
    delay: float = Field(default=1.0, ge=0, le=300)
    """Seconds between two requests to one host."""
    encoding: str | None = None
    """The encoding its pages really have, where they declare a wrong one."""
    local: bool = False
    """The source may lie on this machine or in a private network."""
    skip_tls_check: str = ""
    """Why its TLS certificate is not verified; blank: it is."""
    script: bool = False
    """Its pages are drawn by script: they are fetched with a browser where the extra `browser` is installed."""
    ignore_case: bool = False
    """The site answers alike to upper and lower case in paths."""
    follow_articles: bool = False
    """Also follow links to articles found on articles."""
    max_listing_pages: int = Field(default=500, ge=1)
    """A listing is not walked further than this."""
    valid_from: date | None = None
    valid_to: date | None = None
    """From and until when the site was this place's."""
    successor: str | None = None
    """Id of the source that carries it on."""
    notes: str = ""
    file: str = Field(default="", exclude=True, repr=False)
    """The registry file it was read from."""

    @field_validator("hosts", "former_hosts")
    @classmethod
    def _clean_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = []
        for host in hosts:
            if "/" in host or "@" in host or " " in host:
                raise ValueError(f"{host!r} is not a host: write it like 'baonghean.vn', without http:// and path")
            cleaned.append(netloc(f"http://{host}").removeprefix("www."))
        return tuple(dict.fromkeys(cleaned))

    @field_validator("start")
    @classmethod
    def _clean_start(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(canonical_url(address) for address in addresses)

    @field_validator("article")
    @classmethod
    def _patterns_compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                compile_pattern(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a pattern of addresses: {error}") from None
        return patterns

    @field_validator("rhythm")
    @classmethod
    def _known_rhythm(cls, text: str) -> str:
        return check_rhythm(text) if text else text

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                "".encode(name)
            except LookupError:
                raise ValueError(f"{name!r} is not an encoding Python knows, such as 'utf-8' or 'cp1258'") from None
        return name

    @model_validator(mode="after")
    def _fits_together(self) -> Source:
        for address in self.start:
            if not self.owns(address):
                raise ValueError(f"start: {address} is on none of the source's hosts ({', '.join(self.hosts)})")
        if self.skip_tls_check and len(self.skip_tls_check.split()) < 3:
            raise ValueError("skip_tls_check: say in a sentence why the certificate cannot be verified and who looked at it")
        if self.delay < 0.2 and not self.local:
            raise ValueError("delay: at least 0.2 seconds for a source that is not local")
        if self.rhythm and not self.local and shortest_gap(self.rhythm) < SHORTEST_RHYTHM:
            raise ValueError("rhythm: not more often than every ten minutes for a source that is not local, as in '*/10 * * * *'")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Source:
        """As in pydantic; what was worked out from fields that now differ is worked out anew."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("_patterns", "start_addresses"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        flags = re.IGNORECASE if self.ignore_case else 0
        return tuple(compile_pattern(pattern, flags) for pattern in self.article)

    @cached_property
    def start_addresses(self) -> tuple[str, ...]:
        """Where a crawl starts: `start`, or the home page of the first host where that is blank."""
        scheme = "http" if self.local else "https"
        return self.start or (f"{scheme}://{self.hosts[0]}/",)

    def owns(self, url: str) -> bool:
        """Whether `url` lies on one of the source's hosts. A leading `www.` does not matter."""
        try:
            host = netloc(url).removeprefix("www.")
        except ValueError:
            return False
        return host in self.hosts

    def matches_article(self, url: str) -> bool:
        """Whether `url` looks like the address of an article (or document) of this source."""
        if not self.owns(url):
            return False
        path = _path_and_query(url)
        if self._patterns:
            return any(pattern.search(path) for pattern in self._patterns)
        return looks_like_article(path)


class SourcesByHost:
    """Which source an address belongs to, going by its host; former hosts included."""

    def __init__(self, registry: Mapping[str, Source]) -> None:
        self._sources: dict[str, list[Source]] = {}
        for source in registry.values():
            for host in (*source.hosts, *source.former_hosts):
                self._sources.setdefault(host, []).append(source)

    @property
    def hosts(self) -> frozenset[str]:
        """All host names, without a leading `www.`."""
        return frozenset(self._sources)

    def of(self, url: str, day: date | None = None) -> Source | None:
        """The source of a page that was fetched on `day`; None where no source has its host.

        Where several have: one that was valid then, of these one whose articles look like that.
        """
        try:
            found = self._sources.get(netloc(url).removeprefix("www."), ())
        except ValueError:
            return None
        return min(found, key=lambda source: (not _valid_on(source, day), not source.matches_article(url)), default=None)


def _valid_on(source: Source, day: date | None) -> bool:
    return day is None or (source.valid_from or date.min) <= day <= (source.valid_to or date.max)


def load_registry(*folders: Path) -> dict[str, Source]:
    """The bundled sources, then those of `folders`, which may add some or put others in their place.

    Reads every `*.toml` of a folder: one source a file, or several as `[[source]]` tables.
    Raises RegistryError, naming file and key, for what cannot be read.
    """
    registry: dict[str, Source] = {}
    for folder in (DATA / "sources", *map(Path, folders)):
        registry.update(_load_folder(folder))
    _check_successors(registry)
    return registry


def load_file(path: Path) -> list[Source]:
    """The sources of one registry file. Raises RegistryError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RegistryError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"{path}: not valid TOML: {error}") from error
    return [_source(path, label, table) for label, table in _tables(path, document)]


def _load_folder(folder: Path) -> dict[str, Source]:
    if not folder.is_dir():
        raise RegistryError(f"{folder}: no such folder; a registry is a folder with *.toml files")
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("*.toml")):
        for source in load_file(path):
            if source.id in found:
                raise RegistryError(
                    f"{path}: key id: source {source.id!r} stands in {found[source.id].file} too; give one another id"
                )
            found[source.id] = source
    return found


def _tables(path: Path, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of a file with a label for messages: the file itself, or its `[[source]]` tables."""
    if "source" not in document:
        yield "", document
        return
    tables = document.pop("source")
    if document:
        raise RegistryError(f"{path}: key {next(iter(document))}: stands outside the [[source]] tables")
    if not isinstance(tables, list):
        raise RegistryError(f"{path}: key source: write [[source]] with double brackets for each source")
    for number, table in enumerate(tables, start=1):
        yield f"source {table.get('id') or number}: ", table


def _source(path: Path, label: str, table: dict[str, Any]) -> Source:
    try:
        return Source.model_validate({**table, "file": str(path)})
    except ValidationError as error:
        raise RegistryError("\n".join(f"{path}: {label}{line}" for line in _explain(error))) from None


def _explain(error: ValidationError) -> Iterator[str]:
    """A line a mistake: the key, what is wrong with it and what would be right."""
    for detail in error.errors():
        where = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            yield f"key {where}: {_unknown_key(detail['loc'])}"
        elif detail["type"] == "missing":
            yield f"key {where}: is missing"
        else:
            message = detail["msg"].removeprefix("Value error, ")
            yield f"key {where}: {message} (got {detail['input']!r:.80})" if where else message


def _unknown_key(location: Iterable[int | str]) -> str:
    *parents, name = location
    known = sorted((Selectors if parents else Source).model_fields)
    close = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(k for k in known if k != 'file')}"
    return f"no such key; {hint}"


def _check_successors(registry: dict[str, Source]) -> None:
    for source in registry.values():
        if source.successor is not None and source.successor not in registry:
            raise RegistryError(f"{source.file}: key successor: there is no source {source.successor!r}")


def _path_and_query(url: str) -> str:
    """Path and query of an absolute address, without the fragment."""
    rest = url.partition("#")[0].split("//", 1)[-1]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
