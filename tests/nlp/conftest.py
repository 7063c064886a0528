"""One pipeline for all tests of extraction, and how a test reads a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from spacy.language import Language

from chitieu.nlp import Document, Extraction, Zone, build, extract

PUBLISHED = date(2024, 7, 15)
"""The day on which the examples appear, a Monday."""

Reader = Callable[..., Extraction]


@pytest.fixture(scope="session")
def pipeline() -> Language:
    return build()


@pytest.fixture(scope="session")
def read_text(pipeline: Language) -> Reader:
    """Extracts from one text, by default one that appeared on 15 July 2024."""

    def read(
        text: str,
        published: date | None = PUBLISHED,
        *,
        id: str = "example",
        place: str | None = None,
        zones: tuple[Zone, ...] = (),
    ) -> Extraction:
        [found] = extract([Document(id, text, published, place=place, zones=zones)], nlp=pipeline)
        return found

    return read
