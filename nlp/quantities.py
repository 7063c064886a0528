"""Quantities: numbers that measure or count, with their unit and bound.

A figure is read from left to right: number, multiplier, second end of a range or the whole of an
n-of-m count, unit, further parts of the unit ("/người/năm"). Units come from `data/units.toml`;
where none stands, the noun that follows is the counted unit, found by underthesea's tags. Figures
that name things (numbers of documents, roads, districts, list items) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import numbers, tables
from chitieu.nlp.text import Reading, compile_pattern


@dataclass(slots=True)
class Figure:
    """One quantity: plain offsets, numbers, unit and bound."""

    start: int
    end: int
    rule: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: float | None = None
    unit: str = ""
    dimension: str = "count"
    bound: str = "="
    number_end: int = 0
    """Where number and multiplier end and the unit (or the counted noun) begins."""


@dataclass(frozen=True, slots=True)
class _Unit:
    symbol: str
    dimension: str


# --- patterns ---------------------------------------------------------------------------------

_FIGURE_AT = re.compile(rf"(?<![\w%])(?<!\d[./,-])(?<![^\W\d][.,-])(?:{numbers.FIGURE}|(?:một\s+|phân\s+)?nửa(?!\w|\s+(?:đêm|đời|chừng|vời))|{numbers.WORDS})")
_MULTIPLIER = re.compile(rf"\s{{0,2}}(?P<mult>{numbers.MULTIPLIER})")
_HALF_MORE = re.compile(r"\s+rưỡi(?!\w)")
_SECOND = re.compile(rf"\s{{0,2}}(?P<joint>-|đến|tới)\s{{0,2}}(?:khoảng\s+|gần\s+|hơn\s+)?(?P<n>{numbers.FIGURE})(?!\w*[-/]\w)")
_SECOND_WORDS = re.compile(rf"\s{{0,2}}(?P<joint>-|đến|tới)\s{{0,2}}(?P<n>{numbers.WORDS})")
_WHOLE = re.compile(rf"\s{{0,2}}/\s{{0,2}}(?P<n>{numbers.FIGURE})(?!/|\w(?<!h)(?<!k)(?<!m)|(?:h|k|m)(?!a(?!\w)|m(?!\w)|2(?!\w)))")
_OUT_OF_ALL = re.compile(rf"\strên\s(?P<n>{numbers.FIGURE})(?=\s+(?:chỉ tiêu|tiêu chí|xã|huyện|tỉnh|hộ|dự án|nội dung|nhiệm vụ|đơn vị|lượt|công trình|người|thôn|bản|sở|quận|phường|doanh nghiệp|trường|bộ)(?!\w))")
"""The whole in words: "3 trên 17 chỉ tiêu"."""
_WORDS_GO_ON = re.compile(rf",\s{{0,2}}(?P<n>{numbers.WORDS})(?=\s+(?:đồng|việt nam đồng|vnđ)|,)")
_SCALE_WORDS = frozenset(("nghìn", "ngàn", "triệu", "tỷ", "tỉ"))
_ABOUT = re.compile(r"(?:hai,?\s+ba|ba,?\s+bốn|năm,?\s+sáu|sáu,?\s+bảy|bảy,?\s+tám|tám,?\s+chín)(?=\s+(?:lần|năm|tháng|ngày|tuần|người|hộ|xã|chục|trăm)(?!\w))")
"""Two numbers in a row that mean about as many: "hai ba năm" (but "bốn năm" are four years)."""
_PART_OF = re.compile(r"\s+phần\s+(?P<d>hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)(?!\w)")
_LIST_NEXT = re.compile(rf"\s{{0,2}}(?:,|;|và|hoặc|hay|,\s+và)\s{{0,2}}(?P<n>{numbers.FIGURE})")
_AND_NEXT = re.compile(rf"\s(?:và|hoặc)\s(?P<n>{numbers.FIGURE})(?![\w%/.,-]*\d)(?=\s[^\W\d])")
_TELLS_COUNTS = re.compile(r"(?<!\w)(?:lần lượt|tương ứng|được|đạt|còn)(?:\s+(?:là|có|được|lần lượt|tương ứng|mới|chỉ))*\s+$")
_PER_WORD = re.compile(r"\s(?:một|mỗi|trên một|trên mỗi)\s(?P<per>người|hộ|ha|kg|tấn|em|cháu|học sinh|suất|căn|đầu người|mét vuông|m2)(?!\w)(?!\s+(?:tháng|năm)\s+\d)")
_PER_OF = re.compile(r"\s(?:sàn|đất|cây\s+xanh|nhà\s+ở|bột|quặng|rác)\s{0,2}/\s{0,2}(?P<per>người|đầu\s+người|ngày|năm|giờ|vụ|ha)(?!\w)")
"""What is measured, between the unit and what it is given for: "24,1 m2 sàn/người"."""
_PER = re.compile(r"\s{0,2}/\s{0,2}(?P<per>[^\W\d_]+(?:[ ]+(?:đêm|dân|gia\s+đình|sinh|viên|bệnh|phẩm|động|khách|vị|nghiệp|vuông|khối|tác|kỳ)(?!\w))?[²³23]?)(?![\w])")
_MULTIPLE = re.compile(r"(?:nghìn|ngàn|triệu|tỷ|tỉ)$")
_MILLION = re.compile(r"\d\s{0,2}triệu$")
_CLAUSE_OF_LAW = re.compile(r"\s*(?:,|;|và|điều|này|của|\d|\)|$)")
_OF_A_RANKING = re.compile(r"\s+(?:của\s+|trong\s+|trên\s+)?(?:cả nước|toàn quốc|toàn tỉnh|toàn vùng|vùng\s+\w+|khu vực\s+\w+|\d+ tỉnh|dẫn đầu)(?!\w)")
_LAWS = frozenset(("luật", "bộ luật", "thông tư", "nghị định", "nghị quyết", "quyết định"))
_MONEY_LIKE = re.compile(r"(?:triệu|tỷ|tỉ)$")
"""Multiples that are money unless a certain noun follows: "chi 5,2 tỷ tổ chức kỳ thi"."""
_MONEY_A = re.compile(r"\s?/\s?(?:tháng|năm|ngày|tuần|quý|giờ|tiết|trẻ|em|cháu|học sinh|sinh viên|lượt|căn|chiếc|con|cây|m|người|kg|m2|m²|suất|hộ|tấn|tạ|ha|công|vụ|buổi|sào|đêm)(?!\w)")
_RAISED_FROM = re.compile(r"(?<!\w)từ\s+(?:mức\s+|khoảng\s+|gần\s+|hơn\s+|trên\s+|dưới\s+)*$")
_RAISED_TO = re.compile(r"\s+(?:lên|xuống|còn|tăng lên|giảm xuống|giảm còn|nâng lên)(?:\s+(?:còn|đến|tới|mức|khoảng|gần|hơn|trên|dưới|thành))*\s+")
_RAISED_LATER = re.compile(r"[^.;\n\d]{0,40}?" + _RAISED_TO.pattern)
_OUT_OF = re.compile(r"\s+(?:trên\s+tổng|trong\s+tổng|trong)\s+số\s+(?:hơn\s+|gần\s+|khoảng\s+)?")
_MORE_UP = re.compile(r"\s+trở\s+lên(?!\w)")
_UP_LATER = re.compile(r"[^.,;\n\d]{1,60}\s+trở\s+lên(?!\w)")
_MORE_DOWN = re.compile(r"\s+trở\s+(?:xuống|lại(?!\s+đây))(?!\w)")

_NAMED = re.compile(
    r"(?:^|[^\w])(?:điều|khoản|điểm|mục|tiểu mục|chương|phần|phụ lục|bảng|biểu|hình|mẫu|số|số hiệu|ký hiệu|quốc lộ|tỉnh lộ|đường tỉnh|đường huyện|hương lộ|liên tỉnh lộ"
    r"|ql|tl|đt|đh|km|quận|phường|tổ|tổ dân phố|khu phố|ấp|thôn|khu vực|khối|khóm|khu|khóa|khoá|kỳ|kỳ họp|lần thứ|phiên họp thứ|thứ|giai đoạn|đợt|cấp|lớp|khối lớp|loại|nhóm|hạng|bậc"
    r"|tuyến|tuyến số|vành đai|đội|ca|bệnh viện|chi nhánh|số nhà|lô|hẻm|ngõ|ngách|kiệt|sơ đồ|phiên|bước|vòng|tập|quyển|trang|tổ máy|nhà máy số|đường số|đường|covid|covid-19|tp|phòng|chi bộ|trạm|cụm|tiểu khu|chung cư|tòa|toà|tầng|"
    r"chỉ thị|nghị quyết|quyết định|nghị định|thông tư|công văn|công điện|kết luận|quy định|kế hoạch|văn bản|luật|đề án|chương trình|tcvn|qcvn|iso|f|bot|metro số|u|giải|quân khu|binh đoàn|sư đoàn|trung đoàn|lữ đoàn|tiểu đoàn|hải đoàn|vùng|zone|mũi|tháng|quý|năm|ngày|iphone|galaxy|windows|khu đô thị|liên khu|tiết|gạch đầu dòng|bộ luật|thông báo|mức độ|mã số|biển số|biển xanh|ngã|phương án|chữ ký số|[pq]\.)\s{0,2}$"
)
"""What stands before a figure that is a name, unless a unit of measure follows it."""

_COUNTING = re.compile(r"(?:(?:tổng|trong|con|hầu hết|đa|một|hệ|sĩ) số|(?:danh|hạng|chuyên) mục|kỷ luật|(?:nâng|cung|trợ) cấp|hạ tầng)\s+$")
"""Ends like a name, but what follows is counted: "danh mục 12 dự án"."""
_NAMES_LOOSELY = re.compile(r"(?<!\w)(?:kết luận|quy định|thông báo|nhóm|giải|vùng|tuyến|phòng|cụm|đội)\s+$")
"""Names a figure unless a counted noun follows: "kết luận 12 con lợn nhiễm bệnh"."""
_SURELY_COUNTED = re.compile(r"\s(?:giường|làn xe|dự án|tuyến|cơ quan|hộ|căn|công trình|biên chế|học sinh|phòng|chỗ|xã|doanh nghiệp|người|trường|cây|con|ha|tỉnh|huyện|bản|thôn)(?!\w)")
"""Nouns and units that even such names do not stand before: "bệnh viện 600 giường", "mặt đường 4 làn xe"."""
_NAMES_ALWAYS = re.compile(r"(?<!\w)(?:điều|khoản|điểm|mục|chương|quận|phường|tổ|thôn|ấp|khối|lớp|khóa|khoá|số|km|thứ|ngã|ngõ|hẻm|quốc lộ|tỉnh lộ|hương lộ|đường tỉnh|đường huyện|ql|tl|đt|đh|tháng|quý|năm|ngày|tổ máy|luật|tầng)\s+$")
"""Words whose number is a name whatever follows."""
_HAS_PARTS = re.compile(r"(?<!\w)(?:gồm|có|thành)\s+$")
"""Before the parts of a document that are counted, not named: "gồm 6 điều"."""
_SCALE = re.compile(r"(?<!\w)t[ỷỉ] lệ\s+(?:bản đồ\s+)?$")
_ITEMS = re.compile(r"(?<!\w)(?:quy định|mã số|mã ngành|mã vùng|số thứ tự|thứ tự|số hiệu|điểm số)(?:\s+tại)?\s+(?:từ\s+)?(?:\d+\s+(?:đến|tới)\s+)?$")
_CODE = re.compile(r"\d\.\d{6}(?!\d)")
"""The number of an administrative procedure."""
_PHONE_BEFORE = re.compile(r"(?:\(0\d{1,3}\)[\s.]{0,2}(?:\d{3,4}[\s.])?|(?:điện thoại|đt|tel|fax|hotline|đường dây nóng|zalo|tổng đài)\s?:?\s+|(?<!\d)1[89]00[\s.])$")
_PLATE = re.compile(r"(?<!\w)\d\d\s?[A-Z]{1,2}\d?\s?-?\s?$")
"""What stands before the number of a vehicle: "biển 35A - 016.66"."""
_VAGUE = re.compile(r"(?<!\w)(?:vài|mấy|hàng|hằng|dăm|nhiều|từng|những)\s+(?:(?:trăm|chục|nghìn|ngàn|vạn|triệu|tỷ|tỉ)\s+)*$")
_LIST_MARK = re.compile(r"(?:^|\n)\s*(?:[-+*•]\s*)?\(?$")
_CLOCK_LEFT = re.compile(r"(?:lúc\s+(?:gần|hơn)|nhất|lúc|vào|hồi|khoảng|từ|đến|trước|sau|tới|cữ)\s+$")
_CLOCK = re.compile(r"\s?(?:h|giờ|g)(?:\s?\d{2}(?!\d)|(?=\s+(?:sáng|trưa|chiều|tối|đêm|ngày|thứ|kém|rưỡi|cùng|hôm|hằng|hàng|mỗi)|\s?[-,.;)]|\s+\d{1,2}/|\s+đến\s))")
_LISTED = re.compile(r"(?<![^\W\d])\d[.,] $")
_LASTING = re.compile(r"(?:kéo dài|trong|suốt|mất)\s+(?:hơn\s+|gần\s+|khoảng\s+)?$")
_PART_OF_DAY = re.compile(r"\s{0,2}(?:sáng|trưa|chiều|tối|đêm)(?!\w)")
_HOUR_BEFORE = re.compile(r"\d{1,2}\s?(?:giờ|h)\s?$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)")
_SCORE = re.compile(r"(?:tỉ|tỷ) số\s+(?:\S+\s+)?$")
_SCALE_OF_MAP = re.compile(r"(?<![\d/.-])(?:1\s?:\s?|\d{1,2}(?::|\s:\s?))$")
_YEARLIKE = re.compile(r"(?:19|20)\d\d$")
_MARK_AFTER = compile_pattern(r"\s?[-/](?=\s*[\p{Lu}])|\.(?=\d|\s+[\p{Lu}])")
_NAME_GOES_ON = compile_pattern(r" (?!(?:Bộ|Sở|Phó|Ủy|Uỷ|Ban|Tổng|Công|Cục|Chi|Phòng|Trường|Đại|Thứ|Bí)\s)[\p{Lu}][^\W\d_\p{Lu}]")
_PHONE = re.compile(r"0\d{3,}")
_ALONE_BEFORE = re.compile(r"(?<!\w)(?:hệ số|đạt|là|còn|lên|xuống|tới|đến|bằng|gấp|được|hơn|gần|trên|dưới|khoảng|có|về|từ|chỉ|mức|ước)\s+$")

BOUND_WORDS = (
    (">=", re.compile(r"(?<!\w)(?:tối thiểu|ít nhất|không dưới|không thấp hơn|không ít hơn|không nhỏ hơn|không kém|đạt từ|thấp nhất|bằng hoặc trên)(?:\s+(?:tương đương|là|phải|đạt|bằng|khoảng|trên|cũng|có|từ|được|đủ|về|đến|gấp|mức))*\s+$")),
    ("<=", re.compile(r"(?<!\w)(?:bằng hoặc dưới|không quá|tối đa|không vượt quá|không vượt|không được quá|không được vượt quá|nhiều nhất|cao nhất|không lớn hơn|không cao hơn|không nhiều hơn|chậm nhất|muộn nhất)(?:\s+(?:là|đạt|bằng|khoảng|có|được|đến|tới|mức|chỉ))*\s+$")),
    ("<", re.compile(r"(?<!\w)(?:(?<!trên )dưới|chưa đến|chưa tới|chưa đầy|chưa tròn|chưa được|không đến|không tới|không đầy|chưa quá|nhỏ hơn|ít hơn|thấp hơn mức|chưa đạt|không đạt|không (?:tăng|giảm|đạt) (?:đến|tới))(?:\s+(?:đến|tới|mức|ngưỡng))*\s+$")),
    (">", re.compile(r"(?<!\w)(?:trên|hơn|vượt mức|vượt qua|vượt ngưỡng|vượt con số|vượt trên|quá)(?:\s+(?:mức|ngưỡng))*\s+$")),
    ("~", re.compile(r"(?<!\w)(?:khoảng|gần|gần bằng|xấp xỉ|chừng|ngót|trên dưới|tầm|độ chừng|cỡ|suýt soát|tương đương khoảng|khoảng chừng|khoảng độ)(?:\s+(?:là|đến|tới|bằng|hơn|từ|đạt|có|mức))*\s+$")),
)
_COMPARATIVE = re.compile(r"(?:sớm|cao|thấp|nhanh|chậm|muộn|nhiều|ít|lớn|tốt|rẻ|đắt|dài|ngắn|rộng) hơn\s+$")
_LIES_ON = re.compile(r"tuyến|con đường|trục|trang|mặt trận|lĩnh vực|nền tảng|kênh|cánh đồng|phương diện|khía cạnh")
_LONGER = re.compile(r"(?:(?:chiều|bề|bề mặt|độ) (?:dài|rộng|cao|sâu)|kéo dài|trải dài|dài|rộng) hơn\s+$")
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_SMALL = r"(?<!\w)(?:hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_ONE_LOST = re.compile(r"\s+(?:người|em|cháu|bé|học\s+sinh|công\s+nhân)\s+(?:bị\s+|đã\s+)?(?:chết|thiệt\s+mạng|tử\s+vong|mất\s+tích|thương|bị\s+thương|đuối)(?!\w)")
_ROW = 600
"""Characters within which a row of a flattened table has its neighbours."""
_COLUMN = re.compile(r"(?:[ ]+|\n)\(?(?:(?P<mult>nghìn|ngàn|triệu|tỷ|tỉ)\s+)?(?P<unit>[^\W\d_][^\s\d()]{0,8}[²³23]?|%)\)?(?:[ ]+|\n{1,2})$")
_NUMBER_OF = re.compile(
    r"(?<!\w)(?P<number>(?<!một )(?<!đa )(?<!hệ )(?<!chỉ )(?<!tỷ )(?<!tỉ )(?<!mã )(?<!con )số)\s(?:[^.,;:\n()%]|(?<=\d)\.(?=\d)){2,48}?(?P<gives>\s+(?:là|đạt|còn|có|lên|tới|ở mức|dừng ở|khoảng|gần|hơn|trên|vượt|mới)(?!\w)(?!\s+\d[\d.]*\s+dân)|:|(?=\s+$))(?:\s+(?:tới|đến|hơn|gần|trên|khoảng|chỉ|còn|là|tối thiểu|ít nhất|chưa tới))*\s+$"
)
_AGE = re.compile(r"(?<!\w)tuổi\s(?:thọ\s)?(?:bình quân|trung bình)[^.,;:\n()%\d]{0,30}\s(?:là|đạt|lên|trên|khoảng|hơn)\s(?:khoảng\s|trên\s|hơn\s)?$")
"""Before an average age that is told without its unit: "tuổi thọ bình quân đạt 74"."""
_MOVED = re.compile(r"(?<!\w)(?:tăng|giảm|hạ|kéo|kém|cao hơn|thấp hơn|nâng)(?!\w)[^.;\n]{0,25}$")
_A_SHARE = re.compile(r"%|(?<!\w)(?:tỷ lệ|tỉ lệ|hộ nghèo|huyện nghèo|bao phủ|phần trăm)(?!\w)")
_A_SCORE = re.compile(r"(?<!\w)(?:chỉ số|xếp hạng|hạng|pci|papi|par|điểm số|thang|bậc|điểm thi|điểm chuẩn)(?!\w)")
"""What tells points of a rate ("tỷ lệ hộ nghèo giảm 1,4 điểm") from those of a score ("chỉ số PCI tăng 1,4 điểm")."""
_SUBJECT = re.compile(
    r"(?:(?:^|[.;\n,]\s{1,2})(?P<noun>doanh\s+nghiệp|hộ\s+nghèo|hộ\s+cận\s+nghèo|học\s+sinh|lao\s+động|hợp\s+tác\s+xã|hồ\s+sơ)(?!\w)[^.,;:\n()%\d]{0,44}?(?:\s(?:là|còn|đạt|lên)|:|(?<=thành lập mới))(?:\s+(?:khoảng|gần|hơn|trên|tới|chỉ))*\s+"
    r"|(?<!số )(?P<seen>lượt\s+(?:xem|truy\s+cập|đọc))\s?:\s+)$"
)
"""What a bare number counts, named at the head of its clause: "Hộ nghèo còn 61", "Doanh nghiệp thành lập mới: 14.306"."""
_COUNTED_IN_MILLIONS = re.compile(
    r"(?<!\w)(?:(?:số|lượng)\s+(?P<noun>thẻ|người|lao\s+động|khách|lượt\s+khách|lượt|thuê\s+bao|tài\s+khoản|học\s+sinh|hồ\s+sơ|con|cây)|người\s+(?:tham\s+gia|dân|dùng|lao\s+động|sử\s+dụng)|dân\s+số)(?!\w)"
    r"(?:(?!(?<!\w)(?:vốn|thu|chi|tiền|giá|kinh phí|doanh thu|ngân sách|lương|hỗ trợ|đầu tư|nợ|đồng|nộp|đóng|trả|nhận|vay|lãi|thưởng|phạt|khoản|thuế|mua|bán|mức|thu nhập|tốn|mất)(?!\w))[^.;\n]){0,70}$"
)
"""What a million is counted of, where no money is told of in between: "số thẻ bảo hiểm y tế vượt 95,5 triệu"."""
_ESTIMATE = re.compile(r"(?<!\w)(?<!điều )(?<!quy )(?<!\shiệp )(?:dự\s+)?ước(?!\w|\s+(?:mơ|vọng|muốn|nguyện|mong))(?:\s+[^\s,;.]+){0,6}\s+$")


_OTHER_WORDS = {
    "đồng": r"(?!\s+(?:chí|bào|đội|nghiệp|phạm))",
    "ký": r"(?!\s+(?:tự|hiệu|kết|túc|tên|sự))",
    "tiếng": r"(?!\s+(?:nổ|nói|súng|anh|việt|kêu|chuông|gà|còi|hát|vang|dân tộc))",
    "khối": r"(?!\s+(?:chung\s+cư|nhà|cao|công\s+trình|lớp|phòng|thi\s+đua|trường|doanh\s+nghiệp|cơ\s+quan))",
}
"""What follows a unit's form where it begins another word: "3 ký tự" weigh nothing."""


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, _Unit], dict[str, _Unit]]:
    """Patterns of unit forms after a figure: without regard to case, and with just these capitals."""
    by_form: dict[str, _Unit] = {}
    by_exact: dict[str, _Unit] = {}
    for unit in tables.units():
        for form in unit.forms:
            by_form[form] = _Unit(unit.symbol, unit.dimension)
        for form in unit.exact:
            by_exact[form] = _Unit(unit.symbol, unit.dimension)

    def pattern(forms: dict[str, _Unit]) -> re.Pattern[str]:
        longest_first = sorted(forms, key=len, reverse=True)
        alternatives = "|".join(
            re.escape(f).replace(r"\ ", r"\s+") + (r"(?![\w²³])" if f[-1].isalnum() else "") + _OTHER_WORDS.get(f, "") for f in longest_first
        )
        return re.compile(rf" {{0,2}}(?P<unit>{alternatives})")

    return pattern(by_form), pattern(by_exact), by_form, by_exact


