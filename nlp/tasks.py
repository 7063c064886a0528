"""Tasks: who is ordered to do what, by when.

Wherever a verb may begin an ordered clause, a log-linear model tells from the words before it, the
lines above, the clause before and the hand-written rules whether it does; two more tell who it goes to (a body named in the
sentence, in a line above, or that of the order before) and by when.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Protocol

from chitieu.nlp import lexicon, loglinear
from chitieu.nlp.issuers import body_at, known_body, known_group
from chitieu.nlp.leads import find_leads, find_sections, item_mark
from chitieu.nlp.orders import Order
from chitieu.nlp.pieces import Line, Piece, Pieces, bucket
from chitieu.nlp.text import Ordered
from chitieu.nlp.times import Found

Span = tuple[int, int]

LEAST = 0.35
"""A clause is taken for a task where the model holds it likelier than this."""

_HOPELESS = -5.0
"""Two of three places are no openings of an order by a few cheap features: those with a lower score are not looked at further."""
_SHORTEST = 12
"""Characters from one ordered clause to the next at the least: "lắp đặt" is one verb."""


@dataclass(slots=True)
class Phrase:
    """A phrase that may name a body, and what speaks for it wherever it stands before an order."""

    span: Span
    features: list[str]
    score: float | None = None
    """That of the features, once a model has told it: all orders under a line share its phrases."""


@dataclass(slots=True)
class Scene:
    """Everything the choices may look at, in plain offsets."""

    plain: str
    lower: str
    sentences: list[Span]
    zones: dict[int, str]
    """Zone of each sentence, by its number."""
    times: Ordered[Found]
    pieces: Pieces
    ruled: Mapping[int, Order]
    """What the hand-written rules (`task_rules.py`) take for orders, by where they begin."""
    starts: list[int] = field(init=False)
    """Where each sentence begins."""
    _ordering: dict[int, bool] = field(default_factory=dict)
    _assigning: dict[int, bool] = field(default_factory=dict)
    _phrases: dict[tuple[int, str], list[Phrase]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.starts = [start for start, _ in self.sentences]

    def ruled_at(self, start: int) -> Order | None:
        """The order that the rules see begin within four characters of `start`."""
        if not self.ruled:
            return None
        return next((order for at in range(start - 4, start + 5) if (order := self.ruled.get(at)) is not None), None)

    def orders_in(self, number: int) -> bool:
        """Whether a sentence says a word of command or of duty."""
        known = self._ordering.get(number)
        if known is None:
            known = self._ordering[number] = _signal().search(self.lower, *self.sentences[number]) is not None
        return known

    def assigns(self, number: int) -> bool:
        """Whether a line begins with the name of a body or of its head, behind a mark at the most: a heading under which its tasks stand."""
        known = self._assigning.get(number)
        if known is None:
            first = next((p for p in self.pieces.of(*self.sentences[number]) if p.kind in ("word", "place") and len(p.form) > 1), None)
            known = first is not None and (known_group(self.lower, first.start) is not None or known_body(self.lower, first.start) is not None or body_at(self.plain, first.start) is not None)
            self._assigning[number] = known
        return known

    def phrases_of(self, number: int, lead: Line, where: str) -> list[Phrase]:
        """The phrases of a line above that may name a body; all orders under it share them."""
        known = self._phrases.get((number, where))
        if known is None:
            known = self._phrases[(number, where)] = _phrases(Line(lead.pieces, len(lead.pieces)), self, where)
        return known


@dataclass(frozen=True, slots=True)
class Commands:
    """The words of command of a sentence, in text order."""

    ends: Sequence[int]
    """The pieces that end them."""
    words: Mapping[int, str]
    """The word that each of those ends."""

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Commands:
        """Those that stand in these pieces."""
        words = {n: word for n in range(len(pieces)) if (word := _command_at(pieces, n)) is not None}
        return cls(list(words), words)

    @property
    def last(self) -> str | None:
        """The last word."""
        return self.words[self.ends[-1]] if self.ends else None


@dataclass(slots=True)
class View:
    """A place where an ordered clause may begin (the piece that `line` looks at), and what stands before it."""

    scene: Scene
    number: int
    line: Line
    leads: Sequence[tuple[int, Line]]
    """The lines above that lead in, by number, the nearest first."""
    title: Line
    context: list[str]
    """Features of the lines above and the title, the same for all places of a sentence."""
    orders: Sequence[Order]
    """The orders before."""
    given_in: Sequence[int]
    """The sentences those stand in."""
    official: bool
    mark: str
    """The kind of mark that the sentence begins with as an item of a list."""
    commands: Commands
    """The words of command of the sentence."""
    around: Sequence[str]
    """How the sentences around this one begin, and how far back the last command is."""
    named: Order | None
    """The last order before that goes to a body."""
    told: Set[str]
    """The bodies that orders before go to, in lower case."""
    opens: bool
    """Whether nothing but marks and numbers stands before the place in its sentence."""

    @property
    def same(self) -> bool:
        """Whether the order before stands in the same sentence."""
        return bool(self.given_in) and self.given_in[-1] == self.number

    def since(self) -> list[str]:
        """The forms of the pieces before the place, from the order before on."""
        before = self.line.pieces[: self.line.at]
        return [p.form for p in before if p.start >= self.orders[-1].start] if self.same else [p.form for p in before]

    @property
    def start(self) -> int:
        """Where the clause would begin."""
        return self.line.pieces[self.line.at].start


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body (a span) or a time (its position) that may be an order's, None for none, and what speaks for it."""

    what: Span | int | None
    features: list[str]
    phrase: Phrase | None = None
    """The body's phrase, which has features of its own."""

    def all_features(self) -> list[str]:
        """Its features with those of the phrase."""
        return self.features if self.phrase is None else [*self.phrase.features, *self.features]


