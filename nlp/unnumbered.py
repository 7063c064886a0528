"""Documents named without a number: by who issued them, their kind and subject, and the day.

"UBND tỉnh vừa ban hành văn bản về việc …", "Quyết định của Thủ tướng về việc …". Where the same text
gives the number of a document of that kind and subject elsewhere, it is that document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from chitieu.nlp.documents import Mention, may_issue, type_word
from chitieu.nlp.issuers import Body, body_at, body_before
from chitieu.nlp.text import Reading

_KINDS = {
    "văn bản": "công văn",
    **{k: k for k in ("công văn", "quyết định", "nghị quyết", "chỉ thị", "công điện", "thông báo", "kết luận", "tờ trình", "thông tư", "nghị định", "báo cáo")},
}
"""Kinds that the press names in lower case, too."""
_PLANS = {k: k for k in ("kế hoạch", "chương trình", "hướng dẫn", "quy định", "quy chế", "đề án", "phương án")}
"""Who "has a plan" has no document of that kind: these must have been issued, or bear a capital."""
_ALL = "|".join(k.replace(" ", r"\s+") for k in (*_KINDS, *_PLANS))
_VERB = r"ký\s+ban\s+hành|ban\s+hành|ký|có|thông\s+qua|ra|công\s+bố|gửi|phát\s+đi|phát\s+hành"
_ISSUED = re.compile(rf"(?<!\w)(?P<verb>{_VERB})\s+(?:một\s+)?(?P<kind>{_ALL})(?:\s+(?:khẩn|hỏa\s+tốc|hoả\s+tốc|chính\s+thức|mới))?(?!\w)")
_OF = re.compile(rf"(?<!\w)(?P<kind>{_ALL})\s+(?:mới\s+)?của\s+")
_HEADS = (
    "về việc|v/v|về|phê duyệt|chấp thuận|xử phạt|thành lập|thu hồi|chỉ đạo|yêu cầu|đề nghị|kiến nghị|trả lời|truyền đạt|triển khai|thực hiện"
    "|tăng cường|hướng dẫn|quy định|ban hành|công bố|công nhận|cho phép|đình chỉ|tạm dừng|hưởng ứng|phát triển|tổ chức|phòng|điều chỉnh|giao"
    "|đôn đốc|thống nhất|sửa đổi|bổ sung|bổ nhiệm|khen thưởng|kỷ luật|chấn chỉnh|bãi bỏ|hỗ trợ|đặt tên|xếp hạng|cảnh báo|khuyến cáo"
)
_SUBJECT = re.compile(rf'[\s"]{{0,3}}(?:gửi\s[^.;\n"]{{3,120}}?\s)?(?P<subject>(?:{_HEADS})(?!\w)\s(?:[^.;\n"]|\.(?=\d)){{8,220}})')
_ABOUT = re.compile(r'[\s"]{0,3}(?P<subject>(?:về việc|v/v|về|phê duyệt|ban hành|thành lập)(?!\w)\s(?:[^.;\n"]|\.(?=\d)){8,220})')
_SUBJECT_END = re.compile(r"\s*(?:[(?:]|,\s(?:trong đó|theo đó|nhằm|với|nhưng|tuy nhiên|sau khi|đồng thời|do|vì)(?!\w)|\s(?:cho biết|nêu rõ|như sau|có hiệu lực|đã nêu)(?!\w)).*$")
_NOT_YET = re.compile(r"(?<!\w)(?:đề xuất|đề nghị|kiến nghị|yêu cầu|trình|tham mưu(?: cho)?|giúp|giao|để|trước khi|nếu|chờ|đợi|phải|dự thảo|xin|(?<!sau )khi)\s+(?:\w+\s+)?$")
_WITHIN_NAME = re.compile(rf"(?<!\w)(?:về|việc|kèm theo|{_ALL})\s+$")
"""Left of a verb that belongs to the name of another document ("Quyết định ban hành Quy chế")."""
_WORD = re.compile(r"\w+")
_COMMON = frozenset("về việc của các và trên địa bàn tỉnh trong cho với".split())
_SAME = 0.7
"""The share of the shorter subject's words that another must have to be the same."""
_LEAST = 4
_SENTENCE_END = re.compile(r"(?<=[\w\"')%])[.;!?]\s|\n")
_REACH = 240


class Day(NamedTuple):
    """A full date that the text names, and where."""

    start: int
    end: int
    day: date


