"""Log-linear models: choosing one of several candidates by the features each of them has.

A candidate is a list of features (plain strings); its score is the sum of their weights, and its
probability the softmax over the candidates it stands beside (`Ranker`). Where the candidates are
always the same classes this is multinomial logistic regression (`Classifier`). Weights stand in
`nlp/models/NAME.tsv.gz`, a line a feature; `make train` writes them from annotated documents.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import exp
from pathlib import Path

MODELS = Path(__file__).parent / "models"


class ModelError(Exception):
    """A model cannot be read; the message names its file."""


class Ranker:
    """Weights by feature; features without a weight count nothing."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = dict(weights)

    def score(self, features: Iterable[str]) -> float:
        """The sum of the features' weights."""
        return sum(filter(None, map(self.weights.get, features)))

    def probabilities(self, candidates: Iterable[Iterable[str]]) -> list[float]:
        """The probability of each candidate, in their order; they sum to 1."""
        return softmax([self.score(features) for features in candidates])


class Classifier:
    """Weights by class and feature ("class\\tfeature"), kept as one row of weights a feature."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.classes = tuple(sorted({key.split("\t", 1)[0] for key in weights}))
        column = {name: n for n, name in enumerate(self.classes)}
        rows: dict[str, list[float]] = {}
        for key, weight in weights.items():
            name, feature = key.split("\t", 1)
            rows.setdefault(feature, [0.0] * len(self.classes))[column[name]] = weight
        self._rows = {feature: tuple(row) for feature, row in rows.items()}

    def probabilities(self, features: Iterable[str]) -> list[float]:
        """The probability of each class, in the order of `classes`."""
        rows = list(filter(None, map(self._rows.get, features)))
        return softmax([sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(self.classes))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of the scores."""
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    return [one / total for one in raised]


Weights = Mapping[str, Mapping[str, float]]
"""The weights of several models, by the models' names."""


def ranker(name: str, weights: Weights | None = None) -> Ranker:
    """The ranker of that name: the stored one, or one of `weights`. Raises ModelError where its file is missing or damaged."""
    return Ranker(weights[name]) if weights is not None else _ranker(name)


def classifier(name: str, weights: Weights | None = None) -> Classifier:
    """The classifier of that name: the stored one, or one of `weights`. Raises ModelError where its file is missing or damaged."""
    return Classifier(weights[name]) if weights is not None else _classifier(name)


@cache
def _ranker(name: str) -> Ranker:
    return Ranker(dict(_read(name)))


@cache
def _classifier(name: str) -> Classifier:
    return Classifier(dict(_read(name)))


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


def save(name: str, weights: Mapping[str, float], folder: Path = MODELS) -> Path:
    """Writes a model, sorted by feature and without a time stamp: the same weights give the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.tsv.gz"
    text = "".join(f"{feature}\t{weight:.3f}\n" for feature, weight in sorted(weights.items()))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path
