"""The archive: what is written is read back, and damage costs no more than what it hit."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from chitieu.crawlers.archive import ArchiveWriter, Damage, Position, RecordReader, read_archive, read_records
from chitieu.crawlers.page import StoredPage

NOW = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=timezone.utc)


def a_page(number: int, body: bytes | None = None, **headers: str) -> StoredPage:
    headers = {"content-type": "text/html", **headers}
    return StoredPage(f"https://baothu.vn/bai-{number}.html", NOW, 200, headers, body or b"<p>%d</p>" % number * 9000)


def write(data_dir: Path, *pages: StoredPage) -> Path:
    with ArchiveWriter(data_dir, "bao-thu", software="chitieu/test") as writer:
        for page in pages:
            writer.write(page, "article")
    (path,) = data_dir.glob("warc/bao-thu/*.warc.gz")
    return path


def urls(path: Path, **options: object) -> list[int]:
    return [int(page.url.partition("-")[2].removesuffix(".html")) for page in read_archive(path, **options)]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = write(tmp_path, a_page(1, etag='"x"'), a_page(2, b"\x00\xff\r\n\r\nWARC/1.1"), a_page(3, b" "))
    first, second, _ = list(read_records(path))
    assert first.page.body == a_page(1).body and first.page.fetched == NOW and first.page.status == 200
    assert first.page.headers["etag"] == '"x"' and first.page.source == "bao-thu" and first.kind == "article"
    assert first.page.archive == f"warc/bao-thu/{path.name}"
    assert second.page.body == b"\x00\xff\r\n\r\nWARC/1.1"
    again = next(read_records(path, start=second.page.offset))
    assert again == second and first.end == second.page.offset


def test_other_tools_read_it(tmp_path: Path) -> None:
    path = write(tmp_path, a_page(1, **{"content-encoding": "br", "transfer-encoding": "chunked"}), a_page(2))
    with open(path, "rb") as file:
        records = [(r.rec_type, r.rec_headers.protocol, r.content_stream().read()) for r in ArchiveIterator(file)]
    assert [r[:2] for r in records] == [("warcinfo", "WARC/1.1"), ("response", "WARC/1.1"), ("response", "WARC/1.1")]
    assert records[1][2] == a_page(1).body
    checker = Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": False, "filename": ""})())
    checker.process_all()
    assert not checker.exit_value


@pytest.mark.parametrize("cut", [1, 7, 50, 200])
def test_a_torn_tail_is_told_and_the_rest_kept(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path, a_page(1), a_page(2), a_page(3))
    start = [record.page.offset for record in read_records(path)][2]
    os.truncate(path, path.stat().st_size - cut)
    damages: list[Damage] = []
    assert urls(path, on_damage=damages.append) == [1, 2]
    (damage,) = damages
    assert damage.tail and damage.offset == start and str(path) in str(damage)


def test_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    path = write(tmp_path, *(a_page(n) for n in range(1, 5)))
    data = bytearray(path.read_bytes())
    offset = [record.page.offset for record in read_records(path)][1]
    data[offset + 40 : offset + 80] = bytes(40)
    path.write_bytes(data)
    damages: list[Damage] = []
    assert urls(path, on_damage=damages.append) == [1, 3, 4]
    assert [d.tail for d in damages] == [False]


@pytest.mark.parametrize("junk", [b"WARC/", b"filedesc:", b"\r\n WARC/1.1 "])
def test_a_packed_archive_whose_first_bytes_look_unpacked_loses_its_first_record(tmp_path: Path, junk: bytes) -> None:
    path = write(tmp_path, *(a_page(n) for n in range(1, 4)))
    data = bytearray(path.read_bytes())
    data[: len(junk)] = junk
    path.write_bytes(data)
    damages: list[Damage] = []
    assert urls(path, on_damage=damages.append) == [1, 2, 3] and [(d.offset, d.tail) for d in damages] == [(0, False)]


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_no_damage_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("damage")
    path = write(folder, *(a_page(n, os.urandom(700)) for n in range(1, 5)))
    data = bytearray(path.read_bytes())
    data[at : at + len(junk)] = junk
    path.write_bytes(data)
    found = urls(path)
    assert found == sorted(set(found)) and len(found) >= 2


def foreign(*, packed: bool = True, **headers: str) -> bytes:
    """An archive as other crawlers write it: raw payloads, requests and other records between."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="WARC/1.0")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "other"}))
    for number in (1, 2):
        body = gzip.compress(b"<p>%d</p>" % number)
        chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        fields = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
        http = StatusAndHeaders("200 OK", fields + list(headers.items()), protocol="HTTP/1.1")
        url = f"https://baothu.vn/bai-{number}.html"
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(chunked), http_headers=http))
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "baothu.vn")], is_http_request=True)
        writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
    writer.write_record(writer.create_warc_record("dns:baothu.vn", "response", payload=BytesIO(b"1.2.3.4")))
    return out.getvalue()


