"""The wheel works where there is no checkout: in an empty virtual environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_runs_from_a_wheel_in_an_empty_environment(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(built), str(CHECKOUT)], check=True, capture_output=True, timeout=600)
    [wheel] = built.glob("chitieu-*.whl")

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "-c", str(CHECKOUT / "constraints.txt"), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=900)

    outside = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")} | {"XDG_DATA_HOME": str(tmp_path / "share")}
    done = subprocess.run(
        [str(environment / "bin" / "chitieu"), "demo", "--data", str(tmp_path / "store")],
        cwd=tmp_path, env=outside, capture_output=True, text=True, timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    exports = sorted((tmp_path / "store" / "exports").rglob("*.csv"))
    assert {"targets.csv", "progress.csv", "deadlines.csv", "documents.csv"} <= {path.name for path in exports}
    assert all(len(path.read_bytes().splitlines()) > 5 for path in exports if path.name == "targets.csv")
