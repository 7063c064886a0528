"""Scoring the extraction, or anybody's records, against annotated documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chitieu import nlp
from chitieu.nlp.evaluation import Figure, Mistake, Scores, evaluate
from chitieu.nlp.gold import GoldError, read_gold, read_ids, read_texts
from chitieu.nlp.records import Document, Extraction
from chitieu.pipelines.errors import UserError, WrongCall

_TOLD = ("value", "low", "high", "of", "unit", "bound", "since", "until", "role", "number", "who", "rule")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores, and over how many annotated documents."""

    scores: Scores
    documents: int


def evaluate_gold(gold: Path, found: Path | None = None, *, texts: Path | None = None, tagged: bool = True) -> Evaluation:
    """Score `found`, or without it what the extraction finds in the gold's texts.

    The texts are the folder `texts` of ID.txt files (by default the one beside the gold's folder) or
    a JSON Lines file of them. They are not needed where both sides bring their words along.
    `tagged` off does without underthesea's words and tags. Raises WrongCall and UserError.
    """
    if not gold.exists():
        raise WrongCall(f"there is no gold {gold}")
    if found is not None and not found.exists():
        raise WrongCall(f"there are no records {found}")
    try:
        ids = read_ids(gold)
        given = _read_texts(gold, texts, ids, needed=found is None)
        annotated = read_gold(gold, given)
        records = read_gold(found, given) if found else _extract(annotated, given, tagged)
    except GoldError as error:
        raise UserError(str(error)) from error
    return Evaluation(evaluate(annotated, records), len(annotated))


def under_the_bar(scores: Scores, bars: Sequence[str]) -> list[str]:
    """Which of these bars ("time=0.96": the least F1) are not reached, each with the figure."""
    short = []
    for bar in bars:
        name, _, least = bar.partition("=")
        figure = scores.figures.get(name)
        if figure is None:
            raise WrongCall(f"there is no figure {name!r}; there are {', '.join(scores.figures)}")
        try:
            reached = figure.f1 >= float(least)
        except ValueError:
            raise WrongCall(f"a bar is a figure and its least F1, as in time=0.96, not {bar!r}") from None
        if not reached:
            short.append(f"{bar} (F1 {figure.f1:.3f})")
    return short


def as_json(scores: Scores) -> dict[str, dict[str, float]]:
    """The figures by name: precision, recall, F1, and how many records either side has."""
    return {name: _plain(figure) for name, figure in scores.figures.items()}


def describe(scores: Scores, most: int) -> Iterator[str]:
    """Lines on the first `most` mistakes of each kind: the document, missed or extra, what the record says."""
    for kind in dict.fromkeys(mistake.kind for mistake in scores.mistakes) if most else ():
        yield f"-- {kind}"
        of_kind = [mistake for mistake in scores.mistakes if mistake.kind == kind]
        yield from map(_line, of_kind[:most])


def _line(mistake: Mistake) -> str:
    said = asdict(mistake.record)
    told = ", ".join(f"{key}={said[key]}" for key in _TOLD if said.get(key) not in (None, ""))
    words = " ".join(mistake.record.text.split())
    about = f" ({mistake.about})" if mistake.about else ""
    return f"{mistake.document} {mistake.what:6} {words!r}{about} {told}"


def _read_texts(gold: Path, texts: Path | None, ids: Sequence[str], *, needed: bool) -> dict[str, str]:
    if texts is not None and not texts.exists():
        raise WrongCall(f"there are no texts {texts}")
    beside = gold.resolve().parent / "texts"
    source = texts or (beside if beside.is_dir() else None)
    found = read_texts(source, ids) if source else {}
    missing = [name for name in ids if name not in found]
    if needed and missing:
        where = source or beside
        raise UserError(f"{where}: has no text for {missing[0]!r} ({len(missing)} missing); say where they are with --texts")
    return found


def _extract(annotated: Mapping[str, Extraction], texts: Mapping[str, str], tagged: bool) -> dict[str, Extraction]:
    """What the extraction finds, told what a reader is told: the text and the day it appeared."""
    documents = (Document(name, texts[name], gold.published) for name, gold in annotated.items())
    return {found.id: found for found in nlp.extract(documents, nlp=nlp.build(tagged=tagged))}


def _plain(figure: Figure) -> dict[str, Any]:
    return {"p": figure.precision, "r": figure.recall, "f1": figure.f1, "gold": figure.gold, "pred": figure.found}
