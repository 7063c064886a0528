"""A prompt for SQL: what `chitieu shell` runs."""

from __future__ import annotations

import cmd
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from chitieu.pipelines import asking, database, screen
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.search import search
from chitieu.pipelines.store import Store

_ROWS = 100
_HISTORY_LINES = 1000


class Shell(cmd.Cmd):
    """Reads statements up to a semicolon and shows what they give; lines with a dot are its own."""

    intro = (
        "SQL against the warehouse, read-only; end a statement with ;\n"
        ".tables  .describe TABLE  .search WORDS  .report [QUESTION [PLACE [YEAR]]]  .reload  .quit"
    )
    prompt = "chitieu> "

    def __init__(self, store: Store) -> None:
        super().__init__(completekey="tab")
        self._store = store
        self._pending: list[str] = []
        self._own: dict[str, Callable[[str], bool | None]] = {
            ".tables": self._tables,
            ".describe": self._describe,
            ".search": self._search,
            ".report": self._report,
            ".reload": self._reload,
            ".quit": lambda _: True,
            ".exit": lambda _: True,
            ".help": lambda _: screen.say(self.intro),
        }
        self._opened: tuple[int, int] = (0, 0)
        self._con = self._open()
        if not sys.stdin.isatty():
            self.prompt = ""
            self.intro = ""

    def onecmd(self, line: str) -> bool:
        """One line: part of a statement, or one of the shell's own; True ends the shell."""
        try:
            return bool(self._take(line))
        except (UserError, duckdb.Error, ValueError) as error:
            self._pending.clear()
            screen.complain(str(error))
        except KeyboardInterrupt:
            self._con.interrupt()
            self._pending.clear()
        finally:
            if self.prompt:
                self.prompt = "    ...> " if self._pending else "chitieu> "
        return False

    def completenames(self, text: str, *_: object) -> list[str]:
        """Tables, views and columns that begin so."""
        return self.completedefault(text)

    def completedefault(self, text: str, *_: object) -> list[str]:
        """Tables, views and columns that begin so."""
        rows = self._con.execute(
            "SELECT DISTINCT name FROM (SELECT table_name AS name FROM duckdb_columns() WHERE NOT internal "
            "UNION SELECT column_name FROM duckdb_columns() WHERE NOT internal) WHERE starts_with(name, ?) ORDER BY name",
            [text],
        ).fetchall()
        return [row[0] for row in rows]

    def _take(self, line: str) -> bool | None:
        stripped = line.strip()
        if stripped == "EOF":
            return True
        if not self._pending and stripped.startswith("."):
            name, _, rest = stripped.partition(" ")
            if name not in self._own:
                raise UserError(f"there is no {name}; .help lists what there is")
            return self._own[name](rest.strip())
        if stripped or self._pending:
            self._pending.append(line)
        if stripped.endswith(";"):
            statement, self._pending = "\n".join(self._pending), []
            self._show(self._con.execute(statement))
            self._tell_if_newer()
        return None

    def _show(self, cursor: duckdb.DuckDBPyConnection) -> None:
        rows = cursor.fetchmany(_ROWS + 1)
        columns = [column[0] for column in cursor.description or ()]
        screen.show_rows(columns, rows[:_ROWS], more=len(rows) > _ROWS)

    def _tables(self, _: str) -> None:
        self._show(self._con.execute("""
            SELECT view_name AS name, 'view' AS kind, comment FROM duckdb_views() WHERE NOT internal
            UNION ALL SELECT table_name, 'table', comment FROM duckdb_tables() WHERE NOT internal ORDER BY kind DESC, name
        """))

    def _describe(self, table: str) -> None:
        query = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
        self._show(self._con.execute(query, [table or "targets"]))

    def _search(self, words: str) -> None:
        screen.show_hits(search(self._con, words))

    def _report(self, rest: str) -> None:
        arguments = shlex.split(rest)
        if not arguments:
            screen.show_questions(asking.saved_questions(self._store).values())
            return
        name, place, year, *_ = [*arguments, None, None]
        narrowed = asking.Narrowed(place=place, year=int(year) if year else None)
        self._show(asking.pose(self._con, asking.choose(str(name), self._store), narrowed))

    def _reload(self, _: str) -> None:
        self._con.close()
        self._con = self._open()

    def _open(self) -> database.Connection:
        con = database.open_reader(self._store)
        self._opened = self._published()
        return con

    def _published(self) -> tuple[int, int]:
        """What tells one published copy from another."""
        found = self._store.warehouse.stat()
        return found.st_ino, found.st_mtime_ns

    def _tell_if_newer(self) -> None:
        if self._published() != self._opened:
            screen.say("a newer load has been published; .reload opens it")


def run_shell(store: Store) -> None:
    """Read and answer until the input ends; keeps a history beside the warehouse on terminals."""
    shell = Shell(store)
    if not sys.stdin.isatty():
        shell.cmdloop()
        return
    import readline

    history = Path(store.root / ".history")
    if history.is_file():
        readline.read_history_file(history)
    readline.set_completer_delims(" \t\n(),;=<>'\"")
    try:
        shell.cmdloop()
    finally:
        readline.set_history_length(_HISTORY_LINES)
        readline.write_history_file(history)
