"""The description of an export by the Frictionless standard: a Data Package.

Any program that knows the standard learns from `datapackage.json` which files there are, how they
are to be read, what each column is and what each file's checksum must be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chitieu.pipelines.store import atomic_path

FILE = "datapackage.json"
_TYPES = {
    "DATE": "date",
    "BOOLEAN": "boolean",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view: its name, DuckDB type, comment, and Vietnamese heading."""

    name: str
    type: str
    comment: str
    heading: str

    @property
    def kind(self) -> str:
        """Its type in a Frictionless Table Schema."""
        base = self.type.partition("(")[0]
        if base == "DECIMAL":
            return "number"
        return "datetime" if base.startswith("TIMESTAMP") else _TYPES.get(base, "string")


@dataclass(frozen=True, slots=True)
class View:
    """A view as it was exported."""

    name: str
    comment: str
    columns: Sequence[Column]
    rows: int


def csv_resource(folder: Path, path: Path, view: View, *, excel: bool) -> dict[str, Any]:
    """A CSV file of the profile `excel` or `plain`."""
    fields = []
    for column in view.columns:
        field = _field(column, column.heading if excel else column.name, column.name if excel else column.heading)
        if excel and column.kind == "number":
            field["decimalChar"] = ","
        fields.append(field)
    return _resource(folder, path, view, f"{view.name}-{'excel' if excel else 'plain'}") | {
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if excel else "utf-8",
        "dialect": {"delimiter": ";" if excel else ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def xlsx_resource(folder: Path, path: Path, view: View) -> dict[str, Any]:
    """A sheet of the workbook; all sheets share the file and its checksum."""
    fields = [_field(column, column.heading, column.name) for column in view.columns]
    return _resource(folder, path, view, f"{view.name}-xlsx") | {
        "profile": "tabular-data-resource",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        # The standard's own word for it, and that of its Python implementation.
        "dialect": {"sheetName": view.name, "excel": {"sheet": view.name}},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def parquet_resource(folder: Path, path: Path, view: View) -> dict[str, Any]:
    """A Parquet file: it carries its types itself; the schema adds what the columns mean."""
    fields = [_field(column, column.name, column.heading) for column in view.columns]
    return _resource(folder, path, view, f"{view.name}-parquet") | {
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": fields},
    }


def write_package(folder: Path, resources: Sequence[dict[str, Any]], *, load: str, loaded_at: str) -> Path:
    """Write `datapackage.json` of a folder in one step."""
    package = {
        "profile": "data-package",
        "name": "chitieu",
        "title": "Chỉ tiêu, số liệu, thời hạn và nhiệm vụ của các tỉnh",
        "description": "Targets, figures, deadlines and tasks of Vietnam's provinces, each with its sentence and page.",
        "version": load,
        "created": loaded_at,
        "resources": list(resources),
    }
    with atomic_path(folder / FILE) as temporary:
        temporary.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return folder / FILE


def _field(column: Column, name: str, title: str) -> dict[str, Any]:
    return {"name": name, "title": title, "type": column.kind, "description": column.comment}


def _resource(folder: Path, path: Path, view: View, name: str) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": name,
        "title": view.name,
        "description": view.comment,
        "path": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "rows": view.rows,
        "fields": len(view.columns),
    }
