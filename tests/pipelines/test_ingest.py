"""Archives and documents to articles: once each, in versions, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import ArchiveWriter
from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import State
from chitieu.pipelines.batches import read_batches
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.ingest import IngestReport, ingest
from chitieu.pipelines.store import Store

START = datetime(2024, 5, 2, 3, 0, tzinfo=timezone.utc)
SOURCE = Source(
    id="bao-thu", name="Báo Thử", place="Lào Cai", kind="newspaper", hosts=("bao-thu.example",),
    article=("/{category}/{slug}-{id}.html",), evidence=("made for a test",), selectors={"body": ".noi-dung p", "teaser": ".lien-quan a"},
)  # fmt: skip
REGISTRY = {SOURCE.id: SOURCE}
FIRST = "Sáu tháng đầu năm, toàn tỉnh giải ngân được 1.250 tỷ đồng vốn đầu tư công, đạt 31,2% kế hoạch được giao từ đầu năm."
SECOND = "Ủy ban nhân dân tỉnh đề nghị các chủ đầu tư rà soát tiến độ từng dự án và báo cáo trước ngày 15 hằng tháng để tháo gỡ."


def html(first: str = FIRST, teaser: str = "Tin khác của tòa soạn", title: str = "Giải ngân vốn đầu tư công") -> bytes:
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>
    <meta property="article:published_time" content="2024-05-01T08:00:00+07:00"></head>
    <body><h1>{title}</h1><div class="noi-dung"><p>{first}</p><p>{SECOND}</p></div>
    <div class="lien-quan"><a href="/x/y-9.html">{teaser}</a></div></body></html>""".encode()


def page(path: str, body: bytes, hours: float = 0, **changed: Any) -> StoredPage:
    defaults = {"status": 200, "headers": {"content-type": "text/html; charset=utf-8"}, "source": SOURCE.id}
    url = f"https://bao-thu.example{path}"
    return StoredPage(url=url, fetched=START + timedelta(hours=hours), body=body, **(defaults | changed))


def crawl(store: Store, *pages: StoredPage, kind: str = "article") -> Path:
    with ArchiveWriter(store.root, SOURCE.id, software="test") as writer:
        for one in pages:
            location = writer.write(one, kind)
    # Two archives of one process and second would bear one name.
    path = store.root / location.archive
    return path.rename(path.with_name(f"{len(list(path.parent.iterdir())):03d}-{path.name}"))


def rows(store: Store) -> list[dict[str, Any]]:
    return list(read_batches(store.articles))


def told(report: IngestReport) -> dict[str, int]:
    return {name: count for name, count in (dict(report.counts) | {"failures": report.failures}).items() if count}


def test_what_was_ingested_is_not_done_again(store: Store) -> None:
    crawl(store, page("/kinh-te/von-1.html", html()), page("/kinh-te/khac-2.html", html(FIRST.replace("1.250", "2.400"))))
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "new": 2}
    assert told(ingest(store, REGISTRY)) == {}
    assert len({row["article_id"] for row in rows(store)}) == 2


def test_an_edited_page_is_a_new_version_and_an_unchanged_one_is_not(store: Store) -> None:
    crawl(store, page("/kinh-te/von-1.html", html()))
    ingest(store, REGISTRY)
    edited = html(FIRST.replace("31,2%", "32,1%"))
    crawl(store, page("/kinh-te/von-1.html", html(), 1), page("/kinh-te/von-1.html", edited, 2))
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "unchanged": 1, "version": 1}
    crawl(store, page("/kinh-te/von-1.html", html(), 3))
    assert told(ingest(store, REGISTRY)) == {"pages": 1, "version": 1}, "taken back is a version too"
    assert len({row["article_id"] for row in rows(store)}) == 1


def test_teasers_may_change_without_making_a_version(store: Store) -> None:
    crawl(store, page("/kinh-te/von-1.html", html()), page("/kinh-te/von-1.html", html(teaser="Một tin hoàn toàn khác"), 1))
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "new": 1, "unchanged": 1}


def test_one_article_under_two_addresses_is_one_also_after_an_edit(store: Store) -> None:
    crawl(store, page("/kinh-te/von-1.html", html()), page("/thoi-su/von-7.html", html(), 1))
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "new": 1, "unchanged": 1}
    edited = html(FIRST.replace("31,2%", "32,1%"))
    crawl(store, page("/thoi-su/von-7.html", edited, 2), page("/kinh-te/von-1.html", edited, 3))
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "version": 1, "unchanged": 1}
    assert len({row["article_id"] for row in rows(store)}) == 1


def test_an_archive_that_comes_late_does_not_undo_the_newer_version(store: Store) -> None:
    crawl(store, page("/kinh-te/von-1.html", html(FIRST.replace("31,2%", "32,1%")), 5))
    ingest(store, REGISTRY)
    crawl(store, page("/kinh-te/von-1.html", html(), 1))
    assert told(ingest(store, REGISTRY)) == {"pages": 1, "version": 1}
    latest = max(rows(store), key=lambda row: row["seen"])
    assert "32,1%" in latest["text"]