NounFinder = Callable[[int, bool], "tuple[int, str] | None"]
"""Given a plain offset, the end and the words of the counted noun that begins there, or None; the flag
says that the number before is in digits (a number in words must be followed by a certain noun)."""


# --- finding ----------------------------------------------------------------------------------


def find_quantities(reading: Reading, blocked: list[tuple[int, int]], noun_at: NounFinder) -> list[Figure]:
    """The quantities of a text, in text order and without overlap.

    `blocked` are plain spans (times, document numbers) whose figures are no quantities; `noun_at`
    finds the counted noun after a bare figure.
    """
    scanner = _Scanner(reading, noun_at)
    out: list[Figure] = []
    blocked = sorted(blocked)
    b = 0
    at = 0
    lower = reading.lower
    while True:
        m = _FIGURE_AT.search(lower, at)
        if m is None:
            break
        while b < len(blocked) and blocked[b][1] <= m.start():
            b += 1
        if b < len(blocked) and blocked[b][0] < m.end():
            at = max(m.end(), blocked[b][1])
            continue
        if _LISTED.search(lower, max(0, m.start() - 4), m.start()) and not (b and blocked[b - 1][1] >= m.start() - 2) and not scanner.is_measured(m.end()):
            at = m.end()  # "quốc lộ 27, 28": what goes on a list of bare figures is as little a quantity
            continue
        limit = blocked[b][0] if b < len(blocked) else len(lower)
        made = scanner.at(m, limit)
        if made and out:
            _inherit_unit(out[-1], made[0], lower)
            _lend_unit(out[-1], made[0], lower)
            _hand_on_unit(out[-1], made[0], lower)
            _same_currency(out[-1], made[0], lower)
        if made and made[0].unit == "" and _MILLION.search(lower, made[0].start, made[0].end):
            counted = _COUNTED_IN_MILLIONS.search(lower, max(0, made[0].start - 90), made[0].start)
            if counted:
                made[0].unit, made[0].rule = " ".join((counted["noun"] or "người").split()), "number of"
            else:
                made[0].unit, made[0].dimension, made[0].rule = "VND", "money", "bare million"
        out.extend(made)
        at = max(m.end(), made[-1].end) if made else (m.end() if m.group()[0].isdigit() else m.start() + len(m.group().split()[0]))
    _repeat_units(out, reading.plain)
    return out


