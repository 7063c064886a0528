"""Archives and given documents to articles.

What an archive was read up to is kept in the batch that holds what was read from it, so a killed
run takes up exactly where its last batch ended. An article is known by its id; a version of it by
its content: title, sapo, body and captions, while teasers of other articles may come and go.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import duckdb

from chitieu.crawlers.archive import ArchivedPage, Damage, read_records
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.pipelines import batches
from chitieu.pipelines.article import Article
from chitieu.pipelines.attachments import Parent, parse_attachment
from chitieu.pipelines.documents import GivenDocument, Unreadable, is_json_lines, local_day, read_documents
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.parse import NotArticle
from chitieu.pipelines.parsing import Parser
from chitieu.pipelines.stage import OnProgress, StageRun, no_progress, stage_run
from chitieu.pipelines.store import Store

DOCUMENTS = "documents"
"""The source of given documents that name none."""

_BATCH = 256
_LISTINGS = frozenset({"listing", "feed", "sitemap"})
_UNPARSED = _LISTINGS | {"attachment"}
_NEVER_ARTICLES = frozenset({"redirect", "listing", "feed", "not-html"})
"""What archives hold besides articles and is no failure, unless the crawler took it for an article."""
_WANTED = frozenset({"article", "attachment"})
_PARENTS = 2000
"""Entries of registers that are remembered; their files follow them closely."""
_REPEATS = "says-the-same"
"""A file that only repeats its page is neither an article nor a failure."""
_OWN_ZONES = frozenset({"title", "sapo", "body", "caption"})
_TOO_SHORT_TO_TELL = 200
"""Texts shorter than this are never taken for the same article under another address."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Verdict = Literal["new", "version", "updated", "unchanged"]


@dataclass(slots=True)
class IngestReport:
    """What an ingest did with the pages and documents it read."""

    pages: int = 0
    documents: int = 0
    new: int = 0
    version: int = 0
    updated: int = 0
    unchanged: int = 0
    no_article: int = 0
    """Pages that are no article, as listings are; broken ones count as failures besides."""
    failures: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "failures"}

    @property
    def read(self) -> int:
        return self.pages + self.documents


@dataclass(slots=True)
class _Known:
    """The versions of articles in the store: enough to tell what is new about the next one."""

    versions: dict[str, list[tuple[datetime, str, str]]] = field(default_factory=dict)
    """By article: when seen, content hash, row hash; sorted."""
    sources: dict[str, str] = field(default_factory=dict)
    contents: dict[tuple[str, str], str] = field(default_factory=dict)
    """(source, content hash) to the article that was first seen with it."""
    aliases: dict[str, str] = field(default_factory=dict)

    def add(self, article_id: str, source: str, seen: datetime, content: str, row: str) -> None:
        insort(self.versions.setdefault(article_id, []), (seen, content, row))
        self.sources.setdefault(article_id, source)
        self.contents.setdefault((source, content), article_id)

    def judge_page(self, article_id: str, seen: datetime, content: str, row: str) -> Verdict:
        """Compare with what the article was just before and after `seen`: archives may come late."""
        versions = self.versions.get(article_id)
        if not versions:
            return "new"
        place = bisect_right(versions, seen, key=lambda version: version[0])
        around = versions[max(place - 1, 0) : place + 1]
        if any((content, row) == version[1:] for version in around):
            return "unchanged"
        return "updated" if any(content == version[1] for version in around) else "version"

    def judge_document(self, article_id: str, content: str, row: str) -> Verdict:
        """Given documents carry no time of fetching: what was ever given is not new again."""
        versions = self.versions.get(article_id)
        if not versions:
            return "new"
        if any((content, row) == version[1:] for version in versions):
            return "unchanged"
        return "updated" if content == versions[-1][1] else "version"


