"""Fitting log-linear models to annotated choices. Only training needs it (and scipy)."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

_CORE = 2.0
"""Choices that weigh so much are of the kinds of text that count, read as the experts read."""
_APART = 6.0
"""How much dearer a weight is by which the core differs from the rest."""
_KEEP = 0.01
"""The least absolute weight worth storing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen from: candidates with their features, and how right each is (0: wrong; several may be right).

    For a classifier there is one set of features, and `label` is the class.
    """

    candidates: Sequence[Sequence[str]]
    right: Sequence[float]
    label: str = ""
    document: str = ""
    weight: float = 1.0


def fit_classifier(choices: Sequence[Choice], *, l2: float = 1.0, least: int = 2) -> dict[str, float]:
    """The weights of a classifier, by "class\tfeature"; `l2` and `least` as in `fit`."""
    classes = sorted({choice.label for choice in choices})
    features = _common(choices, least)
    vocabulary = {f: n for n, f in enumerate(features)}
    rows = _Rows(len(classes) * len(features))
    for choice in choices:
        known = [vocabulary[f] * len(classes) for f in choice.candidates[0] if f in vocabulary]
        rows.add(choice, [([n + k for n in known], float(name == choice.label)) for k, name in enumerate(classes)])
    sums = _solve(rows, l2)
    return _worth([f"{name}\t{f}" for f in features for name in classes], sums)


def fit(choices: Sequence[Choice], *, l2: float = 1.0, least: int = 2) -> dict[str, float]:
    """The weights under which the right candidates are likeliest, by L-BFGS.

    `l2` is the strength of the quadratic penalty, `least` the number of documents that a feature must
    stand in. Every feature has a weight that all choices share and one more for those of the core,
    which may say otherwise; what is stored is their sum (H. Daumé III, "Frustratingly easy domain
    adaptation", 2007).
    """
    features = _common(choices, least)
    vocabulary = {f: n for n, f in enumerate(features)}
    rows = _Rows(len(features))
    for choice in choices:
        if any(choice.right):
            rows.add(choice, [([vocabulary[f] for f in one if f in vocabulary], good) for one, good in zip(choice.candidates, choice.right, strict=True)])
    return _worth(features, _solve(rows, l2))


def _common(choices: Sequence[Choice], least: int) -> list[str]:
    """The features that stand in at least so many documents, sorted: what one text alone says is no rule."""
    documents: defaultdict[str, set[str]] = defaultdict(set)
    for choice in choices:
        documents[choice.document].update(f for features in choice.candidates for f in features)
    seen = Counter(f for features in documents.values() for f in features)
    return sorted(f for f, count in seen.items() if count >= least)


def _worth(features: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    return {f: float(weight) for f, weight in zip(features, weights, strict=True) if abs(weight) >= _KEEP}


@dataclass(slots=True)
class _Rows:
    """The candidates of all choices as rows of a sparse matrix; those of the core have every feature twice."""

    features: int
    columns: array[int] = field(default_factory=lambda: array("i"))
    pointers: array[int] = field(default_factory=lambda: array("q", [0]))
    sizes: list[int] = field(default_factory=list)
    right: array[float] = field(default_factory=lambda: array("d"))
    weights: list[float] = field(default_factory=list)

    def add(self, choice: Choice, candidates: Sequence[tuple[list[int], float]]) -> None:
        """A choice: of each candidate its features by number, and how right it is."""
        self.sizes.append(len(candidates))
        self.weights.append(choice.weight)
        for known, good in candidates:
            self.columns.extend(known)
            if choice.weight >= _CORE:
                self.columns.extend([n + self.features for n in known])
            self.pointers.append(len(self.columns))
            self.right.append(good)


def _solve(rows: _Rows, l2: float) -> np.ndarray:
    """The weight of each feature (shape: features)."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    shared = rows.features
    columns = np.frombuffer(rows.columns, dtype=np.intc) if rows.columns else np.zeros(0, np.intc)
    x = csr_matrix((np.ones(len(columns)), columns, np.asarray(rows.pointers)), shape=(len(rows.pointers) - 1, 2 * shared))
    transposed = x.T.tocsr()
    starts = np.concatenate([[0], np.cumsum(rows.sizes)[:-1]]).astype(int)
    group = np.repeat(np.arange(len(rows.sizes)), rows.sizes)
    good = np.asarray(rows.right)
    weight = np.array(rows.weights)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ w
        scores = scores - np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        total = np.add.reduceat(raised, starts)
        liked = raised * good
        hit = np.add.reduceat(liked, starts)
        value = -(weight * (np.log(hit) - np.log(total))).sum() + 0.5 * (penalty * w) @ w
        slope = transposed @ (weight[group] * (raised / total[group] - liked / hit[group])) + penalty * w
        return float(value), slope

    penalty = np.concatenate([np.full(shared, l2), np.full(shared, l2 * _APART)])
    found = minimize(loss, np.zeros(2 * shared), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return np.asarray(found.x[:shared] + found.x[shared:])
