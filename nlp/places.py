"""Places: which provinces, districts and wider areas a text names, and which one it is about.

Names come from `data/places.csv`. Records carry a place as short as it stays clear ("Lào Cai",
"huyện Na Rì", "cả nước"); whether a figure of 2023 belongs to the old or the new Lào Cai is the
warehouse's to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from chitieu.nlp import tables
from chitieu.nlp.text import Reading, Spans, compile_pattern, old_tones

PROVINCIAL = ("province", "municipality")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the tables know it: `name` is what records say, `province` the one it lies in."""

    name: str
    kind: str
    province: str | None


@dataclass(slots=True)
class Named:
    """One naming of a place in a text, with plain offsets."""

    start: int
    end: int
    name: str
    kind: str
    province: str | None


@cache
def _tables() -> tuple[dict[str, Place], dict[str, Place], dict[str, str]]:
    """Forms of provinces, wider areas and towns, full forms of districts, marks of provincial papers."""
    rows = tables.read_csv("places.csv")
    by_id = {r["id"]: r for r in rows}
    wide: dict[str, Place] = {}
    districts: dict[str, Place] = {}
    marks: dict[str, str] = {}
    for r in rows:
        forms = [r["name"], r["full_name"], *(a.strip() for a in r["aliases"].split(";"))]
        for mark in r.get("press_marks", "").split(";"):
            if mark.strip():
                marks[mark.strip()] = _short(r)
        if r["kind"] in ("country", "region", "area", *PROVINCIAL):
            province = _short(r) if r["kind"] in PROVINCIAL else None
            place = Place(_short(r), r["kind"], province)
            for form in forms:
                if form and form not in wide:
                    wide[form] = place
        else:
            parent = by_id.get(r["parent"])
            province = _short(parent) if parent and parent["kind"] in PROVINCIAL else None
            if r["full_name"] in districts and districts[r["full_name"]].province != province:
                province = None  # a name that several provinces have
            districts[r["full_name"]] = Place(r["full_name"], r["kind"], province)
    for r in rows:  # towns are named without their level: "Nha Trang"; districts seldom are
        if r["kind"] in ("city", "special-zone") and " " in r["name"] and r["name"] not in wide:
            wide[r["name"]] = Place(r["name"], "district", districts[r["full_name"]].province)
    return wide, districts, marks


def _short(row: dict[str, str]) -> str:
    return "TP. HCM" if row["name"] == "Hồ Chí Minh" else row["name"]


@cache
def _wide_pattern() -> re.Pattern[str]:
    wide, _, _ = _tables()
    forms = sorted((f for f in wide if len(f) > 2), key=len, reverse=True)
    return re.compile(r"(?<![\w])(?:(?:tỉnh|thành phố|TP\.?|vùng|khu vực)\s+)?(?P<name>" + "|".join(re.escape(f).replace(r"\ ", r"\s+") for f in forms) + r")(?!\w)")


