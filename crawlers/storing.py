"""Writes pages to the archive off the crawl's own thread.

Packing and waiting for the disk release the interpreter, so the crawl goes on meanwhile. Whatever has
piled up is written together and synced once; only then do its pages count as stored.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from dataclasses import dataclass

from chitieu.crawlers.archive import ArchiveWriter, Location
from chitieu.crawlers.page import StoredPage


@dataclass(slots=True)
class _Order:
    writer: ArchiveWriter
    page: StoredPage
    kind: str
    parent: str
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Location]


class StoringThread:
    """One thread that serves the archives of all sources of a crawl."""

    def __init__(self) -> None:
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="storing", daemon=True)
        self._thread.start()

    async def store(self, writer: ArchiveWriter, page: StoredPage, kind: str, parent: str = "") -> Location:
        """Write a page and wait until it is on the disk. Raises OSError where that fails."""
        loop = asyncio.get_running_loop()
        order = _Order(writer, page, kind, parent, loop, loop.create_future())
        self._orders.put(order)
        return await order.done

    def close(self) -> None:
        """Finish what was ordered and end the thread."""
        self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            batch = [order]
            last = False
            while not self._orders.empty():
                more = self._orders.get()
                if more is None:
                    last = True
                    break
                batch.append(more)
            self._write(batch)
            if last:
                return

    def _write(self, batch: list[_Order]) -> None:
        results: list[tuple[_Order, Location | OSError]] = []
        for order in batch:
            try:
                results.append((order, order.writer.write(order.page, order.kind, order.parent)))
            except OSError as error:
                results.append((order, error))
        try:
            for writer in {id(order.writer): order.writer for order in batch}.values():
                writer.sync()
        except OSError as error:
            results = [(order, error) for order in batch]
        for order, result in results:
            order.loop.call_soon_threadsafe(_settle, order.done, result)


def _settle(future: asyncio.Future[Location], result: Location | OSError) -> None:
    if future.cancelled():
        return
    if isinstance(result, OSError):
        future.set_exception(result)
    else:
        future.set_result(result)