class Chooser(Protocol):
    """Makes the choices."""

    def may_order(self, view: View, features: list[str]) -> bool:
        """Whether an ordered clause may begin here at all, by a few cheap features."""

    def is_order(self, view: View, features: list[str]) -> float:
        """How likely one begins here, 0 to 1, by `features` and those of `view.context`."""

    def who(self, view: View, candidates: list[Candidate]) -> Candidate:
        """Whom it goes to."""

    def due(self, view: View, candidates: list[Candidate]) -> Candidate:
        """By when."""


class Models:
    """The trained choices; `learned` takes the place of the stored ones."""

    def __init__(self, learned: loglinear.Learned | None = None) -> None:
        self._openings = loglinear.ranker("openings", learned)
        self._orders = loglinear.ranker("orders", learned)
        self._bodies = loglinear.ranker("bodies", learned)
        self._dues = loglinear.ranker("dues", learned)
        self._context: list[str] = []
        self._context_score = 0.0

    def may_order(self, view: View, features: list[str]) -> bool:
        return self._openings.score(features) > _HOPELESS

    def is_order(self, view: View, features: list[str]) -> float:
        if view.context is not self._context:
            self._context, self._context_score = view.context, self._orders.score(view.context)
        return loglinear.softmax((0.0, self._context_score + self._orders.score(features)))[1]

    def who(self, view: View, candidates: list[Candidate]) -> Candidate:
        best, top = candidates[0], -inf
        for one in candidates:
            score = self._bodies.score(one.features)
            if one.phrase is not None:
                if one.phrase.score is None:
                    one.phrase.score = self._bodies.score(one.phrase.features)
                score += one.phrase.score
            if score > top:
                best, top = one, score
        return best

    def due(self, view: View, candidates: list[Candidate]) -> Candidate:
        return max(candidates, key=lambda one: self._dues.score(one.features))


_OFFICIAL = re.compile(r"(?:^|\n)[^\S\n]*(?:điều \d+\.|căn cứ |số\s*:\s*\d|\d{1,2}\. |[-+] |\(\d\) |\[\d\] )")
_HEAD_OF_BODY = frozenset(
    "ubnd hđnd ủy uỷ hội sở bộ ban chi cục tổng vụ phòng trung văn công thủ giám chủ phó bí người lãnh cơ đơn địa cấp huyện quận xã phường thị ngành doanh bên nhà tỉnh thành tp tổ cá hiệu trưởng "
    "bệnh trường ngân kho bảo thuế thanh viện tòa toà mặt mttq liên đoàn báo đài tập quỹ thứ chánh đảng cán đồng thường khối hợp đại giáo học hộ chính lực các những mỗi toàn từng hai ba cả ông bà".split()
)
_GLUE = frozenset("phải cần có trách nhiệm chịu hãy được giao ngay đều cũng sẽ , : tiếp tục trong thời gian tới".split())
"""What may stand between a body and the ordered verb."""
_REPORTED = frozenset(("đã", "vừa", "đang", "từng"))
_CLAUSE_MARKS = frozenset(";:.?!")
"""Marks that a clause begins after."""
_LONGEST_BODY = 30
"""Pieces in the name of a body, or of several, at the most."""
_NO_BODY = frozenset("đã vừa đang từng là được bị cho rằng này đó khi nếu vì do để nhằm với về theo trong sau trước mà thì tại từ qua như những".split())
"""Words that no name of a body holds: where one stands, the clause says more than who acts."""


@cache
def _signal() -> re.Pattern[str]:
    phrases = (*lexicon.phrases("tasks", "order"), *lexicon.phrases("tasks", "duty"), "nhiệm vụ", "trách nhiệm", "giải pháp", "chủ trì", "tổ chức thực hiện")
    return re.compile(rf"(?<!\w)(?:{lexicon.alternation(list(phrases))})(?!\w)")


@cache
def _verbs() -> dict[str, tuple[str, ...]]:
    """The verbs that begin ordered clauses, by their first syllable, the longest first."""
    out: dict[str, tuple[str, ...]] = {}
    for phrase in lexicon.phrases("tasks", "action"):
        first = phrase.split()[0].rstrip(",")
        out[first] = (*out.get(first, ()), phrase)
    return out


_COMMANDS = {
    "cầu": {"yêu": "yêu cầu"}, "nghị": {"đề": "đề nghị", "kiến": "kiến nghị", "khuyến": "kiến nghị"}, "giao": {"": "giao"}, "đạo": {"chỉ": "chỉ đạo"}, "thị": {"chỉ": "chỉ thị"}, "ý": {"lưu": "lưu ý"},
    "phải": {"": "phải"}, "cần": {"": "cần"}, "nhiệm": {"trách": "trách nhiệm"}, "vụ": {"nhiệm": "nhiệm vụ"}, "công": {"phân": "phân công"}, "xuất": {"đề": "kiến nghị"}, "gọi": {"kêu": "kêu gọi"},
}  # fmt: skip
"""Words of command and of duty by their last syllable and the one before it ("": whatever it is)."""
_OF_OTHERS = frozenset(("yêu cầu", "đề nghị", "kiến nghị", "giao", "chỉ đạo", "chỉ thị", "lưu ý", "phân công", "kêu gọi"))
"""Those that are said of somebody else."""
_NO_GIVING = frozenset("thông dịch lưu ban thừa thoa thủy thuỷ hàng tiếp hữu thiết kiệm thơ".split())
"""After "giao" and "cần" these make another word: "giao thông", "cần thiết"."""
_BEFORE_GIVING = frozenset(("bàn", "ngoại", "chuyển"))
"""Before "giao" these make another word."""


