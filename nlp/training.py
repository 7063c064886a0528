"""Training the learned choices from annotated documents.

The trainer reads each annotated text as extraction does, with the annotator in place of the models:
what it would have to choose between is kept with what the annotator chose, and the models are fitted
to that. `cross_validate` tells what to expect of texts that no model has seen.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern

from spacy.language import Language

from chitieu.nlp import loglinear, naming, placing, roles, statements, tasks, timing
from chitieu.nlp.evaluation import evaluate, shared_words
from chitieu.nlp.fitting import Choice, deepen, deepen_classifier, fit, fit_classifier
from chitieu.nlp.gold import read_gold, read_ids, read_texts
from chitieu.nlp.hidden import Hidden
from chitieu.nlp.loglinear import Model
from chitieu.nlp.pipeline import Analysis, analyse, build
from chitieu.nlp.records import Document, Extraction, Statement, Task

UNLEARNED = ["chitieu_reading", "chitieu_documents", "chitieu_times", "chitieu_unnumbered", "chitieu_quantities", "chitieu_places"]
"""The components that learn nothing; the others follow them."""
PENALTY = {"time_roles": 5.0, "names": 4.0, "roles": 2.0, "times": 3.0, "places": 1.0, "orders": 2.0, "bodies": 1.0, "dues": 1.0, "openings": 2.0}
"""Strength of the quadratic penalty on each model's weights."""
DATED = {"time_roles": 3.0, "places": 3.0}
"""How much more a document whose day is known teaches these models: without it annotators leave times and places open."""
CLASSIFIED = ("time_roles", "roles")
RANKED = ("openings", "orders", "names", "times", "places", "bodies", "dues")
DEEP = frozenset(("names", "roles"))
"""Models with a hidden layer beside the weights: on texts held back it made these better, and the others hardly or not."""
AS_READ = {"places": False, "bodies": True}
"""Models that learn from texts as models read them; whether from these alone."""

_CLOSE = 0.15
"""Phrases whose agreement with the annotator's is this near to the best are right too."""


@dataclass(slots=True)
class Example:
    """An annotated document with what the fixed rules find in it."""

    gold: Extraction
    analysis: Analysis
    weight: float = 1.0

    def lessons(self, learned: dict[str, list[Choice]]) -> Lessons:
        """A place among `learned` for the choices that this document teaches."""
        return Lessons(learned, self.gold.id, self.weight, self.gold.published is not None)


def read_examples(nlp: Language, gold: Path, texts: Path, weight: float = 1.0) -> Iterator[Example]:
    """The annotated documents of a folder or JSON Lines file, analysed as far as nothing learned is needed. Raises GoldError."""
    given = read_texts(texts, read_ids(gold))
    for name, annotated in read_gold(gold, given).items():
        with nlp.select_pipes(enable=UNLEARNED):
            doc = analyse(nlp, Document(name, given[name], annotated.published))
        yield Example(annotated, doc._.chitieu, weight)


def teach(examples: Iterable[Example]) -> dict[str, list[Choice]]:
    """What the models have to learn from the examples, by model."""
    learned: dict[str, list[Choice]] = {}
    for example in examples:
        analysis, gold = example.analysis, example.gold
        lessons = example.lessons(learned)
        analysis.assign_time_roles(TimeTeacher(analysis, gold, lessons))
        statements.find_statements(analysis.scene(), Teacher(analysis, gold, lessons))
        tasks.find_tasks(analysis.task_scene(), TaskTeacher(analysis, gold, lessons))
    return learned


def train(examples: Sequence[Example]) -> dict[str, Model]:
    """All models, fitted to the examples.

    A place is likely that of the statement before, a body that of the order before, which the models
    get wrong where they read alone. What `AS_READ` names learns from each half of the examples also,
    or only, as models of the other half read it.
    """
    learned = teach(examples)
    read: dict[str, list[Choice]] = {}
    for half in (examples[::2], examples[1::2]):
        ids = {example.gold.id for example in half}
        _read(half, Reader.of(_fit({name: [c for c in choices if c.document not in ids] for name, choices in learned.items()})), read)
    for name, only in AS_READ.items():
        learned[name] = read[name] if only else learned[name] + read[name]
    return {name: Model(model.weights, _hidden(name, learned[name], model.weights)) for name, model in _fit(learned).items()}


def _hidden(name: str, choices: list[Choice], weights: Mapping[str, float]) -> Hidden | None:
    if name not in DEEP:
        return None
    return deepen_classifier(choices, weights) if name in CLASSIFIED else deepen(choices, weights)


def _read(examples: Iterable[Example], reader: Reader, learned: dict[str, list[Choice]]) -> None:
    """What the models of `AS_READ` have to learn where all that stands before is as a reader reads it."""
    for example in examples:
        analysis, gold = example.analysis, example.gold
        told: dict[str, list[Choice]] = {}
        lessons = example.lessons(told)
        analysis.assign_time_roles(reader.times)
        statements.find_statements(analysis.scene(), reader.facts, Teacher(analysis, gold, lessons))
        tasks.find_tasks(analysis.task_scene(), reader.orders, TaskTeacher(analysis, gold, lessons))
        for name in AS_READ:
            learned.setdefault(name, []).extend(told.get(name, ()))


