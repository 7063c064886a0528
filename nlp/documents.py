"""References to official documents: number, type, date, issuer, signer, subject.

How documents are numbered: Decree 30/2020/NĐ-CP (administration), Law on the promulgation of legal
documents ({number}/{year}/{sign}-{body}), Party instructions ({number}-{sign}/{body}).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from chitieu.nlp import tables
from chitieu.nlp.casing import recase
from chitieu.nlp.issuers import body_after, body_at, body_before
from chitieu.nlp.text import Reading, Spans, compile_pattern


@dataclass(slots=True)
class Mention:
    """One mention of a document: plain offsets of its number as written and what the text tells."""

    start: int
    end: int
    rule: str
    number: str | None
    type: str | None = None
    date: date | None = None
    issuer: str | None = None
    signer: str | None = None
    subject: str | None = None


# A part of a number's sign: mostly capitals ("UBND", "QH15", "TTg", "NĐ", "QyĐ").
_CODE = r"[A-ZĐƯ][A-Za-zĐđƯư&]{0,9}\d{0,2}"
_SIGNED = re.compile(
    rf"(?<![\w/.])(?P<no>\d{{1,5}}[a-zA-Z]?)(?P<year>\s?/\s?(?:19|20)\d\d)?(?P<sign>\s?[/-]\s?{_CODE}(?:\s?[-/.&]\s?{_CODE}){{0,4}})(?![\w])"
)
_STANDARD = re.compile(r"(?<!\w)(?P<sign>TCVN|QCVN|TCXDVN|TCN)\s?(?P<no>\d{1,6}(?:[-:/]\d{1,5}){0,3}(?:/[A-ZĐ]{2,8})?)")


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of document: its name, the sign it has in numbers and other names."""

    name: str
    sign: str
    aliases: tuple[str, ...]
    bare: bool
    """Whether the press names it by its type and figure alone ("Nghị quyết 68")."""


@cache
def document_types() -> tuple[DocumentType, ...]:
    """All rows of `data/document_types.csv`."""
    return tuple(
        DocumentType(r["type"], r["sign"], tuple(a for a in r["aliases"].split(";") if a), r["bare"] == "yes")
        for r in tables.read_csv("document_types.csv")
    )


@cache
def _by_sign() -> dict[str, str]:
    return {t.sign.upper(): t.name for t in document_types() if t.sign} | {"NQLT": "nghị quyết"}


@cache
def _bodies() -> frozenset[str]:
    """Signs of bodies as they stand in numbers."""
    signs: set[str] = set()
    for row in tables.read_csv("agencies.csv"):
        signs.update(s.strip().upper() for s in row.get("signs", "").split(";") if s.strip())
    return frozenset(signs | {"UBND", "HĐND", "TU", "HU", "THU", "TW", "TTG", "CP", "QH", "VPCP", "UBTVQH", "VP", "SXD", "STC", "BCĐ", "MTTQ"})


@cache
def _type_words() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for t in document_types():
        names[t.name] = t.name
        names.update(dict.fromkeys(t.aliases, t.name))
    names["văn bản"] = "công văn"
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in ordered) + r")(?!\w)"), names


@cache
def _bare_pattern() -> re.Pattern[str]:
    names = [n for t in document_types() if t.bare for n in (t.name, *t.aliases)]
    ordered = "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in sorted(names, key=len, reverse=True))
    others = "kế\\s+hoạch|thông\\s+báo|chương\\s+trình|quy\\s+định|văn\\s+bản|báo\\s+cáo|tờ\\s+trình|hướng\\s+dẫn|luật"
    figure = r"(?P<no>\d{1,5}[a-z]?(?:/(?:19|20)\d\d)?)(?P<more>(?:\s*(?:,|và)\s*\d{1,4}[a-z]?(?![\w%/.-]))*)"
    stop = r"(?![\w%]|[./,-]\d|\s?/|\s?-\s?[a-zđ\d]|\s+(?:nội\s+dung|điểm|nhóm|nhiệm\s+vụ|giải\s+pháp|triệu|tỷ|tỉ|nghìn|ngàn|năm(?!\s+\d)|tháng|ngày|người|cán|dự|xã|huyện|tỉnh|phường|quận|thành|đơn|hộ|chỉ|tiêu|lần|đồng|ha|m2|km|lĩnh|loại|khu|vị|mức|công|cơ|bộ|sở|ban)(?!\w))"
    return re.compile(
        rf"(?<!\w)(?:(?P<type>{ordered})(?:\s+(?:khẩn|hỏa\s+tốc|hoả\s+tốc))?(?:\s+(?:của\s+)?(?:sai\s+phạm|thanh\s+tra|kiểm\s+tra|về|đất\s+đai)(?:\s+[^\W\d_]+){{0,3}})?(?:\s+số:?)?|(?P<type2>{others})(?:\s+số):?)\s+{figure}{stop}"
    )