@dataclass(slots=True)
class _Ingest:
    """One run: what is known, what is read but not yet on disk."""

    store: Store
    folder: Path
    registry: Mapping[str, Source]
    run: StageRun
    known: _Known
    report: IngestReport
    read_before: dict[str, dict[str, int]] = field(init=False)
    rows: list[dict[str, Any]] = field(default_factory=list)
    read_up_to: dict[str, dict[str, int]] = field(default_factory=dict)
    new_aliases: dict[str, str] = field(default_factory=dict)
    parents: dict[str, Parent] = field(default_factory=dict)
    """By address: the latest entries of registers, which say what their files are."""

    def __post_init__(self) -> None:
        self.read_before = _read_before(self.folder)

    def page(self, archived: ArchivedPage, parsed: Article | NotArticle | None) -> None:
        """Take in one page, with what the parser made of it (None where it was not asked)."""
        page = archived.page
        self.report.pages += 1
        if archived.kind in _LISTINGS:
            self.report.no_article += 1
            return
        parsed = self._with_files(archived, parsed)
        if isinstance(parsed, NotArticle):
            self.report.no_article += 1
            if parsed.reason != _REPEATS and (archived.kind in _WANTED or parsed.reason not in _NEVER_ARTICLES):
                self.run.fail(page.url, parsed.reason, parsed.detail, source=page.source)
            return
        article = _writable(parsed)
        content, row = _hashes(article)
        article = self._under_first_address(article, content)
        seen = article.fetched or page.fetched
        self._take(article, "page", self.known.judge_page(article.id, seen, content, row), seen, content, row)

    def _with_files(self, archived: ArchivedPage, parsed: Article | NotArticle | None) -> Article | NotArticle:
        """What the parser made of a page, or the reader of files of what is attached to one."""
        page, source = archived.page, self.source_of(archived.page)
        if parsed is not None:
            if source is not None and source.kind == "documents" and isinstance(parsed, Article):
                self._remember(page.url, Parent(parsed.title, parsed.published, parsed.published_by, parsed.text))
            # Some registers lead to the files themselves.
            if not (isinstance(parsed, NotArticle) and parsed.reason == "document-file" and archived.kind == "article"):
                return parsed
        found, rest = parse_attachment(page, source, self._parent_of(archived))
        if rest is not None:
            self.run.fail(page.url, rest.reason, rest.detail, source=page.source)
        return found

    def _parent_of(self, archived: ArchivedPage) -> Parent | None:
        """The page a file is attached to: read just now, or in an earlier run."""
        if archived.parent is None:
            return None
        parent = self.parents.get(archived.parent)
        return parent if parent is not None else self._stored_parent(archived.parent)

    def _stored_parent(self, url: str) -> Parent | None:
        files = [str(path) for path in batches.batches(self.folder)]
        if not files:
            return None
        query = (
            "SELECT title, published, published_by, text FROM read_parquet(?) WHERE origin = 'page' AND url = ? "
            "ORDER BY seen DESC LIMIT 1"
        )
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            row = con.execute(query, [files, url]).fetchone()
        return Parent(*row) if row else None

    def _remember(self, url: str, parent: Parent) -> None:
        while len(self.parents) >= _PARENTS:
            self.parents.pop(next(iter(self.parents)))
        self.parents[url] = parent

    def document(self, given: GivenDocument, where: str) -> None:
        self.report.documents += 1
        article = _given_article(given)
        held = self.known.sources.get(article.id, article.source)
        if held != article.source:
            detail = f"id {article.id!r} is already an article of source {held!r}; give the document another id"
            self.run.fail(where, "id-taken", detail, source=article.source)
            return
        content, row = _hashes(article)
        verdict = self.known.judge_document(article.id, content, row)
        self._take(article, "document", verdict, datetime.now(timezone.utc), content, row)

    def save(self) -> None:
        """Put what was read so far on disk, with how far that is."""
        if self.rows or self.read_up_to or self.new_aliases:
            ledger = {"archives": self.read_up_to, "aliases": self.new_aliases}
            batches.write_batch(self.folder, self.rows, batches.ARTICLES, ledger)
        self.rows, self.read_up_to, self.new_aliases = [], {}, {}

    def _take(
        self, article: Article, origin: str, verdict: Verdict, seen: datetime, content: str, row_hash: str
    ) -> None:
        setattr(self.report, verdict, getattr(self.report, verdict) + 1)
        if verdict == "unchanged":
            return
        self.known.add(article.id, article.source, seen, content, row_hash)
        self.rows.append(_as_row(article, origin, seen, content, row_hash))

    def source_of(self, page: StoredPage) -> Source | None:
        if page.source in self.registry:
            return self.registry[page.source]
        return next((source for source in self.registry.values() if source.owns(page.url)), None)

    def _under_first_address(self, article: Article, content: str) -> Article:
        """The article under the id it was first seen with, where this is the same one again."""
        first = self.known.aliases.get(article.id)
        if first is None and article.id not in self.known.versions and len(article.text) >= _TOO_SHORT_TO_TELL:
            first = self.known.contents.get((article.source, content))
            if first is not None:
                self.known.aliases[article.id] = self.new_aliases[article.id] = first
        return replace(article, id=first) if first else article


