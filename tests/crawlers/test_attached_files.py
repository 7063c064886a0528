"""Registers: the files attached to their pages are fetched once, and known by whose they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.archive import read_records
from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.links import LinkReader
from chitieu.crawlers.state import State

FAST = CrawlOptions(concurrency=4, backoff=0.05)
PDF = b"%PDF-1.4 for the tests"


def attached(data_dir: Path) -> dict[str, tuple[str, bytes]]:
    """Path of each file in the archive → path of its page, and its bytes."""
    records = [record for path in sorted(data_dir.glob("warc/*/*.gz")) for record in read_records(path)]
    files = [record for record in records if record.kind == "attachment"]
    assert len(files) == len({record.page.url for record in files})
    return {_path(r.page.url): (_path(r.parent) if r.parent else "", r.page.body) for r in files}


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def a_register(site: Any, web: Any) -> None:
    entry, scan = web.article_path(1), web.article_path(2)
    site.pages |= {
        "/tin": web.Answer(web.page(web.links(entry, scan))),
        entry: web.Answer(web.page('<a href="/tep/1.pdf">Tải</a><a href="/tep/2.DOCX?v=1">Tải</a><a href="https://khac.vn/3.pdf">x</a>')),
        scan: web.Answer(web.page('<iframe src="/xem/4.pdf"></iframe><a href="/tep/1.pdf">Tải</a><a href="/tep/het.pdf">x</a>')),
        "/tep/1.pdf": web.Answer(PDF, type="application/pdf"),
        "/tep/2.DOCX?v=1": web.Answer(b"PK\x03\x04", type="application/octet-stream"),
        "/xem/4.pdf": web.Answer(web.page("Đăng nhập")),
    }


def test_files_are_kept_with_the_address_of_their_page(site: Any, web: Any, tmp_path: Path) -> None:
    a_register(site, web)
    report = crawl([site.source(kind="documents")], tmp_path, options=FAST)
    files = attached(tmp_path)
    assert files.keys() == {"/tep/1.pdf", "/tep/2.DOCX?v=1"}
    assert files["/tep/2.DOCX?v=1"][0] == web.article_path(1) and files["/tep/1.pdf"][1] == PDF
    assert report.sources[0].articles == 2
    with State(tmp_path) as state:
        assert {_path(f.subject): f.cause for f in state.failures()} == {"/xem/4.pdf": "not-a-file", "/tep/het.pdf": "http-404"}

    site.asked.clear()
    crawl([site.source(kind="documents")], tmp_path, options=FAST)
    assert not [path for path in site.paths() if path.startswith(("/tep", "/xem"))]


@pytest.mark.slow
def test_papers_do_not_fetch_files(site: Any, web: Any, tmp_path: Path) -> None:
    a_register(site, web)
    crawl([site.source(kind="newspaper")], tmp_path, options=FAST)
    assert attached(tmp_path) == {}


@pytest.mark.slow
def test_a_register_whose_rows_are_files(site: Any, web: Any, tmp_path: Path) -> None:
    rows = "".join(f'<tr><td>{n}/KH-UBND</td><td><a href="/tep/{n}.pdf">Tải về</a></td></tr>' for n in range(3))
    site.pages["/tin"] = web.Answer(web.page(f"<table>{rows}</table>", '<a href="/tin?trang=2">Trang sau</a>'))
    site.pages["/tin?trang=2"] = web.Answer(web.page('<a href="/tep/7.pdf">7</a>'))
    for number in (0, 1, 2, 7):
        site.pages[f"/tep/{number}.pdf"] = web.Answer(PDF + b"%d" % number, type="application/pdf")
    report = crawl([site.source(kind="documents")], tmp_path, options=FAST)
    assert len(attached(tmp_path)) == 4 and report.failures == 0


@pytest.mark.slow
def test_files_of_a_page_stored_just_before_a_kill_are_found(site: Any, web: Any, tmp_path: Path) -> None:
    a_register(site, web)
    site.etags = True
    files = {path: site.pages.pop(path) for path in list(site.pages) if path.startswith("/tep")}
    crawl([site.source(kind="documents")], tmp_path, options=FAST)
    for side in tmp_path.glob("state.sqlite*"):
        os.remove(side)
    # The archive has the pages; nothing is known of what they led to.
    site.pages |= files
    crawl([site.source(kind="documents")], tmp_path, options=FAST)
    assert attached(tmp_path).keys() == {"/tep/1.pdf", "/tep/2.DOCX?v=1"}


def test_selectors_say_where_files_are(site: Any) -> None:
    source = site.source(kind="documents", selectors={"attachment": ".tep"})
    body = b'<a href="/a.pdf">x</a><td class=tep><a href="/download?id=7">y</a></td>'
    assert [_path(link.url) for link in LinkReader(source).attachments(body, site.url("/"), "utf-8")] == ["/download?id=7"]
