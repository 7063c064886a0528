"""Time expressions: what they denote, as inclusive calendar spans.

Finding and resolving are two steps: the patterns give spans of text with their parts (year, month,
"the year before"); `resolve` reads the parts against the publication date and the years the text
has named before. What cannot be dated without guessing is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from chitieu.nlp import tables
from chitieu.nlp.text import Reading

Grain = Literal["day", "month", "quarter", "months", "half", "year", "span", "relative", "same"]


@dataclass(slots=True)
class Found:
    """One time expression: plain offsets, what kind it is and what it denotes."""

    start: int
    end: int
    rule: str
    grain: Grain
    since: date | None
    until: date | None
    prefix: str = ""
    """The word before the core that bounds it: đến, trước, trong, từ, tính đến, từ nay đến ..."""
    core: int = 0
    """Where the expression begins without its prefix."""
    named_year: bool = False
    role: str = "date"


class Point(NamedTuple):
    """A day, month or year that a text names: where, and its first day."""

    at: int
    day: date
    grain: Literal["day", "month", "year", "term", "plan"]
    """"term" for the first year of a term of office, "plan" for a year that is planned for and may not have begun."""


@dataclass(slots=True)
class Anchor:
    """What relative times are read against: the publication day and the years named in the text."""

    published: date | None
    positions: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    """What the text names of the past, in text order: no births, no ends of plans."""
    full: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """The years that a day of a month is named with."""
    assumed: date | None = None
    """What stands for a publication day that is not known: the first day the text names without its year."""
    assumed_year: int | None = None
    unresolved: list[tuple[int, int]] = field(default_factory=list)
    """Plain spans of expressions that cannot be dated; their figures are no quantities either."""
    breaks: list[int] = field(default_factory=list)
    """Starts of paragraphs and sentences, to tell what stands in the same sentence."""

    def named_before(self, at: int, not_before: int = 0) -> int | None:
        """The last year named before `at` (and not before `not_before`)."""
        i = bisect_right(self.positions, at) - 1
        return self.years[i] if i >= 0 and self.positions[i] >= not_before else None

    @property
    def day(self) -> date | None:
        """The day the text speaks from, as far as it is known."""
        return self.published or self.assumed

    def named_near(self, at: int) -> int | None:
        """The year the text speaks from, else the last one named before `at`, else the first one after."""
        if self.assumed_year is not None:
            return self.assumed_year
        before = self.named_before(at)
        if before is not None:
            return before
        i = bisect_right(self.positions, at)
        return self.years[i] if i < len(self.years) else None

    def year(self, at: int, *, late: bool = False) -> int | None:
        """The year that a part of a year belongs to at `at`.

        `late` says that the part does not begin with the year ("quý III", "cả năm"): in January and
        February that is last year's, unless this year was the last one named.
        """
        if self.published is None:
            return self.named_near(at)
        if late and self.published.month <= 2 and self.named_before(at) != self.published.year:
            return self.published.year - 1
        return self.published.year

    def sentence_start(self, at: int) -> int:
        i = bisect_right(self.breaks, at) - 1
        return self.breaks[i] if i >= 0 else 0


_GOAL_YEAR = re.compile(r"(?<!\w)(?<!tính )đến\s+(?:hết\s+|cuối\s+)?năm\s+\d{4}$")
"""Ends of plans ("đến năm 2030") do not say which year a text speaks from."""

# --- patterns ---------------------------------------------------------------------------------

_Y = r"(?:19|20)\d\d"
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
_S = r"\s{0,2}"
_PART = r"(?:rạng sáng|sáng sớm|chiều tối|sáng|trưa|chiều|tối|đêm)"
_WEEKDAY = r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)(?!\w))"
_LEAD = rf"(?:{_WEEKDAY}[,\s]{{1,3}}\(?)?(?:{_PART}\s+)?(?:{_WEEKDAY}[,\s]{{1,3}}\(?)?(?:(?:hôm|ngày|mùng|mồng)\s+){{0,2}}"
_AHEAD = r"(?<![\w/.,-])"
_BEHIND = r"(?![\w%])(?![/.,-]\d)"

_MONTH_WORD = r"(?:giêng|chạp|mười\s+hai|mười\s+một|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín)"
_COUNT = r"(?:\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười\s+một|mười)"
_QUARTER = r"(?:iv|i{1,3}|[1-4]|một|hai|ba|bốn|tư)"
_OF_YEAR = rf"(?:(?:{_S}[/-]{_S}|\.)(?P<y>{_Y})|(?:\s+của)?{_S},?\s+năm\s+(?P<y2>{_Y})|\s+(?P<rel>(?:(?:của\s+)?năm\s+(?:nay|này|ngoái|trước|sau|tới|qua)|sang\s+năm))(?!\w)|\s+(?P<y3>{_Y})(?![\d%]|[.,]\d))"

_HOLIDAY = r"(?=30/0?4|0?2/0?9|0?1/0?5|27/0?7|22/12|19/0?8|20/11|20/10|0?8/0?3)(?P<d>\d{1,2})/(?P<m>\d{1,2})"
"""Days that are named without a word before them; of others ("1/3 diện tích") that cannot be told."""


_MANY = "".join(rf"(?<!(?<!\w){word} )" for word in ("những", "các", "nhiều", "mấy", "hằng", "hàng", "nửa", "vài", "mỗi", "từng", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "chục"))
"""Not behind a word of number: "nhiều năm nay", "những năm tới", "một năm sau" name no year."""


def _c(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_TRIGGERS = {
    "date": _c(r"\d\s{0,2}[/.-]\s{0,2}\d"),
    "year": _c(r"(?:19|20)\d\d"),
    "count": _c(r"tháng|quý"),
    "day word": _c(r"ngày|hôm|nay|qua|(?:sáng|trưa|chiều|tối)\s+mai"),
    "decade": _c(r"thập|những"),
    "đầu": _c(r"cuối|đầu|giữa"),
    **{word: _c(word) for word in ("ngày", "tuần", "tháng", "quý", "năm", "nửa", "hết", "qua", "cùng", "tết")},
}
"""What every match of a pattern holds: cheap to find, so that the patterns are tried near it alone."""
_REACH = 64
"""How far before its trigger a match may begin, and how far behind it may end."""


_BOUNDING = "|".join(f"(?<={word} )" for word in ("trước", "đến", "tới", "hết", "dịp", "nhất", "nhất là", "hạn", "hạn cuối là", "hạn chót là", "thời hạn là", "hôm", "lễ"))
_NO_COUNT = (
    r"(?!\s{0,2}(?:%|tỷ|tỉ|triệu|nghìn|ngàn|trăm|chục|vạn|đồng|usd|lần|người|hộ|xã|ha|tấn|tạ|kg|km|m|m2|m3|ngày|tuần|tháng|giờ|phút|con|cây|căn|phòng|tầng|điểm|vụ|trường|em|cháu|lượt|chiếc|suất|bệnh|ca|lớp|bậc|độ|phần|mét|lít"
    r"|khối|cán|đại|học|thành|huyện|tỉnh|đơn|dự|doanh|công ty|tiêu|chỉ|mô|sản|cơ sở|nhà máy|khách|lao động|hộ|phiếu|văn|năm(?!\s+(?:nay|sau|tới|ngoái|trước|\d{4})))(?!\w))"
)
"""Not before what is counted: "đến 8-9 triệu" is a range."""
_EACH_YEAR = r"(?!\s+(?:hằng|hàng|mỗi)\s+năm)"
_LUNAR = r"(?!\s*\(?\s?(?:âm\s+lịch|giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\s+(?:tý|tí|sửu|dần|mão|mẹo|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi)(?!\w)|\s*\(?âm\s+lịch)"
"""Days of the lunar calendar fall on others of this one."""

_STEMS = {"canh": 0, "tân": 1, "nhâm": 2, "quý": 3, "giáp": 4, "ất": 5, "bính": 6, "đinh": 7, "mậu": 8, "kỷ": 9}
_BRANCHES = {"thân": 0, "dậu": 1, "tuất": 2, "hợi": 3, "tý": 4, "tí": 4, "sửu": 5, "dần": 6, "mão": 7, "mẹo": 7, "thìn": 8, "tỵ": 9, "tị": 9, "ngọ": 10, "mùi": 11}
"""The years of the sexagenary cycle: the remainders by ten and by twelve."""

PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("day.range", "date", _c(rf"{_AHEAD}(?:từ\s+)?{_LEAD}(?P<d1>{_D})(?:{_S}/{_S}(?P<m1>{_M}))?(?:{_S}/{_S}(?P<y1>{_Y}))?{_S}(?:-|đến(?:\s+hết)?|tới|và)\s{{0,2}}(?:ngày\s+)?(?P<d>{_D}){_S}[/]{_S}(?P<m>{_M})(?:{_S}/{_S}(?P<y>{_Y}))?{_BEHIND}")),
    ("day.range", "date", _c(rf"{_AHEAD}từ\s+{_LEAD}(?P<d1>{_D})(?P<m1>)(?P<y1>)\s+(?:đến(?:\s+hết)?|tới)\s+(?:ngày\s+)?(?P<d>{_D})-(?P<m>{_M})(?:-(?P<y>{_Y}))?{_BEHIND}{_NO_COUNT}")),
    ("day.range", "tháng", _c(rf"{_AHEAD}(?:từ\s+)?{_LEAD}(?P<d1>{_D})(?P<y1>)(?:\s+tháng\s+(?P<m1>{_M}))?\s{{0,2}}(?:-|đến(?:\s+hết)?|tới)\s{{0,2}}(?:ngày\s+)?(?P<d>{_D})\s+tháng\s+(?P<m>{_M})(?![\d/.,]\d|\d)(?:{_S},?\s{{0,2}}(?:năm\s+|/\s?)(?P<y>{_Y}))?{_BEHIND}")),
    ("day.full", "date", _c(rf"{_AHEAD}{_LEAD}(?P<d>{_D}){_S}(?P<sep>[/.-]){_S}(?P<m>{_M}){_S}(?P=sep){_S}(?P<y>{_Y}){_BEHIND}")),
    ("day.full", "year", _c(rf"(?<!\w)(?:từ|ngày|đến)\s+(?P<d>{_D})\s(?P<m>{_M})\s(?P<y>{_Y}){_BEHIND}")),
    ("day.words", "tháng", _c(rf"{_AHEAD}{_LEAD}(?P<d>{_D})\s+tháng\s+(?P<m>{_M})(?![\d/.,]\d|\d)(?:{_S},?\s{{0,2}}(?:năm\s+|/\s?|-\s?|(?<=,\s))(?P<y>{_Y}))?(?![\w%]|\s+(?:âm\s+lịch|năm\s+(?:tiếp|sau)|của\s+năm\s+(?:tiếp|sau)))" + _EACH_YEAR + _LUNAR)),
    ("day.holiday", "date", _c(rf"{_AHEAD}(?:ngày\s+|lễ\s+|dịp\s+)*(?:{_HOLIDAY})(?!\w|[/.,-]\d|\s?%|\s+(?:số|nội|xã|huyện|tỉnh|tiêu|chỉ|điểm|nghị|phiếu|người|hộ|dự|đơn|thành|mặt|diện|phường))")),
    ("day.short", "date", _c(rf"(?:{_AHEAD}(?:{_PART}\s+|ngày\s+|hôm\s+)(?:nay|qua|mai)[\s,(]{{1,3}}(?:ngày\s+)?|{_AHEAD}(?:{_WEEKDAY}[,\s]{{1,3}}\(?)?(?:{_PART}|ngày|mùng|hôm)\s+(?:{_WEEKDAY}[,\s]{{1,3}}\(?)?(?:ngày\s+|hôm\s+)?|(?:(?<=trước )|(?<=đến )|(?<=tới )|(?<=từ )|(?<=dịp )|(?<=vào )|(?<=hết )|(?<=nhất )|(?<=nhất là )|(?<=hạn )|(?<=hạn cuối là )|(?<=hạn chót là )|(?<=thời hạn là )|(?<=thời điểm )|(?<=chất vấn ))(?=\d{{1,2}}{_S}/))(?P<d>{_D}){_S}[/-]{_S}(?P<m>{_M}){_BEHIND}(?!\s?(?:%|[./-]\s?\d))(?!\s+(?:số|nội|xã|huyện|tỉnh|tiêu|chỉ|điểm|nghị|phiếu|người|hộ|dự|đơn|thành|khách|đại\s+biểu|thời\s+gian|nhu|diện|môn|phường))" + _EACH_YEAR + _LUNAR)),
    ("day.short", "date", _c(rf"(?:{_BOUNDING})(?P<d>{_D})-(?P<m>{_M}){_BEHIND}(?!\s?(?:%|[./-]\s?\d)){_NO_COUNT}" + _EACH_YEAR + _LUNAR)),
    ("day.short", "date", _c(rf"{_AHEAD}(?:(?:{_PART}|hôm|ngày)\s+|(?<=trước )|(?<=đến )|(?<=hết ))(?P<d>{_D})\.(?P<m>{_M}){_BEHIND}(?!\s?%){_NO_COUNT}" + _EACH_YEAR + _LUNAR)),
    ("day.short", "date", _c(rf"(?<=\()(?P<d>{_D})[/-](?P<m>{_M})(?=\)\s*(?:\n|$))")),
    ("day.only", "ngày", _c(rf"{_AHEAD}(?:{_PART}\s+)?ngày\s+(?P<d>{_D})(?:{_S},?\s+(?P<this>tháng\s+(?:này|sau|tới|trước)|cùng\s+tháng))?(?=\s*[,.;:)]|\s+(?:và|đến|tại|thì|hôm|tới)\b)(?![.,]\d)")),
    ("day.same", "day word", _c(rf"{_AHEAD}(?:{_PART}\s+)?(?:cùng\s+ngày|hôm\s+nay|hôm\s+qua|ngày\s+mai|sáng\s+nay|chiều\s+nay|trưa\s+nay|tối\s+nay|(?:sáng|trưa|chiều|tối)\s+mai|tối\s+qua|chiều\s+qua|sáng\s+qua|đêm\s+qua)(?!\w)")),
    ("month", "tháng", _c(rf"(?<![\w/,.-])tháng\s+(?P<m>{_M}|{_MONTH_WORD})(?!\w|\s?[/.-]\s?\d{{1,2}}(?!\d)|\.\d{{3}}(?!\d)|\s+là\s+tháng\s+ăn|,\d{{1,2}}(?!\d)|,\s\d{{1,2}}(?=\s*(?:,|và|-|năm|[.;)]|$))|\s+tuổi)(?P<oy>{_OF_YEAR})?" + _EACH_YEAR)),
    ("month.range", "tháng", _c(rf"{_AHEAD}(?:từ\s+)?tháng\s+(?P<m1>{_M})(?:{_S}[/-]{_S}(?P<y1>{_Y}))?{_S}(?:-|đến(?:\s+hết)?|tới|và){_S}(?:tháng\s+)?(?P<m>{_M})(?!\w|\s?[.,]\d|\s+năm\s+(?!\d)|\s+tháng(?!\s+\d))(?P<oy>{_OF_YEAR})?(?!\s?[%/\d])")),
    ("day.dashes", "date", _c(rf"{_AHEAD}từ\s+(?:ngày\s+)?(?P<d1>{_D})-(?P<m1>{_M})(?:-(?P<y1>{_Y}))?\s+(?:đến(?:\s+hết)?|tới)\s+(?:ngày\s+)?(?P<d>{_D})-(?P<m>{_M})(?:-(?P<y>{_Y}))?{_BEHIND}")),
    ("month.range", "date", _c(rf"{_AHEAD}(?:từ\s+)?(?P<m1>{_M})/(?P<y1>{_Y}){_S}(?:-|đến|tới){_S}(?P<m>{_M})(?P<oy>{_S}/{_S}(?P<y>{_Y}))(?![\w%/-])")),
    ("month.slash", "date", _c(rf"(?<![\w/.,-])(?<!\bsố )(?<!t[ỷỉ] lệ )(?P<m>{_M})/(?P<y>{_Y})(?![\w%/-]|[.,]\d)")),
    ("month.rel", "tháng", _c(rf"(?<!\w){_MANY}(?<!\d )tháng\s+(?:trước\s+đó|trước|này|tới|sau|vừa\s+qua|qua|liền\s+kề)(?!\w)(?!\s+(?:khi|ngày|tháng|năm|mắt|hết|đó))")),
    ("quarter", "quý", _c(rf"(?<!\w)(?<!mỗi )quý\s+(?P<q>{_QUARTER})(?!\w|\s?[.,]\d|\s+(?:của\s+)?năm\s+tiếp|\s+lần(?!\s+thứ))(?:{_S}(?:-|và|,|đến){_S}(?:quý\s+)?(?P<q2>iv|i{{1,3}}|[1-4])(?!\w|\s?[.,]\d))?(?P<oy>{_OF_YEAR})?")),
    ("quarter.range", "quý", _c(rf"(?<!\w)(?:từ\s+)?quý\s+(?P<q>{_QUARTER}){_S}(?:[/-]|năm){_S}(?P<y1>{_Y}){_S}(?:-|đến(?:\s+hết)?|tới){_S}quý\s+(?P<q2>{_QUARTER})(?!\w|\s?[.,]\d)(?P<oy>{_OF_YEAR})")),
    ("quarter.part", "quý", _c(rf"(?<!\w)(?P<which>cuối|đầu|giữa)\s+quý\s+(?P<q>{_QUARTER})(?!\w|\s?[.,]\d)(?P<q2>)(?P<oy>{_OF_YEAR})?")),
    ("quarter.near", "quý", _c(r"(?<!\w)(?<=với )quý\s+(?P<rel>trước)(?!\w)(?!\s+(?:đó|khi))")),
    ("quarter.near", "quý", _c(r"(?<!\w)quý\s+(?P<rel>vừa\s+rồi|vừa\s+qua|này|tới)(?!\w)")),
    ("quarter.rel", "quý", _c(rf"(?<!\w)quý\s+(?P<rel0>đầu(?:\s+tiên)?(?:\s+của)?|cuối(?:\s+cùng)?(?:\s+của)?)\s+năm(?:\s+(?P<y>{_Y})|\s+(?P<rel>nay|này|ngoái|sau|tới|qua)(?!\w))?")),
    ("months.ofyear", "count", _c(rf"{_AHEAD}(?P<n>{_COUNT})\s+(?P<u>tháng|quý)\s+(?P<which>đầu|cuối)(?:(?:\s+tiên)?(?:\s+của)?\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?![\d%]|[.,]\d)|\s+(?P<rel>nay|này|ngoái|trước|sau|tới|qua)(?!\w))?)?(?!\w)")),
    ("months.year", "tháng", _c(rf"{_AHEAD}(?P<n>hai|bốn|năm)\s+tháng\s+của\s+năm\s+(?P<y>{_Y}){_BEHIND}")),
    ("months.year", "tháng", _c(rf"{_AHEAD}(?P<n>\d{{1,2}}|ba|sáu|bảy|tám|chín|mười|mười\s+một)\s+tháng(?:(?:\s+của)?\s+năm\s+|{_S}[/-]{_S}|\s+)(?P<y>{_Y}){_BEHIND}")),
    ("months.before", "tháng", _c(rf"{_AHEAD}(?P<n>\d{{1,2}}|hai|ba|bốn|sáu|bảy|tám|chín|mười|mười\s+một)\s+tháng\s+(?:của\s+)?năm\s+(?P<rel>trước|ngoái|nay)(?!\w)")),
    ("months.rel", "count", _c(rf"{_AHEAD}(?P<n>{_COUNT})\s+(?P<u>tháng|quý)\s+(?P<which>tới)(?!\w)(?P<y>)(?P<rel>)")),
    ("months.rel", "count", _c(rf"{_AHEAD}(?P<n>{_COUNT})\s+(?P<u>tháng|quý)\s+(?P<which>vừa\s+qua|vừa\s+rồi|qua|còn\s+lại)(?!\w)(?:(?:\s+của)?\s+năm(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này)(?!\w))?)?")),
    ("months.bare", "count", _c(rf"{_AHEAD}(?P<n>0?[2-9]|1[01]|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mười\s+một)\s+(?P<u>tháng|quý)(?!\s+(?:tuổi|liên|nữa|sau|trước|tù|lương|kể|từ|một|mới(?!\s+(?:thu|được|đạt|giải|đón|có|chi|đến|xuất|hoàn|ước|trồng|bằng|thực|nộp|cho|phát|xong|làm|tiêu|xây))|liền|giam|trở|lại|kinh\s+nghiệm|đầu|cuối|qua|vừa|còn(?!\s+(?:âm|đạt|tăng|giảm|thấp))|ra|thi|tới|nay|này|/|-)|\w|\s?[/-]|\s+\d{{1,2}}(?:\s*(?:và|-|/)\s*|,\s+)\d)")),
    ("week.rel", "tuần", _c(r"(?<!\w)(?<!đầu )(?<!cuối )(?<!giữa )(?<!\d )(?<!mỗi )(?<!một )(?<!hai )(?<!ba )(?<!vài )(?<!nhiều )tuần\s+(?P<rel>này|tới|sau|trước|rồi|qua)(?!\w)(?!\s+(?:khi|đó|ngày|tháng|tết|lễ|trăng))")),
    ("months.left", "tháng", _c(rf"(?<!\w)(?:những|các|mấy)\s+tháng\s+còn\s+lại(?!\w)(?:(?:\s+của)?\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này)(?!\w))?)?")),
    ("half.rest", "nửa", _c(r"(?<!\w)nửa\s+năm\s+còn\s+lại(?!\w)")),
    ("within", "tháng", _c(r"(?<!\w)(?P<until>đến)\s+hết\s+(?P<u>tháng)(?=\s*[,.;:)]|\s+(?:đạt|mới|ước|toàn|tỉnh|huyện|đã))")),
    ("within", "tháng", _c(rf"(?<!\w)trong\s+(?P<u>tháng)(?!\w|\s+(?:\d|{_MONTH_WORD}(?!\w)|này|tới|sau|trước|qua|vừa|đầu|cuối|thứ|liên)|[/-])")),
    ("within", "năm", _c(r"(?<!\w)trong\s+(?P<u>năm)(?=\s*[,.;:)]|\s+(?:đạt|có|phải|là|đã|toàn|tỉnh|huyện|xã|thành|đón|và|từ|nay|đến|gồm|việc|ước|thu|khoảng|hơn|gần|trên|dưới|\d))(?!\s+(?:nay|\d{4}(?!\d)|\d{1,2}\s+(?:năm|tháng)))")),
    ("term.end", "hết", _c(r"(?<!\w)(?<=đến )hết\s+(?:nhiệm\s+k[ỳì]|giai\s+đoạn)(?!\w)(?!\s+(?:\d|i|này|một|hai))")),
    ("term.end", "đầu", _c(r"(?<!\w)(?<=đến )cuối\s+(?:nhiệm\s+)?k[ỳì](?!\w)(?!\s+(?:hạn|nghỉ|thi|kế|họp|này\s+năm))")),
    ("months.first", "năm", _c(rf"(?<!\w)(?P<what>những\s+ngày\s+đầu,\s+tháng\s+đầu|những\s+tháng\s+đầu|các\s+tháng\s+đầu|mấy\s+tháng\s+đầu|những\s+tháng\s+cuối|các\s+tháng\s+cuối|những\s+ngày\s+đầu|những\s+ngày\s+cuối|tháng\s+đầu(?:\s+tiên)?|tháng\s+cuối(?:\s+cùng)?)(?:\s+của)?\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này|ngoái|mới|sau|tới)(?!\w))?")),
    ("months.first", "tháng", _c(r"(?<!\w)(?P<what>tháng\s+cuối\s+cùng)(?!\w)(?!\s+(?:của|năm|trước|trong))(?P<y>)(?P<rel>)")),
    ("half", "nửa", _c(rf"(?<!\w)nửa\s+(?P<which>đầu|cuối|sau)(?:\s+của)?\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này|ngoái|sau|tới)(?!\w))?")),
    ("year.range", "year", _c(rf"{_AHEAD}(?:(?:trong\s+)?(?:giai\s+đoạn|nhiệm\s+k[ỳì]|thời\s+k[ỳì]|thời\s+gian|niên\s+khóa|niên\s+độ|năm\s+học|niên\s+vụ|5\s+năm|10\s+năm|năm\s+năm|khóa|khoá|năm)(?:\s*\()?\s+)?(?P<y1>{_Y}){_S}-{_S}(?P<y>{_Y}){_BEHIND}")),
    ("year.range", "year", _c(rf"(?<!\w)(?:giai\s+đoạn|nhiệm\s+k[ỳì])\s+(?P<y1>{_Y})\s(?P<y>{_Y}){_BEHIND}")),
    ("year.span", "year", _c(rf"{_AHEAD}(?:từ|giai\s+đoạn(?:\s+từ)?|thời\s+k[ỳì](?:\s+từ)?)\s+(?:năm\s+)?(?P<y1>{_Y})\s+(?:đến|tới)(?:\s+hết)?(?:\s+(?:cuối\s+)?năm)?\s+(?P<y>{_Y}){_BEHIND}")),
    ("decade", "decade", _c(r"(?<!\w)(?:thập\s+niên|thập\s+kỷ|những\s+năm)\s+(?:(?P<y>(?:19|20)\d0)|(?P<y2>[3-9]0)(?:\s+của\s+thế\s+kỷ\s+(?:20|trước|xx))?)(?!\w|[.,]\d|\s?%)")),
    ("year.open", "year", _c(rf"(?<!\w)(?:giai\s+đoạn|thời\s+k[ỳì])\s+(?P<tail>sau\s+năm|trước\s+năm|sau|trước)\s+(?P<y>{_Y}){_BEHIND}")),
    ("year.part", "đầu", _c(rf"(?<!\w)(?P<which>cuối|đầu|giữa)\s+(?:năm(?!\w)(?!\s+(?:học|thứ|liền|tài))(?:\s+(?P<y>{_Y})(?!\d|[.,]\d)|\s+(?P<rel>nay|này|ngoái|trước|sau|tới)(?!\w))?|(?P<y2>{_Y})(?!\d|[.,/-]\d))")),
    ("month.part", "tháng", _c(r"(?<!\w)(?P<which>cuối|đầu|giữa)\s+tháng\s+(?P<rel>trước|này|tới|sau|vừa\s+qua)(?!\w)")),
    ("month.week", "tuần", _c(rf"(?<!\w)tuần\s+(?P<which>đầu|cuối)(?:\s+(?:tiên|cùng))?(?:\s+của)?\s+tháng\s+(?P<m>{_M}|{_MONTH_WORD})(?!\w|\s?[.,]\d)(?P<oy>{_OF_YEAR})?")),
    ("month.list", "tháng", _c(rf"(?<!\w)(?:các\s+)?tháng\s+(?P<m1>{_M}),\s(?P<mid>{_M})(?:,\s|\s+và\s+)(?P<m>{_M})(?![\w%]|[.,]\d)(?P<oy>{_OF_YEAR})?")),
    ("month.part", "tháng", _c(rf"(?<!\w)(?P<which>cuối|đầu|giữa|trung\s+tuần|thượng\s+tuần|hạ\s+tuần)\s+tháng\s+(?P<m>{_M}|{_MONTH_WORD})(?!\w|\s?[.,]\d)(?P<oy>{_OF_YEAR})?")),
    ("year.whole", "năm", _c(rf"(?<!\w)(?:cả|toàn|trọn)\s+năm(?!\w)(?!\s+(?:bộ|đứa|người))(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này|ngoái|trước)(?!\w))?")),
    ("year.end", "hết", _c(rf"(?<!\w)hết\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?!\d)|\s+(?P<rel>nay|này)(?!\w))?")),
    ("year.plain", "năm", _c(rf"(?<!\w)năm\s+(?P<y>1[0-8]\d\d|{_Y})(?![\d%]|[.,]\d|\s?-\s?\d|/)")),
    ("year.rel", "năm", _c(rf"(?<!\w)(?<!\d )(?<!/ )(?<!/){_MANY}(?:năm\s+(?P<rel>nay|ngoái|vừa\s+qua|vừa\s+rồi|rồi|qua|kế\s+hoạch|trước\s+đó|trước|sau|tới|kế\s+tiếp)(?!\w)(?!\s+(?:khi|ngày|tháng|mắt|hết))|(?<!chuyển )(?<!bước )(?<!kéo )(?<!lấn )(?<!vắt )(?<!qua )sang\s+năm(?!\w)(?!\s+(?:\d|nay|mới|học|thứ|sau|tới|kế|hai|ba|ngân)))")),
    ("year.new", "năm", _c(r"(?<!\w)(?<=sang )năm\s+mới(?!\w)")),
    ("year.told", "năm", _c(r"(?<!\w)(?:(?:(?<=cũng )|(?<=trong )|(?<=vào )|(?<=suốt ))năm\s+(?:ấy|đó)|cùng\s+năm(?!\s+(?:(?:19|20)\d\d|trước|ngoái|học|sinh|tuổi|tháng|nay|sau))|một\s+năm\s+(?P<back>trước\s+đó))(?!\w)")),
    ("year.bare", "year", _c(rf"(?<![\w./,-])(?<!\d\s)(?P<y>{_Y})(?![\w%/]|[.,:]\d|\s?-\s?\d|\s+(?:tỷ|tỉ|triệu|nghìn|ngàn|đồng|ha|m2|người|hộ|tấn|xã|con|cây|km|m|mw|kwh|đại|cán|học|sinh|trường|căn|doanh|dự|lượt|vụ|ca|suất|cuộc|tờ|bộ|chiếc|lao|đảng|giường|phòng|tàu|khách|thí|ngày|giờ|lần|usd|kg|tạ)\b|\s?x\s?\d)")),
    ("relative.years", "qua", _c(rf"{_AHEAD}(?P<n>{_COUNT}|\d{{2}})\s+(?P<u>năm|tuần|ngày|thập\s+kỷ|nhiệm\s+kỳ)\s+(?:vừa\s+)?qua(?!\w)")),
    ("relative.years", "năm", _c(rf"{_AHEAD}(?P<n>{_COUNT}|\d{{2}})\s+(?P<u>năm)\s+vừa\s+rồi(?!\w)")),
    ("relative.years", "năm", _c(rf"{_AHEAD}(?P<n>{_COUNT}|\d{{2}})\s+(?P<u>năm)\s+(?P<ahead>tới)(?!\w)")),
    ("relative.year_to_date", "năm", _c(rf"(?<!\w)(?:tính\s+)?từ\s+đầu\s+năm(?!\w)(?:\s+(?P<y>{_Y})(?!\d))?\s+(?:đến|tới)\s+(?:nay|giờ|thời\s+điểm\s+này)")),
    ("same.period", "cùng", _c(rf"(?<!\w)cùng\s+(?:thời\s+)?(?:k[ỳì]|thời\s+điểm)(?:\s+(?:của\s+)?(?:(?P<rel>các\s+năm|nhiều\s+năm|những\s+năm)\s+trước|năm\s+(?:trước\s+đó|trước|ngoái)|(?:năm\s+)?(?P<y>{_Y})(?!\d)))?(?!\w)")),
    ("same.month", "cùng", _c(rf"(?<!\w)cùng\s+tháng(?:\s+(?:của\s+)?năm\s+(?:trước|ngoái|(?P<y>{_Y})(?!\d)))(?!\w)")),
    ("lunar.new_year", "tết", _c(rf"(?<!\w)(?:trước|sau|dịp|trong\s+dịp|trong|đến|nghỉ)?\s?tết(?:\s+(?:nguyên\s+đán|âm\s+lịch|cổ\s+truyền))?\s+(?:năm\s+)?(?P<can>{'|'.join(_STEMS)})\s+(?P<chi>{'|'.join(_BRANCHES)})(?!\w)(?!\s+\(?(?:năm\s+)?\d{{4}})(?P<y>)")),
    ("lunar.new_year", "tết", _c(r"(?<!\w)trước\s+tết\s+(?:nguyên\s+đán|âm\s+lịch|cổ\s+truyền)(?!\w)(?!\s+(?:năm|\(?\d|hàng|hằng|" + "|".join(_STEMS) + r")(?!\w))(?P<y>)(?P<can>)(?P<chi>)")),
    ("lunar.day", "tết", _c(rf"(?<!\w)(?:{_PART}\s+)?(?:ngày\s+)?(?:mùng|mồng)\s+(?P<d>\d|một|hai|ba|bốn|năm|sáu|bảy)\s+tết(?!\w)(?:[^.,;\n\d]{{0,30}}\s(?P<y>{_Y})(?!\d))?")),
    ("lunar.new_year", "tết", _c(rf"(?<!\w)(?:trước|sau|dịp|trong\s+dịp|trong|đến|nghỉ)?\s?tết(?:\s+(?:nguyên\s+đán|âm\s+lịch|cổ\s+truyền))?(?:\s+[a-zà-ỹđ]+\s+[a-zà-ỹđ]+)?(?:\s+năm)?[\s\-(]+(?P<y>{_Y})(?!\d)")),
)

_PREFIX = re.compile(
    r"(?<!\w)(?:"
    r"(?:thời\s+gian\s+)?(?P<now>từ\s+nay(?:\s+cho)?\s+(?:đến|tới)(?:\s+hết)?(?:\s+cuối)?)"
    r"|(?P<asof>(?:tính|lũy\s+kế|luỹ\s+kế|cộng\s+dồn)\s+(?:đến|tới)(?:\s+hết)?(?:\s+thời\s+điểm)?(?:\s+(?:12|0|24|17|15)\s?(?:h|giờ))?)"
    r"|(?P<latest>(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+(?:trước|trong|vào|đến|hết|ngày))?)"
    r"|(?P<before>trước\s+(?:ngày|dịp|lễ)\s+(?:lễ\s+)?(?:quốc\s+khánh|giải\s+phóng|tết\s+độc\s+lập)|trước(?:\s+(?:thời\s+điểm|thời\s+hạn|hết|\d{1,2}\s?(?:h|giờ)(?:\s?\d{2})?))?)"
    r"|(?P<until>(?:cho\s+)?(?:đến|tới|hết)(?:\s+(?:hết|cuối|đầu|thời\s+điểm))?)"
    r"|(?P<within>ngay\s+trong|trong)"
    r"|(?P<from>(?:kể|tính|bắt\s+đầu)\s+từ|từ|sau)"
    r")\s+(?:(?:12|0|24|17|16)\s?(?:h|giờ)\s+)?$"
)


@cache
def _calendar() -> dict[str, dict[str, object]]:
    return tables.read_toml("calendar.toml")


_MEMORY = 100
"""How many times back an expression may lean on ("cùng kỳ", "ngày 15"); it bounds the work on long texts."""


# --- finding ----------------------------------------------------------------------------------


def find_times(
    reading: Reading, anchor: Anchor, blocked: list[tuple[int, int]] | None = None, start: int = 0, end: int | None = None
) -> list[Found]:
    """The time expressions of a text, resolved, in text order and without overlap.

    `blocked` are plain spans (document numbers) in which no time is sought; only what stands between
    `start` and `end` is read. Expressions that
    cannot be dated are left out.
    """
    lower = reading.lower
    spots = _spots(lower, start, len(lower) if end is None else end)
    blocked = sorted(blocked or [])
    chosen = _choose(spots, blocked)
    _collect_years(chosen, anchor, lower)
    found: list[Found] = []
    for rule, m in chosen:
        resolved = _resolve(rule, m, lower, anchor, found[-_MEMORY:])
        if resolved is not None:
            found.append(resolved)
        elif rule not in ("months.bare", "year.bare") and not (rule == "day.short" and m.group()[0].isdigit()):
            anchor.unresolved.append(m.span())
    return _join_ranges(found, lower)


def _spots(lower: str, start: int, end: int) -> list[tuple[int, int, str, re.Match[str]]]:
    """What the patterns match between `start` and `end`, by place, the longest first."""
    spots: list[tuple[int, int, str, re.Match[str]]] = []
    stretches = {name: _stretches(trigger, lower, start, end) for name, trigger in _TRIGGERS.items()}
    for rule, trigger, pattern in PATTERNS:
        at = start
        for first, last in stretches[trigger]:
            at = max(at, first)
            while at <= last and (m := pattern.search(lower, at, min(end, last + _REACH))):
                spots.append((m.start(), -m.end(), rule, m))
                at = m.end()
    spots.sort(key=lambda s: (s[0], s[1]))
    return spots


def _stretches(trigger: re.Pattern[str], lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where matches that hold the trigger may begin: spans without overlap, in text order."""
    out: list[tuple[int, int]] = []
    for m in trigger.finditer(lower, start, end):
        first = max(start, m.start() - _REACH)
        if out and first <= out[-1][1] + _REACH:
            out[-1] = (out[-1][0], m.end())
        else:
            out.append((first, m.end()))
    return out


