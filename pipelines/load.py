"""Records to the warehouse: staged, checked, merged into the writer's database, published.

Everything in the database comes from the batches, the registry and the reference tables; a load
makes the database equal to them, in one transaction, and touches only the rows that differ.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from chitieu.crawlers.sources import Source
from chitieu.pipelines import agencies, batches, clusters, database, dimensions, quality, related, resolve, review, search
from chitieu.pipelines.database import Changes, Connection, DatabaseDamaged
from chitieu.pipelines.stage import OnProgress, StageRun, no_progress, stage_run
from chitieu.pipelines.store import Store

log = logging.getLogger("chitieu")

DIMENSIONS = ("source", "place", "agency", "unit", "indicator", "setting")
TABLES = (
    *DIMENSIONS,
    "article",
    "time_expression",
    "quantity",
    "statement",
    "task",
    "document",
    "document_mention",
    "article_cluster",
    "observation",
    "task_agency",
    "task_report",
    "verdict",
    "quality_check",
    "quarantine",
)
"""In the order they are merged: what is pointed at comes first."""

_MEASURE = "STRUCT(dimension VARCHAR, base_unit VARCHAR, factor DECIMAL(38, 9))"
_LINK = "STRUCT(indicator_id VARCHAR, how VARCHAR, qualifier VARCHAR)"
_CLUSTER = pa.schema(
    [
        ("article_id", pa.string()),
        ("cluster_id", pa.string()),
        ("relation", pa.string()),
        ("similarity", pa.float64()),
        ("similar_to", pa.string()),
    ]
)
_FACTS = ("time_expression", "quantity", "statement", "task", "document_mention")
_IN_VERSION = ("article_id", "version")
REFERENCES: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("article", ("source_id",), "source", ("source_id",)),
    *((fact, _IN_VERSION, "article", _IN_VERSION) for fact in _FACTS),
    ("statement", (*_IN_VERSION, "quantity_id"), "quantity", (*_IN_VERSION, "record_id")),
    ("statement", (*_IN_VERSION, "time_id"), "time_expression", (*_IN_VERSION, "record_id")),
    ("statement", ("place_id",), "place", ("place_id",)),
    ("statement", ("indicator_id",), "indicator", ("indicator_id",)),
    ("task", (*_IN_VERSION, "time_id"), "time_expression", (*_IN_VERSION, "record_id")),
    ("document_mention", ("document_id",), "document", ("document_id",)),
    ("document", ("issuer_id",), "agency", ("agency_id",)),
    ("article_cluster", ("cluster_id",), "article_cluster", ("article_id",)),
    ("observation", (*_IN_VERSION, "record_id"), "statement", (*_IN_VERSION, "record_id")),
    ("observation", ("document_id",), "document", ("document_id",)),
    ("task_agency", (*_IN_VERSION, "record_id"), "task", (*_IN_VERSION, "record_id")),
    ("task_agency", ("agency_id",), "agency", ("agency_id",)),
    ("task_report", (*_IN_VERSION, "record_id"), "task", (*_IN_VERSION, "record_id")),
    ("task_report", ("report_article_id", "report_version"), "article", _IN_VERSION),
)
"""Table, columns, table pointed at, its columns. A NULL points at nothing."""


class LoadError(Exception):
    """The load contradicts itself and was undone; the published copy stands as it was."""


@dataclass(slots=True)
class LoadReport:
    """What a load changed, table by table, and whether readers got a new copy."""

    tables: dict[str, Changes] = field(default_factory=dict)
    published: bool = False
    rebuilt: bool = False
    migrated: bool = False
    failures: int = 0

    @property
    def changed(self) -> bool:
        return any(changes.any for changes in self.tables.values())

    @property
    def counts(self) -> Mapping[str, int]:
        return {
            name: sum(getattr(changes, name) for changes in self.tables.values())
            for name in ("added", "changed", "removed")
        }


def load(
    store: Store, registry: Mapping[str, Source], *, redo: bool = False, on_progress: OnProgress = no_progress
) -> LoadReport:
    """Bring the warehouse up to the batches and publish it; a load without news changes nothing.

    Rows that break a rule of their table are left out and recorded as failures. With `redo`, after
    a change of the definitions, or where it is damaged, the database is built anew.
    """
    report = LoadReport()
    with stage_run(store, "load", reason="redo" if redo else "") as run:
        con = _open(store, report, redo)
        try:
            con.execute("BEGIN")
            _stage(con, store, registry)
            _reject(con, run)
            for name in ("national", "project", "forecast", "plan", "planned", "reached", "each"):
                con.execute(f"SET VARIABLE words_{name} = ?", [resolve.words_pattern(name)])
            database.run_file(con, "stage_observation.sql")
            related.stage(con)
            _stage_verdicts(con, store)
            _count_quality(con)
            for done, table in enumerate(TABLES):
                on_progress(done, len(TABLES))
                report.tables[table] = database.merge(con, table)
            search.index_sentences(con)
            check_references(con)
            if report.changed:
                _count_load(con)
            con.execute("COMMIT")
            run.state.resolve_earlier("load", run.run_id)
            ours = database.load_state(con)
        finally:
            con.close()
        if report.changed or not _is_published(store, ours):
            database.publish(store)
            report.published = True
        on_progress(len(TABLES), len(TABLES))
        report.failures = run.failures
        run.counts |= report.counts
    return report


def check_references(con: Connection) -> None:
    """Raise LoadError where a row points at one that is not there."""
    for table, columns, target, target_columns in REFERENCES:
        gone = _missing(columns, target, target_columns)
        (orphans,) = con.execute(f"SELECT count(*) FROM {table} AS pointing WHERE {gone}").fetchall()[0]
        if orphans:
            raise LoadError(f"{orphans} rows of {table} point by {', '.join(columns)} at no row of {target}")


def _open(store: Store, report: LoadReport, redo: bool) -> Connection:
    """The writer's database with today's definitions: migrated where it has others, or else made anew."""
    if redo:
        database.remove_writer(store)
    try:
        con = database.open_writer(store.work)
        state = database.load_state(con)
    except DatabaseDamaged as error:
        log.warning("%s cannot be opened (%s); building it anew", store.work, error)
        database.remove_writer(store)
        con, state = database.open_writer(store.work), {}
    if state.get("schema") == database.schema_digest():
        return con
    if state and database.bring_up(con):
        log.info("%s was brought to version %d of the tables", store.work, database.SCHEMA_VERSION)
        report.migrated = True
        return con
    con.close()
    database.remove_writer(store)
    report.rebuilt = True
    con = database.open_writer(store.work)
    database.define(con)
    return con


def _stage(con: Connection, store: Store, registry: Mapping[str, Source]) -> None:
    """The tables as they should be, as temporary tables `staged_<table>`."""
    con.register("raw_article", _dataset(store.articles, batches.ARTICLES))
    con.register("raw_record", _dataset(store.records, batches.RECORDS))
    for name, table in {
        "source": dimensions.sources(registry),
        "place": dimensions.places(),
        "agency": dimensions.agencies(),
        "unit": dimensions.units(),
        "setting": dimensions.settings(),
        "indicator": dimensions.indicators(),
    }.items():
        con.register("given", table)
        con.execute(f"CREATE TEMP TABLE staged_{name} AS SELECT * FROM given")
        con.unregister("given")
    con.create_function("measure", lambda unit: resolve.measure(unit).as_row(), ["VARCHAR"], _MEASURE)
    con.create_function("link_indicator", lambda text, unit: resolve.link(text, unit).as_row(), ["VARCHAR", "VARCHAR"], _LINK)
    con.create_function("issuing_agency", agencies.issuing_agency, ["VARCHAR", "DATE"], "VARCHAR", null_handling="special")
    for file in ("stage_article.sql", "stage_facts.sql", "stage_statement.sql", "stage_document.sql"):
        database.run_file(con, file)
    related.stage_retold(con)
    _stage_clusters(con)


def _stage_clusters(con: Connection) -> None:
    """The clusters of the articles as they will be; those of the last load where no text has changed."""
    con.execute("CREATE OR REPLACE TEMP TABLE staged_article_cluster AS SELECT * FROM article_cluster")
    texts = "SELECT article_id, content_hash, published FROM {} WHERE is_latest"
    old, new = (texts.format(table) for table in ("article", "staged_article"))
    (changed,) = con.execute(f"SELECT count(*) FROM ((({old}) EXCEPT ({new})) UNION ALL (({new}) EXCEPT ({old})))").fetchall()[0]
    (there,) = con.execute("SELECT count(*) FROM article_cluster").fetchall()[0]
    if not changed and there:
        return
    rows = database.stream(con, "SELECT article_id, text, zones, published FROM staged_article WHERE is_latest ORDER BY article_id", 500)
    members = clusters.cluster(clusters.Text(article_id, _own_words(text, zones), published) for article_id, text, zones, published in rows)
    con.register("given", pa.Table.from_pylist([asdict(member) for member in members], _CLUSTER))
    con.execute("CREATE OR REPLACE TEMP TABLE staged_article_cluster AS SELECT * FROM given")
    con.unregister("given")


def _own_words(text: str, zones: Sequence[Mapping[str, Any]]) -> str:
    """What an article says itself: its text without teasers and furniture."""
    for zone in sorted(zones, key=lambda zone: zone["start"], reverse=True):
        if zone["name"] in ("teaser", "furniture"):
            text = text[: zone["start"]] + "\n" + text[zone["end"] :]
    return text


def _dataset(folder: Path, schema: pa.Schema) -> ds.Dataset | pa.Table:
    paths = [str(path) for path in batches.batches(folder)]
    return ds.dataset(paths, schema=schema, format="parquet") if paths else schema.empty_table()


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a row must not be: the slug and the wording of the failure, and the condition of breaking it."""

    cause: str
    told: str
    broken: str


