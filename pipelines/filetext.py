"""Attached files → text: PDF by PDFium, DOCX by python-docx, RTF by striprtf, DOC by olefile, each in a child process.

Files from the web are hostile: archives that unpack without end, pages without number, structures that
lead back to themselves. The child has a limit of memory and of processor time, and what breaks it is
a reason and never an end of the run. `python -m chitieu.pipelines.filetext` is that child: bytes on
standard input, a `FileText` as JSON on standard output.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

Cause = Literal["needs_ocr", "unsupported-file", "damaged-file", "encrypted-file", "file-too-large", "no-text"]

MAX_PAGES = 1000
MAX_CHARACTERS = 3_000_000
MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes that all parts of a DOCX may unpack to."""
MAX_PARTS = 5000
MEMORY_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 90

_LETTERS_OF_A_PAGE = 25
"""Letters below which a page has no text layer: stamps and page numbers are less."""
_ENDS = re.compile(r"[.:;!?/…]['\"”’)]*$")
_BEGINS = re.compile(
    r"(?:[-–+•*]\s|\(?[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}[.)]\s|[a-zđ]\)\s|[IVXLC]{1,6}[.)]\s|(?:Điều|Chương|Mục|Phần|Phụ lục|Số|Kính gửi|Nơi nhận)\b)"
)
_PAGE_NUMBER = re.compile(r"[-–\s]*(?:Trang\s*)?[0-9]{1,4}(?:\s*/\s*[0-9]{1,4})?[-–\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says: its paragraphs, or why there are none."""

    paragraphs: tuple[str, ...] = ()
    kind: str = ""
    pages: int = 0
    unread_pages: tuple[int, ...] = ()
    """Pages without a text layer, counted from 1: pictures of paper."""
    cause: Cause | None = None
    """Why the file gives no text; None where it does."""
    detail: str = ""


def read_file(body: bytes, *, cpu_seconds: int = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> FileText:
    """The text of a PDF, DOCX, DOC or RTF. Never raises on a file, however hostile; the cause says what is wrong."""
    kind = _kind(body)
    if kind not in _READERS:
        return FileText(kind=kind, cause="unsupported-file", detail=_UNSUPPORTED.get(kind, "neither PDF nor a document of Word"))
    command = [sys.executable, "-P", "-m", "chitieu.pipelines.filetext", str(cpu_seconds), str(memory_bytes)]
    try:
        child = subprocess.run(command, input=body, capture_output=True, timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return FileText(kind=kind, cause="file-too-large", detail=f"reading it took longer than {WALL_SECONDS} s")
    try:
        found = json.loads(child.stdout)
    except ValueError:
        return _broken(kind, child.returncode, child.stderr.decode("utf-8", "replace"))
    found["paragraphs"], found["unread_pages"] = tuple(found["paragraphs"]), tuple(found["unread_pages"])
    return FileText(**found)


def _broken(kind: str, code: int, said: str) -> FileText:
    """A child that ended without an answer: killed by its limits, or by the file."""
    if code < 0 or "MemoryError" in said:
        return FileText(kind=kind, cause="file-too-large", detail="reading it took more time or memory than a file may")
    return FileText(kind=kind, cause="damaged-file", detail=(said.strip().splitlines() or ["reading it broke down"])[-1][:300])


_UNSUPPORTED = {
    "ole": "Excel, PowerPoint or the like before 2007",
    "zip": "a ZIP archive that is no DOCX",
    "rar": "RAR",
    "picture": "a picture: its text would have to be read by OCR",
}
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"{\\rtf", "rtf"), (b"Rar!", "rar"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"),
)  # fmt: skip


def _kind(body: bytes) -> str:
    """What a file is, told from its bytes and not from its name."""
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return "docx" if b"word/document" in body else "zip"
    if body.startswith(_MAGIC[0][0]) and "WordDocument".encode("utf-16-le") in body:
        return "doc"
    return next((kind for magic, kind in _MAGIC if body.startswith(magic)), "")


# --- in the child -----------------------------------------------------------------------------


def read_pdf(body: bytes) -> FileText:
    """Text of a PDF page by page; needs_ocr where its pages are pictures."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        cause: Cause = "encrypted-file" if "password" in str(error).lower() else "damaged-file"
        return FileText(kind="pdf", cause=cause, detail=str(error)[:300])
    pages = len(document)
    if pages > MAX_PAGES:
        return FileText(kind="pdf", pages=pages, cause="file-too-large", detail=f"{pages:,} pages; at most {MAX_PAGES:,} are read")
    lines: list[list[str]] = []
    unread, size = [], 0
    for number in range(pages):
        text = _page_text(document, number)
        size += len(text)
        if size > MAX_CHARACTERS:
            return FileText(kind="pdf", pages=pages, cause="file-too-large", detail=f"more than {MAX_CHARACTERS:,} characters")
        if sum(map(str.isalpha, text)) < _LETTERS_OF_A_PAGE:
            unread.append(number + 1)
        lines.append(text.splitlines())
    if len(unread) == pages:
        return FileText(kind="pdf", pages=pages, unread_pages=tuple(unread), cause="needs_ocr", detail=f"{pages} pages, none with a text layer")
    return FileText(tuple(join_lines(line for page in lines for line in page)), "pdf", pages, tuple(unread))


def _page_text(document: object, number: int) -> str:
    """The text of one page; nothing where the page itself is damaged."""
    import pypdfium2

    try:
        page = document[number]  # type: ignore[index]
        text = page.get_textpage()
        # PDFium marks a hyphen at a line's end with U+FFFE.
        return text.get_text_bounded().replace("\ufffe", "-")
    except pypdfium2.PdfiumError:
        return ""


def join_lines(lines: Iterator[str]) -> Iterator[str]:
    """The paragraphs of lines as they were set: a full line that ends no sentence goes on in the next."""
    kept = [text for line in lines if (text := " ".join(line.split())) and not _PAGE_NUMBER.fullmatch(text)]
    widths = sorted(map(len, kept))
    full = 0.7 * widths[int(0.9 * (len(widths) - 1))] if widths else 0
    paragraph, last = "", ""
    for text in kept:
        goes_on = paragraph and not _ENDS.search(last) and not _BEGINS.match(text) and (len(last) >= full or text[:1].islower())
        if paragraph and not goes_on:
            yield paragraph
        paragraph, last = (f"{paragraph} {text}" if goes_on else text), text
    if paragraph:
        yield paragraph


def read_docx(body: bytes) -> FileText:
    """Paragraphs and rows of tables of a DOCX, in reading order."""
    import docx

    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        infos = parts.infolist()
        # zipfile reads no part further than the size it declares.
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            return FileText(kind="docx", cause="file-too-large", detail=f"unpacks to more than {MAX_UNPACKED:,} bytes or {MAX_PARTS:,} parts")
    paragraphs, size = [], 0
    for text in _docx_lines(docx.Document(io.BytesIO(body)), 0):
        size += len(text)
        if size > MAX_CHARACTERS:
            return FileText(kind="docx", cause="file-too-large", detail=f"more than {MAX_CHARACTERS:,} characters")
        paragraphs.append(text)
    if not paragraphs:
        return FileText(kind="docx", cause="needs_ocr" if b"word/media/" in body else "no-text", detail="no text in the document")
    return FileText(tuple(paragraphs), "docx")


_DEEPEST_TABLE = 8


def _docx_lines(holder: object, depth: int) -> Iterator[str]:
    from docx.table import Table

    for item in holder.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Table):
            if depth < _DEEPEST_TABLE:
                yield from _table_lines(item, depth + 1)
        else:
            yield from filter(None, (" ".join(line.split()) for line in item.text.splitlines()))


def _table_lines(table: object, depth: int) -> Iterator[str]:
    """Rows of data as one line each; a cell of several lines, as in the head of a letter, line by line."""
    for row in table.rows:  # type: ignore[attr-defined]
        # A cell that spans columns comes once for each of them.
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        texts = [list(_docx_lines(cell, depth)) for cell in cells]
        if all(len(lines) <= 1 for lines in texts):
            if line := " | ".join(lines[0] if lines else "" for lines in texts).strip(" |"):
                yield line
        else:
            yield from (line for lines in texts for line in lines)


def read_doc(body: bytes) -> FileText:
    """Paragraphs and rows of tables of a document of Word 97 to 2003."""
    from chitieu.pipelines.oldword import Encrypted, NotReadable, word_paragraphs

    try:
        return _of_lines("doc", word_paragraphs(body))
    except NotReadable as error:
        return FileText(kind="doc", cause="encrypted-file" if isinstance(error, Encrypted) else "damaged-file", detail=str(error))


def read_rtf(body: bytes) -> FileText:
    """Paragraphs of an RTF file, each row of a table as one line."""
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(body.decode("latin-1"), errors="ignore")
    return _of_lines("rtf", (" ".join(line.replace("|", " | ").split()).strip(" |") for line in text.split("\n")))


def _of_lines(kind: str, lines: Iterable[str]) -> FileText:
    """What the lines of a file of text come to, empty ones left out."""
    paragraphs = list(filter(None, lines))
    if sum(map(len, paragraphs)) > MAX_CHARACTERS:
        return FileText(kind=kind, cause="file-too-large", detail=f"more than {MAX_CHARACTERS:,} characters")
    return FileText(tuple(paragraphs), kind) if paragraphs else FileText(kind=kind, cause="no-text", detail="no text in the document")


_READERS: dict[str, Callable[[bytes], FileText]] = {"pdf": read_pdf, "docx": read_docx, "doc": read_doc, "rtf": read_rtf}


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Bound this process; a no-op where the system knows no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Entry of the child process."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    body = sys.stdin.buffer.read()
    kind = _kind(body)
    try:
        found = _READERS[kind](body)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a hostile file can break any reader; the cause says so
        found = FileText(kind=kind, cause="damaged-file", detail=f"{type(error).__name__}: {error}"[:300])
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
