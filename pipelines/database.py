"""The one place that talks to DuckDB: opening, SQL files, merging, publishing.

While a process holds a database for writing nobody else can open it. So `load` writes to a database
of its own, and readers open a copy that is put in place whole; one that is open stays what it was.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection as Connection

from chitieu.pipelines.errors import UserError
from chitieu.pipelines.store import Store, atomic_path

_SQL = files("chitieu.pipelines") / "sql"
# Nothing is fetched over the network behind the user's back, and a name in a query means a table,
# never a Python variable that happens to bear it.
_CONFIG = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


SCHEMA_VERSION = 3
"""Of the tables: goes up by one with each change of a table, and `sql/migrate_N.sql` leads to N."""
_LEADING_COMMENTS = re.compile(r"\A(?:\s*--[^\n]*\n)*\s*")


class DatabaseDamaged(Exception):
    """The file is no database that can be opened."""


@dataclass(slots=True)
class Changes:
    """What a merge did to one table."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def open_writer(path: Path) -> Connection:
    """The writer's database; raises DatabaseDamaged where the file cannot be read as one."""
    try:
        con = duckdb.connect(str(path), config=_CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise UserError(f"{path} is open in another program; readers should open the published copy") from error
        raise DatabaseDamaged(str(error)) from error
    except duckdb.Error as error:
        raise DatabaseDamaged(str(error)) from error
    con.execute("SET TimeZone = 'UTC'")
    return con


def open_reader(store: Store) -> Connection:
    """The published copy, read-only, with times in Vietnam's."""
    if not store.warehouse.is_file():
        raise UserError(f"there is no warehouse in {store.root} yet; `chitieu run` or `chitieu load` makes one")
    try:
        con = duckdb.connect(str(store.warehouse), read_only=True, config=_CONFIG)
    except duckdb.Error as error:
        raise UserError(f"cannot open {store.warehouse}: {error}; `chitieu load --redo` makes it anew") from error
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    return con


def definitions() -> list[str]:
    """The SQL of tables and views, in the order they build on each other."""
    names = sorted(file.name for file in _SQL.iterdir() if file.name[0].isdigit() and file.name.endswith(".sql"))
    return [(_SQL / name).read_text(encoding="utf-8") for name in names]


def schema_digest() -> str:
    """Tells one state of the definitions from another."""
    return hashlib.sha256("\n".join(definitions()).encode()).hexdigest()[:16]


def define(con: Connection) -> None:
    """Make all tables and views in an empty database."""
    con.execute("BEGIN")
    for sql in definitions():
        con.execute(sql)
    _remember_schema(con)
    con.execute("COMMIT")


def bring_up(con: Connection) -> bool:
    """Bring a database of an older version to today's definitions, keeping its rows.

    Runs the step `migrate_N.sql` of each version between, makes the views anew, and compares the
    tables with those of a new database. Gives back False, with nothing changed, where there is no
    way: the database is of no version, of a later one, or its tables are not what the steps lead to.
    """
    version = _schema_version(con)
    if version is None or version > SCHEMA_VERSION:
        return False
    con.execute("BEGIN")
    try:
        for step in range(version + 1, SCHEMA_VERSION + 1):
            run_file(con, f"migrate_{step}.sql")
        for (view,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            con.execute(f'DROP VIEW IF EXISTS "{view}"')
        for (macro,) in con.execute("SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal AND function_type = 'macro'").fetchall():
            con.execute(f'DROP MACRO "{macro}"')
        con.execute(";\n".join(_statements(lambda sql: not sql.startswith("CREATE TABLE"))))
        _remember_schema(con)
    except duckdb.Error:
        con.execute("ROLLBACK")
        return False
    same = structure(con) == structure(_fresh())
    con.execute("COMMIT" if same else "ROLLBACK")
    return same


def structure(con: Connection) -> list[tuple[Any, ...]]:
    """The tables of a database: their columns with types, and their constraints."""
    return con.execute("""
        SELECT table_name, column_name, data_type || CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END
        FROM duckdb_columns() WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT internal)
        UNION ALL
        SELECT table_name, constraint_type, constraint_text FROM duckdb_constraints()
        ORDER BY ALL
    """).fetchall()


def _schema_version(con: Connection) -> int | None:
    """The version a database is of; the first one did not say so."""
    state = load_state(con)
    return int(state["schema_version"]) if "schema_version" in state else 1 if "schema" in state else None


def _remember_schema(con: Connection) -> None:
    for name, value in (("schema", schema_digest()), ("schema_version", str(SCHEMA_VERSION))):
        con.execute("INSERT INTO load_state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, value])


def _fresh() -> Connection:
    con = duckdb.connect(config=_CONFIG)
    define(con)
    return con


def _statements(wanted: Callable[[str], bool]) -> list[str]:
    """Statements of the definitions, without the comments before them."""
    found = [statement.query for sql in definitions() for statement in duckdb.extract_statements(sql)]
    return [sql for sql in (_LEADING_COMMENTS.sub("", sql) for sql in found) if wanted(sql)]


def run_file(con: Connection, name: str) -> None:
    """Run one of the SQL files that stage a load."""
    con.execute((_SQL / name).read_text(encoding="utf-8"))


def merge(con: Connection, table: str) -> Changes:
    """Make `table` equal to `staged_<table>`, touching only rows that differ; both have its columns."""
    key = con.execute(
        "SELECT constraint_column_names FROM duckdb_constraints() "
        "WHERE table_name = ? AND constraint_type = 'PRIMARY KEY'",
        [table],
    ).fetchall()[0][0]
    columns = table_columns(con, table)
    listed = ", ".join(f'"{column}"' for column in columns)
    if con.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None:
        # Into an empty table a plain INSERT does the same in two thirds of the time.
        (added,) = con.execute(f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "staged_{table}"').fetchall()[0]
        return Changes(added=added)
    rest = [column for column in columns if column not in key]
    on = " AND ".join(f'old."{column}" = new."{column}"' for column in key)
    differs = " OR ".join(f'old."{column}" IS DISTINCT FROM new."{column}"' for column in rest)
    sets = ", ".join(f'"{column}" = new."{column}"' for column in rest)
    update = f"WHEN MATCHED AND ({differs}) THEN UPDATE SET {sets}" if rest else ""
    result = con.execute(f"""
        MERGE INTO "{table}" AS old USING (SELECT {listed} FROM "staged_{table}") AS new ON {on}
        {update}
        WHEN NOT MATCHED THEN INSERT ({listed}) VALUES ({", ".join(f'new."{c}"' for c in columns)})
        WHEN NOT MATCHED BY SOURCE THEN DELETE
        RETURNING merge_action
    """)
    actions = result.to_arrow_table()["merge_action"].value_counts().to_pylist()
    found = {row["values"]: row["counts"] for row in actions}
    return Changes(found.get("INSERT", 0), found.get("UPDATE", 0), found.get("DELETE", 0))


def table_columns(con: Connection, table: str) -> list[str]:
    """Names of the columns of a table, in order."""
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal ORDER BY column_index", [table]
    ).fetchall()
    return [row[0] for row in rows]


def stream(con: Connection, query: str, size: int = 10_000) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, `size` at a time."""
    cursor = con.execute(query)
    while rows := cursor.fetchmany(size):
        yield from rows


def publish(store: Store) -> None:
    """Put a copy of the writer's database in the place readers open, in one step.

    No connection may hold the writer's database: what it holds in its log is written out first.
    """
    with open_writer(store.work) as con:
        con.execute("CHECKPOINT")
    with atomic_path(store.warehouse) as temporary:
        shutil.copyfile(store.work, temporary)


def remove_writer(store: Store) -> None:
    """Drop the writer's database: everything in it can be loaded again."""
    for path in (store.work, store.work.with_name(store.work.name + ".wal")):
        path.unlink(missing_ok=True)


def age_hint(con: Connection) -> str:
    """What to do where a question fails because another version of chitieu made the warehouse; else empty."""
    return "" if load_state(con).get("schema") == schema_digest() else "; another version of chitieu made this warehouse: `chitieu load` brings it up"


def load_state(con: Connection) -> dict[str, str]:
    """What a database says of the load that made it; empty where it is none of ours."""
    try:
        return dict(con.execute("SELECT name, value FROM load_state").fetchall())
    except duckdb.CatalogException:
        return {}