_DATE_AFTER = re.compile(
    r"^\s{0,2}[,;]?\s{0,2}\(?(?:(?:do|được)\s[^.;\n\d]{3,70}?\s(?=ký|ban hành|thông qua|biểu quyết))?(?:(?:được\s+)?(?:ký|ban hành|ra|đề|lập|thông qua|biểu quyết)\s+)?(?:ngày\s+)(?P<d>\d{1,2})(?:\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})|\s*tháng\s+(?P<m2>\d{1,2})\s*,?\s+năm\s+(?P<y2>\d{4}))"
)
_DATE_BEFORE = re.compile(
    r"(?<!\w)(?:ngày\s+)?(?P<d>\d{1,2})(?:\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})|\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4}))\s*,?\s*(?P<who>[^.;\n]{2,110}?)\s(?:vừa\s+|đã\s+|có\s+|chính thức\s+|ký\s+|trình\s+)*(?:ban hành|ký|thông qua|phê duyệt|có|công bố|ra|gửi)\s[^.;\n]{0,60}$"
)
_HEAD_GOES_ON = re.compile(r"\n(?:(?P<level>tỉnh|thành phố|huyện|xã|phường) |(?=chính phủ))", re.I)
_LINE_END = re.compile(r"[ *]*(?:\n|$|-{3,}|CỘNG|Cộng)")
_HEADER_DATE = re.compile(r"[^\n]{2,40},\s*ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})")

_SIGNER = compile_pattern(
    r"(?:Chủ tịch|Phó Chủ tịch|Bí thư|Phó Bí thư|Bộ trưởng|Thứ trưởng|Thủ tướng|Phó Thủ tướng|Giám đốc|Phó Giám đốc|Chánh Văn phòng|Quyền Chủ tịch|[Cc]ục trưởng|Trưởng [Bb]an)(?:[^.;\n\d]{0,60}?)\s(?P<name>[\p{Lu}][^\W\d_]+(?: [\p{Lu}][^\W\d_]+){1,4})\s+(?:vừa\s+|đã\s+|mới\s+|thay mặt\s+)*ký(?!\w)"
)
_SIGNED_BY = compile_pattern(r"do\s+(?:ông|bà|đồng chí|đ/c)?\s?[^.;\n\d]{0,60}?(?P<name>[\p{Lu}][^\W\d_]+(?: [\p{Lu}][^\W\d_]+){1,4})[^.;\n]{0,50}?\ský(?!\w)")
_LISTED = re.compile(r"\s*(?:ngày\s[\d/.-]{6,12}\s*)?(?:,|;|và|,\s*và)\s*(?:[^\W\d_]+\s+){0,3}?(?:số\s*:?\s*)?")
_CONCLUDES = re.compile(r"(?<!\w)(?:đã|vừa|sẽ|chưa|mới|cũng|đều)\s+$")
_YEAR_AFTER = re.compile(r"\s*(?:/|năm\s+)((?:19|20)\d\d)(?!\d)")

_HEADS = "về việc|v/v|về|quy định|phê duyệt|ban hành|hướng dẫn|sửa đổi|triển khai|thực hiện|tăng cường|công bố|thành lập"
_SUBJECT = re.compile(rf'^(?:\s*,?\s*năm \d{{4}})?[\s,("]{{0,4}}(?:gửi\s[^.;\n]{{3,90}}?\s)?(?P<subject>(?:{_HEADS})\s[^.;\n"]{{8,240}})')
_SUBJECT_END = re.compile(
    r"\s*(?:[?(:]|,?\s(?:như sau|nêu rõ|nêu trên|bao gồm|ra sao|như thế nào|thế nào|là gì|TẢI VỀ|cũng đã|đã yêu cầu|đã nêu|cho biết|trong đó|theo đó|có hiệu lực|đang|do)(?!\w)"
    r"|(?:,| và)\s(?:các\s)?(?:văn bản|Luật|Nghị định|Nghị quyết|Thông tư|Quyết định|Công văn|Chỉ thị|Kế hoạch)\s(?=số|hướng dẫn|\d|và|có)).*$",
    re.S,
)
_CONTENT = re.compile(r"(?:điều|khoản|điểm|mục|phần|phụ lục|chương)\s[^.;\n]{0,40}$")
"""Left of a document whose article is quoted: what it "quy định" there is no subject of the whole."""
_NO_DOCUMENT = re.compile(r"(?:(?<!\w)(?:mẫu|biểu|biểu mẫu|phụ lục|hình|bảng|đề)\s*(?:số)?\s*|qcvn\s[^.;\n]{0,10})$")

