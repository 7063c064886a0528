"""Articles or given documents to records.

`extract` takes what is new in the store; `extract_files` turns files into a file and touches no
store. Both go through `extracting`, where a document that breaks extraction costs itself alone.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Context, Decimal
from pathlib import Path
from typing import Any, TextIO

import chitieu.nlp as nlp
from chitieu.crawlers.ledger import Yield
from chitieu.nlp.records import Document, Extraction, Quantity, Record, Zone
from chitieu.pipelines import batches
from chitieu.pipelines.documents import (
    GivenDocument,
    Unreadable,
    is_json_lines,
    local_day,
    read_documents,
    read_text_files,
)
from chitieu.pipelines.engine import Engine, Pending, Pool, PoolBroken, TaskLost, in_order, processors
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.stage import OnProgress, chunks, no_progress, stage_run
from chitieu.pipelines.store import Store, atomic_path

log = logging.getLogger("chitieu")

_KINDS = ("quantities", "times", "statements", "refs", "tasks")
_BATCH = 256
_CHUNK = 16
_SIX_PLACES = Decimal("0.000001")
_DIGITS = Context(prec=38)


@dataclass(frozen=True, slots=True)
class Failed:
    """A document whose extraction raised: an error of ours, told and gone past."""

    id: str
    detail: str


@dataclass(slots=True)
class ExtractReport:
    """What an extraction did: documents gone through, records found by kind, failures."""

    documents: int = 0
    unchanged: int = 0
    records: dict[str, int] = field(default_factory=dict)
    failures: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return {"documents": self.documents, "unchanged": self.unchanged, **self.records}

    def add(self, extraction: Extraction) -> None:
        self.documents += 1
        for kind in _KINDS:
            self.records[kind] = self.records.get(kind, 0) + len(getattr(extraction, kind))


def _count(extraction: Extraction) -> int:
    """How many records were found."""
    return sum(len(getattr(extraction, kind)) for kind in _KINDS)


ExtractEach = Callable[[Iterable[Document]], Iterator[Extraction | Failed]]
"""Takes documents, gives one result for each, in order."""


@contextmanager
def extracting(engine: Engine = Engine()) -> Iterator[ExtractEach]:
    """A function that extracts from each document: here, or where the engine says.

    Raises UserError where a worker process of this machine is killed, or a cluster is lost.
    """
    if engine.name == "processes" and (engine.workers or 1) == 1:
        yield lambda documents: (result for chunk in chunks(documents, _CHUNK) for result in _extract_chunk(chunk))
        return
    with engine.pool(processors()) as pool:
        yield lambda documents: _extract_in(pool, engine, documents)


def _extract_in(pool: Pool, engine: Engine, documents: Iterable[Document]) -> Iterator[Extraction | Failed]:
    for chunk, pending in in_order(pool, _extract_chunk, chunks(documents, _CHUNK)):
        try:
            yield from _results(pool, chunk, pending)
        except PoolBroken as error:
            if engine.name == "dask":
                raise UserError(f"the Dask cluster is gone ({error}); what was extracted is kept: run again to go on") from error
            raise UserError(
                "a worker process of the extraction was killed, perhaps for want of memory; "
                "what the data folder held before is kept: run again with fewer --workers"
            ) from error


def _results(pool: Pool, chunk: list[Document], pending: Pending[list[Extraction | Failed]]) -> Iterator[Extraction | Failed]:
    """The results of a chunk; one document after the other where some document of it kills workers."""
    try:
        yield from pending.result()
    except TaskLost as error:
        if len(chunk) == 1:
            yield Failed(chunk[0].id, str(error))
            return
        for document in chunk:
            yield from _results(pool, [document], pool.submit(_extract_chunk, [document]))


def _extract_chunk(chunk: Sequence[Document]) -> list[Extraction | Failed]:
    try:
        return list(nlp.extract(chunk))
    except Exception:  # noqa: BLE001 - whatever it was, it must cost one document only
        return [_extract_alone(document) for document in chunk]


def extract(
    store: Store, *, redo: bool = False, engine: Engine = Engine(), on_progress: OnProgress = no_progress
) -> ExtractReport:
    """Extract from every article version that has no records of this version of the rules.

    Writes batches to `records/`; an extraction that raises becomes a failure of its article.
    With `redo` everything is extracted anew.
    """
    report = ExtractReport()
    with extracting(engine) as extract_each, stage_run(store, "extract") as run:
        inputs = [row["input_hash"] for row in batches.read_batches(store.articles, ["input_hash"])]
        done = set() if redo else _extracted(store)
        total = len({key for key in inputs if key not in done})
        report.unchanged = len(set(inputs)) - total
        on_progress(0, total)
        run.rules = nlp.RULES_VERSION
        found: dict[str, list[int]] = defaultdict(list)
        out: list[dict[str, Any]] = []
        for row, result in _extracted_rows(extract_each, _pending(store, done)):
            if isinstance(result, Failed):
                run.fail(row["url"] or row["article_id"], "extraction-error", result.detail, source=row["source"])
            else:
                report.add(result)
                found[row["source"]].append(_count(result))
                out.append(_as_row(row, result))
            on_progress(report.documents + run.failures, total)
            if len(out) >= _BATCH:
                batches.write_batch(store.records, out, batches.RECORDS)
                out = []
        if out:
            batches.write_batch(store.records, out, batches.RECORDS)
        run.state.resolve_earlier("extract", run.run_id)
        run.state.note_yields([Yield(run.run_id, source, len(counts), sum(counts)) for source, counts in found.items()])
        report.failures = run.failures
        run.counts |= report.counts
    return report


def _extracted_rows(
    extract_each: ExtractEach, rows: Iterable[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], Extraction | Failed]]:
    """Each row of articles with what was extracted from it; rows are read no further ahead than they are handed out."""
    handed: deque[dict[str, Any]] = deque()

    def documents() -> Iterator[Document]:
        for row in rows:
            handed.append(row)
            yield _as_document(row)

    for result in extract_each(documents()):
        yield handed.popleft(), result


def extract_files(
    paths: Sequence[Path],
    output: Path | None,
    *,
    published: date | None = None,
    engine: Engine = Engine(),
    on_progress: OnProgress = no_progress,
) -> ExtractReport:
    """Extract from JSON Lines or text files to `output` (None: standard output), in input order.

    One JSON object a document, in the exchange format. What cannot be read is logged with its file
    and line and left out. `output` appears complete or not at all.
    """
    for path in paths:
        if not path.is_file():
            raise WrongCall(f"there is no file {path}")
    if published and any(map(is_json_lines, paths)):
        raise WrongCall("--published is for text files; in JSON Lines each document has its own key `published`")
    report = ExtractReport()
    with extracting(engine) as extract_each, _opened(output) as file:
        given = _readable(_read(paths, published), report)
        for result in extract_each(_given_document(document) for document in given):
            if isinstance(result, Failed):
                report.failures += 1
                log.error("%s: extraction failed: %s", result.id, result.detail)
                continue
            report.add(result)
            file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")
            on_progress(report.documents, None)
    return report


def _extract_alone(document: Document) -> Extraction | Failed:
    try:
        (extraction,) = nlp.extract([document])
    except Exception as error:  # noqa: BLE001
        log.debug("extraction of %s failed", document.id, exc_info=True)
        return Failed(document.id, f"{type(error).__name__}: {error}")
    return extraction


def _extracted(store: Store) -> set[str]:
    """The inputs whose newest records are of this version of the rules."""
    newest = {
        row["input_hash"]: row["rules_version"]
        for row in batches.read_batches(store.records, ["input_hash", "rules_version"])
    }
    return {key for key, version in newest.items() if version == nlp.RULES_VERSION}


def _pending(store: Store, done: set[str]) -> Iterator[dict[str, Any]]:
    seen = set(done)
    for row in batches.read_batches(store.articles):
        if row["input_hash"] not in seen:
            seen.add(row["input_hash"])
            yield row


def _as_document(row: Mapping[str, Any]) -> Document:
    return Document(
        id=row["article_id"],
        text=row["text"],
        published=local_day(row["published"]),
        title=row["title"],
        place=row["place"],
        zones=tuple(Zone(zone["start"], zone["end"], zone["name"]) for zone in row["zones"]),
    )


def _given_document(given: GivenDocument) -> Document:
    return Document(
        id=given.id, text=given.text, published=given.published_day, title=given.title, place=given.place
    )


def _as_row(article: Mapping[str, Any], extraction: Extraction) -> dict[str, Any]:
    """The row of a batch: short ids inside the document become the records' lasting ids."""
    quantities = {q.id: q.uid for q in extraction.quantities}
    times = {t.id: t.uid for t in extraction.times}
    return {
        "article_id": article["article_id"],
        "input_hash": article["input_hash"],
        "rules_version": nlp.RULES_VERSION,
        "extracted": datetime.now(timezone.utc),
        "place": extraction.place,
        "times": [_common(t) | {"since": t.since, "until": t.until, "role": t.role} for t in extraction.times],
        "quantities": [_common(q) | _numbers(q) | {"unit": q.unit, "bound": q.bound} for q in extraction.quantities],
        "statements": [
            _common(s)
            | {
                "quantity_uid": quantities.get(s.q),
                "time_uid": times.get(s.t) if s.t else None,
                "role": s.role,
                "dir": s.dir,
                "place": s.place,
            }
            for s in extraction.statements
        ],
        "refs": [
            _common(r)
            | {name: getattr(r, name) for name in ("number", "type", "date", "issuer", "signer", "subject")}
            for r in extraction.refs
        ],
        "tasks": [
            _common(k) | {"who": k.who, "time_uid": times.get(k.t) if k.t else None} for k in extraction.tasks
        ],
    }


