"""What all tests share: nothing of a run may land in the checkout's own data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chitieu.data import DATA


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder_untouched() -> Iterator[None]:
    before = _listing(DATA / "store")
    yield
    assert _listing(DATA / "store") == before, "a test wrote to the default data folder"


def _listing(folder: Path) -> set[Path]:
    return set(folder.iterdir()) if folder.is_dir() else set()