_LABEL = re.compile(r"(?:số\s*/?\s*(?:và\s*)?(?:ký|kí)\s*hiệu(?:\s*văn\s*bản)?|số\s*(?:hiệu|văn\s*bản))[\s:|*]*$")
_LABELLED = {
    "issuer": re.compile(r"(?:cơ\s*quan|đơn\s*vị|nơi)\s*ban\s*hành[\s:|*]+(?P<v>[^\n|]{3,120})"),
    "signer": re.compile(r"người\s*(?:ký|kí)(?:\s*(?:ban\s*hành|duyệt|văn\s*bản))?[\s:|*]+(?P<v>[^\n|]{3,60})"),
    "date": re.compile(r"ngày\s*(?:ban\s*hành|ký|văn\s*bản)[\s:|*]+(?P<v>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"),
    "subject": re.compile(r"(?:trích\s*yếu(?:\s*nội\s*dung)?|tên\s*văn\s*bản)[\s:|*]+(?P<v>[^\n|]{8,300})"),
}
"""A register's lines beside the number ("Người ký: …"), as portals show a document's properties."""
_REGISTER = 900

_ISSUED_BY = {"UBTVQH": ("thường vụ",), "QH": ("quốc hội",), "CP": ("chính phủ",), "TTG": ("thủ tướng",), "UBND": ("ubnd", "nhân dân", "chủ tịch"), "HĐND": ("hđnd", "nhân dân", "thường trực")}
"""Signs of bodies, and the words of which an issuer's name has one: another body is not the issuer."""


def find_documents(reading: Reading) -> list[Mention]:
    """The documents a text names by number, mention by mention, in text order.

    What one mention tells (date, issuer, signer, the full number of a short name) all mentions of
    the same document are given.
    """
    plain = reading.plain
    mentions = [*_signed(plain), *_standards(plain)]
    taken = Spans((m.start, m.end) for m in mentions)
    mentions += [m for m in _bare(reading) if not taken.overlap(m.start, m.end)]
    mentions.sort(key=lambda m: m.start)
    for mention in mentions:
        _describe(mention, plain)
    _share_issuers(mentions, reading.lower)
    _header(mentions, plain)
    _labelled(mentions, reading)
    _resolve_short(mentions, plain)
    _share(mentions)
    return mentions


def _signed(plain: str) -> list[Mention]:
    found: list[Mention] = []
    for m in _SIGNED.finditer(plain):
        parts = [p for p in re.split(r"[\s/.&-]+", m["sign"]) if p]
        left = plain[max(0, m.start() - 24) : m.start()]
        if not _is_sign(parts, bool(m["year"]), left) or _NO_DOCUMENT.search(left.lower()):
            continue
        number = re.sub(r"\s+", "", m.group())
        found.append(Mention(m.start(), m.end(), "signed", number, _type_of(parts, plain, m.start())))
    return found


def _is_sign(parts: list[str], has_year: bool, left: str) -> bool:
    known = [p for p in parts if p.upper() in _by_sign() or p.upper() in _bodies() or re.fullmatch(r"(?:QH|UBTVQH|HĐND|NQTW)\d*", p)]
    capital = sum(c.isupper() for c in "".join(parts))
    if any(len(p) > 2 and p[1:].islower() for p in parts if p.upper() not in _by_sign() and p.upper() not in _bodies()):
        return False
    if known and capital >= 2:
        return True
    named = re.search(r"(?:số|văn bản|công văn|quyết định|nghị quyết|chỉ thị|thông báo|kế hoạch|báo cáo|kết luận|công điện|tờ trình|hướng dẫn)\s*:?\s*(?:số\s*:?\s*)?$", left.lower())
    return bool(named) and capital >= 2 and (has_year or any(len(p) >= 2 for p in parts))


def type_word(lower: str, at: int) -> int | None:
    """Where the word begins that tells the type of the document whose number stands at `at`."""
    pattern, _ = _type_words()
    begin = max(0, at - 90)
    left = re.split(r"[.;\n]", lower[begin:at])[-1]
    words = list(pattern.finditer(left))
    return at - len(left) + words[-1].start() if words else None


