"""The views as files: CSV in two profiles, an Excel workbook, Parquet; one folder for each load.

Every file is read back and compared with the view before anyone sees it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from chitieu.pipelines import database, datapackage
from chitieu.pipelines.database import Connection
from chitieu.pipelines.datapackage import Column, View
from chitieu.pipelines.headings import HEADINGS, VALUES
from chitieu.pipelines.stage import OnProgress, no_progress, stage_run
from chitieu.pipelines.store import Store, atomic_folder
from chitieu.pipelines.tabular import Cell, Profile, excel_cell, plain_cell, read_csv, write_csv
from chitieu.pipelines.workbook import Sheet, read_workbook, sheet_cell, write_workbook

Format = Literal["excel", "plain", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
WORKBOOK = "chitieu.xlsx"

# Newest first, and every row in one fixed place: two exports of one state are the same bytes.
VIEWS: Mapping[str, str] = {
    "scoreboard": "deadline DESC NULLS LAST, target_article_id, target_id",
    "targets": "published DESC NULLS LAST, article_id, record_id",
    "progress": "published DESC NULLS LAST, article_id, record_id",
    "deadlines": "deadline, published DESC NULLS LAST, article_id, record_id",
    "tasks": "published DESC NULLS LAST, article_id, record_id",
    "documents": "date DESC NULLS LAST, number, document_id",
    "task_board": "deadline DESC NULLS LAST, article_id, record_id",
    "contradictions": "place, indicator_name, period_to, value, article_id, record_id",
    "quality": "failed DESC, severity, check_id",
}
"""The views that are exported, and the order of their rows."""


class ExportError(Exception):
    """A file that was just written does not say what the view says; nothing was put in place."""


@dataclass(slots=True)
class ExportReport:
    """Where an export lies, which formats were written now, and how many rows each view has."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    formats: tuple[Format, ...] = ()

    @property
    def written(self) -> bool:
        return bool(self.formats)

    @property
    def counts(self) -> Mapping[str, int]:
        return self.rows

    @property
    def failures(self) -> int:
        return 0


def export(
    store: Store, *formats: Format, redo: bool = False, on_progress: OnProgress = no_progress
) -> ExportReport:
    """Write the views of the published warehouse to `exports/RUN/FORMAT/`, all formats where none is named.

    RUN names the load; `datapackage.json` in it describes all its files. The files of one load never
    change, so a format that lies there already is not written again; with `redo` it is, to a folder
    beside. Raises ExportError where a file read back differs from its view.
    """
    wanted = tuple(dict.fromkeys(formats)) or FORMATS
    with stage_run(store, "export", reason=" ".join(wanted)) as run, database.open_reader(store) as con:
        state = database.load_state(con)
        folder = store.exports / run_name(state)
        folder = _free(folder) if redo else folder
        views = _views(con)
        missing = tuple(name for name in wanted if not _is_whole(folder, name))
        report = ExportReport(folder, {view.name: view.rows for view in views}, missing)
        steps = len(missing) * len(views)
        for done, name in enumerate(missing):
            shutil.rmtree(folder / name, ignore_errors=True)  # one that somebody took files from
            with atomic_folder(folder / name) as temporary:
                _write(con, views, name, temporary, lambda at, done=done: on_progress(done * len(views) + at, steps))
        on_progress(steps, steps)
        if missing or not (folder / datapackage.FILE).is_file():
            _describe(folder, views, state)
        run.counts |= report.counts
    return report


def run_name(state: Mapping[str, str]) -> str:
    """Such as 2026-11-22T034512Z-2: moment and number of the load, without what file systems dislike."""
    moment = re.sub(r"[^0-9T-]", "", state["loaded_at"].removesuffix("+00:00"))
    return f"{moment}Z-{state['load']}"


def _is_whole(folder: Path, name: Format) -> bool:
    return all(path.is_file() for path in _files(folder / name, name))


def _files(folder: Path, name: Format) -> list[Path]:
    if name == "xlsx":
        return [folder / WORKBOOK]
    return [folder / f"{view}.{'parquet' if name == 'parquet' else 'csv'}" for view in VIEWS]


def _free(folder: Path) -> Path:
    taken, number = folder, 1
    while taken.exists():
        number += 1
        taken = folder.with_name(f"{folder.name}-{number}")
    return taken