def _repeat_units(figures: list[Figure], plain: str) -> None:
    """ "tặng 100.000 đồng … cách nhận 100.000": the same sum again without its unit is money too."""
    sums = {plain[f.start : f.number_end] for f in figures if f.unit == "VND" and f.value}
    for f in figures:
        if f.unit == "" and f.value and f.value >= 1000 and plain[f.start : f.number_end] in sums:
            f.unit, f.dimension, f.rule = "VND", "money", "unit repeated"


def _inherit_unit(before: Figure, figure: Figure, lower: str) -> None:
    """ "đón 13 triệu lượt khách, năm 2030 là 28 triệu": a multiple without a unit takes the last one's."""
    if figure.unit or not before.unit or before.dimension not in ("count", "money", "weight", "area"):
        return
    if before.dimension != "money" and max(before.value or 0, before.high or 0) < 10_000:
        return
    if re.search(r"(?:nghìn|ngàn|triệu|tỷ|tỉ|vạn)$", lower[figure.start : figure.end]) and figure.start - before.end < 110 and not re.search(r"[.\n]", lower[before.end : figure.start]):
        figure.unit, figure.dimension, figure.rule = before.unit, before.dimension, "unit before"


def _same_currency(before: Figure, figure: Figure, lower: str) -> None:
    """ "33,1 tỷ USD, dệt may 21,9 tỷ": a bare multiple is of the currency before it."""
    if before.unit == "USD" and figure.unit == "VND" and figure.end == figure.number_end and figure.start - before.end < 160 and "\n" not in lower[before.end : figure.start]:
        figure.unit = "USD"