_LOCAL = compile_pattern(
    r"(?<!\w)(?P<level>[Hh]uyện(?: đảo)?|[Tt]hị xã|TX\.?|[Qq]uận|[Tt]hị trấn|[Xx]ã|[Pp]hường|[Đđ]ặc khu|[Tt]hành phố|TP\.?)\s+(?P<name>(?:(?<=[Qq]uận )|(?<=[Pp]hường ))\d{1,2}(?!\w|[.,]\d|\s?%)|[\p{Lu}][\w'’]*(?:[ -][\p{Lu}][\w'’]*){0,3})"
)
_OF_A_PERSON = re.compile(r"(?:[Cc]hủ tịch|[Bb]í thư|[Cc]ông chức|[Cc]án bộ|[Tt]rưởng [^\W\d_]+)(?: UBND| HĐND| Đảng ủy| Hội [^\W\d_]+ [^\W\d_]+)? $")
"""Before a level that belongs to somebody's office: "Chủ tịch xã Trần Văn Ất"."""
_LEVEL = re.compile(r"^(?:huyện đảo|huyện|thị xã|quận|thành phố|thị trấn|xã|phường|đặc khu) ")
_GROUP = re.compile(
    r"(?<!\w)(?:các|\d{1,2})\s+(?:tỉnh|huyện|xã|địa phương|quận|thôn|bản)(?:,\s+(?:thành phố|thị xã|phường|huyện|bản))?\s+(?:ven biển|nghèo|miền núi|biên giới|đồng bằng|vùng cao|đặc biệt khó khăn|khó khăn|hải đảo|vùng sâu|trung du|nông thôn mới|vùng đồng bào)(?!\w)"
)
"""Groups of places that figures are given for: "các huyện nghèo", "28 tỉnh, thành phố ven biển"."""
_CAPITALISED = r"[\p{Lu}][\w'’]*(?:[ -][\p{Lu}][\w'’]*){0,3}"
_NAME = compile_pattern(_CAPITALISED)
_LIST = compile_pattern(
    r"(?<!\w)(?:[Cc]ác|[Hh]ai|[Bb]a|[Bb]ốn|[Nn]ăm|[Ss]áu|[Nn]hững|\d{1,2})\s+(?P<level>xã|phường|thị trấn|huyện|quận|thị xã)\s+"
    rf"(?P<names>{_CAPITALISED}(?:(?:,|,? và) {_CAPITALISED})+)"
)
"""Several places of one level: "các xã Nam Sơn, Đạp Thanh và Đồn Đạc"."""
_CAPITALS = r"(?:[\p{Lu}][\w'’]*|(?:(?<=số )|(?<=đường ))\d{1,3}(?![\d.,]))(?:(?: - |[ -])[\p{Lu}\d][\w'’]*){0,5}"
_NO_SITES = "|".join(
    f"(?<={first} ){second}"
    for first, second in map(
        str.split,
        "yêu cầu|Yêu cầu|nhu cầu|toàn cầu|văn bản|Văn bản|cơ bản|kịch bản|phiên bản|ấn bản|biên bản|nông thôn|thị trường|môi trường|nông trường|lâm trường|công trường|hội trường|quảng trường|hiện trường|ngư trường|trực tuyến|đồng hồ".split("|"),
    )
)
"""Words of two syllables whose second one heads a site when it stands alone: "yêu cầu | Sở Y tế" is no bridge."""
_SITE = compile_pattern(
    rf"(?<![\w-])(?!{_NO_SITES})"
    r"(?:(?P<site>[Ss]ân bay|[Cc]ảng hàng không(?: quốc tế)?|[Cc]ảng(?: biển| cá)?|[Kk]hu công nghiệp|KCN|[Cc]ụm công nghiệp|[Kk]hu kinh tế|KKT|[Kk]hu tái định cư|[Cc]ửa khẩu(?: quốc tế| quốc gia)?|[Kk]hu đô thị(?: mới)?|KĐT"
    r"|[Kk]hu du lịch|[Bb]ản|[Tt]hôn|[Ấấ]p|[Bb]uôn|[Bb]on|[Ll]àng|[Cc]ầu|hồ|Hồ (?:chứa|thuỷ điện|thủy điện)|[Vv]ườn quốc gia|[Cc]ao tốc|[Nn]hà máy(?: [^\W\d_\p{Lu}]+){0,4}|[Tt]huỷ điện|[Tt]hủy điện|[Mm]ỏ(?: [^\W\d_\p{Lu}]+){0,2}"
    r"|[Tt]rường(?: [^\W\d_\p{Lu}]+){0,2}|[Bb]ệnh viện(?: [^\W\d_\p{Lu}]+){0,3}|[Tt]uyến(?: [^\W\d_\p{Lu}]+){0,3})"
    r"|(?P<company>[Cc]ông ty(?: (?:[^\W\d_\p{Lu}]+|Cổ phần)){0,3}|[Tt]ổng công ty(?: [^\W\d_\p{Lu}]+){0,2}|[Tt]ập đoàn|[Nn]gân hàng|[Hh]ợp tác xã|HTX|[Nn]hà xuất bản))\s+(?:" + _CAPITALS + ")"
    r"|(?<![\w-])(?<!cầu )(?<![Gg]iao )(?<!nghị )(?<!đạo )"
    r"(?P<body>(?:Bộ|Sở|Cục|Tổng cục|Ban Quản lý|Kho bạc|Quỹ) [\p{Lu}]\w* \w+(?:(?:,| và| -) [\p{Lu}]\w+ \w+){0,3})"
)
"""Sites, companies and bodies that figures are given for as for a place; a body that is told to act is none."""
_PRESS_MARK = re.compile(r"^\s*(?:\(?(?P<mark>[A-ZĐ]{3,6})\)?)\s*[-–]\s", re.M)
_PERSON_BEFORE = re.compile(r"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Đđ]ồng chí|[Cc]ô|[Ee]m|[Cc]háu|TS|Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Phan)\s+$")
_PROVINCIAL_OFFICE = re.compile(r"(?:UBND tỉnh|HĐND tỉnh|[Tt]ỉnh [ủu][yỷ]|UBND thành phố|UBND TP|của tỉnh|trong tỉnh|toàn tỉnh|địa bàn tỉnh|Đảng bộ tỉnh)")
_NATIONAL = re.compile(r"(?:[Cc]ả nước|[Tt]oàn quốc|Quốc hội|Chính phủ|Thủ tướng|[Tt]rong nước|Tổng cục|BHXH Việt Nam|Bảo hiểm xã hội Việt Nam|[Tt]oàn ngành|63 tỉnh|Bộ trưởng|Thứ trưởng)")
_OF_THE_NATION = re.compile(r"Chiến lược|Việt Nam|Nghị quyết \d+/\d{4}/QH|QĐ-TTg|NQ-CP")
"""What at the head of a text says that it is about the whole country."""