def _command_at(pieces: Sequence[Piece], n: int) -> str | None:
    """The word of command that ends with piece n."""
    words = _COMMANDS.get(pieces[n].form)
    if words is None:
        return None
    before = pieces[n - 1].form if n else "^"
    if "" not in words:
        return words.get(before)
    if n + 1 < len(pieces) and pieces[n + 1].form in _NO_GIVING or pieces[n].form == "giao" and before in _BEFORE_GIVING:
        return None
    return words[""]


def find_tasks(scene: Scene, chooser: Chooser | None = None, shadow: Chooser | None = None) -> list[Order]:
    """The tasks of a text in text order.

    `chooser` takes the place of the models; `shadow` is asked everything first, and its answers are not kept.
    """
    chooser = chooser or Models()
    leads = find_leads(scene.plain, scene.sentences)
    official = len(_OFFICIAL.findall(scene.lower)) >= 4
    title = Line(scene.pieces.of(*scene.sentences[0])) if scene.sentences else Line([])
    commands = [Commands.of(scene.pieces.of(*span)) for span in scene.sentences]
    around = _around(scene, commands)
    orders: list[Order] = []
    given_in: list[int] = []
    named: Order | None = None
    told: set[str] = set()
    for number, (start, end) in enumerate(scene.sentences):
        if scene.zones.get(number, "body") in ("teaser", "furniture", "caption"):
            continue
        pieces = scene.pieces.of(start, end)
        above = [(n, Line(scene.pieces.of(*scene.sentences[n]))) for n in leads[number]]
        openings = list(_openings(pieces, scene, commands[number]))
        context = _context_features(above, title) if openings else []
        mark = item_mark(scene.plain[pieces[0].start : pieces[0].start + 8]) if openings else ""
        rows = around(number, leads[number]) if openings else []
        head = next((n for n, p in enumerate(pieces) if p.kind not in ("mark", "number") and len(p.form) > 1), len(pieces))
        for at in openings:
            view = View(scene, number, Line(pieces, at), above, title, context, orders, given_in, official, mark, commands[number], rows, named, told, at <= head)
            if given_in and given_in[-1] == number and view.start - orders[-1].start < _SHORTEST:
                continue
            if shadow is not None:
                _order(view, end, shadow)
            order = _order(view, end, chooser)
            if order is None:
                continue
            if given_in and given_in[-1] == number:
                orders[-1].end = _trimmed(scene.plain, orders[-1].start, view.start)
            orders.append(order)
            given_in.append(number)
            if order.who is not None:
                named = order
                told.add(scene.lower[slice(*order.who)])
    return orders


def _order(view: View, end: int, chooser: Chooser) -> Order | None:
    """The order that begins at a place, if one does; `end` is that of its sentence."""
    if not chooser.may_order(view, _opening_features(view)):
        return None
    sure = chooser.is_order(view, _order_features(view))
    if sure < LEAST:
        return None
    who = chooser.who(view, _with_rules(view, list(_bodies(view)))).what
    due = chooser.due(view, _with_due_rules(view, list(_dues(view)))).what
    return Order(view.start, _trimmed(view.scene.plain, view.start, end), who, due, "ordered", sure)  # type: ignore[arg-type]


def _trimmed(plain: str, start: int, end: int) -> int:
    """The end of a clause: before the next ";" outside brackets, without blanks and marks."""
    depth = 0
    for i in range(start, end):
        c = plain[i]
        depth += (c == "(") - (c == ")")
        if c == ";" and depth <= 0:
            end = i
            break
    while end > start and plain[end - 1] in " ;,.\n/…":
        end -= 1
    return end


def _openings(pieces: list[Piece], scene: Scene, commands: Commands) -> Iterator[int]:
    """The pieces at which an ordered clause may begin: verbs of the list at the head of a clause, after a word of command or a body's name, or where the rules see one."""
    verbs, plain = _verbs(), scene.plain
    commanded_from = commands.ends[0] if commands.ends else len(pieces)
    looked = _SUBJECTS
    opened = True
    for i, piece in enumerate(pieces):
        if piece.form in _CLAUSE_MARKS:
            opened = True
        elif piece.kind == "word" or piece.kind == "place":
            if opened:
                looked = 0 if piece.form in _HEAD_OF_BODY or piece.kind == "place" else _SUBJECTS
            elif piece.form in _NO_BODY:
                looked = _SUBJECTS
            opened = False
        elif piece.kind in ("figure", "time", "ref"):
            looked = _SUBJECTS
        if piece.kind != "word" or piece.form not in verbs:
            continue
        before = pieces[i - 1] if i else None
        if before is not None and before.kind == "word" and before.form in _NEVER_BEFORE:
            continue
        if plain[piece.start].isupper() and before is not None and before.kind in ("word", "place"):
            continue  # "Ban Quản lý …"
        if i >= commanded_from or i < 3 or before is None or before.kind != "word" or piece.start in scene.ruled:
            yield i
        elif looked < _SUBJECTS and _verb(scene.lower, piece) != "-":
            looked += 1
            yield i


