"""The reference tables and the registry as Arrow tables: the dimensions of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from chitieu.crawlers.sources import Source
from chitieu.data import DATA
from chitieu.nlp import tables
from chitieu.pipelines import resolve
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
        ("territory", pa.string()),
        ("aliases", _texts),
        ("gso_code", pa.string()),
    ]
)
_UNIT = pa.schema([("unit", pa.string()), ("dimension", pa.string()), ("base_unit", pa.string()), ("factor", pa.decimal128(38, 9))])
_SETTING = pa.schema([("name", pa.string()), ("value", pa.float64())])
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


@cache
def places() -> pa.Table:
    """`data/places.csv` as the table `place`. Raises UserError naming file and row."""
    table = _csv_table("places.csv", _PLACE, {"place_id": "id", "parent_id": "parent", "successor_ids": "successor"})
    # Only provinces name their territory; everything else covers its own land.
    land = pc.coalesce(table["territory"], table["place_id"])
    return table.set_column(table.schema.get_field_index("territory"), "territory", land)


@cache
def units() -> pa.Table:
    """`data/units.toml` as the table `unit`. Raises UserError naming file and key."""
    with _explained("units.toml"):
        return pa.Table.from_pylist([{"unit": unit.symbol, **resolve.measure(unit.symbol).as_row()} for unit in tables.units()], _UNIT)


@cache
def agencies() -> pa.Table:
    """`data/agencies.csv` as the table `agency`. Raises UserError naming file and row."""
    return _csv_table("agencies.csv", _AGENCY, {"agency_id": "id", "successor_ids": "successor"})


@cache
def indicators() -> pa.Table:
    """`data/indicators.toml` as the table `indicator`. Raises UserError naming file and key."""
    name = "indicators.toml"
    with _explained(name):
        return pa.Table.from_pylist([_indicator(entry) for entry in tables.read_toml(name)["indicator"]], _INDICATOR)


@cache
def settings() -> pa.Table:
    """The numbers of `data/comparison.toml` as the table `setting`. Raises UserError naming the file."""
    with _explained("comparison.toml"):
        given = tables.read_toml("comparison.toml")
        flat = {name: value for name, value in given.items() if not isinstance(value, dict)}
        flat |= {f"doubt.{name}": value for name, value in given["doubt"].items()}
        return pa.Table.from_pylist([{"name": name, "value": float(value)} for name, value in flat.items()], _SETTING)


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


def _csv_table(name: str, schema: pa.Schema, renamed: Mapping[str, str]) -> pa.Table:
    """The CSV table `name`; where its columns have other names than ours, `renamed` tells them."""
    with _explained(name):
        rows = [
            {field.name: _cell(row[renamed.get(field.name, field.name)], field.type) for field in schema}
            for row in tables.read_csv(name)
        ]
        return pa.Table.from_pylist(rows, schema)


def _cell(text: str, kind: pa.DataType) -> str | date | list[str] | None:
    if kind == _texts:
        return [part.strip() for part in text.split(";") if part.strip()]
    if kind == pa.date32():
        return date.fromisoformat(text) if text else None
    return text.strip() or None


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Tell what is wrong with a table in a sentence."""
    try:
        yield
    except tables.TableError as error:
        raise UserError(str(error)) from error
    except KeyError as error:
        raise UserError(f"{DATA / name}: the column or key {error} is missing") from error
    except (ValueError, pa.ArrowException) as error:
        raise UserError(f"{DATA / name}: {error}") from error
