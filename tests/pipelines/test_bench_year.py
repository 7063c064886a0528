"""What a year needs: the figures are measured, and the sum says what it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from chitieu.pipelines.bench_year import Assumed, Measured, measure, show


def test_a_year_is_told_with_what_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    measured = Measured(
        {"crawl": 3.6, "ingest": 7.2, "extract": 36.0, "load": 3.6}, {"articles": 2000, "records": 4000, "warehouse": 20_000}, 1800, 50
    )
    show(measured, Assumed(newspapers=30, portals=30, newspaper_articles=90, portal_articles=10, page_kb=20))
    told = capsys.readouterr().out
    assert "1,095,000 articles, 1,314,000 pages" in told
    assert "90 a newspaper, 10 a portal" in told and "1,800 characters" in told
    lines = {line.split()[0]: line for line in told.splitlines() if line.split()}
    assert "10.9 h" in lines["extract,"] or "11.0 h" in lines["extract,"]
    assert "26.3 GB" in lines["raw"] and "21.9 GB" in lines["warehouse,"]


@pytest.mark.slow
def test_each_stage_is_measured(tmp_path: Path) -> None:
    measured = measure(tmp_path, copies=8, crawled=30)
    assert set(measured.cpu_ms) == {"crawl", "ingest", "extract", "load"} and all(0 < cost < 1000 for cost in measured.cpu_ms.values())
    assert set(measured.disk) == {"articles", "records", "warehouse"} and all(100 < size < 200_000 for size in measured.disk.values())
    assert 500 < measured.characters < 20_000 and measured.reading > 1