def _common(record: Record) -> dict[str, Any]:
    return {
        "uid": record.uid,
        "start": record.start,
        "end": record.end,
        "text": record.text,
        "zone": record.zone,
        "sentence_start": record.sentence[0],
        "sentence_end": record.sentence[1],
        "rule": record.rule,
        "confidence": record.confidence,
    }


def _numbers(q: Quantity) -> dict[str, Decimal | None]:
    return {name: _decimal(getattr(q, name)) for name in ("value", "low", "high", "of")}


def _decimal(value: float | None) -> Decimal | None:
    """The shortest decimal that means `value`, to six places; None beyond what a column holds."""
    if value is None:
        return None
    exact = Decimal(repr(value))
    return exact.quantize(_SIX_PLACES, context=_DIGITS) if exact.is_finite() and abs(exact) < 10**31 else None


def _read(paths: Sequence[Path], published: date | None) -> Iterator[GivenDocument | Unreadable]:
    for path in paths:
        yield from read_documents([path]) if is_json_lines(path) else read_text_files([path], published)


def _readable(items: Iterable[GivenDocument | Unreadable], report: ExtractReport) -> Iterator[GivenDocument]:
    for item in items:
        if isinstance(item, GivenDocument):
            yield item
        else:
            report.failures += 1
            log.error("%s: %s: %s; skipped", item.where, item.cause, item.detail)


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        # A device or a pipe is written to, never replaced.
        in_place = output.exists() and not output.is_file()
        with nullcontext(output) if in_place else atomic_path(output) as path:
            with path.open("w", encoding="utf-8", newline="\n") as file:
                yield file
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror or error}") from error