def _type_of(parts: list[str], plain: str, at: int) -> str | None:
    """The type: the word before the number decides ("Quy định số 96-QĐ/TW"), else the sign."""
    by_sign = next((_by_sign()[p.upper()] for p in parts if p.upper() in _by_sign()), None)
    pattern, names = _type_words()
    line = plain[max(0, at - 90) : at]
    left = re.split(r"[.;\n]", line)[-1].lower()
    words = [(m.end(), names[re.sub(r"\s+", " ", m.group())]) for m in pattern.finditer(left)]
    if words:
        end, name = words[-1]
        gap = left[end:]
        near = re.fullmatch(r"\s*(?:khẩn|hỏa tốc|hoả tốc)?\s*(?:số)?\s*:?\s*", gap) is not None
        if near and name != "công văn":
            return name
        if near and (by_sign is None or parts[0].upper() in _bodies()):
            return "công văn"  # "văn bản số 4718/UBND-DA": what follows a body is a department's sign
        if by_sign is None and any(p.startswith(("QH", "UBTVQH")) for p in parts):
            law = [n for _, n in words if n in ("luật", "nghị quyết", "pháp lệnh")]
            return law[-1] if law else None
    if by_sign:
        return by_sign
    if any(re.fullmatch(r"QH\d+|UBTVQH\d+", p) for p in parts):
        return None
    return "công văn"


def _standards(plain: str) -> list[Mention]:
    return [
        Mention(m.start(), m.end(), "standard", re.sub(r"\s+", "", m.group()), "quy chuẩn" if m["sign"] == "QCVN" else "tiêu chuẩn")
        for m in _STANDARD.finditer(plain)
    ]


def _bare(reading: Reading) -> list[Mention]:
    """ "Nghị quyết 68", "Nghị quyết 01, 02 của Chính phủ", "Quyết định số 1719"."""
    _, names = _type_words()
    found: list[Mention] = []
    for m in _bare_pattern().finditer(reading.lower):
        kind = names[re.sub(r"\s+", " ", m["type"] or m["type2"])]
        if re.fullmatch(r"(?:19|20)\d\d", m["no"]) and "số" not in m.group():
            continue
        if kind == "kết luận" and "số" not in m.group() and _CONCLUDES.search(reading.lower, max(0, m.start() - 12), m.start()):
            continue  # who "kết luận 12 con lợn bị bệnh" names no document
        found.append(Mention(m.start("no"), m.end("no"), "bare", m["no"], kind))
        for extra in re.finditer(r"\d+[a-z]?", m["more"]):
            at = m.start("more") + extra.start()
            found.append(Mention(at, at + len(extra.group()), "bare", extra.group(), kind))
    return found


def _day(m: re.Match[str]) -> date | None:
    groups = m.groupdict()
    return _valid_day(int(groups.get("y") or groups["y2"]), int(groups.get("m") or groups["m2"]), int(groups["d"]))


def _valid_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _describe(mention: Mention, plain: str) -> None:
    """Date, issuer, signer and subject from the words around one mention."""
    right = plain[mention.end : mention.end + 320]
    line_start = plain.rfind("\n", 0, mention.start) + 1
    left = re.split(r"(?<=[a-zà-ỹ)])[.;]\s", plain[max(line_start, mention.start - 300) : mention.start])[-1]
    after = _DATE_AFTER.match(right.lower())
    rest = right
    if after:
        mention.date = _day(after)
        rest = right[after.end() :]
    body = body_after(rest)
    issuer = body or body_before(left)
    if issuer and may_issue(issuer.name, mention.number):
        mention.issuer = issuer.name
    if body and mention.date is None and (later := _DATE_AFTER.match(rest[body.end :].lower())):
        mention.date = _day(later)
    signer = _SIGNER.search(left) or _SIGNED_BY.search(right[:160])
    if signer:
        mention.signer = signer["name"]
    before = _DATE_BEFORE.search(left.lower()) if mention.date is None else None
    if before:
        mention.date = _day(before)
    if mention.rule == "signed":
        mention.subject = _subject(rest[body.end :] if body else rest, left, known=bool(body or after))


def _share_issuers(mentions: list[Mention], lower: str) -> None:
    """Gives the issuer named after the last of a list to all of it ("Công điện 12/CĐ-TTg và 15/CĐ-TTg của Thủ tướng")."""
    for mention, following in reversed(list(pairwise(mentions))):
        if mention.issuer is None and following.issuer and _LISTED.fullmatch(lower, mention.end, following.start):
            mention.issuer = following.issuer if may_issue(following.issuer, mention.number) else None


