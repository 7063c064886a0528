"""Archives made by others: the registry's pages are taken, the rest is told, and a killed run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import RecordReader
from chitieu.crawlers.sources import load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines.batches import ledgers, read_batches
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.parsing import Scope
from chitieu.pipelines.store import Store

REGISTRY = load_registry()
FORMS = ["members", "one-member", "plain"]


def rows(store: Store) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "ingested"} for row in read_batches(store.articles)]


def failures(store: Store) -> list[tuple[str, str]]:
    with State(store.root) as state:
        return [(failure.subject, failure.cause) for failure in state.failures("ingest")]


@pytest.mark.parametrize("form", FORMS)
def test_pages_of_the_registry_are_taken_with_their_source_and_place(
    store: Store, foreign: Callable[..., Path], captures: Callable, form: str
) -> None:
    ours = [*captures(1, "baolaocai.vn"), *captures(1, "www.baohaugiang.com.vn", 1), *captures(1, "baonghean.vn", 2)]
    ours[0] = replace(ours[0], url=ours[0].url.replace("https", "http"))
    report = ingest(store, REGISTRY, [foreign([*captures(5, "news.example"), *ours], form=form)])
    assert (report.new, report.pages, report.failures) == (3, 3, 0)
    assert report.skipped == {"warcinfo": 1, "request": 8, "other-host": 5}
    found = {(row["source"], row["place"]) for row in rows(store)}
    assert found == {("bao-lao-cai", "Lào Cai"), ("bao-hau-giang", "Hậu Giang"), ("bao-nghe-an", "Nghệ An")}
    assert {row["seen"].year for row in rows(store)} == {2019}


def test_what_is_no_article_is_counted_and_only_what_should_be_one_is_a_failure(
    store: Store, foreign: Callable[..., Path], captures: Callable
) -> None:
    good, gone, moved, picture, paper, broken = captures(6)
    pages = [
        good,
        replace(gone, status="404 Not Found"),
        replace(moved, status="301 Moved Permanently", body=b""),
        replace(picture, body=b"\x89PNG\r\n", headers=(("Content-Type", "image/png"),)),
        replace(paper, body=b"%PDF-1.7\n", headers=(("Content-Type", "application/pdf"),)),
        replace(broken, body=b"<html><body><p>x"),
    ]
    report = ingest(store, REGISTRY, [foreign(pages)])
    assert report.reasons == {"error-page": 1, "redirect": 1, "not-html": 1, "document-file": 1, "no-text": 1}
    assert failures(store) == [(broken.url, "no-text")]


def test_pages_that_their_archive_cut_are_taken_and_told(store: Store, foreign: Callable[..., Path], captures: Callable) -> None:
    whole, cut = captures(2)
    cut = replace(cut, body=cut.body[:-20], notes=(("WARC-Truncated", "length"),))
    assert ingest(store, REGISTRY, [foreign([whole, cut])]).new == 2
    assert failures(store) == [(cut.url, "cut-short")]


def test_other_hosts_are_taken_when_asked_for_and_stay_so_when_parsed_anew(
    store: Store, foreign: Callable[..., Path], captures: Callable
) -> None:
    path = foreign([*captures(1), *captures(2, "news.example", 1)])
    assert ingest(store, REGISTRY, [path]).new == 1
    assert ingest(store, REGISTRY, [path]).pages == 0, "it was read"
    assert ingest(store, REGISTRY, [path], all_hosts=True).new == 2
    assert ingest(store, REGISTRY, [path]).pages == 0
    before = rows(store)
    assert ingest(store, REGISTRY, redo=True).new == 3
    assert sorted(row["url"] for row in rows(store)) == sorted(row["url"] for row in before)


def test_a_wider_registry_reads_an_archive_again(store: Store, foreign: Callable[..., Path], captures: Callable) -> None:
    path = foreign([*captures(1), *captures(1, "baocu.example", 1)])
    assert ingest(store, REGISTRY, [path]).new == 1
    wider = REGISTRY | {"bao-nghe-an": REGISTRY["bao-nghe-an"].model_copy(update={"former_hosts": ("baocu.example",)})}
    report = ingest(store, wider, [path])
    assert (report.pages, report.new, report.unchanged) == (2, 1, 1)
    assert {row["source"] for row in rows(store)} == {"bao-lao-cai", "bao-nghe-an"}


def test_a_damaged_middle_costs_what_it_hit(store: Store, foreign: Callable[..., Path], captures: Callable) -> None:
    path = foreign(captures(9))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 60] = bytes(60)
    path.write_bytes(data)
    assert ingest(store, REGISTRY, [path]).new == 8
    ((subject, cause),) = failures(store)
    assert subject.startswith(str(path)) and cause == "damaged-archive"


def test_stretches_read_side_by_side_give_what_one_reader_gives(
    store: Store, tmp_path: Path, foreign: Callable[..., Path], captures: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [page for number in range(60) for page in (*captures(1, first=number), *captures(3, "news.example", number))]
    path = foreign(pages)
    alone = ingest(store, REGISTRY, [path], engine=Engine(workers=1))
    monkeypatch.setattr("chitieu.pipelines.parsing._PARALLEL_FROM", 0)
    monkeypatch.setattr("chitieu.pipelines.parsing._LOCAL_SPAN", 20_000)
    other = Store(tmp_path / "other").prepare()
    shared = ingest(other, REGISTRY, [path], engine=Engine(workers=2))
    assert path.stat().st_size > 60_000 and shared == alone and alone.new == 60
    assert rows(other) == rows(store)


def test_archives_and_articles_are_read_from_afar(
    store: Store, tmp_path: Path, far: Any, foreign: Callable[..., Path], captures: Callable
) -> None:
    foreign(captures(5))
    url = f"{far.url}/CC-NEWS-1.warc.gz"
    assert ingest(store, REGISTRY, [url]).new == 5
    assert {row["archive"] for row in rows(store)} == {url}
    assert ingest(store, REGISTRY, [url]).pages == 0
    assert ingest(store, REGISTRY, redo=True).new == 5
    (batch,) = (path for path in store.articles.glob("*.parquet") if path.stat().st_size > 8000)
    batch.rename(far.folder / "articles.parquet")
    other = Store(tmp_path / "other").prepare()
    assert ingest(other, REGISTRY, [f"{far.url}/articles.parquet"]).new == 5
    assert rows(other) == rows_of(far.folder / "articles.parquet")


def rows_of(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return [{name: value for name, value in row.items() if name != "ingested"} for row in pq.read_table(path).to_pylist()]


def test_what_cannot_be_read_from_afar_is_said(store: Store, far: Any, given: Callable[..., Path], tmp_path: Path) -> None:
    given({"id": "a", "text": "x"})
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and no more")
    report = ingest(store, REGISTRY, [f"{far.url}/none.warc.gz", f"{far.url}/x.parquet"])
    assert report.failures == 2
    assert [cause for _, cause in failures(store)] == ["cannot-open", "cannot-open"]
    with pytest.raises(WrongCall, match="from afar only WARC"):
        ingest(store, REGISTRY, [f"{far.url}/documents.jsonl"])


def test_articles_of_another_store_are_taken_once(
    store: Store, tmp_path: Path, foreign: Callable[..., Path], captures: Callable, documents: Path
) -> None:
    ingest(store, REGISTRY, [foreign(captures(3)), documents])
    other = Store(tmp_path / "other").prepare()
    assert ingest(other, REGISTRY, [store.articles]).new == 5
    again = ingest(other, REGISTRY, [store.articles])
    assert (again.new, again.unchanged) == (0, 5)
    assert rows(other) == rows(store)
    assert ingest(other, REGISTRY, redo=True).failures == 0 and len(rows(other)) == 5


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_is_killed_goes_on_within_the_file(
    store: Store, tmp_path: Path, foreign: Callable[..., Path], captures: Callable, form: str
) -> None:
    path = foreign(captures(1200), form=form)
    command = [sys.executable, "-m", "chitieu.pipelines.cli", "ingest", str(path), "--data", str(store.root), "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len(list(store.articles.glob("*.parquet"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = len(rows(store))
    assert 0 < kept < 1200
    (reach,) = list(ledgers(store.articles))[-1]["archives"].values()
    assert reach["size"] == -1 and (reach["end"] > 0 or reach["within"] > 0)
    report = ingest(store, REGISTRY, [path])
    assert (report.pages, report.new, report.failures) == (1200 - kept, 1200 - kept, 0)
    whole = Store(tmp_path / "whole").prepare()
    ingest(whole, REGISTRY, [path])
    assert rows(store) == rows(whole)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_archive(tmp_path: Path, foreign: Callable[..., Path], captures: Callable) -> None:
    pages = captures(300, "news.example")
    piece = foreign([replace(page, body=page.body + os.urandom(30_000)) for page in pages]).read_bytes()
    path = tmp_path / "large.warc.gz"
    with path.open("wb") as file:
        for _ in range(30):
            file.write(piece)
            file.write(foreign(captures(2)).read_bytes())
    reader = RecordReader(path, wanted=Scope(REGISTRY).wants)
    sizes = [megabytes() for _ in reader]
    assert path.stat().st_size > 250_000_000 and len(sizes) == 60 and reader.skipped["other-host"] == 9000
    assert sizes[-1] - sizes[5] < 20


def megabytes() -> float:
    """Resident memory of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
