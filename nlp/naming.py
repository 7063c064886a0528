"""Which words name a figure: the phrases that may be its indicator, and what speaks for each.

Candidates are phrases left of a figure in its sentence, phrases right of it ("100% | hộ dân được …",
"12 | xã đạt chuẩn"), the line above that leads in, and the indicators of statements before it. A
log-linear model chooses between them and "none": that the figure gives no indicator an analyst
would keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import indicators, tables
from chitieu.nlp.pieces import Line, Piece, bucket, magnitude
from chitieu.nlp.quantities import Figure

LONGEST = 28
"""Pieces in a name at the most."""
_ENDS, _STARTS, _RIGHT_ENDS, _CROSSED = 6, 5, 6, 3
"""How many ends left of a figure are tried, starts for each, ends right of it, and figures passed over."""

_HARD = frozenset(';.?!…"')
_SAYING = frozenset(("biết", "rằng"))
"""Ends of verbs of saying: no name reaches back over them."""
_HEADS = frozenset(
    "tỷ tỉ tốc tổng số diện giá chỉ thu kim doanh sản vốn khối mức năng tăng chi quy công giải bội nhập xuất lạm gdp grdp cpi iip dân mật hệ tuổi độ tiến lượng nợ dư nguồn kinh ngân cơ tiêu".split()
)
"""First syllables of the nouns that head most indicators."""
_PRONOUNS = frozenset(("này", "đó", "trên", "ấy", "đây"))
_TIES = frozenset(
    "đạt ước tăng giảm là còn chiếm có lên khoảng trên hơn gần dưới mới đã sẽ vượt bằng được chỉ cũng đều phải cần tới đến xuống thêm gồm đang vẫn "
    "xấp tối ít không chưa lại ở nhất cao thấp nhiều mức hiện tương dự phấn thực hoàn tính nâng duy rơi dao góp thì cả toàn bình".split()
)
"""Words that may stand between a name and its figure."""
_OPENERS = frozenset(
    "và với về cho của theo trong tại ở từ đưa nâng để nhằm còn thì mà nhưng riêng đó biết rằng thấy nay này có là đạt được đã giữ tạo nếu nhận như giao chưa tăng giảm kiến tiêu tác "
    "nước tỉnh việc bằng các những mỗi đến qua sẽ phải cần do vì bị khi trên trở đối thêm mới thu hút hiện".split()
)
"""Words after which a name may begin."""
_CLOSERS = _TIES | frozenset(
    "của trong tại theo so với cho để nên từ vào nhưng mà do vì trước sau khi nếu và hoặc nhằm như thuộc về đồng song năm hay này kể".split()
)
"""Words before which a name may end."""
_NO_END = frozenset("và của với về cho theo trong tại ở từ là các những mỗi đã được có đạt khoảng hơn gần trên ước".split())
"""Words that no name ends with."""
_SKIP_RIGHT = frozenset("của số tổng các thêm tiền cho về vốn giá trị".split())
"""Words between a figure and a name right of it that may belong to the name or not."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase in plain offsets (None: the figure gives no indicator), where it comes from and what speaks for it."""

    span: tuple[int, int] | None
    source: str
    features: list[str]
    shared: tuple[str, ...] = ()
    """Features that it has in common with the candidates that end where it does (one tuple for all of them)."""


Alias = tuple[int, int, str]


@cache
def _head_words() -> frozenset[str]:
    """First words of the indicators of the catalogue: a name may begin at any of them."""
    return frozenset(row["name_vi"].split()[0].lower() for row in tables.read_toml("indicators.toml")["indicator"]) - {"số"}


def nameless(line: Line, figure: Figure, zone: str, title: Line) -> Candidate:
    """ "None": that the figure gives no indicator."""
    return Candidate(None, "none", _none_features(line, figure, zone, title))


