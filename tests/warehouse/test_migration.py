"""A database of the version before is brought up with its rows, and one that cannot be is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from chitieu.pipelines import database
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store

VERSION_1, VERSION_2 = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("schema_1.sql", "schema_2.sql"))


@pytest.fixture
def old(store: Store) -> Store:
    """A store whose database is of version 1, with a source that only the database still knows."""
    with duckdb.connect(str(store.work)) as con:
        con.execute(VERSION_1)
        con.execute("INSERT INTO load_state VALUES ('schema', 'of version 1'), ('load', '7')")
        con.execute("INSERT INTO source VALUES ('made-up', 'Báo Cũ', 'Lào Cai', 'newspaper', ['cu.example'], NULL, NULL, NULL, NULL)")
        con.execute("INSERT INTO place VALUES ('lao-cai', 'Lào Cai', 'tỉnh Lào Cai', 'province', NULL, '2025-07-01', NULL, [], [], '15')")
        con.execute(
            "INSERT INTO article VALUES ('a', 1, true, 'made-up', 'document', NULL, NULL, NULL, 'GRDP 5%', [], NULL, NULL, NULL, NULL, [], NULL, NULL, now(), 'h', '', 0, NULL)"
        )
        con.execute("INSERT INTO quantity VALUES ('a', 1, 'q', 'body', 5, 7, '5%', 0, 7, '', 0.9, 5, NULL, NULL, NULL, '%', '=')")
        con.execute("INSERT INTO statement VALUES ('a', 1, 's', 'body', 0, 4, 'GRDP', 0, 7, '', 0.9, 'q', NULL, 'actual', '', 'Lào Cai', 'lao-cai', NULL)")
    return store


def test_rows_outlive_the_migration(old: Store) -> None:
    with database.open_writer(old.work) as con:
        assert database.bring_up(con)
        assert con.execute("SELECT value, base_unit FROM quantity").fetchall() == [(5, "%")]
        assert con.execute("SELECT place_id, place_rule, indicator_rule FROM statement").fetchall() == [("lao-cai", "named", "")]
        assert con.execute("SELECT territory FROM place").fetchall() == [("lao-cai",)]
        assert database.load_state(con)["load"] == "7"
        assert database.load_state(con)["schema_version"] == str(database.SCHEMA_VERSION)
        assert con.execute("SELECT count(*) FROM scoreboard").fetchall() == [(0,)]


@pytest.fixture
def before(store: Store) -> Store:
    """A store whose database is of the version before, with a verdict and an observation."""
    with duckdb.connect(str(store.work)) as con:
        con.execute(VERSION_2)
        con.execute("INSERT INTO load_state VALUES ('schema', 'of version 2'), ('schema_version', '2'), ('load', '7')")
        con.execute("INSERT INTO verdict VALUES ('s', '', 'not reported', 'right', 'looked it up', now()), ('t', '', 'candidate', 'wrong', NULL, now())")
        con.execute(
            "INSERT INTO observation BY NAME SELECT 'a' AS article_id, 1 AS version, 's' AS record_id, 'a' AS cluster_id, 'target' AS role, 'level' AS kind, 1 AS series, "
            "1 AS promise, '%' AS unit, '=' AS bound, false AS same_start, false AS runs_up, 'target' AS stage, false AS perhaps_answered, '' AS doubt, 0.9 AS confidence"
        )
    return store


def test_the_version_before_is_brought_up(before: Store) -> None:
    with database.open_writer(before.work) as con:
        assert database.bring_up(con)
        assert con.execute("SELECT target_id, state, claim, note FROM verdict ORDER BY ALL").fetchall() == [
            ("s", "not reported", "not reported", "looked it up"), ("t", "candidate", None, None),
        ]  # fmt: skip
        assert con.execute("SELECT count(*) FROM observation").fetchall() == [(0,)], "worked out anew by the next load"
        assert con.execute("SELECT later_id FROM place_lineage").fetchall() == [] and database.load_state(con)["load"] == "7"


@pytest.mark.parametrize("version", ["old", "before"])
def test_a_migrated_database_is_like_a_new_one(version: str, request: pytest.FixtureRequest) -> None:
    old = request.getfixturevalue(version)
    with database.open_writer(old.work) as con, duckdb.connect() as new:
        assert database.bring_up(con)
        database.define(new)
        assert database.structure(con) == database.structure(new)
        query = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        assert con.execute(query).fetchall() == new.execute(query).fetchall()


def test_the_next_load_migrates_and_keeps_what_only_the_database_knows(old: Store, press: Any) -> None:
    press.tell("target", "thu ngân sách nhà nước trên địa bàn", "1000", "VND", period=("2024-01-01", "2024-12-31"), published="2023-12-08")
    report = load(old, {})
    assert report.migrated and not report.rebuilt
    assert press.ask("SELECT name FROM source WHERE source_id = 'made-up'") == [("Báo Cũ",)]
    assert not load(old, {}).changed


def test_new_views_need_no_migration(store: Store) -> None:
    load(store, {})
    with database.open_writer(store.work) as con:
        con.execute("UPDATE load_state SET value = 'of yesterday' WHERE name = 'schema'")
        con.execute("DROP VIEW scoreboard")
        assert database.bring_up(con)
        assert con.execute("SELECT count(*) FROM scoreboard").fetchall() == [(0,)]


@pytest.mark.parametrize("harm", ["ALTER TABLE quantity DROP COLUMN text", "UPDATE load_state SET value = '99' WHERE name = 'schema_version'", "DELETE FROM load_state"])
def test_what_no_step_leads_from_is_left_as_it_was(store: Store, harm: str) -> None:
    load(store, {})
    with database.open_writer(store.work) as con:
        con.execute(harm)
        before = database.structure(con)
        assert not database.bring_up(con)
        assert database.structure(con) == before
