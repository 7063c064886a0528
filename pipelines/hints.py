"""What the class names, ids and properties of web pages say about the text inside.

Vietnamese sites name their elements in English, in Vietnamese without diacritics, or both. A hint is
never proof: whoever uses one checks it against how much of the article's text it would take away.
"""

from __future__ import annotations

import re

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_.:]+")


def _names(words: str) -> re.Pattern[str]:
    """A pattern for any of `words` (alternatives, with "_" for an optional hyphen) at the start of a name's part."""
    return re.compile(r"(?:^|-)(?:" + "|".join(words.replace("_", "-?").split()) + r")")


# In this order: an "image-description" is a caption, and a "related-date" belongs to a teaser.
_HINTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("caption", _names("caption pcaption img_?caption chu_thich (?:img|image|photo|anh)_(?:desc|note|title|info|caption) imgnote")),
    (
        "teaser",
        _names(
            "relat(?:e|ed|ion)(?:-|s|$) lien_quan tin_lien tinlq tin_lq tin_khac tin_cu(?:-|$) cac_tin cung_chuyen_muc read_more xem_them "
            "doc_them other_news news_other other_articles? recommend suggest more_news co_the_ban same_cat bai_lien insert_link "
            "box_tin quan_tam see_also"
        ),
    ),
    (
        "furniture",
        _names(
            "shar(?:e|ing)(?:-|$|s) social tool_bar tools?(?:-|$) function comments? binh_luan y_kien phan_hoi breadcrumbs? audio "
            "player rating vote print font_size font_resize zoom copyright banner advert(?:-|$|is) ads?(?:-|$) qc(?:-|$) quang_cao "
            "newsletter subscribe pagination paging pager view_count luot_xem captcha login menu nav(?:-|$|igation) side_bar "
            "foot(?:er)? top_?bar search follow google_news btn button modal popup contentinfo complementary"
        ),
    ),
    ("author", _names("author tac_gia byline nguoi_viet but_danh writer")),
    ("source", _names("nguon(?:-|$) source")),
    ("tags", _names("tags?(?:-|$|s) tu_khoa keywords?")),
    ("sapo", _names("sapo chapeau summary lead(?:-|$) (?:short_?)?desc(?:ription)?(?:-|$) trich_(?:dan|yeu) intro standfirst tom_tat")),
    ("date", _names("dates? date_?time time(?:-|$|s) timestamp ngay(?:-|$|dang) (?:date)?publish(?:ed|-date)? posted(?:-on)? post_?(?:date|time|meta) created pub_?date")),
    ("title", _names("(?:article|detail|news|post|content|main|page)_?title title(?:-|$) tieu_de headline(?:-|$) entry_title")),
)  # fmt: skip

_BODY = _names(
    "article_?(?:body|content|text|detail) content_?(?:detail|news|body|text|article|main) (?:detail|news|post|entry|story|journal|page|main|single)"
    "_?(?:content|body|text) noi_dung body_text bodytext (?:ct|nd)_?(?:tin|bai|chi_?tiet) cms_body chi_tiet fck ms_rtestate "
    "news_?detail viewdata articlebody"
)
_RELATED = _names("relat(?:e|ed|ion)(?:-|s|$) lien_quan tin_lien tinlq cung_chuyen_muc recommend other_news tin_khac")


def _normal(names: str) -> str:
    return _SEPARATORS.sub("-", _CAMEL.sub("-", names[:400]).strip()).lower()


def hint_of(names: str) -> str | None:
    """The zone or field that an element's class, id and property names speak of, or None."""
    normal = _normal(names)
    for hint, pattern in _HINTS:
        if pattern.search(normal):
            return hint
    return None


def names_body(names: str) -> bool:
    """Whether the names are such as hold the body of an article."""
    return bool(_BODY.search(_normal(names)))


def names_related(names: str) -> bool:
    """Whether the names are such as hold announcements of related articles."""
    return bool(_RELATED.search(_normal(names)))
