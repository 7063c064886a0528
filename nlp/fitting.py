"""Fitting log-linear models to annotated choices. Only training needs it (and scipy)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

_CORE = 2.0
"""Choices that weigh so much are of the kinds of text that count, read as the experts read."""
_APART = 6.0
"""How much dearer a weight is by which the core differs from the rest."""


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
    stand in, `keep` the least absolute weight worth storing. Every feature has a weight that all choices
    share and one more for those of the core, which may say otherwise; what is stored is their sum
    (H. Daumé III, "Frustratingly easy domain adaptation", 2007).
    """
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    vocabulary = {f: n for n, f in enumerate(sorted(_common(choices, least)))}
    columns: list[int] = []
    pointers = [0]
    sizes = []
    right = []
    weights = []
    shared = len(vocabulary)
    for choice in choices:
        if not any(choice.right):
            continue
        sizes.append(len(choice.candidates))
        weights.append(choice.weight)
        core = choice.weight >= _CORE
        for features, good in zip(choice.candidates, choice.right, strict=True):
            known = [vocabulary[f] for f in features if f in vocabulary]
            columns.extend(known)
            if core:
                columns.extend(n + shared for n in known)
            pointers.append(len(columns))
            right.append(good)
    x = csr_matrix((np.ones(len(columns)), columns, pointers), shape=(len(pointers) - 1, 2 * shared))
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
        value = -(weight * (np.log(hit) - np.log(total))).sum() + 0.5 * (penalty * w) @ w
        slope = transposed @ (weight[group] * (raised / total[group] - liked / hit[group])) + penalty * w
        return float(value), slope

    penalty = np.concatenate([np.full(shared, l2), np.full(shared, l2 * _APART)])
    found = minimize(loss, np.zeros(2 * shared), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    sums = found.x[:shared] + found.x[shared:]
    return {f: float(sums[n]) for f, n in vocabulary.items() if abs(sums[n]) >= keep}
