"""Fitting log-linear models to annotated choices. Only training needs it (and scipy)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np


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
    """The weights of a classifier, by "class\tfeature"."""
    classes = sorted({choice.label for choice in choices})
    known = _common(choices, least)
    spread = [
        replace(
            choice,
            candidates=[[f"{name}\t{f}" for f in choice.candidates[0] if f in known] for name in classes],
            right=[float(name == choice.label) for name in classes],
        )
        for choice in choices
    ]
    return fit(spread, l2=l2, least=0)


def _common(choices: Sequence[Choice], least: int) -> set[str]:
    """The features that stand in at least so many documents: what one text alone says is no rule."""
    documents: defaultdict[str, set[str]] = defaultdict(set)
    for choice in choices:
        documents[choice.document].update(f for features in choice.candidates for f in features)
    seen = Counter(f for features in documents.values() for f in features)
    return {f for f, count in seen.items() if count >= least}


def fit(choices: Sequence[Choice], *, l2: float = 1.0, least: int = 2, keep: float = 0.01) -> dict[str, float]:
    """The weights under which the right candidates are likeliest, by L-BFGS.

    `l2` is the strength of the quadratic penalty, `least` the number of documents that a feature must
    stand in, `keep` the least absolute weight worth storing.
    """
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    vocabulary = {f: n for n, f in enumerate(sorted(_common(choices, least)))}
    columns: list[int] = []
    pointers = [0]
    sizes = []
    right = []
    weights = []
    for choice in choices:
        if not any(choice.right):
            continue
        sizes.append(len(choice.candidates))
        weights.append(choice.weight)
        for features, good in zip(choice.candidates, choice.right, strict=True):
            columns.extend(vocabulary[f] for f in features if f in vocabulary)
            pointers.append(len(columns))
            right.append(good)
    x = csr_matrix((np.ones(len(columns)), columns, pointers), shape=(len(pointers) - 1, len(vocabulary)))
    transposed = x.T.tocsr()
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
    group = np.repeat(np.arange(len(sizes)), sizes)
    good = np.array(right)
    weight = np.array(weights)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ w
        scores = scores - np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        total = np.add.reduceat(raised, starts)
        liked = raised * good
        hit = np.add.reduceat(liked, starts)
        value = -(weight * (np.log(hit) - np.log(total))).sum() + 0.5 * l2 * w @ w
        slope = transposed @ (weight[group] * (raised / total[group] - liked / hit[group])) + l2 * w
        return float(value), slope

    found = minimize(loss, np.zeros(len(vocabulary)), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return {f: float(found.x[n]) for f, n in vocabulary.items() if abs(found.x[n]) >= keep}
