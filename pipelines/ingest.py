"""Archives and given documents to articles.

What an archive was read up to is kept in the batch that holds what was read from it, so a killed
run takes up exactly where its last batch ended. An article is known by its id; a version of it by
its content: title, sapo, body and captions, while teasers of other articles may come and go.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypedDict

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from chitieu.crawlers.archive import ArchivedPage, Damage, Position
from chitieu.crawlers.locks import is_crawled
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import SeenPage
from chitieu.crawlers.storage import expand, file_size, is_remote, open_file
from chitieu.pipelines import batches
from chitieu.pipelines.article import Article, Zone
from chitieu.pipelines.attachments import Parent, parse_attachment
from chitieu.pipelines.documents import GivenDocument, Unreadable, is_json_lines, local_day, read_documents
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.parse import NotArticle
from chitieu.pipelines.parsing import Lost, Outcome, ParsedPage, Scope, Span, SpanEnd, SpanReader, read_span
from chitieu.pipelines.parsing import Unreadable as UnreadableArchive
from chitieu.pipelines.stage import OnProgress, StageRun, no_progress, stage_run
from chitieu.pipelines.store import Store

DOCUMENTS = "documents"
"""The source of given documents that name none."""

_BATCH = 256
_SAVE_SECONDS = 60.0
"""How far an archive was read is saved at least so often, also where it holds nothing that is wanted."""
_LISTINGS = frozenset({"listing", "feed", "sitemap"})
_NEVER_ARTICLES = frozenset({"redirect", "listing", "feed", "not-html", "error-page", "challenge", "document-file"})
"""What archives of others hold besides articles and is no failure; where our crawl took it for an article, it is one."""
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
    skipped: Counter[str] = field(default_factory=Counter)
    """Records of archives that hold no page that is wanted, by what they are: `request`, `other-host` …"""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why pages are no articles."""

    @property
    def counts(self) -> Mapping[str, int]:
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("failures", "skipped", "reasons")}

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


class _Reach(TypedDict, total=False):
    """Up to where an archive was read, as batches keep it."""

    size: int
    """Its size when it was read to its end; -1: it was not yet."""
    end: int
    within: int
    """Records after `end` that were read too."""
    hosts: str
    """Which hosts were wanted, where others were left out: a digest, or `all`."""


