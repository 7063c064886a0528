"""Hand-written rules for the roles of times: evidence that the model (`roles.py`) weighs with the rest.

Told by what governs the expression: the word that bounds it, the words before it in the sentence,
whether it lies ahead of the publication, and whether a figure stands in its sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from chitieu.nlp.times import Found

_COMPARED = re.compile(
    r"(?:so\s+với(?:\s+cùng\s+k[ỳì])?|so\s+cùng|cao\s+hơn|thấp\s+hơn|tăng\s+hơn|nhiều\s+hơn|ít\s+hơn|lớn\s+hơn|bằng\s+mức|gấp[^,;.]{0,20}?|bằng\s+[\d,.]+%|hơn)"
    r"(?:\s+(?:của|mức|thực\s+hiện|tháng|cả|số|kết\s+quả|với|trung\s+bình|bình\s+quân|thời\s+điểm|kế\s+hoạch|cuối|đầu|cùng|kỳ|ước|quý|mức\s+tăng|[\d.,]+%?|tăng|của\s+các))*\s+$"
)
_GOAL = re.compile(
    r"(?<!\w)(?:mục\s+tiêu|chỉ\s+tiêu|phấn\s+đấu|quyết\s+tâm|đặt\s+ra|đề\s+ra|dự\s+toán|hoàn\s+thành|định\s+hướng|cam\s+kết|tầm\s+nhìn|lộ\s+trình|sẽ|dự\s+kiến|phải|cần|yêu\s+cầu|đề\s+nghị|giao|thời\s+hạn|hạn|kế\s+hoạch|bảo\s+đảm|đảm\s+bảo)(?!\w)"
)
_DONE = re.compile(r"(?<!\w)(?:đã|vừa|được\s+thành\s+lập|khởi\s+công|khánh\s+thành|ban\s+hành|công\s+bố|xảy\s+ra|diễn\s+ra|tổ\s+chức|ký|bắt\s+đầu|thông\s+qua|phê\s+duyệt|thành\s+lập|phát\s+hiện|đón\s+nhận|bị\s+bắt|khởi\s+tố|qua\s+đời|sinh)(?!\w)")
_PLAN_NAME = re.compile(r"(?:kế\s+hoạch|quy\s+hoạch|chiến\s+lược|chương\s+trình|đề\s+án|nghị\s+quyết|nhiệm\s+vụ|công\s+tác|tình\s+hình|kết\s+quả)(?:\s+[^\W\d_]+|\s+-){0,9}\s+$")
_YEAR_GOAL = re.compile(r"(?:mục\s+tiêu|chỉ\s+tiêu|dự\s+toán)(?:,?\s+(?:nhiệm\s+vụ|mục\s+tiêu|chỉ\s+tiêu|kế\s+hoạch|chủ\s+yếu|phát\s+triển|kinh\s+tế|tế|xã\s+hội|hội|-|–|của|thu|chi|ngân\s+sách|nhà\s+nước|tăng\s+trưởng|cả|\S+)){0,9}\s*$")
_LAW_NAME = re.compile(r"(?:(?:[Ll]uật|[Bb]ộ luật|[Pp]háp lệnh|Hiến pháp)(?:\s+(?!và|của|này)[^\W\d_]+,?){0,7}\s+(?:\(|năm\s+)?|\(SN\s+|sinh năm\s+|sinh\s+|SN\s+|dịch vụ công\s+)$")
_WITHIN_GOAL = re.compile(r"(?<!\w)(?:mục\s+tiêu|chỉ\s+tiêu|phấn\s+đấu|quyết\s+tâm|hoàn\s+thành|định\s+hướng|cam\s+kết|lộ\s+trình|sẽ|dự\s+kiến|phải|cần|yêu\s+cầu|thời\s+hạn|vận\s+hành|khởi\s+công|để|tăng\s+cường|bảo\s+đảm|đảm\s+bảo)(?!\w)")
_DONE_AFTER = re.compile(r"[^.;]{0,90}?(?<!\w)(?:đã|mới|vẫn chưa|vẫn còn|có|còn|chỉ|đạt được|ghi nhận)(?!\w)")
_PLAN_UNTIL = re.compile(r"(?:quy\s+hoạch|chiến\s+lược|đề\s+án|chương\s+trình|kế\s+hoạch|tầm\s+nhìn|định\s+hướng)(?:\s+(?!đã|được|có|mới|chỉ)[^\W\d_]+,?|\s+đến\s+năm\s+\d{4}(?:\s+và)?){0,16}\s*,?\s*$")
_BY_PLAN = re.compile(r"(?:lộ\s+trình|theo\s+kế\s+hoạch|dự\s+kiến|dự\s+tính|theo\s+dự\s+báo)[\s,:]+(?:vào\s+|đến\s+|trong\s+)?$")
_HEADLINE_EVENT = re.compile(r"(?:họp\s+báo|phiên\s+họp|hội\s+nghị|kỳ\s+họp|cuộc\s+họp)(?:\s+[^\W\d_]+){0,5}\s+$")


def rule_roles(
    times: Sequence[Found],
    lower: str,
    plain: str,
    sentences: Sequence[tuple[int, int]],
    figures: Sequence[tuple[int, int]],
    mentions: Sequence[tuple[int, int]],
    published: date | None,
    *,
    assumed: bool = False,
) -> list[tuple[str, str]]:
    """The role that the rules give each time, and the rule.

    `figures` are the plain spans of the quantities, `mentions` those of document numbers.
    `published` is the publication day, or what stands for it (`assumed`): then "trước ngày …" is a
    deadline unless the sentence tells of what has been done.
    """
    figure_starts = [start for start, _ in figures]
    numbered = {end for _, end in mentions}
    out: list[tuple[str, str]] = []
    s = 0
    for time in times:
        while s + 1 < len(sentences) and sentences[s][1] <= time.start:
            s += 1
        start, end = sentences[s] if sentences and sentences[s][0] <= time.start else (max(0, time.start - 200), time.end + 200)
        has_figure = bisect_left(figure_starts, start) < bisect_left(figure_starts, end)
        if time.grain == "year" and not time.prefix and (time.start - 1 in numbered or time.start - 2 in numbered):
            out.append(("date", "year of a document"))
            continue
        role, rule = _role(time, lower, plain, start, end, has_figure, published)
        if assumed and role == "date" and time.grain == "day" and _still_to_come(time, lower, start, end):
            role, rule = "deadline", "to be done"
        out.append((role, rule))
    return out


def _still_to_come(time: Found, lower: str, start: int, end: int) -> bool:
    """Whether a day of an undated text is one that something is to be done by."""
    sentence = lower[start:end]
    if re.search(r"(?<!\w)(?:đã|vừa)(?!\w)", sentence):
        return False
    if time.prefix in ("before", "latest"):
        return True
    return bool(re.search(r"(?<!\w)(?:sẽ|quyết tâm|dự kiến|phấn đấu|kế hoạch)\s[^.;]{0,60}$", lower[start : time.start]))


def _role(time: Found, lower: str, plain: str, start: int, end: int, has_figure: bool, published: date | None) -> tuple[str, str]:
    left = lower[max(start, time.start - 90) : time.start]
    sentence = lower[start:end]
    before = lower[start : time.start]
    if time.rule == "same.period":
        return "base", "same.period"
    if _COMPARED.search(left):
        return "base", "compared"
    if time.rule == "month.rel" and re.search(r"(?:so với|so)\s*$", left):
        return "base", "compared"
    ahead = published is None or (time.until is not None and time.until > published)
    if time.rule in ("year.bare", "year.plain") and _LAW_NAME.search(plain[max(start, time.start - 60) : time.start]):
        return "date", "law"
    if time.grain == "day" and time.prefix in ("", "within"):
        return _day_role(time, left, sentence, ahead)
    if time.prefix in ("before", "until", "latest"):
        if time.prefix == "until" and time.grain == "year" and _PLAN_UNTIL.search(before[-110:]):
            return "deadline", "in the name of a plan"
        if published is None and time.prefix == "until" and _DONE_AFTER.match(lower, time.end) and not _WITHIN_GOAL.search(lower[time.end : time.end + 60]):
            return "period", "done by then"
        if time.grain == "day" and not ahead:
            return "date" if time.prefix == "before" else "period", "past"
        return ("deadline", "bounded") if ahead or time.prefix == "latest" else ("period", "past")
    if time.prefix == "now":
        if re.search(r"thời gian\s+$", before) or lower.startswith("thời gian", time.start):
            return "period", "span from now"
        return "deadline", "from now"
    if time.prefix == "asof":
        return "period", "as of"
    if time.prefix == "from":
        return ("date", "in force since") if re.search(r"(?:hiệu lực|thi hành|áp dụng|phê duyệt|chứng nhận|ban hành)(?:\s+[^\W\d_]+){0,3}\s+$", before[-60:]) else ("period", "since")
    if time.rule in ("year.range", "year.span"):
        return _span_role(time, lower, left, before)
    return _part_role(time, lower, left, before, sentence, has_figure, ahead, published)


def _day_role(time: Found, left: str, sentence: str, ahead: bool) -> tuple[str, str]:
    if time.prefix == "within":
        return ("deadline", "within") if ahead else ("date", "day")
    future = time.since is not None and ahead
    if future and re.search(r"(?:hạn|hoàn thành|xong|gửi|báo cáo|khởi công|khánh thành|vận hành|hòa lưới|hoà lưới|đưa vào|kết thúc|chậm nhất|vào)\s[^.;]{0,60}$", left):
        return "deadline", "day ahead"
    return "date", "day"


def _span_role(time: Found, lower: str, left: str, before: str) -> tuple[str, str]:
    text = lower[time.start : time.end]
    if text.startswith("trong thời gian") and re.search(r"dự kiến|hoàn thành|vận hành", before):
        return "deadline", "planned span"
    if re.search(r"(?:chỉ\s+tiêu|mục\s+tiêu)[^.;:]{0,70}$", left) and text.startswith("5 năm"):
        return "deadline", "goals of a term"
    return "period", "term"


def _part_role(
    time: Found, lower: str, left: str, before: str, sentence: str, has_figure: bool, ahead: bool, published: date | None
) -> tuple[str, str]:
    """Years, quarters and months that no bounding word limits."""
    current = published is not None and time.until is not None and time.until >= published.replace(day=1)
    if time.rule == "year.end":
        return ("deadline", "end of year") if time.since is None else ("date", "end of year")
    if time.grain in ("month", "months") and re.search(r"(?:hồi|đợt|vụ|bão|lũ|mưa|xảy ra|trận|vụ cháy|đặt ra|hứa|lời hứa|hội nghị|phiên họp)(?:\s+(?:trong|từ|vào|hồi))?\s+$", before[-40:]) and time.rule in ("month", "month.part", "year.part"):
        return "date", "when it happened"
    if _HEADLINE_EVENT.search(left) and time.grain == "month":
        return "date", "event"
    if current or published is None:
        if time.prefix == "within" and not re.search(r"(?:đã|được)\s+(?:đề|đặt)\s+ra\s+$|đặt\s+ra\s+$", left) and (_WITHIN_GOAL.search(before[-120:]) or _WITHIN_GOAL.search(lower[time.end : time.end + 40])):
            return "deadline", "within"
        if time.rule == "year.end" and time.since is None:
            return "deadline", "end of year"
        if has_figure and re.search(r"kế\s+hoạch(?:\s+vốn)?(?:\s+[^\W\d_]+){0,6}\s+$", left) and time.rule == "year.plain":
            return "deadline", "year of a plan"
        if re.search(r"(?:^|[.,;:]\s)\s*(?:để|sang|bước sang)\s+$", before) or (not before.strip(" -+*•") and re.match(r"[^.;]{0,40}(?:được giao|xác định|phải)", lower[time.end : time.end + 60])):
            return "deadline", "aimed at"
        if _BY_PLAN.search(left) or re.match(r"\s*(?:với|có|là)?\s*mục\s+tiêu", lower[time.end : time.end + 18]):
            return "deadline", "by plan"
        if time.rule == "year.plain" and has_figure and published is not None and time.since is not None and time.since.year > published.year and not re.search(r"(?<!\w)(?:đã|vừa)(?!\w)", sentence):
            return "deadline", "year ahead"
        if _YEAR_GOAL.search(left):
            return "deadline", "goal of the year"
        if re.search(r"(?:hoàn\s+thành|phấn\s+đấu|dự\s+kiến|vận\s+hành|khởi\s+công|đưa\s+vào|xong|kết\s+thúc|sẽ)(?:[^.;]{0,60})\s(?:vào|trong)?\s*$", left) and not _PLAN_NAME.search(left):
            return "deadline", "planned"
        if re.search(r"vào\s+$", left) and published is not None and time.since is not None and time.since > published:
            return "deadline", "by then"
        if not before.strip(" -+*•") and re.search(r"(?:đề\s+nghị|yêu\s+cầu|phấn\s+đấu|phải|đặt\s+mục\s+tiêu|mục\s+tiêu|sẽ|dự\s+kiến)", lower[time.end : time.end + 90]):
            return "deadline", "heads a goal"
    if time.rule in ("months.first",) and re.search(r"ngay\s+từ\s+$", before) and (_GOAL.search(sentence) or "bắt tay" in sentence):
        return "deadline", "from the start"
    if has_figure or time.grain in ("months", "quarter", "half", "relative"):
        return "period", "of a figure"
    if not current and _DONE.search(sentence):
        return "date", "event"
    return "period", "default"