def _fit(learned: dict[str, list[Choice]]) -> dict[str, Model]:
    return {name: Model((fit_classifier if name in CLASSIFIED else fit)(choices, l2=PENALTY[name])) for name, choices in learned.items()}


@dataclass(frozen=True, slots=True)
class Reader:
    """Models that read a text without an annotator."""

    times: roles.Model
    facts: statements.Models
    orders: tasks.Models

    @classmethod
    def of(cls, learned: loglinear.Learned) -> Reader:
        """A reader with these models."""
        return cls(roles.Model(learned), statements.Models(learned), tasks.Models(learned))


def apply(analysis: Analysis, reader: Reader) -> Extraction:
    """The records that these models find in an analysed text."""
    analysis.assign_time_roles(reader.times)
    analysis.facts = statements.find_statements(analysis.scene(), reader.facts)
    analysis.orders = tasks.find_tasks(analysis.task_scene(), reader.orders)
    return analysis.records()


def cross_validate(examples: Sequence[Example], folds: int) -> dict[str, Extraction]:
    """The records of each document, by id, as found by models that were trained on the other folds."""
    order = list(range(len(examples)))
    random.Random(1).shuffle(order)
    found: dict[str, Extraction] = {}
    for fold in range(folds):
        held = set(order[fold::folds])
        reader = Reader.of(train([example for n, example in enumerate(examples) if n not in held]))
        found |= {examples[n].gold.id: apply(examples[n].analysis, reader) for n in held}
    return found


@dataclass(slots=True)
class Lessons:
    """Choices by the model they are for."""

    choices: dict[str, list[Choice]] = field(default_factory=dict)

    document: str = ""
    weight: float = 1.0
    dated: bool = False

    def add(self, model: str, candidates: Sequence[Sequence[str]], right: Sequence[float], label: str = "") -> None:
        """Keep a choice."""
        weight = self.weight * (DATED.get(model, 1.0) if self.dated else 1.0)
        named = [tuple(map(intern, features)) for features in candidates]  # the same few million words are said over and over
        self.choices.setdefault(model, []).append(Choice(named, right, label, self.document, weight))


def _same_times(analysis: Analysis, gold: Extraction) -> dict[str | None, frozenset[int | None]]:
    """The times found that are the annotator's time of each id: of the same days, or at the same place.

    Texts without a day of publication leave the year open, and annotators may know it.
    """
    to_plain = analysis.reading.to_plain
    out: dict[str | None, frozenset[int | None]] = {None: frozenset((None,))}
    for time in gold.times:
        start, end = to_plain(time.start), to_plain(time.end)
        out[time.id] = frozenset(n for n, t in enumerate(analysis.times) if (t.since, t.until) == (time.since, time.until) or (t.start < end and start < t.end))
    return out


class TimeTeacher:
    """Gives times the roles the annotator gave them."""

    def __init__(self, analysis: Analysis, gold: Extraction, lessons: Lessons) -> None:
        self.lessons = lessons
        to_plain = analysis.reading.to_plain
        self._roles: dict[int, str] = {}
        for time in gold.times:
            start, end = to_plain(time.start), to_plain(time.end)
            at = next((n for n, t in enumerate(analysis.times) if t.start < end and start < t.end), None)
            if at is not None:
                self._roles[at] = time.role

    def time_role(self, time: int, features: list[str]) -> str:
        role = self._roles.get(time)
        if role is not None:
            self.lessons.add("time_roles", [features], [1.0], role)
        return role or "date"


class TaskTeacher:
    """Finds the tasks that the annotator found."""

    def __init__(self, analysis: Analysis, gold: Extraction, lessons: Lessons) -> None:
        self.analysis, self.lessons = analysis, lessons
        to_plain = analysis.reading.to_plain
        self._tasks = {to_plain(task.start): task for task in gold.tasks}
        self._same = _same_times(analysis, gold)
        self._task: Task | None = None

    def may_order(self, view: tasks.View, features: list[str]) -> bool:
        self._task = next((task for at in range(view.start - 5, view.start + 5) if (task := self._tasks.get(at)) is not None), None)
        self.lessons.add("openings", [(), features], self._right())
        return True

    def is_order(self, view: tasks.View, features: list[str]) -> float:
        self.lessons.add("orders", [(), [*features, *view.context]], self._right())
        return float(self._task is not None)

    def _right(self) -> list[float]:
        return [float(self._task is None), float(self._task is not None)]

    def who(self, view: tasks.View, candidates: list[tasks.Candidate]) -> tasks.Candidate:
        assert self._task is not None
        wanted, lower = self._task.who, self.analysis.reading.lower
        agreement = [float(not wanted) if not isinstance(c.what, tuple) else shared_words(lower[c.what[0] : c.what[1]], wanted) for c in candidates]
        best = max(agreement)
        if best >= 0.5:
            self.lessons.add("bodies", [c.all_features() for c in candidates], [float(a >= max(0.5, best - _CLOSE)) for a in agreement])
        return candidates[agreement.index(best)]

    def due(self, view: tasks.View, candidates: list[tasks.Candidate]) -> tasks.Candidate:
        assert self._task is not None
        same = self._same.get(self._task.t, frozenset((None,)))
        right = [float(c.what in same) for c in candidates]
        if any(right):
            self.lessons.add("dues", [c.features for c in candidates], right)
        return candidates[right.index(max(right))]


