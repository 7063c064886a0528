"""Stores, documents and the command line for the tests of the pipelines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chitieu.pipelines.store import Store

REPORT = {
    "id": "bao-cao",
    "text": (
        "Lào Cai báo cáo kết quả sáu tháng\n\n"
        "6 tháng đầu năm 2023, tốc độ tăng trưởng kinh tế của tỉnh đạt 4,65%.\n\n"
        "Tỉnh phấn đấu đến hết năm 2023 tỷ lệ hộ nghèo giảm còn 12,5%.\n\n"
        "Chủ tịch UBND tỉnh yêu cầu Sở Tài chính hoàn thành quyết toán trước ngày 30/9/2023 "
        "theo Quyết định số 1298/QĐ-UBND ngày 5/6/2023.\n"
    ),
    "published": "2023-07-03",
    "place": "Lào Cai",
    "title": "Lào Cai báo cáo kết quả sáu tháng",
}
PLAN = {
    "id": "ke-hoach",
    "text": (
        "Kế hoạch năm 2024 của Nghệ An\n\n"
        "Năm 2024, tỉnh phấn đấu thu ngân sách đạt 15.857 tỷ đồng, giải ngân vốn đầu tư công đạt trên 95%.\n\n"
        "UBND tỉnh giao các sở, ngành báo cáo tiến độ trước ngày 15/12/2024 (Kế hoạch số 188/KH-UBND).\n"
    ),
    "published": "2023-12-20",
    "place": "Nghệ An",
    "url": "https://example.org/ke-hoach",
    "source": "bao-vi-du",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    """Writes documents (or raw lines) to a JSON Lines file."""

    def write(*documents: Mapping[str, Any] | str, name: str = "documents.jsonl") -> Path:
        path = tmp_path / name
        lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in documents]
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def documents(given: Callable[..., Path]) -> Path:
    """Two documents with a target, figures, tasks and document numbers."""
    return given(REPORT, PLAN)


@pytest.fixture
def report() -> dict[str, Any]:
    return dict(REPORT)


@pytest.fixture
def plan() -> dict[str, Any]:
    return dict(PLAN)


@pytest.fixture
def chitieu() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line as a user starts it."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "chitieu.pipelines.cli", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)

    return call