def _reject(con: Connection, run: StageRun) -> None:
    """Leave staged facts that would break their table, or that a check holds for wrong, to quarantine.

    The rules are the tables' own (keys, NOT NULL, CHECK and the references between facts) and the
    errors of `quality`.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE staged_quarantine AS SELECT * FROM quarantine LIMIT 0")
    con.execute("CREATE OR REPLACE TEMP TABLE rows_checked (table_name VARCHAR, checked BIGINT)")
    for table in _FACTS:
        con.execute(f"INSERT INTO rows_checked SELECT '{table}', count(*) FROM staged_{table}")
        key = ", ".join(_constraints(con, table, "PRIMARY KEY", "constraint_column_names")[0])
        repeated = f"rowid NOT IN (SELECT min(rowid) FROM staged_{table} GROUP BY {key})"
        rules = [_Rule("duplicate-id", key, repeated)]
        rules += [
            _Rule("missing-value", columns[0], f'"{columns[0]}" IS NULL')
            for columns in _constraints(con, table, "NOT NULL", "constraint_column_names")
        ]
        rules += [
            _Rule("breaks-rule", rule, f"NOT ({rule})") for rule in _constraints(con, table, "CHECK", "expression")
        ]
        rules += [_Rule(check.name, check.told, check.failing) for check in quality.ERRORS if check.table == table]
        _reject_rows(con, run, table, rules)
    for table, columns, target, target_columns in REFERENCES:
        if table in _FACTS and target in _FACTS:
            gone = _missing(columns, f"staged_{target}", target_columns)
            _reject_rows(con, run, table, [_Rule("points-nowhere", ", ".join(columns), gone)])


def _reject_rows(con: Connection, run: StageRun, table: str, rules: list[_Rule]) -> None:
    """Move the staged rows that break a rule to quarantine; the first one broken is told."""
    which = " ".join(f"WHEN {rule.broken} THEN {number}" for number, rule in enumerate(rules))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE rejected AS
        SELECT rowid AS staged_row, *, to_json(pointing) AS record, CASE {which} END AS which_broken
        FROM staged_{table} AS pointing WHERE which_broken IS NOT NULL
    """)
    rows = con.execute("SELECT article_id, version, record_id, text, record, which_broken FROM rejected ORDER BY ALL").fetchall()
    if not rows:
        return
    for article_id, version, record_id, text, record, number in rows:
        rule = rules[number]
        run.fail(f"{article_id}: {table} {record_id}", rule.cause, f"{rule.told}; {text!r:.80}")
        con.execute(
            "INSERT INTO staged_quarantine SELECT ?, coalesce(?, ''), coalesce(?, 0), coalesce(?, ''), ?, ?, ?, ? "
            "WHERE NOT EXISTS (SELECT 1 FROM staged_quarantine WHERE (table_name, article_id, version, record_id) = (?, ?, ?, ?))",
            [table, article_id, version, record_id, rule.cause, rule.told, text, record, table, article_id, version, record_id],
        )
    con.execute(f"DELETE FROM staged_{table} WHERE rowid IN (SELECT staged_row FROM rejected)")


