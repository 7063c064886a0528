"""What archives keep of a page's transfer: every mixture of headers and bytes that crawlers have written."""

from __future__ import annotations

import gzip
import os
import zlib

import brotli
import pytest

from chitieu.crawlers.payload import PayloadError, undone, zstd

PAGE = "<!doctype html><p>Tỉnh giao chỉ tiêu tăng trưởng 8,5% cho các sở, ngành.</p>".encode() * 900


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, size: int = 1000) -> bytes:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


PACKERS = [
    ("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate),
    ("br", brotli.compress), ("zstd", zstd.compress), ("BR", brotli.compress),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_an_encoding_is_undone_where_the_bytes_have_it_and_left_where_only_the_header_has(name: str, pack: object) -> None:
    headers = {"content-encoding": name, "transfer-encoding": "chunked"}
    for stored in (chunked(pack(PAGE)), pack(PAGE), chunked(PAGE), PAGE):
        assert undone(stored, headers, 10**7) == PAGE
    assert undone(chunked(pack(PAGE)), {"content-encoding": name}, 10**7) == PAGE, "the header of the frames is gone"


def test_frames_are_only_taken_for_frames_where_they_are_some() -> None:
    assert undone(chunked(PAGE), {}, 10**7) == PAGE
    assert undone(b"2024\r\nis a year", {}, 100) == b"2024\r\nis a year"
    assert undone(chunked(PAGE), {"content-length": "9"}, 10**7) == chunked(PAGE), "nobody frames what has a length"


@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_what_breaks_off_is_given_as_far_as_it_goes(name: str, pack: object) -> None:
    page = b"<p>" + os.urandom(200_000)
    packed = pack(page)
    found = undone(packed[: len(packed) // 2], {"content-encoding": name}, 10**7)
    assert len(found) > 50_000 and page.startswith(found)
    found = undone(chunked(page)[:90_000], {"transfer-encoding": "chunked"}, 10**7)
    assert len(found) > 50_000 and page.startswith(found)


@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_nothing_unpacks_without_end(name: str, pack: object) -> None:
    with pytest.raises(PayloadError, match="larger than 1000000 bytes"):
        undone(pack(bytes(5_000_000)), {"content-encoding": name}, 1_000_000)


def test_several_encodings_are_undone_in_turn_and_unknown_ones_told() -> None:
    assert undone(brotli.compress(gzip.compress(PAGE)), {"content-encoding": "gzip, br"}, 10**7) == PAGE
    assert undone(PAGE, {"content-encoding": "exi"}, 10**7) == PAGE
    with pytest.raises(PayloadError, match="'exi' is not understood"):
        undone(os.urandom(100), {"content-encoding": "exi"}, 10**7)
