"""The archive of fetched pages: WARC 1.1 files, one gzip member a record.

Writing only ever appends a whole member, so a process killed at any moment leaves at most one
damaged member, at the end of its own file; reading skips damage, reports it and goes on.
"""

from __future__ import annotations

import logging
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.timeutils import iso_date_to_datetime
from warcio.warcwriter import WARCWriter

from chitieu.crawlers.page import StoredPage

log = logging.getLogger(__name__)

SOURCE_HEADER = "X-Chitieu-Source"
KIND_HEADER = "X-Chitieu-Kind"
PARENT_HEADER = "X-Chitieu-Parent"
MAX_BODY = 64 * 1024 * 1024
"""Bytes of one unpacked page that are read; larger records are skipped and reported."""

_COMPRESSION_LEVEL = 4
"""A third of the time of 6 for a seventh more bytes: packing is the dearest part of storing a page."""
_CHUNK = 64 * 1024
_UNPACKED_HEAD = re.compile(rb"\s*(?:WARC/[0-9]\.[0-9]+\r?\n|filedesc://[\x20-\x7e]*\r?\n)")
"""The first line of an archive, WARC or ARC, that is not packed."""
_GZIP_MAGIC = b"\x1f\x8b\x08"
# The stored body has these undone, so the headers would no longer be true.
_UNDONE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of an archive that could not be read."""

    path: Path
    offset: int
    reason: str
    tail: bool
    """Nothing readable follows: the mark of a process that was killed while it wrote."""

    def __str__(self) -> str:
        where = "damaged tail" if self.tail else "damaged record"
        return f"{self.path}: {where} at byte {self.offset}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page with what the crawler itself noted beside it."""

    page: StoredPage
    kind: str | None
    """`article`, `attachment`, `listing`, `feed` or `sitemap`; None in archives made by others."""
    end: int
    """Byte offset at which the record ends and the next begins."""
    parent: str | None = None
    """Of an attachment the address of the page it is attached to."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lies."""

    archive: str
    offset: int
    end: int


class ArchiveWriter:
    """Appends pages of one source to one new WARC file under `data_dir/warc/SOURCE/`.

    The file is made with the first page. `write` returns once the bytes are handed to the operating
    system; call `sync` before the pages count as stored. Not safe for several threads at once.
    """

    def __init__(self, data_dir: Path, source: str, *, software: str) -> None:
        self._data_dir = data_dir
        self._source = source
        self._software = software
        self._file: BinaryIO | None = None
        self._relative = ""
        self._builder = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, page: StoredPage, kind: str, parent: str = "") -> Location:
        """Append `page` as a response record; its `archive` and `offset` are ignored.

        `parent`: of an attachment the address of its page.
        """
        if self._file is None:
            self._file = self._open(page.fetched)
            self._append(self._file, self._info_record())
        return self._append(self._file, self._response_record(page, kind, parent))

    def sync(self) -> None:
        """Wait until everything written is on the disk."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the file."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def _open(self, now: datetime) -> BinaryIO:
        folder = self._data_dir / "warc" / self._source
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self._source}-{now.astimezone(timezone.utc):%Y%m%dT%H%M%S}-{os.getpid()}.warc.gz"
        # Exclusive: two writers must never share a file. Unbuffered: a record is one write.
        file = open(folder / name, "xb", buffering=0)
        self._relative = f"warc/{self._source}/{name}"
        _sync_folder(folder)
        return file

    def _append(self, file: BinaryIO, record: ArcWarcRecord) -> Location:
        buffer = BytesIO()
        self._builder.out = buffer
        self._builder.write_record(record)
        compressor = zlib.compressobj(_COMPRESSION_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        member = compressor.compress(buffer.getbuffer()) + compressor.flush()
        offset = file.tell()
        try:
            rest = memoryview(member)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            # A full disk must not leave half a record in front of the next one.
            os.ftruncate(file.fileno(), offset)
            file.seek(offset)
            raise
        return Location(self._relative, offset, offset + len(member))

    def _info_record(self) -> ArcWarcRecord:
        return self._builder.create_warcinfo_record(
            self._relative.rpartition("/")[2],
            {"software": self._software, "format": "WARC File Format 1.1", "robots": "obey", "isPartOf": self._source},
        )

    def _response_record(self, page: StoredPage, kind: str, parent: str) -> ArcWarcRecord:
        headers = [(_header_text(name), _header_text(value)) for name, value in page.headers.items()]
        headers = [_undone(name, value) for name, value in headers]
        headers.append(("content-length", str(len(page.body))))
        return self._builder.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(str(page.status), headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": page.fetched.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                SOURCE_HEADER: self._source,
                KIND_HEADER: kind,
                **({PARENT_HEADER: parent} if parent else {}),
            },
        )


def read_archive(
    path: Path, *, on_damage: Callable[[Damage], None] | None = None, max_body: int = MAX_BODY
) -> Iterator[StoredPage]:
    """The pages of a WARC (or ARC) file, packed or not, made by this product or by others.

    Only response records to http(s) addresses are given; redirects and errors among them keep their
    status. What is damaged, too large (`max_body` bytes unpacked) or not understood is skipped, logged
    and handed to `on_damage`. Raises OSError where the file cannot be opened.
    """
    for archived in read_records(path, on_damage=on_damage, max_body=max_body):
        yield archived.page


def read_records(
    path: Path,
    *,
    start: int = 0,
    on_damage: Callable[[Damage], None] | None = None,
    max_body: int = MAX_BODY,
) -> Iterator[ArchivedPage]:
    """Like `read_archive`, from byte `start` on, with the crawler's own notes."""

    def report(damage: Damage) -> None:
        log.warning("%s", damage)
        if on_damage is not None:
            on_damage(damage)

    with open(path, "rb") as file:
        # Only what plainly begins as an archive that is not packed is one: a damaged first byte of a
        # packed one must not cost the whole file.
        packed = _UNPACKED_HEAD.match(file.read(1024)) is None
        file.seek(start)
        members = _packed_members(file, path, report) if packed else iter((_Member(file, start, packed=False),))
        for member in members:
            yield from _pages(member, path, max_body, report)


