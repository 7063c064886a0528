"""How fast the crawl is, and how much memory it takes: `python -m chitieu.crawlers.bench [--help]`.

One local server with pages of real size; a bare Scrapy spider that only downloads them, and the crawl
that finds them by their links and stores each. Both are timed by the server, from its first to its
last request, so that the start of a process does not count; and by the processor time their processes
took, less that of a crawl of one page, which tells more on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from chitieu.crawlers.crawl import CrawlOptions, CrawlProgress, crawl
from chitieu.crawlers.sources import Source

LINKS_ON_A_PAGE = 300
PAGE_BYTES = 60_000
TURNS = 3
"""So many crawls are timed, each between two of the bare spider."""
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

    def __add__(self, other: Timing) -> Timing:
        return Timing(self.pages + other.pages, self.seconds + other.seconds)

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds if self.seconds else 0.0


def page(number: int, pages: int, size: int = PAGE_BYTES) -> bytes:
    """An article of about `size` bytes with `LINKS_ON_A_PAGE` links, the same for the same number."""
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
    while sum(map(len, paragraphs)) * 1.3 + len(head) + len(tail) < size:
        paragraphs.append(f"<p>{' '.join(chance.choices(WORDS, k=60)).capitalize()} {chance.random() * 100:.1f}%.</p>")
    return (head + "".join(paragraphs) + tail).encode()


@contextmanager
def server(pages: int, *, size: int = PAGE_BYTES) -> Iterator[tuple[str, Connection]]:
    """A server in a process of its own; gives its address and a pipe that tells of timings."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(pages, size, theirs), daemon=True)
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
    """Entry point: prints figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m chitieu.crawlers.bench", description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--memory", action="store_true", help="follow the crawl's memory over many small pages instead of its speed")
    asked = parser.parse_args()
    figures = memory(asked.pages, asked.concurrency) if asked.memory else speed(asked.pages, asked.concurrency)
    print(json.dumps(figures, indent=2))


def speed(pages: int, concurrency: int) -> dict[str, float]:
    """Crawl and bare spider in turns, and the whole way to parsed articles.

    Several times, the bare spider first and last: the machine may be busier at one time than at another.
    """
    bare, ours = Timing(0, 0.0), Timing(0, 0.0)
    bare_cpu = our_cpu = parse_cpu = parse_seconds = 0.0
    stored = 0
    with server(pages) as (address, pipe), tempfile.TemporaryDirectory() as folder:
        source, options = _source(address), CrawlOptions(concurrency=concurrency)
        start_of_bare = _cpu(lambda: _bare(address, 1, concurrency))
        start_of_ours = _cpu(lambda: crawl([source], Path(folder, "one"), options=options.model_copy(update={"max_pages": 1})))
        timing(pipe)
        for turn in range(TURNS + 1):
            bare_cpu += _cpu(lambda: _bare(address, pages, concurrency)) - start_of_bare
            bare += timing(pipe)
            if turn == TURNS:
                break
            data_dir = Path(folder, f"turn-{turn}")
            our_cpu += _cpu(lambda: crawl([source], data_dir, options=options)) - start_of_ours
            ours += timing(pipe)
            articles, seconds, cpu = _parse_all(data_dir, source)
            stored, parse_seconds, parse_cpu = stored + articles, parse_seconds + seconds, parse_cpu + cpu
    return {
        "pages": pages,
        "bytes_a_page": PAGE_BYTES,
        "links_a_page": LINKS_ON_A_PAGE,
        "concurrency": concurrency,
        "turns": TURNS,
        "stored": stored,
        "bare_pages_per_second": round(bare.rate, 1),
        "crawl_pages_per_second": round(ours.rate, 1),
        "ratio": round(ours.rate / bare.rate, 2),
        "fetched_to_parsed_pages_per_second": round(stored / (ours.seconds + parse_seconds), 1),
        "bare_cpu_ms_a_page": round(1000 * bare_cpu / bare.pages, 2),
        "crawl_cpu_ms_a_page": round(1000 * our_cpu / ours.pages, 2),
        "parse_cpu_ms_a_page": round(1000 * parse_cpu / stored, 2),
    }


def memory(pages: int, concurrency: int) -> dict[str, object]:
    """The crawling process's memory after each tenth of a crawl of many pages, in MB."""
    with server(pages, size=20_000) as (address, pipe), tempfile.TemporaryDirectory() as folder:
        steps: dict[int, float] = {}

        def on_progress(progress: CrawlProgress) -> None:
            step = progress.fetched * 10 // pages
            if step not in steps:
                steps[step] = _worker_megabytes()

        began = time.monotonic()
        report = crawl([_source(address)], Path(folder), options=CrawlOptions(concurrency=concurrency), on_progress=on_progress)
        seconds = time.monotonic() - began
    return {
        "stored": report.sources[0].articles,
        "pages_per_second": round(report.sources[0].articles / seconds, 1),
        "megabytes_by_pages": {step * pages // 10: round(size, 1) for step, size in sorted(steps.items())},
    }


def _worker_megabytes() -> float:
    """Resident memory of the crawling process, which is a child of this one."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            command = (status.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if int(fields["PPid"]) == os.getpid() and b"chitieu.crawlers.worker" in command:
            return int(fields["VmRSS"].split()[0]) / 1024
    return 0.0


def _source(address: str) -> Source:
    return Source(
        id="bench", name="bench", place="bench", kind="newspaper", hosts=address.removeprefix("http://"),
        start=f"{address}/bai/tinh-giao-chi-tieu-0.html", article="/bai/{slug}-{id}.html", evidence="made for the bench",
        delay=0, local=True, follow_articles=True,
    )  # fmt: skip


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time that the children started by `work` took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bare(address: str, pages: int, concurrency: int) -> None:
    subprocess.run([sys.executable, "-c", BARE_SPIDER, address, str(pages), str(concurrency)], check=True)


def _parse_all(data_dir: Path, source: Source) -> tuple[int, float, float]:
    """How many articles an ingest made of the archive, in how many seconds, and of how much processor time."""
    # Only the bench looks beyond the crawl: what the crawl itself does must not need the later stages.
    from chitieu.pipelines.ingest import ingest
    from chitieu.pipelines.store import Store

    began, own = time.monotonic(), time.process_time()
    reports = []
    children = _cpu(lambda: reports.append(ingest(Store(data_dir), {source.id: source})))
    return reports[0].new, time.monotonic() - began, children + time.process_time() - own


def _serve(pages: int, size: int, pipe: Connection) -> None:
    asyncio.run(_Server(pages, size, pipe).run())


class _Server:
    """As little of a server as will do: it must not be what is measured."""

    def __init__(self, pages: int, size: int, pipe: Connection) -> None:
        self._count, self._size = pages, size
        # Made beforehand, so that making them is not timed; many pages would take too much memory.
        self._pages = [page(number, pages, size) for number in range(pages)] if pages <= 5000 else []
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
                    body = self._pages[number] if self._pages else page(number, self._count, self._size)
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