def ingest(
    store: Store,
    registry: Mapping[str, Source],
    paths: Sequence[Path] = (),
    *,
    redo: bool = False,
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Read archives (of the crawl where no `paths` are given) and JSON Lines files into `articles/`.

    `paths` are WARC files, JSON Lines files and folders of them. What was read before is not read
    again; with `redo` every archive is parsed anew, as after a change of the parser or registry.
    Pages and lines that give no article become failures. Progress is counted in bytes.
    """
    if redo and paths:
        raise WrongCall("--redo parses every archive anew and takes no files; leave one of the two out")
    files = _input_files(paths) if paths else sorted(store.warc.rglob("*.warc.gz"))
    with stage_run(store, "ingest", reason="redo" if redo else "") as run:
        report = IngestReport()
        if redo:
            files = sorted({*files, *_archives_read_before(store)})
            with store.rebuilding_articles() as folder:
                batches.write_batch(folder, _given_rows(store), batches.ARTICLES, {"aliases": _aliases(store.articles)})
                _ingest_files(_Ingest(store, folder, registry, run, _read_known(folder), report), files, on_progress)
        else:
            ingest_run = _Ingest(store, store.articles, registry, run, _read_known(store.articles), report)
            _ingest_files(ingest_run, files, on_progress)
        report.failures = run.failures
        run.counts |= report.counts
    return report


def _ingest_files(work: _Ingest, files: Sequence[Path], on_progress: OnProgress) -> None:
    sizes = [path.stat().st_size for path in files]
    unread = sum(max(0, size - work.read_before.get(work.store.archive_name(path), {"end": 0})["end"]) for path, size in zip(files, sizes, strict=True))
    before = 0
    with Parser(work.registry, work.source_of, unread) as parser:
        for path, size in zip(files, sizes, strict=True):
            on_progress(before, sum(sizes))
            if is_json_lines(path):
                _ingest_documents(work, path)
            else:
                _ingest_archive(work, parser, path, size, lambda offset, before=before: on_progress(before + offset, sum(sizes)))
            before += size
    work.save()
    on_progress(before, sum(sizes))


def _ingest_documents(work: _Ingest, path: Path) -> None:
    for number, item in enumerate(read_documents([path]), 1):
        if isinstance(item, Unreadable):
            work.run.fail(item.where, item.cause, item.detail)
        else:
            work.document(item, f"{path}, document {number}")
        if len(work.rows) >= _BATCH:
            work.save()


def _ingest_archive(work: _Ingest, parser: Parser, path: Path, size: int, on_offset: Callable[[int], None]) -> None:
    name = work.store.archive_name(path)
    known = work.read_before.get(name, {"size": -1, "end": 0})
    if known["size"] == size:
        return

    def damaged(damage: Damage) -> None:
        work.run.fail(f"{name}:{damage.offset}", "damaged-archive", damage.reason)

    end = known["end"]
    try:
        records = read_records(path, start=end, on_damage=damaged)
        named = (replace(archived, page=replace(archived.page, archive=name)) for archived in records)
        for archived, parsed in parser.parse(named, _UNPARSED):
            end = archived.end
            work.page(archived, parsed)
            if path.name.lower().endswith(".gz"):  # only there a record begins where the last one ends
                work.read_up_to[name] = {"size": -1, "end": end}
            on_offset(end)
            if len(work.rows) >= _BATCH:
                work.save()
    except OSError as error:
        work.run.fail(str(path), "cannot-open", error.strerror or str(error))
    else:
        work.read_up_to[name] = {"size": size, "end": end}


def _input_files(paths: Sequence[Path]) -> list[Path]:
    """The files that were named, folders opened; raises WrongCall for what is no input."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.is_file() and _is_input(file))
            if not found:
                raise WrongCall(f"{path} holds no .warc, .warc.gz, .jsonl or .jsonl.gz files")
            files += found
        elif not path.is_file():
            raise WrongCall(f"there is no file {path}")
        elif not _is_input(path):
            raise WrongCall(f"{path} is neither WARC (.warc, .warc.gz) nor JSON Lines (.jsonl, .jsonl.gz)")
        else:
            files.append(path)
    return files


def _is_input(path: Path) -> bool:
    return is_json_lines(path) or path.name.lower().endswith((".warc", ".warc.gz"))


def _read_known(folder: Path) -> _Known:
    known = _Known(aliases=_aliases(folder))
    columns = ["article_id", "source", "seen", "content_hash", "row_hash"]
    for row in batches.read_batches(folder, columns):
        known.add(*(row[name] for name in columns))
    return known


def _aliases(folder: Path) -> dict[str, str]:
    return {alias: first for ledger in batches.ledgers(folder) for alias, first in ledger.get("aliases", {}).items()}


def _read_before(folder: Path) -> dict[str, dict[str, int]]:
    """Up to where each archive was read: its size then (-1: not yet whole) and where the last page ended."""
    archives: dict[str, dict[str, int]] = {}
    for ledger in batches.ledgers(folder):
        archives |= ledger.get("archives", {})
    return archives


def _archives_read_before(store: Store) -> list[Path]:
    paths = [store.root / name for name in _read_before(store.articles)]
    for path in paths:
        if not path.is_file():
            raise UserError(f"cannot parse anew: the archive {path} that articles were read from is gone")
    return paths


def _given_rows(store: Store) -> list[dict[str, Any]]:
    return [row for row in batches.read_batches(store.articles) if row["origin"] == "document"]


def _given_article(given: GivenDocument) -> Article:
    return Article(
        id=given.id,
        source=given.source or DOCUMENTS,
        url=given.url,
        title=given.title,
        sapo=None,
        text=given.text,
        zones=(),
        published=given.published_time,
        published_by="given" if given.published else None,
        place=given.place,
    )


def _hashes(article: Article) -> tuple[str, str]:
    """Digests of what the article says, and of that together with what is known of it.

    The address is left out (an article may have several), and so is the time of the last change,
    which some sites set anew with every answer.
    """
    own = [article.text[zone.start : zone.end] for zone in article.zones if zone.name in _OWN_ZONES]
    content = _digest(article.title, *(own or [article.text]))
    day = article.published and article.published.isoformat()
    about = [article.sapo, day, article.author, *article.tags, article.syndicated_from, article.place]
    return content, _digest(content, *about)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, default=str).encode()).hexdigest()