_SUBJECTS = 3
"""Verbs after the name of a body that are looked at in a clause: the first may be part of the name ("ban quản lý dự án đầu tư …")."""
_NEVER_BEFORE = frozenset("công việc sự cuộc quá tình kế nội kết các những để nhằm khi nếu do bởi vì hoạt lĩnh về của trong tại từ là như nhà người".split())
"""Before a verb these make it part of a noun phrase or of a clause that orders nothing."""


_WARRANT = 12
"""Sentences back in a paragraph in which a word of command still holds."""


def _around(scene: Scene, commands: Sequence[Commands]) -> Callable[[int, Sequence[int]], list[str]]:
    """Tells of a sentence how those around it begin: orders stand in rows, one opened by a verb after the other."""
    kinds: list[str] = []
    since: list[int] = []
    last: list[str] = []
    verbs = _verbs()
    for span, said in zip(scene.sentences, commands, strict=True):
        pieces = scene.pieces.of(*span)
        first = next((p for p in pieces if p.kind != "mark" and p.kind != "number"), None)
        command = next((word for n in reversed(said.ends) if (word := said.words[n]) in _OF_OTHERS), None)
        opened = first is not None and first.kind == "word" and first.form in verbs and _verb(scene.lower, first) != "-"
        kinds.append("verb" if opened else ("command" if command is not None else "other"))
        since.append(0 if command is not None else (since[-1] + 1 if since else 99))
        last.append(command or (last[-1] if last else "-"))

    sections = find_sections(scene.plain, scene.lower, scene.sentences)

    def warrant(number: int, leads: Sequence[int]) -> str:
        """What makes an order of a clause that says no word of command itself: one in a line above, or a body's name as a heading, one earlier in the paragraph, or in the title."""
        for nth, lead in enumerate(leads):
            if commands[lead].last is not None:
                return f"lead{nth} {commands[lead].last}"
            if scene.assigns(lead):
                return f"lead{nth} body"
            line = scene.lower[slice(*scene.sentences[lead])]
            if "giải pháp" in line:
                return "solutions"
            if "tổ chức thực hiện" in line:
                return f"lead{nth} organised"
        for n in range(number, max(0, number - _WARRANT), -1):
            if scene.plain[scene.sentences[n][0] - 1] == "\n":
                break
            if commands[n - 1].last is not None:
                return f"paragraph {commands[n - 1].last}"
        return "title" if commands[0].last is not None else "-"

    def tell(number: int, leads: Sequence[int]) -> list[str]:
        before = kinds[number - 1] if number else "^"
        after = kinds[number + 1] if number + 1 < len(kinds) else "$"
        rows = kinds[max(0, number - 4) : number].count("verb"), kinds[number + 1 : number + 5].count("verb")
        back = bucket(since[number - 1] + 1) if number and since[number - 1] < 90 else "-"
        command = last[number - 1] if number else "-"
        return [
            f"before={before}", f"after={after}", f"between={before} {after}", f"rows={rows[0]} {rows[1]}", f"back={back}", f"back={back}|rows={min(2, sum(rows))}",
            f"last={command}", f"last={command}|back={back}", f"section={sections[number]}", f"section={sections[number]}|back={back}", f"warrant={warrant(number, leads)}",
        ]  # fmt: skip

    return tell


def _opening_features(view: View) -> list[str]:
    """A few features that cost little and rule most places out."""
    line, scene, opens = view.line, view.scene, view.opens
    verb, before = _verb(scene.lower, line.pieces[line.at]), line.form(line.at - 1)
    command, distance, commands = _command(view)
    return [
        "bias", f"verb={verb}", f"verb={verb}|opens={opens}", f"verb={verb}|official={view.official}", f"verb={verb}|l1={before}", f"l1={before}", f"l12={line.form(line.at - 2)} {before}",
        f"r1={line.form(line.at + 1)}", f"mark={view.mark}|opens={opens}", f"official={view.official}|opens={opens}", f"command={command}|{bucket(distance)}", f"command={command}|l1={before}",
        f"commands={commands}", f"ruled={scene.ruled_at(view.start) is not None}|opens={opens}", *(f"{a}|opens={opens}" for a in view.around[2:5:2]),
    ]  # fmt: skip


def _clause(pieces: list[Piece], at: int, commands: Mapping[int, str]) -> list[str]:
    """What opens the clause of the verb, and whether a body that must act stands between: "giao | Sở Y tế | tổ chức"."""
    start = next((n for n in range(at, max(0, at - _LONGEST_BODY), -1) if n - 1 in commands or pieces[n - 1].form in _CLAUSE_MARKS), max(0, at - _LONGEST_BODY))
    before = pieces[start - 1].form if start else "^"
    opened = commands.get(start - 1, before if before in _CLAUSE_MARKS or before == "^" else "…")
    while start < at and pieces[start].kind in ("mark", "number"):
        start += 1
    subject = pieces[start:at]
    head = subject[0].form if subject else "-"
    if not subject:
        kind = "none"
    elif head not in _HEAD_OF_BODY:
        kind = "other"
    elif any(p.form in _NO_BODY or p.kind in ("figure", "time", "ref") for p in subject):
        kind = "more"
    else:
        kind = "bodies" if any(p.form == "," for p in subject) else "body"
    k = f"clause={kind}"
    return [k, f"{k}|{opened}", f"{k}|{opened}|{bucket(len(subject))}", f"{k}|head={head}", f"{k}|{opened}|head={head}"]