class _Member:
    """A stretch of an archive as a stream: one gzip member, or a whole file that is not packed.

    Damage does not raise: the stream just ends, and `error` says why.
    """

    def __init__(self, file: BinaryIO, offset: int, packed: bool) -> None:
        self.offset = offset
        self.end = offset
        self.error = ""
        self._file = file
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
        self._pending = b""

    def read(self, size: int | None = None) -> bytes:
        """At most `size` bytes; empty at the end."""
        size = size or _CHUNK
        if self._unpack is None:
            data = self._file.read(size)
            self.end += len(data)
            return data
        while not self._unpack.eof and not self.error:
            packed = self._pending or self._file.read(_CHUNK)
            if not packed:
                self.error = "the file ends within a record"
                break
            try:
                data = self._unpack.decompress(packed, size)
            except zlib.error as error:
                self.error = str(error)
                break
            # At the end of a member zlib may give what follows it in both attributes.
            self._pending = b"" if self._unpack.eof else self._unpack.unconsumed_tail
            self.end += len(packed) - len(self._unpack.unused_data or self._pending)
            if data:
                return data
        return b""

    def close(self) -> None:
        """Part of the interface warcio's readers expect; the file is closed by who opened it."""


def _packed_members(file: BinaryIO, path: Path, report: Callable[[Damage], None]) -> Iterator[_Member]:
    """The gzip members of a file in order; after damage, from the next one that is a record."""
    offset = file.tell()
    size = os.fstat(file.fileno()).st_size
    while offset < size:
        file.seek(offset)
        member = _Member(file, offset, packed=True)
        yield member
        while member.read():
            pass
        if not member.error:
            offset = member.end
            continue
        following = _next_record(file, offset + 1)
        report(Damage(path, offset, member.error, tail=following is None))
        if following is None:
            return
        offset = following


def _next_record(file: BinaryIO, offset: int) -> int | None:
    """Where, from `offset` on, a gzip member begins that holds a record; None if nowhere."""
    overlap = len(_GZIP_MAGIC) - 1
    base, window = offset, b""
    while True:
        file.seek(base + len(window))
        chunk = file.read(_CHUNK)
        if not chunk:
            return None
        window += chunk
        at = window.find(_GZIP_MAGIC)
        while at >= 0:
            if _holds_record(file, base + at):
                return base + at
            at = window.find(_GZIP_MAGIC, at + 1)
        base += len(window) - overlap
        window = window[-overlap:]