def _as_row(article: Article, origin: str, seen: datetime, content: str, row_hash: str) -> dict[str, Any]:
    zones = [{"start": zone.start, "end": zone.end, "name": zone.name} for zone in article.zones]
    day = local_day(article.published)
    return {
        "article_id": article.id,
        "source": article.source,
        "origin": origin,
        "url": article.url,
        "title": article.title,
        "sapo": article.sapo,
        "text": article.text,
        "zones": zones,
        "published": article.published,
        "published_by": article.published_by,
        "modified": article.modified,
        "author": article.author,
        "tags": list(article.tags),
        "syndicated_from": article.syndicated_from,
        "place": article.place,
        "seen": seen,
        "ingested": datetime.now(timezone.utc),
        "archive": article.archive,
        "offset": article.offset,
        "content_hash": content,
        "row_hash": row_hash,
        "input_hash": _digest(article.id, article.title, article.text, zones, day, article.place),
    }


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _writable(article: Article) -> Article:
    """The article without halves of surrogate pairs, which pages can spell and no file can hold.

    Each becomes one replacement character, so that offsets stay.
    """
    changed = {
        name: _LONE_SURROGATE.sub("\ufffd", value)
        for name in ("url", "title", "sapo", "text", "author", "syndicated_from")
        if (value := getattr(article, name)) and not _encodes(value)
    }
    if not changed and all(map(_encodes, article.tags)):
        return article
    return replace(article, **changed, tags=tuple(_LONE_SURROGATE.sub("\ufffd", tag) for tag in article.tags))
