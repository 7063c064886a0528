"""The one place that talks to DuckDB: opening, SQL files, merging, publishing.

While a process holds a database for writing nobody else can open it. So `load` writes to a database
of its own, and readers open a copy that is put in place whole; one that is open stays what it was.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
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
    """Tells one version of the definitions from another."""
    return hashlib.sha256("\n".join(definitions()).encode()).hexdigest()[:16]


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
    rest = [column for column in columns if column not in key]
    on = " AND ".join(f'old."{column}" = new."{column}"' for column in key)
    differs = " OR ".join(f'old."{column}" IS DISTINCT FROM new."{column}"' for column in rest)
    sets = ", ".join(f'"{column}" = new."{column}"' for column in rest)
    listed = ", ".join(f'"{column}"' for column in columns)
    result = con.execute(f"""
        MERGE INTO "{table}" AS old USING (SELECT {listed} FROM "staged_{table}") AS new ON {on}
        WHEN MATCHED AND ({differs}) THEN UPDATE SET {sets}
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


def load_state(con: Connection) -> dict[str, str]:
    """What a database says of the load that made it; empty where it is none of ours."""
    try:
        return dict(con.execute("SELECT name, value FROM load_state").fetchall())
    except duckdb.CatalogException:
        return {}