def test_reading_goes_on_where_the_last_batch_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chitieu.pipelines.ingest._BATCH", 1)
    crawl(store, *(page(f"/kinh-te/von-{n}.html", html(FIRST.replace("1.250", f"1.{n}50"))) for n in range(1, 5)))
    seen = []

    def stop(done: int, total: int | None) -> None:
        seen.append(done)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(store, REGISTRY, on_progress=stop)
    before = len(rows(store))
    assert 0 < before < 4
    assert told(ingest(store, REGISTRY)) == {"pages": 4 - before, "new": 4 - before}
    assert len({row["article_id"] for row in rows(store)}) == len(rows(store)) == 4


def test_a_damaged_tail_is_told_once_and_costs_only_itself(store: Store) -> None:
    path = crawl(store, *(page(f"/kinh-te/von-{n}.html", html(FIRST.replace("1.250", f"1.{n}50"))) for n in range(1, 4)))
    path.write_bytes(path.read_bytes()[:-40])
    assert told(ingest(store, REGISTRY)) == {"pages": 2, "new": 2, "failures": 1}
    assert told(ingest(store, REGISTRY)) == {}
    with State(store.root) as state:
        assert [failure.cause for failure in state.failures("ingest")] == ["damaged-archive"]


def test_broken_pages_become_failures_and_the_rest_goes_on(store: Store) -> None:
    crawl(
        store,
        page("/kinh-te/trong-1.html", b""),
        page("/kinh-te/rac-2.html", bytes(range(256)) * 40),
        page("/kinh-te/tot-3.html", html()),
        page("/kinh-te/nua-4.html", b"<html><body><p>x"),
    )
    report = ingest(store, REGISTRY)
    assert (report.new, report.failures, report.no_article) == (1, 3, 3)
    with State(store.root) as state:
        failed = state.failures("ingest")
    assert {failure.subject.rpartition("/")[2] for failure in failed} == {"trong-1.html", "rac-2.html", "nua-4.html"}
    assert {failure.source for failure in failed} == {SOURCE.id}


def test_listings_are_neither_articles_nor_failures(store: Store) -> None:
    crawl(store, page("/kinh-te/", html()), kind="listing")
    assert told(ingest(store, REGISTRY)) == {"pages": 1, "no_article": 1}


def test_redo_parses_the_archives_anew_and_keeps_given_documents(store: Store, documents: Path) -> None:
    crawl(store, page("/kinh-te/von-1.html", html()), page("/kinh-te/von-1.html", html(FIRST.replace("31,2%", "32,1%")), 1))
    ingest(store, REGISTRY, [documents])
    ingest(store, REGISTRY)
    before = sorted((row["article_id"], row["text"]) for row in rows(store))
    assert told(ingest(store, REGISTRY, redo=True)) == {"pages": 2, "new": 1, "version": 1}
    assert sorted((row["article_id"], row["text"]) for row in rows(store)) == before
    assert told(ingest(store, REGISTRY)) == {}


def test_documents_are_taken_once_and_new_texts_are_versions(
    store: Store, given: Callable[..., Path], report: dict[str, Any]
) -> None:
    first = given(report, name="a.jsonl")
    second = given(report | {"text": report["text"].replace("4,65%", "4,8%")}, name="b.jsonl")
    third = given(report | {"published": "2023-07-04"}, name="c.jsonl")
    assert told(ingest(store, {}, [first])) == {"documents": 1, "new": 1}
    assert told(ingest(store, {}, [first])) == {"documents": 1, "unchanged": 1}
    assert told(ingest(store, {}, [second])) == {"documents": 1, "version": 1}
    assert told(ingest(store, {}, [first, second])) == {"documents": 2, "unchanged": 2}
    assert ingest(store, {}, [third]).counts["documents"] == 1
    assert len(rows(store)) == 3


def test_equal_texts_under_two_given_ids_are_two_documents(store: Store, given: Callable[..., Path]) -> None:
    text = "Văn bản này được đưa vào hai lần với hai mã khác nhau. " * 10
    assert ingest(store, {}, [given({"id": "a", "text": text}, {"id": "b", "text": text})]).new == 2


def test_an_id_of_another_source_is_refused(store: Store, given: Callable[..., Path]) -> None:
    path = given({"id": "a", "text": "x", "source": "mot"}, {"id": "a", "text": "y", "source": "hai"})
    assert told(ingest(store, {}, [path])) == {"documents": 2, "new": 1, "failures": 1}


def test_malformed_lines_become_failures_with_their_numbers(store: Store, given: Callable[..., Path]) -> None:
    path = given("{", {"id": "a", "text": "x"}, {"text": "y"})
    assert told(ingest(store, {}, [path])) == {"documents": 1, "new": 1, "failures": 2}
    with State(store.root) as state:
        assert [failure.subject for failure in state.failures("ingest")] == [f"{path}:1", f"{path}:3"]


def test_what_is_no_input_is_a_wrong_call(store: Store, tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "x.csv", tmp_path / "none.jsonl", tmp_path / "empty"):
        with pytest.raises(WrongCall):
            ingest(store, {}, [path])