def _holds_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(4096), 5) == b"WARC/"
    except zlib.error:
        return False


def _pages(
    member: _Member, path: Path, max_body: int, report: Callable[[Damage], None]
) -> Iterator[ArchivedPage]:
    """The pages in one stretch, each held back until it is known to be whole and where it ends."""
    reader = BufferedReader(member, block_size=_CHUNK)
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
    held: _Read | None = None
    while True:
        line = _next_line(reader)
        if held is not None and not member.error:
            yield ArchivedPage(held.page, held.kind, member.end, held.parent)
        held = None
        if not line or member.error:
            return
        try:
            record = loader.parse_record_stream(reader, statusline=line)
            held = _page(record, path, member.offset, max_body)
        except _Skipped as skipped:
            report(Damage(path, member.offset, str(skipped), tail=False))
        except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError) as error:
            # Without a record's head nobody can tell where the next one begins in this stretch.
            if not member.error:
                report(Damage(path, member.offset, f"not a WARC record: {ascii(str(error))[:120]}", tail=False))
            return
        _drain(record)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page and the crawler's notes, before it is known where its record ends."""

    page: StoredPage
    kind: str | None
    parent: str | None


class _Skipped(Exception):
    """A record that is left out; the message says why."""


def _next_line(reader: BufferedReader) -> bytes:
    """The next line that is not blank; empty at the end."""
    while line := reader.readline(_CHUNK):
        if line.strip():
            return line
    return b""


def _drain(record: ArcWarcRecord) -> None:
    while record.raw_stream.read(_CHUNK):
        pass


def _page(
    record: ArcWarcRecord, path: Path, offset: int, max_body: int
) -> _Read | None:
    """The page in a record; None for records of other kinds. Raises _Skipped."""
    head = record.rec_headers
    url = head.get_header("WARC-Target-URI") or ""
    if record.rec_type != "response" or record.http_headers is None:
        return None
    if not url.startswith(("http://", "https://")):
        return None
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    status = record.http_headers.get_statuscode()
    page = StoredPage(
        url=url,
        fetched=_fetched(head.get_header("WARC-Date")),
        status=int(status) if status.isdigit() else 0,
        headers=headers,
        body=_body(record, headers, max_body),
        source=head.get_header(SOURCE_HEADER),
        archive=_relative(path),
        offset=offset,
    )
    return _Read(page, head.get_header(KIND_HEADER), head.get_header(PARENT_HEADER))


def _fetched(text: str | None) -> datetime:
    try:
        return iso_date_to_datetime(text or "", tz_aware=True)
    except (ValueError, TypeError):
        raise _Skipped(f"the record's date cannot be read: {text!r}") from None


def _body(record: ArcWarcRecord, headers: Mapping[str, str], max_body: int) -> bytes:
    """The payload with transfer and content encodings undone. Raises _Skipped."""
    encoding = headers.get("content-encoding", "").strip().lower()
    encoding = {"x-gzip": "gzip", "identity": ""}.get(encoding, encoding)
    if encoding and encoding not in BufferedReader.get_supported_decompressors():
        raise _Skipped(f"content encoding {encoding!r} is not understood")
    stream = record.raw_stream
    if headers.get("transfer-encoding", "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=encoding or None)
    elif encoding:
        stream = BufferedReader(stream, decomp_type=encoding)
    pieces, size = [], 0
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > max_body:
            raise _Skipped(f"the page is larger than {max_body} bytes unpacked")
        pieces.append(piece)
    return b"".join(pieces)


def _relative(path: Path) -> str:
    """The path as stored with pages: from the data folder on where the file lies in one."""
    parts = path.parts[-3:]
    return "/".join(parts) if len(parts) == 3 and parts[0] == "warc" else str(path)


def _header_text(text: str) -> str:
    """A header without line breaks, which would end it and let the page write its own."""
    return text.replace("\r", " ").replace("\n", " ")


def _undone(name: str, value: str) -> tuple[str, str]:
    return (f"x-archive-orig-{name}", value) if name.lower() in _UNDONE_HEADERS else (name, value)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut; a no-op where folders cannot be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
