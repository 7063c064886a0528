"""What goes on at the same time: crawls beside a publication, and writers one after the other."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from chitieu.crawlers.archive import read_records
from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.sources import load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store

PORTAL = "cong-lao-cai"


def test_what_a_crawl_is_just_writing_is_no_damage_and_is_read_the_next_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "store").prepare()
    with SampleSite() as site:
        site.write_registry(tmp_path / "registry")
        registry = load_registry(tmp_path / "registry")
        crawl([registry[PORTAL]], store.root, options=CrawlOptions(max_pages=6))
    (archive,) = store.warc.rglob("*.warc.gz")
    whole = archive.read_bytes()
    last = [record.page.offset for record in read_records(archive)][-1]
    os.truncate(archive, last + 20)  # the crawl has come so far with the last record
    with FileLock(store.root / "locks" / f"source-{PORTAL}.lock"):
        first = ingest(store, registry)
    archive.write_bytes(whole)
    second = ingest(store, registry)
    assert (first.failures, second.failures, second.pages) == (0, 0, 1)

    os.truncate(archive, len(whole) - 10)
    assert ingest(store, registry, redo=True).failures == 1, "where nobody writes, it is damage"
    with State(store.root) as state:
        assert [failure.cause for failure in state.failures("ingest")] == ["damaged-archive"]


def test_a_writer_waits_for_another_as_long_as_it_is_told_to(tmp_path: Path) -> None:
    store, held = Store(tmp_path / "store").prepare(), threading.Event()

    def write() -> None:
        with store.writing():
            held.set()
            time.sleep(1)

    other = threading.Thread(target=write)
    other.start()
    held.wait()
    with pytest.raises(UserError, match="another chitieu is writing"), store.writing(0.1):
        pass
    with store.writing(30):
        other.join()
