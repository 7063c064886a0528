"""Attached files: what PDF and DOCX say, what scans are, and what hostile ones may cost."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import pypdfium2
import pytest

from chitieu.crawlers.page import StoredPage
from chitieu.data import DATA
from chitieu.pipelines.article import Article
from chitieu.pipelines.attachments import Parent, parse_attachment
from chitieu.pipelines.filetext import join_lines, read_docx, read_file, read_pdf
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
