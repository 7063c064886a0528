"""The notebooks, run whole on the sample data: no cell fails, and the charts have what they show."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chitieu.pipelines.asking import ask
from chitieu.pipelines.store import Store

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture
def run(sample_store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Any]]:
    """Runs a notebook and gives back what its cells define."""
    monkeypatch.setenv("CHITIEU_DATA", str(sample_store.root))

    def run_notebook(name: str) -> dict[str, Any]:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _, definitions = module.app.run()
        return dict(definitions)

    return run_notebook


def marks(chart: Any) -> set[str]:
    """The marks of a chart that was checked against the schema of Vega-Lite."""
    described = chart.to_dict()
    return {layer["mark"]["type"] for layer in described.get("layer", [described])}


def test_there_are_three_and_each_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {"promised_and_delivered", "disbursement", "overdue_tasks"}


def test_promised_and_delivered(run: Callable[[str], dict[str, Any]], sample_store: Store) -> None:
    found = run("promised_and_delivered")
    rows = found["rows"]
    assert len(rows) and set(rows["place"]) == {found["place"].value} and "candidate" not in set(rows["state"])
    assert len(found["scoreboard"]) == len(ask("FROM scoreboard", data=sample_store.root))
    assert marks(found["states"]) == {"bar"} and marks(found["delivered"]) == {"bar", "rule"}


def test_disbursement(run: Callable[[str], dict[str, Any]]) -> None:
    found = run("disbursement")
    assert found["reported"]["place"].nunique() >= 2 and found["reported"]["percent"].between(0, 110).all()
    assert found["latest"]["place"].is_unique
    assert marks(found["through_the_year"]) == {"line", "point"} and marks(found["ranking"]) == {"bar"}


def test_overdue_tasks(run: Callable[[str], dict[str, Any]]) -> None:
    found = run("overdue_tasks")
    assert len(found["overdue"]) and (found["overdue"]["days_overdue"] > 0).all() and found["overdue"]["agency"].notna().all()
    assert marks(found["by_agency"]) == {"bar"} and marks(found["by_month"]) == {"bar"}
