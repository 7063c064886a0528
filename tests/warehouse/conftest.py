"""Warehouses for the tests: of statements made up for one rule, and of the sample portals' articles."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chitieu.pipelines import database
from chitieu.pipelines.batches import ARTICLES, RECORDS, write_batch
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import LoadReport, load
from chitieu.pipelines.sample_press import load_articles
from chitieu.pipelines.store import Store

SEEN = datetime(2026, 1, 1, tzinfo=timezone.utc)


class Press:
    """A store that fills with one-sentence articles; `tell` gives back the id of its statement."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._numbers = itertools.count(1)

    def tell(
        self, role: str, indicator: str, value: str | None, unit: str, *, period: tuple[str | None, str | None] | None = None,
        published: str | None = "2024-07-10", place: str | None = "Lào Cai", article_place: str = "Lào Cai", bound: str = "=", dir: str = "",
        confidence: float = 0.9, low: str | None = None, high: str | None = None, of: str | None = None, before: str = "", zone: str = "body",
    ) -> str:  # fmt: skip
        """One article whose one sentence is `before`, the indicator and the figure."""
        number = next(self._numbers)
        figure = f"{value or low} {unit}"
        text = f"{before}{indicator} {figure}."
        key = f"a{number:04}"
        span = {"zone": zone, "sentence_start": 0, "sentence_end": len(text), "rule": "made up", "confidence": confidence}
        at = len(before)
        decimal = {name: Decimal(number) if number else None for name, number in (("value", value), ("low", low), ("high", high), ("of", of))}
        quantity = span | decimal | {"uid": f"q{number}", "start": at + len(indicator) + 1, "end": len(text) - 1, "text": figure, "unit": unit, "bound": bound}
        since, until = (date.fromisoformat(day) if day else None for day in period or (None, None))
        when = span | {"uid": f"t{number}", "start": 0, "end": 1, "text": text[0], "since": since, "until": until, "role": "period"}
        statement = span | {
            "uid": f"s{number}", "start": at, "end": at + len(indicator), "text": indicator, "quantity_uid": f"q{number}",
            "time_uid": f"t{number}" if period else None, "role": role, "dir": dir, "place": place,
        }  # fmt: skip
        day = datetime.combine(date.fromisoformat(published), time(3), timezone.utc) if published else None
        article = {
            "article_id": key, "source": "made-up", "origin": "document", "title": f"Bài {number}", "text": text, "zones": [], "tags": [], "published": day,
            "seen": SEEN, "ingested": SEEN, "archive": "", "offset": 0, "content_hash": key, "row_hash": key, "input_hash": key, "place": article_place,
        }  # fmt: skip
        record = {
            "article_id": key, "input_hash": key, "rules_version": "1", "extracted": SEEN, "quantities": [quantity], "times": [when] if period else [],
            "statements": [statement], "refs": [], "tasks": [],
        }  # fmt: skip
        write_batch(self.store.articles, [article], ARTICLES)
        write_batch(self.store.records, [record], RECORDS)
        return f"s{number}"

    def load(self) -> LoadReport:
        return load(self.store, {})

    def ask(self, query: str, as_of: str | None = None) -> list[tuple[Any, ...]]:
        """The answer of the published warehouse, loaded before if that is due."""
        self.load()
        with database.open_reader(self.store) as con:
            if as_of:
                con.execute(f"SET VARIABLE as_of = DATE '{as_of}'")
            return con.execute(query).fetchall()

    def state(self, as_of: str | None = "2025-06-01") -> str:
        """The state of the only target."""
        ((state,),) = self.ask("SELECT state FROM scoreboard", as_of)
        return state


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store").prepare()


@pytest.fixture
def press(store: Store) -> Press:
    return Press(store)


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The articles of the sample portals in their second edition, extracted and loaded."""
    folder = tmp_path_factory.mktemp("sample")
    places = {"cong-lao-cai": "Lào Cai", "cong-thai-nguyen": "Thái Nguyên", "bao-song-lam": "Nghệ An", "vb-song-lam": "Nghệ An", "bao-dat-to": "Phú Thọ"}
    lines = []
    for article in load_articles():
        body = (article.edited or {}).get("body") or article.body
        lines.append({
            "id": f"{article.portal}-{article.id}", "source": article.portal, "title": article.title, "published": article.published.date().isoformat(),
            "place": places[article.portal], "text": "\n\n".join((article.title, article.sapo, *body)) + "\n",
        })  # fmt: skip
    path = folder / "sample.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    store = Store(folder / "store").prepare()
    ingest(store, {}, [path])
    extract(store)
    load(store, {})
    return store


@pytest.fixture
def sample(sample_store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    with database.open_reader(sample_store) as con:
        yield con


@pytest.fixture
def column(press: Press) -> Callable[[str], list[Any]]:
    """One column of the scoreboard, by target id."""
    return lambda name: [row[0] for row in press.ask(f"SELECT {name} FROM scoreboard ORDER BY target_id")]