def _views(con: Connection) -> list[View]:
    found = []
    for name in VIEWS:
        (comment,) = con.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [name]).fetchall()[0]
        columns = con.execute(
            "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
            "WHERE table_name = ? AND NOT internal ORDER BY column_index",
            [name],
        ).fetchall()
        (rows,) = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0]
        made = [Column(column, kind, said, HEADINGS[column]) for column, kind, said in columns]
        found.append(View(name, comment or "", made, rows))
    return found


def _write(con: Connection, views: Sequence[View], name: Format, folder: Path, on_view: Any) -> None:
    """Write one format of all views to an empty folder, and read it back."""
    if name == "xlsx":
        path = folder / WORKBOOK
        write_workbook(path, (_sheet(con, view) for view in views))
        for number, view in enumerate(views):
            on_view(number)
            _compare(path, view, read_workbook(path, view.name), _headings(view), _worded(con, view, sheet_cell))
        return
    for number, view in enumerate(views):
        on_view(number)
        if name == "parquet":
            path = folder / f"{view.name}.parquet"
            _write_parquet(con, view, path)
            _compare(path, view, _read_parquet(path), _names(view), _rows(con, view))
        else:
            path = folder / f"{view.name}.csv"
            _write_csv(con, view, path, name)


def _write_csv(con: Connection, view: View, path: Path, profile: Profile) -> None:
    if profile == "excel":
        write_csv(path, _headings(view), _worded(con, view), profile)
        _compare(path, view, read_csv(path, profile), _headings(view), _worded(con, view, excel_cell))
    else:
        write_csv(path, _names(view), _rows(con, view), profile)
        _compare(path, view, read_csv(path, profile), _names(view), ([plain_cell(cell) for cell in row] for row in _rows(con, view)))


def _sheet(con: Connection, view: View) -> Sheet:
    return Sheet(view.name, _names(view), _headings(view), _worded(con, view))


def _write_parquet(con: Connection, view: View, path: Path) -> None:
    reader = con.execute(_query(view)).to_arrow_reader(10_000)
    comments = {column.name: column.comment for column in view.columns}
    schema = pa.schema([item.with_metadata({"comment": comments[item.name]}) for item in reader.schema])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch.cast(schema))


def _read_parquet(path: Path) -> Iterator[Sequence[object]]:
    with pq.ParquetFile(path) as file:
        yield file.schema_arrow.names
        for batch in file.iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _compare(
    path: Path, view: View, found: Iterator[Sequence[object]], header: Sequence[str], rows: Iterator[Sequence[object]]
) -> None:
    """Raise ExportError at the first row that reads otherwise than the view says."""
    if list(next(found, ())) != list(header):
        raise ExportError(f"{path.name}: the header of {view.name} reads otherwise than it was written")
    for number, (read, meant) in enumerate(zip_longest(found, rows), start=1):
        if read is None or meant is None or list(read) != list(meant):
            raise ExportError(f"{path.name}: row {number} of {view.name} reads otherwise than it was written")


def _describe(folder: Path, views: Sequence[View], state: Mapping[str, str]) -> None:
    resources = []
    for view in views:
        for profile in ("excel", "plain"):
            path = folder / profile / f"{view.name}.csv"
            if path.is_file():
                resources.append(datapackage.csv_resource(folder, path, view, excel=profile == "excel"))
        if (path := folder / "xlsx" / WORKBOOK).is_file():
            resources.append(datapackage.xlsx_resource(folder, path, view))
        if (path := folder / "parquet" / f"{view.name}.parquet").is_file():
            resources.append(datapackage.parquet_resource(folder, path, view))
    datapackage.write_package(folder, resources, load=state["load"], loaded_at=state["loaded_at"])


def _names(view: View) -> list[str]:
    return [column.name for column in view.columns]


def _headings(view: View) -> list[str]:
    return [column.heading for column in view.columns]


def _query(view: View) -> str:
    return f"SELECT * FROM {view.name} ORDER BY {VIEWS[view.name]}"


def _rows(con: Connection, view: View) -> Iterator[tuple[Cell, ...]]:
    return database.stream(con.cursor(), _query(view))


def _worded(con: Connection, view: View, cell: Any = lambda value: value) -> Iterator[list[Any]]:
    """Rows with coded values in words, each cell through `cell`."""
    words = [VALUES.get(column.name, {}) for column in view.columns]
    for row in _rows(con, view):
        yield [cell(said.get(value, value) if said else value) for value, said in zip(row, words, strict=True)]