@pytest.mark.parametrize("form", ["members", "plain", "one-member"])
def test_archives_of_others_are_read(tmp_path: Path, form: str) -> None:
    data = {"members": foreign(), "plain": foreign(packed=False), "one-member": gzip.compress(foreign(packed=False))}
    path = tmp_path / "other.warc.gz"
    path.write_bytes(data[form])
    pages = list(read_archive(path))
    assert [page.body for page in pages] == [b"<p>1</p>", b"<p>2</p>"]
    assert pages[0].source is None and pages[0].headers["content-type"] == "text/html"


def records(*, gzip: bool, urls: Iterable[str], body: bytes = b"<p>x</p>", **warc: str) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for url in urls:
        http = StatusAndHeaders("200 OK", [("Date", "Mon, 06 May 2024 03:00:00 GMT")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict=dict(warc)))
    return out.getvalue()


MANY = [f"https://baothu.vn/bai-{number}.html" for number in range(1, 40)]


@pytest.mark.parametrize("form", ["members", "plain", "one-member"])
def test_reading_goes_on_after_any_page_of_any_form(tmp_path: Path, form: str) -> None:
    data = records(gzip=form == "members", urls=MANY)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(data) if form == "one-member" else data)
    pages = list(read_records(path))
    assert [page.page.url for page in pages] == MANY
    for number in (0, 1, 20, 38):
        reader = RecordReader(path, start=pages[number].after)
        assert [page.page.url for page in reader] == MANY[number + 1 :]
    assert list(RecordReader(path, start=reader.position)) == []


@given(st.lists(st.integers(1, 12_000), max_size=6))
def test_stretches_hold_each_record_once_wherever_they_are_cut(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    path = tmp_path_factory.mktemp("cut") / "x.warc.gz"
    path.write_bytes(records(gzip=True, urls=MANY, body=os.urandom(70)))
    edges = [0, *sorted(cuts), None]
    stretches = [
        RecordReader(path, start=Position(start), seek=start > 0, stop=stop) for start, stop in zip(edges, edges[1:], strict=False)
    ]
    assert [page.page.url for stretch in stretches for page in stretch] == MANY


def test_what_is_not_wanted_is_counted_by_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(foreign() + records(gzip=True, urls=["https://other.example/"]))
    reader = RecordReader(path, wanted=lambda url, source: "baothu.vn" in url)
    assert len(list(reader)) == 2
    assert reader.skipped == {"warcinfo": 1, "request": 2, "other-record": 1, "other-host": 1}


@pytest.mark.parametrize(
    ("date", "year"), [("1970-01-01T00:00:00Z", 2024), ("2099-01-01T00:00:00Z", 2024), ("yesterday", 2024), ("2019-02-03T04:05:06Z", 2019)]
)
def test_a_date_that_cannot_be_is_taken_from_the_answer(tmp_path: Path, date: str, year: int) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(records(gzip=True, urls=MANY[:1], **{"WARC-Date": date}))
    (page,) = read_archive(path)
    assert page.fetched.year == year and page.fetched.tzinfo


def test_resources_are_pages_without_an_answer(tmp_path: Path) -> None:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warc_record(MANY[0], "resource", payload=BytesIO(b"<p>x"), warc_content_type="text/html"))
    (tmp_path / "x.warc.gz").write_bytes(out.getvalue())
    (page,) = read_archive(tmp_path / "x.warc.gz")
    assert (page.status, page.headers["content-type"], page.body) == (200, "text/html", b"<p>x")


def test_damage_in_an_archive_that_is_not_packed_costs_one_record(tmp_path: Path) -> None:
    one, two, three = (records(gzip=False, urls=[url]) for url in MANY[:3])
    path = tmp_path / "x.warc"
    damages: list[Damage] = []
    path.write_bytes(one + two.replace(b"WARC/1.0", b"CRAW/9.9") + three)
    assert urls(path, on_damage=damages.append) == [1, 3] and len(damages) == 1
    path.write_bytes(one + two + three[:-8])
    assert urls(path, on_damage=damages.append) == [1, 2] and damages[-1].tail and "early" in damages[-1].reason
    path.write_bytes(one + two.replace(b"Content-Length: ", b"Content-Length: -") + three)
    assert urls(path, on_damage=damages.append) == [1, 3]


def test_a_page_that_unpacks_without_end_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, a_page(1), a_page(2, bytes(5_000_000)), a_page(3))
    damages: list[Damage] = []
    assert urls(path, max_body=1_000_000, on_damage=damages.append) == [1, 3]
    assert "larger than 1000000 bytes" in damages[0].reason


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    for data, count in ((b"", 0), (b"hello\n" * 100, 1), (gzip.compress(b"hello"), 1), (b"\x1f\x8b\x08junk", 1)):
        path.write_bytes(data)
        damages: list[Damage] = []
        assert not list(read_archive(path, on_damage=damages.append)) and len(damages) == count, data
    with pytest.raises(OSError):
        list(read_archive(tmp_path / "nowhere.warc.gz"))


def test_headers_cannot_forge_a_record(tmp_path: Path) -> None:
    path = write(tmp_path, a_page(1, x="a\r\n\r\nWARC/1.1\r\nWARC-Type: response"), a_page(2))
    assert urls(path) == [1, 2]
