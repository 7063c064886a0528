"""The sample articles are well-formed, each its own, and hold what the demo is to show."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from itertools import combinations

import pytest

from chitieu.pipelines.sample_press import SAMPLE, SampleArticle, load_articles, portal_ids

FILES = sorted((SAMPLE / "articles").glob("*.toml"))
ARTICLES = load_articles()
SENTENCE_END = re.compile(r"(?<=[.;:?!”])\s+")
NUMBERED = re.compile(r"\b\d+(?:/\d{4})?(?:/[A-ZĐa-z]+(?:-[A-ZĐa-z]+)+|-[A-ZĐ]+/[A-ZĐa-z]+)\b")


def sentences(article: SampleArticle) -> set[str]:
    """The article's sentences, without the short formulas that all official texts share."""
    found = (s.strip() for paragraph in (article.title, article.sapo, *article.body) for s in SENTENCE_END.split(paragraph))
    return {s for s in found if len(s.split()) > 6}


def words(article: SampleArticle) -> int:
    return len(" ".join((article.title, article.sapo, *article.body, *article.captions)).split())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_for_what_it_holds(path):
    article = SampleArticle.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    assert path.stem == f"{article.portal}-{article.id}"
    assert article.portal in portal_ids()
    assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article.portal}-{article.id}")
def test_an_article_has_the_length_and_time_of_its_kind(article):
    assert 230 <= words(article) <= 560
    assert 2023 <= article.published.year <= 2025
    assert article.published.utcoffset().total_seconds() == 7 * 3600
    assert (article.document is not None) == (article.portal == "vb-song-lam")


def test_there_are_forty_articles_of_four_provinces_and_more():
    count = Counter(article.portal for article in ARTICLES)
    assert count.total() >= 40
    assert count.keys() == set(portal_ids())
    assert count["bao-song-lam"] >= 10 and count["bao-dat-to"] >= 10 and count["vb-song-lam"] >= 6


def test_titles_and_slugs_are_unique():
    assert max(Counter(article.title for article in ARTICLES).values()) == 1
    assert max(Counter((article.portal, article.slug) for article in ARTICLES).values()) == 1


def test_no_two_articles_share_more_than_a_small_part():
    for one, other in combinations(ARTICLES, 2):
        if one.syndicated_from or other.syndicated_from:
            continue
        mine, theirs = sentences(one), sentences(other)
        shared = mine & theirs
        assert len(shared) <= 0.08 * min(len(mine), len(theirs)), (one.slug, other.slug, shared)


@pytest.mark.parametrize("copy", [a for a in ARTICLES if a.syndicated_from], ids=lambda article: article.slug)
def test_a_syndicated_article_is_a_near_copy_of_an_earlier_one(copy):
    earlier = [article for article in ARTICLES if article.published < copy.published]
    mine = sentences(copy)
    assert 0.6 < max(len(mine & sentences(other)) / len(mine) for other in earlier)


def test_edits_come_later_and_change_something():
    edited = [article for article in ARTICLES if article.edited]
    assert len(edited) >= 2
    for article in edited:
        later = article.in_edition(2)
        assert later.modified and later.modified > article.published
        assert (later.title, later.sapo, later.body) != (article.title, article.sapo, article.body)


def test_numbered_documents_are_named_with_their_dates():
    named = set()
    for article in ARTICLES:
        for paragraph in article.body:
            for match in NUMBERED.finditer(paragraph):
                if re.match(r" ngày \d", paragraph[match.end() :]):
                    named.add(match.group())
    assert len(named) >= 12


@pytest.mark.parametrize(
    "form",
    [
        r"\d+-\d+ tỷ đồng|\d-\d+ điểm %",
        r"\d+/\d+ (?:xã|chỉ tiêu|huyện|chủ đầu tư)",
        r"thứ \d+/\d+",
        r"\d điểm phần trăm",
        r"triệu đồng/người/(?:năm|tháng)",
        r"một nửa|gấp rưỡi|hai vạn",
        r"\d{2},\d{3} ha",
        r"\(\*\)",
        r"từ nay đến (?:hết năm|cuối năm)",
        r"[Tt]ính đến",
        r"cùng kỳ",
        r"quý (?:I|II|III|IV)/20\d\d",
        r"nhiệm kỳ 20\d\d",
        r"giai đoạn 20\d\d",
        r"tháng \d+-20\d\d",
        r"Ngày \d+ tháng \d+ năm 20\d\d",
        r"trước ngày \d+/\d+",
        r"đến năm 20\d\d",
    ],
)
def test_figures_and_times_come_in_every_form(form):
    assert any(re.search(form, paragraph) for article in ARTICLES for paragraph in (article.sapo, *article.body))
