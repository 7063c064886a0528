"""Log-linear models: choosing one of several candidates by the features each of them has.

A candidate is a list of features (plain strings); its score is the sum of their weights, and its
probability the softmax over the candidates it stands beside (`Ranker`). Where the candidates are
always the same classes this is multinomial logistic regression (`Classifier`). Weights stand in
`nlp/models/NAME.tsv.gz`, a line a feature; `make train` writes them from annotated documents. A model
may have a hidden layer beside them (`hidden.py`), which is asked about the candidates that the weights
leave in question.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from chitieu.nlp.hidden import DAMAGED, Hidden

_BEHIND = 6.0
"""Candidates whose weights put them farther than this behind the best are out of the question: the hidden layer is not asked about them."""

MODELS = Path(__file__).parent / "models"


class ModelError(Exception):
    """A model cannot be read; the message names its file."""


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned for one choice: weights by feature (of a classifier, by "class\\tfeature"), and the hidden layer beside them."""

    weights: Mapping[str, float]
    hidden: Hidden | None = None


class Ranker:
    """Weights by feature; features without a weight count nothing."""

    def __init__(self, weights: Mapping[str, float], hidden: Hidden | None = None) -> None:
        self.weights = dict(weights)
        self.hidden = hidden

    def score(self, features: Iterable[str]) -> float:
        """The sum of the features' weights."""
        return sum(filter(None, map(self.weights.get, features)))

    def raise_scores(self, scores: list[float], features: Callable[[int], Iterable[str]]) -> list[float]:
        """The scores by weights with what the hidden layer says, the candidates out of the question left as they are.

        `features` gives those of the candidate at a position.
        """
        if self.hidden is None or len(scores) < 2:
            return scores
        least = max(scores) - _BEHIND
        asked = [n for n, score in enumerate(scores) if score >= least]
        if len(asked) < 2:
            return scores
        out = list(scores)
        for n, more in zip(asked, self.hidden.scores([features(n) for n in asked])[:, 0].tolist(), strict=True):
            out[n] += more
        return out

    def scores(self, candidates: Sequence[Sequence[str]]) -> list[float]:
        """The score of each candidate, by weights and hidden layer, in their order."""
        return self.raise_scores([self.score(features) for features in candidates], candidates.__getitem__)

    def probabilities(self, candidates: Sequence[Sequence[str]]) -> list[float]:
        """The probability of each candidate, in their order; they sum to 1."""
        return softmax(self.scores(candidates))


class Classifier:
    """Weights by class and feature ("class\\tfeature"), kept as one row of weights a feature."""

    def __init__(self, weights: Mapping[str, float], hidden: Hidden | None = None) -> None:
        self.classes = tuple(sorted({key.split("\t", 1)[0] for key in weights}))
        self.hidden = hidden
        column = {name: n for n, name in enumerate(self.classes)}
        rows: dict[str, list[float]] = {}
        for key, weight in weights.items():
            name, feature = key.split("\t", 1)
            rows.setdefault(feature, [0.0] * len(self.classes))[column[name]] = weight
        self._rows = {feature: tuple(row) for feature, row in rows.items()}

    def probabilities(self, features: Sequence[str]) -> list[float]:
        """The probability of each class, in the order of `classes`."""
        rows = list(filter(None, map(self._rows.get, features)))
        scores = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(self.classes)
        if self.hidden is not None:
            scores = [one + more for one, more in zip(scores, self.hidden.scores([features])[0].tolist(), strict=True)]
        return softmax(scores)


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of the scores."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


Learned = Mapping[str, Model]
"""Several models, by their names."""


def ranker(name: str, learned: Learned | None = None) -> Ranker:
    """The ranker of that name: the stored one, or one of `learned`. Raises ModelError where its file is missing or damaged."""
    return _ranker(name) if learned is None else Ranker(learned[name].weights, learned[name].hidden)


def classifier(name: str, learned: Learned | None = None) -> Classifier:
    """The classifier of that name: the stored one, or one of `learned`. Raises ModelError where its file is missing or damaged."""
    return _classifier(name) if learned is None else Classifier(learned[name].weights, learned[name].hidden)


@cache
def _ranker(name: str) -> Ranker:
    return Ranker(dict(_read(name)), _read_hidden(name))


@cache
def _classifier(name: str) -> Classifier:
    return Classifier(dict(_read(name)), _read_hidden(name))


def _read_hidden(name: str) -> Hidden | None:
    path = MODELS / f"{name}.npz"
    if not path.exists():
        return None
    try:
        return Hidden.load(path)
    except DAMAGED as error:
        raise ModelError(f"{path}: cannot be read ({error}); `make train` makes it anew") from error


def _read(name: str) -> Iterator[tuple[str, float]]:
    path = MODELS / f"{name}.tsv.gz"
    known: dict[str, float] = {}  # equal weights are one object: what is looked up a million times should stay near
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                feature, weight = line.rstrip("\n").rsplit("\t", 1)
                yield feature, known.setdefault(weight, float(weight))
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); `make train` makes it anew") from error


def save(name: str, model: Model, folder: Path = MODELS) -> Path:
    """Writes a model, sorted by feature and without a time stamp: the same model gives the same files. Returns that of the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.tsv.gz"
    text = "".join(f"{feature}\t{weight:.3f}\n" for feature, weight in sorted(model.weights.items()))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    beside = folder / f"{name}.npz"
    if model.hidden is None:
        beside.unlink(missing_ok=True)
    else:
        model.hidden.save(beside)
    return path
