"""Fitting log-linear models to annotated choices. Only training needs it (and scipy)."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chitieu.nlp.hidden import Floats, Hidden

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

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


# The hidden layer --------------------------------------------------------------------------------

_UNITS, _NETS = 16, 2
"""Units of a layer, and layers that are fitted from other beginnings and averaged: each errs in its own way."""
_ROUNDS, _BATCH, _STEP = 6, 256, 0.05
"""Times that all choices are gone through, choices a step, and the length of a step (Adagrad: J. Duchi et al., 2011)."""
_COMMON = 4
"""Documents that a feature of the layer must stand in at the least."""


def deepen(choices: Sequence[Choice], weights: Mapping[str, float]) -> Hidden:
    """The hidden layer that makes the right candidates likeliest beside the weights of a ranker."""
    features = _common(choices, _COMMON)
    at = {f: n for n, f in enumerate(features)}
    kept = [choice for choice in choices if any(choice.right)]
    rows = [one for choice in kept for one in choice.candidates]
    base = np.array([[sum(filter(None, map(weights.get, one)))] for one in rows], np.float32)
    right = np.array([[good] for choice in kept for good in choice.right], np.float32)
    sizes = np.array([len(choice.candidates) for choice in kept])
    return _average(features, _sparse(rows, at), base, right, sizes, np.array([choice.weight for choice in kept], np.float32))


def deepen_classifier(choices: Sequence[Choice], weights: Mapping[str, float]) -> Hidden:
    """The hidden layer that makes the right classes likeliest beside the weights ("class\\tfeature") of a classifier."""
    classes = sorted({key.split("\t", 1)[0] for key in weights})
    features = _common(choices, _COMMON)
    at = {f: n for n, f in enumerate(features)}
    rows = [choice.candidates[0] for choice in choices]
    base = np.array([[sum(weights.get(f"{name}\t{f}", 0.0) for f in one) for name in classes] for one in rows], np.float32)
    right = np.array([[float(name == choice.label) for name in classes] for choice in choices], np.float32)
    return _average(features, _sparse(rows, at), base, right, np.ones(len(rows), int), np.array([choice.weight for choice in choices], np.float32))


def _sparse(rows: Sequence[Sequence[str]], at: Mapping[str, int]) -> csr_matrix:
    """Which features each row has (shape: rows x features)."""
    from scipy.sparse import csr_matrix

    columns, pointers = array("i"), array("q", [0])
    for one in rows:
        columns.extend([at[f] for f in one if f in at])
        pointers.append(len(columns))
    found = np.frombuffer(columns, dtype=np.intc) if columns else np.zeros(0, np.intc)
    return csr_matrix((np.ones(len(found), np.float32), found, np.asarray(pointers)), shape=(len(rows), len(at)))


def _average(features: Sequence[str], x: csr_matrix, base: Floats, right: Floats, sizes: np.ndarray, weight: Floats) -> Hidden:
    nets = [_descend(x, base, right, sizes, weight, np.random.default_rng(seed)) for seed in range(_NETS)]
    table, bias, out = (np.concatenate(parts, axis) for parts, axis in zip(zip(*nets, strict=True), (1, 0, 0), strict=True))
    return Hidden(features, table, bias, out / _NETS)


def _descend(x: csr_matrix, base: Floats, right: Floats, sizes: np.ndarray, weight: Floats, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """One layer: table, bias, and what its units count for.

    Rows of `x` (candidates) belong to choices of `sizes` rows; `base` are their scores by weights, `right`
    how right each output of each row is (a ranker has one output, a classifier rows of one choice each).
    """
    from scipy.sparse import csr_matrix

    outputs = base.shape[1]
    table = rng.normal(0, 0.05, (x.shape[1], _UNITS)).astype(np.float32)
    bias = np.zeros(_UNITS, np.float32)
    out = rng.normal(0, 0.1, (_UNITS, outputs)).astype(np.float32)
    past = [np.full_like(one, 1e-3) for one in (table, bias, out)]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    order = np.arange(len(sizes))
    for _ in range(_ROUNDS):
        rng.shuffle(order)
        for first in range(0, len(order), _BATCH):
            batch = np.sort(order[first : first + _BATCH])
            rows = np.concatenate([np.arange(starts[n], starts[n + 1]) for n in batch])
            chosen = x[rows]
            columns, renumbered = np.unique(chosen.indices, return_inverse=True)
            some = csr_matrix((chosen.data, renumbered, chosen.indptr), shape=(len(rows), len(columns)))
            known = table[columns]
            sums = some @ known + bias
            units = np.maximum(sums, 0)
            opens = np.concatenate([[0], np.cumsum(sizes[batch])[:-1]])
            group = np.repeat(np.arange(len(batch)), sizes[batch])
            scores = base[rows] + units @ out
            raised = np.exp(scores - np.maximum.reduceat(scores.max(axis=1), opens)[group][:, None])
            total = np.add.reduceat(raised.sum(axis=1), opens)[group][:, None]
            liked = raised * right[rows]
            hit = np.maximum(np.add.reduceat(liked.sum(axis=1), opens)[group][:, None], 1e-30)
            wrong = ((raised / total - liked / hit) * weight[batch][group][:, None] / len(batch)).astype(np.float32)
            down = (wrong @ out.T) * (sums > 0)
            steps = some.T @ down, down.sum(axis=0), units.T @ wrong
            past[0][columns] += steps[0] ** 2
            table[columns] = known - _STEP * steps[0] / np.sqrt(past[0][columns])
            for one, step, before in zip((bias, out), steps[1:], past[1:], strict=True):
                before += step**2
                one -= _STEP * step / np.sqrt(before)
    return table, bias, out