@dataclass(slots=True)
class _Ingest:
    """One run: what is known, what is read but not yet on disk."""

    store: Store
    folder: Path
    scope: Scope
    run: StageRun
    known: _Known
    report: IngestReport
    all_hosts: bool = False
    read_before: dict[str, _Reach] = field(init=False)
    hosts: str = field(init=False)
    """Digest of the hosts that are wanted."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    read_up_to: dict[str, _Reach] = field(default_factory=dict)
    new_aliases: dict[str, str] = field(default_factory=dict)
    parents: dict[str, Parent] = field(default_factory=dict)
    """By address: the latest entries of registers, which say what their files are."""
    saved: float = field(default_factory=time.monotonic)
    """When it was last put on disk, by the monotonic clock."""
    being_crawled: frozenset[str] = field(init=False)
    """Sources whose archives were being written when the run began."""

    def __post_init__(self) -> None:
        folders = self.store.warc.glob("*")
        self.being_crawled = frozenset(folder.name for folder in folders if is_crawled(self.store.root, folder.name))
        self.read_before = _read_before(self.folder)
        self.hosts = _digest(sorted(self.scope.hosts))

    def is_being_written(self, archive: str) -> bool:
        """Whether a crawl has been at work on an archive during this run."""
        source = Path(archive).parent.name
        return source in self.being_crawled or is_crawled(self.store.root, source)

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
            self.report.reasons[parsed.reason] += 1
            if parsed.reason != _REPEATS and (archived.kind in _WANTED or parsed.reason not in _NEVER_ARTICLES):
                self.run.fail(page.url, parsed.reason, parsed.detail, source=page.source)
            return
        if archived.cut:
            self.run.fail(page.url, "cut-short", f"its archive holds only the beginning ({archived.cut[:40]}), which was taken", source=parsed.source)
        article = _writable(parsed)
        content, row = _hashes(article)
        article = self._under_first_address(article, content)
        seen = article.fetched or page.fetched
        self._take(article, "page", self.known.judge_page(article.id, seen, content, row), seen, content, row)

    def _with_files(self, archived: ArchivedPage, parsed: Article | NotArticle | None) -> Article | NotArticle:
        """What the parser made of a page, or the reader of files of what is attached to one."""
        page, source = archived.page, self.scope.source_of(archived.page)
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

    def article(self, row: Mapping[str, Any]) -> None:
        """Take in an article of another store, as it stands in its batches."""
        article = _article_of(row)
        content, row_hash = _hashes(article)
        article = self._under_first_address(article, content)
        if row["origin"] == "document":
            self.report.documents += 1
            verdict = self.known.judge_document(article.id, content, row_hash)
        else:
            self.report.pages += 1
            verdict = self.known.judge_page(article.id, row["seen"], content, row_hash)
        self._take(article, row["origin"], verdict, row["seen"], content, row_hash)

    def reached(self, name: str, position: Position, size: int = -1) -> None:
        """Note up to where an archive is read; with `size`, that this is its end."""
        hosts = self.read_up_to.get(name, self.read_before.get(name, {})).get("hosts")
        self.read_up_to[name] = {"size": size, "end": position.offset, "within": position.records}
        if hosts:
            self.read_up_to[name]["hosts"] = hosts

    def start_of(self, name: str, size: int) -> Position | None:
        """Where to begin with an archive; None where it was read to its end."""
        known = self.read_before.get(name, {})
        if known.get("hosts") not in (None, "all", "all" if self.all_hosts else self.hosts):
            return Position()  # today other hosts are wanted
        if known.get("size") == size:
            return None
        return Position(known.get("end", 0), known.get("within", 0))

    def left_out(self, name: str, skipped: Counter[str], all_hosts: bool) -> None:
        """Count records of an archive that hold no wanted page, and note what was wanted where that mattered."""
        self.report.skipped += skipped
        if all_hosts or skipped["other-host"]:
            self.hosts_matter(name, all_hosts)

    def hosts_matter(self, name: str, all_hosts: bool) -> None:
        """Note which hosts are wanted of an archive made by others: with others it would give other pages."""
        reach: _Reach = self.read_up_to.setdefault(name, {"size": -1, **self.read_before.get(name, {})})
        reach["hosts"] = "all" if all_hosts else self.hosts

    def save_now_and_then(self) -> None:
        """Save where enough has come together."""
        if len(self.rows) >= _BATCH or (self.read_up_to and time.monotonic() - self.saved >= _SAVE_SECONDS):
            self.save()

    def save(self) -> None:
        """Put what was read so far on disk, with how far that is."""
        if self.rows or self.read_up_to or self.new_aliases:
            ledger = {"archives": self.read_up_to, "aliases": self.new_aliases}
            batches.write_batch(self.folder, self.rows, batches.ARTICLES, ledger)
        self.read_before |= self.read_up_to
        self.rows, self.read_up_to, self.new_aliases = [], {}, {}
        self.saved = time.monotonic()

    def _take(
        self, article: Article, origin: str, verdict: Verdict, seen: datetime, content: str, row_hash: str
    ) -> None:
        setattr(self.report, verdict, getattr(self.report, verdict) + 1)
        if verdict == "unchanged":
            return
        self.known.add(article.id, article.source, seen, content, row_hash)
        self.rows.append(_as_row(article, origin, seen, content, row_hash))

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
    paths: Sequence[Path | str] = (),
    *,
    redo: bool = False,
    all_hosts: bool = False,
    engine: Engine = Engine(),
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Read archives (of the crawl where no `paths` are given) and JSON Lines files into `articles/`.

    `paths` are WARC files, JSON Lines files, articles of another store (Parquet), folders of them, and
    addresses (of WARC and Parquet files) that fsspec reads. Of archives made by others only pages of the
    registry's hosts are taken, or with `all_hosts` all. What was read before is not read again; with
    `redo` every archive is parsed anew, as after a change of the parser or registry. Pages and lines
    that give no article become failures. Progress is counted in bytes.
    """
    if redo and paths:
        raise WrongCall("--redo parses every archive anew and takes no files; leave one of the two out")
    files = _input_files(paths) if paths else sorted(map(str, store.warc.rglob("*.warc.gz")))
    scope = Scope(registry)
    with stage_run(store, "ingest", reason="redo" if redo else "") as run:
        report = IngestReport()
        if redo:
            read_before = _read_before(store.articles)
            files = sorted({*files, *_archives_read_before(store, read_before)})
            with store.rebuilding_articles() as folder:
                kept = _rows_not_of(store, {store.archive_name(file) for file in files})
                batches.write_batch(folder, kept, batches.ARTICLES, {"aliases": _aliases(store.articles)})
                whole = frozenset(name for name, reach in read_before.items() if reach.get("hosts") == "all")
                _ingest_files(_Ingest(store, folder, scope, run, _read_known(folder), report), files, engine, on_progress, whole)
        else:
            work = _Ingest(store, store.articles, scope, run, _read_known(store.articles), report, all_hosts)
            _ingest_files(work, files, engine, on_progress)
        report.failures = run.failures
        run.counts |= report.counts | {f"skipped {reason}": count for reason, count in report.skipped.items()}
    return report


