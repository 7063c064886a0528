"""Attached files: what PDF, Word and RTF say, what scans are, and what hostile ones may cost."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chitieu.crawlers.page import StoredPage
from chitieu.data import DATA
from chitieu.pipelines.article import Article
from chitieu.pipelines.attachments import Parent, parse_attachment
from chitieu.pipelines.filetext import join_lines, read_docx, read_file, read_pdf
from chitieu.pipelines.oldword import NotReadable, word_paragraphs
from chitieu.pipelines.refusal import NotArticle

ANNEX = (DATA / "sample" / "attachments" / "phu-luc-chi-tieu-giam-ngheo.pdf").read_bytes()
LETTER = (
    "Năm 2024, tỉnh phấn đấu thu ngân sách đạt 15.857 tỷ đồng, giải ngân vốn đầu tư công đạt trên 95% kế hoạch; các sở, ngành "
    "báo cáo trước ngày 15/12/2024."
)


def a_docx(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if rows:
        table = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def an_old_word(text: str, *, flags: int = 0x0200, version: int = 0x00C1, where: int = 2048) -> bytes:
    """A document of Word 97: its text in two pieces, the first of one byte a character and the second of two."""
    first, second = text[:7].encode("cp1252"), text[7:].encode("utf-16-le")
    document = bytearray(4096)
    struct.pack_into("<HH", document, 0, 0xA5EC, version)
    struct.pack_into("<H", document, 0x0A, flags)
    struct.pack_into("<I", document, 0x4C, len(text))
    pieces = struct.pack("<III", 0, 7, len(text)) + struct.pack("<HIH", 0, 0x4000_0000 | 2 * 1024, 0) + struct.pack("<HIH", 0, where, 0)
    table = b"\x01\x02\x00??" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", document, 0x01A2, 0, len(table))
    document[1024 : 1024 + len(first)] = first
    document[2048 : 2048 + len(second)] = second
    return a_container({"WordDocument": bytes(document), "1Table": table.ljust(4096, b"\0")})


def a_container(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams, of 4096 bytes or more each."""
    end, sectors, chain, entries = 0xFFFF_FFFE, b"", [0xFFFF_FFFD], []

    def entry(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
        label = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBiii", len(label), kind, 1, -1, right, child)
        return label.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    for number, (name, content) in enumerate(streams.items(), 1):
        start, count = len(chain), -(-len(content) // 512)
        chain += [*range(start + 1, start + count), end]
        sectors += content.ljust(512 * count, b"\0")
        entries.append(entry(name, 2, start, len(content), -1, number + 1 if number < len(streams) else -1))
    directory = b"".join([entry("Root Entry", 5, end, 0, 1, -1), *entries]).ljust(512, b"\0")
    fat = struct.pack(f"<{len(chain) + 1}I", *chain, end).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, len(chain), 0, 4096, end, 0, end, 0)
    return head + struct.pack("<I", 0).ljust(436, b"\xff") + fat + sectors + directory


def blank_pdf(pages: int) -> bytes:
    """A PDF without a text layer, as scanners make them."""
    made = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        made.new_page(595, 842)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def replaced(body: bytes, part: str, content: bytes) -> bytes:
    """A DOCX with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return file.getvalue()


DOCUMENT = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'


def test_a_pdf_is_read_by_paragraphs() -> None:
    found = read_file(ANNEX)
    assert (found.kind, found.pages, found.cause) == ("pdf", 1, None)
    assert found.paragraphs[0] == "PHỤ LỤC"
    assert any(p.startswith("2. Huyện Tương Dương giảm 4,5 điểm %") and p.endswith("còn 16,9%.") for p in found.paragraphs)


def test_a_docx_is_read_in_order_with_its_tables() -> None:
    found = read_file(a_docx("KẾ HOẠCH", LETTER, rows=(("Chỉ tiêu", "Năm 2025"), ("GRDP", "8,5%"))))
    assert found.paragraphs == ("KẾ HOẠCH", LETTER, "Chỉ tiêu | Năm 2025", "GRDP | 8,5%")


OLD_TEXT = f"K\xca HO\xc0CH\r{LETTER}\rXem \x13 HYPERLINK \"http://x\" \x14Phụ lục\x15.\x0cChỉ tiêu\x07Năm 2025\x07\x07GRDP\x078,5%\x07\x07"
RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1 .VnTime;}}\f0 K\u7871? ho\u7841?ch thu 15.857 t\u7927?\par \trowd\cellx1\cellx2\intbl GRDP\cell 8,5%\cell\row\f1 \'f1y ban\par}"


def test_an_old_word_document_is_read_piece_by_piece() -> None:
    found = read_file(an_old_word(OLD_TEXT))
    assert (found.kind, found.cause) == ("doc", None)
    assert found.paragraphs == ("KÊ HOÀCH", LETTER, "Xem Phụ lục.", "Chỉ tiêu | Năm 2025", "GRDP | 8,5%")


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (an_old_word(OLD_TEXT, flags=0x0300), "encrypted-file"),
        (an_old_word(OLD_TEXT, version=0x0065), "damaged-file"),
        (an_old_word(OLD_TEXT, flags=0), "damaged-file"),
        (an_old_word(OLD_TEXT)[:3000] + "WordDocument".encode("utf-16-le"), "damaged-file"),
        (a_container({"Workbook": bytes(4096)}), "unsupported-file"),
    ],
    ids=["password", "word-95", "no-such-table", "torn", "excel"],
)
def test_old_word_documents_that_cannot_be_read_have_a_cause(body: bytes, cause: str) -> None:
    assert read_file(body).cause == cause


def test_pieces_outside_the_file_are_no_text() -> None:
    assert list(word_paragraphs(an_old_word(OLD_TEXT, where=3_000_000))) == ["KÊ HOÀC"]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_damage_to_an_old_word_document_raises_anything_else(data: st.DataObject) -> None:
    body = bytearray(an_old_word(OLD_TEXT))
    for _ in range(data.draw(st.integers(1, 8))):
        # Where the heads and tables lie.
        at = data.draw(st.one_of(st.integers(0, 600), st.integers(1024, 1500), st.integers(5120, 5300), st.integers(9216, 9700)))
        body[at] = data.draw(st.integers(0, 255))
    try:
        assert sum(map(len, word_paragraphs(bytes(body)))) < 100_000
    except NotReadable as error:
        assert str(error)


def test_rtf_is_read_with_its_tables() -> None:
    found = read_file(RTF)
    assert (found.kind, found.cause) == ("rtf", None)
    assert found.paragraphs == ("Kế hoạch thu 15.857 tỷ", "GRDP | 8,5%", "ñy ban")


def test_a_scan_waits_for_ocr() -> None:
    found = read_pdf(blank_pdf(3))
    assert found.cause == "needs_ocr" and found.unread_pages == (1, 2, 3)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"%PDF-1.7\n" + b"garbage " * 50, "damaged-file"),
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
         b"trailer<</Root 1 0 R>>", "needs_ocr"),
        (b"PK\x03\x04 word/document nothing", "damaged-file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "unsupported-file"),
        (b"PK\x03\x04" + bytes(100), "unsupported-file"),
        (b"<html>", "unsupported-file"),
    ],
    ids=["garbage", "pages-in-a-circle", "torn-docx", "old-word", "zip", "page"],
)  # fmt: skip
def test_what_is_no_readable_file_has_a_cause(body: bytes, cause: str) -> None:
    assert read_file(body).cause == cause


def test_files_that_unpack_without_end_are_refused() -> None:
    bomb = replaced(a_docx("x"), "word/document.xml", b"<w:document>" + b" " * 250_000_000)
    assert len(bomb) < 400_000
    began = time.monotonic()
    assert read_docx(bomb).cause == "file-too-large"
    assert time.monotonic() - began < 2


def test_entities_are_not_multiplied() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<!DOCTYPE d [<!ENTITY e0 "nhân lên">{levels}]><w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>'
    )
    found = read_file(replaced(a_docx("x"), "word/document.xml", document.encode()))
    assert found.cause is not None and not found.paragraphs


def test_too_many_pages_are_refused() -> None:
    assert read_pdf(blank_pdf(1001)).cause == "file-too-large"


def test_a_child_out_of_time_is_a_cause() -> None:
    slow = replaced(a_docx("x"), "word/document.xml", DOCUMENT % (b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 400_000))
    assert read_file(slow, cpu_seconds=1).cause == "file-too-large"


def test_full_lines_go_on_and_items_begin() -> None:
    lines = ["Căn cứ Luật Tổ chức chính quyền địa phương số 65/2025/QH15 ngày", "19/02/2025; tỉnh giao:", "1. Sở Tài chính báo cáo.", "- 2 -", "2. Sở Y tế"]
    assert list(join_lines(iter(lines))) == [f"{lines[0]} {lines[1]}", lines[2], lines[4]]


def test_an_attachment_takes_title_and_day_from_its_page(stored: Callable[..., StoredPage]) -> None:
    day = datetime(2025, 5, 7, 3, tzinfo=UTC)
    parent = Parent("Quyết định giao chỉ tiêu", day, "selector", "Số ký hiệu: 1187/QĐ-UBND")
    page = stored(ANNEX, url="https://vb.example/tep/phu-luc.pdf", content_type="application/pdf")
    article, rest = parse_attachment(page, None, parent)
    assert isinstance(article, Article) and rest is None
    assert (article.title, article.published, article.published_by) == ("Quyết định giao chỉ tiêu", day, "selector")
    alone, _ = parse_attachment(page, None, None)
    assert isinstance(alone, Article) and alone.title == "Chỉ tiêu giảm nghèo năm 2025 của các huyện, thành phố, thị xã"


def test_a_file_that_repeats_its_page_is_no_second_article(stored: Callable[..., StoredPage]) -> None:
    page = stored(a_docx(LETTER), url="https://vb.example/tep/1.docx")
    found, _ = parse_attachment(page, None, Parent("Kế hoạch", None, None, f"Kế hoạch\n\n{LETTER}"))
    assert isinstance(found, NotArticle) and found.reason == "says-the-same"


def test_old_fonts_in_files_are_read_rightly(stored: Callable[..., StoredPage]) -> None:
    tcvn3 = "§Èy nhanh tiÕn ®é gi¶i ng©n vèn ®Çu t­ c«ng trªn ®Þa bµn tØnh; c¸c së, ngµnh b¸o c¸o tr­íc ngµy 30/6. " * 4
    article, _ = parse_attachment(stored(a_docx(tcvn3), url="https://vb.example/tep/2.docx"), None, None)
    assert isinstance(article, Article) and "giải ngân vốn đầu tư công trên địa bàn tỉnh" in article.text
