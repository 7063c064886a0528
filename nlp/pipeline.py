"""The spaCy pipeline: one registered component for each kind of record.

`build()` gives a `Language` whose documents carry their records in `doc._.chitieu` and as span
groups in `doc.spans` ("times", "quantities", "indicators", "refs", "tasks"); `extract()` runs it
over documents and gives the records alone, so that memory stays flat over long runs.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from chitieu.data import DATA
from chitieu.nlp import documents, facts, loglinear, places, quantities, records, roles, sentences, statements, task_rules, tasks, times, unnumbered, words, zones
from chitieu.nlp.pieces import Pieces
from chitieu.nlp.records import Document, Extraction, Quantity, Reference, Statement, Task, Time, Zone
from chitieu.nlp.text import Ordered, Reading, Spans, read
from chitieu.nlp.tokenizer import create_tokenizer  # noqa: F401  registers the tokenizer

_TABLES = ("units.toml", "calendar.toml", "officialese.toml", "document_types.csv", "agencies.csv", "places.csv", "indicators.toml")


def _digest_of_rules() -> str:
    """Twelve hexadecimal digits over the code of this package, its models and the tables it reads."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted(loglinear.MODELS.glob("*.tsv.gz")), *sorted(loglinear.MODELS.glob("*.npz")), *(DATA / name for name in _TABLES)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


RULES_VERSION = _digest_of_rules()
"""Changes with every change of rules or tables: stored articles are then extracted again."""

COMPONENTS = (
    "chitieu_reading",
    "chitieu_documents",
    "chitieu_times",
    "chitieu_unnumbered",
    "chitieu_quantities",
    "chitieu_time_roles",
    "chitieu_places",
    "chitieu_statements",
    "chitieu_tasks",
    "chitieu_records",
)


@dataclass(slots=True)
class Analysis:
    """What the components hand each other for one document: everything in plain offsets."""

    document: Document
    reading: Reading
    zones: tuple[Zone, ...] = ()
    sentences: list[tuple[int, int]] = field(default_factory=list)
    sentence_zones: dict[int, str] = field(default_factory=dict)
    mentions: list[documents.Mention] = field(default_factory=list)
    unnumbered: list[documents.Mention] = field(default_factory=list)
    """Documents named by issuer, kind and subject; figures and times may stand inside."""
    times: list[times.Found] = field(default_factory=list)
    undated: list[tuple[int, int]] = field(default_factory=list)
    latest_day: date | None = None
    """The latest full date the text names: it stands for a publication day that is not known."""
    figures: list[quantities.Figure] = field(default_factory=list)
    named: list[places.Named] = field(default_factory=list)
    main_place: str | None = None
    facts: list[facts.Fact] = field(default_factory=list)
    orders: list[tasks.Order] = field(default_factory=list)
    extraction: Extraction | None = None
    _pieces: Pieces | None = None

    def assign_time_roles(self, chooser: roles.Chooser | None = None) -> None:
        """Give every time its role; `chooser` takes the place of the model."""
        self._pieces = None
        published = self.document.published
        mentions = [(m.start, m.end) for m in self.mentions]
        roles.assign_roles(
            self.times, self.reading.lower, self.reading.plain, self.sentences, self.figures, mentions,
            published or self.latest_day, assumed=published is None, chooser=chooser,
        )  # fmt: skip

    def pieces(self) -> Pieces:
        """The sentences as the learned components read them, once the times have their roles."""
        if self._pieces is None:
            self._pieces = Pieces(self.reading.lower, self.figures, self.times, self.named, [(m.start, m.end) for m in self.mentions])
        return self._pieces

    def scene(self) -> facts.Scene:
        """What statements are read from."""
        return facts.Scene(
            self.reading.plain, self.reading.lower, self.sentences, self.figures, Ordered(self.times), Ordered(self.named),
            Ordered(places.find_sites(self.reading)), self.pieces(), self.main_place,
            self.document.published or self.latest_day, self.sentence_zones,
        )  # fmt: skip

    def records(self) -> Extraction:
        """What was found, as records with stored offsets."""
        return _Recorder(self).extraction()

    def task_scene(self) -> tasks.Scene:
        """What tasks are read from."""
        r = self.reading
        ruled = task_rules.find_tasks(r.lower, r.plain, self.sentences, self.sentence_zones, self.times)
        return tasks.Scene(r.plain, r.lower, self.sentences, self.sentence_zones, Ordered(self.times), self.pieces(), {order.start: order for order in ruled})