def candidates(line: Line, figure: Figure, lower: str, promising: Callable[[list[tuple[str, ...]]], set[int]]) -> Iterator[Candidate]:
    """The phrases of the figure's own sentence.

    `promising` is given what the phrases of each end have in common, and tells which ends are worth the
    phrases, by position.
    """
    aliases = _aliases(lower, line.pieces[0].start, line.pieces[-1].end)
    ends: dict[tuple[int, str, int], int] = {}
    shared: list[tuple[str, ...]] = []
    spans: list[tuple[int, int, str, int]] = []
    for s, e, source in _spans(line):
        end = (e, source, s if source == "right" else 0)
        if end not in ends:
            ends[end] = len(shared)
            shared.append(tuple(_end_features(line, s, e, source, figure)))
        spans.append((s, e, source, ends[end]))
    chosen = promising(shared)
    for s, e, source, n in spans:
        if n in chosen:
            yield Candidate((line.pieces[s].start, line.pieces[e - 1].end), source, _span_features(line, s, e, source[0], figure, aliases), shared[n])


def _spans(line: Line) -> Iterator[tuple[int, int, str]]:
    """Ranges of pieces that may name the figure, nearest first: first piece, last piece (exclusive), source."""
    yield from _left(line.pieces, line.at)
    yield from _right(line.pieces, line.at)


def _may_end(pieces: list[Piece], e: int) -> bool:
    """Whether a name may end before piece e."""
    p = pieces[e]
    return p.kind in ("figure", "time", "mark", "number") or p.form in _CLOSERS


def _may_start(pieces: list[Piece], s: int) -> bool:
    """Whether a name may begin at piece s."""
    if pieces[s].kind in ("mark", "figure", "time", "number"):
        return False
    if s == 0:
        return True
    before = pieces[s - 1]
    return before.kind not in ("word",) or before.form in _OPENERS or pieces[s].form in _head_words()


def _left(pieces: list[Piece], at: int) -> Iterator[tuple[int, int, str]]:
    ends = crossed = 0
    for e in range(at, 0, -1):
        if ends == _ENDS:
            return
        if e < at and pieces[e].kind == "figure":
            crossed += 1
            if crossed > _CROSSED:
                return
        last = pieces[e - 1]
        wordlike = last.kind in ("word", "place", "ref", "number") or last.form == ")"
        if wordlike and last.form not in _NO_END and _may_end(pieces, e):
            ends += 1
            for s in _starts(pieces, e):
                yield s, e, f"left{crossed}" if crossed else "left"


def _starts(pieces: list[Piece], e: int) -> Iterator[int]:
    """Where a name that ends before piece e may begin: not beyond a figure, a stop or an open bracket."""
    found = depth = 0
    for s in range(e - 1, max(-1, e - 1 - LONGEST), -1):
        p = pieces[s]
        if p.form == ")":
            depth += 1
        elif p.form == "(":
            if depth == 0:
                return
            depth -= 1
        if (p.kind == "figure" and depth == 0) or p.form in _SAYING or (p.form in _HARD and not (p.form == "." and s > 0 and pieces[s - 1].form == "tp")):
            return
        if depth == 0 and _may_start(pieces, s):
            found += 1
            yield s
            if found == _STARTS:
                return


def _right(pieces: list[Piece], at: int) -> Iterator[tuple[int, int, str]]:
    firsts = [at + 1]
    while firsts[-1] < min(len(pieces), at + 3) and pieces[firsts[-1]].form in _SKIP_RIGHT:
        firsts.append(firsts[-1] + 1)
    for s in firsts:
        if s >= len(pieces) or pieces[s].kind not in ("word", "place"):
            continue
        ends = 0
        for e in range(s + 1, min(len(pieces), s + LONGEST) + 1):
            last = e == len(pieces)
            ends_well = pieces[e - 1].form not in _NO_END and (pieces[e - 1].kind != "mark" or pieces[e - 1].form == ")")
            if ends_well and (last or _may_end(pieces, e) or pieces[e].kind == "place"):
                ends += 1
                yield s, e, "right"
            if last or ends == _RIGHT_ENDS or pieces[e].kind == "figure" or pieces[e].form in _HARD:
                break