def _quoted(plain: str, start: int, end: int) -> bool:
    """Whether `end` stands between quotation marks that were opened after `start`, not too far before."""
    start = max(start, end - _PARAGRAPH)
    opened = plain.rfind("“", start, end)
    if opened >= 0:
        return plain.find("”", opened, end) < 0
    return plain.count('"', start, end) % 2 == 1


def _ordered_by(view: View) -> list[str]:
    """Who says the first word of command before the verb: a chairman "yêu cầu", a district "đề nghị" upward."""
    pieces = view.line.pieces
    if not view.commands.ends or view.commands.ends[0] >= view.line.at:
        return ["by=-"]
    first = view.commands.ends[0]
    start = next((n for n in range(first, max(0, first - _LONGEST_BODY), -1) if pieces[n - 1].form in _CLAUSE_MARKS), max(0, first - _LONGEST_BODY))
    said = [p.form for p in pieces[start : first - 1] if p.kind != "mark" and p.kind != "number"]
    command = view.commands.words[first]
    head = " ".join(said[:2]) or "^"
    return [f"by={head}", f"by={head}|{command}", f"by={said[0] if said else '^'}|{command}", f"by1={said[-1] if said else '^'}|{command}", *(f"byw={form}" for form in dict.fromkeys(said[:12]))]


def _nested(view: View, since: list[str]) -> list[str]:
    """Whether the verb stands inside the order before it: "chỉ đạo các đơn vị | rà soát" is one order."""
    if not view.same:
        return []
    lower, last = view.scene.lower, view.orders[-1]
    opening = next((p for p in view.line.pieces if p.start == last.start), None)
    verb = _verb(lower, opening) if opening is not None and opening.form in _verbs() else "-"
    parted = ";" in since or "." in since
    commas = min(3, since.count(","))
    told = any(p.form in _HEAD_OF_BODY for p in view.line.pieces[: view.line.at] if p.start > last.start)
    return [f"in={verb}|{parted}", f"in={parted}|{told}", f"in={verb}|{parted}|{told}", f"in={parted}|{commas}|{told}"]


def _command(view: View) -> tuple[str, int, str]:
    """The last word of command before the verb, how far before it, and the last two of them."""
    at = view.line.at
    to = bisect_left(view.commands.ends, at)
    before = view.commands.ends[max(0, to - 2) : to]
    words = [view.commands.words[n] for n in before]
    return (words[-1], at - before[-1], " ".join(words)) if words else ("-", 0, "")


def _order_features(view: View) -> list[str]:
    """What speaks for an ordered clause at this place: the verb, the line, the words of command before it, its subject, and the words around it."""
    line, scene = view.line, view.scene
    pieces, at = line.pieces, line.at
    verb, opens, mark, same, since = _verb(scene.lower, pieces[at]), view.opens, view.mark, view.same, view.since()
    around = line.window()
    last = since[-1] if since else "^"
    far = min(3, view.number - view.given_in[-1] if view.given_in else 9)
    command, distance, commands = _command(view)
    ruled = scene.ruled_at(view.start)
    told = f"ruled={ruled is not None}"
    subject = next((p.form for p in pieces if p.kind != "mark" and p.kind != "number"), "-")
    body = next((n for n in range(at - 1, max(-1, at - 16), -1) if pieces[n].form in _HEAD_OF_BODY), None)
    out = [
        "bias", f"verb={verb}", f"opens={opens}", f"opens={opens}|mark={mark}", f"opens={opens}|verb={verb}", f"mark={mark}", f"official={view.official}|opens={opens}",
        f"far={far}", f"far={far}|opens={opens}", f"far={far}|mark={mark}|opens={opens}", f"same={same}|l1={line.form(at - 1)}", f"same={same}|{last}", f"since={bucket(len(since))}|same={same}",
        f"command={command}", f"command={command}|{bucket(distance)}", f"command={command}|same={same}", f"commands={commands}",
        *(f"{a}|opens={opens}" for a in view.around), f"{view.around[-1]}|{command}", f"{view.around[-1]}|mark={mark}|{far}", f"{view.around[-1]}|official={view.official}|{opens}",
        told, f"ruled={ruled.rule if ruled else '-'}", f"{told}|verb={verb}", f"{told}|opens={opens}", f"{told}|official={view.official}",
        f"gap={' '.join(since[1:6]) if same and len(since) < 4 else ''}",
        f"subject={subject}", f"subject={subject in _HEAD_OF_BODY}|opens={opens}",
        f"body={pieces[body].form if body is not None else '-'}", f"body={bucket(at - body) if body is not None else '-'}|{command}",
        f"reported={any(f in _REPORTED for f in since[-6:])}", f"reported={any(f in _REPORTED for f in since)}|{command}",
        f"capital={scene.plain[pieces[at].start].isupper()}|{opens}", f"quoted={_quoted(scene.plain, pieces[0].start, view.start)}|same={same}",
        *_clause(pieces, at, view.commands.words), *_ordered_by(view), *_nested(view, since), *around,
        f"verb={verb}|{around[0]}", f"semicolon={last == ';'}|same={same}",
        *(f"b={f}" for f in since[-8:]), *(f"bb={a} {b}" for a, b in zip(since[-8:], since[-7:], strict=False)),
        *(f"a={p.form}" for p in pieces[at + 1 : at + 6]), *(f"head={p.form}" for p in pieces[:4]),
    ]  # fmt: skip
    if view.leads:
        number, lead = view.leads[0]
        ordered = scene.orders_in(number)
        out += [f"colon={lead.pieces[-1].form == ':'}|opens={opens}", f"order above={ordered}|opens={opens}"]
    return out