def ingest_again(
    store: Store, registry: Mapping[str, Source], pages: Iterable[SeenPage], *, on_progress: OnProgress = no_progress
) -> IngestReport:
    """Parse single pages of the archive again, as when parser or registry have been mended."""
    with stage_run(store, "ingest", reason="retry") as run:
        report = IngestReport()
        work = _Ingest(store, store.articles, Scope(registry), run, _read_known(store.articles), report)
        for page in pages:
            # Nothing but the record that begins there.
            span = Span(str(store.root / page.archive), page.archive, Position(page.offset), page.offset + 1, all_hosts=True)
            for outcome in read_span(span, work.scope):
                if isinstance(outcome, ParsedPage):
                    work.page(outcome.archived, outcome.parsed)
            on_progress(report.pages, None)
        work.save()
        report.failures = run.failures
        run.counts |= report.counts
    return report


@dataclass(slots=True)
class _Bar:
    """How far all files together are read, in bytes."""

    tell: OnProgress
    total: int
    before: dict[str, int]
    """Bytes of the files before each."""

    def at(self, name: str, offset: int) -> None:
        self.tell(self.before[name] + offset, self.total)


def _ingest_files(
    work: _Ingest, files: Sequence[str], engine: Engine, on_progress: OnProgress, all_hosts_in: Set[str] = frozenset()
) -> None:
    """Read files in order; archives in `all_hosts_in` whatever their hosts."""
    sizes = _sizes(work, files)
    starts, total = {}, 0
    for file, size in sizes.items():
        starts[work.store.archive_name(file)] = total
        total += size
    bar = _Bar(on_progress, total, starts)
    for kind, named in groupby(sizes, _kind):
        for file in named if kind != "archive" else ():
            bar.at(work.store.archive_name(file), 0)
            if kind == "documents":
                _ingest_documents(work, Path(file))
            else:
                _ingest_articles(work, file, sizes[file])
        if kind == "archive":
            archives = {file: size for file, size in sizes.items() if _kind(file) == kind}
            _ingest_archives(work, archives, engine, bar, all_hosts_in)
    work.save()
    on_progress(total, total)


def _kind(file: str) -> Literal["documents", "articles", "archive"]:
    if is_json_lines(Path(file)):
        return "documents"
    return "articles" if file.lower().endswith(".parquet") else "archive"


def _sizes(work: _Ingest, files: Iterable[str]) -> dict[str, int]:
    """The files that can be reached, each once, with their sizes."""
    sizes: dict[str, int] = {}
    for file in files:
        try:
            sizes[file] = file_size(file)
        except OSError as error:
            work.run.fail(file, "cannot-open", error.strerror or str(error))
    return sizes


def _ingest_documents(work: _Ingest, path: Path) -> None:
    for number, item in enumerate(read_documents([path]), 1):
        if isinstance(item, Unreadable):
            work.run.fail(item.where, item.cause, item.detail)
        else:
            work.document(item, f"{path}, document {number}")
        work.save_now_and_then()


def _ingest_articles(work: _Ingest, where: str, size: int) -> None:
    """Take in the articles of another store."""
    name = work.store.archive_name(where)
    try:
        with open_file(where) as file:
            parquet = pq.ParquetFile(pa.PythonFile(file, mode="r"))
            missing = sorted(set(batches.ARTICLES.names) - set(parquet.schema_arrow.names))
            if missing:
                work.run.fail(name, "no-articles", f"not articles as chitieu writes them: columns are missing ({', '.join(missing[:5])})")
                return
            for batch in parquet.iter_batches(_BATCH, columns=batches.ARTICLES.names):
                for row in batch.to_pylist():
                    work.article(row)
                work.save_now_and_then()
    except (OSError, pa.ArrowException) as error:
        work.run.fail(name, "cannot-open", str(error))


def _ingest_archives(
    work: _Ingest, archives: Mapping[str, int], engine: Engine, bar: _Bar, all_hosts_in: Set[str]
) -> None:
    """Read archives, given with their sizes, from where each was read to."""
    todo: list[tuple[Span, int]] = []
    for file, size in archives.items():
        name = work.store.archive_name(file)
        start = work.start_of(name, size)
        if start is not None:
            todo.append((Span(file, name, start, all_hosts=work.all_hosts or name in all_hosts_in), size))
    unread = sum(max(0, size - span.start.offset) for span, size in todo)
    sizes = {span.name: size for span, size in todo}
    broken: set[str] = set()
    with SpanReader(work.scope, engine, unread) as reader:
        for span, outcomes in reader.read(_cut(work, reader, todo)):
            if span.name not in broken and not _take_in(work, span, outcomes, sizes[span.name], bar):
                broken.add(span.name)


def _cut(work: _Ingest, reader: SpanReader, archives: Iterable[tuple[Span, int]]) -> Iterator[Span]:
    for archive, size in archives:
        try:
            yield from reader.cut(archive, size)
        except OSError as error:
            work.run.fail(archive.name, "cannot-open", error.strerror or str(error))