@cache
def place_names() -> frozenset[str]:
    """Every form of a place in the table, districts also without their level ("Vũng Tàu")."""
    wide, districts, _ = _tables()
    return frozenset(wide) | frozenset(districts) | {_LEVEL.sub("", name) for name in districts}


def find_places(reading: Reading) -> list[Named]:
    """The places a text names, in text order, longest form first."""
    wide, districts, _ = _tables()
    found: list[Named] = []
    plain = old_tones(reading.plain)
    for m in _LOCAL.finditer(plain):
        level = {"TX": "thị xã", "TX.": "thị xã", "TP": "thành phố", "TP.": "thành phố"}.get(m["level"], m["level"].lower())
        name = re.sub(r"\s+", " ", m["name"])
        full = f"{level} {name}"
        if level == "thành phố" and full not in districts:
            continue  # a municipality, or one that the wide forms know
        place = districts.get(full)
        if place is None and name.count(" ") >= 2 and _OF_A_PERSON.search(plain[max(0, m.start() - 40) : m.start()]):
            continue
        if place is None:
            full, place = _longest_district(level, name, districts)
        found.append(Named(m.start(), m.start() + len(m.group()) - (len(name) - len(full.split(" ", len(level.split()))[-1])), full, "district" if level not in ("xã", "phường", "thị trấn") else "commune", place.province if place else None))
    taken = Spans((f.start, f.end) for f in found)
    written: dict[str, Counter[str]] = {}
    for m in _wide_pattern().finditer(plain):
        if taken.overlap(m.start(), m.end()):
            continue
        if _PERSON_BEFORE.search(plain[max(0, m.start("name") - 10) : m.start("name")]):
            continue
        form = re.sub(r"\s+", " ", m["name"])
        place = wide[form]
        written.setdefault(place.name, Counter())[form] += 1
        found.append(Named(m.start(), m.end(), place.name, place.kind, place.province))
    called = {name: _called(name, forms) for name, forms in written.items()}
    found = [replace(f, name=called.get(f.name, f.name)) for f in found]
    found.extend(Named(m.start(), m.end(), " ".join(m.group().split()), "group", None) for m in _GROUP.finditer(plain))
    found.extend(_listed(plain, found))
    found.extend(_named_again(plain, found))
    found.extend(_of_the_province(plain, found))
    found.extend(_located(plain, found))
    found.sort(key=lambda f: f.start)
    return found


