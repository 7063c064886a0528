"""Search: words typed without diacritics find the sentences that have them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chitieu.pipelines import database
from chitieu.pipelines.errors import WrongCall
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.search import search
from chitieu.pipelines.store import Store

TEXT = (
    "Tình hình đầu tư công\n\n"
    "Đến ngày 30/6, tỉnh giải ngân vốn đầu tư công đạt 41,2% kế hoạch. Vốn đầu tư của doanh nghiệp tăng, việc giải ngân chậm.\n\n"
    "Đường Hòa Bình được mở rộng.\n\nMá anh đến từ sáng.\n\nMà anh đến muộn.\n"
)


@pytest.fixture(scope="module")
def small(filled: Callable[..., Store]) -> Store:
    """Two articles; the last test edits one."""
    return filled(
        {"id": "a", "text": TEXT, "published": "2023-07-01", "place": "Lào Cai"},
        {"id": "b", "text": "Tin khác\n\nTỉnh giải ngân vốn đầu tư đạt thấp.\n", "published": "2024-07-01", "place": "Nghệ An"},
    )


def found(store: Store, words: str, **options: str) -> list[str]:
    with database.open_reader(store) as con:
        return [hit.sentence for hit in search(con, words, **options)]


def test_words_without_diacritics_are_found_and_the_whole_phrase_comes_first(small: Store) -> None:
    sentences = found(small, "giai ngan von dau tu")
    assert sentences[0].startswith("Tỉnh giải ngân") and sentences[1].startswith("Đến ngày 30/6")
    assert sentences[2].startswith("Vốn đầu tư của doanh nghiệp"), "the words apart come after the phrase"
    assert len(sentences) == 3


def test_quoted_words_must_stand_together(small: Store) -> None:
    assert len(found(small, '"giai ngan von" dat')) == 2
    assert found(small, '"ngan giai"') == []


def test_words_are_whole_words_and_figures_are_words(small: Store) -> None:
    assert found(small, "gia ngan") == []
    assert len(found(small, "41,2%")) == 1
    assert found(small, "duong hoa binh") == found(small, "Đường Hoà Bình") == ["Đường Hòa Bình được mở rộng."]


def test_diacritics_that_were_typed_rank_first(small: Store) -> None:
    assert found(small, "mà anh")[0].startswith("Mà") and found(small, "má anh")[0].startswith("Má")


def test_a_place_narrows_and_diacritics_may_be_missing_there_too(small: Store) -> None:
    assert found(small, "giai ngan", place="nghe an") == ["Tỉnh giải ngân vốn đầu tư đạt thấp."]


@pytest.mark.parametrize("nothing", ["", "   ", '""', "!?", "%", "\\"])
def test_nothing_to_look_for_is_a_wrong_call(small: Store, nothing: str) -> None:
    with pytest.raises(WrongCall, match="give the words"):
        found(small, nothing)


@pytest.mark.parametrize("odd", ["'; DROP TABLE article; --", "100%_", "$place", "\u0000a"])
def test_odd_queries_find_what_they_say_or_nothing(small: Store, odd: str) -> None:
    assert found(small, odd) == []


def test_offsets_lead_to_the_sentence_in_its_article(small: Store) -> None:
    with database.open_reader(small) as con:
        for hit in search(con, "giải ngân"):
            (text,) = con.execute("SELECT text FROM article WHERE article_id = ?", [hit.article_id]).fetchall()[0]
            assert text[hit.start_offset : hit.end_offset] == hit.sentence


def test_an_edited_article_is_searched_as_it_stands_now(small: Store) -> None:
    edited = small.root.with_name("edited.jsonl")
    edited.write_text('{"id": "b", "text": "Tin khác\\n\\nTỉnh đã hoàn thành sửa chữa.\\n", "published": "2024-07-01"}\n', encoding="utf-8")
    ingest(small, {}, [edited])
    extract(small)
    load(small, {})
    assert found(small, "sua chua") == ["Tỉnh đã hoàn thành sửa chữa."]
    assert "Tỉnh giải ngân vốn đầu tư đạt thấp." not in found(small, "giai ngan")