if not Doc.has_extension("chitieu"):
    Doc.set_extension("chitieu", default=None)


def _analysis(doc: Doc) -> Analysis:
    if doc._.chitieu is None:
        doc._.chitieu = Analysis(Document(id="", text=doc.text), read(doc.text))
    analysis: Analysis = doc._.chitieu
    return analysis


@Language.component("chitieu_reading")
def read_document(doc: Doc) -> Doc:
    """Plain text, zones and sentences."""
    a = _analysis(doc)
    found = a.document.zones or zones.find_zones(a.reading.stored)
    to_plain = a.reading.to_plain
    a.zones = tuple(Zone(to_plain(z.start), to_plain(z.end), z.name) for z in found)
    a.sentences = sentences.find_sentences(a.reading)
    a.sentence_zones = _zones_of(a.sentences, a.zones)
    return doc


def _zones_of(spans: list[tuple[int, int]], found: tuple[Zone, ...]) -> dict[int, str]:
    out: dict[int, str] = {}
    z = 0
    for n, (start, _) in enumerate(spans):
        while z < len(found) and found[z].end <= start:
            z += 1
        out[n] = found[z].name if z < len(found) and found[z].start <= start else "body"
    return out


@Language.component("chitieu_documents")
def add_documents(doc: Doc) -> Doc:
    """Documents named by number."""
    a = _analysis(doc)
    a.mentions = documents.find_documents(a.reading)
    return doc


@Language.component("chitieu_times")
def add_times(doc: Doc) -> Doc:
    """Times, those of teasers read against what the teasers themselves date."""
    a = _analysis(doc)
    blocked = [(m.start, m.end) for m in a.mentions]
    breaks = [s for s, _ in a.sentences]
    own = times.Anchor(a.document.published, breaks=breaks)
    teased = times.Anchor(None, breaks=breaks)
    for start, end, teaser in _runs(a):
        a.times.extend(times.find_times(a.reading, teased if teaser else own, blocked, start, end))
    a.times.sort(key=lambda t: t.start)
    a.undated = own.unresolved + teased.unresolved
    a.latest_day = _latest_day(a.times)
    return doc


@Language.component("chitieu_unnumbered")
def add_unnumbered(doc: Doc) -> Doc:
    """Documents named without a number, and the days of documents that only the times tell."""
    a = _analysis(doc)
    a.unnumbered = unnumbered.find_unnumbered(a.reading, a.mentions)
    days = [unnumbered.Day(t.start, t.end, t.since) for t in a.times if t.grain == "day" and t.since and t.since == t.until]
    unnumbered.add_days([*a.mentions, *a.unnumbered], a.reading.lower, days)
    return doc


def _latest_day(found: list[times.Found]) -> date | None:
    """The latest full date that is no deadline; without one, the first day of the latest year named."""
    plain = [t for t in found if t.prefix in ("", "within", "from") and t.named_year and t.since]
    days = [t.since for t in plain if t.grain == "day" and t.since]
    if days:
        return max(days)
    years = [t.since.year for t in plain if t.since and t.rule not in ("year.range", "year.span")]
    return date(max(years), 1, 1) if years else None


def _runs(a: Analysis) -> list[tuple[int, int, bool]]:
    """The stretches of text that are teasers and those that are not, in text order."""
    cuts: list[tuple[int, int, bool]] = []
    at = 0
    for teaser, group in itertools.groupby(a.zones, key=lambda z: z.name == "teaser"):
        members = list(group)
        start = at if not cuts else members[0].start
        if cuts:
            cuts[-1] = (cuts[-1][0], start, cuts[-1][2])
        cuts.append((start, members[-1].end, teaser))
        at = members[-1].end
    if not cuts:
        return [(0, len(a.reading.plain), False)]
    cuts[-1] = (cuts[-1][0], len(a.reading.plain), cuts[-1][2])
    return cuts