def _stage_verdicts(con: Connection, store: Store) -> None:
    con.register("given", review.read_verdicts(store))
    con.execute("CREATE OR REPLACE TEMP TABLE staged_verdict AS SELECT * FROM given")
    con.unregister("given")


def _count_quality(con: Connection) -> None:
    """What the checks found, as the table `quality_check`."""
    con.execute("CREATE OR REPLACE TEMP TABLE staged_quality_check AS SELECT * FROM quality_check LIMIT 0")
    for check in quality.ERRORS:
        con.execute(
            "INSERT INTO staged_quality_check SELECT ?, ?, 'error', ?, (SELECT any_value(checked) FROM rows_checked WHERE table_name = ?), "
            "(SELECT count(*) FROM staged_quarantine WHERE table_name = ? AND cause = ?)",
            [check.check_id, check.table, check.told, check.table, check.table, check.name],
        )
    for check in quality.WARNINGS:
        con.execute(
            f"INSERT INTO staged_quality_check SELECT ?, ?, 'warning', ?, count(*), count(*) FILTER ({check.failing}) FROM staged_{check.table}",
            [check.check_id, check.table, check.told],
        )


def _constraints(con: Connection, table: str, kind: str, what: str) -> list[Any]:
    query = f"SELECT {what} FROM duckdb_constraints() WHERE table_name = ? AND constraint_type = ?"
    return [row[0] for row in con.execute(query, [table, kind]).fetchall()]


def _missing(columns: tuple[str, ...], target: str, target_columns: tuple[str, ...]) -> str:
    """The condition on a row `pointing` that it points somewhere, and that nothing is there."""
    points = " AND ".join(f"pointing.{column} IS NOT NULL" for column in columns)
    same = " AND ".join(
        f"pointed.{there} = pointing.{here}" for here, there in zip(columns, target_columns, strict=True)
    )
    return f"({points} AND NOT EXISTS (SELECT 1 FROM {target} AS pointed WHERE {same}))"


def _count_load(con: Connection) -> None:
    """Number this load: what readers and exports are told apart by."""
    number = int(database.load_state(con).get("load", "0")) + 1
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    for name, value in (("load", str(number)), ("loaded_at", now)):
        con.execute("INSERT INTO load_state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value])


def _is_published(store: Store, ours: Mapping[str, str]) -> bool:
    """Whether readers have this very load: a killed run may have loaded and not published."""
    if not store.warehouse.is_file():
        return False
    try:
        with database.open_reader(store) as con:
            return database.load_state(con) == ours
    except database.UserError:
        return False