def _context_features(leads: Sequence[tuple[int, Line]], title: Line) -> list[str]:
    """Features that all places of a sentence share."""
    out = [f"title={p.form}" for p in title.pieces[:30]]
    for n, (_, lead) in enumerate(leads):
        forms = dict.fromkeys(p.form for p in lead.pieces)
        out += [f"lead={f}" for f in forms] if n == 0 else [f"leads={f}" for f in forms]
    return out


def _verb(lower: str, piece: Piece) -> str:
    """The verb of the list that begins at a piece, the longest one."""
    for phrase in _verbs()[piece.form]:
        if lower.startswith(phrase, piece.start):
            return phrase
    return "-"


# Whom an order goes to ---------------------------------------------------------------------------


def _bodies(view: View) -> Iterator[Candidate]:
    """None, the body of the order before, phrases before the verb, bodies of the lines above."""
    scene, line = view.scene, view.line
    last = view.orders[-1] if view.orders else None
    far = view.number - view.given_in[-1] if view.given_in else 9
    opens = all(p.kind in ("mark", "number") for p in line.pieces[: line.at])
    start = scene.sentences[view.number][0]
    heads = start == 0 or scene.plain[start - 1] == "\n"
    common = [
        f"l1={line.form(line.at - 1)}", f"opens={opens}", f"far={min(far, 3)}", f"mark={line.pieces[0].form if line.pieces[0].kind == 'mark' else '-'}", f"leads={bool(view.leads)}",
        f"heads={heads}|opens={opens}|mark={view.mark}", f"head={line.form(0)}",
    ]  # fmt: skip
    k = f"none|{'first' if last is None else 'named' if view.named is None else 'last' if last.who is None else 'after'}|{view.official}"
    yield Candidate(None, ["none", k, *(f"none|{f}" for f in common), *(f"none|title={p.form}" for p in view.title.pieces[:30])])
    if last is not None and last.who is None and view.named is not None:
        yield Candidate(view.named.who, ["named", f"named|{view.official}", *(f"named|{f}" for f in common)])
    if last is not None and last.who is not None:
        between = line.pieces if far else [p for p in line.pieces[: line.at] if p.start >= last.start]
        k = f"last{min(far, 2)}"
        yield Candidate(
            last.who,
            [k, *(f"{k}|{f}" for f in common), *(f"{k}|w={p.form}" for p in between[-6:] if p.kind != "figure"), f"{k}|n={bucket(sum(1 for p in line.pieces[: line.at]))}", *_held(view, k, last.who, heads, opens)],
        )
        other = next((order.who for order in reversed(view.orders[-_BACK:]) if order.who is not None and not _same_body(order.who, last.who)), None)
        if other is not None:
            yield Candidate(other, ["other", f"other|far={min(far, 2)}", *(f"other|{f}" for f in common), *_held(view, "other", other, heads, opens)])
    yield from _named(view, _phrases(line, scene, "here", last.start if last is not None and view.same else -1), "here", common)
    for nth, (number, lead) in enumerate(view.leads):
        where = f"lead{nth}"
        yield from _named(view, scene.phrases_of(number, lead, where), where, [*common, f"far={min(3, view.number - number)}"])


_BACK = 40
"""Orders back to which another body may be gone back to."""
_PARAGRAPH = 2000
"""Characters that a paragraph has at the most, where it is looked for."""


def _held(view: View, k: str, who: Span, heads: bool, opens: bool) -> list[str]:
    """How a body named before stands to this place: in which line it was named, and for how many orders it has held."""
    scene = view.scene
    where = next((f"lead{n}" for n, (number, _) in enumerate(view.leads) if scene.sentences[number][0] <= who[0] < scene.sentences[number][1]), None)
    first = view.number if who[0] >= scene.sentences[view.number][0] else max(0, bisect_right(scene.starts, who[0]) - 1)
    paragraph = view.start - who[1] < _PARAGRAPH and "\n" not in scene.plain[who[1] : view.start]
    if where is None:
        where = "here" if first == view.number else "paragraph" if paragraph else item_mark(scene.plain[scene.sentences[first][0] : scene.sentences[first][0] + 8]) or "above"
    held = sum(1 for order in view.orders[-8:] if order.who is not None and order.who[0] == who[0])
    opened = who[0] - scene.sentences[first][0] < 8
    words = scene.lower[slice(*who)].split()
    known = any(found is not None and found >= who[1] for found in (known_body(scene.lower, who[0]), known_group(scene.lower, who[0])))
    like = f"{k}|like={scene.plain[who[0]].isupper()}|{known}|{words[0] in _HEAD_OF_BODY}|{any(word in _NO_BODY for word in words)}"
    return [
        like, f"{like}|{' '.join(words[:2])}", f"{k}|in={where}", f"{k}|in={where}|mark={view.mark}|{heads}", f"{k}|in={where}|opens={opens}", f"{k}|in={where}|back={bucket(view.number - first)}", f"{k}|held={min(held, 4)}", f"{k}|held={min(held, 4)}|in={where}",
        f"{k}|opened={opened}|in={where}", f"{k}|f1={scene.lower[who[0] : who[0] + 12].split(' ')[0]}", f"{k}|commas={min(3, scene.lower.count(',', *who))}", f"{k}|commas={min(3, scene.lower.count(',', *who))}|in={where}",
    ]  # fmt: skip


