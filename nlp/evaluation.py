"""How well records agree with annotated ones: precision, recall and F1 for each kind.

What counts as found: a quantity when the spans overlap and number and unit are the same; a time
when the spans overlap and both dates are the same; a statement when it ties the right quantity to
an indicator that shares half its words; a document when its number is the same, once however often
it is named; a task when it begins inside the found one and shares its first words. Further figures
ask for more: the bound, the role, the place, the deadline.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from chitieu.nlp.records import Extraction, Quantity, Record, Reference, Statement, Task, Time

_R = TypeVar("_R", bound=Record)

_HALF = 0.5
"""The share of words (F1) from which two phrases mean the same."""
_TASK_WORDS = 0.4
_TASK_SLACK = 8
"""So many characters may the annotated clause begin before the one that was found."""
_TASK_LONGER = 20
"""The annotation has a clause's first words: so many more characters of the found clause are compared with them."""

_SAME_UNITS = (
    ("%", "percent", "phần trăm", "pct"),
    ("điểm %", "điểm phần trăm", "percentage_point", "pp"),
    ("vnd", "đồng", "vnđ", "đ", "việt nam đồng"),
    ("usd", "đô la", "đô la mỹ", "đôla mỹ"),
    ("ha", "hecta", "héc ta", "hectare"),
    ("m2", "m²", "mét vuông"),
    ("m3", "m³", "mét khối"),
    ("km2", "km²"),
    ("km", "ki-lô-mét", "kilomet", "kilômét", "kilometre"),
    ("m", "mét", "metre"),
    ("tấn", "t", "tonne"),
    ("kg", "ki-lô-gam", "kilôgam"),
    ("lần", "x", "times"),
    ("rank", "thứ", "hạng"),
    ("năm", "year"),
    ("tháng", "month"),
    ("ngày", "day"),
)
_UNIT = {name: names[0] for names in _SAME_UNITS for name in names}


@dataclass(slots=True)
class Figure:
    """How many of the annotated records were found, and how many of the found ones are annotated."""

    hits: int = 0
    gold: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        """Hits among what was found, 0 to 1."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Hits among what was annotated, 0 to 1."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A record that was missed, or one that was found and is not annotated."""

    kind: str
    document: str
    what: Literal["missed", "extra"]
    record: Record
    about: str = ""
    """For a statement, the words of its quantity."""


@dataclass(slots=True)
class Scores:
    """The figures by name ("quantity", "time.role", …) and the mistakes behind them, over all documents."""

    figures: dict[str, Figure] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def count(self, name: str, hits: int, gold: int, found: int) -> None:
        """Add one document's counts to a figure."""
        figure = self.figures.setdefault(name, Figure())
        figure.hits += hits
        figure.gold += gold
        figure.found += found

    def blame(self, kind: str, gold: Extraction, found: Extraction, missed: Iterable[Record], extra: Iterable[Record]) -> None:
        """Note the records behind a figure's gaps."""
        self.mistakes += [Mistake(kind, gold.id, "missed", record, _about(record, gold)) for record in missed]
        self.mistakes += [Mistake(kind, gold.id, "extra", record, _about(record, found)) for record in extra]


def _about(record: Record, among: Extraction) -> str:
    return next((q.text for q in among.quantities if isinstance(record, Statement) and q.id == record.q), "")


def evaluate(gold: Mapping[str, Extraction], found: Mapping[str, Extraction]) -> Scores:
    """Score found records against annotated ones; a document that is not in `found` has none.

    >>> from chitieu.nlp import Document, extract
    >>> [read] = extract([Document("a", "Thu ngân sách đạt 900 tỷ đồng.")])
    >>> evaluate({"a": read}, {"a": read}).figures["quantity"].f1
    1.0
    """
    scores = Scores()
    for name, annotated in gold.items():
        _score(annotated, found.get(name) or Extraction(name), scores)
    return scores


def _score(gold: Extraction, found: Extraction, scores: Scores) -> None:
    same_values = _score_quantities(gold, found, scores)
    _score_times(gold, found, scores)
    _score_statements(gold, found, same_values, scores)
    _score_documents(gold, found, scores)
    _score_tasks(gold, found, scores)


