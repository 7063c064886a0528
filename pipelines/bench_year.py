"""What a year of all provinces needs: each stage measured on this machine, and extrapolated openly.

    python -m chitieu.pipelines.bench_year [--newspaper 80] [--portal 15] [--page-kb 20]

The crawl is measured on pages of 60 kB with 300 links, served on this machine; ingest, extraction and
load on the sample articles, and again on copies of them with words and addresses of their own: the
difference counts, so that starting up does not. How many articles a source publishes in a day and how
much a packed page takes cannot be measured here: they are assumptions, and options.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chitieu.crawlers.archive import ArchivedPage, ArchiveWriter, RecordReader, read_records
from chitieu.crawlers.bench import LINKS_ON_A_PAGE, PAGE_BYTES, speed
from chitieu.crawlers.crawl import crawl
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source, load_registry
from chitieu.pipelines import screen
from chitieu.pipelines.batches import read_batches
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store

_COPIES = 12
_CRAWLED = 300
_DAYS = 365
_LISTINGS = 0.2
"""Listings, feeds and pages asked for again, beside each article."""
_STAGES = ("crawl", "ingest", "extract", "load")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one article costs: milliseconds of processor time by stage, and bytes on disk by what they are."""

    cpu_ms: Mapping[str, float]
    disk: Mapping[str, float]
    characters: float
    """Of an article of the sample."""
    reading: float
    """Megabytes of packed archives that one process reads in a second where nothing in them is wanted."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What cannot be measured here."""

    newspapers: int
    portals: int
    newspaper_articles: float
    """Articles of a newspaper in a day."""
    portal_articles: float
    page_kb: float
    """Kilobytes of a packed page."""

    @property
    def articles(self) -> int:
        """Articles of a year."""
        return round(_DAYS * (self.newspapers * self.newspaper_articles + self.portals * self.portal_articles))

    @property
    def pages(self) -> int:
        """Pages that are fetched for them."""
        return round(self.articles * (1 + _LISTINGS))


def measure(folder: Path, copies: int = _COPIES, crawled: int = _CRAWLED) -> Measured:
    """Measure each stage on this machine, in files under `folder`."""
    crawl_ms = speed(crawled, 8)["crawl_cpu_ms_a_page"] * (1 + _LISTINGS)
    registry, pages = _sample(folder)
    # What a process loads and keeps is loaded before anything is measured.
    _stages(folder / "first", registry, _copied(pages, 1))
    once, articles, _ = _stages(folder / "once", registry, _copied(pages, 1))
    often, more, archive = _stages(folder / "often", registry, _copied(pages, 1 + copies))
    cpu = {stage: 1000 * (often[stage] - once[stage]) / (more - articles) for stage in often}
    store = Store(folder / "once")
    disk = {"articles": _size(store.articles) / articles, "records": _size(store.records) / articles}
    # A database takes room before it holds anything.
    disk["warehouse"] = (_size(Store(folder / "often").warehouse) - _size(store.warehouse)) / (more - articles)
    characters = sum(len(row["text"]) for row in read_batches(store.articles, ["text"])) / articles
    return Measured({"crawl": crawl_ms} | cpu, disk, characters, _reading(archive))


def _sample(folder: Path) -> tuple[dict[str, Source], list[ArchivedPage]]:
    """The registry of the sample portals, and the pages of their articles as a crawl stores them."""
    with SampleSite() as site:
        site.write_registry(folder / "registry")
        registry = {entry["id"]: load_registry(folder / "registry")[entry["id"]] for entry in site.sources()}
        crawl(list(registry.values()), folder / "crawled")
    archives = sorted((folder / "crawled" / "warc").rglob("*.warc.gz"))
    return registry, [page for path in archives for page in read_records(path) if page.kind == "article"]


def _copied(pages: Iterable[ArchivedPage], copies: int) -> list[StoredPage]:
    """Each page so many times, each copy an article of its own: the same words elsewhere are an article that moved."""
    return [
        replace(page.page, url=f"{page.page.url}?ban={number}", body=_marked(page.page, number)) for number in range(copies) for page in pages
    ]


def _marked(page: StoredPage, number: int) -> bytes:
    """The page with a word of the copy's own at the end of each paragraph, and without an address that all copies name."""
    word = b" ban " + b"x" * (number + 1)
    return re.sub(rb"(</h1>|</title>|</p>|<br)", word + rb"\1", page.body.replace(b'rel="canonical"', b""), flags=re.IGNORECASE)


