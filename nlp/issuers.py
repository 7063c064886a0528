"""Who issued a document: bodies as they are named beside it, from the table of agencies or by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import tables
from chitieu.nlp.places import place_names
from chitieu.nlp.text import compile_pattern, old_tones


@dataclass(frozen=True, slots=True)
class Body:
    """A body named in a text: offsets into what was searched, and its name with plain blanks."""

    start: int
    end: int
    name: str


_LOWER_TOO = ("chính phủ", "thủ tướng chính phủ", "thủ tướng", "quốc hội", "bộ chính trị", "ban bí thư", "văn phòng chính phủ")
"""Bodies that are known even where no letter of theirs is a capital."""
_FORMS = (
    "UBND", "HĐND", "Ủy ban nhân dân", "Uỷ ban nhân dân", "Hội đồng nhân dân", "Ủy ban MTTQ", "Ban Chỉ đạo", "Ban chỉ đạo", "Tỉnh ủy", "Tỉnh uỷ",
    "Thành ủy", "Thành uỷ", "Huyện ủy", "Huyện uỷ", "Thị ủy", "Quận ủy", "Đảng ủy", "Đảng uỷ", "Chủ tịch nước", "Ủy ban Thường vụ Quốc hội", "Ủy ban thường vụ Quốc hội",
    "Uỷ ban Thường vụ Quốc hội", "Trung ương", "Thanh tra", "Thanh tra nhà nước", "Văn phòng", "Thường trực HĐND",
)  # fmt: skip
_TITLES = re.compile(
    r"(?:(?:Quyền |Phó )?(?:Chủ tịch|Bí thư|Giám đốc|Thống đốc|Chủ nhiệm|Tổng Thanh tra|Chánh Văn phòng|Bộ trưởng|Viện trưởng|(?:Tổng )?[Cc]ục trưởng|Trưởng [Bb]an|Chánh án|Tổng Giám đốc)|Thứ trưởng|Bộ trưởng, Chủ nhiệm|(?:[Bb]an Thường vụ|Thường trực|BTV)|[Ll]ãnh đạo)\s+"
)
_LOWER_FIRST = ("chính", "thủ", "quốc", "bộ", "sở", "cục", "lãnh", "ban")
_STRIPPED = re.compile(r"^(?:[Ll]ãnh đạo|(?:Phó )?Chủ tịch (?=UBND|HĐND|Ủy ban|Uỷ ban|Hội đồng)|Phó (?:Chủ tịch|Giám đốc|Bí thư|Tổng Giám đốc|Thống đốc|(?:Tổng )?[Cc]ục trưởng|Trưởng [Bb]an)|Phó (?=[Tt]hủ tướng)|Thứ trưởng)\s*")
_GENERIC = compile_pattern(
    r"(?:Bộ|bộ|Sở|sở|Ban|Cục|cục|Tổng cục|Chi cục|Ủy ban|Uỷ ban|Viện|Hội đồng|Tổng công ty|Tập đoàn|Kiểm toán|Kho bạc|Liên đoàn|Tổng Liên đoàn|Thanh tra|Công an|Phòng|Trung tâm|Bảo hiểm|Học viện|Cảng vụ|Tòa án|Toà án)"
    r" [\p{Lu}][^\W\d_]*(?:(?:, | & | và | - | )[\p{Lu}&][^\W\d_]*|(?: [^\W\d_]+){1,4}?(?=\s*(?:[,.;:()\n]|về|quy định|hướng dẫn|ban hành|sửa đổi|phê duyệt|đã|vừa|ngày|trong|$))){0,5}"
)
_LEVEL = re.compile(r",?\s+(?:của\s+)?(?P<level>[Tt]ỉnh|[Tt]hành phố|TP\.?|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu)(?!\w)\.?")
_ENDS_IN_LEVEL = re.compile(r"(?:tỉnh|thành phố|TP\.?|huyện|thị xã|quận|xã|phường|thị trấn)$")
_PARTS = re.compile(r"(?:Thanh tra|Văn phòng|Ban Cán sự [Đđ]ảng|Đảng [ủu][yỷ])$")
_CAPITALS = compile_pattern(r"\s?[\p{Lu}][^\W\d_]*(?: (?:- )?[\p{Lu}][^\W\d_]*){0,4}")
_TERM = re.compile(r"(?: Đảng)?(?: [Kk]h[oó][áa] [XVI]+)(?!\w)")
_WORD = re.compile(r"[^\W\d_]+|&")


@cache
def _by_first() -> dict[str, tuple[str, ...]]:
    """Names of bodies in lower case, by their first word, longest first."""
    names = {f.lower() for f in _table_names(groups=False) if f[:1].isupper() and len(f) > 2}
    return _longest_first(names | set(_LOWER_TOO) | {f.lower() for f in _FORMS})


@cache
def _groups_by_first() -> dict[str, tuple[str, ...]]:
    """Names of groups of bodies ("các sở, ngành"), in the same way."""
    return _longest_first({f.lower() for f in _table_names(groups=True)})


def _table_names(*, groups: bool) -> Iterator[str]:
    """The names and aliases of the bodies in the table, or those of groups of bodies."""
    for row in tables.read_csv("agencies.csv"):
        if (row["kind"] == "group") == groups and row["kind"] != "kind":
            yield from filter(None, (f.strip() for f in (row["name"], *(row["aliases"] or "").split(";"))))


def _longest_first(names: set[str]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for name in names:
        first = _WORD.match(name)
        if first:
            grouped.setdefault(first.group(), []).append(name)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in grouped.items()}


def body_at(plain: str, at: int) -> Body | None:
    """The body whose name begins at `at`, with its place ("UBND tỉnh Lào Cai"), or None."""
    title = _TITLES.match(plain, at)
    begin = title.end() if title else at
    end = _named(plain, at) or _named(plain, begin) or (m.end() if (m := _GENERIC.match(plain, begin)) else None)
    if end is None:
        return None
    end = _with_place(plain, end)
    name = _STRIPPED.sub("", " ".join(plain[at:end].split()))
    return Body(at, end, name) if name else None


def _named(plain: str, at: int) -> int | None:
    return next((end for end, name in _names(plain, at, _by_first()) if plain[at:end] != name or name in _LOWER_TOO), None)


def _names(text: str, at: int, known: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """The known names that begin at `at`, in whatever case: their ends and the names in lower case, the longest first."""
    first = _WORD.match(text, at)
    if first is None:
        return
    for name in known.get(first.group().lower(), ()):
        end = at + len(name)
        if text[at:end].lower() == name and not text[end : end + 1].isalnum():
            yield end, name


def _with_place(plain: str, end: int) -> int:
    """Where the name ends with the level and the place after it, or with the body it is part of."""
    if _PARTS.search(plain, max(0, end - 14), end) and (whole := _named(plain, end + 1)):
        end = whole
    if term := _TERM.match(plain, end):
        return term.end()
    level = _LEVEL.match(plain, end)
    at = level.end() if level else end
    of = level["level"] if level else (m.group() if (m := _ENDS_IN_LEVEL.search(plain, max(0, end - 12), end)) else "")
    capitals = _CAPITALS.match(plain, at)
    if capitals is None:
        return at if level else end
    words = capitals.group().split(" ")
    for n in range(len(words), 0, -1):
        stretch = " ".join(words[:n])
        name = old_tones(stretch.strip())
        if place_names() & {name, f"{of} {name}", f"{of.lower()} {name}"}:
            return at + len(stretch)
    # No table has all communes; a person's name after it has three syllables or more.
    most = 3 if words[0] == "" else 2
    if of and (len(words) <= most or not of.lower().startswith(("tỉnh", "thành phố", "tp"))):
        return at + len(" ".join(words[:most]))
    return at if level else end


_NEXT = re.compile(r"\s?\(?(?=\S)")
_OF = re.compile(r"(?:\s*(?:,|và)\s*\d{1,4}[a-z]?(?!\w))*(?:\s*\([^()\n]{0,40}\))?(?:\s+(?:năm\s+\d{4}|mới|mới nhất|nói trên|nêu trên|này|kho[áa]\s+[XVI]+|sửa đổi))?,?\s+của\s+")


def body_after(rest: str) -> Body | None:
    """The body named right after a document ("… của Chính phủ", "… (Bộ Y tế)")."""
    near = _NEXT.match(rest)
    if near and (body := body_at(rest, near.end())):
        return body
    of = _OF.match(rest)
    return body_at(rest, of.end()) if of else None


_OPEN = re.compile(r"\([^()]*$")
_ISSUES = re.compile(
    r"(?<!\w)(?:ký\s+ban\s+hành|ban\s+hành|ký|có|thông\s+qua|phê\s+duyệt|ra|công\s+bố|gửi|phát\s+đi|phát\s+hành)\s+(?=[^.;\n]{0,50}$)"
)
_UNSURE = re.compile(r"(?<!\w)(?:sẽ|phải|cần|nên|nếu|chưa|không|đề nghị|yêu cầu|trình|tham mưu|giúp|kiến nghị|đề xuất|để|khi|giao|nơi|đợi|được)(?!\w)")


def body_before(left: str) -> Body | None:
    """The body that is said to have issued what `left` ends before ("UBND tỉnh vừa ban hành …")."""
    issued = None
    for issued in _ISSUES.finditer(left, max(0, len(left) - 70)):
        pass
    if issued is None:
        return None
    last: Body | None = None
    for word in _WORD.finditer(left, max(0, issued.start() - 160), issued.start()):
        if last is not None and (word.start() < last.end or _OPEN.search(left, last.end, word.start())):
            continue
        if word.group()[0].isupper() or word.group() in _LOWER_FIRST:
            body = body_at(left, word.start())
            last = body if body and body.end <= issued.start() else last
    if last is None:
        return None
    between = left[last.end : issued.start()].lower()
    return None if _UNSURE.search(between) or len(between) > 90 else last


def known_body(lower: str, at: int) -> int | None:
    """The end of the longest known name of a body that begins at `at` in a text in lower case."""
    return next((end for end, _ in _names(lower, at, _by_first())), None)


def known_group(lower: str, at: int) -> int | None:
    """The end of the longest name of a group of bodies ("các sở, ngành") that begins at `at` in a text in lower case."""
    return next((end for end, _ in _names(lower, at, _groups_by_first())), None)
