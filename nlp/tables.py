"""The reference tables, read once: units, calendar words, document types, places, bodies."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chitieu.data import DATA


class TableError(Exception):
    """A reference table cannot be read; the message names the file and what is wrong with it."""


def read_toml(name: str) -> dict[str, Any]:
    """The TOML table `name` of the data folder."""
    path = DATA / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path}: {error}") from error


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of the CSV table `name` of the data folder."""
    path: Path = DATA / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise TableError(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: what records call it, how texts write it, and its base unit."""

    symbol: str
    forms: tuple[str, ...]
    exact: tuple[str, ...]
    dimension: str
    base: str | None
    factor: float | None


@cache
def units() -> tuple[Unit, ...]:
    """All units of `data/units.toml`."""
    rows = read_toml("units.toml")["unit"]
    return tuple(
        Unit(
            symbol=row["symbol"],
            forms=tuple(row.get("forms", ())),
            exact=tuple(row.get("exact", ())),
            dimension=row["dimension"],
            base=row.get("base"),
            factor=row.get("factor"),
        )
        for row in rows
    )


@cache
def unit_of() -> dict[str, Unit]:
    """Units by symbol."""
    return {unit.symbol: unit for unit in units()}
