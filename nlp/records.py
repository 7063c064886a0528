"""The records extraction gives back, typed, and their JSON form.

Offsets are Python string indices into the text exactly as given, end exclusive. Every record says
where it stands (`zone`, `sentence`), which rule made it (`rule`) and how sure it is (`confidence`,
0 to 1: the share of such records expected to be right, so that a reader can filter). Inside one
document records point at each other by their short ids ("q1", "t3"); `uid` is made of what a
record says and where, so that it outlives a new extraction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

TimeRole = Literal["deadline", "base", "period", "date"]
StatementRole = Literal["target", "actual", "change", "progress"]
Bound = Literal["=", "~", ">=", ">", "<=", "<"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the text and what it is: title, sapo, body, caption, teaser or furniture."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text to extract from. Without `published` only what the text itself dates is resolved."""

    id: str
    text: str
    published: date | None = None
    title: str | None = None
    place: str | None = None
    zones: tuple[Zone, ...] = ()
    """Zones the parser knows of; where none are given they are read off the text."""


@dataclass(slots=True, kw_only=True)
class Record:
    """What all kinds of records share."""

    id: str = ""
    uid: str = ""
    start: int
    end: int
    text: str
    zone: str = "body"
    sentence: tuple[int, int] = (0, 0)
    rule: str = ""
    confidence: float = 1.0


@dataclass(slots=True, kw_only=True)
class Time(Record):
    """A calendar point or span: inclusive ISO dates, either end may be open."""

    since: date | None = None
    until: date | None = None
    role: TimeRole = "date"


@dataclass(slots=True, kw_only=True)
class Quantity(Record):
    """A number that measures or counts: `value`, or `low` and `high` of a range, in `unit`.

    Multipliers are folded in ("873 tỷ đồng" is 873e9 "VND"); `of` is the whole of an n-of-m count.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: float | None = None
    unit: str = ""
    bound: Bound = "="


@dataclass(slots=True, kw_only=True)
class Statement(Record):
    """One quantity tied to the indicator it gives; `start`, `end` and `text` are the indicator's."""

    q: str
    role: StatementRole = "actual"
    dir: Literal["up", "down", ""] = ""
    t: str | None = None
    place: str | None = None


@dataclass(slots=True, kw_only=True)
class Reference(Record):
    """A document that the text names; `number` without spaces, None where the text gives none."""

    number: str | None = None
    type: str | None = None
    date: date | None = None
    issuer: str | None = None
    signer: str | None = None
    subject: str | None = None


@dataclass(slots=True, kw_only=True)
class Task(Record):
    """What someone is ordered to do; the span is the whole ordered clause, `t` its deadline."""

    who: str | None = None
    t: str | None = None


@dataclass(slots=True)
class Extraction:
    """All records of one document, in text order."""

    id: str
    published: date | None = None
    place: str | None = None
    times: list[Time] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    refs: list[Reference] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The document's records as the JSON object of the exchange format.

        "refs" are the documents named by number; those without one stand apart, under "unnumbered".
        """
        out: dict[str, Any] = {"id": self.id}
        if self.published:
            out["published"] = self.published.isoformat()
        if self.place:
            out["place"] = self.place
        out["times"] = [
            _common(t) | {"from": _iso(t.since), "to": _iso(t.until), "role": t.role} for t in self.times
        ]
        out["quantities"] = [_common(q) | _value(q) | {"unit": q.unit, "bound": q.bound} for q in self.quantities]
        out["statements"] = [
            _common(s) | {"q": s.q, "indicator": s.text, "role": s.role, "dir": s.dir, "t": s.t, "place": s.place}
            for s in self.statements
        ]
        out["refs"] = [_reference(r) for r in self.refs if r.number]
        out["unnumbered"] = [_reference(r) for r in self.refs if not r.number]
        out["tasks"] = [_common(k) | {"who": k.who, "t": k.t} for k in self.tasks]
        return out


def _common(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "uid": record.uid,
        "start": record.start,
        "end": record.end,
        "text": record.text,
        "zone": record.zone,
        "sentence": list(record.sentence),
        "rule": record.rule,
        "confidence": round(record.confidence, 3),
    }


def _reference(r: Reference) -> dict[str, Any]:
    told = {"number": r.number, "type": r.type, "date": _iso(r.date), "issuer": r.issuer, "signer": r.signer, "subject": r.subject}
    return _common(r) | told


def _value(q: Quantity) -> dict[str, float]:
    names = ("value", "low", "high", "of")
    return {n: _plain(v) for n in names if (v := getattr(q, n)) is not None}


def _plain(value: float) -> float:
    """Whole numbers as int, so that JSON reads 873000000000 and not 873000000000.0."""
    return int(value) if float(value).is_integer() and abs(value) < 2**63 else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def uid(document: str, kind: str, *what: object, nth: int = 0) -> str:
    """A stable id of 16 hexadecimal digits for a record of `kind` in `document`.

    `what` is what the record says and the words around it; of several records that say the same in
    the same words, `nth` tells them apart (0 for the first).
    """
    text = "\x1f".join([document, kind, *map(str, what), *([str(nth)] if nth else [])])
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