def _choose(spots: list[tuple[int, int, str, re.Match[str]]], blocked: list[tuple[int, int]]) -> list[tuple[str, re.Match[str]]]:
    """The longest match at each place, from left to right."""
    chosen: list[tuple[str, re.Match[str]]] = []
    last_end = 0
    b = 0
    for start, neg_end, rule, m in spots:
        if start < last_end:
            # A later, longer one that begins inside the last ("tháng 5" in "đầu tháng 5") loses.
            continue
        while b < len(blocked) and blocked[b][1] <= start:
            b += 1
        if b < len(blocked) and blocked[b][0] < -neg_end:
            continue
        chosen.append((rule, m))
        last_end = -neg_end
    return chosen


def _collect_years(chosen: list[tuple[str, re.Match[str]]], anchor: Anchor, lower: str) -> None:
    for rule, m in chosen:
        groups = m.groupdict()
        year = next((groups[g] for g in ("y", "y2", "y3", "y1") if groups.get(g)), None)
        if rule == "day.full" or (rule == "day.words" and year):
            try:
                day = date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
            except ValueError:
                continue
            anchor.full.setdefault((day.month, day.day), []).append(day.year)
        if (point := _point(rule, m, lower)) is not None:
            anchor.points.append(point)
        if year and rule not in ("year.range", "year.bare") and not _BORN.search(lower, max(0, m.start() - 12), m.start()) and not (int(year) % 5 == 0 and _GOAL_YEAR.search(lower, max(0, m.start() - 14), m.end())):
            anchor.positions.append(m.start())
            anchor.years.append(int(year))
    if anchor.published is None:
        _assume(chosen, anchor, lower)