def _score_quantities(gold: Extraction, found: Extraction, scores: Scores) -> dict[str, str]:
    """Gives, for each annotated quantity whose number was found, the id of the one found."""
    sizes = len(gold.quantities), len(found.quantities)
    valued = _pairs(gold.quantities, found.quantities, lambda g, p: _overlap(g, p) and _same_number(g, p))
    whole = [(g, p) for g, p in valued if same_unit(g.unit, p.unit)]
    scores.count("quantity.value", len(valued), *sizes)
    scores.count("quantity", len(whole), *sizes)
    scores.count("quantity.bound", sum(g.bound == p.bound for g, p in whole), *sizes)
    scores.blame("quantity", gold, found, *_unpaired(gold.quantities, found.quantities, whole))
    return {g.id: p.id for g, p in valued}


def _score_times(gold: Extraction, found: Extraction, scores: Scores) -> None:
    sizes = len(gold.times), len(found.times)
    pairs = _pairs(gold.times, found.times, lambda g, p: _overlap(g, p) and _dates(g) == _dates(p))
    scores.count("time", len(pairs), *sizes)
    scores.count("time.role", sum(g.role == p.role for g, p in pairs), *sizes)
    scores.blame("time", gold, found, *_unpaired(gold.times, found.times, pairs))
    due, found_due = ([t for t in times if t.role == "deadline"] for times in (gold.times, found.times))
    met = _pairs(due, found_due, lambda g, p: _overlap(g, p) and g.until == p.until)
    scores.count("deadline", len(met), len(due), len(found_due))


def _score_statements(gold: Extraction, found: Extraction, same_values: Mapping[str, str], scores: Scores) -> None:
    times, found_times = _by_id(gold.times), _by_id(found.times)

    def same_time(g: Statement, p: Statement) -> bool:
        return _dates(times.get(g.t or "")) == _dates(found_times.get(p.t or ""))

    def closeness(g: Statement, p: Statement) -> tuple[bool, bool, float]:
        return g.role == p.role, same_time(g, p), shared_words(g.text, p.text)

    rest = list(found.statements)
    pairs = []
    for g in gold.statements:
        options = [p for p in rest if _same_fact(g, p, same_values)]
        if options:
            best = max(options, key=lambda p: closeness(g, p))  # noqa: B023 - used in this round only
            pairs.append((g, best))
            _take(rest, best)
    roles = [(g, p) for g, p in pairs if g.role == p.role]
    sizes = len(gold.statements), len(found.statements)
    scores.count("statement.linked", len(pairs), *sizes)
    scores.count("statement.place", sum(_same_phrase(g.place, p.place) for g, p in pairs), *sizes)
    scores.count("statement.role", len(roles), *sizes)
    scores.count("statement", sum(g.dir == p.dir and same_time(g, p) for g, p in roles), *sizes)
    scores.blame("statement", gold, found, *_unpaired(gold.statements, found.statements, pairs))
    _score_targets(gold, found, same_values, scores)


def _score_targets(gold: Extraction, found: Extraction, same_values: Mapping[str, str], scores: Scores) -> None:
    targets, rest = ([s for s in statements if s.role == "target"] for statements in (gold.statements, found.statements))
    size, hits = len(rest), 0
    for g in targets:
        hit = next((p for p in rest if _same_fact(g, p, same_values)), None)
        if hit is not None:
            _take(rest, hit)
            hits += 1
    scores.count("target", hits, len(targets), size)


def _score_documents(gold: Extraction, found: Extraction, scores: Scores) -> None:
    named, found_named = _distinct(gold.refs), _distinct(found.refs)
    pairs = [(g, found_named[key]) for key, g in named.items() if key in found_named]
    sizes = len(named), len(found_named)
    scores.count("ref", len(pairs), *sizes)
    scores.count("ref.type", sum(g.type is None or _plain(g.type) == _plain(p.type) for g, p in pairs), *sizes)
    scores.count("ref.date", sum(g.date == p.date for g, p in pairs), *sizes)
    scores.blame("ref", gold, found, *_unpaired(list(named.values()), list(found_named.values()), pairs))


def _score_tasks(gold: Extraction, found: Extraction, scores: Scores) -> None:
    times, found_times = _by_id(gold.times), _by_id(found.times)

    def due(task: Task, known: Mapping[str, Time]) -> date | None:
        time = known.get(task.t or "")
        return time.until if time else None

    pairs = _pairs(gold.tasks, found.tasks, _same_task)
    sizes = len(gold.tasks), len(found.tasks)
    scores.count("task", len(pairs), *sizes)
    scores.count("task.who", sum(_same_phrase(g.who, p.who) for g, p in pairs), *sizes)
    scores.blame("task", gold, found, *_unpaired(gold.tasks, found.tasks, pairs))
    met = sum(g.t is not None and due(g, times) == due(p, found_times) for g, p in pairs)
    scores.count("task.deadline", met, sum(k.t is not None for k in gold.tasks), sum(k.t is not None for k in found.tasks))


