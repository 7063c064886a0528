"""Encodings declared, undeclared, wrongly declared and older than Unicode."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chitieu.crawlers.page import StoredPage
from chitieu.pipelines.decoding import ViqrPage, decode_page
from chitieu.pipelines.parse import NotArticle, parse_page

TEXT = (
    "Tỉnh đặt mục tiêu giảm nghèo 1,5 điểm phần trăm; ngành nông nghiệp phải trồng mới 620 ha rừng trước ngày 30/9, sửa xong những hồ chứa nhỏ, "
    "kiểm kê đất ở, nộp báo cáo đúng kỳ, giữ vững trật tự, ưu tiên vốn cho hạ tầng số và dạy nghề cho người dân tộc."
)
PAGE = f"<html><head><title>x</title></head><body><h1>Giao nhiệm vụ quý ba</h1><p>{TEXT}</p><p>{TEXT}</p></body></html>"

# What the makers of the fonts published: TCVN 5712 and VISCII as bytes, VNI as pairs of letters.
TCVN = dict(zip(
    "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    bytes.fromhex("a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedeeeff1f2f3f4f5f6f7f8f9fafbfcfdfe"),
    strict=True,
))  # fmt: skip
VNI = dict(zip(
    "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    "aê aâ eâ oâ ô ö ñ aø aû aõ aù aï aè aú aü aé aë aà aå aã aá aä eø eû eõ eù eï eà eå eã eá eä ì æ ó í ò oø oû oõ où oï oà oå oã oá oä "
    "ôø ôû ôõ ôù ôï uø uû uõ uù uï öø öû öõ öù öï yø yû yõ yù î".split(),
    strict=True,
))  # fmt: skip
LOWER = PAGE.replace("Giao", "giao").replace("Tỉnh", "tỉnh")


def in_tcvn(text: str) -> bytes:
    return b"".join(bytes([TCVN[c]]) if c in TCVN else c.encode("ascii") for c in text)


def in_vni(text: str) -> str:
    return "".join(VNI.get(c, c) for c in text)


def cp1258(text: str) -> bytes:
    """windows-1258 writes most vowels whole and their tones behind them."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize(
    ("body", "content_type", "repaired"),
    [
        (PAGE.encode(), "text/html; charset=utf-8", ()),
        (PAGE.encode(), "text/html", ()),
        (PAGE.encode(), "text/html; charset=iso-8859-1", ("declared cp1252",)),
        (PAGE.encode(), "text/html; charset=no-such", ()),
        (PAGE.replace("<title>", "<meta charset=windows-1252><title>").encode(), "text/html", ("declared cp1252",)),
        (PAGE.encode("utf-8-sig"), "text/html; charset=iso-8859-1", ("declared cp1252",)),
        (PAGE.encode("utf-16"), "text/html", ()),
        (PAGE.encode("utf-16-le"), "text/html", ()),
        (PAGE.encode("utf-16-be"), "text/html; charset=utf-8", ("declared utf-8",)),
        (unicodedata.normalize("NFD", PAGE).encode(), "text/html; charset=utf-8", ("nfd",)),
        (cp1258(PAGE), "text/html; charset=windows-1258", ("nfd",)),
        (cp1258(PAGE), "text/html; charset=utf-8", ("declared utf-8", "nfd")),
        (PAGE.encode().decode("latin-1").encode(), "text/html; charset=utf-8", ("mojibake",)),
        (PAGE.encode()[:-9] + b"\xe1\xbb</html>", "text/html; charset=utf-8", ()),
    ],
)
def test_each_way_gives_the_same_text(body: bytes, content_type: str, repaired: tuple[str, ...]) -> None:
    page = decode_page(body, content_type)
    assert TEXT in page.text
    assert page.repaired == repaired


@pytest.mark.parametrize(
    ("body", "encoding", "repaired"),
    [
        (in_tcvn(LOWER), "tcvn3", ("declared cp1252",)),
        (in_tcvn(LOWER).decode("latin-1").encode(), "utf-8", ("declared cp1252", "tcvn3")),
        (in_vni(LOWER).encode("latin-1"), "vni", ("declared cp1252",)),
        (in_vni(LOWER).encode(), "utf-8", ("declared cp1252", "vni")),
    ],
    ids=["tcvn3", "tcvn3 inside utf-8", "vni", "vni inside utf-8"],
)
def test_fonts_from_before_unicode(body: bytes, encoding: str, repaired: tuple[str, ...]) -> None:
    page = decode_page(body, "text/html; charset=iso-8859-1")
    assert TEXT.replace("Tỉnh", "tỉnh") in page.text
    assert (page.encoding, page.repaired) == (encoding, repaired)


def test_old_text_in_a_page_of_today_leaves_the_rest_alone() -> None:
    page = f"<p>{TEXT}</p><p>{in_tcvn(TEXT.lower()).decode('latin-1')}</p><p>Café Lausanne, 25 µm</p>"
    text = decode_page(page.encode(), "text/html; charset=utf-8").text
    assert text == f"<p>{TEXT}</p><p>{TEXT.lower()}</p><p>Café Lausanne, 25 µm</p>"


def test_viqr_is_recognised_and_refused(stored: Callable[..., StoredPage]) -> None:
    page = "<html><body><h1>Giao chi? tie^u</h1><p>" + "Ti?nh dda(.t mu.c tie^u gia?m ngho+` ha(`ng na(m, tro^`ng ru+`ng tru+o+'c mu`a mu+a. " * 12 + "</p></body></html>"
    with pytest.raises(ViqrPage):
        decode_page(page.encode())
    assert parse_page(stored(page), None) == NotArticle("legacy-encoding", "Vietnamese written in ASCII (VIQR)")


@given(st.binary(max_size=400), st.sampled_from(["text/html", "text/html; charset=utf-8", "text/html; charset=cp1258", "text/html; charset=\x00"]))
def test_any_bytes_decode(body: bytes, content_type: str) -> None:
    page = decode_page(body, content_type)
    assert unicodedata.is_normalized("NFC", page.text)