@Language.factory("chitieu_quantities", default_config={"tagged": True})
class QuantityFinder:
    """Quantities. `tagged` off does without underthesea's tags."""

    def __init__(self, nlp: Language, name: str, tagged: bool) -> None:
        self.tagged = tagged

    def __call__(self, doc: Doc) -> Doc:
        a = _analysis(doc)
        blocked = [(m.start, m.end) for m in a.mentions] + [(t.start, t.end) for t in a.times] + a.undated
        taken = Spans(blocked)
        worded = [f for f in quantities.find_worded(a.reading) if not taken.overlap(f.start, f.end)]
        blocked += [(f.start, f.end) for f in worded]
        plain = a.reading.plain

        def noun_at(at: int, in_digits: bool) -> tuple[int, str] | None:
            return words.noun_after(plain, at, certain=not in_digits, tagged=self.tagged)

        a.figures = sorted(quantities.find_quantities(a.reading, blocked, noun_at) + worded, key=lambda f: f.start)
        return doc


@Language.component("chitieu_time_roles")
def add_time_roles(doc: Doc) -> Doc:
    """Roles of the times."""
    a = _analysis(doc)
    a.assign_time_roles()
    return doc


@Language.component("chitieu_places")
def add_places(doc: Doc) -> Doc:
    """Places, and the one the text is about."""
    a = _analysis(doc)
    a.named = places.find_places(a.reading)
    teasers = Spans((z.start, z.end) for z in a.zones if z.name == "teaser")
    own = [n for n in a.named if not teasers.overlap(n.start, n.start + 1)]
    teaser = next((z.start for z in a.zones if z.name == "teaser"), None)
    a.main_place = places.main_place(a.reading, own, a.document.place, teaser)
    return doc


@Language.component("chitieu_statements")
def add_statements(doc: Doc) -> Doc:
    """Statements: figures tied to their indicators."""
    a = _analysis(doc)
    a.facts = statements.find_statements(a.scene())
    return doc


@Language.component("chitieu_tasks")
def add_tasks(doc: Doc) -> Doc:
    """Tasks."""
    a = _analysis(doc)
    a.orders = tasks.find_tasks(a.task_scene())
    return doc


@Language.component("chitieu_records")
def make_records(doc: Doc) -> Doc:
    """Records with stored offsets, and the span groups."""
    a = _analysis(doc)
    a.extraction = a.records()
    for name, found in (
        ("times", a.extraction.times),
        ("quantities", a.extraction.quantities),
        ("indicators", a.extraction.statements),
        ("refs", a.extraction.refs),
        ("tasks", a.extraction.tasks),
    ):
        doc.spans[name] = [span for r in found if (span := _span(doc, r)) is not None]
    return doc


def _span(doc: Doc, record: records.Record) -> Span | None:
    return doc.char_span(record.start, record.end, label=record.rule, span_id=record.uid, alignment_mode="expand")


