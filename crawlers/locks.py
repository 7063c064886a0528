"""Locks on sources: a source, and each of its hosts, is crawled by one process at a time.

They are locks of the operating system: whatever ends a process, SIGKILL included, sets them free.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from chitieu.crawlers.ledger import is_locked, locks_folder
from chitieu.crawlers.sources import Source

_TRY_EVERY = 0.1


def is_crawled(data_dir: Path, source_id: str) -> bool:
    """Whether a source is being crawled into this data folder just now."""
    path = _path(data_dir, f"source-{source_id}")
    return path.exists() and is_locked(path)


@asynccontextmanager
async def crawling(
    data_dir: Path, sources: Sequence[Source], wait: float, give_up: Callable[[], bool]
) -> AsyncIterator[bool]:
    """Hold the locks of `sources`, and of their hosts, for the block; False: others have one of them.

    Waits for at most `wait` seconds, and no longer once `give_up` says so. Locks are taken in one
    order everywhere, so that two crawls never wait for each other.
    """
    locks_folder(data_dir).mkdir(parents=True, exist_ok=True)
    names = sorted({f"source-{source.id}" for source in sources} | {f"host-{host}" for source in sources for host in source.hosts})
    held: list[FileLock] = []
    until = time.monotonic() + wait
    try:
        for name in names:
            lock = FileLock(_path(data_dir, name))
            if not await _take(lock, until, give_up):
                yield False
                return
            held.append(lock)
        yield True
    finally:
        for lock in held:
            lock.release()


async def _take(lock: FileLock, until: float, give_up: Callable[[], bool]) -> bool:
    while True:
        try:
            lock.acquire(timeout=0)
            return True
        except Timeout:
            if give_up() or time.monotonic() >= until:
                return False
        await asyncio.sleep(_TRY_EVERY)


def _path(data_dir: Path, name: str) -> Path:
    return locks_folder(data_dir) / f"{name.replace(':', '_')}.lock"