def _hand_on_unit(before: Figure, figure: Figure, lower: str) -> None:
    """ "từ 115 thủ tục xuống 28": the level after has the unit of the level before."""
    if figure.unit or before.dimension != "count" or not before.unit or figure.of is not None or before.of is not None:
        return
    if _RAISED_FROM.search(lower, max(0, before.start - 30), before.start) and _RAISED_LATER.fullmatch(lower, before.end, figure.start):
        figure.unit, figure.rule = before.unit, "unit before"


def _lend_unit(before: Figure, figure: Figure, lower: str) -> None:
    """ "từ 3.000 lên 10.000 tấn": the level before has the unit of the level after."""
    if before.unit or not figure.unit or before.of is not None or before.end != before.number_end:
        return
    if before.value and figure.value and before.value < figure.value and _OUT_OF.fullmatch(lower, before.end, figure.start):
        before.unit, before.dimension, before.rule = figure.unit, figure.dimension, "unit after"
    if _RAISED_FROM.search(lower, max(0, before.start - 30), before.start) and _RAISED_TO.fullmatch(lower, before.end, figure.start):
        multiple = _MULTIPLE.search(lower, figure.start, figure.number_end)
        if multiple and before.value and figure.value and not _MULTIPLE.search(lower, before.start, before.end):
            factor = numbers.multiplier(multiple.group())
            if before.value * factor < figure.value * 10:
                before.value *= factor
        before.unit, before.dimension, before.rule = figure.unit, figure.dimension, "unit after"