_BORN = re.compile(r"(?<!\w)(?:sinh|sn|sinh\s+vào|năm\s+sinh:?)\s+$")
_PLANNED = re.compile(
    r"(?<!\w)(?:mục\s+tiêu|nhiệm\s+vụ|kế\s+hoạch|phương\s+hướng|chỉ\s+tiêu|dự\s+toán|phấn\s+đấu|dự\s+kiến|sẽ|tầm\s+nhìn|quy\s+hoạch|định\s+hướng|chiến\s+lược|hoàn\s+thành\s+(?:ngay\s+)?trong)(?!\w)[^.;\n]{0,40}$"
)
_PLANNED_FOR = re.compile(r"(?:\s+trở\s+đi|[^.;\n]{0,24}\s(?:đặt\s+mục\s+tiêu|phấn\s+đấu|dự\s+kiến|sẽ|chọn\s+chủ\s+đề))(?!\w)")
_UNTIL = re.compile(r"(?<!\w)(?<!tính )(?:đến|tới|trước)\s+(?:hết\s+|cuối\s+|đầu\s+)?$")
_IN_FORCE = re.compile(r"(?<!\w)(?:hiệu\s+lực|áp\s+dụng|thi\s+hành|bắt\s+đầu|kể\s+từ)(?!\w)[^.;\n]{0,25}$")


