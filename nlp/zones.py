"""Zones of a text that was never parsed from a page: title, body, captions, teasers, furniture.

A page that came through the parser brings its zones along. Texts from elsewhere still carry the
furniture of their pages ("Tăng cỡ chữ Giảm cỡ chữ") and, under "Tin liên quan", teasers of other
articles, whose figures and days belong to those.
"""

from __future__ import annotations

import re
import unicodedata

from chitieu.nlp.records import Zone

_TEASER_HEADING = re.compile(
    r"(?:các\s+)?(?:tin|bài)(?:\s+(?:tức|viết|bài))?\s+(?:liên\s+quan|khác|cũ\s+hơn|mới\s+hơn|cùng\s+chuyên\s+mục|đã\s+đưa|nổi\s+bật|đọc\s+nhiều|mới\s+nhất)"
    r"|có\s+thể\s+bạn\s+quan\s+tâm|xem\s+thêm|đọc\s+thêm|cùng\s+chuyên\s+mục|tin\s+cùng\s+chuyên\s+mục|bạn\s+đọc\s+quan\s+tâm|đọc\s+nhiều(?:\s+nhất)?|tin\s+mới(?:\s+nhất)?|mời\s+đọc\s+thêm",
    re.I,
)
_FURNITURE = re.compile(
    r"PublishingPortal\b|Block_|Tăng cỡ chữ|Giảm cỡ chữ|\d+:\d\d / \d+:\d\d|^\d:\d\d$|^Chia sẻ$|^Ý kiến của bạn|^Họ tên\s*:|^Email\s*:|^Mã xác nhận|^Bình luận|^Gửi bình luận|^Về trang trước"
    r"|^Gửi email|^In trang|^Xem thêm$|^Nội dung chính$|^Tin tức Mới:|^-?\s?-?0$|Cỡ chữ|^Nghe đọc bài|^Theo dõi .{0,40} trên Google",
)
_CAPTION = re.compile(r"^(?:Ảnh|Hình|Ảnh minh họa)\b|(?:[-–.(]|\s)\s*(?:Ảnh|Hình)\s*(?:minh họa|minh hoạ|tư liệu|từ Internet)?\s*[:：(].{0,60}$|\((?:Hình|Ảnh)[^)]{0,40}\)\s*$|Ảnh VGP", re.I)


def find_zones(text: str) -> tuple[Zone, ...]:
    """The zones of a plain text, sorted; they cover every line that is not blank."""
    zones: list[Zone] = []
    at = 0
    in_teasers = False
    seen_body = 0
    for line in text.splitlines(keepends=True):
        start, end = at, at + len(line.rstrip())
        at += len(line)
        stripped = line.strip()
        if not stripped:
            continue
        start += len(line) - len(line.lstrip())
        name = _zone_of(unicodedata.normalize("NFC", stripped).replace("\xa0", " "), in_teasers, seen_body, first=not zones)
        if name == "heading":
            in_teasers, name = True, "furniture"
        if name == "body":
            seen_body += 1
        zones.append(Zone(start, end, name))
    return tuple(zones)


def _zone_of(line: str, in_teasers: bool, seen_body: int, *, first: bool) -> str:
    if _TEASER_HEADING.fullmatch(line.strip(" :*-#»>")) and seen_body >= 2:
        return "heading"
    if len(line) < 200 and _FURNITURE.search(line):
        return "furniture"
    if in_teasers:
        return "teaser"
    if first and len(line) < 250 and not line.endswith("."):
        return "title"
    if len(line) < 300 and _CAPTION.search(line):
        return "caption"
    return "body"