def may_issue(issuer: str, number: str | None) -> bool:
    """Whether the signs in the number allow that body: an NĐ-CP is the Government's."""
    signs = re.findall(r"[^\W\d_]+", (number or "").upper())
    return all(any(word in issuer.lower() for word in words) for sign, words in _ISSUED_BY.items() if sign in signs)


def _subject(right: str, left: str, known: bool) -> str | None:
    """What a document is about, from the words right of its number, day and issuer (`known` if they stand there)."""
    found = _SUBJECT.match(right)
    if found is None:
        return None
    words = " ".join(found["subject"].split())
    if (_CONTENT.search(left.lower()) and not known) or (words.startswith(("quy định", "hướng dẫn")) and " như sau" in words):
        return None
    words = _SUBJECT_END.sub("", words).strip(" ,-")
    return words if len(words) > 12 else None


_HEAD = 1500
"""Characters in which the head of a document stands, under a portal's title and menus."""


def _header(mentions: list[Mention], plain: str) -> None:
    """The document that a text is: "Số: 172/KH-UBND" in its head, its day and body beside it."""
    first = next((m for m in mentions if m.start < _HEAD and re.search(r"S[ốỐ]\s*:\s*$", plain[max(0, m.start - 8) : m.start])), None)
    if first is None:
        return
    day = _HEADER_DATE.search(plain[max(0, first.start - 200) : first.end + 300])
    if day and first.date is None:
        first.date = _day(day)
    if first.issuer is None:
        first.issuer = _head_body(plain[: first.start], first.number) or _head_body(plain[first.end : first.end + 700], first.number)


def _head_body(head: str, number: str | None) -> str | None:
    """The body that has a line of a document's head to itself, its place perhaps on the next line."""
    joined = _HEAD_GOES_ON.sub(lambda m: f" {m['level'].lower()} " if m["level"] else " ", head)
    for line in re.finditer(r"^[ *]*(?=\S)", joined, re.M):
        body = body_at(joined, line.end())
        if body and may_issue(body.name, number) and _LINE_END.match(joined, body.end):
            return recase(body.name)
    return None


def _labelled(mentions: list[Mention], reading: Reading) -> None:
    """What a register's lines beside the number tell of the document."""
    lower = reading.lower
    for mention in mentions:
        if mention.rule != "signed" or not _LABEL.search(lower, max(0, mention.start - 40), mention.start):
            continue
        for name, pattern in _LABELLED.items():
            found = pattern.search(lower, mention.end, mention.end + _REGISTER) or pattern.search(lower, max(0, mention.start - _REGISTER), mention.start)
            if found is None or (name != "date" and getattr(mention, name) is not None):
                continue
            value = " ".join(reading.plain[found.start("v") : found.end("v")].split()).strip(" *:")
            if name == "date":
                day, month, year = map(int, re.split(r"[/.-]", value))
                mention.date = _valid_day(year, month, day) or mention.date
            elif value:
                setattr(mention, name, value)


def _resolve_short(mentions: list[Mention], plain: str) -> None:
    """ "Nghị quyết 19" counts under the full number that the text gives elsewhere."""
    full: dict[str, dict[str, Mention]] = {}
    for m in mentions:
        if m.rule == "signed" and m.number:
            for end in re.finditer(r"[/-]", m.number):
                short_form = m.number[: end.start()].lstrip("0")
                for key in {short_form, re.sub(r"(?<=\d)[a-z]$", "", short_form)}:
                    full.setdefault(key, {}).setdefault(m.number, m)
    for short in mentions:
        if short.rule != "bare" or not short.number:
            continue
        named = full.get(short.number.lstrip("0") or "0", {})
        year = _YEAR_AFTER.match(plain, short.end)
        same = [f for f in named.values() if (f.type == short.type or f.type is None) and _of_year(f, year and year[1])]
        numbers = {f.number for f in same}
        if len(numbers) == 1:
            short.number, short.type = same[0].number, same[0].type or short.type


def _of_year(full: Mention, year: str | None) -> bool:
    """Whether a document may be of that year: its number names none or this one."""
    own = re.search(r"/((?:19|20)\d\d)/", full.number or "")
    return year is None or own is None or own[1] == year


def _share(mentions: list[Mention]) -> None:
    """Gives each mention of a document what any of them tells."""
    by_number: dict[str, list[Mention]] = {}
    for m in mentions:
        if m.number:
            by_number.setdefault(m.number, []).append(m)
    for group in by_number.values():
        for name in ("type", "date", "issuer", "signer", "subject"):
            known = [getattr(m, name) for m in group if getattr(m, name) is not None]
            if known:
                for m in group:
                    if getattr(m, name) is None:
                        setattr(m, name, known[0])
