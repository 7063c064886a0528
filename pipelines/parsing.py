"""Archives → pages with what the parser made of them, stretch by stretch: here, or where an engine says.

A stretch (`Span`) is read, filtered and parsed by whoever takes it; what comes back is small. Archives
that cannot be cut, because they are not packed or packed in one piece, are one stretch and read here.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from chitieu.crawlers.archive import ArchivedPage, Damage, Position, RecordReader, begins_with_small_member
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source, SourcesByHost
from chitieu.crawlers.storage import file_size, is_remote
from chitieu.pipelines.article import Article
from chitieu.pipelines.engine import Engine, Pending, Pool, PoolBroken, TaskLost, in_order, processors
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.parse import NotArticle, parse_page

log = logging.getLogger(__name__)

Parsed = Article | NotArticle | None
"""None for what the crawler noted to be no article, and was not parsed."""

_UNPARSED = frozenset({"listing", "feed", "sitemap", "attachment"})
_PARALLEL_FROM = 4_000_000
"""Bytes of archives from which starting processes pays."""
_LOCAL_SPAN = 4 * 1024 * 1024
_REMOTE_SPAN = 32 * 1024 * 1024
"""Bytes of one stretch: a remote one costs a few journeys before its first byte."""
_SMALLEST = 64 * 1024
"""A stretch that ends its processes is halved down to this, so that what does it costs little else."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What pages are wanted of archives made by others, and what is known of their sources."""

    registry: Mapping[str, Source]
    _by_host: SourcesByHost = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_host", SourcesByHost(self.registry))

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages are wanted."""
        return self._by_host.hosts

    def wants(self, url: str, source: str | None) -> bool:
        """Whether a page is wanted: those of our own crawls, which note their source, always are."""
        return source is not None or self._by_host.of(url) is not None

    def source_of(self, page: StoredPage) -> Source | None:
        """The source that a page's crawl noted, or else the one that has its host."""
        return self.registry.get(page.source or "") or self._by_host.of(page.url, page.fetched.date())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one archive: from `start` (with `seek` from the first record after it) up to `stop`."""

    archive: str
    """Path or address."""
    name: str
    """What batches call the archive."""
    start: Position
    stop: int | None = None
    """None: the end of the archive, wherever that is."""
    seek: bool = False
    all_hosts: bool = False
    """Pages are wanted whatever their host."""
    here: bool = False
    """The archive cannot be cut: what it holds is too much to be sent back at once."""

    def halves(self, size: int) -> tuple[Span, Span] | None:
        """The same in two, None where that is not worth while; `size`: bytes of the archive."""
        middle = (self.start.offset + (size if self.stop is None else self.stop)) // 2
        if middle - self.start.offset < _SMALLEST:
            return None
        return replace(self, stop=middle), replace(self, start=Position(middle), seek=True)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page and what became of it. The page's body is there only where files are still to be read from it."""

    archived: ArchivedPage
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The archive cannot be read (further)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch that nobody can read and live."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class SpanEnd:
    """A stretch is read: records that were left out, by what they are, and where the next one begins."""

    skipped: Counter[str]
    position: Position | None
    """None where no record begins in the stretch."""


Outcome = ParsedPage | Damage | Unreadable | Lost | SpanEnd


def read_span(span: Span, scope: Scope) -> Iterator[Outcome]:
    """What a stretch holds, in order; `SpanEnd` comes last, except where it cannot be read to its end."""
    damages: deque[Damage] = deque()
    wanted = None if span.all_hosts else scope.wants
    reader = RecordReader(
        span.archive, start=span.start, seek=span.seek, stop=span.stop, wanted=wanted, on_damage=damages.append
    )
    try:
        for archived in reader:
            while damages:
                yield damages.popleft()
            yield _parse(archived, span.name, scope)
    except OSError as error:
        yield from damages
        yield Unreadable(error.strerror or str(error))
        return
    yield from damages
    yield SpanEnd(reader.skipped, None if span.seek and reader.position == span.start else reader.position)