def _point(rule: str, m: re.Match[str], lower: str) -> Point | None:
    """What a match that names its year says of when the text was written."""
    groups = m.groupdict()
    year = next((int(groups[g]) for g in ("y", "y2", "y3") if groups.get(g)), None)
    left = lower[max(0, m.start() - 60) : m.start()]
    if year is None or rule in ("year.span", "decade", "year.open", "lunar.new_year") or _BORN.search(left):
        return None
    if rule == "year.range":
        first = int(groups["y1"])
        if m.group().startswith("năm học"):
            return Point(m.start(), date(first, 9, 1), "month")
        return Point(m.start(), date(first, 1, 1), "term") if re.match(r"(?:trong\s+)?nhiệm", m.group()) else None
    plan = bool(_PLANNED.search(left) or _PLANNED_FOR.match(lower, m.end()))
    whole_year = not groups.get("m")
    if _UNTIL.search(left) and (plan or (whole_year and year % 5 == 0)):
        return None
    if plan and whole_year:
        return Point(m.start(), date(year, 1, 1), "plan")
    if whole_year or plan or _IN_FORCE.search(left):
        return Point(m.start(), date(year, 1, 1), "year")
    month = _month_of(groups["m"])
    if not groups.get("d"):
        return Point(m.start(), date(year, month, 1), "month")
    return Point(m.start(), date(year, month, min(int(groups["d"]), monthrange(year, month)[1])), "day")


_BACK = 60
"""A first day so much before the latest date of the text is one of the year after: writers leave out this year."""


def _assume(chosen: list[tuple[str, re.Match[str]]], anchor: Anchor, lower: str) -> None:
    """Sets the day, or at least the year, that a text without a publication day speaks from."""
    past = [p for p in anchor.points if p.grain != "plan"]
    if all(p.grain == "term" for p in past):
        past = []  # a term alone leaves five years to choose from
    latest = max(past, key=lambda p: p.day) if past else None
    year = latest.day.year if latest else None
    lead = next((m for rule, m in chosen if rule in ("day.short", "day.words") and not m.groupdict().get("y") and not _looks_ahead(lower, m.start())), None)
    month, day = (int(lead["m"]), int(lead["d"])) if lead else (0, 0)
    farthest = 9999 if year is None else year + (4 if latest and latest.grain == "term" else 1)
    planned = max((p.day.year for p in anchor.points if p.grain == "plan" and (year or 0) < p.day.year <= farthest), default=None)
    if planned is not None:
        year = planned - 1 if month >= 10 else planned
    elif latest is not None and year is not None and lead and latest.grain not in ("year", "term"):
        if (latest.day - date(year, month, min(day, monthrange(year, month)[1]))).days > _BACK:
            year += 1
    anchor.assumed_year = year
    if year is not None and lead and day <= monthrange(year, month)[1]:
        anchor.assumed = date(year, month, day)