def _named(view: View, phrases: list[Phrase], where: str, common: list[str]) -> Iterator[Candidate]:
    """Phrases as candidates: with what speaks for every one of them, and whether an order before goes to the same."""
    shared = [f"{where}|{f}" for f in common]
    for phrase in phrases:
        again = view.scene.lower[slice(*phrase.span)] in view.told
        yield Candidate(phrase.span, [*shared, f"{where[:4]}|again={again}"], phrase)


def _phrases(line: Line, scene: Scene, where: str, after: int = -1) -> list[Phrase]:
    """Phrases before piece `line.at` that may name a body, the nearest first, and what speaks for each.

    They begin behind the offset `after`: no name goes over the verb of the order before.
    """
    out: list[Phrase] = []
    pieces, at = line.pieces, line.at
    e = at
    while e > 0:
        if e > 1 and f"{pieces[e - 2].form} {pieces[e - 1].form}" in _LEADING_IN:
            e -= 2
        elif pieces[e - 1].form in _GLUE or pieces[e - 1].kind == "mark" and pieces[e - 1].form != ")":
            e -= 1
        else:
            break
    ends = [e]
    for n in range(e - 1, max(-1, e - 60), -1):
        p = pieces[n]
        if len(ends) < 4 and n > 0 and (p.form in _AFTER_BODY or p.kind == "time") and pieces[n - 1].kind != "mark":
            ends.append(n)
    for e in ends:
        inner = 0
        clean = True
        for s in range(e - 1, max(-1, e - _LONGEST_LIST), -1):
            p = pieces[s]
            clean = clean and p.form not in _NO_BODY and p.kind not in ("figure", "time", "ref")
            if p.form in _CLAUSE_MARKS and p.form != ":" and not (p.form == ";" and clean and pieces[s + 1].form in _HEAD_OF_BODY):
                break
            if (s < e - _LONGEST_BODY and not clean) or p.start <= after:
                break
            if p.form == "nói" or _command_at(pieces, s) in _NEVER_IN_NAMES:
                break  # whoever says or commands is not who is told
            first = s == 0 or pieces[s - 1].kind == "mark" or pieces[s - 1].form in _BEFORE_BODY or _command_at(pieces, s - 1) is not None
            if p.kind not in ("word", "place") or p.form in _NEVER_FIRST or not (first or inner < 5 and p.form in _HEAD_OF_BODY and pieces[s - 1].form not in _HEAD_OF_BODY):
                continue
            inner += not first
            out.append(Phrase((p.start, pieces[e - 1].end), [*_phrase_features(line, s, e, at, where, first), *_body_features(scene, pieces[s:e], where[:4], line.form(e))]))
            if len(out) == _PHRASES:
                return out
    return out


_LEADING_IN = frozenset(("cụ thể", "như sau", "sau đây"))
"""What leads in to a list and stands behind the name of a body: "UBND các huyện, cụ thể như sau:"."""
_NEVER_IN_NAMES = frozenset(("yêu cầu", "đề nghị", "kiến nghị", "lưu ý", "phân công", "kêu gọi"))
"""Words of command that part the one who commands from a body: no name goes over one."""
_NEVER_FIRST = _NO_BODY - {"từng", "những"} | {"đối", "trên", "ngoài", "cùng", "ngay"}
"""No name of a body begins with these: "Về truyền tải điện:" is a heading."""
_AFTER_BODY = frozenset(", ( phải cần có chủ chịu theo căn trên để được khẩn tiếp thực tổ như sớm nhằm nếu kịp".split())
"""What may follow the name of a body that is not followed by the verb."""
_BEFORE_BODY = frozenset("cho với rằng đó thì để đến tới khi của do là riêng nói".split())
"""Words that a name of a body may follow."""
_LONGEST_LIST = 90
"""Pieces in a list of bodies at the most: "Giám đốc các sở …; Chủ tịch UBND các huyện …"."""
_PHRASES = 20
"""Phrases of a line that are looked at, at the most."""


def _phrase_features(line: Line, s: int, e: int, at: int, where: str, first: bool) -> list[str]:
    pieces = line.pieces
    inside = [p.form for p in pieces[s:e]]
    gap = [p.form for p in pieces[e:at]]
    k = where[:4]
    clause = next((n for n in range(s, -1, -1) if n == 0 or pieces[n - 1].form in _CLAUSE_MARKS or _command_at(pieces, n - 1) is not None), s)
    while clause < s and pieces[clause].kind in ("mark", "number"):
        clause += 1
    placed = f"{k}|clause={'head' if s == clause else 'list' if pieces[clause].form in _HEAD_OF_BODY else 'other'}|comma={line.form(s - 1) in (',', 'và')}"
    return [
        where, placed, f"{placed}|{inside[0] in _HEAD_OF_BODY}", f"{where}|first={first}", f"{k}|f1={inside[0]}", f"{k}|f2={' '.join(inside[:2])}", f"{k}|head={inside[0] in _HEAD_OF_BODY}", f"{k}|head={inside[0] in _HEAD_OF_BODY}|{first}",
        f"{k}|p={line.form(s - 1)}", f"{k}|p2={line.form(s - 2)} {line.form(s - 1)}", f"{k}|e={inside[-1]}", f"{k}|n={line.form(e)}", f"{k}|len={bucket(e - s)}", f"{k}|gap={bucket(len(gap))}",
        f"{k}|g={' '.join(gap[:4])}", f"{k}|commas={min(3, inside.count(','))}", f"{k}|start={s < 3}", f"{k}|end={e == at}", *(f"{k}|i={f}" for f in dict.fromkeys(inside[1:])), *(f"{k}|gw={f}" for f in dict.fromkeys(gap[:10])),
    ]  # fmt: skip


