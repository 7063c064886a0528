"""Parsing many pages: here for a few, side by side in processes of their own for many."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from chitieu.crawlers.archive import ArchivedPage
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.pipelines.article import Article
from chitieu.pipelines.parse import NotArticle, parse_page

log = logging.getLogger(__name__)

Parsed = Article | NotArticle | None
"""None for what the crawler noted to be no article, and was not parsed."""

_PARALLEL_FROM = 4_000_000
"""Bytes of archives from which starting processes pays."""
_CHUNK = 8
"""Pages handed over at once."""
_WAITING = 6
"""Chunks under way for each process."""


class Parser:
    """Parses pages in order. Use as a context manager; `size` is how many bytes of archives are to come."""

    def __init__(self, registry: Mapping[str, Source], source_of: Callable[[StoredPage], Source | None], size: int) -> None:
        self._registry = dict(registry)
        self._source_of = source_of
        self._workers = min(os.cpu_count() or 1, 8) if size >= _PARALLEL_FROM else 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Parser:
        if self._workers > 1:
            self._pool = ProcessPoolExecutor(
                self._workers, multiprocessing.get_context("spawn"), initializer=_prepare, initargs=(self._registry,)
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def parse(self, pages: Iterable[ArchivedPage], skip: frozenset[str]) -> Iterator[tuple[ArchivedPage, Parsed]]:
        """Each page with what became of it, in order; kinds in `skip` are handed on as they are."""
        waiting: deque[tuple[list[ArchivedPage], Future[list[Parsed]] | None]] = deque()
        chunks = iter(pages)
        while chunk := list(islice(chunks, _CHUNK if self._pool else 1)):
            waiting.append((chunk, self._submit(chunk, skip)))
            if len(waiting) > (_WAITING * self._workers if self._pool else 0):
                yield from self._take(waiting, skip)
        while waiting:
            yield from self._take(waiting, skip)

    def _submit(self, chunk: list[ArchivedPage], skip: frozenset[str]) -> Future[list[Parsed]] | None:
        if self._pool is None:
            return None
        try:
            return self._pool.submit(_parse_chunk, [self._task(archived, skip) for archived in chunk])
        except BrokenProcessPool:
            return None

    def _take(
        self, waiting: deque[tuple[list[ArchivedPage], Future[list[Parsed]] | None]], skip: frozenset[str]
    ) -> Iterator[tuple[ArchivedPage, Parsed]]:
        chunk, future = waiting.popleft()
        try:
            found = future.result() if future is not None else None
        except BrokenProcessPool:
            log.warning("a process that parses pages was killed; the rest is parsed without it")
            self._pool = found = None
        if found is None:
            found = [_parse_one(*self._task(archived, skip), self._registry) for archived in chunk]
        yield from zip(chunk, found, strict=True)

    def _task(self, archived: ArchivedPage, skip: frozenset[str]) -> tuple[StoredPage | None, str | None]:
        if archived.kind in skip:
            return None, None
        source = self._source_of(archived.page)
        return archived.page, source.id if source else None


_known: dict[str, Source] = {}
"""The registry, in a process of the pool."""


def _prepare(registry: dict[str, Source]) -> None:
    """What a process of the pool does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends the pool
    _known.update(registry)


def _parse_chunk(tasks: list[tuple[StoredPage | None, str | None]]) -> list[Parsed]:
    return [_parse_one(page, source_id, _known) for page, source_id in tasks]


def _parse_one(page: StoredPage | None, source_id: str | None, registry: Mapping[str, Source]) -> Parsed:
    if page is None:
        return None
    return parse_page(page, registry[source_id] if source_id else None)