def shared_words(one: str | None, other: str | None) -> float:
    """F1 of the words two phrases share, 0 to 1; case and Unicode form do not count.

    >>> shared_words("Thu ngân sách trên địa bàn", "thu ngân sách")
    0.6666666666666666
    """
    a, b = Counter(_words(one)), Counter(_words(other))
    if not a or not b:
        return 0.0
    return 2 * (a & b).total() / (a.total() + b.total())


def same_unit(one: str, other: str) -> bool:
    """Whether two units mean the same: "đồng" and "VND", "%/năm" and "%", "hộ" and "hộ nghèo".

    >>> same_unit("VND/người/năm", "đồng/người"), same_unit("ha", "km")
    (True, False)
    """
    a, b = _unit_parts(one), _unit_parts(other)
    return a == b or (len(a) == len(b) and all(map(_same_part, a, b)))


def _unit_parts(unit: str) -> list[str]:
    parts = [_UNIT.get(part.strip(), part.strip()) for part in _plain(unit).split("/")]
    return parts[:-1] if len(parts) > 1 and parts[-1] in ("năm", "tháng") else parts


def _same_part(one: str, other: str) -> bool:
    if one == other:
        return True
    a, b = _words(one), _words(other)
    return bool(a and b) and (a[: len(b)] == b or b[: len(a)] == a)


def _same_number(gold: Quantity, found: Quantity) -> bool:
    if gold.value is None:
        return _close(gold.low, found.low) and _close(gold.high, found.high)
    return _close(gold.value, found.value) and (gold.of is None or _close(gold.of, found.of))


def _close(gold: float | None, found: float | None) -> bool:
    if gold is None or found is None:
        return gold is found
    return abs(gold - found) <= 1e-6 * max(1.0, abs(gold))


def _same_fact(gold: Statement, found: Statement, same_values: Mapping[str, str]) -> bool:
    return found.q == same_values.get(gold.q) and shared_words(gold.text, found.text) >= _HALF


def _same_task(gold: Task, found: Task) -> bool:
    begins_inside = found.start - _TASK_SLACK <= gold.start <= found.end
    return begins_inside and shared_words(gold.text, found.text[: len(gold.text) + _TASK_LONGER]) >= _TASK_WORDS


def _same_phrase(gold: str | None, found: str | None) -> bool:
    return (not gold and not found) or shared_words(gold, found) >= _HALF


def _distinct(refs: Iterable[Reference]) -> dict[str, Reference]:
    """Each numbered document once: the mention that tells most of it stands for it."""
    best: dict[str, Reference] = {}
    for ref in refs:
        if not ref.number:
            continue
        key = re.sub(r"[\s–-]+", "-", _plain(ref.number)).replace("đ", "d")
        if key not in best or _told(ref) > _told(best[key]):
            best[key] = ref
    return best


def _told(ref: Reference) -> int:
    return sum(bool(said) for said in (ref.type, ref.date, ref.issuer, ref.signer))


def _pairs(gold: Sequence[_R], found: Sequence[_R], same: Callable[[_R, _R], bool]) -> list[tuple[_R, _R]]:
    """One-to-one pairs: each annotated record, in text order, takes what shares most of its span."""
    rest, out = list(found), []
    for g in sorted(gold, key=lambda record: record.start):
        options = [p for p in rest if same(g, p)]
        if options:
            best = max(options, key=lambda p: min(g.end, p.end) - max(g.start, p.start))  # noqa: B023
            out.append((g, best))
            _take(rest, best)
    return out


def _take(rest: list[_R], record: _R) -> None:
    """Remove this very record: others may be equal to it."""
    del rest[next(n for n, other in enumerate(rest) if other is record)]


def _unpaired(gold: Iterable[_R], found: Iterable[_R], pairs: Iterable[tuple[_R, _R]]) -> tuple[list[_R], list[_R]]:
    paired = {id(record) for pair in pairs for record in pair}
    return [g for g in gold if id(g) not in paired], [p for p in found if id(p) not in paired]


def _overlap(one: Record, other: Record) -> bool:
    return one.start < other.end and other.start < one.end


def _dates(time: Time | None) -> tuple[date | None, date | None] | None:
    return (time.since, time.until) if time else None


def _by_id(times: Iterable[Time]) -> dict[str, Time]:
    return {time.id: time for time in times}


def _words(phrase: str | None) -> list[str]:
    return re.findall(r"\w+", _plain(phrase))


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split()).lower()