def _end_features(line: Line, s: int, e: int, source: str, figure: Figure) -> Iterator[str]:
    """What speaks for a name that ends before piece e (and, right of the figure, begins with piece s): what lies between it and the figure."""
    pieces, at, d, k = line.pieces, line.at, figure.dimension, source[0]
    between = [x.form for x in (pieces[e:at] if k == "l" else pieces[at + 1 : s])]
    last, after, l1 = pieces[e - 1].form, line.form(e), line.form(at - 1)
    yield from (
        source,
        f"{source}|{d}",
        f"{k}|pronoun={last in _PRONOUNS}",
        f"{k}|bpronoun={any(a in _PRONOUNS for a in between)}",
        f"{k}|e={last}",
        f"{k}|n={after}",
        f"{k}|n2={after} {line.form(e + 1)}",
        f"{k}{d}|n={after}",
        f"{k}|b={' '.join(between[:5])}",
        f"{k}|nb={bucket(len(between))}",
        f"{k}|l1={l1}",
        f"{k}{d}|l1={l1}",
        f"{k}|u={figure.unit}",
        f"{k}|bcomma={between.count(',')}",
    )
    yield from (f"{k}|bw={f}" for f in dict.fromkeys(between[:12]))


def _span_features(line: Line, s: int, e: int, k: str, figure: Figure, aliases: list[Alias]) -> list[str]:
    """What else speaks for pieces s to e as the name of the figure; `k` is the side it stands on, "l" or "r"."""
    pieces, d = line.pieces, figure.dimension
    first, before = pieces[s].form, line.form(s - 1)
    inside = [x.form for x in pieces[s:e]]
    kinds = {x.kind for x in pieces[s:e]}
    known = _known(aliases, pieces[s].start, pieces[e - 1].end, d)
    clause = s
    while clause > 0 and pieces[clause - 1].kind != "figure" and pieces[clause - 1].form not in _HARD and s - clause < LONGEST:
        clause -= 1
    missed = next((x.form for x in pieces[clause:s] if x.form in _HEADS), "-")
    heads = sum(1 for x in inside[1:] if x in _HEADS)
    counted = _counted(figure, inside)
    return [
        f"{k}|counted={counted}",
        f"{k}|counted={counted}|head={pieces[clause].form in _HEADS}",
        f"{k}|counted={counted}|clause={clause == s}",
        f"{k}|missed={missed}",
        f"{k}|missed={missed != '-'}|f1={first in _HEADS}",
        f"{k}|clause={clause == s}",
        f"{k}|clause={clause == s}|{d}",
        f"{k}|heads={min(heads, 3)}|{first in _HEADS}",
        f"{k}|f1={first}",
        f"{k}{d}|f1={first}",
        f"f2={first} {line.form(s + 1)}",
        f"{k}|p={before}",
        f"{k}|pf={before}>{first}",
        f"{k}|len={bucket(e - s)}",
        f"{k}{d}|len={bucket(e - s)}",
        f"{k}|alias={known}",
        f"{k}{d}|alias={known}",
        f"{k}|ties={min(sum(1 for f in inside if f in _TIES), 3)}",
        f"{k}|comma={min(inside.count(','), 2)}",
        f"{k}|time={'time' in kinds}",
        f"{k}|place={'place' in kinds}",
        f"{k}|head={first in _head_words()}",
        *(f"{k}|iw={f}" for f in dict.fromkeys(inside[1:])),
    ]


def _counted(figure: Figure, name: list[str]) -> str:
    """How the counted noun of a figure stands to the words of a name: all of it, its head ("căn" of "căn nhà ở xã hội"), inside or not in it."""
    if figure.dimension != "count":
        return "-"
    unit = figure.unit.split()
    if name == unit:
        return "all"
    if name[: len(unit)] == unit:
        return "head"
    return "inside" if unit and unit[0] in name else "no"


def _aliases(lower: str, start: int, end: int) -> list[Alias]:
    """The indicators of the catalogue that a stretch of the text names, with plain offsets."""
    return [(start + s, start + e, found) for s, e, found in indicators.find_aliases(lower[start:end])]


def _known(aliases: list[Alias], start: int, end: int, dimension: str) -> str:
    """How a phrase stands to the catalogue: whether it holds an indicator, of that dimension, where, and how much of it."""
    inside = [alias for alias in aliases if start <= alias[0] and alias[1] <= end]
    if not inside:
        return "no"
    first, last, found = max(inside, key=lambda alias: alias[1] - alias[0])
    same = "same" if indicators.dimension_of(found) == dimension else "other"
    return f"{same},{'head' if first == start else 'inner'},{'all' if (last - first) > 0.6 * (end - start) else 'part'}"