def _body_features(scene: Scene, phrase: list[Piece], k: str, following: str) -> list[str]:
    """What a phrase itself says for being a body's name: capitals, verbs and words that names do not hold, known names."""
    start, end = phrase[0].start, phrase[-1].end
    capital = scene.plain[start].isupper()
    known = known_body(scene.lower, start)
    whole = "-" if known is None else ("whole" if known >= end else "head")
    group = known_group(scene.lower, start)
    grouped = "-" if group is None else ("whole" if group >= end else "head")
    clean = not any(p.form in _NO_BODY or p.kind in ("figure", "time", "ref") for p in phrase)
    verbal = not capital and phrase[0].form in _verbs() and (len(phrase) == 1 or _verb(scene.lower, phrase[0]) != "-")
    inner = min(3, sum(1 for p in phrase[1:] if p.form in _verbs() and not scene.plain[p.start].isupper() and _verb(scene.lower, p) != "-"))
    capitals = sum(1 for p in phrase if scene.plain[p.start].isupper()) * 4 // len(phrase)
    return [
        f"{k}|capital={capital}|f1={phrase[0].form}", f"{k}|clean={clean}", f"{k}|clean={clean}|inner={inner}", f"{k}|clean={clean}|n={following}", f"{k}|verbal={verbal}", f"{k}|verbal={verbal}|f1={phrase[0].form}",
        f"{k}|known={whole}", f"{k}|known={whole}|clean={clean}", f"{k}|group={grouped}", f"{k}|group={grouped}|clean={clean}", f"{k}|f1={phrase[0].form}|e={phrase[-1].form}", f"{k}|named={whole}{grouped}|head={phrase[0].form in _HEAD_OF_BODY}", f"{k}|inner={inner}|{bucket(len(phrase))}", f"{k}|capitals={capitals}", f"{k}|clean={clean}|verbal={verbal}|capital={capital}",
    ]  # fmt: skip


def _with_rules(view: View, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, told apart by whether the rules name the same body; theirs is added where none is."""
    ruled = view.scene.ruled_at(view.start)
    if ruled is None:
        return candidates
    out = []
    for one in candidates:
        same = f"ruled={_same_body(one.what, ruled.who)}"
        out.append(Candidate(one.what, [*one.features, same, f"{same}|{one.phrase.features[0] if one.phrase is not None else one.features[0]}"], one.phrase))
    if ruled.who is not None and not any(_same_body(one.what, ruled.who) for one in candidates):
        out.append(Candidate(ruled.who, ["ruled alone"]))
    return out


def _same_body(a: Span | int | None, b: Span | None) -> bool:
    """Whether two phrases share most of their characters (or both are none)."""
    if b is None or not isinstance(a, tuple):
        return a is b
    return 2 * (min(a[1], b[1]) - max(a[0], b[0])) >= 0.7 * (a[1] - a[0] + b[1] - b[0])


def _with_due_rules(view: View, candidates: list[Candidate]) -> list[Candidate]:
    ruled = view.scene.ruled_at(view.start)
    if ruled is None:
        return candidates
    return [Candidate(one.what, [*one.features, f"ruled={one.what == ruled.time}", f"ruled={one.what == ruled.time}|{one.what is None}"]) for one in candidates]


# By when -----------------------------------------------------------------------------------------


def _dues(view: View) -> Iterator[Candidate]:
    """None, the times of the sentence, those of the lines above."""
    scene, line = view.scene, view.line
    pieces = line.pieces
    here = [(n, p.at) for n, p in enumerate(pieces) if p.kind == "time"]
    yield Candidate(None, ["none", f"none|here={bool(here)}", f"none|deadline={any(scene.times[i].role == 'deadline' for _, i in here)}"])
    for n, i in here:
        t = scene.times[i]
        side = "r" if n > line.at else "l"
        gap = pieces[line.at : n] if n > line.at else pieces[n:line.at]
        crossed = any(p.form == ";" for p in gap)
        verbs = min(2, sum(1 for p in gap if p.form in _verbs()))
        k = f"{side}|{t.role}"
        yield Candidate(i, [
            k, f"{k}|crossed={crossed}", f"{k}|{t.prefix}", f"{k}|{t.grain}", f"{side}|rule={t.rule}", f"{k}|gap={bucket(len(gap))}", f"{k}|verbs={verbs}", f"{k}|p={line.form(n - 1)}",
            f"{k}|n={line.form(n + 1)}", f"{k}|opens={n < 3}", f"{k}|until={t.until is not None}",
        ])  # fmt: skip
    for nth, (_, lead) in enumerate(view.leads):
        for p in lead.pieces:
            if p.kind == "time":
                t = scene.times[p.at]
                yield Candidate(p.at, [f"lead{nth}", f"lead{nth}|{t.role}", f"lead|{t.role}|{t.prefix}", f"lead|{t.role}|here={bool(here)}", f"lead|grain={t.grain}"])
    if view.number + 1 < len(scene.sentences):
        start, end = scene.sentences[view.number + 1]
        for i in scene.times.within(start, end):
            t = scene.times[i]
            words = scene.lower[start : t.start].split()[:3]
            yield Candidate(i, ["next", f"next|{t.role}", f"next|{t.role}|w={' '.join(words)}", f"next|{t.role}|{t.prefix}", f"next|here={bool(here)}"])
            break
