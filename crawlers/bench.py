"""How fast the crawl is: `python -m chitieu.crawlers.bench [PAGES] [CONCURRENCY]`.

One local server with pages of real size; a bare Scrapy spider that only downloads them, and the crawl
that finds them by their links and stores each. Both are timed by the server, from its first to its
last request, so that the start of a process does not count.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from chitieu.crawlers.archive import read_records
from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.sources import Source

LINKS_ON_A_PAGE = 300
PAGE_BYTES = 60_000
WORDS = "giải ngân vốn đầu tư công tỉnh giao chỉ tiêu năm đạt tỷ đồng kế hoạch xã huyện sở ngành tăng so cùng kỳ".split()

BARE_SPIDER = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"

    async def start(self):
        for number in range(int(sys.argv[2])):
            yield scrapy.Request(f"{sys.argv[1]}/bai/tinh-giao-chi-tieu-{number}.html")

    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "CONCURRENT_REQUESTS": int(sys.argv[3]), "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[3]), "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """What the server saw of one crawl."""

    pages: int
    seconds: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds if self.seconds else 0.0


def page(number: int, pages: int) -> bytes:
    """An article of about `PAGE_BYTES` with `LINKS_ON_A_PAGE` links, the same for the same number."""
    chance = random.Random(number)
    menu = [f'<li><a href="/muc-{n}">Mục {n}</a></li>' for n in range(LINKS_ON_A_PAGE // 3)]
    # The next ones lead through all pages; the others are teasers of any page, as on real sites.
    targets = [number + 1 + n for n in range(10)]
    targets += [chance.randrange(pages) for _ in range(LINKS_ON_A_PAGE - len(menu) - len(targets))]
    teasers = [
        f'<div class="tin"><h3><a title="bài {n}" href="/bai/tinh-giao-chi-tieu-{n % pages}.html?utm_source=lien-quan">'
        f"{' '.join(chance.choices(WORDS, k=9))}</a></h3></div>"
        for n in targets
    ]
    head = (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>Bài {number}</title>"
        '<meta property="article:published_time" content="2025-03-05T08:00:00+07:00"></head><body>'
        f"<ul>{''.join(menu)}</ul><article><h1>Tỉnh giao chỉ tiêu số {number}</h1>"
    )
    tail = f"</article><aside>{''.join(teasers)}</aside></body></html>"
    paragraphs = []
    while sum(map(len, paragraphs)) * 1.3 + len(head) + len(tail) < PAGE_BYTES:
        paragraphs.append(f"<p>{' '.join(chance.choices(WORDS, k=60)).capitalize()} {chance.random() * 100:.1f}%.</p>")
    return (head + "".join(paragraphs) + tail).encode()


@contextmanager
def server(pages: int) -> Iterator[tuple[str, Connection]]:
    """A server in a process of its own; gives its address and a pipe that tells of timings."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(pages, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}", ours
    finally:
        process.terminate()
        process.join()


def timing(pipe: Connection) -> Timing:
    """What the server saw since the last time it was asked."""
    pipe.send("timing")
    return Timing(*pipe.recv())


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    concurrency = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with server(pages) as (address, pipe), tempfile.TemporaryDirectory() as folder:
        before = _bare(address, pages, concurrency, pipe)
        source = Source(
            id="bench", name="bench", place="bench", kind="newspaper", hosts=address.removeprefix("http://"),
            start=f"{address}/bai/tinh-giao-chi-tieu-0.html", article="/bai/{slug}-{id}.html", evidence="made for the bench",
            delay=0, local=True, follow_articles=True,
        )  # fmt: skip
        report = crawl([source], Path(folder), options=CrawlOptions(concurrency=concurrency))
        ours = timing(pipe)
        # Before and after, for the machine may be busier at one time than at another.
        after = _bare(address, pages, concurrency, pipe)
        bare = Timing(before.pages + after.pages, before.seconds + after.seconds)
        stored, parse_seconds = _parse_all(Path(folder), source)
    whole = stored / (ours.seconds + parse_seconds)
    figures = {
        "pages": pages,
        "bytes_a_page": report.sources[0].bytes // max(1, report.sources[0].requests),
        "links_a_page": LINKS_ON_A_PAGE,
        "concurrency": concurrency,
        "stored": stored,
        "bare_pages_per_second": round(bare.rate, 1),
        "crawl_pages_per_second": round(ours.rate, 1),
        "ratio": round(ours.rate / bare.rate, 2),
        "fetched_to_parsed_pages_per_second": round(whole, 1),
    }
    print(json.dumps(figures, indent=2))


def _bare(address: str, pages: int, concurrency: int, pipe: Connection) -> Timing:
    subprocess.run([sys.executable, "-c", BARE_SPIDER, address, str(pages), str(concurrency)], check=True)
    return timing(pipe)


def _parse_all(data_dir: Path, source: Source) -> tuple[int, float]:
    """How many articles the archive holds, and how long it takes to read and parse them."""
    # Only the bench looks beyond the crawl: what the crawl itself does must not need the later stages.
    from chitieu.pipelines.parse import parse_page

    began = time.monotonic()
    count = 0
    for path in sorted(data_dir.glob("warc/*/*.warc.gz")):
        for record in read_records(path):
            parse_page(record.page, source)
            count += record.kind == "article"
    return count, time.monotonic() - began


def _serve(pages: int, pipe: Connection) -> None:
    asyncio.run(_Server(pages, pipe).run())


class _Server:
    """As little of a server as will do: it must not be what is measured."""

    def __init__(self, pages: int, pipe: Connection) -> None:
        self._pages = [page(number, pages) for number in range(pages)]
        self._pipe = pipe
        self._times: list[float] = []

    async def run(self) -> None:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._tell)
        self._pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    def _tell(self) -> None:
        self._pipe.recv()
        seconds = self._times[-1] - self._times[0] if self._times else 0.0
        self._pipe.send((len(self._times), seconds))
        self._times.clear()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].partition(b"?")[0]
                if path.startswith(b"/bai/"):
                    self._times.append(time.monotonic())
                    number = int(path.rpartition(b"-")[2].removesuffix(b".html"))
                    body = self._pages[number]
                else:
                    body = b""
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


if __name__ == "__main__":
    main()
