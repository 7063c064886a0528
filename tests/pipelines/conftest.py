"""Stores, documents and the command line for the tests of the pipelines."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from chitieu.pipelines.store import Store

REPORT = {
    "id": "bao-cao",
    "text": (
        "Lào Cai báo cáo kết quả sáu tháng\n\n"
        "6 tháng đầu năm 2023, tốc độ tăng trưởng kinh tế của tỉnh đạt 4,65%.\n\n"
        "Tỉnh phấn đấu đến hết năm 2023 tỷ lệ hộ nghèo giảm còn 12,5%.\n\n"
        "Chủ tịch UBND tỉnh yêu cầu Sở Tài chính hoàn thành quyết toán trước ngày 30/9/2023 "
        "theo Quyết định số 1298/QĐ-UBND ngày 5/6/2023.\n"
    ),
    "published": "2023-07-03",
    "place": "Lào Cai",
    "title": "Lào Cai báo cáo kết quả sáu tháng",
}
PLAN = {
    "id": "ke-hoach",
    "text": (
        "Kế hoạch năm 2024 của Nghệ An\n\n"
        "Năm 2024, tỉnh phấn đấu thu ngân sách đạt 15.857 tỷ đồng, giải ngân vốn đầu tư công đạt trên 95%.\n\n"
        "UBND tỉnh giao các sở, ngành báo cáo tiến độ trước ngày 15/12/2024 (Kế hoạch số 188/KH-UBND).\n"
    ),
    "published": "2023-12-20",
    "place": "Nghệ An",
    "url": "https://example.org/ke-hoach",
    "source": "bao-vi-du",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    """Writes documents (or raw lines) to a JSON Lines file."""

    def write(*documents: Mapping[str, Any] | str, name: str = "documents.jsonl") -> Path:
        path = tmp_path / name
        lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in documents]
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def documents(given: Callable[..., Path]) -> Path:
    """Two documents with a target, figures, tasks and document numbers."""
    return given(REPORT, PLAN)


@pytest.fixture
def report() -> dict[str, Any]:
    return dict(REPORT)


@pytest.fixture
def plan() -> dict[str, Any]:
    return dict(PLAN)


@pytest.fixture
def chitieu() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line as a user starts it."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "chitieu.pipelines.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)

    return call


@dataclass(frozen=True)
class Captured:
    """A page as an archive made by others holds it."""

    url: str
    body: bytes
    status: str = "200 OK"
    date: str = "2019-05-06T03:04:05Z"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    notes: tuple[tuple[str, str], ...] = ()
    """Further headers of the record itself."""


def _story(number: int) -> bytes:
    first = f"Năm 2019, tỉnh phấn đấu giải ngân vốn đầu tư công đạt {1000 + number} tỷ đồng, thu ngân sách đạt {2000 + number} tỷ đồng."
    second = f"Chủ tịch UBND tỉnh yêu cầu Sở Tài chính báo cáo trước ngày 15/10/2019 theo Quyết định số {number + 1}/QĐ-UBND ngày 5/4/2019."
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>Tỉnh giao chỉ tiêu đầu tư công và thu ngân sách</title>
    <meta property="article:published_time" content="2019-05-05T08:00:00+07:00"></head>
    <body><h1>Tỉnh giao chỉ tiêu đầu tư công và thu ngân sách</h1><div><p>{first}</p><p>{second}</p></div></body></html>""".encode()


@pytest.fixture
def story() -> Callable[[int], bytes]:
    """The page of an article with targets, a task and a document number."""
    return _story


@pytest.fixture
def captures() -> Callable[..., list[Captured]]:
    """So many articles of a host."""

    def make(count: int, host: str = "baolaocai.vn", first: int = 0) -> list[Captured]:
        numbers = range(first, first + count)
        return [Captured(f"https://{host}/tinh-giao-chi-tieu-post{number + 1000}.html", _story(number)) for number in numbers]

    return make


@pytest.fixture
def foreign(tmp_path: Path) -> Callable[..., Path]:
    """Writes an archive as other crawlers do: a request before each answer, notes between; in three forms."""

    def write(pages: Iterable[Captured], name: str = "CC-NEWS-1.warc.gz", form: str = "members") -> Path:
        out = BytesIO()
        writer = WARCWriter(out, gzip=form == "members", warc_version="WARC/1.0")
        writer.write_record(writer.create_warcinfo_record(name, {"software": "another crawler"}))
        for page in pages:
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(writer.create_warc_record(page.url, "request", http_headers=request))
            http = StatusAndHeaders(page.status, list(page.headers), protocol="HTTP/1.1")
            dated = {"WARC-Date": page.date, **dict(page.notes)}
            writer.write_record(
                writer.create_warc_record(page.url, "response", payload=BytesIO(page.body), http_headers=http, warc_headers_dict=dated)
            )
        path = tmp_path / name
        path.write_bytes(gzip.compress(out.getvalue(), 1) if form == "one-member" else out.getvalue())
        return path

    return write


class _Ranges(BaseHTTPRequestHandler):
    """As little of a file server as archives are read from: it gives parts of files."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, end = (int(asked[1]), int(asked[2] or len(data) - 1)) if asked else (0, len(data) - 1)
        part = data[start : end + 1]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Accept-Ranges", "bytes")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{start + len(part) - 1}/{len(data)}")
        self.end_headers()
        if body:
            self.server.parts.append(len(part))
            self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def far(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A server on this machine that hands out the files of `folder`; `parts`: bytes of each answer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ranges)
    server.folder, server.parts = tmp_path, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", folder=tmp_path, parts=server.parts)
    server.shutdown()
    server.server_close()
