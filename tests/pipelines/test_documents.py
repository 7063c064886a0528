"""Reading given documents: every malformed line is told with its number, the rest goes on."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from chitieu.pipelines.documents import GivenDocument, Unreadable, read_documents, read_text_files


def test_malformed_lines_are_told_in_their_places(given: Callable[..., Path]) -> None:
    path = given(
        {"id": "a", "text": "một"},
        "{not json",
        '["a list"]',
        {"id": "b"},
        {"id": "", "text": "x"},
        {"id": "c", "text": 5},
        {"id": "d", "text": "x", "published": "31/12/2023"},
        {"id": "e", "text": "x", "published": 1700000000},
        '{"id": "f", "text": "\\ud800"}',
        "",
        "[" * 100_000,
        {"id": 7, "text": "hai"},
    )
    items = list(read_documents([path]))
    assert [item.id for item in items if isinstance(item, GivenDocument)] == ["a", "7"]
    told = {int(item.where.rpartition(":")[2]): item.cause for item in items if isinstance(item, Unreadable)}
    assert told == {
        2: "bad-json", 3: "bad-document", 4: "bad-document", 5: "bad-document", 6: "bad-document",
        7: "bad-document", 8: "bad-document", 9: "bad-document", 11: "bad-json",
    }  # fmt: skip


def test_lines_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"id": "a", "text": "\xff"}\n\xef\xbb\xbf{"id": "b", "text": "b"}\n{"id": "c", "text": "c"}\n')
    assert [type(item) for item in read_documents([path])] == [Unreadable, Unreadable, GivenDocument]


def test_a_byte_order_mark_before_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"id": "a", "text": "b"}), encoding="utf-8-sig")
    assert [item.id for item in read_documents([path]) if isinstance(item, GivenDocument)] == ["a"]


def test_packed_files_and_packed_files_that_break_off(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": str(n), "text": f"văn bản {n} " * 50}) + "\n" for n in range(200))
    whole, broken = tmp_path / "whole.jsonl.gz", tmp_path / "broken.jsonl.gz"
    whole.write_bytes(gzip.compress(lines.encode()))
    broken.write_bytes(whole.read_bytes()[:-300])
    assert len(list(read_documents([whole]))) == 200
    *before, last = read_documents([broken])
    assert isinstance(last, Unreadable) and last.cause == "damaged-file"
    assert [item.id for item in before if isinstance(item, GivenDocument)] == [str(n) for n in range(len(before))]


@pytest.mark.parametrize(
    ("given_time", "day", "moment"),
    [
        ("2023-06-21", date(2023, 6, 21), datetime(2023, 6, 20, 17, tzinfo=timezone.utc)),
        ("2023-06-21T00:30:00", date(2023, 6, 21), datetime(2023, 6, 20, 17, 30, tzinfo=timezone.utc)),
        ("2023-06-20T18:00:00Z", date(2023, 6, 21), datetime(2023, 6, 20, 18, tzinfo=timezone.utc)),
        (None, None, None),
        ("", None, None),
    ],
)
def test_times_of_publication_are_vietnams(given_time: str | None, day: date | None, moment: datetime | None) -> None:
    document = GivenDocument(id="a", text="b", published=given_time)
    assert (document.published_day, document.published_time) == (day, moment)


def test_text_files_are_read_exactly_as_stored(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Tỷ lệ đạt 5%\r\nhết") + "\n"
    (tmp_path / "S1.v2.txt").write_bytes(text.encode())
    (tmp_path / "bad.txt").write_bytes("đạt".encode("cp1258", "replace") + b"\xff")
    found, bad = read_text_files([tmp_path / "S1.v2.txt", tmp_path / "bad.txt"], date(2024, 1, 2))
    assert isinstance(found, GivenDocument) and isinstance(bad, Unreadable)
    assert (found.id, found.text, found.published_day) == ("S1.v2", text, date(2024, 1, 2))
    assert bad.cause == "not-utf8"
