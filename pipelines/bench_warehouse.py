"""Speed of loading and of the scoreboard beside what DuckDB does at its barest.

    python -m chitieu.pipelines.bench_warehouse [--statements 1000000]

One run. The sample articles are loaded, and their rows copied until there are so many statements (a
quarter of it for loading), each copy with articles, places and series of its own. The two sides take turns, three times:
the same Arrow tables through the load's checks and merge, and by DuckDB's own INSERT into the same
table definitions; the view `scoreboard`, and SQL that only joins each target to its latest figure.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from chitieu.pipelines import database, screen
from chitieu.pipelines import load as loading
from chitieu.pipelines.database import Connection
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.sample_press import load_articles
from chitieu.pipelines.stage import stage_run
from chitieu.pipelines.store import Store

_TURNS = 3
_LOADED = ("time_expression", "quantity", "statement")
_COPIED = ("article", *_LOADED, "observation")
_PLACES = {"bao-song-lam": "Nghệ An", "bao-dat-to": "Phú Thọ", "cong-lao-cai": "Lào Cai", "cong-thai-nguyen": "Thái Nguyên", "vb-song-lam": "Nghệ An"}

# What makes a copy one of its own.
_OWN = {
    "article_id": "article_id || '#' || copy",
    "place_id": "place_id || '#' || copy",
    "cluster_id": "cluster_id || '#' || copy",
    "series": "hash(series, copy)",
    "promise": "CASE WHEN promise IS NOT NULL THEN hash(promise, copy) END",
}

# Texts are read last, and only those of the rows that are shown: as who writes it by hand would do.
_ONLY_JOINED = """
WITH fact AS (
    SELECT
        s.role, s.indicator_id, s.place_id, q.base_unit AS unit, q.base_value AS value, t.until AS day, a.published,
        s.article_id, s.version, s.sentence_start, s.sentence_end
    FROM statement AS s
    JOIN article AS a ON a.article_id = s.article_id AND a.version = s.version AND a.is_latest
    JOIN quantity AS q ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id
    LEFT JOIN time_expression AS t ON t.article_id = s.article_id AND t.version = s.version AND t.record_id = s.time_id
    WHERE s.zone NOT IN ('teaser', 'furniture')
),
latest AS (
    FROM fact WHERE role != 'target' AND indicator_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY indicator_id, place_id, unit ORDER BY day DESC NULLS LAST, published DESC) = 1
)
SELECT
    target.indicator_id, target.place_id, target.unit, target.value, target.day, told.title, told.url,
    substring(told.text, target.sentence_start + 1, target.sentence_end - target.sentence_start) AS sentence,
    latest.value AS latest_value, latest.day AS latest_day, reported.title AS latest_title, reported.url AS latest_url,
    substring(reported.text, latest.sentence_start + 1, latest.sentence_end - latest.sentence_start) AS latest_sentence,
    latest.value - target.value AS gap
FROM fact AS target
JOIN article AS told ON told.article_id = target.article_id AND told.version = target.version
LEFT JOIN latest
    ON latest.indicator_id = target.indicator_id AND latest.place_id = target.place_id AND latest.unit = target.unit