def _stages(folder: Path, registry: Mapping[str, Source], pages: Iterable[StoredPage]) -> tuple[dict[str, float], int, Path]:
    """Seconds of processor time of each stage over `pages`, how many articles they gave, and the archive."""
    store = Store(folder).prepare()
    with ArchiveWriter(store.root, "sample", software="chitieu/bench") as writer:
        for page in pages:
            location = writer.write(page, "article")
    found: list[int] = []
    cpu = {
        "ingest": _cpu(lambda: found.append(ingest(store, registry, engine=Engine(workers=1)).new)),
        "extract": _cpu(lambda: extract(store)),
        "load": _cpu(lambda: load(store, registry)),
    }
    return cpu, found[0], store.root / location.archive


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time of this process and the ones it starts."""

    def spent() -> float:
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    before = spent()
    work()
    return spent() - before


def _reading(archive: Path) -> float:
    start = time.process_time()
    for _ in RecordReader(archive, wanted=lambda url, source: False):
        pass
    return archive.stat().st_size / 1e6 / (time.process_time() - start)


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def show(measured: Measured, assumed: Assumed) -> None:
    """Print what was measured, what is assumed, and what follows."""
    screen.show_pairs(
        "Assumed (options change it)",
        {
            "newspapers, portals": f"{assumed.newspapers}, {assumed.portals} (those of today in the registry)",
            "articles a day": f"{assumed.newspaper_articles:g} a newspaper, {assumed.portal_articles:g} a portal",
            "further pages an article": f"{_LISTINGS:g} (listings, feeds, asking again)",
            "a packed page": f"{assumed.page_kb:g} kB",
        },
    )
    made = screen.table(f"A year: {assumed.articles:,} articles, {assumed.pages:,} pages", "", "measured, an article", "a year")
    hours = {stage: measured.cpu_ms[stage] * assumed.articles / 3.6e6 for stage in _STAGES}
    for stage in _STAGES:
        made.add_row(f"{stage}, processor", f"{measured.cpu_ms[stage]:.1f} ms", f"{hours[stage]:,.1f} h")
    made.add_row("together", f"{sum(measured.cpu_ms.values()):.1f} ms", f"{sum(hours.values()):,.1f} h of one core")
    disk = {"raw pages (WARC)": assumed.page_kb * 1000 * (1 + _LISTINGS), **measured.disk}
    for name, size in disk.items():
        made.add_row(f"{name}, disk", f"{size / 1000:.1f} kB", f"{size * assumed.articles / 1e9:,.1f} GB")
    screen.out.print(made)
    screen.say(f"The sample's articles have {measured.characters:,.0f} characters; ingest, extraction, load and disk grow with that.")
    screen.say(f"A load goes through all there is: it takes these {hours['load']:,.1f} h each time at the year's end, and half of them in its middle.")
    busiest = max(assumed.newspaper_articles, assumed.portal_articles) * (1 + _LISTINGS)
    screen.say(f"The crawl asks a host once a second: {busiest:.0f} pages of the busiest source take it {busiest / 60:.1f} minutes a day.")
    screen.say(f"Archives of others are read at {measured.reading:.0f} MB a second and core, packed; pages that are kept cost what ingest costs.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newspaper", type=float, default=80, metavar="N", help="articles of a newspaper in a day")
    parser.add_argument("--portal", type=float, default=15, metavar="N", help="articles of a portal in a day")
    parser.add_argument("--page-kb", type=float, default=20, metavar="N", help="kilobytes of a packed page")
    parser.add_argument("--copies", type=int, default=_COPIES, metavar="N", help="copies of the sample that are measured")
    asked = parser.parse_args()
    today = [source.kind for source in load_registry().values() if source.valid_to is None]
    assumed = Assumed(today.count("newspaper"), today.count("portal"), asked.newspaper, asked.portal, asked.page_kb)
    screen.say(f"measured on this machine ({os.cpu_count()} cores): crawl on pages of {PAGE_BYTES // 1000} kB with {LINKS_ON_A_PAGE} links, the rest on the sample")
    with tempfile.TemporaryDirectory(prefix="chitieu-bench-") as folder:
        show(measure(Path(folder), asked.copies), assumed)


if __name__ == "__main__":
    main()
