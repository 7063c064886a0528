"""Pages parsed side by side come out as if parsed one after the other, even if a process dies."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chitieu.crawlers.archive import ArchivedPage
from chitieu.crawlers.page import StoredPage
from chitieu.pipelines.article import Article
from chitieu.pipelines.parsing import Parser

SKIP = frozenset({"listing"})


def pages(count: int) -> list[ArchivedPage]:
    made = []
    for number in range(count):
        text = f"Tỉnh giao chỉ tiêu số {number} cho các sở, ngành thực hiện trong năm 2025 theo kế hoạch đã ban hành. " * 3
        body = f"<html><body><h1>Tỉnh giao chỉ tiêu số {number} cho các sở</h1><p>{text}</p><p>{text}</p></body></html>"
        page = StoredPage(f"https://bao.example/bai-{number}.html", datetime(2025, 1, 1, tzinfo=UTC), 200, {}, body.encode())
        made.append(ArchivedPage(page, "listing" if number % 10 == 3 else "article", number))
    return made


def children() -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat, command = (entry / "stat").read_text(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == os.getpid() and b"spawn_main" in command:
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("killed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_many_pages_are_parsed_in_order(killed: bool) -> None:
    given = pages(250)
    with Parser({}, lambda page: None, 10**9) as parser:
        found = []
        for archived, parsed in parser.parse(given, SKIP):
            found.append((archived, parsed))
            if killed and len(found) == 8:
                for pid in children():
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.2)
    with Parser({}, lambda page: None, 0) as parser:
        assert found == list(parser.parse(given, SKIP))
    assert [archived for archived, _ in found] == given
    assert all((parsed is None) == (archived.kind == "listing") for archived, parsed in found)
    assert sum(isinstance(parsed, Article) for _, parsed in found) == 225
