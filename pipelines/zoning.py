"""Which lines of an article are its own: zones told apart by markup, wording and place.

What announces other articles ("teaser") and what belongs to the page ("furniture") is named, not
dropped, so that nothing of the stored text is lost and no figure of another article is taken for this
one's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chitieu.pipelines.dates import find_times
from chitieu.pipelines.markup import Block, Markup

_TEASER_HEADING = re.compile(
    r"(?:(?:các\s+)?(?:tin|bài|bài viết|tin bài|thông tin|chủ đề|sự kiện|video|tin tức|bài báo)\s*(?:,\s*bài\s*)?(?:có\s+)?liên\s*quan"
    r"|có\s*thể\s*bạn\s*(?:quan\s*tâm|thích|muốn\s*đọc)|(?:các\s+)?(?:tin|bài|bài viết)\s*(?:mới\s*)?cùng\s*(?:chuyên\s*mục|chủ\s*đề|mục|loại)"
    r"|cùng\s*(?:chuyên\s*mục|chủ\s*đề)|xem\s*thêm|đọc\s*thêm|xem\s*tiếp|mời\s*(?:bạn\s*|quý\s*vị\s*)?(?:xem|đọc)\s*thêm"
    r"|(?:các\s+)?(?:tin|bài|tin tức|bài viết|tin bài)(?:\s*,\s*bài)?\s*khác|(?:các\s+)?(?:tin|bài)\s*(?:đã\s*đưa|cũ\s*hơn|mới\s*hơn|trước\s*đó)"
    r"|(?:tin|bài)\s*(?:mới|nóng|nổi\s*bật|đọc\s*nhiều)(?:\s*nhất)?|đọc\s*nhiều(?:\s*nhất)?|đừng\s*bỏ\s*lỡ|bạn\s*có\s*biết"
    r"|văn\s*bản\s*(?:liên\s*quan|cùng\s*(?:loại|lĩnh\s*vực))|related(?:\s+(?:news|articles|posts))?)\s*[:»>…-]*",
    re.IGNORECASE,
)
_INLINE_TEASER = re.compile(
    r"(?:>>+|»|►|▶|☞)\s*|(?:xem\s*thêm|đọc\s*thêm|tin\s*liên\s*quan|bài\s*liên\s*quan|mời\s*(?:bạn\s*)?đọc\s*thêm)\s*[:>»]", re.IGNORECASE
)
_FURNITURE = re.compile(
    r"""(?:
      tăng\s*(?:cỡ|kích)\s*(?:chữ|thước).* | giảm\s*cỡ\s*chữ.* | (?:xem\s*(?:với\s*)?)?cỡ\s*chữ.* | a\s*[-+]?(?:\s*a\s*[-+]?){1,3}
    | (?:chia\s*sẻ|share|thích|like|tweet|zalo|facebook|twitter|linkedin|email|print|messenger|telegram|copy\s*link
       | sao\s*chép\s*(?:liên\s*kết|link)|in\s*(?:bài(?:\s*viết)?|trang|tin)|bản\s*in|gửi\s*(?:e-?mail|bài|tin)|lưu\s*(?:bài|tin)(?:\s*viết)?|[\d|,:·•/\s-])+
    | (?:[0-9]{1,2}:[0-9]{2}(?:\s*/\s*[0-9]{1,2}:[0-9]{2})?|\s|x?[0-9.]+x)+
    | (?:nghe|đọc)\s*(?:đọc\s*)?(?:bài(?:\s*báo|\s*viết)?|tin|audio)(?:\s*[:0-9/ ]*)
    | giọng\s*(?:nữ|nam|đọc)(?:\s*miền\s*\w+)? | (?:nữ|nam)\s*miền\s*(?:bắc|trung|nam)
    | tốc\s*độ(?:\s*đọc)?\s*:?\s*(?:x?[0-9.]+x?)?
    | \w*portal\s*-\s*block_\w+ | (?:publishingportal|webpart|block)[\s_-]+\w+
    | (?:gửi\s*|viết\s*)?(?:ý\s*kiến|bình\s*luận|phản\s*hồi|nhận\s*xét)(?:\s*\(?[0-9]*\)?|\s*(?:của\s*)?(?:bạn(?:\s*đọc)?|độc\s*giả).{0,20})\s*:?
    | họ\s*(?:và\s*)?tên\s*(?:\(?\*\)?)?\s*:?(?:\s*e-?mail\s*:?)? | e-?mail\s*(?:\(?\*\)?)?\s*:?
    | mã\s*(?:xác\s*nhận|bảo\s*mật|kiểm\s*tra)\s*(?:\(?\*\)?)?\s*:?
    | gửi(?:\s*đi)?|hủy|đóng|nhập\s*lại
    | (?:quay\s*lại|trở\s*(?:về|lại)|về\s*đầu\s*trang|lên\s*đầu\s*trang|đầu\s*trang|về\s*trang\s*trước).{0,12}
    | (?:số\s*)?(?:lượt|lần)\s*(?:xem|đọc|truy\s*cập|tải)\s*:?\s*[0-9.,]* | [0-9.,]+\s*(?:lượt|lần)\s*(?:xem|đọc)
    | (?:đã\s*)?(?:xem|đọc)\s*:\s*[0-9.,]+
    | theo\s*dõi\s*(?:báo|chúng\s*tôi|trên)?.{0,40}(?:google\s*news|zalo|facebook|youtube).{0,20}
    | (?:tags?|từ\s*khóa|từ\s*khoá|thẻ)(?:\s*:.{0,300})?
    | tin\s*tức\s*mới\s*: | đánh\s*giá(?:\s*(?:bài\s*viết|tin)\s*:?.{0,30})?
    | (?:click|nhấn|bấm)\s.{0,60}(?:đánh\s*giá|tải\s*về|xem).{0,40}
    | (?:tải\s*(?:về|file|xuống)|download).{0,20} | trang\s*chủ(?:\s*[/>»›|-].{0,200})?
    | bạn\s*(?:đang|đã)\s*(?:ở|xem)\s*:?.{0,120}
    | (?:về\s*)?trang\s*trước | in\s*ấn | phóng\s*to | thu\s*nhỏ | toàn\s*màn\s*hình | ảnh\s*lớn | xem\s*ảnh
    | loading\.* | đang\s*tải.{0,20} | top
    | (?:tin\s*)?(?:tiếp\s*theo|trước|sau)\s*[»>«<]* | [\W_]+ | -?0
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMENTS = re.compile(r"(?:gửi\s*|viết\s*)?(?:ý\s*kiến|bình\s*luận)(?:\s*(?:của\s*)?(?:bạn(?:\s*đọc)?|độc\s*giả))?\s*(?:\(?[0-9]*\)?)\s*:?", re.I)
_DATE_WORDS = re.compile(
    r"(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|cập\s*nhật|đăng|phát\s*hành|xuất\s*bản|ngày|giờ|lúc|vào|tin|bài|viết|lần\s*cuối|cuối|gmt|utc|"
    r"thời\s*gian|chia\s*sẻ|xem|đọc|lượt|in|google\s*news|trang|màn\s*hình|tăng|giảm|cỡ\s*chữ|facebook|zalo|email|[0-9:+.,/]+)(?=\W|$)",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:\(?ảnh(?:\s*(?:tư\s*liệu|minh\s*h[oọ][aạ]|chụp))?\s*[:(]|trong\s*ảnh\s*:|ảnh\s*\d?\s*[:.])", re.IGNORECASE)
_CAPTION_END = re.compile(r"(?:[-–.(|]\s*|\s)(?:ảnh|nguồn\s*ảnh|đồ\s*h[oọ]a|ảnh\s*,\s*clip)\s*:\s*[^.:]{2,60}\)?\.?$", re.IGNORECASE)
_SYNDICATION = re.compile(r"^\(?\s*(?:theo|nguồn(?:\s*tin)?)\s*:?\s+(?P<name>[^\n]{2,70}?)\s*\)?\.?$", re.IGNORECASE)
_SYNDICATION_IN_TEXT = re.compile(r"\(\s*(?:Theo|Nguồn)\s*:?\s+(?P<name>[^()]{2,60})\)\s*\.?\s*(?:/\.)?$")
_NOT_A_PAPER = re.compile(r"^(?:đó|ông|bà|kế hoạch|quyết định|nghị quyết|báo cáo|số liệu|dự báo|quy định|thống kê|chương trình|lộ trình)\b|[,;]|\d{3}", re.I)
_BYLINE_LABEL = re.compile(
    r"^\(?(?:(?:tin|bài|ảnh|clip|video|đồ\s*họa)(?:\s*[,&-]\s*|\s+và\s+|\s*/\s*)?)+\s*:\s*|^(?:tác\s*giả|thực\s*hiện|người\s*viết|biên\s*tập|nguồn\s*bài)\s*:\s*", re.I
)
_BYLINE_TAIL = re.compile(r"\s*(?:tags?\s*:.*|\((?:t/h|th|tổng hợp|lược ghi|ghi|tổng\s*hợp)\))\s*$", re.IGNORECASE)
_AGENCIES = frozenset({"pv", "ctv", "btv", "nhóm pv", "nhóm phóng viên", "phóng viên", "t.h", "th", "ttxvn", "ban biên tập", "bbt"})
_OFFICE = re.compile(
    r"(?:cổng|trang) (?:ttđt|tt đt|thông tin)|(?:trung tâm|văn phòng|ban biên tập) [^,;]{2,50}$", re.IGNORECASE
)
_POSITION = re.compile(r"(?:KT|TM|TL|TUQ|Q)\s*\.|.*(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ|CHÁNH VĂN PHÒNG|BỘ TRƯỞNG|TRƯỞNG BAN|THỦ TƯỚNG)")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar)\b|^(?:https?:|www\.)", re.IGNORECASE)
_TAG_LINE = re.compile(r"^(?:tags?|từ\s*kh[oó][aá]|thẻ)\s*:\s*(?P<tags>.{2,300})$", re.IGNORECASE)

_LONGEST_CAPTION = 500
_LONGEST_TEASER_RUN = 60


@dataclass(slots=True)
class Zoned:
    """The zone of each block given, and what the lines told on the way."""

    zones: list[str]
    author: str | None = None
    syndicated_from: str | None = None


def zone_blocks(blocks: Sequence[Block], markup: Markup, fixed: dict[int, str]) -> Zoned:
    """The zones of the blocks of an article's container, in order.

    `fixed` holds, by block index, the zones that are known already (title, sapo, what selectors say).
    """
    zones = [fixed.get(block.index) or "" for block in blocks]
    _by_hints(blocks, zones, markup)
    _by_teaser_headings(blocks, zones, markup)
    _by_wording(blocks, zones)
    _by_images(blocks, zones)
    zoned = Zoned(zones)
    _closing_lines(blocks, zoned)
    zoned.zones = [zone or "body" for zone in zones]
    return zoned


def is_teaser_heading(text: str) -> bool:
    """Whether a line announces other articles ("Tin liên quan")."""
    return len(text) <= 60 and bool(_TEASER_HEADING.fullmatch(text))


def is_furniture(text: str) -> bool:
    """Whether a line is the page's own wording: toolbar, player, form, breadcrumb, dateline, component name."""
    return len(text) <= 320 and (bool(_FURNITURE.fullmatch(text)) or is_dateline(text))


def is_dateline(text: str) -> bool:
    """Whether a line gives a date and nothing else but words such as "Cập nhật" and "Chia sẻ"."""
    if len(text) > 160 or not any(c.isdigit() for c in text):
        return False
    rest = text = unicodedata.normalize("NFC", text)
    found = False
    for time in find_times(text):
        rest = rest.replace(text[time.start : time.end], " ")
        found = True
    return found and sum(map(str.isalnum, _DATE_WORDS.sub(" ", rest))) <= 2


def is_caption(text: str) -> bool:
    """Whether a line says of itself that it belongs to a picture ("Ảnh: …")."""
    if len(text) <= 80 and (label := _BYLINE_LABEL.match(text)) and not label[0].lower().startswith("ảnh"):
        return False  # "Tin, ảnh: …" closes a story
    return len(text) <= _LONGEST_CAPTION and bool(_CAPTION.match(text) or ":" in text and _CAPTION_END.search(text))


def syndication(text: str) -> str | None:
    """The paper named by a line such as "Theo Noichinh.vn" or by "(Theo TTXVN)" at a paragraph's end."""
    match = _SYNDICATION.match(text) if len(text) <= 80 else None
    match = match or _SYNDICATION_IN_TEXT.search(text)
    name = match["name"].strip(" .:-–") if match else ""
    return name if name and len(name.split()) <= 12 and not _NOT_A_PAPER.search(name) and _is_name(name, 12, 0.5) else None


def byline(text: str) -> str | None:
    """The author named by a closing line ("Hà Phương", "Bài, ảnh: Thế Hùng", "Anh TúTAG:"); None for any other line."""
    if len(text) > 90:
        return None
    core = _BYLINE_TAIL.sub("", text).rstrip()
    name, is_sentence = core.strip(" .|-–"), core[-1:] in ".…:;?!"
    label = _BYLINE_LABEL.match(name)
    if label:
        name = name[label.end() :].strip(" ).")
        return name if _is_name(name, 12, 0.6) else None
    if name.lower() in _AGENCIES or (len(name) <= 60 and not is_sentence and _OFFICE.match(name)):
        return name
    words = name.split()
    if name.isupper():
        return None
    return name if 2 <= len(words) and not is_sentence and _is_name(name, 9, 1.0) else None


def line_tags(text: str) -> tuple[str, ...]:
    """The tags of a line such as "Từ khóa: a, b"."""
    match = _TAG_LINE.match(text)
    return tuple(tag for part in re.split(r"[,;|#]", match["tags"]) if (tag := part.strip())) if match else ()


def _is_name(name: str, most: int, share: float) -> bool:
    """Whether at most `most` words, of which a `share` begin with a capital, could be a name."""
    words = [word for word in re.split(r"[\s,&/–-]+|\bvà\b", name) if word]
    if not 1 <= len(words) <= most or any(c.isdigit() for c in name) and "." not in name:
        return False
    return sum(word[0].isupper() for word in words) >= share * len(words)


def inner_hints(block: Block, first: int, end: int, markup: Markup) -> list[tuple[str, tuple[int, int]]]:
    """The hints of the elements strictly inside blocks `first` to `end`, innermost first, with their spans."""
    found = []
    for hint, element in reversed(block.hints):
        span = markup.spans.get(element, (block.index, block.index + 1))
        if span[0] < first or span[1] > end or span == (first, end):
            break
        found.append((hint, span))
    return found


def _by_hints(blocks: Sequence[Block], zones: list[str], markup: Markup) -> None:
    if not blocks:
        return
    first, end = blocks[0].index, blocks[-1].index + 1
    whole = sum(block.plain for block in blocks) or 1
    for at, block in enumerate(blocks):
        if zones[at]:
            continue
        for hint, (start, stop) in inner_hints(block, first, end, markup):
            weight = sum(other.plain for other in blocks if start <= other.index < stop) if stop - start > 1 else block.plain
            zone = _zone_of_hint(hint, block, weight / whole, weight)
            if zone:
                zones[at] = zone
                break


def _zone_of_hint(hint: str, block: Block, share: float, weight: int) -> str | None:
    """The zone a hint means for a block, unless the element holds more text than such an element would."""
    if hint == "teaser":
        # A class named for links on the only long text of a page is the site's way of naming its body.
        return "teaser" if share < 0.5 or block.is_link else None
    if hint == "furniture":
        return "furniture" if share < 0.4 else None
    if hint == "caption":
        return "caption" if len(block.text) <= _LONGEST_CAPTION and share < 0.5 else None
    if hint in ("author", "date", "source"):
        return "furniture" if weight <= 120 and len(block.text) <= 160 else None
    if hint == "tags":
        return "furniture" if share < 0.3 else None
    return None


def _by_teaser_headings(blocks: Sequence[Block], zones: list[str], markup: Markup) -> None:
    for at, block in enumerate(blocks):
        if zones[at] in ("title", "sapo", "teaser") or not is_teaser_heading(block.text):
            continue
        inside = _box(blocks, at, markup) or run_of_links(blocks, at)
        if not inside:
            zones[at] = "furniture"
            continue
        for index in (at, *inside):
            zones[index] = "teaser"


def _box(blocks: Sequence[Block], at: int, markup: Markup) -> range | None:
    """The blocks after a heading inside the widest element that begins with it and is a box of links."""
    first, end = blocks[0].index, blocks[-1].index + 1
    heading, best = blocks[at], None
    element = heading.element
    while element is not None:
        span = markup.spans.get(element)
        if span:
            start, stop = span
            if start != heading.index or stop > end or (start, stop) == (first, end):
                break
            inside = blocks[at + 1 : at + stop - start]
            if inside and not _holds_story(inside):
                best = range(at + 1, at + stop - start)
        element = element.getparent()
    return best


def _holds_story(blocks: Sequence[Block]) -> bool:
    """Whether blocks hold more running text than announcements: two long paragraphs in a row without a link."""
    long = [block.linked == 0 and len(block.text) > 80 for block in blocks]
    return any(a and b for a, b in zip(long, long[1:], strict=False)) or not any(block.linked for block in blocks)


def run_of_links(blocks: Sequence[Block], at: int) -> range | None:
    """The announcements that follow a heading as its siblings: links, each perhaps with one line of summary."""
    stop, links, summaries = at + 1, 0, 0
    while stop < len(blocks) and stop - at < _LONGEST_TEASER_RUN:
        if blocks[stop].is_link:
            links += 1
            stop += 1
        elif links and blocks[stop - 1].is_link and (
            (stop + 1 < len(blocks) and blocks[stop + 1].is_link) or (stop + 1 == len(blocks) and summaries)
        ):
            summaries += 1
            stop += 1
        else:
            break
    return range(at + 1, stop) if links else None


def _by_wording(blocks: Sequence[Block], zones: list[str]) -> None:
    commenting = False
    for at, block in enumerate(blocks):
        if zones[at]:
            continue
        text = block.text
        if len(text) <= 60 and _COMMENTS.fullmatch(text) and at > 0.5 * len(blocks):
            commenting = True
        if commenting and len(text) < 200 or is_furniture(text):
            zones[at] = "furniture"
        elif block.linked and _INLINE_TEASER.match(text) and (block.is_link or len(text) < 200):
            zones[at] = "teaser"
        elif _is_bare_link(block):
            zones[at] = "teaser"
        elif is_caption(text):
            zones[at] = "caption"


def _is_bare_link(block: Block) -> bool:
    """Whether a line is nothing but a link in the words of a headline; an attached file is the article's own."""
    return block.linked >= 0.95 * len(block.text) > 28 and block.text[-1] not in ".:;" and not _FILE.search(block.text)


def _by_images(blocks: Sequence[Block], zones: list[str]) -> None:
    """The line after a picture is its caption if it is set like one, or is no sentence."""
    for at, block in enumerate(blocks):
        if not zones[at] and block.after_image and len(block.text) <= 300 and block.tag not in ("h1", "h2", "h3", "li", "tr"):
            sentence = block.text[-1] in ".!?…:;"
            if (block.slanted and len(block.text) <= 300) or (not sentence and len(block.text) <= 160):
                zones[at] = "caption"


def _closing_lines(blocks: Sequence[Block], zoned: Zoned) -> None:
    """Byline and syndication line: the last lines of the body, which are short and are names."""
    zones = zoned.zones
    own = [at for at, zone in enumerate(zones) if not zone]
    for at in reversed(own[-4:]):
        text = blocks[at].text
        above = next((blocks[n].text for n in reversed(own) if n < at), "")
        if _POSITION.match(text) or _POSITION.match(above) and above.isupper():
            break  # the signature of a document belongs to it
        if len(own) > 1 and len(text) <= 80 and (paper := syndication(text)):
            zoned.syndicated_from = zoned.syndicated_from or paper
        elif len(own) > 1 and (author := _author_of(blocks[at])):
            zoned.author = zoned.author or author
        else:
            zoned.syndicated_from = zoned.syndicated_from or syndication(text[-90:])
            break
        zones[at] = "furniture"


def _author_of(block: Block) -> str | None:
    name = byline(block.text)
    if name is None and (block.bold or block.slanted) and len(block.text) <= 30 and _is_name(block.text, 2, 1.0):
        return block.text
    return name
