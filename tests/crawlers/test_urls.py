"""Addresses: the form that is fetched, and when two are the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chitieu.crawlers.urls import address_key, canonical_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://BaoThu.VN:80/Tin#dau", "http://baothu.vn/Tin"),
        ("https://baothu.vn", "https://baothu.vn/"),
        ("https://baothu.vn/a?utm_source=x&id=5&fbclid=y", "https://baothu.vn/a?id=5"),
        ("https://baothu.vn/a?utm_source=x", "https://baothu.vn/a"),
        ("https://baothu.vn/tin;jsessionid=AB12?id=5", "https://baothu.vn/tin?id=5"),
        ("https://baothu.vn/tỉnh giao", "https://baothu.vn/t%E1%BB%89nh%20giao"),
        ("https://baothu.vn/t%E1%BB%89nh", "https://baothu.vn/t%E1%BB%89nh"),
        ("https://user:secret@baothu.vn/a", "https://baothu.vn/a"),
    ],
)
def test_canonical_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.vn/", "/tin", "http://", "http:///x", "http://[::1/", "http://a.vn:x/"])
def test_what_cannot_be_fetched_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        canonical_url(url)


def test_one_page_has_one_key() -> None:
    same = [
        "http://baothu.vn/tin/bai-1", "https://www.baothu.vn/tin/bai-1/", "https://baothu.vn:443/tin/bai-1#a",
        "//baothu.vn/tin/bai-1?utm_medium=z",
    ]  # fmt: skip
    assert len({address_key(canonical_url(url, "https://baothu.vn/")) for url in same}) == 1
    assert address_key("http://a.vn/x?b=2&a=1") == address_key("http://a.vn/x?a=1&b=2")
    assert address_key("http://a.vn/X") != address_key("http://a.vn/x")
    assert address_key("http://a.vn/X", ignore_case=True) == address_key("http://a.vn/x", ignore_case=True)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    for url in (text, f"http://a.vn/{text}"):
        try:
            canonical = canonical_url(url)
        except ValueError:
            continue
        assert canonical.isascii() and canonical_url(canonical) == canonical
        address_key(canonical)