def _called(name: str, forms: Counter[str]) -> str:
    """What a text calls a place: by its usual name where it says that, else by the form it uses most ("ĐBSCL", "TP. Hồ Chí Minh")."""
    if name in forms:
        return name
    form = max(forms, key=lambda form: (form not in _NICKNAMES, forms[form]))
    return f"TP. {form}" if form == "Hồ Chí Minh" else form


_NICKNAMES = frozenset(("Sài Gòn", "TP Sài Gòn", "miền Tây", "Miền Tây"))
"""Names that a text may use beside the proper one."""


def find_sites(reading: Reading) -> list[Named]:
    """Sites, companies and bodies by name, in text order: a figure may be theirs and not a place's."""
    return [Named(m.start(), m.end(), " ".join(m.group().split()), m.lastgroup or "site", None) for m in _SITE.finditer(reading.plain)]


def _listed(plain: str, found: list[Named]) -> list[Named]:
    """Places of a list that share their level: "các xã Nam Sơn, Đạp Thanh và Đồn Đạc"."""
    _, districts, _ = _tables()
    taken = Spans((f.start, f.end) for f in found)
    out: list[Named] = []
    for m in _LIST.finditer(plain):
        level = m["level"].lower()
        for name in _NAME.finditer(plain, m.start("names"), m.end("names")):
            if not taken.overlap(name.start(), name.end()):
                place = districts.get(f"{level} {name.group()}")
                out.append(Named(name.start(), name.end(), f"{level} {name.group()}", "commune" if level in ("xã", "phường", "thị trấn") else "district", place.province if place else None))
    return out


@cache
def _bare_districts() -> dict[str, tuple[re.Pattern[str], dict[str, Place]]]:
    """By province, its districts by their bare names of two syllables or more ("Ba Chẽ")."""
    _, districts, _ = _tables()
    by_province: dict[str, dict[str, Place]] = {}
    for name, place in districts.items():
        bare = _LEVEL.sub("", name)
        if place.province and bare != name and " " in bare and bare != place.province:
            by_province.setdefault(place.province, {}).setdefault(bare, place)
    return {
        province: (re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(bare, key=len, reverse=True))) + r")(?![\w-])"), bare)
        for province, bare in by_province.items()
    }


def _of_the_province(plain: str, found: list[Named]) -> Iterator[Named]:
    """Districts named without their level in a text about their province: "Ba Chẽ: 3 xã còn khó khăn"."""
    votes = Counter(f.province for f in found if f.province)
    province = max(votes, key=votes.__getitem__, default="")
    if province not in _bare_districts() or votes[province] * 2 < votes.total():
        return
    pattern, bare = _bare_districts()[province]
    taken = Spans((f.start, f.end) for f in found)
    for m in pattern.finditer(plain):
        if not taken.overlap(m.start(), m.end()) and not _PERSON_BEFORE.search(plain[max(0, m.start() - 10) : m.start()]):
            yield Named(m.start(), m.end(), bare[m.group()].name, "district", None)  # they follow from the province and do not speak for it


_LOCATED = compile_pattern(
    rf"(?<!\w)(?:(?:[Ởở]|[Tt]ại|[Ll]ên|[Xx]uống|[Ss]ang)\s+(?P<after>{_CAPITALISED})|(?P<before>{_CAPITALISED})\s+là\s+(?:một\s+|một\s+trong\s+\w+\s+)?(?:huyện|quận|thị\s+xã)(?!\w))"
)
"""Capitals where the words before or after say that a place is meant."""


@cache
def _lone_districts() -> dict[str, Place]:
    """Districts by bare names of two syllables or more that only one has."""
    wide, districts, _ = _tables()
    bare: dict[str, list[Place]] = {}
    for name, place in districts.items():
        bare.setdefault(_LEVEL.sub("", name), []).append(place)
    return {name: places[0] for name, places in bare.items() if len(places) == 1 and places[0].province and " " in name and name not in wide}