def _take_in(work: _Ingest, span: Span, outcomes: Iterable[Outcome], size: int, bar: _Bar) -> bool:
    """Take in what a stretch holds; False where its archive cannot be read further."""
    name = span.name
    for outcome in outcomes:
        match outcome:
            case ParsedPage():
                work.page(outcome.archived, outcome.parsed)
                work.reached(name, outcome.archived.after)
                if outcome.archived.page.source is None:
                    work.hosts_matter(name, span.all_hosts)
                bar.at(name, outcome.archived.end)
            case Damage(tail=True) if work.is_being_written(span.archive):
                pass  # a record of which only the beginning is there yet: it is read the next time
            case Damage():
                work.run.fail(f"{name}:{outcome.offset}", "damaged-archive", outcome.reason)
            case Lost():
                work.run.fail(f"{name}:{outcome.span.start.offset}", "ends-processes", outcome.reason)
            case UnreadableArchive():
                work.run.fail(name, "cannot-open", outcome.reason)
                return False
            case SpanEnd():
                work.left_out(name, outcome.skipped, span.all_hosts)
                if outcome.position is not None or span.stop is None:
                    work.reached(name, outcome.position or Position(size), -1 if span.stop is not None else size)
                bar.at(name, size if span.stop is None else span.stop)
        work.save_now_and_then()
    return True


def _input_files(paths: Sequence[Path | str]) -> list[str]:
    """The files that were named, folders and addresses with `*` opened; raises WrongCall for what is no input."""
    files: list[str] = []
    for given in paths:
        path = Path(given)
        if is_remote(given):
            files += _remote_files(str(given))
        elif path.is_dir():
            found = sorted(str(file) for file in path.rglob("*") if file.is_file() and _is_input(file.name))
            if not found:
                raise WrongCall(f"{path} holds no .warc, .warc.gz, .jsonl, .jsonl.gz or .parquet files")
            files += found
        elif not path.is_file():
            raise WrongCall(f"there is no file {path}")
        elif not _is_input(path.name):
            raise WrongCall(f"{path} is neither WARC (.warc, .warc.gz) nor JSON Lines (.jsonl, .jsonl.gz) nor articles (.parquet)")
        else:
            files.append(str(path))
    return files


def _remote_files(address: str) -> list[str]:
    """The files behind an address. Raises WrongCall where there are none that are read from afar."""
    try:
        found = expand(address)
    except OSError as error:
        raise WrongCall(str(error)) from error
    for file in found:
        if not _is_input(file) or is_json_lines(Path(file)):
            raise WrongCall(f"{file}: from afar only WARC (.warc, .warc.gz) and articles (.parquet) are read")
    if not found:
        raise WrongCall(f"{address} stands for no file")
    return found


def _is_input(name: str) -> bool:
    return is_json_lines(Path(name)) or name.lower().endswith((".warc", ".warc.gz", ".parquet"))


def _read_known(folder: Path) -> _Known:
    known = _Known(aliases=_aliases(folder))
    columns = ["article_id", "source", "seen", "content_hash", "row_hash"]
    for row in batches.read_batches(folder, columns):
        known.add(*(row[name] for name in columns))
    return known


def _aliases(folder: Path) -> dict[str, str]:
    return {alias: first for ledger in batches.ledgers(folder) for alias, first in ledger.get("aliases", {}).items()}


def _read_before(folder: Path) -> dict[str, _Reach]:
    """Up to where each archive was read."""
    archives: dict[str, _Reach] = {}
    for ledger in batches.ledgers(folder):
        archives |= ledger.get("archives", {})
    return archives


def _archives_read_before(store: Store, read_before: Iterable[str]) -> list[str]:
    files = [name if is_remote(name) else str(store.root / name) for name in read_before]
    for file in files:
        if not is_remote(file) and not Path(file).is_file():
            raise UserError(f"cannot parse anew: the archive {file} that articles were read from is gone")
    return files


def _rows_not_of(store: Store, archives: Set[str]) -> list[dict[str, Any]]:
    """The articles that cannot be read again from `archives`: given documents, and what came from another store."""
    return [row for row in batches.read_batches(store.articles) if row["origin"] == "document" or row["archive"] not in archives]


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


def _article_of(row: Mapping[str, Any]) -> Article:
    """The article of a row of a batch."""
    same = ("source", "url", "title", "sapo", "text", "published", "published_by", "modified", "author", "syndicated_from", "place", "archive", "offset")
    zones = tuple(Zone(zone["start"], zone["end"], zone["name"]) for zone in row["zones"])
    return Article(id=row["article_id"], zones=zones, tags=tuple(row["tags"]), **{name: row[name] for name in same})


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