LEFT JOIN article AS reported ON reported.article_id = latest.article_id AND reported.version = latest.version
WHERE target.role = 'target'
"""


def sample_store(folder: Path) -> Store:
    """A store with the sample articles loaded."""
    store = Store(folder / "sample").prepare()
    given = folder / "sample.jsonl"
    with given.open("w", encoding="utf-8") as file:
        for article in load_articles():
            text = "\n\n".join([article.title, article.sapo, *article.body, *article.captions])
            document = {"id": f"{article.portal}-{article.id}", "text": text, "title": article.title, "place": _PLACES[article.portal]}
            file.write(json.dumps(document | {"published": article.published.date().isoformat(), "source": article.portal}) + "\n")
    ingest(store, {}, [given])
    extract(store)
    loading.load(store, {})
    return store


def copies(con: Connection, table: str, count: int) -> pa.Table:
    """The rows of a table `count` times over, each copy one of its own."""
    columns = ", ".join(f"{_OWN.get(column, column)} AS {column}" for column in database.table_columns(con, table))
    return con.execute(f"SELECT {columns} FROM {table}, range({count}) AS turn(copy)").to_arrow_table()


def measure_load(store: Store, tables: Mapping[str, pa.Table], folder: Path) -> dict[str, float]:
    """Rows a second of both ways, the median of their turns."""
    rows = sum(table.num_rows for table in tables.values())
    ways: dict[str, Callable[[Connection, Store], None]] = {
        "chitieu: stage, check, merge": lambda con, at: _load_ours(con, at, tables),
        "DuckDB: INSERT": lambda con, _: _load_bare(con, tables),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(_TURNS):
        for number, (name, way) in enumerate(ways.items()):
            path = folder / f"load-{turn}-{number}.duckdb"
            with database.open_writer(path) as con:
                for sql in database.definitions():
                    con.execute(sql)
                seconds[name].append(_timed(lambda way=way, con=con: way(con, store)))
            path.unlink()
    return {name: rows / statistics.median(spent) for name, spent in seconds.items()}


def measure_scoreboard(con: Connection) -> dict[str, float]:
    """Seconds of both ways, the median of their turns; the rows go to a table, as to an export."""
    ways = {"chitieu: the view scoreboard": "FROM scoreboard", "only joined to the latest figure": _ONLY_JOINED}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_TURNS):
        for name, query in ways.items():
            seconds[name].append(_timed(lambda query=query: con.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {query}")))
    return {name: statistics.median(spent) for name, spent in seconds.items()}


def _load_ours(con: Connection, store: Store, tables: Mapping[str, pa.Table]) -> None:
    """What `load` does with rows that it has staged."""
    with stage_run(store, "load", reason="bench") as run:
        con.execute("BEGIN")
        for name, table in tables.items():
            con.register("given", table)
            con.execute(f"CREATE TEMP TABLE staged_{name} AS SELECT * FROM given")
            con.unregister("given")
        for name in set(loading.TABLES) - set(tables):
            con.execute(f"CREATE TEMP TABLE staged_{name} AS SELECT * FROM {name} LIMIT 0")
        loading._reject(con, run)  # noqa: SLF001 - the very checks of a load, without its other tables
        for name in tables:
            database.merge(con, name)
        con.execute("COMMIT")
        if run.failures:
            raise SystemExit(f"bench: {run.failures} rows were rejected; nothing was measured")


def _load_bare(con: Connection, tables: Mapping[str, pa.Table]) -> None:
    con.execute("BEGIN")
    for name, table in tables.items():
        con.register("given", table)
        con.execute(f"INSERT INTO {name} SELECT * FROM given")
        con.unregister("given")
    con.execute("COMMIT")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _show(title: str, unit: str, found: Mapping[str, float], *, digits: int) -> None:
    base = list(found.values())[1]
    made = screen.table(title, "", unit, "against the other")
    for name, figure in found.items():
        made.add_row(name, f"{figure:,.{digits}f}", f"{figure / base:.2f}")
    screen.out.print(made)


def run_bench(statements: int, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Measure both with at least so many statements; gives back rows a second, and seconds."""
    store = sample_store(folder)
    grown = folder / "grown.duckdb"
    with database.open_reader(store) as con:
        (there,) = con.execute("SELECT count(*) FROM statement").fetchall()[0]
        count = -(-statements // there)
        with database.open_writer(grown) as big:
            for sql in database.definitions():
                big.execute(sql)
            for name in ("source", "indicator", "setting"):
                _insert(big, name, con.execute(f"FROM {name}").to_arrow_table())
            used = f"SELECT {', '.join(f'{_OWN.get(c, c)} AS {c}' for c in database.table_columns(con, 'place'))} FROM place, range({count}) AS turn(copy) WHERE place_id IN (SELECT place_id FROM statement)"
            _insert(big, "place", con.execute(used).to_arrow_table())
            for name in _COPIED:
                _insert(big, name, copies(con, name, count))
        tables = {name: copies(con, name, -(-count // 4)) for name in _LOADED}
    screen.say(f"{there * count:,} statements; {sum(table.num_rows for table in tables.values()):,} rows to load")
    loaded = measure_load(store, tables, folder)
    del tables
    with database.open_writer(grown) as big:
        return loaded, measure_scoreboard(big)


def _insert(con: Connection, name: str, table: pa.Table) -> None:
    con.register("given", table)
    con.execute(f"INSERT INTO {name} SELECT * FROM given")
    con.unregister("given")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=1_000_000)
    with tempfile.TemporaryDirectory(prefix="chitieu-bench-") as folder:
        loaded, asked = run_bench(parser.parse_args().statements, Path(folder))
    _show("Loading", "rows/s", loaded, digits=0)
    _show("The scoreboard", "seconds", asked, digits=2)


if __name__ == "__main__":
    main()