def _located(plain: str, found: list[Named]) -> Iterator[Named]:
    """Districts of any province named without their level where the words around say that a place is meant: "Ở Mường Nhé", "Vũ Quang là huyện …"."""
    alone = _lone_districts()
    taken = Spans((f.start, f.end) for f in found)
    for m in _LOCATED.finditer(plain):
        kind = m.lastgroup or ""
        words = m[kind].split(" ")
        parts = [words[:n] for n in range(len(words), 1, -1)] if kind == "after" else [words[n:] for n in range(len(words) - 1)]
        name = next((part for part in map(" ".join, parts) if part in alone), None)
        if name is None:
            continue
        start = m.start(kind) if kind == "after" else m.end(kind) - len(name)
        if not taken.overlap(start, start + len(name)):
            yield Named(start, start + len(name), alone[name].name, "district", None)


def _named_again(plain: str, found: list[Named]) -> Iterator[Named]:
    """Districts and communes that are named by their bare name beside the full one: "huyện Na Rì … Na Rì"."""
    full: dict[str, Named] = {}
    for named in found:
        bare = _LEVEL.sub("", named.name)
        if named.kind in ("district", "commune") and bare != named.name and " " in bare:
            full.setdefault(bare, named)
    if not full:
        return
    taken = Spans((f.start, f.end) for f in found)
    again = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(full, key=len, reverse=True))) + r")(?!\w)")
    for m in again.finditer(plain):
        named = full[m.group()]
        if not taken.overlap(m.start(), m.end()) and not _PERSON_BEFORE.search(plain[max(0, m.start() - 10) : m.start()]):
            yield Named(m.start(), m.end(), named.name, named.kind, named.province)


def _longest_district(level: str, name: str, districts: dict[str, Place]) -> tuple[str, Place | None]:
    """A known name at the head of a run of capitals ("Na Rì Hoàng Văn" has "Na Rì")."""
    parts = name.split(" ")
    for n in range(len(parts), 0, -1):
        full = f"{level} {' '.join(parts[:n])}"
        if full in districts:
            return full, districts[full]
    return f"{level} {name}", None


def main_place(reading: Reading, named: list[Named], given: str | None = None, end: int | None = None) -> str | None:
    """The place a text is about: the province named most (its head counts more), or the whole country.

    `given` (what the caller knows of the document) wins; only what stands before `end` (the teasers)
    is read. A text of a provincial office is about its province even where it names it once.
    """
    if given:
        return given
    _, _, marks = _tables()
    mark = _PRESS_MARK.search(reading.plain[:1500])
    votes: Counter[str] = Counter()
    areas: Counter[tuple[bool, str]] = Counter()
    titled: set[str] = set()
    if mark and mark["mark"] in marks:
        votes[marks[mark["mark"]]] += 3
    for n in named:
        weight = 4 if n.start < 120 else (2 if n.start < 700 else 1)
        if n.province:
            votes[n.province] += weight
            if n.start < 120:
                titled.add(n.province)
        elif n.kind in ("region", "area"):
            areas[(n.kind == "region", n.name)] += weight  # a region of the table rather than "miền Tây"
    plain = reading.plain[:end]
    offices = len(_PROVINCIAL_OFFICE.findall(plain))
    national = len(_NATIONAL.findall(plain)) + 3 * len(_NATIONAL.findall(plain[:300])) + 3 * len(_OF_THE_NATION.findall(plain[:300])) - offices
    if not votes:
        return "cả nước" if national > 0 else None
    best, score = votes.most_common(1)[0]
    total = sum(votes.values())
    if areas and len(votes) >= 3 and best not in titled and offices < 6 and 2 * areas.total() >= national:
        (whole, area), named_so = max(areas.items(), key=lambda item: (item[0][0], item[1]))
        if score < total * (0.65 if areas.total() >= 3 else 0.5) and (whole or named_so >= 3):
            return area
    if national > score * 1.5 and (score < 6 or score < total * 0.5):
        return "cả nước"
    if score < total * 0.3 and national > 0:
        return "cả nước"
    if len(votes) >= 3 and best not in titled and national > offices and national >= 5 and score < total * 0.5:
        return "cả nước"
    return next((n.name for n in named if n.province == best and n.kind in PROVINCIAL), best)