class _Scanner:
    """Reads figures of one text."""

    def __init__(self, reading: Reading, noun_at: NounFinder) -> None:
        self.plain = reading.plain
        self.lower = reading.lower
        self.english = numbers.english_style(reading.plain)
        self.noun_at = noun_at
        self._reading = reading

    def _new_cell(self, at: int) -> bool:
        """Whether the blank at a plain offset stands between two cells of a flattened table: three blanks or more as stored, or a line break."""
        if self.plain[at : at + 1] != " ":
            return self.plain[at : at + 1] == "\n"
        start, end = self._reading.to_stored(at, at + 1)
        return end - start > 2

    def _row_number(self, figure: Figure) -> bool:
        """Whether a number counts the rows of a flattened table: "… Phú Thọ   9   Kho bạc khu vực IX   … 10   Kho bạc khu vực X"."""
        n, end = figure.value, figure.number_end
        if n is None or n != int(n) or not 0 < n < 1000 or figure.of is not None:
            return False
        around = max(0, figure.start - _ROW), min(len(self.plain), end + _ROW)
        return any(
            self._new_cell(m.end()) and self.plain[m.end() + 1 : m.end() + 2].isupper()
            for other in (int(n) - 1, int(n) + 1)
            for m in re.compile(rf"(?<!\S)0?{other}(?=\s)").finditer(self.plain, *around)
        )

    def at(self, m: re.Match[str], limit: int) -> list[Figure]:
        """The quantities that begin at a matched number: one, or several that share a unit."""
        in_digits = m.group()[0].isdigit()
        if self._is_name_or_mark(m, in_digits):
            return []
        figure = self._number(m, in_digits, limit)
        if figure is None:
            return []
        return self._with_unit(figure, in_digits, limit)

    def is_measured(self, at: int) -> bool:
        """Whether a unit of measure stands at a plain offset."""
        return self._unit_at(at) is not None

    # What is no quantity ---------------------------------------------------------------------

    def _is_name_or_mark(self, m: re.Match[str], in_digits: bool) -> bool:
        start, end, lower = m.start(), m.end(), self.lower
        left = lower[max(0, start - 26) : start]
        if _VAGUE.search(left):
            return True
        if re.match(r"\s+con\s+số", lower[end : end + 10]) or (m.group() == "24" and re.match(r"/(?:24|7)", lower[end : end + 3])):
            return True
        if not in_digits:
            return self._word_is_no_number(m, left)
        if self.plain.startswith("G", end) and m.group() in "23456":
            return True  # the generations of mobile networks
        if _PLATE.search(self.plain[max(0, start - 12) : start]) or _CODE.match(lower, start) or _PHONE_BEFORE.search(left) or re.match(r"0\d{3}\.\d{3}|1[89]00\.\d", m.group()):
            return True
        if m.group() == "1" and _SCALE.search(left) and re.match(r"/[\d.]{3,}", lower[end : end + 5]):
            return True  # of a map
        if re.search(r"(?<!\w)thứ\s+$", left) and re.match(r"\s+(?:tuần|hằng\s+tuần|hàng\s+tuần)", lower[end : end + 10]):
            return True  # a day of the week
        if _PHONE.fullmatch(m.group()) and "," not in m.group() and "." not in m.group() and len(m.group()) > 3:
            return True
        if end < len(lower) and lower[end] in ")." and end - start <= 2 and self._begins_line(start):
            return True  # "1." or "2)" before an item
        if lower[end : end + 1] == ")" and lower[start - 1 : start] == "(":
            return True  # "(1)"
        if _MARK_AFTER.match(self.plain, end) and self._begins_line(start):
            return True
        if (_SCALE_OF_MAP.search(left) and not self.is_measured(end)) or re.match(r"(?::|\s:\s?)\d", lower[end : end + 4]):
            return True
        if lower[start - 1 : start] == "+" and lower[start - 2 : start - 1].isdigit():
            return True  # "km 72+930"
        if _SCORE.search(left) or re.match(r"h\s?\d{2}|g\d{2}", lower[end : end + 4]):
            return True
        if re.match(r"\s?phút", lower[end : end + 6]) and (hour := _HOUR_BEFORE.search(left)) and not _LASTING.search(left[: hour.start()]):
            return True  # the minutes of "8 giờ 30 phút"
        clock = _CLOCK.match(lower, end)
        if clock and not (_LASTING.search(left) and not _PART_OF_DAY.match(lower, clock.end())) and m.group().isdigit() and int(m.group()) <= 24:
            ranged = re.match(r"\s?(?:h|giờ|g)\s?\d{2}", lower[end : end + 8])
            if ranged or _CLOCK_LEFT.search(left) or re.match(r"\s?(?:giờ|h)\s+(?:sáng|trưa|chiều|tối|đêm|ngày|kém|cùng|hôm|\d{1,2}/)", lower[end : end + 12]):
                return True
        return False

    def _begins_line(self, at: int) -> bool:
        line = self.lower.rfind("\n", 0, at) + 1
        return at - line <= 6 and bool(_LIST_MARK.search(self.lower[max(0, line - 1) : at]))

    def _word_is_no_number(self, m: re.Match[str], left: str) -> bool:
        first = m.group().split()[0]
        if left.endswith("bằng chữ: "):
            return True  # the sum before it once more
        if re.search(r"(?<!\w)(?:thứ|chủ nhật|lần thứ|hạng|ngã|tnhh|(?<!hạ )tầng|lầu)\s+$", left) or re.match(r"chín\s+m[uù]", self.lower[m.start() : m.start() + 8]):
            return True
        plain_word = self.plain[m.start() : m.start() + len(first)]
        if plain_word[:1].isupper() and not self._begins_sentence(m.start()):
            return True
        if plain_word[:1].isupper() and len(m.group().split()) == 1 and _NAME_GOES_ON.match(self.plain, m.start() + len(first)) and not self.plain[max(0, m.start() - 20) : m.end() + 20].isupper():
            return True  # "Ba Chẽ", "Năm Căn"
        if first == "ba" and self.lower.startswith(" lô", m.start() + 2) and re.search(r"(?:chiếc|cái|đeo|mang|vác)\s+$", left):
            return True  # a rucksack
        if first == "ba" and re.match(r"ba\s+(?:ba|mẹ|má|đình|tơ|vì|bể|na|tri|lan)", self.lower[m.start() : m.start() + 9]):
            return True
        return False

    def _begins_sentence(self, at: int) -> bool:
        before = self.lower[max(0, at - 3) : at].rstrip(" \"'(")
        return not before or before[-1] in ".!?:;\n-…)" or self.lower[at - 1 : at] == "(" or "\n" in self.lower[max(0, at - 3) : at]

    # Numbers ---------------------------------------------------------------------------------

    def _value(self, figure: str) -> float:
        return numbers.parse_figure(figure, self.english)

    def _number(self, m: re.Match[str], in_digits: bool, limit: int) -> Figure | None:
        return self._digits(m, limit) if in_digits else self._words(m)

    def _multiplier(self, at: int) -> tuple[float, int]:
        mult = _MULTIPLIER.match(self.lower, at)
        if mult is None:
            return 1.0, at
        return numbers.multiplier(mult["mult"]), mult.end()

    def _digits(self, m: re.Match[str], limit: int) -> Figure | None:
        lower, end = self.lower, m.end()
        value = self._value(m.group())
        factor, after = self._multiplier(end)
        if after <= limit:
            end = after
        else:
            factor = 1.0
        figure = Figure(m.start(), end, "figure", value=numbers.times(value, factor), number_end=end)
        half = _HALF_MORE.match(lower, end) if factor > 1 else None
        if half:
            figure.value, figure.end, figure.number_end = (value + 0.5) * factor, half.end(), half.end()
            return figure
        whole = _WHOLE.match(lower, end) if factor == 1 else None
        if whole is None and factor == 1 and not lower.endswith("thứ ", 0, m.start()) and (all_ := _OUT_OF_ALL.match(lower, end)) and value < self._value(all_["n"]) <= 1000:
            whole = all_
        if whole and whole.end() <= limit:
            total = self._value(whole["n"])
            if total < value and re.fullmatch(r"\d{1,3},\d{3}", whole["n"]):
                total = numbers.parse_figure(whole["n"], english=True)
            if total <= 12 and total < value <= 31:
                return None  # a day that bears a name: "hợp tác xã 19/5"
            factor, after = self._multiplier(whole.end())
            if after > limit:
                factor, after = 1.0, whole.end()
            figure.value, figure.of, figure.rule = numbers.times(value, factor), numbers.times(total, factor), "of"
            figure.end = figure.number_end = after
            return figure
        worded = _SECOND_WORDS.match(lower, end) if factor > 1 else None
        if worded and (high := numbers.parse_words(worded["n"].split())) and high[0] > value * factor:
            end = worded.start("n") + _length_of_words(worded["n"], high[1])
            return Figure(m.start(), end, "range", low=value * factor, high=high[0], number_end=end)
        second = _SECOND.match(lower, end)
        if second and second.end() <= limit:
            return self._range(figure, value, factor, self._value(second["n"]), second) or figure
        # "6% - 6,5%": both ends with their own unit are joined after the unit is read.
        more = re.compile(rf"\s(?P<n>\d{{1,3}})(?P<mult>\s+{numbers.MULTIPLIER})").match(lower, end) if factor >= 1e6 else None
        if more:
            small = self._value(more["n"]) * numbers.multiplier(more["mult"])
            if small < factor:
                figure.value, figure.end, figure.number_end = value * factor + small, more.end(), more.end()
        return figure

    def _range(self, figure: Figure, low: float, factor: float, high: float, second: re.Match[str]) -> Figure | None:
        """A range, where the second number can be its upper end."""
        high_factor, end = self._multiplier(second.end())
        low_factor = factor
        if factor == 1 and high_factor > 1:
            smaller = high_factor / 1000  # "800 - 1 tỷ đồng": from 800 million
            low_factor = high_factor if low <= high else smaller if smaller >= 1000 and low * smaller < high * high_factor else 1.0
        if factor > 1 and high_factor == 1:
            return None
        lo, hi = numbers.times(low, low_factor), numbers.times(high, high_factor)
        if lo >= hi:
            return None
        if second["joint"] != "-" and not re.search(r"(?:từ|khoảng|giữa|đạt|ước|,|\()\s+$", self.lower[max(0, figure.start - 8) : figure.start]):
            if not re.match(r"\s?(?:%|đến)", self.lower[end : end + 3]) and second["joint"] == "tới":
                return None
        figure.value, figure.low, figure.high = None, lo, hi
        figure.end = figure.number_end = end
        figure.rule = "range"
        return figure

    def _words(self, m: re.Match[str]) -> Figure | None:
        text = m.group()
        if text.endswith("nửa"):
            return self._half(m)
        words = text.split()
        parsed = numbers.parse_words(words)
        if parsed is None:
            return None
        value, taken = parsed
        end = m.start() + _length_of_words(text, taken)
        part = _PART_OF.match(self.lower, end)
        if part and (divided := numbers.parse_words(re.split(r"\s+", self.lower[part.start("d") : part.start("d") + 30].strip()))) and divided[1] > 1:
            stop = part.start("d") + _length_of_words(self.lower[part.start("d") : part.start("d") + 30], divided[1])
            return Figure(m.start(), stop, "words", value=value / divided[0], number_end=stop)
        if part:
            divisor = {"tư": 4, "mười": 10}.get(part["d"]) or numbers.DIGIT_WORDS[part["d"]]
            return Figure(m.start(), part.end(), "words", value=value / divisor, number_end=part.end())
        said = words[:taken]
        while said[-1] in _SCALE_WORDS and (more := _WORDS_GO_ON.match(self.lower, end)):
            joined = said + more["n"].split()
            whole = numbers.parse_words(joined)
            if whole is None or whole[1] <= len(said) or whole[0] <= value:
                break
            value, end = whole[0], more.start("n") + _length_of_words(more["n"], whole[1] - len(said))
            said = joined[: whole[1]]
        second = _SECOND_WORDS.match(self.lower, end)
        figure = Figure(m.start(), end, "words", value=value, number_end=end)
        if taken == 1 and (pair := _ABOUT.match(self.lower, m.start())):
            low, high = pair.group().replace(",", "").split()
            end = pair.end()
            return Figure(m.start(), end, "range", low=numbers.DIGIT_WORDS[low], high=numbers.DIGIT_WORDS[high], number_end=end)
        if second:
            high = numbers.parse_words(second["n"].split())
            if high and high[0] > value:
                end = second.start("n") + _length_of_words(second["n"], high[1])
                figure.value, figure.low, figure.high, figure.end, figure.number_end = None, value, high[0], end, end
        if taken == 1 and words[0] in ("một", "năm", "không") and figure.value is not None and not self._one_counts(m.start(), end, words[0]):
            return None
        return figure

    def _half(self, m: re.Match[str]) -> Figure | None:
        if not m.group().startswith(("một", "phân")) and not re.match(r"\s+(?:giờ|tiếng|ngày|tháng|năm|thế kỷ)(?![\w,])", self.lower[m.end() : m.end() + 10]) and not re.search(r"(?:hơn|gần|quá|khoảng|giảm|còn|bằng|trong|suốt|mất|già|non)\s+$", self.lower[max(0, m.start() - 8) : m.start()]):
            return None
        return Figure(m.start(), m.end(), "words", value=0.5, number_end=m.end())

    def _one_counts(self, start: int, end: int, word: str) -> bool:
        """Whether "một" or "năm" is a count here and not an article or a year."""
        right = self.lower[end : end + 14]
        left = self.lower[max(0, start - 14) : start]
        if word == "một":
            if re.match(r"\s+(?:nửa|số|vài|chút|ít|trong|cách|bộ\s+phận|phần|loạt|cửa|lần\s+nữa|thời|khi|mặt|mực|cái|người\s+dân)(?!\w)", right):
                return False
            if re.match(r"\s+(?:chỉ\s+tiêu|tiêu\s+chí)(?!\w)", right) or _ONE_LOST.match(self.lower, end):
                return True
            if re.match(r"\s+(?:tấn|tạ|kg|ha|km|lít|mét)(?!\w)", right):
                return bool(re.search(r"(?<!\w)(?:khoảng|gần|hơn|được|đạt)\s+$", left))
            if re.match(r"\s+(?:ngày|tuần|tháng|giờ|năm)(?!\w)(?!\s+(?:nào|đó|mới|sau|không|kia))", right):
                return bool(re.search(r"(?:trong|sau|mỗi|chỉ|hơn|gần|khoảng|được|trước|trước đó|sau đó|quá|kéo dài|đúng|cách đây)\s+$", left))
            if re.match(r"\s+giai\s+đoạn\s+(?:hai|\d)", self.lower[end : end + 20]):
                return True  # the bidding form "một giai đoạn hai túi hồ sơ"
            if self._counted_before(start, end):
                return True
            return bool(re.search(r"(?:chỉ(?:\s+(?:có|còn))?|đúng|duy nhất|ít nhất|tối thiểu|còn)\s+$", left)) and bool(re.match(r"\s+[^\W\d_]", right))
        if word == "năm":
            if re.match(r"\s+năm(?!\w)(?!\s+(?:nay|qua|tới|học|trước|\d))", right):
                return bool(re.search(r"(?<!\w)(?:trong|suốt|sau|hơn|gần|khoảng|mất|kéo dài|cả|quá|muốn|đủ|tròn)\s+$", left))
            if re.match(r"\s+lần(?!\w)", right):
                return bool(re.search(r"(?<!\w)gấp\s+(?:hơn\s+|gần\s+|khoảng\s+|tới\s+)?$", left))
            return bool(re.search(r"(?:(?<!\w)(?:có|gồm|với|cả|thêm|còn|nhưng|khi|và|do|giữa|trong số|trong|ở|nêu|đủ)|,)\s+$", left)) and bool(re.match(r"\s+(?:người|giáo\s+viên|cán\s+bộ|bị\s+cáo|bị\s+can|đối\s+tượng|thành\s+viên|cơ\s+sở|nhà\s+máy|trường\s+hợp|dự\s+án|doanh\s+nghiệp|xã|huyện|tỉnh|đơn\s+vị|công\s+trình|nhóm|nội\s+dung|nhiệm\s+vụ|giải\s+pháp|chỉ\s+tiêu|tiêu\s+chí|địa\s+phương|kiến\s+nghị|thành\s+phố)", right))
        return False

    def _counted_before(self, start: int, end: int) -> bool:
        """Whether what "một" stands before was counted earlier in the sentence: "2 xã đạt, một xã chưa đạt"."""
        word = _NEXT_WORD.match(self.lower, end)
        if word is None:
            return False
        before = self.lower[max(0, start - 160) : start]
        before = before[max(before.rfind(mark) for mark in (". ", "\n", ";")) + 1 :]
        if f" {word[1]}" not in before:
            return False  # before the dear part
        noun = self.noun_at(end, False)
        return noun is not None and bool(re.search(rf"(?:\d|{_SMALL})\s+{re.escape(noun[1])}(?!\w)", before))

    # Units -----------------------------------------------------------------------------------

    def _with_unit(self, figure: Figure, in_digits: bool, limit: int) -> list[Figure]:
        end = figure.number_end
        if in_digits and self.plain[end + 1 : end + 2].isupper() and self.plain[end] == " " and self._new_cell(end):
            return [] if self._row_number(figure) else self._bare(figure, in_digits)
        unit = self._unit_at(figure.number_end)
        if unit is not None and unit[1] <= limit:
            return self._measured(figure, unit[0], unit[1], limit)
        if _MULTIPLE.search(self.lower, figure.start, figure.number_end) and _MONEY_A.match(self.lower, figure.number_end):
            figure.end = figure.number_end  # "5 triệu/tháng" is said of money alone
            return self._measured(figure, _Unit("VND", "money"), figure.end, limit)
        shared = (self._shared_unit(figure, limit) or self._shared_noun(figure, limit)) if in_digits else None
        if shared:
            return shared
        return self._counted(figure, in_digits, limit)

    def _unit_at(self, at: int) -> tuple[_Unit, int] | None:
        forms, exact, by_form, by_exact = _unit_patterns()
        m = forms.match(self.lower, at)
        if m:
            return by_form[re.sub(r"\s+", " ", m["unit"])], m.end()
        m = exact.match(self.plain, at)
        if m:
            return by_exact[m["unit"]], m.end()
        return None

    def _measured(self, figure: Figure, unit: _Unit, end: int, limit: int) -> list[Figure]:
        if unit.symbol == "tháng" and (re.match(r"\s+(?:giêng|chạp)(?!\w)", self.lower[end : end + 8]) or re.search(r"(?<!\w)(?:ngày|mùng|mồng)\s+$", self.lower[max(0, figure.start - 6) : figure.start])):
            return []  # a day of the lunar calendar
        if unit.symbol in ("mẫu", "công", "sào") and self.lower.endswith("số ", 0, figure.start):
            return []
        if unit.symbol == "lần" and figure.value == 1 and self.lower.endswith("dùng ", 0, figure.start):
            return []  # "đồ nhựa dùng 1 lần"
        if unit.dimension == "duration" and not self._duration_counts(figure, unit, end):
            return []
        if unit.symbol == "điểm" and (compound := self._counted_point(end)):
            figure.unit, figure.end = compound[1], compound[0]
        elif unit.symbol == "điểm" and self._of_a_share(figure):
            figure.unit, figure.dimension, figure.end = "điểm %", "points", end
        else:
            figure.unit, figure.dimension, figure.end = unit.symbol, unit.dimension, end
        if (unit.dimension == "duration" or unit.symbol == "lần") and figure.value is not None and (half := _HALF_MORE.match(self.lower, end)):
            figure.value, figure.end = figure.value + 0.5, half.end()  # "ba năm rưỡi"
        if unit.symbol in ("người", "hộ"):
            return self._counted(figure, True, limit)
        self._share_of_english(figure)
        self._compound(figure, limit)
        figure = self._second_measured(figure, unit, limit)
        self._bound(figure)
        return [figure]

    def _counted_point(self, end: int) -> tuple[int, str] | None:
        """ "điểm" counts places as well as scores: "1.100 điểm cầu", "12 điểm trường"."""
        m = re.compile(r"\s+(cầu|trường|bán|du lịch|đến|nghẽn|đen|kẹt xe|rác|sạt lở|dân cư|tái định cư|nóng|ngập|thi|bưu điện|giao dịch|thu mua|mỏ|bỏ phiếu|tiêm)(?!\w)").match(self.lower, end)
        return (m.end(), "điểm " + m[1]) if m else None

    def _of_a_share(self, figure: Figure) -> bool:
        """Whether "điểm" are points of a rate that is told of: "tỷ lệ hộ nghèo giảm 1,4 điểm"."""
        left = self.lower[max(0, figure.start - 120) : figure.start]
        left = left[max(left.rfind(". "), left.rfind("\n")) + 1 :]
        return bool(_MOVED.search(left) and _A_SHARE.search(left) and not _A_SCORE.search(left))

    def _duration_counts(self, figure: Figure, unit: _Unit, end: int) -> bool:
        """A duration, not a calendar day or a year's name ("năm 2023", "10 ngày" yes)."""
        if unit.symbol in ("năm", "tháng", "ngày") and re.match(r"\s+(?:19|20)\d\d", self.lower[end : end + 6]):
            return unit.symbol == "năm"
        return True

    def _share_of_english(self, figure: Figure) -> None:
        """ "3.657%" can only be meant as 3,657 %."""
        if figure.unit == "%" and figure.value and figure.value >= 1000:
            text = self.plain[figure.start : figure.number_end]
            if re.fullmatch(r"\d{1,2}\.\d{3}", text.strip()):
                figure.value = float(text)

    def _compound(self, figure: Figure, limit: int) -> None:
        while m := (
            _PER.match(self.lower, figure.end)
            or _PER_WORD.match(self.lower, figure.end)
            or (figure.dimension in ("area", "weight", "volume") and _PER_OF.match(self.lower, figure.end))
        ):
            if m.end() > limit:
                break
            per = re.sub(r"\s+", " ", m["per"])
            known = self._unit_at(m.start("per"))
            if known and known[1] >= m.end():
                per, end = known[0].symbol, known[1]
            else:
                end = m.end()
            if per in ("nq", "kế", "dự") or len(per) > 20:  # "8.215 tỷ đồng/kế hoạch 8.000 tỷ đồng"
                break
            figure.unit += "/" + per
            figure.end = end

    def _second_measured(self, figure: Figure, unit: _Unit, limit: int) -> Figure:
        """ "6% - 6,5%", "93% đến 95%": a range whose ends carry the same unit each."""
        if figure.value is None or figure.of is not None:
            return figure
        second = _SECOND.match(self.lower, figure.end)
        if second is None or second.end() > limit or (second["joint"] != "-" and not self._from_before(figure)):
            return figure
        factor, after = self._multiplier(second.end())
        other = self._unit_at(after)
        if other is None or other[0].symbol != unit.symbol or other[1] > limit:
            return figure
        high = self._value(second["n"]) * factor
        if high <= figure.value:
            return figure
        figure.low, figure.high, figure.value, figure.end, figure.rule = figure.value, high, None, other[1], "range"
        self._compound(figure, limit)
        return figure

    def _from_before(self, figure: Figure) -> bool:
        return bool(re.search(r"(?<!tăng )(?<!giảm )(?:từ|khoảng)\s+$", self.lower[max(0, figure.start - 14) : figure.start]))

    def _shared_unit(self, figure: Figure, limit: int) -> list[Figure] | None:
        """ "2, 3 và 5%": figures without a unit take that of the last in the list."""
        if figure.value is None or figure.of is not None:
            return None
        run = [figure]
        at = figure.end
        last_joint = ""
        while m := _LIST_NEXT.match(self.lower, at):
            if m.end() > limit or len(run) > 6:
                return None
            factor, end = self._multiplier(m.end())
            run.append(Figure(m.start("n"), end, "list", value=self._value(m["n"]) * factor, number_end=end))
            last_joint = self.lower[at : m.start("n")]
            at = end
            unit = self._unit_at(end)
            if unit is None:
                continue
            if unit[0].dimension not in ("share", "points", "money") or not re.search(r"và|hoặc|hay", last_joint):
                return None
            if self._is_name(figure):
                return None
            for f in run[:-1]:
                f.unit, f.dimension = unit[0].symbol, unit[0].dimension
                self._bound(f)
            return run[:-1] + self._measured(run[-1], unit[0], unit[1], limit)
        return None

    def _shared_noun(self, figure: Figure, limit: int) -> list[Figure] | None:
        """ "đạt lần lượt 14 và 13 tiêu chí": two counts with one noun."""
        m = _AND_NEXT.match(self.lower, figure.end)
        if m is None or m.end() > limit or figure.value is None or figure.of is not None or not _TELLS_COUNTS.search(self.lower, max(0, figure.start - 24), figure.start):
            return None
        noun = self.noun_at(m.end(), True)
        if noun is None or noun[0] > limit or noun[1].startswith(("điều", "khoản", "mục", "chương")):
            return None
        second = Figure(m.start("n"), noun[0], "list", value=self._value(m["n"]), unit=noun[1], number_end=m.end())
        figure.unit, figure.dimension, figure.rule = noun[1], "count", "list"
        self._bound(figure)
        return [figure, second]

    def _is_name(self, figure: Figure) -> bool:
        left = self.lower[max(0, figure.start - 26) : figure.start]
        if _MULTIPLE.search(self.lower, figure.start, figure.number_end):
            return False
        if _GROUPED.match(self.plain, figure.start):
            return False  # names have no thousands: "cấp 4.500 suất" grants, "lớp 4" is named
        if _NAMED.search(left):
            if _COUNTING.search(left) or (_SURELY_COUNTED.match(self.lower, figure.number_end) and not _NAMES_ALWAYS.search(left)):
                return False
            return not (_NAMES_LOOSELY.search(left) and self.plain[figure.number_end + 1 : figure.number_end + 2].islower() and self.noun_at(figure.number_end, False))
        # "Nhơn Trạch 3": a capitalised word in mid-sentence with its number.
        word = re.search(r"(\w+) $", self.plain[max(0, figure.start - 16) : figure.start])
        if word and word[1][0].isupper() and word[1][0].isalpha() and not self._all_capitals(figure):
            at = figure.start - len(word[0])
            if figure.of is not None or _SURELY_COUNTED.match(self.lower, figure.number_end) or self._counted_before(figure.start, figure.number_end):
                return False  # "… có 2 xã, Thanh Oai 1 xã"
            return not self._begins_sentence(at) and not re.match(r"\s*(?:%|tỷ|triệu)", self.lower[figure.end : figure.end + 6])
        return False

    def _all_capitals(self, figure: Figure) -> bool:
        """Whether the words around a figure are all in capitals, where a capital is no sign of a name."""
        around = self.plain[max(0, figure.start - 30) : figure.start] + self.plain[figure.end : figure.end + 20]
        return around.isupper()

    def _counted(self, figure: Figure, in_digits: bool, limit: int) -> list[Figure]:
        if figure.unit == "" and in_digits and self._is_name(figure):
            return [] if not self._is_rank(figure) else [self._rank(figure)]
        if self._is_rank(figure):
            return [self._rank(figure)]
        if in_digits and figure.unit == "" and _YEARLIKE.match(self.plain[figure.start : figure.end]) and figure.end - figure.start == 4:
            left = self.lower[max(0, figure.start - 12) : figure.start]
            if left.endswith("từ ") or not _ALONE_BEFORE.search(left):
                return []
        ratio = re.compile(r"gấp\s+(?:khoảng\s+|gần\s+|hơn\s+|tới\s+)?$").search(self.lower, max(0, figure.start - 16), figure.start)
        if ratio:
            figure.unit, figure.dimension = "lần", "ratio"
            self._bound(figure)
            return [figure]
        if figure.rule == "words" and figure.value is not None and figure.value < 1:
            return self._bare(figure, in_digits)  # "một nửa số hộ" is a half, not a count of households
        money = bool(_MONEY_LIKE.search(self.lower, figure.start, figure.number_end))
        noun = self.noun_at(figure.number_end, in_digits and not money)
        if money and noun and noun[1] == "việc":
            noun = None
        if not noun and _ITEMS.search(self.lower, max(0, figure.start - 40), figure.start):
            return []  # "quy định từ 1 đến 22": items of a list
        if noun and ((noun[1] in ("điều", "mục", "chương") and not _HAS_PARTS.search(self.lower, max(0, figure.start - 12), figure.start)) or (noun[1] == "khoản" and figure.of is None and _CLAUSE_OF_LAW.match(self.lower, noun[0])) or (noun[1] in _LAWS and self.plain[figure.number_end + 1 : figure.number_end + 2].isupper())):
            return []  # "khoản 2, 4 và 6 Điều 44"
        if noun and noun[0] <= limit:
            figure.end, figure.unit, figure.dimension = max(noun[0], figure.end), noun[1], "count"
            self._fraction(figure)
            if figure.of and figure.value == 1 and figure.rule == "of" and re.search(r"(?<!\w)(?:bằng|chỉ\s+còn)\s+(?:khoảng\s+|gần\s+|hơn\s+)?$", self.lower[max(0, figure.start - 18) : figure.start]):
                figure.value, figure.of, figure.unit, figure.end = 1 / figure.of, None, "", figure.number_end  # "chỉ bằng 1/27 Singapore"
            self._compound(figure, limit)
            self._bound(figure)
            return [figure]
        if figure.unit:
            self._compound(figure, limit)
            self._bound(figure)
            return [figure]
        return self._bare(figure, in_digits)

    def _fraction(self, figure: Figure) -> None:
        """ "1/2 mặt cắt" is a half; "3/5 nội dung" three of five."""
        if figure.of and figure.value and figure.of <= 4 and figure.of > figure.value:
            text = self.lower[figure.number_end : figure.end]
            if (figure.value, figure.of) in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4)) and not re.search(r"chỉ tiêu|tiêu chí|nội dung|dự án|đơn vị", text):
                figure.value, figure.of, figure.unit = figure.value / figure.of, None, ""
                figure.end = figure.number_end

    def _bare(self, figure: Figure, in_digits: bool) -> list[Figure]:
        """A number that stands alone: kept where a verb gives it as a value."""
        if figure.rule == "words" and figure.value is not None and figure.value < 1:
            self._bound(figure)
            return [figure]
        if figure.of is not None and figure.value is not None:
            self._fraction(figure)
            if figure.of is None:
                self._bound(figure)
                return [figure]
            return []
        if in_digits and self._unit_column(figure):
            self._bound(figure)
            return [figure]
        if not in_digits and not (figure.value and figure.value >= 1e6 and _MONEY_LIKE.search(self.lower, figure.start, figure.end)):
            return []
        if not in_digits or re.search(r"(?:tỷ|tỉ|triệu rưỡi|tỷ rưỡi)$", self.lower[figure.start : figure.end]):
            figure.unit, figure.dimension = "VND", "money"  # a bare "105.110 tỷ" is money
            self._bound(figure)
            return [figure]
        left = self.lower[max(0, figure.start - 12) : figure.start]
        if left.endswith("hệ số ") and figure.end - figure.start == 1:
            return []
        if (counted := self._number_of(figure)) is not None:
            figure.unit, figure.rule = counted, "number of"
            self._bound(figure)
            return [figure]
        if _OUT_OF.match(self.lower, figure.end) or (_MORE_UP.match(self.lower, figure.end) and left.endswith("số ")):
            self._bound(figure)
            return [figure]
        if left.endswith("mức ") and figure.value is not None and figure.value < 10 and figure.end - figure.start == 1:
            return []  # "định danh mức 2"
        right = self.plain[figure.end : figure.end + 2]
        big = (figure.value or figure.low or 0) >= 1000 or figure.number_end - figure.start > 4
        if (big or _ALONE_BEFORE.search(left)) and (right[:1] in ",.;)\n" or not right.strip() or right[:1] == " ") and not re.match(r"[-/.]\w", right):
            self._bound(figure)
            return [figure] if _ALONE_BEFORE.search(left) or big else []
        return []

    def _unit_column(self, figure: Figure) -> bool:
        """Takes the unit that stands in the column before the figure: "Diện tích   m²   4.600"."""
        m = _COLUMN.search(self.lower, max(0, figure.start - 30), figure.start)
        unit = _unit_patterns()[2].get(" ".join(m["unit"].split())) if m else None
        if m is None or unit is None or figure.value is None or not self._new_cell(figure.start - 1):
            return False  # "tuổi 42", "lần 2" in prose
        figure.value *= numbers.multiplier(m["mult"]) if m["mult"] else 1
        figure.unit, figure.dimension, figure.rule = unit.symbol, unit.dimension, "unit column"
        return True

    def _number_of(self, figure: Figure) -> str | None:
        """The counted noun of "số phiếu tán thành là 51", "tổng số hộ: 1.024", "Hộ nghèo còn 61", "Lượt xem: 1.318"."""
        subject = _SUBJECT.search(self.lower, max(0, figure.start - 70), figure.start)
        if subject and figure.value is not None and figure.value == int(figure.value) and (subject["noun"] or figure.value >= 1000):
            return " ".join((subject["noun"] or subject["seen"]).split())
        if _AGE.search(self.lower, max(0, figure.start - 60), figure.start):
            return "tuổi"
        m = _NUMBER_OF.search(self.lower, max(0, figure.start - 70), figure.start)
        if m and not m["gives"] and not _GROUPED.match(self.plain, figure.start):
            return None  # "số 45", but "số hộ kinh doanh trên địa bàn 45.600"
        noun = self.noun_at(m.end("number"), False) if m else None
        return noun[1].split(",")[0] if noun and m and noun[1] not in ("tiền", "vốn", "kinh phí") and noun[0] <= m.start("gives") else None

    # Ranks and bounds ------------------------------------------------------------------------

    def _is_rank(self, figure: Figure) -> bool:
        left = self.lower[max(0, figure.start - 40) : figure.start]
        if not left.rstrip().endswith(_BEFORE_RANKS):
            return False
        if re.search(r"(?:xếp|đứng|vị trí|xếp hạng|giữ|ở|lên|xuống|tụt|lớn|cao|thấp|nhiều|nhanh|dài|đông)(?:\s+(?:vị trí|hạng|ở|xếp|ở vị trí))?\s+(?:thứ|hạng|thứ hạng)\s+$", left):
            return True
        if left.endswith("từ thứ ") and re.match(r"\s+(?:lên|xuống)\s+(?:vị trí\s+)?thứ", self.lower[figure.end : figure.end + 24]):
            return True
        if re.search(r"(?<!\w)(?:vị trí|vị)\s+thứ\s+$", left) or (left.endswith("thứ ") and _OF_A_RANKING.match(self.lower, figure.end)):
            return True
        if left.endswith("hạng ") and figure.value is not None and (figure.of is not None or figure.value > 5):
            return True  # classes ("bệnh viện hạng 2") are five at the most
        if re.search(r"(?<!\w)(?:tốp|top)\s+$", left) or (re.search(r"(?<!\w)nhóm\s+$", left) and _OF_A_RANKING.match(self.lower, figure.end)):
            return True
        return bool(re.search(r"(?:(?:xếp|đứng)\s+(?:vị trí\s+)?|thứ\s+)$", left)) and figure.of is not None

    def _rank(self, figure: Figure) -> Figure:
        figure.unit, figure.dimension, figure.rule = "rank", "rank", "rank"
        figure.end = figure.number_end
        return figure

    def _bound(self, figure: Figure) -> None:
        """Reads the words around the figure that say it is a limit or an estimate."""
        lower = self.lower
        if _MORE_UP.match(lower, figure.end) or _MORE_UP.match(lower, figure.number_end):
            figure.bound = ">="
            return
        if _MORE_DOWN.match(lower, figure.end):
            figure.bound = "<="
            return
        left = lower[max(0, figure.start - 48) : figure.start]
        if left.endswith("từ ") and _UP_LATER.match(lower, figure.end):
            figure.bound = ">="
            return
        if figure.dimension == "count" and left.endswith("trên ") and ((figure.value or 10) < 10 and figure.rule == "words" or _LIES_ON.match(figure.unit) or left.endswith("dựa trên ")):
            return  # "sạt lở trên hai tuyến đường": where, not how many
        if left.endswith("ngoài ") and figure.unit == "tuổi":
            figure.bound = ">"
            return
        if figure.unit in ("dân", "người dân", "người") and (figure.value in (1, 10000, 100000)) and left.endswith("trên "):
            return  # "trên 1 vạn dân": a rate, not a bound
        if figure.low is not None:
            left = re.sub(r"từ\s+$", "", left)
        for sign, pattern in BOUND_WORDS:
            if pattern.search(left):
                if sign == ">" and re.search(r"(?:không|chưa)\s+(?:hơn|quá|vượt quá)\s+$", left):
                    sign = "<="
                if sign == ">" and _COMPARATIVE.search(left) and not (figure.dimension in ("length", "area") and _LONGER.search(left)):
                    return
                if sign == ">" and left.endswith("quá ") and re.search(r"không (?:để|được)[^.;]*$", lower[max(0, figure.start - 70) : figure.start]):
                    sign = "<="
                figure.bound = sign
                return
        if re.search(r"không (?:để|được)[^.;]{0,50}vượt\s+$", left):
            figure.bound = "<="
            return
        if _ESTIMATE.search(left):
            figure.bound = "~"