def find_unnumbered(reading: Reading, numbered: Sequence[Mention]) -> list[Mention]:
    """The documents a text names without a number; the span is kind and subject as written.

    `numbered` are the mentions that `find_documents` found, in text order.
    """
    plain, lower = reading.plain, reading.lower
    taken = {at for m in numbered if (at := type_word(lower, m.start)) is not None}
    found: dict[int, Mention] = {}
    for m in _ISSUED.finditer(lower):
        at = m.start("kind")
        if at in taken or not _counts(m, plain):
            continue
        left = _left(plain, at)
        body = body_before(left)
        if body and not _NOT_YET.search(left[: body.start].lower()):
            _add(found, reading, m, body, _SUBJECT.match(lower, m.end()), "unnumbered.issued")
    for m in _OF.finditer(lower):
        at = m.start("kind")
        if at in taken or at in found or plain[at : at + 8] == "quy định":
            continue
        body = body_at(plain, m.end())
        if body:
            _add(found, reading, m, body, _ABOUT.match(lower, body.end), "unnumbered.of")
    mentions = [found[at] for at in sorted(found)]
    for mention in mentions:
        _resolve(mention, numbered)
    return mentions


def _counts(m: re.Match[str], plain: str) -> bool:
    """Whether a verb and a kind tell of a document rather than of having a plan or passing one on."""
    kind = " ".join(m["kind"].split())
    if m["verb"] == "gửi" and _KINDS.get(kind) not in ("công văn", "báo cáo", "tờ trình"):
        return False
    if _WITHIN_NAME.search(plain[max(0, m.start() - 24) : m.start()].lower()):
        return False
    return kind in _KINDS or plain[m.start("kind")].isupper() or m["verb"] not in ("có", "ra")


def _left(plain: str, at: int) -> str:
    return _SENTENCE_END.split(plain[max(0, at - _REACH) : at])[-1]


def _add(found: dict[int, Mention], reading: Reading, m: re.Match[str], body: Body, subject: re.Match[str] | None, rule: str) -> None:
    if subject is None:
        return
    written = reading.plain[subject.start("subject") : subject.end("subject")]
    written = _SUBJECT_END.sub("", written).rstrip(" ,-")
    words = " ".join(written.split())
    if len(words) < 12:
        return
    kind = " ".join(m["kind"].split())
    at = m.start("kind")
    found[at] = Mention(
        at, subject.start("subject") + len(written), rule, None, _KINDS.get(kind) or _PLANS[kind], issuer=body.name, subject=words
    )


def _resolve(mention: Mention, numbered: Sequence[Mention]) -> None:
    """Gives the number of the one numbered document of that kind and subject, if there is one."""
    own = _content(mention.subject)
    same = {
        m.number: m
        for m in numbered
        if m.subject and m.type == mention.type and may_issue(mention.issuer or "", m.number) and _alike(own, _content(m.subject))
    }
    if len(same) == 1:
        [known] = same.values()
        mention.number, mention.date, mention.signer = known.number, known.date, known.signer


def _content(subject: str | None) -> set[str]:
    return set(_WORD.findall((subject or "").lower())) - _COMMON


def _alike(one: set[str], other: set[str]) -> bool:
    least = min(len(one), len(other))
    return least >= _LEAST and len(one & other) >= _SAME * least


_ISSUE_BETWEEN = re.compile(r"\s*,?\s*(?:[^.;\n]{2,140}?\s)?(?:ban\s+hành|ký|thông\s+qua|phê\s+duyệt|có|công\s+bố|ra|gửi|phát\s+đi)\s(?:[^.;\n]{0,60})$")
_DAY_BEFORE = re.compile(r"(?:^|[.;\n]\s*|(?:trước đó|theo đó|sau đó|mới đây|cụ thể|tiếp đó|được biết|vừa qua)\s*,\s*)(?:vào\s+)?(?:(?:sáng|chiều|tối|trưa)\s+)?(?:nay\s*)?[(]?$")
_BY_DAY = re.compile(r"\s*[,(]?\s*(?:được\s+)?(?:(?:ký|ban\s+hành|ra|đề)\s+)?(?:vào\s+)?$")


def add_days(mentions: Sequence[Mention], lower: str, days: Sequence[Day]) -> None:
    """The days of documents that stand beside them without a year ("Ngày 14/3, UBND tỉnh ban hành …").

    `days` are the full dates of the text in text order, resolved against its publication.
    """
    starts = [d.start for d in days]
    for mention in mentions:
        if mention.date is not None:
            continue
        n = bisect_left(starts, mention.start)
        after = days[n] if n < len(days) and days[n].start >= mention.end else None
        if after and after.start - mention.end < 24 and _BY_DAY.fullmatch(lower[mention.end : after.start]):
            mention.date = after.day
        elif n and mention.start - days[n - 1].end < _REACH:
            before = days[n - 1]
            opens = _DAY_BEFORE.search(lower[max(0, before.start - 40) : before.start] if before.start > 40 else "\n" + lower[: before.start])
            if opens and _ISSUE_BETWEEN.fullmatch(lower[before.end : mention.start]):
                mention.date = before.day