class Teacher:
    """Makes the choices as the annotator did, and keeps what they were between."""

    def __init__(self, analysis: Analysis, gold: Extraction, lessons: Lessons) -> None:
        self.analysis, self.lessons = analysis, lessons
        to_plain = analysis.reading.to_plain
        self._same = _same_times(analysis, gold)
        spans = {q.id: (to_plain(q.start), to_plain(q.end)) for q in gold.quantities}
        self._said: dict[int, Statement] = {}
        for statement in gold.statements:
            start, end = spans[statement.q]
            at = next((n for n, f in enumerate(analysis.figures) if f.start < end and start < f.end), None)
            if at is not None:
                self._said[at] = statement

    def is_nameless(self, features: list[str]) -> bool:
        return False

    def promising(self, ends: list[tuple[str, ...]]) -> set[int]:
        return set(range(len(ends)))

    def name(self, figure: int, view: statements.View, candidates: list[naming.Candidate]) -> tuple[int, float]:
        statement = self._said.get(figure)
        lower = self.analysis.reading.lower
        if statement is None:
            agreement = [float(c.span is None) for c in candidates]
        else:
            agreement = [0.0 if c.span is None else shared_words(lower[c.span[0] : c.span[1]], statement.text) for c in candidates]
        best = max(agreement)
        if best >= 0.5:
            right = [float(a >= max(0.5, best - _CLOSE)) for a in agreement]
            self.lessons.add("names", [(*c.shared, *c.features) for c in candidates], right)
        return agreement.index(best), 1.0

    def role(self, figure: int, view: statements.View, features: list[str]) -> tuple[str, float]:
        statement = self._said[figure]
        told = f"{statement.role} {statement.dir}".strip()
        if told.startswith("actual"):
            told = "actual"
        self.lessons.add("roles", [features], [1.0], told)
        return told, 1.0

    def time(self, figure: int, view: statements.View, candidates: list[timing.Candidate]) -> int | None:
        same = self._same.get(self._said[figure].t, frozenset((None,)))
        right = [float(c.time in same) for c in candidates]
        if any(right):
            self.lessons.add("times", [c.features for c in candidates], right)
            return candidates[right.index(1.0)].time
        return min(same, default=None)  # type: ignore[type-var]

    def place(self, figure: int, view: statements.View, candidates: list[placing.Candidate]) -> str | None:
        wanted = self._said[figure].place
        right = [float((not wanted and not c.name) or shared_words(wanted, c.name) >= 0.5) for c in candidates]
        if any(right):
            self.lessons.add("places", [c.features for c in candidates], right)
            return candidates[right.index(1.0)].name
        return wanted


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains all models from annotated documents and stores them; with --folds, tells what they find in documents held back."""
    parser = argparse.ArgumentParser(prog="python -m chitieu.nlp.training", description=main.__doc__)
    parser.add_argument(
        "--gold", nargs=3, action="append", required=True, metavar=("GOLD", "TEXTS", "WEIGHT"),
        help="annotated documents, the folder or JSON Lines file of their texts, and how much each counts; may be given several times",
    )  # fmt: skip
    parser.add_argument("--folds", type=int, default=0, help="train on all folds but one, score the one, and so on; stores nothing")
    chosen = parser.parse_args(arguments)
    nlp = build()
    examples: list[Example] = []
    for gold, texts, weight in chosen.gold:
        examples += read_examples(nlp, Path(gold), Path(texts), float(weight))
        print(f"{gold}: {len(examples)} documents so far", flush=True)
    if chosen.folds:
        figures = evaluate({example.gold.id: example.gold for example in examples}, cross_validate(examples, chosen.folds)).figures
        for name, figure in figures.items():
            if name.startswith("ref"):
                continue  # documents are ruled, not learned, and most annotations leave them out
            print(f"{name:18}{figure.precision:7.3f}{figure.recall:7.3f}{figure.f1:7.3f}{figure.gold:7d}{figure.found:7d}")
        return
    for name, model in train(examples).items():
        print(f"{len(model.weights):7,} weights, {len(model.hidden or ()):7,} features in the hidden layer → {loglinear.save(name, model)}", flush=True)


if __name__ == "__main__":
    main()
