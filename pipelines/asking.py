"""Questions to the warehouse: saved ones by name, any other in SQL, answered as a DataFrame.

A saved question is an SQL file that begins with a line `-- vi: …` and a line `-- en: …` saying
what it answers, and takes its arguments as parameters: `$places` (folded names, or NULL for all),
`$year`, `$indicator` and `$who`. The view `as_of` gives it the day that deadlines and states are
judged from. The bundled ones are `questions/*.sql` beside this
module; those of an analyst's own lie in `questions/` of the data folder, and go before bundled ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from chitieu.pipelines import database
from chitieu.pipelines.database import Connection
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.settings import read_settings
from chitieu.pipelines.store import Store

if TYPE_CHECKING:
    import pandas as pd

BUNDLED = files("chitieu.pipelines") / "questions"
_TITLE = re.compile(r"^-- (vi|en): (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$([a-z_]+)")
_JUDGES = re.compile(r"\b(as_of|scoreboard|task_board)\b")
_ARGUMENTS: Mapping[str, str] = {
    "places": "place",
    "year": "year",
    "indicator": "indicator",
    "who": "who",
}
"""By parameter of the SQL: the argument it is given by."""


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: what it answers, in both languages, and how."""

    name: str
    vi: str
    en: str
    sql: str

    @property
    def arguments(self) -> frozenset[str]:
        """What it can be narrowed by: some of place, year, indicator, who, as_of."""
        found = {_ARGUMENTS[name] for name in _PARAMETER.findall(self.sql)}
        return frozenset(found | ({"as_of"} if _JUDGES.search(self.sql) else set()))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an answer is narrowed to; None leaves it as wide as it is.

    `place` and `indicator` may lack diacritics; of `indicator` and `who` a part will do.
    `predecessors` takes in the provinces that `place` was made of, each still under its own name.
    `as_of` is the day deadlines and states are judged from, that of the newest article where it is None.
    """

    place: str | None = None
    year: int | None = None
    indicator: str | None = None
    who: str | None = None
    as_of: date | None = None
    predecessors: bool = False

    def given(self) -> set[str]:
        """The arguments that were given."""
        return {name for name in (*_ARGUMENTS.values(), "as_of") if getattr(self, name) is not None}


def saved_questions(store: Store | None = None) -> dict[str, Question]:
    """The saved questions by name, with those of the store's own folder `questions`."""
    found = {}
    folders = [BUNDLED] + ([store.root / "questions"] if store else [])
    for folder in folders:
        if folder.is_dir():
            paths = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
            for path in paths:
                name = path.name.removesuffix(".sql")
                found[name] = _parse(name, path.read_text(encoding="utf-8"), str(path))
    return found


def choose(name: str, store: Store) -> Question:
    """The saved question of that name; raises WrongCall where there is none."""
    known = saved_questions(store)
    if name not in known:
        raise WrongCall(f"there is no saved question {name!r}; `chitieu report` lists them: {', '.join(known)}")
    return known[name]


def pose(con: Connection, question: Question, narrowed: Narrowed = Narrowed()) -> Connection:
    """Run a saved question and give back the cursor of its answer.

    Raises WrongCall where it cannot be narrowed so, or no place has that name.
    """
    surplus = narrowed.given() - question.arguments
    if surplus:
        takes = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(question.arguments)) or "nothing"
        raise WrongCall(f"{question.name} cannot be narrowed by {', '.join(sorted(surplus))}; it takes {takes}")
    values: dict[str, Any] = {
        "places": place_names(con, narrowed.place, predecessors=narrowed.predecessors) if narrowed.place else None,
        "year": narrowed.year,
        "indicator": narrowed.indicator,
        "who": narrowed.who,
    }
    look_from(con, narrowed.as_of)
    try:
        return con.execute(question.sql, {name: values[name] for name in set(_PARAMETER.findall(question.sql))})
    except duckdb.Error as error:
        raise UserError(f"the question {question.name} cannot be answered: {error}{database.age_hint(con)}") from error


def look_from(con: Connection, day: date | None) -> None:
    """Judge deadlines and states from that day on this connection; None: from that of the newest article."""
    con.execute("SET VARIABLE as_of = CAST($day AS DATE)", {"day": day})


def place_names(con: Connection, name: str, *, predecessors: bool = False) -> list[str]:
    """The folded names that a place goes by; raises WrongCall where no place has that name.

    With `predecessors` also the names of the provinces that were merged into it.
    """
    spellings = con.execute("""
        SELECT place_id, fold(unnest([name, full_name] || aliases)), kind IN ('province', 'municipality'), name, successor_ids
        FROM place
    """).fetchall()
    (wanted,) = con.execute("SELECT fold(?)", [name.strip()]).fetchall()[0]
    named = {row[0] for row in spellings if row[1] == wanted}
    named = {row[0] for row in spellings if row[0] in named and row[2]} or named
    if not named:
        close = get_close_matches(wanted, [row[1] for row in spellings if row[2]], n=3)
        names = sorted({row[3] for row in spellings if row[1] in close})
        hint = f"did you mean {', '.join(names)}?" if names else "SELECT name FROM place lists them"
        raise WrongCall(f"there is no place {name!r}; {hint}")
    if predecessors:
        named |= {row[0] for row in spellings if row[2] and named & set(row[4])}
    return sorted({row[1] for row in spellings if row[0] in named})


def ask(
    question: str,
    *,
    data: Path | str | None = None,
    place: str | None = None,
    year: int | None = None,
    indicator: str | None = None,
    who: str | None = None,
    as_of: date | None = None,
    predecessors: bool = False,
) -> pd.DataFrame:
    """Answer a saved question, or a query in SQL, as a pandas DataFrame.

        ask("scoreboard", place="Lào Cai", year=2023)
        ask("SELECT place, count(*) AS targets FROM targets GROUP BY place")

    `data` is the data folder, where it is None the one that is set (`chitieu config`). What a saved question can be
    narrowed by is told by `chitieu report`; a query takes no arguments but its own WHERE. Exact
    decimals become floats: pandas has no others that it calculates with. Raises UserError where
    there is no warehouse or the query fails, WrongCall (a UserError) where the call is wrong.
    """
    store = Store(Path(data) if data is not None else read_settings().settings.data)
    narrowed = Narrowed(place, year, indicator, who, as_of, predecessors)
    with database.open_reader(store) as con:
        if not re.search(r"\s", question.strip()):
            return pose(con, choose(question.strip(), store), narrowed).df()
        if narrowed != Narrowed():
            raise WrongCall("place, year and the like narrow saved questions; put them into the WHERE of a query")
        try:
            return con.execute(question).df()
        except duckdb.Error as error:
            raise UserError(str(error)) from error


def _parse(name: str, sql: str, path: str) -> Question:
    titles: Mapping[str, str] = dict(_TITLE.findall(sql))
    unknown: Iterable[str] = set(_PARAMETER.findall(sql)) - set(_ARGUMENTS)
    if unknown:
        raise UserError(f"{path}: there is no parameter ${min(unknown)}; there are ${', $'.join(_ARGUMENTS)}")
    said = titles.get("vi") or titles.get("en") or name
    return Question(name, said, titles.get("en") or said, sql)
