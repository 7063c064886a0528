"""Saved pages in the markup of each template family, read as their neighbours in JSON say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chitieu.crawlers.page import StoredPage
from chitieu.crawlers.sources import Source
from chitieu.pipelines.article import ZONES, Article
from chitieu.pipelines.parse import NotArticle, parse_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
Stored = Callable[..., StoredPage]

SOURCE = Source(
    id="bao-ben-nua", name="Báo Bến Nứa", place="Vĩnh Phúc", kind="newspaper", hosts=("baobennua.example",), evidence=("written for a test",)
)  # fmt: skip


def lines_of(article: Article) -> list[list[str]]:
    return [[zone.name, line] for zone in article.zones for line in article.text[zone.start : zone.end].split("\n") if line]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_saved_page_reads_as_expected(path: Path, stored: Stored) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    article = parse_page(stored(path.read_bytes()), None)
    if "reason" in expected:
        assert isinstance(article, NotArticle)
        assert article.reason == expected["reason"]
        return
    assert isinstance(article, Article)
    told = {name: getattr(article, name) for name in expected if name != "lines"}
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
    assert told | {"tags": list(article.tags), "lines": lines_of(article)} == expected


@pytest.mark.parametrize("path", [path for path in PAGES if not path.stem.startswith("bad-")], ids=lambda path: path.stem)
def test_zones_are_sorted_apart_and_cover_all_lines(path: Path, stored: Stored) -> None:
    article = parse_page(stored(path.read_bytes()), None)
    assert isinstance(article, Article)
    assert {zone.name for zone in article.zones} <= set(ZONES)
    assert [zone.start for zone in article.zones] == sorted(zone.start for zone in article.zones)
    uncovered, at = [], 0
    for zone in article.zones:
        assert at <= zone.start < zone.end
        uncovered.append(article.text[at : zone.start])
        at = zone.end
    assert "".join(uncovered).strip() == "" and at == len(article.text)


def page_with(body: str, head: str = "") -> str:
    return f"<html><head><meta charset=utf-8><title>Khơi thông dòng vốn cho hợp tác xã</title>{head}</head><body>{body}</body></html>"


STORY = (
    "<p>Quỹ hỗ trợ của tỉnh đã cho 38 hợp tác xã vay 27 tỷ đồng, gấp 1,6 lần năm trước.</p>"
    "<p>Liên minh Hợp tác xã đề nghị nâng mức vay tối đa lên 2 tỷ đồng ngay trong quý III.</p>"
)


def test_selectors_of_the_source_come_first(stored: Stored) -> None:
    page = page_with(
        "<h1>Khơi thông dòng vốn cho hợp tác xã</h1><b class=real>Vốn về hợp tác xã</b><i class=when>1/2/2024 07:00</i>"
        f"<em class=who>Lưu Ly</em><div class=main>{STORY}<p class=x>Đường dây nóng của tòa soạn luôn mở để nhận phản ánh.</p></div>"
        "<div class=lead2>Nguồn vay mới giúp hợp tác xã mua máy.</div>",
        head='<meta property="article:published_time" content="2024-03-09T00:00:00Z">',
    )
    selectors = {"title": ".real", "sapo": ".lead2", "body": ".main", "published": ".when", "author": ".who", "remove": ".x"}
    source = SOURCE.model_validate({**SOURCE.model_dump(exclude={"file"}), "selectors": selectors})
    article = parse_page(stored(page), source)
    assert isinstance(article, Article)
    assert (article.title, article.sapo, article.author) == ("Vốn về hợp tác xã", "Nguồn vay mới giúp hợp tác xã mua máy.", "Lưu Ly")
    assert (article.published, article.published_by) == (datetime(2024, 2, 1, tzinfo=UTC), "selector")
    assert ["furniture", "Đường dây nóng của tòa soạn luôn mở để nhận phản ánh."] in lines_of(article)
    assert (article.source, article.place) == ("bao-ben-nua", "Vĩnh Phúc")


def test_selectors_that_find_nothing_give_way_to_structure(stored: Stored) -> None:
    source = SOURCE.model_validate({**SOURCE.model_dump(exclude={"file"}), "selectors": {"title": ".gone", "body": "#gone"}})
    article = parse_page(stored(page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}</div>")), source)
    assert isinstance(article, Article)
    assert [zone for zone, _ in lines_of(article)] == ["title", "body", "body"]


def test_the_same_article_has_one_id_under_several_addresses(stored: Stored) -> None:
    page = page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}</div>")
    addresses = (
        "https://baobennua.example/von-hop-tac-xa-post9.html",
        "http://www.baobennua.example/von-hop-tac-xa-post9.html?utm_source=zalo",
        "https://baobennua.example/von-hop-tac-xa-post9.html#binh-luan",
    )
    ids = {parse_page(stored(page, url=url), SOURCE).id for url in addresses}
    assert len(ids) == 1
    canonical = page.replace("<title>", f'<link rel="canonical" href="{addresses[0]}"><title>')
    assert parse_page(stored(canonical, url="https://baobennua.example/in/bai-post9999.html"), SOURCE).id in ids
    foreign = page.replace("<title>", '<link rel="canonical" href="https://elsewhere.example/x-post1.html"><title>')
    assert parse_page(stored(foreign, url=addresses[0]), SOURCE).id in ids


def test_hash_is_of_the_articles_own_words(stored: Stored) -> None:
    page = page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}</div><div class=related><h3>Tin liên quan</h3><a href=/a>A%</a></div>")
    first = parse_page(stored(page.replace("A%", "Mở thêm tám chợ phiên vùng cao")), None)
    other_teaser = parse_page(stored(page.replace("A%", "Tặng 500 suất quà cho học sinh")), None)
    edited = parse_page(stored(page.replace("27 tỷ", "29 tỷ").replace("A%", "Mở thêm tám chợ phiên vùng cao")), None)
    assert first.text != other_teaser.text
    assert first.content_hash == other_teaser.content_hash != edited.content_hash


def test_a_date_after_the_fetch_is_not_believed(stored: Stored) -> None:
    page = page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>14/5/2024 08:00</div><div>{STORY}</div>",
                     head='<meta property="article:published_time" content="2031-01-01T00:00:00+07:00">')  # fmt: skip
    article = parse_page(stored(page), None)
    assert (article.published, article.published_by) == (datetime(2024, 5, 14, 1, tzinfo=UTC), "text")


def test_last_resort_dates_say_so(stored: Stored) -> None:
    page = page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}</div>", head='<meta name="citation_publication_date" content="2024-05-14">')
    article = parse_page(stored(page), None)
    assert (article.published, article.published_by) == (datetime(2024, 5, 13, 17, tzinfo=UTC), "htmldate")


def test_a_page_without_any_date_has_none(stored: Stored) -> None:
    article = parse_page(stored(page_with(f"<h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}</div>")), None)
    assert (article.published, article.published_by) == (None, None)


def test_comments_and_tag_glued_to_the_byline_are_furniture(stored: Stored) -> None:
    page = page_with(
        f"<div><h1>Khơi thông dòng vốn cho hợp tác xã</h1><div>{STORY}<p>Bình MinhTAG:</p><p>Tin tức Mới:</p><p>Ý kiến của bạn</p><p>Họ tên:</p><p>Email:</p></div></div>"
    )
    article = parse_page(stored(page), None)
    assert [zone for zone, _ in lines_of(article)] == ["title", "body", "body"] + ["furniture"] * 5
    assert article.author == "Bình Minh"


def test_a_body_in_an_element_named_like_a_teaser_box_is_kept(stored: Stored) -> None:
    article = parse_page(stored(page_with(f"<div class='box-tin'><h1>Khơi thông dòng vốn cho hợp tác xã</h1><div class='share-content'>{STORY}</div></div>")), None)
    assert isinstance(article, Article)
    assert [zone for zone, _ in lines_of(article)] == ["title", "body", "body"]


def test_a_register_without_labels_is_read_by_its_selectors(stored: Stored) -> None:
    page = page_with(
        "<h1>HỆ THỐNG VĂN BẢN</h1><div class=vb><p><b class=so>1507/UBND-KT</b> (05/09/2022)</p>"
        "<p class=ty>V/v đẩy mạnh thu hồi nợ đọng thuế những tháng cuối năm 2022</p><p class=ky>Vũ Đình Lâm</p></div>"
    )
    selectors = {"number": ".so", "subject": ".ty", "signer": ".ky"}
    source = Source(id="vb", name="x", place="Nghệ An", kind="documents", hosts="baobennua.example", evidence="test", selectors=selectors)
    article = parse_page(stored(page), source)
    assert isinstance(article, Article)
    assert article.title == "V/v đẩy mạnh thu hồi nợ đọng thuế những tháng cuối năm 2022"
    body = [line for zone, line in lines_of(article) if zone == "body"]
    assert body == ["Số ký hiệu: 1507/UBND-KT", f"Trích yếu: {article.title}", "Người ký: Vũ Đình Lâm"]
