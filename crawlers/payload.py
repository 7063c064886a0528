"""The payload of an archived response with its transfer and content encodings undone.

Archives disagree on what they store: some keep the bytes as they came over the wire, some undo the
encodings but keep the headers that speak of them, some undo one of the two. So a header is only a
hint here: an encoding is undone where the bytes bear it out, and else the bytes are taken as they are.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 64 * 1024
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<[!?a-zA-Z]")
_ALIASES = {"x-gzip": "gzip", "identity": "", "none": "", "utf-8": ""}
_MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


class PayloadError(ValueError):
    """The payload cannot be read; the message says why."""


def undone(raw: bytes, headers: Mapping[str, str], max_size: int) -> bytes:
    """`raw` without chunk frames and compression.

    `headers` have lower-case names. What breaks off within is given as far as it goes: archives cut
    long pages short. Raises PayloadError where an encoding is not understood or cannot be undone,
    and where there are more than `max_size` bytes unpacked.
    """
    named = "chunked" in headers.get("transfer-encoding", "").lower()
    body = _without_frames(raw, named) if named or "content-length" not in headers else raw
    for encoding in reversed(_encodings(headers.get("content-encoding", ""))):
        body = _unpacked(body, encoding, max_size)
    if len(body) > max_size:
        raise PayloadError(f"the page is larger than {max_size} bytes unpacked")
    return body


def _encodings(header: str) -> list[str]:
    """The encodings in the order they were applied."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in (_ALIASES.get(name, name) for name in names) if name]


def _without_frames(raw: bytes, named: bool) -> bytes:
    """The chunks put together; `raw` as it is where it does not begin with one.

    Where no header names chunks (`named`), the first one has to be whole to be taken for one.
    """
    pieces: list[bytes] = []
    head = _CHUNK_HEAD.match(raw)
    while head is not None and (size := int(head[1], 16)):
        start, end = head.end(), head.end() + size
        closed = raw[end : end + 2] == b"\r\n"
        if not closed and (len(raw) > end or not (pieces or named)):
            return b"".join(pieces) + raw[head.start() :] if pieces else raw
        pieces.append(raw[start:end])
        head = _CHUNK_HEAD.match(raw, end + 2)
    return b"".join(pieces) or raw


class _Unpacker(Protocol):
    """One stream of packed bytes; gives at most `size` bytes at a time."""

    @property
    def eof(self) -> bool: ...

    def unpack(self, data: bytes, size: int) -> bytes: ...


class _Zlib:
    def __init__(self, bits: int) -> None:
        self._stream = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    def unpack(self, data: bytes, size: int) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, size)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return self._stream.is_finished()

    def unpack(self, data: bytes, size: int) -> bytes:
        self._waiting += data
        data = b""
        if self._stream.can_accept_more_data():
            data, self._waiting = self._waiting, b""
        return self._stream.process(data, output_buffer_limit=size)


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor()

    @property
    def eof(self) -> bool:
        return self._stream.eof

    def unpack(self, data: bytes, size: int) -> bytes:
        return self._stream.decompress(data, size)


_UNPACKERS: dict[str, tuple[Callable[[], _Unpacker], ...]] = {
    "gzip": (lambda: _Zlib(zlib.MAX_WBITS | 16),),
    # Some servers mean the bare stream by it.
    "deflate": (lambda: _Zlib(zlib.MAX_WBITS), lambda: _Zlib(-zlib.MAX_WBITS)),
    "br": (_Brotli,),
    "zstd": (_Zstd,),
}


def _unpacked(body: bytes, encoding: str, max_size: int) -> bytes:
    """`body` unpacked; as it is where it plainly is not packed."""
    if not body or _MARKUP.match(body) or not body.startswith(_MAGIC.get(encoding, b"")):
        return body
    if encoding not in _UNPACKERS:
        raise PayloadError(f"content encoding {encoding!r:.40} is not understood")
    for make in _UNPACKERS[encoding]:
        if found := _unpack(make(), body, max_size):
            return found
    raise PayloadError(f"content encoding {encoding!r} cannot be undone")


def _unpack(unpacker: _Unpacker, packed: bytes, max_size: int) -> bytes:
    """What a stream gives, up to its end or the first damage."""
    pieces: list[bytes] = []
    size, at, piece = 0, 0, b""
    while not unpacker.eof and (at < len(packed) or piece):
        try:
            piece = unpacker.unpack(packed[at : at + _STEP], _STEP)
        except (zlib.error, brotli.error, zstd.ZstdError, ValueError):
            break
        at += _STEP
        pieces.append(piece)
        size += len(piece)
        if size > max_size:
            raise PayloadError(f"the page is larger than {max_size} bytes unpacked")
    return b"".join(pieces)
