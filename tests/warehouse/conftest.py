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


def said(
    role: str, indicator: str, value: str | None, unit: str, *, period: tuple[str | None, str | None] | None = None, time: str | None = None,
    named_at: int | None = None, same_sentence: bool = False, place: str | None = "Lào Cai", bound: str = "=", dir: str = "", confidence: float = 0.9,
    low: str | None = None, high: str | None = None, of: str | None = None, before: str = "", zone: str = "body", indicator_at: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A statement: `before`, the indicator (found at `indicator_at` where an earlier sentence names it) and the figure. `time` are the words of its period, `named_at` where they
    stand if not in its sentence; one of the same sentence without a period of its own shares that of the one before."""
    return locals()


class Press:
    """A store that fills with articles made up for a rule; `tell` gives back the id of its statement."""

    said = staticmethod(said)

    def __init__(self, store: Store) -> None:
        self.store = store
        self._numbers = itertools.count(1)

    def tell(
        self, role: str, indicator: str, value: str | None, unit: str, *, published: str | None = "2024-07-10", article_place: str = "Lào Cai", **more: Any
    ) -> str:
        """One article of one sentence: a statement as `said` takes it."""
        return self.tell_all(said(role, indicator, value, unit, **more), published=published, article_place=article_place)[0]

    def tell_all(self, *statements: dict[str, Any], published: str | None = "2024-07-10", article_place: str = "Lào Cai") -> list[str]:
        """One article: each statement is a sentence of its own, or stands with the one before it; gives back their ids."""
        number = next(self._numbers)
        key = f"a{number:04}"
        article, quantities, times, found = "", [], [], []
        for at, one in enumerate(statements):
            mark = f"{number}" if len(statements) == 1 else f"{number}-{at}"
            figure = f"{one['value'] or one['low']} {one['unit']}"
            text = f"{one['before']}{one['indicator']} {figure}."
            begin = found[-1]["sentence_start"] if one["same_sentence"] else len(article)
            start = len(article) + len(one["before"])
            article += text
            span = {"zone": one["zone"], "sentence_start": begin, "sentence_end": len(article), "rule": "made up", "confidence": one["confidence"]}
            decimal = {name: Decimal(one[name]) if one[name] else None for name in ("value", "low", "high", "of")}
            quantities.append(span | decimal | {
                "uid": f"q{mark}", "start": start + len(one["indicator"]) + 1, "end": len(article) - 1, "text": figure, "unit": one["unit"], "bound": one["bound"],
            })  # fmt: skip
            since, until = (date.fromisoformat(day) if day else None for day in one["period"] or (None, None))
            if one["period"]:
                where = one["named_at"] if one["named_at"] is not None else begin
                times.append(span | {"uid": f"t{mark}", "start": where, "end": where + 1, "text": one["time"] or text[0], "since": since, "until": until, "role": "period"})
            shares = one["same_sentence"] and not one["period"] and found[-1]["time_uid"]
            named = start if one["indicator_at"] is None else one["indicator_at"]
            found.append(span | {
                "uid": f"s{mark}", "start": named, "end": named + len(one["indicator"]), "text": one["indicator"], "quantity_uid": f"q{mark}",
                "time_uid": f"t{mark}" if one["period"] else shares or None, "role": one["role"], "dir": one["dir"], "place": one["place"],
            })  # fmt: skip
        day = datetime.combine(date.fromisoformat(published), time(3), timezone.utc) if published else None
        row = {
            "article_id": key, "source": "made-up", "origin": "document", "title": f"Bài {number}", "text": article, "zones": [], "tags": [], "published": day,
            "seen": SEEN, "ingested": SEEN, "archive": "", "offset": 0, "content_hash": key, "row_hash": key, "input_hash": key, "place": article_place,
        }  # fmt: skip
        record = {
            "article_id": key, "input_hash": key, "rules_version": "1", "extracted": SEEN, "quantities": quantities, "times": times,
            "statements": found, "refs": [], "tasks": [],
        }  # fmt: skip
        write_batch(self.store.articles, [row], ARTICLES)
        write_batch(self.store.records, [record], RECORDS)
        return [statement["uid"] for statement in found]

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