def _none_features(line: Line, figure: Figure, zone: str, title: Line) -> list[str]:
    """What speaks against any name."""
    d = figure.dimension
    around = line.window()
    return [
        "none",
        f"none|{d}",
        f"none|u={figure.unit}",
        f"none|v={magnitude(figure.value)}",
        f"none|{d}v={magnitude(figure.value)}",
        f"none|uv={figure.unit} {magnitude(figure.value)}",
        f"none|heads={sum(1 for p in line.pieces[max(0, line.at - 12) : line.at] if p.form in _HEADS)}",
        f"none|of={figure.of is not None}",
        f"none|rule={figure.rule}",
        f"none|zone={zone}",
        *(f"none|{f}" for f in around),
        *(f"none|{d}{f}" for f in around[:2]),
        *(f"none|s={f}" for f in dict.fromkeys(p.form for p in line.pieces if p.kind == "word")),
        *(f"none|title={p.form}" for p in title.pieces[:40] if p.kind == "word"),
    ]


def carried(line: Line, figure: Figure, span: tuple[int, int], last: Figure, role: str, lower: str, *, figures: int, sentences: int, nth: int) -> Candidate:
    """The indicator of an earlier statement, `figures` figures and `sentences` sentences before; the `nth` of them, back from here."""
    pieces, at, d = line.pieces, line.at, figure.dimension
    source = "carried" if sentences == 0 else "carried over"
    k = f"{'c' if sentences == 0 else 'o'}{min(nth, 2)}"
    start = next((i + 1 for i in range(at - 1, -1, -1) if pieces[i].kind == "figure"), 0)
    between = [x.form for x in pieces[start:at]]
    counted = _counted(figure, lower[slice(*span)].split())
    features = [
        k,
        f"{k}|counted={counted}",
        f"{k}|counted={counted}|nb={bucket(len(between))}",
        f"{k}|counted={counted}|same={last.unit == figure.unit}",
        f"{k}|{d}",
        f"{k}|{last.dimension}>{d}",
        f"{k}|same={last.unit == figure.unit}",
        f"{k}|dist={min(figures, 4)}",
        f"{k}|sent={min(sentences, 5)}",
        f"{k}|role={role}",
        f"{k}|role={role}{last.dimension}>{d}",
        f"{k}|nb={bucket(len(between))}",
        f"{k}|b={' '.join(between[-5:])}",
        f"{k}|b2={' '.join(between[-2:])}",
        f"{k}{d}|l1={line.form(at - 1)}",
        f"{k}{d}|r1={line.form(at + 1)}",
        f"{k}|r12={line.form(at + 1)} {line.form(at + 2)}",
        f"{k}|pronoun={any(f in _PRONOUNS for f in between)}",
        f"{k}|heads={min(2, sum(1 for f in between if f in _HEADS))}",
        f"{k}|words={min(3, sum(1 for p in pieces[start:at] if p.kind == 'word'))}",
        f"{k}|b0={line.form(start)}",
        f"{k}|b01={line.form(start)} {line.form(start + 1)}",
        *(f"{k}|bw={f}" for f in dict.fromkeys(between[-12:])),
    ]
    return Candidate(span, source, features)


def lead_in(line: Line, figure: Figure, lead: Line, lower: str, *, sentences: int) -> Iterator[Candidate]:
    """Phrases that end the line above which leads in ("Số hộ nghèo theo huyện:"), `sentences` sentences before."""
    pieces = lead.pieces
    e = len(pieces)
    while e > 0 and pieces[e - 1].kind == "mark" and pieces[e - 1].form != ")":
        e -= 1
    if e == 0:
        return
    between = [p.form for p in line.pieces[: line.at]]
    aliases = _aliases(lower, pieces[0].start, pieces[e - 1].end)
    for s in list(_starts(pieces, e))[-3:]:
        known = _known(aliases, pieces[s].start, pieces[e - 1].end, figure.dimension)
        features = [
            "lead",
            f"lead|{figure.dimension}",
            f"lead|f1={pieces[s].form}",
            f"lead|alias={known}",
            f"lead|len={bucket(e - s)}",
            f"lead|sent={min(sentences, 4)}",
            f"lead|nb={bucket(len(between))}",
            f"lead|b={' '.join(between[-4:])}",
            f"lead|p={lead.form(s - 1)}",
            f"lead|first={s == 0}",
        ]
        yield Candidate((pieces[s].start, pieces[e - 1].end), "lead", features)
