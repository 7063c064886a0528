"""The warehouse's bench, on a few statements: both sides do the same work, and it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from chitieu.pipelines import bench_warehouse


@pytest.mark.slow
def test_both_sides_are_measured(tmp_path: Path) -> None:
    loaded, asked = bench_warehouse.run_bench(2_000, tmp_path)
    assert len(loaded) == len(asked) == 2
    assert min(loaded.values()) > 0 and min(asked.values()) > 0
