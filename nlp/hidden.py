"""A hidden layer beside a log-linear model: what features say only together.

A log-linear model adds up what each feature says alone. Here every feature has a row of a table, too;
the rows of a candidate's features are added, what is below zero is cut off, and what is left is
weighed (one layer of rectified units, beside the linear part: H.-T. Cheng et al., "Wide & deep
learning for recommender systems", 2016). The layer is fitted to what the linear part leaves wrong
(`fitting.deepen`) and stands in `nlp/models/NAME.npz`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Hidden:
    """The table (features x units), the units' bias and what each unit counts for (units x outputs; a ranker has one output, a classifier one a class)."""

    def __init__(self, features: Sequence[str], table: Floats, bias: Floats, out: Floats) -> None:
        self._at = {feature: n for n, feature in enumerate(features, 1)}
        self._table = np.vstack([np.zeros((1, len(bias)), np.float32), table]).astype(np.float32)
        self._bias, self._out = bias.astype(np.float32), out.astype(np.float32)

    def __len__(self) -> int:
        return len(self._at)

    def scores(self, candidates: Sequence[Iterable[str]]) -> Floats:
        """What each candidate's features say together (shape: candidates x outputs)."""
        ids: list[int] = []
        starts: list[int] = []
        for features in candidates:
            starts.append(len(ids))
            ids.extend(map(self._at.get, features, repeat(0)))
            ids.append(0)  # a candidate without features has a row, too
        sums = np.add.reduceat(self._table[ids], starts, axis=0)
        return np.asarray(np.maximum(sums + self._bias, 0) @ self._out)

    def save(self, path: Path) -> None:
        """Writes the layer, its table in steps of a 127th of each unit's largest entry; the same layer gives the same file."""
        table = self._table[1:]
        scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127
        names = np.frombuffer("\n".join(self._at).encode(), np.uint8)
        np.savez_compressed(path, features=names, table=np.round(table / scale).astype(np.int8), scale=scale, bias=self._bias, out=self._out)

    @classmethod
    def load(cls, path: Path) -> Hidden:
        """Reads what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile where the file is missing or damaged."""
        with np.load(path, allow_pickle=False) as parts:
            features = parts["features"].tobytes().decode().split("\n")
            return cls(features, parts["table"].astype(np.float32) * parts["scale"], parts["bias"], parts["out"])


DAMAGED = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
"""What `Hidden.load` raises where a file cannot be read."""