# --- resolving --------------------------------------------------------------------------------


def _resolve(rule: str, m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Found | None:
    try:
        made = _SPANS[rule](m, lower, anchor, before)
    except ValueError:  # the 31st of a month of 30 days, month 13
        return None
    if made is None:
        return None
    grain, since, until = made
    groups = m.groupdict()
    named = any(groups.get(g) for g in ("y", "y2", "y3", "y1"))
    if not named and not groups.get("rel") and until is not None and rule in _YEARLESS:
        since, until = _ahead(m, lower, anchor, since, until)
    found = Found(m.start(), m.end(), rule, grain, since, until, core=m.start(), named_year=named)
    return _apply_prefix(found, lower, anchor)


_TO_NOW = re.compile(r"\s+(?:cho\s+)?(?:đến|tới)\s+nay(?!\w)")
_YEARLESS = ("month", "month.part", "quarter", "year.part")
_STILL_TO_COME = re.compile(r"(?<!\w)(?:xong|hoàn thành|hoàn tất|phải|phấn đấu|dự kiến|sẽ|khẩn trương|trình|khởi công|khánh thành|cam kết|chậm nhất|muộn nhất|kịp|nghiệm thu|bàn giao)(?!\w)[^.;\n]{0,45}$")
_TO_COME = re.compile(r"[^.;,\n]{0,12}(?<!\w)(?:phải|sẽ|khởi công|phấn đấu|hoàn thành|tối thiểu)(?!\w)")
_LONG_OVER = 150
"""Days after which what is "still to be done in March" is meant of the next March."""
_HAS_BEEN = re.compile(r"(?<!\w)(?:đã|vừa|từng|được|hồi)(?!\w)[^.;\n]{0,45}$")


def _ahead(m: re.Match[str], lower: str, anchor: Anchor, since: date | None, until: date) -> tuple[date | None, date]:
    """The same part of the next year, where it is over by the day of publication and something is still to be done in it."""
    pub = anchor.published
    if pub is None or not _LONG_OVER <= (pub - until).days < 380:
        return since, until
    left = max(0, m.start() - 70)
    told = _STILL_TO_COME.search(lower, left, m.start()) or _TO_COME.match(lower, m.end())
    if not told or _HAS_BEEN.search(lower, left, m.start()):
        return since, until
    return _shift_years(since, 1) if since else None, _shift_years(until, 1)


def _apply_prefix(found: Found, lower: str, anchor: Anchor) -> Found | None:
    """Takes in the bounding word before the core and bounds the span with it."""
    if found.rule in ("relative.year_to_date", "same.period", "same.month", "within", "lunar.new_year", "year.open"):
        return found
    if lower.startswith("từ", found.start) and found.rule in ("day.range", "day.dashes", "month.range", "quarter.range", "year.span"):
        found.prefix = "span"
        return found
    if lower.startswith("trong", found.start):
        found.prefix = "within"
    m = _PREFIX.search(lower, max(0, found.start - 45), found.start)
    if m is None:
        return found
    kind = next(k for k, v in m.groupdict().items() if v)
    words = m.group(kind)
    since, until = found.since, found.until
    if kind == "from" and lower.endswith("ngay ", 0, m.start()):
        return found  # "ngay từ đầu năm" says when, not since when
    if kind == "before" and _is_comparison(lower, m.start()):
        return found
    if kind == "now":
        since = anchor.published
        if since and until and until < since and not found.named_year and (since - until).days < 366:
            until = _shift_years(until, 1)
    elif kind in ("asof", "latest", "before", "until"):
        if kind == "until" and words.strip() == "hết":
            since = until if found.grain == "year" and _ENDS.search(lower, max(0, m.start() - 12), m.start()) else None
        else:
            since = None
        if words.endswith("đầu") and until and found.grain == "year":
            until = date(until.year, 3, 31)
    elif kind == "from":
        if words == "sau":
            return found
        if anchor.published is not None and (now := _TO_NOW.match(lower, found.end)) and since and since <= anchor.published:
            found.end = now.end()
            found.prefix, found.start, found.since, found.until = "span", m.start(), since, anchor.published
            return found
        ranges = found.rule in ("day.range", "day.dashes", "month.range", "quarter.range") or (found.rule == "year.range" and not lower.startswith("năm học", found.start))
        until = until if ranges else None
    found.prefix, found.start = kind, m.start()
    found.since, found.until = since, until
    if since and until and since > until:
        return None
    return found


def _is_comparison(lower: str, at: int) -> bool:
    """Whether "trước" belongs to what stands before it ("năm trước 2020", "như trước")."""
    left = lower[max(0, at - 12) : at]
    return bool(re.search(r"(?:năm|tháng|kỳ|như|so với|phía)\s+$", left)) and not re.search(r"\d\s+(?:năm|tháng)\s+$", left)


def _join_ranges(found: list[Found], lower: str) -> list[Found]:
    """ "từ năm 2016 đến năm 2020" names one span: the two halves become one expression."""
    out: list[Found] = []
    for f in found:
        last = out[-1] if out else None
        if (
            last is not None
            and last.prefix == "from"
            and f.prefix in ("until", "")
            and f.until
            and last.since
            and last.since <= f.until
            and re.fullmatch(r"\s*(?:đến|tới|-)?\s*(?:hết\s+)?", lower[last.end : f.start])
            and (f.prefix == "until" or re.search(r"đến|tới|-", lower[last.end : f.start]))
            and not lower.startswith("sau", last.start)
        ):
            last.end, last.until, last.prefix, last.grain = f.end, f.until, "span", "span"
            continue
        if last is not None and last.grain == f.grain == "day" and last.rule == f.rule == "day.words" and last.until and f.since and last.until < f.since and lower[last.end : f.start].strip() == "-":
            last.end, last.until, last.grain = f.end, f.until, "span"
            continue
        out.append(f)
    return out


Span = tuple[Grain, date | None, date | None]


def month_span(year: int, month: int, last: int | None = None) -> tuple[date, date]:
    """First and last day of a month, or of the months `month` to `last`."""
    last = last or month
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def year_span(year: int, to: int | None = None) -> tuple[date, date]:
    """First and last day of a year, or of the years to `to`."""
    return date(year, 1, 1), date(to or year, 12, 31)


def _relative_year(word: str | None, at: int, anchor: Anchor) -> int | None:
    """The year that "nay", "ngoái", "sau" … names; the bare year of the text where `word` is None."""
    word = re.sub(r"\s+", " ", word or "").replace("của ", "").removeprefix("năm ")
    if word in ("trước đó", "kế tiếp"):
        named = anchor.named_before(at)
        return None if named is None else named + (1 if word == "kế tiếp" else -1)
    this = anchor.published.year if anchor.published else anchor.named_before(at, anchor.sentence_start(at))
    if this is None:
        return None
    if word in ("ngoái", "trước", "qua", "vừa qua", "vừa rồi", "rồi"):
        if word in ("vừa qua", "qua", "vừa rồi") and anchor.published and anchor.published.month >= 11:
            return this
        return this - 1
    if word in ("sau", "tới", "sang năm"):
        return this + 1
    return this


def _year_of(m: re.Match[str], anchor: Anchor) -> int | None:
    """The year a match names itself, or None."""
    groups = m.groupdict()
    for name in ("y", "y2", "y3"):
        if groups.get(name):
            return int(groups[name])
    if groups.get("rel"):
        return _relative_year(groups["rel"], m.start(), anchor)
    return None


def _implied_year(m: re.Match[str], lower: str, anchor: Anchor, *, late: bool = False) -> int | None:
    """The year of a part of a year that names none: the one named earlier in the sentence, or this one."""
    own = _year_of(m, anchor)
    if own is not None:
        return own
    sentence = anchor.sentence_start(m.start())
    clause = max(sentence, lower.rfind(";", sentence, m.start()))
    named = anchor.named_before(m.start(), clause)
    if named is not None and not re.search(r"(?:so với|cùng kỳ|hơn)[^.;]{0,40}$", lower[sentence : m.start()]):
        return named
    return anchor.year(m.start(), late=late)


def _month_of(word: str) -> int:
    if word.isdigit():
        return int(word)
    return int(_calendar()["months"][re.sub(r"\s+", " ", word)])  # type: ignore[call-overload]


def _count_of(word: str) -> int:
    if word.isdigit():
        return int(word)
    return int(_calendar()["numerals"][re.sub(r"\s+", " ", word)])  # type: ignore[call-overload]


def _looks_ahead(lower: str, at: int) -> bool:
    if re.match(r"\S+(?:\s+[^\s.;,]+){0,2},[^.;\n]{0,70}\s(?:đã|vẫn)\s", lower[at : at + 110]):
        return False  # "đến ngày 24/6, huyện đã họp"
    return bool(re.search(r"(?:trước|đến|hạn|chậm nhất|muộn nhất|từ nay|sẽ|dự kiến)[^.;]{0,25}$", lower[max(0, at - 40) : at]))


def _nearest_year(month: int, day: int, m: re.Match[str], lower: str, anchor: Anchor) -> int | None:
    """The year that brings a day and month nearest to the publication (ahead of it for deadlines)."""
    sentence = anchor.sentence_start(m.start())
    named = anchor.named_before(m.start(), sentence)
    spoken = anchor.day
    if spoken is None:
        return named if named is not None else anchor.named_near(m.start())
    if named is not None and abs(named - spoken.year) > 1:
        return named
    for full in anchor.full.get((month, day), ()):
        if abs(full - spoken.year) <= 1 and (anchor.published is None or abs((date(full, month, min(day, monthrange(full, month)[1])) - spoken).days) <= 200):
            return full
    ahead = _looks_ahead(lower, m.start())
    best: tuple[int, int] | None = None
    for year in (spoken.year - 1, spoken.year, spoken.year + 1):
        if day > monthrange(year, month)[1]:
            continue
        distance = (date(year, month, day) - spoken).days
        if ahead:
            distance = distance if distance >= -20 else 20 - 2 * distance
        else:
            distance = -distance if distance <= 0 else distance * 2
        if best is None or distance < best[0]:
            best = (distance, year)
    return best[1] if best else None


def _day_full(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span:
    day = date(int(m["y"]), int(m["m"]), int(m["d"]))
    return "day", day, day


_NEXT_YEAR = re.compile(r"\s+năm\s+(?:sau|tới)(?!\w)")


def _day_short(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    day, month = int(m["d"]), int(m["m"])
    named, rel = m.groupdict().get("y"), _NEXT_YEAR.match(lower, m.end())
    year = int(named) if named else _relative_year("sau", m.start(), anchor) if rel else _nearest_year(month, day, m, lower, anchor)
    if year is None:
        return None
    return "day", date(year, month, day), date(year, month, day)


def _day_holiday(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "tiền quà 2/9": public holidays are named by their day alone; "đường 30/4" is a street."""
    if re.search(r"(?:đường|phố|trường|công viên|tỷ lệ|chiếm|khu)\s+$", lower[max(0, m.start() - 14) : m.start()]):
        return None
    return _day_short(m, lower, anchor, before)


def _day_range(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    end = _day_short(m, lower, anchor, before)
    if end is None or end[1] is None:
        return None
    last = end[1]
    first = date(int(m["y1"] or last.year), int(m["m1"] or last.month), int(m["d1"]))
    if first > last and not m["y1"]:
        first = first.replace(year=last.year - 1)
    return ("span", first, last) if first <= last else None


def _day_only(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "ngày 15": of the month named last, else of the month of publication."""
    if re.match(r"[^.;\n]{0,28}(?:hằng|hàng|mỗi) tháng", lower[m.end() : m.end() + 45]):
        return None
    shift = {"sau": 1, "tới": 1, "trước": -1}.get((m["this"] or "").split(" ")[-1], 0)
    base = None if shift else next((f.since or f.until for f in reversed(before) if f.grain in ("day", "month") and m.start() - f.end < 400), None)
    base = base or anchor.published
    if base is None:
        return None
    month = base.year * 12 + base.month - 1 + shift
    day = date(month // 12, month % 12 + 1, int(m["d"]))
    return "day", day, day


def _day_same(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    text = re.sub(r"\s+", " ", m.group())
    if text.endswith("cùng ngày"):
        day = anchor.published
        base = next((f.since for f in reversed(before) if f.grain == "day" and f.since and f.rule != "lunar.new_year" and (day is None or f.since <= day)), day)
    else:
        base = anchor.published
        if base and text.endswith("qua"):
            base -= timedelta(days=1)
        elif base and text.endswith("mai"):
            base += timedelta(days=1)
    return ("day", base, base) if base else None


def _month(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    word = m["m"]
    if lower.endswith("cách mạng ", 0, m.start()):
        return None  # the August Revolution
    if not word.isdigit() and word in ("một", "hai", "ba", "năm", "mười") and not m["oy"] and not m.groupdict().get("which"):
        if word not in ("hai", "ba") or not _OF_A_MONTH.search(lower, max(0, m.start() - 10), m.start()) or not re.match(r"\s*[,.;:)\n]|\s+(?:và|đến|sau|năm|đã|là|khi|đạt|tăng|giảm)(?!\w)", lower[m.end() : m.end() + 8]):
            return None  # "tháng một", "tháng năm" without a year are rarely months
    month = _month_of(word)
    year = _year_of(m, anchor)
    if year is None:
        to_come = bool(_OF_A_SESSION.search(lower, max(0, m.start() - 40), m.start()))
        year = _implied_year(m, lower, anchor, late=anchor.published is not None and month > anchor.published.month + 1 and not to_come)
        if year is None:
            return None
        sentence = anchor.sentence_start(m.start())
        pub = anchor.published
        if pub and year == pub.year and month - pub.month >= 4 and not to_come and not _looks_ahead(lower, m.start()):
            if anchor.named_before(m.start(), sentence) is None and pub.month <= 4:
                year -= 1
    return "month", *month_span(year, month)


_OF_A_SESSION = re.compile(r"(?<!\w)(?:trình|báo cáo|cho ý kiến|thông qua)(?!\w)[^.;\n]{0,30}\s(?:kỳ họp|phiên họp|hội nghị)\s+$")
"""Before the month of a session that something is laid before."""
_OF_A_MONTH = re.compile(r"(?<!\w)(?:trong|của|với|từ|đến|sang|hồi|vào|và|hết|giữa|cuối|đầu)\s+$")


def _month_part(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    whole = _month_rel(m, lower, anchor, before) if "m" not in m.groupdict() else _month(m, lower, anchor, before)
    if whole is None or whole[1] is None or whole[2] is None:
        return None
    first, last = whole[1], whole[2]
    if m["which"] in ("đầu", "thượng tuần"):
        return "month", first, first.replace(day=10)
    if m["which"] in ("giữa", "trung tuần"):
        return "month", first.replace(day=11), first.replace(day=20)
    return "month", first.replace(day=21), last


def _month_week(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "tuần đầu tháng 9": its first seven days."""
    whole = _month(m, lower, anchor, before)
    if whole is None or whole[1] is None or whole[2] is None:
        return None
    return "span", *((whole[1], whole[1].replace(day=7)) if m["which"] == "đầu" else (whole[2] - timedelta(days=6), whole[2]))


def _month_list(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "các tháng 3, 4, 5": months in a row."""
    first, middle, last = int(m["m1"]), int(m["mid"]), int(m["m"])
    year = _implied_year(m, lower, anchor)
    return ("months", *month_span(year, first, last)) if year is not None and (middle, last) == (first + 1, first + 2) else None


def _month_range(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    first, last = int(m["m1"]), int(m["m"])
    year = _implied_year(m, lower, anchor)
    if year is None:
        return None
    start_year = int(m["y1"]) if m["y1"] else (year - 1 if first > last else year)
    if m["y1"] and not _year_of(m, anchor):
        year = start_year
    return "span", month_span(start_year, first)[0], month_span(year, last)[1]


def _month_slash(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span:
    return "month", *month_span(int(m["y"]), int(m["m"]))


def _month_rel(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "tháng trước": before the month named last in a comparison, else before that of publication."""
    word = re.sub(r"\s+", " ", m.group()).rpartition("tháng ")[2]
    base = next((f.since for f in reversed(before) if f.grain == "month" and f.since and m.start() - f.end < 160), None)
    if word in ("này", "tới", "sau", "vừa qua", "qua") or base is None:
        base = anchor.published
    if base is None:
        return None
    shift = {"này": 0, "tới": 1, "sau": 1}.get(word, -1)
    index = base.year * 12 + base.month - 1 + shift
    return "month", *month_span(index // 12, index % 12 + 1)


_TOLD = re.compile(r"\s+(?:vẫn\s+|chỉ\s+|mới\s+|còn\s+|đã\s+)*(?:tăng|giảm|đạt|âm)(?!\w)")


def _quarter(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    if (m.groupdict().get("rel") or "").endswith("sau") and re.search(r"(?<!\w)(?:hằng|hàng|mỗi|từng)\s+năm(?!\w)", lower[anchor.sentence_start(m.start()) : m.start()]):
        return None  # of any year
    numbers = _calendar()["quarters"]
    first = int(numbers[m["q"]])  # type: ignore[call-overload]
    last = int(numbers[m["q2"]]) if m["q2"] else first  # type: ignore[call-overload]
    year = _implied_year(m, lower, anchor, late=first >= 2 or bool(_TOLD.match(lower, m.end()) or _AGAINST.search(lower, max(0, m.start() - 12), m.start())))
    if year is None or last < first:
        return None
    return "quarter", *month_span(year, first * 3 - 2, last * 3)


def _quarter_part(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "cuối quý III": its last month."""
    whole = _quarter(m, lower, anchor, before)
    if whole is None or whole[1] is None:
        return None
    month = whole[1].month + {"đầu": 0, "giữa": 1, "cuối": 2}[m["which"]]
    return "months", *month_span(whole[1].year, month)


def _quarter_near(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "quý vừa rồi", "quý này": seen from the day of publication."""
    pub = anchor.published
    if pub is None:
        return None
    told = next((f.since for f in reversed(before) if f.grain == "quarter" and f.since and m.start() - f.end < 160), None) if m["rel"] == "trước" else None
    seen = told or pub
    quarter = seen.year * 4 + (seen.month - 1) // 3 + {"này": 0, "tới": 1}.get(m["rel"], -1)
    return "quarter", *month_span(quarter // 4, quarter % 4 * 3 + 1, quarter % 4 * 3 + 3)


def _quarter_range(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    numbers = _calendar()["quarters"]
    year = _year_of(m, anchor)
    if year is None:
        return None
    first, last = month_span(int(m["y1"]), int(numbers[m["q"]]) * 3 - 2)[0], month_span(year, int(numbers[m["q2"]]) * 3)[1]  # type: ignore[call-overload]
    return ("span", first, last) if first <= last else None


def _quarter_rel(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor)
    if year is None:
        return None
    return "quarter", *(month_span(year, 1, 3) if m["rel0"].startswith("đầu") else month_span(year, 10, 12))


def _months_of_year(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    n = _count_of(m["n"]) * (3 if m["u"] == "quý" else 1)
    year = _implied_year(m, lower, anchor, late=m["which"] == "cuối" or (n >= 4 and not _PLANNED.search(lower, max(0, m.start() - 60), m.start())))
    if year is None or not 1 <= n <= 12:
        return None
    return "months", *(month_span(year, 1, n) if m["which"] == "đầu" else month_span(year, 13 - n, 12))


def _months_year(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    n = _count_of(m["n"])
    return ("months", *month_span(int(m["y"]), 1, n)) if 1 <= n <= 12 else None


def _months_before(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "9 tháng năm trước": so many months of the year before."""
    n, year = _count_of(m["n"]), _relative_year(m["rel"], m.start(), anchor)
    return ("months", *month_span(year, 1, n)) if year is not None and 1 <= n <= 12 else None


def _months_rel(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "8 tháng qua", "4 tháng còn lại": counted from the turn of the month nearest to publication."""
    n = _count_of(m["n"]) * (3 if m["u"] == "quý" else 1)
    year = _implied_year(m, lower, anchor)
    if year is None or not 1 <= n <= 12:
        return None
    pub = anchor.published
    if m["which"] == "tới" and (pub is None or not 12 - n <= pub.month <= (15 if m["u"] == "quý" else 13) - n):
        return None
    if m["which"] in ("còn lại", "tới"):
        return "months", *month_span(year, 13 - n, 12)
    if pub is not None and n > pub.month:
        return None
    return "months", *month_span(year, 1, n)


_REPORTING = re.compile(
    r"(?:trong|qua|sau|tổng|kết quả|tình hình|kinh tế|xã hội|gdp|grdp|xuất khẩu|nhập khẩu|ngân sách|bình quân|tính chung|lũy kế|luỹ kế|cộng dồn|thu|chi|cpi|sơ kết|báo cáo|tháng \d{1,2} và|ước)\s*$"
)


@lru_cache(maxsize=4)
def _months_reported(lower: str) -> frozenset[int]:
    """The numbers of months that a text reports on in full ("9 tháng đầu năm", "9 tháng năm 2023")."""
    return frozenset(int(n) for n in re.findall(r"(?<!\w)(\d{1,2})\s+tháng\s+(?:đầu năm|năm (?:19|20)\d\d)", lower))


_LASTS = re.compile(r"(?<!\w)(?:đình\s+chỉ|tạm\s+dừng|ngưng|ngừng|dừng|duy\s+trì|liên\s+tục|gia\s+hạn|thử\s+việc|học|ở\s+lại|nghỉ)(?!\w)[^.;,\n]{0,45}$")
"""What lasts for months that are no part of a year: "đình chỉ hoạt động trong 9 tháng"."""


_HEADS = re.compile(r"(?:[.;\n]\s*|(?<!\w)(?:song|nhưng|thế nhưng|tính chung|tính chung cả|cả)\s+)$")
"""Before months that a clause begins with: "Song 8 tháng chỉ được 10,4%"."""
_TOLD_OF_MONTHS = re.compile(r"\s*(?:(?:cao|thấp|tăng|giảm|ước|đạt|vượt|mới|chỉ|được|thu|thực hiện|có|là|khoảng|trôi qua|cả|toàn|tối thiểu|giải quyết|giải ngân|xuất|nhập|đã|đón|thả|trồng|nhận|tiếp nhận|phát hiện|kết nạp|thu hút|xảy ra|lên|bằng|trên địa bàn|tỉnh|cả tỉnh|toàn tỉnh|huyện|cả nước|nộp|ngành|tiêu|còn|gdp|grdp|cpi)(?!\w)|\w+ được(?!\w)|,|:|\d|\()")
"""What is told of the first months of a year: "8 tháng mới được 57%", "bốn tháng, chỉ tiêu này đạt …"."""


def _months_bare(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "9 tháng" is the year's first nine months where a report speaks, and a duration elsewhere."""
    n = _count_of(m["n"]) * (3 if m["u"] == "quý" else 1)
    year = _implied_year(m, lower, anchor)
    pub = anchor.published
    if year is None or n > 12:
        return None
    if pub is not None and year > pub.year:
        year = pub.year  # a report, and of months that are over
    whole = any(f.grain == "months" and f.until and f.until.month == n for f in before) or n in _months_reported(lower)
    fits = n in (6, 9) or (pub is not None and pub.month in (n, n + 1))
    if m["u"] == "quý" and not (pub is None or pub.month in (n, n + 1, n + 2)):
        return None
    left = lower[max(0, m.start() - 24) : m.start()]
    if re.search(r"(?:mỗi|cứ|hơn|gần|khoảng|kéo dài|suốt|từ|đến|thêm|còn|cách đây|dưới|trên|tù|thời hạn|thời gian|tối đa|không quá|phạt|hạn)\s+$", left):
        return None
    if re.match(r"\s*(?:lương|tiền|một lần|gửi|, hằng|và hằng|/|-)", lower[m.end() : m.end() + 10]) or left.endswith("định kỳ "):
        return None
    if pub is None and (m["n"] in ("hai", "bốn") or m["n"][0] == "0" or m["u"] == "quý"):
        return None
    if re.search(r"\d\s+(?:tháng|năm)(?:,|\s+(?:và|hoặc|hay))\s+$", left):
        return None
    if _LASTS.search(lower, max(0, m.start() - 60), m.start()):
        return None
    if left.endswith("sau ") and not (fits and pub is not None and (m["u"] == "quý" or _TOLD_OF_MONTHS.match(lower, m.end()) or lower[m.end() : m.end() + 1] in ("\n", "", ".", ";"))):
        return None
    if m["n"] == "năm" and not (fits and _TOLD_OF_MONTHS.match(lower, m.end())):
        return None  # "năm tháng" is time that goes by
    heads = bool(_HEADS.search(left)) and bool(_TOLD_OF_MONTHS.match(lower, m.end())) and pub is not None and n < pub.month and year == pub.year
    if whole or heads or (fits and (_REPORTING.search(left) or left.endswith("\n") or _TOLD_OF_MONTHS.match(lower, m.end()))):
        return "months", *month_span(year, 1, n)
    return None


_TO_DO = re.compile(r"(?<!\w)(?:xong|hoàn thành|hoàn tất|phải|trình|báo cáo|gửi|phấn đấu|dự kiến|sẽ|giải quyết|thông qua|ban hành|khởi công|khánh thành)(?!\w)[^.;\n]{0,40}$")


def _within(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "trong tháng", "trong năm": the one that is told of, or that of publication where something is to be done in it."""
    pub = anchor.published
    if m.groupdict().get("until"):
        return None if pub is None else ("month", None, month_span(pub.year, pub.month)[1])
    if m["u"] == "năm":
        if pub is None or re.search(r"(?:khác|tháng|ngày|mùa|thời gian|bình quân|trung bình|lần|quý|được giao)\s+$", lower[max(0, m.start() - 14) : m.start()]):
            return None
        year = _implied_year(m, lower, anchor, late=True)
        return None if year is None else ("year", *year_span(year))
    if pub is None or not _TO_DO.search(lower, max(0, m.start() - 60), m.start()):
        month = _month_told_of(lower, before)
        if month is not None and (pub is None or month <= pub):
            return "month", *month_span(month.year, month.month)
    return None if pub is None else ("month", *month_span(pub.year, pub.month))


def _months_left(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "những tháng còn lại": from the end of the months told of, or from publication, to the end of the year."""
    year, pub = _implied_year(m, lower, anchor), anchor.published
    told = next((f.until.month for f in reversed(before) if f.grain in ("months", "half", "quarter") and f.since and f.until and f.until.year == year and f.since.month == 1 and f.until.month < 12), None)
    last = told or (None if pub is None or pub.year != year else pub.month if pub.day > 15 else pub.month - 1)
    if year is not None and last is None and m["y"]:
        return "year", *year_span(year)
    return None if year is None or last is None or last > 11 else ("months", *month_span(year, last + 1, 12))


def _half_rest(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor)
    return None if year is None else ("half", *month_span(year, 7, 12))


def _term_end(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "cuối nhiệm kỳ": the last year of the term or plan that is named before."""
    term = next((f for f in reversed(before) if f.grain == "span" and f.since and f.until and f.until.year - f.since.year in (4, 5)), None)
    return None if term is None or term.until is None else ("year", date(term.until.year, 12, 31), term.until)


def _year_told(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "năm ấy", "một năm trước đó": the year named last, or the one before it."""
    year = anchor.named_before(m.start())
    return None if year is None else ("year", *year_span(year - (1 if m["back"] else 0)))


def _year_new(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "bước sang năm mới": the year that has begun, or is about to."""
    pub = anchor.published
    return None if pub is None else ("year", *year_span(pub.year + (pub.month >= 10)))


def _months_first(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor)
    if year is None:
        return None
    what = re.sub(r"\s+", " ", m["what"])
    if m.groupdict().get("rel") == "mới" and anchor.published and anchor.published.month >= 11 and not m["y"]:
        year += 1
    if "cuối" in what:
        return "months", *(month_span(year, 10, 12) if what.startswith(("những tháng", "các tháng")) else month_span(year, 12))
    if what in ("những tháng đầu", "các tháng đầu", "mấy tháng đầu"):
        return "months", *month_span(year, 1, 3)
    return "months", *month_span(year, 1)


def _half(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor, late=m["which"] != "đầu")
    if year is None:
        return None
    return "half", *(month_span(year, 1, 6) if m["which"] == "đầu" else month_span(year, 7, 12))


def _year_range(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    first, last = int(m["y1"]), int(m["y"])
    if not first < last <= first + 60 and (last - first) % 10:  # round ones are anniversaries, others lives
        return None
    school = re.match(r"năm\s+học|niên\s+khóa", m.group()) or re.search(r"năm\s+học\s+\d{4}\s?-\s?\d{4}(?:,|\s+và)\s+$", lower[max(0, m.start() - 30) : m.start()])
    if school and last == first + 1:
        return "span", date(first, 9, 1), date(last, 5, 31)
    return "span", *year_span(first, last)


def _decade(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span:
    first = int(m["y"]) if m["y"] else 1900 + int(m["y2"])
    return "span", *year_span(first, first + 9)


def _year_open(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span:
    year = int(m["y"])
    return ("span", date(year + 1, 1, 1), None) if m["tail"].startswith("sau") else ("span", None, date(year - 1, 12, 31))


def _year_part(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor, late=m["which"] != "đầu")
    if year is None:
        return None
    until = re.search(r"(?:đến|tới|trước|hết|chậm nhất|từ nay)\s+(?:thời\s+điểm\s+)?$", lower[max(0, m.start() - 16) : m.start()])
    which = m["which"]
    if which == "cuối":
        return "year" if until else "months", date(year, 10, 1), date(year, 12, 31)
    if which == "đầu":
        return "months", *month_span(year, 1, 3)
    return "months", *month_span(year, 6, 7)


def _year_whole(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = _implied_year(m, lower, anchor, late=not _TO_COME.match(lower, m.end()))
    return None if year is None else ("year", *year_span(year))


_ENDS = re.compile(r"(?<!\w)(?:là|sắp|khi|chưa|đã|mới|gần)\s+$")
"""Before "hết năm" where the year's last day is meant, and not all until then."""


def _year_end(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "hết năm": until the year's last day ("hết năm đạt 90%"), or that day alone ("4 tháng nữa là hết năm")."""
    year = _implied_year(m, lower, anchor, late=True)
    if year is None:
        return None
    last = date(year, 12, 31)
    return "year", last if _ENDS.search(lower, max(0, m.start() - 12), m.start()) else None, last


def _year_plain(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span:
    return "year", *year_span(int(m["y"]))


def _year_rel(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    if m["rel"] == "sau" and re.match(r"[^.;\n]{0,30}\s(?:hơn|với)\s+năm\s+trước", lower[m.end() : m.end() + 50]):
        return None  # "năm sau cao hơn năm trước" is said of any year
    if m["rel"] == "trước" and re.search(r"(?<!\w)năm\s+sau\s[^.;\n]{0,40}$", lower[max(0, m.start() - 50) : m.start()]):
        return None
    year = _relative_year(m["rel"] or "sau", m.start(), anchor)
    if year is not None and m["rel"] in ("trước", "ngoái") and _AGAINST_YEAR.search(lower, max(0, m.start() - 24), m.start()):
        told = next((f for f in reversed(before[-4:]) if f.grain == "year" and f.since and f.until and f.start >= anchor.sentence_start(m.start())), None)
        pub = anchor.published
        if told is None and pub is not None and pub.month <= 3:
            told = next((f for f in reversed(before[-3:]) if f.grain == "year" and f.since and f.until and f.since.year == f.until.year == pub.year - 1 and m.start() - f.end < 300 and f.rule == "year.plain"), None)
        if told is not None and told.since is not None and told.since.year == year and told.since.year == (told.until or told.since).year:
            year -= 1  # "năm 2021 thu 1,9 tỷ, gấp đôi năm trước", said in 2022
    return None if year is None else ("year", *year_span(year))


_AGAINST_YEAR = re.compile(r"(?<!\w)(?:so\s+với|so|hơn|kém|bằng|gấp\s+đôi|gấp\s+rưỡi|lần|phần\s+\w+|nửa|như|của)\s+$")
_YEARLESS_NAME = re.compile(
    r"(?:\bsố|\bđề án|\bmã|\bđường|\bphòng|\bmodel|\bxe|\bđiện thoại|\bđt|\bkhoảng|\bhơn|\bgần|\btrên|\bdưới|\btổng|\bcó|\bđạt|\bthêm|\bkm|\bđược|:)\s*$"
)


_YEARS_LISTED = re.compile(r"(?<!\w)năm\s+(?:(?:19|20)\d\d(?:,|\s+và)\s+){1,5}$")


def _year_bare(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """A year without "năm": in names of laws and programmes, after "cuối", in brackets."""
    left = lower[max(0, m.start() - 20) : m.start()]
    year = int(m["y"])
    if not 1945 <= year <= 2060 or _YEARLESS_NAME.search(left):
        return None
    if _YEARS_LISTED.search(lower, max(0, m.start() - 40), m.start()):
        return "year", *year_span(year)
    if re.match(r"\s+[a-zà-ỹđ]", lower[m.end() : m.end() + 3]) and not re.search(r"[a-zà-ỹđ)]\s+$", left):
        return None
    return "year", *year_span(year)


def _relative_years(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "10 năm qua": from as long before publication as it says, to publication."""
    pub = anchor.published
    if pub is None:
        return None
    n = _count_of(m["n"])
    unit = re.sub(r"\s+", " ", m["u"])
    if unit in ("ngày", "tuần"):
        return "relative", pub - timedelta(days=n * (7 if unit == "tuần" else 1)), pub
    years = n * {"năm": 1, "thập kỷ": 10, "nhiệm kỳ": 5}[unit]
    if m.groupdict().get("ahead"):
        return "relative", pub, date(pub.year + years, pub.month, min(pub.day, monthrange(pub.year + years, pub.month)[1]))
    day = min(pub.day, monthrange(pub.year - years, pub.month)[1])
    return "relative", date(pub.year - years, pub.month, day), pub


def _year_to_date(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    year = int(m["y"]) if m["y"] else anchor.year(m.start())
    if year is None:
        return None
    return "relative", date(year, 1, 1), anchor.published


_COMPARED = re.compile(r"(?:so\s+với|hơn|bằng|cao|thấp|tăng|giảm)[^.;\n]{0,14}$")


_AGAINST = re.compile(r"(?<!\w)(?:so\s+với|so|hơn|kém)\s+(?:cuối\s+|đầu\s+)?$")


_OF_PRICES = re.compile(r"(?:so\s+sánh|cố\s+định|giá\s+gốc)\s+(?:năm\s+)?$")


def only_of_prices(time: Found, lower: str) -> bool:
    """Whether a year only says in whose prices a figure is given: "theo giá so sánh 2010"."""
    return _OF_PRICES.search(lower, max(0, time.start - 16), time.start) is not None


def _is_compared_with(time: Found, lower: str) -> bool:
    """Whether a time is itself what something is compared with: "so với tháng 12/2020", "tháng trước"."""
    return time.rule == "month.rel" or bool(_AGAINST.search(lower, max(0, time.start - 12), time.start))


def _month_told_of(lower: str, before: list[Found]) -> date | None:
    """The first day of the last month that the text tells of, not of one that it compares with."""
    return next((f.since for f in reversed(before) if f.grain == "month" and f.since and not _is_compared_with(f, lower)), None)


def _same_month(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "cùng tháng năm 2022": the month told of, that year (the year before, if none is named)."""
    month = _month_told_of(lower, before)
    return None if month is None else ("same", *month_span(int(m["y"]) if m["y"] else month.year - 1, month.month))


def _same_period(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "cùng kỳ": the span it is compared with, as many years earlier as it says (one, if it says none)."""
    if m["rel"] or ("thời" in m.group() and "năm" not in m.group() and not _COMPARED.search(lower, max(0, m.start() - 24), m.start())):
        return None  # "người dùng cùng thời điểm"
    base = _compared_span(m, lower, anchor, before)
    if base is None:
        return None
    since, until = base
    year = int(m["y"]) if m["y"] else until.year - 1
    shift = year - until.year
    return "same", _shift_years(since, shift) if since else None, _shift_years(until, shift)


def _compared_span(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> tuple[date | None, date] | None:
    """The reporting period that "cùng kỳ" goes back a year from.

    The nearest one before that is over (or nearly) by the day of publication: months, quarters and
    "up to …" rather than a whole year, which is often that of a plan ("bằng 48% dự toán năm 2024").
    """
    limit = anchor.published + timedelta(days=40) if anchor.published else date.max
    sentence = anchor.sentence_start(m.start())
    whole_year: Found | None = None
    for f in reversed(before):
        if f.until is None or f.until > limit or f.rule == "same.period" or f.grain in ("day", "span", "relative") and f.prefix not in ("asof", "until"):
            if not (f.until and f.grain == "year" and f.until.year == limit.year and whole_year is None):
                continue
        if m.start() - f.end > 700:
            break
        if _is_compared_with(f, lower) or only_of_prices(f, lower):
            continue
        if f.prefix in ("before", "latest", "now", "from") or f.until is None:
            continue
        if f.grain == "year":
            of_plan = re.search(r"(?:kế hoạch|dự toán|chỉ tiêu|mục tiêu|nhiệm vụ|so với|hơn)[^,;.]{0,30}$", lower[max(0, f.start - 45) : f.start])
            if not of_plan and f.start >= sentence:
                return f.since, f.until
            if whole_year is None and not of_plan:
                whole_year = f
            continue
        if f.since is None and f.prefix not in ("asof", "until"):
            continue
        return f.since, f.until
    if whole_year is not None and whole_year.until is not None:
        return whole_year.since, whole_year.until
    last = next((f for f in reversed(before) if f.since and f.until and f.rule != "same.period" and f.grain not in ("day", "span", "relative")), None)
    if last is not None:
        return last.since, last.until  # type: ignore[return-value]
    return _fallback_period(anchor)


def _fallback_period(anchor: Anchor) -> tuple[date, date] | None:
    return year_span(anchor.published.year) if anchor.published else None


def _shift_years(day: date, years: int) -> date:
    last = monthrange(day.year + years, day.month)[1]
    end_of_month = day.day == monthrange(day.year, day.month)[1]
    return date(day.year + years, day.month, last if end_of_month else min(day.day, last))


def _week_rel(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "tuần tới": the calendar week after that of publication, from Monday."""
    if anchor.published is None:
        return None
    monday = anchor.published - timedelta(days=anchor.published.weekday()) + timedelta(weeks={"này": 0, "tới": 1, "sau": 1}.get(m["rel"], -1))
    return "span", monday, monday + timedelta(days=6)


def _lunar_day(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """ "mùng 2 Tết": so many days into the lunar year that is named or begins nearest to publication."""
    table = _calendar()["lunar_new_year"]
    if m["y"]:
        years = [int(m["y"])]
    else:
        years = [anchor.published.year, anchor.published.year + 1] if anchor.published else []
    firsts = [first for year in years if isinstance(first := table.get(str(year)), date)]
    if not firsts:
        return None
    first = firsts[0] if m["y"] or anchor.published is None else min(firsts, key=lambda f: abs((f - anchor.published).days))  # type: ignore[operator]
    day = first + timedelta(days=_count_of(m["d"]) - 1)
    return "day", day, day


def _lunar_new_year(m: re.Match[str], lower: str, anchor: Anchor, before: list[Found]) -> Span | None:
    """Tết of a year: its first three days; "trước Tết" ends the day before."""
    table = _calendar()["lunar_new_year"]
    year = m["y"]
    if not year and not m["can"]:
        pub = anchor.published
        coming = [first for y in ((pub.year, pub.year + 1) if pub else ()) if isinstance(first := table.get(str(y)), date) and pub is not None and 0 < (first - pub).days < 190]
        return ("day", None, coming[0] - timedelta(days=1)) if coming else None
    if not year:
        pub = anchor.day
        stem, branch = _STEMS[m["can"]], _BRANCHES[m["chi"]]
        year = next((str(y) for y in (pub.year, pub.year + 1, pub.year - 1, pub.year - 2, pub.year - 3) if y % 10 == stem and y % 12 == branch), "") if pub else ""
    first = table.get(year)
    if not isinstance(first, date):
        return None
    if m.group().startswith("trước"):
        return "day", None, first - timedelta(days=1)
    return "span", first, first + timedelta(days=2)


_SPANS = {
    "day.range": _day_range,
    "day.dashes": _day_range,
    "day.full": _day_full,
    "day.words": _day_short,
    "day.short": _day_short,
    "day.holiday": _day_holiday,
    "day.only": _day_only,
    "day.same": _day_same,
    "month": _month,
    "month.range": _month_range,
    "month.slash": _month_slash,
    "month.rel": _month_rel,
    "week.rel": _week_rel,
    "month.week": _month_week,
    "month.list": _month_list,
    "quarter.part": _quarter_part,
    "quarter.near": _quarter_near,
    "year.new": _year_new,
    "year.told": _year_told,
    "month.part": _month_part,
    "quarter": _quarter,
    "quarter.range": _quarter_range,
    "quarter.rel": _quarter_rel,
    "months.ofyear": _months_of_year,
    "months.year": _months_year,
    "months.before": _months_before,
    "months.rel": _months_rel,
    "months.bare": _months_bare,
    "months.first": _months_first,
    "half": _half,
    "year.range": _year_range,
    "year.span": _year_range,
    "decade": _decade,
    "year.open": _year_open,
    "year.part": _year_part,
    "year.whole": _year_whole,
    "year.end": _year_end,
    "year.plain": _year_plain,
    "year.rel": _year_rel,
    "year.bare": _year_bare,
    "relative.years": _relative_years,
    "relative.year_to_date": _year_to_date,
    "same.period": _same_period,
    "same.month": _same_month,
    "within": _within,
    "months.left": _months_left,
    "half.rest": _half_rest,
    "term.end": _term_end,
    "lunar.day": _lunar_day,
    "lunar.new_year": _lunar_new_year,
}
