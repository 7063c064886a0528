"""The examples of the documentation pages and of the package run as written."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import chitieu.nlp

PAGES = sorted((Path(__file__).parents[2] / "nlp").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_of_a_page(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS)
    assert result.failed == 0
    assert result.attempted > 0, f"{page.name} has no examples"


def test_example_of_the_package() -> None:
    assert doctest.testmod(chitieu.nlp).failed == 0


def test_every_component_has_its_page() -> None:
    assert {p.stem for p in PAGES} >= {"README", "quantities", "times", "documents", "statements", "tasks", "places", "zones"}
