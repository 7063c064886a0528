"""The reference tables and the registry as Arrow tables: the dimensions of the warehouse."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from chitieu.crawlers.sources import Source
from chitieu.data import DATA
from chitieu.pipelines.errors import UserError

_texts = pa.list_(pa.string())
_SOURCE = pa.schema(
    [
        ("source_id", pa.string()),
        ("name", pa.string()),
        ("place", pa.string()),
        ("kind", pa.string()),
        ("hosts", _texts),
        ("verified", pa.date32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("successor", pa.string()),
    ]
)
_PLACE = pa.schema(
    [
        ("place_id", pa.string()),
        ("name", pa.string()),
        ("full_name", pa.string()),
        ("kind", pa.string()),
        ("parent_id", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("successor_ids", _texts),
        ("aliases", _texts),
        ("gso_code", pa.string()),
    ]
)
_AGENCY = pa.schema(
    [
        ("agency_id", pa.string()),
        ("name", pa.string()),
        ("level", pa.string()),
        ("kind", pa.string()),
        ("domain", pa.string()),
        ("signs", _texts),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("successor_ids", _texts),
        ("aliases", _texts),
    ]
)
_INDICATOR = pa.schema(
    [
        ("indicator_id", pa.string()),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("topic", pa.string()),
        ("measure", pa.string()),
        ("dimension", pa.string()),
        ("unit", pa.string()),
        ("cumulative", pa.bool_()),
        ("good_direction", pa.string()),
        ("variant_of", pa.string()),
        ("aliases", _texts),
    ]
)


def sources(registry: Mapping[str, Source]) -> pa.Table:
    """The registry as the table `source`."""
    rows = [
        {
            "source_id": source.id,
            "hosts": list(source.hosts),
            **{name: getattr(source, name) for name in ("name", "place", "kind", "verified")},
            **{name: getattr(source, name) for name in ("valid_from", "valid_to", "successor")},
        }
        for source in registry.values()
    ]
    return pa.Table.from_pylist(rows, _SOURCE)


def places(path: Path = DATA / "places.csv") -> pa.Table:
    """The table of places. Raises UserError naming file and line for what cannot be read."""
    return _read(path, _PLACE, {"place_id": "id", "parent_id": "parent", "successor_ids": "successor"})


def agencies(path: Path = DATA / "agencies.csv") -> pa.Table:
    """The table of bodies. Raises UserError naming file and line for what cannot be read."""
    return _read(path, _AGENCY, {"agency_id": "id", "successor_ids": "successor"})


def indicators(path: Path = DATA / "indicators.toml") -> pa.Table:
    """The catalogue of indicators. Raises UserError naming file, indicator and key."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))["indicator"]
        rows = [_indicator(entry) for entry in entries]
        return pa.Table.from_pylist(rows, _INDICATOR)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: not valid TOML: {error}") from error
    except KeyError as error:
        raise UserError(f"{path}: the key {error} is missing from an indicator") from error
    except pa.ArrowException as error:
        raise UserError(f"{path}: {error}") from error


def _indicator(entry: Mapping[str, Any]) -> dict[str, Any]:
    same = ("name_en", "measure", "dimension", "unit", "cumulative", "aliases")
    return {
        **{name: entry[name] for name in same},
        "indicator_id": entry["id"],
        "name": entry["name_vi"],
        "topic": entry["group"],
        "good_direction": entry["good"] or None,
        "variant_of": entry.get("variant_of"),
    }


def _read(path: Path, schema: pa.Schema, renamed: Mapping[str, str]) -> pa.Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {renamed.get(name, name) for name in schema.names} - set(reader.fieldnames or ())
        if missing:
            raise UserError(f"{path}: the column {min(missing)} is missing")
        rows = [_row(row, schema, renamed, f"{path}, line {reader.line_num}") for row in reader]
    return pa.Table.from_pylist(rows, schema)


def _row(row: Mapping[str, str | None], schema: pa.Schema, renamed: Mapping[str, str], where: str) -> dict[str, Any]:
    try:
        return {field.name: _cell(row[renamed.get(field.name, field.name)] or "", field.type) for field in schema}
    except ValueError as error:
        raise UserError(f"{where}: {error}; write days like 2025-07-01") from error


def _cell(text: str, kind: pa.DataType) -> str | date | list[str] | None:
    if kind == _texts:
        return _several(text.split(";"))
    if kind == pa.date32():
        return date.fromisoformat(text) if text else None
    return text.strip() or None


def _several(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
