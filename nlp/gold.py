"""Annotated documents: reading them, with or without the words of their texts.

A gold is a folder of ID.json files, or a JSON Lines file, in the format that `Extraction.to_json()`
writes. Where a text may not be published, its annotations hold offsets alone, beside the SHA-256
of the text they were made on; who must do a task is then a pair of offsets as well. `read_gold`
puts the words back from the texts and refuses one that is not the text the annotator read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeInt, ValidationError

from chitieu.nlp.records import Bound, Extraction, Quantity, Reference, Statement, StatementRole, Task, Time, TimeRole


class GoldError(ValueError):
    """An annotation or a text that cannot be used; the message names the file and what to do."""


def read_gold(path: Path, texts: Mapping[str, str] | None = None) -> dict[str, Extraction]:
    """The annotated documents of a folder or a JSON Lines file, by id, in order of their ids.

    `texts` are the texts by id, where they are at hand: a text whose hash is not the annotation's
    is refused, and annotations made of offsets get their words from it. Raises GoldError.
    """
    found = {}
    for where, raw in _objects(path):
        try:
            document = _Document.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise GoldError(f"{where}: {key}: {first['msg']}") from None
        if document.id in found:
            raise GoldError(f"{where}: the document {document.id!r} stands there twice")
        found[document.id] = _restore(document, (texts or {}).get(document.id), where)
    if not found:
        raise GoldError(f"{path}: holds no annotated document (ID.json in a folder, or lines of a .jsonl file)")
    return dict(sorted(found.items()))


def read_ids(path: Path) -> list[str]:
    """The ids of the documents of a gold, without a look at their records."""
    try:
        return sorted(str(json.loads(raw)["id"]) for _, raw in _objects(path))
    except (ValueError, TypeError, KeyError) as error:
        raise GoldError(f"{path}: not every document is a JSON object with an id ({error})") from None


def read_texts(path: Path, ids: Collection[str]) -> dict[str, str]:
    """The texts of these ids from a folder of ID.txt files or a JSON Lines file (.jsonl, .jsonl.gz).

    Texts come exactly as stored: offsets count in them. Ids without a text are left out.
    """
    wanted = set(ids)
    if path.is_dir():
        files = {name: path / f"{name}.txt" for name in sorted(wanted)}
        return {name: _decode(file) for name, file in files.items() if file.is_file()}
    found = {}
    for where, raw in _lines(path):
        try:
            line = json.loads(raw)
            if line["id"] in wanted:
                found[line["id"]] = str(line["text"])
        except (ValueError, TypeError, KeyError):
            raise GoldError(f"{where}: not a JSON object with the keys id and text") from None
    return found


def fingerprint(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits, by which an annotation knows its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _objects(path: Path) -> Iterator[tuple[str, str]]:
    if not path.is_dir():
        yield from _lines(path)
        return
    for file in sorted(path.glob("*.json")):
        yield str(file), _decode(file)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        opened = gzip.open(path, "rt", encoding="utf-8") if path.name.endswith(".gz") else path.open(encoding="utf-8")
        with opened as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except FileNotFoundError:
        raise GoldError(f"there is no file or folder {path}") from None
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: cannot be read: {error}") from None


def _decode(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{file}: cannot be read: {error}") from None


_Empty = BeforeValidator(lambda value: value or "")
_Day = date
"""The class under another name: a model has a field `date`, too."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Mark(_Model):
    start: NonNegativeInt
    end: NonNegativeInt
    text: str | None = None


class _Time(_Mark):
    id: str
    since: date | None = Field(validation_alias="from")
    until: date | None = Field(validation_alias="to")
    role: TimeRole = "date"


class _Quantity(_Mark):
    id: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: float | None = None
    unit: Annotated[str, _Empty] = ""
    bound: Bound = "="


class _Statement(_Mark):
    q: str
    indicator: str | None = None
    role: StatementRole = "actual"
    dir: Annotated[Literal["up", "down", ""], _Empty] = ""
    t: str | None = None
    place: str | None = None


class _Reference(_Mark):
    number: str | None = None
    type: str | None = None
    date: _Day | None = None
    issuer: str | None = None
    signer: str | None = None


class _Task(_Mark):
    who: str | tuple[NonNegativeInt, NonNegativeInt] | None = None
    t: str | None = None


class _Document(_Model):
    id: str
    published: date | None = None
    place: str | None = None
    sha256: str | None = Field(default=None, min_length=16, validation_alias=AliasChoices("sha256", "sha"))
    times: list[_Time] = []
    quantities: list[_Quantity] = []
    statements: list[_Statement] = []
    refs: list[_Reference] = []
    unnumbered: list[_Reference] = []
    tasks: list[_Task] = []


def _restore(document: _Document, text: str | None, where: str) -> Extraction:
    if text is not None and document.sha256 and not fingerprint(text).startswith(document.sha256):
        raise GoldError(
            f"{where}: the text given for {document.id!r} is not the one that was annotated (its SHA-256 begins "
            f"{fingerprint(text)[:12]}…, not {document.sha256[:12]}…); give the text exactly as it was stored"
        )
    words = _Words(text, where)
    out = Extraction(document.id, document.published, document.place)
    out.times = [
        Time(id=t.id, start=t.start, end=t.end, text=words.of(t, t.text), since=t.since, until=t.until, role=t.role)
        for t in document.times
    ]
    out.quantities = [
        Quantity(
            id=q.id, start=q.start, end=q.end, text=words.of(q, q.text),
            value=q.value, low=q.low, high=q.high, of=q.of, unit=q.unit, bound=q.bound,
        )
        for q in document.quantities
    ]
    out.statements = [
        Statement(
            start=s.start, end=s.end, text=words.of(s, s.indicator or s.text),
            q=s.q, role=s.role, dir=s.dir, t=s.t, place=s.place,
        )
        for s in document.statements
    ]
    out.refs = [
        Reference(
            start=r.start, end=r.end, text=words.of(r, r.text),
            number=r.number, type=r.type, date=r.date, issuer=r.issuer, signer=r.signer,
        )
        for r in sorted([*document.refs, *document.unnumbered], key=lambda r: r.start)
    ]
    out.tasks = [
        Task(start=k.start, end=k.end, text=words.of(k, k.text), who=words.who(k.who), t=k.t) for k in document.tasks
    ]
    _check_links(out, where)
    return out


class _Words:
    """Gives marks the words they stand for, from the annotation itself or from the text."""

    def __init__(self, text: str | None, where: str) -> None:
        self.text = text
        self.where = where

    def of(self, mark: _Mark, given: str | None) -> str:
        return self._cut(mark.start, mark.end) if given is None else given

    def who(self, given: str | tuple[int, int] | None) -> str | None:
        return self._cut(*given) if isinstance(given, tuple) else given

    def _cut(self, start: int, end: int) -> str:
        if self.text is None:
            raise GoldError(f"{self.where}: its records are offsets into a text that was not given; say where the texts are")
        if not start < end <= len(self.text):
            raise GoldError(f"{self.where}: the offsets {start} to {end} do not lie in its text of {len(self.text)} characters")
        return self.text[start:end]


def _check_links(found: Extraction, where: str) -> None:
    quantities, times = {q.id for q in found.quantities}, {t.id for t in found.times}
    for s in found.statements:
        if s.q not in quantities:
            raise GoldError(f"{where}: the statement about {s.text!r} names a quantity {s.q!r} that is not there")
    for t in (record.t for record in (*found.statements, *found.tasks)):
        if t is not None and t not in times:
            raise GoldError(f"{where}: a record names a time {t!r} that is not there")