class SpanReader:
    """Reads the stretches of archives in order. Use as a context manager.

    `size` is how many bytes are to come: for few of them no processes are started.
    """

    def __init__(self, scope: Scope, engine: Engine, size: int) -> None:
        self._scope = scope
        self._engine = engine
        self._parallel = engine.name == "dask" or (size >= _PARALLEL_FROM and (engine.workers or processors()) > 1)
        self._stack = ExitStack()
        self._pool: Pool | None = None
        self._told = False

    def __enter__(self) -> SpanReader:
        if self._parallel:
            self._pool = self._stack.enter_context(self._engine.pool(processors()))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def cut(self, archive: Span, size: int) -> Iterator[Span]:
        """The stretches of an archive of `size` bytes, given as one. Raises OSError."""
        start = archive.start
        length = _REMOTE_SPAN if is_remote(archive.archive) else _LOCAL_SPAN
        if self._pool is None or start.records or not begins_with_small_member(archive.archive, start.offset):
            yield replace(archive, here=True)
            return
        for offset in range(start.offset, size, length):
            stop = offset + length if offset + length < size else None
            yield replace(archive, start=Position(offset), stop=stop, seek=offset > start.offset)

    def read(self, spans: Iterable[Span]) -> Iterator[tuple[Span, Iterable[Outcome]]]:
        """Each stretch with what it holds, in order. Raises UserError where a cluster is lost."""
        if self._pool is None:
            yield from ((span, read_span(span, self._scope)) for span in spans)
            return
        tasks = (_Task(span, self._scope) for span in spans)
        for task, pending in in_order(_HereOr(self._pool), _read_task, tasks):
            yield task.span, self._outcomes(task.span, pending)

    def _outcomes(self, span: Span, pending: Pending[Iterable[Outcome]]) -> Iterable[Outcome]:
        try:
            return pending.result()
        except PoolBroken as error:
            if self._engine.name == "dask":
                raise UserError(f"the Dask cluster is gone ({error}); what was read is kept: run again to go on") from error
            if not self._told:
                log.warning("a process that parses pages was killed; the rest is parsed without it")
                self._told = True
            return read_span(span, self._scope)
        except TaskLost as error:
            return self._halved(span, str(error))

    def _halved(self, span: Span, reason: str) -> Iterator[Outcome]:
        """What can be had of a stretch whose reading ends the process that tries."""
        assert self._pool is not None
        halves = span.halves(file_size(span.archive))
        if halves is None:
            yield Lost(span, reason)
            return
        log.warning("%s, bytes %d to %s: %s; trying its halves", span.name, span.start.offset, span.stop or "the end", reason)
        for half in halves:
            yield from self._outcomes(half, self._pool.submit(_read_task, _Task(half, self._scope)))


@dataclass(frozen=True, slots=True)
class _Task:
    span: Span
    scope: Scope


def _read_task(task: _Task) -> Iterable[Outcome]:
    """What a process does for a stretch."""
    return list(read_span(task.span, task.scope))


@dataclass(frozen=True, slots=True)
class _Here:
    """A stretch that is read in this process, while its outcomes are taken."""

    task: _Task

    def result(self) -> Iterable[Outcome]:
        return read_span(self.task.span, self.task.scope)


@dataclass(frozen=True, slots=True)
class _HereOr:
    """The pool, for the stretches that can be handed to it."""

    pool: Pool

    @property
    def width(self) -> int:
        return self.pool.width

    def submit(self, function: Callable[[_Task], Iterable[Outcome]], task: _Task) -> Pending[Iterable[Outcome]]:
        return _Here(task) if task.span.here else self.pool.submit(function, task)


def _parse(archived: ArchivedPage, archive: str, scope: Scope) -> ParsedPage:
    page = replace(archived.page, archive=archive)
    parsed = None if archived.kind in _UNPARSED else parse_page(page, scope.source_of(page))
    is_file = isinstance(parsed, NotArticle) and parsed.reason == "document-file" and archived.kind == "article"
    if archived.kind != "attachment" and not is_file:
        page = replace(page, body=b"")
    return ParsedPage(replace(archived, page=page), parsed)