class _Recorder:
    """Turns an analysis into records."""

    def __init__(self, analysis: Analysis) -> None:
        self.a = analysis
        self.stored = analysis.reading.stored
        self.taken: set[str] = set()
        self.starts = [s for s, _ in analysis.sentences]

    def extraction(self) -> Extraction:
        a = self.a
        out = Extraction(a.document.id, a.document.published, a.main_place)
        out.times = [
            Time(**self._common(t.start, t.end, t.rule, 0.95), id=f"t{n}", since=t.since, until=t.until, role=t.role)  # type: ignore[arg-type]
            for n, t in enumerate(a.times, 1)
        ]
        out.quantities = [
            Quantity(
                **self._common(f.start, f.end, f.rule, 0.95 if f.dimension != "count" else 0.85),
                id=f"q{n}", value=f.value, low=f.low, high=f.high, of=f.of, unit=f.unit, bound=f.bound,  # type: ignore[arg-type]
            )
            for n, f in enumerate(a.figures, 1)
        ]
        out.statements = [
            Statement(
                **self._common(s.start, s.end, s.rule, s.confidence, at=a.figures[s.figure].start),
                id=f"s{n}", q=f"q{s.figure + 1}", role=s.role, dir=s.direction,  # type: ignore[arg-type]
                t=f"t{s.time + 1}" if s.time is not None else None, place=s.place,
            )
            for n, s in enumerate(a.facts, 1)
        ]
        out.refs = [
            Reference(
                **self._common(m.start, m.end, m.rule, 0.8 if m.number is None else 0.95),
                id=f"d{n}", number=m.number, type=m.type, date=m.date, issuer=self._issuer(m), signer=m.signer, subject=m.subject,
            )
            for n, m in enumerate(sorted([*a.mentions, *a.unnumbered], key=lambda m: m.start), 1)
        ]
        out.tasks = [
            Task(
                **self._common(o.start, o.end, o.rule, o.confidence),
                id=f"k{n}", who=self._text(*o.who) if o.who else None, t=f"t{o.time + 1}" if o.time is not None else None,
            )
            for n, o in enumerate(a.orders, 1)
        ]
        self._name(out)
        return out

    def _text(self, start: int, end: int) -> str:
        s, e = self.a.reading.to_stored(start, end)
        return " ".join(self.stored[s:e].split())

    def _common(self, start: int, end: int, rule: str, confidence: float, at: int | None = None) -> dict[str, object]:
        """Stored offsets, text, zone and sentence of a plain span; the sentence is that of `at` if given."""
        s, e = self.a.reading.to_stored(start, end)
        number = self._sentence(start if at is None else at)
        span = self.a.sentences[number] if self.a.sentences else (start, end)
        return {
            "start": s,
            "end": e,
            "text": self.stored[s:e],
            "zone": self.a.sentence_zones.get(number, "body"),
            "sentence": self.a.reading.to_stored(*span),
            "rule": rule,
            "confidence": confidence,
        }

    def _sentence(self, at: int) -> int:
        return max(0, bisect_right(self.starts, at) - 1)

    def _issuer(self, mention: documents.Mention) -> str | None:
        """The issuer without its signer's name, and with the province where the text leaves it out."""
        issuer = mention.issuer
        if issuer and mention.signer:
            issuer = issuer.replace(mention.signer, "").strip()
        if issuer and issuer.endswith((" tỉnh", " thành phố")) and self.a.main_place not in (None, "cả nước"):
            issuer = f"{issuer} {self.a.main_place}"
        return issuer or None

    def _name(self, out: Extraction) -> None:
        """Stable ids: of what each record says and the sentence it says it in."""
        by_q = {q.id: q for q in out.quantities}
        by_t = {t.id: t for t in out.times}
        for kind, found in (
            ("time", out.times), ("quantity", out.quantities), ("statement", out.statements), ("ref", out.refs), ("task", out.tasks),
        ):
            seen: Counter[tuple[str, ...]] = Counter()
            for r in found:
                sentence = " ".join(self.stored[r.sentence[0] : r.sentence[1]].split())
                said = [sentence, r.text]
                if isinstance(r, Statement):
                    t = by_t.get(r.t or "")
                    said += [by_q[r.q].text, r.role, t.text if t else ""]
                r.uid = records.uid(out.id, kind, *said, nth=seen[tuple(said)])
                seen[tuple(said)] += 1


def build(*, tagged: bool = True) -> Language:
    """A spaCy pipeline that finds all five kinds of records.

    `tagged` off leaves out underthesea's tags (to measure what they earn).
    """
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "chitieu.syllables.v1"}}})
    nlp.max_length = 50_000_000
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"tagged": tagged} if name == "chitieu_quantities" else {})
    return nlp


def analyse(nlp: Language, document: Document) -> Doc:
    """One document through the pipeline; its records are in `doc._.chitieu.extraction`."""
    doc = nlp.make_doc(document.text)
    doc._.chitieu = Analysis(document, read(document.text))
    return nlp(doc)


def extract(found: Iterable[Document], *, nlp: Language | None = None) -> Iterator[Extraction]:
    """The records of documents, lazily and in order. Memory stays flat over any number of them."""
    nlp = nlp or build()
    batches = iter(found)
    while batch := list(itertools.islice(batches, 64)):
        with nlp.memory_zone():
            done = [analyse(nlp, document)._.chitieu.extraction for document in batch]
        _settle()
        yield from done


@cache
def _settle() -> None:
    """Leaves models, tables and tagger, which the first texts load, out of the search for garbage: they live as long as the process.

    Going through them again and again took a fifteenth of the time of extraction.
    """
    gc.collect()
    gc.freeze()