def _length_of_words(text: str, count: int) -> int:
    """How many characters the first `count` words of `text` take."""
    at = 0
    for _ in range(count):
        while at < len(text) and text[at].isspace():
            at += 1
        while at < len(text) and not text[at].isspace():
            at += 1
    return at


_BEFORE_RANKS = ("thứ", "hạng", "tốp", "top", "nhóm", "xếp", "đứng", "vị trí")
"""One of these stands right before every rank."""
_RANK_WORD = re.compile(r"(?:xếp|đứng|vị trí|giữ|hạng|cao|thấp|lớn|nhiều|nhanh)\s+(?:ở\s+)?(?:vị trí\s+)?(?P<rank>thứ\s+(?P<n>nhất|nhì|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))(?!\w)")
_TIMES_WORD = re.compile(r"gấp\s+(?P<n>đôi|rưỡi)(?!\w)")


def find_worded(reading: Reading) -> list[Figure]:
    """Ranks and multiples that are words alone: "xếp thứ ba", "gấp đôi", "gấp rưỡi"."""
    out: list[Figure] = []
    for m in _RANK_WORD.finditer(reading.lower):
        value = {"nhất": 1, "nhì": 2}.get(m["n"]) or (10 if m["n"] == "mười" else numbers.DIGIT_WORDS[m["n"]])
        out.append(Figure(m.start("rank"), m.end("rank"), "rank", value=value, unit="rank", dimension="rank", number_end=m.end("rank")))
    for m in _TIMES_WORD.finditer(reading.lower):
        value = 2.0 if m["n"] == "đôi" else 1.5
        out.append(Figure(m.start(), m.end(), "words", value=value, unit="lần", dimension="ratio", number_end=m.end()))
    return out
